// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// How many frames a signal has and where they lie.
#include <algorithm>
#include <vector>

#include "check.hpp"
#include "core/signal/conditioned_signal.hpp"
#include "core/signal/framing.hpp"

using sonogram::ConditionedSignal;
using sonogram::frame_signal;
using sonogram::Framing;
using sonogram::no_position;
using sonogram::PadMode;
using sonogram::SampleType;
using sonogram::Spec;
using sonogram::WindowAlign;

namespace {

Spec framed(std::int64_t n_fft, std::int64_t win, std::int64_t hop) {
  Spec s;
  s.n_fft = n_fft;
  s.win_length = win;
  s.hop_length = hop;
  return s;
}

}  // namespace

TEST(centred_frames_lie_around_multiples_of_the_hop) {
  for (const std::int64_t n_fft : {1, 2, 5, 400, 401}) {
    for (const std::int64_t hop : {1, 3, 160}) {
      for (const std::int64_t samples : {201, 399, 400, 401, 16000}) {
        const check::Scope scope("n_fft ", n_fft, " hop ", hop, " samples ", samples);
        const Framing f = frame_signal(framed(n_fft, n_fft, hop), samples);
        // 1 + samples / hop, less what an odd n_fft lacks at the end
        CHECK_EQUAL(f.frames, 1 + (samples - n_fft % 2) / hop);
        CHECK_EQUAL(f.first_read, -(n_fft / 2));
      }
    }
  }
}

TEST(frames_that_are_not_centred_fit_n_fft_samples) {
  for (const std::int64_t samples : {400, 401, 559, 560, 561, 16000}) {
    Spec s = framed(400, 300, 160);
    s.center = false;
    const Framing f = frame_signal(s, samples);
    std::int64_t frames = 0;
    while (frames * 160 + 400 <= samples) ++frames;
    CHECK_EQUAL(f.frames, frames);
    CHECK_EQUAL(f.first_read, 50);  // the window's place in n_fft
    s.window_align = WindowAlign::left;
    CHECK_EQUAL(frame_signal(s, samples).first_read, 0);
  }
}

TEST(kaldi_snips_or_mirrors) {
  Spec s = framed(512, 400, 160);
  s.snip_edges = true;
  CHECK_EQUAL(frame_signal(s, 0).frames, 0);
  CHECK_EQUAL(frame_signal(s, 399).frames, 0);
  CHECK_EQUAL(frame_signal(s, 400).frames, 1);
  CHECK_EQUAL(frame_signal(s, 559).frames, 1);
  CHECK_EQUAL(frame_signal(s, 560).frames, 2);
  CHECK_EQUAL(frame_signal(s, 16000).frames, 98);
  CHECK_EQUAL(frame_signal(s, 16000).first_read, 0);
  s.snip_edges = false;
  CHECK_EQUAL(frame_signal(s, 0).frames, 0);
  CHECK_EQUAL(frame_signal(s, 79).frames, 0);
  CHECK_EQUAL(frame_signal(s, 80).frames, 1);
  CHECK_EQUAL(frame_signal(s, 16000).frames, 100);
  CHECK_EQUAL(frame_signal(s, 16000).first_read, 80 - 200);
  CHECK(left_mode(s) == PadMode::symmetric && right_mode(s) == PadMode::symmetric);
}

TEST(explicit_pads_take_the_place_of_centring) {
  Spec s = framed(400, 400, 100);
  s.frame_pad = {30, 70};
  const Framing f = frame_signal(s, 1000);
  CHECK_EQUAL(f.frames, 1 + (1100 - 400) / 100);
  CHECK_EQUAL(f.first_read, -30);
}

TEST(length_and_pad_come_before_framing) {
  Spec s = framed(100, 100, 50);
  s.length = 480;
  s.pad = {10, 20};
  for (const std::int64_t samples : {0, 1, 479, 480, 9000}) {
    const Framing f = frame_signal(s, samples);
    CHECK_EQUAL(f.length, 510);
    CHECK_EQUAL(f.num_kept, std::min<std::int64_t>(samples, 480));
    CHECK_EQUAL(f.lead_zeros, 10);
    CHECK_EQUAL(f.frames, 11);
  }
}

TEST(the_last_frame_can_be_left_out) {
  Spec s = framed(400, 400, 160);
  s.drop_last = true;
  CHECK_EQUAL(frame_signal(s, 480000).frames, 3000);
  s.snip_edges = true;
  CHECK_EQUAL(frame_signal(s, 400).frames, 0);
  CHECK_EQUAL(frame_signal(s, 0).frames, 0);
}

// Frames t of a hop of 10 that are counted: those whose `span` samples from t * 10 on lie among
// `padded`, or one more where some are left over.
static std::int64_t counted(std::int64_t padded, std::int64_t span, bool round_up) {
  std::int64_t frames = 0;
  while (frames * 10 + span <= padded) ++frames;
  const bool left_over = frames == 0 || (frames - 1) * 10 + span < padded;
  return frames + (round_up && left_over ? 1 : 0);
}

TEST(a_frame_counts_when_its_span_lies_in_the_padded_signal) {
  for (const std::int64_t samples : {1, 9, 10, 24, 25, 26, 39, 40, 41, 60, 61, 100}) {
    for (const std::int64_t offset : {0, 3, 12}) {
      for (const bool up : {false, true}) {
        const check::Scope scope("samples ", samples, " offset ", offset, " up ", up);
        Spec s = framed(40, 25, 10);
        s.window_align = WindowAlign::left;
        s.pad_mode = {PadMode::constant, PadMode::constant};
        s.frame_offset = offset;
        s.round_up = up;
        for (const std::int64_t span : {0, 12, 30}) {  // 0: the framing's own
          if (span > 0) s.frame_span = span;
          s.snip_edges.reset();
          const std::int64_t needed = span > 0 ? span : 40;
          if (up || samples + 40 - offset >= needed) {
            const Framing padded = frame_signal(s, samples);
            CHECK_EQUAL(padded.frames, counted(samples + 40 - offset, needed, up));
            CHECK_EQUAL(padded.first_read, offset - 20);
            CHECK_EQUAL(padded.padded_end, samples + 20);
          }
          s.snip_edges = true;
          const Framing snipped = frame_signal(s, samples);
          CHECK_EQUAL(snipped.frames, counted(samples - offset, span > 0 ? span : 25, up));
          CHECK_EQUAL(snipped.first_read, offset);
          CHECK_EQUAL(snipped.padded_end, samples);
          s.snip_edges = false;
          const Framing mirrored = frame_signal(s, samples);
          CHECK_EQUAL(mirrored.frames, counted(samples - offset, span > 0 ? span : 5, up));
          CHECK_EQUAL(mirrored.first_read, 5 - 12 + offset);
          CHECK_EQUAL(mirrored.padded_end, sonogram::no_position);
        }
      }
    }
  }
}

TEST(a_rounded_count_has_its_last_frame_centred_on_a_sample) {
  Spec s = framed(512, 400, 160);
  s.drop_last = true;
  s.frame_multiple = 2;
  for (const std::int64_t samples : {257, 319, 320, 321, 479, 480, 481, 639, 640, 641, 16000}) {
    const check::Scope scope("samples ", samples);
    const std::int64_t frames = samples / 160, even = (frames + 1) / 2 * 2;
    const Framing f = frame_signal(s, samples);
    CHECK_EQUAL(f.frames, even);
    // an odd number of whole hops lacks the sample at the next frame's centre, and no other count
    CHECK_EQUAL(f.length, samples + (frames % 2 == 1 && samples % 160 == 0 ? 1 : 0));
    CHECK_EQUAL(f.padded_end, f.length + 256);
  }
  s = framed(400, 400, 160);
  s.snip_edges = true;
  s.frame_multiple = 4;
  CHECK_EQUAL(frame_signal(s, 399).frames, 0);
  CHECK_EQUAL(frame_signal(s, 400).frames, 4);
  CHECK_EQUAL(frame_signal(s, 400).length, 481);
  s.hop_length = std::int64_t{1} << 48;
  s.frame_multiple = 1 << 20;
  CHECK_REFUSES(frame_signal(s, 400), "frame_multiple");
}

TEST(a_waveform_has_no_frames_and_no_shortest_length) {
  Spec s = framed(400, 400, 160);
  s.output = sonogram::Output::waveform;
  s.pad = {1, 2};
  for (const std::int64_t samples : {0, 1, 500}) {
    CHECK_EQUAL(frame_signal(s, samples).frames, 0);
    CHECK_EQUAL(frame_signal(s, samples).length, samples + 3);
  }
}

TEST(signals_too_short_are_refused) {
  Spec s = framed(400, 400, 160);
  CHECK_REFUSES(frame_signal(s, 0), "empty");
  CHECK_REFUSES(frame_signal(s, 200), "reflect");
  CHECK_EQUAL(frame_signal(s, 201).frames, 2);
  s.pad_mode = {PadMode::circular, PadMode::circular};
  CHECK_REFUSES(frame_signal(s, 199), "circular");
  CHECK_EQUAL(frame_signal(s, 200).frames, 2);
  for (const PadMode mode : {PadMode::constant, PadMode::replicate, PadMode::symmetric}) {
    s.pad_mode = {mode, mode};
    CHECK_EQUAL(frame_signal(s, 1).frames, 1);
  }
  s.center = false;
  CHECK_REFUSES(frame_signal(s, 399), "n_fft = 400");
  s.frame_offset = 7;
  CHECK_REFUSES(frame_signal(s, 406), "frame_offset = 7");
  s.frame_span = 410;
  CHECK_REFUSES(frame_signal(s, 416), "frame_span = 410");
  s.frame_span.reset();
  s.frame_offset = 0;
  CHECK_EQUAL(frame_signal(s, 400).frames, 1);
}

TEST(counts_do_not_overflow_for_very_long_signals) {
  Spec s = framed(400, 400, 1);
  const std::int64_t samples = std::int64_t{1} << 40;
  CHECK_EQUAL(frame_signal(s, samples).frames, samples + 1);
  s.hop_length = s.length_step = std::int64_t{1} << 48;
  s.round_up = true;
  CHECK_EQUAL(frame_signal(s, samples).length, std::int64_t{1} << 48);
  CHECK_EQUAL(frame_signal(s, samples).frames, 2);
}

namespace {

// Of an item of ones, whether any frame reads one from `silent` on, sample by sample.
bool reads_a_one(const Spec& s, const Framing& f, std::int64_t silent) {
  const std::vector<double> ones(static_cast<std::size_t>(f.num_given), 1.0);
  const ConditionedSignal<double> source(s, f, ones.data(), SampleType::float64, 8);
  const std::int64_t end = f.first_read + (f.frames - 1) * s.hop() + s.window_length();
  for (std::int64_t at = silent; at < std::min(end, f.padded_end); ++at) {
    double value = 0;
    source.read(at, 1, &value);
    if (value != 0) return true;
  }
  return false;
}

}  // namespace

// Zeros behind an item of 20 samples, from fewer than its padding reads to more, one by one.
TEST(frames_are_silent_exactly_where_their_padding_reads_zeros_alone) {
  int silent_ones = 0, others = 0;
  for (const PadMode mode : {PadMode::constant, PadMode::reflect, PadMode::replicate,
                             PadMode::circular, PadMode::symmetric}) {
    for (const std::int64_t zeros_before : {0, 3, 4, 5}) {
      for (std::int64_t zeros = 0; zeros < 12; ++zeros) {
        for (const std::int64_t hop : {1, 3}) {
          const check::Scope scope("mode ", int(mode), " zeros ", zeros_before, " and ", zeros,
                                   " hop ", hop);
          Spec s = framed(8, 8, hop);
          s.pad_mode = {mode, mode};
          s.pad = {zeros_before, zeros};
          const Framing f = frame_signal(s, 20);
          const bool loud = reads_a_one(s, f, zeros_before + 20);
          CHECK_EQUAL(silent_from(s, f), loud ? no_position : zeros_before + 20);
          ++(loud ? others : silent_ones);
        }
      }
    }
  }
  CHECK(silent_ones > 100 && others > 100);
}
