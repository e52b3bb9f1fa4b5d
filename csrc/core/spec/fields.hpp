// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The fields of a Spec in the order of the stages, with their words, ranges and meanings. JSON, the
// bindings, validation, the options of the command line, the groups of `explain` and docs/spec.md
// use this list, and tests compare the defaults and words of Python's record with it.
#pragma once
#include <cmath>
#include <limits>
#include <string>

#include "core/base/errors.hpp"
#include "sonogram/spec.hpp"

namespace sonogram {

// The stages of a recipe that fields belong to, as `explain` and the documentation name them.
namespace groups {
inline constexpr const char *rate = "sample rate", *level = "level", *preemphasis = "pre-emphasis",
                            *length = "length", *framing = "framing", *frame = "frame",
                            *window = "window", *spectrum = "spectrum", *filterbank = "filterbank",
                            *logarithm = "logarithm", *finish = "finish", *result = "result";
}

// The range of a number. Rules between fields are in validate.cpp.
struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool above_low = false;  // low itself is not allowed
};

namespace ranges {
inline constexpr double max_n_fft = 1 << 24, max_rows = 1 << 20,
                        max_count = 281474976710656;  // 2^48
inline constexpr Range no_number{}, finite{}, at_least_zero{0}, above_zero{0, finite.high, true};
inline constexpr Range count{1, max_count}, count_or_zero{0, max_count};
inline constexpr Range n_fft{1, max_n_fft}, rows{1, max_rows};
}  // namespace ranges

// The description of a field. Its type and default are those of the Spec.
struct Field {
  const char* name;
  const char* group;
  const char* help;  // one sentence
  Range range = {};
  const char* none = "";  // the meaning of None, if it is allowed
};

// The word of a value; null for None.
template <class E>
const char* word_of(E value, const Words<E>& words) {
  for (const auto& [word, known] : words) {
    if (known == value) return word;
  }
  return nullptr;
}

// A range in words.
inline std::string allowed_values(const Range& range) {
  if (std::isfinite(range.high)) {
    return "from " + format_number(range.low) + " to " + format_number(range.high);
  }
  if (!std::isfinite(range.low)) return "a finite number";
  return std::string("a finite number ") + (range.above_low ? "> " : ">= ") +
         format_number(range.low);
}

// f(field, value) or f(field, value, words) for every field; the filterbank as
// f(field, kind, matrix, words). S is Spec or const Spec.
template <class S, class F>
void visit_fields(S& s, F&& f) {
  f({"sample_rate", groups::rate, "Sample rate, Hz.", ranges::above_zero}, s.sample_rate);
  f({"scale", groups::level, "Factor by which the waveform is multiplied.", ranges::finite},
    s.scale);
  f({"clip", groups::level, "Then clip to this absolute value.", ranges::above_zero, "not clipped"},
    s.clip);
  f({"quantize", groups::level, "Then round as 16-bit integers do.", ranges::no_number,
     "not rounded"},
    s.quantize, words::quantize);
  f({"remove_mean", groups::level, "Subtract the mean of the whole item."}, s.remove_mean);
  f({"level", groups::level, "Normalise the whole item to this level.", ranges::above_zero,
     "as it is"},
    s.level);
  f({"level_kind", groups::level, "Kind of level: root mean square, or peak."}, s.level_kind,
    words::level_kind);
  f({"level_when", groups::level, "Normalise always, or only if that makes the item louder."},
    s.level_when, words::level_when);
  f({"level_eps", groups::level, "Epsilon in the denominator of the factor.",
     ranges::at_least_zero},
    s.level_eps);
  f({"preemphasis", groups::preemphasis,
     "Subtract this times the previous sample, over the whole waveform.", ranges::finite},
    s.preemphasis);
  f({"preemphasis_kind", groups::preemphasis, "The first sample: kept, or its own predecessor."},
    s.preemphasis_kind, words::preemphasis_kind);
  f({"length", groups::length, "Extend or cut to this many samples.", ranges::count, "as it is"},
    s.length);
  f({"min_length", groups::length, "Extend to at least this many samples.", ranges::count,
     "as it is"},
    s.min_length);
  f({"max_length", groups::length, "Cut to at most this many samples.", ranges::count, "as it is"},
    s.max_length);
  f({"length_step", groups::length,
     "Extend until the excess over `min_length` is a multiple of this.", ranges::count, "as it is"},
    s.length_step);
  f({"length_mode", groups::length, "How an item is extended."}, s.length_mode, words::length_mode);
  f({"pad", groups::length, "Zeros to add on the left and on the right.", ranges::count_or_zero},
    s.pad);
  f({"n_fft", groups::framing, "Samples of a Fourier transform.", ranges::n_fft}, s.n_fft);
  f({"win_length", groups::framing, "Samples of the window, at most `n_fft`.", ranges::n_fft,
     "`n_fft`"},
    s.win_length);
  f({"hop_length", groups::framing, "Samples from frame to frame.", ranges::count,
     "`win_length // 2`"},
    s.hop_length);
  f({"center", groups::framing, "Centre frame t on sample t * hop_length."}, s.center);
  f({"frame_pad", groups::framing, "Samples of padding on the left and on the right.",
     ranges::count_or_zero, "as `center` implies"},
    s.frame_pad);
  f({"pad_mode", groups::framing, "Content of the padding."}, s.pad_mode, words::pad_mode);
  f({"snip_edges", groups::framing,
     "Kaldi's frames: complete ones only, or one per hop, mirrored at the ends.", ranges::no_number,
     "as torch.stft"},
    s.snip_edges);
  f({"frame_span", groups::framing, "Samples that a frame needs to be counted.", ranges::count,
     "`n_fft`, or `win_length` with `snip_edges`"},
    s.frame_span);
  f({"frame_offset", groups::framing, "Samples by which every frame is shifted.",
     ranges::count_or_zero},
    s.frame_offset);
  f({"round_up", groups::framing, "Count an incomplete last frame."}, s.round_up);
  f({"frame_multiple", groups::framing, "Round the number of frames up to a multiple of this.",
     ranges::rows},
    s.frame_multiple);
  f({"drop_last", groups::framing, "Omit the last frame."}, s.drop_last);
  f({"dither", groups::frame, "Standard deviation of Gaussian noise to add.",
     ranges::at_least_zero},
    s.dither);
  f({"seed", groups::frame, "Seed of that noise."}, s.seed);
  f({"remove_dc", groups::frame, "Subtract the mean of each frame."}, s.remove_dc);
  f({"frame_preemphasis", groups::preemphasis, "Pre-emphasis within each frame, as Kaldi's.",
     ranges::finite},
    s.frame_preemphasis);
  f({"energy", groups::frame,
     "Adds a row with the log energy of the frame, before or after the window.", ranges::no_number,
     "no row"},
    s.energy, words::energy);
  f({"energy_floor", groups::frame, "Floor of the energy.", ranges::above_zero}, s.energy_floor);
  f({"window", groups::window,
     "A name, with its parameters if it has any, or `win_length` values."},
    s.window);
  f({"periodic", groups::window, "Periodic windows rather than symmetric ones."}, s.periodic);
  f({"window_align", groups::window, "Position of a window shorter than `n_fft`."}, s.window_align,
    words::window_align);
  f({"output", groups::spectrum, "The spectrum, or the conditioned waveform before framing."},
    s.output, words::output);
  f({"power", groups::spectrum, "Exponent of the magnitude: 2 is power, 1 is magnitude.",
     ranges::above_zero, "the complex spectrum"},
    s.power);
  f({"power_eps", groups::spectrum, "Added to |X|^2.", ranges::at_least_zero}, s.power_eps);
  f({"power_floor", groups::spectrum, "Floor of |X|^2.", ranges::at_least_zero}, s.power_floor);
  f({"normalized", groups::spectrum,
     "Divide by the window's L2 norm (True, 'window'), or by sqrt(n_fft)."},
    s.normalized);
  f({"filterbank", groups::filterbank, "Bands, by their kind or as a matrix [n_mels, n_freqs].",
     ranges::no_number, "no bands"},
    s.filterbank, s.matrix, words::filterbank);
  f({"n_mels", groups::filterbank, "Number of bands.", ranges::rows}, s.n_mels);
  f({"f_min", groups::filterbank, "Lowest frequency of the bands, Hz.", ranges::at_least_zero},
    s.f_min);
  f({"f_max", groups::filterbank, "Highest frequency of the bands, Hz.", ranges::above_zero,
     "half the sample rate"},
    s.f_max);
  f({"mel_scale", groups::filterbank, "Mel scale along which bands are spaced evenly."},
    s.mel_scale, words::mel_scale);
  f({"bark_scale", groups::filterbank, "Bark scale along which bands are spaced evenly."},
    s.bark_scale, words::bark_scale);
  f({"norm", groups::filterbank,
     "Divide each filter by its width in Hz over 2, its sum, its L2 norm or its maximum.",
     ranges::no_number, "not divided"},
    s.norm, words::norm);
  f({"filterbank_sample_rate", groups::filterbank, "Build the bands for this rate.",
     ranges::above_zero, "that of the audio"},
    s.filterbank_sample_rate);
  f({"triangle", groups::filterbank,
     "Axis along which the sides of triangles are straight, or isosceles in Hz."},
    s.triangle, words::triangle);
  f({"filter_shape", groups::filterbank, "Shape of a band between its edges."}, s.filter_shape,
    words::filter_shape);
  f({"vtln_warp", groups::filterbank, "Factor of Kaldi's vocal tract length normalisation.",
     ranges::above_zero},
    s.vtln_warp);
  f({"vtln_low", groups::filterbank, "Its lower cutoff, Hz.", ranges::finite}, s.vtln_low);
  f({"vtln_high", groups::filterbank,
     "Its upper cutoff, Hz, below 0 from the Nyquist frequency down.", ranges::finite},
    s.vtln_high);
  f({"bins_per_octave", groups::filterbank, "Bands to an octave, of filterbank 'log'.",
     ranges::above_zero},
    s.bins_per_octave);
  f({"tuning", groups::filterbank, "Tuning of filterbank 'chroma', in bins.", ranges::finite},
    s.tuning);
  f({"chroma_octave", groups::filterbank,
     "Centre of the weights of filterbank 'chroma', in octaves.", ranges::finite},
    s.chroma_octave);
  f({"chroma_width", groups::filterbank, "Width of the weights of filterbank 'chroma', in octaves.",
     ranges::above_zero, "no weighting"},
    s.chroma_width);
  f({"log", groups::logarithm, "Logarithm, or another compression.", ranges::no_number,
     "no logarithm"},
    s.log, words::log);
  f({"floor", groups::logarithm, "Floor of the values before the logarithm.",
     ranges::at_least_zero},
    s.floor);
  f({"eps", groups::logarithm, "Epsilon, added before the logarithm.", ranges::at_least_zero},
    s.eps);
  f({"gain", groups::logarithm, "Factor on power or bands, with a logarithm or without.",
     ranges::finite},
    s.gain);
  f({"exponent", groups::logarithm, "Exponent of log 'power'.", ranges::finite}, s.exponent);
  f({"valid_frames", groups::finish, "How many frames of an item are valid."}, s.valid_frames,
    words::valid_frames);
  f({"valid_min", groups::finish, "Samples to assume for them, at least.", ranges::count_or_zero},
    s.valid_min);
  f({"finish", groups::finish, "Stages over the features of an item, in order."}, s.finish);
  f({"layout", groups::result, "Order of the last two axes."}, s.layout, words::layout);
  f({"dtype", groups::result,
     "Type of the result; also of the arithmetic, where it is float32 or float64.",
     ranges::no_number, "float64 for float64 input, else float32"},
    s.dtype, words::dtype);
  f({"compute_dtype", groups::result, "Type of the arithmetic alone.", ranges::no_number,
     "as the result"},
    s.compute_dtype, words::compute_dtype);
}

}  // namespace sonogram
