// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include <cmath>
#include <string>

#include "bindings/bindings.hpp"
#include "core/spec/field_codec.hpp"

namespace sonogram::python {
namespace {

template <class E>
py::tuple words_of(const Words<E>& words) {
  py::list all;
  for (const auto& [word, value] : words) {
    (void)value;
    if (word != nullptr) all.append(word);
  }
  return py::tuple(all);
}

template <class E>
bool has_none(const Words<E>& words) {
  return words.size() > 0 && words.begin()->first == nullptr;
}

// What a field may be.
class Describe {
 public:
  py::list fields;

  template <class X>
  void operator()(const Field& f, const X& v) {
    add(f, kind_of(v), is_optional(v), py::tuple(), range_of(f, v));
  }
  template <class E>
  void operator()(const Field& f, const E&, const Words<E>& words) {
    add(f, "word", has_none(words), words_of(words), "");
  }
  void operator()(const Field& f, const Normalized&) {
    add(f, "flag or word", false, words_of(words::normalized), "");
  }
  void operator()(const Field& f, const std::pair<PadMode, PadMode>&, const Words<PadMode>& words) {
    add(f, "word or pair", has_none(words), words_of(words), "");
  }
  void operator()(const Field& f, const FilterbankKind&, const std::vector<std::vector<double>>&,
                  const Words<FilterbankKind>& words) {
    add(f, "word or matrix", has_none(words), words_of(words), "");
  }

 private:
  static const char* kind_of(std::int64_t) { return "integer"; }
  static const char* kind_of(std::uint64_t) { return "integer"; }
  static const char* kind_of(double) { return "number"; }
  static const char* kind_of(bool) { return "flag"; }
  static const char* kind_of(const std::pair<std::int64_t, std::int64_t>&) { return "pair"; }
  static const char* kind_of(const WindowSpec&) { return "window"; }
  static const char* kind_of(const std::vector<FinishStage>&) { return "stages"; }
  template <class X>
  static const char* kind_of(const std::optional<X>&) {
    return kind_of(X());
  }
  template <class X>
  static bool is_optional(const X&) {
    return false;
  }
  template <class X>
  static bool is_optional(const std::optional<X>&) {
    return true;
  }
  // In words, for what is a number or numbers.
  template <class X>
  static std::string range_of(const Field& f, const X& v) {
    const std::string kind = kind_of(v);
    if (kind == "number") return allowed_values(f.range);
    const bool counts = kind == "integer" || kind == "pair";
    return counts && std::isfinite(f.range.low) ? allowed_values(f.range) : "";
  }
  void add(const Field& f, const char* kind, bool optional, const py::tuple& words,
           const std::string& allowed) {
    fields.append(py::make_tuple(f.name, f.group, f.help, kind, optional, words, allowed, f.none));
  }
};

}  // namespace

py::list field_table() {
  Describe describe;
  const Spec spec;
  visit_fields(spec, describe);
  return describe.fields;
}

}  // namespace sonogram::python
