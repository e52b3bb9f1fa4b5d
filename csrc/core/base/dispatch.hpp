// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#pragma once
#include "kernels/kernel.hpp"

namespace sonogram {

// The kernels that run in this process; chosen at the first call.
const kernel::Table& active_table();

}  // namespace sonogram
