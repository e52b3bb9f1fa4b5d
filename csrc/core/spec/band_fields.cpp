// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/spec/band_fields.hpp"

#include <optional>
#include <stdexcept>
#include <string>

#include "core/base/errors.hpp"
#include "core/spec/fields.hpp"

namespace sonogram {
namespace {

using K = FilterbankKind;

// A set of banks.
using Kinds = unsigned;
constexpr Kinds of(K kind) { return 1U << static_cast<unsigned>(kind); }
constexpr Kinds mel = of(K::mel), bark = of(K::bark), log = of(K::log), chroma = of(K::chroma),
                matrix = of(K::matrix), edged = mel | of(K::linear) | bark | of(K::erb),
                drawn = edged | log, made = drawn | chroma;

// f(readers, name, value, default) or f(readers, name, value, default, words) for every field.
template <class F>
void visit_band_fields(const Spec& s, F&& f) {
  const Spec d;
  f(made, "n_mels", s.n_mels, d.n_mels);
  f(drawn, "f_min", s.f_min, d.f_min);
  f(edged, "f_max", s.f_max, d.f_max);
  f(mel, "mel_scale", s.mel_scale, d.mel_scale, words::mel_scale);
  f(bark, "bark_scale", s.bark_scale, d.bark_scale, words::bark_scale);
  f(made | matrix, "norm", s.norm, d.norm, words::norm);
  f(made, "filterbank_sample_rate", s.filterbank_sample_rate, d.filterbank_sample_rate);
  f(drawn, "triangle", s.triangle, d.triangle, words::triangle);
  f(drawn, "filter_shape", s.filter_shape, d.filter_shape, words::filter_shape);
  f(mel, "vtln_warp", s.vtln_warp, d.vtln_warp);
  f(mel, "vtln_low", s.vtln_low, d.vtln_low);
  f(mel, "vtln_high", s.vtln_high, d.vtln_high);
  f(log, "bins_per_octave", s.bins_per_octave, d.bins_per_octave);
  f(chroma, "tuning", s.tuning, d.tuning);
  f(chroma, "chroma_octave", s.chroma_octave, d.chroma_octave);
  f(chroma, "chroma_width", s.chroma_width, d.chroma_width);
}

std::string listed(Kinds kinds) {
  std::vector<std::string> names;
  for (const auto& [word, kind] : words::filterbank) {
    if (word != nullptr && (kinds & of(kind)) != 0) names.push_back("'" + std::string(word) + "'");
  }
  if ((kinds & matrix) != 0) names.emplace_back("a matrix");
  std::string text = names.front();
  for (std::size_t i = 1; i < names.size(); ++i) {
    text += (i + 1 == names.size() ? " or " : ", ") + names[i];
  }
  return text;
}

std::string value_text(std::int64_t value) { return format_number(value); }
std::string value_text(double value) { return format_number(value); }
template <class V>
std::string value_text(const std::optional<V>& value) {
  return value ? format_number(*value) : "None";
}
template <class E>
std::string value_text(E value, const Words<E>& words) {
  const char* word = word_of(value, words);
  return word == nullptr ? "None" : "'" + std::string(word) + "'";
}

[[noreturn]] void refuse(const std::string& name, const std::string& value, K kind, Kinds readers) {
  const std::string why = kind == K::none
                              ? " without a filterbank, which would ignore it"
                              : " with filterbank=" + listed(of(kind)) + ", which does not read it";
  throw std::invalid_argument(name + " is " + value + why + "; give filterbank=" + listed(readers) +
                              ", or leave " + name + " at its default");
}

}  // namespace

void check_unread_bands(const Spec& spec) {
  visit_band_fields(spec, [&](Kinds readers, const std::string& name, const auto& value,
                              const auto& unset, const auto&... words) {
    if (value == unset || (readers & of(spec.filterbank)) != 0) return;
    const std::string text = value_text(value, words...);
    if (spec.filterbank == K::matrix && name == "n_mels") {
      const auto rows = static_cast<std::int64_t>(spec.matrix.size());
      if (text == format_number(rows)) return;
      throw_invalid(name, text, "that of the matrix, " + format_number(rows) + ", or not given");
    }
    refuse(name, text, spec.filterbank, readers);
  });
}

std::vector<const char*> band_fields(FilterbankKind kind) {
  std::vector<const char*> names;
  visit_band_fields(Spec(), [&](Kinds readers, const char* name, const auto&...) {
    if ((readers & of(kind)) != 0) names.push_back(name);
  });
  return names;
}

}  // namespace sonogram
