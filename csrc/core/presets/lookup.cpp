// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The table of presets, looked up by name, and what its families share.
#include "sonogram/presets.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <tuple>
#include <unordered_map>

#include "core/presets/tables.hpp"

namespace sonogram {
namespace tables {

const char* const weak_bins =
    "a float32 FFT errs by 1e-7 of the frame's energy, so a weak bin beside a strong one moves";
const char* const bank_float32 =
    "the reference builds its bank in float32; a weak bin beside a strong one moves";

const char* const double_fft =
    "the reference's FFT is in float64: so is this; what is left is the rounding to float32";

Spec in_double(Spec spec) {
  spec.compute_dtype = Precision::float64;
  return spec;
}

FinishStage standardize(double mean, double deviation) {
  return make_stage(FinishKind::statistics, {{"mean", mean}, {"scale", 1.0 / deviation}});
}

FinishStage normalize(const Fields& fields) { return make_stage(FinishKind::normalize, fields); }

namespace {

void mel_bands(Spec& spec, std::int64_t n_mels, double f_min, std::optional<double> f_max) {
  spec.filterbank = FilterbankKind::mel;
  spec.n_mels = n_mels;
  spec.f_min = f_min;
  spec.f_max = f_max;
}

}  // namespace

void slaney_bands(Spec& spec, std::int64_t n_mels, double f_min, std::optional<double> f_max) {
  mel_bands(spec, n_mels, f_min, f_max);
  spec.mel_scale = MelScale::slaney;
  spec.norm = Norm::slaney;
}

void htk_bands(Spec& spec, std::int64_t n_mels, double f_min, std::optional<double> f_max) {
  mel_bands(spec, n_mels, f_min, f_max);
  spec.mel_scale = MelScale::htk;
  spec.norm = Norm::none;
}

}  // namespace tables

namespace {

std::vector<Preset> all_tables() {
  std::vector<Preset> all;
  for (auto table : {tables::whispers, tables::vocoders, tables::synthesizers, tables::kaldis,
                     tables::recognizers, tables::taggers}) {
    for (Preset& preset : table()) {
      preset.spec.dtype = Precision::float32;  // what a model takes, whatever comes in
      all.push_back(std::move(preset));
    }
  }
  return all;
}

using Index = std::unordered_map<std::string, const Preset*>;

Index index_of(const std::vector<Preset>& all) {
  Index index;
  for (const Preset& preset : all) {
    index.emplace(preset.name, &preset);
    for (const std::string& alias : preset.aliases) index.emplace(alias, &preset);
  }
  return index;
}

// Levenshtein's distance; what one name has more than the other counts half, so that a part of a
// name is near the whole.
double distance(const std::string& a, const std::string& b) {
  std::vector<double> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = 0.5 * static_cast<double>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    double diagonal = row[0];
    row[0] = 0.5 * static_cast<double>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const double kept = diagonal + (a[i - 1] == b[j - 1] ? 0.0 : 1.0);
      diagonal = row[j];
      row[j] = std::min({kept, row[j] + 0.5, row[j - 1] + 0.5});
    }
  }
  return row[b.size()];
}

// A name as a message can hold it: without control characters, cut between UTF-8 characters.
std::string shown(const std::string& name) {
  constexpr std::size_t most = 80;
  std::size_t end = std::min(name.size(), most);
  while (end < name.size() && end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) {
    --end;
  }
  std::string text = name.substr(0, end);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20) c = '?';
  }
  return end < name.size() ? text + "..." : text;
}

// Names without what is easily written otherwise.
std::string folded(std::string name) {
  for (char& c : name) {
    if (c == '_' || c == ' ') c = '-';
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return name;
}

std::string nearest(const std::string& name, const Index& index) {
  std::vector<std::pair<double, std::string>> near;
  for (const auto& [known, preset] : index) {
    (void)preset;
    near.emplace_back(distance(folded(name), folded(known)), known);
  }
  const std::size_t shown = std::min<std::size_t>(5, near.size());
  std::partial_sort(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(shown), near.end());
  return std::accumulate(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(shown),
                         std::string(), [](const std::string& text, const auto& entry) {
                           return text + (text.empty() ? "'" : ", '") + entry.second + "'";
                         });
}

}  // namespace

const std::vector<std::string>& preset_signals() {
  static const std::vector<std::string> names = {"speech", "silence", "click", "quiet", "odd"};
  return names;
}

const std::vector<Preset>& presets() {
  static const std::vector<Preset> all = all_tables();
  return all;
}

bool is_bank_of_preset(const Spec& spec) {
  const auto bank = [](const Spec& s) {
    return std::make_tuple(s.filterbank, s.n_fft, s.sample_rate, s.nyquist(), s.n_mels, s.f_min,
                           s.f_max.value_or(s.nyquist()), s.mel_scale, s.bark_scale, s.triangle,
                           s.filter_shape, s.vtln_warp, s.bins_per_octave, s.matrix);
  };
  return std::any_of(presets().begin(), presets().end(),
                     [&](const Preset& preset) { return bank(preset.spec) == bank(spec); });
}

const Preset& preset(const std::string& name) {
  static const Index index = index_of(presets());
  const auto found = index.find(name);
  if (found == index.end()) {
    const std::string text = shown(name);
    throw std::invalid_argument("name is '" + text + "'; it must be a preset, such as " +
                                nearest(text, index));
  }
  return *found->second;
}

}  // namespace sonogram
