// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Vocoders whose frames are aligned to the hop: HiFi-GAN's recipe and its descendants.
#include "core/presets/tables.hpp"

namespace sonogram::tables {
namespace {

// (n_fft - hop) / 2 samples of reflection on each side, sqrt(|X|^2 + eps), ln(max(mel, 1e-5)).
Spec hop_aligned(double rate, std::int64_t n_fft, std::int64_t hop, double root_eps = 1e-9) {
  Spec s;
  s.sample_rate = rate;
  s.n_fft = n_fft;
  s.hop_length = hop;
  s.frame_pad = {(n_fft - hop) / 2, (n_fft - hop) / 2};
  s.power = 1.0;
  s.power_eps = root_eps;
  return s;
}

Spec mel(Spec s, std::int64_t n_mels, std::optional<double> f_max = std::nullopt) {
  slaney_bands(s, n_mels, 0.0, f_max);
  s.log = LogKind::ln;
  s.floor = 1e-5;
  return s;
}

Spec hifigan(std::optional<double> f_max) { return mel(hop_aligned(22050, 1024, 256), 80, f_max); }

// The training loader brings the peak to 0.95 first (librosa.util.normalize).
Spec hifigan_training() {
  Spec s = hifigan(8000.0);
  s.level = 0.95;
  s.level_kind = LevelKind::peak;
  return s;
}

Spec then(Spec s, const FinishStage& stage) {
  s.finish.push_back(stage);
  return s;
}

Spec time_first(Spec s) {
  s.layout = Layout::time_freq;
  return s;
}

// Ten seconds at most.
Spec univnet() {
  Spec s = in_double(time_first(mel(hop_aligned(24000, 1024, 256), 100)));
  s.max_length = 240000;
  return s;
}

// 2 (x - low) / (high - low) - 1.
Spec univnet_normalized() {
  constexpr double low = -11.512925148010254;
  constexpr double high = 2.3143386840820312;
  constexpr double scale = 2.0 / (high - low);
  return then(univnet(),
              make_stage(FinishKind::affine, {{"scale", scale}, {"offset", -low * scale - 1}}));
}

const char* const hifigan_file = "jik876/hifi-gan, meldataset.py: mel_spectrogram";
const char* const vits_file = "jaywalnut310/vits, mel_processing.py: mel_spectrogram_torch";
const char* const rvc_file =
    "RVC-Project/Retrieval-based-Voice-Conversion-WebUI, infer/lib/train/mel_processing.py: "
    "mel_spectrogram_torch";
const char* const gpt_sovits_file =
    "RVC-Boss/GPT-SoVITS, GPT_SoVITS/module/mel_processing.py: mel_spectrogram_torch";
const char* const bigvgan_file = "bigvgan 2.4.1, bigvgan/meldataset.py: mel_spectrogram";
const char* const univnet_file =
    "transformers 5.24.0, models/univnet/feature_extraction_univnet.py: UnivNetFeatureExtractor";
const char* const matcha_file = "Matcha-TTS, matcha/utils/audio.py: mel_spectrogram; configs/data";
const char* const cosyvoice_file =
    "CosyVoice, cosyvoice/cli/frontend.py: _extract_speech_feat, with the model's yaml";

}  // namespace

std::vector<Preset> vocoders() {
  return {
      {"hifigan-22k",
       {"hifigan", "hifigan-v1", "hifigan-v2", "hifigan-v3"},
       hifigan(8000.0),
       hifigan_file,
       5e-4,
       weak_bins},
      {"hifigan-22k-loss", {}, hifigan(std::nullopt), hifigan_file, 5e-4, weak_bins},
      {"hifigan-22k-train", {}, hifigan_training(), hifigan_file, 1e-3, weak_bins},
      {"vits-22k",
       {"vits"},
       mel(hop_aligned(22050, 1024, 256, 1e-6), 80),
       vits_file,
       2e-4,
       weak_bins},
      {"vits-22k-linear",
       {},
       hop_aligned(22050, 1024, 256, 1e-6),
       "jaywalnut310/vits, mel_processing.py: spectrogram_torch",
       1e-5,
       weak_bins},
      {"so-vits-svc-44k",
       {},
       mel(hop_aligned(44100, 2048, 512, 1e-6), 80),
       "svc-develop-team/so-vits-svc, modules/mel_processing.py: mel_spectrogram_torch",
       1e-4,
       weak_bins},
      {"rvc-48k", {}, mel(hop_aligned(48000, 2048, 480, 1e-6), 128), rvc_file, 2e-4, weak_bins},
      {"rvc-40k", {}, mel(hop_aligned(40000, 2048, 400, 1e-6), 125), rvc_file, 2e-4, weak_bins},
      {"gpt-sovits-32k",
       {},
       mel(hop_aligned(32000, 2048, 640, 1e-8), 128),
       gpt_sovits_file,
       2e-4,
       weak_bins},
      {"gpt-sovits-32k-linear",
       {},
       hop_aligned(32000, 2048, 640, 1e-8),
       "RVC-Boss/GPT-SoVITS, GPT_SoVITS/module/mel_processing.py: spectrogram_torch",
       2e-5,
       weak_bins},
      {"bigvgan-24k",
       {"nvidia/bigvgan_v2_24khz_100band_256x", "nvidia/bigvgan_24khz_100band",
        "f5-tts-24k-bigvgan"},
       mel(hop_aligned(24000, 1024, 256), 100),
       bigvgan_file,
       5e-4,
       weak_bins},
      {"bigvgan-22k",
       {"nvidia/bigvgan_v2_22khz_80band_fmax8k_256x", "nvidia/bigvgan_22khz_80band",
        "nvidia/bigvgan_base_22khz_80band"},
       hifigan(8000.0),
       bigvgan_file,
       5e-4,
       weak_bins},
      {"bigvgan-44k",
       {"nvidia/bigvgan_v2_44khz_128band_512x"},
       mel(hop_aligned(44100, 2048, 512), 128),
       bigvgan_file,
       2e-4,
       weak_bins},
      {"univnet-24k", {"dg845/univnet-dev"}, univnet(), univnet_file, 3e-6, double_fft},
      {"univnet-24k-normalized", {}, univnet_normalized(), univnet_file, 1e-6, double_fft},
      {"matcha-22k",
       {"matcha-tts", "matcha-22k-ljspeech"},
       then(hifigan(8000.0), standardize(-5.536622, 2.116101)),
       matcha_file,
       3e-4,
       weak_bins},
      {"matcha-22k-vctk",
       {},
       then(hifigan(8000.0), standardize(-6.630575, 2.482914)),
       matcha_file,
       2e-4,
       weak_bins},
      {"cosyvoice-22k",
       {"cosyvoice", "FunAudioLLM/CosyVoice-300M"},
       time_first(hifigan(8000.0)),
       cosyvoice_file,
       5e-4,
       weak_bins},
      {"cosyvoice2-24k",
       {"cosyvoice2", "FunAudioLLM/CosyVoice2-0.5B"},
       time_first(mel(hop_aligned(24000, 1920, 480), 80, 8000.0)),
       cosyvoice_file,
       2e-4,
       weak_bins},
      {"cosyvoice3-24k",
       {"cosyvoice3"},
       time_first(mel(hop_aligned(24000, 1920, 480), 80)),
       cosyvoice_file,
       2e-4,
       weak_bins},
  };
}

}  // namespace sonogram::tables
