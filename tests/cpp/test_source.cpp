// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// One item as its conditioned samples.
#include <cmath>
#include <limits>
#include <vector>

#include "check.hpp"
#include "core/signal/conditioned_signal.hpp"
#include "dft.hpp"

using sonogram::ConditionedSignal;
using sonogram::Framing;
using sonogram::LengthMode;
using sonogram::PadMode;
using sonogram::PreemphasisKind;
using sonogram::SampleType;
using sonogram::signal_extent;
using sonogram::Spec;

namespace {

template <class T>
std::vector<T> read(const ConditionedSignal<T>& source, std::int64_t begin, std::int64_t count) {
  std::vector<T> memory(static_cast<std::size_t>(count), T(-99));
  const T* at = source.at(begin, count, count, memory.data());
  return std::vector<T>(at, at + count);
}

std::int64_t modulo(std::int64_t a, std::int64_t n) { return (a % n + n) % n; }

// Where position p of a padded signal of n samples comes from; -1: a zero.
std::int64_t origin(PadMode mode, std::int64_t p, std::int64_t n) {
  if (p >= 0 && p < n) return p;
  if (mode == PadMode::constant) return -1;
  if (mode == PadMode::replicate || n == 1) return p < 0 ? 0 : n - 1;
  if (mode == PadMode::circular) return modulo(p, n);
  const std::int64_t repeat = mode == PadMode::symmetric ? 1 : 0;
  const std::int64_t q = modulo(p, 2 * (n - 1 + repeat));
  return q < n ? q : 2 * (n - 1) + repeat - q;
}

constexpr PadMode modes[] = {PadMode::constant, PadMode::reflect, PadMode::replicate,
                             PadMode::circular, PadMode::symmetric};

}  // namespace

TEST(padding_modes_reach_any_distance_on_both_sides) {
  for (const PadMode left : modes) {
    for (const PadMode right : modes) {
      Spec s;
      s.pad_mode = {left, right};
      for (const std::int64_t n : {1, 2, 3, 10}) {
        const std::vector<double> x = check::noise(n, 51);
        const Framing f = signal_extent(s, n);
        const ConditionedSignal<double> source(s, f, x.data(), SampleType::float64, 8);
        const std::vector<double> got = read(source, -35, 70 + n);
        for (std::int64_t p = -35; p < 35 + n; ++p) {
          const check::Scope scope("modes ", int(left), " ", int(right), " samples ", n, " at ", p);
          const std::int64_t from = origin(p < 0 ? left : right, p, n);
          const double want = from < 0 ? 0.0 : x[static_cast<std::size_t>(from)];
          CHECK_EQUAL(got[static_cast<std::size_t>(p + 35)], want);
        }
      }
    }
  }
}

TEST(integers_are_scaled_to_full_scale) {
  const Spec s;
  const std::int16_t a[] = {-32768, -1, 0, 1, 32767};
  const std::int32_t b[] = {std::numeric_limits<std::int32_t>::min(), -1, 0, 1, 1 << 30};
  const Framing f = signal_extent(s, 5);
  const std::vector<float> x = read(ConditionedSignal<float>(s, f, a, SampleType::int16, 2), 0, 5);
  CHECK(x == (std::vector<float>{-1, -0x1p-15f, 0, 0x1p-15f, 1 - 0x1p-15f}));
  const std::vector<double> y =
      read(ConditionedSignal<double>(s, f, b, SampleType::int32, 4), 0, 5);
  CHECK(y == (std::vector<double>{-1, -0x1p-31, 0, 0x1p-31, 0.5}));
  const std::vector<float> z = read(ConditionedSignal<float>(s, f, b, SampleType::int32, 4), 0, 5);
  CHECK_EQUAL(z[4], 0.5f);
}

template <class From>
static void check_strides(SampleType type) {
  std::vector<From> x(64);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<From>(i * 5);
  const Spec s;
  const Framing f = signal_extent(s, 10);
  const std::vector<double> tight =
      read(ConditionedSignal<double>(s, f, x.data(), type, sizeof(From)), 0, 10);
  for (const std::int64_t step : {-6, -1, 0, 1, 2, 5}) {
    const check::Scope scope("type ", int(type), " step ", step);
    const std::int64_t start = step < 0 ? 63 : 0, size = sizeof(From);
    const ConditionedSignal<double> source(s, f, x.data() + start, type, step * size);
    const std::vector<double> got = read(source, 0, 10);
    const double unit = tight[1] / static_cast<double>(x[1]);
    for (std::int64_t i = 0; i < 10; ++i) {
      CHECK_EQUAL(got[static_cast<std::size_t>(i)],
                  static_cast<double>(x[static_cast<std::size_t>(start + i * step)]) * unit);
    }
  }
}

TEST(samples_may_lie_any_distance_apart) {
  check_strides<float>(SampleType::float32);
  check_strides<double>(SampleType::float64);
  check_strides<std::int16_t>(SampleType::int16);
  check_strides<std::int32_t>(SampleType::int32);
}

TEST(samples_need_not_be_aligned) {
  std::vector<char> bytes(8 * 12 + 1);
  const std::vector<double> x = check::noise(12, 52);
  std::copy_n(reinterpret_cast<const char*>(x.data()), 96, bytes.begin() + 1);
  const Spec s;
  const Framing f = signal_extent(s, 12);
  CHECK(read(ConditionedSignal<double>(s, f, bytes.data() + 1, SampleType::float64, 8), 0, 12) ==
        x);
}

TEST(samples_that_need_nothing_are_read_in_place) {
  const std::vector<double> x = check::noise(100, 53);
  const Spec s;
  const Framing f = signal_extent(s, 100);
  const ConditionedSignal<double> source(s, f, x.data(), SampleType::float64, 8);
  double memory[100];
  CHECK(source.at(10, 50, 90, memory) == x.data() + 10);
  CHECK(source.at(10, 50, 91, memory) == memory);  // one more would lie behind the signal
  CHECK(source.at(-1, 50, 50, memory) == memory);
}

namespace {

struct Conditioned {
  Spec spec;
  std::vector<double> want;
};

// Every stage by hand, over the whole of x.
Conditioned conditioned(const std::vector<double>& x) {
  Conditioned c;
  Spec& s = c.spec;
  s.scale = 1.5;
  s.clip = 0.7;
  s.quantize = sonogram::Quantize::int16;
  s.remove_mean = true;
  s.preemphasis = 0.97;
  s.length = 90;
  s.pad = {7, 4};
  std::vector<double> y;
  double mean = 0;
  for (const double v : x) {
    y.push_back(std::trunc(std::max(-0.7, std::min(0.7, v * 1.5)) * 32767) / 32767);
    mean += y.back() / static_cast<double>(x.size());
  }
  c.want.assign(7, 0.0);
  for (std::size_t i = 0; i < 90; ++i) {
    c.want.push_back(y[i] - mean - (i > 0 ? 0.97 * (y[i - 1] - mean) : 0.0));
  }
  c.want.resize(101, 0.0);
  return c;
}

}  // namespace

TEST(conditioning_runs_in_its_order) {
  const std::vector<double> x = check::noise(100, 54);
  Conditioned c = conditioned(x);
  const Framing f = signal_extent(c.spec, 100);
  const ConditionedSignal<double> source(c.spec, f, x.data(), SampleType::float64, 8);
  const std::vector<double> got = read(source, 0, 101);
  for (std::size_t i = 0; i < 101; ++i) {
    const check::Scope scope("sample ", i);
    CHECK_AT_MOST(std::fabs(got[i] - c.want[i]), 1e-15);
  }
  c.spec.preemphasis_kind = PreemphasisKind::replicate;
  const std::vector<double> other =
      read(ConditionedSignal<double>(c.spec, f, x.data(), SampleType::float64, 8), 0, 101);
  CHECK_AT_MOST(std::fabs(other[7] - 0.03 * got[7]), 1e-15);
  CHECK_EQUAL(other[8], got[8]);
}

TEST(any_piece_of_a_signal_holds_the_bits_of_the_whole) {
  const std::vector<double> x = check::noise(100, 55);
  for (const PadMode mode : modes) {
    Spec s = conditioned(x).spec;
    s.dither = 0.01;
    s.level = 0.3;
    s.length = 140;
    s.length_mode = LengthMode::repeat;
    s.pad_mode = {mode, mode};
    const Framing f = signal_extent(s, 100);
    const ConditionedSignal<float> source(s, f, x.data(), SampleType::float64, 8);
    const std::vector<float> all = read(source, -60, 240);
    for (std::int64_t begin = -60; begin < 180; begin += 7) {
      for (const std::int64_t count : {1, 2, 13, 64}) {
        if (begin + count > 180) continue;
        const check::Scope scope("mode ", int(mode), " from ", begin, " count ", count);
        const std::vector<float> part = read(source, begin, count);
        CHECK(std::equal(part.begin(), part.end(), all.begin() + (begin + 60)));
      }
    }
  }
}

TEST(dither_is_normal_noise_that_hangs_on_the_seed) {
  Spec s;
  s.dither = 2.0;
  const std::vector<double> x(20000, 0.0);
  const Framing f = signal_extent(s, 20000);
  const std::vector<double> a =
      read(ConditionedSignal<double>(s, f, x.data(), SampleType::float64, 8), 0, 20000);
  double sum = 0, squares = 0, fourth = 0;
  for (const double v : a) sum += v, squares += v * v, fourth += v * v * v * v;
  const double variance = squares / 20000;
  CHECK_AT_MOST(std::fabs(sum / 20000), 0.06);
  CHECK_AT_MOST(std::fabs(variance - 4), 0.2);
  CHECK_AT_MOST(std::fabs(fourth / 20000 / (variance * variance) - 3), 0.2);
  s.seed = 1;
  CHECK(a != read(ConditionedSignal<double>(s, f, x.data(), SampleType::float64, 8), 0, 20000));
}
