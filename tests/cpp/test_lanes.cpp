// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// A frame's numbers depend on its samples alone: not on how many frames run with it, on its place
// among them, or on where and how the result is stored.
#include <cmath>
#include <cstring>

#include "dft.hpp"
#include "kernel_run.hpp"

using check::Kernel;
using check::Order;
using check::Recipe;
using sonogram::kernel::Energy;
using sonogram::kernel::Log;
using sonogram::kernel::Spectrum;

namespace {

enum class Kind { complex_values, power, corrected, measured, bands };

template <class T>
void set_up(Recipe<T>& r, Kind kind) {
  if (kind == Kind::complex_values) r.p.spectrum = Spectrum::complex_values;
  if (kind == Kind::corrected || kind == Kind::measured) {
    r.p.remove_dc = true;
    r.p.frame_preemphasis = T(0.97);
  }
  if (kind == Kind::measured) {
    r.p.energy = r.p.n_fft % 3 == 0 ? Energy::windowed : Energy::raw;
    r.p.energy_scale = T(0.75);
    r.p.spectrum = r.p.n_fft % 16 == 0 ? Spectrum::magnitude : Spectrum::exponent;
    r.p.exponent = 1.5;
    r.p.power_eps = T(1e-3);
    r.p.log = r.p.n_fft % 5 == 0 ? Log::log1p : Log::piecewise;
  }
  if (kind != Kind::bands) return;
  const std::int32_t bins = static_cast<std::int32_t>(r.p.n_fft / 2 + 1);
  for (std::int32_t m = 0; m < 11; ++m) {
    const std::int32_t from = m * bins / 11, to = std::min(bins, from + 3 * m);
    std::vector<T> row;
    for (std::int32_t k = from; k < to; ++k) row.push_back(T(1) / static_cast<T>(1 + k - from));
    r.add_band(from, row);
  }
  r.p.log = Log::ln;
  r.p.floor = T(1e-6);
  r.p.log_scale = 0.43429448190325182765;
  r.p.log_of_floor = T(-6);
  r.p.affine = true;
  r.p.affine_scale = T(0.25);
  r.p.affine_offset = T(1);
  r.p.track_range = true;
}

constexpr Kind kinds[] = {Kind::complex_values, Kind::power, Kind::corrected, Kind::measured,
                          Kind::bands};
// One of every way that a transform is put together, and those in use.
constexpr std::int64_t transforms[] = {5,   16,  45,  67,   134,  169,  243,  320,  400,  480, 512,
                                       600, 882, 960, 1000, 1009, 1024, 1200, 1920, 2048, 4096};

template <class T>
bool same(const T* a, const T* b, std::int64_t n) {
  return std::memcmp(a, b, static_cast<std::size_t>(n) * sizeof(T)) == 0;
}

// Do frames begin .. begin + frames of `all` (row-major, `total` frames) equal `part`?
template <class T>
bool is_part(const std::vector<T>& all, std::int64_t total, const std::vector<T>& part,
             std::int64_t begin, std::int64_t frames, std::int64_t rows, std::int64_t elements) {
  for (std::int64_t m = 0; m < rows; ++m) {
    const T* a = all.data() + (m * total + begin) * elements;
    if (!same(a, part.data() + m * frames * elements, frames * elements)) return false;
  }
  return true;
}

}  // namespace

TEST_BOTH(any_number_of_frames_gives_the_bits_of_a_long_run) {
  const std::int64_t most = 2 * check::lanes<T>() + 1;
  for (const std::int64_t n : transforms) {
    for (const Kind kind : kinds) {
      Recipe<T> r(n, n - n / 5, 3 + n / 8);
      set_up(r, kind);
      const Kernel<T> kernel(r.p);
      const std::int64_t total = most + 5;
      const std::vector<T> x = check::as<T>(check::noise((total - 1) * r.p.hop + n, 21));
      const std::vector<T> all = kernel.run(x.data(), total).values;
      for (std::int64_t frames = 1; frames <= most; ++frames) {
        for (const std::int64_t begin : {0, 1, 5}) {
          const check::Scope scope("n_fft ", n, " kind ", int(kind), " frames ", frames, " from ",
                                   begin);
          const std::vector<T> part = kernel.run(x.data() + begin * r.p.hop, frames).values;
          CHECK(is_part(all, total, part, begin, frames, kernel.rows(), kernel.elements()));
        }
      }
    }
  }
}

TEST_BOTH(every_frame_alone_gives_the_bits_of_a_long_run) {
  for (const std::int64_t n : transforms) {
    for (const Kind kind : kinds) {
      for (const Log log : {Log::none, Log::ln, Log::log1p, Log::piecewise}) {
        Recipe<T> r(n, n - n / 5, 3 + n / 8);
        set_up(r, kind);
        if (kind == Kind::complex_values && log != Log::none) continue;
        r.p.log = log;
        const Kernel<T> kernel(r.p);
        const std::int64_t total = 6 * check::lanes<T>() + 1;
        const std::vector<T> x = check::as<T>(check::noise((total - 1) * r.p.hop + n, 26));
        const std::vector<T> all = kernel.run(x.data(), total).values;
        bool equal = true;
        for (std::int64_t f = 0; f < total; ++f) {
          const std::vector<T> one = kernel.run(x.data() + f * r.p.hop, 1).values;
          equal = equal && is_part(all, total, one, f, 1, kernel.rows(), kernel.elements());
        }
        const check::Scope scope("n_fft ", n, " kind ", int(kind), " log ", int(log));
        CHECK(equal);
      }
    }
  }
}

TEST_BOTH(extremes_of_frames_one_by_one_are_those_of_a_long_run) {
  for (const std::int64_t n : {400, 512, 2048}) {
    Recipe<T> r(n, n, n / 3);
    set_up(r, Kind::bands);
    const Kernel<T> kernel(r.p);
    const std::int64_t frames = check::lanes<T>() + 3;
    std::vector<T> x = check::as<T>(check::noise(frames * r.p.hop + n, 25));
    for (std::int64_t i = 0; i < r.p.hop; ++i) x[static_cast<std::size_t>(i)] *= T(30);
    const check::Result<T> all = kernel.run(x.data(), frames);
    check::Result<T> single;
    for (std::int64_t f = 0; f < frames; ++f) {
      const check::Result<T> one = kernel.run(x.data() + f * r.p.hop, 1);
      single.maximum = std::max(single.maximum, one.maximum);
      single.minimum = std::min(single.minimum, one.minimum);
    }
    const check::Scope scope("n_fft ", n);
    CHECK(single.maximum == all.maximum && std::isfinite(all.maximum));
    CHECK(single.minimum == all.minimum && all.minimum < all.maximum);
    x[static_cast<std::size_t>(n / 2)] = std::numeric_limits<T>::quiet_NaN();
    CHECK(std::isnan(kernel.run(x.data(), 1).maximum));
  }
}

TEST_BOTH(an_infinite_bin_spoils_only_the_bands_that_hold_it) {
  constexpr std::int64_t n = 400, loud = 60;
  Recipe<T> r(n, n, 100);
  for (std::int32_t m = 0; m < 67; ++m) {
    r.add_band(3 * m - m % 2, std::vector<T>(static_cast<std::size_t>(1 + m % 4), T(0.5)));
  }
  const Kernel<T> kernel(r.p);
  const std::int64_t frames = 2 * check::lanes<T>() + 1;
  const double root = std::sqrt(static_cast<double>(std::numeric_limits<T>::max()));
  std::vector<T> x(static_cast<std::size_t>(frames * 100 + n));
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double turn = 2 * 3.14159265358979323846 * loud * static_cast<double>(i) / n;
    x[i] = static_cast<T>(root / 50 * std::cos(turn));
  }
  const std::vector<T> all = kernel.run(x.data(), frames).values;
  const std::vector<T> one = kernel.run(x.data(), 1).values;
  for (std::int64_t m = 0; m < kernel.rows(); ++m) {
    const check::Scope scope("band ", m);
    const std::size_t row = static_cast<std::size_t>(m);
    const std::int64_t first = r.first[row], end = first + r.length[row];
    CHECK(std::isinf(one[row]) == (first <= loud && loud < end));
    CHECK(!std::isnan(one[row]));
    CHECK(one[row] == all[row * static_cast<std::size_t>(frames)]);
  }
}

TEST_BOTH(frames_of_rows_are_rows_of_frames_transposed) {
  for (const std::int64_t n : transforms) {
    for (const Kind kind : kinds) {
      Recipe<T> r(n, n, 4);
      set_up(r, kind);
      const Kernel<T> kernel(r.p);
      const std::int64_t e = kernel.elements(), rows = kernel.rows();
      for (std::int64_t frames = 1; frames <= 2 * check::lanes<T>() + 1; ++frames) {
        const check::Scope scope("n_fft ", n, " kind ", int(kind), " frames ", frames);
        const std::vector<T> x = check::as<T>(check::noise(frames * r.p.hop + n, 22));
        const std::vector<T> a = kernel.run(x.data(), frames, Order::by_row).values;
        const std::vector<T> b = kernel.run(x.data(), frames, Order::by_frame).values;
        bool equal = true;
        for (std::int64_t m = 0; m < rows; ++m) {
          for (std::int64_t f = 0; f < frames; ++f) {
            equal =
                equal && same(a.data() + (m * frames + f) * e, b.data() + (f * rows + m) * e, e);
          }
        }
        CHECK(equal);
      }
    }
  }
}

TEST_BOTH(rows_any_distance_apart_hold_the_same_bits_and_nothing_between_is_touched) {
  for (const Kind kind : kinds) {
    Recipe<T> r(400, 400, 160);
    set_up(r, kind);
    const Kernel<T> kernel(r.p);
    for (const std::int64_t frames :
         {std::int64_t{1}, std::int64_t{2} * check::lanes<T>(), kernel.block_frames()}) {
      const std::vector<T> x = check::as<T>(check::noise(frames * 160 + 400, 23));
      const std::vector<T> tight = kernel.run(x.data(), frames).values;
      for (const std::int64_t stride : {frames + 3, std::int64_t{512}, std::int64_t{1024}}) {
        const check::Scope scope("kind ", int(kind), " frames ", frames, " stride ", stride);
        const std::int64_t e = kernel.elements();
        const std::vector<T> wide = kernel.run(x.data(), frames, Order::by_row, stride).values;
        bool equal = true, untouched = true;
        for (std::int64_t m = 0; m < kernel.rows(); ++m) {
          const T* row = wide.data() + m * stride * e;
          equal = equal && same(tight.data() + m * frames * e, row, frames * e);
          if (m + 1 == kernel.rows()) break;
          for (std::int64_t i = frames * e; i < stride * e; ++i)
            untouched = untouched && row[i] == Kernel<T>::untouched;
        }
        CHECK(equal);
        CHECK(untouched);
      }
    }
  }
}

TEST_BOTH(a_spoiled_frame_spoils_no_other) {
  const std::int64_t frames = 2 * check::lanes<T>() + 1, hop = 100;
  Recipe<T> r(64, 64, hop);
  const Kernel<T> kernel(r.p);
  std::vector<T> x = check::as<T>(check::noise(frames * hop + 64, 24));
  const std::vector<T> clean = kernel.run(x.data(), frames).values;
  for (std::int64_t bad = 0; bad < frames; ++bad) {
    const check::Scope scope("frame ", bad);
    std::vector<T> y = x;
    y[static_cast<std::size_t>(bad * hop + 17)] =
        bad % 2 ? std::numeric_limits<T>::quiet_NaN() : std::numeric_limits<T>::infinity();
    y[static_cast<std::size_t>(bad * hop + 64)] =
        std::numeric_limits<T>::quiet_NaN();  // between frames
    const std::vector<T> got = kernel.run(y.data(), frames).values;
    for (std::int64_t i = 0; i < static_cast<std::int64_t>(got.size()); ++i) {
      const std::size_t at = static_cast<std::size_t>(i);
      CHECK(i % frames == bad ? !std::isfinite(got[at]) : got[at] == clean[at]);
    }
  }
}
