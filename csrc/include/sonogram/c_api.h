/* SPDX-FileCopyrightText: 2026 The sonogram authors */
/* SPDX-License-Identifier: MIT */
/*
 * sonogram for C (C99 and later), and for languages that can call C.
 *
 *   sonogram_extractor* x = NULL;
 *   if (sonogram_extractor_from_preset("whisper-80", &x) != SONOGRAM_OK)
 *     fprintf(stderr, "%s\n", sonogram_last_error());
 *
 * Errors. Functions that can fail return a status. A function that does not return SONOGRAM_OK has
 * stored a message for the calling thread, has created nothing, and has written nothing through its
 * pointers unless its comment says so. No function throws, prints, exits or aborts. A null argument
 * is an error like any other, except where a comment gives null a meaning.
 *
 * Ownership. The caller frees every handle that it creates, with the function for its kind; freeing
 * null does nothing. Strings and arrays that a function returns belong to its handle, or to the
 * library, and live as long as that. Arguments are read only during the call.
 *
 * Threads. Any number of threads may use one extractor at the same time: functions that take it as
 * const do not modify it. A stream can be used by one thread at a time; the streams of an extractor
 * are independent of each other and of the extractor.
 *
 * Structures begin with struct_size, which the caller sets to sizeof, because later versions append
 * fields. Zero in a field means its default: set the other fields to zero first.
 */
#ifndef SONOGRAM_C_API_H
#define SONOGRAM_C_API_H

#include <stddef.h>
#include <stdint.h>

#include "sonogram/export.hpp"

#ifdef __cplusplus
extern "C" {
#endif

typedef int32_t sonogram_status;
enum {
  SONOGRAM_OK = 0,
  SONOGRAM_INVALID_ARGUMENT = 1, /* the message names argument, value and what is allowed */
  SONOGRAM_OUT_OF_MEMORY = 2,
  SONOGRAM_INTERRUPTED = 3, /* by sonogram_run_options.interrupted */
  SONOGRAM_INTERNAL_ERROR = 4
};

/* Types of samples (the first four) and of features (all but the integers of 16 and 32 bits). */
typedef int32_t sonogram_type;
enum {
  SONOGRAM_FLOAT32 = 1,
  SONOGRAM_FLOAT64 = 2,
  SONOGRAM_INT16 = 3,
  SONOGRAM_INT32 = 4,
  SONOGRAM_FLOAT16 = 5,
  SONOGRAM_BFLOAT16 = 6,
  SONOGRAM_UINT8 = 7
};

/* Computes the features of a front end; immutable. */
typedef struct sonogram_extractor sonogram_extractor;
/* Computes the features of a signal that arrives in chunks. */
typedef struct sonogram_stream sonogram_stream;

/* The library ----------------------------------------------------------------------------------*/

SONOGRAM_API const char* sonogram_version(void); /* "0.1.0" */
/* The message of the last failed call of this thread; never null. Valid until the next failure. */
SONOGRAM_API const char* sonogram_last_error(void);

/* The instruction set in use: the best of this processor, or the one that the environment variable
 * SONOGRAM_ISA names, which is an error if it cannot run. */
SONOGRAM_API sonogram_status sonogram_isa(const char** name);
/* The instruction sets of this build that this processor supports, best last; null from the count
 * on. */
SONOGRAM_API size_t sonogram_num_isas(void);
SONOGRAM_API const char* sonogram_isa_name(size_t index);

/* The default number of threads of a run. */
SONOGRAM_API int32_t sonogram_get_num_threads(void);
SONOGRAM_API sonogram_status sonogram_set_num_threads(int32_t num_threads); /* 1 to 4096 */

/* The names of the presets, in the order of the table; null from the count on. */
SONOGRAM_API size_t sonogram_num_presets(void);
SONOGRAM_API const char* sonogram_preset_name(size_t index);

/* Signals, features ----------------------------------------------------------------------------*/

typedef struct sonogram_signals {
  size_t struct_size;
  const void* data;            /* may be null if there are no samples */
  sonogram_type type;          /* float32, float64, int16 or int32 in native order, aligned */
  int64_t items;               /* signals of the same length: channels, or a batch */
  int64_t samples;             /* samples of each */
  int64_t stride;              /* bytes from sample to sample, may be negative; 0: contiguous */
  int64_t item_stride;         /* bytes from item to item; 0: contiguous, samples * size */
  const int64_t* item_offsets; /* instead of item_stride: bytes from data to each item; or null */
} sonogram_signals;

/* Contiguous memory of the caller for features. */
typedef struct sonogram_features {
  size_t struct_size;
  void* data;
  size_t capacity;    /* bytes at data; excess bytes are not written */
  sonogram_type type; /* checked against the type of the features; 0: not checked */
} sonogram_features;

/* The shape of the result: all items one after the other, each of these dimensions. */
typedef struct sonogram_shape {
  size_t struct_size;
  sonogram_type type;
  int32_t is_complex; /* 1: pairs of `type`, real and imaginary */
  int32_t num_dims; /* of one item: 2 (rows and frames in the spec's layout); patches: 3; samples: 1
                     */
  int64_t dims[3];
  int64_t frames;       /* frames of one item (or patches, or samples if there are no frames) */
  int64_t valid_frames; /* valid frames, by the spec's valid_frames; all frames of a stream */
  size_t bytes;         /* bytes of all items */
} sonogram_shape;

typedef struct sonogram_run_options {
  size_t struct_size;
  int32_t num_threads; /* 0: sonogram_get_num_threads() */
  /* Null, or called from time to time by the calling thread; a nonzero result stops the run. */
  int32_t (*interrupted)(void* context);
  void* context;
} sonogram_run_options;

/* A stage or field that needs the whole signal, which a stream does not have, and the alternatives
 * in words: of these, C has maximum, mean and deviation, or an extractor over the whole signal.
 * Both strings belong to the extractor. */
typedef struct sonogram_obstacle {
  size_t struct_size;
  const char* stage;   /* such as "finish stage 'dynamic_range'" */
  const char* choices; /* such as "maximum, known or running, ..." */
} sonogram_obstacle;

/* Extractors -----------------------------------------------------------------------------------*/

/* From the name or an alias of a preset. The features are float, even for samples in double. */
SONOGRAM_API sonogram_status sonogram_extractor_from_preset(const char* name,
                                                            sonogram_extractor** extractor);
/* From `length` bytes of JSON in the format of Python's Spec.to_json; missing fields take their
 * defaults. */
SONOGRAM_API sonogram_status sonogram_extractor_from_json(const char* json, size_t length,
                                                          sonogram_extractor** extractor);
SONOGRAM_API void sonogram_extractor_free(sonogram_extractor* extractor);

/* The spec as zero-terminated JSON, which Python can read too. */
SONOGRAM_API sonogram_status sonogram_extractor_json(const sonogram_extractor* extractor,
                                                     const char** json);
/* The sample rate of the spec, Hz. */
SONOGRAM_API sonogram_status sonogram_extractor_sample_rate(const sonogram_extractor* extractor,
                                                            double* sample_rate);
/* The samples under the windows of a frame of the result, from `begin` to before `end`, counted
   from the item's first (padding lies before 0 or past the end), in an item of `samples` samples;
   -1: of any, an error where frames lie elsewhere in items of other lengths. Of frames that "stack"
   joins: from the first to the last that is there. */
SONOGRAM_API sonogram_status sonogram_extractor_frame_samples(const sonogram_extractor* extractor,
                                                              int64_t frame, int64_t samples,
                                                              int64_t* begin, int64_t* end);
/* The window of win_length values. */
SONOGRAM_API sonogram_status sonogram_extractor_window(const sonogram_extractor* extractor,
                                                       const double** values, int64_t* length);
/* The filterbank, row-major [bands][n_fft / 2 + 1]; null and 0 bands if the spec has none. */
SONOGRAM_API sonogram_status sonogram_extractor_filterbank(const sonogram_extractor* extractor,
                                                           const double** values, int64_t* bands,
                                                           int64_t* bins);

/* The obstacles to streaming its spec as it is; without any, sonogram_stream_new needs no options.
 * The caller sets obstacle->struct_size; the other fields are filled in. */
SONOGRAM_API sonogram_status sonogram_extractor_num_obstacles(const sonogram_extractor* extractor,
                                                              int64_t* count);
SONOGRAM_API sonogram_status sonogram_extractor_obstacle(const sonogram_extractor* extractor,
                                                         int64_t index,
                                                         sonogram_obstacle* obstacle);

/* The shape of the result for `items` signals of `samples` samples of this type. The caller sets
 * shape->struct_size; the other fields are filled in. */
SONOGRAM_API sonogram_status sonogram_extractor_shape(const sonogram_extractor* extractor,
                                                      sonogram_type type, int64_t items,
                                                      int64_t samples, sonogram_shape* shape);
/* options may be null. */
SONOGRAM_API sonogram_status sonogram_extractor_run(const sonogram_extractor* extractor,
                                                    const sonogram_signals* signals,
                                                    const sonogram_features* features,
                                                    const sonogram_run_options* options);

/* Streams --------------------------------------------------------------------------------------*/

/* The substitute for a global statistic that a stage needs. */
enum {
  SONOGRAM_NOTHING = 0, /* none: such a stage is an error */
  SONOGRAM_VALUES = 1,  /* known values: one, or one for every row */
  SONOGRAM_RUNNING = 2  /* the running statistic of the frames so far */
};
typedef struct sonogram_substitute {
  int32_t kind;
  int64_t num_values;
  const double* values;
} sonogram_substitute;

typedef struct sonogram_stream_options {
  size_t struct_size;
  sonogram_type type;            /* type of the samples; 0: float32 */
  int64_t channels;              /* 0: 1 */
  sonogram_substitute maximum;   /* at the first of "dynamic_range" and "reference" 'max' */
  sonogram_substitute mean;      /* for "normalize" and "reference" 'mean' */
  sonogram_substitute deviation; /* the same; "std" in messages */
  int64_t window;                /* frames that running statistics cover; 0: all so far */
} sonogram_stream_options;

/* Creates a stream of the extractor's spec; the stream does not refer to the extractor afterwards.
 * options may be null. A spec with stages that need the whole signal and have no substitute in
 * options is an error that names all of them and the alternatives: of these, C has maximum, mean
 * and deviation, or an extractor over the whole signal. After that, sonogram_stream_shape, _push,
 * _flush and _reset allocate no memory, including the last push, except for the message of an
 * error. */
SONOGRAM_API sonogram_status sonogram_stream_new(const sonogram_extractor* extractor,
                                                 const sonogram_stream_options* options,
                                                 sonogram_stream** stream);
SONOGRAM_API void sonogram_stream_free(sonogram_stream* stream);

/* The shape of the result of a push of this many samples, for all channels; last: 0 or 1. */
SONOGRAM_API sonogram_status sonogram_stream_shape(const sonogram_stream* stream, int64_t samples,
                                                   int32_t last, sonogram_shape* shape);
/* Adds a chunk of any number of samples, one item for each channel, and writes the frames that are
 * ready and their number to *frames. features may be null if there will be none. last: 1 if the
 * signal ends with this chunk; only a reset is then allowed. */
SONOGRAM_API sonogram_status sonogram_stream_push(sonogram_stream* stream,
                                                  const sonogram_signals* chunk, int32_t last,
                                                  const sonogram_features* features,
                                                  int64_t* frames);
/* A push of no samples, with last = 1. */
SONOGRAM_API sonogram_status sonogram_stream_flush(sonogram_stream* stream,
                                                   const sonogram_features* features,
                                                   int64_t* frames);
SONOGRAM_API sonogram_status sonogram_stream_reset(sonogram_stream* stream);
/* Samples before the first frame (-1: none comes before the end of the signal), and from frame to
 * frame. */
SONOGRAM_API sonogram_status sonogram_stream_latency(const sonogram_stream* stream, int64_t* first,
                                                     int64_t* per_frame);
/* The smallest number of samples, counted from the first of the signal, after which `frames` frames
   have been written. -1: this many frames come only at the end of the signal, or never. */
SONOGRAM_API sonogram_status sonogram_stream_samples_for(const sonogram_stream* stream,
                                                         int64_t frames, int64_t* samples);
/* The number of frames written since the creation or the last reset. */
SONOGRAM_API sonogram_status sonogram_stream_num_frames(const sonogram_stream* stream,
                                                        int64_t* frames);

#ifdef __cplusplus
}
#endif

#endif
