// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The one kernel source, compiled once per instruction set with SONOGRAM_TABLE naming the table it
// exports. The standard headers come first and everything else lives in an anonymous namespace,
// pocketfft included: no weak function compiled for one instruction set can then be picked by the
// linker for a caller on another.
#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <memory>
#include <new>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>
#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#include "kernels/kernel.hpp"

#if defined(__GNUC__) && !defined(SONOGRAM_SCALAR)
#define SONOGRAM_VECTORS 1
#else
#define SONOGRAM_VECTORS 0
#endif

namespace {

using sonogram::kernel::Energy;
using sonogram::kernel::Job;
using sonogram::kernel::Log;
using sonogram::kernel::Params;
using sonogram::kernel::Spectrum;

// The passes of pocketfft's real plans are private, and its exec allocates and copies on each call:
// the access labels are lifted for this one header so that fft.hpp can run the passes itself.
#define POCKETFFT_NO_MULTITHREADING
#define POCKETFFT_CACHE_SIZE 0
#define private public
#include SONOGRAM_POCKETFFT
#undef private

// A bare array: std::vector<float> would leave weak functions behind.
template <class T>
class Array {
 public:
  Array() = default;
  explicit Array(std::int64_t n) { resize(n); }
  ~Array() { std::free(data_); }
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;
  void resize(std::int64_t n) {
    std::free(data_);
    data_ = static_cast<T*>(std::malloc(sizeof(T) * static_cast<std::size_t>(n > 0 ? n : 1)));
    if (data_ == nullptr) throw std::bad_alloc();
  }
  T* data() { return data_; }
  const T* data() const { return data_; }
  T& operator[](std::int64_t i) { return data_[i]; }
  const T& operator[](std::int64_t i) const { return data_[i]; }

 private:
  T* data_ = nullptr;
};

// For what must stay in registers: passed by memory it costs more than it computes.
#if defined(__GNUC__)
#define SONOGRAM_INLINE inline __attribute__((always_inline))
#else
#define SONOGRAM_INLINE inline
#endif

#if !SONOGRAM_VECTORS
constexpr int vector_bytes = 0;
#elif defined(__AVX512F__)
constexpr int vector_bytes = 64;
#elif defined(__AVX__)
constexpr int vector_bytes = 32;
#else
constexpr int vector_bytes = 16;
#endif
template <class T>
constexpr int widest = vector_bytes ? vector_bytes / static_cast<int>(sizeof(T)) : 1;
template <class T>
constexpr int narrowest = vector_bytes ? 16 / static_cast<int>(sizeof(T)) : 1;

constexpr int max_radix = 64;
constexpr std::int64_t largest_direct_prime = 23;
constexpr std::int64_t leaf_bytes = 640 * 1024;
constexpr std::int64_t stage_bytes = 96 * 1024;
constexpr std::int64_t most_prefetched = 32;  // cache lines per W samples of W frames

#include "kernels/vector/simd.hpp"

inline float lane_pow(float x, double e) { return ::powf(x, static_cast<float>(e)); }
inline double lane_pow(double x, double e) { return ::pow(x, e); }

#include "kernels/vector/log.hpp"

#include "kernels/fft/codelets.hpp"

#include "kernels/fft/passes.hpp"

#include "kernels/fft/rader.hpp"

#include "kernels/fft/real_fft.hpp"

#include "kernels/frame/bank.hpp"

#if SONOGRAM_VECTORS
#include "kernels/fft/single_frame_fft.hpp"
#endif

#include "kernels/frame/plan.hpp"

#include "kernels/frame/tile.hpp"

#if SONOGRAM_VECTORS
#include "kernels/frame/single_frame.hpp"
#endif

#include "kernels/rows/rows.hpp"

#include "kernels/rows/moments.hpp"

// Denormal numbers are taken as zero while a kernel runs; the caller's setting comes back after.
class FlushDenormals {
 public:
#if defined(__SSE2__)
  FlushDenormals() : saved_(_mm_getcsr()) { _mm_setcsr(saved_ | 0x8040u); }
  ~FlushDenormals() { _mm_setcsr(saved_); }

 private:
  unsigned saved_;
#elif defined(__aarch64__)
  FlushDenormals() {
    __asm__ __volatile__("mrs %0, fpcr" : "=r"(saved_));
    __asm__ __volatile__("msr fpcr, %0" : : "r"(saved_ | (std::uint64_t{1} << 24)));
  }
  ~FlushDenormals() { __asm__ __volatile__("msr fpcr, %0" : : "r"(saved_)); }

 private:
  std::uint64_t saved_;
#endif
};

template <class T>
struct Pair {
  T re, im;
};

// `frames` frames of E in tiles of [rows][W] -> rows of the output.
template <class E, int W>
void flush_rows(const E* stage, std::int64_t rows, std::int64_t frames, E* out,
                std::int64_t row_stride) {
  const std::int64_t whole = frames / W;
  const std::size_t rest = static_cast<std::size_t>(frames - whole * W);
  for (std::int64_t m = 0; m < rows; ++m) {
    E* to = out + m * row_stride;
    const E* from = stage + m * W;
    for (std::int64_t t = 0; t < whole; ++t, from += rows * W, to += W) {
      __builtin_memcpy(to, from, W * sizeof(E));
    }
    for (std::size_t i = 0; i < rest; ++i) to[i] = from[i];
  }
}

// The same tiles -> frames of the output.
template <class E, int W>
void flush_frames(const E* stage, std::int64_t rows, std::int64_t frames, E* out,
                  std::int64_t frame_stride) {
  for (std::int64_t f = 0; f < frames; f += W, stage += rows * W) {
    const std::int64_t n = frames - f < W ? frames - f : W;
    std::int64_t m = 0;
    if constexpr (std::is_floating_point<E>::value) {
      for (; n == W && m + W <= rows; m += W) {
        Pack<E, W> v[W];
        Transposer<E, W>::run(stage + m * W, W, v);
        for (int s = 0; s < W; ++s) store(out + (f + s) * frame_stride + m, v[s]);
      }
    }
    for (; m < rows; ++m) {
      for (std::int64_t i = 0; i < n; ++i) out[(f + i) * frame_stride + m] = stage[m * W + i];
    }
  }
}

// The staged frames [begin, begin + frames) of a job, in tiles of W lanes.
template <class T, int W, class E>
void flush(const Plan<T>& plan, const E* stage, const Job<T>& job, std::int64_t begin,
           std::int64_t frames) {
  E* out = reinterpret_cast<E*>(job.out) + begin * job.frame_stride;
  stage += begin * plan.rows;
  if (job.frame_stride == 1) {
    flush_rows<E, W>(stage, plan.rows, frames, out, job.row_stride);
  } else {
    flush_frames<E, W>(stage, plan.rows, frames, out, job.frame_stride);
  }
}

template <class T, int W>
void flush_any(const Plan<T>& plan, const T* stage, const Job<T>& job, std::int64_t begin,
               std::int64_t frames) {
  if (plan.p.spectrum == Spectrum::complex_values) {
    flush<T, W>(plan, reinterpret_cast<const Pair<T>*>(stage), job, begin, frames);
  } else {
    flush<T, W>(plan, stage, job, begin, frames);
  }
}

// The lines that frames of rows will be written to are asked for before their arithmetic: a store
// that waits for its line to come from memory holds up all behind it.
template <class T, int W>
SONOGRAM_INLINE void prefetch_output(const Plan<T>& plan, const Job<T>& job, std::int64_t frame) {
#if defined(__GNUC__)
  if (job.frame_stride == 1 || plan.p.spectrum == Spectrum::complex_values) return;
  const char* out = reinterpret_cast<const char*>(job.out + frame * job.frame_stride);
  const std::int64_t bytes = W * job.frame_stride * static_cast<std::int64_t>(sizeof(T));
  for (std::int64_t at = 0; at < bytes; at += 64) __builtin_prefetch(out + at, 1, 2);
#else
  (void)plan, (void)job, (void)frame;
#endif
}

template <class T, int W>
void run_frames(Tile<T, W>& tile, const Plan<T>& plan, const T* x, std::ptrdiff_t stride) {
  if (plan.corrected) {
    tile.gather_corrected(x, stride);
  } else {
    tile.gather_leaves(x, stride);
  }
  tile.transform();
}

// Frames [begin, end) in tiles of W lanes; the last may be short.
template <class T, int W>
void run_tiles(const Plan<T>& plan, Job<T>& job, T* scratch, std::int64_t begin, std::int64_t end) {
  Tile<T, W> tile(plan, scratch);
  const std::int64_t elements = plan.p.spectrum == Spectrum::complex_values ? 2 : 1;
  // Whole tiles go straight to their rows, unless those are so many at such a distance that they
  // fall into the same few cache sets.
  const std::int64_t apart = job.row_stride * elements * static_cast<std::int64_t>(sizeof(T));
  const bool direct =
      job.frame_stride == 1 && (end - begin) % W == 0 && (plan.rows <= 128 || apart % 2048 != 0);
  for (std::int64_t f = begin; f < end; f += W) {
    const int m = static_cast<int>(end - f < W ? end - f : W);
    const T* x = job.samples + f * plan.p.hop;
    prefetch_output<T, W>(plan, job, f);
    run_frames(tile, plan, x, m == 1 ? 0 : plan.p.hop);
    T* to = direct ? job.out + f * elements : tile.stage() + f * plan.rows * elements;
    tile.features(to, direct ? job.row_stride : W, m, job.maximum, job.minimum);
  }
  tile.report(job.maximum, job.minimum);
  if (!direct) flush_any<T, W>(plan, tile.stage(), job, begin, end - begin);
}

// Frames [begin, end), each by itself.
template <class T>
void run_one_by_one(const Plan<T>& plan, Job<T>& job, T* scratch, std::int64_t begin,
                    std::int64_t end) {
#if SONOGRAM_VECTORS
  LoneFrame<T> frame(plan, scratch);
  for (std::int64_t f = begin; f < end; ++f) {
    frame.run(job.samples + f * plan.p.hop, job.out + f * job.frame_stride, job.row_stride,
              job.maximum, job.minimum);
  }
#else
  (void)plan, (void)job, (void)scratch, (void)begin, (void)end;
#endif
}

// Calls f(Lanes<W>) for the W that equals `lanes`.
template <int W>
struct Lanes {
  static constexpr int count = W;
};
template <class T, int W, class F>
inline void with_lanes(int lanes, const F& f) {
  if (lanes >= W || W == narrowest<T>) {
    f(Lanes<W>{});
  } else {
    if constexpr (W > narrowest<T>) with_lanes<T, W / 2>(lanes, f);
  }
}

template <class T>
void run(const void* opaque, Job<T>& job, void* memory) {
  const Plan<T>& plan = *static_cast<const Plan<T>*>(opaque);
  const FlushDenormals guard;
  T* scratch = static_cast<T*>(memory);
  const std::int64_t whole = job.frames / plan.lanes * plan.lanes;
  if (whole > 0) {
    with_lanes<T, widest<T>>(plan.lanes, [&](auto w) {
      run_tiles<T, decltype(w)::count>(plan, job, scratch, 0, whole);
    });
  }
  if (whole < job.frames && plan.one_by_one(job.frames - whole)) {
    run_one_by_one(plan, job, scratch, whole, job.frames);
  } else if (whole < job.frames) {
    with_lanes<T, widest<T>>(Plan<T>::tail_lanes(plan.lanes, job.frames - whole), [&](auto w) {
      run_tiles<T, decltype(w)::count>(plan, job, scratch, whole, job.frames);
    });
  }
}

template <class T>
T affine(const void* opaque, T x) {
  const Plan<T>& plan = *static_cast<const Plan<T>*>(opaque);
  if (!plan.p.affine) return x;
  using V = Pack<T, narrowest<T>>;
  T lanes[narrowest<T>];
  const Compress<T>& c = plan.compress;
  store(lanes, fused<T>(broadcast<V>(x), c.affine_scale, broadcast<V>(c.affine_offset)));
  return lanes[0];
}

template <class T>
void clamp(T* values, std::int64_t count, T low) {
  if (low != low) {
    for (std::int64_t i = 0; i < count; ++i) values[i] = low;
    return;
  }
  using V = Pack<T, widest<T>>;
  std::int64_t i = 0;
  for (; i + widest<T> <= count; i += widest<T>) {
    store(values + i, at_least(load<V>(values + i), low));
  }
  for (; i < count; ++i) values[i] = values[i] < low ? low : values[i];
}

template <class T>
void* create(const Params<T>& p) {
  return new Plan<T>(p);
}
template <class T>
void destroy(void* plan) {
  delete static_cast<Plan<T>*>(plan);
}
template <class T>
std::int64_t block_frames(const void* plan) {
  return static_cast<const Plan<T>*>(plan)->block;
}
template <class T>
std::int64_t tile_frames(const void* plan) {
  return static_cast<const Plan<T>*>(plan)->lanes;
}
template <class T>
std::int64_t readable(const void* plan, std::int64_t frames) {
  return static_cast<const Plan<T>*>(plan)->readable(frames);
}
template <class T>
std::size_t scratch_bytes(const void* plan) {
  return static_cast<const Plan<T>*>(plan)->scratch_bytes();
}

}  // namespace

namespace sonogram::kernel {

#define SONOGRAM_OPERATIONS(T)                                                      \
  {&create<T>,        &destroy<T>, &block_frames<T>, &tile_frames<T>, &readable<T>, \
   &scratch_bytes<T>, &run<T>,     &affine<T>,       &clamp<T>,       &sum_rows<T>, \
   &shift_scale<T>,   &project<T>, &weigh_frames<T>, &moments<T>,     &transpose<T>}
#define SONOGRAM_TEXT_(x) #x
#define SONOGRAM_TEXT(x) SONOGRAM_TEXT_(x)

extern const Table SONOGRAM_TABLE = {SONOGRAM_TEXT(SONOGRAM_ISA_NAME), widest<float>,
                                     SONOGRAM_OPERATIONS(float), SONOGRAM_OPERATIONS(double)};

}  // namespace sonogram::kernel
