// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/design/filterbank.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/errors.hpp"
#include "core/base/threads.hpp"

namespace sonogram {
namespace {

bool has_bands(const Spec& s) {
  return s.filterbank != FilterbankKind::none && s.filterbank != FilterbankKind::matrix &&
         s.filterbank != FilterbankKind::chroma;
}

// The n_mels + 2 points that the bands lie between, along the band scale and in Hz.
struct Points {
  std::vector<double> scale, hz;
};

Points band_points(const Spec& s) {
  const double high = s.f_max.value_or(s.nyquist());
  const double x0 = to_band_scale(s, s.f_min), x1 = to_band_scale(s, high);
  Points points;
  for (std::int64_t m = 0; m <= s.n_mels + 1; ++m) {
    double x = x0 + (x1 - x0) * static_cast<double>(m) / static_cast<double>(s.n_mels + 1);
    double hz = from_band_scale(s, x);
    if (s.filterbank == FilterbankKind::log) {  // f_min is the first centre, not the first edge
      const double octaves = static_cast<double>(m - 1) / s.bins_per_octave;
      x = x0 + octaves;
      hz = s.f_min * std::exp2(octaves);
    }
    if (s.vtln_warp != 1.0) {
      hz = vtln_warp(s, hz);
      x = to_band_scale(s, hz);
    }
    points.scale.push_back(x);
    points.hz.push_back(hz);
  }
  return points;
}

Band band_of(const Spec& s, const std::vector<double>& points, std::size_t m) {
  const double left = points[m], center = points[m + 1];
  // SpeechBrain's Filterbank: as wide on the right as on the left
  return {left, center, s.triangle == Triangle::isosceles ? 2 * center - left : points[m + 2]};
}

double weight(FilterShape shape, const Band& band, double x) {
  const auto [left, center, right] = band;
  switch (shape) {
    case FilterShape::triangle:
      if (x <= left || x >= right) return 0.0;
      return x <= center ? (x - left) / (center - left) : (right - x) / (right - center);
    case FilterShape::rectangle: {  // a bin on an edge is in, however the edge is rounded
      const double hair = 1e-9 * (right - left);
      return x >= left - hair && x <= right + hair ? 1.0 : 0.0;
    }
    case FilterShape::gaussian: {  // SpeechBrain: a deviation of half the bandwidth
      const double t = (x - center) / (x <= center ? center - left : right - center);
      return std::exp(-2 * t * t);
    }
  }
  throw_no_such_value();
}

// The factor that normalises a row; 1 for a row of zeros.
double row_factor(Norm norm, const double* row, std::size_t n) {
  double sum = 0;
  for (std::size_t k = 0; k < n; ++k) {
    const double w = std::fabs(row[k]);
    if (norm == Norm::max) sum = std::max(sum, w);
    else sum += norm == Norm::l2 ? w * w : w;
  }
  if (norm == Norm::l2) sum = std::sqrt(sum);
  return sum > 0 ? 1 / sum : 1.0;
}

void normalise_rows(const Spec& s, std::vector<double>& bank, std::size_t n) {
  if (s.norm == Norm::none || s.norm == Norm::slaney) return;
  for (std::size_t at = 0; at < bank.size(); at += n, go_on()) {
    const double factor = row_factor(s.norm, bank.data() + at, n);
    for (std::size_t k = at; k < at + n; ++k) bank[k] *= factor;
  }
}

void draw_bands(const Spec& s, std::vector<double>& bank, std::size_t n) {
  // Kaldi draws its triangles in mel and gives the Nyquist bin no weight.
  const bool along_scale = s.triangle == Triangle::mel;
  const std::size_t last = along_scale && s.n_fft % 2 == 0 ? n - 1 : n;
  const Points points = band_points(s);
  std::vector<double> at(last);
  for (std::size_t k = 0; k < last; ++k) {
    const double hz = static_cast<double>(k) * 2.0 * s.nyquist() / static_cast<double>(s.n_fft);
    at[k] = along_scale ? to_band_scale(s, hz) : hz;
  }
  for (std::size_t m = 0; m + 2 < points.hz.size(); ++m, go_on()) {
    bank.resize((m + 1) * n);  // a row at a time: large banks take long to be zeros
    const Band band = band_of(s, along_scale ? points.scale : points.hz, m);
    const Band in_hz = band_of(s, points.hz, m);
    const double area = s.norm == Norm::slaney ? 2.0 / (in_hz.right - in_hz.left) : 1.0;
    for (std::size_t k = 0; k < last; ++k) {
      bank[m * n + k] = weight(s.filter_shape, band, at[k]) * area;
    }
  }
}

}  // namespace

std::vector<Band> make_bands(const Spec& s) {
  std::vector<Band> bands;
  if (!has_bands(s)) return bands;
  const Points points = band_points(s);
  for (std::size_t m = 0; m + 2 < points.hz.size(); ++m) {
    bands.push_back(band_of(s, points.hz, m));
  }
  return bands;
}

std::vector<double> make_filterbank(const Spec& s) {
  if (s.filterbank == FilterbankKind::none) return {};
  if (s.filterbank == FilterbankKind::chroma) return make_chroma(s);
  const std::size_t n = static_cast<std::size_t>(s.n_freqs());
  std::vector<double> bank;
  if (s.filterbank == FilterbankKind::matrix) {
    for (const std::vector<double>& row : s.matrix) bank.insert(bank.end(), row.begin(), row.end());
  } else {
    bank.reserve(static_cast<std::size_t>(s.n_mels) * n);
    draw_bands(s, bank, n);
  }
  normalise_rows(s, bank, n);
  return bank;
}

}  // namespace sonogram
