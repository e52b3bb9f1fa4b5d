// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// One plan of the kernels that SONOGRAM_ISA names, run over memory that holds what the kernel asks
// for and not a byte more, so that a sanitizer sees every step outside it.
#pragma once
#include <algorithm>
#include <cstdlib>
#include <limits>
#include <memory>
#include <vector>

#include "check.hpp"
#include "core/base/dispatch.hpp"
#include "kernels/kernel.hpp"

namespace check {

namespace kernel = sonogram::kernel;

using sonogram::operations;

template <class T>
int lanes() {
  return sonogram::active_table().float_lanes * 4 / static_cast<int>(sizeof(T));
}

enum class Order { by_row, by_frame };

template <class T>
struct Result {
  std::vector<T> values;  // [rows][stride] or [frames][stride], complex numbers as pairs
  std::int64_t stride = 0;
  T maximum = -std::numeric_limits<T>::infinity();
  T minimum = std::numeric_limits<T>::infinity();
};

template <class T>
class Kernel {
 public:
  explicit Kernel(const kernel::Params<T>& p)
      : p_(p),
        plan_(operations<T>().create(p)),
        rows_((p.n_bands > 0 ? p.n_bands : p.n_fft / 2 + 1) +
              (p.energy == kernel::Energy::none ? 0 : 1)) {}
  ~Kernel() { operations<T>().destroy(plan_); }
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;

  std::int64_t rows() const { return rows_; }
  std::int64_t elements() const { return p_.spectrum == kernel::Spectrum::complex_values ? 2 : 1; }

  // `frames` frames, the first at x. Memory that the frames do not cover holds NaN. Runs or frames
  // lie `stride` elements apart in the result (0: side by side).
  Result<T> run(const T* x, std::int64_t frames, Order order = Order::by_row,
                std::int64_t stride = 0) const {
    const std::int64_t inner = order == Order::by_row ? frames : rows_;
    const std::int64_t outer = order == Order::by_row ? rows_ : frames;
    Result<T> r;
    r.stride = stride > 0 ? stride : inner;
    r.values.assign(static_cast<std::size_t>(((outer - 1) * r.stride + inner) * elements()),
                    untouched);
    kernel::Job<T> job;
    job.row_stride = order == Order::by_row ? r.stride : 1;
    job.frame_stride = order == Order::by_row ? 1 : r.stride;
    job.maximum = r.maximum;
    job.minimum = r.minimum;
    const std::int64_t block = operations<T>().block_frames(plan_);
    for (std::int64_t begin = 0; begin < frames; begin += block) {
      job.frames = std::min(block, frames - begin);
      job.out = r.values.data() + begin * job.frame_stride * elements();
      run_job(x + begin * p_.hop, job);
    }
    r.maximum = job.maximum;
    r.minimum = job.minimum;
    return r;
  }

  static constexpr T untouched = T(-77);  // what lies where nothing was written

  std::int64_t block_frames() const { return operations<T>().block_frames(plan_); }
  T affine(T x) const { return operations<T>().affine(plan_, x); }

 private:
  void run_job(const T* x, kernel::Job<T>& job) const {
    const std::int64_t covered = (job.frames - 1) * p_.hop + p_.win_length;
    const std::int64_t readable = operations<T>().readable(plan_, job.frames);
    std::vector<T> samples(static_cast<std::size_t>(std::max(covered, readable)),
                           std::numeric_limits<T>::quiet_NaN());
    std::copy(x, x + covered, samples.begin());
    job.samples = samples.data();
    const std::size_t bytes = (operations<T>().scratch_bytes(plan_) + 63) / 64 * 64;
    const std::unique_ptr<void, decltype(&std::free)> scratch(std::aligned_alloc(64, bytes),
                                                              &std::free);
    // Rubbish from the last use of this memory must not be taken for data.
    std::fill_n(static_cast<T*>(scratch.get()), bytes / sizeof(T),
                std::numeric_limits<T>::quiet_NaN());
    operations<T>().run(plan_, job, scratch.get());
  }

  kernel::Params<T> p_;
  void* plan_;
  std::int64_t rows_;
};

// A plan's parameters together with the arrays that they point at.
template <class T>
struct Recipe {
  kernel::Params<T> p;
  std::vector<T> window;
  std::vector<std::int32_t> first, length;
  std::vector<T> weights;

  Recipe(std::int64_t n_fft, std::int64_t win_length, std::int64_t hop) {
    p.n_fft = n_fft;
    p.win_length = win_length;
    p.win_offset = (n_fft - win_length) / 2;
    p.hop = hop;
    // No symmetry and no zero in it: a misplaced sample shows.
    for (std::int64_t i = 0; i < win_length; ++i) {
      window.push_back(T(0.25) + T(0.5) * static_cast<T>((i * 7 + 3) % 64) / T(64));
    }
    p.window = window.data();
  }
  Recipe(const Recipe&) = delete;
  Recipe& operator=(const Recipe&) = delete;

  void add_band(std::int32_t from, const std::vector<T>& row) {
    first.push_back(from);
    length.push_back(static_cast<std::int32_t>(row.size()));
    weights.insert(weights.end(), row.begin(), row.end());
    p.n_bands = static_cast<std::int64_t>(first.size());
    p.first = first.data();
    p.length = length.data();
    p.weights = weights.data();
  }
};

template <class T>
std::vector<T> as(const std::vector<double>& x) {
  return std::vector<T>(x.begin(), x.end());
}

}  // namespace check

// Runs a template for both precisions.
#define TEST_BOTH(name)                    \
  template <class T>                       \
  static void name##_in();                 \
  TEST(name) {                             \
    {                                      \
      const check::Scope scope("float32"); \
      name##_in<float>();                  \
    }                                      \
    const check::Scope scope("float64");   \
    name##_in<double>();                   \
  }                                        \
  template <class T>                       \
  static void name##_in()
