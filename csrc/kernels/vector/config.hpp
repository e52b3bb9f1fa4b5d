// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// What every part of the kernel stands on: the standard headers, and how wide a vector is. Kernel
// headers live in an anonymous namespace, pocketfft included, so that no weak function compiled for
// one instruction set can be picked by the linker for a caller on another. Standard headers come
// before all of it.
#pragma once
#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <memory>
#include <new>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>
#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#include "kernels/kernel.hpp"

#if defined(__GNUC__) && !defined(SONOGRAM_SCALAR)
#define SONOGRAM_VECTORS 1
#else
#define SONOGRAM_VECTORS 0
#endif

namespace {

using sonogram::kernel::Energy;
using sonogram::kernel::Job;
using sonogram::kernel::Log;
using sonogram::kernel::Params;
using sonogram::kernel::Spectrum;

// For what must stay in registers: passed by memory it costs more than it computes.
#if defined(__GNUC__)
#define SONOGRAM_INLINE inline __attribute__((always_inline))
#else
#define SONOGRAM_INLINE inline
#endif

#if !SONOGRAM_VECTORS
constexpr int vector_bytes = 0;
#elif defined(__AVX512F__)
constexpr int vector_bytes = 64;
#elif defined(__AVX__)
constexpr int vector_bytes = 32;
#else
constexpr int vector_bytes = 16;
#endif
template <class T>
constexpr int widest = vector_bytes ? vector_bytes / static_cast<int>(sizeof(T)) : 1;
template <class T>
constexpr int narrowest = vector_bytes ? 16 / static_cast<int>(sizeof(T)) : 1;

inline std::int64_t round_up(std::int64_t n, std::int64_t step) {
  return (n + step - 1) / step * step;
}

}  // namespace
