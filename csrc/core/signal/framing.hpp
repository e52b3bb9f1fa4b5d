// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The positions of a signal's frames. Positions count the samples of the conditioned signal (length
// and pad applied); the padding modes fill positions outside it.
#pragma once
#include <cstdint>
#include <limits>

#include "sonogram/spec.hpp"

namespace sonogram {

constexpr std::int64_t no_position = std::numeric_limits<std::int64_t>::max();

struct Framing {
  std::int64_t num_given = 0;             // samples that came in
  std::int64_t num_kept = 0;              // of them, after the cut
  std::int64_t lead_zeros = 0;            // zeros on the left of them
  std::int64_t num_filled = 0;            // samples from there on that are theirs, repeats included
  std::int64_t length = 0;                // samples of the conditioned signal
  std::int64_t padded_end = no_position;  // position where its padding ends and zeros begin
  std::int64_t frames = 0;
  std::int64_t first_read = 0;  // position of the first sample that frame 0's window reads
};

// The framing of the signal alone, without frames.
Framing signal_extent(const Spec& spec, std::int64_t samples);

// The framing of the signal, without frames if the output is the waveform. Throws
// std::invalid_argument if the signal is too short for one frame or for its padding.
Framing frame_signal(const Spec& spec, std::int64_t samples);
// The same if more samples may follow, so that they need not suffice for the padding yet: with
// frame_multiple, a length that is too short may lie between two that are not.
Framing frame_so_far(const Spec& spec, std::int64_t samples);

// The position after which every sample that a frame reads is exactly zero for any signal, or
// no_position if there is none or it cannot be determined.
std::int64_t silent_from(const Spec& spec, const Framing& framing);

// The position of the first sample that frame 0's window reads, of a signal of any length.
std::int64_t first_read(const Spec& spec);
// Whether the position of the first sample given depends on how many there are.
bool moves_with_length(const Spec& spec);

// The offset of the window inside n_fft.
std::int64_t window_offset(const Spec& spec);

// The modes that fill positions on the left and on the right of the signal.
PadMode left_mode(const Spec& spec);
PadMode right_mode(const Spec& spec);

}  // namespace sonogram
