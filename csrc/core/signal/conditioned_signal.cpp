// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/signal/conditioned_signal.hpp"

#include <algorithm>
#include <cmath>

namespace sonogram {
namespace {

constexpr std::int64_t piece = 1 << 10;  // samples that are pre-emphasised at a time

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

std::int64_t modulo(std::int64_t a, std::int64_t n) {
  const std::int64_t r = a % n;
  return r < 0 ? r + n : r;
}

}  // namespace

template <class T>
ConditionedSignal<T>::ConditionedSignal(const Spec& spec, const Framing& framing, const void* data,
                                        SampleType type, std::int64_t stride,
                                        const ItemStatistics* statistics)
    : spec_(spec), framing_(framing), samples_{data, type, stride, framing.num_given} {
  in_place_ = type == own_type<T> && stride == static_cast<std::int64_t>(sizeof(T)) &&
              leaves_samples(spec) && reinterpret_cast<std::uintptr_t>(data) % alignof(T) == 0;
  if (!needs_statistics(spec)) return;
  const ItemStatistics own =
      statistics != nullptr ? *statistics : item_statistics<T>(spec, {samples_}).front();
  mean_ = static_cast<T>(own.mean);
  gain_ = static_cast<T>(own.gain);
}

template <class T>
std::int64_t ConditionedSignal<T>::in_place(std::int64_t begin) const {
  const std::int64_t at = begin - framing_.lead_zeros;
  if (!in_place_ || at < 0 || at >= framing_.num_filled) return 0;
  return std::min(framing_.num_kept - at % framing_.num_kept, framing_.num_filled - at);
}

template <class T>
const T* ConditionedSignal<T>::at(std::int64_t begin, std::int64_t count, std::int64_t readable,
                                  T* memory) const {
  if (in_place(begin) >= std::max(count, readable)) {
    return static_cast<const T*>(samples_.data) + (begin - framing_.lead_zeros) % framing_.num_kept;
  }
  read(begin, count, memory);
  std::fill(memory + count, memory + std::max(count, readable), T(0));
  return memory;
}

template <class T>
void ConditionedSignal<T>::read(std::int64_t begin, std::int64_t count, T* to) const {
  const std::int64_t end = begin + count, total = framing_.length, limit = framing_.padded_end;
  const std::int64_t left = std::min(end, std::int64_t{0});
  if (begin < left) fill_outside(begin, left - begin, to, left_mode(spec_));
  const std::int64_t a = std::max(begin, std::int64_t{0}), b = std::min(end, total);
  if (a < b) fill_inside(a, b - a, to + (a - begin));
  const std::int64_t right = std::max(begin, total), padded = std::min(end, limit);
  if (right < padded) fill_outside(right, padded - right, to + (right - begin), right_mode(spec_));
  const std::int64_t beyond = std::max(begin, limit);
  if (beyond < end) std::fill(to + (beyond - begin), to + count, T(0));
}

// Runs along which the mode walks through the signal in one direction.
template <class T>
void ConditionedSignal<T>::fill_outside(std::int64_t position, std::int64_t count, T* to,
                                        PadMode mode) const {
  const std::int64_t n = framing_.length;
  while (count > 0) {
    std::int64_t run = count, from = 0;
    bool backwards = false;
    if (mode == PadMode::constant || n == 0) {
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
void ConditionedSignal<T>::fill_inside(std::int64_t begin, std::int64_t count, T* to) const {
  const std::int64_t first =
      begin - framing_.lead_zeros;  // among the samples given, and their repeats
  const std::int64_t a = std::clamp<std::int64_t>(first, 0, framing_.num_filled);
  const std::int64_t b = std::clamp<std::int64_t>(first + count, 0, framing_.num_filled);
  if (a >= b) {
    std::fill(to, to + count, T(0));
    return;
  }
  std::fill(to, to + (a - first), T(0));
  fill_repeats(a, b - a, to + (a - first));
  std::fill(to + (b - first), to + count, T(0));
}

// Up to one period is conditioned; what follows are copies.
template <class T>
void ConditionedSignal<T>::fill_repeats(std::int64_t first, std::int64_t count, T* to) const {
  const std::int64_t period = framing_.num_kept, index = first % period;
  std::int64_t done = std::min(count, period - index);
  condition(index, done, to);
  if (const std::int64_t n = std::min(count - done, index); n > 0) {
    condition(0, n, to + done);
    done += n;
  }
  while (done < count) {
    const std::int64_t n = std::min(count - done, done);
    std::copy(to, to + n, to + done);
    done += n;
  }
}

// All of it, of the samples given: x[i] - c x[i - 1] reads a copy, so that it becomes vector code.
template <class T>
void ConditionedSignal<T>::condition(std::int64_t begin, std::int64_t count, T* to) const {
  if (spec_.preemphasis == 0) {
    shape(begin, count, to);
    return;
  }
  const T c = static_cast<T>(spec_.preemphasis);
  T x[piece + 1];
  if (begin == 0 && spec_.preemphasis_kind == PreemphasisKind::keep) {
    x[0] = 0;
  } else {
    shape(std::max<std::int64_t>(begin - 1, 0), 1, x);
  }
  for (std::int64_t done = 0; done < count; done += piece) {
    const std::int64_t n = std::min(piece, count - done);
    shape(begin + done, n, x + 1);
    for (std::int64_t i = 0; i < n; ++i) to[done + i] = x[i + 1] - c * x[i];
    x[0] = x[n];
  }
}

// Everything up to pre-emphasis.
template <class T>
void ConditionedSignal<T>::shape(std::int64_t begin, std::int64_t count, T* to) const {
  read_samples(spec_, samples_, begin, count, to);
  const T mean = mean_, gain = gain_;
  if (spec_.remove_mean) {
    for (std::int64_t i = 0; i < count; ++i) to[i] -= mean;
  }
  if (spec_.level) {
    for (std::int64_t i = 0; i < count; ++i) to[i] *= gain;
  }
  if (spec_.dither != 0) {
    for (std::int64_t i = 0; i < count; ++i) {
      to[i] += static_cast<T>(spec_.dither * gaussian(spec_.seed, begin + i));
    }
  }
}

template class ConditionedSignal<float>;
template class ConditionedSignal<double>;

}  // namespace sonogram
