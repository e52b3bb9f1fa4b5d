// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// A Spec in one precision: the kernel's plan, and the schedule of an item's frames over threads.
#pragma once
#include <cstdint>
#include <vector>

#include "../kernels/kernel.hpp"
#include "finish.hpp"
#include "framing.hpp"
#include "sonogram/extractor.hpp"
#include "source.hpp"

namespace sonogram {

template <class T>
class Extractor::Engine {
 public:
  Engine(const Spec& spec, const std::vector<double>& window, const std::vector<double>& bank);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  void run(const Signals& in, const Framing& framing, T* out, const RunOptions& options) const;

 private:
  struct Range {
    T maximum, minimum;
  };
  struct Schedule;

  void set_compress(const Spec& spec, kernel::Params<T>& p);
  void run_block(const Schedule& schedule, std::int64_t index, Range& range) const;
  void finish_block(const Schedule& schedule, std::int64_t index, const Range& item,
                    const Range& block) const;
  void run_frames(const Schedule& schedule, const Source<T>& source, std::int64_t item,
                  std::int64_t frame, std::int64_t frames, Range& range) const;
  kernel::Job<T> job_at(const Schedule& schedule, std::int64_t item, std::int64_t frame,
                        std::int64_t frames) const;

  const Spec& spec_;
  const kernel::Operations<T>& kernel_;
  FinishPlan finish_;
  void* plan_ = nullptr;
  std::int64_t block_ = 1;
  std::size_t scratch_ = 0;
};

}  // namespace sonogram
