// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The finish stages of a spec, in order, over one item.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "core/finish/stage.hpp"

namespace sonogram {

// Calls task(i) for i in [0, count), in any order.
using ForEach = std::function<void(std::int64_t count, const std::function<void(std::int64_t)>&)>;

template <class T>
class StageChain {
 public:
  // Features of `rows` rows; with `energy`, one more comes first and is placed by its stage.
  StageChain(const std::vector<FinishStage>& stages, std::int64_t rows, bool energy,
             const kernel::Operations<T>& ops);

  bool empty() const { return stages_.empty(); }
  const std::vector<StagePointer<T>>& stages() const { return stages_; }
  std::int64_t rows() const { return rows_; }
  std::int64_t frames(std::int64_t in) const;
  std::int64_t valid(std::int64_t in) const;
  // Throws std::invalid_argument if a stage has too few valid frames for its statistics, in a
  // signal of this many samples (or in given features, without a value).
  void check(std::int64_t frames, std::int64_t valid, std::optional<std::int64_t> samples) const;
  // Index of the last stage that does not work in place, or -1. Its output is written to the memory
  // of the result.
  std::int64_t last_moving() const;
  // The largest number of values between two stages for this many frames.
  std::int64_t max_values(std::int64_t frames) const;

  // From `raw` [frames][raw rows] to `result` [frames out][rows]; `memory[0]` and `memory[1]` hold
  // max_values each, and `raw` is memory[0], or `result` where no stage moves. `kept` holds the
  // state of a stage while `each` runs it.
  void run(T* raw, std::int64_t frames, std::int64_t valid, T* const memory[2], T* result,
           std::vector<double>& kept, const ForEach& each) const;

 private:
  std::vector<StagePointer<T>> stages_;
  std::int64_t rows_;
};

extern template class StageChain<float>;
extern template class StageChain<double>;

}  // namespace sonogram
