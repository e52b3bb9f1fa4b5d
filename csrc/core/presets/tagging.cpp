// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Audio tagging, embeddings, speakers, voice activity, chroma and raw audio.
#include "core/presets/tables.hpp"

namespace sonogram::tables {
namespace {

constexpr double nyquist_of_clap = 14000.0;

// 10 log10(max(mel, 1e-10)), no range.
Spec decibels(double rate, std::int64_t n_fft, std::int64_t hop) {
  Spec s;
  s.sample_rate = rate;
  s.n_fft = n_fft;
  s.hop_length = hop;
  s.log = LogKind::db;
  s.layout = Layout::time_freq;
  return s;
}

Spec panns(double rate, std::int64_t hop, double f_max) {
  Spec s = decibels(rate, 1024, hop);
  slaney_bands(s, 64, 50.0, f_max);
  return s;
}

// Ten seconds: whole repeats, then zeros; of longer audio the start.
Spec clap(bool htk, double f_min) {
  Spec s = decibels(48000, 1024, 480);
  s.length = 480000;
  s.length_mode = LengthMode::repeat_zeros;
  if (htk) {
    htk_bands(s, 64, f_min, nyquist_of_clap);
  } else {
    slaney_bands(s, 64, f_min, nyquist_of_clap);
  }
  return s;
}

Spec laion(bool htk) {
  Spec s = clap(htk, 50.0);
  s.clip = 1.0;
  s.quantize = Quantize::int16;
  return s;
}

// Magnitudes in frames that fit, triangles straight in mel.
Spec audioset(double offset) {
  Spec s;
  s.n_fft = 512;
  s.win_length = 400;
  s.hop_length = 160;
  s.snip_edges = true;
  s.window_align = WindowAlign::left;
  s.power = 1.0;
  s.filterbank = FilterbankKind::mel;
  s.n_mels = 64;
  s.f_min = 125.0;
  s.f_max = 7500.0;
  s.mel_scale = MelScale::kaldi;
  s.triangle = Triangle::mel;
  s.log = LogKind::ln;
  s.floor = 0.0;
  s.eps = offset;
  s.layout = Layout::time_freq;
  return s;
}

// Zeros to one patch of 0.96 s and its last window, then to whole hops of 0.48 s.
Spec yamnet() {
  Spec s = audioset(0.001);
  s.min_length = 15600;
  s.length_step = 7680;
  return s;
}

Spec in_patches(Spec s, double stride) {
  s.finish = {make_stage(
      FinishKind::patches,
      {{"height", 96.0}, {"width", 64.0}, {"stride_height", stride}, {"stride_width", 64.0}})};
  return s;
}

// The first chunk of a stream: 64 zeros stand for the context; mirrored on the right alone.
Spec silero() {
  Spec s;
  s.pad = {64, 0};
  s.n_fft = 256;
  s.hop_length = 128;
  s.frame_pad = {0, 64};
  s.power = 1.0;
  return s;
}

Spec speechbrain() {
  Spec s = decibels(16000, 400, 160);
  s.window.name = "hamming";
  s.pad_mode = {PadMode::constant, PadMode::constant};
  htk_bands(s, 80, 0.0, std::nullopt);
  s.triangle = Triangle::isosceles;
  s.finish = {make_stage(FinishKind::dynamic_range, {{"range", 80.0}}), normalize({{"std", 0.0}})};
  return s;
}

Spec musicgen() {
  Spec s;
  s.sample_rate = 32000;
  s.max_length = 30 * 32000;
  s.min_length = 16384;
  s.length_mode = LengthMode::zeros_both;
  s.n_fft = 16384;
  s.hop_length = 4096;
  s.normalized = Normalized::window;
  s.filterbank = FilterbankKind::chroma;
  s.n_mels = 12;
  s.valid_frames = ValidFrames::ceil;
  s.finish = {make_stage(FinishKind::frame_norm, {{"order", "max"}, {"eps", 1e-6}}),
              make_stage(FinishKind::argmax)};
  s.layout = Layout::time_freq;
  return s;
}

// (x - mean) / sqrt(variance + 1e-7).
Spec wav2vec2() {
  Spec s;
  s.remove_mean = true;
  s.level = 1.0;
  s.level_eps = 1e-7;
  s.output = Output::waveform;
  return s;
}

const char* const clap_file =
    "transformers 5.24.0, models/clap/feature_extraction_clap.py: ClapFeatureExtractor";
const char* const laion_file =
    "laion-clap 1.1.7, laion_clap/training/data.py: get_audio_features; clap_module/htsat.py";
const char* const yamnet_file =
    "tensorflow/models, research/audioset/yamnet/features.py: "
    "waveform_to_log_mel_spectrogram_patches";
const char* const vggish_file =
    "tensorflow/models, research/audioset/vggish/mel_features.py: log_mel_spectrogram";
const char* const convolved = "the reference's DFT is a float32 convolution of 1024 taps";
const char* const lots =
    "for audio of up to 10 s: of longer audio the reference draws the part by lot; its FFT is "
    "in float64: so is this";

}  // namespace

std::vector<Preset> taggers() {
  return {
      {"panns-64",
       {"panns", "panns-cnn14"},
       panns(32000, 320, 14000.0),
       "panns-inference 0.1.1, models.py: Cnn14; torchlibrosa 0.1.0, stft.py",
       1e-3,
       convolved},
      {"panns-64-16k",
       {"panns-cnn14-16k"},
       panns(16000, 160, 8000.0),
       "audioset_tagging_cnn, Cnn14_16k; torchlibrosa 0.1.0, stft.py",
       1e-3,
       convolved},
      {"ms-clap-2023",
       {"ms-clap", "microsoft/msclap"},
       panns(44100, 320, 8000.0),
       "msclap 1.3.4, models/htsat.py, configs/config_2023.yml; torchlibrosa 0.1.0, stft.py",
       2e-3,
       convolved},
      {"clap-fusion", {}, in_double(clap(true, 0.0)), clap_file, 2e-5, lots},
      {"clap-rand-trunc", {}, in_double(clap(false, 0.0)), clap_file, 2e-5, lots},
      {"clap-htsat-fused",
       {"laion/clap-htsat-fused"},
       in_double(clap(true, 50.0)),
       clap_file,
       2e-5,
       lots},
      {"clap-htsat-unfused",
       {"laion/clap-htsat-unfused"},
       in_double(clap(false, 50.0)),
       clap_file,
       2e-5,
       lots},
      {"laion-clap-fusion", {}, laion(true), laion_file, 1e-2, lots},
      {"laion-clap", {}, laion(false), laion_file, 3e-3, lots},
      {"yamnet-64", {"yamnet"}, yamnet(), yamnet_file, 3e-4, weak_bins},
      {"yamnet-64-patches", {}, in_patches(yamnet(), 48.0), yamnet_file, 3e-4, weak_bins},
      {"vggish-64", {"vggish"}, in_double(audioset(0.01)), vggish_file, 2e-6, double_fft},
      {"vggish-64-patches",
       {},
       in_patches(in_double(audioset(0.01)), 96.0),
       vggish_file,
       2e-6,
       double_fft},
      {"silero-vad-16k",
       {"silero-vad"},
       silero(),
       "silero-vad 6.2.3, silero_vad_16k.safetensors: stft_conv, as tinygrad_model.py runs it",
       2e-5,
       "its DFT is stored weights, 8e-8 from the real one; for later chunks pad is (0, 0) and the "
       "64 samples before go with them"},
      {"speechbrain-ecapa-80",
       {"speechbrain/spkrec-ecapa-voxceleb", "speechbrain-ecapa"},
       speechbrain(),
       "speechbrain 1.1.2, lobes/features.py: Fbank; processing/features.py: InputNormalization",
       2e-3,
       bank_float32},
      {"musicgen-chroma",
       {"facebook/musicgen-melody", "facebook/musicgen-melody-large", "musicgen-melody"},
       musicgen(),
       "transformers 5.24.0, models/musicgen_melody/feature_extraction_musicgen_melody.py: "
       "MusicgenMelodyFeatureExtractor",
       0.0,
       "one-hot: equal"},
      {"wav2vec2",
       {"facebook/wav2vec2-base", "facebook/wav2vec2-base-960h", "facebook/wav2vec2-large-960h",
        "facebook/hubert-base-ls960", "facebook/hubert-large-ls960-ft", "hubert"},
       wav2vec2(),
       "transformers 5.24.0, models/wav2vec2/feature_extraction_wav2vec2.py: "
       "Wav2Vec2FeatureExtractor",
       5e-5,
       "float32 rounding of the samples"},
  };
}

}  // namespace sonogram::tables
