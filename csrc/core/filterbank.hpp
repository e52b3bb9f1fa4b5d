// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <vector>

#include "sonogram/spec.hpp"

namespace sonogram {

double hz_to_mel(double hz, MelScale scale);
double mel_to_hz(double mel, MelScale scale);

// Row-major [n_rows][n_freqs] of a validated spec; empty where it has no filterbank.
std::vector<double> make_filterbank(const Spec& spec);

}  // namespace sonogram
