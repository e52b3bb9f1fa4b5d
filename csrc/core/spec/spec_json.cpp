// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Every field of a Spec from and to JSON, in the values that the Python record has: null is None,
// an array is a tuple.
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <type_traits>

#include "core/base/errors.hpp"
#include "core/base/json.hpp"
#include "core/spec/fields.hpp"
#include "core/spec/finish_table.hpp"
#include "sonogram/json.hpp"

namespace sonogram {
namespace {

using json::Array;
using json::Object;
using json::Value;

constexpr std::int64_t schema = 1;
constexpr std::size_t shown_bytes = 60;

template <class E>
std::string allowed_words(const Words<E>& words) {
  std::string allowed;
  bool none = false;
  for (const auto& [word, value] : words) {
    (void)value;
    if (word == nullptr) none = true;
    else allowed += (allowed.empty() ? "'" : ", '") + std::string(word) + "'";
  }
  return "one of " + allowed + (none ? " or null" : "");
}

class Reader {
 public:
  Reader(const std::string& text, const Object& fields) : text_(text), fields_(fields) {}

  void operator()(const char* name, std::int64_t& to) {
    if (const Value* v = get(name)) to = integer(name, *v);
  }
  void operator()(const char* name, std::uint64_t& to) {
    if (const Value* v = get(name)) to = static_cast<std::uint64_t>(integer(name, *v));
  }
  void operator()(const char* name, double& to) {
    if (const Value* v = get(name)) to = real(name, *v);
  }
  void operator()(const char* name, bool& to) {
    if (const Value* v = get(name)) to = flag(name, *v);
  }
  void operator()(const char* name, std::pair<std::int64_t, std::int64_t>& to) {
    if (const Value* v = get(name)) to = pair(name, *v);
  }
  template <class X>
  void operator()(const char* name, std::optional<X>& to) {
    const Value* v = get(name);
    if (v == nullptr) return;
    if (v->as<std::nullptr_t>() != nullptr) to.reset();
    else if constexpr (std::is_same_v<X, std::int64_t>) to = integer(name, *v);
    else if constexpr (std::is_same_v<X, double>) to = real(name, *v);
    else if constexpr (std::is_same_v<X, bool>) to = flag(name, *v);
    else to = pair(name, *v);
  }
  template <class E>
  void operator()(const char* name, E& to, const Words<E>& words) {
    if (const Value* v = get(name)) to = word(name, *v, words);
  }
  void operator()(const char* name, std::pair<PadMode, PadMode>& to, const Words<PadMode>& words) {
    const Value* v = get(name);
    if (v == nullptr) return;
    const Array* both = v->as<Array>();
    if (both == nullptr) {
      const PadMode mode = word(name, *v, words);
      to = {mode, mode};
    } else if (both->size() == 2) {
      to = {word(name, (*both)[0], words), word(name, (*both)[1], words)};
    } else {
      wrong(name, *v, "a mode or a pair of them [left, right]");
    }
  }
  void operator()(const char* name, WindowSpec& to) {
    if (const Value* v = get(name)) to = window(name, *v);
  }
  void operator()(const char* name, Normalized& to) {
    const Value* v = get(name);
    if (v == nullptr) return;
    static const Words<Normalized> words = {{"window", Normalized::window},
                                            {"frame_length", Normalized::frame_length}};
    const bool* yes = v->as<bool>();
    if (yes != nullptr) to = *yes ? Normalized::window : Normalized::none;
    else to = word(name, *v, words, "true, false, 'window' or 'frame_length'");
  }
  void operator()(const char* name, FilterbankKind& kind, std::vector<std::vector<double>>& matrix,
                  const Words<FilterbankKind>& words) {
    const Value* v = get(name);
    if (v == nullptr) return;
    const Array* rows = v->as<Array>();
    if (rows == nullptr) {
      kind = word(name, *v, words);
      return;
    }
    kind = FilterbankKind::matrix;
    for (const Value& row : *rows) {
      if (row.as<Array>() == nullptr) wrong(name, row, "a matrix [n_mels][n_freqs]");
      matrix.push_back(reals(name, row.as<Array>()->begin(), row.as<Array>()->end()));
    }
  }
  void operator()(const char* name, std::vector<FinishStage>& to) {
    const Value* v = get(name);
    if (v == nullptr) return;
    if (v->as<Array>() == nullptr) wrong(name, *v, "an array of stages");
    for (const Value& one : *v->as<Array>()) to.push_back(stage(one));
  }

  // Refuses another schema, and fields that no Spec has.
  void finish() {
    const Value* v = get("schema");
    if (v != nullptr && (v->as<std::int64_t>() == nullptr || *v->as<std::int64_t>() != schema)) {
      wrong("schema", *v, format_number(schema));
    }
    for (const auto& [name, value] : fields_) {
      if (std::find(taken_.begin(), taken_.end(), name) == taken_.end()) {
        throw std::invalid_argument("JSON, " + json::place(text_, value.begin) + ": '" + name +
                                    "' is no field of a Spec");
      }
    }
  }

 private:
  const Value* get(const char* name) {
    taken_.emplace_back(name);
    for (const auto& [key, value] : fields_) {
      if (key == name) return &value;
    }
    return nullptr;
  }

  [[noreturn]] void wrong(const std::string& name, const Value& v,
                          const std::string& allowed) const {
    std::string shown = text_.substr(v.begin, v.end - v.begin);
    if (shown.size() > shown_bytes) shown = shown.substr(0, shown_bytes - 3) + "...";
    throw_invalid("JSON, " + json::place(text_, v.begin) + ": " + name, shown, allowed);
  }

  std::int64_t integer(const std::string& name, const Value& v) const {
    const std::int64_t* x = v.as<std::int64_t>();
    if (x == nullptr) wrong(name, v, "an integer of at most 63 bits");
    return *x;
  }
  double real(const std::string& name, const Value& v) const {
    if (const std::int64_t* x = v.as<std::int64_t>()) return static_cast<double>(*x);
    if (v.as<double>() == nullptr) wrong(name, v, "a number");
    return *v.as<double>();
  }
  bool flag(const std::string& name, const Value& v) const {
    if (v.as<bool>() == nullptr) wrong(name, v, "true or false");
    return *v.as<bool>();
  }
  std::vector<double> reals(const std::string& name, Array::const_iterator begin,
                            Array::const_iterator end) const {
    std::vector<double> out;
    for (auto v = begin; v != end; ++v) out.push_back(real(name, *v));
    return out;
  }
  std::pair<std::int64_t, std::int64_t> pair(const std::string& name, const Value& v) const {
    const Array* both = v.as<Array>();
    if (both == nullptr || both->size() != 2) wrong(name, v, "a pair of integers [left, right]");
    return {integer(name, (*both)[0]), integer(name, (*both)[1])};
  }
  template <class E>
  E word(const std::string& name, const Value& v, const Words<E>& words,
         const std::string& allowed = {}) const {
    const std::string* text = v.as<std::string>();
    for (const auto& [known, value] : words) {
      if (known == nullptr ? v.as<std::nullptr_t>() != nullptr : text != nullptr && *text == known)
        return value;
    }
    wrong(name, v, allowed.empty() ? allowed_words(words) : allowed);
  }

  WindowSpec window(const std::string& name, const Value& v) const {
    WindowSpec w;
    if (const std::string* text = v.as<std::string>()) {
      w.name = *text;
      return w;
    }
    const Array* all = v.as<Array>();
    if (all == nullptr || all->empty()) {
      wrong(name, v, "a name, [name, parameter] or an array of win_length numbers");
    }
    if (const std::string* text = (*all)[0].as<std::string>()) {
      w.name = *text;
      w.parameters = reals(name, all->begin() + 1, all->end());
    } else {
      w.name.clear();
      w.samples = reals(name, all->begin(), all->end());
    }
    return w;
  }

  FinishStage::Value stage_value(const std::string& name, const StageParameter& p,
                                 const Value& v) const {
    using Type = StageParameter::Type;
    if (p.type == Type::flag) return flag(name, v) ? 1.0 : 0.0;
    if (p.type == Type::integer) return static_cast<double>(integer(name, v));
    const std::string* text = v.as<std::string>();
    if (text != nullptr && !p.words.empty()) return *text;
    if (text != nullptr || p.type == Type::word) wrong(name, v, allowed_values(p));
    const Array* all = v.as<Array>();
    if (p.type == Type::numbers && all != nullptr) return reals(name, all->begin(), all->end());
    return real(name, v);
  }

  // [name, value ..., [parameter, value] ..., {parameter: value}]: positions first, names after.
  FinishStage stage(const Value& v) const {
    const Array* all = v.as<Array>();
    if (all == nullptr || all->empty() || (*all)[0].as<std::string>() == nullptr) {
      wrong("finish", v, "a stage [name, values ...], as in [\"affine\", 0.25, 1.0]");
    }
    const StageInfo* info = find_stage(*(*all)[0].as<std::string>());
    if (info == nullptr) wrong("finish", (*all)[0], "a stage named one of " + stage_names());
    std::vector<std::pair<std::string, FinishStage::Value>> given;
    bool named = false;
    for (std::size_t i = 1; i < all->size(); ++i) {
      const Value& x = (*all)[i];
      const Array* pair = x.as<Array>();
      if (const Object* names = x.as<Object>()) {
        for (const auto& [key, value] : *names) given.push_back(by_name(*info, key, value));
        named = true;
      } else if (pair != nullptr && pair->size() == 2 && (*pair)[0].as<std::string>() != nullptr) {
        given.push_back(by_name(*info, *(*pair)[0].as<std::string>(), (*pair)[1]));
        named = true;
      } else if (named || i > info->parameters.size()) {
        wrong("finish", v, "given values of " + parameter_names(*info) + ", in this order");
      } else {
        given.push_back(by_name(*info, info->parameters[i - 1].name, x));
      }
    }
    try {
      return make_stage(info->kind, given);
    } catch (const std::invalid_argument& error) {
      throw std::invalid_argument("JSON, " + json::place(text_, v.begin) + ": " + error.what());
    }
  }

  std::pair<std::string, FinishStage::Value> by_name(const StageInfo& info, const std::string& key,
                                                     const Value& v) const {
    const std::string name = "finish: " + std::string(info.name);
    for (const StageParameter& p : info.parameters) {
      if (key == p.name) return {key, stage_value(name + ": " + key, p, v)};
    }
    throw_invalid("JSON, " + json::place(text_, v.begin) + ": " + name, "given '" + key + "'",
                  "given only " + parameter_names(info));
  }

  const std::string& text_;
  const Object& fields_;
  std::vector<std::string> taken_;
};

class Writer {
 public:
  std::string text = "{\"schema\": " + format_number(schema);

  void operator()(const char* name, std::int64_t v) { put(name, format_number(v)); }
  void operator()(const char* name, std::uint64_t v) {
    put(name, format_number(static_cast<std::int64_t>(v)));
  }
  void operator()(const char* name, double v) { put(name, real(name, v)); }
  void operator()(const char* name, bool v) { put(name, v ? "true" : "false"); }
  void operator()(const char* name, const std::pair<std::int64_t, std::int64_t>& v) {
    put(name, "[" + format_number(v.first) + ", " + format_number(v.second) + "]");
  }
  template <class X>
  void operator()(const char* name, const std::optional<X>& v) {
    if (v) (*this)(name, *v);
    else put(name, "null");
  }
  template <class E>
  void operator()(const char* name, const E& v, const Words<E>& words) {
    put(name, word(v, words));
  }
  void operator()(const char* name, const std::pair<PadMode, PadMode>& v,
                  const Words<PadMode>& words) {
    const std::string left = word(v.first, words), right = word(v.second, words);
    put(name, left == right ? left : "[" + left + ", " + right + "]");
  }
  void operator()(const char* name, const WindowSpec& w) {
    if (!w.samples.empty()) {
      put(name, "[" + reals(name, w.samples) + "]");
    } else if (w.parameters.empty()) {
      put(name, json::written(w.name));
    } else {
      put(name, "[" + json::written(w.name) + ", " + reals(name, w.parameters) + "]");
    }
  }
  void operator()(const char* name, Normalized v) {
    if (v == Normalized::frame_length) put(name, "\"frame_length\"");
    else put(name, v == Normalized::window ? "true" : "false");
  }
  void operator()(const char* name, FilterbankKind kind,
                  const std::vector<std::vector<double>>& matrix,
                  const Words<FilterbankKind>& words) {
    if (kind != FilterbankKind::matrix) {
      put(name, word(kind, words));
      return;
    }
    std::string rows;
    for (const auto& row : matrix) join(rows, "[" + reals(name, row) + "]");
    put(name, "[" + rows + "]");
  }
  void operator()(const char* name, const std::vector<FinishStage>& stages) {
    std::string all;
    for (const FinishStage& one : stages) join(all, stage(one));
    put(name, "[" + all + "]");
  }

 private:
  void put(const char* name, const std::string& value) {
    text += ", \"" + std::string(name) + "\": " + value;
  }
  static void join(std::string& to, const std::string& next) {
    to += (to.empty() ? "" : ", ") + next;
  }
  static std::string real(const std::string& name, double v) {
    if (!std::isfinite(v)) throw_invalid(name, format_number(v), "a finite number");
    return json::written(v);
  }
  static std::string reals(const std::string& name, const std::vector<double>& all) {
    std::string out;
    for (const double v : all) join(out, real(name, v));
    return out;
  }
  template <class E>
  static std::string word(const E& value, const Words<E>& words) {
    for (const auto& [known, v] : words) {
      if (v == value && known != nullptr) return json::written(std::string(known));
    }
    return "null";
  }

  static std::string stage_value(const StageParameter& p, const FinishStage::Value& v) {
    using Type = StageParameter::Type;
    if (const double* x = std::get_if<double>(&v)) {
      if (p.type == Type::flag) return *x != 0 ? "true" : "false";
      if (p.type == Type::integer) return format_number(static_cast<std::int64_t>(*x));
      return real(p.name, *x);
    }
    if (const std::string* text = std::get_if<std::string>(&v)) return json::written(*text);
    return "[" + reals(p.name, std::get<std::vector<double>>(v)) + "]";
  }
  // Required parameters by position; others by name, if they differ from their defaults.
  static std::string stage(const FinishStage& s) {
    const StageInfo& info = stage_info(s.kind);
    std::string out = json::written(std::string(info.name));
    for (std::size_t i = 0; i < info.parameters.size(); ++i) {
      const StageParameter& p = info.parameters[i];
      const std::string value = stage_value(p, s.values[i]);
      if (p.required) join(out, value);
      else if (s.values[i] != p.default_value)
        join(out, "[\"" + std::string(p.name) + "\", " + value + "]");
    }
    return "[" + out + "]";
  }
};

}  // namespace

Spec spec_from_json(const std::string& text) {
  const Value value = json::parse(text);
  const Object* fields = value.as<Object>();
  if (fields == nullptr) throw std::invalid_argument("JSON, line 1: a Spec must be an object");
  Spec spec;
  Reader reader(text, *fields);
  visit_fields(spec, reader);
  reader.finish();
  validate(spec);
  return spec;
}

std::string spec_to_json(const Spec& spec) {
  validate(spec);
  Writer writer;
  visit_fields(spec, writer);
  return writer.text + "}";
}

}  // namespace sonogram
