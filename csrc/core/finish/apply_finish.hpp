// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The finish stages of a spec over existing features.
#pragma once
#include <cstdint>
#include <vector>

#include "sonogram/export.hpp"
#include "sonogram/run.hpp"
#include "sonogram/signals.hpp"

namespace sonogram {

// Items of `rows` rows and `frames` frames each, contiguous, in the spec's layout.
struct GivenFeatures {
  const void* data;
  Precision precision;  // float32 or float64: of the arithmetic and the result
  std::int64_t items, rows, frames;
};

// Only the finish and the layout of the spec are used.
SONOGRAM_API std::vector<std::int64_t> finished_shape(const Spec& spec, const GivenFeatures& in);
SONOGRAM_API void apply_finish(const Spec& spec, const GivenFeatures& in, void* out,
                               const RunOptions& options);

}  // namespace sonogram
