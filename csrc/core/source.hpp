// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// One item as its conditioned samples: any position range, read in place where nothing has to be
// done to the samples, else converted into memory of the caller.
#pragma once
#include <cstdint>

#include "framing.hpp"
#include "sonogram/extractor.hpp"

namespace sonogram {

// Whether `scale` passes through everything up to the window, so that the window can carry it.
bool scale_is_linear(const Spec& spec);

template <class T>
class Source {
 public:
  Source(const Spec& spec, const Framing& framing, const void* data, SampleType type,
         std::int64_t stride);

  // How many samples from `begin` on can be read in place; 0 where none can.
  std::int64_t in_place(std::int64_t begin) const;

  // The samples at [begin, begin + count), copied.
  void read(std::int64_t begin, std::int64_t count, T* to) const { fill(begin, count, to); }

  // The samples at [begin, begin + count), followed by readable memory up to `readable` samples:
  // in place where it can be, else in `memory`, which has room for the larger of the two.
  const T* at(std::int64_t begin, std::int64_t count, std::int64_t readable, T* memory) const;

 private:
  void fill(std::int64_t begin, std::int64_t count, T* to) const;
  void fill_outside(std::int64_t position, std::int64_t count, T* to, PadMode mode) const;
  void fill_inside(std::int64_t begin, std::int64_t count, T* to) const;
  void condition(std::int64_t begin, std::int64_t count, T* to) const;
  void raw(std::int64_t begin, std::int64_t count, T* to) const;
  T before_preemphasis(std::int64_t index) const;
  void shape(std::int64_t begin, std::int64_t count, T* to) const;
  double mean_of_all() const;

  const Spec& spec_;
  const Framing& framing_;
  const char* data_;
  SampleType type_;
  std::int64_t stride_;
  bool in_place_;
  double mean_ = 0.0;
};

extern template class Source<float>;
extern template class Source<double>;

}  // namespace sonogram
