// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#pragma once
#include "kernels/kernel.hpp"

namespace sonogram {

// The kernels that run in this process; chosen at the first call.
const kernel::Table& active_table();

// Those of one precision.
template <class T>
const kernel::Operations<T>& operations() {
  if constexpr (sizeof(T) == 4) {
    return active_table().f32;
  } else {
    return active_table().f64;
  }
}

}  // namespace sonogram
