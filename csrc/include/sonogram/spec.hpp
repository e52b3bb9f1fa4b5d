// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The Spec, the record of what to compute: one flat structure whose fields are grouped by the
// stages that a signal passes through. Defaults are those of torchaudio's power spectrogram.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sonogram/export.hpp"
#include "sonogram/words.hpp"

namespace sonogram {

enum class FinishKind {
  dynamic_range,
  affine,
  reference,
  clip,
  normalize,
  statistics,
  sliding_cmn,
  pcen,
  dct,
  lifter,
  energy,
  rotate,
  deltas,
  stack,
  frames,
  pad,
  multiple,
  mask,
  frame_norm,
  argmax,
  patches
};

// A window is a name with its parameters, or the samples themselves.
struct WindowSpec {
  std::string name = "hann";
  std::vector<double> parameters;
  std::vector<double> samples;
};

// A finish stage: one value for each parameter of its kind, in the order of the JSON (make_stage
// takes them by name). Numbers, integers and booleans are doubles.
struct FinishStage {
  using Value = std::variant<double, std::string, std::vector<double>>;
  FinishKind kind;
  std::vector<Value> values;

  double number(std::size_t i) const { return std::get<double>(values[i]); }
  std::int64_t integer(std::size_t i) const { return static_cast<std::int64_t>(number(i)); }
  bool flag(std::size_t i) const { return number(i) != 0; }
  const std::string& word(std::size_t i) const { return std::get<std::string>(values[i]); }
  const std::vector<double>& list(std::size_t i) const {
    return std::get<std::vector<double>>(values[i]);
  }
};

// Makes a stage from parameters by name; missing ones take their defaults. Throws
// std::invalid_argument for an unknown name and for a type or value that is not allowed.
SONOGRAM_API FinishStage
make_stage(FinishKind kind,
           const std::vector<std::pair<std::string, FinishStage::Value>>& parameters = {});

struct Spec {
  double sample_rate = 16000.0;
  // condition
  double scale = 1.0;
  std::optional<double> clip;
  Quantize quantize = Quantize::none;
  bool remove_mean = false;
  std::optional<double> level;
  LevelKind level_kind = LevelKind::rms;
  LevelWhen level_when = LevelWhen::always;
  double level_eps = 0.0;
  double preemphasis = 0.0;
  PreemphasisKind preemphasis_kind = PreemphasisKind::keep;
  std::optional<std::int64_t> length;
  std::optional<std::int64_t> min_length;
  std::optional<std::int64_t> max_length;
  std::optional<std::int64_t> length_step;
  LengthMode length_mode = LengthMode::zeros;
  std::pair<std::int64_t, std::int64_t> pad{0, 0};
  // frame
  std::int64_t n_fft = 400;
  std::optional<std::int64_t> win_length;
  std::optional<std::int64_t> hop_length;
  bool center = true;
  std::optional<std::pair<std::int64_t, std::int64_t>> frame_pad;
  std::pair<PadMode, PadMode> pad_mode{PadMode::reflect, PadMode::reflect};
  std::optional<bool> snip_edges;
  std::optional<std::int64_t> frame_span;
  std::int64_t frame_offset = 0;
  bool round_up = false;
  std::int64_t frame_multiple = 1;
  bool drop_last = false;
  // per frame
  double dither = 0.0;
  std::uint64_t seed = 0;
  bool remove_dc = false;
  double frame_preemphasis = 0.0;
  Energy energy = Energy::none;
  double energy_floor = 1.1920928955078125e-07;  // the epsilon of float, as in Kaldi
  // window
  WindowSpec window;
  bool periodic = true;
  WindowAlign window_align = WindowAlign::center;
  // spectrum; complex without a power
  Output output = Output::spectrum;
  std::optional<double> power = 2.0;
  double power_eps = 0.0;
  double power_floor = 0.0;
  Normalized normalized = Normalized::none;
  // filterbank
  FilterbankKind filterbank = FilterbankKind::none;
  std::vector<std::vector<double>> matrix;  // [n_mels][n_freqs] if filterbank is `matrix`
  std::int64_t n_mels = 128;
  double f_min = 0.0;
  std::optional<double> f_max;
  MelScale mel_scale = MelScale::htk;
  BarkScale bark_scale = BarkScale::traunmuller;
  Norm norm = Norm::none;
  std::optional<double> filterbank_sample_rate;
  Triangle triangle = Triangle::hz;
  FilterShape filter_shape = FilterShape::triangle;
  double vtln_warp = 1.0;
  double vtln_low = 100.0;
  double vtln_high = -500.0;
  double bins_per_octave = 12.0;
  double tuning = 0.0;
  double chroma_octave = 5.0;
  std::optional<double> chroma_width = 2.0;
  // compress
  LogKind log = LogKind::none;
  double floor = 1e-10;
  double eps = 0.0;
  double gain = 1.0;
  double exponent = 1.0;
  // finish
  ValidFrames valid_frames = ValidFrames::all;
  std::int64_t valid_min = 0;
  std::vector<FinishStage> finish;
  Layout layout = Layout::freq_time;
  Precision dtype = Precision::follow;
  // float64: arithmetic in double for any dtype of the result; follow: in the result's precision.
  Precision compute_dtype = Precision::follow;

  std::int64_t window_length() const { return win_length.value_or(n_fft); }
  std::int64_t hop() const { return hop_length.value_or(window_length() / 2); }
  std::int64_t n_freqs() const { return n_fft / 2 + 1; }
  double nyquist() const { return filterbank_sample_rate.value_or(sample_rate) / 2; }
  // Rows before the finish stages, without the energy.
  SONOGRAM_API std::int64_t n_rows() const;
};

// Whether features of this precision are computed in double.
SONOGRAM_API bool computes_in_double(const Spec& spec, Precision result);

// Throws std::invalid_argument that names the field, its value and what is allowed.
SONOGRAM_API void validate(const Spec& spec);

}  // namespace sonogram
