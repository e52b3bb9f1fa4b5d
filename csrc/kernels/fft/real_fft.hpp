// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Real FFTs of W frames at once. n = radix * leaf: every leaf is a pocketfft real plan, or a prime
// length by Rader's algorithm (rader.hpp); `combine` is the last, decimation-in-time
// pass.
#pragma once
#include "kernels/fft/rader.hpp"

namespace {

constexpr int max_radix = 64;
constexpr std::int64_t largest_direct_prime = 23;

// Any radix, by the definition; `roots` holds exp(-2 pi i q / R) as pairs.
template <class T, class V>
inline void any_dft(int radix, const T* roots, V* re, V* im) {
  V yr[max_radix], yi[max_radix];
  for (int j = 0; j < radix; ++j) {
    V sr = re[0], si = im[0];
    for (int r = 1, q = j; r < radix; ++r, q = (q + j) % radix) {
      const T c = roots[2 * q], s = roots[2 * q + 1];
      sr = fused<T>(-im[r], s, fused<T>(re[r], c, sr));
      si = fused<T>(im[r], c, fused<T>(re[r], s, si));
    }
    yr[j] = sr, yi[j] = si;
  }
  for (int j = 0; j < radix; ++j) re[j] = yr[j], im[j] = yi[j];
}

template <class T>
class RealFft {
 public:
  explicit RealFft(std::int64_t n) : n_(n) {
    const std::int64_t prime = largest_prime_factor(n);
    const bool rader = prime > largest_direct_prime && n / prime <= max_radix;
    radix_ = rader ? static_cast<int>(n / prime) : choose_radix(n, prime);
    leaf_ = n / radix_;
    if (rader) {
      rader_ = new Rader<T>(leaf_);
      buffer_ = rader_->buffer();
    } else {
      plan_ = new RealPlan<T>(static_cast<std::size_t>(leaf_));
      bring_four_forward(*plan_);
      first_ = new FirstPasses<T>(*plan_);
      buffer_ = leaf_ % 64 == 0 ? leaf_ + 4 : leaf_;  // a page apart they would share cache sets
    }
    make_twiddles();
  }
  ~RealFft() {
    delete rader_;
    delete first_;
    delete plan_;
  }
  RealFft(const RealFft&) = delete;
  RealFft& operator=(const RealFft&) = delete;

  std::int64_t size() const { return n_; }
  int radix() const { return radix_; }
  std::int64_t leaf() const { return leaf_; }
  std::int64_t buffer() const { return buffer_; }  // vectors in each of the radix() + 1 buffers
  // Of column k: real and imaginary part for each leaf but the first.
  const T* twiddles(std::int64_t k) const { return twiddles_.data() + 2 * (radix_ - 1) * k; }
  // Where sample j of a leaf belongs in its buffer; null: at j.
  const std::int32_t* slots() const { return rader_ ? rader_->slots() : nullptr; }

  template <class V>
  V* run_leaf(V* data, V* other) const {
    return rader_ ? rader_->run(data, other) : forward_passes(*plan_, *first_, data, other);
  }

  // The last pass: bins 0 .. n/2 of the whole transform, each given once to sink(bin, re, im).
  template <class V, class Sink>
  void combine(V* const* leaves, const Sink& sink) const {
    switch (radix_) {
      case 1: return single(leaves[0], sink);
      case 2: return merge<2>(leaves, sink);
      case 3: return merge<3>(leaves, sink);
      case 4: return merge<4>(leaves, sink);
      case 5: return merge<5>(leaves, sink);
      case 7: return merge<7>(leaves, sink);
      case 8: return merge<8>(leaves, sink);
      default: return merge<0>(leaves, sink);
    }
  }

 private:
  // Leaves of common sizes (multiples of 8 up to 2048) are so small that their two buffers of the
  // widest vectors take 50 KiB at the most, about a first-level cache.
  // The radix determines the rounding, so it may depend on n only (docs/decisions/0004).
  static int choose_radix(std::int64_t n, std::int64_t prime) {
    if (n < 64 || prime > largest_direct_prime) return 1;
    if (n % 8 == 0 && n >= 1600) return 8;
    if (n % 4 == 0) return 4;
    for (const int radix : {7, 3, 5, 2}) {
      if (n % radix == 0) return radix;
    }
    return 1;
  }

  void make_twiddles() {
    const pocketfft::detail::sincos_2pibyn<T> root(static_cast<std::size_t>(n_));
    const std::int64_t columns = leaf_ / 2 + 1;
    twiddles_.resize(2 * (radix_ - 1) * columns);
    for (std::int64_t k = 0, at = 0; k < columns; ++k) {
      for (int r = 1; r < radix_; ++r, at += 2) {
        twiddles_[at] = root[static_cast<std::size_t>(k * r)].r;
        twiddles_[at + 1] = -root[static_cast<std::size_t>(k * r)].i;
      }
    }
    roots_.resize(2 * radix_);
    for (int q = 0; q < radix_; ++q) {
      roots_[2 * q] = root[static_cast<std::size_t>(q * leaf_)].r;
      roots_[2 * q + 1] = -root[static_cast<std::size_t>(q * leaf_)].i;
    }
  }

  template <class V, class Sink>
  void single(const V* a, const Sink& sink) const {
    sink(0, a[0], V{});
    std::int64_t k = 1;
    for (; 2 * k < n_; ++k) sink(k, a[2 * k - 1], a[2 * k]);
    if (2 * k == n_) sink(k, a[n_ - 1], V{});
  }

  template <int R, class V>
  SONOGRAM_INLINE void butterfly(V* re, V* im) const {
    if constexpr (R == 0) {
      any_dft<T>(radix_, roots_.data(), re, im);
    } else {
      small_dft<R, T>(re, im);
    }
  }

  template <int R, class V>
  SONOGRAM_INLINE void twiddle(const T* w, int radix, V* re, V* im) const {
    for (int r = 1; r < radix; ++r) rotate<T>(re[r], im[r], w[2 * (r - 1)], w[2 * (r - 1) + 1]);
  }

  // Column k of the leaves gives bins k + j * leaf; those above n/2 mirror to n - bin.
  template <int R, class V, class Sink>
  void merge(V* const* a, const Sink& sink) const {
    const int radix = R ? R : radix_;
    const std::int64_t m = leaf_;
    V re[R ? R : max_radix], im[R ? R : max_radix];
    for (int r = 0; r < radix; ++r) re[r] = a[r][0], im[r] = V{};
    butterfly<R>(re, im);
    for (int j = 0; 2 * j <= radix; ++j) sink(j * m, re[j], im[j]);
    const T* w = twiddles_.data() + 2 * (radix - 1);
    std::int64_t k = 1;
    for (; 2 * k < m; ++k, w += 2 * (radix - 1)) {
      for (int r = 0; r < radix; ++r) re[r] = a[r][2 * k - 1], im[r] = a[r][2 * k];
      twiddle<R>(w, radix, re, im);
      butterfly<R>(re, im);
      for (int j = 0; j < radix; ++j) {
        if (2 * j < radix) {
          sink(k + j * m, re[j], im[j]);
        } else {
          sink((radix - j) * m - k, re[j], -im[j]);
        }
      }
    }
    if (2 * k == m) {
      for (int r = 0; r < radix; ++r) re[r] = a[r][m - 1], im[r] = V{};
      twiddle<R>(w, radix, re, im);
      butterfly<R>(re, im);
      for (int j = 0; 2 * (k + j * m) <= n_; ++j) sink(k + j * m, re[j], im[j]);
    }
  }

  std::int64_t n_ = 0, leaf_ = 0, buffer_ = 0;
  int radix_ = 1;
  RealPlan<T>* plan_ = nullptr;
  FirstPasses<T>* first_ = nullptr;
  Rader<T>* rader_ = nullptr;
  Array<T> twiddles_, roots_;
};

}  // namespace
