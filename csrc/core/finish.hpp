// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Finish stages over the features of one item. They depend on the item only through its largest and
// smallest value, so a chain of any length is one pass over the features.
#pragma once
#include <cstdint>
#include <vector>

#include "sonogram/spec.hpp"

namespace sonogram {

// One element-wise step with its numbers filled in: y = max(x, low) or y = x * scale + offset.
template <class T>
struct Step {
  bool clamp;
  T low, scale, offset;
};

// How a chain runs: what the kernel takes along, and what is left for a pass of its own.
struct FinishPlan {
  bool fused_affine = false;  // the kernel applies `affine`
  bool fused_clamp = false;   // then only max(y, affine(maximum - range)) is left
  bool needs_range = false;   // the kernel reports maximum and minimum
  FinishStage affine{FinishKind::affine, 1.0, 0.0};
  double range = 0.0;
  std::vector<FinishStage> rest;  // stages for `steps_for`
};

FinishPlan plan_finish(const std::vector<FinishStage>& stages);

// The rest of a chain for an item with this range of values.
template <class T>
std::vector<Step<T>> steps_for(const std::vector<FinishStage>& stages, T maximum, T minimum);

template <class T>
void apply_steps(const std::vector<Step<T>>& steps, T* values, std::int64_t count);

}  // namespace sonogram
