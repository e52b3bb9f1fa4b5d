// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include <cmath>

#include "check.hpp"
#include "sonogram/window.hpp"

using sonogram::make_window;
using sonogram::WindowSpec;

namespace {

WindowSpec named(const std::string& name) {
  WindowSpec w;
  w.name = name;
  if (name == "kaiser") w.parameters = {12.0};
  if (name == "gaussian") w.parameters = {7.0};
  if (name == "tukey") w.parameters = {0.4};
  if (name == "general_hamming") w.parameters = {0.6};
  if (name == "general_cosine") w.parameters = {0.4, 0.5, 0.1};
  return w;
}

constexpr double pi = 3.14159265358979323846;

}  // namespace

TEST(a_periodic_window_is_a_symmetric_one_less_its_last_sample) {
  for (const std::string& name : sonogram::window_names()) {
    for (const std::int64_t n : {2, 3, 4, 5, 16, 400, 401}) {
      const check::Scope scope(name, " of ", n);
      const std::vector<double> periodic = make_window(named(name), n, true);
      const std::vector<double> symmetric = make_window(named(name), n + 1, false);
      CHECK_EQUAL(static_cast<std::int64_t>(periodic.size()), n);
      for (std::size_t i = 0; i < periodic.size(); ++i) CHECK_EQUAL(periodic[i], symmetric[i]);
    }
  }
}

TEST(symmetric_windows_are_symmetric_to_the_last_bit) {
  for (const std::string& name : sonogram::window_names()) {
    for (const std::int64_t n : {2, 3, 25, 64, 401}) {
      const check::Scope scope(name, " of ", n);
      const std::vector<double> w = make_window(named(name), n, false);
      for (std::size_t i = 0; i < w.size(); ++i) CHECK_EQUAL(w[i], w[w.size() - 1 - i]);
    }
  }
}

TEST(a_window_of_one_sample_is_one) {
  for (const std::string& name : sonogram::window_names()) {
    for (const bool periodic : {false, true}) {
      CHECK_EQUAL(make_window(named(name), 1, periodic).at(0), 1.0);
    }
  }
}

TEST(windows_follow_their_formulas) {
  const std::int64_t n = 50;
  for (std::int64_t i = 0; i < n; ++i) {
    const check::Scope scope("sample ", i);
    const double t = 2 * pi * static_cast<double>(i) / static_cast<double>(n);
    const double x = 2.0 * static_cast<double>(i) / static_cast<double>(n) - 1;
    const auto near = [&](const char* name, double want) {
      const double got = make_window(named(name), n, true)[static_cast<std::size_t>(i)];
      CHECK_AT_MOST(std::fabs(got - want), 1e-15);
    };
    near("hann", 0.5 - 0.5 * std::cos(t));
    near("hamming", 0.54 - 0.46 * std::cos(t));
    near("blackman", 0.42 - 0.5 * std::cos(t) + 0.08 * std::cos(2 * t));
    near("povey", std::pow(0.5 - 0.5 * std::cos(t), 0.85));
    near("bartlett", 1 - std::fabs(x));
    near("rectangular", 1);
    near("sine", std::sin(t / 2));
    near("tukey", std::fabs(x) < 0.6 ? 1 : 0.5 - 0.5 * std::cos(pi * (1 - std::fabs(x)) / 0.4));
    near("general_hamming", 0.6 - 0.4 * std::cos(t));
    near("general_cosine", 0.4 - 0.5 * std::cos(t) + 0.1 * std::cos(2 * t));
    near("cosine", std::sin(pi * (static_cast<double>(i) + 0.5) / (static_cast<double>(n) + 1)));
    near("gaussian", std::exp(-0.5 * std::pow((static_cast<double>(i) - 25) / 7.0, 2)));
  }
  // I0(12) and I0(12 sqrt(3/4)) from Abramowitz and Stegun's series, summed in 40 digits
  const std::vector<double> kaiser = make_window(named("kaiser"), 4, true);
  CHECK_EQUAL(kaiser[2], 1.0);
  CHECK_AT_MOST(std::fabs(kaiser[0] - 1 / 18948.925349296308859), 1e-18);
  CHECK_EQUAL(kaiser[1], kaiser[3]);
}

TEST(wrong_windows_are_refused_by_name) {
  CHECK_REFUSES(make_window(named("hanning"), 8, true), "'hanning'");
  CHECK_REFUSES(make_window(named(""), 8, true), "window");
  WindowSpec kaiser = named("kaiser");
  kaiser.parameters = {};
  CHECK_REFUSES(make_window(kaiser, 8, true), "kaiser");
  kaiser.parameters = {std::nan("")};
  CHECK_REFUSES(make_window(kaiser, 8, true), "kaiser");
  WindowSpec gaussian = named("gaussian");
  gaussian.parameters = {0.0};
  CHECK_REFUSES(make_window(gaussian, 8, true), "gaussian");
  WindowSpec tukey = named("tukey");
  tukey.parameters = {1.5};
  CHECK_REFUSES(make_window(tukey, 8, true), "from 0 to 1");
  WindowSpec cosine = named("general_cosine");
  cosine.parameters = {};
  CHECK_REFUSES(make_window(cosine, 8, true), "general_cosine");
  WindowSpec hann = named("hann");
  hann.parameters = {1.0};
  CHECK_REFUSES(make_window(hann, 8, true), "hann");
  CHECK_REFUSES(make_window(named("hann"), -1, true), "length is -1");
}
