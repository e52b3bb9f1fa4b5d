// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>

#include "core/base/errors.hpp"

namespace sonogram {

// Values of one result at the most: their bytes, 16 for each, are a number too.
constexpr std::int64_t most_values = std::int64_t{1} << 58;

// The product of counts from 0 on; std::invalid_argument shows them where it is beyond most_values.
inline std::int64_t checked_product(const char* name, std::initializer_list<std::int64_t> factors) {
  std::int64_t product = 1;
  bool fits = true, empty = false;
  for (const std::int64_t n : factors) {
    empty = empty || n == 0;
    fits = fits && (n == 0 || product <= most_values / n);
    if (fits) product *= n;
  }
  if (empty) return 0;
  if (fits) return product;
  std::string text;
  for (const std::int64_t n : factors) text += (text.empty() ? "" : " x ") + format_number(n);
  throw_invalid(name, text + " values", "2**58 values at the most");
}

}  // namespace sonogram
