// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Speech synthesis and codecs with centred frames, or a framing of their own.
#include "core/presets/tables.hpp"

namespace sonogram::tables {
namespace {

Spec magnitudes(double rate, std::int64_t n_fft, std::int64_t hop) {
  Spec s;
  s.sample_rate = rate;
  s.n_fft = n_fft;
  s.hop_length = hop;
  s.power = 1.0;
  s.log = LogKind::ln;
  s.floor = 1e-5;
  return s;
}

Spec tacotron() {
  Spec s = magnitudes(22050, 1024, 256);
  slaney_bands(s, 80, 0.0, 8000.0);
  return s;
}

Spec fastspeech() {
  Spec s = tacotron();
  s.clip = 1.0;
  return s;
}

Spec vocos(double floor) {
  Spec s = magnitudes(24000, 1024, 256);
  htk_bands(s, 100, 0.0, std::nullopt);
  s.floor = floor;
  return s;
}

// Reference audio below an RMS of 0.1 is brought up to it.
Spec f5_reference() {
  Spec s = vocos(1e-5);
  s.level = 0.1;
  s.level_when = LevelWhen::quieter;
  return s;
}

// 24 kHz audio through a bank made for 16 kHz; (ln(1e-5 + mel) + 4) / 4.
Spec styletts() {
  Spec s = magnitudes(24000, 2048, 300);
  s.win_length = 1200;
  s.power = 2.0;
  htk_bands(s, 80, 0.0, std::nullopt);
  s.filterbank_sample_rate = 16000.0;
  s.floor = 0.0;
  s.eps = 1e-5;
  s.finish = {make_stage(FinishKind::affine, {{"scale", 0.25}, {"offset", 1.0}})};
  return s;
}

Spec common_logs(double rate, double power_floor) {
  Spec s = magnitudes(rate, 1024, 256);
  s.power_floor = power_floor;
  slaney_bands(s, 80, 80.0, 7600.0);
  s.log = LogKind::log10;
  s.floor = 1e-10;
  s.layout = Layout::time_freq;
  return s;
}

// NeMo: zeros around, a symmetric window, an epsilon added, and the last frame cleared.
Spec fastpitch() {
  Spec s = tacotron();
  s.pad_mode = {PadMode::constant, PadMode::constant};
  s.periodic = false;
  s.floor = 0.0;
  s.eps = 1e-5;
  s.valid_frames = ValidFrames::all_but_last;
  s.finish = {make_stage(FinishKind::mask)};
  return s;
}

Spec pop2piano() {
  Spec s = magnitudes(22050, 4096, 1024);
  s.power = 2.0;
  htk_bands(s, 512, 10.0, std::nullopt);
  s.floor = 1e-6;
  s.layout = Layout::time_freq;
  return s;
}

// One scale of the loss: ceil(N / hop) frames, the last filled with zeros.
Spec encodec_loss(std::int64_t n_fft) {
  Spec s = magnitudes(24000, n_fft, n_fft / 4);
  s.power = 2.0;
  s.frame_pad = {(n_fft - n_fft / 4) / 2, (n_fft - n_fft / 4) / 2};
  s.round_up = true;
  htk_bands(s, 64, 0.0, std::nullopt);
  s.log = LogKind::log10;
  s.floor = 0.0;
  s.eps = 1e-5;
  return s;
}

Preset encodec_scale(std::int64_t n_fft) {
  return {"encodec-loss-24k-" + std::to_string(n_fft),
          {},
          encodec_loss(n_fft),
          "audiocraft, audiocraft/losses/specloss.py: MelSpectrogramWrapper",
          3e-4,
          "the reference builds its bank in float32; short scales have empty filters, as there"};
}

// One scale of the multi-scale loss, centred.
Preset dac_scale(std::int64_t n_fft, std::int64_t n_mels, double tolerance) {
  Spec s = magnitudes(44100, n_fft, n_fft / 4);
  slaney_bands(s, n_mels, 0.0, std::nullopt);
  s.log = LogKind::log10;
  return {"dac-loss-44k-" + std::to_string(n_fft),
          {},
          s,
          "descript-audio-codec, dac/nn/loss.py: MelSpectrogramLoss, conf/base.yml; "
          "descript-audiotools 0.7.2, core/audio_signal.py: mel_spectrogram",
          tolerance,
          "a float32 FFT; scales of many bands have empty filters, as there"};
}

const char* const convolved = "the reference's DFT is a float32 convolution of 1024 taps";

}  // namespace

std::vector<Preset> synthesizers() {
  return {
      {"tacotron2-22k",
       {"tacotron2"},
       tacotron(),
       "NVIDIA/tacotron2, layers.py: TacotronSTFT.mel_spectrogram; stft.py: STFT.transform",
       2e-4,
       convolved},
      {"waveglow-22k",
       {"waveglow"},
       tacotron(),
       "NVIDIA/waveglow, mel2samp.py: Mel2Samp.get_mel, config.json",
       2e-4,
       convolved},
      {"fastspeech2-22k",
       {"fastspeech2"},
       fastspeech(),
       "ming024/FastSpeech2, audio/tools.py: get_mel_from_wav",
       2e-4,
       "as tacotron2-22k; the file it saves is time first and cut to the durations"},
      {"vocos-24k",
       {"vocos", "charactr/vocos-mel-24khz"},
       vocos(1e-7),
       "vocos 0.1.0, vocos/feature_extractors.py: MelSpectrogramFeatures",
       1e-3,
       bank_float32},
      {"f5-tts-24k",
       {"f5-tts", "e2-tts", "SWivid/F5-TTS", "SWivid/E2-TTS"},
       vocos(1e-5),
       "f5-tts 1.1.22, f5_tts/model/modules.py: get_vocos_mel_spectrogram",
       1e-3,
       bank_float32},
      {"f5-tts-24k-reference",
       {},
       f5_reference(),
       "f5-tts 1.1.22, f5_tts/infer/utils_infer.py: infer_batch_process",
       5e-4,
       bank_float32},
      {"styletts2-24k",
       {"styletts2"},
       styletts(),
       "yl4579/StyleTTS2, meldataset.py: preprocess",
       1e-4,
       bank_float32},
      {"espnet-tts-22k",
       {},
       common_logs(22050, 1e-10),
       "espnet 202511, espnet2/tts/feats_extract/log_mel_fbank.py: LogMelFbank; "
       "egs2/ljspeech/tts1/run.sh",
       2e-4,
       weak_bins},
      {"speecht5-16k",
       {"microsoft/speecht5_tts", "microsoft/speecht5_vc"},
       in_double(common_logs(16000, 0.0)),
       "transformers 5.24.0, models/speecht5/feature_extraction_speecht5.py: "
       "SpeechT5FeatureExtractor(audio_target=...)",
       3e-6,
       double_fft},
      {"fastpitch-22k",
       {"nvidia/tts_en_fastpitch"},
       fastpitch(),
       "nemo-toolkit 3.0.0, collections/asr/parts/preprocessing/features.py: FilterbankFeatures; "
       "fastpitch_align_v1.05.yaml",
       2e-4,
       weak_bins},
      {"pop2piano-22k",
       {"sweetcocoa/pop2piano"},
       pop2piano(),
       "transformers 5.24.0, models/pop2piano/feature_extraction_pop2piano.py: "
       "Pop2PianoFeatureExtractor.mel_spectrogram",
       5e-4,
       "narrow bands of few bins; without the beat tracker that cuts the audio"},
      encodec_scale(64),
      encodec_scale(128),
      encodec_scale(256),
      encodec_scale(512),
      encodec_scale(1024),
      dac_scale(32, 5, 2e-5),
      dac_scale(64, 10, 2e-5),
      dac_scale(128, 20, 3e-5),
      dac_scale(256, 40, 1e-4),
      dac_scale(512, 80, 3e-4),
      dac_scale(1024, 160, 3e-4),
      dac_scale(2048, 320, 2e-3),
  };
}

}  // namespace sonogram::tables
