// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// One tile: W frames of one item from samples to rows of features. Included inside the anonymous
// namespace of kernel.cpp.

template <class T, int W>
class Tile {
 public:
  using V = Pack<T, W>;

  Tile(const Plan<T>& plan, T* scratch) : plan_(plan) {
    rows_ = scratch;
    leaves_ = reinterpret_cast<V*>(rows_ + Plan<T>::padded(plan.row_elements()));
    power_ = reinterpret_cast<V*>(reinterpret_cast<T*>(leaves_) +
                                  Plan<T>::padded(plan.leaf_elements()));
    stage_ = reinterpret_cast<T*>(power_) + Plan<T>::padded(plan.power_elements());
  }

  T* stage() const { return stage_; }

  // Frames one by one, windowed, straight into the leaves (stride 0: one frame, W times).
  void gather_leaves(const T* x, std::ptrdiff_t stride) {
    const Params<T>& p = plan_.p;
    const T* w = plan_.natural.data();
    const std::int32_t* place = plan_.place.data();
    for (std::int64_t i = 0; i < p.win_offset; ++i) leaves_[place[i]] = V{};
    place += p.win_offset;
    std::int64_t i = 0;
    for (; i + W <= p.win_length; i += W) {
      V v[W];
      Transposer<T, W>::run(x + i, stride, v);
      for (int s = 0; s < W; ++s) leaves_[place[i + s]] = v[s] * w[i + s];
    }
    if (i < p.win_length) {
      V v[W];
      Transposer<T, W>::run(x + i, stride, v);
      for (int s = 0; i + s < p.win_length; ++s) leaves_[place[i + s]] = v[s] * w[i + s];
    }
    for (i = p.win_length; i < p.n_fft - p.win_offset; ++i) leaves_[place[i]] = V{};
  }

  // Frames one by one: row i holds sample i of W frames.
  void gather_rows(const T* x, std::ptrdiff_t stride) {
    for (std::int64_t i = 0; i < plan_.p.win_length; i += W) {
      V v[W];
      Transposer<T, W>::run(x + i, stride, v);
      for (int s = 0; s < W; ++s) store(rows_ + (i + s) * W, v[s]);
    }
  }

  // Every leaf from the rows, each transformed while it is still near.
  void transform_rows() {
    const Params<T>& p = plan_.p;
    V mean{};
    if (p.remove_dc) mean = frame_mean();
    const int radix = plan_.fft.radix();
    V* spare = leaves_ + radix * plan_.fft.buffer();
    for (int r = 0; r < radix; ++r) {
      V* data = leaves_ + r * plan_.fft.buffer();
      fill_leaf(r, data, mean);
      spare = transform_leaf(r, data, spare);
    }
  }

  void transform_leaves() {
    const int radix = plan_.fft.radix();
    V* spare = leaves_ + radix * plan_.fft.buffer();
    for (int r = radix - 1; r >= 0; --r) {
      spare = transform_leaf(r, leaves_ + r * plan_.fft.buffer(), spare);
    }
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
    plan_.fft.combine(result_, [power](std::int64_t k, V re, V im) { power[k] = re * re + im * im; });
    shape_spectrum();
    switch (p.log) {
      case Log::ln: return emit<Log::ln>(to, ld, m, maximum, minimum);
      case Log::log1p: return emit<Log::log1p>(to, ld, m, maximum, minimum);
      default: return emit<Log::none>(to, ld, m, maximum, minimum);
    }
  }

 private:
  // Returns the buffer that the result did not take.
  inline V* transform_leaf(int r, V* data, V* spare) {
    result_[r] = plan_.fft.run_leaf(data, spare);
    return result_[r] == data ? spare : data;
  }

  inline V sample(std::int64_t s) const { return load<V>(rows_ + s * W); }

  V frame_mean() const {
    V a{}, b{}, c{}, d{};
    const std::int64_t n = plan_.p.win_length;
    std::int64_t s = 0;
    for (; s + 4 <= n; s += 4) {
      a = a + sample(s), b = b + sample(s + 1), c = c + sample(s + 2), d = d + sample(s + 3);
    }
    for (; s < n; ++s) a = a + sample(s);
    return ((a + b) + (c + d)) / static_cast<T>(n);
  }

  // Kaldi, feat/feature-window.cc: the mean is removed first; sample 0 is its own predecessor.
  inline V corrected(std::int64_t s, V mean) const {
    const V now = sample(s) - mean, before = sample(s > 0 ? s - 1 : 0) - mean;
    return now - before * plan_.p.frame_preemphasis;
  }

  // Leaf r holds samples r, r + radix, ... of the n_fft; outside the window they are zero.
  void fill_leaf(int r, V* data, V mean) const {
    const int radix = plan_.fft.radix();
    const std::int32_t* slots = plan_.fft.slots();
    const std::int64_t skip = plan_.leaf_skip[r], size = plan_.fft.leaf();
    const T* w = plan_.window.data() + plan_.leaf_at[r];
    const std::int64_t count = plan_.leaf_at[r + 1] - plan_.leaf_at[r];
    std::int64_t s = r + skip * radix - plan_.p.win_offset;
    for (std::int64_t j = 0; j < size; ++j) {
      V v{};
      if (j >= skip && j < skip + count) {
        v = corrected(s, mean) * w[j - skip];
        s += radix;
      }
      data[slots ? slots[j] : j] = v;
    }
  }

  // |X|^2 -> max(|X|^2 + eps, floor) -> its root or another power.
  void shape_spectrum() const {
    const Params<T>& p = plan_.p;
    V* v = power_;
    const std::int64_t n = plan_.bins;
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

  template <Log kind>
  void emit(T* to, std::int64_t ld, int m, T& maximum, T& minimum) const {
    const V* values = power_;
    if (plan_.bank.count > 0) {  // the leaves are free again: room for the bands
      plan_.bank.apply(power_, leaves_);
      values = leaves_;
    }
    if (plan_.p.affine || plan_.p.track_range) {
      emit_finished<kind>(values, to, ld, m, maximum, minimum);
      return;
    }
    for (std::int64_t row = 0; row < plan_.rows; ++row) {
      store(to + row * ld, compress<T, W, kind>(values[row], plan_.compress));
    }
  }

  template <Log kind>
  void emit_finished(const V* values, T* to, std::int64_t ld, int m, T& maximum, T& minimum) const {
    const Compress<T>& c = plan_.compress;
    V high = broadcast<V>(static_cast<T>(-__builtin_inf()));
    V low = broadcast<V>(static_cast<T>(__builtin_inf()));
    V spoiled{};  // NaN once a value was NaN or infinite
    for (std::int64_t row = 0; row < plan_.rows; ++row) {
      const V y = compress<T, W, kind>(values[row], c);
      high = y > high ? y : high;
      spoiled = spoiled + y * T(0);
      const V z = y * c.affine_scale + c.affine_offset;
      low = z < low ? z : low;
      store(to + row * ld, z);
    }
    reduce(high, low, m, maximum, minimum);
    for (int lane = 0; lane < m; ++lane) {
      T s[W];
      store(s, spoiled);
      if (s[lane] == s[lane]) continue;
      for (std::int64_t row = 0; row < plan_.rows; ++row) {
        const T z = to[row * ld + lane];
        if (z != z) maximum = z;
      }
    }
  }

  static void reduce(V high, V low, int m, T& maximum, T& minimum) {
    T h[W], l[W];
    store(h, high);
    store(l, low);
    for (int i = 0; i < m; ++i) {
      if (h[i] > maximum) maximum = h[i];
      if (l[i] < minimum) minimum = l[i];
    }
  }

  const Plan<T>& plan_;
  T* rows_;
  V* leaves_;
  V* power_;
  T* stage_;
  V* result_[max_radix];
};
