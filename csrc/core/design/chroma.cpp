// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Pitch classes after D. Ellis, "Chroma feature analysis and synthesis" (2007), as librosa has
// them.
#include <algorithm>
#include <cmath>

#include "core/design/filterbank.hpp"

namespace sonogram {
namespace {

// Octaves above A0 = 27.5 Hz, moved by the tuning (in fractions of a chroma).
double octaves(const Spec& s, std::int64_t bin) {
  const double a0 = 27.5 * std::exp2(s.tuning / static_cast<double>(s.n_mels));
  const double hz = static_cast<double>(bin) * 2.0 * s.nyquist() / static_cast<double>(s.n_fft);
  return std::log2(hz / a0);
}

// Position of a bin in chroma; bin 0 lies one and a half octaves below bin 1, half a turn away.
double position(const Spec& s, std::int64_t bin) {
  const double classes = static_cast<double>(s.n_mels);
  return bin == 0 ? classes * octaves(s, 1) - 1.5 * classes : classes * octaves(s, bin);
}

// A bump is as wide as the step to the next bin, and one chroma at least.
double bump(double distance, double width, double classes) {
  const double half = std::nearbyint(classes / 2);
  double turned = std::fmod(distance + half, classes);
  if (turned < 0) turned += classes;
  const double z = 2 * (turned - half) / width;
  return std::exp(-0.5 * z * z);
}

double column_norm(Norm norm, const std::vector<double>& column) {
  double sum = 0;
  for (const double w : column) {
    if (norm == Norm::max) sum = std::max(sum, w);
    else sum += norm == Norm::l1 ? w : w * w;
  }
  return norm == Norm::l1 || norm == Norm::max ? sum : std::sqrt(sum);
}

// A Gaussian over the octaves that brings the middle of the range forward.
double dominance(const Spec& s, double octave) {
  if (!s.chroma_width) return 1.0;
  const double z = (octave - s.chroma_octave) / *s.chroma_width;
  return std::exp(-0.5 * z * z);
}

}  // namespace

std::vector<double> make_chroma(const Spec& s) {
  const std::size_t n = static_cast<std::size_t>(s.n_freqs());
  const std::size_t rows = static_cast<std::size_t>(s.n_mels);
  const double classes = static_cast<double>(s.n_mels);
  std::vector<double> bank(rows * n), column(rows);
  for (std::size_t k = 0; k < n; ++k) {
    const std::int64_t bin = static_cast<std::int64_t>(k);
    const double at = position(s, bin);
    const bool last = bin + 1 == s.n_fft;
    const double width = last ? 1.0 : std::max(position(s, bin + 1) - at, 1.0);
    for (std::size_t m = 0; m < rows; ++m) {
      column[m] = bump(at - static_cast<double>(m), width, classes);
    }
    const double factor = dominance(s, at / classes) / column_norm(s.norm, column);
    // The bumps begin at A: three twelfths of a turn bring C to the front.
    for (std::size_t m = 0; m < rows; ++m) {
      bank[m * n + k] = column[(m + 3 * (rows / 12)) % rows] * factor;
    }
  }
  return bank;
}

}  // namespace sonogram
