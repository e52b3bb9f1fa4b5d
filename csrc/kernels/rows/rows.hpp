// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Loops over finished frames, [frames][rows] with `ld` elements from frame to frame. Every value is
// computed by itself and sums run over frames in one fixed order, so vectors of any width give the
// same bits.
#pragma once
#include "kernels/vector/simd.hpp"

namespace {

constexpr std::int64_t summed_at_once = 16;  // frames added in T before they go to the double sum
constexpr std::int64_t max_columns = 64;     // accumulators held at once

// sums[r] += sum over frames of x - center or of its square (center may be null: zero).
template <class T, bool squared>
void add_columns(const T* x, std::int64_t frames, std::int64_t columns, std::int64_t ld,
                 const T* center, double* sums) {
  T part[max_columns], c[max_columns];
  for (std::int64_t r = 0; r < columns; ++r) c[r] = center != nullptr ? center[r] : T(0);
  for (std::int64_t f = 0; f < frames; f += summed_at_once) {
    const std::int64_t end = f + summed_at_once < frames ? f + summed_at_once : frames;
    for (std::int64_t r = 0; r < columns; ++r) part[r] = 0;
    for (std::int64_t t = f; t < end; ++t) {
      const T* row = x + t * ld;
      for (std::int64_t r = 0; r < columns; ++r) {
        const T d = row[r] - c[r];
        part[r] += squared ? d * d : d;
      }
    }
    for (std::int64_t r = 0; r < columns; ++r) sums[r] += static_cast<double>(part[r]);
  }
}

template <class T>
void sum_rows(const T* x, std::int64_t frames, std::int64_t rows, std::int64_t ld, const T* center,
              bool squared, double* sums) {
  for (std::int64_t r = 0; r < rows; r += max_columns) {
    const std::int64_t n = rows - r < max_columns ? rows - r : max_columns;
    const T* c = center != nullptr ? center + r : nullptr;
    if (squared) add_columns<T, true>(x + r, frames, n, ld, c, sums + r);
    else add_columns<T, false>(x + r, frames, n, ld, c, sums + r);
  }
}

// out = (x - shift) * scale, both by row.
template <class T>
void shift_scale(const T* x, std::int64_t frames, std::int64_t rows, std::int64_t ld_in,
                 const T* shift, const T* scale, T* out, std::int64_t ld_out) {
  for (std::int64_t t = 0; t < frames; ++t) {
    const T* from = x + t * ld_in;
    T* to = out + t * ld_out;
    for (std::int64_t r = 0; r < rows; ++r) to[r] = (from[r] - shift[r]) * scale[r];
  }
}

// F frames by one vector of columns.
template <class T, int F>
SONOGRAM_INLINE void project_block(const T* x, std::int64_t rows, std::int64_t ld_in,
                                   const T* matrix, std::int64_t ld_matrix, std::int64_t columns,
                                   T* out, std::int64_t ld_out) {
  constexpr int W = widest<T>;
  using V = Pack<T, W>;
  V sum[F] = {};
  for (std::int64_t r = 0; r < rows; ++r) {
    const V m = load<V>(matrix + r * ld_matrix);
    for (int f = 0; f < F; ++f) sum[f] = fused<T>(m, x[f * ld_in + r], sum[f]);
  }
  for (int f = 0; f < F; ++f) store_some<T, W>(out + f * ld_out, sum[f], columns);
}

// out[t][j] = sum over r of x[t][r] matrix[r][j], r ascending. The matrix has zeros behind its
// columns up to a multiple of 16.
template <class T>
void project(const T* x, std::int64_t frames, std::int64_t rows, std::int64_t ld_in,
             const T* matrix, std::int64_t columns, T* out, std::int64_t ld_out) {
  constexpr int W = widest<T>;
  const std::int64_t ld = round_up(columns, 16);
  for (std::int64_t j = 0; j < columns; j += W) {
    const std::int64_t n = columns - j < W ? columns - j : W;
    std::int64_t t = 0;
    for (; t + 8 <= frames; t += 8) {  // so many sums hide how long each takes
      project_block<T, 8>(x + t * ld_in, rows, ld_in, matrix + j, ld, n, out + t * ld_out + j,
                          ld_out);
    }
    for (; t < frames; ++t) {
      project_block<T, 1>(x + t * ld_in, rows, ld_in, matrix + j, ld, n, out + t * ld_out + j,
                          ld_out);
    }
  }
}

// out[r] = sum over j of weights[j] frames[j][r], j ascending.
template <class T>
void weigh_frames(const T* const* frames, const T* weights, std::int64_t count, std::int64_t rows,
                  T* out) {
  for (std::int64_t r = 0; r < rows; ++r) out[r] = 0;
  for (std::int64_t j = 0; j < count; ++j) {
    const T* from = frames[j];
    const T w = weights[j];
    for (std::int64_t r = 0; r < rows; ++r) out[r] += w * from[r];
  }
}

// Rows [r, r + W) of W frames.
template <class T, int W>
SONOGRAM_INLINE void transpose_square(const T* x, std::int64_t rows, T* out, std::int64_t ld) {
  Pack<T, W> v[W];
  Transposer<T, W>::run(x, rows, v);
  for (int s = 0; s < W; ++s) store(out + s * ld, v[s]);
}

// A store that waits for its line to come from memory holds up all behind it: `count` lines of each
// of W rows are asked for ahead.
template <class T, int W>
SONOGRAM_INLINE void ask_for_rows(const T* out, std::int64_t ld, std::int64_t frames) {
#if defined(__GNUC__)
  for (int s = 0; s < W; ++s) {
    for (std::int64_t f = 0; f < frames; f += 64 / static_cast<std::int64_t>(sizeof(T))) {
      __builtin_prefetch(out + s * ld + f, 1, 3);
    }
  }
#else
  (void)out, (void)ld, (void)frames;
#endif
}

// [frames][rows] -> [rows][frames], `ld` elements from row to row of the output. Some frames at a
// time, so that lines of the output are written whole while they are near.
template <class T>
void transpose(const T* x, std::int64_t frames, std::int64_t rows, T* out, std::int64_t ld) {
  constexpr int W = widest<T>;
  constexpr std::int64_t together = 64;
  const std::int64_t whole = rows / W * W;
  for (std::int64_t t = 0; t < frames; t += together) {
    const std::int64_t end = t + together < frames ? t + together : frames;
    for (std::int64_t r = 0; r < whole; r += W) {
      if (r + W < whole) ask_for_rows<T, W>(out + (r + W) * ld + t, ld, end - t);
      else if (end < frames) ask_for_rows<T, W>(out + end, ld, together);
      std::int64_t f = t;
      for (; f + W <= end; f += W) {
        transpose_square<T, W>(x + f * rows + r, rows, out + r * ld + f, ld);
      }
      for (; f < end; ++f) {
        for (std::int64_t s = r; s < r + W; ++s) out[s * ld + f] = x[f * rows + s];
      }
    }
    for (std::int64_t r = whole; r < rows; ++r) {
      for (std::int64_t f = t; f < end; ++f) out[r * ld + f] = x[f * rows + r];
    }
  }
}

}  // namespace
