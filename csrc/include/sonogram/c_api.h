/* SPDX-FileCopyrightText: 2026 The sonogram authors */
/* SPDX-License-Identifier: MIT */
/*
 * sonogram from C (C99 and later), and from whatever calls C.
 *
 *   sonogram_extractor* x = NULL;
 *   if (sonogram_extractor_from_preset("whisper-80", &x) != SONOGRAM_OK)
 *     fprintf(stderr, "%s\n", sonogram_last_error());
 *
 * Errors. Functions that can fail return a status. Whatever is not SONOGRAM_OK has left a message
 * for the calling thread, has written nothing through its pointers but what it says, and has made
 * nothing. No function throws, prints, exits or aborts; a null argument is an error like others,
 * except where null is said to mean something.
 *
 * Ownership. Who makes a handle frees it with the function of its kind; freeing null does nothing.
 * Strings and arrays that a function hands out belong to the handle that was asked, or to the
 * library, and live as long; what is given to a function is read during the call alone.
 *
 * Threads. One extractor may be used by any number of threads at once: nothing that takes it as
 * const changes it. One stream belongs to one thread at a time; streams of one extractor are
 * independent of each other and of it.
 *
 * Structures begin with struct_size, which the caller sets to sizeof: later versions append fields,
 * and zero in a field means its default. Set the rest to zero first.
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
  SONOGRAM_INVALID_ARGUMENT = 1, /* the message names it, its value and what is allowed */
  SONOGRAM_OUT_OF_MEMORY = 2,
  SONOGRAM_INTERRUPTED = 3, /* sonogram_run_options.interrupted said so */
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

/* Immutable: a front end made ready to run. */
typedef struct sonogram_extractor sonogram_extractor;
/* A signal that arrives in pieces. */
typedef struct sonogram_stream sonogram_stream;

/* The library ----------------------------------------------------------------------------------*/

SONOGRAM_API const char* sonogram_version(void); /* "0.1.0" */
/* What the last failed call of this thread had to say; never null. Valid until the next one. */
SONOGRAM_API const char* sonogram_last_error(void);

/* The instruction set that runs: the best of this processor, or what the environment variable
 * SONOGRAM_ISA names; an error where that names none that can run. */
SONOGRAM_API sonogram_status sonogram_isa(const char** name);
/* Those that this build has and this processor runs, the best last; null from the count on. */
SONOGRAM_API size_t sonogram_num_isas(void);
SONOGRAM_API const char* sonogram_isa_name(size_t index);

/* Threads of a run that does not say. */
SONOGRAM_API int32_t sonogram_get_num_threads(void);
SONOGRAM_API sonogram_status sonogram_set_num_threads(int32_t num_threads); /* 1 to 4096 */

/* Models' front ends by name, in the order of the table; null from the count on. */
SONOGRAM_API size_t sonogram_num_presets(void);
SONOGRAM_API const char* sonogram_preset_name(size_t index);

/* Signals, features ----------------------------------------------------------------------------*/

typedef struct sonogram_signals {
  size_t struct_size;
  const void* data;    /* may be null where there are no samples */
  sonogram_type type;  /* float32, float64, int16 or int32 in native order, aligned */
  int64_t items;       /* signals of the same length: channels, or a batch */
  int64_t samples;     /* of each */
  int64_t stride;      /* bytes from sample to sample, of any sign; 0: one after the other */
  int64_t item_stride; /* bytes from item to item; 0: one after the other, samples * size */
  const int64_t* item_offsets; /* instead of item_stride: bytes from data to each item; or null */
} sonogram_signals;

/* Where features go: contiguous memory of the caller's. */
typedef struct sonogram_features {
  size_t struct_size;
  void* data;
  size_t capacity;    /* bytes at data; what is not needed stays as it is */
  sonogram_type type; /* checked against what is to be written; 0: not checked */
} sonogram_features;

/* What is to be written: all items one after the other, each of these dimensions. */
typedef struct sonogram_shape {
  size_t struct_size;
  sonogram_type type;
  int32_t is_complex; /* 1: pairs of `type`, real and imaginary */
  int32_t num_dims; /* of one item: 2 (rows and frames in the spec's layout); patches: 3; samples: 1
                     */
  int64_t dims[3];
  int64_t frames;       /* of one item (patches, or samples where there are no frames) */
  int64_t valid_frames; /* the true ones, as the spec counts them; a stream's are all true */
  size_t bytes;         /* of all items */
} sonogram_shape;

typedef struct sonogram_run_options {
  size_t struct_size;
  int32_t num_threads; /* 0: sonogram_get_num_threads() */
  /* Null, or called now and then by the calling thread; what is not 0 stops the run. */
  int32_t (*interrupted)(void* context);
  void* context;
} sonogram_run_options;

/* One stage or field that needs the whole signal, which a stream does not have, and in words what
 * would serve instead: of that, C has maximum, mean and deviation, or an extractor on the whole
 * signal. Both strings belong to the extractor. */
typedef struct sonogram_obstacle {
  size_t struct_size;
  const char* stage;   /* as in "finish stage 'dynamic_range'" */
  const char* choices; /* as in "maximum, known or running, ..." */
} sonogram_obstacle;

/* Extractors -----------------------------------------------------------------------------------*/

/* The name, or an alias, of a preset. Its features are float, for samples in double too. */
SONOGRAM_API sonogram_status sonogram_extractor_from_preset(const char* name,
                                                            sonogram_extractor** extractor);
/* The JSON that Python's Spec.to_json writes, `length` bytes; absent fields take their defaults. */
SONOGRAM_API sonogram_status sonogram_extractor_from_json(const char* json, size_t length,
                                                          sonogram_extractor** extractor);
SONOGRAM_API void sonogram_extractor_free(sonogram_extractor* extractor);

/* Its spec: JSON, zero-terminated, which Python reads as well. */
SONOGRAM_API sonogram_status sonogram_extractor_json(const sonogram_extractor* extractor,
                                                     const char** json);
/* Samples per second that the spec is for. */
SONOGRAM_API sonogram_status sonogram_extractor_sample_rate(const sonogram_extractor* extractor,
                                                            double* sample_rate);
/* The samples under the windows of a frame of the result, from `begin` to before `end`, counted
   from the item's first (padding lies before 0 or past the end), in an item of `samples` samples;
   -1: of any, an error where frames lie elsewhere in items of other lengths. Of frames that "stack"
   joins: from the first to the last that is there. */
SONOGRAM_API sonogram_status sonogram_extractor_frame_samples(const sonogram_extractor* extractor,
                                                              int64_t frame, int64_t samples,
                                                              int64_t* begin, int64_t* end);
/* The window, win_length values. */
SONOGRAM_API sonogram_status sonogram_extractor_window(const sonogram_extractor* extractor,
                                                       const double** values, int64_t* length);
/* Row-major [bands][n_fft / 2 + 1]; null and 0 bands where the spec has no filterbank. */
SONOGRAM_API sonogram_status sonogram_extractor_filterbank(const sonogram_extractor* extractor,
                                                           const double** values, int64_t* bands,
                                                           int64_t* bins);

/* What keeps its spec from streaming as it is: no obstacles, and sonogram_stream_new needs no
 * options. obstacle->struct_size is set by the caller, the rest is filled. */
SONOGRAM_API sonogram_status sonogram_extractor_num_obstacles(const sonogram_extractor* extractor,
                                                              int64_t* count);
SONOGRAM_API sonogram_status sonogram_extractor_obstacle(const sonogram_extractor* extractor,
                                                         int64_t index,
                                                         sonogram_obstacle* obstacle);

/* What a run over `items` signals of `samples` samples of this type writes. shape->struct_size is
 * set by the caller, the rest is filled. */
SONOGRAM_API sonogram_status sonogram_extractor_shape(const sonogram_extractor* extractor,
                                                      sonogram_type type, int64_t items,
                                                      int64_t samples, sonogram_shape* shape);
/* options may be null. */
SONOGRAM_API sonogram_status sonogram_extractor_run(const sonogram_extractor* extractor,
                                                    const sonogram_signals* signals,
                                                    const sonogram_features* features,
                                                    const sonogram_run_options* options);

/* Streams --------------------------------------------------------------------------------------*/

/* What a stage that asks for a number of the whole signal is given instead. */
enum {
  SONOGRAM_NOTHING = 0, /* such a stage is an error */
  SONOGRAM_VALUES = 1,  /* these: one, or one for every row */
  SONOGRAM_RUNNING = 2  /* what the frames so far say */
};
typedef struct sonogram_substitute {
  int32_t kind;
  int64_t num_values;
  const double* values;
} sonogram_substitute;

typedef struct sonogram_stream_options {
  size_t struct_size;
  sonogram_type type;          /* of the samples; 0: float32 */
  int64_t channels;            /* 0: 1 */
  sonogram_substitute maximum; /* of "dynamic_range" and "reference" 'max': at the first of them */
  sonogram_substitute mean;    /* of "normalize" and "reference" 'mean' */
  sonogram_substitute deviation; /* the same; "std" in messages */
  int64_t window;                /* frames that running numbers look back on; 0: all so far */
} sonogram_stream_options;

/* A stream of the extractor's spec, which it does not keep. options may be null. A spec with stages
 * that need the whole signal, for which options have nothing, is an error that names them all and
 * what serves: of that, C has maximum, mean and deviation, or an extractor on the whole signal.
 * Once a stream is made, sonogram_stream_shape, _push, _flush and _reset allocate no memory, the
 * last push included, but for the message where they fail. */
SONOGRAM_API sonogram_status sonogram_stream_new(const sonogram_extractor* extractor,
                                                 const sonogram_stream_options* options,
                                                 sonogram_stream** stream);
SONOGRAM_API void sonogram_stream_free(sonogram_stream* stream);

/* What a push of so many samples would write now (all channels); last: 0 or 1. */
SONOGRAM_API sonogram_status sonogram_stream_shape(const sonogram_stream* stream, int64_t samples,
                                                   int32_t last, sonogram_shape* shape);
/* Takes a chunk, one item for each channel, of any number of samples, and writes the frames that
 * are ready: their number goes to *frames. features may be null where there will be none. last: 1
 * where the signal ends with this chunk; then nothing but a reset is left. */
SONOGRAM_API sonogram_status sonogram_stream_push(sonogram_stream* stream,
                                                  const sonogram_signals* chunk, int32_t last,
                                                  const sonogram_features* features,
                                                  int64_t* frames);
/* A push of nothing, the last. */
SONOGRAM_API sonogram_status sonogram_stream_flush(sonogram_stream* stream,
                                                   const sonogram_features* features,
                                                   int64_t* frames);
SONOGRAM_API sonogram_status sonogram_stream_reset(sonogram_stream* stream);
/* Samples until the first frame (-1: none before the signal ends), and from frame to frame. */
SONOGRAM_API sonogram_status sonogram_stream_latency(const sonogram_stream* stream, int64_t* first,
                                                     int64_t* per_frame);
/* The least number of samples, counted from the signal's first, that must be pushed before `frames`
   frames have been written; -1: so many come, if at all, when the signal ends. */
SONOGRAM_API sonogram_status sonogram_stream_samples_for(const sonogram_stream* stream,
                                                         int64_t frames, int64_t* samples);
/* Frames written since the beginning or the last reset. */
SONOGRAM_API sonogram_status sonogram_stream_num_frames(const sonogram_stream* stream,
                                                        int64_t* frames);

#ifdef __cplusplus
}
#endif

#endif
