// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "window.hpp"

#include <cmath>

#include "text.hpp"

namespace sonogram {
namespace {

constexpr long double pi = 3.141592653589793238462643383279502884L;

// Cosine sum a0 - a1 cos(2 pi i / m) + a2 cos(4 pi i / m).
double cosine_sum(std::int64_t i, std::int64_t m, double a0, double a1, double a2) {
  const long double t = 2 * pi * i / m;
  return static_cast<double>(a0 - a1 * std::cos(t) + a2 * std::cos(2 * t));
}

// I0 by its series (Abramowitz and Stegun 9.6.12): every term is positive, so nothing cancels.
long double bessel_i0(long double x) {
  long double sum = 1, term = 1;
  const long double q = x * x / 4;
  for (int k = 1; term > sum * 1e-22L; ++k) sum += term *= q / (static_cast<long double>(k) * k);
  return sum;
}

// Value i of a window whose period (periodic) or last index (symmetric) is m. Every window is even
// around m / 2: taken from the left half, it is so to the last bit.
double value(const std::string& name, const std::vector<double>& p, std::int64_t i,
             std::int64_t m) {
  if (2 * i > m) i = m - i;
  if (name == "hann") return cosine_sum(i, m, 0.5, 0.5, 0);
  if (name == "hamming") return cosine_sum(i, m, 0.54, 0.46, 0);
  if (name == "blackman") {
    // 0.42 - 0.5 c + 0.08 (2 c^2 - 1) in factors: exactly zero at the ends
    const long double c = 1 - 2 * static_cast<long double>(cosine_sum(i, m, 0.5, 0.5, 0));
    return static_cast<double>((1 - c) * (0.34L - 0.16L * c));
  }
  if (name == "povey") return std::pow(cosine_sum(i, m, 0.5, 0.5, 0), 0.85);
  if (name == "bartlett") return 2.0 * i / m;
  const long double x = 2.0L * i / m - 1.0L;  // -1 .. 1
  if (name == "kaiser") {
    const long double root = 1 - x * x;
    return static_cast<double>(bessel_i0(p[0] * std::sqrt(root > 0 ? root : 0)) / bessel_i0(p[0]));
  }
  if (name == "gaussian") {
    const long double t = (i - m / 2.0L) / p[0];
    return static_cast<double>(std::exp(-t * t / 2));
  }
  if (name == "cosine") return static_cast<double>(std::sin(pi * (i + 0.5L) / (m + 1)));
  return 1.0;  // rectangular
}

std::size_t parameter_count(const std::string& name) {
  return name == "kaiser" || name == "gaussian" ? 1 : 0;
}

}  // namespace

const std::vector<std::string>& window_names() {
  static const std::vector<std::string> names = {"hann",     "hamming", "blackman",
                                                 "bartlett", "povey",   "kaiser",
                                                 "gaussian", "cosine",  "rectangular"};
  return names;
}

std::vector<double> make_window(const WindowSpec& window, std::int64_t length, bool periodic) {
  if (!window.samples.empty()) return window.samples;
  std::string allowed;
  bool known = false;
  for (const std::string& name : window_names()) {
    known = known || name == window.name;
    allowed += (allowed.empty() ? "" : ", ") + name;
  }
  if (!known) invalid("window", "'" + window.name + "'", "one of " + allowed + ", or an array");
  if (window.parameters.size() != parameter_count(window.name)) {
    invalid("window",
            "'" + window.name + "' with " +
                number(static_cast<std::int64_t>(window.parameters.size())) + " parameters",
            "given with " + number(static_cast<std::int64_t>(parameter_count(window.name))));
  }
  for (const double p : window.parameters) {
    if (!std::isfinite(p) || p < 0 || (window.name == "gaussian" && p == 0)) {
      invalid("window", "'" + window.name + "' with parameter " + number(p),
              "given a finite one > 0");
    }
  }
  std::vector<double> w(static_cast<std::size_t>(length), 1.0);
  if (length == 1) return w;
  const std::int64_t m = periodic ? length : length - 1;
  for (std::int64_t i = 0; i < length; ++i) {
    w[static_cast<std::size_t>(i)] = value(window.name, window.parameters, i, m);
  }
  return w;
}

}  // namespace sonogram
