// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// A `Params` made ready to run: FFT, filterbank rows, and the layout of the
// scratch memory.
#pragma once
#include "kernels/fft/real_fft.hpp"
#include "kernels/frame/bank.hpp"
#include "kernels/vector/log.hpp"
#if SONOGRAM_VECTORS
#include "kernels/frame/single_frame_bank.hpp"
#endif

namespace {

constexpr std::int64_t max_leaf_bytes = 640 * 1024;  // of two leaf buffers: a second-level cache
constexpr std::int64_t staging_bytes = 96 * 1024;    // finished tiles, before they are written

template <class T>
struct Plan {
  Params<T> p;
  RealFft<T> fft;
  Compress<T> compress;
  Array<T> window;
  Array<std::int32_t> place;  // where sample i of n_fft lies among the leaf buffers
  Bank<T> bank;
#if SONOGRAM_VECTORS
  SingleFrameParts<T> single;
#endif
  std::int64_t bins, rows, block;
  std::int64_t extra;  // rows before the bands: the energy
  int lanes;
  bool corrected;  // frames are changed or measured before the window (mean, pre-emphasis, energy)

  explicit Plan(const Params<T>& params)
      : p(params), fft(params.n_fft), compress(params), bins(params.n_fft / 2 + 1) {
    lanes = choose_lanes(fft);
    extra = p.energy == Energy::none ? 0 : 1;
    rows = (p.n_bands > 0 ? p.n_bands : bins) + extra;
    const std::int64_t elements = p.spectrum == Spectrum::complex_values ? 2 : 1;
    // Enough tiles that a row is written in whole cache lines, few enough to stay in the L1 or L2
    // cache.
    block = round_up(64, lanes);
    while (block > 2 * lanes &&
           rows * block * elements * static_cast<std::int64_t>(sizeof(T)) > staging_bytes) {
      block /= 2;
    }
    corrected = p.remove_dc || p.frame_preemphasis != 0 || extra != 0;
    order_places();
    bank.build(p);
#if SONOGRAM_VECTORS
    single.build(p, fft, bank);
#endif
    p.window = nullptr, p.first = nullptr, p.length = nullptr, p.weights = nullptr;
  }

  // The widest vectors whose two leaf buffers stay in the second-level cache. Lanes do not change
  // the bits.
  static int choose_lanes(const RealFft<T>& fft) {
    int w = widest<T>;
    while (w > narrowest<T> &&
           2 * fft.buffer() * w * static_cast<std::int64_t>(sizeof(T)) > max_leaf_bytes) {
      w /= 2;
    }
    return w;
  }

  static int tail_lanes(int lanes, std::int64_t frames) {
    while (lanes > narrowest<T> && lanes / 2 >= frames) lanes /= 2;
    return lanes;
  }

  // Frames so few that a tile would be mostly idle lanes.
  bool one_by_one(std::int64_t frames) const {
#if SONOGRAM_VECTORS
    return single.built && frames < narrowest<T>;
#else
    (void)frames;
    return false;
#endif
  }

  std::int64_t readable(std::int64_t frames) const {
    const std::int64_t whole = frames / lanes * lanes;
    std::int64_t need = 0;
    if (whole > 0) need = (whole - 1) * p.hop + round_up(p.win_length, lanes);
    if (whole < frames && one_by_one(frames - whole)) {
      const std::int64_t end = (frames - 1) * p.hop + p.win_length;
      need = need > end ? need : end;
    } else if (whole < frames) {
      const int w = tail_lanes(lanes, frames - whole);
      const std::int64_t last = frames - whole == 1 ? whole : whole + w - 1;
      const std::int64_t end = last * p.hop + round_up(p.win_length, w);
      need = need > end ? need : end;
    }
    return need;
  }

  // Scratch, in elements of T: leaf buffers | power | staging buffer.
  std::int64_t leaf_elements() const {
    const std::int64_t leaves = (fft.radix() + 1) * fft.buffer();
    return (leaves > p.n_bands ? leaves : p.n_bands) * lanes;
  }
  std::int64_t power_elements() const { return bins * lanes; }
  std::int64_t staging_elements() const {
    return rows * block * (p.spectrum == Spectrum::complex_values ? 2 : 1);
  }
  std::size_t scratch_bytes() const {
    return sizeof(T) * static_cast<std::size_t>(padded(leaf_elements()) + padded(power_elements()) +
                                                padded(staging_elements()));
  }
  static std::int64_t padded(std::int64_t elements) {
    return round_up(elements, 64 / static_cast<std::int64_t>(sizeof(T)));
  }

 private:
  void order_places() {
    const std::int32_t* slots = fft.slots();
    window.resize(p.win_length);
    for (std::int64_t i = 0; i < p.win_length; ++i) window[i] = p.window[i];
    place.resize(p.n_fft);
    for (std::int64_t i = 0; i < p.n_fft; ++i) {
      const std::int64_t j = i / fft.radix();
      place[i] = static_cast<std::int32_t>(i % fft.radix() * fft.buffer() + (slots ? slots[j] : j));
    }
  }
};

}  // namespace
