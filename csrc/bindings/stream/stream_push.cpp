// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The plain push of a stream, at the cost of little more than its arithmetic: one channel, an exact
// ndarray of the stream's own dtype and shape, few samples, not the last. Called by vectorcall,
// without argument conversion; everything else is left to `push` of stream_call.cpp.
#include <memory>
#include <new>
#include <vector>

#include "bindings/bindings.hpp"
#include "bindings/stream/stream_handle.hpp"

namespace sonogram::python {
namespace {

// So many samples take some microseconds: letting go of the interpreter's lock and taking it again
// would cost a good part of that.
constexpr py::ssize_t most_samples = 4096;
constexpr std::int64_t most_frames = 64;
constexpr const char* capsule_name = "sonogram.plain_push";

struct PlainPush {
  StreamHandle& handle;
  py::object owner;    // of the handle
  py::object in, out;  // dtypes
  int leading;         // dimensions before the samples, of length 1
  bool by_frame;       // shape [frames, rows]
};

bool is_plain(const PlainPush& p, PyObject* chunk) {
  if (Py_TYPE(chunk) != py::detail::npy_api::get().PyArray_Type_) return false;
  const auto* a = py::detail::array_proxy(chunk);
  if (a->descr != p.in.ptr() || a->nd != p.leading + 1) return false;
  for (int d = 0; d < p.leading; ++d) {
    if (a->dimensions[d] != 1) return false;
  }
  return a->dimensions[p.leading] <= most_samples;
}

py::object new_array(const PlainPush& p, std::int64_t frames) {
  py::ssize_t shape[34];
  for (int d = 0; d < p.leading; ++d) shape[d] = 1;
  shape[p.leading + (p.by_frame ? 0 : 1)] = static_cast<py::ssize_t>(frames);
  shape[p.leading + (p.by_frame ? 1 : 0)] = static_cast<py::ssize_t>(p.handle.stream.num_rows());
  const auto& api = py::detail::npy_api::get();
  PyObject* made =
      api.PyArray_NewFromDescr_(api.PyArray_Type_, p.out.inc_ref().ptr(), p.leading + 2, shape,
                                nullptr, nullptr, 0, nullptr);  // steals the dtype
  if (made == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(made);
}

// push(chunk, last) -> features, or None where this is not the plain case.
PyObject* push(PyObject* capsule, PyObject* const* arguments, Py_ssize_t count) {
  auto& p = *static_cast<PlainPush*>(PyCapsule_GetPointer(capsule, capsule_name));
  if (count != 2 || arguments[1] != Py_False || !is_plain(p, arguments[0])) Py_RETURN_NONE;
  try {
    const StreamInUse in_use(p.handle);
    Stream& stream = in_use.stream();
    if (stream.ended()) Py_RETURN_NONE;
    const auto* a = py::detail::array_proxy(arguments[0]);
    Signals in;
    in.data = a->data;
    in.type = stream.options().type;
    in.samples = a->dimensions[p.leading];
    in.stride = a->strides[p.leading];
    const std::int64_t frames = stream.next_frames(in.samples, false);
    if (frames > most_frames) Py_RETURN_NONE;
    py::object result = new_array(p, frames);
    stream.push(in, {py::detail::array_proxy(result.ptr())->data, stream.precision()}, false);
    return result.release().ptr();
  } catch (py::error_already_set& e) {
    e.restore();
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  } catch (const std::runtime_error& e) {
    PyErr_SetString(PyExc_RuntimeError, e.what());
  } catch (const std::exception& e) {
    PyErr_SetString(PyExc_ValueError, e.what());
  }
  return nullptr;
}

void forget(PyObject* capsule) {
  delete static_cast<PlainPush*>(PyCapsule_GetPointer(capsule, capsule_name));
}

PyMethodDef method = {"push", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(&push)),
                      METH_FASTCALL, nullptr};

}  // namespace

py::object plain_push(const py::object& owner, int leading) {
  StreamHandle& handle = owner.cast<StreamHandle&>();
  const Stream& stream = handle.stream;
  const std::size_t dimensions = stream.shape(0).size();
  if (leading > 32 || dimensions != 2 || stream.options().channels != 1) return py::none();
  static const char* const names[] = {"float32", "float64", "int16", "int32"};
  auto made = std::make_unique<PlainPush>(
      PlainPush{handle, owner, py::dtype(names[static_cast<int>(stream.options().type)]),
                output_dtype(stream.is_complex(), stream.precision()), leading,
                stream.spec().layout != Layout::freq_time});
  const py::object capsule =
      py::reinterpret_steal<py::object>(PyCapsule_New(made.get(), capsule_name, &forget));
  if (!capsule) throw py::error_already_set();
  made.release();
  PyObject* function = PyCFunction_NewEx(&method, capsule.ptr(), nullptr);
  if (function == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(function);
}

}  // namespace sonogram::python
