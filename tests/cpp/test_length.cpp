// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Items cut and extended, what lies behind them, and quantisation.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "check.hpp"
#include "core/signal/conditioned_signal.hpp"
#include "dft.hpp"

using sonogram::ConditionedSignal;
using sonogram::frame_signal;
using sonogram::Framing;
using sonogram::LengthMode;
using sonogram::no_position;
using sonogram::PadMode;
using sonogram::SampleType;
using sonogram::signal_extent;
using sonogram::Spec;

namespace {

constexpr LengthMode length_modes[] = {LengthMode::zeros, LengthMode::zeros_both,
                                       LengthMode::repeat, LengthMode::repeat_zeros};

// The item cut to `kept` samples and extended to `wanted`, sample by sample.
std::vector<double> extended(const std::vector<double>& x, std::size_t kept, std::size_t wanted,
                             LengthMode mode) {
  std::vector<double> y(wanted, 0.0);
  const std::size_t left = mode == LengthMode::zeros_both ? (wanted - kept) / 2 : 0;
  for (std::size_t i = 0; i < wanted; ++i) {
    const bool whole = mode == LengthMode::repeat_zeros && i / kept < wanted / kept;
    const bool own = i >= left && i < left + kept;
    if (own || whole || mode == LengthMode::repeat) y[i] = x[(i - left) % kept];
  }
  return y;
}

std::vector<double> all_of(const Spec& s, const std::vector<double>& x) {
  const Framing f = signal_extent(s, static_cast<std::int64_t>(x.size()));
  const ConditionedSignal<double> source(s, f, x.data(), SampleType::float64, 8);
  std::vector<double> y(static_cast<std::size_t>(f.length));
  source.read(0, f.length, y.data());
  return y;
}

}  // namespace

TEST(an_item_is_cut_then_extended_then_rounded_up) {
  const std::vector<double> all = check::noise(60, 61);
  for (const LengthMode mode : length_modes) {
    for (const std::size_t n : {1, 7, 19, 20, 21, 39, 40, 41, 60}) {
      const check::Scope scope("mode ", int(mode), " samples ", n);
      const std::vector<double> x(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(n));
      Spec s;
      s.length_mode = mode;
      s.min_length = 20;
      CHECK(all_of(s, x) == extended(x, n, std::max<std::size_t>(n, 20), mode));
      s.max_length = 40;
      const std::size_t kept = std::min<std::size_t>(n, 40),
                        least = std::max<std::size_t>(kept, 20);
      CHECK(all_of(s, x) == extended(x, kept, least, mode));
      s.length_step = 15;
      CHECK(all_of(s, x) == extended(x, kept, 20 + (least - 20 + 14) / 15 * 15, mode));
      s.min_length.reset();
      CHECK(all_of(s, x) == extended(x, kept, (kept + 14) / 15 * 15, mode));
      Spec both;
      both.length_mode = mode;
      both.length = 33;
      CHECK(all_of(both, x) == extended(x, std::min<std::size_t>(n, 33), 33, mode));
    }
  }
}

TEST(nothing_is_extended_with_zeros) {
  for (const LengthMode mode : length_modes) {
    Spec s;
    s.length_mode = mode;
    s.length = 9;
    s.pad = {2, 3};
    CHECK(all_of(s, {}) == std::vector<double>(14, 0.0));
    s.length.reset();
    s.length_step = 4;
    CHECK(all_of(s, {}) == std::vector<double>(5, 0.0));
  }
}

TEST(repeats_are_read_in_place_up_to_the_end_of_each) {
  const std::vector<double> x = check::noise(10, 62);
  Spec s;
  s.length = 25;
  s.length_mode = LengthMode::repeat;
  s.pad = {3, 0};
  const Framing f = signal_extent(s, 10);
  const ConditionedSignal<double> source(s, f, x.data(), SampleType::float64, 8);
  const std::int64_t want[] = {0, 0, 0, 10, 9, 8};
  for (std::int64_t p = 0; p < 6; ++p) CHECK_EQUAL(source.in_place(p), want[p]);
  CHECK_EQUAL(source.in_place(3 + 10), 10);
  CHECK_EQUAL(source.in_place(3 + 22), 3);
  CHECK_EQUAL(source.in_place(3 + 25), 0);
  double memory[4];
  CHECK(source.at(3 + 12, 4, 4, memory) == x.data() + 2);
}

TEST(zeros_lie_behind_the_padded_signal) {
  const std::vector<double> x(50, 1.0);
  Spec s;
  s.n_fft = 20;
  s.hop_length = 8;
  s.center = false;
  s.frame_pad = {0, 5};
  s.pad_mode = {PadMode::replicate, PadMode::replicate};
  s.round_up = true;
  const Framing f = frame_signal(s, 50);
  CHECK_EQUAL(f.frames, 6);  // at 0, 8, .. 40, of 55 samples
  const ConditionedSignal<double> source(s, f, x.data(), SampleType::float64, 8);
  double got[20];
  source.read(40, 20, got);
  for (int i = 0; i < 20; ++i) CHECK_EQUAL(got[i], i < 15 ? 1.0 : 0.0);
}

// With NaN for every sample given, what is a number is known to be zero.
TEST(frames_read_zeros_from_where_the_signal_is_said_to_be_silent) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> x(700, nan);
  std::int64_t silent_tails = 0;
  for (const PadMode mode : {PadMode::constant, PadMode::reflect, PadMode::replicate,
                             PadMode::circular, PadMode::symmetric}) {
    for (const LengthMode length : length_modes) {
      for (const std::int64_t samples : {0, 1, 30, 64, 230, 290, 301, 400, 700}) {
        for (const int framing : {0, 1, 2, 3}) {
          const check::Scope scope("pad ", int(mode), " length ", int(length), " samples ", samples,
                                   " framing ", framing);
          Spec s;
          s.n_fft = 64;
          s.hop_length = 10;
          s.pad_mode = {mode, mode};
          s.length_mode = length;
          s.length = 400;
          s.pad = {framing == 0 ? 40 : 0, 7};
          if (framing == 2) s.snip_edges = false;
          if (framing == 3) s.snip_edges = true, s.round_up = true;
          const Framing f = frame_signal(s, samples);
          const std::int64_t silent = sonogram::silent_from(s, f);
          const std::int64_t end = f.first_read + (f.frames - 1) * 10 + 64;
          const ConditionedSignal<double> source(s, f, x.data(), SampleType::float64, 8);
          CHECK_EQUAL(source.silent_from(), silent);
          std::vector<double> read(static_cast<std::size_t>(end - f.first_read));
          source.read(f.first_read, end - f.first_read, read.data());
          std::int64_t last = end;  // the first of the zeros at the end
          while (last > f.first_read &&
                 read[static_cast<std::size_t>(last - 1 - f.first_read)] == 0)
            --last;
          if (silent != no_position)
            CHECK_EQUAL(std::min(silent, end), std::max(last, f.first_read));
          else CHECK_EQUAL(last > f.length - 70, true);
          if (silent < f.length - 7) ++silent_tails;
        }
      }
    }
  }
  CHECK(silent_tails > 100);
}

template <class T>
static void check_truncation(SampleType type, T whole) {
  std::vector<T> x = {0,
                      T(-0.0),
                      T(0.5),
                      T(-0.5),
                      1,
                      -1,
                      T(1.5),
                      T(-2.5),
                      3,
                      5,
                      whole - T(0.5),
                      whole,
                      whole + 1,
                      -whole - 3,
                      4 * whole + 8,
                      std::numeric_limits<T>::infinity(),
                      -std::numeric_limits<T>::infinity(),
                      std::numeric_limits<T>::denorm_min()};
  for (const double v : check::noise(3000, 63)) x.push_back(static_cast<T>(v * 3));
  for (std::size_t i = 0; i < 18; ++i) x[i] /= T(32767);
  Spec s;
  s.quantize = sonogram::Quantize::int16;
  const std::int64_t n = static_cast<std::int64_t>(x.size());
  const Framing f = signal_extent(s, n);
  std::vector<T> got(x.size());
  ConditionedSignal<T>(s, f, x.data(), type, sizeof(T)).read(0, n, got.data());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const check::Scope scope("sample ", x[i]);
    CHECK_EQUAL(got[i], std::trunc(x[i] * T(32767)) / T(32767));
    CHECK_EQUAL(std::signbit(got[i]), std::signbit(x[i]));
  }
}

TEST(quantisation_truncates_like_the_c_library) {
  check_truncation<float>(SampleType::float32, 0x1p23f);
  check_truncation<double>(SampleType::float64, 0x1p52);
}

TEST(a_waveform_carries_its_scale) {
  const std::vector<double> x = check::noise(100, 64);
  Spec s;
  s.scale = 32768;
  CHECK(all_of(s, x) == x);  // the window carries it
  s.output = sonogram::Output::waveform;
  const std::vector<double> got = all_of(s, x);
  for (std::size_t i = 0; i < x.size(); ++i) CHECK_EQUAL(got[i], x[i] * 32768);
}
