// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Patches as a stage: one row of their grid at a time, its values as they are handed over.
#pragma once
#include <cstdint>

#include "core/finish/output_layout.hpp"
#include "core/finish/stage.hpp"

namespace sonogram {

// Over frames of `rows` rows; throws std::invalid_argument where a patch is higher or wider.
template <class T>
StagePointer<T> patch_stage(const Spec& spec, const Patches& patches, std::int64_t rows);
// Patches in one row of the grid.
std::int64_t patches_at_once(const Spec& spec, const Patches& patches, std::int64_t rows);

}  // namespace sonogram
