// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Writing finished frames to the caller's memory: layout, patches, dtype.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <vector>

#include "kernels/kernel.hpp"
#include "sonogram/signals.hpp"
#include "sonogram/spec.hpp"

namespace sonogram {

// IEEE half precision and bfloat16, rounded to nearest, ties to even.
std::uint16_t to_half(float x);
std::uint16_t to_bfloat16(float x);
// Rounded to nearest, ties to even, and clipped to 0 .. 255; NaN gives 0.
std::uint8_t to_byte(float x);
// Bytes of one value; `follow` is not a precision of values.
std::int64_t bytes_of(Precision precision);

// Throws if the memory is known to hold fewer values than the product of these factors.
void check_capacity(const Features& out, std::initializer_list<std::int64_t> factors);

template <class T>
constexpr Precision own_precision = sizeof(T) == 4 ? Precision::float32 : Precision::float64;

// `count` values to memory of that precision.
template <class T>
void convert_values(const T* values, std::int64_t count, Precision precision, void* out);

struct Patches {
  std::int64_t height, width, stride_height, stride_width;
};
std::optional<Patches> patches_of(const Spec& spec);

// The shape of one item, without leading dimensions, for this many rows and frames.
std::vector<std::int64_t> item_shape(const Spec& spec, std::int64_t rows, std::int64_t frames);
// Its frames, or patches.
std::int64_t item_frames(const Spec& spec, std::int64_t rows, std::int64_t frames);

// Writes frames [begin, end) of [frames][rows] to where they belong in `out`; in layout freq_time
// rows are `row_frames` frames apart.
template <class T>
void write_frames(const Spec& spec, const T* data, std::int64_t begin, std::int64_t end,
                  std::int64_t rows, Precision precision, std::int64_t row_frames, void* out,
                  const kernel::Operations<T>& ops);
// All patches of all frames.
template <class T>
void write_patches(const Spec& spec, const T* data, std::int64_t frames, std::int64_t rows,
                   Precision precision, void* out);

}  // namespace sonogram
