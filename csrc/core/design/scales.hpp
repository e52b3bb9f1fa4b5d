// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Frequency scales of hearing and of music, and the warp of vocal tract lengths.
#pragma once
#include "sonogram/export.hpp"
#include "sonogram/spec.hpp"

namespace sonogram {

SONOGRAM_API double hz_to_mel(double hz, MelScale scale);
SONOGRAM_API double mel_to_hz(double mel, MelScale scale);
SONOGRAM_API double hz_to_bark(double hz, BarkScale scale);
SONOGRAM_API double bark_to_hz(double bark, BarkScale scale);
SONOGRAM_API double hz_to_erb(double hz);  // number of equivalent rectangular bandwidths below hz
SONOGRAM_API double erb_to_hz(double erb);

// The scale along which the bands of a spec are evenly spaced: of its mel, bark or ERB, Hz for
// "linear", octaves above 1 Hz for "log".
SONOGRAM_API double to_band_scale(const Spec& spec, double hz);
SONOGRAM_API double from_band_scale(const Spec& spec, double x);

// The frequency to which vocal tract length normalisation by `spec.vtln_warp` moves hz.
double vtln_warp(const Spec& spec, double hz);

}  // namespace sonogram
