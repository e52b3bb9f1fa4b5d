// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Real FFTs of W frames at once. n = radix * leaf: every leaf is a pocketfft real plan, or a prime
// length by Rader's algorithm (rader.hpp); `combine` is the last, decimation-in-time
// pass. Included inside the anonymous namespace of kernel.cpp.

// y[j] = sum over r of z[r] exp(-2 pi i j r / R), in place.
template <int R, class T, class V>
SONOGRAM_INLINE void small_dft(V* re, V* im) {
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
  } else if constexpr (R == 7) {
    const T c[3] = {T(0.623489801858733530525004884004240L), T(-0.222520933956314404288902564496794L),
                    T(-0.900968867902419126236102319507445L)};
    const T s[3] = {T(0.781831482468029808708444526674058L), T(0.974927912181823607018131682993932L),
                    T(0.433883739117558120475768332848359L)};
    V ar[3], ai[3], br[3], bi[3];
    for (int r = 0; r < 3; ++r) {
      ar[r] = re[r + 1] + re[6 - r], ai[r] = im[r + 1] + im[6 - r];
      br[r] = re[r + 1] - re[6 - r], bi[r] = im[r + 1] - im[6 - r];
    }
    const V zr = re[0], zi = im[0];
    re[0] = zr + ar[0] + ar[1] + ar[2], im[0] = zi + ai[0] + ai[1] + ai[2];
    for (int j = 1; j <= 3; ++j) {
      V pr = zr, pi = zi, qr{}, qi{};
      for (int r = 1; r <= 3; ++r) {
        const int k = j * r % 7, at = (k <= 3 ? k : 7 - k) - 1;  // cos is even, sin is odd
        const T sine = k <= 3 ? s[at] : -s[at];
        pr = pr + ar[r - 1] * c[at], pi = pi + ai[r - 1] * c[at];
        qr = qr + br[r - 1] * sine, qi = qi + bi[r - 1] * sine;
      }
      re[j] = pr + qi, im[j] = pi - qr;
      re[7 - j] = pr - qi, im[7 - j] = pi + qr;
    }
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
      case 7: return merge<7>(leaves, sink);
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
