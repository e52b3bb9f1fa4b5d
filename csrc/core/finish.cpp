// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "finish.hpp"

#include <algorithm>

namespace sonogram {

FinishPlan plan_finish(const std::vector<FinishStage>& stages) {
  FinishPlan plan;
  const std::size_t n = stages.size();
  if (n == 0) return plan;
  const bool clamp_first = stages[0].kind == FinishKind::dynamic_range;
  if (n == 1 && stages[0].kind == FinishKind::affine) {
    plan.fused_affine = true;
    plan.affine = stages[0];
  } else if (clamp_first &&
             (n == 1 || (n == 2 && stages[1].kind == FinishKind::affine && stages[1].a > 0))) {
    // A rising affine map f commutes with the maximum, rounding included:
    // f(max(x, c)) = max(f(x), f(c)).
    plan.fused_clamp = true;
    plan.needs_range = true;
    plan.range = stages[0].a;
    plan.fused_affine = n == 2;
    if (n == 2) plan.affine = stages[1];
  } else {
    plan.rest = stages;
    for (const FinishStage& s : stages) {
      plan.needs_range = plan.needs_range || s.kind == FinishKind::dynamic_range ||
                         s.kind == FinishKind::reference_max;
    }
  }
  return plan;
}

template <class T>
std::vector<Step<T>> steps_for(const std::vector<FinishStage>& stages, T maximum, T minimum) {
  std::vector<Step<T>> steps;
  for (const FinishStage& s : stages) {
    const T a = static_cast<T>(s.a), b = static_cast<T>(s.b);
    Step<T> step{false, 0, 1, 0};
    switch (s.kind) {
      case FinishKind::dynamic_range: step = {true, maximum - a, 1, 0}; break;
      case FinishKind::affine: step = {false, 0, a, b}; break;
      case FinishKind::reference_value: step = {false, 0, 1, -a}; break;
      case FinishKind::reference_max: step = {false, 0, 1, -maximum}; break;
    }
    T ends[2] = {maximum, minimum};
    apply_steps<T>({step}, ends, 2);
    maximum = std::max(ends[0], ends[1]);
    minimum = std::min(ends[0], ends[1]);
    if (ends[0] != ends[0]) maximum = ends[0];
    steps.push_back(step);
  }
  return steps;
}

template <class T>
void apply_steps(const std::vector<Step<T>>& steps, T* values, std::int64_t count) {
  for (const Step<T>& s : steps) {
    if (!s.clamp) {
      for (std::int64_t i = 0; i < count; ++i) values[i] = values[i] * s.scale + s.offset;
    } else if (s.low != s.low) {
      std::fill(values, values + count, s.low);
    } else {
      for (std::int64_t i = 0; i < count; ++i) values[i] = values[i] < s.low ? s.low : values[i];
    }
  }
}

template std::vector<Step<float>> steps_for(const std::vector<FinishStage>&, float, float);
template std::vector<Step<double>> steps_for(const std::vector<FinishStage>&, double, double);
template void apply_steps(const std::vector<Step<float>>&, float*, std::int64_t);
template void apply_steps(const std::vector<Step<double>>&, double*, std::int64_t);

}  // namespace sonogram
