// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Streams: the frames of a signal that arrives in chunks, each as soon as its samples are there,
// with the bits of an Extractor over the whole signal.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sonogram/export.hpp"
#include "sonogram/extractor.hpp"
#include "sonogram/spec.hpp"

namespace sonogram {

// Global statistics of signals, one set per channel: the result of a Survey.
struct SignalNumbers;

// A stream's substitute for a global statistic that a stage needs: none (the stage is refused),
// known values, or the running statistic of the frames so far.
struct Substitute {
  enum class Kind { none, values, running };
  Kind kind = Kind::none;
  std::vector<double> values;  // one, or one per row
};

struct StreamOptions {
  SampleType type = SampleType::float32;
  std::int64_t channels = 1;  // 0 to 1048576
  // For "dynamic_range" and "reference" 'max'. A known value applies to the first such stage; the
  // values for later ones are derived from it through stages that preserve order (affine with scale
  // >= 0, clip, dynamic_range, reference). Other stages in between are refused.
  Substitute maximum;
  // For "normalize" and "reference" 'mean'. Known values apply to one stage; more are refused.
  Substitute mean, deviation;
  std::int64_t window = 0;  // number of frames that running statistics cover; 0: all so far
  // From a Survey of the same spec, type and channels, instead of the three above.
  std::shared_ptr<const SignalNumbers> numbers;
};

// The number of samples that frames need. `Stream::samples_for` counts exactly: the first frames
// may be closer to each other (a centred one reads the reflected start) or come together.
struct Latency {
  std::int64_t first;      // samples_for(1)
  std::int64_t per_frame;  // samples from frame to frame in the steady state
};

// A stage or field that needs the whole signal, and the alternatives.
struct Obstacle {
  std::string stage;
  std::string choices;
};
// The obstacles to streaming a spec; empty if it streams as it is. Throws std::invalid_argument for
// an invalid spec.
SONOGRAM_API std::vector<Obstacle> obstacles(const Spec& spec);

// A Stream can be used by one thread at a time. After construction, `push`, `flush`, `reset`,
// `next_frames` and the `shape` into the caller's memory allocate nothing for any chunk, including
// the last one, except for the messages of exceptions. (Fields that hold back more than 2^22
// samples, such as a min_length that repeats the signal, may allocate once.)
class SONOGRAM_API Stream {
 public:
  // Throws std::invalid_argument if a stage needs the whole signal and has no substitute, and for
  // substitutes that no stage needs.
  explicit Stream(const Spec& spec, const StreamOptions& options = {});
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  const Spec& spec() const;
  const StreamOptions& options() const;
  // The rows and the precision of the result.
  std::int64_t num_rows() const;
  bool is_complex() const;
  Precision precision() const;
  Latency latency() const;
  // The smallest number of samples, counted from the first of the signal, after which `frames`
  // frames have been returned, in chunks of any size. -1: this many frames come only at the end of
  // the signal, or never.
  std::int64_t samples_for(std::int64_t frames) const;
  // The number of frames (patches, or samples if the spec's output is the waveform) returned since
  // construction or the last reset.
  std::int64_t num_frames() const;
  // Whether the signal has ended; only `reset` is then allowed.
  bool ended() const;

  // The number of frames that a `push` of this many samples will return. With `last`, throws for a
  // signal that is too short, as the Extractor does.
  std::int64_t next_frames(std::int64_t samples, bool last = false) const;
  // The dimensions of one channel's part of this many frames: rows and frames in the spec's layout,
  // patches, or samples.
  std::vector<std::int64_t> shape(std::int64_t frames) const;
  // The dimensions for a whole signal of this many samples.
  std::vector<std::int64_t> item_shape(std::int64_t samples) const;
  // `shape` without allocation: writes up to 3 dimensions and returns their number.
  std::size_t shape(std::int64_t frames, std::int64_t* dims) const;

  // Adds any number of samples to `channels` signals (`items` and `type` as in the options) and
  // writes next_frames(chunk.samples, last) frames of each: contiguous, channels times
  // shape(frames) values of precision(), which `out` must state. If there are no frames, `out` is
  // ignored. Returns the number of frames. Throws std::invalid_argument after the end of the
  // signal; for a chunk or memory that does not fit (no samples are then added); and, with `last`,
  // for a signal that is too short, which ends it.
  std::int64_t push(const Signals& chunk, const Features& out, bool last = false);
  // Ends the signal and writes the remaining frames, like a push of no samples with `last`.
  std::int64_t flush(const Features& out);
  // Begins a new signal.
  void reset();

 private:
  class SONOGRAM_LOCAL Impl;
  template <class T>
  class SONOGRAM_LOCAL ImplOf;
  std::unique_ptr<Impl> impl_;
};

// Gathers the global statistics that stages need, by reading the signal several times:
//   Survey survey(spec, options, samples);
//   while (!survey.done()) { for (each chunk) survey.push(chunk); survey.next_pass(); }
//   options.numbers = survey.numbers();
// A Stream with these numbers gives the Extractor's bits.
class SONOGRAM_API Survey {
 public:
  // For signals of `samples` samples. Throws for too few, as the Extractor does.
  Survey(const Spec& spec, const StreamOptions& options, std::int64_t samples);
  ~Survey();
  Survey(const Survey&) = delete;
  Survey& operator=(const Survey&) = delete;

  // The number of remaining passes over the signal.
  std::int64_t passes() const;
  bool done() const { return passes() == 0; }
  void push(const Signals& chunk);
  // Throws std::invalid_argument if the number of samples pushed was not `samples`.
  void next_pass();
  std::shared_ptr<const SignalNumbers> numbers() const;

  class SONOGRAM_LOCAL Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace sonogram
