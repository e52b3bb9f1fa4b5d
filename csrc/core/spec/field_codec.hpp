// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Reads and writes the fields of a Spec as values of JSON or Python, by adapters for the two: one
// for reading (see value_reader.hpp), and one for writing, which has a type `Made` and the
// functions null() and make(bool | int64_t | double | string | vector<Made>).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/spec/fields.hpp"
#include "core/spec/finish_table.hpp"
#include "core/spec/value_reader.hpp"

namespace sonogram {

// Visits the fields of a Spec and sets those that are given.
template <class A>
class FieldReader {
 public:
  using Value = typename A::Value;
  using Fields = std::vector<std::pair<std::string, Value>>;

  FieldReader(const A& adapter, const Fields& fields, const Spec& spec)
      : read_(adapter), fields_(fields), spec_(spec), taken_(fields.size(), false) {}

  template <class X>
  void operator()(const Field& field, X& to) {
    if (const auto v = get(field.name)) set(field.name, *v, to);
  }
  template <class X, class E>
  void operator()(const Field& field, X& to, const Words<E>& words) {
    const auto v = get(field.name);
    if (!v) return;
    if constexpr (std::is_same_v<X, E>) to = read_.word(field.name, *v, words);
    else to = read_.pad_mode(field.name, *v, words);
  }
  void operator()(const Field& field, FilterbankKind& kind,
                  std::vector<std::vector<double>>& matrix, const Words<FilterbankKind>& words) {
    const auto v = get(field.name);
    if (!v) return;
    const auto rows = read_.array(*v);
    kind = rows ? FilterbankKind::matrix : read_.word(field.name, *v, words);
    if (rows) matrix = read_.matrix(field.name, *rows);
  }

  // Throws for names that are not fields.
  void check_all_taken() const {
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (taken_[i]) continue;
      read_.wrong(fields_[i].second, "'" + fields_[i].first + "' is no field of a Spec");
    }
  }

 private:
  void set(const char* name, Value v, std::int64_t& to) { to = read_.integer(name, v); }
  void set(const char* name, Value v, std::uint64_t& to) {
    to = static_cast<std::uint64_t>(read_.integer(name, v));
  }
  void set(const char* name, Value v, double& to) { to = read_.number(name, v); }
  void set(const char* name, Value v, bool& to) { to = read_.flag(name, v); }
  void set(const char* name, Value v, std::pair<std::int64_t, std::int64_t>& to) {
    to = read_.pair(name, v);
  }
  template <class X>
  void set(const char* name, Value v, std::optional<X>& to) {
    if (read_.is_null(v)) to.reset();
    else set(name, v, to.emplace());
  }
  void set(const char* name, Value v, WindowSpec& to) {
    to = read_.window(name, v, spec_.window_length());
  }
  void set(const char* name, Value v, Normalized& to) { to = read_.normalized(name, v); }
  void set(const char* name, Value v, std::vector<FinishStage>& to) {
    const auto all = read_.array(v);
    if (!all) read_.wrong_type(name, v, "a sequence of stages");
    for (const Value one : *all) to.push_back(read_.stage(name, one));
  }

  // Fields are usually given in order: the search begins after the previous one.
  std::optional<Value> get(const char* name) {
    for (std::size_t i = 0; i < fields_.size(); ++i, ++at_) {
      if (at_ >= fields_.size()) at_ = 0;
      if (fields_[at_].first != name) continue;
      taken_[at_] = true;
      return fields_[at_++].second;
    }
    return std::nullopt;
  }

  ValueReader<A> read_;
  const Fields& fields_;
  const Spec& spec_;  // as read so far
  std::vector<bool> taken_;
  std::size_t at_ = 0;
};

// Visits the fields of a Spec and writes each value in its canonical form.
template <class A>
class FieldWriter {
 public:
  using Made = typename A::Made;
  std::vector<std::pair<const char*, Made>> fields;

  template <class X>
  void operator()(const Field& field, const X& v) {
    fields.emplace_back(field.name, made(v));
  }
  template <class E>
  void operator()(const Field& field, const E& v, const Words<E>& words) {
    fields.emplace_back(field.name, word(v, words));
  }
  void operator()(const Field& field, const std::pair<PadMode, PadMode>& v,
                  const Words<PadMode>& words) {
    const Made left = word(v.first, words);
    fields.emplace_back(
        field.name, v.first == v.second ? left : A::make(std::vector{left, word(v.second, words)}));
  }
  void operator()(const Field& field, FilterbankKind kind,
                  const std::vector<std::vector<double>>& matrix,
                  const Words<FilterbankKind>& words) {
    std::vector<Made> rows;
    for (const auto& row : matrix) rows.push_back(made(row));
    fields.emplace_back(field.name,
                        kind == FilterbankKind::matrix ? A::make(rows) : word(kind, words));
  }

  static Made made(bool v) { return A::make(v); }
  static Made made(std::int64_t v) { return A::make(v); }
  static Made made(std::uint64_t v) { return A::make(static_cast<std::int64_t>(v)); }
  static Made made(double v) { return A::make(v); }
  static Made made(const std::vector<double>& all) { return A::make(listed(all)); }
  static Made made(const std::pair<std::int64_t, std::int64_t>& v) {
    return A::make(std::vector{A::make(v.first), A::make(v.second)});
  }
  template <class X>
  static Made made(const std::optional<X>& v) {
    return v ? made(*v) : A::null();
  }
  static Made made(const WindowSpec& w) {
    if (!w.samples.empty()) return made(w.samples);
    if (w.parameters.empty()) return A::make(w.name);
    std::vector<Made> all = listed(w.parameters);
    all.insert(all.begin(), A::make(w.name));
    return A::make(all);
  }
  static Made made(Normalized v) {
    return v == Normalized::frame_length ? word(v, words::normalized)
                                         : A::make(v == Normalized::window);
  }
  static Made made(const std::vector<FinishStage>& stages) {
    std::vector<Made> all;
    for (const FinishStage& one : stages) all.push_back(made(one));
    return A::make(all);
  }
  // Required parameters by position, others by name if they differ from their default.
  static Made made(const FinishStage& stage) {
    const StageInfo& info = stage_info(stage.kind);
    std::vector<Made> all{A::make(std::string(info.name))};
    for (std::size_t i = 0; i < info.parameters.size(); ++i) {
      const StageParameter& p = info.parameters[i];
      const Made value = parameter(p, stage.values[i]);
      if (p.required) all.push_back(value);
      else if (stage.values[i] != p.default_value)
        all.push_back(A::make(std::vector{A::make(std::string(p.name)), value}));
    }
    return A::make(all);
  }
  static Made parameter(const StageParameter& p, const FinishStage::Value& v) {
    using Type = StageParameter::Type;
    if (const double* x = std::get_if<double>(&v)) {
      if (p.type == Type::flag) return A::make(*x != 0);
      if (p.type == Type::integer) return A::make(static_cast<std::int64_t>(*x));
      return A::make(*x);
    }
    if (const std::string* text = std::get_if<std::string>(&v)) return A::make(*text);
    return made(std::get<std::vector<double>>(v));
  }

 private:
  static std::vector<Made> listed(const std::vector<double>& all) {
    std::vector<Made> out;
    for (const double v : all) out.push_back(A::make(v));
    return out;
  }
  template <class E>
  static Made word(const E& value, const Words<E>& words) {
    const char* known = word_of(value, words);
    return known == nullptr ? A::null() : A::make(std::string(known));
  }
};

// A Spec with these fields, not validated; missing ones take their defaults.
template <class A>
Spec spec_from(const A& adapter, const typename FieldReader<A>::Fields& fields) {
  Spec spec;
  FieldReader<A> reader(adapter, fields, spec);
  visit_fields(spec, reader);
  reader.check_all_taken();
  return spec;
}

// The name and value of every field, in order.
template <class A>
std::vector<std::pair<const char*, typename A::Made>> values_of(const Spec& spec) {
  FieldWriter<A> writer;
  visit_fields(spec, writer);
  return std::move(writer.fields);
}

}  // namespace sonogram
