// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// NeMo's recognisers and others with a front end of their own.
#include "core/presets/tables.hpp"

namespace sonogram::tables {
namespace {

// Pre-emphasis of the whole waveform, zeros around, ln(power + 2^-24); the last frame never counts.
Spec nemo(std::int64_t n_mels, std::int64_t win = 400) {
  Spec s;
  s.preemphasis = 0.97;
  s.n_fft = 512;
  s.win_length = win;
  s.hop_length = 160;
  s.pad_mode = {PadMode::constant, PadMode::constant};
  s.periodic = false;
  slaney_bands(s, n_mels, 0.0, std::nullopt);
  s.log = LogKind::ln;
  s.floor = 0.0;
  s.eps = 1.0 / (1 << 24);
  s.valid_frames = ValidFrames::all_but_last;
  return s;
}

Spec per_feature(Spec s, bool time_first = false) {
  s.finish = {normalize({{"ddof", 1.0}, {"eps", 1e-5}}), make_stage(FinishKind::mask)};
  if (time_first) s.layout = Layout::time_freq;
  return s;
}

// The class's defaults: windows of 20 ms, frames in sixteens.
Spec nemo_defaults() {
  Spec s = per_feature(nemo(64, 320));
  s.finish.push_back(make_stage(FinishKind::multiple, {{"of", 16.0}}));
  return s;
}

Spec nemotron() {
  Spec s = nemo(80);
  s.finish = {make_stage(FinishKind::mask)};
  s.layout = Layout::time_freq;
  return s;
}

Spec espnet() {
  Spec s;
  s.n_fft = 512;
  s.hop_length = 128;
  slaney_bands(s, 80, 0.0, std::nullopt);
  s.log = LogKind::ln;
  s.floor = 1e-10;
  s.layout = Layout::time_freq;
  return s;
}

// y = 32767^2 mel; ln y above e, y / e below; four frames of zeros for the look-ahead.
Spec emformer() {
  Spec s;
  s.n_fft = 400;
  s.hop_length = 160;
  htk_bands(s, 80, 0.0, std::nullopt);
  s.log = LogKind::piecewise;
  s.gain = 32767.0 * 32767.0;
  s.floor = 0.0;
  s.finish = {make_stage(FinishKind::pad, {{"left", 0.0}, {"right", 4.0}})};
  s.layout = Layout::time_freq;
  return s;
}

// Frames count only with a 513th sample, which HTK's pre-emphasis then leaves unused.
Spec gemma3n() {
  Spec s;
  s.max_length = 480000;
  s.length_step = 128;
  s.n_fft = 1024;
  s.win_length = 512;
  s.hop_length = 160;
  s.snip_edges = true;
  s.frame_span = 513;
  s.frame_preemphasis = 0.97;
  s.window_align = WindowAlign::left;
  s.power = 1.0;
  htk_bands(s, 128, 125.0, 7600.0);
  s.log = LogKind::ln;
  s.floor = 1e-5;
  s.valid_frames = ValidFrames::ceil;
  s.layout = Layout::time_freq;
  return s;
}

// A frame is true where its last sample is; the samples start after half a window of zeros.
Spec gemma4() {
  Spec s;
  s.max_length = 480000;
  s.length_step = 128;
  s.pad = {160, 0};
  s.n_fft = 512;
  s.win_length = 320;
  s.hop_length = 160;
  s.snip_edges = true;
  s.frame_span = 321;
  s.window_align = WindowAlign::left;
  s.power = 1.0;
  htk_bands(s, 128, 0.0, std::nullopt);
  s.log = LogKind::ln;
  s.floor = 0.0;
  s.eps = 1e-3;
  s.valid_frames = ValidFrames::last;
  s.finish = {make_stage(FinishKind::mask)};
  s.layout = Layout::time_freq;
  return s;
}

// Bands as TensorFlow's, straight in mel.
Spec lasr() {
  Spec s;
  s.n_fft = 512;
  s.win_length = 400;
  s.hop_length = 160;
  s.snip_edges = true;
  s.periodic = false;
  s.window_align = WindowAlign::left;
  s.filterbank = FilterbankKind::mel;
  s.n_mels = 128;
  s.f_min = 125.0;
  s.f_max = 7500.0;
  s.mel_scale = MelScale::kaldi;
  s.triangle = Triangle::mel;
  s.log = LogKind::ln;
  s.floor = 1e-5;
  s.layout = Layout::time_freq;
  return s;
}

// Windows of 0.1 s that end at every 0.05 s, zeros before and after.
Spec inkling() {
  Spec s;
  s.length_step = 800;
  s.pad = {800, 0};
  s.n_fft = 1600;
  s.hop_length = 800;
  s.center = false;
  s.power = 1.0;
  s.power_floor = 1e-10;
  slaney_bands(s, 80, 0.0, std::nullopt);
  s.log = LogKind::log10;
  s.floor = 1e-10;
  s.layout = Layout::time_freq;
  return s;
}

const char* const nemo_file =
    "nemo-toolkit 3.0.0, collections/asr/parts/preprocessing/features.py: FilterbankFeatures";
const char* const parakeet_file =
    "transformers 5.24.0, models/parakeet/feature_extraction_parakeet.py: "
    "ParakeetFeatureExtractor";
const char* const deviation =
    "rows of little variance divide small errors by their deviation; dither is training's";

}  // namespace

std::vector<Preset> recognizers() {
  return {
      {"nemo-64", {"nemo"}, nemo_defaults(), nemo_file, 5e-4, deviation},
      {"nemo-80",
       {"nvidia/parakeet-rnnt-1.1b", "nvidia/stt_en_fastconformer_ctc_large"},
       per_feature(nemo(80)),
       nemo_file,
       2e-4,
       deviation},
      {"nemo-128",
       {"nvidia/parakeet-tdt-0.6b-v2", "nvidia/parakeet-tdt-0.6b-v3", "nvidia/canary-1b",
        "nvidia/canary-1b-flash", "nvidia/canary-1b-v2"},
       per_feature(nemo(128)),
       nemo_file,
       5e-4,
       deviation},
      {"parakeet-80-hf",
       {"parakeet", "nvidia/parakeet-ctc-1.1b", "nvidia/parakeet-ctc-0.6b"},
       per_feature(nemo(80), true),
       parakeet_file,
       2e-4,
       deviation},
      {"parakeet-128-hf", {}, per_feature(nemo(128), true), parakeet_file, 5e-4, deviation},
      {"cohere-asr-128",
       {"cohere-asr"},
       per_feature(nemo(128), true),
       "transformers 5.24.0, models/cohere_asr/feature_extraction_cohere_asr.py: "
       "CohereAsrFeatureExtractor(dither=0)",
       5e-4,
       "its dither is torch's noise, seeded by the length, and its splits beyond 30 s are not "
       "here"},
      {"nemotron-streaming-80",
       {"nemotron-asr-streaming"},
       nemotron(),
       "transformers 5.24.0, models/nemotron_asr_streaming: NemotronAsrStreamingFeatureExtractor",
       2e-4,
       weak_bins},
      {"espnet-asr-80",
       {"espnet"},
       espnet(),
       "espnet 202511, espnet2/asr/frontend/default.py: DefaultFrontend",
       2e-3,
       "the normalisation after it is the recipe's"},
      {"emformer-80",
       {"emformer-rnnt", "torchaudio-emformer"},
       emformer(),
       "torchaudio 2.11.0, pipelines/rnnt_pipeline.py: RNNTBundle.get_feature_extractor",
       1e-3,
       "its downloaded statistics go before the last stage; the bank is built in float32"},
      {"gemma3n-128",
       {"google/gemma-3n-E2B-it", "google/gemma-3n-E4B-it", "gemma3n"},
       gemma3n(),
       "transformers 5.24.0, models/gemma3n/feature_extraction_gemma3n.py: "
       "Gemma3nAudioFeatureExtractor",
       1e-3,
       weak_bins},
      {"gemma4-128",
       {"gemma4"},
       gemma4(),
       "transformers 5.24.0, models/gemma4/feature_extraction_gemma4.py: "
       "Gemma4AudioFeatureExtractor",
       3e-4,
       weak_bins},
      {"lasr-128",
       {},
       in_double(lasr()),
       "transformers 5.24.0, models/lasr/feature_extraction_lasr.py: LasrFeatureExtractor",
       2e-6,
       double_fft},
      {"inkling-80",
       {},
       inkling(),
       "transformers 5.24.0, models/inkling/feature_extraction_inkling.py: InklingFeatureExtractor",
       2e-4,
       weak_bins},
  };
}

}  // namespace sonogram::tables
