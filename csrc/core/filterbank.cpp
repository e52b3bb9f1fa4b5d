// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "filterbank.hpp"

#include <algorithm>
#include <cmath>

namespace sonogram {
namespace {

// Slaney's Auditory Toolbox (1998): linear below 1 kHz, 27 logarithmic steps per factor 6.4 above.
constexpr double slaney_corner_hz = 1000.0;
constexpr double slaney_corner_mel = 15.0;  // 3 mel per 200 Hz
const double slaney_log_step = std::log(6.4) / 27.0;

double to_scale(const Spec& s, double hz) {
  return s.filterbank == FilterbankKind::linear ? hz : hz_to_mel(hz, s.mel_scale);
}
double from_scale(const Spec& s, double x) {
  return s.filterbank == FilterbankKind::linear ? x : mel_to_hz(x, s.mel_scale);
}

}  // namespace

double hz_to_mel(double hz, MelScale scale) {
  switch (scale) {
    case MelScale::htk:  // HTK Book, 5.4
      return 2595.0 * std::log10(1.0 + hz / 700.0);
    case MelScale::kaldi:  // Kaldi, feat/mel-computations.h
      return 1127.0 * std::log(1.0 + hz / 700.0);
    default:
      if (hz < slaney_corner_hz) return hz * 3.0 / 200.0;
      return slaney_corner_mel + std::log(hz / slaney_corner_hz) / slaney_log_step;
  }
}

double mel_to_hz(double mel, MelScale scale) {
  switch (scale) {
    case MelScale::htk: return 700.0 * (std::pow(10.0, mel / 2595.0) - 1.0);
    case MelScale::kaldi: return 700.0 * (std::exp(mel / 1127.0) - 1.0);
    default:
      if (mel < slaney_corner_mel) return mel * 200.0 / 3.0;
      return slaney_corner_hz * std::exp(slaney_log_step * (mel - slaney_corner_mel));
  }
}

std::vector<double> make_filterbank(const Spec& s) {
  if (s.filterbank == FilterbankKind::none) return {};
  const std::size_t n = static_cast<std::size_t>(s.n_freqs());
  const std::size_t rows = static_cast<std::size_t>(s.n_rows());
  std::vector<double> bank(rows * n, 0.0);
  if (s.filterbank == FilterbankKind::matrix) {
    for (std::size_t m = 0; m < rows; ++m)
      std::copy_n(s.matrix[m].begin(), n, bank.begin() + m * n);
    return bank;
  }
  const double high = s.f_max.value_or(s.nyquist());
  const double x0 = to_scale(s, s.f_min), x1 = to_scale(s, high);
  std::vector<double> edge(rows + 2), hz(rows + 2);
  for (std::size_t m = 0; m < rows + 2; ++m) {
    edge[m] = x0 + (x1 - x0) * static_cast<double>(m) / static_cast<double>(rows + 1);
    hz[m] = from_scale(s, edge[m]);
  }
  // Kaldi draws its triangles in mel and gives the Nyquist bin no weight.
  const bool in_mel = s.triangle == Triangle::mel;
  const std::vector<double>& at = in_mel ? edge : hz;
  const std::size_t last = in_mel && s.n_fft % 2 == 0 ? n - 1 : n;
  for (std::size_t k = 0; k < last; ++k) {
    const double f = static_cast<double>(k) * 2.0 * s.nyquist() / static_cast<double>(s.n_fft);
    const double x = in_mel ? to_scale(s, f) : f;
    for (std::size_t m = 0; m < rows; ++m) {
      const double up = (x - at[m]) / (at[m + 1] - at[m]);
      const double down = (at[m + 2] - x) / (at[m + 2] - at[m + 1]);
      const double w = std::min(up, down);
      if (w > 0) bank[m * n + k] = s.norm == Norm::slaney ? w * (2.0 / (hz[m + 2] - hz[m])) : w;
    }
  }
  return bank;
}

}  // namespace sonogram
