// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Threads and instruction sets of this process.
#pragma once
#include <string>
#include <vector>

#include "sonogram/export.hpp"

namespace sonogram {

// The instruction set in use: the best of this processor, or the one that SONOGRAM_ISA names.
// Throws std::invalid_argument if this processor or this build does not have the latter.
SONOGRAM_API std::string isa();
SONOGRAM_API std::vector<std::string> available_isas();

// The number that was set, else OMP_NUM_THREADS, else the number of CPUs that this process may use
// (affinity and cgroup quota).
SONOGRAM_API int get_num_threads();
SONOGRAM_API void set_num_threads(int n);  // throws std::invalid_argument for n < 1
// Makes every run serial from now on, for a process in which OpenMP may hang (a forked child).
SONOGRAM_API void force_serial();
SONOGRAM_API bool has_openmp();

}  // namespace sonogram
