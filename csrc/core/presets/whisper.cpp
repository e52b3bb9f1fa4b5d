// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Whisper's log-mel, its variants, and the models that took it over.
#include "core/presets/tables.hpp"

namespace sonogram::tables {
namespace {

constexpr std::int64_t half_minute = 480000;

Spec whisper(std::int64_t n_mels) {
  Spec s;
  s.n_fft = 400;
  s.hop_length = 160;
  s.drop_last = true;
  slaney_bands(s, n_mels, 0.0, std::nullopt);
  s.log = LogKind::log10;
  s.finish = {make_stage(FinishKind::dynamic_range, {{"range", 8.0}}),
              make_stage(FinishKind::affine, {{"scale", 0.25}, {"offset", 1.0}})};
  return s;
}

// transformers pads the audio itself to 30 s, so that the maximum is of all of it; its mask takes
// every hop of the samples' mask.
Spec hugging_face(std::int64_t n_mels, std::int64_t length = half_minute) {
  Spec s = whisper(n_mels);
  s.length = length;
  s.valid_frames = ValidFrames::ceil;
  return s;
}

// 160 zeros, then the last of the frames is left out.
Spec faster(std::int64_t n_mels) {
  Spec s = whisper(n_mels);
  s.pad = {0, 160};
  return s;
}

// Mirrored on the left, 30 s of zeros and more on the right.
Spec cpp(std::int64_t n_mels) {
  Spec s = whisper(n_mels);
  s.pad = {0, half_minute};
  s.pad_mode = {PadMode::reflect, PadMode::constant};
  return s;
}

// The padding of a clip to half a second counts as audio.
Spec qwen3_asr() {
  Spec s = whisper(128);
  s.min_length = half_minute;
  s.valid_frames = ValidFrames::ceil;
  s.valid_min = 8000;
  s.finish.push_back(make_stage(FinishKind::multiple, {{"of", 100.0}}));
  return s;
}

Spec time_first(Spec s) {
  s.layout = Layout::time_freq;
  return s;
}

// The maximum is not looked for but taken to be 1.5.
Spec voxtral_realtime() {
  Spec s = whisper(128);
  s.floor = 3.1622776601683795e-07;  // 10^(1.5 - 8)
  s.finish.erase(s.finish.begin());
  return s;
}

// n_fft 512, HTK bands, frames joined in pairs.
Spec granite() {
  Spec s = whisper(80);
  s.n_fft = 512;
  s.win_length = 400;
  s.drop_last = false;
  htk_bands(s, 80, 0.0, std::nullopt);
  s.finish.push_back(make_stage(FinishKind::stack, {{"size", 2.0}, {"stride", 2.0}}));
  s.layout = Layout::time_freq;
  return s;
}

// An even number of frames before the maximum, each beside its slope. Of a last pair with one true
// frame, the original's mask has the pair.
Spec granite5() {
  Spec s = granite();
  s.drop_last = true;  // N // hop frames, brought to an even number
  s.frame_multiple = 2;
  s.valid_frames = ValidFrames::floor;
  s.finish.back() = make_stage(FinishKind::deltas, {{"order", 1.0}, {"win_length", 3.0}});
  s.finish.push_back(
      make_stage(FinishKind::stack, {{"size", 2.0}, {"stride", 2.0}, {"tail", "replicate"}}));
  return s;
}

const char* const openai = "openai-whisper 20250625, whisper/audio.py: log_mel_spectrogram";
const char* const extractor =
    "transformers 5.24.0, models/whisper/feature_extraction_whisper.py: WhisperFeatureExtractor";
const char* const faster_whisper =
    "faster-whisper 1.2.1, faster_whisper/feature_extractor.py: FeatureExtractor";
const char* const whisper_cpp = "whisper.cpp 233fe1fc9, src/whisper.cpp: log_mel_spectrogram";

}  // namespace

std::vector<Preset> whispers() {
  return {
      {"whisper-80", {}, whisper(80), openai, 1e-4, weak_bins},
      {"whisper-128", {}, whisper(128), openai, 1e-4, weak_bins},
      {"whisper-80-hf",
       {"openai/whisper-tiny", "openai/whisper-tiny.en", "openai/whisper-base",
        "openai/whisper-base.en", "openai/whisper-small", "openai/whisper-small.en",
        "openai/whisper-medium", "openai/whisper-medium.en", "openai/whisper-large",
        "openai/whisper-large-v2", "distil-whisper/distil-small.en",
        "distil-whisper/distil-medium.en", "distil-whisper/distil-large-v2", "whisper-tiny",
        "whisper-base", "whisper-small", "whisper-medium", "whisper-large", "whisper-large-v2"},
       hugging_face(80),
       extractor,
       1e-4,
       weak_bins},
      {"whisper-128-hf",
       {"openai/whisper-large-v3", "openai/whisper-large-v3-turbo",
        "distil-whisper/distil-large-v3", "distil-whisper/distil-large-v3.5", "whisper-large-v3",
        "whisper-large-v3-turbo", "whisper-turbo"},
       hugging_face(128),
       extractor,
       1e-4,
       weak_bins},
      {"whisper-80-faster", {}, faster(80), faster_whisper, 5e-5, weak_bins},
      {"whisper-128-faster", {}, faster(128), faster_whisper, 5e-5, weak_bins},
      {"whisper-80-cpp", {}, cpp(80), whisper_cpp, 1e-4, weak_bins},
      {"whisper-128-cpp", {}, cpp(128), whisper_cpp, 1e-4, weak_bins},
      {"qwen2-audio",
       {"Qwen/Qwen2-Audio-7B", "Qwen/Qwen2-Audio-7B-Instruct"},
       hugging_face(128),
       extractor,
       1e-4,
       weak_bins},
      {"qwen2.5-omni",
       {"Qwen/Qwen2.5-Omni-3B", "Qwen/Qwen2.5-Omni-7B"},
       hugging_face(128, 10 * half_minute),
       extractor,
       1e-4,
       "as whisper-128-hf, padded to 300 s; its processor then keeps the frames of the audio"},
      {"qwen3-asr",
       {},
       qwen3_asr(),
       "transformers 5.24.0, models/qwen3_asr/feature_extraction_qwen3_asr.py: "
       "Qwen3ASRFeatureExtractor",
       1e-4,
       weak_bins},
      {"voxtral-realtime-128",
       {},
       voxtral_realtime(),
       "transformers 5.24.0, models/voxtral_realtime: VoxtralRealtimeFeatureExtractor",
       1e-4,
       weak_bins},
      {"s3tokenizer-128",
       {"cosyvoice-tokens"},
       whisper(128),
       "s3tokenizer 0.3.0, s3tokenizer/utils.py: log_mel_spectrogram",
       1e-4,
       weak_bins},
      {"wenet-log-mel-80",
       {},
       time_first(whisper(80)),
       "WeNet, wenet/dataset/processor.py: compute_log_mel_spectrogram",
       1e-4,
       weak_bins},
      {"granite-speech",
       {"ibm-granite/granite-speech-3.3-2b", "ibm-granite/granite-speech-3.3-8b"},
       granite(),
       "transformers 5.24.0, models/granite_speech/feature_extraction_granite_speech.py: "
       "GraniteSpeechFeatureExtractor",
       1e-4,
       bank_float32},
      {"granite-speech-5",
       {},
       granite5(),
       "transformers 5.24.0, models/granite_speech5/feature_extraction_granite_speech5.py: "
       "GraniteSpeech5FeatureExtractor",
       1e-4,
       bank_float32},
  };
}

}  // namespace sonogram::tables
