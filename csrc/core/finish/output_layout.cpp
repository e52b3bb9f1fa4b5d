// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/finish/output_layout.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/base/errors.hpp"

namespace sonogram {
namespace {

std::uint32_t bits_of(float x) {
  std::uint32_t u;
  std::memcpy(&u, &x, 4);
  return u;
}

template <class T>
void write(T value, Precision precision, std::int64_t at, void* out) {
  switch (precision) {
    case Precision::float64: static_cast<double*>(out)[at] = static_cast<double>(value); break;
    case Precision::float16:
      static_cast<std::uint16_t*>(out)[at] = to_half(static_cast<float>(value));
      break;
    case Precision::bfloat16:
      static_cast<std::uint16_t*>(out)[at] = to_bfloat16(static_cast<float>(value));
      break;
    case Precision::uint8:
      static_cast<std::uint8_t*>(out)[at] = to_byte(static_cast<float>(value));
      break;
    case Precision::float32:
    case Precision::follow: static_cast<float*>(out)[at] = static_cast<float>(value); break;
  }
}

std::int64_t count_of(std::int64_t whole, std::int64_t part, std::int64_t stride, const char* name,
                      const char* of) {
  if (whole < part) {
    throw_invalid(std::string("finish: patches: ") + name, format_number(part),
                  std::string("at most the ") + of + ", " + format_number(whole));
  }
  return (whole - part) / stride + 1;
}

struct Grid {
  std::int64_t rows, columns;
};

Grid grid_of(const Spec& spec, const Patches& p, std::int64_t rows, std::int64_t frames) {
  const bool by_row = spec.layout == Layout::freq_time;
  return {count_of(by_row ? rows : frames, p.height, p.stride_height, "height",
                   by_row ? "rows" : "frames"),
          count_of(by_row ? frames : rows, p.width, p.stride_width, "width",
                   by_row ? "frames" : "rows")};
}

}  // namespace

std::uint16_t to_half(float x) {
  const std::uint32_t u = bits_of(x), sign = (u >> 16) & 0x8000u, magnitude = u & 0x7fffffffu;
  if (magnitude > 0x7f800000u) return static_cast<std::uint16_t>(sign | 0x7e00u);
  if (magnitude >= 0x477ff000u) return static_cast<std::uint16_t>(sign | 0x7c00u);
  if (magnitude < 0x38800000u) {  // below the normal numbers: steps of 2^-24
    const float steps = std::nearbyint(std::fabs(x) * 0x1p24f);
    return static_cast<std::uint16_t>(sign | static_cast<std::uint32_t>(steps));
  }
  const std::uint32_t rounded = magnitude + 0xfffu + ((magnitude >> 13) & 1u) - 0x38000000u;
  return static_cast<std::uint16_t>(sign | (rounded >> 13));
}

std::uint16_t to_bfloat16(float x) {
  const std::uint32_t u = bits_of(x);
  if ((u & 0x7fffffffu) > 0x7f800000u) return static_cast<std::uint16_t>((u >> 16) | 0x40u);
  return static_cast<std::uint16_t>((u + 0x7fffu + ((u >> 16) & 1u)) >> 16);
}

std::uint8_t to_byte(float x) {
  if (!(x > 0)) return 0;
  return static_cast<std::uint8_t>(std::nearbyint(std::min(x, 255.0f)));
}

std::int64_t bytes_of(Precision precision) {
  switch (precision) {
    case Precision::float64: return 8;
    case Precision::float16:
    case Precision::bfloat16: return 2;
    case Precision::uint8: return 1;
    case Precision::float32:
    case Precision::follow: return 4;
  }
  throw_no_such_value();
}

void check_capacity(const Features& out, std::initializer_list<std::int64_t> factors) {
  if (out.capacity == 0) return;
  if (out.capacity < 0) {
    throw_invalid("features.capacity", format_number(out.capacity), "at least 0 (0: not known)");
  }
  if (std::find(factors.begin(), factors.end(), 0) != factors.end()) return;
  std::int64_t left = out.capacity / bytes_of(out.precision);
  for (const std::int64_t n : factors) left /= n;  // no product overflows
  if (left > 0) return;
  std::string bytes = format_number(bytes_of(out.precision));
  for (const std::int64_t n : factors) bytes += " * " + format_number(n);
  throw_invalid("features.capacity", format_number(out.capacity),
                "at least the " + bytes + " bytes to write");
}

std::optional<Patches> patches_of(const Spec& spec) {
  if (spec.finish.empty() || spec.finish.back().kind != FinishKind::patches) return std::nullopt;
  const FinishStage& s = spec.finish.back();
  return Patches{s.integer(0), s.integer(1), s.integer(2), s.integer(3)};
}

template <class T>
void convert_values(const T* values, std::int64_t count, Precision precision, void* out) {
  if (precision == Precision::float32) {  // a loop of its own becomes vector code
    float* const to = static_cast<float*>(out);
    for (std::int64_t i = 0; i < count; ++i) to[i] = static_cast<float>(values[i]);
    return;
  }
  for (std::int64_t i = 0; i < count; ++i) write(values[i], precision, i, out);
}
template void convert_values(const float*, std::int64_t, Precision, void*);
template void convert_values(const double*, std::int64_t, Precision, void*);

std::int64_t item_frames(const Spec& spec, std::int64_t rows, std::int64_t frames) {
  const auto p = patches_of(spec);
  if (!p) return frames;
  const Grid g = grid_of(spec, *p, rows, frames);
  return g.rows * g.columns;
}

std::vector<std::int64_t> item_shape(const Spec& spec, std::int64_t rows, std::int64_t frames) {
  if (const auto p = patches_of(spec)) {
    return {item_frames(spec, rows, frames), p->height, p->width};
  }
  if (spec.layout == Layout::freq_time) return {rows, frames};
  return {frames, rows};
}

template <class T>
void write_patches(const Spec& spec, const T* data, std::int64_t frames, std::int64_t rows,
                   Precision precision, void* out) {
  const bool by_row = spec.layout == Layout::freq_time;
  const Patches p = *patches_of(spec);
  const Grid g = grid_of(spec, p, rows, frames);
  std::int64_t at = 0;
  for (std::int64_t i = 0; i < g.rows * g.columns; ++i) {
    const std::int64_t y0 = i / g.columns * p.stride_height;
    const std::int64_t x0 = i % g.columns * p.stride_width;
    for (std::int64_t y = y0; y < y0 + p.height; ++y) {
      for (std::int64_t x = x0; x < x0 + p.width; ++x) {
        write(by_row ? data[x * rows + y] : data[y * rows + x], precision, at++, out);
      }
    }
  }
}

template <class T>
void write_frames(const Spec& spec, const T* data, std::int64_t begin, std::int64_t end,
                  std::int64_t rows, Precision precision, std::int64_t row_frames, void* out,
                  const kernel::Operations<T>& ops) {
  const bool by_row = spec.layout == Layout::freq_time;
  const T* from = data + begin * rows;
  if (precision == own_precision<T>) {
    if (by_row) ops.transpose(from, end - begin, rows, static_cast<T*>(out) + begin, row_frames);
    else std::copy_n(from, (end - begin) * rows, static_cast<T*>(out) + begin * rows);
    return;
  }
  for (std::int64_t t = begin; t < end; ++t) {
    for (std::int64_t r = 0; r < rows; ++r) {
      write(data[t * rows + r], precision, by_row ? r * row_frames + t : t * rows + r, out);
    }
  }
}

#define SONOGRAM_WRITERS(T)                                                                   \
  template void write_frames(const Spec&, const T*, std::int64_t, std::int64_t, std::int64_t, \
                             Precision, std::int64_t, void*, const kernel::Operations<T>&);   \
  template void write_patches(const Spec&, const T*, std::int64_t, std::int64_t, Precision, void*);
SONOGRAM_WRITERS(float)
SONOGRAM_WRITERS(double)

}  // namespace sonogram
