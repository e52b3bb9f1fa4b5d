// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/stream/frame_producer.hpp"

#include <algorithm>

namespace sonogram {
namespace {

constexpr std::int64_t most_frames = 64, most_samples = 1 << 15;

}  // namespace

template <class T>
FrameProducer<T>::FrameProducer(const Extractor& extractor)
    : spec_(extractor.spec()), engine_(extractor.engine<T>()) {
  piece_ = std::min(kernel().block_frames(engine_.plan()), most_frames);
  piece_ = std::min(piece_, 1 + most_samples / engine_.spacing());
  scratch_ = (kernel().scratch_bytes(engine_.plan()) + 63) / 64 * 64;
  std::int64_t samples = 0;
  for (std::int64_t n = 1; n <= piece_; ++n) samples = std::max(samples, engine_.samples_of(n));
  const std::size_t bytes = scratch_ + sizeof(T) * static_cast<std::size_t>(samples);
  memory_.reset(static_cast<char*>(::operator new(bytes, std::align_val_t{64})));
}

template <class T>
void FrameProducer<T>::make(const SampleBuffer<T>& buffer, const Framing& framing,
                            std::int64_t frame, std::int64_t count,
                            const FrameTarget<T>& target) const {
  kernel::Job<T> job;
  job.frames = count;
  job.out = target.base;
  job.row_stride = target.row_stride;
  job.frame_stride = target.frame_stride;
  job.samples =
      engine_.gather(framing.first_read + frame * spec_.hop(), count,
                     reinterpret_cast<T*>(memory_.get() + scratch_),
                     [&](std::int64_t begin, std::int64_t samples, std::int64_t readable, T* to) {
                       return buffer.at(framing, begin, samples, readable, to);
                     });
  kernel().run(engine_.plan(), job, memory_.get());
}

template class FrameProducer<float>;
template class FrameProducer<double>;

}  // namespace sonogram
