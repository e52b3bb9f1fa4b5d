// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "source.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace sonogram {
namespace {

template <class T>
constexpr SampleType type_of() {
  return sizeof(T) == 4 ? SampleType::float32 : SampleType::float64;
}

template <class From>
From read(const char* p) {
  From v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

template <class From, class T>
void convert(const char* from, std::int64_t stride, std::int64_t count, T unit, T* to) {
  if (stride == static_cast<std::int64_t>(sizeof(From))) {
    for (std::int64_t i = 0; i < count; ++i) {
      to[i] = static_cast<T>(read<From>(from + i * static_cast<std::int64_t>(sizeof(From)))) * unit;
    }
  } else {
    for (std::int64_t i = 0; i < count; ++i) {
      to[i] = static_cast<T>(read<From>(from + i * stride)) * unit;
    }
  }
}

std::uint64_t mix(std::uint64_t x) {  // splitmix64 (Steele, Lea and Flood, OOPSLA 2014)
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

// A normal deviate that depends on the seed and the index alone (Box and Muller).
double gaussian(std::uint64_t seed, std::int64_t index) {
  const std::uint64_t a = mix(mix(seed) ^ static_cast<std::uint64_t>(index)), b = mix(a);
  const double u = (static_cast<double>(a >> 11) + 0.5) * 0x1p-53;
  const double v = static_cast<double>(b >> 11) * 0x1p-53;
  return std::sqrt(-2.0 * std::log(u)) * std::cos(6.283185307179586476925 * v);
}

}  // namespace

bool scale_is_linear(const Spec& spec) {
  return !spec.clip && spec.quantize == Quantize::none && spec.dither == 0;
}

namespace {

std::int64_t modulo(std::int64_t a, std::int64_t n) {
  const std::int64_t r = a % n;
  return r < 0 ? r + n : r;
}

}  // namespace

template <class T>
Source<T>::Source(const Spec& spec, const Framing& framing, const void* data, SampleType type,
                  std::int64_t stride)
    : spec_(spec),
      framing_(framing),
      data_(static_cast<const char*>(data)),
      type_(type),
      stride_(stride) {
  in_place_ = type == type_of<T>() && stride == static_cast<std::int64_t>(sizeof(T)) &&
              (spec.scale == 1 || scale_is_linear(spec)) && !spec.clip &&
              spec.quantize == Quantize::none && !spec.remove_mean && spec.dither == 0 &&
              spec.preemphasis == 0 && reinterpret_cast<std::uintptr_t>(data) % alignof(T) == 0;
  if (spec.remove_mean) mean_ = mean_of_all();
}

template <class T>
std::int64_t Source<T>::in_place(std::int64_t begin) const {
  const std::int64_t index = begin - framing_.zeros;
  return in_place_ && index >= 0 && index < framing_.kept ? framing_.kept - index : 0;
}

template <class T>
const T* Source<T>::at(std::int64_t begin, std::int64_t count, std::int64_t readable,
                       T* memory) const {
  if (in_place(begin) >= std::max(count, readable)) {
    return reinterpret_cast<const T*>(data_) + (begin - framing_.zeros);
  }
  fill(begin, count, memory);
  std::fill(memory + count, memory + std::max(count, readable), T(0));
  return memory;
}

template <class T>
void Source<T>::fill(std::int64_t begin, std::int64_t count, T* to) const {
  const std::int64_t end = begin + count, total = framing_.total;
  const std::int64_t left = std::min(end, std::int64_t{0});
  if (begin < left) fill_outside(begin, left - begin, to, left_mode(spec_));
  const std::int64_t a = std::max(begin, std::int64_t{0}), b = std::min(end, total);
  if (a < b) fill_inside(a, b - a, to + (a - begin));
  const std::int64_t right = std::max(begin, total);
  if (right < end) fill_outside(right, end - right, to + (right - begin), right_mode(spec_));
}

// Runs along which the mode walks through the signal in one direction.
template <class T>
void Source<T>::fill_outside(std::int64_t position, std::int64_t count, T* to, PadMode mode) const {
  const std::int64_t n = framing_.total;
  while (count > 0) {
    std::int64_t run = count, from = 0;
    bool backwards = false;
    if (mode == PadMode::constant) {
      std::fill(to, to + count, T(0));
      return;
    }
    if (mode == PadMode::replicate || n == 1) {
      fill_inside(position < 0 ? 0 : n - 1, 1, to);
      std::fill(to + 1, to + count, *to);
      return;
    }
    if (mode == PadMode::circular) {
      from = modulo(position, n);
      run = std::min(count, n - from);
    } else {
      const std::int64_t edge = mode == PadMode::symmetric ? 1 : 0;  // is the edge sample repeated?
      const std::int64_t period = 2 * (n - 1 + edge), phase = modulo(position, period);
      backwards = phase >= n;
      run = std::min(count, (backwards ? period : n) - phase);
      from = backwards ? period - edge - phase - (run - 1) : phase;
    }
    fill_inside(from, run, to);
    if (backwards) std::reverse(to, to + run);
    position += run, to += run, count -= run;
  }
}

template <class T>
void Source<T>::fill_inside(std::int64_t begin, std::int64_t count, T* to) const {
  const std::int64_t first = begin - framing_.zeros;  // index among the samples given
  const std::int64_t a = std::clamp<std::int64_t>(first, 0, framing_.kept);
  const std::int64_t b = std::clamp<std::int64_t>(first + count, 0, framing_.kept);
  if (a >= b) {
    std::fill(to, to + count, T(0));
    return;
  }
  std::fill(to, to + (a - first), T(0));
  condition(a, b - a, to + (a - first));
  std::fill(to + (b - first), to + count, T(0));
}

template <class T>
void Source<T>::condition(std::int64_t begin, std::int64_t count, T* to) const {
  shape(begin, count, to);
  if (spec_.preemphasis == 0) return;
  const T c = static_cast<T>(spec_.preemphasis);
  const T before = begin > 0 ? before_preemphasis(begin - 1) : T(0);
  for (std::int64_t i = count - 1; i > 0; --i) to[i] -= c * to[i - 1];
  if (begin > 0) {
    to[0] -= c * before;
  } else if (spec_.preemphasis_kind == PreemphasisKind::replicate) {
    to[0] -= c * to[0];
  }
}

template <class T>
T Source<T>::before_preemphasis(std::int64_t index) const {
  T value;
  shape(index, 1, &value);
  return value;
}

// Everything up to pre-emphasis.
template <class T>
void Source<T>::shape(std::int64_t begin, std::int64_t count, T* to) const {
  raw(begin, count, to);
  if (spec_.remove_mean) {
    const T mean = static_cast<T>(mean_);
    for (std::int64_t i = 0; i < count; ++i) to[i] -= mean;
  }
  if (spec_.dither != 0) {
    for (std::int64_t i = 0; i < count; ++i) {
      to[i] += static_cast<T>(spec_.dither * gaussian(spec_.seed, begin + i));
    }
  }
}

// Samples in units of full scale, scaled, clipped and quantised.
template <class T>
void Source<T>::raw(std::int64_t begin, std::int64_t count, T* to) const {
  const char* from = data_ + begin * stride_;
  switch (type_) {
    case SampleType::float32: convert<float, T>(from, stride_, count, T(1), to); break;
    case SampleType::float64: convert<double, T>(from, stride_, count, T(1), to); break;
    case SampleType::int16: convert<std::int16_t, T>(from, stride_, count, T(0x1p-15), to); break;
    case SampleType::int32: convert<std::int32_t, T>(from, stride_, count, T(0x1p-31), to); break;
  }
  if (spec_.scale != 1 && !scale_is_linear(spec_)) {
    const T scale = static_cast<T>(spec_.scale);
    for (std::int64_t i = 0; i < count; ++i) to[i] *= scale;
  }
  if (spec_.clip) {
    const T c = static_cast<T>(*spec_.clip);
    for (std::int64_t i = 0; i < count; ++i) to[i] = to[i] > c ? c : to[i] < -c ? -c : to[i];
  }
  if (spec_.quantize == Quantize::int16) {
    for (std::int64_t i = 0; i < count; ++i) to[i] = std::trunc(to[i] * T(32767)) / T(32767);
  }
}

// In blocks, so that rounding does not grow with the length.
template <class T>
double Source<T>::mean_of_all() const {
  constexpr std::int64_t block = 1024;
  T values[block];
  double sum = 0;
  for (std::int64_t i = 0; i < framing_.given; i += block) {
    const std::int64_t n = std::min(block, framing_.given - i);
    raw(i, n, values);
    double part = 0;
    for (std::int64_t k = 0; k < n; ++k) part += static_cast<double>(values[k]);
    sum += part;
  }
  return framing_.given > 0 ? sum / static_cast<double>(framing_.given) : 0.0;
}

template class Source<float>;
template class Source<double>;

}  // namespace sonogram
