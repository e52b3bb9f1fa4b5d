// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#pragma once
#include <vector>

#include "sonogram/export.hpp"
#include "sonogram/spec.hpp"

namespace sonogram {

// Row-major [n_rows][n_freqs] of a validated spec; empty where it has no filterbank.
SONOGRAM_API std::vector<double> make_filterbank(const Spec& spec);

}  // namespace sonogram
