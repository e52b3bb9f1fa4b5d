// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/stream/channel.hpp"

#include <algorithm>

#include "core/base/errors.hpp"
#include "core/base/products.hpp"
#include "core/base/threads.hpp"
#include "core/spec/finish_table.hpp"
#include "core/stream/patch_row.hpp"
#include "core/stream/running_stage.hpp"

namespace sonogram {
namespace {

constexpr std::int64_t slice = 1 << 12;  // samples of a chunk that are taken at a time

std::unique_ptr<Extractor> unfinished_of(Spec spec, Path path) {
  if (path != Path::stages) return nullptr;
  spec.finish.clear();
  return std::make_unique<Extractor>(spec);
}

}  // namespace

Path path_of(const Spec& spec, const StreamOptions& options) {
  if (spec.output == Output::waveform) return Path::samples;
  const FinishPlan plan = plan_finish(spec);
  const bool running = plan.fused_clamp && options.maximum.kind == Substitute::Kind::running;
  return plan.chained || !plan.rest.empty() || running ? Path::stages : Path::direct;
}

bool is_wide(const Spec& spec, SampleType type) {
  const bool follows = spec.dtype == Precision::follow && type == SampleType::float64;
  return computes_in_double(spec, follows ? Precision::float64 : spec.dtype);
}

StreamParts::StreamParts(const Spec& s, const StreamOptions& o, Path p)
    : spec(s),
      options(o),
      extractor(s),
      unfinished(unfinished_of(s, p)),
      precision(extractor.precision_for(o.type)),
      path(p),
      ready_frames(spec) {}

template <class T>
StreamShared<T>::StreamShared(const StreamParts& parts)
    : parts_(parts),
      producer_(parts.unfinished ? *parts.unfinished : parts.extractor),
      chain_(parts.spec.finish, parts.spec.n_rows(), parts.spec.energy != Energy::none,
             producer_.kernel()) {
  if (parts.path != Path::stages) return;
  for (std::size_t i = 0; i < chain_.stages().size(); ++i) {
    const Stage<T>* stage = chain_.stages()[i].get();
    if (stage->order() == Order::after_all && runs(parts.spec.finish[i], parts.options)) {
      own_.push_back(running_stage<T>(*stage, parts.options.window));
      stage = own_.back().get();
    }
    stages_.push_back(stage);
  }
  if (const auto p = patches_of(parts.spec)) {
    own_.push_back(patch_stage<T>(parts.spec, *p, chain_.rows()));
    stages_.push_back(own_.back().get());
    unit_ = patches_at_once(parts.spec, *p, chain_.rows());
  }
  if (stages_.empty()) {  // another dtype alone: a stage that changes nothing
    own_.push_back(row_stage<T>(make_stage(FinishKind::rotate, {{"rows", 0.0}}), raw_rows(), 0,
                                producer_.kernel()));
    stages_.push_back(own_.back().get());
  }
}

template <class T>
std::int64_t StreamShared<T>::raw_rows() const {
  return parts_.spec.n_rows() + (parts_.spec.energy == Energy::none ? 0 : 1);
}

template <class T>
std::int64_t StreamShared<T>::step() const {
  if (parts_.path == Path::samples) return 1;
  std::int64_t step = parts_.spec.hop();
  for (const Stage<T>* stage : stages_) {
    if (step > (std::int64_t{1} << 60) / stage->step()) {
      throw_invalid(
          "hop_length", format_number(parts_.spec.hop()),
          "such that frames lie within 2**60 samples, with the strides of the finish stages");
    }
    step *= stage->step();
  }
  return step;
}

template <class T>
std::int64_t StreamShared<T>::values_of(std::int64_t frames) const {
  if (parts_.path == Path::samples) return frames;
  if (const auto p = patches_of(parts_.spec)) {
    return checked_product("features", {frames, p->height, p->width});
  }
  return checked_product(
      "features", {frames, parts_.extractor.num_rows(), parts_.extractor.is_complex() ? 2 : 1});
}

namespace {

// The largest value after a stage that preserves the order of values.
template <class T>
double largest_after(const Stage<T>& stage, double maximum, double* state) {
  const std::vector<T> frame(static_cast<std::size_t>(stage.rows_in()), static_cast<T>(maximum));
  std::vector<T> out(static_cast<std::size_t>(stage.rows_out()));
  std::vector<char> scratch(stage.scratch_bytes(1));
  stage.run({frame.data(), 0, 1, stage.rows_in()}, {1, 1, scratch.data()}, 0, 1, state, out.data());
  return static_cast<double>(out.back());
}

}  // namespace

template <class T>
std::vector<std::vector<double>> StreamShared<T>::states(std::int64_t channel) const {
  const StreamOptions& o = parts_.options;
  if (o.numbers) return o.numbers->channels[static_cast<std::size_t>(channel)].stages;
  std::vector<double> maximum = o.maximum.values;
  bool met = false;  // the stage that the maximum is given for
  const typename Stage<T>::Known known{&maximum, &o.mean.values, &o.deviation.values};
  std::vector<std::vector<double>> states;
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    const Stage<T>& stage = *stages_[i];
    std::vector<double> state(stage.order() == Order::after_all ? stage.state_size() : 0);
    if (stage.order() == Order::after_all) stage.set_known(known, state.data());
    states.push_back(state);
    if (maximum.empty() || i >= parts_.spec.finish.size()) continue;
    const FinishStage& s = parts_.spec.finish[i];
    met = met || traits_of(s).needs.maximum;
    if (met && traits_of(s).keeps_order)
      maximum[0] = largest_after(stage, maximum[0], state.data());
  }
  return states;
}

template <class T>
T StreamShared<T>::maximum(std::int64_t channel) const {
  const StreamOptions& o = parts_.options;
  if (o.numbers) {
    return static_cast<T>(o.numbers->channels[static_cast<std::size_t>(channel)].stages[0][0]);
  }
  return static_cast<T>(one_number(o.maximum.values, "maximum"));
}

template <class T>
StreamChannel<T>::StreamChannel(const StreamShared<T>& shared, std::int64_t channel)
    : shared_(shared),
      buffer_(shared.parts().spec, shared.parts().ready_frames, slice),
      stages_(shared.stages(), shared.raw_rows(), shared.producer().piece()),
      samples_out_(shared.parts().path == Path::samples ? slice : 0) {
  const StreamParts& parts = shared.parts();
  if (parts.path == Path::direct && parts.precision != own_precision<T>) {
    narrowed_.resize(static_cast<std::size_t>(shared.values_of(shared.producer().piece())));
  }
  if (channel == none) return;
  if (parts.path == Path::stages) stages_.set_states(shared.states(channel));
  if (shared.clamps()) low_ = shared.producer().lowest(shared.maximum(channel));
  if (parts.options.numbers) {
    const auto& numbers = parts.options.numbers->channels[static_cast<std::size_t>(channel)];
    buffer_.set_statistics(numbers.samples);
  }
}

template <class T>
void StreamChannel<T>::reset() {
  buffer_.reset();
  stages_.reset();
  samples_ = made_ = 0;
}

template <class T>
std::int64_t StreamChannel<T>::ready(std::int64_t samples) const {
  return frames_of(samples, false);
}

template <class T>
std::int64_t StreamChannel<T>::ready_after(std::int64_t samples) const {
  return frames_of(samples, true);
}

template <class T>
std::int64_t StreamChannel<T>::frames_of(std::int64_t samples, bool anew) const {
  const ReadyFrames& plan = shared_.parts().ready_frames;
  const std::int64_t raw = plan.ready(samples);
  if (shared_.parts().path != Path::stages) return raw;
  return stages_.ready({raw, plan.valid(samples), false}, anew) * shared_.unit();
}

template <class T>
bool StreamChannel<T>::full() const {
  const StreamParts& parts = shared_.parts();
  return samples_ >= parts.ready_frames.most() ||
         (parts.path == Path::stages && made_ >= stages_.reads());
}

// Takes samples from `begin` on; returns how many. Those past the longest item are never read.
template <class T>
std::int64_t StreamChannel<T>::add(const Signals& chunk, std::int64_t begin) {
  const std::int64_t left = chunk.samples - begin;
  if (full()) return left;
  const std::int64_t count = std::min(slice, left);
  const char* from = static_cast<const char*>(chunk.data) + begin * chunk.stride;
  if (count > 0) buffer_.add(from, chunk.type, chunk.stride, count);
  return count;
}

template <class T>
void StreamChannel<T>::push(const Signals& chunk, void* data, std::int64_t frames, bool last) {
  const StreamParts& parts = shared_.parts();
  const ReadyFrames& plan = parts.ready_frames;
  Out out{static_cast<char*>(data), frames, 0};
  std::int64_t taken = 0;
  for (;;) {  // at least once: what no sample is needed for is ready at the first push
    const std::int64_t count = add(chunk, taken);
    taken += count;
    samples_ += count;
    const std::int64_t valid = parts.path == Path::stages ? plan.valid(samples_) : 0;
    advance(plan.going_on(samples_), plan.ready(samples_), valid, false, out);
    if (taken >= chunk.samples) break;
    go_on();
  }
  if (!last) return;
  const Framing framing = frame_signal(parts.spec, samples_);
  const bool waveform = parts.path == Path::samples;
  advance(framing, waveform ? framing.length : framing.frames,
          waveform ? 0 : valid_frames(parts.spec, framing), true, out);
}

template <class T>
void StreamChannel<T>::advance(const Framing& framing, std::int64_t ready, std::int64_t valid,
                               bool last, Out& out) {
  const StreamParts& parts = shared_.parts();
  const std::int64_t piece = parts.path == Path::samples ? slice : shared_.producer().piece();
  const bool staged = parts.path == Path::stages;
  const std::int64_t wanted = staged ? std::min(ready, stages_.reads()) : ready;
  while (made_ < wanted) {
    const std::int64_t count = std::min(piece, wanted - made_);
    make(framing, count, out);
    made_ += count;
    if (made_ >= wanted) break;
    if (staged) finish({made_, valid, false}, out);
    go_on();
  }
  if (staged) finish({last ? ready : made_, valid, last}, out);
  buffer_.forget_before(parts.ready_frames.needed(samples_, made_));
}

template <class T>
void StreamChannel<T>::make(const Framing& framing, std::int64_t count, Out& out) {
  switch (shared_.parts().path) {
    case Path::samples: return make_samples(framing, count, out);
    case Path::direct: return make_direct(framing, count, out);
    case Path::stages: break;
  }
  T* to = stages_.room(count);
  shared_.producer().make(buffer_, framing, made_, count, {to, 1, shared_.raw_rows()});
  stages_.added(count);
}

template <class T>
void StreamChannel<T>::make_direct(const Framing& framing, std::int64_t count, Out& out) {
  const bool by_row = shared_.parts().spec.layout == Layout::freq_time;
  const std::int64_t rows = shared_.raw_rows();
  const std::int64_t elements = shared_.parts().extractor.is_complex() ? 2 : 1;
  const bool narrowed = !narrowed_.empty();
  const std::int64_t at = out.done * (by_row ? 1 : rows) * elements;
  T* base = narrowed ? narrowed_.data() : reinterpret_cast<T*>(out.data) + at;
  const std::int64_t apart = narrowed ? count : out.frames;  // frames from row to row
  shared_.producer().make(buffer_, framing, made_, count,
                          {base, by_row ? apart : 1, by_row ? 1 : rows});
  out.done += count;
  const std::int64_t runs = by_row ? rows : 1, run = by_row ? count : count * rows;
  if (shared_.clamps()) {
    const auto clamp = shared_.producer().kernel().clamp;
    for (std::int64_t m = 0; m < runs; ++m) clamp(base + m * apart, run, low_);
  }
  if (!narrowed) return;
  float* to = reinterpret_cast<float*>(out.data) + at;
  for (std::int64_t m = 0; m < runs; ++m) {
    convert_values(base + m * apart * elements, run * elements, Precision::float32,
                   to + m * out.frames * elements);
  }
}

template <class T>
void StreamChannel<T>::make_samples(const Framing& framing, std::int64_t count, Out& out) {
  const Precision precision = shared_.parts().precision;
  const T* values = buffer_.at(framing, made_, count, 0, samples_out_.data());
  convert_values(values, count, precision, out.data + out.done * bytes_of(precision));
  out.done += count;
}

template <class T>
void StreamChannel<T>::finish(Progress progress, Out& out) {
  const StreamParts& parts = shared_.parts();
  const std::int64_t rows = shared_.stages().back()->rows_out();
  const std::int64_t bytes = bytes_of(parts.precision);
  const bool cut = patches_of(parts.spec).has_value();
  const bool by_row = !cut && parts.spec.layout == Layout::freq_time;
  stages_.run(progress, [&](const T* frames, std::int64_t count) {
    char* to = out.data + out.done * bytes * (by_row ? 1 : rows);
    if (cut) {
      convert_values(frames, count * rows, parts.precision, to);
    } else {
      write_frames(parts.spec, frames, 0, count, rows, parts.precision, out.frames, to,
                   shared_.producer().kernel());
    }
    out.done += count;
    go_on();
  });
}

template class StreamShared<float>;
template class StreamShared<double>;
template class StreamChannel<float>;
template class StreamChannel<double>;

}  // namespace sonogram
