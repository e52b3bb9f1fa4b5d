// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Methods that refuse an argument that is unknown. A wrapper written in Python would cost a call
// 0.1 us, a tenth of a stream's push; this one asks nothing before a call has failed.
#include "bindings/bindings.hpp"

// after Python.h
#include <structmember.h>

namespace sonogram::python {
namespace {

// A function of Python's, as a method of a class; its __dict__ says what functools.wraps copies.
// It is a part of its class for as long as the interpreter lives, so it is not tracked as garbage.
struct RefusesUnknownArguments {
  PyObject head;
  vectorcallfunc call;
  PyObject* function;
  PyObject* refuse;
  PyObject* dict;
};

PyObject* call(PyObject* self, PyObject* const* arguments, std::size_t count, PyObject* names) {
  const auto* a = reinterpret_cast<const RefusesUnknownArguments*>(self);
  PyObject* result = PyObject_Vectorcall(a->function, arguments, count, names);
  if (result != nullptr || names == nullptr || PyErr_ExceptionMatches(PyExc_TypeError) == 0) {
    return result;
  }
  py::error_already_set error;
  PyObject* first = PyVectorcall_NARGS(count) > 0 ? arguments[0] : Py_None;
  PyObject* agreed = PyObject_CallFunctionObjArgs(a->refuse, a->function, first, names, nullptr);
  if (agreed == nullptr) return nullptr;
  Py_DECREF(agreed);
  error.restore();
  return nullptr;
}

PyObject* bind(PyObject* self, PyObject* owner, PyObject*) {
  if (owner == nullptr) return py::handle(self).inc_ref().ptr();
  return PyMethod_New(self, owner);
}

PyObject* make(PyTypeObject* type, PyObject* arguments, PyObject*) {
  PyObject *function, *refuse;
  if (PyArg_ParseTuple(arguments, "OO", &function, &refuse) == 0) return nullptr;
  PyObject* self = type->tp_alloc(type, 0);
  if (self == nullptr) return nullptr;
  auto* a = reinterpret_cast<RefusesUnknownArguments*>(self);
  a->call = &call;
  a->function = py::handle(function).inc_ref().ptr();
  a->refuse = py::handle(refuse).inc_ref().ptr();
  return self;
}

void destroy(PyObject* self) {
  auto* a = reinterpret_cast<RefusesUnknownArguments*>(self);
  PyTypeObject* type = Py_TYPE(self);
  Py_XDECREF(a->function);
  Py_XDECREF(a->refuse);
  Py_XDECREF(a->dict);
  type->tp_free(self);
  Py_DECREF(type);
}

// Pickled as functions are, by its name.
PyObject* reduce(PyObject* self, PyObject*) { return PyObject_GetAttrString(self, "__qualname__"); }

PyMethodDef methods[] = {{"__reduce__", &reduce, METH_NOARGS, nullptr},
                         {nullptr, nullptr, 0, nullptr}};

PyMemberDef members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(RefusesUnknownArguments, call), READONLY,
     nullptr},
    {"__dictoffset__", T_PYSSIZET, offsetof(RefusesUnknownArguments, dict), READONLY, nullptr},
    {nullptr, 0, 0, 0, nullptr}};

PyGetSetDef attributes[] = {
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

template <class F>
void* slot(F* function) {
  return reinterpret_cast<void*>(function);
}

}  // namespace

void bind_unknown_arguments(py::module_& m) {
  PyType_Slot slots[] = {{Py_tp_new, slot(&make)},
                         {Py_tp_dealloc, slot(&destroy)},
                         {Py_tp_call, slot(&PyVectorcall_Call)},
                         {Py_tp_descr_get, slot(&bind)},
                         {Py_tp_methods, methods},
                         {Py_tp_members, members},
                         {Py_tp_getset, attributes},
                         {0, nullptr}};
  PyType_Spec spec = {
      "sonogram._core.RefusesUnknownArguments", sizeof(RefusesUnknownArguments), 0,
      Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_METHOD_DESCRIPTOR, slots};
  PyObject* type = PyType_FromSpec(&spec);
  if (type == nullptr) throw py::error_already_set();
  m.add_object("RefusesUnknownArguments", py::reinterpret_steal<py::object>(type));
}

}  // namespace sonogram::python
