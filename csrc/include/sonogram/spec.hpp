// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The record of what to compute: one flat structure, its fields grouped as the stages that a signal
// goes through. Defaults are those of a power spectrogram in torchaudio's terms.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sonogram {

enum class PreemphasisKind { keep, replicate };
enum class Quantize { none, int16 };
enum class PadMode { constant, reflect, replicate, circular, symmetric };
enum class WindowAlign { center, left };
enum class Normalized { none, window, frame_length };
enum class FilterbankKind { none, mel, linear, matrix };
enum class MelScale { htk, slaney, kaldi };
enum class Norm { none, slaney };
enum class Triangle { hz, mel };
enum class LogKind { none, ln, log10, db, log1p };
enum class Layout { freq_time, time_freq };
enum class Precision { follow, float32, float64 };
enum class FinishKind { dynamic_range, affine, reference_value, reference_max };

// A window is a name with its parameters, or the samples themselves.
struct WindowSpec {
  std::string name = "hann";
  std::vector<double> parameters;
  std::vector<double> samples;
};

struct FinishStage {
  FinishKind kind;
  double a =
      0.0;  // dynamic_range: the range; affine: the scale; reference_value: what is subtracted
  double b = 0.0;  // affine: the offset
};

struct Spec {
  double sample_rate = 16000.0;
  // condition
  double scale = 1.0;
  std::optional<double> clip;
  Quantize quantize = Quantize::none;
  bool remove_mean = false;
  double preemphasis = 0.0;
  PreemphasisKind preemphasis_kind = PreemphasisKind::keep;
  std::optional<std::int64_t> length;
  std::pair<std::int64_t, std::int64_t> pad{0, 0};
  // frame
  std::int64_t n_fft = 400;
  std::optional<std::int64_t> win_length;
  std::optional<std::int64_t> hop_length;
  bool center = true;
  std::optional<std::pair<std::int64_t, std::int64_t>> frame_pad;
  std::pair<PadMode, PadMode> pad_mode{PadMode::reflect, PadMode::reflect};
  std::optional<bool> snip_edges;
  bool drop_last = false;
  // per frame
  double dither = 0.0;
  std::uint64_t seed = 0;
  bool remove_dc = false;
  double frame_preemphasis = 0.0;
  // window
  WindowSpec window;
  bool periodic = true;
  WindowAlign window_align = WindowAlign::center;
  // spectrum; no power: complex
  std::optional<double> power = 2.0;
  double power_eps = 0.0;
  double power_floor = 0.0;
  Normalized normalized = Normalized::none;
  // filterbank
  FilterbankKind filterbank = FilterbankKind::none;
  std::vector<std::vector<double>> matrix;  // [n_mels][n_freqs] where filterbank is `matrix`
  std::int64_t n_mels = 128;
  double f_min = 0.0;
  std::optional<double> f_max;
  MelScale mel_scale = MelScale::htk;
  Norm norm = Norm::none;
  std::optional<double> filterbank_sample_rate;
  Triangle triangle = Triangle::hz;
  // compress
  LogKind log = LogKind::none;
  double floor = 1e-10;
  double eps = 0.0;
  double gain = 1.0;
  // finish
  std::vector<FinishStage> finish;
  Layout layout = Layout::freq_time;
  Precision dtype = Precision::follow;

  std::int64_t window_length() const { return win_length.value_or(n_fft); }
  std::int64_t hop() const { return hop_length.value_or(window_length() / 2); }
  std::int64_t n_freqs() const { return n_fft / 2 + 1; }
  double nyquist() const { return filterbank_sample_rate.value_or(sample_rate) / 2; }
  std::int64_t n_rows() const;
};

// Throws std::invalid_argument that names the field, its value and what is allowed.
void validate(const Spec& spec);

}  // namespace sonogram
