// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Filterbank rows of every length against plain sums.
#include <cmath>

#include "dft.hpp"
#include "kernel_run.hpp"

using check::Exact;
using check::Kernel;
using check::Recipe;

TEST_BOTH(bands_of_any_length_are_weighted_sums_of_the_power) {
  constexpr std::int64_t n = 256, hop = 32, frames = 9;
  Recipe<T> plain(n, n, hop), banded(n, n, hop);
  // Lengths 0 .. 40 in no order, overlapping, some at the very ends of the spectrum.
  for (std::int32_t m = 0; m < 41; ++m) {
    const std::int32_t length = m * 23 % 41, from = m % 5 == 0 ? 0 : 129 - length - m % 7;
    std::vector<T> row;
    for (std::int32_t k = 0; k < length; ++k)
      row.push_back(T(0.01) * static_cast<T>((k * 13 + m) % 29 + 1));
    banded.add_band(std::max(0, from), row);
  }
  const std::vector<T> x = check::as<T>(check::noise(frames * hop + n, 31));
  const std::vector<T> power = Kernel<T>(plain.p).run(x.data(), frames).values;
  const std::vector<T> bands = Kernel<T>(banded.p).run(x.data(), frames).values;
  std::size_t at = 0;
  for (std::size_t m = 0; m < banded.first.size(); ++m) {
    const check::Scope scope("band ", m, " of ", banded.length[m], " bins");
    for (std::size_t f = 0; f < frames; ++f) {
      Exact want = 0;
      for (std::size_t k = 0; k < static_cast<std::size_t>(banded.length[m]); ++k) {
        const std::size_t bin = static_cast<std::size_t>(banded.first[m]) + k;
        want += Exact(banded.weights[at + k]) * power[bin * frames + f];
      }
      CHECK_AT_MOST(std::abs(bands[m * frames + f] - want),
                    want * 24 * std::numeric_limits<T>::epsilon());
    }
    at += static_cast<std::size_t>(banded.length[m]);
  }
}

TEST_BOTH(negative_weights_and_a_band_over_every_bin) {
  constexpr std::int64_t n = 100, frames = 3;
  Recipe<T> plain(n, n, 10), banded(n, n, 10);
  std::vector<T> row;
  for (int k = 0; k < 51; ++k) row.push_back(k % 2 ? T(-0.5) : T(0.75));
  banded.add_band(0, row);
  const std::vector<T> x = check::as<T>(check::noise(frames * 10 + n, 32));
  const std::vector<T> power = Kernel<T>(plain.p).run(x.data(), frames).values;
  const std::vector<T> band = Kernel<T>(banded.p).run(x.data(), frames).values;
  for (std::size_t f = 0; f < frames; ++f) {
    Exact want = 0, size = 0;
    for (std::size_t k = 0; k < row.size(); ++k) {
      want += Exact(row[k]) * power[k * frames + f];
      size += std::abs(Exact(row[k]) * power[k * frames + f]);
    }
    CHECK_AT_MOST(std::abs(band[f] - want), size * 24 * std::numeric_limits<T>::epsilon());
  }
}
