// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#pragma once
#include <vector>

#include "bindings/bindings.hpp"

namespace sonogram::python {

// An uninitialised C-contiguous array. Memory of large arrays that died is used again, because
// touching fresh pages costs as much as computing what is written there.
py::array new_output(const py::dtype& dtype, const std::vector<py::ssize_t>& shape);

}  // namespace sonogram::python
