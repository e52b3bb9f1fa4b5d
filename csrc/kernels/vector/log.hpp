// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Vector logarithms and the compress stage.
#pragma once
#include "kernels/vector/simd.hpp"

namespace {

inline float lane_pow(float x, double e) { return ::powf(x, static_cast<float>(e)); }
inline double lane_pow(double x, double e) { return ::pow(x, e); }

// scale * ln(x) = e * (scale ln2) + scale * ln(m), x = 2^e m, m in [sqrt(1/2), sqrt(2)). The
// product scale * ln2 is split so that e * high is exact.
template <class T>
struct LogScale {
  T scale, high, low;
  explicit LogScale(double s) : scale(static_cast<T>(s)) {
    const long double whole = 0.693147180559945309417232121458176568L * s;
    const double d = static_cast<double>(whole);
    std::uint64_t bits;
    __builtin_memcpy(&bits, &d, 8);
    bits &= sizeof(T) == 4 ? ~((std::uint64_t{1} << 41) - 1) : ~((std::uint64_t{1} << 32) - 1);
    double h;
    __builtin_memcpy(&h, &bits, 8);
    high = static_cast<T>(h);
    low = static_cast<T>(whole - h);
  }
};

// ef * (scale ln2) + scale * (f + tail). Here and below every multiply-add is written as one: where
// the compiler may choose, it chooses differently from place to place.
template <class T, class V>
SONOGRAM_INLINE V scaled_sum(V ef, V f, V tail, const LogScale<T>& s) {
  const V small = fused<T>(ef, s.low, tail * s.scale);
  return fused<T>(ef, s.high, fused<T>(f, s.scale, small));
}

// x is positive, normal and finite. ln(1+f) = f - f^2/2 + f^3 q(f); q is a minimax fit in relative
// error (6e-9) on [sqrt(1/2)-1, sqrt(2)-1].
template <int W>
SONOGRAM_INLINE Pack<float, W> scaled_log(Pack<float, W> x, const LogScale<float>& s) {
  using V = Pack<float, W>;
  using I = Pack<std::int32_t, W>;
  const I ix = bit_cast<I>(x) - 0x3f3504f3;
  const I e = ix >> 23;
  const V f = bit_cast<V>((ix & 0x007fffff) + 0x3f3504f3) - 1.0f;
  V ef;
#if SONOGRAM_VECTORS
  if constexpr (W > 1) {
    ef = __builtin_convertvector(e, V);
  } else
#endif
  {
    ef = (V)e;
  }
  // Even and odd powers apart: half as long a chain of operations that wait for each other.
  const auto chain = [](V x, V sum, std::initializer_list<float> rest) {
    for (const float c : rest) sum = fused<float>(sum, x, broadcast<V>(c));
    return sum;
  };
  const V f2 = f * f;
  const V even =
      chain(f2, broadcast<V>(-0.0763442983f), {-0.131601951f, -0.166233565f, -0.250008211f, -0.5f});
  const V odd = chain(f2, broadcast<V>(0.127615503f), {0.142017625f, 0.200012267f, 0.333333317f});
  const V tail = f2 * fused<float>(odd, f, even);
  return scaled_sum<float>(ef, f, tail, s);
}

// Coefficients and scheme of fdlibm's e_log.c (Sun Microsystems, 1993): with s = f/(2+f),
// ln(1+f) = f - (f^2/2 - s (f^2/2 + R(s^2))).
template <int W>
SONOGRAM_INLINE Pack<double, W> scaled_log(Pack<double, W> x, const LogScale<double>& c) {
  using V = Pack<double, W>;
  using U = Pack<std::uint64_t, W>;
  const U ix = bit_cast<U>(x) + (0x3ff0000000000000ull - 0x3fe6a09e667f3bcdull);
  // The exponent as a double, without a 64-bit conversion, which AVX2 has not.
  const V ef = bit_cast<V>((ix >> 52) | 0x4330000000000000ull) - (4503599627370496.0 + 1023.0);
  const V f = bit_cast<V>((ix & 0x000fffffffffffffull) + 0x3fe6a09e667f3bcdull) - 1.0;
  const V s = f / (2.0 + f);
  const V z = s * s, w = z * z;
  const auto polynomial = [](V x, std::initializer_list<double> coefficients) {
    const double* c = coefficients.begin();
    V sum = broadcast<V>(*c);
    while (++c != coefficients.end()) sum = fused<double>(sum, x, broadcast<V>(*c));
    return sum;
  };
  const V t1 =
      polynomial(w, {1.531383769920937332e-01, 2.222219843214978396e-01, 3.999999999940941908e-01});
  const V t2 = polynomial(w, {1.479819860511658591e-01, 1.818357216161805012e-01,
                              2.857142874366239149e-01, 6.666666666666735130e-01});
  const V half = 0.5 * f * f;
  const V tail = fused<double>(s, half + fused<double>(w, t1, z * t2), -half);
  return scaled_sum<double>(ef, f, tail, c);
}

template <class T>
struct Compress {
  T gain, floor, eps, at_floor, affine_scale, affine_offset;
  LogScale<T> scale;
  double exponent;
  // Whether max(y, at_floor) makes the floor's logarithm exact and leaves those above it as exact
  // as they are: `scaled_log` then gives for the floor at_floor or less, by rounding alone.
  bool clamps_floor;
  explicit Compress(const Params<T>& p)
      : gain(p.gain),
        floor(p.floor),
        eps(p.eps),
        at_floor(p.log_of_floor),
        affine_scale(p.affine_scale),
        affine_offset(p.affine_offset),
        scale(p.log_scale),
        exponent(p.log_exponent) {
    T lanes[narrowest<T>];
    store(lanes, scaled_log<narrowest<T>>(broadcast<Pack<T, narrowest<T>>>(floor) + eps, scale));
    const T short_of = at_floor - lanes[0], size = at_floor < 0 ? -at_floor : at_floor;
    clamps_floor =
        floor + eps > 0 && short_of >= 0 && short_of <= size * T(sizeof(T) == 4 ? 1e-6 : 1e-14);
  }
};

// y, where x is infinite or no number x itself: y is at least x - (the largest number) for any
// other x that it is the logarithm of. One maximum costs half of a comparison and a choice.
template <class T, class V>
SONOGRAM_INLINE V or_infinite(V y, V x) {
  const V far =
      x - (sizeof(T) == 4 ? T(3.40282346638528859812e38L) : T(1.797693134862315708145e308L));
  return far < y ? y : far;
}

// log(max(gain x, floor) + eps), or what stands for the log: exact at the floor, infinities and NaN
// pass through.
template <class T, int W, Log kind, bool clamps_floor = false>
SONOGRAM_INLINE Pack<T, W> compress(Pack<T, W> x, const Compress<T>& c) {
  using V = Pack<T, W>;
  const V g = x * c.gain;
  if constexpr (kind == Log::ln) {
    const V a = at_least(g, c.floor) + c.eps;
    const V y = or_infinite<T>(scaled_log<W>(a, c.scale), a);
    if constexpr (clamps_floor) return at_least(y, c.at_floor);
    return g <= broadcast<V>(c.floor) ? broadcast<V>(c.at_floor) : y;
  } else if constexpr (kind == Log::log1p) {
    // ln(1+g) = ln(u) + (g - (u - 1)) / u with u = fl(1+g)
    const V u = g + T(1);
    const V y =
        or_infinite<T>(fused<T>((g - (u - T(1))) / u, c.scale.scale, scaled_log<W>(u, c.scale)), g);
    return u < broadcast<V>(T(0)) ? broadcast<V>(static_cast<T>(__builtin_nan(""))) : y;
  } else if constexpr (kind == Log::power) {
    T lanes[W];
    store(lanes, at_least(g, c.floor) + c.eps);
    for (int i = 0; i < W; ++i) lanes[i] = lane_pow(lanes[i], c.exponent);
    return load<V>(lanes);
  } else if constexpr (kind == Log::piecewise) {  // ln(a), and below e its chord from 0: a / e
    const T e = T(2.718281828459045235360287471352662498L);
    const V a = at_least(g, c.floor) + c.eps;
    const V y = or_infinite<T>(scaled_log<W>(at_least(a, e), c.scale), a);
    return a <= broadcast<V>(e) ? a / e : y;
  } else {
    return g;
  }
}

}  // namespace
