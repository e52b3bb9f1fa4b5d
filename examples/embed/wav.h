/* SPDX-FileCopyrightText: 2026 The sonogram authors */
/* SPDX-License-Identifier: MIT */
/* A small reader of WAV files: 16-bit integers or 32-bit floats on a little-endian machine. */
#ifndef WAV_H
#define WAV_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct wav {
  void* data; /* [samples][channels]; the reader's, until wav_free */
  int is_float;
  int channels;
  long sample_rate;
  long samples; /* of each channel */
};

static void wav_free(struct wav* w) {
  free(w->data);
  w->data = NULL;
}

static unsigned long wav_number(const unsigned char* p, int bytes) {
  unsigned long v = 0;
  while (bytes-- > 0) v = v << 8 | p[bytes];
  return v;
}

/* Null, or what is wrong with the file. */
static const char* wav_read(const char* path, struct wav* w) {
  unsigned char head[12], chunk[8], format[16];
  int known = 0;
  FILE* file = fopen(path, "rb");
  memset(w, 0, sizeof *w);
  if (file == NULL) return "cannot be opened";
  if (fread(head, 1, 12, file) != 12 || memcmp(head, "RIFF", 4) || memcmp(head + 8, "WAVE", 4)) {
    fclose(file);
    return "is no WAV file";
  }
  while (fread(chunk, 1, 8, file) == 8) {
    const unsigned long size = wav_number(chunk + 4, 4);
    if (memcmp(chunk, "fmt ", 4) == 0 && size >= 16 && fread(format, 1, 16, file) == 16) {
      const unsigned long tag = wav_number(format, 2), bits = wav_number(format + 14, 2);
      w->is_float = tag == 3;
      w->channels = (int)wav_number(format + 2, 2);
      w->sample_rate = (long)wav_number(format + 4, 4);
      known = (tag == 1 && bits == 16) || (tag == 3 && bits == 32);
      if (fseek(file, (long)(size - 16 + (size & 1)), SEEK_CUR) != 0) break;
    } else if (memcmp(chunk, "data", 4) == 0 && known && w->channels > 0) {
      const unsigned long frame = (unsigned long)w->channels * (w->is_float ? 4 : 2);
      w->data = malloc(size > 0 ? size : 1);
      if (w->data == NULL) break;
      w->samples = (long)(fread(w->data, 1, size, file) / frame);
      fclose(file);
      return NULL;
    } else if (fseek(file, (long)(size + (size & 1)), SEEK_CUR) != 0) {
      break;
    }
  }
  fclose(file);
  return known ? "has no samples" : "is neither 16-bit integers nor 32-bit floats";
}

#endif
