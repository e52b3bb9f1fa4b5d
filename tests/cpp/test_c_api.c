/* SPDX-FileCopyrightText: 2026 The sonogram authors */
/* SPDX-License-Identifier: MIT */
/* The C API from C11, against the shared library: a program of its own, which ends with 1 where a
 * promise is broken. */
#include "c_check.h"

int failures = 0;

const char plain[] =
    "{\"n_fft\": 256, \"hop_length\": 80, \"filterbank\": \"mel\", \"n_mels\": 20, \"log\": "
    "\"ln\"}";

static double wave[channels * samples];
float single[channels * samples];
static int16_t narrow[channels * samples];
static int32_t wide[channels * samples];

static void make_waves(void) {
  int c, i;
  for (c = 0; c < channels; ++c) {
    for (i = 0; i < samples; ++i) {
      const int at = c * samples + i;
      narrow[at] = (int16_t)(8000 * sin(i * i * 1e-4 * (c + 1)));
      wide[at] = (int32_t)narrow[at] * 65536;
      wave[at] = narrow[at] / 32768.0;
      single[at] = (float)wave[at];
    }
  }
}

sonogram_extractor* extractor_of(const char* json) {
  sonogram_extractor* x = NULL;
  CHECK(sonogram_extractor_from_json(json, strlen(json), &x) == SONOGRAM_OK);
  return x;
}

sonogram_signals signals_of(const void* data, sonogram_type type, int64_t items, int64_t count) {
  sonogram_signals s;
  memset(&s, 0, sizeof s);
  s.struct_size = sizeof s;
  s.data = data;
  s.type = type;
  s.items = items;
  s.samples = count;
  return s;
}

sonogram_features into(void* data, size_t capacity) {
  sonogram_features f;
  memset(&f, 0, sizeof f);
  f.struct_size = sizeof f;
  f.data = data;
  f.capacity = capacity;
  return f;
}

static void the_library_says_what_it_is(void) {
  const char* isa = NULL;
  size_t i;
  int found = 0;
  CHECK(strcmp(sonogram_version(), SONOGRAM_VERSION) == 0);
  CHECK(sonogram_isa(&isa) == SONOGRAM_OK && isa != NULL);
  for (i = 0; i < sonogram_num_isas(); ++i) found += strcmp(sonogram_isa_name(i), isa) == 0;
  CHECK(found == 1);
  CHECK(sonogram_isa_name(sonogram_num_isas()) == NULL);
  CHECK(sonogram_get_num_threads() >= 1);
  REFUSED(sonogram_set_num_threads(0), "num_threads");
  REFUSED(sonogram_set_num_threads(1 << 20), "num_threads");
  CHECK(sonogram_set_num_threads(2) == SONOGRAM_OK);
  REFUSED(sonogram_isa(NULL), "name");
}

static void every_preset_is_made_and_comes_back_from_its_json(void) {
  size_t i;
  CHECK(sonogram_num_presets() > 50);
  CHECK(sonogram_preset_name(sonogram_num_presets()) == NULL);
  for (i = 0; i < sonogram_num_presets(); ++i) {
    sonogram_extractor *x = NULL, *y = NULL;
    const char *first = "", *second = "";
    CHECK(sonogram_extractor_from_preset(sonogram_preset_name(i), &x) == SONOGRAM_OK);
    CHECK(sonogram_extractor_json(x, &first) == SONOGRAM_OK);
    CHECK(sonogram_extractor_from_json(first, strlen(first), &y) == SONOGRAM_OK);
    CHECK(sonogram_extractor_json(y, &second) == SONOGRAM_OK);
    CHECK(strcmp(first, second) == 0);
    sonogram_extractor_free(x);
    sonogram_extractor_free(y);
  }
}

static void every_type_and_stride_gives_the_same_features(void) {
  sonogram_extractor* x = extractor_of(plain);
  static float want[most], got[most];
  static float interleaved[channels * samples];
  const int64_t backwards[channels] = {(int64_t)samples * 4, 0};
  sonogram_shape shape;
  sonogram_signals s = signals_of(single, SONOGRAM_FLOAT32, channels, samples);
  sonogram_features out = into(want, sizeof want);
  int c, i;
  shape.struct_size = sizeof shape;
  CHECK(sonogram_extractor_shape(x, SONOGRAM_INT16, channels, samples, &shape) == SONOGRAM_OK);
  CHECK(shape.type == SONOGRAM_FLOAT32 && !shape.is_complex && shape.num_dims == 2);
  CHECK(shape.dims[0] == 20 && shape.dims[1] == 51 && shape.frames == 51);
  CHECK(shape.valid_frames == 51 && shape.bytes == (size_t)channels * 20 * 51 * 4);
  CHECK(sonogram_extractor_run(x, &s, &out, NULL) == SONOGRAM_OK);

  out.data = got;
  s = signals_of(narrow, SONOGRAM_INT16, channels, samples);
  CHECK(sonogram_extractor_run(x, &s, &out, NULL) == SONOGRAM_OK);
  CHECK(memcmp(want, got, shape.bytes) == 0);
  s = signals_of(wide, SONOGRAM_INT32, channels, samples);
  memset(got, 0, sizeof got);
  CHECK(sonogram_extractor_run(x, &s, &out, NULL) == SONOGRAM_OK);
  CHECK(memcmp(want, got, shape.bytes) == 0);

  for (c = 0; c < channels; ++c) {
    for (i = 0; i < samples; ++i) interleaved[i * channels + c] = single[c * samples + i];
  }
  s = signals_of(interleaved, SONOGRAM_FLOAT32, channels, samples);
  s.stride = channels * 4;
  s.item_stride = 4;
  memset(got, 0, sizeof got);
  CHECK(sonogram_extractor_run(x, &s, &out, NULL) == SONOGRAM_OK);
  CHECK(memcmp(want, got, shape.bytes) == 0);

  s = signals_of(single, SONOGRAM_FLOAT32, channels, samples);
  s.item_offsets = backwards;
  CHECK(sonogram_extractor_run(x, &s, &out, NULL) == SONOGRAM_OK);
  CHECK(memcmp(want, (char*)got + shape.bytes / 2, shape.bytes / 2) == 0);

  s = signals_of(wave, SONOGRAM_FLOAT64, 1, samples);
  out.type = SONOGRAM_FLOAT64;
  CHECK(sonogram_extractor_run(x, &s, &out, NULL) == SONOGRAM_OK);
  /* float32 promises its logarithm within 1e-4 near the strongest bands, not in weak ones */
  for (i = 0, c = 0; i < 20 * 51; ++i) {
    if (want[i] > want[c]) c = i;
  }
  CHECK(fabs(((double*)(void*)got)[c] - want[c]) < 1e-4);
  sonogram_extractor_free(x);
}

static void windows_and_filterbanks_can_be_read(void) {
  sonogram_extractor* x = extractor_of(plain);
  const double* values = NULL;
  int64_t a = 0, b = 0;
  CHECK(sonogram_extractor_window(x, &values, &a) == SONOGRAM_OK && a == 256);
  CHECK(values[0] == 0 && fabs(values[128] - 1) < 1e-15);
  CHECK(sonogram_extractor_filterbank(x, &values, &a, &b) == SONOGRAM_OK && a == 20 && b == 129);
  CHECK(values != NULL);
  sonogram_extractor_free(x);
  x = extractor_of("{}");
  CHECK(sonogram_extractor_filterbank(x, &values, &a, &b) == SONOGRAM_OK);
  CHECK(values == NULL && a == 0 && b == 201);
  sonogram_extractor_free(x);
}

static int32_t at_once(void* context) {
  ++*(int*)context;
  return 1;
}

static void what_is_wrong_is_said_and_nothing_is_written(void) {
  sonogram_extractor *x = extractor_of(plain), *none = NULL;
  static float got[most];
  const char* json = NULL;
  sonogram_signals s = signals_of(single, SONOGRAM_FLOAT32, 1, samples);
  sonogram_features out = into(got, sizeof got);
  sonogram_run_options options;
  sonogram_shape shape;
  struct {
    sonogram_signals known;
    int64_t newer;
  } future;
  char words[64];
  int asked = 0;

  REFUSED(sonogram_extractor_from_preset("whisper-81", &none), "whisper-80");
  REFUSED(sonogram_extractor_from_preset(NULL, &none), "name");
  REFUSED(sonogram_extractor_from_preset("whisper-80", NULL), "extractor");
  REFUSED(sonogram_extractor_from_json("{\"n_fft\": 0}", 12, &none), "n_fft");
  REFUSED(sonogram_extractor_from_json("{\"n_fft\": }", 11, &none), "column 11");
  REFUSED(sonogram_extractor_from_json(NULL, 0, &none), "json");
  CHECK(none == NULL);
  REFUSED(sonogram_extractor_json(NULL, &json), "extractor");
  REFUSED(sonogram_extractor_run(NULL, &s, &out, NULL), "extractor");
  REFUSED(sonogram_extractor_run(x, NULL, &out, NULL), "signals");
  REFUSED(sonogram_extractor_run(x, &s, NULL, NULL), "features");
  REFUSED(sonogram_extractor_shape(x, SONOGRAM_FLOAT32, 1, samples, NULL), "shape");
  shape.struct_size = sizeof shape;
  REFUSED(sonogram_extractor_shape(x, 0, 1, samples, &shape), "type");
  REFUSED(sonogram_extractor_shape(x, SONOGRAM_FLOAT32, -1, samples, &shape), "items");
  REFUSED(sonogram_extractor_shape(x, SONOGRAM_FLOAT32, 1, -1, &shape), "num_samples");
  CHECK(sonogram_extractor_shape(x, SONOGRAM_FLOAT32, (int64_t)1 << 62, samples, &shape) ==
        SONOGRAM_OUT_OF_MEMORY);

  out.capacity = 20 * 51 * 4 - 1;
  REFUSED(sonogram_extractor_run(x, &s, &out, NULL), "capacity");
  out.capacity = sizeof got;
  out.type = SONOGRAM_FLOAT64;
  REFUSED(sonogram_extractor_run(x, &s, &out, NULL), "features->type");
  out.type = 0;
  out.data = (char*)got + 1;
  sprintf(words, "features->data is 0x%llx;", (unsigned long long)(uintptr_t)out.data);
  REFUSED(sonogram_extractor_run(x, &s, &out, NULL), words);
  REFUSED(sonogram_extractor_run(x, &s, &out, NULL), "aligned for the type of the features");
  out.data = NULL;
  REFUSED(sonogram_extractor_run(x, &s, &out, NULL), "features->data");
  out.data = got;
  s.struct_size = 0;
  REFUSED(sonogram_extractor_run(x, &s, &out, NULL), "struct_size");
  s = signals_of(NULL, SONOGRAM_FLOAT32, 1, samples);
  REFUSED(sonogram_extractor_run(x, &s, &out, NULL), "signals->data");
  s = signals_of(single, SONOGRAM_FLOAT16, 1, samples);
  REFUSED(sonogram_extractor_run(x, &s, &out, NULL), "signals->type");
  s = signals_of(single, SONOGRAM_FLOAT32, -1, samples);
  REFUSED(sonogram_extractor_run(x, &s, &out, NULL), "signals->items");
  s = signals_of(single, SONOGRAM_FLOAT32, 1, -1);
  REFUSED(sonogram_extractor_run(x, &s, &out, NULL), "signals->samples");
  s = signals_of((const char*)single + 2, SONOGRAM_FLOAT32, 1, samples - 1);
  sprintf(words, "signals->data is 0x%llx;", (unsigned long long)(uintptr_t)s.data);
  REFUSED(sonogram_extractor_run(x, &s, &out, NULL), words);
  REFUSED(sonogram_extractor_run(x, &s, &out, NULL), "a multiple of 4");
  s = signals_of(single, SONOGRAM_FLOAT32, 1, samples);
  s.stride = 3;
  REFUSED(sonogram_extractor_run(x, &s, &out, NULL), "signals->stride");
  s = signals_of(single, SONOGRAM_FLOAT32, 1, 10);
  REFUSED(sonogram_extractor_run(x, &s, &out, NULL), "reflect");

  /* a caller who knows more fields than this library may leave them zero, no more */
  memset(&future, 0, sizeof future);
  future.known = signals_of(single, SONOGRAM_FLOAT32, 1, samples);
  future.known.struct_size = sizeof future;
  future.newer = 1;
  REFUSED(sonogram_extractor_run(x, &future.known, &out, NULL), "newer");
  CHECK(got[0] == 0);
  future.newer = 0;
  CHECK(sonogram_extractor_run(x, &future.known, &out, NULL) == SONOGRAM_OK);
  CHECK(got[0] != 0);

  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.num_threads = -1;
  REFUSED(sonogram_extractor_run(x, &future.known, &out, &options), "num_threads");
  /* one who knows fewer has the others at their defaults */
  options.struct_size = sizeof options.struct_size;
  CHECK(sonogram_extractor_run(x, &future.known, &out, &options) == SONOGRAM_OK);
  options.struct_size = sizeof options;
  options.num_threads = 1;
  options.interrupted = at_once;
  options.context = &asked;
  CHECK(sonogram_extractor_run(x, &future.known, &out, &options) == SONOGRAM_OK);
  sonogram_extractor_free(x);
  sonogram_extractor_free(NULL);
}

static void a_long_run_can_be_interrupted(void) {
  enum { long_samples = 1 << 20, items = 200 };
  sonogram_extractor* x = extractor_of("{\"n_fft\": 16, \"hop_length\": 16, \"log\": \"ln\"}");
  float* zeros = (float*)calloc(long_samples, sizeof(float));
  int64_t offsets[items] = {0};
  sonogram_signals s = signals_of(zeros, SONOGRAM_FLOAT32, items, long_samples);
  sonogram_run_options options;
  sonogram_shape shape;
  sonogram_features out;
  int asked = 0;
  s.item_offsets = offsets;
  shape.struct_size = sizeof shape;
  CHECK(sonogram_extractor_shape(x, s.type, items, long_samples, &shape) == SONOGRAM_OK);
  out = into(malloc(shape.bytes), shape.bytes);
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.num_threads = 1;
  options.interrupted = at_once;
  options.context = &asked;
  CHECK(zeros != NULL && out.data != NULL);
  CHECK(sonogram_extractor_run(x, &s, &out, &options) == SONOGRAM_INTERRUPTED);
  CHECK(asked == 1);
  free(out.data);
  free(zeros);
  sonogram_extractor_free(x);
}

/* Centred frame k lies around sample 80 k, 128 samples to either side. */
static void an_extractor_says_which_samples_a_frame_is_of(void) {
  sonogram_extractor* x = extractor_of(plain);
  int64_t begin = -7, end = -7;
  CHECK(sonogram_extractor_frame_samples(x, 0, -1, &begin, &end) == SONOGRAM_OK);
  CHECK(begin == -128 && end == 128);
  CHECK(sonogram_extractor_frame_samples(x, 5, samples, &begin, &end) == SONOGRAM_OK);
  CHECK(begin == 400 - 128 && end == 400 + 128);
  REFUSED(sonogram_extractor_frame_samples(x, -1, -1, &begin, &end), "frame");
  REFUSED(sonogram_extractor_frame_samples(x, 0, -2, &begin, &end), "num_samples");
  REFUSED(sonogram_extractor_frame_samples(NULL, 0, -1, &begin, &end), "extractor");
  REFUSED(sonogram_extractor_frame_samples(x, 0, -1, NULL, &end), "begin");
  REFUSED(sonogram_extractor_frame_samples(x, 0, -1, &begin, NULL), "end");
  CHECK(begin == 400 - 128 && end == 400 + 128);
  sonogram_extractor_free(x);
  /* 1000 samples in the middle of 4000: 1500 zeros before them, where the length is known */
  x = extractor_of(
      "{\"n_fft\": 256, \"hop_length\": 80, \"length\": 4000, \"length_mode\": \"zeros_both\"}");
  CHECK(sonogram_extractor_frame_samples(x, 10, 1000, &begin, &end) == SONOGRAM_OK);
  CHECK(begin == 800 - 1500 - 128 && end == 800 - 1500 + 128);
  REFUSED(sonogram_extractor_frame_samples(x, 10, -1, &begin, &end), "zeros_both");
  sonogram_extractor_free(x);
}

int main(void) {
  make_waves();
  CHECK(sonogram_last_error()[0] == '\0');
  the_library_says_what_it_is();
  every_preset_is_made_and_comes_back_from_its_json();
  every_type_and_stride_gives_the_same_features();
  windows_and_filterbanks_can_be_read();
  what_is_wrong_is_said_and_nothing_is_written();
  a_long_run_can_be_interrupted();
  an_extractor_says_which_samples_a_frame_is_of();
  stream_tests();
  printf("%d broken promises\n", failures);
  return failures == 0 ? 0 : 1;
}
