// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Reads values of JSON or Python as values of fields, with errors for wrong types and unknown
// words. The differences between the two are in an adapter. Its `Value` is cheap to copy; it has
//
//   bool is_null(Value)
//   optional<bool> as_bool(Value)
//   optional<int64_t> as_int(Value)
//   optional<double> as_double(Value)         also for an integer
//   optional<string> as_string(Value)
//   optional<vector<Value>> as_array(Value)
//   optional<vector<pair<string, Value>>> as_object(Value)
//   bool is_whole(Value)                      an integer of any number of digits
//   string where(Value)                       the beginning of an error
//   string shown(Value), type_of(Value)       the type in parentheses, or nothing
//   [[noreturn]] void throw_type(string), throw_value(string)
//   null_word, true_word, false_word          as its users write them
#pragma once
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/spec/fields.hpp"
#include "core/spec/finish_table.hpp"

namespace sonogram {

template <class A>
class ValueReader {
 public:
  using Value = typename A::Value;
  using Array = std::vector<Value>;

  explicit ValueReader(const A& adapter) : a_(adapter) {}

  std::int64_t integer(const std::string& name, Value v) const {
    if (const auto x = a_.as_int(v)) return *x;
    if (a_.is_whole(v)) wrong_value(name, v, "an integer of at most 63 bits");
    wrong_type(name, v, "an integer");
  }
  double number(const std::string& name, Value v) const {
    if (const auto x = a_.as_double(v)) return *x;
    if (a_.is_whole(v)) wrong_value(name, v, "a finite number");
    wrong_type(name, v, "a number");
  }
  bool flag(const std::string& name, Value v) const {
    if (const auto x = a_.as_bool(v)) return *x;
    wrong_type(name, v, std::string(A::true_word) + " or " + A::false_word);
  }
  std::vector<double> numbers(const std::string& name, const Array& all,
                              std::size_t first = 0) const {
    std::vector<double> out;
    for (std::size_t i = first; i < all.size(); ++i) out.push_back(number(name, all[i]));
    return out;
  }
  std::pair<std::int64_t, std::int64_t> pair(const std::string& name, Value v) const {
    const char* allowed = "a pair of integers, left and right";
    const auto both = a_.as_array(v);
    if (!both) wrong_type(name, v, allowed);
    if (both->size() != 2) wrong_value(name, v, allowed);
    return {integer(name, (*both)[0]), integer(name, (*both)[1])};
  }
  template <class E>
  E word(const std::string& name, Value v, const Words<E>& words, std::string allowed = {}) const {
    const auto text = a_.as_string(v);
    for (const auto& [known, value] : words) {
      if (known == nullptr ? a_.is_null(v) : text && *text == known) return value;
    }
    if (allowed.empty()) allowed = "one of " + listed(words);
    if (text) wrong_value(name, v, allowed);
    wrong_type(name, v, allowed);
  }
  std::pair<PadMode, PadMode> pad_mode(const std::string& name, Value v,
                                       const Words<PadMode>& words) const {
    const auto both = a_.as_array(v);
    if (!both) {
      const PadMode mode = word(name, v, words);
      return {mode, mode};
    }
    if (both->size() != 2) wrong_value(name, v, "a mode, or a pair of them, left and right");
    return {word(name, (*both)[0], words), word(name, (*both)[1], words)};
  }
  Normalized normalized(const std::string& name, Value v) const {
    if (const auto yes = a_.as_bool(v)) return *yes ? Normalized::window : Normalized::none;
    return word(name, v, words::normalized,
                std::string(A::true_word) + ", " + A::false_word + ", 'window' or 'frame_length'");
  }
  WindowSpec window(const std::string& name, Value v, std::int64_t length) const {
    WindowSpec window;
    if (const auto text = a_.as_string(v)) {
      window.name = *text;
      return window;
    }
    const auto all = a_.as_array(v);
    if (!all) wrong_type(name, v, "a name, a name with its parameters, or win_length numbers");
    const auto first = all->empty() ? std::nullopt : a_.as_string(all->front());
    window.name = first.value_or("");
    if (!first) {
      for (const Value x : *all) {
        if (a_.as_array(x)) {
          wrong(v, name + " is nested; it must be 1-dimensional, win_length = " +
                       std::to_string(length) + " values");
        }
      }
    }
    (first ? window.parameters : window.samples) = numbers(name, *all, first ? 1 : 0);
    return window;
  }
  std::vector<std::vector<double>> matrix(const std::string& name, const Array& rows) const {
    std::vector<std::vector<double>> matrix;
    for (const Value row : rows) {
      const auto all = a_.as_array(row);
      if (!all) wrong_type(name, row, "a row of a matrix [n_mels, n_freqs]");
      matrix.push_back(numbers(name, *all));
    }
    return matrix;
  }
  // A stage is a name, then values by position, then values by name: in pairs or in an object.
  FinishStage stage(const std::string& field, Value v) const {
    const char* allowed = "a stage: a name, then values, as 'affine', 0.25, 1.0";
    const auto all = a_.as_array(v);
    const auto name = all && !all->empty() ? a_.as_string(all->front()) : std::nullopt;
    if (!name) wrong_type(field, v, allowed);
    const StageInfo* info = find_stage(*name);
    if (info == nullptr) wrong_value(field, all->front(), "a stage named one of " + stage_names());
    const auto given = stage_values(field, *info, v, *all);
    try {
      return make_stage(info->kind, given);
    } catch (const std::invalid_argument& error) {
      wrong(v, error.what());
    }
  }

  std::optional<Array> array(Value v) const { return a_.as_array(v); }
  bool is_null(Value v) const { return a_.is_null(v); }

  [[noreturn]] void wrong_type(const std::string& name, Value v, const std::string& allowed) const {
    a_.throw_type(a_.where(v) + name + " is " + a_.shown(v) + a_.type_of(v) + "; it must be " +
                  allowed);
  }
  [[noreturn]] void wrong_value(const std::string& name, Value v,
                                const std::string& allowed) const {
    wrong(v, name + " is " + a_.shown(v) + "; it must be " + allowed);
  }
  [[noreturn]] void wrong(Value v, const std::string& what) const {
    a_.throw_value(a_.where(v) + what);
  }

 private:
  using Given = std::pair<std::string, FinishStage::Value>;

  template <class E>
  static std::string listed(const Words<E>& words) {
    std::string all;
    bool null = false;
    for (const auto& [word, value] : words) {
      (void)value;
      if (word == nullptr) null = true;
      else all += (all.empty() ? "'" : ", '") + std::string(word) + "'";
    }
    return all + (null ? std::string(" or ") + A::null_word : "");
  }
  std::vector<Given> stage_values(const std::string& field, const StageInfo& info, Value v,
                                  const Array& all) const {
    std::vector<Given> given;
    bool named = false;
    for (std::size_t i = 1; i < all.size(); ++i) {
      const auto both = a_.as_array(all[i]);
      const auto key = both && both->size() == 2 ? a_.as_string(both->front()) : std::nullopt;
      if (const auto names = a_.as_object(all[i])) {
        for (const auto& [name, value] : *names) given.push_back(by_name(info, name, value));
        named = true;
      } else if (key) {
        given.push_back(by_name(info, *key, both->back()));
        named = true;
      } else if (named || i > info.parameters.size()) {
        wrong_value(field, v, "given values of " + parameter_names(info) + ", in this order");
      } else {
        given.push_back(by_name(info, info.parameters[i - 1].name, all[i]));
      }
    }
    return given;
  }
  Given by_name(const StageInfo& info, const std::string& key, Value v) const {
    const std::string name = "finish: " + std::string(info.name);
    for (const StageParameter& p : info.parameters) {
      if (key == p.name) return {key, parameter(name + ": " + key, p, v)};
    }
    wrong(v, name + " is given '" + key + "'; it must be given only " + parameter_names(info));
  }
  FinishStage::Value parameter(const std::string& name, const StageParameter& p, Value v) const {
    using Type = StageParameter::Type;
    if (p.type == Type::flag) return flag(name, v) ? 1.0 : 0.0;
    if (p.type == Type::integer) return static_cast<double>(integer(name, v));
    const auto text = a_.as_string(v);
    if (text && !p.words.empty()) return *text;
    if (text || p.type == Type::word) wrong_type(name, v, allowed_values(p));
    const auto all = p.type == Type::numbers ? a_.as_array(v) : std::nullopt;
    if (all) return numbers(name, *all);
    return number(name, v);
  }

  const A& a_;
};

}  // namespace sonogram
