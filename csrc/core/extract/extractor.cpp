// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "sonogram/extractor.hpp"

#include <mutex>
#include <stdexcept>

#include "core/base/dispatch.hpp"
#include "core/base/errors.hpp"
#include "core/base/products.hpp"
#include "core/extract/engine.hpp"
#include "core/extract/first_touch.hpp"
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
  StageChain<float> single_chain;
  StageChain<double> double_chain;
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
  if (samples < 0) throw_invalid("num_samples", format_number(samples), "at least 0");
  const Framing framing = frame_signal(spec_, samples);
  if (spec_.output == Output::spectrum && !spec_.finish.empty()) {
    lazy_->single_chain.check(framing.frames, valid_frames(spec_, framing), samples);
  }
  return framing;
}

namespace {

constexpr std::int64_t longest = std::int64_t{1} << 48;

// Patches go row by row: the frames of one, in a grid of so many columns.
FrameRange frames_of_patch(const Spec& spec, const Patches& p, std::int64_t patch,
                           std::int64_t columns) {
  if (spec.layout == Layout::time_freq) {
    const std::int64_t begin = patch / columns * p.stride_height;
    return {begin, begin + p.height};
  }
  const std::int64_t begin = patch % columns * p.stride_width;
  return {begin, begin + p.width};
}

[[noreturn]] void refuse_any_length(const char* why) {
  throw_invalid("num_samples", "not given", std::string("given where ") + why);
}

}  // namespace

// Columns of the grid of patches.
std::int64_t Extractor::patch_columns(std::int64_t samples) const {
  const Patches p = *patches_of(spec_);
  const bool by_row = spec_.layout == Layout::freq_time;
  const std::int64_t part = by_row ? p.height : p.width;
  const std::int64_t stride = by_row ? p.stride_height : p.stride_width;
  const std::int64_t across = std::max<std::int64_t>((num_rows() - part) / stride + 1, 1);
  if (!by_row) return across;
  if (across == 1) return longest + 1;
  if (samples < 0) refuse_any_length("patches lie over each other, row by row");
  return std::max<std::int64_t>(item_frames(samples) / across, 1);
}

// The frames that each finish stage gets of an item of so many samples, where it has any.
std::vector<std::int64_t> Extractor::frames_before_stages(std::int64_t samples) const {
  const auto& stages = lazy_->single_chain.stages();
  std::vector<std::int64_t> totals(stages.size(), Stage<float>::any_total);
  if (samples < 0 || stages.empty()) return totals;
  try {
    std::int64_t frames = frame_signal(spec_, samples).frames;
    for (std::size_t i = 0; i < stages.size(); frames = stages[i++]->frames(frames)) {
      totals[i] = frames;
    }
  } catch (const std::invalid_argument&) {  // too short for a frame
    totals.assign(stages.size(), Stage<float>::any_total);
  }
  return totals;
}

// The frames before the finish stages that frame `frame` of the result is of.
std::pair<std::int64_t, std::int64_t> Extractor::raw_frames_of(std::int64_t frame,
                                                               std::int64_t samples) const {
  FrameRange range{frame, frame + 1};
  if (const auto p = patches_of(spec_)) {
    if (frame > longest >> 24)
      throw_invalid("frame", format_number(frame), "a patch from 0 to 2**24");
    range = frames_of_patch(spec_, *p, frame, patch_columns(samples));
  }
  const auto& stages = lazy_->single_chain.stages();
  double farthest = static_cast<double>(range.end);
  for (const auto& stage : stages) farthest *= static_cast<double>(stage->step());
  if ((farthest + 0x1p24) * static_cast<double>(spec_.hop()) > 0x1p60) {
    throw_invalid("frame", format_number(frame), "one that lies before sample 2**60");
  }
  const std::vector<std::int64_t> totals = frames_before_stages(samples);
  for (std::size_t i = stages.size(); i-- > 0;) {
    range = {stages[i]->place(range.begin, totals[i]).begin,
             stages[i]->place(range.end - 1, totals[i]).end};
  }
  return {range.begin, range.end};
}

SampleRange Extractor::frame_samples(std::int64_t frame, std::int64_t samples) const {
  if (frame < 0 || frame > longest) throw_invalid("frame", format_number(frame), "from 0 to 2**48");
  if (samples < -1 || samples > longest)
    throw_invalid("num_samples", format_number(samples), "from 0 to 2**48");
  if (samples < 0 && moves_with_length(spec_)) {
    refuse_any_length("length_mode='zeros_both' places the samples by how many there are");
  }
  const std::int64_t zeros = signal_extent(spec_, std::max<std::int64_t>(samples, 0)).lead_zeros;
  if (spec_.output == Output::waveform) return {frame - zeros, frame + 1 - zeros};
  const auto [begin, end] = raw_frames_of(frame, samples);
  const std::int64_t first = first_read(spec_) - zeros, hop = spec_.hop();
  return {first + begin * hop, first + (end - 1) * hop + spec_.window_length()};
}

std::int64_t Extractor::num_frames(std::int64_t samples) const {
  return lazy_->single_chain.frames(framing_of(samples).frames);
}

std::int64_t Extractor::num_valid_frames(std::int64_t samples) const {
  const Framing framing = framing_of(samples);
  if (spec_.output == Output::waveform)
    return std::min(framing.lead_zeros + framing.num_kept, framing.length);
  return std::min(lazy_->single_chain.valid(valid_frames(spec_, framing)),
                  lazy_->single_chain.frames(framing.frames));
}

std::vector<std::int64_t> Extractor::item_shape(std::int64_t samples) const {
  if (samples < 0) throw_invalid("num_samples", format_number(samples), "at least 0");
  if (spec_.output == Output::waveform) return {frame_signal(spec_, samples).length};
  std::vector<std::int64_t> shape = sonogram::item_shape(spec_, num_rows(), num_frames(samples));
  if (shape.size() == 3) checked_product("features", {shape[0], shape[1], shape[2]});
  else checked_product("features", {shape[0], shape[1]});
  return shape;
}

std::int64_t Extractor::item_frames(std::int64_t samples) const {
  if (samples < 0) throw_invalid("num_samples", format_number(samples), "at least 0");
  if (spec_.output == Output::waveform) return frame_signal(spec_, samples).length;
  return sonogram::item_frames(spec_, num_rows(), num_frames(samples));
}

void Extractor::run(const Signals& in, const Features& out, const RunOptions& options) const {
  const std::vector<std::int64_t> shape = item_shape(in.samples);
  std::int64_t values = is_complex() ? 2 : 1;
  for (const std::int64_t n : shape) values = checked_product("features", {values, n});
  checked_product("features", {in.items, values});
  check_capacity(out, {in.items, values});
  const std::int64_t frames = shape.size() == 2 ? num_frames(in.samples) : 0;
  if (frames > 0 && spec_.layout == Layout::freq_time) {
    touch_rows(out.data, in.items * values * bytes_of(out.precision), shape[0], options);
  }
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
    throw std::invalid_argument("item " + format_number(static_cast<std::int64_t>(i)) + ": " +
                                error.what());
  }
}

template <class T>
void Extractor::run_items(const std::vector<Signals>& in, const Features& out, std::int64_t frames,
                          const RunOptions& options) const {
  const bool waveform = spec_.output == Output::waveform;
  const std::int64_t values =
      checked_product("features", {waveform ? 1 : num_rows() * (is_complex() ? 2 : 1), frames});
  checked_product("features", {static_cast<std::int64_t>(in.size()), values});
  check_capacity(out, {static_cast<std::int64_t>(in.size()), values});
  if (!waveform && spec_.layout == Layout::freq_time) {
    const auto count = static_cast<std::int64_t>(in.size());
    touch_rows(out.data, count * values * bytes_of(out.precision), num_rows(), options);
  }
  std::vector<typename Engine<T>::Item> items;
  for (std::size_t i = 0; i < in.size(); ++i) {
    const Framing framing = framing_of_item(in, i);
    const std::int64_t own = waveform ? framing.length : lazy_->single_chain.frames(framing.frames);
    if (own > frames) {
      throw_invalid("frames", format_number(frames),
                    "at least those of item " + format_number(static_cast<std::int64_t>(i)) + ", " +
                        format_number(own));
    }
    char* to = static_cast<char*>(out.data) +
               static_cast<std::int64_t>(i) * values * bytes_of(out.precision);
    items.push_back({in[i].data, in[i].type, in[i].stride, framing, to, frames});
  }
  engine<T>().run(items, out.precision, options);
}

void Extractor::run_batch(const std::vector<Signals>& in, const Features& out, std::int64_t frames,
                          const RunOptions& options) const {
  if (patches_of(spec_)) throw_invalid("finish", "a chain with patches", "one without for a batch");
  if (computes_in_double(spec_, out.precision)) run_items<double>(in, out, frames, options);
  else run_items<float>(in, out, frames, options);
}

template const Extractor::Engine<float>& Extractor::engine() const;
template const Extractor::Engine<double>& Extractor::engine() const;

}  // namespace sonogram
