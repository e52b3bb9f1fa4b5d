// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The spectrum of every kernel, of sizes of every kind, against the sum that defines it.
#include <algorithm>
#include <cmath>

#include "dft.hpp"
#include "kernel_run.hpp"

using check::Exact;
using check::Kernel;
using check::Recipe;

namespace {

// Relative L2 errors promised for n_fft <= 4096.
template <class T>
constexpr Exact promised = sizeof(T) == 4 ? 3e-7L : 1e-15L;

std::vector<std::int64_t> sizes() {
  std::vector<std::int64_t> n;
  for (std::int64_t i = 1; i <= 72; ++i) n.push_back(i);
  for (const int i :
       {80,   96,   97,   100,  101,  120,  121,  125,  127,  128,  131,  160,  169,
        192,  200,  202,  240,  243,  251,  256,  257,  289,  300,  320,  343,  400,
        441,  480,  499,  502,  509,  512,  529,  600,  625,  640,  720,  800,  882,
        960,  1000, 1009, 1021, 1024, 1200, 1280, 1331, 1499, 1527, 1536, 1600, 1764,
        1800, 1920, 2000, 2039, 2042, 2048, 2187, 2400, 3000, 3072, 3599, 4079, 4096}) {
    n.push_back(i);
  }
  return n;
}

// What frame f of x looks like to the transform: windowed, at its place among zeros.
template <class T>
std::vector<Exact> windowed(const Recipe<T>& r, const std::vector<T>& x, std::int64_t f) {
  std::vector<Exact> frame(static_cast<std::size_t>(r.p.n_fft), 0);
  for (std::int64_t i = 0; i < r.p.win_length; ++i) {
    frame[static_cast<std::size_t>(r.p.win_offset + i)] =
        Exact(x[static_cast<std::size_t>(f * r.p.hop + i)]) *
        Exact(r.window[static_cast<std::size_t>(i)]);
  }
  return frame;
}

// The relative L2 error of frame f over the bins that are checked.
template <class T>
Exact spectrum_error(const Recipe<T>& r, const std::vector<T>& x, const std::vector<T>& got,
                     std::int64_t frames, std::int64_t f) {
  const std::vector<std::int64_t> bins = check::bins_to_check(r.p.n_fft);
  const auto want = check::dft(windowed(r, x, f), bins);
  Exact wrong = 0, all = 0;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    const T* z = got.data() + 2 * (bins[i] * frames + f);
    wrong += std::norm(check::ExactComplex(z[0], z[1]) - want[i]);
    all += std::norm(want[i]);
  }
  return std::sqrt(wrong / all);
}

}  // namespace

TEST_BOTH(spectrum_is_the_dft_of_any_size) {
  for (const std::int64_t n : sizes()) {
    const check::Scope scope("n_fft ", n);
    Recipe<T> r(n, n, std::max<std::int64_t>(1, n / 3));
    r.p.spectrum = sonogram::kernel::Spectrum::complex_values;
    const Kernel<T> kernel(r.p);
    const std::int64_t frames = 3;
    const std::vector<T> x = check::as<T>(check::noise(frames * r.p.hop + n, 11));
    const std::vector<T> got = kernel.run(x.data(), frames).values;
    for (const std::int64_t f : {0, 2}) {
      CHECK_AT_MOST(spectrum_error(r, x, got, frames, f), promised<T>);
    }
  }
}

TEST_BOTH(a_short_window_lies_where_its_offset_says) {
  for (const std::int64_t n : {1, 2, 3, 5, 16, 31, 64, 67, 100, 134, 400, 1024, 2048}) {
    for (const std::int64_t win : {std::int64_t{1}, n / 3, n - 1}) {
      if (win < 1) continue;
      for (const std::int64_t offset : {std::int64_t{0}, (n - win) / 2, n - win}) {
        const check::Scope scope("n_fft ", n, " win_length ", win, " offset ", offset);
        Recipe<T> r(n, win, 5);
        r.p.win_offset = offset;
        r.p.spectrum = sonogram::kernel::Spectrum::complex_values;
        const Kernel<T> kernel(r.p);
        const std::int64_t frames = check::lanes<T>() + 1;
        const std::vector<T> x = check::as<T>(check::noise(frames * 5 + win, 12));
        const std::vector<T> got = kernel.run(x.data(), frames).values;
        CHECK_AT_MOST(spectrum_error(r, x, got, frames, 0), promised<T>);
        CHECK_AT_MOST(spectrum_error(r, x, got, frames, frames - 1), promised<T>);
      }
    }
  }
}

TEST_BOTH(power_is_the_square_of_the_spectrum) {
  for (const std::int64_t n : {1, 2, 7, 64, 201, 268, 400, 1024}) {
    const check::Scope scope("n_fft ", n);
    Recipe<T> r(n, n, 3);
    const std::int64_t frames = 5;
    const std::vector<T> x = check::as<T>(check::noise(frames * 3 + n, 13));
    const std::vector<T> power = Kernel<T>(r.p).run(x.data(), frames).values;
    r.p.spectrum = sonogram::kernel::Spectrum::complex_values;
    const std::vector<T> z = Kernel<T>(r.p).run(x.data(), frames).values;
    for (std::size_t i = 0; i < power.size(); ++i) {
      const Exact want = Exact(z[2 * i]) * z[2 * i] + Exact(z[2 * i + 1]) * z[2 * i + 1];
      CHECK_AT_MOST(std::abs(power[i] - want), 2 * want * std::numeric_limits<T>::epsilon());
    }
  }
}
