// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The plan for the finish stages of a spec. Stages that change values one by one, and depend on the
// item only through its largest and smallest value, take one pass in place or none; all others are
// a StageChain.
#pragma once
#include <cstdint>
#include <vector>

#include "core/signal/framing.hpp"
#include "sonogram/spec.hpp"

namespace sonogram {

// One element-wise step with its numbers filled in: y = max(x, low) or y = x * scale + offset.
template <class T>
struct Step {
  bool clamp;
  T low, scale, offset;
};

// The division of the stages: those that the kernel applies, and those that need a separate pass.
struct FinishPlan {
  bool chained = false;       // a StageChain runs it all; nothing below applies
  bool fused_affine = false;  // the kernel applies scale and offset
  bool fused_clamp = false;   // then only max(y, affine(maximum - range)) is left
  bool needs_range = false;   // the kernel reports maximum and minimum
  double scale = 1.0, offset = 0.0;
  double range = 0.0;
  std::vector<FinishStage> rest;  // stages for `steps_for`
};

FinishPlan plan_finish(const Spec& spec);

// The number of valid frames of an item.
std::int64_t valid_frames(const Spec& spec, const Framing& framing);

// The rest of a chain for an item with this range of values.
template <class T>
std::vector<Step<T>> steps_for(const std::vector<FinishStage>& stages, T maximum, T minimum);

template <class T>
void apply_steps(const std::vector<Step<T>>& steps, T* values, std::int64_t count);

}  // namespace sonogram
