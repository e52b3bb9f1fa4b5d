// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <vector>

#include "scales.hpp"
#include "sonogram/spec.hpp"

namespace sonogram {

// Row-major [n_rows][n_freqs] of a validated spec; empty where it has no filterbank.
std::vector<double> make_filterbank(const Spec& spec);

// A filter by its left edge, its centre and its right edge.
struct Band {
  double left, center, right;
};

// The bands of a spec in Hz; none for chroma, a matrix or no filterbank.
std::vector<Band> make_bands(const Spec& spec);

// Gaussian bumps around the octaves of each pitch class, every column (bin) normalised on its own.
std::vector<double> make_chroma(const Spec& spec);

}  // namespace sonogram
