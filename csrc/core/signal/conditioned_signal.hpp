// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The conditioned samples of one item at any range of positions: read in place if nothing has to be
// done to the samples, else converted into the caller's memory.
#pragma once
#include <cstdint>

#include "core/signal/framing.hpp"
#include "core/signal/item_statistics.hpp"
#include "core/signal/samples.hpp"

namespace sonogram {

template <class T>
class ConditionedSignal {
 public:
  // Computes the item's statistics if they are needed and not given.
  ConditionedSignal(const Spec& spec, const Framing& framing, const void* data, SampleType type,
                    std::int64_t stride, const ItemStatistics* statistics = nullptr);

  // The number of samples from `begin` on that can be read in place.
  std::int64_t in_place(std::int64_t begin) const;

  // The samples at [begin, begin + count), copied.
  void read(std::int64_t begin, std::int64_t count, T* to) const;

  // The samples at [begin, begin + count), followed by readable memory up to `readable` samples:
  // in place where it can be, else in `memory`, which has room for the larger of the two.
  const T* at(std::int64_t begin, std::int64_t count, std::int64_t readable, T* memory) const;

  // As of framing.hpp.
  std::int64_t silent_from() const { return sonogram::silent_from(spec_, framing_); }

 private:
  void fill_outside(std::int64_t position, std::int64_t count, T* to, PadMode mode) const;
  void fill_inside(std::int64_t begin, std::int64_t count, T* to) const;
  void fill_repeats(std::int64_t first, std::int64_t count, T* to) const;
  void condition(std::int64_t begin, std::int64_t count, T* to) const;
  void shape(std::int64_t begin, std::int64_t count, T* to) const;

  const Spec& spec_;
  const Framing& framing_;
  const Samples samples_;
  bool in_place_;
  T mean_ = 0, gain_ = 1;
};

extern template class ConditionedSignal<float>;
extern template class ConditionedSignal<double>;

}  // namespace sonogram
