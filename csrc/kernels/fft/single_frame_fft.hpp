// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// One frame by itself, as a stream makes them. A tile would compute every lane for the sake of one;
// here the lanes are first the leaves of the frame's own FFT, then columns of its last pass, then
// rows of features. Every value goes through the operations of a tile in a tile's order, so the
// bits are a tile's.
#pragma once
#include "kernels/fft/real_fft.hpp"

namespace {

// The last pass of an FFT of R leaves that lie in the lanes of `a`, R columns at a time: |X|^2 of
// bins 0 .. n/2.
template <class T, int R>
class SingleFrameLastPass {
 public:
  using V = Pack<T, R>;

  void build(const RealFft<T>& fft) {
    leaf_ = fft.leaf();
    columns_ = leaf_ / 2 + 1;
    roots_.resize(2 * (R - 1) * columns_);
    for (std::int64_t k = 0; k < columns_; ++k) {
      const T* w = fft.twiddles(k);
      for (int i = 0; i < 2 * (R - 1); ++i) roots_[i * columns_ + k] = w[i];
    }
  }

  void power(const V* a, T* out) const {
    V re[R], im[R];
    for (int r = 0; r < R; ++r) re[r] = broadcast<V>(a[0][r]), im[r] = V{};
    small_dft<R, T>(re, im);
    for (int j = 0; 2 * j <= R; ++j) out[j * leaf_] = power_of(re[j], im[j])[0];
    const std::int64_t last = (leaf_ - 1) / 2;  // of the columns that mirror to others
    for (std::int64_t k = 1; k <= last; k += R) block(a, k + R - 1 <= last ? k : last - R + 1, out);
    if (leaf_ % 2 == 0) middle(a, out);
  }

 private:
  static SONOGRAM_INLINE V power_of(V re, V im) { return fused<T>(re, re, im * im); }

  SONOGRAM_INLINE void block(const V* a, std::int64_t k, T* out) const {
    V re[R], im[R];
    const T* from = reinterpret_cast<const T*>(a);
    Transposer<T, R>::run(from + (2 * k - 1) * R, 2 * R, re);
    Transposer<T, R>::run(from + 2 * k * R, 2 * R, im);
    const T* w = roots_.data() + k;
    for (int r = 1; r < R; ++r, w += 2 * columns_) {
      rotate_by<T>(re[r], im[r], load<V>(w), load<V>(w + columns_));
    }
    small_dft<R, T>(re, im);
    for (int j = 0; 2 * j < R; ++j) store(out + k + j * leaf_, power_of(re[j], im[j]));
    for (int j = R / 2; j < R; ++j) {
      store(out + (R - j) * leaf_ - k - (R - 1), reversed<T>(power_of(re[j], im[j])));
    }
  }

  void middle(const V* a, T* out) const {
    const std::int64_t k = leaf_ / 2;
    V re[R], im[R];
    for (int r = 0; r < R; ++r) re[r] = broadcast<V>(a[leaf_ - 1][r]), im[r] = V{};
    for (int r = 1; r < R; ++r) {
      const T* w = roots_.data() + 2 * (r - 1) * columns_ + k;
      rotate<T>(re[r], im[r], w[0], w[columns_]);
    }
    small_dft<R, T>(re, im);
    for (int j = 0; 2 * (k + j * leaf_) <= R * leaf_; ++j) {
      out[k + j * leaf_] = power_of(re[j], im[j])[0];
    }
  }

  std::int64_t leaf_ = 0, columns_ = 0;
  Array<T> roots_;  // of leaf r and column k: [2 (r - 1)][k] real, [2 (r - 1) + 1][k] imaginary
};

}  // namespace
