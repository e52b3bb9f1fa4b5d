// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Threads and instruction sets of the process.
#pragma once
#include <string>
#include <vector>

namespace sonogram {

// The instruction set that runs: the best of this processor, or what SONOGRAM_ISA names. Throws
// std::invalid_argument where that names none that this processor and build have.
std::string isa();
std::vector<std::string> available_isas();

// CPUs this process may use (affinity and cgroup quota), or OMP_NUM_THREADS, or what was set.
int get_num_threads();
void set_num_threads(int n);  // throws std::invalid_argument for n < 1
// From now on every run is serial: for a process in which OpenMP may hang (a child of fork).
void force_serial();
bool has_openmp();

}  // namespace sonogram
