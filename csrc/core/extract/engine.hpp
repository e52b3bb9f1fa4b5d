// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// A Spec in one precision: the kernel's plan, and the schedule of an item's frames over threads.
#pragma once
#include <algorithm>
#include <cstdint>
#include <mutex>
#include <vector>

#include "core/finish/chain.hpp"
#include "core/finish/finish_plan.hpp"
#include "core/signal/conditioned_signal.hpp"
#include "core/signal/framing.hpp"
#include "kernels/kernel.hpp"
#include "sonogram/extractor.hpp"

namespace sonogram {

template <class T>
class Extractor::Engine {
 public:
  // One signal and where its features go.
  struct Item {
    const void* data;
    SampleType type;
    std::int64_t stride;
    Framing framing;
    void* out;
    std::int64_t row_frames;  // frames from row to row of the output
    const ItemStatistics* statistics = nullptr;
  };

  Engine(const Spec& spec, const std::vector<double>& window, const std::vector<double>& bank,
         const StageChain<T>& chain);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  void run(const std::vector<Item>& items, Precision precision, const RunOptions& options) const;

  // For FrameProducer, which runs the kernel itself.
  const kernel::Operations<T>& kernel() const { return kernel_; }
  const void* plan() const { return plan_; }
  const FinishPlan& finish() const { return finish_; }
  // Samples from frame to frame as the kernel reads them: the hop, or less where the windows of
  // frames that lie far apart are copied next to each other.
  std::int64_t spacing() const { return spacing_; }
  // The samples that so many frames are read from.
  std::int64_t samples_of(std::int64_t frames) const {
    return std::max((frames - 1) * spacing_ + spec_.window_length(),
                    kernel_.readable(plan_, frames));
  }
  // The samples of `frames` frames of which the first reads from position `begin`, in place or in
  // `memory`. at(begin, count, readable, memory) is as ConditionedSignal::at.
  template <class At>
  const T* gather(std::int64_t begin, std::int64_t frames, T* memory, const At& at) const {
    const std::int64_t hop = spec_.hop(), window = spec_.window_length();
    const std::int64_t readable = kernel_.readable(plan_, frames);
    if (spacing_ == hop) return at(begin, (frames - 1) * hop + window, readable, memory);
    std::fill_n(memory, samples_of(frames), T(0));
    for (std::int64_t t = 0; t < frames; ++t) {
      T* const to = memory + t * spacing_;
      const T* const from = at(begin + t * hop, window, window, to);
      if (from != to) std::copy_n(from, window, to);
    }
    return memory;
  }

 private:
  struct Range {
    T maximum, minimum;
  };
  // Where the kernel writes: one of the strides is 1. Frame `first` lies at the base.
  struct Target {
    T* base;
    std::int64_t row_stride, frame_stride;
    std::int64_t first = 0;
  };
  struct Silence {
    std::vector<T> values;
    Range range;
  };
  class Schedule;

  void set_compress(const Spec& spec, kernel::Params<T>& p);
  void set_energy(const Spec& spec, kernel::Params<T>& p);
  std::int64_t raw_rows() const { return spec_.n_rows() + (spec_.energy == Energy::none ? 0 : 1); }
  Target target_of(const Item& item) const;
  int threads_for(const std::vector<Item>& items, const RunOptions& options) const;
  bool has_output_layout(Precision precision) const;

  void run_conditioned(const std::vector<Item>& items, Precision precision,
                       const RunOptions& options) const;
  void run_direct(const std::vector<Item>& items, Precision precision,
                  const RunOptions& options) const;
  // In double, for features in float32.
  void run_narrowed_block(const Item& item, std::int64_t frame, Range& range) const;
  void clamp_narrowed(const Item& item, std::int64_t frame, T low) const;
  void run_narrowed(const std::vector<Item>& items, const RunOptions& options) const;
  void run_narrowed_item(const Item& item, const RunOptions& options) const;
  std::size_t block_bytes() const;
  void run_chains(const std::vector<Item>& items, Precision precision,
                  const RunOptions& options) const;
  void run_chain(const Item& item, Precision precision, const ForEach& each) const;
  void run_waveforms(const std::vector<Item>& items, Precision precision,
                     const RunOptions& options) const;
  void run_block(const Item& item, const Target& target, std::int64_t frame, Range& range) const;
  void run_frames(const Item& item, const Target& target, const ConditionedSignal<T>& source,
                  std::int64_t frame, std::int64_t frames, Range& range) const;
  void finish_block(const Item& item, std::int64_t frame, Precision precision, const Range& whole,
                    const Range& block) const;
  std::int64_t frames_until_silence(const Framing& framing, std::int64_t frame) const;
  const Silence& silence() const;
  void fill_silence(const Target& target, std::int64_t frame, std::int64_t frames,
                    Range& range) const;
  static Range range_of(const Range* begin, const Range* end);
  kernel::Job<T> job_at(const Target& target, std::int64_t frame, std::int64_t frames) const;

  const Spec& spec_;
  const kernel::Operations<T>& kernel_;
  FinishPlan finish_;
  const StageChain<T>& chain_;
  std::int64_t spacing_;
  void* plan_ = nullptr;
  std::int64_t block_ = 1;
  std::size_t scratch_ = 0;
  mutable std::once_flag silence_once_;
  mutable Silence silence_;
};

}  // namespace sonogram
