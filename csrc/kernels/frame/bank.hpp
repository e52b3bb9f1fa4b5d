// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Filterbank rows applied to the power of W frames. Rows are visited shortest first, so that all
// rows of one length run through one unrolled loop without a branch of their own.
#pragma once
#include "kernels/vector/array.hpp"
#include "kernels/vector/simd.hpp"

namespace {

constexpr int unrolled_bins = 16;

template <class T>
struct Bank {
  Array<std::int32_t> row, first, length;  // in the order of visiting
  Array<T> weights;
  std::int64_t count = 0;
  std::int64_t up_to[unrolled_bins + 1] = {};  // rows of at most this many bins

  void build(const Params<T>& p) {
    count = p.n_bands;
    row.resize(count), first.resize(count), length.resize(count);
    std::int64_t total = 0;
    for (std::int64_t m = 0; m < count; ++m) total += p.length[m];
    weights.resize(total);
    std::int64_t at = 0, place = 0;
    for (std::int32_t n = 0; n <= unrolled_bins + 1; ++n) {
      std::int64_t from = 0;
      for (std::int64_t m = 0; m < count; from += p.length[m++]) {
        if (n <= unrolled_bins ? p.length[m] != n : p.length[m] < n) continue;
        row[place] = static_cast<std::int32_t>(m);
        first[place] = p.first[m];
        length[place++] = p.length[m];
        for (std::int32_t k = 0; k < p.length[m]; ++k) weights[at++] = p.weights[from + k];
      }
      if (n <= unrolled_bins) up_to[n] = place;
    }
  }

  std::int64_t total() const {
    std::int64_t n = 0;
    for (std::int64_t i = 0; i < count; ++i) n += length[i];
    return n;
  }

  template <class V>
  void apply(const V* power, V* bands) const {
    for (std::int64_t i = 0; i < up_to[0]; ++i) bands[row[i]] = V{};
    const T* w = weights.data();
    apply_unrolled<1>(power, w, bands);
    for (std::int64_t i = up_to[unrolled_bins]; i < count; ++i) {
      bands[row[i]] = dot(power + first[i], w, length[i]);
      w += length[i];
    }
  }

 private:
  template <int N, class V>
  void apply_unrolled(const V* power, const T*& w, V* bands) const {
    for (std::int64_t i = up_to[N - 1]; i < up_to[N]; ++i) {
      bands[row[i]] = dot(power + first[i], w, N);
      w += N;
    }
    if constexpr (N < unrolled_bins) apply_unrolled<N + 1>(power, w, bands);
  }

  template <class V>
  static SONOGRAM_INLINE V dot(const V* x, const T* w, std::int64_t n) {
    V a{}, b{};
    std::int64_t k = 0;
    for (; k + 2 <= n; k += 2) {
      a = fused<T>(x[k], w[k], a);
      b = fused<T>(x[k + 1], w[k + 1], b);
    }
    if (k < n) a = fused<T>(x[k], w[k], a);
    return a + b;
  }
};

}  // namespace
