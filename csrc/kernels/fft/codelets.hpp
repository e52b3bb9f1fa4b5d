// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Small complex DFTs, and real DFTs of A * B points held in registers: they stand for the first two
// passes of a pocketfft plan, which then touch memory once.
#pragma once
#include "kernels/vector/simd.hpp"

namespace {

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
    const V dr = im[1] - im[2], di = re[2] - re[1];
    const V mr = fused<T>(sr, T(-0.5), re[0]), mi = fused<T>(si, T(-0.5), im[0]);
    re[0] = re[0] + sr, im[0] = im[0] + si;
    re[1] = fused<T>(dr, s, mr), im[1] = fused<T>(di, s, mi);
    re[2] = fused<T>(dr, -s, mr), im[2] = fused<T>(di, -s, mi);
  } else if constexpr (R == 4) {
    const V ar = re[0] + re[2], ai = im[0] + im[2], br = re[0] - re[2], bi = im[0] - im[2];
    const V cr = re[1] + re[3], ci = im[1] + im[3], dr = re[1] - re[3], di = im[1] - im[3];
    re[0] = ar + cr, im[0] = ai + ci;
    re[1] = br + di, im[1] = bi - dr;
    re[2] = ar - cr, im[2] = ai - ci;
    re[3] = br - di, im[3] = bi + dr;
  } else if constexpr (R == 5) {
    const T c1 = T(0.309016994374947424102293417182819L),
            s1 = T(0.951056516295153572116439333379382L);
    const T c2 = T(-0.809016994374947424102293417182819L),
            s2 = T(0.587785252292473129168705954639073L);
    const V ar = re[1] + re[4], ai = im[1] + im[4], br = re[1] - re[4], bi = im[1] - im[4];
    const V cr = re[2] + re[3], ci = im[2] + im[3], dr = re[2] - re[3], di = im[2] - im[3];
    const V er = fused<T>(cr, c2, fused<T>(ar, c1, re[0])),
            ei = fused<T>(ci, c2, fused<T>(ai, c1, im[0]));
    const V fr = fused<T>(cr, c1, fused<T>(ar, c2, re[0])),
            fi = fused<T>(ci, c1, fused<T>(ai, c2, im[0]));
    const V gr = fused<T>(dr, s2, br * s1), gi = fused<T>(di, s2, bi * s1);
    const V hr = fused<T>(dr, -s1, br * s2), hi = fused<T>(di, -s1, bi * s2);
    re[0] = re[0] + ar + cr, im[0] = im[0] + ai + ci;
    re[1] = er + gi, im[1] = ei - gr;
    re[4] = er - gi, im[4] = ei + gr;
    re[2] = fr + hi, im[2] = fi - hr;
    re[3] = fr - hi, im[3] = fi + hr;
  } else if constexpr (R == 7) {
    const T c[3] = {T(0.623489801858733530525004884004240L),
                    T(-0.222520933956314404288902564496794L),
                    T(-0.900968867902419126236102319507445L)};
    const T s[3] = {T(0.781831482468029808708444526674058L),
                    T(0.974927912181823607018131682993932L),
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
        pr = fused<T>(ar[r - 1], c[at], pr), pi = fused<T>(ai[r - 1], c[at], pi);
        qr = fused<T>(br[r - 1], sine, qr), qi = fused<T>(bi[r - 1], sine, qi);
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
    const V r1 = odr[1] + odi[1], i1 = odi[1] - odr[1];
    const V r3 = odi[3] - odr[3], i3 = odr[3] + odi[3];
    re[0] = er[0] + odr[0], im[0] = ei[0] + odi[0];
    re[4] = er[0] - odr[0], im[4] = ei[0] - odi[0];
    re[1] = fused<T>(r1, h, er[1]), im[1] = fused<T>(i1, h, ei[1]);
    re[5] = fused<T>(r1, -h, er[1]), im[5] = fused<T>(i1, -h, ei[1]);
    re[2] = er[2] + odi[2], im[2] = ei[2] - odr[2];
    re[6] = er[2] - odi[2], im[6] = ei[2] + odr[2];
    re[3] = fused<T>(r3, h, er[3]), im[3] = fused<T>(i3, -h, ei[3]);
    re[7] = fused<T>(r3, -h, er[3]), im[7] = fused<T>(i3, h, ei[3]);
  }
}

// Real DFT of A values, in place, to half-complex order: re 0, re 1, im 1, ...
template <int A, class T, class V>
SONOGRAM_INLINE void real_dft(V* x) {
  if constexpr (A == 3) {
    const T s = T(0.866025403784438646763723170752936L);
    const V sum = x[1] + x[2], difference = x[2] - x[1];
    x[1] = fused<T>(sum, T(-0.5), x[0]), x[2] = difference * s;
    x[0] = x[0] + sum;
  } else if constexpr (A == 4) {
    const V a = x[0] + x[2], b = x[1] + x[3], c = x[0] - x[2], d = x[3] - x[1];
    x[0] = a + b, x[1] = c, x[2] = d, x[3] = a - b;
  } else if constexpr (A == 7) {
    const T c[3] = {T(0.623489801858733530525004884004240L),
                    T(-0.222520933956314404288902564496794L),
                    T(-0.900968867902419126236102319507445L)};
    const T s[3] = {T(0.781831482468029808708444526674058L),
                    T(0.974927912181823607018131682993932L),
                    T(0.433883739117558120475768332848359L)};
    const V a[3] = {x[1] + x[6], x[2] + x[5], x[3] + x[4]};
    const V b[3] = {x[6] - x[1], x[5] - x[2], x[4] - x[3]};
    const V x0 = x[0];
    x[0] = x0 + a[0] + a[1] + a[2];
    for (int j = 1; j <= 3; ++j) {
      V re = x0, im{};
      for (int r = 1; r <= 3; ++r) {
        const int k = j * r % 7, at = (k <= 3 ? k : 7 - k) - 1;  // cos is even, sin is odd
        re = fused<T>(a[r - 1], c[at], re);
        im = fused<T>(b[r - 1], k <= 3 ? s[at] : -s[at], im);
      }
      x[2 * j - 1] = re, x[2 * j] = im;
    }
  } else {
    static_assert(A == 5, "no real butterfly of this size");
    const T c1 = T(0.309016994374947424102293417182819L),
            s1 = T(0.951056516295153572116439333379382L);
    const T c2 = T(-0.809016994374947424102293417182819L),
            s2 = T(0.587785252292473129168705954639073L);
    const V a = x[1] + x[4], b = x[2] + x[3], c = x[4] - x[1], d = x[3] - x[2];
    x[1] = fused<T>(b, c2, fused<T>(a, c1, x[0])), x[2] = fused<T>(d, s2, c * s1);
    x[3] = fused<T>(b, c1, fused<T>(a, c2, x[0])), x[4] = fused<T>(d, -s1, c * s2);
    x[0] = x[0] + a + b;
  }
}

// Real DFT of A * B values `stride` apart to half-complex order in `out`: B interleaved DFTs of A
// points, then one of B points per column. `roots` holds exp(-2 pi i q / (A B)) as pairs.
template <int A, int B, class T, class V>
SONOGRAM_INLINE void codelet(const V* x, std::ptrdiff_t stride, V* out, const T* roots) {
  constexpr int n = A * B;
  V h[B][A];
  for (int r = 0; r < B; ++r) {
    for (int i = 0; i < A; ++i) h[r][i] = x[(r + B * i) * stride];
    real_dft<A, T>(h[r]);
  }
  V re[B], im[B];
  for (int r = 0; r < B; ++r) re[r] = h[r][0];
  real_dft<B, T>(re);
  out[0] = re[0];
  for (int j = 1; 2 * j < B; ++j) out[2 * j * A - 1] = re[2 * j - 1], out[2 * j * A] = re[2 * j];
  if (B % 2 == 0) out[n - 1] = re[B - 1];
  for (int k = 1; 2 * k < A; ++k) {
    for (int r = 0; r < B; ++r) {
      re[r] = h[r][2 * k - 1], im[r] = h[r][2 * k];
      if (r > 0) rotate<T>(re[r], im[r], roots[2 * r * k], roots[2 * r * k + 1]);
    }
    small_dft<B, T>(re, im);
    for (int j = 0; j < B; ++j) {
      const int bin = 2 * j < B ? k + j * A : (B - j) * A - k;
      out[2 * bin - 1] = re[j];
      out[2 * bin] = 2 * j < B ? im[j] : -im[j];
    }
  }
  if (A % 2 == 0) {
    for (int r = 0; r < B; ++r) {
      re[r] = h[r][A - 1] * roots[r * A];
      im[r] = h[r][A - 1] * roots[r * A + 1];
    }
    small_dft<B, T>(re, im);
    for (int j = 0; 2 * (A / 2 + j * A) <= n; ++j) {
      const int bin = A / 2 + j * A;
      out[2 * bin - 1] = re[j];
      if (2 * bin < n) out[2 * bin] = im[j];
    }
  }
}

}  // namespace
