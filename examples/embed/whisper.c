/* SPDX-FileCopyrightText: 2026 The sonogram authors */
/* SPDX-License-Identifier: MIT */
/*
 * Whisper's features of the first channel of a WAV file, one line for each frame:
 *   whisper_c FILE.wav
 */
#include "wav.h"

#include "sonogram/c_api.h"

static const char* program = "whisper_c";

static int failed(const char* doing) {
  fprintf(stderr, "%s: %s: %s\n", program, doing, sonogram_last_error());
  return 1;
}

/* Features lie [rows][frames]. */
static void print_frames(const float* features, int64_t rows, int64_t frames) {
  int64_t t, r;
  for (t = 0; t < frames; ++t) {
    for (r = 0; r < rows; ++r) {
      printf("%.9g%c", (double)features[r * frames + t], r + 1 < rows ? ' ' : '\n');
    }
  }
}

static sonogram_signals first_channel(const struct wav* w, int64_t begin, int64_t count) {
  sonogram_signals s;
  const int64_t step = (int64_t)w->channels * (w->is_float ? 4 : 2);
  memset(&s, 0, sizeof s);
  s.struct_size = sizeof s;
  s.data = (const char*)w->data + begin * step;
  s.type = w->is_float ? SONOGRAM_FLOAT32 : SONOGRAM_INT16;
  s.items = 1;
  s.samples = count;
  s.stride = step;
  return s;
}

static int whole_file(const sonogram_extractor* extractor, const struct wav* w) {
  const sonogram_signals signals = first_channel(w, 0, w->samples);
  sonogram_shape shape;
  sonogram_features features;
  int status = 0;
  shape.struct_size = sizeof shape;
  if (sonogram_extractor_shape(extractor, signals.type, 1, w->samples, &shape) != SONOGRAM_OK) {
    return failed("the shape");
  }
  memset(&features, 0, sizeof features);
  features.struct_size = sizeof features;
  features.type = SONOGRAM_FLOAT32;
  features.capacity = shape.bytes;
  features.data = malloc(shape.bytes > 0 ? shape.bytes : 1);
  if (features.data == NULL) return 1;
  if (sonogram_extractor_run(extractor, &signals, &features, NULL) != SONOGRAM_OK) {
    status = failed("the run");
  } else {
    print_frames((const float*)features.data, shape.dims[0], shape.dims[1]);
  }
  free(features.data);
  return status;
}

int main(int argc, char** argv) {
  struct wav w;
  const char* wrong;
  sonogram_extractor* extractor = NULL;
  double sample_rate = 0;
  int status;
  if (argc != 2) {
    fprintf(stderr, "usage: %s FILE.wav\n", program);
    return 2;
  }
  wrong = wav_read(argv[1], &w);
  if (wrong != NULL) {
    fprintf(stderr, "%s: %s %s\n", program, argv[1], wrong);
    return 1;
  }
  if (sonogram_extractor_from_preset("whisper-80", &extractor) != SONOGRAM_OK ||
      sonogram_extractor_sample_rate(extractor, &sample_rate) != SONOGRAM_OK) {
    status = failed("the preset");
  } else if ((double)w.sample_rate != sample_rate) {
    fprintf(stderr, "%s: %s has %ld Hz; it must have %g\n", program, argv[1], w.sample_rate,
            sample_rate);
    status = 1;
  } else {
    status = whole_file(extractor, &w);
  }
  sonogram_extractor_free(extractor);
  wav_free(&w);
  return status;
}
