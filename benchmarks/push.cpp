// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Latency of Stream::push of 10 ms at 16 kHz: median and 99.9th percentile, the front ends visited
// in turn.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <vector>

#include "sonogram/presets.hpp"
#include "sonogram/runtime.hpp"
#include "sonogram/stream.hpp"

namespace {

struct Entry {
  const char* name;
  std::unique_ptr<sonogram::Stream> stream;
  std::vector<double> times;
};

double at(std::vector<double>& times, double share) {
  const std::size_t i = static_cast<std::size_t>(share * static_cast<double>(times.size() - 1));
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(i), times.end());
  return times[i];
}

}  // namespace

int main() {
  constexpr std::int64_t chunk = 160, pushes = 30000;
  std::vector<float> x(chunk * 100);
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = 0.3f * static_cast<float>(std::sin(0.05 * static_cast<double>(i * (i % 7 + 1))));
  }
  std::vector<Entry> entries;
  sonogram::Spec whisper = sonogram::preset("whisper-80").spec;
  whisper.finish.clear();
  entries.push_back({"whisper-80, no maximum", std::make_unique<sonogram::Stream>(whisper), {}});
  entries.push_back({"kaldi-fbank-80",
                     std::make_unique<sonogram::Stream>(sonogram::preset("kaldi-fbank-80").spec),
                     {}});
  std::vector<float> out(80 * 8);
  for (std::int64_t i = 0; i < pushes; ++i) {
    for (Entry& e : entries) {
      sonogram::Signals in;
      in.data = x.data() + i % 100 * chunk;
      in.samples = chunk;
      in.stride = sizeof(float);
      const auto begin = std::chrono::steady_clock::now();
      e.stream->push(in, {out.data(), e.stream->precision()});
      const std::chrono::duration<double, std::micro> spent =
          std::chrono::steady_clock::now() - begin;
      if (i >= 100) e.times.push_back(spent.count());
    }
  }
  std::printf("instruction set %s; microseconds per push of 10 ms\n", sonogram::isa().c_str());
  for (Entry& e : entries) {
    const double median = at(e.times, 0.5), late = at(e.times, 0.999);
    std::printf("%-24s median %.2f  99.9%% %.2f\n", e.name, median, late);
  }
}
