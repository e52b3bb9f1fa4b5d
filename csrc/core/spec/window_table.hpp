// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#pragma once
#include "sonogram/spec.hpp"

namespace sonogram {

// Throws std::invalid_argument for an unknown name, or parameters that its window does not take.
void check_named_window(const WindowSpec& window);

}  // namespace sonogram
