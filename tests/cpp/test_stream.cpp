// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Streams without Python: the Extractor's bits, and no allocation in a push.
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <thread>

#include "check.hpp"
#include "dft.hpp"
#include "run.hpp"
#include "sonogram/c_api.h"
#include "sonogram/presets.hpp"
#include "sonogram/stream.hpp"

namespace {

std::atomic<std::int64_t> allocations{0};

// Neither is inlined: gcc would take one half of a pair for the match of another allocation.
__attribute__((noinline)) void* counted(std::size_t bytes, std::size_t alignment) {
  ++allocations;
  void* p = alignment <= alignof(std::max_align_t)
                ? std::malloc(bytes > 0 ? bytes : 1)
                : std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
  if (p == nullptr) throw std::bad_alloc();
  return p;
}

__attribute__((noinline)) void released(void* p) { std::free(p); }

}  // namespace

void* operator new(std::size_t bytes) { return counted(bytes, 1); }
void* operator new[](std::size_t bytes) { return counted(bytes, 1); }
void* operator new(std::size_t bytes, std::align_val_t a) {
  return counted(bytes, static_cast<std::size_t>(a));
}
void* operator new[](std::size_t bytes, std::align_val_t a) {
  return counted(bytes, static_cast<std::size_t>(a));
}
void operator delete(void* p) noexcept { released(p); }
void operator delete[](void* p) noexcept { released(p); }
void operator delete(void* p, std::size_t) noexcept { released(p); }
void operator delete[](void* p, std::size_t) noexcept { released(p); }
void operator delete(void* p, std::align_val_t) noexcept { released(p); }
void operator delete[](void* p, std::align_val_t) noexcept { released(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { released(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { released(p); }

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
  for (std::size_t i = 0; i < 4; ++i) {
    all.push_back(all[i]);
    all.back().compute_dtype = sonogram::Precision::float64;
  }
  return all;
}

// Those, and stages that look around, keep numbers, look back or cut patches.
std::vector<Spec> demanding_specs() {
  std::vector<Spec> all = specs();
  for (const char* mode : {"replicate", "kaldi", "interp"}) {
    all.push_back(mel(sonogram::Layout::freq_time));
    all.back().finish = {make_stage(FinishKind::deltas, {{"order", 2.0}, {"mode", mode}})};
  }
  all.push_back(mel(sonogram::Layout::freq_time));
  all.back().n_mels = 300;
  all.back().n_fft = 2048;
  all.back().finish = {make_stage(FinishKind::normalize, {{"axis", "time"}})};
  all.push_back(mel(sonogram::Layout::time_freq));
  all.back().finish = {make_stage(
      FinishKind::patches,
      {{"height", 96.0}, {"width", 80.0}, {"stride_height", 48.0}, {"stride_width", 80.0}})};
  return all;
}

sonogram::StreamOptions options_for(const Spec& spec) {
  sonogram::StreamOptions options;
  if (sonogram::obstacles(spec).empty()) return options;
  if (spec.finish[0].kind == FinishKind::normalize) {
    options.mean.kind = options.deviation.kind = sonogram::Substitute::Kind::running;
    options.window = 20;
  } else {
    options.maximum = {sonogram::Substitute::Kind::values, {1.5}};
  }
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

// Everything that a stream does once it is made, from the first push on, in a thread that has
// pushed nothing before.
TEST(a_stream_that_is_made_allocates_nothing) {
  const std::vector<float> x = check::as_float(check::noise(64000, 52));
  const std::vector<Spec> all = demanding_specs();
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const std::int64_t size : {160, 4000}) {
      const check::Scope scope("spec ", i, " chunks of ", size);
      sonogram::Stream stream(all[i], options_for(all[i]));
      std::vector<float> memory(static_cast<std::size_t>(800 * stream.num_rows()));
      const sonogram::Features out{memory.data(), stream.precision()};
      std::int64_t counted = -1;
      std::thread([&] {
        std::int64_t dims[3];
        const std::int64_t before = allocations;
        for (const bool by_flush : {false, true}) {
          for (std::int64_t at = 0; at < 64000; at += size) {
            const bool last = !by_flush && at + size >= 64000;
            stream.shape(stream.next_frames(size, last), dims);
            stream.push(piece(x.data() + at, size), out, last);
          }
          if (by_flush) stream.flush(out);
          stream.reset();
        }
        counted = allocations - before;
      }).join();
      CHECK_EQUAL(counted, 0);
    }
  }
}

// Every preset that streams, once its buffers have had time to fill: the result of some ends before
// the signal does. What allocates is the same on every processor: an emulated one
// sees the first seconds alone.
TEST(streams_of_presets_allocate_nothing_for_two_minutes) {
  const int seconds = check::emulated() ? 4 : 120;
  for (const sonogram::Preset& preset : sonogram::presets()) {
    if (!sonogram::obstacles(preset.spec).empty()) continue;
    const check::Scope scope(preset.name);
    const auto rate = static_cast<std::int64_t>(preset.spec.sample_rate);
    const std::vector<float> x(static_cast<std::size_t>(rate), 0.25f);
    sonogram::Stream stream(preset.spec);
    const std::vector<std::int64_t> shape = stream.shape(stream.next_frames(31 * rate));
    std::int64_t values = 2;  // a complex value has two
    for (const std::int64_t n : shape) values *= n;
    std::vector<double> memory(static_cast<std::size_t>(values));
    const std::int64_t before = allocations;
    for (int i = 0; i < seconds; ++i) {
      stream.push(piece(x.data(), rate), {memory.data(), stream.precision()});
    }
    CHECK_EQUAL(allocations - before, 0);
  }
}

TEST(what_comes_after_the_last_frame_is_counted_alone) {
  Spec spec = mel(sonogram::Layout::time_freq);
  spec.finish = {make_stage(FinishKind::deltas, {{"order", 1.0}}),
                 make_stage(FinishKind::frames, {{"count", 30.0}})};
  sonogram::Stream stream(spec);
  const std::vector<float> x = check::as_float(check::noise(16000, 57));
  std::vector<float> got(static_cast<std::size_t>(30 * stream.num_rows()));
  const sonogram::Features out{got.data(), stream.precision()};
  CHECK_EQUAL(stream.push(piece(x.data(), 16000), out), 30);
  CHECK_EQUAL(stream.samples_for(31), -1);
  // far more samples than could be read in the time of a test, all at one address
  sonogram::Signals endless = piece(x.data(), std::int64_t{1} << 40);
  endless.stride = 0;
  CHECK_EQUAL(stream.push(endless, out), 0);
  CHECK_EQUAL(stream.push(endless, out, true), 0);
  CHECK(got == check::features(sonogram::Extractor(spec), x));
}

TEST(the_c_api_of_a_stream_allocates_nothing_either) {
  const std::vector<float> x = check::as_float(check::noise(16000, 54));
  sonogram_extractor* extractor = nullptr;
  sonogram_stream* stream = nullptr;
  CHECK_EQUAL(sonogram_extractor_from_preset("kaldi-fbank-80", &extractor), SONOGRAM_OK);
  CHECK_EQUAL(sonogram_stream_new(extractor, nullptr, &stream), SONOGRAM_OK);
  std::vector<float> memory(static_cast<std::size_t>(100 * 80));
  sonogram_features out{};
  out.struct_size = sizeof out;
  out.data = memory.data();
  out.capacity = memory.size() * sizeof(float);
  const std::int64_t before = allocations;
  for (int i = 0; i < 100; ++i) {
    sonogram_signals chunk{};
    chunk.struct_size = sizeof chunk;
    chunk.data = x.data() + 160 * i;
    chunk.type = SONOGRAM_FLOAT32;
    chunk.items = 1;
    chunk.samples = 160;
    sonogram_shape shape{};
    shape.struct_size = sizeof shape;
    std::int64_t frames = 0;
    CHECK_EQUAL(sonogram_stream_shape(stream, 160, i == 99, &shape), SONOGRAM_OK);
    CHECK_EQUAL(sonogram_stream_push(stream, &chunk, i == 99, &out, &frames), SONOGRAM_OK);
    CHECK_EQUAL(frames, shape.frames);
  }
  CHECK_EQUAL(sonogram_stream_reset(stream), SONOGRAM_OK);
  CHECK_EQUAL(allocations - before, 0);
  sonogram_stream_free(stream);
  sonogram_extractor_free(extractor);
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

TEST(a_push_does_not_write_beyond_memory_of_a_known_size) {
  for (const Spec& spec : demanding_specs()) {
    sonogram::StreamOptions options = options_for(spec);
    options.channels = 2;
    sonogram::Stream stream(spec, options);
    const std::vector<float> x(16000, 0.5f);
    sonogram::Signals chunk = piece(x.data(), 16000);
    const std::int64_t offsets[2] = {0, 0};
    chunk.items = 2;
    chunk.item_offsets = offsets;
    std::int64_t bytes = 2 * (stream.is_complex() ? 8 : 4);
    for (const std::int64_t n : stream.shape(stream.next_frames(16000, true))) bytes *= n;
    std::vector<float> got(static_cast<std::size_t>(bytes / 4), 7.0f);
    sonogram::Features out{got.data(), stream.precision(), bytes - 1};
    CHECK_REFUSES(stream.push(chunk, out, true), "features.capacity");
    CHECK(got == std::vector<float>(got.size(), 7.0f));
    CHECK(!stream.ended());
    out.capacity = bytes;
    chunk.type = sonogram::SampleType::int16;
    CHECK_REFUSES(stream.push(chunk, out, true),
                  "chunk.type is int16; it must be the stream's, float32");
    chunk.type = sonogram::SampleType::float32;
    CHECK(stream.push(chunk, out, true) > 0);
  }
}

TEST(streams_refuse_what_they_cannot_know) {
  const Spec spec = specs()[3];
  CHECK_REFUSES(sonogram::Stream(spec), "dynamic_range");
  CHECK_REFUSES(sonogram::Stream(spec), "maximum, known or running");
  CHECK_EQUAL(sonogram::obstacles(spec).size(), std::size_t{1});
  sonogram::Stream stream(mel(sonogram::Layout::time_freq));
  float none[1] = {};
  CHECK_REFUSES(stream.flush({none, stream.precision()}), "empty");
  CHECK_REFUSES(stream.flush({none, stream.precision()}), "reset");
  stream.reset();
  CHECK_EQUAL(stream.latency().first, 201);
  CHECK_EQUAL(stream.latency().per_frame, 160);
}

TEST(stages_that_give_nothing_before_the_end_leave_a_stream_without_a_first_frame) {
  Spec spec = mel(sonogram::Layout::time_freq);
  spec.finish = {make_stage(FinishKind::affine, {{"scale", 2.0}, {"offset", 1.0}}),
                 make_stage(FinishKind::frames, {{"count", 3.0}}),
                 make_stage(FinishKind::deltas, {{"order", 1.0}, {"win_length", 9.0}})};
  CHECK_EQUAL(sonogram::Stream(spec).latency().first, -1);
}

TEST(a_stream_of_no_channels_counts_its_frames) {
  sonogram::StreamOptions options;
  options.channels = 0;
  sonogram::Stream stream(specs()[2], options);
  const sonogram::Stream one(specs()[2]);
  sonogram::Signals chunk = piece(nullptr, 16000);
  chunk.items = 0;
  const std::int64_t frames = one.next_frames(16000);
  CHECK(frames > 0);
  CHECK_EQUAL(stream.push(chunk, {}), frames);
  CHECK_EQUAL(stream.flush({}), one.next_frames(16000, true) - frames);
}

TEST(memory_that_does_not_fit_the_stream_is_refused_and_nothing_is_taken) {
  const std::vector<float> x = check::as_float(check::noise(800, 55));
  sonogram::Stream stream(mel(sonogram::Layout::time_freq));
  std::vector<double> wide(static_cast<std::size_t>(10 * 80), 7.0);
  const sonogram::Signals chunk = piece(x.data(), 800);
  CHECK_REFUSES(stream.push(chunk, {wide.data(), sonogram::Precision::float64}),
                "features.precision is float64; it must be float32");
  CHECK_REFUSES(stream.push(chunk, {nullptr, sonogram::Precision::float32}, true),
                "features.data is null");
  CHECK_REFUSES(stream.push(piece(nullptr, 800), {wide.data(), stream.precision()}),
                "chunk.data is null");
  CHECK(wide == std::vector<double>(wide.size(), 7.0));
  CHECK(!stream.ended());
  std::vector<float> out(static_cast<std::size_t>(6 * 80));
  CHECK_EQUAL(stream.push(chunk, {out.data(), stream.precision()}, true), 6);
  CHECK(out == check::features(sonogram::Extractor(stream.spec()), x));
}

TEST(numbers_serve_the_stream_that_they_were_gathered_for) {
  const std::vector<float> x = check::as_float(check::noise(1600, 56));
  const Spec spec = specs()[3];
  sonogram::StreamOptions options;
  sonogram::Survey survey(spec, options, 1600);
  while (!survey.done()) {
    survey.push(piece(x.data(), 1600));
    survey.next_pass();
  }
  options.numbers = survey.numbers();
  CHECK(!sonogram::Stream(spec, options).ended());
  Spec other = spec;
  other.n_mels = 40;
  CHECK_REFUSES(sonogram::Stream(other, options), "another spec");
  sonogram::StreamOptions two = options, wide = options, both = options;
  two.channels = 2;
  CHECK_REFUSES(sonogram::Stream(spec, two), "numbers is of 1 channels; it must be of 2");
  wide.type = sonogram::SampleType::float64;
  CHECK_REFUSES(sonogram::Stream(spec, wide),
                "numbers is of float32 samples; it must be of the stream's, float64");
  both.maximum = {sonogram::Substitute::Kind::values, {1.0}};
  CHECK_REFUSES(sonogram::Stream(spec, both), "maximum is given");
  two.channels = -1;
  CHECK_REFUSES(sonogram::Survey(spec, two, 1600), "channels is -1");
}

TEST(known_values_that_are_none_are_refused) {
  Spec spec = mel(sonogram::Layout::time_freq);
  spec.finish = {make_stage(FinishKind::normalize)};
  const auto known = [](double value) {
    return sonogram::Substitute{sonogram::Substitute::Kind::values, {value}};
  };
  sonogram::StreamOptions options;
  options.mean = known(0.0);
  for (const double std : {-1.0, 0.0, std::nan("")}) {
    options.deviation = known(std);
    CHECK_REFUSES(sonogram::Stream(spec, options), "std is ");
  }
  options.deviation = known(1.0);
  CHECK(!sonogram::Stream(spec, options).ended());
  options.mean = known(1.0 / 0.0);
  CHECK_REFUSES(sonogram::Stream(spec, options), "mean is inf; it must be finite");
}
