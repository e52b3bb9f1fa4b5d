// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The samples of a signal that arrives in chunks: the frames that can be computed after this many
// samples, the samples that are still needed, and the conditioned samples themselves.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/base/sliding_buffer.hpp"
#include "core/finish/stage.hpp"
#include "core/signal/conditioned_signal.hpp"
#include "core/signal/framing.hpp"
#include "core/signal/item_statistics.hpp"
#include "sonogram/signals.hpp"

namespace sonogram {

// Counts only, which are the same for every channel and precision.
class ReadyFrames {
 public:
  // Throws std::invalid_argument for fields that need the whole signal, or a spec that is too short
  // for any signal.
  explicit ReadyFrames(const Spec& spec);

  // Frames (samples, where the output is the waveform) that are sure to be in the result after
  // `samples` samples and whose samples are all there. A push asks several times: the last answer
  // is kept, so that a plan belongs to one thread at a time, as its stream does.
  std::int64_t ready(std::int64_t samples) const;
  // How many of these frames are valid.
  std::int64_t valid(std::int64_t samples) const;
  // The signal after `samples` samples, if more may follow.
  Framing going_on(std::int64_t samples) const;
  // The first sample that frames from `frame` on may read after `samples` samples.
  std::int64_t needed(std::int64_t samples, std::int64_t frame) const;
  // The samples of the signal that count: those after them are cut off.
  std::int64_t most() const { return most_; }
  // The length up to which every sample is held, as the end may still repeat the signal or move it.
  std::int64_t held() const { return held_; }
  // Conditioning apart: the spec whose ConditionedSignal reads conditioned samples.
  const Spec& conditioned() const { return conditioned_; }

 private:
  std::int64_t count_ready(std::int64_t samples) const;

  const Spec& spec_;
  Spec conditioned_;
  std::int64_t most_;
  std::int64_t shortest_;  // from here on the signal is long enough, and no zeros move it
  std::int64_t held_;
  std::int64_t beyond_;     // how far into the signal the filling of what follows its end reads
  std::int64_t first_ = 0;  // where frame 0 reads from
  std::int64_t zeros_ = 0;  // on the left of the samples
  mutable std::int64_t asked_ = -1, answer_ = 0;  // of `ready`
};

// One channel.
template <class T>
class SampleBuffer {
 public:
  // `piece`: the most samples that are added at a time.
  SampleBuffer(const Spec& spec, const ReadyFrames& plan, std::int64_t piece);

  void reset();
  // `count` samples in the caller's type.
  void add(const void* data, SampleType type, std::int64_t stride, std::int64_t count);
  // The global statistics that conditioning needs.
  void set_statistics(const ItemStatistics& statistics) { statistics_ = statistics; }
  // The conditioned samples at [begin, begin + count) of the signal so framed, as
  // ConditionedSignal::at.
  const T* at(const Framing& framing, std::int64_t begin, std::int64_t count, std::int64_t readable,
              T* memory) const;
  void forget_before(std::int64_t index) { samples_.drop_before(index); }

 private:
  const Spec& spec_;
  const ReadyFrames& plan_;
  SlidingBuffer<T> samples_;
  std::vector<T> raw_;  // the sample before, and the piece
  bool unchanged_;
  ItemStatistics statistics_;
};

extern template class SampleBuffer<float>;
extern template class SampleBuffer<double>;

}  // namespace sonogram
