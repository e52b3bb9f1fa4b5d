// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "framing.hpp"

#include "text.hpp"

namespace sonogram {
namespace {

const char* name_of(PadMode mode) {
  switch (mode) {
    case PadMode::constant: return "constant";
    case PadMode::reflect: return "reflect";
    case PadMode::replicate: return "replicate";
    case PadMode::circular: return "circular";
    default: return "symmetric";
  }
}

void check_pad(PadMode mode, std::int64_t amount, std::int64_t total) {
  if (amount == 0) return;
  const std::string padded = std::string("waveform for pad_mode='") + name_of(mode) + "' and " +
                             number(amount) + " samples of padding";
  if (mode == PadMode::reflect && amount >= total) {
    invalid(padded, "of " + number(total) + " samples", "longer than the padding");
  }
  if (mode == PadMode::circular && amount > total) {
    invalid(padded, "of " + number(total) + " samples", "at least as long as the padding");
  }
}

// Kaldi, feat/feature-window.cc: NumFrames and FirstSampleOfFrame.
void kaldi_frames(const Spec& s, Framing& f) {
  const std::int64_t win = s.window_length(), hop = s.hop();
  if (*s.snip_edges) {
    f.frames = f.total < win ? 0 : 1 + (f.total - win) / hop;
    f.first = 0;
  } else {
    f.frames = (f.total + hop / 2) / hop;
    f.first = hop / 2 - win / 2;
  }
}

void torch_frames(const Spec& s, Framing& f) {
  std::int64_t left = s.center ? s.n_fft / 2 : 0, right = left;
  if (s.frame_pad) left = s.frame_pad->first, right = s.frame_pad->second;
  if (f.total == 0) invalid("waveform", "empty", "at least 1 sample long");
  check_pad(s.pad_mode.first, left, f.total);
  check_pad(s.pad_mode.second, right, f.total);
  const std::int64_t padded = left + f.total + right;
  if (padded < s.n_fft) {
    invalid("waveform", number(f.total) + " samples long",
            "at least n_fft = " + number(s.n_fft) + " samples with its padding (" + number(left) +
                " + " + number(right) + ") for one frame");
  }
  f.frames = 1 + (padded - s.n_fft) / s.hop();
  f.first = window_offset(s) - left;
}

}  // namespace

std::int64_t window_offset(const Spec& spec) {
  if (spec.window_align == WindowAlign::left) return 0;
  return (spec.n_fft - spec.window_length()) / 2;
}

PadMode left_mode(const Spec& spec) {
  return spec.snip_edges ? PadMode::symmetric : spec.pad_mode.first;
}

PadMode right_mode(const Spec& spec) {
  return spec.snip_edges ? PadMode::symmetric : spec.pad_mode.second;
}

Framing frame_signal(const Spec& s, std::int64_t samples) {
  Framing f;
  f.given = samples;
  const std::int64_t wanted = s.length.value_or(samples);
  f.kept = samples < wanted ? samples : wanted;
  f.zeros = s.pad.first;
  f.total = s.pad.first + wanted + s.pad.second;
  if (s.output == Output::waveform) return f;  // no frames are cut
  if (s.snip_edges) {
    kaldi_frames(s, f);
  } else {
    torch_frames(s, f);
  }
  if (s.drop_last && f.frames > 0) --f.frames;
  return f;
}

}  // namespace sonogram
