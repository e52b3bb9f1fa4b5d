// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Features computed in double and rounded to float32 as they are handed over, a block of frames at
// a time.
#include <algorithm>

#include "core/base/dispatch.hpp"
#include "core/base/products.hpp"
#include "core/base/threads.hpp"
#include "core/base/workspace.hpp"
#include "core/extract/engine.hpp"
#include "core/finish/output_layout.hpp"

namespace sonogram {

// Values of a block as the kernel leaves them.
template <class T>
std::size_t Extractor::Engine<T>::block_bytes() const {
  const std::int64_t values = block_ * raw_rows() * (spec_.power ? 1 : 2);
  return sizeof(T) * static_cast<std::size_t>(values);
}

template <class T>
void Extractor::Engine<T>::run_narrowed_block(const Item& item, std::int64_t frame,
                                              Range& range) const {
  const std::int64_t frames = std::min(block_, item.framing.frames - frame);
  const std::int64_t rows = raw_rows(), elements = spec_.power ? 1 : 2;
  // The block lies behind what run_frames asks for, which then stays where it is.
  const std::size_t copy =
      (sizeof(T) * static_cast<std::size_t>(samples_of(block_)) + 63) / 64 * 64;
  char* const memory = static_cast<char*>(thread_scratch(scratch_ + copy + block_bytes()));
  T* const values = reinterpret_cast<T*>(memory + scratch_ + copy);
  float* const out = static_cast<float*>(item.out);
  const bool by_row = spec_.layout == Layout::freq_time;
  run_block(item, {values, by_row ? frames : 1, by_row ? 1 : rows, frame}, frame, range);
  if (!by_row) {
    convert_values(values, frames * rows * elements, Precision::float32,
                   out + frame * rows * elements);
    return;
  }
  for (std::int64_t m = 0; m < rows; ++m) {
    convert_values(values + m * frames * elements, frames * elements, Precision::float32,
                   out + (m * item.row_frames + frame) * elements);
  }
}

// Rounding keeps the order of values, so that the largest of two may be taken after it.
template <class T>
void Extractor::Engine<T>::clamp_narrowed(const Item& item, std::int64_t frame, T low) const {
  const std::int64_t frames = std::min(block_, item.framing.frames - frame), rows = raw_rows();
  const auto clamp = active_table().f32.clamp;
  const float least = static_cast<float>(low);
  float* const out = static_cast<float*>(item.out);
  if (spec_.layout != Layout::freq_time) return clamp(out + frame * rows, frames * rows, least);
  for (std::int64_t m = 0; m < rows; ++m) clamp(out + m * item.row_frames + frame, frames, least);
}

// Stages that must not see rounded values: an item in double, then rounded.
template <class T>
void Extractor::Engine<T>::run_narrowed_item(const Item& item, const RunOptions& options) const {
  const std::int64_t frames = item.framing.frames, rows = raw_rows();
  Item wide = item;
  ItemMemory own;
  const std::int64_t values = checked_product("features", {frames, rows});
  wide.out = own.piece(0, sizeof(T) * static_cast<std::size_t>(values));
  wide.row_frames = frames;
  run_direct({wide}, own_precision<T>, options);
  const T* const from = static_cast<const T*>(wide.out);
  float* const out = static_cast<float*>(item.out);
  if (spec_.layout != Layout::freq_time) {
    constexpr std::int64_t piece = 1 << 16;
    for (std::int64_t i = 0; i < values; i += piece, go_on()) {
      convert_values(from + i, std::min(piece, values - i), Precision::float32, out + i);
    }
  } else {
    for (std::int64_t m = 0; m < rows; ++m, go_on()) {
      convert_values(from + m * frames, frames, Precision::float32, out + m * item.row_frames);
    }
  }
}

template <class T>
void Extractor::Engine<T>::run_narrowed(const std::vector<Item>& items,
                                        const RunOptions& options) const {
  const int threads = threads_for(items, options);
  if (static_cast<std::int64_t>(items.size()) < threads || items.size() < 2) {
    for (const Item& item : items) run_narrowed_item(item, options);
    return;
  }
  RunOptions alone;  // `interrupted` is for the calling thread
  alone.num_threads = 1;
  parallel_for(
      static_cast<std::int64_t>(items.size()), threads, options.interrupted,
      [&](std::int64_t i) { run_narrowed_item(items[static_cast<std::size_t>(i)], alone); });
}

#define SONOGRAM_NARROW(T)                                                                         \
  template std::size_t Extractor::Engine<T>::block_bytes() const;                                  \
  template void Extractor::Engine<T>::run_narrowed_block(const Item&, std::int64_t, Range&) const; \
  template void Extractor::Engine<T>::clamp_narrowed(const Item&, std::int64_t, T) const;          \
  template void Extractor::Engine<T>::run_narrowed(const std::vector<Item>&, const RunOptions&)    \
      const;
SONOGRAM_NARROW(float)
SONOGRAM_NARROW(double)

}  // namespace sonogram
