// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/capi/common.hpp"

#include <cinttypes>
#include <cstdio>

#include "core/base/errors.hpp"
#include "core/finish/output_layout.hpp"
#include "sonogram/json.hpp"

sonogram_extractor::sonogram_extractor(const sonogram::Spec& spec)
    : extractor(spec), json(sonogram::spec_to_json(spec)) {}

const std::vector<sonogram::Obstacle>& sonogram_extractor::obstacles() const {
  std::call_once(once_, [this] { obstacles_ = sonogram::obstacles(extractor.spec()); });
  return obstacles_;
}

namespace sonogram::c {
namespace {

// Not a string: it must not need memory.
thread_local char last_error[2048] = "";

std::int64_t size_of(SampleType type) {
  switch (type) {
    case SampleType::float64: return 8;
    case SampleType::int16: return 2;
    case SampleType::float32:
    case SampleType::int32: return 4;
  }
  throw_no_such_value();
}

void aligned(const char* name, std::int64_t value, std::int64_t size) {
  if (value % size != 0) {
    throw_invalid(name, format_number(value),
                  "a multiple of the sample's " + format_number(size) + " bytes");
  }
}

void aligned(const char* name, const void* pointer, std::int64_t size, const char* type_of) {
  const auto address = reinterpret_cast<std::uintptr_t>(pointer);
  if (address % static_cast<std::uintptr_t>(size) == 0) return;
  char text[32];
  std::snprintf(text, sizeof text, "0x%" PRIxPTR, address);
  throw_invalid(
      name, text,
      "aligned for the type of " + std::string(type_of) + ", a multiple of " + format_number(size));
}

}  // namespace

void set_error(const char* words) noexcept {
  const std::size_t length = std::min(std::strlen(words), sizeof last_error - 1);
  std::memcpy(last_error, words, length);
  last_error[length] = '\0';
}

SampleType sample_type(sonogram_type type, const char* name) {
  switch (type) {
    case SONOGRAM_FLOAT32: return SampleType::float32;
    case SONOGRAM_FLOAT64: return SampleType::float64;
    case SONOGRAM_INT16: return SampleType::int16;
    case SONOGRAM_INT32: return SampleType::int32;
    default:
      throw_invalid(name, format_number(std::int64_t{type}),
                    "SONOGRAM_FLOAT32, SONOGRAM_FLOAT64, SONOGRAM_INT16 or SONOGRAM_INT32");
  }
}

sonogram_type code_of(Precision precision) {
  switch (precision) {
    case Precision::float64: return SONOGRAM_FLOAT64;
    case Precision::float16: return SONOGRAM_FLOAT16;
    case Precision::bfloat16: return SONOGRAM_BFLOAT16;
    case Precision::uint8: return SONOGRAM_UINT8;
    case Precision::float32:
    case Precision::follow: return SONOGRAM_FLOAT32;
  }
  throw_no_such_value();
}

Signals signals_of(const sonogram_signals& s, std::vector<std::int64_t>& offsets) {
  Signals out;
  out.type = sample_type(s.type, "signals->type");
  const std::int64_t size = size_of(out.type);
  constexpr std::int64_t most = std::int64_t{1} << 48;
  if (s.items < 0 || s.items > most) {
    throw_invalid("signals->items", format_number(s.items), "from 0 to 2^48");
  }
  if (s.samples < 0 || s.samples > most) {
    throw_invalid("signals->samples", format_number(s.samples), "from 0 to 2^48");
  }
  if (s.data == nullptr && s.items > 0 && s.samples > 0) {
    throw_invalid("signals->data", "null", "a pointer to " + format_number(s.samples) + " samples");
  }
  aligned("signals->data", s.data, size, "the samples");
  aligned("signals->stride", s.stride, size);
  out.data = s.data;
  out.items = s.items;
  out.samples = s.samples;
  out.stride = s.stride != 0 ? s.stride : size;
  offsets.resize(static_cast<std::size_t>(s.items));
  const std::int64_t step = s.item_stride != 0 ? s.item_stride : s.samples * size;
  for (std::int64_t i = 0; i < s.items; ++i) {
    const std::int64_t at = s.item_offsets != nullptr ? s.item_offsets[i] : i * step;
    aligned(s.item_offsets != nullptr ? "signals->item_offsets" : "signals->item_stride", at, size);
    offsets[static_cast<std::size_t>(i)] = at;
  }
  out.item_offsets = offsets.data();
  return out;
}

std::int64_t bytes_of_all(const Dims& dims, Precision precision, bool is_complex,
                          std::int64_t items) {
  std::int64_t bytes = checked_product(items, bytes_of(precision) * (is_complex ? 2 : 1));
  for (std::size_t i = 0; i < dims.count; ++i) bytes = checked_product(bytes, dims.values[i]);
  return bytes;
}

void fill_shape(sonogram_shape* to, const Dims& dims, Precision precision, bool is_complex,
                std::int64_t items, std::int64_t frames, std::int64_t valid) {
  const std::size_t size = known(to, "shape").struct_size;
  sonogram_shape shape{};
  shape.struct_size = size;
  shape.type = code_of(precision);
  shape.is_complex = is_complex ? 1 : 0;
  shape.num_dims = static_cast<std::int32_t>(dims.count);
  std::copy_n(dims.values, dims.count, shape.dims);
  shape.frames = frames;
  shape.valid_frames = valid;
  shape.bytes = static_cast<std::size_t>(bytes_of_all(dims, precision, is_complex, items));
  std::memcpy(to, &shape, std::min(size, sizeof shape));
}

Features features_of(const sonogram_features* from, Precision precision, std::int64_t bytes) {
  Features out;
  out.precision = precision;
  if (from == nullptr && bytes == 0) return out;
  const sonogram_features f = known(from, "features");
  if (f.type != 0 && f.type != code_of(precision)) {
    throw_invalid("features->type", format_number(std::int64_t{f.type}),
                  format_number(std::int64_t{code_of(precision)}) + " here, or 0");
  }
  if (f.capacity < static_cast<std::size_t>(bytes)) {
    throw_invalid("features->capacity", std::to_string(f.capacity),
                  "at least " + format_number(bytes));
  }
  if (f.data == nullptr && bytes > 0) {
    throw_invalid("features->data", "null", "a pointer to " + format_number(bytes) + " bytes");
  }
  aligned("features->data", f.data, bytes_of(precision), "the features");
  out.data = f.data;
  return out;
}

}  // namespace sonogram::c

const char* sonogram_last_error(void) { return sonogram::c::last_error; }
