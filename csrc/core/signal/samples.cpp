// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/signal/samples.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace sonogram {
namespace {

template <class From>
From load(const char* p) {
  From v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

// The neighbours' loop is a loop of its own so that it becomes vector code.
template <class From, class T>
void convert(const char* from, std::int64_t stride, std::int64_t count, T unit, T* to) {
  constexpr std::int64_t size = sizeof(From);
  if (stride == size) {
    for (std::int64_t i = 0; i < count; ++i) {
      to[i] = static_cast<T>(load<From>(from + i * size)) * unit;
    }
  } else {
    for (std::int64_t i = 0; i < count; ++i) {
      to[i] = static_cast<T>(load<From>(from + i * stride)) * unit;
    }
  }
}

// trunc(x * 32767) / 32767. The truncation is by additions that every vector unit has, without a
// comparison, and takes one off where it has rounded up; from 2^23 (2^52) on all numbers are whole.
template <class T>
void quantize(std::int64_t count, T* x) {
  constexpr std::int64_t piece = 256;
  constexpr T whole = sizeof(T) == 4 ? T(0x1p23) : T(0x1p52);
  T rounded[piece];
  for (std::int64_t at = 0; at < count; at += piece) {
    T* const v = x + at;
    const std::int64_t n = std::min(piece, count - at);
    for (std::int64_t i = 0; i < n; ++i) {
      v[i] *= T(32767);
      const T size = std::fabs(v[i]), near = (size + whole) - whole;
      rounded[i] = near - (T(0.5) - std::copysign(T(0.5), size - near));
    }
    for (std::int64_t i = 0; i < n; ++i) {
      const T size = std::fabs(v[i]);
      v[i] = std::copysign(size < whole ? rounded[i] : size, v[i]) / T(32767);
    }
  }
}

}  // namespace

const char* text_of(SampleType type) {
  switch (type) {
    case SampleType::float32: return "float32";
    case SampleType::float64: return "float64";
    case SampleType::int16: return "int16";
    case SampleType::int32: return "int32";
  }
  return "no SampleType";  // in C++ it can hold any number
}

bool scale_is_linear(const Spec& spec) {
  return !spec.clip && spec.quantize == Quantize::none && !spec.level && spec.dither == 0 &&
         spec.output == Output::spectrum;
}

bool leaves_samples(const Spec& spec) {
  return (spec.scale == 1 || scale_is_linear(spec)) && !spec.clip &&
         spec.quantize == Quantize::none && !spec.remove_mean && !spec.level && spec.dither == 0 &&
         spec.preemphasis == 0;
}

Spec without_conditioning(Spec spec) {
  spec.scale = 1;
  spec.clip.reset();
  spec.quantize = Quantize::none;
  spec.remove_mean = false;
  spec.level.reset();
  spec.dither = 0;
  spec.preemphasis = 0;
  return spec;
}

template <class T>
void read_samples(const Spec& spec, const Samples& item, std::int64_t begin, std::int64_t count,
                  T* to) {
  const char* from = static_cast<const char*>(item.data) + begin * item.stride;
  const T scale = scale_is_linear(spec) ? T(1) : static_cast<T>(spec.scale);
  switch (item.type) {
    case SampleType::float32: convert<float>(from, item.stride, count, scale, to); break;
    case SampleType::float64: convert<double>(from, item.stride, count, scale, to); break;
    case SampleType::int16:
      convert<std::int16_t>(from, item.stride, count, T(0x1p-15) * scale, to);
      break;
    case SampleType::int32:
      convert<std::int32_t>(from, item.stride, count, T(0x1p-31) * scale, to);
      break;
  }
  if (spec.clip) {
    const T high = static_cast<T>(*spec.clip), low = -high;
    for (std::int64_t i = 0; i < count; ++i) {
      const T v = to[i] > high ? high : to[i];
      to[i] = v < low ? low : v;
    }
  }
  if (spec.quantize == Quantize::int16) quantize(count, to);
}

template void read_samples(const Spec&, const Samples&, std::int64_t, std::int64_t, float*);
template void read_samples(const Spec&, const Samples&, std::int64_t, std::int64_t, double*);

}  // namespace sonogram
