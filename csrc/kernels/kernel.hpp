// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// What the core and the kernels say to each other: raw pointers and plain structs, nothing else.
// kernel.cpp is compiled once per instruction set; each copy exports one `Table`.
#pragma once
#include <cstddef>
#include <cstdint>

namespace sonogram::kernel {

enum class Spectrum : std::int32_t { complex_values, power, magnitude, exponent };
enum class Log : std::int32_t { none, ln, log1p, power, piecewise };
enum class Energy : std::int32_t { none, raw, windowed };

// What one frame goes through, in the plan's precision. Every pointer is owned by the caller of
// `create` and copied there.
template <class T>
struct Params {
  std::int64_t n_fft = 0;
  std::int64_t hop = 0;
  std::int64_t win_offset = 0;  // where the window starts inside n_fft
  std::int64_t win_length = 0;
  const T* window = nullptr;

  bool remove_dc = false;
  T frame_preemphasis = 0;
  // The log energy of the frame as the first row: ln(max(energy_scale sum x^2, energy_floor)).
  Energy energy = Energy::none;
  T energy_scale = 1;
  T energy_floor = 0;
  T log_of_energy_floor = 0;

  Spectrum spectrum = Spectrum::power;
  double exponent = 2.0;  // |X|^exponent where spectrum is `exponent`
  T power_eps = 0;        // |X|^2 + eps
  T power_floor = 0;      // max(|X|^2 + eps, floor)

  // Sparse filterbank rows: row m covers bins first[m] .. first[m] + length[m] - 1; 0 rows: no
  // bank.
  std::int64_t n_bands = 0;
  const std::int32_t* first = nullptr;
  const std::int32_t* length = nullptr;
  const T* weights = nullptr;  // concatenated

  Log log = Log::none;
  T gain = 1;
  T floor = 0;
  T eps = 0;
  double log_scale = 1.0;     // 1/ln(base), times 10 or 20 for decibels
  double log_exponent = 1.0;  // where log is `power`
  T log_of_floor = 0;         // correctly rounded log(floor + eps) * log_scale

  bool affine = false;  // y * affine_scale + affine_offset after the log
  T affine_scale = 1;
  T affine_offset = 0;
  bool track_range = false;  // report the maximum before and the minimum after the affine stage
};

// One run of frames of one item.
template <class T>
struct Job {
  const T* samples = nullptr;  // the first sample the first frame's window reads;
                               // `readable(plan, frames)` samples may be read from here
  std::int64_t frames = 0;
  T* out = nullptr;               // first element of the first frame
  std::int64_t row_stride = 0;    // in elements (a complex number is one element)
  std::int64_t frame_stride = 0;  // one of the two strides is 1
  T maximum = 0;                  // set when track_range; NaN if any value is NaN
  T minimum = 0;
};

template <class T>
struct Operations {
  void* (*create)(const Params<T>&);
  void (*destroy)(void* plan);
  std::int64_t (*block_frames)(const void* plan);  // a job holds at most so many frames
  std::int64_t (*tile_frames)(const void* plan);   // a job of whole tiles leaves no lane idle
  std::int64_t (*readable)(const void* plan, std::int64_t frames);
  std::size_t (*scratch_bytes)(const void* plan);
  void (*run)(const void* plan, Job<T>& job, void* scratch);  // scratch is 64-byte aligned
  T (*affine)(const void* plan, T x);  // the affine stage, rounded as `run` rounds it
  // y = max(x, low) over `count` values; NaN in low propagates to all of them.
  void (*clamp)(T* values, std::int64_t count, T low);
  // Over finished frames [frames][rows], see rows.hpp.
  void (*sum_rows)(const T* x, std::int64_t frames, std::int64_t rows, std::int64_t ld,
                   const T* center, bool squared, double* sums);
  void (*shift_scale)(const T* x, std::int64_t frames, std::int64_t rows, std::int64_t ld_in,
                      const T* shift, const T* scale, T* out, std::int64_t ld_out);
  void (*project)(const T* x, std::int64_t frames, std::int64_t rows, std::int64_t ld_in,
                  const T* matrix, std::int64_t columns, T* out, std::int64_t ld_out);
  void (*weigh_frames)(const T* const* frames, const T* weights, std::int64_t count,
                       std::int64_t rows, T* out);
  // Sums and sums of squares of rows over frames, see moments.hpp.
  void (*moments)(const T* x, std::int64_t rows, std::int64_t frames, std::int64_t row_stride,
                  std::int64_t frame_stride, const double* shift, double* sums, double* squares);
  void (*transpose)(const T* x, std::int64_t frames, std::int64_t rows, T* out, std::int64_t ld);
};

struct Table {
  const char* name;
  std::int32_t float_lanes;
  Operations<float> f32;
  Operations<double> f64;
};

extern const Table table_baseline;
#if defined(SONOGRAM_HAVE_AVX2)
extern const Table table_avx2;
#endif
#if defined(SONOGRAM_HAVE_AVX512)
extern const Table table_avx512;
#endif

}  // namespace sonogram::kernel
