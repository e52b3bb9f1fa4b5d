// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The fields of the Python record <-> Spec, with the errors that a wrong type or an unknown word
// deserves. Values are checked by `validate`.
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "bindings/bindings.hpp"
#include "core/spec/fields.hpp"
#include "core/spec/finish_table.hpp"

namespace sonogram::python {
namespace {

// A string of Python as UTF-8; surrogates, which UTF-8 cannot hold, as in a literal.
std::string text_of(const py::handle& value) {
  return value.attr("encode")("utf-8", "backslashreplace").cast<std::string>();
}

}  // namespace

// Python does not write out integers of thousands of digits.
std::string shown(const py::handle& value) {
  const py::object repr = py::reinterpret_steal<py::object>(PyObject_Repr(value.ptr()));
  if (!repr) {
    PyErr_Clear();
    return "a " + text_of(py::type::handle_of(value).attr("__name__")) + " too long to be shown";
  }
  std::string text = text_of(repr);
  if (text.size() <= 80) return text;
  std::size_t end = 77;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

namespace {

[[noreturn]] void wrong_type(const std::string& name, const py::handle& value,
                             const std::string& allowed) {
  throw py::type_error(name + " is " + shown(value) + " (" +
                       text_of(py::type::handle_of(value).attr("__name__")) + "); it must be " +
                       allowed);
}

[[noreturn]] void wrong_value(const std::string& name, const py::handle& value,
                              const std::string& allowed) {
  throw py::value_error(name + " is " + shown(value) + "; it must be " + allowed);
}

bool is_bool(const py::handle& v) {
  return PyBool_Check(v.ptr()) ||
         std::string(Py_TYPE(v.ptr())->tp_name).find("numpy.bool") != std::string::npos;
}

std::int64_t as_integer(const std::string& name, const py::handle& v) {
  if (is_bool(v) || !PyIndex_Check(v.ptr())) wrong_type(name, v, "an integer");
  const py::object index = py::reinterpret_steal<py::object>(PyNumber_Index(v.ptr()));
  if (!index) throw py::error_already_set();
  int overflow = 0;
  const long long x = PyLong_AsLongLongAndOverflow(index.ptr(), &overflow);
  if (overflow != 0) wrong_value(name, v, "an integer of at most 63 bits");
  return x;
}

double as_number(const std::string& name, const py::handle& v) {
  const bool numeric = PyFloat_Check(v.ptr()) || PyIndex_Check(v.ptr()) ||
                       (!PyComplex_Check(v.ptr()) && py::hasattr(v, "__float__"));
  if (is_bool(v) || PyUnicode_Check(v.ptr()) || !numeric) wrong_type(name, v, "a number");
  const double x = PyFloat_AsDouble(v.ptr());
  if (PyErr_Occurred() != nullptr) {
    if (PyErr_ExceptionMatches(PyExc_OverflowError)) {
      PyErr_Clear();
      wrong_value(name, v, "a finite number");
    }
    PyErr_Clear();
    wrong_type(name, v, "a number");
  }
  return x;
}

bool as_bool(const std::string& name, const py::handle& v) {
  if (!is_bool(v)) wrong_type(name, v, "True or False");
  return PyObject_IsTrue(v.ptr()) == 1;
}

template <class E>
std::string allowed_words(const Words<E>& words) {
  std::string allowed;
  bool none = false;
  for (const auto& [word, value] : words) {
    (void)value;
    if (word == nullptr) none = true;
    else allowed += (allowed.empty() ? "'" : ", '") + std::string(word) + "'";
  }
  return allowed + (none ? " or None" : "");
}

template <class E>
E as_word(const std::string& name, const py::handle& v, const Words<E>& words) {
  const bool text = PyUnicode_Check(v.ptr()) != 0;
  for (const auto& [word, value] : words) {
    if (word == nullptr ? v.is_none() : text && text_of(v) == word) return value;
  }
  if (!text) wrong_type(name, v, "one of " + allowed_words(words));
  wrong_value(name, v, "one of " + allowed_words(words));
}

std::vector<double> as_numbers(const std::string& name, const py::handle& v) {
  std::vector<double> out;
  for (const py::handle x : py::reinterpret_borrow<py::tuple>(v)) out.push_back(as_number(name, x));
  return out;
}

WindowSpec as_window(const py::handle& v, std::int64_t length) {
  WindowSpec window;
  if (PyUnicode_Check(v.ptr())) {
    window.name = text_of(v);
    return window;
  }
  if (!PyTuple_Check(v.ptr())) {
    wrong_type("window", v, "a name, a (name, parameter) pair or an array of win_length numbers");
  }
  const py::tuple t = py::reinterpret_borrow<py::tuple>(v);
  if (!t.empty() && PyUnicode_Check(py::object(t[0]).ptr())) {
    window.name = text_of(t[0]);
    window.parameters = as_numbers("window", t[py::slice(1, t.size(), 1)]);
    return window;
  }
  for (const py::handle x : t) {
    if (PyTuple_Check(x.ptr())) {
      throw py::value_error("window is nested; it must be 1-dimensional, win_length = " +
                            std::to_string(length) + " values");
    }
  }
  window.name.clear();
  window.samples = as_numbers("window", t);
  return window;
}

Normalized as_normalized(const py::handle& v) {
  const char* allowed = "True, False, 'window' or 'frame_length'";
  if (is_bool(v)) return as_bool("normalized", v) ? Normalized::window : Normalized::none;
  if (!PyUnicode_Check(v.ptr())) wrong_type("normalized", v, allowed);
  const std::string text = text_of(v);
  if (text == "window") return Normalized::window;
  if (text == "frame_length") return Normalized::frame_length;
  wrong_value("normalized", v, allowed);
}

FinishStage::Value as_stage_value(const std::string& name, const StageParameter& p,
                                  const py::handle& v) {
  using Type = StageParameter::Type;
  if (p.type == Type::flag) return as_bool(name, v) ? 1.0 : 0.0;
  if (p.type == Type::integer) return static_cast<double>(as_integer(name, v));
  if (PyUnicode_Check(v.ptr())) {
    if (p.words.empty()) wrong_type(name, v, allowed_values(p));
    return text_of(v);
  }
  if (p.type == Type::word) wrong_type(name, v, allowed_values(p));
  if (p.type == Type::numbers && PyTuple_Check(v.ptr())) return as_numbers(name, v);
  return as_number(name, v);
}

// (name, value ..., (parameter, value) ..., {parameter: value}): positions first, names after.
FinishStage as_stage(const py::handle& v) {
  const char* allowed = "a stage: (name, values ...), as in ('affine', 0.25, 1.0)";
  if (!PyTuple_Check(v.ptr()) || PyTuple_Size(v.ptr()) < 1) wrong_type("finish", v, allowed);
  const py::tuple t = py::reinterpret_borrow<py::tuple>(v);
  const py::object word = t[0];
  if (!PyUnicode_Check(word.ptr())) wrong_type("finish", v, allowed);
  const StageInfo* info = find_stage(text_of(word));
  if (info == nullptr) wrong_value("finish", word, "a stage named one of " + stage_names());
  const std::string name = "finish: " + std::string(info->name);
  std::vector<std::pair<std::string, FinishStage::Value>> given;
  const auto by_name = [&](const std::string& key, const py::handle& value) {
    for (const StageParameter& p : info->parameters) {
      if (key == p.name) {
        given.emplace_back(key, as_stage_value(name + ": " + key, p, value));
        return;
      }
    }
    throw py::value_error(name + " is given '" + key + "'; it must be given only " +
                          parameter_names(*info));
  };
  bool named = false;
  for (std::size_t i = 1; i < t.size(); ++i) {
    const py::object x = t[i];
    if (PyDict_Check(x.ptr())) {
      for (const auto& [key, value] : py::reinterpret_borrow<py::dict>(x)) {
        by_name(text_of(py::str(key)), value);
      }
      named = true;
    } else if (PyTuple_Check(x.ptr()) && PyTuple_Size(x.ptr()) == 2 &&
               PyUnicode_Check(PyTuple_GetItem(x.ptr(), 0))) {
      const py::tuple pair = py::reinterpret_borrow<py::tuple>(x);
      by_name(text_of(pair[0]), pair[1]);
      named = true;
    } else {
      if (named || i > info->parameters.size()) {
        wrong_value("finish", v, "values of " + parameter_names(*info) + ", in this order");
      }
      by_name(info->parameters[i - 1].name, x);
    }
  }
  return make_stage(info->kind, given);
}

std::vector<FinishStage> as_finish(const py::handle& v) {
  if (!PyTuple_Check(v.ptr())) wrong_type("finish", v, "a tuple of stages");
  std::vector<FinishStage> stages;
  for (const py::handle s : py::reinterpret_borrow<py::tuple>(v)) stages.push_back(as_stage(s));
  return stages;
}

std::pair<std::int64_t, std::int64_t> as_pair(const std::string& name, const py::handle& v) {
  if (!PyTuple_Check(v.ptr()) || PyTuple_Size(v.ptr()) != 2) {
    wrong_type(name, v, "a pair of integers (left, right)");
  }
  const py::tuple t = py::reinterpret_borrow<py::tuple>(v);
  return {as_integer(name, t[0]), as_integer(name, t[1])};
}

// Fills the fields that the dictionary has; what is left over is unknown.
class Reader {
 public:
  Reader(const py::dict& fields, const Spec& spec) : fields_(fields), spec_(spec) {}

  void operator()(const char* name, std::int64_t& to) {
    if (const py::object v = get(name)) to = as_integer(name, v);
  }
  void operator()(const char* name, std::uint64_t& to) {
    if (const py::object v = get(name)) to = static_cast<std::uint64_t>(as_integer(name, v));
  }
  void operator()(const char* name, double& to) {
    if (const py::object v = get(name)) to = as_number(name, v);
  }
  void operator()(const char* name, bool& to) {
    if (const py::object v = get(name)) to = as_bool(name, v);
  }
  void operator()(const char* name, std::pair<std::int64_t, std::int64_t>& to) {
    if (const py::object v = get(name)) to = as_pair(name, v);
  }
  template <class X>
  void operator()(const char* name, std::optional<X>& to) {
    const py::object v = get(name);
    if (!v) return;
    if (v.is_none()) {
      to.reset();
    } else if constexpr (std::is_same_v<X, std::int64_t>) {
      to = as_integer(name, v);
    } else if constexpr (std::is_same_v<X, double>) {
      to = as_number(name, v);
    } else if constexpr (std::is_same_v<X, bool>) {
      to = as_bool(name, v);
    } else {
      to = as_pair(name, v);
    }
  }
  template <class E>
  void operator()(const char* name, E& to, const Words<E>& words) {
    if (const py::object v = get(name)) to = as_word(name, v, words);
  }
  void operator()(const char* name, std::pair<PadMode, PadMode>& to, const Words<PadMode>& words) {
    const py::object v = get(name);
    if (!v) return;
    if (!PyTuple_Check(v.ptr())) {
      const PadMode mode = as_word(name, v, words);
      to = {mode, mode};
      return;
    }
    if (PyTuple_Size(v.ptr()) != 2) wrong_value(name, v, "a mode, or a pair (left, right)");
    const py::tuple t = py::reinterpret_borrow<py::tuple>(v);
    to = {as_word(name, t[0], words), as_word(name, t[1], words)};
  }
  void operator()(const char* name, WindowSpec& to) {
    if (const py::object v = get(name)) to = as_window(v, spec_.window_length());
  }
  void operator()(const char* name, Normalized& to) {
    if (const py::object v = get(name)) to = as_normalized(v);
  }
  void operator()(const char* name, FilterbankKind& kind, std::vector<std::vector<double>>& matrix,
                  const Words<FilterbankKind>& words) {
    const py::object v = get(name);
    if (!v) return;
    if (!PyTuple_Check(v.ptr())) {
      kind = as_word(name, v, words);
      return;
    }
    kind = FilterbankKind::matrix;
    for (const py::handle row : py::reinterpret_borrow<py::tuple>(v)) {
      if (!PyTuple_Check(row.ptr())) wrong_type(name, v, "a matrix [n_mels, n_freqs]");
      matrix.push_back(as_numbers(name, row));
    }
  }
  void operator()(const char* name, std::vector<FinishStage>& to) {
    if (const py::object v = get(name)) to = as_finish(v);
  }

  void finish() const {
    if (taken_ != fields_.size()) throw py::value_error("the spec has fields that are not known");
  }

 private:
  // Null where the field is absent.
  py::object get(const char* name) {
    if (!fields_.contains(name)) return py::object();
    ++taken_;
    return fields_[name];
  }

  const py::dict& fields_;
  const Spec& spec_;  // as far as it is read
  std::size_t taken_ = 0;
};

py::tuple tuple_of(const std::vector<double>& values) {
  py::tuple t(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) t[i] = py::float_(values[i]);
  return t;
}

// Required parameters by position, others by name if they differ from their defaults: the same
// stage is written the same way, however it was given.
py::tuple stage_tuple(const FinishStage& stage) {
  const StageInfo& info = stage_info(stage.kind);
  py::list out;
  out.append(info.name);
  for (std::size_t i = 0; i < info.parameters.size(); ++i) {
    const StageParameter& p = info.parameters[i];
    const py::object value = stage_value(p, stage.values[i]);
    if (p.required) out.append(value);
    else if (stage.values[i] != p.default_value) out.append(py::make_tuple(p.name, value));
  }
  return py::tuple(out);
}

template <class E>
py::object word_of(E value, const Words<E>& words) {
  for (const auto& [word, v] : words) {
    if (v == value) return word == nullptr ? py::object(py::none()) : py::object(py::str(word));
  }
  return py::none();
}

class Writer {
 public:
  py::dict fields;

  void operator()(const char* name, const std::int64_t& v) { fields[name] = v; }
  void operator()(const char* name, const std::uint64_t& v) {
    fields[name] = static_cast<std::int64_t>(v);
  }
  void operator()(const char* name, const double& v) { fields[name] = v; }
  void operator()(const char* name, const bool& v) { fields[name] = v; }
  void operator()(const char* name, const std::pair<std::int64_t, std::int64_t>& v) {
    fields[name] = py::make_tuple(v.first, v.second);
  }
  template <class X>
  void operator()(const char* name, const std::optional<X>& v) {
    if (v) (*this)(name, *v);
    else fields[name] = py::none();
  }
  template <class E>
  void operator()(const char* name, const E& v, const Words<E>& words) {
    fields[name] = word_of(v, words);
  }
  void operator()(const char* name, const std::pair<PadMode, PadMode>& v,
                  const Words<PadMode>& words) {
    if (v.first == v.second) fields[name] = word_of(v.first, words);
    else fields[name] = py::make_tuple(word_of(v.first, words), word_of(v.second, words));
  }
  void operator()(const char* name, const WindowSpec& w) {
    if (!w.samples.empty()) {
      fields[name] = tuple_of(w.samples);
    } else if (w.parameters.empty()) {
      fields[name] = w.name;
    } else {
      fields[name] = py::tuple(py::make_tuple(w.name) + tuple_of(w.parameters));
    }
  }
  void operator()(const char* name, const Normalized& v) {
    if (v == Normalized::frame_length) fields[name] = "frame_length";
    else fields[name] = v == Normalized::window;
  }
  void operator()(const char* name, const FilterbankKind& kind,
                  const std::vector<std::vector<double>>& matrix,
                  const Words<FilterbankKind>& words) {
    if (kind != FilterbankKind::matrix) {
      fields[name] = word_of(kind, words);
      return;
    }
    py::tuple rows(matrix.size());
    for (std::size_t m = 0; m < matrix.size(); ++m) rows[m] = tuple_of(matrix[m]);
    fields[name] = rows;
  }
  void operator()(const char* name, const std::vector<FinishStage>& stages) {
    py::tuple t(stages.size());
    for (std::size_t i = 0; i < stages.size(); ++i) t[i] = stage_tuple(stages[i]);
    fields[name] = t;
  }
};

}  // namespace

Spec spec_from_fields(const py::dict& fields) {
  Spec s;
  Reader reader(fields, s);
  visit_fields(s, reader);
  reader.finish();
  return s;
}

py::dict fields_from_spec(const Spec& spec) {
  Writer writer;
  visit_fields(spec, writer);
  return writer.fields;
}

py::tuple canonical_finish(const Spec& spec) {
  Writer writer;
  writer("finish", spec.finish);
  return writer.fields["finish"];
}

MelScale mel_scale_from(const py::handle& value) {
  return as_word("mel_scale", value, words::mel_scale);
}

BarkScale bark_scale_from(const py::handle& value) {
  return as_word("bark_scale", value, words::bark_scale);
}

}  // namespace sonogram::python
