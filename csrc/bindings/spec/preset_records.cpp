// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The core's table of presets as Python sees it.
#include <pybind11/stl.h>

#include "bindings/bindings.hpp"
#include "sonogram/presets.hpp"

namespace sonogram::python {
namespace {

// (name, fields of the record, aliases, reference, tolerance, reason)
py::tuple record(const Preset& preset) {
  return py::make_tuple(preset.name, fields_from_spec(preset.spec),
                        py::tuple(py::cast(preset.aliases)), preset.reference, preset.tolerance,
                        preset.reason);
}

}  // namespace

void register_presets(py::module_& m) {
  m.def("preset_names", [] {
    py::list names;
    for (const Preset& preset : presets()) names.append(preset.name);
    return names;
  });
  m.def("preset", [](const std::string& name) { return record(preset(name)); });
  m.def("preset_name", [](const std::string& name) { return preset(name).name; });
  m.def("is_bank_of_preset",
        [](const py::dict& fields) { return is_bank_of_preset(spec_from_fields(fields)); });
  m.def("preset_signals", &preset_signals);
}

}  // namespace sonogram::python
