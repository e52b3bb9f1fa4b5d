// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The fields of the Python record <-> Spec. Values are checked by `validate`.
#include <string>
#include <utility>
#include <vector>

#include "bindings/bindings.hpp"
#include "core/spec/field_codec.hpp"

namespace sonogram::python {
namespace {

// A string of Python as UTF-8; surrogates, which UTF-8 cannot hold, as in a literal.
std::string text_of(const py::handle& value) {
  py::ssize_t size = 0;
  const char* bytes = PyUnicode_AsUTF8AndSize(value.ptr(), &size);
  if (bytes != nullptr) return {bytes, static_cast<std::size_t>(size)};
  PyErr_Clear();
  return value.attr("encode")("utf-8", "backslashreplace").cast<std::string>();
}

std::string type_name(const py::handle& value) {
  return text_of(py::type::handle_of(value).attr("__name__"));
}

bool is_bool(const py::handle& v) {
  return PyBool_Check(v.ptr()) ||
         std::string(Py_TYPE(v.ptr())->tp_name).find("numpy.bool") != std::string::npos;
}

class PythonReader {
 public:
  using Value = py::handle;
  static constexpr const char *null_word = "None", *true_word = "True", *false_word = "False";

  bool is_null(Value v) const { return v.is_none(); }
  std::optional<bool> as_bool(Value v) const {
    if (!is_bool(v)) return std::nullopt;
    return PyObject_IsTrue(v.ptr()) == 1;
  }
  std::optional<std::int64_t> as_int(Value v) const {
    if (!is_whole(v)) return std::nullopt;
    const py::object index = py::reinterpret_steal<py::object>(PyNumber_Index(v.ptr()));
    if (!index) throw py::error_already_set();
    int overflow = 0;
    const long long x = PyLong_AsLongLongAndOverflow(index.ptr(), &overflow);
    return overflow != 0 ? std::nullopt : std::optional<std::int64_t>(x);
  }
  std::optional<double> as_double(Value v) const {
    const bool numeric = PyFloat_Check(v.ptr()) || PyIndex_Check(v.ptr()) ||
                         (!PyComplex_Check(v.ptr()) && py::hasattr(v, "__float__"));
    if (is_bool(v) || PyUnicode_Check(v.ptr()) || !numeric) return std::nullopt;
    const double x = PyFloat_AsDouble(v.ptr());
    if (PyErr_Occurred() == nullptr) return x;
    PyErr_Clear();
    return std::nullopt;
  }
  std::optional<std::string> as_string(Value v) const {
    return PyUnicode_Check(v.ptr()) ? std::optional(text_of(v)) : std::nullopt;
  }
  std::optional<std::vector<Value>> as_array(Value v) const {
    if (!PyTuple_Check(v.ptr())) return std::nullopt;
    std::vector<Value> all;
    for (const py::handle x : py::reinterpret_borrow<py::tuple>(v)) all.push_back(x);
    return all;
  }
  std::optional<std::vector<std::pair<std::string, Value>>> as_object(Value v) const {
    if (!PyDict_Check(v.ptr())) return std::nullopt;
    std::vector<std::pair<std::string, Value>> all;
    for (const auto& [key, value] : py::reinterpret_borrow<py::dict>(v)) {
      all.emplace_back(text_of(py::str(key)), value);
    }
    return all;
  }
  bool is_whole(Value v) const { return !is_bool(v) && PyIndex_Check(v.ptr()); }
  std::string where(Value) const { return ""; }
  std::string shown(Value v) const { return python::shown(v); }
  std::string type_of(Value v) const { return " (" + type_name(v) + ")"; }
  [[noreturn]] void throw_type(const std::string& what) const { throw py::type_error(what); }
  [[noreturn]] void throw_value(const std::string& what) const { throw py::value_error(what); }
};

struct PythonWriter {
  using Made = py::object;
  static Made null() { return py::none(); }
  static Made make(bool v) { return py::bool_(v); }
  static Made make(std::int64_t v) { return py::int_(v); }
  static Made make(double v) { return py::float_(v); }
  static Made make(const std::string& text) { return py::str(text); }
  static Made make(const std::vector<Made>& all) {
    py::tuple t(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) t[i] = all[i];
    return std::move(t);
  }
};

}  // namespace

// Python does not write out integers of thousands of digits.
std::string shown(const py::handle& value) {
  const py::object repr = py::reinterpret_steal<py::object>(PyObject_Repr(value.ptr()));
  if (!repr) {
    PyErr_Clear();
    return "a " + type_name(value) + " too long to be shown";
  }
  std::string text = text_of(repr);
  if (text.size() <= 80) return text;
  std::size_t end = 77;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

Spec spec_from_fields(const py::dict& fields) {
  const PythonReader adapter;
  return spec_from(adapter, *adapter.as_object(fields));
}

py::dict fields_from_spec(const Spec& spec) {
  py::dict fields;
  for (const auto& [name, value] : values_of<PythonWriter>(spec)) fields[name] = value;
  return fields;
}

py::tuple canonical_finish(const Spec& spec) {
  return FieldWriter<PythonWriter>::made(spec.finish);
}

py::object stage_value(const StageParameter& p, const FinishStage::Value& value) {
  return FieldWriter<PythonWriter>::parameter(p, value);
}

MelScale mel_scale_from(const py::handle& value) {
  return ValueReader(PythonReader()).word("mel_scale", value, words::mel_scale);
}

BarkScale bark_scale_from(const py::handle& value) {
  return ValueReader(PythonReader()).word("bark_scale", value, words::bark_scale);
}

}  // namespace sonogram::python
