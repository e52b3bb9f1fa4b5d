// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "sonogram/extractor.hpp"

#include <mutex>

#include "engine.hpp"
#include "filterbank.hpp"
#include "framing.hpp"
#include "text.hpp"
#include "window.hpp"

namespace sonogram {

// The engine of a precision is made when it is first asked for.
struct Extractor::Lazy {
  std::once_flag single_once, double_once;
  std::unique_ptr<Engine<float>> single_engine;
  std::unique_ptr<Engine<double>> double_engine;
};

Extractor::Extractor(const Spec& spec) : spec_(spec), lazy_(std::make_unique<Lazy>()) {
  validate(spec_);
  window_ = make_window(spec_.window, spec_.window_length(), spec_.periodic);
  filterbank_ = make_filterbank(spec_);
  if (spec_.dtype == Precision::float64) {
    double_engine();
  } else {
    single_engine();
  }
}

Extractor::~Extractor() = default;

const Extractor::Engine<float>& Extractor::single_engine() const {
  std::call_once(lazy_->single_once, [this] {
    lazy_->single_engine = std::make_unique<Engine<float>>(spec_, window_, filterbank_);
  });
  return *lazy_->single_engine;
}

const Extractor::Engine<double>& Extractor::double_engine() const {
  std::call_once(lazy_->double_once, [this] {
    lazy_->double_engine = std::make_unique<Engine<double>>(spec_, window_, filterbank_);
  });
  return *lazy_->double_engine;
}

Precision Extractor::precision_for(SampleType type) const {
  if (spec_.dtype != Precision::follow) return spec_.dtype;
  return type == SampleType::float64 ? Precision::float64 : Precision::float32;
}

std::int64_t Extractor::num_frames(std::int64_t samples) const {
  if (samples < 0) invalid("num_samples", number(samples), "at least 0");
  return frame_signal(spec_, samples).frames;
}

void Extractor::run(const Signals& in, const Features& out, const RunOptions& options) const {
  const Framing framing = frame_signal(spec_, in.samples);
  if (out.precision == Precision::float64) {
    double_engine().run(in, framing, static_cast<double*>(out.data), options);
  } else {
    single_engine().run(in, framing, static_cast<float*>(out.data), options);
  }
}

}  // namespace sonogram
