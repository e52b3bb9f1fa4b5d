// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The wording of errors: the argument, its value and what is allowed.
#pragma once
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace sonogram {

inline std::string format_number(std::int64_t v) { return std::to_string(v); }
inline std::string format_number(double v) {
  char text[40];
  std::snprintf(text, sizeof text, "%.15g", v);
  return text;
}

[[noreturn]] inline void throw_invalid(const std::string& name, const std::string& value,
                                       const std::string& allowed) {
  throw std::invalid_argument(name + " is " + value + "; it must be " + allowed);
}

// After a switch over every value of an enumeration, each of which returns: what is validated is
// one of them.
[[noreturn]] inline void throw_no_such_value() {
  throw std::logic_error("an enumeration holds a value that it does not name");
}

}  // namespace sonogram
