// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The compress stage. With n_fft = 1 and a window of one sample the power is that sample squared,
// so a signal of square roots puts any number before the logarithm.
#include <cfenv>
#include <cmath>
#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

#include "dft.hpp"
#include "kernel_run.hpp"

using check::Exact;
using check::Kernel;
using check::Recipe;
using sonogram::kernel::Log;

namespace {

constexpr Exact ln10 = 2.302585092994045684017991454684364208L;

template <class T>
struct Logs {
  std::vector<T> power, values;
  check::Result<T> result;
};

// log of the squares of `roots`.
template <class T>
Logs<T> logs_of(const std::vector<T>& roots, Log log, double scale, T floor, T at_floor) {
  Recipe<T> r(1, 1, 1);
  r.window[0] = 1;
  r.p.log = log;
  r.p.log_scale = scale;
  r.p.floor = floor;
  r.p.log_of_floor = at_floor;
  r.p.track_range = true;
  const std::int64_t n = static_cast<std::int64_t>(roots.size());
  Logs<T> out;
  out.result = Kernel<T>(r.p).run(roots.data(), n);
  out.values = out.result.values;
  for (const T x : roots) out.power.push_back(x * x);
  return out;
}

// Roots whose squares are normal numbers of every size.
template <class T>
std::vector<T> roots_of_every_size() {
  const int limit = std::numeric_limits<T>::max_exponent / 2 - 2;
  std::vector<T> x;
  for (int e = -limit; e < limit; e += 1 + limit / 60) {
    for (const double m : {1.0, 1.1892071150027210667, 1.41421, 1.41422, 1.7, 1.9999}) {
      x.push_back(static_cast<T>(std::ldexp(m, e)));
    }
  }
  for (int i = -400; i <= 400; ++i) x.push_back(static_cast<T>(1 + i * 1e-4));
  return x;
}

template <class T>
constexpr Exact ulp = std::numeric_limits<T>::epsilon();

}  // namespace

TEST_BOTH(logarithms_are_right_to_a_few_units_in_the_last_place) {
  const std::vector<T> roots = roots_of_every_size<T>();
  for (const Exact scale : {Exact(1), 1 / ln10, 10 / ln10, 20 / ln10}) {
    const check::Scope scope("scale ", double(scale));
    const Logs<T> out = logs_of<T>(roots, Log::ln, static_cast<double>(scale), 0, 0);
    for (std::size_t i = 0; i < roots.size(); ++i) {
      const Exact want = scale * std::log(Exact(out.power[i]));
      // near 1 the logarithm is small, and so is what may be lost of it
      CHECK_AT_MOST(std::abs(out.values[i] - want), 4 * ulp<T> * std::abs(want));
    }
  }
}

TEST_BOTH(log1p_is_right_for_small_and_large_numbers) {
  const std::vector<T> roots = roots_of_every_size<T>();
  const Logs<T> out = logs_of<T>(roots, Log::log1p, 1.0, 0, 0);
  for (std::size_t i = 0; i < roots.size(); ++i) {
    const Exact want = std::log1p(Exact(out.power[i]));
    CHECK_AT_MOST(std::abs(out.values[i] - want),
                  4 * ulp<T> * want + std::numeric_limits<T>::denorm_min());
  }
}

TEST_BOTH(at_and_below_the_floor_stands_the_given_number) {
  const T floor = T(1e-4), at_floor = T(-4);
  const std::vector<T> roots = {0, T(1e-20), T(1e-3), T(-1e-3), T(0.0099), T(0.011), 1};
  const Logs<T> out = logs_of<T>(roots, Log::ln, static_cast<double>(1 / ln10), floor, at_floor);
  for (std::size_t i = 0; i < roots.size(); ++i) {
    CHECK(out.power[i] <= floor ? out.values[i] == at_floor : out.values[i] > at_floor);
  }
  CHECK_EQUAL(out.result.minimum, at_floor);
  CHECK_EQUAL(out.result.maximum, T(0));
}

// The logarithm that is computed for a floor falls on either side of the one that is given.
TEST_BOTH(every_floor_stands_exactly_and_spoils_nothing_above_it) {
  const T nan = std::numeric_limits<T>::quiet_NaN(), inf = std::numeric_limits<T>::infinity();
  for (int i = 0; i < 60; ++i) {
    const T floor = static_cast<T>(std::pow(10.0, -12 + 0.2 * i));
    const T at_floor = static_cast<T>(std::log10(Exact(floor)));
    const check::Scope scope("floor ", double(floor));
    std::vector<T> roots = {0, std::sqrt(floor), nan, -inf};
    for (int k = 1; k < 8; ++k) roots.push_back(std::sqrt(floor * (1 + k * ulp<T>)));
    const Logs<T> out = logs_of<T>(roots, Log::ln, static_cast<double>(1 / ln10), floor, at_floor);
    CHECK(out.values[2] != out.values[2] && out.values[3] == inf);
    for (std::size_t j = 0; j < roots.size(); ++j) {
      if (j == 2 || j == 3) continue;
      if (out.power[j] <= floor) CHECK_EQUAL(out.values[j], at_floor);
      const Exact want = std::log10(std::max(Exact(floor), Exact(out.power[j])));
      CHECK_AT_MOST(std::abs(out.values[j] - want), 4 * ulp<T> * std::abs(want));
    }
  }
}

TEST_BOTH(not_a_number_and_infinity_pass_through) {
  const T nan = std::numeric_limits<T>::quiet_NaN(), inf = std::numeric_limits<T>::infinity();
  for (const Log log : {Log::none, Log::ln, Log::log1p}) {
    const check::Scope scope("log ", int(log));
    const Logs<T> out = logs_of<T>({1, inf, 2, nan, 3, -inf, 0}, log, 1.0, T(1e-10), T(-23));
    CHECK(out.values[1] == inf);
    CHECK(out.values[3] != out.values[3]);
    CHECK(out.values[5] == inf);
    for (const std::size_t i : {0, 2, 4, 6}) CHECK(std::isfinite(out.values[i]));
    CHECK(out.result.maximum != out.result.maximum);
  }
}

TEST_BOTH(the_range_is_that_of_the_real_frames_alone) {
  for (std::size_t frames = 1; frames <= 2 * static_cast<std::size_t>(check::lanes<T>()) + 1;
       ++frames) {
    const check::Scope scope("frames ", frames);
    std::vector<T> roots;
    for (std::size_t i = 0; i < frames; ++i)
      roots.push_back(T(1) + static_cast<T>((i + frames / 2) % frames));
    const Logs<T> out = logs_of<T>(roots, Log::none, 1.0, 0, 0);
    CHECK_EQUAL(out.result.maximum, static_cast<T>(frames * frames));
    CHECK_EQUAL(out.result.minimum, T(1));
  }
}

TEST_BOTH(the_callers_floating_point_state_comes_back) {
  const std::vector<T> roots(37, std::numeric_limits<T>::denorm_min());
#if defined(__SSE2__)
  const unsigned before = _mm_getcsr();
  logs_of<T>(roots, Log::ln, 1.0, T(1e-10), T(-23));
  constexpr unsigned exceptions = 0x3f;  // flags that any arithmetic may raise
  CHECK_EQUAL(_mm_getcsr() & ~exceptions, before & ~exceptions);
#else
  logs_of<T>(roots, Log::ln, 1.0, T(1e-10), T(-23));
#endif
  volatile T small = std::numeric_limits<T>::min();
  CHECK(small / 2 > 0);  // denormal numbers are numbers again
  CHECK_EQUAL(std::fegetround(), FE_TONEAREST);
}
