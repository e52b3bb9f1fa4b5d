// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Shared parts of the preset tables, of which there is one per family.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "sonogram/presets.hpp"
#include "sonogram/spec.hpp"

namespace sonogram::tables {

using Fields = std::vector<std::pair<std::string, FinishStage::Value>>;

// (x - mean) / deviation with given numbers.
FinishStage standardize(double mean, double deviation);

// Each row less its mean, over its standard deviation or not.
FinishStage normalize(const Fields& fields);

// Mel bands on Slaney's scale with Slaney's areas (librosa's default), or on HTK's without.
void slaney_bands(Spec& spec, std::int64_t n_mels, double f_min, std::optional<double> f_max);
void htk_bands(Spec& spec, std::int64_t n_mels, double f_min, std::optional<double> f_max);

// Computed in double, as an original whose FFT is NumPy's and whose spectrum stays in double.
Spec in_double(Spec spec);

// Reasons of tolerances.
extern const char* const double_fft;
extern const char* const weak_bins;
extern const char* const bank_float32;

std::vector<Preset> whispers();
std::vector<Preset> vocoders();
std::vector<Preset> synthesizers();
std::vector<Preset> kaldis();
std::vector<Preset> recognizers();
std::vector<Preset> taggers();

}  // namespace sonogram::tables
