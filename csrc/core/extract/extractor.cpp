// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "sonogram/extractor.hpp"

#include <mutex>
#include <stdexcept>

#include "core/base/dispatch.hpp"
#include "core/base/errors.hpp"
#include "core/extract/engine.hpp"
#include "core/finish/output_layout.hpp"
#include "core/signal/framing.hpp"
#include "sonogram/filterbank.hpp"
#include "sonogram/window.hpp"

namespace sonogram {

// The engine of a precision is made when it is first asked for.
struct Extractor::Lazy {
  explicit Lazy(const Spec& spec)
      : single_chain(spec.finish, spec.n_rows(), spec.energy != Energy::none, active_table().f32),
        double_chain(spec.finish, spec.n_rows(), spec.energy != Energy::none, active_table().f64) {}
  Chain<float> single_chain;
  Chain<double> double_chain;
  std::once_flag single_once, double_once;
  std::unique_ptr<Engine<float>> single_engine;
  std::unique_ptr<Engine<double>> double_engine;
};

template <class T>
const Extractor::Engine<T>& Extractor::engine() const {
  const auto make = [this](std::once_flag& once, auto& engine, const auto& chain) -> auto& {
    std::call_once(
        once, [&] { engine = std::make_unique<Engine<T>>(spec_, window_, filterbank_, chain); });
    return *engine;
  };
  if constexpr (sizeof(T) == 4) {
    return make(lazy_->single_once, lazy_->single_engine, lazy_->single_chain);
  } else {
    return make(lazy_->double_once, lazy_->double_engine, lazy_->double_chain);
  }
}

Extractor::Extractor(const Spec& spec) : spec_(spec) {
  validate(spec_);
  window_ = make_window(spec_.window, spec_.window_length(), spec_.periodic);
  filterbank_ = make_filterbank(spec_);
  lazy_ = std::make_unique<Lazy>(spec_);
  if (computes_in_double(spec_, spec_.dtype)) {
    engine<double>();
  } else {
    engine<float>();
  }
}

Extractor::~Extractor() = default;

Precision Extractor::precision_for(SampleType type) const {
  if (spec_.dtype != Precision::follow) return spec_.dtype;
  return type == SampleType::float64 ? Precision::float64 : Precision::float32;
}

std::int64_t Extractor::num_rows() const { return lazy_->single_chain.rows(); }

// The signal's frames before the finish stages, enough for each of them.
Framing Extractor::framing_of(std::int64_t samples) const {
  if (samples < 0) invalid("num_samples", number(samples), "at least 0");
  const Framing framing = frame_signal(spec_, samples);
  if (spec_.output == Output::spectrum && !spec_.finish.empty()) {
    lazy_->single_chain.check(framing.frames, valid_frames(spec_, framing), samples);
  }
  return framing;
}

std::int64_t Extractor::num_frames(std::int64_t samples) const {
  return lazy_->single_chain.frames(framing_of(samples).frames);
}

std::int64_t Extractor::num_valid_frames(std::int64_t samples) const {
  const Framing framing = framing_of(samples);
  if (spec_.output == Output::waveform)
    return std::min(framing.zeros + framing.kept, framing.total);
  return std::min(lazy_->single_chain.valid(valid_frames(spec_, framing)),
                  lazy_->single_chain.frames(framing.frames));
}

std::vector<std::int64_t> Extractor::item_shape(std::int64_t samples) const {
  if (samples < 0) invalid("num_samples", number(samples), "at least 0");
  if (spec_.output == Output::waveform) return {frame_signal(spec_, samples).total};
  return sonogram::item_shape(spec_, num_rows(), num_frames(samples));
}

std::int64_t Extractor::item_frames(std::int64_t samples) const {
  if (samples < 0) invalid("num_samples", number(samples), "at least 0");
  if (spec_.output == Output::waveform) return frame_signal(spec_, samples).total;
  return sonogram::item_frames(spec_, num_rows(), num_frames(samples));
}

void Extractor::run(const Signals& in, const Features& out, const RunOptions& options) const {
  const std::vector<std::int64_t> shape = item_shape(in.samples);
  std::int64_t values = is_complex() ? 2 : 1;
  for (const std::int64_t n : shape) values *= n;
  const std::int64_t frames = shape.size() == 2 ? num_frames(in.samples) : 0;
  const auto run_as = [&](auto zero) {
    using T = decltype(zero);
    const std::int64_t bytes = values * bytes_of(out.precision);
    std::vector<typename Engine<T>::Item> items(
        static_cast<std::size_t>(in.items),
        {in.data, in.type, in.stride, frame_signal(spec_, in.samples), out.data, frames});
    for (std::int64_t i = 0; i < in.items && in.items > 0; ++i) {
      auto& item = items[static_cast<std::size_t>(i)];
      if (in.item_offsets != nullptr) {
        item.data = static_cast<const char*>(in.data) + in.item_offsets[i];
      }
      item.out = static_cast<char*>(out.data) + i * bytes;
    }
    engine<T>().run(items, out.precision, options);
  };
  if (computes_in_double(spec_, out.precision)) run_as(double{});
  else run_as(float{});
}

Framing Extractor::framing_of_item(const std::vector<Signals>& in, std::size_t i) const {
  try {
    return framing_of(in[i].samples);
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument("item " + number(static_cast<std::int64_t>(i)) + ": " +
                                error.what());
  }
}

template <class T>
void Extractor::run_items(const std::vector<Signals>& in, const Features& out, std::int64_t frames,
                          const RunOptions& options) const {
  const bool waveform = spec_.output == Output::waveform;
  const std::int64_t values = (waveform ? 1 : num_rows() * (is_complex() ? 2 : 1)) * frames;
  std::vector<typename Engine<T>::Item> items;
  for (std::size_t i = 0; i < in.size(); ++i) {
    const Framing framing = framing_of_item(in, i);
    const std::int64_t own = waveform ? framing.total : lazy_->single_chain.frames(framing.frames);
    if (own > frames) {
      invalid(
          "frames", number(frames),
          "at least those of item " + number(static_cast<std::int64_t>(i)) + ", " + number(own));
    }
    char* to = static_cast<char*>(out.data) +
               static_cast<std::int64_t>(i) * values * bytes_of(out.precision);
    items.push_back({in[i].data, in[i].type, in[i].stride, framing, to, frames});
  }
  engine<T>().run(items, out.precision, options);
}

void Extractor::run_batch(const std::vector<Signals>& in, const Features& out, std::int64_t frames,
                          const RunOptions& options) const {
  if (patches_of(spec_)) invalid("finish", "a chain with patches", "one without for a batch");
  if (computes_in_double(spec_, out.precision)) run_items<double>(in, out, frames, options);
  else run_items<float>(in, out, frames, options);
}

template const Extractor::Engine<float>& Extractor::engine() const;
template const Extractor::Engine<double>& Extractor::engine() const;

}  // namespace sonogram
