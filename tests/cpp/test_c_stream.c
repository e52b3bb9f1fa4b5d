/* SPDX-FileCopyrightText: 2026 The sonogram authors */
/* SPDX-License-Identifier: MIT */
/* Streams of the C API. */
#include "c_check.h"

/* All of both channels in chunks of this size; returns frames. */
static int64_t stream_all(sonogram_stream* stream, int64_t size, float* rows_of_20,
                          int64_t frames) {
  static float some[most];
  int64_t begin = 0, done = 0;
  while (begin < samples) {
    const int64_t left = samples - begin, count = left < size ? left : size;
    sonogram_signals s = signals_of(single + begin, SONOGRAM_FLOAT32, channels, count);
    const sonogram_features out = into(some, sizeof some);
    int64_t k = -1, promised, c, r, t;
    sonogram_shape shape;
    s.item_stride = samples * 4;
    begin += count;
    shape.struct_size = sizeof shape;
    CHECK(sonogram_stream_shape(stream, count, begin == samples, &shape) == SONOGRAM_OK);
    promised = shape.frames;
    CHECK(sonogram_stream_push(stream, &s, begin == samples, &out, &k) == SONOGRAM_OK);
    CHECK(k == promised && shape.dims[0] == 20 && shape.dims[1] == k);
    for (c = 0; c < channels; ++c) {
      for (r = 0; r < 20; ++r) {
        for (t = 0; t < k && done + t < frames; ++t) {
          rows_of_20[(c * 20 + r) * frames + done + t] = some[(c * 20 + r) * k + t];
        }
      }
    }
    done += k;
  }
  return done;
}

static void a_stream_gives_the_bits_of_the_whole(void) {
  sonogram_extractor* x = extractor_of(plain);
  sonogram_stream* stream = NULL;
  static float want[most], got[most];
  const int64_t sizes[] = {1, 37, 160, 1000, samples};
  sonogram_signals s = signals_of(single, SONOGRAM_FLOAT32, channels, samples);
  sonogram_features out = into(want, sizeof want);
  sonogram_stream_options options;
  int64_t frames = -1, first = 0, per_frame = 0;
  size_t i;
  CHECK(sonogram_extractor_run(x, &s, &out, NULL) == SONOGRAM_OK);
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.channels = channels;
  CHECK(sonogram_stream_new(x, &options, &stream) == SONOGRAM_OK);
  sonogram_extractor_free(x); /* a stream does not need it */
  CHECK(sonogram_stream_latency(stream, &first, &per_frame) == SONOGRAM_OK);
  CHECK(first > 0 && first <= 256 + 128 && per_frame == 80);
  for (i = 0; i < sizeof sizes / sizeof *sizes; ++i) {
    memset(got, 0, sizeof got);
    CHECK(stream_all(stream, sizes[i], got, 51) == 51);
    CHECK(sonogram_stream_num_frames(stream, &frames) == SONOGRAM_OK && frames == 51);
    CHECK(memcmp(want, got, (size_t)channels * 20 * 51 * 4) == 0);
    REFUSED(sonogram_stream_push(stream, &s, 0, &out, &frames), "");
    CHECK(sonogram_stream_reset(stream) == SONOGRAM_OK);
  }
  sonogram_stream_free(stream);
}

static void streams_say_what_is_wrong(void) {
  sonogram_extractor *x = NULL, *y = extractor_of(plain);
  sonogram_stream* stream = NULL;
  sonogram_stream_options options;
  const double maximum = 1.0;
  int64_t frames = 0;
  static float got[most];
  sonogram_signals s = signals_of(single, SONOGRAM_FLOAT32, 1, 800);
  sonogram_features out = into(got, sizeof got);
  CHECK(sonogram_extractor_from_preset("whisper-80", &x) == SONOGRAM_OK);
  REFUSED(sonogram_stream_new(x, NULL, &stream), "dynamic_range");
  REFUSED(sonogram_stream_new(NULL, NULL, &stream), "extractor");
  REFUSED(sonogram_stream_new(x, NULL, NULL), "stream");
  CHECK(stream == NULL);
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.maximum.kind = 9;
  REFUSED(sonogram_stream_new(x, &options, &stream), "maximum");
  options.maximum.kind = SONOGRAM_VALUES;
  REFUSED(sonogram_stream_new(x, &options, &stream), "num_values");
  options.maximum.values = &maximum;
  options.maximum.num_values = ((int64_t)1 << 61) + 1;
  REFUSED(sonogram_stream_new(x, &options, &stream), "num_values");
  options.maximum.num_values = 1;
  options.maximum.values = NULL;
  REFUSED(sonogram_stream_new(x, &options, &stream), "maximum.values is null");
  options.maximum.values = &maximum;
  options.channels = -1;
  REFUSED(sonogram_stream_new(x, &options, &stream), "channels");
  options.channels = 0;
  CHECK(sonogram_stream_new(x, &options, &stream) == SONOGRAM_OK);
  REFUSED(sonogram_stream_push(NULL, &s, 0, &out, &frames), "stream");
  REFUSED(sonogram_stream_push(stream, NULL, 0, &out, &frames), "chunk");
  REFUSED(sonogram_stream_push(stream, &s, 0, &out, NULL), "frames");
  REFUSED(sonogram_stream_push(stream, &s, 2, &out, &frames), "last");
  REFUSED(sonogram_stream_push(stream, &s, 0, NULL, &frames), "features");
  s.items = 2;
  REFUSED(sonogram_stream_push(stream, &s, 0, &out, &frames), "items");
  s.items = 1;
  out.capacity = 1;
  REFUSED(sonogram_stream_push(stream, &s, 0, &out, &frames), "capacity");
  CHECK(sonogram_stream_num_frames(stream, &frames) == SONOGRAM_OK && frames == 0);
  s.samples = 0;
  CHECK(sonogram_stream_push(stream, &s, 0, NULL, &frames) == SONOGRAM_OK && frames == 0);
  s.samples = 10;
  CHECK(sonogram_stream_push(stream, &s, 0, NULL, &frames) == SONOGRAM_OK && frames == 0);
  out.capacity = sizeof got;
  REFUSED(sonogram_stream_flush(stream, &out, &frames), "reflect");
  CHECK(sonogram_stream_reset(stream) == SONOGRAM_OK);
  s.samples = 800;
  CHECK(sonogram_stream_push(stream, &s, 0, &out, &frames) == SONOGRAM_OK && frames > 0);
  CHECK(sonogram_stream_flush(stream, &out, &frames) == SONOGRAM_OK && frames > 0);
  REFUSED(sonogram_stream_reset(NULL), "stream");
  sonogram_stream_free(stream);
  sonogram_stream_free(NULL);
  sonogram_extractor_free(x);
  sonogram_extractor_free(y);
}

static void what_keeps_a_spec_from_streaming_is_said(void) {
  sonogram_extractor *x = NULL, *y = extractor_of(plain), *z;
  sonogram_obstacle found;
  struct {
    sonogram_obstacle known;
    int64_t newer;
  } future;
  int64_t count = -1;
  memset(&found, 0, sizeof found);
  found.struct_size = sizeof found;
  CHECK(sonogram_extractor_num_obstacles(y, &count) == SONOGRAM_OK && count == 0);
  REFUSED(sonogram_extractor_obstacle(y, 0, &found), "index is 0");
  CHECK(found.stage == NULL && found.choices == NULL);
  CHECK(sonogram_extractor_from_preset("whisper-80", &x) == SONOGRAM_OK);
  CHECK(sonogram_extractor_num_obstacles(x, &count) == SONOGRAM_OK && count == 1);
  CHECK(sonogram_extractor_obstacle(x, 0, &found) == SONOGRAM_OK);
  CHECK(found.stage != NULL && strcmp(found.stage, "finish stage 'dynamic_range'") == 0);
  CHECK(found.choices != NULL && strstr(found.choices, "maximum, known or running") != NULL);
  CHECK(found.struct_size == sizeof found);
  /* fields too and stages, each in its turn */
  z = extractor_of(
      "{\"n_fft\": 256, \"pad_mode\": \"circular\", \"log\": \"ln\", \"finish\": "
      "[[\"normalize\", {\"axis\": \"time\"}]]}");
  CHECK(sonogram_extractor_num_obstacles(z, &count) == SONOGRAM_OK && count == 2);
  CHECK(sonogram_extractor_obstacle(z, 0, &found) == SONOGRAM_OK);
  CHECK(strcmp(found.stage, "pad_mode 'circular'") == 0);
  CHECK(sonogram_extractor_obstacle(z, 1, &found) == SONOGRAM_OK);
  CHECK(strstr(found.stage, "finish stage 'normalize'") == found.stage);
  REFUSED(sonogram_extractor_obstacle(z, 2, &found), "index is 2");
  REFUSED(sonogram_extractor_obstacle(z, -1, &found), "index is -1");
  /* one who knows fewer fields gets those, one who knows more leaves them zero */
  found.choices = NULL;
  found.struct_size = offsetof(sonogram_obstacle, choices);
  CHECK(sonogram_extractor_obstacle(z, 0, &found) == SONOGRAM_OK && found.choices == NULL);
  found.struct_size = 0;
  REFUSED(sonogram_extractor_obstacle(z, 0, &found), "struct_size");
  memset(&future, 0, sizeof future);
  future.known.struct_size = sizeof future;
  CHECK(sonogram_extractor_obstacle(z, 0, &future.known) == SONOGRAM_OK);
  CHECK(future.known.struct_size == sizeof future && future.known.choices != NULL);
  REFUSED(sonogram_extractor_num_obstacles(NULL, &count), "extractor");
  REFUSED(sonogram_extractor_num_obstacles(x, NULL), "count");
  REFUSED(sonogram_extractor_obstacle(NULL, 0, &found), "extractor");
  REFUSED(sonogram_extractor_obstacle(x, 0, NULL), "obstacle");
  sonogram_extractor_free(x);
  sonogram_extractor_free(y);
  sonogram_extractor_free(z);
}

/* Frame 0 is mirrored about its middle, which lies at sample 0: it reads as far as 128. Frame k
   reads up to 127 samples after 80 k. */
static void a_stream_says_which_samples_a_frame_waits_for(void) {
  sonogram_extractor* x = extractor_of(plain);
  sonogram_stream* stream = NULL;
  int64_t n = -7;
  CHECK(sonogram_stream_new(x, NULL, &stream) == SONOGRAM_OK);
  CHECK(sonogram_stream_samples_for(stream, 0, &n) == SONOGRAM_OK && n == 0);
  CHECK(sonogram_stream_samples_for(stream, 1, &n) == SONOGRAM_OK && n == 129);
  CHECK(sonogram_stream_samples_for(stream, 2, &n) == SONOGRAM_OK && n == 80 + 128);
  CHECK(sonogram_stream_samples_for(stream, 101, &n) == SONOGRAM_OK && n == 100 * 80 + 128);
  n = -7;
  REFUSED(sonogram_stream_samples_for(stream, -1, &n), "frames");
  REFUSED(sonogram_stream_samples_for(NULL, 1, &n), "stream");
  REFUSED(sonogram_stream_samples_for(stream, 1, NULL), "samples");
  CHECK(n == -7);
  sonogram_stream_free(stream);
  sonogram_extractor_free(x);
  /* three frames and no more: the fourth never comes */
  x = extractor_of("{\"n_fft\": 256, \"hop_length\": 80, \"finish\": [[\"frames\", 3]]}");
  CHECK(sonogram_stream_new(x, NULL, &stream) == SONOGRAM_OK);
  CHECK(sonogram_stream_samples_for(stream, 3, &n) == SONOGRAM_OK && n == 2 * 80 + 128);
  CHECK(sonogram_stream_samples_for(stream, 4, &n) == SONOGRAM_OK && n == -1);
  sonogram_stream_free(stream);
  sonogram_extractor_free(x);
}

void stream_tests(void) {
  a_stream_says_which_samples_a_frame_waits_for();
  what_keeps_a_spec_from_streaming_is_said();
  a_stream_gives_the_bits_of_the_whole();
  streams_say_what_is_wrong();
}
