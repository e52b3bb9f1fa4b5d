// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// A signal that arrives in pieces: the frames of a Spec as soon as their samples are there, with
// the bits that an Extractor gives for the whole.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sonogram/export.hpp"
#include "sonogram/extractor.hpp"
#include "sonogram/spec.hpp"

namespace sonogram {

// Numbers of whole signals, one set per channel: what a Survey found.
struct SignalNumbers;

// What a stage that asks for a number of the whole signal is given in a stream: nothing (such a
// stage is refused), values that are known, or what the frames so far say.
struct Substitute {
  enum class Kind { none, values, running };
  Kind kind = Kind::none;
  std::vector<double> values;  // one, or one per row
};

struct StreamOptions {
  SampleType type = SampleType::float32;
  std::int64_t channels = 1;  // 0 to 1048576
  // Of "dynamic_range" and "reference" 'max'. A known value is that of the first such stage; those
  // of later ones follow from it, through stages that keep the order of values (affine with scale
  // >= 0, clip, dynamic_range, reference): others in between are refused.
  Substitute maximum;
  // Of "normalize" and "reference" 'mean'. Known values serve one stage: more are refused.
  Substitute mean, deviation;
  std::int64_t window = 0;  // frames that running numbers look back on; 0: all so far
  // Of a Survey of the same spec, type and channels, instead of the three above.
  std::shared_ptr<const SignalNumbers> numbers;
};

// How long frames take. Which sample completes which frame, `Stream::samples_for` says: the first
// frames may be nearer to each other (a centred one reads the reflected start) or come together.
struct Latency {
  std::int64_t first;      // samples_for(1)
  std::int64_t per_frame;  // samples from frame to frame, once they come evenly
};

// One stage or field that needs the whole signal, and what would serve instead.
struct Obstacle {
  std::string stage;
  std::string choices;
};
// Those of a spec; none: it streams as it is. Throws std::invalid_argument for an invalid spec.
SONOGRAM_API std::vector<Obstacle> obstacles(const Spec& spec);

// One Stream belongs to one thread at a time, whichever. Once it is made, `push`, `flush`, `reset`,
// `next_frames` and the `shape` into the caller's memory allocate nothing, whatever the chunk, the
// last one included, but for the words of the exceptions that they throw. (Fields that hold back
// more than 2^22 samples, such as a min_length that repeats the signal, may allocate once.)
class SONOGRAM_API Stream {
 public:
  // Throws std::invalid_argument where a stage needs the whole signal and nothing stands in for it,
  // or for substitutes that no stage asks for.
  explicit Stream(const Spec& spec, const StreamOptions& options = {});
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  const Spec& spec() const;
  const StreamOptions& options() const;
  // Rows, and the precision, of what is returned.
  std::int64_t num_rows() const;
  bool is_complex() const;
  Precision precision() const;
  Latency latency() const;
  // The least number of samples, counted from the signal's first, that must be pushed before
  // `frames` frames have been returned, in chunks of any size; -1: so many come, if at all, when
  // the signal ends.
  std::int64_t samples_for(std::int64_t frames) const;
  // Frames returned since construction or the last reset (patches, or samples where the spec's
  // output is the waveform).
  std::int64_t num_frames() const;
  // Whether the signal has ended: nothing but `reset` is left.
  bool ended() const;

  // How many frames `push` of so many samples will return. With `last`, throws as the Extractor
  // does for a signal that is too short.
  std::int64_t next_frames(std::int64_t samples, bool last = false) const;
  // Dimensions of one channel's share of so many frames: rows and frames in the spec's layout,
  // patches, or samples.
  std::vector<std::int64_t> shape(std::int64_t frames) const;
  // That of a whole signal of so many samples.
  std::vector<std::int64_t> item_shape(std::int64_t samples) const;
  // `shape` without an allocation: into memory for 3; returns how many there are.
  std::size_t shape(std::int64_t frames, std::int64_t* dims) const;

  // Takes `channels` signals of any number of samples (`items` and `type` are those of the options)
  // and writes next_frames(chunk.samples, last) frames of each: contiguous, channels times
  // shape(frames) values of precision(), which `out` must name; where there are none, `out` is not
  // looked at. Returns the number of frames. Throws std::invalid_argument after the end, for a
  // chunk or memory that does not fit (nothing is taken then), and with `last` for a signal that is
  // too short, which ends it.
  std::int64_t push(const Signals& chunk, const Features& out, bool last = false);
  // What is left when the signal ends here: push of nothing, the last.
  std::int64_t flush(const Features& out);
  // Begins a new signal.
  void reset();

 private:
  class SONOGRAM_LOCAL Impl;
  template <class T>
  class SONOGRAM_LOCAL ImplOf;
  std::unique_ptr<Impl> impl_;
};

// What the stages over a whole signal need to know, gathered by reading the signal several times:
//   Survey survey(spec, options, samples);
//   while (!survey.done()) { for (each chunk) survey.push(chunk); survey.next_pass(); }
//   options.numbers = survey.numbers();
// A Stream with them gives the Extractor's bits.
class SONOGRAM_API Survey {
 public:
  // Of signals of `samples` samples. Throws as the Extractor does for too few.
  Survey(const Spec& spec, const StreamOptions& options, std::int64_t samples);
  ~Survey();
  Survey(const Survey&) = delete;
  Survey& operator=(const Survey&) = delete;

  // Passes over the signal that are left.
  std::int64_t passes() const;
  bool done() const { return passes() == 0; }
  void push(const Signals& chunk);
  // Throws std::invalid_argument where the samples pushed were not `samples`.
  void next_pass();
  std::shared_ptr<const SignalNumbers> numbers() const;

  class SONOGRAM_LOCAL Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace sonogram
