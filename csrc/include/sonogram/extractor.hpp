// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// A Spec made ready to run.
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

// Samples of an item, from its first: negative before it.
struct SampleRange {
  std::int64_t begin, end;
};

struct Framing;
template <class T>
class FrameProducer;

// Immutable after construction: any number of threads may run one Extractor at once.
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
  // The precision of the features of such samples.
  Precision precision_for(SampleType type) const;
  // Frames of the result for a signal of so many samples, after every finish stage. Throws
  // std::invalid_argument where there are too few, for a frame or for the numbers of a stage.
  std::int64_t num_frames(std::int64_t samples) const;
  // How many of them are true: those that `valid_frames` counts. Of a waveform, the samples up to
  // the last one given.
  std::int64_t num_valid_frames(std::int64_t samples) const;
  // Dimensions of one item's result: rows and frames in the spec's layout, patches, or samples.
  std::vector<std::int64_t> item_shape(std::int64_t samples) const;
  // Frames of that result, or patches, or samples.
  std::int64_t item_frames(std::int64_t samples) const;
  // The samples under the windows of a frame of the result (patch, sample) in an item of so many
  // samples, padding counted as samples before the first or after the last; -1 samples: of any
  // item. Throws std::invalid_argument where they lie elsewhere in items of other lengths, and none
  // is given. Frames past the last one lie where they would. Of frames that "stack" joins: from the
  // first to the last that is there; the end of an item counts where its samples are given.
  SampleRange frame_samples(std::int64_t frame, std::int64_t samples = -1) const;
  // The window of win_length samples, without the normalisation folded into it.
  const std::vector<double>& window() const { return window_; }
  // Row-major [bands][n_freqs]; empty without a filterbank.
  const std::vector<double>& filterbank() const { return filterbank_; }

  void run(const Signals& in, const Features& out, const RunOptions& options = {}) const;
  // Signals of different lengths, each of one item, into one array whose items have `frames`
  // frames: item i starts at i * num_rows * frames values (or, without frames, i * frames samples),
  // and what its own frames do not reach is left as it is. Not for patches.
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
