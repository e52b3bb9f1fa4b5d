// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The slow, obvious transform that every kernel is held against, and signals to feed both.
#pragma once
#include <complex>
#include <cstdint>
#include <vector>

namespace check {

using Exact = long double;
using ExactComplex = std::complex<long double>;

// X[k] = sum over j of x[j] exp(-2 pi i j k / n), for the bins asked.
std::vector<ExactComplex> dft(const std::vector<Exact>& x, const std::vector<std::int64_t>& bins);

// Every bin of n / 2 + 1 where they are few, else the ends and a hundred and more in between.
std::vector<std::int64_t> bins_to_check(std::int64_t n);

// Numbers in (-1, 1) that any compiler and machine gives alike; all of them are exact in float.
std::vector<double> noise(std::int64_t count, std::uint64_t seed);
// A chirp with a little noise, exact in float.
std::vector<double> chirp(std::int64_t count, std::uint64_t seed);

}  // namespace check
