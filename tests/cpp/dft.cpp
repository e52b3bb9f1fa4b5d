// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "dft.hpp"

#include <algorithm>
#include <cmath>

namespace check {
namespace {

constexpr std::int64_t all_bins_up_to = 600;
constexpr std::int64_t sampled_bins = 128;

std::uint64_t next(std::uint64_t& state) {  // xorshift64* (Marsaglia 2003, Vigna 2016)
  state ^= state >> 12, state ^= state << 25, state ^= state >> 27;
  return state * 0x2545f4914f6cdd1du;
}

}  // namespace

std::vector<ExactComplex> dft(const std::vector<Exact>& x, const std::vector<std::int64_t>& bins) {
  const std::int64_t n = static_cast<std::int64_t>(x.size());
  const Exact turn = 8 * std::atan(Exact(1));
  std::vector<ExactComplex> roots(x.size());
  for (std::int64_t j = 0; j < n; ++j) {
    const Exact angle = turn * static_cast<Exact>(j) / static_cast<Exact>(n);
    roots[static_cast<std::size_t>(j)] = {std::cos(angle), -std::sin(angle)};
  }
  std::vector<ExactComplex> out;
  for (const std::int64_t k : bins) {
    ExactComplex sum = 0;
    for (std::int64_t j = 0; j < n; ++j) {
      sum += roots[static_cast<std::size_t>(j * k % n)] * x[static_cast<std::size_t>(j)];
    }
    out.push_back(sum);
  }
  return out;
}

std::vector<std::int64_t> bins_to_check(std::int64_t n) {
  std::vector<std::int64_t> bins;
  const std::int64_t last = n / 2;
  std::uint64_t state = static_cast<std::uint64_t>(n) * 2 + 1;
  for (std::int64_t k = 0; k <= last; ++k) {
    const bool near_an_end = k < 5 || k > last - 5;
    const bool drawn = static_cast<std::int64_t>(next(state) >> 33) % (last + 1) < sampled_bins;
    if (n <= all_bins_up_to || near_an_end || drawn) bins.push_back(k);
  }
  return bins;
}

std::vector<double> noise(std::int64_t count, std::uint64_t seed) {
  std::uint64_t state = seed * 0x9e3779b97f4a7c15u + 1;
  std::vector<double> x(static_cast<std::size_t>(count));
  for (double& v : x)
    v = static_cast<double>(static_cast<std::int64_t>(next(state)) >> 41) * 0x1p-22;
  return x;
}

std::vector<double> chirp(std::int64_t count, std::uint64_t seed) {
  std::vector<double> x = noise(count, seed);
  for (std::int64_t i = 0; i < count; ++i) {
    const double t = static_cast<double>(i);
    double& v = x[static_cast<std::size_t>(i)];
    v = static_cast<float>(0.6 * std::sin(0.01 * t + 1e-5 * t * t) + 0.01 * v);
  }
  return x;
}

}  // namespace check
