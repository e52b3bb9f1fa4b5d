// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Extractors run over vectors.
#pragma once
#include <vector>

#include "sonogram/extractor.hpp"

namespace check {

inline std::vector<float> as_float(const std::vector<double>& x) {
  return std::vector<float>(x.begin(), x.end());
}

// Features of `items` signals of `samples` contiguous samples each, at these byte offsets.
template <class T>
std::vector<T> batch(const sonogram::Extractor& e, const T* x, std::int64_t items,
                     std::int64_t samples, const std::int64_t* offsets, int threads) {
  sonogram::Signals in;
  in.data = x;
  in.type = sizeof(T) == 4 ? sonogram::SampleType::float32 : sonogram::SampleType::float64;
  in.items = items;
  in.samples = samples;
  in.stride = sizeof(T);
  in.item_offsets = offsets;
  const std::int64_t values =
      items * e.num_rows() * e.num_frames(samples) * (e.is_complex() ? 2 : 1);
  std::vector<T> out(static_cast<std::size_t>(values));
  sonogram::Features to;
  to.data = out.data();
  to.precision = sizeof(T) == 4 ? sonogram::Precision::float32 : sonogram::Precision::float64;
  sonogram::RunOptions options;
  options.num_threads = threads;
  e.run(in, to, options);
  return out;
}

template <class T>
std::vector<T> features(const sonogram::Extractor& e, const std::vector<T>& x, int threads = 1) {
  return batch(e, x.data(), 1, static_cast<std::int64_t>(x.size()), nullptr, threads);
}

}  // namespace check
