// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Staged tiles into the rows or frames of the output.
#pragma once
#include "kernels/frame/plan.hpp"

namespace {

template <class T>
struct Pair {
  T re, im;
};

// `frames` frames of E in tiles of [rows][W] -> rows of the output.
template <class E, int W>
void flush_rows(const E* staged, std::int64_t rows, std::int64_t frames, E* out,
                std::int64_t row_stride) {
  const std::int64_t whole = frames / W;
  const std::size_t rest = static_cast<std::size_t>(frames - whole * W);
  for (std::int64_t m = 0; m < rows; ++m) {
    E* to = out + m * row_stride;
    const E* from = staged + m * W;
    for (std::int64_t t = 0; t < whole; ++t, from += rows * W, to += W) {
      __builtin_memcpy(to, from, W * sizeof(E));
    }
    for (std::size_t i = 0; i < rest; ++i) to[i] = from[i];
  }
}

// The same tiles -> frames of the output.
template <class E, int W>
void flush_frames(const E* staged, std::int64_t rows, std::int64_t frames, E* out,
                  std::int64_t frame_stride) {
  for (std::int64_t f = 0; f < frames; f += W, staged += rows * W) {
    const std::int64_t n = frames - f < W ? frames - f : W;
    std::int64_t m = 0;
    if constexpr (std::is_floating_point<E>::value) {
      for (; n == W && m + W <= rows; m += W) {
        Pack<E, W> v[W];
        Transposer<E, W>::run(staged + m * W, W, v);
        for (int s = 0; s < W; ++s) store(out + (f + s) * frame_stride + m, v[s]);
      }
    }
    for (; m < rows; ++m) {
      for (std::int64_t i = 0; i < n; ++i) out[(f + i) * frame_stride + m] = staged[m * W + i];
    }
  }
}

// The staged frames [begin, begin + frames) of a job, in tiles of W lanes.
template <class T, int W, class E>
void flush(const Plan<T>& plan, const E* staged, const Job<T>& job, std::int64_t begin,
           std::int64_t frames) {
  E* out = reinterpret_cast<E*>(job.out) + begin * job.frame_stride;
  staged += begin * plan.rows;
  if (job.frame_stride == 1) {
    flush_rows<E, W>(staged, plan.rows, frames, out, job.row_stride);
  } else {
    flush_frames<E, W>(staged, plan.rows, frames, out, job.frame_stride);
  }
}

template <class T, int W>
void flush_any(const Plan<T>& plan, const T* staged, const Job<T>& job, std::int64_t begin,
               std::int64_t frames) {
  if (plan.p.spectrum == Spectrum::complex_values) {
    flush<T, W>(plan, reinterpret_cast<const Pair<T>*>(staged), job, begin, frames);
  } else {
    flush<T, W>(plan, staged, job, begin, frames);
  }
}

// The lines that a tile will be written to are asked for before its arithmetic: a store that waits
// for its line to come from memory holds up all behind it. Rows far apart are beyond what the
// hardware foresees.
template <class T, int W>
SONOGRAM_INLINE void prefetch_output(const Plan<T>& plan, const Job<T>& job, std::int64_t frame) {
#if defined(__GNUC__)
  const std::int64_t size =
      static_cast<std::int64_t>(sizeof(T)) * (plan.p.spectrum == Spectrum::complex_values ? 2 : 1);
  const char* out = reinterpret_cast<const char*>(job.out) + frame * job.frame_stride * size;
  const bool rows = job.frame_stride == 1;
  const std::int64_t runs = rows ? plan.rows : 1, apart = job.row_stride * size;
  const std::int64_t bytes = (rows ? W : W * job.frame_stride) * size;
  // From the end: the line of a run's first byte is where the tile before ended.
  for (std::int64_t r = 0; r < runs; ++r, out += apart) {
    for (std::int64_t at = bytes - 1; at >= 0; at -= 64) __builtin_prefetch(out + at, 1, 2);
  }
#else
  (void)plan, (void)job, (void)frame;
#endif
}

}  // namespace
