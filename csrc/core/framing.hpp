// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Where the frames of a signal lie. Positions count the samples of the conditioned signal (length
// and pad applied); those outside it are filled by the padding modes.
#pragma once
#include <cstdint>

#include "sonogram/spec.hpp"

namespace sonogram {

struct Framing {
  std::int64_t given = 0;  // samples that came in
  std::int64_t kept = 0;   // of them, after `length` cut
  std::int64_t zeros = 0;  // zeros on the left of them
  std::int64_t total = 0;  // samples of the conditioned signal
  std::int64_t frames = 0;
  std::int64_t first = 0;  // position of the first sample that frame 0's window reads
};

// Throws std::invalid_argument where the signal is too short for one frame or for its padding.
Framing frame_signal(const Spec& spec, std::int64_t samples);

// Where the window starts inside n_fft.
std::int64_t window_offset(const Spec& spec);

// The modes that fill positions on the left and on the right of the signal.
PadMode left_mode(const Spec& spec);
PadMode right_mode(const Spec& spec);

}  // namespace sonogram
