// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include <cmath>
#include <limits>

#include "check.hpp"
#include "core/finish.hpp"

using sonogram::FinishKind;
using sonogram::FinishPlan;
using sonogram::FinishStage;
using sonogram::plan_finish;

namespace {

constexpr FinishStage clamp{FinishKind::dynamic_range, 8, 0};
constexpr FinishStage rising{FinishKind::affine, 0.25, 1};
constexpr FinishStage falling{FinishKind::affine, -2, 1};
constexpr FinishStage value{FinishKind::reference_value, 3, 0};
constexpr FinishStage maximum{FinishKind::reference_max, 0, 0};

// A chain, stage by stage over all values, the maximum asked afresh each time.
std::vector<double> slowly(const std::vector<FinishStage>& stages, std::vector<double> x) {
  for (const FinishStage& s : stages) {
    double top = x[0];
    for (const double v : x) top = std::max(top, v);
    for (double& v : x) {
      if (s.kind == FinishKind::dynamic_range) v = std::max(v, top - s.a);
      if (s.kind == FinishKind::affine) v = v * s.a + s.b;
      if (s.kind == FinishKind::reference_value) v -= s.a;
      if (s.kind == FinishKind::reference_max) v -= top;
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
  const FinishPlan whisper = plan_finish({clamp, rising});
  CHECK(whisper.fused_clamp && whisper.fused_affine && whisper.needs_range && whisper.rest.empty());
  CHECK_EQUAL(whisper.range, 8.0);
  const FinishPlan affine = plan_finish({rising});
  CHECK(!affine.fused_clamp && affine.fused_affine && !affine.needs_range && affine.rest.empty());
  // a falling map turns the order round, so the clamp cannot follow it
  CHECK(!plan_finish({clamp, falling}).fused_clamp);
  CHECK(plan_finish({maximum}).needs_range);
  CHECK(!plan_finish({value}).needs_range);
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
    if (!plan_finish(chain).needs_range) continue;
    float x[3] = {1, 2, 3};
    sonogram::apply_steps(sonogram::steps_for<float>(chain, nan, nan), x, 3);
    for (const float v : x) CHECK(v != v);
  }
}
