// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/stream/sample_buffer.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "core/base/errors.hpp"
#include "core/finish/finish_plan.hpp"

namespace sonogram {
namespace {

constexpr std::int64_t longest = std::int64_t{1} << 48;

bool long_enough(const Spec& spec, std::int64_t samples) {
  try {
    frame_signal(spec, samples);
    return true;
  } catch (const std::invalid_argument&) {
    return false;
  }
}

// The least number of samples that the Extractor takes: longer signals are never too short.
std::int64_t shortest_signal(const Spec& spec) {
  std::int64_t high = 1;
  while (high < longest && !long_enough(spec, high)) high *= 2;
  if (high >= longest) frame_signal(spec, longest);  // throws what every signal would
  std::int64_t low = -1;                             // too short
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (long_enough(spec, middle) ? high : low) = middle;
  }
  return high;
}

// How far before the end the samples lie that stand for those after it.
std::int64_t reach_beyond(const Spec& spec) {
  if (spec.snip_edges) return *spec.snip_edges ? 0 : spec.window_length() + spec.hop() + 1;
  if (spec.frame_pad) return spec.frame_pad->second + 1;
  return spec.center ? spec.n_fft / 2 + 1 : 1;
}

// Samples that are kept at the most, as far as memory is set aside for them: a frame that may be
// the last one, which is dropped, waits for the next.
std::int64_t room_for(const Spec& spec, std::int64_t held, std::int64_t piece) {
  constexpr std::int64_t most = 1 << 22;
  const std::int64_t span = std::max(spec.n_fft, spec.frame_span.value_or(0));
  const std::int64_t wait = spec.drop_last ? spec.hop() : std::min(spec.hop(), span);
  const std::int64_t kept = std::max(held, span + wait + reach_beyond(spec));
  return std::min(kept, most) + piece;
}

// The address that sample 0 would have if the samples before `first` were in memory too.
template <class T>
const void* origin_of(const T* data, std::int64_t first) {
  return reinterpret_cast<const void*>(reinterpret_cast<std::uintptr_t>(data) -
                                       static_cast<std::uintptr_t>(first) * sizeof(T));
}

}  // namespace

ReadyFrames::ReadyFrames(const Spec& spec)
    : spec_(spec),
      conditioned_(without_conditioning(spec)),
      most_(spec.length ? *spec.length : spec.max_length.value_or(longest)),
      shortest_(shortest_signal(spec)),
      held_(0),
      beyond_(reach_beyond(spec)) {
  // Once the signal is so long, its beginning stays where it is and nothing is repeated: repeats
  // follow what has come, zeros on both sides move it.
  const std::int64_t least = spec.length ? *spec.length : spec.min_length.value_or(0);
  if (spec.length_mode != LengthMode::zeros) held_ = least;
  if (spec.length_mode == LengthMode::zeros_both) shortest_ = std::max(shortest_, least);
  const Framing framing = frame_signal(spec, shortest_);
  first_ = framing.first_read;
  zeros_ = framing.lead_zeros;
}

std::int64_t ReadyFrames::ready(std::int64_t samples) const {
  if (samples != asked_) answer_ = count_ready(samples), asked_ = samples;
  return answer_;
}

std::int64_t ReadyFrames::count_ready(std::int64_t samples) const {
  if (samples < shortest_) return 0;
  const std::int64_t known = zeros_ + std::min(samples, most_);
  if (spec_.output == Output::waveform) return known;
  if (first_ < 0) {
    const PadMode mode = left_mode(spec_);
    const std::int64_t deep = mode == PadMode::constant    ? 0
                              : mode == PadMode::replicate ? 1
                              : mode == PadMode::symmetric ? -first_
                                                           : 1 - first_;
    if (deep > known) return 0;
  }
  const std::int64_t rest = known - first_ - spec_.window_length();
  if (rest < 0) return 0;
  return std::min(rest / spec_.hop() + 1, frame_so_far(spec_, samples).frames);
}

std::int64_t ReadyFrames::valid(std::int64_t samples) const {
  if (samples < shortest_ || spec_.output == Output::waveform) return 0;
  return valid_frames(spec_, frame_so_far(spec_, samples));
}

Framing ReadyFrames::going_on(std::int64_t samples) const {
  Framing framing;
  framing.num_given = samples;
  framing.num_kept = framing.num_filled = std::min(samples, most_);
  framing.lead_zeros = zeros_;
  framing.length = not_yet;
  framing.first_read = first_;
  return framing;
}

std::int64_t ReadyFrames::needed(std::int64_t samples, std::int64_t frame) const {
  if (samples < held()) return 0;
  const std::int64_t step = spec_.output == Output::waveform ? 1 : spec_.hop();
  const std::int64_t first = spec_.output == Output::waveform ? 0 : first_;
  const std::int64_t next = first + frame * step - zeros_;
  return std::max<std::int64_t>(std::min(next, std::min(samples, most_) - beyond_), 0);
}

template <class T>
SampleBuffer<T>::SampleBuffer(const Spec& spec, const ReadyFrames& plan, std::int64_t piece)
    : spec_(spec),
      plan_(plan),
      samples_(1, room_for(spec, plan.held(), piece)),
      raw_(static_cast<std::size_t>(piece + 1)) {
  unchanged_ = leaves_samples(spec);
}

template <class T>
void SampleBuffer<T>::reset() {
  samples_.clear();
  raw_[0] = 0;
}

// Converted first, then conditioned behind the sample before, which pre-emphasis reads.
template <class T>
void SampleBuffer<T>::add(const void* data, SampleType type, std::int64_t stride,
                          std::int64_t count) {
  static const Spec plain;
  T* to = samples_.room(count);
  const std::int64_t begin = samples_.end();
  T* converted = unchanged_ ? to : raw_.data() + 1;
  read_samples(plain, {data, type, stride, count}, 0, count, converted);
  if (!unchanged_) {
    Framing whole;
    whole.num_given = whole.num_kept = whole.num_filled = whole.length = begin + count;
    const ConditionedSignal<T> source(spec_, whole, origin_of(raw_.data(), begin - 1), own_type<T>,
                                      sizeof(T), &statistics_);
    source.read(begin, count, to);
    raw_[0] = raw_[static_cast<std::size_t>(count)];
  }
  samples_.added(count);
}

template <class T>
const T* SampleBuffer<T>::at(const Framing& framing, std::int64_t begin, std::int64_t count,
                             std::int64_t readable, T* memory) const {
  const ConditionedSignal<T> source(plan_.conditioned(), framing,
                                    origin_of(samples_.at(samples_.begin()), samples_.begin()),
                                    own_type<T>, sizeof(T));
  return source.at(begin, count, readable, memory);
}

template class SampleBuffer<float>;
template class SampleBuffer<double>;

}  // namespace sonogram
