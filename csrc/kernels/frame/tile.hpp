// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// One tile: W frames of one item from samples to rows of features.
#pragma once
#include "kernels/frame/plan.hpp"

namespace {

constexpr std::int64_t max_prefetched = 32;  // cache lines per W samples of W frames

// |X|^2 -> max(|X|^2 + eps, floor) -> its root or another power, over n vectors.
template <class T, int W>
void shape_spectrum(const Params<T>& p, Pack<T, W>* v, std::int64_t n) {
  if (p.power_eps != 0) {
    for (std::int64_t k = 0; k < n; ++k) v[k] = v[k] + p.power_eps;
  }
  if (p.power_floor > 0) {
    for (std::int64_t k = 0; k < n; ++k) v[k] = at_least(v[k], p.power_floor);
  }
  if (p.spectrum == Spectrum::magnitude) {
    for (std::int64_t k = 0; k < n; ++k) v[k] = sqrt_of<T, W>(v[k]);
  } else if (p.spectrum == Spectrum::exponent) {
    T* x = reinterpret_cast<T*>(v);
    for (std::int64_t i = 0; i < n * W; ++i) x[i] = lane_pow(x[i], p.exponent / 2);
  }
}

// ln(max(energy, floor)), exact at the floor.
template <class T, int W>
Pack<T, W> log_energy(const Params<T>& p, Pack<T, W> energy) {
  using V = Pack<T, W>;
  const V a = at_least(energy, p.energy_floor);
  const V y = or_infinite<T>(scaled_log<W>(a, LogScale<T>(1.0)), a);
  return energy <= broadcast<V>(p.energy_floor) ? broadcast<V>(p.log_of_energy_floor) : y;
}

// The largest value before the affine stage and the smallest after it, lane by lane.
template <class T, int W>
struct Extremes {
  using V = Pack<T, W>;
  V high = broadcast<V>(static_cast<T>(-__builtin_inf()));
  V low = broadcast<V>(static_cast<T>(__builtin_inf()));
  decltype(V{} != V{}) has_nan{};  // a NaN was seen; comparisons drop it

  // Takes y, returns it after the affine stage.
  SONOGRAM_INLINE V add(V y, const Compress<T>& c) {
    const V z = fused<T>(y, c.affine_scale, broadcast<V>(c.affine_offset));
    high = y > high ? y : high;
    low = z < low ? z : low;
    has_nan = has_nan | (y != y);
    return z;
  }
  // Of the first m lanes.
  void reduce(int m, T& maximum, T& minimum) const {
    T h[W], l[W], s[W];
    store(h, high);
    store(l, low);
    store(s, has_nan ? broadcast<V>(T(1)) : V{});
    for (int i = 0; i < m; ++i) {
      if (h[i] > maximum) maximum = h[i];
      if (l[i] < minimum) minimum = l[i];
    }
    for (int i = 0; i < m; ++i) {
      if (s[i] != 0) maximum = static_cast<T>(__builtin_nan(""));
    }
  }
};

// Samples into partial sums: sample i goes to sum i mod 64, whatever the width of the vectors; on
// return `to` holds sixteen.
template <class T, int W>
SONOGRAM_INLINE void partial_sums(const T* from, std::int64_t n, T* to) {
  using V = Pack<T, W>;
  constexpr int parts = 16, vectors = parts / W;
  const std::int64_t whole = n / parts * parts;
  V sums[4][vectors] = {};
  const auto add = [&](int q, const T* x) {
    for (int j = 0; j < vectors; ++j) sums[q][j] = sums[q][j] + load<V>(x + j * W);
  };
  std::int64_t i = 0;
  for (; i + 4 * parts <= n; i += 4 * parts) {
    for (int q = 0; q < 4; ++q) add(q, from + i + q * parts);
  }
  for (int q = 0; i < whole; i += parts, ++q) add(q, from + i);
  for (int j = 0; j < vectors; ++j) {
    store(to + j * W, (sums[0][j] + sums[1][j]) + (sums[2][j] + sums[3][j]));
  }
  for (; i < n; ++i) to[i - whole] += from[i];
}

template <class T, int W>
class Tile {
 public:
  using V = Pack<T, W>;

  Tile(const Plan<T>& plan, T* scratch) : plan_(plan) {
    leaves_ = reinterpret_cast<V*>(scratch);
    power_ =
        reinterpret_cast<V*>(reinterpret_cast<T*>(leaves_) + Plan<T>::padded(plan.leaf_elements()));
    staging_ = reinterpret_cast<T*>(power_) + Plan<T>::padded(plan.power_elements());
    const std::int64_t lines = (W * plan.p.hop * static_cast<std::int64_t>(sizeof(T)) + 63) / 64;
    const std::int64_t blocks = (plan.p.win_length + W - 1) / W;
    prefetched_ = (lines + blocks - 1) / blocks;
    if (prefetched_ > max_prefetched) prefetched_ = 0;  // frames far apart
  }

  T* staging() const { return staging_; }

  // Frames one by one, windowed, straight into the leaves (stride 0: one frame, W times).
  void gather_leaves(const T* x, std::ptrdiff_t stride) {
    clear_outside();
    with_places([&](const auto& place) { gather_to(place, x, stride); });
  }

  // Frames whose mean is removed and whose samples are pre-emphasised before the window (Kaldi,
  // feat/feature-window.cc: the mean goes first; sample 0 is its own predecessor).
  void gather_corrected(const T* x, std::ptrdiff_t stride) {
    switch (plan_.p.energy) {
      case Energy::raw: return correct<Energy::raw>(x, stride);
      case Energy::windowed: return correct<Energy::windowed>(x, stride);
      case Energy::none: return correct<Energy::none>(x, stride);
    }
  }

  void transform() {
    const int radix = plan_.fft.radix();
    V* spare = leaves_ + radix * plan_.fft.buffer();
    for (int r = radix - 1; r >= 0; --r) {
      V* data = leaves_ + r * plan_.fft.buffer();
      result_[r] = plan_.fft.run_leaf(data, spare);
      if (result_[r] != data) spare = data;
    }
  }

  // The extremes of the whole tiles so far.
  void report(T& maximum, T& minimum) const {
    if (plan_.p.track_range) extremes_.reduce(W, maximum, minimum);
  }

  // Features of this tile into rows `ld` elements apart; `m` lanes are real frames.
  void features(T* to, std::int64_t ld, int m, T& maximum, T& minimum) {
    const Params<T>& p = plan_.p;
    if (p.spectrum == Spectrum::complex_values) {
      plan_.fft.combine(result_, [to, ld](std::int64_t k, V re, V im) {
        T* row = to + 2 * ld * k;
        if constexpr (W == 1) {
          row[0] = re, row[1] = im;
        } else {
          store(row, zip_low<T>(re, im));
          store(row + W, zip_high<T>(re, im));
        }
      });
      return;
    }
    V* power = power_;
    plan_.fft.combine(
        result_, [power](std::int64_t k, V re, V im) { power[k] = fused<T>(re, re, im * im); });
    shape_spectrum<T, W>(p, power_, plan_.bins);
    switch (p.log) {
      case Log::ln:
        return plan_.compress.clamps_floor ? emit<Log::ln, true>(to, ld, m, maximum, minimum)
                                           : emit<Log::ln>(to, ld, m, maximum, minimum);
      case Log::log1p: return emit<Log::log1p>(to, ld, m, maximum, minimum);
      case Log::power: return emit<Log::power>(to, ld, m, maximum, minimum);
      case Log::piecewise: return emit<Log::piecewise>(to, ld, m, maximum, minimum);
      case Log::none: return emit<Log::none>(to, ld, m, maximum, minimum);
    }
  }

 private:
  // What the next tile reads beyond this one is fetched a few lines at a time between transposes: W
  // interleaved streams are more than the hardware follows, and all at once would stall.
  const char* next_samples(const T* x) const {
    return reinterpret_cast<const char*>(x + (W - 1) * plan_.p.hop + plan_.p.win_length);
  }
  SONOGRAM_INLINE void prefetch(const char*& next) const {
#if defined(__GNUC__)
    for (std::int64_t i = 0; i < prefetched_; ++i, next += 64) __builtin_prefetch(next, 0, 3);
#else
    (void)next;
#endif
  }

  // Zeros where no window reaches.
  void clear_outside() const {
    const Params<T>& p = plan_.p;
    const std::int32_t* place = plan_.place.data();
    for (std::int64_t i = 0; i < p.win_offset; ++i) leaves_[place[i]] = V{};
    for (std::int64_t i = p.win_offset + p.win_length; i < p.n_fft; ++i) leaves_[place[i]] = V{};
  }

  // Calls f(place), where place(i, s) is that of sample i + s of the window among the leaves: a
  // table, or, where vectors of samples are whole rows of leaves, what it would say. i is a
  // multiple of W and s < W.
  template <class F>
  SONOGRAM_INLINE void with_places(const F& f) const {
    const std::int64_t offset = plan_.p.win_offset, buffer = plan_.fft.buffer();
    const int radix = plan_.fft.radix();
    const bool plain = plan_.fft.slots() == nullptr;
    if constexpr (W % 8 == 0) {
      if (plain && radix == 8 && offset % 8 == 0) {
        return f([=](std::int64_t i, int s) { return (i + offset) / 8 + s % 8 * buffer + s / 8; });
      }
    }
    if constexpr (W % 4 == 0) {
      if (plain && radix == 4 && offset % 4 == 0) {
        return f([=](std::int64_t i, int s) { return (i + offset) / 4 + s % 4 * buffer + s / 4; });
      }
    }
    const std::int32_t* place = plan_.place.data() + offset;
    f([=](std::int64_t i, int s) { return std::int64_t{place[i + s]}; });
  }

  template <class Place>
  SONOGRAM_INLINE void gather_to(const Place& place, const T* x, std::ptrdiff_t stride) {
    const std::int64_t length = plan_.p.win_length;
    const T* w = plan_.window.data();
    const char* next = next_samples(x);
    std::int64_t i = 0;
    for (; i + W <= length; i += W) {
      prefetch(next);
      V v[W];
      Transposer<T, W>::run(x + i, stride, v);
      for (int s = 0; s < W; ++s) leaves_[place(i, s)] = v[s] * w[i + s];
    }
    if (i < length) {
      V v[W];
      Transposer<T, W>::run(x + i, stride, v);
      for (int s = 0; i + s < length; ++s) leaves_[place(i, s)] = v[s] * w[i + s];
    }
  }

  template <Energy energy>
  void correct(const T* x, std::ptrdiff_t stride) {
    clear_outside();
    with_places([&](const auto& place) { correct_to<energy>(place, x, stride); });
  }

  template <Energy energy, class Place>
  SONOGRAM_INLINE void correct_to(const Place& place, const T* x, std::ptrdiff_t stride) {
    const Params<T>& p = plan_.p;
    const V mean = p.remove_dc ? frame_means(x, stride) : V{};
    const T c = p.frame_preemphasis;
    const T* w = plan_.window.data();
    V sum[4] = {V{}, V{}, V{}, V{}};
    V before{};
    const char* next = next_samples(x);
    for (std::int64_t i = 0; i < p.win_length; i += W) {
      prefetch(next);
      V v[W];
      Transposer<T, W>::run(x + i, stride, v);
      if (i == 0) before = v[0] - mean;
      const int n = p.win_length - i < W ? static_cast<int>(p.win_length - i) : W;
      const auto place_sample = [&](int s) {
        const V now = v[s] - mean;
        const V leaf = fused<T>(-before, c, now) * w[i + s];
        if (energy != Energy::none) {
          const V measured = energy == Energy::raw ? now : leaf;
          V& part = sum[(W % 4 == 0 ? s : i + s) % 4];  // sample i's, whatever the width
          part = fused<T>(measured, measured, part);
        }
        leaves_[place(i, s)] = leaf;
        before = now;
      };
      if (n == W) {
        for (int s = 0; s < W; ++s) place_sample(s);
      } else {
        for (int s = 0; s < n; ++s) place_sample(s);
      }
    }
    if (energy != Energy::none) {
      energy_ = ((sum[0] + sum[1]) + (sum[2] + sum[3])) * p.energy_scale;
    }
  }

  V frame_means(const T* x, std::ptrdiff_t stride) const {
    constexpr int parts = 16;
    const std::int64_t n = plan_.p.win_length;
    alignas(64) T partial[W * parts];
    for (int f = 0; f < W; ++f) partial_sums<T, W>(x + f * stride, n, partial + f * parts);
    V total[4] = {V{}, V{}, V{}, V{}};
    for (int j = 0; j < parts; j += W) {
      V v[W];
      Transposer<T, W>::run(partial + j, parts, v);
      for (int s = 0; s < W; ++s) total[(j + s) % 4] = total[(j + s) % 4] + v[s];
    }
    return ((total[0] + total[1]) + (total[2] + total[3])) / static_cast<T>(n);
  }

  template <Log kind, bool clamps_floor = false>
  void emit(T* to, std::int64_t ld, int m, T& maximum, T& minimum) {
    const V* values = power_;
    if (plan_.bank.count > 0) {  // the leaves are free again: room for the bands
      plan_.bank.apply(power_, leaves_);
      values = leaves_;
    }
    const std::int64_t extra = plan_.extra;
    if (extra != 0) {
      store(to, log_energy<T, W>(plan_.p, energy_));
      to += ld;
    }
    if (plan_.p.affine || plan_.p.track_range) {
      emit_finished<kind, clamps_floor>(values, to, ld, m, maximum, minimum);
      return;
    }
    const Compress<T> c = plan_.compress;  // stores to rows may not change it
    const std::int64_t rows = plan_.rows - extra;
    for (std::int64_t row = 0; row < rows; ++row, to += ld) {
      store(to, compress<T, W, kind, clamps_floor>(values[row], c));
    }
  }

  template <Log kind, bool clamps_floor = false>
  void emit_finished(const V* values, T* to, std::int64_t ld, int m, T& maximum, T& minimum) {
    const Compress<T> c = plan_.compress;  // stores to rows may not change it
    Extremes<T, W> e;
    if (m == W) e = extremes_;
    const std::int64_t rows = plan_.rows - plan_.extra;
    for (std::int64_t row = 0; row < rows; ++row, to += ld) {
      store(to, e.add(compress<T, W, kind, clamps_floor>(values[row], c), c));
    }
    if (m == W) {
      extremes_ = e;
    } else {
      e.reduce(m, maximum, minimum);
    }
  }

  const Plan<T>& plan_;
  V* leaves_;
  V* power_;
  T* staging_;
  V* result_[max_radix];
  Extremes<T, W> extremes_;
  V energy_{};
  std::int64_t prefetched_ = 0;  // cache lines per block of W samples
};

}  // namespace
