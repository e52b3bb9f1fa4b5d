// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Real DFTs of prime length. C. M. Rader, "Discrete Fourier transforms when the number of data
// samples is prime", Proc. IEEE 56 (1968): with j = g^q and k = g^-s, the sum over j != 0 of
// x[j] w^(jk) is a cyclic convolution of length p - 1 with c[m] = exp(-2 pi i g^-m / p). With
// h = (p - 1)/2, Re c[m + h] = Re c[m] and Im c[m + h] = -Im c[m], so that
// - one real convolution with Re c + Im c gives both parts: Re = (u[s] + u[s+h])/2 and
//   Im = (u[s] - u[s+h])/2, where p - 1 has small factors;
// - else Re is a cyclic convolution of x[g^q] + x[g^(q+h)] and Im a negacyclic one of
//   x[g^q] - x[g^(q+h)], of length h each, padded to a length with small factors.
//.
#pragma once
#include "kernels/fft/passes.hpp"

namespace {

template <class T>
class Rader {
 public:
  explicit Rader(std::int64_t p)
      : p_(p),
        half_((p - 1) / 2),
        whole_(largest_prime_factor(p - 1) <= 7),
        length_(whole_ ? p - 1 : padded_length(half_)),
        plan_(static_cast<std::size_t>(length_)),
        first_(plan_),
        slot_(p),
        where_(half_ + 1) {
    const std::int64_t m = p - 1, g = primitive_root(p), inverse = power_mod(g, p - 2, p);
    Array<double> re(m), im(m);  // c
    const pocketfft::detail::sincos_2pibyn<double> root(static_cast<std::size_t>(p));
    slot_[0] = 0;
    for (std::int64_t q = 0, up = 1, down = 1; q < m; ++q) {
      slot_[up] = static_cast<std::int32_t>(1 + q);  // x[g^q] goes to place q of the sequence
      if (down <= half_) where_[down] = static_cast<std::int32_t>(q);  // g^-q = down
      re[q] = root[static_cast<std::size_t>(down)].r;
      im[q] = -root[static_cast<std::size_t>(down)].i;
      up = up * g % p;
      down = down * inverse % p;
    }
    if (whole_) {
      for (std::int64_t q = 0; q < m; ++q) re[q] += im[q];
      set_kernel(even_, re, m, 1, 0.5);
    } else {
      set_kernel(even_, re, half_, 1, 1.0);
      set_kernel(odd_, im, half_, -1, 1.0);
    }
  }

  std::int64_t buffer() const { return whole_ ? p_ : 2 * (length_ + 2); }
  const std::int32_t* slots() const { return slot_.data(); }

  // data: x[0], then the p - 1 others at their slots. Returns where the half-complex result lies,
  // inside `data` or `other` (buffer() vectors each).
  template <class V>
  V* run(V* data, V* other) const {
    return whole_ ? run_whole(data, other) : run_halves(data, other);
  }

 private:
  // Room for the overlap, at the least cost: fives and threes take longer than fours.
  static std::int64_t padded_length(std::int64_t h) {
    std::int64_t best = 0;
    double least = 0;
    for (std::int64_t n = 2 * h - 1; n <= 3 * h + 8; ++n) {
      std::int64_t rest = n;
      double passes = 0;
      for (; rest % 4 == 0; rest /= 4) passes += 1.0;
      for (; rest % 2 == 0; rest /= 2) passes += 0.9;
      for (; rest % 3 == 0; rest /= 3) passes += 1.1;
      for (; rest % 5 == 0; rest /= 5) passes += 1.4;
      if (rest != 1) continue;
      const double cost = static_cast<double>(n) * passes;
      if (best == 0 || cost < least) best = n, least = cost;
    }
    return best;
  }

  // Spectrum of the first m values, continued to the left with this sign where there is padding.
  void set_kernel(Array<T>& kernel, const Array<double>& c, std::int64_t m, int sign,
                  double scale) {
    Array<double> e(length_), work(length_);
    for (std::int64_t q = 0; q < length_; ++q) e[q] = q < m ? c[q] : 0.0;
    for (std::int64_t q = 1; q < m && length_ > m; ++q) e[length_ - q] = sign * c[m - q];
    const RealPlan<double> exact(static_cast<std::size_t>(length_));
    const double* spectrum =
        forward_passes(exact, FirstPasses<double>(exact), e.data(), work.data());
    kernel.resize(length_);
    for (std::int64_t q = 0; q < length_; ++q) {
      kernel[q] = static_cast<T>(spectrum[q] * scale / static_cast<double>(length_));
    }
  }

  template <class V>
  V* run_whole(V* data, V* other) const {
    const V x0 = data[0];
    V* sequence = data + 1;
    V total;
    V* u = convolve(sequence, other, even_, total);
    V* out = u == other ? data : other;
    out[0] = x0 + total;
    for (std::int64_t k = 1; k <= half_; ++k) {
      const std::int64_t s = where_[k], t = s < half_ ? s + half_ : s - half_;
      out[2 * k - 1] = x0 + (u[s] + u[t]);
      out[2 * k] = u[s] - u[t];
    }
    return out;
  }

  template <class V>
  V* run_halves(V* data, V* other) const {
    const V x0 = data[0];
    V* left = other;
    V* right = other + length_ + 2;
    V* a = data + 1;
    for (std::int64_t q = 0; q < half_; ++q) {
      left[q] = a[q] + a[q + half_];
      a[q + half_] = a[q] - a[q + half_];
    }
    for (std::int64_t q = half_; q < length_; ++q) left[q] = V{};
    V total, unused;
    const V* even = convolve(left, right, even_, total);
    for (std::int64_t q = 0; q < half_; ++q) data[q] = even[q];
    for (std::int64_t q = 0; q < half_; ++q) left[q] = a[q + half_];
    for (std::int64_t q = half_; q < length_; ++q) left[q] = V{};
    const V* odd = convolve(left, right, odd_, unused);
    V* out = odd == left ? right : left;
    out[0] = x0 + total;
    for (std::int64_t k = 1; k <= half_; ++k) {
      const std::int64_t s = where_[k];
      const bool first = s < half_;
      out[2 * k - 1] = x0 + data[first ? s : s - half_];
      out[2 * k] = first ? odd[s] : -odd[s - half_];
    }
    return out;
  }

  // Cyclic convolution of `a` with a kernel; `total` is the sum of `a`.
  template <class V>
  V* convolve(V* a, V* work, const Array<T>& kernel, V& total) const {
    V* z = forward_passes(plan_, first_, a, work);
    V* free_one = z == a ? work : a;
    total = z[0];
    z[0] = z[0] * kernel[0];
    std::int64_t k = 1;
    for (; k + 1 < length_; k += 2) {
      rotate<T>(z[k], z[k + 1], kernel[k], kernel[k + 1]);
    }
    if (k < length_) z[k] = z[k] * kernel[k];
    return backward_passes(plan_, z, free_one);
  }

  std::int64_t p_, half_;
  bool whole_;
  std::int64_t length_;
  RealPlan<T> plan_;
  FirstPasses<T> first_;
  Array<std::int32_t> slot_, where_;
  Array<T> even_, odd_;
};

}  // namespace
