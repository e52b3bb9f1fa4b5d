/* SPDX-FileCopyrightText: 2026 The sonogram authors */
/* SPDX-License-Identifier: MIT */
/*
 * Whisper's features of the first channel of a WAV file, one line for each frame:
 *   whisper_c FILE.wav            of the whole file
 *   whisper_c FILE.wav MAXIMUM    as they come, 10 ms at a time; MAXIMUM stands in for the largest
 *                                 log10 power of the file, which nobody knows before its end
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

/* Pushes and prints. *room grows where a push writes more than any before it. */
static int push(sonogram_stream* stream, const sonogram_signals* chunk, int last,
                sonogram_features* room) {
  sonogram_shape shape;
  int64_t frames = 0;
  shape.struct_size = sizeof shape;
  if (sonogram_stream_shape(stream, chunk->samples, last, &shape) != SONOGRAM_OK) {
    return failed("the shape");
  }
  if (shape.bytes > room->capacity) {
    free(room->data);
    room->data = malloc(shape.bytes);
    room->capacity = shape.bytes;
    if (room->data == NULL) return 1;
  }
  if (sonogram_stream_push(stream, chunk, last, room, &frames) != SONOGRAM_OK) {
    return failed("a push");
  }
  if (frames > 0) print_frames((const float*)room->data, shape.dims[0], frames);
  return 0;
}

static int streamed(const sonogram_extractor* extractor, const struct wav* w, double maximum) {
  const int64_t chunk = w->sample_rate / 100;
  sonogram_stream_options options;
  sonogram_features room;
  sonogram_stream* stream = NULL;
  int64_t begin = 0;
  int status = 0, last = 0;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  options.type = w->is_float ? SONOGRAM_FLOAT32 : SONOGRAM_INT16;
  options.maximum.kind = SONOGRAM_VALUES;
  options.maximum.num_values = 1;
  options.maximum.values = &maximum;
  if (sonogram_stream_new(extractor, &options, &stream) != SONOGRAM_OK) return failed("a stream");
  memset(&room, 0, sizeof room);
  room.struct_size = sizeof room;
  while (status == 0 && !last) {
    const int64_t left = w->samples - begin, count = left < chunk ? left : chunk;
    const sonogram_signals signals = first_channel(w, begin, count);
    begin += count;
    last = begin == w->samples;
    status = push(stream, &signals, last, &room);
  }
  free(room.data);
  sonogram_stream_free(stream);
  return status;
}

int main(int argc, char** argv) {
  struct wav w;
  const char* wrong;
  sonogram_extractor* extractor = NULL;
  double sample_rate = 0;
  int status;
  if (argc != 2 && argc != 3) {
    fprintf(stderr, "usage: %s FILE.wav [MAXIMUM]\n", program);
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
    status = argc == 2 ? whole_file(extractor, &w) : streamed(extractor, &w, atof(argv[2]));
  }
  sonogram_extractor_free(extractor);
  wav_free(&w);
  return status;
}
