// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#pragma once
#include <vector>

#include "sonogram/export.hpp"
#include "sonogram/spec.hpp"

namespace sonogram {

// The filterbank of a validated spec, row-major [n_rows][n_freqs]; empty if it has none.
SONOGRAM_API std::vector<double> make_filterbank(const Spec& spec);

}  // namespace sonogram
