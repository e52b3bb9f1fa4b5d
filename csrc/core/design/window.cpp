// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "sonogram/window.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

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

// Value i, up to the middle, of a window whose period (periodic) or last index (symmetric) is m.
using Parameters = std::vector<double>;
using Formula = double (*)(const Parameters&, std::int64_t i, std::int64_t m);

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
double blackman(const Parameters& p, std::int64_t i, std::int64_t m) {
  const long double c = p.empty() ? 0.42L : p[0];
  const long double x = 1 - 2 * static_cast<long double>(cosine_sum(i, m, hann));
  return static_cast<double>((1 - x) * (2 * c - 0.5L - (1 - 2 * c) * x));
}

// Tukey: cosine tapers over alpha / 2 of the length on each side.
double tukey(const Parameters& p, std::int64_t i, std::int64_t m) {
  const double taper = p[0] * static_cast<double>(m) / 2;
  if (static_cast<double>(i) >= taper) return 1.0;
  const long double t = pi * i / taper;
  return static_cast<double>((1 - std::cos(t)) / 2);
}

double kaiser(const Parameters& p, std::int64_t i, std::int64_t m) {
  const double beta = p[0];
  const long double x = 2.0L * i / m - 1.0L;  // -1 .. 1
  const long double root = 1 - x * x;
  return static_cast<double>(bessel_i0(beta * std::sqrt(root > 0 ? root : 0)) / bessel_i0(beta));
}

double gaussian(const Parameters& p, std::int64_t i, std::int64_t m) {
  const long double t = (i - m / 2.0L) / p[0];
  return static_cast<double>(std::exp(-t * t / 2));
}

template <const std::vector<double>& coefficients>
double fixed_cosine_sum(const Parameters&, std::int64_t i, std::int64_t m) {
  return cosine_sum(i, m, coefficients);
}

double general_hamming(const Parameters& p, std::int64_t i, std::int64_t m) {
  return cosine_sum(i, m, {p[0], 1 - p[0]});
}

double general_cosine(const Parameters& p, std::int64_t i, std::int64_t m) {
  return cosine_sum(i, m, p);
}

double povey(const Parameters&, std::int64_t i, std::int64_t m) {
  return std::pow(cosine_sum(i, m, hann), 0.85);
}

double bartlett(const Parameters&, std::int64_t i, std::int64_t m) { return 2.0 * i / m; }

double cosine(const Parameters&, std::int64_t i, std::int64_t m) {
  return static_cast<double>(std::sin(pi * (i + 0.5L) / (m + 1)));
}

double sine(const Parameters&, std::int64_t i, std::int64_t m) {  // Kaldi
  return static_cast<double>(std::sin(pi * i / m));
}

double rectangular(const Parameters&, std::int64_t, std::int64_t) { return 1.0; }

struct NamedFormula {
  const char* name;
  Formula formula;
};

// One for each name of core/spec/window_table.cpp.
constexpr NamedFormula formulas[] = {
    {"hann", &fixed_cosine_sum<hann>},
    {"hamming", &fixed_cosine_sum<hamming>},
    {"blackman", &blackman},
    {"bartlett", &bartlett},
    {"povey", &povey},
    {"kaiser", &kaiser},
    {"gaussian", &gaussian},
    {"cosine", &cosine},
    {"sine", &sine},
    {"tukey", &tukey},
    {"blackmanharris", &fixed_cosine_sum<blackmanharris>},
    {"nuttall", &fixed_cosine_sum<nuttall>},
    {"general_hamming", &general_hamming},
    {"flattop", &fixed_cosine_sum<flattop>},
    {"general_cosine", &general_cosine},
    {"rectangular", &rectangular},
};

Formula formula_of(const std::string& name) {
  for (const NamedFormula& f : formulas) {
    if (name == f.name) return f.formula;
  }
  throw std::logic_error("window '" + name + "' has no formula");
}

}  // namespace

std::vector<double> make_window(const WindowSpec& window, std::int64_t length, bool periodic) {
  if (!window.samples.empty()) return window.samples;
  check_named_window(window);
  if (length < 1) throw_invalid("length", format_number(length), "at least 1");
  const Formula formula = formula_of(window.name);
  std::vector<double> w(static_cast<std::size_t>(length), 1.0);
  if (length == 1) return w;
  const std::int64_t m = periodic ? length : length - 1;
  for (std::int64_t i = 0; i < length; ++i) {
    if (i % 1024 == 0) go_on();
    // Every window is even around m / 2: taken from the left half, it is so to the last bit.
    w[static_cast<std::size_t>(i)] = formula(window.parameters, std::min(i, m - i), m);
  }
  return w;
}

}  // namespace sonogram
