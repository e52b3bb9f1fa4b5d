// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Whisper's features of the first channel of a WAV file, one line for each frame:
//   whisper_cpp FILE.wav            of the whole file
//   whisper_cpp FILE.wav MAXIMUM    as they come, 10 ms at a time; MAXIMUM stands in for the
//                                   largest log10 power of the file, which nobody knows before its
//                                   end
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "sonogram/extractor.hpp"
#include "sonogram/presets.hpp"
#include "sonogram/stream.hpp"
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

void streamed(const sonogram::Spec& spec, const WavFile& file, double maximum) {
  sonogram::StreamOptions options;
  options.type = file.type();
  options.maximum = {sonogram::Substitute::Kind::values, {maximum}};
  sonogram::Stream stream(spec, options);
  const std::int64_t chunk = file.w.sample_rate / 100, total = file.w.samples;
  std::vector<float> features;
  for (std::int64_t begin = 0, count = 0; !stream.ended(); begin += count) {
    count = std::min(chunk, total - begin);
    const bool last = begin + count == total;
    const std::int64_t frames = stream.next_frames(count, last);
    features.resize(static_cast<std::size_t>(stream.num_rows() * frames));
    stream.push(file.first_channel(begin, count), {features.data(), stream.precision()}, last);
    print_frames(features, stream.num_rows(), frames);
  }
}

void run(const std::string& path, const char* maximum) {
  const WavFile file(path);
  const sonogram::Spec& spec = sonogram::preset("whisper-80").spec;
  if (static_cast<double>(file.w.sample_rate) != spec.sample_rate) {
    throw std::invalid_argument(path + " has " + std::to_string(file.w.sample_rate) +
                                " Hz; it must have " + std::to_string(spec.sample_rate));
  }
  if (maximum == nullptr) whole_file(spec, file);
  else streamed(spec, file, std::atof(maximum));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) {
    std::fprintf(stderr, "usage: whisper_cpp FILE.wav [MAXIMUM]\n");
    return 2;
  }
  try {
    run(argv[1], argc == 3 ? argv[2] : nullptr);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "whisper_cpp: %s\n", error.what());
    return 1;
  }
}
