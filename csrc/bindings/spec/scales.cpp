// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/design/scales.hpp"

#include "bindings/bindings.hpp"
#include "core/design/filterbank.hpp"
#include "core/spec/band_fields.hpp"

namespace sonogram::python {
namespace {

using Numbers = py::array_t<double>;

// left edge, centre and right edge of every band in Hz: [n_bands, 3]
Numbers band_array(const py::dict& fields) {
  const Spec spec = spec_from_fields(fields);
  validate(spec);
  const std::vector<Band> bands = make_bands(spec);
  Numbers out({static_cast<py::ssize_t>(bands.size()), py::ssize_t{3}});
  double* to = out.mutable_data();
  for (const Band& band : bands) {
    *to++ = band.left;
    *to++ = band.center;
    *to++ = band.right;
  }
  return out;
}

py::object bank_array(const py::dict& fields) {
  const Spec spec = spec_from_fields(fields);
  validate(spec);
  return filterbank_array(spec, make_filterbank(spec));
}

// The scale that the bands of a spec are evenly spaced on, and back from it.
template <double (*convert)(const Spec&, double)>
py::object along_band_scale(const py::dict& fields, const Numbers& values) {
  const Spec spec = spec_from_fields(fields);
  return py::vectorize([&spec](double value) { return convert(spec, value); })(values);
}

}  // namespace

void bind_scales(py::module_& m) {
  m.def("hz_to_mel", [](const Numbers& hz, const py::handle& scale) {
    const MelScale s = mel_scale_from(scale);
    return py::vectorize([s](double f) { return hz_to_mel(f, s); })(hz);
  });
  m.def("mel_to_hz", [](const Numbers& mel, const py::handle& scale) {
    const MelScale s = mel_scale_from(scale);
    return py::vectorize([s](double x) { return mel_to_hz(x, s); })(mel);
  });
  m.def("hz_to_bark", [](const Numbers& hz, const py::handle& scale) {
    const BarkScale s = bark_scale_from(scale);
    return py::vectorize([s](double f) { return hz_to_bark(f, s); })(hz);
  });
  m.def("bark_to_hz", [](const Numbers& bark, const py::handle& scale) {
    const BarkScale s = bark_scale_from(scale);
    return py::vectorize([s](double x) { return bark_to_hz(x, s); })(bark);
  });
  m.def("hz_to_erb", py::vectorize(&hz_to_erb));
  m.def("erb_to_hz", py::vectorize(&erb_to_hz));
  m.def("band_fields", [](const py::dict& fields) {
    py::list names;
    for (const char* name : band_fields(spec_from_fields(fields).filterbank)) names.append(name);
    return py::tuple(names);
  });
  m.def("bands", &band_array);
  m.def("filterbank", &bank_array);
  m.def("to_band_scale", &along_band_scale<to_band_scale>);
  m.def("from_band_scale", &along_band_scale<from_band_scale>);
}

}  // namespace sonogram::python
