// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The names of windows and the parameters that they take; design/window.cpp has their formulas.
#include "core/spec/window_table.hpp"

#include <cmath>
#include <cstdint>
#include <limits>

#include "core/base/errors.hpp"
#include "sonogram/window.hpp"

namespace sonogram {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

struct WindowKind {
  const char* name;
  std::size_t min_parameters = 0, max_parameters = 0;
  double low = -infinity, high = infinity;
  const char* allowed = "finite numbers";
};

const WindowKind kinds[] = {
    {"hann"},
    {"hamming"},
    {"blackman", 0, 1, -infinity, infinity, "a finite coefficient"},
    {"bartlett"},
    {"povey"},
    {"kaiser", 1, 1, 0, infinity, "a finite beta >= 0"},
    {"gaussian", 1, 1, std::numeric_limits<double>::denorm_min(), infinity,
     "a finite deviation > 0"},
    {"cosine"},
    {"sine"},
    {"tukey", 1, 1, 0, 1, "an alpha from 0 to 1"},
    {"blackmanharris"},
    {"nuttall"},
    {"general_hamming", 1, 1, -infinity, infinity, "a finite alpha"},
    {"flattop"},
    {"general_cosine", 1, 64, -infinity, infinity, "finite coefficients"},
    {"rectangular"},
};

const WindowKind& kind_of(const WindowSpec& window) {
  std::string allowed;
  for (const WindowKind& kind : kinds) {
    if (window.name == kind.name) return kind;
    allowed += (allowed.empty() ? "" : ", ") + std::string(kind.name);
  }
  throw_invalid("window", "'" + window.name + "'", "one of " + allowed + ", or an array");
}

std::string count_text(std::size_t n) { return format_number(static_cast<std::int64_t>(n)); }

}  // namespace

const std::vector<std::string>& window_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const WindowKind& kind : kinds) all.emplace_back(kind.name);
    return all;
  }();
  return names;
}

void check_named_window(const WindowSpec& window) {
  const WindowKind& kind = kind_of(window);
  const std::size_t given = window.parameters.size();
  if (given < kind.min_parameters || given > kind.max_parameters) {
    const std::string least = count_text(kind.min_parameters);
    const std::string most = count_text(kind.max_parameters);
    throw_invalid("window", "'" + window.name + "' with " + count_text(given) + " parameters",
                  "given with " + (least == most ? least : least + " to " + most));
  }
  for (const double x : window.parameters) {
    if (!std::isfinite(x) || x < kind.low || x > kind.high) {
      throw_invalid("window", "'" + window.name + "' with parameter " + format_number(x),
                    std::string("given ") + kind.allowed);
    }
  }
}

}  // namespace sonogram
