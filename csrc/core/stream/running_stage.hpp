// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// A stage with global statistics, run with those of the frames so far or of the last frames.
#pragma once
#include <cstdint>

#include "core/finish/stage.hpp"

namespace sonogram {

// `window` 0: over all frames so far. `whole` must outlive it.
template <class T>
StagePointer<T> running_stage(const Stage<T>& whole, std::int64_t window);

}  // namespace sonogram
