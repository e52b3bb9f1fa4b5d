// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The whole way from samples to features, against the same way written out slowly.
#include <algorithm>
#include <cmath>
#include <limits>

#include "check.hpp"
#include "dft.hpp"
#include "run.hpp"

using check::Exact;
using check::features;
using sonogram::Extractor;
using sonogram::FilterbankKind;
using sonogram::FinishKind;
using sonogram::Layout;
using sonogram::LogKind;
using sonogram::SampleType;
using sonogram::Spec;

namespace {

constexpr std::int64_t samples = 4000;

Spec whisper() {
  Spec s;
  s.hop_length = 160;
  s.filterbank = FilterbankKind::mel;
  s.n_mels = 80;
  s.mel_scale = sonogram::MelScale::slaney;
  s.norm = sonogram::Norm::slaney;
  s.log = LogKind::log10;
  s.drop_last = true;
  s.finish = {sonogram::make_stage(FinishKind::dynamic_range, {{"range", 8.0}}),
              sonogram::make_stage(FinishKind::affine, {{"scale", 0.25}, {"offset", 1.0}})};
  return s;
}

// Whisper's features of x, [80][frames].
std::vector<Exact> slow_whisper(const std::vector<double>& x, const Extractor& e) {
  const std::int64_t n = static_cast<std::int64_t>(x.size()), frames = n / 160;
  std::vector<std::int64_t> bins;
  for (std::int64_t k = 0; k <= 200; ++k) bins.push_back(k);
  std::vector<Exact> out(static_cast<std::size_t>(80 * frames));
  Exact top = -1000;
  for (std::int64_t f = 0; f < frames; ++f) {
    std::vector<Exact> frame;
    for (std::int64_t i = 0; i < 400; ++i) {
      std::int64_t at = std::abs(f * 160 + i - 200);
      if (at >= n) at = 2 * (n - 1) - at;
      frame.push_back(Exact(x[static_cast<std::size_t>(at)]) *
                      e.window()[static_cast<std::size_t>(i)]);
    }
    const auto spectrum = check::dft(frame, bins);
    for (std::size_t m = 0; m < 80; ++m) {
      Exact sum = 0;
      for (std::size_t k = 0; k <= 200; ++k)
        sum += e.filterbank()[m * 201 + k] * std::norm(spectrum[k]);
      Exact& y = out[m * static_cast<std::size_t>(frames) + static_cast<std::size_t>(f)];
      y = std::log10(std::max(sum, Exact(1e-10)));
      top = std::max(top, y);
    }
  }
  for (Exact& y : out) y = (std::max(y, top - 8) + 4) / 4;
  return out;
}

}  // namespace

TEST(whispers_features_are_those_of_the_slow_way) {
  const Extractor e(whisper());
  const std::vector<double> x = check::chirp(samples, 61);
  const std::vector<Exact> want = slow_whisper(x, e);
  const std::vector<double> wide = features(e, x);
  const std::vector<float> single = features(e, std::vector<float>(x.begin(), x.end()));
  CHECK_EQUAL(wide.size(), want.size());
  CHECK_EQUAL(single.size(), want.size());
  for (std::size_t i = 0; i < want.size(); ++i) {
    const check::Scope scope("value ", i);
    CHECK_AT_MOST(std::fabs(wide[i] - want[i]), 1e-10L);
    CHECK_AT_MOST(std::fabs(single[i] - want[i]), 1e-4L);
  }
}

TEST(silence_is_the_correctly_rounded_log_of_the_floor) {
  Spec s = whisper();
  CHECK(features(Extractor(s), std::vector<float>(samples)) == std::vector<float>(80 * 25, -1.5f));
  s.finish.clear();
  CHECK(features(Extractor(s), std::vector<float>(samples)) == std::vector<float>(80 * 25, -10.0f));
  CHECK(features(Extractor(s), std::vector<double>(samples)) ==
        std::vector<double>(80 * 25, -10.0));
  s.log = LogKind::db;
  CHECK(features(Extractor(s), std::vector<float>(samples)) ==
        std::vector<float>(80 * 25, -100.0f));
  s.power = 1.0;
  CHECK(features(Extractor(s), std::vector<double>(samples)) ==
        std::vector<double>(80 * 25, -200.0));
  s.log = LogKind::ln;
  CHECK(features(Extractor(s), std::vector<double>(samples)) ==
        std::vector<double>(80 * 25, static_cast<double>(std::log(static_cast<Exact>(1e-10)))));
}

TEST(one_layout_is_the_transpose_of_the_other) {
  Spec s = whisper();
  const std::vector<float> x = check::as_float(check::chirp(samples, 62));
  const std::vector<float> by_row = features(Extractor(s), x);
  s.layout = Layout::time_freq;
  const std::vector<float> by_frame = features(Extractor(s), x);
  for (std::size_t m = 0; m < 80; ++m) {
    for (std::size_t f = 0; f < 25; ++f) CHECK_EQUAL(by_row[m * 25 + f], by_frame[f * 80 + m]);
  }
}

TEST(an_item_has_the_same_bits_alone_and_among_others) {
  const Extractor e(whisper());
  constexpr std::int64_t items = 5;
  const std::vector<float> x = check::as_float(check::chirp(items * samples, 63));
  // the items in another order than they lie in
  const std::int64_t offsets[items] = {3 * samples * 4, 0, 4 * samples * 4, samples * 4,
                                       2 * samples * 4};
  const std::vector<float> all = check::batch(e, x.data(), items, samples, offsets, 1);
  for (std::size_t i = 0; i < items; ++i) {
    const float* from = x.data() + offsets[i] / 4;
    const std::vector<float> alone = features(e, std::vector<float>(from, from + samples));
    CHECK(std::equal(alone.begin(), alone.end(),
                     all.begin() + static_cast<std::ptrdiff_t>(i * alone.size())));
  }
}

TEST(the_precision_follows_the_samples_unless_told) {
  Spec s;
  CHECK(Extractor(s).precision_for(SampleType::float64) == sonogram::Precision::float64);
  for (const SampleType type : {SampleType::float32, SampleType::int16, SampleType::int32}) {
    CHECK(Extractor(s).precision_for(type) == sonogram::Precision::float32);
  }
  s.dtype = sonogram::Precision::float64;
  CHECK(Extractor(s).precision_for(SampleType::int16) == sonogram::Precision::float64);
}

TEST(features_computed_in_double_are_those_of_double_rounded) {
  const std::vector<float> x = check::as_float(check::noise(samples, 65));
  const std::vector<double> wide(x.begin(), x.end());
  Spec s = whisper();
  for (const Layout layout : {Layout::freq_time, Layout::time_freq}) {
    s.layout = layout;
    s.compute_dtype = sonogram::Precision::follow;
    const std::vector<double> want = features(Extractor(s), wide);
    s.compute_dtype = sonogram::Precision::float64;
    const Extractor e(s);
    CHECK(e.precision_for(SampleType::float32) == sonogram::Precision::float32);
    CHECK(features(e, x) == std::vector<float>(want.begin(), want.end()));
    CHECK(features(e, wide) == want);
  }
}

TEST(not_a_number_spoils_the_frames_that_read_it) {
  Spec s;
  s.hop_length = 160;
  const Extractor e(s);
  std::vector<float> x = check::as_float(check::noise(samples, 64));
  const std::vector<float> clean = features(e, x);
  x[2000] = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> got = features(e, x);
  const std::size_t frames = 26;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const std::int64_t start = static_cast<std::int64_t>(i % frames) * 160 - 200;
    const bool reads = start <= 2000 && 2000 < start + 400;
    CHECK(reads ? got[i] != got[i] : got[i] == clean[i]);
  }
}

TEST(no_frames_are_no_work) {
  Spec s = whisper();
  s.drop_last = false;
  s.snip_edges = true;
  const Extractor e(s);
  CHECK_EQUAL(e.num_frames(399), 0);
  CHECK(features(e, std::vector<float>(399)).empty());
  CHECK(check::batch(e, static_cast<const float*>(nullptr), 0, samples, nullptr, 2).empty());
}

TEST(an_item_of_too_few_frames_for_a_stage_is_named) {
  Spec s;
  s.n_fft = 64;
  s.hop_length = 16;
  s.snip_edges = true;
  s.finish = {sonogram::make_stage(sonogram::FinishKind::normalize, {{"ddof", 1.0}})};
  const Extractor e(s);
  CHECK_EQUAL(e.num_frames(80), 2);
  const char* const words =
      "has 1 valid frame; it must have at least 2 for finish stage 'normalize'";
  CHECK_REFUSES(e.num_frames(79), words);
  CHECK_REFUSES(e.item_shape(79), words);
  CHECK_REFUSES(e.num_valid_frames(79), words);
  const std::vector<float> x(80, 1.0f);
  std::vector<sonogram::Signals> items(2);
  for (auto& item : items) {
    item.data = x.data();
    item.stride = sizeof(float);
    item.samples = 80;
  }
  items[1].samples = 64;
  std::vector<float> out(2 * 33 * 2);
  sonogram::Features to;
  to.data = out.data();
  CHECK_REFUSES(e.run_batch(items, to, 2), "item 1: waveform (64 samples long) has 1 valid frame");
}

TEST(memory_of_a_known_size_is_not_written_beyond) {
  Spec s;
  s.n_fft = 64;
  for (const bool is_complex : {false, true}) {
    if (is_complex) s.power.reset();
    const sonogram::Extractor e(s);
    const std::vector<float> x(320, 1.0f);
    const std::int64_t offsets[2] = {0, 0};
    sonogram::Signals in;
    in.data = x.data();
    in.stride = sizeof(float);
    in.samples = 320;
    in.items = 2;
    in.item_offsets = offsets;
    const std::int64_t own = e.num_rows() * e.num_frames(320) * (is_complex ? 8 : 4);
    std::vector<float> out(static_cast<std::size_t>(own / 2), 7.0f);
    sonogram::Features to{out.data(), sonogram::Precision::float32, 2 * own - 1};
    CHECK_REFUSES(e.run(in, to), "features.capacity");
    to.capacity = -1;
    CHECK_REFUSES(e.run(in, to), "features.capacity is -1");
    CHECK_EQUAL(out[0], 7.0f);
    to.capacity = 2 * own;
    e.run(in, to);
    CHECK(out[0] != 7.0f);
    to.capacity = 1;  // nothing is written where there are no items
    in.items = 0;
    e.run(in, to);

    in.items = 1;
    in.item_offsets = nullptr;
    const std::int64_t frames = e.num_frames(320);
    to.capacity = 2 * own - 1;
    std::fill(out.begin(), out.end(), 7.0f);
    CHECK_REFUSES(e.run_batch({in, in}, to, frames), "features.capacity");
    CHECK_EQUAL(out[0], 7.0f);
    to.capacity = 2 * own;
    e.run_batch({in, in}, to, frames);
    CHECK(out[0] != 7.0f);
  }
}
