// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// One frame from samples to a row of features, by the parts of single_frame_fft.hpp and
// single_frame_bank.hpp.
#pragma once
#include "kernels/frame/tile.hpp"

namespace {

template <class T>
class SingleFrame {
 public:
  static constexpr int W = widest<T>;
  using V = Pack<T, W>;

  SingleFrame(const Plan<T>& plan, T* scratch)
      : plan_(plan), frame_(scratch), power_(scratch + Plan<T>::padded(plan.leaf_elements())) {}

  // Features to `out`, `stride` elements apart.
  void run(const T* x, T* out, std::int64_t stride, T& maximum, T& minimum) {
    const Params<T>& p = plan_.p;
    gather(x);
    store(power_ + plan_.bins, V{});
    if (plan_.fft.radix() == 4) transform(plan_.single.by_four);
    if constexpr (8 * static_cast<int>(sizeof(T)) <= vector_bytes) {
      if (plan_.fft.radix() == 8) transform(plan_.single.by_eight);
    }
    shape_spectrum<T, W>(p, reinterpret_cast<V*>(power_), (plan_.bins + W - 1) / W);
    switch (p.log) {
      case Log::ln:
        return plan_.compress.clamps_floor ? emit<Log::ln, true>(out, stride, maximum, minimum)
                                           : emit<Log::ln>(out, stride, maximum, minimum);
      case Log::log1p: return emit<Log::log1p>(out, stride, maximum, minimum);
      case Log::power: return emit<Log::power>(out, stride, maximum, minimum);
      case Log::piecewise: return emit<Log::piecewise>(out, stride, maximum, minimum);
      case Log::none: return emit<Log::none>(out, stride, maximum, minimum);
    }
  }

 private:
  // The windowed frame in the order of its samples: sample i is lane i mod R of vector i / R.
  void gather(const T* x) {
    const Params<T>& p = plan_.p;
    for (std::int64_t i = 0; i < p.win_offset; ++i) frame_[i] = 0;
    for (std::int64_t i = p.win_offset + p.win_length; i < p.n_fft; ++i) frame_[i] = 0;
    T* to = frame_ + p.win_offset;
    const T* w = plan_.window.data();
    if (plan_.corrected) return correct(x, w, to);
    over(0, p.win_length, [&](std::int64_t i) { store(to + i, load<V>(x + i) * load<V>(w + i)); });
  }

  // f(i) for vectors that cover [begin, end); the last may lie over the one before.
  template <class F>
  static SONOGRAM_INLINE void over(std::int64_t begin, std::int64_t end, const F& f) {
    std::int64_t i = begin;
    for (; i + W <= end; i += W) f(i);
    if (i < end) f(end - W);
  }

  // tile.hpp: correct
  void correct(const T* x, const T* w, T* to) {
    const Params<T>& p = plan_.p;
    const T mean = p.remove_dc ? frame_mean(x) : T(0);
    const V means = broadcast<V>(mean);
    const V first = broadcast<V>(x[0]) - means;
    to[0] = (fused<T>(-first, p.frame_preemphasis, first) * w[0])[0];
    over(1, p.win_length, [&](std::int64_t i) {
      const V before = load<V>(x + i - 1) - means, now = load<V>(x + i) - means;
      store(to + i, fused<T>(-before, p.frame_preemphasis, now) * load<V>(w + i));
    });
    if (p.energy == Energy::raw) measure(x, mean);
    if (p.energy == Energy::windowed) measure(to, T(0));
  }

  T frame_mean(const T* x) const {
    alignas(64) T parts[16];
    partial_sums<T, W>(x, plan_.p.win_length, parts);
    T total[4] = {0, 0, 0, 0};
    for (int j = 0; j < 16; ++j) total[j % 4] += parts[j];
    return ((total[0] + total[1]) + (total[2] + total[3])) / static_cast<T>(plan_.p.win_length);
  }

  // Sample i's square goes to sum i mod 4.
  void measure(const T* x, T mean) {
    using Four = Pack<T, 4>;
    const Four means = broadcast<Four>(mean);
    const std::int64_t n = plan_.p.win_length;
    Four sum{};
    std::int64_t i = 0;
    for (; i + 4 <= n; i += 4) {
      const Four v = load<Four>(x + i) - means;
      sum = fused<T>(v, v, sum);
    }
    T rest[4] = {mean, mean, mean, mean};
    for (std::int64_t q = 0; i + q < n; ++q) rest[q] = x[i + q];
    const Four v = load<Four>(rest) - means, longer = fused<T>(v, v, sum);
    for (int q = 0; i + q < n; ++q) sum[q] = longer[q];
    energy_ = broadcast<Four>((sum[0] + sum[1]) + (sum[2] + sum[3])) * plan_.p.energy_scale;
  }

  template <int R>
  SONOGRAM_INLINE void transform(const SingleFrameLastPass<T, R>& combine) {
    using Leaves = Pack<T, R>;
    T* spare = frame_ + Plan<T>::padded(plan_.p.n_fft);
    combine.power(
        plan_.fft.run_leaf(reinterpret_cast<Leaves*>(frame_), reinterpret_cast<Leaves*>(spare)),
        power_);
  }

  template <Log kind, bool clamps_floor = false>
  void emit(T* out, std::int64_t stride, T& maximum, T& minimum) {
    const T* values = power_;
    if (plan_.bank.count > 0) {  // the leaves are free again: room for the bands
      plan_.single.bank.apply(power_, frame_);
      store(frame_ + plan_.bank.count, V{});
      values = frame_;
    }
    if (plan_.extra != 0) {
      *out = log_energy<T, 4>(plan_.p, energy_)[0];
      out += stride;
    }
    const Compress<T> c = plan_.compress;  // stores to rows may not change it
    const std::int64_t rows = plan_.rows - plan_.extra;
    const bool finished = plan_.p.affine || plan_.p.track_range;
    Extremes<T, W> extremes;
    for (std::int64_t r = 0; r < rows; r += W) {
      const int n = rows - r < W ? static_cast<int>(rows - r) : W;
      V y = compress<T, W, kind, clamps_floor>(load<V>(values + r), c);
      if (finished && n == W) {
        y = extremes.add(y, c);
      } else if (finished) {
        Extremes<T, W> rest;
        y = rest.add(y, c);
        if (plan_.p.track_range) rest.reduce(n, maximum, minimum);
      }
      write(y, n, out + r * stride, stride);
    }
    if (plan_.p.track_range) extremes.reduce(W, maximum, minimum);
  }

  static SONOGRAM_INLINE void write(V y, int n, T* out, std::int64_t stride) {
    if (stride == 1) return store_some<T, W>(out, y, n);
    T values[W];
    store(values, y);
    for (int i = 0; i < n; ++i) out[i * stride] = values[i];
  }

  const Plan<T>& plan_;
  T* frame_;
  T* power_;
  Pack<T, 4> energy_{};
};

}  // namespace
