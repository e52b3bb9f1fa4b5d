/* SPDX-FileCopyrightText: 2026 The sonogram authors */
/* SPDX-License-Identifier: MIT */
/* What the tests of the C API share. */
#ifndef C_CHECK_H
#define C_CHECK_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sonogram/c_api.h"

extern int failures;

#define CHECK(condition)                                                     \
  do {                                                                       \
    if (!(condition)) {                                                      \
      printf("%s:%d: %s (last error: %s)\n", __FILE__, __LINE__, #condition, \
             sonogram_last_error());                                         \
      ++failures;                                                            \
    }                                                                        \
  } while (0)
/* Refused, by a message that holds a word. */
#define REFUSED(call, word)                             \
  do {                                                  \
    CHECK((call) == SONOGRAM_INVALID_ARGUMENT);         \
    CHECK(strstr(sonogram_last_error(), word) != NULL); \
  } while (0)

enum { samples = 4000, channels = 2, most = 1 << 16 };

extern const char plain[];
extern float single[channels * samples]; /* [channels][samples] */

sonogram_extractor* extractor_of(const char* json);
sonogram_signals signals_of(const void* data, sonogram_type type, int64_t items, int64_t count);
sonogram_features into(void* data, size_t capacity);

void stream_tests(void);

#endif
