// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Sums from which mean and variance over many features are computed.
#pragma once
#include "core/finish/apply_finish.hpp"

namespace sonogram {

// Of one item, for every row: the sum over its frames of x - shift (null: of x) at result[row], of
// its square at result[rows + row], all in double.
SONOGRAM_API void sum_moments(const GivenFeatures& in, Layout layout, const double* shift,
                              double* result);

}  // namespace sonogram
