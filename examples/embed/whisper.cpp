// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Whisper's features of the first channel of a WAV file, one line for each frame:
//   whisper_cpp FILE.wav
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include "sonogram/extractor.hpp"
#include "sonogram/presets.hpp"
#include "wav.h"

namespace {

struct WavFile {
  explicit WavFile(const std::string& path) {
    if (const char* wrong = wav_read(path.c_str(), &w)) {
      throw std::invalid_argument(path + " " + wrong);
    }
  }
  ~WavFile() { wav_free(&w); }
  WavFile(const WavFile&) = delete;
  WavFile& operator=(const WavFile&) = delete;

  sonogram::SampleType type() const {
    return w.is_float ? sonogram::SampleType::float32 : sonogram::SampleType::int16;
  }
  // Samples of the first channel, where they lie among those of the others.
  sonogram::Signals first_channel(std::int64_t begin, std::int64_t count) const {
    sonogram::Signals s;
    s.stride = w.channels * (w.is_float ? 4 : 2);
    s.data = static_cast<const char*>(w.data) + begin * s.stride;
    s.type = type();
    s.samples = count;
    return s;
  }

  wav w{};
};

// Features lie [rows][frames].
void print_frames(const std::vector<float>& features, std::int64_t rows, std::int64_t frames) {
  for (std::int64_t t = 0; t < frames; ++t) {
    for (std::int64_t r = 0; r < rows; ++r) {
      const float value = features[static_cast<std::size_t>(r * frames + t)];
      std::printf("%.9g%c", static_cast<double>(value), r + 1 < rows ? ' ' : '\n');
    }
  }
}

void whole_file(const sonogram::Spec& spec, const WavFile& file) {
  const sonogram::Extractor extractor(spec);
  const std::int64_t frames = extractor.num_frames(file.w.samples);
  std::vector<float> features(static_cast<std::size_t>(extractor.num_rows() * frames));
  extractor.run(file.first_channel(0, file.w.samples),
                {features.data(), sonogram::Precision::float32});
  print_frames(features, extractor.num_rows(), frames);
}

void run(const std::string& path) {
  const WavFile file(path);
  const sonogram::Spec& spec = sonogram::preset("whisper-80").spec;
  if (static_cast<double>(file.w.sample_rate) != spec.sample_rate) {
    throw std::invalid_argument(path + " has " + std::to_string(file.w.sample_rate) +
                                " Hz; it must have " + std::to_string(spec.sample_rate));
  }
  whole_file(spec, file);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: whisper_cpp FILE.wav\n");
    return 2;
  }
  try {
    run(argv[1]);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "whisper_cpp: %s\n", error.what());
    return 1;
  }
}
