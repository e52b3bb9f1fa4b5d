// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Frames of a signal that arrives in chunks, by the kernel of an Extractor, in separate memory.
#pragma once
#include <cstdint>
#include <memory>
#include <new>

#include "core/extract/engine.hpp"
#include "core/stream/sample_buffer.hpp"

namespace sonogram {

// The memory for frames; one of the strides is 1.
template <class T>
struct FrameTarget {
  T* base;
  std::int64_t row_stride, frame_stride;
};

template <class T>
class FrameProducer {
 public:
  // The extractor outlives this.
  explicit FrameProducer(const Extractor& extractor);

  // The largest number of frames that are made at once.
  std::int64_t piece() const { return piece_; }
  const kernel::Operations<T>& kernel() const { return engine_.kernel(); }
  const FinishPlan& finish() const { return engine_.finish(); }
  // The floor that the dynamic range implies for this maximum, after the fused affine map.
  T lowest(T maximum) const {
    return kernel().affine(engine_.plan(), maximum - static_cast<T>(finish().range));
  }
  // Computes frames [frame, frame + count) of the signal with this framing.
  void make(const SampleBuffer<T>& buffer, const Framing& framing, std::int64_t frame,
            std::int64_t count, const FrameTarget<T>& target) const;

 private:
  struct Release {
    void operator()(char* p) const { ::operator delete(p, std::align_val_t{64}); }
  };

  const Spec& spec_;
  const Extractor::Engine<T>& engine_;
  std::int64_t piece_;
  std::size_t scratch_;
  std::unique_ptr<char, Release> memory_;
};

extern template class FrameProducer<float>;
extern template class FrameProducer<double>;

}  // namespace sonogram
