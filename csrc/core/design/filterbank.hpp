// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <vector>

#include "core/design/scales.hpp"
#include "sonogram/filterbank.hpp"
#include "sonogram/spec.hpp"

namespace sonogram {

// A filter by its left edge, its centre and its right edge.
struct Band {
  double left, center, right;
};

// The bands of a spec in Hz; none for chroma, a matrix or no filterbank.
SONOGRAM_API std::vector<Band> make_bands(const Spec& spec);

// Gaussian bumps around the octaves of each pitch class, every column (bin) normalised on its own.
std::vector<double> make_chroma(const Spec& spec);

}  // namespace sonogram
