// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/signal/framing.hpp"

#include <algorithm>

#include "core/base/errors.hpp"
#include "core/spec/fields.hpp"

namespace sonogram {
namespace {

constexpr std::int64_t max_span = std::int64_t{1} << 52;

std::pair<std::int64_t, std::int64_t> frame_pads(const Spec& s) {
  if (s.frame_pad) return *s.frame_pad;
  const std::int64_t half = s.center ? s.n_fft / 2 : 0;
  return {half, half};
}

void check_pad(PadMode mode, std::int64_t amount, std::int64_t total) {
  if (amount == 0) return;
  const auto padded = [&] {
    return std::string("waveform for pad_mode='") + word_of(mode, words::pad_mode) + "' and " +
           format_number(amount) + " samples of padding";
  };
  if (mode == PadMode::reflect && amount >= total) {
    throw_invalid(padded(), "of " + format_number(total) + " samples", "longer than the padding");
  }
  if (mode == PadMode::circular && amount > total) {
    throw_invalid(padded(), "of " + format_number(total) + " samples",
                  "at least as long as the padding");
  }
}

// Samples that frame t must have from position first + t * hop on to be counted, among those that
// `padded` counts.
struct Count {
  std::int64_t padded, span;
};

// Kaldi, feat/feature-window.cc: NumFrames and FirstSampleOfFrame. Its (total + hop / 2) / hop
// frames are those of which the first half of the hop lies in the signal.
Count kaldi_frames(const Spec& s, const Framing& f) {
  const std::int64_t win = s.window_length(), hop = s.hop();
  if (*s.snip_edges) return {f.length, s.frame_span.value_or(win)};
  return {f.length, s.frame_span.value_or(hop - hop / 2)};
}

Count torch_frames(const Spec& s, const Framing& f) {
  const auto [left, right] = frame_pads(s);
  if (f.length == 0) throw_invalid("waveform", "empty", "at least 1 sample long");
  const Count count{left + f.length + right, s.frame_span.value_or(s.n_fft)};
  if (count.padded - s.frame_offset < count.span && !s.round_up) {
    const std::string offset =
        s.frame_offset == 0 ? "" : " after frame_offset = " + format_number(s.frame_offset);
    throw_invalid("waveform", format_number(f.length) + " samples long",
                  std::string("at least ") + (s.frame_span ? "frame_span" : "n_fft") + " = " +
                      format_number(count.span) + " samples" + offset + " with its padding (" +
                      format_number(left) + " + " + format_number(right) + ") for one frame");
  }
  return count;
}

std::int64_t frames_of(const Spec& s, const Count& count) {
  const std::int64_t hop = s.hop(), rest = count.padded - s.frame_offset - count.span;
  if (rest < 0) return s.round_up ? 1 : 0;
  return 1 + (rest + (s.round_up ? hop - 1 : 0)) / hop;
}

// As GraniteSpeech5FeatureExtractor (transformers) does: frames that are added make the signal long
// enough for the sample on which the last one is centred.
void round_frames(const Spec& s, Framing& f) {
  const std::int64_t rounded =
      (f.frames + s.frame_multiple - 1) / s.frame_multiple * s.frame_multiple;
  if (rounded == f.frames) return;
  if (rounded - 1 > max_span / s.hop()) {
    throw_invalid("frame_multiple", format_number(s.frame_multiple),
                  "small enough for frames that lie within 2**52 samples, at hop_length = " +
                      format_number(s.hop()));
  }
  f.frames = rounded;
  f.length = std::max(f.length, (rounded - 1) * s.hop() + 1);
}

// Whether the samples that `mode` gives for the `reach` positions beyond the signal are all among
// those from `silent` on.
bool pads_with_silence(PadMode mode, const Framing& f, std::int64_t reach, std::int64_t silent) {
  switch (mode) {
    case PadMode::constant: return true;
    case PadMode::replicate: return silent < f.length;
    case PadMode::circular: return reach <= f.lead_zeros;
    case PadMode::reflect: return f.length - 1 - reach >= silent;
    case PadMode::symmetric: return f.length - reach >= silent;
  }
  throw_no_such_value();
}

}  // namespace

std::int64_t window_offset(const Spec& spec) {
  if (spec.window_align == WindowAlign::left) return 0;
  return (spec.n_fft - spec.window_length()) / 2;
}

std::int64_t first_read(const Spec& s) {
  if (!s.snip_edges) return window_offset(s) - frame_pads(s).first + s.frame_offset;
  return s.frame_offset + (*s.snip_edges ? 0 : s.hop() / 2 - s.window_length() / 2);
}

bool moves_with_length(const Spec& s) {
  return s.length_mode == LengthMode::zeros_both && (s.length || s.min_length || s.length_step);
}

PadMode left_mode(const Spec& spec) {
  return spec.snip_edges ? PadMode::symmetric : spec.pad_mode.first;
}

PadMode right_mode(const Spec& spec) {
  return spec.snip_edges ? PadMode::symmetric : spec.pad_mode.second;
}

Framing signal_extent(const Spec& s, std::int64_t samples) {
  Framing f;
  f.num_given = samples;
  const std::int64_t least = s.length ? *s.length : s.min_length.value_or(0);
  f.num_kept = std::min(samples, s.length ? *s.length : s.max_length.value_or(samples));
  std::int64_t wanted = std::max(f.num_kept, least);
  if (s.length_step) {
    const std::int64_t step = *s.length_step;
    wanted = least + (wanted - least + step - 1) / step * step;
  }
  f.lead_zeros = s.pad.first;
  f.num_filled = f.num_kept;
  if (f.num_kept > 0) {
    switch (s.length_mode) {
      case LengthMode::zeros: break;
      case LengthMode::zeros_both: f.lead_zeros += (wanted - f.num_kept) / 2; break;
      case LengthMode::repeat: f.num_filled = wanted; break;
      case LengthMode::repeat_zeros: f.num_filled = wanted / f.num_kept * f.num_kept; break;
    }
  }
  f.length = s.pad.first + wanted + s.pad.second;
  return f;
}

Framing frame_so_far(const Spec& s, std::int64_t samples) {
  Framing f = signal_extent(s, samples);
  if (s.output == Output::waveform) return f;
  f.frames = frames_of(s, s.snip_edges ? kaldi_frames(s, f) : torch_frames(s, f));
  f.first_read = first_read(s);
  if (s.drop_last && f.frames > 0) --f.frames;
  round_frames(s, f);
  if (!s.snip_edges) f.padded_end = f.length + frame_pads(s).second;
  else if (*s.snip_edges) f.padded_end = f.length;
  return f;
}

Framing frame_signal(const Spec& s, std::int64_t samples) {
  const Framing f = frame_so_far(s, samples);
  if (s.snip_edges || s.output == Output::waveform) return f;
  const auto [left, right] = frame_pads(s);
  check_pad(s.pad_mode.first, left, f.length);
  check_pad(s.pad_mode.second, right, f.length);
  return f;
}

std::int64_t silent_from(const Spec& s, const Framing& f) {
  if (f.num_filled == 0) return std::min<std::int64_t>(f.first_read, 0);
  const std::int64_t silent = f.lead_zeros + f.num_filled;
  if (f.frames == 0) return silent;
  const std::int64_t end = f.first_read + (f.frames - 1) * s.hop() + s.window_length();
  const std::int64_t reach = std::min(end, f.padded_end) - f.length;
  return reach <= 0 || pads_with_silence(right_mode(s), f, reach, silent) ? silent : no_position;
}

}  // namespace sonogram
