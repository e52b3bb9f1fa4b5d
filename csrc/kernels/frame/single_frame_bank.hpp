// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The filterbank of one frame by itself (fft/single_frame_fft.hpp says why), and all that such a
// frame needs.
#pragma once
#include "kernels/fft/single_frame_fft.hpp"
#include "kernels/frame/bank.hpp"

namespace {

// Filterbank rows applied to one power spectrum: a vector holds the two alternating sums of
// `together` rows (bank.hpp: dot). No weight is negative: a sum is then never -0, which the zeros
// behind the end of a row would change.
template <class T>
class SingleFrameBank {
 public:
  static constexpr int lanes = narrowest<T>;
  static constexpr int together = lanes / 2;

  void build(const Bank<T>& bank) {
    groups_ = (bank.count + together - 1) / together;
    group_.resize(groups_);
    std::int64_t total = 0;
    for (std::int64_t g = 0; g < groups_; ++g) total += set_group(bank, group_[g], g);
    weights_.resize(total * lanes);
    for (std::int64_t i = 0; i < total * lanes; ++i) weights_[i] = 0;
    std::int64_t from = 0, at = 0;
    for (std::int64_t i = 0; i < bank.count; from += bank.length[i++]) {
      const int half = static_cast<int>(i % together);
      T* to = weights_.data() + at + 2 * half;
      for (std::int64_t k = 0; k < bank.length[i]; ++k) {
        to[k / 2 * lanes + k % 2] = bank.weights[from + k];
      }
      if (half == together - 1) at += group_[i / together].steps * lanes;
    }
  }

  // `bands` has room for one more.
  void apply(const T* power, T* bands) const {
    using V = Pack<T, lanes>;
    const T* w = weights_.data();
    for (std::int64_t g = 0; g < groups_; ++g) {
      const Group& rows = group_[g];
      V sum{};
      std::int32_t s = 0;
      for (; s < rows.whole; ++s, w += lanes) {
        sum = fused<T>(bins(power, rows, s), load<V>(w), sum);
      }
      for (; s < rows.steps; ++s, w += lanes) {
        sum = fused<T>(inside(bins(power, rows, s), rows, s), load<V>(w), sum);
      }
      T sums[lanes];
      store(sums, sum);
      for (int r = 0; r < together; ++r) bands[rows.row[r]] = sums[2 * r] + sums[2 * r + 1];
    }
  }

 private:
  using Index = typename IntOf<T>::type;
  struct Group {
    std::int32_t row[2], first[2];
    std::int32_t whole, steps;  // pairs of bins that lie inside every row; in all
    Index length[4];            // of the row that a lane belongs to
  };

  // The last group may lack a row: nothing, put behind the others.
  static std::int64_t set_group(const Bank<T>& bank, Group& to, std::int64_t g) {
    to.whole = bank.length[g * together] / 2, to.steps = 0;
    for (int r = 0; r < together; ++r) {
      const std::int64_t i = g * together + r;
      const bool there = i < bank.count;
      const std::int32_t length = there ? bank.length[i] : 0;
      to.row[r] = there ? bank.row[i] : static_cast<std::int32_t>(bank.count);
      to.first[r] = there ? bank.first[i] : 0;
      to.length[2 * r] = to.length[2 * r + 1] = length;
      to.whole = std::min(to.whole, length / 2);
      to.steps = std::max(to.steps, (length + 1) / 2);
    }
    return to.steps;
  }

  // Bins 2s and 2s + 1 of each row.
  static SONOGRAM_INLINE Pack<T, lanes> bins(const T* power, const Group& rows, std::int32_t s) {
    if constexpr (together == 1) {
      return load<Pack<T, lanes>>(power + rows.first[0] + 2 * s);
    } else {
      const float *p = power + rows.first[0] + 2 * s, *q = power + rows.first[1] + 2 * s;
#if defined(__SSE2__)
      const __m128 low = _mm_castsi128_ps(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p)));
      return (Pack<float, 4>)_mm_loadh_pi(low, reinterpret_cast<const __m64*>(q));
#else
      return Pack<float, 4>{p[0], p[1], q[0], q[1]};
#endif
    }
  }

  // Zeros behind the end of a row, where infinities may lie.
  static SONOGRAM_INLINE Pack<T, lanes> inside(Pack<T, lanes> v, const Group& rows,
                                               std::int32_t s) {
    using I = Pack<Index, lanes>;
    I bin{};
    for (int i = 0; i < lanes; ++i) bin[i] = static_cast<Index>(2 * s + i % 2);
    const I keep = bin < load<I>(rows.length);
    return bit_cast<Pack<T, lanes>>(bit_cast<I>(v) & keep);
  }

  std::int64_t groups_ = 0;
  Array<Group> group_;
  Array<T> weights_;  // by group and step, one for each lane
};

template <class T>
struct SingleFrameParts {
  bool built = false;
  SingleFrameBank<T> bank;
  SingleFrameLastPass<T, 4> by_four;
  SingleFrameLastPass<T, 8> by_eight;

  void build(const Params<T>& p, const RealFft<T>& fft, const Bank<T>& rows) {
    built = possible(p, fft);
    for (std::int64_t i = 0, n = rows.total(); built && i < n; ++i) built = rows.weights[i] >= 0;
    if (!built) return;
    if (fft.radix() == 4) by_four.build(fft);
    else by_eight.build(fft);
    bank.build(rows);
  }

 private:
  // Leaves that fill a vector, and a frame that does.
  static bool possible(const Params<T>& p, const RealFft<T>& fft) {
    const int radix = fft.radix();
    return (radix == 4 || radix == 8) && radix * static_cast<int>(sizeof(T)) <= vector_bytes &&
           fft.slots() == nullptr && p.spectrum != Spectrum::complex_values &&
           p.win_length > widest<T>;
  }
};

}  // namespace
