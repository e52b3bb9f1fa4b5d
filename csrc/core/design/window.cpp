// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "sonogram/window.hpp"

#include <cmath>

#include "core/base/errors.hpp"
#include "core/base/threads.hpp"
#include "core/spec/window_table.hpp"

namespace sonogram {
namespace {

constexpr long double pi = 3.141592653589793238462643383279502884L;

// Cosine sums: Harris (1978), Nuttall (1981; four terms, continuous first derivative), D'Antona and
// Ferrero (2006), with the coefficients of scipy.signal.windows.
const std::vector<double> hann = {0.5, 0.5};
const std::vector<double> hamming = {0.54, 0.46};
const std::vector<double> blackmanharris = {0.35875, 0.48829, 0.14128, 0.01168};
const std::vector<double> nuttall = {0.3635819, 0.4891775, 0.1365995, 0.0106411};
const std::vector<double> flattop = {0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368};

// Cosine sum a0 - a1 cos(2 pi i / m) + a2 cos(4 pi i / m) - ...
double cosine_sum(std::int64_t i, std::int64_t m, const std::vector<double>& a) {
  const long double t = 2 * pi * i / m;
  long double sum = a[0];
  for (std::size_t k = 1; k < a.size(); ++k) {
    const long double term = a[k] * std::cos(static_cast<long double>(k) * t);
    sum += k % 2 == 1 ? -term : term;
  }
  return static_cast<double>(sum);
}

// I0 by its series (Abramowitz and Stegun 9.6.12): every term is positive, so nothing cancels.
long double bessel_i0(long double x) {
  long double sum = 1, term = 1;
  const long double q = x * x / 4;
  for (int k = 1; term > sum * 1e-22L; ++k) sum += term *= q / (static_cast<long double>(k) * k);
  return sum;
}

// A Blackman window of coefficient c: c - cos / 2 + (1/2 - c) cos of twice the angle (Kaldi,
// feature-window.cc), in factors: exactly zero at the ends.
double blackman(std::int64_t i, std::int64_t m, long double c) {
  const long double x = 1 - 2 * static_cast<long double>(cosine_sum(i, m, hann));
  return static_cast<double>((1 - x) * (2 * c - 0.5L - (1 - 2 * c) * x));
}

// Tukey: cosine tapers over alpha / 2 of the length on each side.
double tukey(std::int64_t i, std::int64_t m, double alpha) {
  const double taper = alpha * static_cast<double>(m) / 2;
  if (static_cast<double>(i) >= taper) return 1.0;
  const long double t = pi * i / taper;
  return static_cast<double>((1 - std::cos(t)) / 2);
}

const std::vector<double>* cosine_coefficients(const std::string& name) {
  if (name == "hann") return &hann;
  if (name == "hamming") return &hamming;
  if (name == "blackmanharris") return &blackmanharris;
  if (name == "nuttall") return &nuttall;
  return name == "flattop" ? &flattop : nullptr;
}

double kaiser(std::int64_t i, std::int64_t m, double beta) {
  const long double x = 2.0L * i / m - 1.0L;  // -1 .. 1
  const long double root = 1 - x * x;
  return static_cast<double>(bessel_i0(beta * std::sqrt(root > 0 ? root : 0)) / bessel_i0(beta));
}

double gaussian(std::int64_t i, std::int64_t m, double deviation) {
  const long double t = (i - m / 2.0L) / deviation;
  return static_cast<double>(std::exp(-t * t / 2));
}

// Value i of a window whose period (periodic) or last index (symmetric) is m. Every window is even
// around m / 2: taken from the left half, it is so to the last bit.
double value(const std::string& name, const std::vector<double>& p, std::int64_t i,
             std::int64_t m) {
  if (2 * i > m) i = m - i;
  if (const std::vector<double>* a = cosine_coefficients(name)) return cosine_sum(i, m, *a);
  if (name == "general_cosine") return cosine_sum(i, m, p);
  if (name == "general_hamming") return cosine_sum(i, m, {p[0], 1 - p[0]});
  if (name == "blackman") return blackman(i, m, p.empty() ? 0.42L : p[0]);
  if (name == "povey") return std::pow(cosine_sum(i, m, hann), 0.85);
  if (name == "bartlett") return 2.0 * i / m;
  if (name == "kaiser") return kaiser(i, m, p[0]);
  if (name == "gaussian") return gaussian(i, m, p[0]);
  if (name == "tukey") return tukey(i, m, p[0]);
  if (name == "cosine") return static_cast<double>(std::sin(pi * (i + 0.5L) / (m + 1)));
  if (name == "sine") return static_cast<double>(std::sin(pi * i / m));  // Kaldi
  return 1.0;                                                            // rectangular
}

}  // namespace

std::vector<double> make_window(const WindowSpec& window, std::int64_t length, bool periodic) {
  if (!window.samples.empty()) return window.samples;
  check_named_window(window);
  if (length < 1) throw_invalid("length", format_number(length), "at least 1");
  std::vector<double> w(static_cast<std::size_t>(length), 1.0);
  if (length == 1) return w;
  const std::int64_t m = periodic ? length : length - 1;
  for (std::int64_t i = 0; i < length; ++i) {
    if (i % 1024 == 0) go_on();
    w[static_cast<std::size_t>(i)] = value(window.name, window.parameters, i, m);
  }
  return w;
}

}  // namespace sonogram
