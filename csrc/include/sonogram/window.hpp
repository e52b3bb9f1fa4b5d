// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "sonogram/export.hpp"
#include "sonogram/spec.hpp"

namespace sonogram {

// A window of `length` samples. Throws std::invalid_argument for an unknown name or wrong
// parameters.
SONOGRAM_API std::vector<double> make_window(const WindowSpec& window, std::int64_t length,
                                             bool periodic);
// The names that make_window knows.
SONOGRAM_API const std::vector<std::string>& window_names();

}  // namespace sonogram
