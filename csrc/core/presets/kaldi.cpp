// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Kaldi's features and the models trained on them. Floats in [-1, 1) are brought to Kaldi's int16
// range by `scale`, where the original does so. Dither is off: it is noise.
#include "core/presets/tables.hpp"

namespace sonogram::tables {
namespace {

constexpr double int16 = 32768.0;

// Frames of 25 ms every 10 ms: less their mean, pre-emphasis, window, 512 points, ln(max(x, eps)).
Spec frames(double scale, const char* window = "povey") {
  Spec s;
  s.scale = scale;
  s.n_fft = 512;
  s.win_length = 400;
  s.hop_length = 160;
  s.snip_edges = true;
  s.remove_dc = true;
  s.frame_preemphasis = 0.97;
  s.window.name = window;
  s.periodic = false;
  s.window_align = WindowAlign::left;
  s.log = LogKind::ln;
  s.floor = 1.1920928955078125e-07;
  s.layout = Layout::time_freq;
  return s;
}

Spec fbank(std::int64_t n_mels, double scale, const char* window = "povey") {
  Spec s = frames(scale, window);
  s.filterbank = FilterbankKind::mel;
  s.n_mels = n_mels;
  s.f_min = 20.0;
  s.mel_scale = MelScale::kaldi;
  s.triangle = Triangle::mel;
  return s;
}

Spec then(Spec s, std::vector<FinishStage> stages) {
  for (FinishStage& stage : stages) s.finish.push_back(std::move(stage));
  return s;
}

std::vector<FinishStage> cepstra(double n) {
  return {make_stage(FinishKind::dct, {{"n", n}}),
          make_stage(FinishKind::lifter, {{"length", 22.0}})};
}

// C0 gives way to the raw log energy.
Spec mfcc() {
  Spec s = then(fbank(23, int16), cepstra(13.0));
  s.energy = Energy::raw;
  s.finish.push_back(make_stage(FinishKind::energy, {{"place", "replace"}}));
  return s;
}

Spec mfcc_hires() {
  Spec s = then(fbank(40, int16), cepstra(40.0));
  s.f_max = 7600.0;
  return s;
}

Spec spectrogram() {
  Spec s = frames(int16);
  s.energy = Energy::raw;
  s.finish = {make_stage(FinishKind::energy, {{"place", "replace"}})};
  return s;
}

FinishStage less_mean() { return normalize({{"std", 0.0}}); }

// Seven frames every six, the first one thrice before.
FinishStage low_frame_rate() {
  return make_stage(FinishKind::stack,
                    {{"size", 7.0}, {"stride", 6.0}, {"left", 3.0}, {"tail", "replicate"}});
}

FinishStage even(double value = 0.0) {
  return make_stage(FinishKind::multiple, {{"of", 2.0}, {"value", value}});
}

// Pairs of frames, true where the second one is.
Spec seamless(double padding) {
  return then(in_double(fbank(80, int16)),
              {normalize({{"ddof", 1.0}, {"eps", 1e-7}, {"eps_in", "var"}}), even(padding),
               make_stage(FinishKind::stack, {{"size", 2.0}, {"stride", 2.0}, {"valid", 1.0}})});
}

// The spectrogram transformers: so many frames, zeros among them, then (x - mean) / (2 deviation).
Spec picture(double count, double mean, double deviation, bool remove_mean) {
  Spec s = fbank(128, 1.0, "hann");
  s.remove_mean = remove_mean;
  s.finish = {make_stage(FinishKind::frames, {{"count", count}}), standardize(mean, 2 * deviation)};
  return s;
}

// No mean removed, bands up to 7690 Hz, floor 1.
Spec phi4() {
  Spec s = fbank(80, int16, "hamming");
  s.remove_dc = false;
  s.f_min = 0.0;
  s.f_max = 7690.0;
  s.floor = 1.0;
  return s;
}

const char* const kaldi =
    "Kaldi f40076610, src/feat; run as torchaudio 2.11.0, compliance/kaldi.py";
const char* const ast_file =
    "transformers 5.24.0, models/audio_spectrogram_transformer: ASTFeatureExtractor";
const char* const seamless_file =
    "transformers 5.24.0, models/seamless_m4t/feature_extraction_seamless_m4t.py: "
    "SeamlessM4TFeatureExtractor";
const char* const mae_file = "facebookresearch/AudioMAE, dataset.py: _wav2fbank; main_pretrain.py";
const char* const kaldi_bins =
    "Kaldi's originals differ by this among themselves at near-silent bins; float32 banks";
const char* const divided =
    "no epsilon under the deviation: silence is 0/0; near-silent bins move as in kaldi-fbank-80";

}  // namespace

std::vector<Preset> kaldis() {
  return {
      {"kaldi-fbank-23", {"kaldi-fbank"}, fbank(23, int16), kaldi, 1e-3, kaldi_bins},
      {"kaldi-fbank-40", {}, fbank(40, int16), kaldi, 2e-3, kaldi_bins},
      {"kaldi-fbank-80", {}, fbank(80, int16), kaldi, 3e-3, kaldi_bins},
      {"kaldi-mfcc", {"kaldi-mfcc-13"}, mfcc(), kaldi, 2e-3, kaldi_bins},
      {"kaldi-mfcc-hires", {"kaldi-mfcc-40"}, mfcc_hires(), kaldi, 5e-3, kaldi_bins},
      {"kaldi-spectrogram",
       {},
       spectrogram(),
       kaldi,
       1e-3,
       "single bins, not bands: the weakest move most"},
      {"torchaudio-fbank-23",
       {"torchaudio-fbank"},
       fbank(23, 1.0),
       "torchaudio 2.11.0, compliance/kaldi.py: fbank",
       5e-4,
       kaldi_bins},
      {"kaldi-native-fbank-80",
       {},
       fbank(80, 1.0),
       "kaldi-native-fbank 1.23.0: OnlineFbank, num_bins 80, dither 0",
       1e-3,
       kaldi_bins},
      {"wenet-fbank-80",
       {"wenet"},
       fbank(80, int16),
       "WeNet, wenet/dataset/processor.py: compute_fbank",
       3e-3,
       "global statistics are the model's"},
      {"wenet-w2v-bert-80",
       {},
       then(fbank(80, int16), {normalize({{"ddof", 1.0}})}),
       "WeNet, wenet/dataset/processor.py: compute_w2vbert_fbank",
       5e-4,
       divided},
      {"wespeaker-80",
       {"wespeaker", "pyannote-wespeaker-80", "pyannote/wespeaker-voxceleb-resnet34-LM"},
       then(fbank(80, int16, "hamming"), {less_mean()}),
       "WeSpeaker, wespeaker/cli/speaker.py: compute_fbank; pyannote.audio, "
       "models/embedding/wespeaker",
       3e-3,
       kaldi_bins},
      {"campplus-80",
       {"3d-speaker-80", "eres2net-80", "iic/speech_campplus_sv_zh-cn_16k-common",
        "iic/speech_eres2netv2_sv_zh-cn_16k-common"},
       then(fbank(80, 1.0), {less_mean()}),
       "3D-Speaker, speakerlab/process/processor.py: FBank; funasr 1.4.16, "
       "models/campplus/utils.py",
       1e-3,
       kaldi_bins},
      {"funasr-560",
       {"paraformer", "sensevoice", "FunAudioLLM/SenseVoiceSmall", "iic/SenseVoiceSmall"},
       then(fbank(80, int16, "hamming"), {low_frame_rate()}),
       "funasr 1.4.16, funasr/frontends/wav_frontend.py: WavFrontend(lfr_m=7, lfr_n=6, dither=0)",
       3e-3,
       "a model's am.mvn is a (\"statistics\", shift, scale) after it"},
      {"funasr-nano-560",
       {},
       then(fbank(80, 1.0, "hamming"), {low_frame_rate()}),
       "transformers 5.24.0, models/fun_asr_nano/feature_extraction_fun_asr_nano.py: "
       "FunAsrNanoFeatureExtractor",
       5e-4,
       kaldi_bins},
      {"seamless-m4t-160",
       {"facebook/seamless-m4t-v2-large", "facebook/hf-seamless-m4t-large",
        "facebook/hf-seamless-m4t-medium", "seamless-m4t"},
       seamless(0.0),
       seamless_file,
       1e-4,
       double_fft},
      {"w2v-bert-160",
       {"facebook/w2v-bert-2.0", "wav2vec2-bert"},
       seamless(1.0),
       seamless_file,
       1e-4,
       "as seamless-m4t-160, an odd number of frames filled with ones"},
      {"seamless-fairseq2-80",
       {},
       then(fbank(80, int16), {normalize({{"ddof", 1.0}}), even()}),
       "fairseq2, waveform_to_fbank_converter.cc; seamless_communication, inference/translator.py",
       5e-4,
       divided},
      {"speech2text-80",
       {"facebook/s2t-small-librispeech-asr", "facebook/s2t-medium-librispeech-asr",
        "facebook/s2t-large-librispeech-asr"},
       then(fbank(80, int16), {normalize({})}),
       "transformers 5.24.0, models/speech_to_text/feature_extraction_speech_to_text.py: "
       "Speech2TextFeatureExtractor",
       5e-4,
       divided},
      {"ast-128",
       {"MIT/ast-finetuned-audioset-10-10-0.4593", "MIT/ast-finetuned-audioset-10-10-0.450",
        "MIT/ast-finetuned-audioset-10-10-0.448", "MIT/ast-finetuned-audioset-12-12-0.447",
        "MIT/ast-finetuned-audioset-14-14-0.443", "MIT/ast-finetuned-audioset-16-16-0.442"},
       picture(1024.0, -4.2677393, 4.5689974, false),
       ast_file,
       2e-4,
       kaldi_bins},
      {"ast-128-speech-commands",
       {"MIT/ast-finetuned-speech-commands-v2"},
       picture(128.0, -6.845978, 5.5654526, false),
       ast_file,
       2e-4,
       kaldi_bins},
      {"ast-128-original",
       {},
       picture(1024.0, -4.2677393, 4.5689974, true),
       "YuanGongND/ast, src/dataloader.py: _wav2fbank",
       2e-4,
       kaldi_bins},
      {"audiomae-128",
       {"audiomae"},
       picture(1024.0, -4.2677393, 4.5689974, true),
       mae_file,
       2e-4,
       kaldi_bins},
      {"audiomae-128-esc50",
       {},
       picture(512.0, -6.6268077, 5.358466, true),
       mae_file,
       2e-4,
       kaldi_bins},
      {"audiomae-128-speech-commands",
       {},
       picture(128.0, -6.845978, 5.5654526, true),
       mae_file,
       2e-4,
       kaldi_bins},
      {"beats-128",
       {"beats"},
       then(fbank(128, int16), {standardize(15.41663, 2 * 6.55582)}),
       "microsoft/unilm, beats/BEATs.py: preprocess",
       3e-4,
       kaldi_bins},
      {"phi4-80",
       {"microsoft/Phi-4-multimodal-instruct", "phi4-multimodal"},
       phi4(),
       "transformers 5.24.0, models/phi4_multimodal/feature_extraction_phi4_multimodal.py: "
       "Phi4MultimodalFeatureExtractor",
       3e-4,
       "the reference's FFT is float64, rounded to complex64"},
  };
}

}  // namespace sonogram::tables
