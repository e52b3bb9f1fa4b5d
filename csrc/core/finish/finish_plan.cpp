// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/finish/finish_plan.hpp"

#include <algorithm>

#include "core/spec/finish_table.hpp"

namespace sonogram {

namespace {

bool by_range_alone(const FinishStage& s) { return traits_of(s).by_range; }

bool needs_chain(const Spec& spec) {
  if (spec.dtype == Precision::float16 || spec.dtype == Precision::bfloat16 ||
      spec.dtype == Precision::uint8) {
    return true;
  }
  if (spec.energy != Energy::none && !spec.finish.empty()) return true;
  return !std::all_of(spec.finish.begin(), spec.finish.end(), by_range_alone);
}

}  // namespace

FinishPlan plan_finish(const Spec& spec) {
  FinishPlan plan;
  const std::vector<FinishStage>& stages = spec.finish;
  const std::size_t n = stages.size();
  plan.chained = needs_chain(spec);
  if (n == 0 || plan.chained) return plan;
  const auto affine = [&plan](const FinishStage& s) {
    plan.fused_affine = true;
    plan.scale = s.number(0);
    plan.offset = s.number(1);
  };
  const bool clamp_first = stages[0].kind == FinishKind::dynamic_range;
  if (n == 1 && stages[0].kind == FinishKind::affine) {
    affine(stages[0]);
  } else if (clamp_first && (n == 1 || (n == 2 && stages[1].kind == FinishKind::affine &&
                                        stages[1].number(0) > 0))) {
    // A rising affine map f commutes with the maximum, rounding included:
    // f(max(x, c)) = max(f(x), f(c)).
    plan.fused_clamp = true;
    plan.needs_range = true;
    plan.range = stages[0].number(0);
    if (n == 2) affine(stages[1]);
  } else {
    plan.rest = stages;
    for (const FinishStage& s : stages) {
      plan.needs_range = plan.needs_range || traits_of(s).needs.maximum;
    }
  }
  return plan;
}

std::int64_t valid_frames(const Spec& spec, const Framing& framing) {
  const std::int64_t n = std::max(framing.num_given, spec.valid_min);
  const std::int64_t hop = spec.hop(), up = (n + hop - 1) / hop;
  std::int64_t valid = framing.frames;
  switch (spec.valid_frames) {
    case ValidFrames::all: break;
    case ValidFrames::floor: valid = n / hop; break;
    case ValidFrames::ceil: valid = up; break;
    case ValidFrames::last: valid = std::max<std::int64_t>(up - 1, 0); break;
    case ValidFrames::all_but_last: valid = std::max<std::int64_t>(valid - 1, 0); break;
  }
  return std::min(valid, framing.frames);
}

template <class T>
std::vector<Step<T>> steps_for(const std::vector<FinishStage>& stages, T maximum, T minimum) {
  std::vector<Step<T>> steps;
  for (const FinishStage& s : stages) {
    Step<T> step{false, 0, 1, 0};
    if (s.kind == FinishKind::dynamic_range) {
      step = {true, maximum - static_cast<T>(s.number(0)), 1, 0};
    } else if (s.kind == FinishKind::affine) {
      step = {false, 0, static_cast<T>(s.number(0)), static_cast<T>(s.number(1))};
    } else {
      step.offset = traits_of(s).needs.maximum ? -maximum : -static_cast<T>(s.number(0));
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
