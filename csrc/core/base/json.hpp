// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// JSON (RFC 8259) as values, read strictly: UTF-8, no name twice in an object, nothing after the
// value, no NaN. A value stores its position in the text, for error messages.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace sonogram::json {

struct Value;
using Array = std::vector<Value>;
using Object = std::vector<std::pair<std::string, Value>>;

struct Value {
  // A number without fraction or exponent that 63 bits hold is an integer, any other a double.
  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object> is = nullptr;
  std::size_t begin = 0, end = 0;  // its bytes in the text

  template <class T>
  const T* as() const {
    return std::get_if<T>(&is);
  }
};

// Throws std::invalid_argument with the position and the error.
Value parse(const std::string& text);

// "line 1, column 7"
std::string place(const std::string& text, std::size_t position);

// As Python's repr writes it: the shortest digits that give the same number. Finite numbers only.
std::string written(double v);
std::string written(const std::string& text);  // in quotes

}  // namespace sonogram::json
