// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include <cmath>
#include <limits>

#include "check.hpp"
#include "core/finish/finish_plan.hpp"

using sonogram::FinishKind;
using sonogram::FinishPlan;
using sonogram::FinishStage;
using sonogram::make_stage;

namespace {

const FinishStage clamp = make_stage(FinishKind::dynamic_range, {{"range", 8.0}});
const FinishStage rising = make_stage(FinishKind::affine, {{"scale", 0.25}, {"offset", 1.0}});
const FinishStage falling = make_stage(FinishKind::affine, {{"scale", -2.0}, {"offset", 1.0}});
const FinishStage value = make_stage(FinishKind::reference, {{"value", 3.0}});
const FinishStage maximum = make_stage(FinishKind::reference, {{"value", "max"}});

FinishPlan plan(const std::vector<FinishStage>& stages) {
  sonogram::Spec spec;
  spec.finish = stages;
  return sonogram::plan_finish(spec);
}

// A chain, stage by stage over all values, the maximum asked afresh each time.
std::vector<double> slowly(const std::vector<FinishStage>& stages, std::vector<double> x) {
  for (const FinishStage& s : stages) {
    double top = x[0];
    for (const double v : x) top = std::max(top, v);
    for (double& v : x) {
      if (s.kind == FinishKind::dynamic_range) v = std::max(v, top - s.number(0));
      if (s.kind == FinishKind::affine) v = v * s.number(0) + s.number(1);
      if (s.kind == FinishKind::reference) v -= s.values == maximum.values ? top : s.number(0);
    }
  }
  return x;
}

const std::vector<std::vector<FinishStage>> chains = {
    {},
    {clamp},
    {clamp, rising},
    {clamp, falling},
    {rising},
    {rising, clamp},
    {falling, clamp, maximum},
    {value, clamp, rising},
    {maximum},
    {maximum, clamp, falling, clamp, rising},
    {clamp, rising, maximum},
};

}  // namespace

TEST(whispers_chain_rides_along_with_the_kernel) {
  const FinishPlan whisper = plan({clamp, rising});
  CHECK(whisper.fused_clamp && whisper.fused_affine && whisper.needs_range && whisper.rest.empty());
  CHECK_EQUAL(whisper.range, 8.0);
  const FinishPlan affine = plan({rising});
  CHECK(!affine.fused_clamp && affine.fused_affine && !affine.needs_range && affine.rest.empty());
  // a falling map turns the order round, so the clamp cannot follow it
  CHECK(!plan({clamp, falling}).fused_clamp);
  CHECK(plan({maximum}).needs_range);
  CHECK(!plan({value}).needs_range);
}

TEST(a_chain_of_any_length_is_one_pass_over_the_values) {
  const std::vector<double> x = {-3, -30, 2, 5, 4.5, -4, 5, 0};
  for (std::size_t c = 0; c < chains.size(); ++c) {
    const check::Scope scope("chain ", c);
    std::vector<double> got = x;
    sonogram::apply_steps(sonogram::steps_for<double>(chains[c], 5, -30), got.data(), 8);
    CHECK(got == slowly(chains[c], x));
  }
}

TEST(not_a_number_reaches_every_value_that_hangs_on_the_maximum) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const auto& chain : chains) {
    if (!plan(chain).needs_range) continue;
    float x[3] = {1, 2, 3};
    sonogram::apply_steps(sonogram::steps_for<float>(chain, nan, nan), x, 3);
    for (const float v : x) CHECK(v != v);
  }
}
