// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The Extractor, which computes the features of a Spec.
#pragma once
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "sonogram/export.hpp"
#include "sonogram/run.hpp"
#include "sonogram/signals.hpp"
#include "sonogram/spec.hpp"

namespace sonogram {

// A range of samples, relative to the first sample of an item; negative before it.
struct SampleRange {
  std::int64_t begin, end;
};

struct Framing;
template <class T>
class FrameProducer;

// Immutable after construction: any number of threads may run one Extractor at the same time.
class SONOGRAM_API Extractor {
 public:
  explicit Extractor(const Spec& spec);
  ~Extractor();
  Extractor(const Extractor&) = delete;
  Extractor& operator=(const Extractor&) = delete;

  const Spec& spec() const { return spec_; }
  // Rows of the result, after every finish stage.
  std::int64_t num_rows() const;
  bool is_complex() const { return !spec_.power.has_value() && spec_.output == Output::spectrum; }
  // The precision of the features of samples of this type.
  Precision precision_for(SampleType type) const;
  // The number of frames of a signal of this many samples, after every finish stage. Throws
  // std::invalid_argument if there are too few samples for a frame or for the statistics of a
  // stage.
  std::int64_t num_frames(std::int64_t samples) const;
  // How many of them are valid, by the spec's `valid_frames`. For a waveform, the number of samples
  // up to the last one of the signal.
  std::int64_t num_valid_frames(std::int64_t samples) const;
  // The dimensions of one item's result: rows and frames in the spec's layout, patches, or samples.
  std::vector<std::int64_t> item_shape(std::int64_t samples) const;
  // The number of frames of that result, or of patches or samples.
  std::int64_t item_frames(std::int64_t samples) const;
  // The samples under the windows of a frame (patch, sample) of the result, in an item of this many
  // samples; padding counts as samples before the first or after the last. -1 samples: in an item
  // of any length, with std::invalid_argument if the position depends on the length. Frames beyond
  // the last one are extrapolated. For frames joined by "stack", the range spans those that exist;
  // the end of an item is taken into account if its samples are given.
  SampleRange frame_samples(std::int64_t frame, std::int64_t samples = -1) const;
  // The window of win_length samples, without the normalisation folded into it.
  const std::vector<double>& window() const { return window_; }
  // Row-major [bands][n_freqs]; empty without a filterbank.
  const std::vector<double>& filterbank() const { return filterbank_; }

  void run(const Signals& in, const Features& out, const RunOptions& options = {}) const;
  // Computes signals of different lengths, each of one item, into one array whose items have
  // `frames` frames: item i starts at i * num_rows * frames values (or, without frames, at i *
  // frames samples). Memory beyond an item's own frames is not written. Not for patches.
  void run_batch(const std::vector<Signals>& in, const Features& out, std::int64_t frames,
                 const RunOptions& options = {}) const;

 private:
  SONOGRAM_LOCAL Framing framing_of(std::int64_t samples) const;
  SONOGRAM_LOCAL std::int64_t patch_columns(std::int64_t samples) const;
  SONOGRAM_LOCAL std::vector<std::int64_t> frames_before_stages(std::int64_t samples) const;
  SONOGRAM_LOCAL std::pair<std::int64_t, std::int64_t> raw_frames_of(std::int64_t frame,
                                                                     std::int64_t samples) const;
  SONOGRAM_LOCAL Framing framing_of_item(const std::vector<Signals>& in, std::size_t i) const;
  template <class T>
  friend class FrameProducer;
  template <class T>
  class SONOGRAM_LOCAL Engine;
  template <class T>
  SONOGRAM_LOCAL const Engine<T>& engine() const;
  template <class T>
  SONOGRAM_LOCAL void run_items(const std::vector<Signals>& in, const Features& out,
                                std::int64_t frames, const RunOptions& options) const;

  Spec spec_;
  std::vector<double> window_;
  std::vector<double> filterbank_;
  struct SONOGRAM_LOCAL Lazy;
  std::unique_ptr<Lazy> lazy_;
};

}  // namespace sonogram
