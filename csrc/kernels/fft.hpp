// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Real FFTs of W frames at once. n = radix * leaf: every leaf is a pocketfft real plan, or a prime
// length by Rader's algorithm over a pocketfft real plan; `combine` is the last, decimation-in-time
// pass. Included inside the anonymous namespace of kernel.cpp.

template <class T>
using RealPlan = pocketfft::detail::rfftp<T>;

// The passes of RealPlan::exec, run between two buffers of ours: no allocation, no final copy.
// Returns the buffer that holds the result.
template <class T, class V>
V* forward_passes(const RealPlan<T>& plan, V* c, V* ch) {
  const std::size_t count = plan.fact.size();
  std::size_t l1 = plan.length;
  for (std::size_t k = count; k-- > 0;) {
    const std::size_t ip = plan.fact[k].fct, ido = plan.length / l1;
    l1 /= ip;
    const T* tw = plan.fact[k].tw;
    if (ip == 4) {
      plan.radf4(ido, l1, c, ch, tw);
    } else if (ip == 2) {
      plan.radf2(ido, l1, c, ch, tw);
    } else if (ip == 3) {
      plan.radf3(ido, l1, c, ch, tw);
    } else if (ip == 5) {
      plan.radf5(ido, l1, c, ch, tw);
    } else {
      plan.radfg(ido, ip, l1, c, ch, tw, plan.fact[k].tws);
      continue;  // this pass leaves its result in c
    }
    std::swap(c, ch);
  }
  return c;
}

template <class T, class V>
V* backward_passes(const RealPlan<T>& plan, V* c, V* ch) {
  std::size_t l1 = 1;
  for (std::size_t k = 0; k < plan.fact.size(); ++k) {
    const std::size_t ip = plan.fact[k].fct, ido = plan.length / (ip * l1);
    const T* tw = plan.fact[k].tw;
    if (ip == 4) {
      plan.radb4(ido, l1, c, ch, tw);
    } else if (ip == 2) {
      plan.radb2(ido, l1, c, ch, tw);
    } else if (ip == 3) {
      plan.radb3(ido, l1, c, ch, tw);
    } else if (ip == 5) {
      plan.radb5(ido, l1, c, ch, tw);
    } else {
      plan.radbg(ido, ip, l1, c, ch, tw, plan.fact[k].tws);
    }
    std::swap(c, ch);
    l1 *= ip;
  }
  return c;
}

inline std::int64_t largest_prime_factor(std::int64_t n) {
  std::int64_t best = 1;
  for (std::int64_t d = 2; d * d <= n; ++d) {
    for (; n % d == 0; n /= d) best = d;
  }
  return n > 1 ? n : best;
}

inline std::int64_t power_mod(std::int64_t base, std::int64_t exponent, std::int64_t mod) {
  std::int64_t r = 1;
  for (; exponent > 0; exponent /= 2, base = base * base % mod) {
    if (exponent & 1) r = r * base % mod;
  }
  return r;
}

inline std::int64_t primitive_root(std::int64_t p) {
  for (std::int64_t g = 2;; ++g) {
    bool ok = true;
    std::int64_t rest = p - 1;
    for (std::int64_t d = 2; d * d <= rest; ++d) {
      if (rest % d) continue;
      ok = ok && power_mod(g, (p - 1) / d, p) != 1;
      while (rest % d == 0) rest /= d;
    }
    if (rest > 1) ok = ok && power_mod(g, (p - 1) / rest, p) != 1;
    if (ok) return g;
  }
}

// C. M. Rader, "Discrete Fourier transforms when the number of data samples is prime", Proc. IEEE
// 56 (1968): with j = g^q and k = g^-s, the sum over j != 0 of x[j] w^(jk) is a cyclic convolution
// of length p - 1. Its kernel is c[m] = exp(-2 pi i g^-m / p), whose real part repeats and whose
// imaginary part changes sign after (p - 1)/2, so one real convolution with Re c + Im c gives both:
// Re = (u[s] + u[s + (p-1)/2]) / 2, Im = (u[s] - u[s + (p-1)/2]) / 2.
template <class T>
class Rader {
 public:
  explicit Rader(std::int64_t p)
      : p_(p), length_(convolution_length(p - 1)), plan_(length_), slot_(p), where_((p - 1) / 2 + 1),
        kernel_(length_) {
    const std::int64_t m = p - 1, g = primitive_root(p), inverse = power_mod(g, p - 2, p);
    Array<double> d(m);
    pocketfft::detail::sincos_2pibyn<double> root(p);
    slot_[0] = 0;
    for (std::int64_t q = 0, up = 1, down = 1; q < m; ++q) {
      slot_[up] = static_cast<std::int32_t>(1 + q);  // x[g^q] goes to place q of the sequence
      if (2 * down < p) where_[down] = static_cast<std::int32_t>(q);  // g^-q = down
      d[q] = root[down].r - root[down].i;
      up = up * g % p;
      down = down * inverse % p;
    }
    Array<double> e(length_), other(length_);
    for (std::int64_t q = 0; q < length_; ++q) e[q] = 0;
    for (std::int64_t q = 0; q < m; ++q) e[q] = d[q];
    for (std::int64_t q = 1; q < m && length_ > m; ++q) e[length_ - q] = d[m - q];
    const RealPlan<double> exact(length_);
    const double* spectrum = forward_passes(exact, e.data(), other.data());
    for (std::int64_t q = 0; q < length_; ++q) {
      kernel_[q] = static_cast<T>(spectrum[q] / (2.0 * static_cast<double>(length_)));
    }
  }

  std::int64_t buffer() const { return length_ + 1 > p_ ? length_ + 1 : p_; }
  const std::int32_t* slots() const { return slot_.data(); }

  // data: x[0], then the p - 1 others at their slots. Returns `data` or `other` (buffer() vectors
  // each), whichever holds the half-complex result.
  template <class V>
  V* run(V* data, V* other) const {
    const V x0 = data[0];
    for (std::int64_t i = p_; i <= length_; ++i) data[i] = V{};
    V* a = forward_passes(plan_, data + 1, other);
    const V total = a[0];
    multiply(a);
    V* u = backward_passes(plan_, a, a == other ? data + 1 : other);
    V* out = u == other ? data : other;
    out[0] = x0 + total;
    const std::int64_t m = p_ - 1, half = m / 2;
    for (std::int64_t k = 1; k <= half; ++k) {
      const std::int64_t s = where_[k], t = s < half ? s + half : s - half;
      out[2 * k - 1] = x0 + (u[s] + u[t]);
      out[2 * k] = u[s] - u[t];
    }
    return out;
  }

 private:
  // p - 1 itself where it has small factors, else a padded length with room for the overlap.
  static std::int64_t convolution_length(std::int64_t m) {
    if (largest_prime_factor(m) <= 7) return m;
    std::int64_t n = 2 * m - 1;
    while (largest_prime_factor(n) > 5) ++n;
    return n;
  }
  template <class V>
  void multiply(V* a) const {
    a[0] = a[0] * kernel_[0];
    std::int64_t k = 1;
    for (; k + 1 < length_; k += 2) {
      const V re = a[k], im = a[k + 1];
      const T kr = kernel_[k], ki = kernel_[k + 1];
      a[k] = re * kr - im * ki;
      a[k + 1] = re * ki + im * kr;
    }
    if (k < length_) a[k] = a[k] * kernel_[k];
  }

  std::int64_t p_, length_;
  RealPlan<T> plan_;
  Array<std::int32_t> slot_, where_;
  Array<T> kernel_;
};

// y[j] = sum over r of z[r] exp(-2 pi i j r / R), in place.
template <int R, class T, class V>
inline void small_dft(V* re, V* im) {
  if constexpr (R == 2) {
    const V ar = re[0], ai = im[0];
    re[0] = ar + re[1], im[0] = ai + im[1];
    re[1] = ar - re[1], im[1] = ai - im[1];
  } else if constexpr (R == 3) {
    const T s = T(0.866025403784438646763723170752936L);
    const V sr = re[1] + re[2], si = im[1] + im[2];
    const V dr = (im[1] - im[2]) * s, di = (re[2] - re[1]) * s;
    const V mr = re[0] - sr * T(0.5), mi = im[0] - si * T(0.5);
    re[0] = re[0] + sr, im[0] = im[0] + si;
    re[1] = mr + dr, im[1] = mi + di;
    re[2] = mr - dr, im[2] = mi - di;
  } else if constexpr (R == 4) {
    const V ar = re[0] + re[2], ai = im[0] + im[2], br = re[0] - re[2], bi = im[0] - im[2];
    const V cr = re[1] + re[3], ci = im[1] + im[3], dr = re[1] - re[3], di = im[1] - im[3];
    re[0] = ar + cr, im[0] = ai + ci;
    re[1] = br + di, im[1] = bi - dr;
    re[2] = ar - cr, im[2] = ai - ci;
    re[3] = br - di, im[3] = bi + dr;
  } else if constexpr (R == 5) {
    const T c1 = T(0.309016994374947424102293417182819L), s1 = T(0.951056516295153572116439333379382L);
    const T c2 = T(-0.809016994374947424102293417182819L), s2 = T(0.587785252292473129168705954639073L);
    const V ar = re[1] + re[4], ai = im[1] + im[4], br = re[1] - re[4], bi = im[1] - im[4];
    const V cr = re[2] + re[3], ci = im[2] + im[3], dr = re[2] - re[3], di = im[2] - im[3];
    const V er = re[0] + ar * c1 + cr * c2, ei = im[0] + ai * c1 + ci * c2;
    const V fr = re[0] + ar * c2 + cr * c1, fi = im[0] + ai * c2 + ci * c1;
    const V gr = br * s1 + dr * s2, gi = bi * s1 + di * s2;
    const V hr = br * s2 - dr * s1, hi = bi * s2 - di * s1;
    re[0] = re[0] + ar + cr, im[0] = im[0] + ai + ci;
    re[1] = er + gi, im[1] = ei - gr;
    re[4] = er - gi, im[4] = ei + gr;
    re[2] = fr + hi, im[2] = fi - hr;
    re[3] = fr - hi, im[3] = fi + hr;
  } else {
    static_assert(R == 8, "no butterfly of this radix");
    const T h = T(0.707106781186547524400844362104849L);
    V er[4] = {re[0], re[2], re[4], re[6]}, ei[4] = {im[0], im[2], im[4], im[6]};
    V odr[4] = {re[1], re[3], re[5], re[7]}, odi[4] = {im[1], im[3], im[5], im[7]};
    small_dft<4, T>(er, ei);
    small_dft<4, T>(odr, odi);
    const V r1 = (odr[1] + odi[1]) * h, i1 = (odi[1] - odr[1]) * h;
    const V r2 = odi[2], i2 = -odr[2];
    const V r3 = (odi[3] - odr[3]) * h, i3 = (odr[3] + odi[3]) * -h;
    re[0] = er[0] + odr[0], im[0] = ei[0] + odi[0];
    re[4] = er[0] - odr[0], im[4] = ei[0] - odi[0];
    re[1] = er[1] + r1, im[1] = ei[1] + i1;
    re[5] = er[1] - r1, im[5] = ei[1] - i1;
    re[2] = er[2] + r2, im[2] = ei[2] + i2;
    re[6] = er[2] - r2, im[6] = ei[2] - i2;
    re[3] = er[3] + r3, im[3] = ei[3] + i3;
    re[7] = er[3] - r3, im[7] = ei[3] - i3;
  }
}

// Any radix, by the definition; `roots` holds exp(-2 pi i q / R) as pairs.
template <class T, class V>
inline void any_dft(int radix, const T* roots, V* re, V* im) {
  V yr[max_radix], yi[max_radix];
  for (int j = 0; j < radix; ++j) {
    V sr = re[0], si = im[0];
    for (int r = 1, q = j; r < radix; ++r, q = (q + j) % radix) {
      const T c = roots[2 * q], s = roots[2 * q + 1];
      sr = sr + re[r] * c - im[r] * s;
      si = si + re[r] * s + im[r] * c;
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
      buffer_ = leaf_;
    }
    make_twiddles();
  }
  ~RealFft() {
    delete rader_;
    delete plan_;
  }
  RealFft(const RealFft&) = delete;
  RealFft& operator=(const RealFft&) = delete;

  std::int64_t size() const { return n_; }
  int radix() const { return radix_; }
  std::int64_t leaf() const { return leaf_; }
  std::int64_t buffer() const { return buffer_; }  // vectors in each of the radix() + 1 buffers
  // Where sample j of a leaf belongs in its buffer; null: at j.
  const std::int32_t* slots() const { return rader_ ? rader_->slots() : nullptr; }

  template <class V>
  V* run_leaf(V* data, V* other) const {
    return rader_ ? rader_->run(data, other) : forward_passes(*plan_, data, other);
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
      case 8: return merge<8>(leaves, sink);
      default: return merge<0>(leaves, sink);
    }
  }

 private:
  // Leaves small enough that their two buffers of the widest vectors stay in the first-level cache.
  // Part of what the bits are: it may depend on n alone.
  static int choose_radix(std::int64_t n, std::int64_t prime) {
    if (n < 64 || prime > largest_direct_prime) return 1;
    if (n % 8 == 0 && n >= 1600) return 8;
    if (n % 4 == 0) return 4;
    if (n % 3 == 0 && n % 2 != 0) return 3;
    if (n % 2 == 0) return 2;
    if (n % 5 == 0) return 5;
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
  inline void butterfly(V* re, V* im) const {
    if constexpr (R == 0) {
      any_dft<T>(radix_, roots_.data(), re, im);
    } else {
      small_dft<R, T>(re, im);
    }
  }

  template <int R, class V>
  inline void twiddle(const T* w, int radix, V* re, V* im) const {
    for (int r = 1; r < radix; ++r) {
      const T c = w[2 * (r - 1)], s = w[2 * (r - 1) + 1];
      const V x = re[r], y = im[r];
      re[r] = x * c - y * s;
      im[r] = x * s + y * c;
    }
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
  Rader<T>* rader_ = nullptr;
  Array<T> twiddles_, roots_;
};
