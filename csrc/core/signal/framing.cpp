// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/signal/framing.hpp"

#include <algorithm>

#include "core/base/errors.hpp"

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

constexpr std::int64_t max_span = std::int64_t{1} << 52;

std::pair<std::int64_t, std::int64_t> frame_pads(const Spec& s) {
  if (s.frame_pad) return *s.frame_pad;
  const std::int64_t half = s.center ? s.n_fft / 2 : 0;
  return {half, half};
}

void check_pad(PadMode mode, std::int64_t amount, std::int64_t total) {
  if (amount == 0) return;
  const auto padded = [&] {
    return std::string("waveform for pad_mode='") + name_of(mode) + "' and " + number(amount) +
           " samples of padding";
  };
  if (mode == PadMode::reflect && amount >= total) {
    invalid(padded(), "of " + number(total) + " samples", "longer than the padding");
  }
  if (mode == PadMode::circular && amount > total) {
    invalid(padded(), "of " + number(total) + " samples", "at least as long as the padding");
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
  if (*s.snip_edges) return {f.total, s.frame_span.value_or(win)};
  return {f.total, s.frame_span.value_or(hop - hop / 2)};
}

Count torch_frames(const Spec& s, const Framing& f) {
  const auto [left, right] = frame_pads(s);
  if (f.total == 0) invalid("waveform", "empty", "at least 1 sample long");
  const Count count{left + f.total + right, s.frame_span.value_or(s.n_fft)};
  if (count.padded - s.frame_offset < count.span && !s.round_up) {
    const std::string offset =
        s.frame_offset == 0 ? "" : " after frame_offset = " + number(s.frame_offset);
    invalid("waveform", number(f.total) + " samples long",
            std::string("at least ") + (s.frame_span ? "frame_span" : "n_fft") + " = " +
                number(count.span) + " samples" + offset + " with its padding (" + number(left) +
                " + " + number(right) + ") for one frame");
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
    invalid("frame_multiple", number(s.frame_multiple),
            "small enough for frames that lie within 2**52 samples, at hop_length = " +
                number(s.hop()));
  }
  f.frames = rounded;
  f.total = std::max(f.total, (rounded - 1) * s.hop() + 1);
}

// Whether the samples that `mode` gives for the `reach` positions beyond the signal are all among
// those from `silent` on.
bool pads_with_silence(PadMode mode, const Framing& f, std::int64_t reach, std::int64_t silent) {
  switch (mode) {
    case PadMode::constant: return true;
    case PadMode::replicate: return silent < f.total;
    case PadMode::circular: return reach <= f.zeros;
    case PadMode::reflect: return f.total - 1 - reach >= silent;
    default: return f.total - reach >= silent;
  }
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

Framing lay_out(const Spec& s, std::int64_t samples) {
  Framing f;
  f.given = samples;
  const std::int64_t least = s.length ? *s.length : s.min_length.value_or(0);
  f.kept = std::min(samples, s.length ? *s.length : s.max_length.value_or(samples));
  std::int64_t wanted = std::max(f.kept, least);
  if (s.length_step) {
    const std::int64_t step = *s.length_step;
    wanted = least + (wanted - least + step - 1) / step * step;
  }
  f.zeros = s.pad.first;
  f.filled = f.kept;
  if (f.kept > 0) {
    switch (s.length_mode) {
      case LengthMode::zeros: break;
      case LengthMode::zeros_both: f.zeros += (wanted - f.kept) / 2; break;
      case LengthMode::repeat: f.filled = wanted; break;
      case LengthMode::repeat_zeros: f.filled = wanted / f.kept * f.kept; break;
    }
  }
  f.total = s.pad.first + wanted + s.pad.second;
  return f;
}

Framing frame_so_far(const Spec& s, std::int64_t samples) {
  Framing f = lay_out(s, samples);
  if (s.output == Output::waveform) return f;
  f.frames = frames_of(s, s.snip_edges ? kaldi_frames(s, f) : torch_frames(s, f));
  f.first = first_read(s);
  if (s.drop_last && f.frames > 0) --f.frames;
  round_frames(s, f);
  if (!s.snip_edges) f.limit = f.total + frame_pads(s).second;
  else if (*s.snip_edges) f.limit = f.total;
  return f;
}

Framing frame_signal(const Spec& s, std::int64_t samples) {
  const Framing f = frame_so_far(s, samples);
  if (s.snip_edges || s.output == Output::waveform) return f;
  const auto [left, right] = frame_pads(s);
  check_pad(s.pad_mode.first, left, f.total);
  check_pad(s.pad_mode.second, right, f.total);
  return f;
}

std::int64_t silent_from(const Spec& s, const Framing& f) {
  if (f.filled == 0) return std::min<std::int64_t>(f.first, 0);
  const std::int64_t silent = f.zeros + f.filled;
  if (f.frames == 0) return silent;
  const std::int64_t end = f.first + (f.frames - 1) * s.hop() + s.window_length();
  const std::int64_t reach = std::min(end, f.limit) - f.total;
  return reach <= 0 || pads_with_silence(right_mode(s), f, reach, silent) ? silent : no_position;
}

}  // namespace sonogram
