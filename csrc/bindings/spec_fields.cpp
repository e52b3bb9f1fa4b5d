// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The fields of the Python record -> Spec, with the errors that a wrong type or an unknown word
// deserves. Values are checked by `validate`.
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "bindings.hpp"

namespace sonogram::python {
namespace {

std::string shown(const py::handle& value) {
  std::string text = py::repr(value).cast<std::string>();
  return text.size() > 80 ? text.substr(0, 77) + "..." : text;
}

[[noreturn]] void wrong_type(const std::string& name, const py::handle& value,
                             const std::string& allowed) {
  throw py::type_error(name + " is " + shown(value) + " (" +
                       py::str(py::type::handle_of(value).attr("__name__")).cast<std::string>() +
                       "); it must be " + allowed);
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
using Names = std::vector<std::pair<const char*, E>>;

template <class E>
E as_name(const std::string& name, const py::handle& v, const Names<E>& names, bool none_too) {
  std::string allowed;
  for (const auto& [word, value] : names) {
    (void)value;
    allowed += (allowed.empty() ? "'" : ", '") + std::string(word) + "'";
  }
  if (none_too) allowed += " or None";
  if (!PyUnicode_Check(v.ptr())) wrong_type(name, v, "one of " + allowed);
  const std::string text = v.cast<std::string>();
  for (const auto& [word, value] : names) {
    if (text == word) return value;
  }
  wrong_value(name, v, "one of " + allowed);
}

const Names<PadMode> pad_modes = {{"constant", PadMode::constant},
                                  {"reflect", PadMode::reflect},
                                  {"replicate", PadMode::replicate},
                                  {"circular", PadMode::circular},
                                  {"symmetric", PadMode::symmetric}};
const Names<MelScale> mel_scales = {
    {"htk", MelScale::htk}, {"slaney", MelScale::slaney}, {"kaldi", MelScale::kaldi}};

// One field after the other; each is taken out, so that what is left over is unknown.
class Fields {
 public:
  explicit Fields(const py::dict& fields) : fields_(fields) {}

  void take(const char* name, std::int64_t& to) {
    if (const py::object v = get(name)) to = as_integer(name, v);
  }
  void take(const char* name, double& to) {
    if (const py::object v = get(name)) to = as_number(name, v);
  }
  void take(const char* name, bool& to) {
    if (const py::object v = get(name)) to = as_bool(name, v);
  }
  void take(const char* name, std::optional<std::int64_t>& to) {
    if (const py::object v = get(name)) {
      if (v.is_none()) to.reset();
      else to = as_integer(name, v);
    }
  }
  void take(const char* name, std::optional<double>& to) {
    if (const py::object v = get(name)) {
      if (v.is_none()) to.reset();
      else to = as_number(name, v);
    }
  }
  void take(const char* name, std::optional<bool>& to) {
    if (const py::object v = get(name)) {
      if (v.is_none()) to.reset();
      else to = as_bool(name, v);
    }
  }
  void take(const char* name, std::pair<std::int64_t, std::int64_t>& to) {
    if (const py::object v = get(name)) to = pair_of(name, v);
  }
  void take(const char* name, std::optional<std::pair<std::int64_t, std::int64_t>>& to) {
    if (const py::object v = get(name)) {
      if (v.is_none()) to.reset();
      else to = pair_of(name, v);
    }
  }
  template <class E>
  void take(const char* name, E& to, const Names<E>& names) {
    if (const py::object v = get(name)) to = as_name(name, v, names, false);
  }
  template <class E>
  void take_or_none(const char* name, E& to, E none, const Names<E>& names) {
    if (const py::object v = get(name)) to = v.is_none() ? none : as_name(name, v, names, true);
  }

  // Null where the field is absent.
  py::object get(const char* name) {
    if (!fields_.contains(name)) return py::object();
    ++taken_;
    return fields_[name];
  }
  void finish() const {
    if (taken_ != fields_.size()) throw py::value_error("the spec has fields that are not known");
  }

 private:
  static std::pair<std::int64_t, std::int64_t> pair_of(const char* name, const py::handle& v) {
    if (!PyTuple_Check(v.ptr()) || PyTuple_Size(v.ptr()) != 2) {
      wrong_type(name, v, "a pair of integers (left, right)");
    }
    const py::tuple t = py::reinterpret_borrow<py::tuple>(v);
    return {as_integer(name, t[0]), as_integer(name, t[1])};
  }

  py::dict fields_;
  std::size_t taken_ = 0;
};

std::vector<double> numbers(const char* name, const py::handle& v) {
  std::vector<double> out;
  for (const py::handle x : py::reinterpret_borrow<py::tuple>(v)) out.push_back(as_number(name, x));
  return out;
}

void take_window(Fields& f, Spec& s) {
  const py::object v = f.get("window");
  if (!v) return;
  s.window = WindowSpec{};
  if (PyUnicode_Check(v.ptr())) {
    s.window.name = v.cast<std::string>();
    return;
  }
  if (!PyTuple_Check(v.ptr())) {
    wrong_type("window", v, "a name, a (name, parameter) pair or an array of win_length numbers");
  }
  const py::tuple t = py::reinterpret_borrow<py::tuple>(v);
  if (!t.empty() && PyUnicode_Check(py::object(t[0]).ptr())) {
    s.window.name = py::object(t[0]).cast<std::string>();
    s.window.parameters = numbers("window", t[py::slice(1, t.size(), 1)]);
  } else {
    for (const py::handle x : t) {
      if (PyTuple_Check(x.ptr())) {
        throw py::value_error("window is nested; it must be 1-dimensional, win_length = " +
                              std::to_string(s.window_length()) + " values");
      }
    }
    s.window.name.clear();
    s.window.samples = numbers("window", t);
  }
}

void take_pad_mode(Fields& f, Spec& s) {
  const py::object v = f.get("pad_mode");
  if (!v) return;
  if (PyTuple_Check(v.ptr())) {
    if (PyTuple_Size(v.ptr()) != 2) wrong_value("pad_mode", v, "a mode, or a pair (left, right)");
    const py::tuple t = py::reinterpret_borrow<py::tuple>(v);
    s.pad_mode = {as_name("pad_mode", t[0], pad_modes, false),
                  as_name("pad_mode", t[1], pad_modes, false)};
  } else {
    const PadMode mode = as_name("pad_mode", v, pad_modes, false);
    s.pad_mode = {mode, mode};
  }
}

void take_filterbank(Fields& f, Spec& s) {
  const py::object v = f.get("filterbank");
  if (!v || v.is_none()) return;
  if (!PyTuple_Check(v.ptr())) {
    s.filterbank = as_name<FilterbankKind>(
        "filterbank", v, {{"mel", FilterbankKind::mel}, {"linear", FilterbankKind::linear}}, true);
    return;
  }
  s.filterbank = FilterbankKind::matrix;
  for (const py::handle row : py::reinterpret_borrow<py::tuple>(v)) {
    if (!PyTuple_Check(row.ptr())) wrong_type("filterbank", v, "a matrix [n_mels, n_freqs]");
    s.matrix.push_back(numbers("filterbank", row));
  }
}

void take_normalized(Fields& f, Spec& s) {
  const py::object v = f.get("normalized");
  if (!v) return;
  const char* allowed = "True, False, 'window' or 'frame_length'";
  if (is_bool(v)) {
    s.normalized = as_bool("normalized", v) ? Normalized::window : Normalized::none;
  } else if (!PyUnicode_Check(v.ptr())) {
    wrong_type("normalized", v, allowed);
  } else if (const std::string text = v.cast<std::string>(); text == "window") {
    s.normalized = Normalized::window;
  } else if (text == "frame_length") {
    s.normalized = Normalized::frame_length;
  } else {
    wrong_value("normalized", v, allowed);
  }
}

FinishStage stage_of(const py::handle& v) {
  const char* allowed =
      "('dynamic_range', range), ('affine', scale, offset) or ('reference', value or 'max')";
  if (!PyTuple_Check(v.ptr()) || PyTuple_Size(v.ptr()) < 2) wrong_type("finish", v, allowed);
  const py::tuple t = py::reinterpret_borrow<py::tuple>(v);
  const py::object name = t[0];
  if (!PyUnicode_Check(name.ptr())) wrong_type("finish", v, allowed);
  const std::string word = name.cast<std::string>();
  if (word == "dynamic_range" && t.size() == 2) {
    return {FinishKind::dynamic_range, as_number("finish: dynamic_range", t[1]), 0};
  }
  if (word == "affine" && t.size() == 3) {
    return {FinishKind::affine, as_number("finish: affine", t[1]),
            as_number("finish: affine", t[2])};
  }
  if (word == "reference" && t.size() == 2) {
    if (const py::object reference = t[1]; PyUnicode_Check(reference.ptr())) {
      if (reference.cast<std::string>() == "max") return {FinishKind::reference_max, 0, 0};
      wrong_value("finish: reference", reference, "a number or 'max'");
    }
    return {FinishKind::reference_value, as_number("finish: reference", t[1]), 0};
  }
  wrong_value("finish", v, allowed);
}

void take_finish(Fields& f, Spec& s) {
  const py::object v = f.get("finish");
  if (!v) return;
  if (!PyTuple_Check(v.ptr())) wrong_type("finish", v, "a tuple of stages");
  for (const py::handle stage : py::reinterpret_borrow<py::tuple>(v)) {
    s.finish.push_back(stage_of(stage));
  }
}

void take_condition_and_frame(Fields& f, Spec& s) {
  f.take("sample_rate", s.sample_rate);
  f.take("scale", s.scale);
  f.take("clip", s.clip);
  f.take_or_none("quantize", s.quantize, Quantize::none, {{"int16", Quantize::int16}});
  f.take("remove_mean", s.remove_mean);
  f.take("preemphasis", s.preemphasis);
  f.take("preemphasis_kind", s.preemphasis_kind,
         {{"keep", PreemphasisKind::keep}, {"replicate", PreemphasisKind::replicate}});
  f.take("length", s.length);
  f.take("pad", s.pad);
  f.take("n_fft", s.n_fft);
  f.take("win_length", s.win_length);
  f.take("hop_length", s.hop_length);
  f.take("center", s.center);
  f.take("frame_pad", s.frame_pad);
  take_pad_mode(f, s);
  f.take("snip_edges", s.snip_edges);
  f.take("drop_last", s.drop_last);
  f.take("dither", s.dither);
  std::int64_t seed = 0;
  f.take("seed", seed);
  s.seed = static_cast<std::uint64_t>(seed);
  f.take("remove_dc", s.remove_dc);
  f.take("frame_preemphasis", s.frame_preemphasis);
  if (const py::object energy = f.get("energy"); energy && !energy.is_none()) {
    wrong_value("energy", energy, "None: the energy stage is not built yet");
  }
}

void take_spectrum_and_bank(Fields& f, Spec& s) {
  take_window(f, s);
  f.take("periodic", s.periodic);
  f.take("window_align", s.window_align,
         {{"center", WindowAlign::center}, {"left", WindowAlign::left}});
  f.take("power", s.power);
  f.take("power_eps", s.power_eps);
  f.take("power_floor", s.power_floor);
  take_normalized(f, s);
  take_filterbank(f, s);
  f.take("n_mels", s.n_mels);
  f.take("f_min", s.f_min);
  f.take("f_max", s.f_max);
  f.take("mel_scale", s.mel_scale, mel_scales);
  f.take_or_none("norm", s.norm, Norm::none, {{"slaney", Norm::slaney}});
  f.take("filterbank_sample_rate", s.filterbank_sample_rate);
  f.take("triangle", s.triangle, {{"hz", Triangle::hz}, {"mel", Triangle::mel}});
}

void take_compress_and_finish(Fields& f, Spec& s) {
  f.take_or_none("log", s.log, LogKind::none,
                 {{"ln", LogKind::ln},
                  {"log10", LogKind::log10},
                  {"db", LogKind::db},
                  {"log1p", LogKind::log1p}});
  f.take("floor", s.floor);
  f.take("eps", s.eps);
  f.take("gain", s.gain);
  take_finish(f, s);
  f.take("layout", s.layout, {{"freq_time", Layout::freq_time}, {"time_freq", Layout::time_freq}});
  f.take_or_none("dtype", s.dtype, Precision::follow,
                 {{"float32", Precision::float32}, {"float64", Precision::float64}});
}

}  // namespace

Spec spec_from_fields(const py::dict& fields) {
  Spec s;
  Fields f(fields);
  take_condition_and_frame(f, s);
  take_spectrum_and_bank(f, s);
  take_compress_and_finish(f, s);
  f.finish();
  return s;
}

MelScale mel_scale_from(const py::handle& value) {
  return as_name("mel_scale", value, mel_scales, false);
}

}  // namespace sonogram::python
