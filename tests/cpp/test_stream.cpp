// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Streams without Python: the Extractor's bits, and no allocation in a push.
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

#include "check.hpp"
#include "dft.hpp"
#include "run.hpp"
#include "sonogram/stream.hpp"

namespace {

std::atomic<std::int64_t> allocations{0};

void* counted(std::size_t bytes, std::size_t alignment) {
  ++allocations;
  void* p = alignment <= alignof(std::max_align_t)
                ? std::malloc(bytes > 0 ? bytes : 1)
                : std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
  if (p == nullptr) throw std::bad_alloc();
  return p;
}

}  // namespace

void* operator new(std::size_t bytes) { return counted(bytes, 1); }
void* operator new[](std::size_t bytes) { return counted(bytes, 1); }
void* operator new(std::size_t bytes, std::align_val_t a) {
  return counted(bytes, static_cast<std::size_t>(a));
}
void* operator new[](std::size_t bytes, std::align_val_t a) {
  return counted(bytes, static_cast<std::size_t>(a));
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

namespace {

using sonogram::FinishKind;
using sonogram::make_stage;
using sonogram::Spec;

Spec mel(sonogram::Layout layout) {
  Spec s;
  s.filterbank = sonogram::FilterbankKind::mel;
  s.n_mels = 80;
  s.hop_length = 160;
  s.log = sonogram::LogKind::ln;
  s.layout = layout;
  return s;
}

std::vector<Spec> specs() {
  std::vector<Spec> all(4, mel(sonogram::Layout::time_freq));
  all[1].snip_edges = true;
  all[1].remove_dc = true;
  all[1].frame_preemphasis = 0.97;
  all[2].preemphasis = 0.97;
  all[2].dither = 0.001;
  all[2].finish = {make_stage(FinishKind::deltas, {{"order", 2.0}}),
                   make_stage(FinishKind::sliding_cmn, {{"window", 30.0}, {"min_window", 5.0}}),
                   make_stage(FinishKind::stack, {{"size", 3.0}, {"stride", 2.0}})};
  all[3].finish = {make_stage(FinishKind::dynamic_range, {{"range", 8.0}}),
                   make_stage(FinishKind::affine, {{"scale", 0.25}, {"offset", 1.0}})};
  return all;
}

sonogram::StreamOptions options_for(const Spec& spec) {
  sonogram::StreamOptions options;
  if (!sonogram::obstacles(spec).empty())
    options.maximum = {sonogram::StandIn::Kind::values, {1.5}};
  return options;
}

sonogram::Signals piece(const float* x, std::int64_t samples) {
  sonogram::Signals chunk;
  chunk.data = x;
  chunk.samples = samples;
  chunk.stride = sizeof(float);
  return chunk;
}

}  // namespace

TEST(pushes_joined_are_the_whole) {
  const std::vector<float> x = check::as_float(check::noise(16000, 51));
  for (const Spec& spec : specs()) {
    if (!sonogram::obstacles(spec).empty()) continue;
    const sonogram::Extractor extractor(spec);
    const std::vector<float> want = check::features(extractor, x);
    for (const std::int64_t size : {1, 160, 701, 16000}) {
      const check::Scope scope("chunks of ", size);
      sonogram::Stream stream(spec);
      std::vector<float> got;
      for (std::int64_t at = 0; at < 16000; at += size) {
        const std::int64_t n = std::min<std::int64_t>(size, 16000 - at);
        const bool last = at + n == 16000;
        const std::int64_t frames = stream.next_frames(n, last), before = stream.num_frames();
        got.resize(static_cast<std::size_t>((before + frames) * stream.num_rows()));
        const sonogram::Features out{got.data() + before * stream.num_rows(), stream.precision()};
        CHECK_EQUAL(stream.push(piece(x.data() + at, n), out, last), frames);
      }
      CHECK(got == want);
      CHECK(stream.ended());
    }
  }
}

TEST(a_push_allocates_nothing) {
  const std::vector<float> x = check::as_float(check::noise(64000, 52));
  for (const Spec& spec : specs()) {
    for (const std::int64_t size : {160, 4000}) {
      sonogram::Stream stream(spec, options_for(spec));
      std::vector<float> out(static_cast<std::size_t>(100 * stream.num_rows()));
      const auto push_from = [&](std::int64_t at, std::int64_t end) {
        for (; at < end; at += size) {
          stream.push(piece(x.data() + at, size), {out.data(), stream.precision()});
        }
      };
      push_from(0, 8000);  // what stages keep for their thread is there from then on
      stream.reset();
      const std::int64_t before = allocations;
      push_from(0, 64000);
      CHECK_EQUAL(allocations - before, 0);
    }
  }
}

TEST(a_survey_makes_a_stream_equal_the_whole) {
  const std::vector<float> x = check::as_float(check::noise(16000, 53));
  Spec spec = mel(sonogram::Layout::time_freq);
  spec.finish = {make_stage(FinishKind::dynamic_range, {{"range", 8.0}}),
                 make_stage(FinishKind::normalize)};
  sonogram::StreamOptions options;
  sonogram::Survey survey(spec, options, 16000);
  CHECK_EQUAL(survey.passes(), 3);
  while (!survey.done()) {
    for (int i = 0; i < 16; ++i) survey.push(piece(x.data() + i * 1000, 1000));
    survey.next_pass();
  }
  options.numbers = survey.numbers();
  sonogram::Stream stream(spec, options);
  std::vector<float> got(static_cast<std::size_t>(101 * 80));
  CHECK_EQUAL(stream.push(piece(x.data(), 16000), {got.data(), stream.precision()}, true), 101);
  CHECK(got == check::features(sonogram::Extractor(spec), x));
}

TEST(streams_refuse_what_they_cannot_know) {
  const Spec spec = specs()[3];
  CHECK_REFUSES(sonogram::Stream(spec), "dynamic_range");
  CHECK_REFUSES(sonogram::Stream(spec), "maximum=");
  CHECK_EQUAL(sonogram::obstacles(spec).size(), std::size_t{1});
  sonogram::Stream stream(mel(sonogram::Layout::time_freq));
  float none[1] = {};
  CHECK_REFUSES(stream.flush({none, stream.precision()}), "empty");
  CHECK_REFUSES(stream.flush({none, stream.precision()}), "reset");
  stream.reset();
  CHECK_EQUAL(stream.latency().first, 201);
  CHECK_EQUAL(stream.latency().per_frame, 160);
}
