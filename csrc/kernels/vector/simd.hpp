// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Vectors of W lanes of T, one lane per frame, from the compiler's vector extensions. W = 1 is the
// plain scalar: a compiler without extensions builds that alone.
#pragma once
#include "kernels/vector/config.hpp"

namespace {

template <class T, int W>
struct PackOf {
#if SONOGRAM_VECTORS
  typedef T type __attribute__((vector_size(sizeof(T) * W)));
#endif
};
template <class T>
struct PackOf<T, 1> {
  using type = T;
};
template <class T, int W>
using Pack = typename PackOf<T, W>::type;

template <class T>
struct IntOf;
template <>
struct IntOf<float> {
  using type = std::int32_t;
  using uint = std::uint32_t;
};
template <>
struct IntOf<double> {
  using type = std::int64_t;
  using uint = std::uint64_t;
};

template <class V, class T>
inline V load(const T* p) {
  V v;
  __builtin_memcpy(&v, p, sizeof(V));
  return v;
}
template <class V, class T>
inline void store(T* p, V v) {
  __builtin_memcpy(p, &v, sizeof(V));
}
// The first n lanes, in pieces of known size: a copy of unknown size would be a call.
template <class T, int W>
SONOGRAM_INLINE void store_some(T* p, typename PackOf<T, W>::type v, std::int64_t n) {
  if (n >= W) return store(p, v);
  T lanes[W];
  store(lanes, v);
  const T* from = lanes;
  if constexpr (W > 8) {
    if (n & 8) __builtin_memcpy(p, from, 8 * sizeof(T)), p += 8, from += 8;
  }
  if constexpr (W > 4) {
    if (n & 4) __builtin_memcpy(p, from, 4 * sizeof(T)), p += 4, from += 4;
  }
  if constexpr (W > 2) {
    if (n & 2) __builtin_memcpy(p, from, 2 * sizeof(T)), p += 2, from += 2;
  }
  if (n & 1) *p = *from;
}
template <class To, class From>
inline To bit_cast(From v) {
  static_assert(sizeof(To) == sizeof(From), "bit_cast keeps the size");
  To r;
  __builtin_memcpy(&r, &v, sizeof(To));
  return r;
}

// x - 0 is x, and compiles to nothing; 0 + x is not, for x = -0.
template <class V, class T>
inline V broadcast(T x) {
  return x - V{};
}

// x > low ? x : low, with NaN in x kept.
template <class V, class T>
inline V at_least(V x, T low) {
  const V l = broadcast<V>(low);
  return x < l ? l : x;
}

template <class T>
inline T lane_sqrt(T x);
template <>
inline float lane_sqrt<float>(float x) {
  return __builtin_sqrtf(x);
}
template <>
inline double lane_sqrt<double>(double x) {
  return __builtin_sqrt(x);
}

template <class T, int W>
inline Pack<T, W> sqrt_of(Pack<T, W> v) {
  if constexpr (W == 1) {
    return lane_sqrt<T>(v);
  } else {
    Pack<T, W> r;
    for (int i = 0; i < W; ++i) r[i] = lane_sqrt<T>(v[i]);
    return r;
  }
}
#if SONOGRAM_VECTORS && defined(__AVX512F__)
template <>
inline Pack<float, 16> sqrt_of<float, 16>(Pack<float, 16> v) {
  return (Pack<float, 16>)_mm512_sqrt_ps((__m512)v);
}
template <>
inline Pack<double, 8> sqrt_of<double, 8>(Pack<double, 8> v) {
  return (Pack<double, 8>)_mm512_sqrt_pd((__m512d)v);
}
#endif
#if SONOGRAM_VECTORS && defined(__AVX__)
template <>
inline Pack<float, 8> sqrt_of<float, 8>(Pack<float, 8> v) {
  return (Pack<float, 8>)_mm256_sqrt_ps((__m256)v);
}
template <>
inline Pack<double, 4> sqrt_of<double, 4>(Pack<double, 4> v) {
  return (Pack<double, 4>)_mm256_sqrt_pd((__m256d)v);
}
#endif
#if SONOGRAM_VECTORS && defined(__SSE2__)
template <>
inline Pack<float, 4> sqrt_of<float, 4>(Pack<float, 4> v) {
  return (Pack<float, 4>)_mm_sqrt_ps((__m128)v);
}
template <>
inline Pack<double, 2> sqrt_of<double, 2>(Pack<double, 2> v) {
  return (Pack<double, 2>)_mm_sqrt_pd((__m128d)v);
}
#endif

// a * b + c, fused wherever the instruction set can. In sums of two products the compiler may fuse
// either one, and chooses differently for different widths: where that would happen, this says
// which, so that the number of lanes does not change the bits.
template <class T, class V>
SONOGRAM_INLINE V fused(V a, V b, V c) {
#if SONOGRAM_VECTORS && defined(__AVX512F__)
  if constexpr (sizeof(V) == 64 && sizeof(T) == 4) {
    return (V)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
  } else if constexpr (sizeof(V) == 64) {
    return (V)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
  } else
#endif
#if SONOGRAM_VECTORS && defined(__FMA__)
      if constexpr (sizeof(V) == 32 && sizeof(T) == 4) {
    return (V)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
  } else if constexpr (sizeof(V) == 32) {
    return (V)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
  } else if constexpr (sizeof(V) == 16 && sizeof(T) == 4) {
    return (V)_mm_fmadd_ps((__m128)a, (__m128)b, (__m128)c);
  } else if constexpr (sizeof(V) == 16) {
    return (V)_mm_fmadd_pd((__m128d)a, (__m128d)b, (__m128d)c);
  } else
#elif SONOGRAM_VECTORS && defined(__aarch64__)
  if constexpr (sizeof(V) == 16 && sizeof(T) == 4) {
    return (V)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
  } else if constexpr (sizeof(V) == 16) {
    return (V)vfmaq_f64((float64x2_t)c, (float64x2_t)a, (float64x2_t)b);
  } else
#endif
  {
    return a * b + c;
  }
}
template <class T, class V>
SONOGRAM_INLINE V fused(V a, T b, V c) {
  return fused<T>(a, broadcast<V>(b), c);
}

// (x + iy) * (c + is), in place.
template <class T, class V>
SONOGRAM_INLINE void rotate(V& x, V& y, T c, T s) {
  const V re = fused<T>(-y, s, x * c);
  y = fused<T>(y, c, x * s);
  x = re;
}

// The same by a root for each lane.
template <class T, class V>
SONOGRAM_INLINE void rotate_by(V& x, V& y, V c, V s) {
  const V re = fused<T>(-y, s, x * c);
  y = fused<T>(y, c, x * s);
  x = re;
}

#if SONOGRAM_VECTORS
// Elements of a (0..W-1) and b (W..2W-1) by index; the spelling is the compiler's.
#if defined(__clang__)
#define SONOGRAM_SHUFFLE(T, W, a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define SONOGRAM_SHUFFLE(T, W, a, b, ...) \
  __builtin_shuffle(a, b, Pack<typename IntOf<T>::type, W>{__VA_ARGS__})
#endif
template <class T>
inline Pack<T, 2> zip_low(Pack<T, 2> a, Pack<T, 2> b) {
  return SONOGRAM_SHUFFLE(T, 2, a, b, 0, 2);
}
template <class T>
inline Pack<T, 2> zip_high(Pack<T, 2> a, Pack<T, 2> b) {
  return SONOGRAM_SHUFFLE(T, 2, a, b, 1, 3);
}
template <class T>
inline Pack<T, 4> zip_low(Pack<T, 4> a, Pack<T, 4> b) {
  return SONOGRAM_SHUFFLE(T, 4, a, b, 0, 4, 1, 5);
}
template <class T>
inline Pack<T, 4> zip_high(Pack<T, 4> a, Pack<T, 4> b) {
  return SONOGRAM_SHUFFLE(T, 4, a, b, 2, 6, 3, 7);
}
template <class T>
inline Pack<T, 8> zip_low(Pack<T, 8> a, Pack<T, 8> b) {
  return SONOGRAM_SHUFFLE(T, 8, a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}
template <class T>
inline Pack<T, 8> zip_high(Pack<T, 8> a, Pack<T, 8> b) {
  return SONOGRAM_SHUFFLE(T, 8, a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}
template <class T>
inline Pack<T, 16> zip_low(Pack<T, 16> a, Pack<T, 16> b) {
  return SONOGRAM_SHUFFLE(T, 16, a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
template <class T>
inline Pack<T, 16> zip_high(Pack<T, 16> a, Pack<T, 16> b) {
  return SONOGRAM_SHUFFLE(T, 16, a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15,
                          31);
}
template <class T>
inline Pack<T, 4> reversed(Pack<T, 4> v) {
  return SONOGRAM_SHUFFLE(T, 4, v, v, 3, 2, 1, 0);
}
template <class T>
inline Pack<T, 8> reversed(Pack<T, 8> v) {
  return SONOGRAM_SHUFFLE(T, 8, v, v, 7, 6, 5, 4, 3, 2, 1, 0);
}
#else
// One lane has nothing to zip: declared for the code that is discarded there.
template <class T>
T zip_low(T a, T b);
template <class T>
T zip_high(T a, T b);
#endif

// rows[f] = src + f * stride holds W samples of frame f; on return v[s] holds sample s of all
// frames. log2(W) stages of perfect shuffles.
template <class T, int W>
struct Transposer {
  static SONOGRAM_INLINE void run(const T* src, std::ptrdiff_t stride, Pack<T, W>* v) {
    if constexpr (W == 1) {
      v[0] = *src;
    } else {
      Pack<T, W> u[W];
      for (int f = 0; f < W; ++f) v[f] = load<Pack<T, W>>(src + f * stride);
      for (int span = W; span > 1; span /= 2) {
        for (int i = 0; i < W / 2; ++i) {
          u[2 * i] = zip_low<T>(v[i], v[i + W / 2]);
          u[2 * i + 1] = zip_high<T>(v[i], v[i + W / 2]);
        }
        for (int i = 0; i < W; ++i) v[i] = u[i];
      }
    }
  }
};

#if SONOGRAM_VECTORS && defined(__AVX512F__)
// Quarter vectors come straight from memory into their place, so that only the two in-lane stages
// shuffle.
template <>
struct Transposer<float, 16> {
  static SONOGRAM_INLINE void run(const float* src, std::ptrdiff_t stride, Pack<float, 16>* v) {
    for (int a = 0; a < 4; ++a) {
      __m512 q[4];
      for (int g = 0; g < 4; ++g) {
        const float* p = src + g * stride + 4 * a;
        __m512 z = _mm512_castps128_ps512(_mm_loadu_ps(p));
        z = _mm512_mask_broadcast_f32x4(z, 0x00F0, _mm_loadu_ps(p + 4 * stride));
        z = _mm512_mask_broadcast_f32x4(z, 0x0F00, _mm_loadu_ps(p + 8 * stride));
        q[g] = _mm512_mask_broadcast_f32x4(z, 0xF000, _mm_loadu_ps(p + 12 * stride));
      }
      const __m512 l01 = _mm512_unpacklo_ps(q[0], q[1]), h01 = _mm512_unpackhi_ps(q[0], q[1]);
      const __m512 l23 = _mm512_unpacklo_ps(q[2], q[3]), h23 = _mm512_unpackhi_ps(q[2], q[3]);
      v[4 * a + 0] = (Pack<float, 16>)_mm512_shuffle_ps(l01, l23, 0x44);
      v[4 * a + 1] = (Pack<float, 16>)_mm512_shuffle_ps(l01, l23, 0xEE);
      v[4 * a + 2] = (Pack<float, 16>)_mm512_shuffle_ps(h01, h23, 0x44);
      v[4 * a + 3] = (Pack<float, 16>)_mm512_shuffle_ps(h01, h23, 0xEE);
    }
  }
};
#endif
#if SONOGRAM_VECTORS && defined(__AVX__)
template <>
struct Transposer<float, 8> {
  static SONOGRAM_INLINE void run(const float* src, std::ptrdiff_t stride, Pack<float, 8>* v) {
    for (int a = 0; a < 2; ++a) {
      __m256 q[4];
      for (int g = 0; g < 4; ++g) {
        const float* p = src + g * stride + 4 * a;
        q[g] = _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(p)),
                                    _mm_loadu_ps(p + 4 * stride), 1);
      }
      const __m256 l01 = _mm256_unpacklo_ps(q[0], q[1]), h01 = _mm256_unpackhi_ps(q[0], q[1]);
      const __m256 l23 = _mm256_unpacklo_ps(q[2], q[3]), h23 = _mm256_unpackhi_ps(q[2], q[3]);
      v[4 * a + 0] = (Pack<float, 8>)_mm256_shuffle_ps(l01, l23, 0x44);
      v[4 * a + 1] = (Pack<float, 8>)_mm256_shuffle_ps(l01, l23, 0xEE);
      v[4 * a + 2] = (Pack<float, 8>)_mm256_shuffle_ps(h01, h23, 0x44);
      v[4 * a + 3] = (Pack<float, 8>)_mm256_shuffle_ps(h01, h23, 0xEE);
    }
  }
};
#endif

}  // namespace
