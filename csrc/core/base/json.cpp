// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/base/json.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <locale>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace sonogram::json {
namespace {

constexpr int deepest = 32;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Whether the number fits a double.
bool read_double(const char* begin, const char* end, double& to) {
#if defined(__cpp_lib_to_chars)
  const auto [stop, error] = std::from_chars(begin, end, to);
  return error == std::errc() && stop == end;
#else
  std::istringstream stream(std::string(begin, end));
  stream.imbue(std::locale::classic());
  return static_cast<bool>(stream >> to) && std::isfinite(to);
#endif
}

// Bytes of the UTF-8 sequence at s (RFC 3629), 0 where there is none.
std::size_t utf8_length(std::string_view s) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < s.size() ? static_cast<unsigned char>(s[i]) : 0;
  };
  const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return byte(i) >= low && byte(i) <= high;
  };
  const unsigned a = byte(0);
  if (a < 0x80) return 1;
  if (a >= 0xC2 && a <= 0xDF) return follows(1) ? 2 : 0;
  if (a >= 0xE0 && a <= 0xEF) {
    const bool second = follows(1, a == 0xE0 ? 0xA0 : 0x80, a == 0xED ? 0x9F : 0xBF);
    return second && follows(2) ? 3 : 0;
  }
  if (a >= 0xF0 && a <= 0xF4) {
    const bool second = follows(1, a == 0xF0 ? 0x90 : 0x80, a == 0xF4 ? 0x8F : 0xBF);
    return second && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

void append_utf8(std::string& to, unsigned code) {
  const auto tail = [&](int shift) {
    to.push_back(static_cast<char>(0x80 | ((code >> shift) & 0x3F)));
  };
  if (code < 0x80) {
    to.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    to.push_back(static_cast<char>(0xC0 | (code >> 6)));
    tail(0);
  } else if (code < 0x10000) {
    to.push_back(static_cast<char>(0xE0 | (code >> 12)));
    tail(6), tail(0);
  } else {
    to.push_back(static_cast<char>(0xF0 | (code >> 18)));
    tail(12), tail(6), tail(0);
  }
}

class Parser {
 public:
  explicit Parser(const std::string& text) : text_(text) {}

  Value document() {
    Value v = value(0);
    skip_spaces();
    if (at_ < text_.size()) fail("more text after the value");
    return v;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { fail_at(at_, what); }
  [[noreturn]] void fail_at(std::size_t position, const std::string& what) const {
    throw std::invalid_argument("JSON, " + place(text_, position) + ": " + what);
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void skip_spaces() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string::npos)
      ++at_;
  }

  Value value(int depth) {
    skip_spaces();
    if (depth > deepest) fail("nested more than " + std::to_string(deepest) + " deep");
    Value v;
    v.begin = at_;
    if (at_ == text_.size()) fail("the text ends where a value must stand");
    const char c = peek();
    if (c == '{') v.is = object(depth);
    else if (c == '[') v.is = array(depth);
    else if (c == '"') v.is = string();
    else if (c == '-' || is_digit(c)) number(v);
    else word(v);
    v.end = at_;
    return v;
  }

  void word(Value& v) {
    const std::string_view rest = std::string_view(text_).substr(at_);
    const auto is = [&](std::string_view w) { return rest.substr(0, w.size()) == w; };
    if (is("null")) v.is = nullptr, at_ += 4;
    else if (is("true")) v.is = true, at_ += 4;
    else if (is("false")) v.is = false, at_ += 5;
    else fail("a value must stand here");
  }

  void digits() {
    if (!is_digit(peek())) fail("a digit must stand here");
    while (is_digit(peek())) ++at_;
  }

  void number(Value& v) {
    const std::size_t begin = at_;
    bool whole = true;
    take('-');
    if (!take('0')) digits();
    if (take('.')) digits(), whole = false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      digits();
      whole = false;
    }
    const char *first = text_.data() + begin, *last = text_.data() + at_;
    std::int64_t integer = 0;
    if (whole && std::from_chars(first, last, integer).ec == std::errc()) {
      v.is = integer;
      return;
    }
    double x = 0;
    if (!read_double(first, last, x)) fail_at(begin, "a number beyond the range of doubles");
    v.is = x;
  }

  unsigned hex4() {
    unsigned code = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const std::size_t digit = std::string_view("0123456789abcdef").find(lower(peek()));
      if (at_ >= text_.size() || digit == std::string_view::npos) {
        fail("four hexadecimal digits must follow \\u");
      }
      code = code * 16 + static_cast<unsigned>(digit);
    }
    return code;
  }
  static char lower(char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; }

  void escape(std::string& to) {
    static constexpr std::string_view names = "\"\\/bfnrt", meant = "\"\\/\b\f\n\r\t";
    const std::size_t begin = at_ - 1;
    const char c = peek();
    const std::size_t known = at_ < text_.size() ? names.find(c) : std::string_view::npos;
    if (known != std::string_view::npos) {
      ++at_;
      to.push_back(meant[known]);
      return;
    }
    if (!take('u')) fail_at(begin, "no such escape");
    unsigned code = hex4();
    if (code >= 0xD800 && code < 0xDC00) {
      if (!take('\\') || !take('u')) fail_at(begin, "half of a surrogate pair");
      const unsigned low = hex4();
      if (low < 0xDC00 || low > 0xDFFF) fail_at(begin, "half of a surrogate pair");
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    } else if (code >= 0xDC00 && code < 0xE000) {
      fail_at(begin, "half of a surrogate pair");
    }
    append_utf8(to, code);
  }

  std::string string() {
    const std::size_t begin = at_;
    std::string s;
    if (!take('"')) fail("a string must stand here");
    while (!take('"')) {
      if (at_ == text_.size()) fail_at(begin, "a string without an end");
      if (take('\\')) {
        escape(s);
        continue;
      }
      if (static_cast<unsigned char>(peek()) < 0x20) fail("a control character in a string");
      const std::size_t length = utf8_length(std::string_view(text_).substr(at_));
      if (length == 0) fail("a byte that is not UTF-8");
      s.append(text_, at_, length);
      at_ += length;
    }
    return s;
  }

  Array array(int depth) {
    Array all;
    ++at_;
    skip_spaces();
    if (take(']')) return all;
    do all.push_back(value(depth + 1));
    while (more(']'));
    return all;
  }

  Object object(int depth) {
    Object all;
    ++at_;
    skip_spaces();
    if (take('}')) return all;
    do {
      skip_spaces();
      const std::size_t begin = at_;
      std::string name = string();
      const auto same = [&](const auto& entry) { return entry.first == name; };
      if (std::any_of(all.begin(), all.end(), same)) fail_at(begin, "'" + name + "' a second time");
      skip_spaces();
      if (!take(':')) fail("a colon must stand here");
      all.emplace_back(std::move(name), value(depth + 1));
    } while (more('}'));
    return all;
  }

  // Whether a comma and not the end follows.
  bool more(char end) {
    skip_spaces();
    if (take(',')) return true;
    if (take(end)) return false;
    fail(std::string("a comma or '") + end + "' must stand here");
  }

  const std::string& text_;
  std::size_t at_ = 0;
};

}  // namespace

Value parse(const std::string& text) { return Parser(text).document(); }

std::string place(const std::string& text, std::size_t position) {
  const auto begin = text.begin(), end = begin + static_cast<std::ptrdiff_t>(position);
  const auto lines = std::count(begin, end, '\n');
  const std::size_t start = position == 0 ? std::string::npos : text.rfind('\n', position - 1);
  const std::size_t column = start == std::string::npos ? position : position - start - 1;
  return "line " + std::to_string(lines + 1) + ", column " + std::to_string(column + 1);
}

std::string written(double v) {
  const double size = std::fabs(v);
  const bool plain = size == 0 || (size >= 1e-4 && size < 1e16);
#if defined(__cpp_lib_to_chars)
  char digits[64];
  const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
  std::string text(digits, std::to_chars(digits, digits + sizeof digits, v, format).ptr);
#else
  std::string text;
  for (int precision = plain ? 1 : 0; precision <= 20; ++precision) {
    std::ostringstream stream;
    stream.imbue(std::locale::classic());
    stream.setf(plain ? std::ios::fixed : std::ios::scientific, std::ios::floatfield);
    stream.precision(precision);
    stream << v;
    text = stream.str();
    double back = 0;
    if (read_double(text.data(), text.data() + text.size(), back) && back == v) break;
  }
#endif
  if (plain && text.find('.') == std::string::npos) text += ".0";
  return text;
}

std::string written(const std::string& text) {
  static constexpr char hex[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') out += {'\\', c};
    else if (byte < 0x20) out += std::string("\\u00") + hex[byte >> 4] + hex[byte & 15];
    else out.push_back(c);
  }
  return out + "\"";
}

}  // namespace sonogram::json
