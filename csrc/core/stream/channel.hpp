// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// A stream in one precision: what its channels share, and one channel.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "core/finish/chain.hpp"
#include "core/stream/frame_producer.hpp"
#include "core/stream/sample_buffer.hpp"
#include "core/stream/stage_pipeline.hpp"
#include "core/stream/whole_signal.hpp"

namespace sonogram {

// How a stream computes its frames.
enum class Path {
  samples,  // no frames: conditioned samples
  direct,   // the kernel writes the result
  stages    // the kernel's frames go through stages
};

Path path_of(const Spec& spec, const StreamOptions& options);
// Whether the arithmetic is in double.
bool is_wide(const Spec& spec, SampleType type);

// The part that does not depend on the precision.
struct StreamParts {
  StreamParts(const Spec& spec, const StreamOptions& options, Path path);

  Spec spec;
  StreamOptions options;
  Extractor extractor;
  std::unique_ptr<Extractor> unfinished;  // without finish stages; on Path::stages
  Precision precision;
  Path path;
  ReadyFrames ready_frames;
};

template <class T>
class StreamShared {
 public:
  explicit StreamShared(const StreamParts& parts);

  const StreamParts& parts() const { return parts_; }
  const FrameProducer<T>& producer() const { return producer_; }
  const std::vector<const Stage<T>*>& stages() const { return stages_; }
  const StageChain<T>& chain() const { return chain_; }
  std::int64_t raw_rows() const;
  std::int64_t unit() const { return unit_; }  // frames of the result in one of the last stage
  std::int64_t step() const;                   // samples from frame to frame of the result
  std::int64_t values_of(std::int64_t frames) const;
  // States of the stages of a channel that ask for the whole signal.
  std::vector<std::vector<double>> states(std::int64_t channel) const;
  // On Path::direct: whether values are clamped, and the largest one.
  bool clamps() const { return parts_.path == Path::direct && producer_.finish().fused_clamp; }
  T maximum(std::int64_t channel) const;

 private:
  const StreamParts& parts_;
  FrameProducer<T> producer_;
  StageChain<T> chain_;
  std::vector<StagePointer<T>> own_;
  std::vector<const Stage<T>*> stages_;
  std::int64_t unit_ = 1;
};

template <class T>
class StreamChannel {
 public:
  // For no channel: a stream of none counts its frames.
  static constexpr std::int64_t none = -1;
  StreamChannel(const StreamShared<T>& shared, std::int64_t channel);

  // Frames of the result that so many samples are enough for.
  std::int64_t ready(std::int64_t samples) const;
  // The same for a channel without samples so far.
  std::int64_t ready_after(std::int64_t samples) const;
  void push(const Signals& chunk, void* out, std::int64_t frames, bool last);
  void reset();

 private:
  // The memory for the frames of one push.
  struct Out {
    char* data;
    std::int64_t frames, done;
  };
  std::int64_t frames_of(std::int64_t samples, bool anew) const;
  // Whether every sample that the result reads has come: what follows is only counted.
  bool full() const;
  std::int64_t add(const Signals& chunk, std::int64_t begin);
  void advance(const Framing& framing, std::int64_t ready, std::int64_t valid, bool last, Out& out);
  void make(const Framing& framing, std::int64_t count, Out& out);
  void make_direct(const Framing& framing, std::int64_t count, Out& out);
  void make_samples(const Framing& framing, std::int64_t count, Out& out);
  void finish(Progress progress, Out& out);

  const StreamShared<T>& shared_;
  SampleBuffer<T> buffer_;
  StagePipeline<T> stages_;
  std::vector<T> samples_out_;
  std::vector<T> narrowed_;  // of a piece, where the result is in another precision
  std::int64_t samples_ = 0, made_ = 0;
  T low_ = 0;
};

extern template class StreamShared<float>;
extern template class StreamShared<double>;
extern template class StreamChannel<float>;
extern template class StreamChannel<double>;

}  // namespace sonogram
