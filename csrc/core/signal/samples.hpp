// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The samples of one item as given, and converted to units of full scale.
#pragma once
#include <cstdint>

#include "sonogram/signals.hpp"

namespace sonogram {

struct Samples {
  const void* data;
  SampleType type;
  std::int64_t stride;  // bytes, of any sign
  std::int64_t count;
};

// The type of samples that are computed with as they are.
template <class T>
constexpr SampleType own_type = sizeof(T) == 4 ? SampleType::float32 : SampleType::float64;

// For errors.
const char* text_of(SampleType type);

// Whether all stages up to the window are homogeneous, so that `scale` can be folded into the
// window.
bool scale_is_linear(const Spec& spec);
// Whether conditioning changes no sample, except by a scale that the window can apply.
bool leaves_samples(const Spec& spec);
// The same spec for samples that are already conditioned.
Spec without_conditioning(Spec spec);

// The samples at [begin, begin + count): in units of full scale, scaled unless the window does
// that, clipped and quantised.
template <class T>
void read_samples(const Spec& spec, const Samples& item, std::int64_t begin, std::int64_t count,
                  T* to);

extern template void read_samples(const Spec&, const Samples&, std::int64_t, std::int64_t, float*);
extern template void read_samples(const Spec&, const Samples&, std::int64_t, std::int64_t, double*);

}  // namespace sonogram
