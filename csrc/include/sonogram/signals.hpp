// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Input and output of a run, in the caller's memory.
#pragma once
#include <cstdint>

#include "sonogram/spec.hpp"

namespace sonogram {

enum class SampleType { float32, float64, int16, int32 };

// `items` signals of `samples` samples. Item i starts at data + item_offsets[i] bytes, and its
// samples are `stride` bytes apart, which may be negative.
struct Signals {
  const void* data = nullptr;
  SampleType type = SampleType::float32;
  std::int64_t items = 1;
  std::int64_t samples = 0;
  std::int64_t stride = 0;
  const std::int64_t* item_offsets = nullptr;  // null: one item at data
};

// Contiguous memory for items x item_shape(samples) values. If its capacity is given and too small
// for a run, the run throws std::invalid_argument.
struct Features {
  void* data = nullptr;
  Precision precision = Precision::float32;
  std::int64_t capacity = 0;  // bytes at data; 0: unknown, not checked
};

}  // namespace sonogram
