// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// How many frames a signal has and where they lie.
#include "check.hpp"
#include "core/framing.hpp"

using sonogram::frame_signal;
using sonogram::Framing;
using sonogram::PadMode;
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
        CHECK_EQUAL(f.first, -(n_fft / 2));
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
    CHECK_EQUAL(f.first, 50);  // the window's place in n_fft
    s.window_align = WindowAlign::left;
    CHECK_EQUAL(frame_signal(s, samples).first, 0);
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
  CHECK_EQUAL(frame_signal(s, 16000).first, 0);
  s.snip_edges = false;
  CHECK_EQUAL(frame_signal(s, 0).frames, 0);
  CHECK_EQUAL(frame_signal(s, 79).frames, 0);
  CHECK_EQUAL(frame_signal(s, 80).frames, 1);
  CHECK_EQUAL(frame_signal(s, 16000).frames, 100);
  CHECK_EQUAL(frame_signal(s, 16000).first, 80 - 200);
  CHECK(left_mode(s) == PadMode::symmetric && right_mode(s) == PadMode::symmetric);
}

TEST(explicit_pads_take_the_place_of_centring) {
  Spec s = framed(400, 400, 100);
  s.frame_pad = {30, 70};
  const Framing f = frame_signal(s, 1000);
  CHECK_EQUAL(f.frames, 1 + (1100 - 400) / 100);
  CHECK_EQUAL(f.first, -30);
}

TEST(length_and_pad_come_before_framing) {
  Spec s = framed(100, 100, 50);
  s.length = 480;
  s.pad = {10, 20};
  for (const std::int64_t samples : {0, 1, 479, 480, 9000}) {
    const Framing f = frame_signal(s, samples);
    CHECK_EQUAL(f.total, 510);
    CHECK_EQUAL(f.kept, std::min<std::int64_t>(samples, 480));
    CHECK_EQUAL(f.zeros, 10);
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
  CHECK_EQUAL(frame_signal(s, 400).frames, 1);
}

TEST(counts_do_not_overflow_for_very_long_signals) {
  Spec s = framed(400, 400, 1);
  const std::int64_t samples = std::int64_t{1} << 40;
  CHECK_EQUAL(frame_signal(s, samples).frames, samples + 1);
}
