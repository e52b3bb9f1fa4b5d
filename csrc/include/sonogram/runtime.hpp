// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Threads and instruction sets of the process.
#pragma once
#include <string>
#include <vector>

#include "sonogram/export.hpp"

namespace sonogram {

// The instruction set that runs: the best of this processor, or what SONOGRAM_ISA names. Throws
// std::invalid_argument where that names none that this processor and build have.
SONOGRAM_API std::string isa();
SONOGRAM_API std::vector<std::string> available_isas();

// CPUs this process may use (affinity and cgroup quota), or OMP_NUM_THREADS, or what was set.
SONOGRAM_API int get_num_threads();
SONOGRAM_API void set_num_threads(int n);  // throws std::invalid_argument for n < 1
// From now on every run is serial: for a process in which OpenMP may hang (a child of fork).
SONOGRAM_API void force_serial();
SONOGRAM_API bool has_openmp();

}  // namespace sonogram
