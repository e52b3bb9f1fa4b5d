// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Every field of a Spec from and to JSON, in the values that the Python record has: null is None,
// an array is a tuple.
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "core/base/errors.hpp"
#include "core/base/json.hpp"
#include "core/spec/field_codec.hpp"
#include "sonogram/json.hpp"

namespace sonogram {
namespace {

constexpr std::int64_t schema = 1;
constexpr std::size_t shown_bytes = 60;

class JsonReader {
 public:
  using Value = const json::Value*;
  static constexpr const char *null_word = "null", *true_word = "true", *false_word = "false";

  explicit JsonReader(const std::string& text) : text_(text) {}

  bool is_null(Value v) const { return v->as<std::nullptr_t>() != nullptr; }
  std::optional<bool> as_bool(Value v) const { return copy(v->as<bool>()); }
  std::optional<std::int64_t> as_int(Value v) const { return copy(v->as<std::int64_t>()); }
  std::optional<double> as_double(Value v) const {
    if (const std::int64_t* x = v->as<std::int64_t>()) return static_cast<double>(*x);
    return copy(v->as<double>());
  }
  std::optional<std::string> as_string(Value v) const { return copy(v->as<std::string>()); }
  std::optional<std::vector<Value>> as_array(Value v) const {
    const json::Array* all = v->as<json::Array>();
    if (all == nullptr) return std::nullopt;
    std::vector<Value> out;
    for (const json::Value& one : *all) out.push_back(&one);
    return out;
  }
  std::optional<std::vector<std::pair<std::string, Value>>> as_object(Value v) const {
    const json::Object* all = v->as<json::Object>();
    if (all == nullptr) return std::nullopt;
    std::vector<std::pair<std::string, Value>> out;
    for (const auto& [name, value] : *all) out.emplace_back(name, &value);
    return out;
  }
  bool is_whole(Value v) const {
    return as_double(v) && text_of(v).find_first_of(".eE") == std::string::npos;
  }
  std::string where(Value v) const { return "JSON, " + json::place(text_, v->begin) + ": "; }
  std::string shown(Value v) const {
    const std::string text = text_of(v);
    return text.size() <= shown_bytes ? text : text.substr(0, shown_bytes - 3) + "...";
  }
  std::string type_of(Value) const { return ""; }  // JSON shows it
  [[noreturn]] void throw_type(const std::string& what) const { throw std::invalid_argument(what); }
  [[noreturn]] void throw_value(const std::string& what) const {
    throw std::invalid_argument(what);
  }

 private:
  template <class X>
  static std::optional<X> copy(const X* x) {
    return x == nullptr ? std::nullopt : std::optional<X>(*x);
  }
  std::string text_of(Value v) const { return text_.substr(v->begin, v->end - v->begin); }

  const std::string& text_;
};

struct JsonWriter {
  using Made = std::string;
  static Made null() { return "null"; }
  static Made make(bool v) { return v ? "true" : "false"; }
  static Made make(std::int64_t v) { return format_number(v); }
  static Made make(double v) {
    if (!std::isfinite(v)) throw_invalid("a number of the spec", format_number(v), "finite");
    return json::written(v);
  }
  static Made make(const std::string& text) { return json::written(text); }
  static Made make(const std::vector<Made>& all) {
    std::string text;
    for (const Made& one : all) text += (text.empty() ? "" : ", ") + one;
    return "[" + text + "]";
  }
};

}  // namespace

Spec spec_from_json(const std::string& text) {
  const json::Value value = json::parse(text);
  const JsonReader adapter(text);
  auto fields = adapter.as_object(&value);
  if (!fields) throw std::invalid_argument("JSON, line 1: a Spec must be an object");
  const auto given = std::find_if(fields->begin(), fields->end(),
                                  [](const auto& field) { return field.first == "schema"; });
  if (given != fields->end()) {
    if (adapter.as_int(given->second) != schema) {
      ValueReader(adapter).wrong_value("schema", given->second, format_number(schema));
    }
    fields->erase(given);
  }
  const Spec spec = spec_from(adapter, *fields);
  validate(spec);
  return spec;
}

std::string spec_to_json(const Spec& spec) {
  validate(spec);
  std::string text = "{\"schema\": " + format_number(schema);
  for (const auto& [name, value] : values_of<JsonWriter>(spec)) {
    text += ", \"" + std::string(name) + "\": " + value;
  }
  return text + "}";
}

}  // namespace sonogram
