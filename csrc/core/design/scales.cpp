// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/design/scales.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/errors.hpp"

namespace sonogram {
namespace {

// Slaney's Auditory Toolbox (1998): linear below 1 kHz, 27 logarithmic steps per factor 6.4 above.
constexpr double slaney_corner_hz = 1000.0;
constexpr double slaney_corner_mel = 15.0;  // 3 mel per 200 Hz
const double slaney_log_step = std::log(6.4) / 27.0;

// Traunmueller (1990): the scale bends below 2 and above 20.1 bark.
constexpr double bark_low = 2.0, bark_high = 20.1;
constexpr double bark_low_bend = 0.15, bark_high_bend = 0.22;

// Glasberg and Moore (1990), eq. 4: 21.4 log10(4.37 F + 1), F in kHz.
constexpr double erb_factor = 21.4, erb_per_hz = 0.00437;

}  // namespace

double hz_to_mel(double hz, MelScale scale) {
  switch (scale) {
    case MelScale::htk:  // HTK Book, 5.4
      return 2595.0 * std::log10(1.0 + hz / 700.0);
    case MelScale::kaldi:  // Kaldi, feat/mel-computations.h
      return 1127.0 * std::log(1.0 + hz / 700.0);
    case MelScale::slaney:
      if (hz < slaney_corner_hz) return hz * 3.0 / 200.0;
      return slaney_corner_mel + std::log(hz / slaney_corner_hz) / slaney_log_step;
  }
  throw_no_such_value();
}

double mel_to_hz(double mel, MelScale scale) {
  switch (scale) {
    case MelScale::htk: return 700.0 * (std::pow(10.0, mel / 2595.0) - 1.0);
    case MelScale::kaldi: return 700.0 * (std::exp(mel / 1127.0) - 1.0);
    case MelScale::slaney:
      if (mel < slaney_corner_mel) return mel * 200.0 / 3.0;
      return slaney_corner_hz * std::exp(slaney_log_step * (mel - slaney_corner_mel));
  }
  throw_no_such_value();
}

namespace {

double hz_to_traunmuller(double hz) {
  const double bark = 26.81 * hz / (1960.0 + hz) - 0.53;
  if (bark < bark_low) return bark + bark_low_bend * (bark_low - bark);
  if (bark > bark_high) return bark + bark_high_bend * (bark - bark_high);
  return bark;
}

double traunmuller_to_hz(double bark) {
  if (bark < bark_low) bark = (bark - bark_low_bend * bark_low) / (1.0 - bark_low_bend);
  if (bark > bark_high) bark = (bark + bark_high_bend * bark_high) / (1.0 + bark_high_bend);
  return 1960.0 * (bark + 0.53) / (26.81 - 0.53 - bark);
}

}  // namespace

double hz_to_bark(double hz, BarkScale scale) {
  switch (scale) {
    case BarkScale::traunmuller: return hz_to_traunmuller(hz);
    case BarkScale::schroeder: return 7.0 * std::asinh(hz / 650.0);  // Schroeder (1979)
    case BarkScale::wang: return 6.0 * std::asinh(hz / 600.0);       // Wang et al. (1992)
  }
  throw_no_such_value();
}

double bark_to_hz(double bark, BarkScale scale) {
  switch (scale) {
    case BarkScale::traunmuller: return traunmuller_to_hz(bark);
    case BarkScale::schroeder: return 650.0 * std::sinh(bark / 7.0);
    case BarkScale::wang: return 600.0 * std::sinh(bark / 6.0);
  }
  throw_no_such_value();
}

double hz_to_erb(double hz) { return erb_factor * std::log10(1.0 + erb_per_hz * hz); }
double erb_to_hz(double erb) { return (std::pow(10.0, erb / erb_factor) - 1.0) / erb_per_hz; }

double to_band_scale(const Spec& s, double hz) {
  switch (s.filterbank) {
    case FilterbankKind::linear: return hz;
    case FilterbankKind::bark: return hz_to_bark(hz, s.bark_scale);
    case FilterbankKind::erb: return hz_to_erb(hz);
    case FilterbankKind::log: return std::log2(hz);
    case FilterbankKind::mel:
    case FilterbankKind::none:  // bins, classes and a matrix are not spaced along a scale
    case FilterbankKind::chroma:
    case FilterbankKind::matrix: return hz_to_mel(hz, s.mel_scale);
  }
  throw_no_such_value();
}

double from_band_scale(const Spec& s, double x) {
  switch (s.filterbank) {
    case FilterbankKind::linear: return x;
    case FilterbankKind::bark: return bark_to_hz(x, s.bark_scale);
    case FilterbankKind::erb: return erb_to_hz(x);
    case FilterbankKind::log: return std::exp2(x);
    case FilterbankKind::mel:
    case FilterbankKind::none:
    case FilterbankKind::chroma:
    case FilterbankKind::matrix: return mel_to_hz(x, s.mel_scale);
  }
  throw_no_such_value();
}

// Kaldi's VtlnWarpFreq (feat/mel-computations.cc): f / warp between the inflections l and h, and
// straight from there to f_min and f_max, which stay where they are.
double vtln_warp(const Spec& s, double hz) {
  const double low = s.f_min, high = s.f_max.value_or(s.nyquist());
  if (hz < low || hz > high) return hz;
  const double cutoff = s.vtln_high < 0 ? s.vtln_high + s.nyquist() : s.vtln_high;
  const double l = s.vtln_low * std::max(1.0, s.vtln_warp);
  const double h = cutoff * std::min(1.0, s.vtln_warp);
  if (hz < l) return low + (l / s.vtln_warp - low) / (l - low) * (hz - low);
  if (hz < h) return hz / s.vtln_warp;
  return high + (high - h / s.vtln_warp) / (high - h) * (hz - high);
}

}  // namespace sonogram
