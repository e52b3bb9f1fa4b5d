// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The one kernel source, compiled once per instruction set with SONOGRAM_TABLE naming the table it
// exports.
#include "kernels/kernel.hpp"

#include "kernels/frame/plan.hpp"
#include "kernels/frame/tile.hpp"
#include "kernels/frame/write_tiles.hpp"
#include "kernels/rows/moments.hpp"
#include "kernels/rows/rows.hpp"
#include "kernels/vector/flush_denormals.hpp"
#if SONOGRAM_VECTORS
#include "kernels/frame/single_frame.hpp"
#endif

namespace {

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
    T* to = direct ? job.out + f * elements : tile.staging() + f * plan.rows * elements;
    tile.features(to, direct ? job.row_stride : W, m, job.maximum, job.minimum);
  }
  tile.report(job.maximum, job.minimum);
  if (!direct) flush_any<T, W>(plan, tile.staging(), job, begin, end - begin);
}

// Frames [begin, end), each by itself.
template <class T>
void run_one_by_one(const Plan<T>& plan, Job<T>& job, T* scratch, std::int64_t begin,
                    std::int64_t end) {
#if SONOGRAM_VECTORS
  SingleFrame<T> frame(plan, scratch);
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
