// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include <pybind11/stl.h>

#include "bindings/bindings.hpp"
#include "sonogram/runtime.hpp"
#include "sonogram/window.hpp"

namespace sonogram::python {

PYBIND11_MODULE(_core, m) {
  m.doc() = "The compiled core of sonogram; use it through the package.";
  m.attr("__version__") = SONOGRAM_VERSION;

  py::class_<Extractor>(m, "Extractor")
      .def(py::init([](const py::dict& fields) {
        const Spec spec = spec_from_fields(fields);
        std::unique_ptr<Extractor> made;
        interruptible_call([&] { made = std::make_unique<Extractor>(spec); });
        return made;
      }))
      .def("__call__", &call_extractor, py::arg("waveform"), py::arg("out") = py::none(),
           py::arg("num_threads") = py::none())
      .def("run_batch", &call_batch, py::arg("waveforms"), py::arg("out"),
           py::arg("num_threads") = py::none())
      .def("num_frames", &Extractor::num_frames)
      .def("num_valid_frames", &Extractor::num_valid_frames)
      .def("frame_middles", &frame_middles, py::arg("frames"), py::arg("samples"))
      .def("item_shape",
           [](const Extractor& e, std::int64_t samples) {
             return py::tuple(py::cast(e.item_shape(samples)));
           })
      .def_property_readonly("num_rows", &Extractor::num_rows)
      .def_property_readonly("window", &window_array)
      .def_property_readonly("filterbank", [](const Extractor& e) {
        return filterbank_array(e.spec(), e.filterbank());
      });

  bind_streams(m);
  bind_unknown_arguments(m);

  m.def("check_spec", [](const py::dict& fields) {
    const Spec spec = spec_from_fields(fields);
    validate(spec);
    return canonical_finish(spec);
  });
  m.def("default_fields", [] { return fields_from_spec(Spec{}); });
  m.def("canonical_fields",
        [](const py::dict& fields) { return fields_from_spec(spec_from_fields(fields)); });
  m.def("apply_finish", &call_finish, py::arg("features"), py::arg("fields"),
        py::arg("num_threads") = py::none());
  m.def("check_orientation", [](const std::vector<py::ssize_t>& shape, py::ssize_t window) {
    check_orientation(shape, window, 0);
  });
  m.def("sum_moments", &sum_moments, py::arg("features"), py::arg("bands_last"), py::arg("shift"));
  m.def("field_table", &field_table);
  m.def("stage_table", &stage_table);
  m.def("stage_traits", &stage_traits);
  m.def("window_names", &window_names);
  bind_scales(m);

  register_presets(m);

  m.def("isa", &isa);
  m.def("available_isas", &available_isas);
  m.def("get_num_threads", &get_num_threads);
  m.def("set_num_threads", &set_num_threads);
  m.def("force_serial", &force_serial);
  m.def("has_openmp", &has_openmp);
}

}  // namespace sonogram::python
