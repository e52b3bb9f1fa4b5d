// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/finish/row_moments.hpp"

#include "core/base/dispatch.hpp"

namespace sonogram {

void sum_moments(const GivenFeatures& in, Layout layout, const double* shift, double* result) {
  const bool by_row = layout == Layout::freq_time;
  const std::int64_t row_stride = by_row ? in.frames : 1, frame_stride = by_row ? 1 : in.rows;
  const auto sum = [&](const auto& operations, const auto* x) {
    operations.moments(x, in.rows, in.frames, row_stride, frame_stride, shift, result,
                       result + in.rows);
  };
  if (in.precision == Precision::float64) {
    sum(active_table().f64, static_cast<const double*>(in.data));
  } else {
    sum(active_table().f32, static_cast<const float*>(in.data));
  }
}

}  // namespace sonogram
