// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/finish/row_moments.hpp"

#include <string>

#include "bindings/bindings.hpp"

namespace sonogram::python {

py::array sum_moments(const py::array& features, bool bands_last, const py::object& shift) {
  const py::dtype d = features.dtype();
  const bool real = d.kind() == 'f' && (d.itemsize() == 4 || d.itemsize() == 8);
  if (!real || features.ndim() != 2 || (features.flags() & py::array::c_style) == 0) {
    throw py::type_error("features is " + std::to_string(features.ndim()) + "-dimensional, of " +
                         py::str(py::object(d)).cast<std::string>() +
                         "; it must be a two-dimensional C-contiguous array of float32 or float64");
  }
  const py::ssize_t rows = features.shape(bands_last ? 1 : 0);
  const GivenFeatures in{features.data(),
                         d.itemsize() == 8 ? Precision::float64 : Precision::float32, 1, rows,
                         features.shape(bands_last ? 0 : 1)};
  using Vector = py::array_t<double, py::array::c_style | py::array::forcecast>;
  Vector from;
  if (!shift.is_none()) {
    from = shift.cast<Vector>();
    if (from.ndim() != 1 || from.shape(0) != rows) {
      throw py::value_error("shift has " + std::to_string(from.size()) + " numbers in " +
                            std::to_string(from.ndim()) + " dimensions; it must have " +
                            std::to_string(rows) + ", one for each row");
    }
  }
  py::array_t<double> result({py::ssize_t{2}, rows});
  double* to = result.mutable_data();
  const double* less = shift.is_none() ? nullptr : from.data();
  const py::gil_scoped_release unlocked;
  sonogram::sum_moments(in, bands_last ? Layout::time_freq : Layout::freq_time, less, to);
  return result;
}

}  // namespace sonogram::python
