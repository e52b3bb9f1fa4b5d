// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Sums and sums of squares of every row over its frames, in double.
#pragma once
#include "kernels/rows/rows.hpp"

namespace {

template <int W, class T>
SONOGRAM_INLINE Pack<double, W> widened(const T* p) {
#if SONOGRAM_VECTORS
  return __builtin_convertvector(load<Pack<T, W>>(p), Pack<double, W>);
#else
  return static_cast<double>(*p);
#endif
}

// One row: sixteen sums in turn whatever the width, added in one order.
template <class T>
void row_moments(const T* x, std::int64_t frames, double shift, double& sum, double& squares) {
  constexpr int parts = 16, W = widest<double>, vectors = parts / W;
  using V = Pack<double, W>;
  V s[vectors] = {}, q[vectors] = {};
  std::int64_t t = 0;
  for (; t + parts <= frames; t += parts) {
    for (int i = 0; i < vectors; ++i) {
      const V d = widened<W>(x + t + i * W) - shift;
      s[i] = s[i] + d;
      q[i] = fused<double>(d, d, q[i]);
    }
  }
  double a[parts], b[parts];
  for (int i = 0; i < vectors; ++i) store(a + i * W, s[i]), store(b + i * W, q[i]);
  for (int i = 0; t < frames; ++i, ++t) {
    const double d = static_cast<double>(x[t]) - shift;
    a[i] += d;
    b[i] += d * d;
  }
  for (int half = parts / 2; half > 0; half /= 2) {
    for (int i = 0; i < half; ++i) a[i] += a[i + half], b[i] += b[i + half];
  }
  sum = a[0], squares = b[0];
}

// x[row * row_stride + frame * frame_stride], one of the strides 1; `shift` (may be null: zero) is
// taken from every value first.
template <class T>
void moments(const T* x, std::int64_t rows, std::int64_t frames, std::int64_t row_stride,
             std::int64_t frame_stride, const double* shift, double* sums, double* squares) {
  if (frame_stride == 1) {
    for (std::int64_t r = 0; r < rows; ++r) {
      row_moments(x + r * row_stride, frames, shift != nullptr ? shift[r] : 0.0, sums[r],
                  squares[r]);
    }
    return;
  }
  for (std::int64_t r = 0; r < rows; r += max_columns) {
    const std::int64_t n = rows - r < max_columns ? rows - r : max_columns;
    double s[max_columns] = {}, q[max_columns] = {}, c[max_columns] = {};
    for (std::int64_t i = 0; shift != nullptr && i < n; ++i) c[i] = shift[r + i];
    for (std::int64_t t = 0; t < frames; ++t) {
      const T* from = x + t * frame_stride + r;
      for (std::int64_t i = 0; i < n; ++i) {
        const double d = static_cast<double>(from[i]) - c[i];
        s[i] += d;
        q[i] += d * d;
      }
    }
    for (std::int64_t i = 0; i < n; ++i) sums[r + i] = s[i], squares[r + i] = q[i];
  }
}

}  // namespace
