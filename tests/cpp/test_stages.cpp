// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// What a frame goes through before the window and after the spectrum, and the operations that the
// core borrows from the kernels.
#include <cmath>

#include "dft.hpp"
#include "kernel_run.hpp"

using check::Exact;
using check::Kernel;
using check::Recipe;
using sonogram::kernel::Spectrum;

namespace {

constexpr std::int64_t hop = 40, frames = 19;

// The mean is removed first; then sample 0 is its own predecessor.
template <class T>
std::vector<T> corrected(const T* x, std::int64_t n, bool remove_dc, Exact preemphasis) {
  Exact mean = 0;
  for (std::int64_t i = 0; remove_dc && i < n; ++i) mean += x[i] / Exact(n);
  std::vector<T> y;
  for (std::int64_t i = 0; i < n; ++i) {
    y.push_back(static_cast<T>((x[i] - mean) - preemphasis * (x[i > 0 ? i - 1 : 0] - mean)));
  }
  return y;
}

}  // namespace

TEST_BOTH(frames_are_corrected_before_their_window) {
  for (const std::int64_t n : {31, 128, 400}) {
    for (const bool dc : {false, true}) {
      for (const double preemphasis : {0.0, 0.97, -0.5}) {
        const check::Scope scope("n_fft ", n, " dc ", dc, " preemphasis ", preemphasis);
        Recipe<T> r(n, n - 5, hop), plain(n, n - 5, n);
        r.p.win_offset = plain.p.win_offset = 0;  // Kaldi's place for a short window
        r.p.remove_dc = dc;
        r.p.frame_preemphasis = static_cast<T>(preemphasis);
        std::vector<T> x = check::as<T>(check::noise(frames * hop + n, 41));
        for (T& v : x) v = T(0.5) * v + T(0.25);
        const std::vector<T> got = Kernel<T>(r.p).run(x.data(), frames).values;
        for (const std::int64_t f : {std::int64_t{0}, frames - 1}) {
          const std::vector<T> one =
              corrected(x.data() + f * hop, n - 5, dc, static_cast<T>(preemphasis));
          const std::vector<T> want = Kernel<T>(plain.p).run(one.data(), 1).values;
          T top = 0;
          for (const T v : want) top = std::max(top, v);
          for (std::size_t k = 0; k < want.size(); ++k) {
            CHECK_AT_MOST(std::abs(got[k * frames + static_cast<std::size_t>(f)] - want[k]),
                          20 * std::numeric_limits<T>::epsilon() * top);
          }
        }
      }
    }
  }
}

TEST_BOTH(magnitudes_and_other_exponents_come_from_the_power) {
  Recipe<T> r(128, 128, hop);
  const std::vector<T> x = check::as<T>(check::noise(frames * hop + 128, 42));
  const std::vector<T> power = Kernel<T>(r.p).run(x.data(), frames).values;
  for (const double exponent : {1.0, 0.5, 3.0, 0.3}) {
    for (const T eps : {T(0), T(0.5)}) {
      for (const T floor : {T(0), T(2)}) {
        const check::Scope scope("exponent ", exponent, " eps ", eps, " floor ", floor);
        r.p.spectrum = exponent == 1.0 ? Spectrum::magnitude : Spectrum::exponent;
        r.p.exponent = exponent;
        r.p.power_eps = eps;
        r.p.power_floor = floor;
        const std::vector<T> got = Kernel<T>(r.p).run(x.data(), frames).values;
        for (std::size_t i = 0; i < got.size(); ++i) {
          const T inner = std::max(power[i] + eps, floor);
          const Exact want = std::pow(Exact(inner), Exact(exponent) / 2);
          CHECK_AT_MOST(std::abs(got[i] - want), 8 * want * std::numeric_limits<T>::epsilon());
        }
      }
    }
  }
}

TEST_BOTH(gain_comes_before_the_log_and_the_affine_map_after) {
  Recipe<T> r(64, 64, hop);
  const std::vector<T> x = check::as<T>(check::noise(frames * hop + 64, 43));
  const std::vector<T> power = Kernel<T>(r.p).run(x.data(), frames).values;
  r.p.gain = T(8);
  r.p.affine = true;
  r.p.affine_scale = T(-0.5);
  r.p.affine_offset = T(3);
  const Kernel<T> kernel(r.p);
  const std::vector<T> got = kernel.run(x.data(), frames).values;
  for (std::size_t i = 0; i < got.size(); ++i) {
    CHECK_AT_MOST(std::abs(got[i] - (T(3) - T(4) * power[i])),
                  std::numeric_limits<T>::epsilon() * (T(3) + T(4) * power[i]));
    CHECK_EQUAL(got[i], kernel.affine(T(8) * power[i]));
  }
}

TEST_BOTH(clamping_keeps_what_is_above_and_spreads_not_a_number) {
  const T nan = std::numeric_limits<T>::quiet_NaN();
  for (std::int64_t count = 0; count <= 3 * check::lanes<T>() + 1; ++count) {
    const check::Scope scope("count ", count);
    std::vector<T> v = check::as<T>(check::noise(count, 44)), w = v;
    if (count > 2) v[2] = w[2] = nan;
    check::operations<T>().clamp(v.data(), count, T(0.125));
    for (std::size_t i = 0; i < v.size(); ++i) {
      CHECK(i == 2 && count > 2 ? v[i] != v[i] : v[i] == std::max(w[i], T(0.125)));
    }
    check::operations<T>().clamp(w.data(), count, nan);
    for (const T y : w) CHECK(y != y);
  }
}
