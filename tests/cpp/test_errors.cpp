// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// What a Spec may not say. Every refusal names the field.
#include <cmath>
#include <limits>

#include "check.hpp"
#include "sonogram/extractor.hpp"

using sonogram::Extractor;
using sonogram::FilterbankKind;
using sonogram::FinishKind;
using sonogram::LogKind;
using sonogram::Spec;

namespace {

struct Wrong {
  const char* word;
  void (*change)(Spec&);
};

const double nan = std::numeric_limits<double>::quiet_NaN();
const double inf = std::numeric_limits<double>::infinity();

// As nobody's make_stage has checked it.
sonogram::FinishStage stage(FinishKind kind, std::vector<double> numbers) {
  sonogram::FinishStage s{kind, {}};
  for (const double v : numbers) s.values.emplace_back(v);
  return s;
}

const Wrong wrongs[] = {
    {"log is 99", [](Spec& s) { s.log = static_cast<LogKind>(99); }},
    {"normalized is -1", [](Spec& s) { s.normalized = static_cast<sonogram::Normalized>(-1); }},
    {"pad_mode is 9", [](Spec& s) { s.pad_mode.second = static_cast<sonogram::PadMode>(9); }},
    {"filterbank is 77", [](Spec& s) { s.filterbank = static_cast<FilterbankKind>(77); }},
    {"finish is a stage of kind 60", [](Spec& s) { s.finish = {stage(FinishKind(60), {1})}; }},
    {"compute_dtype", [](Spec& s) { s.compute_dtype = sonogram::Precision::float32; }},
    {"sample_rate", [](Spec& s) { s.sample_rate = 0; }},
    {"sample_rate", [](Spec& s) { s.sample_rate = nan; }},
    {"scale", [](Spec& s) { s.scale = inf; }},
    {"clip", [](Spec& s) { s.clip = 0.0; }},
    {"preemphasis", [](Spec& s) { s.preemphasis = nan; }},
    {"length", [](Spec& s) { s.length = 0; }},
    {"length", [](Spec& s) { s.length = std::int64_t{1} << 62; }},
    {"pad", [](Spec& s) { s.pad = {-1, 0}; }},
    {"pad", [](Spec& s) { s.pad = {0, -1}; }},
    {"n_fft", [](Spec& s) { s.n_fft = 0; }},
    {"n_fft", [](Spec& s) { s.n_fft = -400; }},
    {"n_fft", [](Spec& s) { s.n_fft = std::int64_t{1} << 62; }},
    {"win_length", [](Spec& s) { s.win_length = 0; }},
    {"win_length", [](Spec& s) { s.win_length = 401; }},
    {"hop_length", [](Spec& s) { s.hop_length = 0; }},
    {"hop_length", [](Spec& s) { s.win_length = 1; }},
    {"frame_pad", [](Spec& s) { s.frame_pad = {-1, 0}; }},
    {"frame_pad", [](Spec& s) { s.frame_pad = {1, 1}, s.snip_edges = true; }},
    {"dither", [](Spec& s) { s.dither = -1; }},
    {"frame_preemphasis", [](Spec& s) { s.frame_preemphasis = inf; }},
    {"window", [](Spec& s) { s.window.name = "hanning"; }},
    {"window", [](Spec& s) { s.window.samples = {1, 2, 3}; }},
    {"window", [](Spec& s) { s.window.samples.assign(400, nan); }},
    {"power", [](Spec& s) { s.power = 0.0; }},
    {"power", [](Spec& s) { s.power = nan; }},
    {"power_eps", [](Spec& s) { s.power_eps = -1; }},
    {"power_floor", [](Spec& s) { s.power_floor = nan; }},
    {"power", [](Spec& s) { s.power.reset(), s.log = LogKind::ln; }},
    {"power", [](Spec& s) { s.power.reset(), s.filterbank = FilterbankKind::mel; }},
    {"power", [](Spec& s) { s.power.reset(), s.finish = {stage(FinishKind::affine, {1.0, 0.0})}; }},
    {"n_mels", [](Spec& s) { s.filterbank = FilterbankKind::mel, s.n_mels = 0; }},
    {"n_mels", [](Spec& s) { s.n_mels = 80; }},
    {"mel_scale", [](Spec& s) { s.mel_scale = sonogram::MelScale::slaney; }},
    {"f_max", [](Spec& s) { s.f_max = 7600.0; }},
    {"f_min", [](Spec& s) { s.f_min = nan; }},
    {"chroma_width", [](Spec& s) { s.chroma_width.reset(); }},
    {"f_min", [](Spec& s) { s.filterbank = FilterbankKind::mel, s.f_min = -1; }},
    {"f_min", [](Spec& s) { s.filterbank = FilterbankKind::mel, s.f_min = 8000; }},
    {"f_max", [](Spec& s) { s.filterbank = FilterbankKind::mel, s.f_max = 8001.0; }},
    {"f_max", [](Spec& s) { s.filterbank = FilterbankKind::mel, s.f_max = -1.0; }},
    {"filterbank", [](Spec& s) { s.filterbank = FilterbankKind::matrix; }},
    {"filterbank", [](Spec& s) { s.filterbank = FilterbankKind::matrix, s.matrix = {{1, 2}}; }},
    {"filterbank",
     [](Spec& s) {
       s.filterbank = FilterbankKind::matrix;
       s.matrix = {std::vector<double>(201, nan)};
     }},
    {"gain", [](Spec& s) { s.gain = nan; }},
    {"floor", [](Spec& s) { s.floor = -1e-10; }},
    {"eps", [](Spec& s) { s.eps = inf; }},
    {"dynamic_range", [](Spec& s) { s.finish = {stage(FinishKind::dynamic_range, {0.0})}; }},
    {"finish", [](Spec& s) { s.finish = {stage(FinishKind::affine, {nan, 0.0})}; }},
};

}  // namespace

TEST(wrong_specs_are_refused_by_the_name_of_the_field) {
  for (const Wrong& wrong : wrongs) {
    const check::Scope scope("field ", wrong.word, ", case ", &wrong - wrongs);
    Spec s;
    wrong.change(s);
    CHECK_REFUSES(Extractor{s}, wrong.word);
  }
}

TEST(negative_sample_counts_are_refused) {
  CHECK_REFUSES(Extractor(Spec{}).num_frames(-1), "num_samples");
}

TEST(the_defaults_are_a_spec) {
  const Extractor e{Spec{}};
  CHECK_EQUAL(e.num_rows(), 201);
  CHECK_EQUAL(e.num_frames(16000), 81);
  CHECK(!e.is_complex());
}
