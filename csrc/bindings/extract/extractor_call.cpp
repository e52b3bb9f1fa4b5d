// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// ndarray in, ndarray out, the lock released in between.
#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "bindings/bindings.hpp"
#include "bindings/extract/output_pool.hpp"
#include "core/base/errors.hpp"
#include "core/finish/apply_finish.hpp"

namespace sonogram::python {
namespace {

// Samples in a row that are too few for a signal, where there are ever so many rows: channels.
constexpr py::ssize_t most_channels = 32;
constexpr py::ssize_t least_samples = 128;
// So many samples for each channel at least.
constexpr py::ssize_t samples_per_channel = 16;
constexpr py::ssize_t most_bytes = py::ssize_t{1} << 30;

std::string shape_text(const std::vector<py::ssize_t>& shape) {
  std::string text = "(";
  for (const py::ssize_t n : shape) text += std::to_string(n) + ", ";
  if (shape.size() > 1) text.erase(text.size() - 2);
  if (shape.size() == 1) text.erase(text.size() - 1);
  return text + ")";
}

py::ssize_t longest_leading(const std::vector<py::ssize_t>& shape) {
  return *std::max_element(shape.begin(), shape.end() - 1);
}

std::string transposed_text(const std::vector<py::ssize_t>& shape) {
  const py::ssize_t axis =
      std::find(shape.begin(), shape.end(), longest_leading(shape)) - shape.begin();
  const std::string way =
      shape.size() == 2 ? "waveform.T" : "waveform.swapaxes(" + std::to_string(axis) + ", -1)";
  return "waveform has shape " + shape_text(shape) + ", " + std::to_string(shape.back()) +
         " samples in each of " + std::to_string(longest_leading(shape)) +
         " signals; the samples must lie along the last axis, "
         "[..., samples]: give " +
         way;
}

std::vector<py::ssize_t> shape_of(const py::array& a) { return {a.shape(), a.shape() + a.ndim()}; }

std::string dtype_text(const py::array& a) {
  return py::str(py::object(a.dtype())).cast<std::string>();
}

}  // namespace

SampleType sample_type(const py::array& a) {
  const py::dtype d = a.dtype();
  const char kind = d.kind();
  const py::ssize_t size = d.itemsize();
  const bool native = d.byteorder() == '=' || d.byteorder() == '|';
  if (native && kind == 'f' && size == 4) return SampleType::float32;
  if (native && kind == 'f' && size == 8) return SampleType::float64;
  if (native && kind == 'i' && size == 2) return SampleType::int16;
  if (native && kind == 'i' && size == 4) return SampleType::int32;
  throw py::type_error("waveform has dtype " + dtype_text(a) +
                       "; it must be float32, float64, int16 or int32 in native byte order");
}

void check_orientation(const std::vector<py::ssize_t>& shape, py::ssize_t window,
                       py::ssize_t bytes) {
  if (shape.size() < 2) return;
  const py::ssize_t samples = shape.back(), others = longest_leading(shape);
  if (samples < 1 || samples >= window || others < least_samples ||
      others / samples < samples_per_channel) {
    return;
  }
  if (samples <= most_channels || bytes > most_bytes) {
    throw py::value_error(transposed_text(shape));
  }
}

// The byte offset of every item, leading dimensions in C order.
std::vector<std::int64_t> item_offsets(const py::array& a, std::int64_t items) {
  std::vector<std::int64_t> offsets(static_cast<std::size_t>(items));
  const py::ssize_t leading = a.ndim() - 1;
  std::vector<py::ssize_t> at(static_cast<std::size_t>(leading), 0);
  std::int64_t offset = 0;
  for (std::int64_t& o : offsets) {
    o = offset;
    for (py::ssize_t d = leading - 1; d >= 0; --d) {
      py::ssize_t& index = at[static_cast<std::size_t>(d)];
      offset += a.strides(d);
      if (++index < a.shape(d)) break;
      offset -= a.strides(d) * a.shape(d);
      index = 0;
    }
  }
  return offsets;
}

py::dtype output_dtype(bool is_complex, Precision precision) {
  const bool wide = precision == Precision::float64;
  if (is_complex) {
    return wide ? py::dtype::of<std::complex<double>>() : py::dtype::of<std::complex<float>>();
  }
  switch (precision) {
    case Precision::float64: return py::dtype::of<double>();
    case Precision::float16: return py::dtype("float16");
    case Precision::bfloat16: return py::dtype::of<std::uint16_t>();
    case Precision::uint8: return py::dtype::of<std::uint8_t>();
    case Precision::float32:
    case Precision::follow: return py::dtype::of<float>();
  }
  throw_no_such_value();
}

namespace {

struct Bytes {
  const char *begin, *end;
};

Bytes extent(const py::array& a) {
  const char* begin = static_cast<const char*>(a.data());
  const char* end = begin + a.itemsize();
  for (py::ssize_t d = 0; d < a.ndim(); ++d) {
    if (a.shape(d) == 0) return {begin, begin};
    const py::ssize_t reach = a.strides(d) * (a.shape(d) - 1);
    (reach < 0 ? begin : end) += reach;
  }
  return {begin, end};
}

py::array checked_out(const py::object& out, const std::vector<py::ssize_t>& shape,
                      const py::dtype& dtype, const py::array& waveform) {
  if (!py::isinstance<py::array>(out)) {
    throw py::type_error("out is a " +
                         py::str(py::type::handle_of(out).attr("__name__")).cast<std::string>() +
                         "; it must be an array of the waveform's kind, or None");
  }
  py::array a = py::reinterpret_borrow<py::array>(out);
  const std::vector<py::ssize_t> given(a.shape(), a.shape() + a.ndim());
  if (!a.dtype().is(dtype) && !a.dtype().equal(dtype)) {
    throw py::type_error("out has dtype " + dtype_text(a) + "; it must be " +
                         py::str(py::object(dtype)).cast<std::string>());
  }
  if (given != shape) {
    throw py::value_error("out has shape " + shape_text(given) + "; it must be " +
                          shape_text(shape));
  }
  if ((a.flags() & py::array::c_style) == 0 || !a.writeable() ||
      (a.flags() & py::detail::npy_api::NPY_ARRAY_ALIGNED_) == 0) {
    throw py::value_error("out is not a writeable, aligned, C-contiguous array; it must be one");
  }
  const Bytes x = extent(waveform), y = extent(a);
  if (x.begin < y.end && y.begin < x.end) {
    throw py::value_error("out shares memory with waveform; it must be memory of its own");
  }
  return a;
}

int thread_count(const py::object& num_threads) {
  if (num_threads.is_none()) return 0;
  if (PyBool_Check(num_threads.ptr()) || !PyIndex_Check(num_threads.ptr())) {
    throw py::type_error("num_threads is " + shown(num_threads) +
                         "; it must be an integer of at least 1, or None");
  }
  const long n =
      PyLong_AsLong(py::reinterpret_steal<py::object>(PyNumber_Index(num_threads.ptr())).ptr());
  if (n < 1 || n > 4096) {
    PyErr_Clear();
    throw py::value_error("num_threads is " + shown(num_threads) +
                          "; it must be from 1 to 4096, or None");
  }
  return static_cast<int>(n);
}

}  // namespace

bool signal_came() {
  const py::gil_scoped_acquire locked;
  return PyErr_CheckSignals() != 0;
}

namespace {

RunOptions run_options(const py::object& num_threads) {
  RunOptions options;
  options.num_threads = thread_count(num_threads);
  options.interrupted = signal_came;
  return options;
}

// Calls f() without the lock.
template <class F>
void unlocked_call(const F& f) {
  try {
    const py::gil_scoped_release unlocked;
    f();
  } catch (const Interrupted&) {
    throw py::error_already_set();
  }
}

// The waveforms of a batch; `type` is that of them all.
std::vector<Signals> batch_signals(const py::list& waveforms) {
  std::vector<Signals> in;
  for (std::size_t i = 0; i < waveforms.size(); ++i) {
    const std::string name = "waveforms[" + std::to_string(i) + "]";
    const py::object item = waveforms[i];
    if (!py::isinstance<py::array>(item))
      throw py::type_error(name + " must be an array [samples]");
    const py::array x = py::reinterpret_borrow<py::array>(item);
    if (x.ndim() != 1) {
      throw py::value_error(name + " is " + std::to_string(x.ndim()) +
                            "-dimensional; it must be [samples]");
    }
    Signals s;
    s.data = x.data();
    s.type = sample_type(x);
    s.samples = x.shape(0);
    s.stride = x.strides(0);
    in.push_back(s);
  }
  return in;
}

}  // namespace

void call_batch(const Extractor& extractor, const py::list& waveforms, const py::object& out,
                const py::object& num_threads) {
  const std::vector<Signals> in = batch_signals(waveforms);
  if (!py::isinstance<py::array>(out)) throw py::type_error("out must be an array [items, ...]");
  const py::array to = py::reinterpret_borrow<py::array>(out);
  const RunOptions options = run_options(num_threads);
  if (in.empty()) return;
  Features features;
  features.precision = extractor.precision_for(in[0].type);
  for (const Signals& s : in) {
    if (extractor.precision_for(s.type) != features.precision) {
      throw py::type_error("waveforms have different dtypes, and the spec no dtype of its own");
    }
  }
  const bool waveform = extractor.spec().output == Output::waveform;
  std::vector<py::ssize_t> shape{static_cast<py::ssize_t>(in.size())};
  const py::ssize_t rows = extractor.num_rows();
  const bool by_row = extractor.spec().layout == Layout::freq_time;
  const py::ssize_t wanted = waveform ? 2 : 3;
  if (to.ndim() != wanted) {
    throw py::value_error("out is " + std::to_string(to.ndim()) + "-dimensional; it must be " +
                          std::to_string(wanted) + "-dimensional");
  }
  const py::ssize_t frames = to.shape(waveform || !by_row ? 1 : 2);
  if (!waveform && by_row) shape.push_back(rows);
  shape.push_back(frames);
  if (!waveform && !by_row) shape.push_back(rows);
  const py::dtype dtype = output_dtype(extractor.is_complex(), features.precision);
  for (const py::handle item : waveforms) {
    checked_out(out, shape, dtype, py::reinterpret_borrow<py::array>(item));
  }
  features.data = py::array(to).mutable_data();
  unlocked_call([&] { extractor.run_batch(in, features, frames, options); });
}

py::array call_finish(const py::array& features, const py::dict& fields,
                      const py::object& num_threads) {
  const Spec spec = spec_from_fields(fields);
  const py::dtype d = features.dtype();
  if (d.kind() != 'f' || (d.itemsize() != 4 && d.itemsize() != 8) ||
      (features.flags() & py::array::c_style) == 0) {
    throw py::type_error("features has dtype " + dtype_text(features) +
                         "; it must be a C-contiguous array of float32 or float64");
  }
  if (features.ndim() < 2) {
    throw py::value_error("features has shape " +
                          shape_text({features.shape(), features.shape() + features.ndim()}) +
                          "; it must be [..., rows, frames] or [..., frames, rows]");
  }
  const bool by_row = spec.layout == Layout::freq_time;
  const py::ssize_t a = features.shape(features.ndim() - 2),
                    b = features.shape(features.ndim() - 1);
  GivenFeatures in{features.data(), d.itemsize() == 8 ? Precision::float64 : Precision::float32, 1,
                   by_row ? a : b, by_row ? b : a};
  std::vector<py::ssize_t> shape(features.shape(), features.shape() + features.ndim() - 2);
  for (const py::ssize_t n : shape) in.items *= n;
  for (const std::int64_t n : finished_shape(spec, in)) shape.push_back(n);
  py::array result = new_output(output_dtype(false, in.precision), shape);
  void* out = result.mutable_data();
  const RunOptions options = run_options(num_threads);
  unlocked_call([&] { apply_finish(spec, in, out, options); });
  return result;
}

namespace {

std::vector<py::ssize_t> shape_of_all(std::int64_t items, const std::vector<std::int64_t>& shape) {
  std::vector<py::ssize_t> all{static_cast<py::ssize_t>(items)};
  all.insert(all.end(), shape.begin(), shape.end());
  return all;
}

// The shape of an item's features. Where it has none, or they are beyond reason, the axes of a
// waveform that may be the wrong way round are the cause to name.
std::vector<std::int64_t> shape_of_items(const Extractor& extractor, const py::array& x,
                                         std::int64_t items) {
  const std::int64_t samples = x.shape(x.ndim() - 1);
  if (x.ndim() < 2 || items < 2) return extractor.item_shape(samples);
  const std::int64_t window = extractor.spec().window_length();
  if (samples < window && items >= least_samples) check_orientation(shape_of(x), window, 0);
  std::vector<std::int64_t> shape;
  try {
    shape = extractor.item_shape(samples);
  } catch (const std::invalid_argument& error) {
    const std::vector<py::ssize_t> given = shape_of(x);
    if (samples < 1 || longest_leading(given) <= samples) throw;
    throw py::value_error(std::string(error.what()) + " (" + transposed_text(given) + ")");
  }
  double bytes = sizeof(float) * static_cast<double>(items);
  for (const std::int64_t n : shape) bytes *= static_cast<double>(n);
  if (bytes > most_bytes && samples == 0) {
    throw py::value_error("waveform has shape " + shape_text(shape_of(x)) +
                          ": no samples, of which padding would make " +
                          shape_text(shape_of_all(items, shape)) +
                          " features; it must be [..., samples]");
  }
  if (bytes > most_bytes) check_orientation(shape_of(x), window, most_bytes + 1);
  return shape;
}

}  // namespace

py::array call_extractor(const Extractor& extractor, const py::handle& waveform,
                         const py::object& out, const py::object& num_threads) {
  if (!py::isinstance<py::array>(waveform)) {
    throw py::type_error(
        "waveform is a " +
        py::str(py::type::handle_of(waveform).attr("__name__")).cast<std::string>() +
        "; it must be an array [..., samples]");
  }
  const py::array x = py::reinterpret_borrow<py::array>(waveform);
  Signals in;
  in.type = sample_type(x);
  if (x.ndim() == 0) {
    throw py::value_error("waveform is 0-dimensional; it must be an array [..., samples]");
  }
  const RunOptions options = run_options(num_threads);
  in.data = x.data();
  in.samples = x.shape(x.ndim() - 1);
  in.stride = x.strides(x.ndim() - 1);
  for (py::ssize_t d = 0; d + 1 < x.ndim(); ++d) in.items *= x.shape(d);

  std::vector<py::ssize_t> shape(x.shape(), x.shape() + x.ndim() - 1);
  const std::vector<std::int64_t> item_shape = shape_of_items(extractor, x, in.items);
  shape.insert(shape.end(), item_shape.begin(), item_shape.end());
  Features features;
  features.precision = extractor.precision_for(in.type);
  const py::dtype dtype = output_dtype(extractor.is_complex(), features.precision);
  py::array result = out.is_none() ? new_output(dtype, shape) : checked_out(out, shape, dtype, x);
  features.data = result.mutable_data();

  std::vector<std::int64_t> offsets;
  if (in.items > 1) offsets = item_offsets(x, in.items);
  in.item_offsets = in.items > 1 ? offsets.data() : nullptr;
  unlocked_call([&] { extractor.run(in, features, options); });
  return result;
}

py::array frame_middles(const Extractor& extractor, std::int64_t frames, std::int64_t samples) {
  extractor.frame_samples(std::max<std::int64_t>(frames - 1, 0), samples);  // throws before memory
  py::array_t<double> middles(static_cast<py::ssize_t>(frames));
  double* to = middles.mutable_data();
  for (std::int64_t i = 0; i < frames; ++i) {
    const SampleRange r = extractor.frame_samples(i, samples);
    to[i] = (static_cast<double>(r.begin) + static_cast<double>(r.end)) / 2;
  }
  return middles;
}

py::array window_array(const Extractor& extractor) {
  const std::vector<double>& w = extractor.window();
  return py::array_t<double>(static_cast<py::ssize_t>(w.size()), w.data());
}

py::object filterbank_array(const Spec& spec, const std::vector<double>& bank) {
  if (bank.empty()) return py::none();
  const py::ssize_t rows = spec.n_rows();
  return py::array_t<double>({rows, static_cast<py::ssize_t>(bank.size()) / rows}, bank.data());
}

}  // namespace sonogram::python
