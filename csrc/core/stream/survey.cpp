// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Numbers of whole signals, pass by pass: those of each stage over the frames that the stages
// before it give, in the pieces and the order in which StageChain::run sums them.
#include <algorithm>
#include <stdexcept>

#include "core/base/errors.hpp"
#include "core/stream/channel.hpp"
#include "sonogram/json.hpp"

namespace sonogram {
namespace {

constexpr std::int64_t slice = 1 << 12;

// A stage whose numbers are wanted, and its pass; or a pass over the samples.
struct Task {
  bool samples;
  std::size_t stage;
  int pass;
};

StreamOptions plain_options(const StreamOptions& given) {
  StreamOptions options;
  options.type = given.type;
  options.channels = given.channels;
  return options;
}

// How many frames reach each stage, and how many of them are true.
template <class T>
std::vector<Progress> inputs_of(const std::vector<const Stage<T>*>& stages, std::int64_t frames,
                                std::int64_t valid) {
  std::vector<Progress> inputs;
  for (const Stage<T>* stage : stages) {
    inputs.push_back({frames, std::min(valid, frames), true});
    const std::int64_t after = stage->frames(frames);
    valid = std::min(stage->valid(valid), after);
    frames = after;
  }
  return inputs;
}

// One channel, for one pass: what arrives, the stages before the one that gathers, and the frames
// that wait for a piece to be full.
template <class T>
class SurveyChannel {
 public:
  SurveyChannel(const StreamShared<T>& shared, SignalNumbers::Channel& numbers)
      : shared_(shared),
        numbers_(numbers),
        buffer_(shared.parts().spec, shared.parts().ready_frames, slice),
        statistics_(shared.parts().spec) {
    for (const Stage<T>* stage : shared.stages()) {
      numbers_.stages.emplace_back(stage->order() == Order::after_all ? stage->state_size() : 0);
    }
  }

  void begin_statistics(int pass) {
    stage_ = nullptr;
    samples_ = 0;
    statistics_.begin(pass);
  }
  void begin(const Task& task, std::int64_t wanted) {
    const auto& all = shared_.stages();
    const std::int64_t piece = shared_.producer().piece();
    stage_ = all[task.stage];
    state_ = &numbers_.stages[task.stage];
    if (task.pass == 0) stage_->start(state_->data());
    pass_ = task.pass;
    wanted_ = wanted;
    made_ = samples_ = 0;
    buffer_.reset();
    buffer_.set_statistics(numbers_.samples);
    before_.reset();
    if (task.stage > 0) {
      const std::vector<const Stage<T>*> first(
          all.begin(), all.begin() + static_cast<std::ptrdiff_t>(task.stage));
      before_ = std::make_unique<StagePipeline<T>>(first, shared_.raw_rows(), piece, wanted);
      before_->set_states(numbers_.stages);
    }
    frames_ =
        std::make_unique<SlidingBuffer<T>>(stage_->rows_in(), piece + Stage<T>::accumulate_step);
  }

  void push(const Signals& chunk) {
    if (stage_ == nullptr) {
      statistics_.add({chunk.data, chunk.type, chunk.stride, chunk.samples});
      samples_ += chunk.samples;
      return;
    }
    const ReadyFrames& plan = shared_.parts().ready_frames;
    for (std::int64_t at = 0; at < chunk.samples; at += slice) {
      if (made_ >= reads()) {  // the rest is only counted
        samples_ += chunk.samples - at;
        return;
      }
      const std::int64_t count = std::min(slice, chunk.samples - at);
      const std::int64_t kept = std::clamp<std::int64_t>(plan.most() - samples_, 0, count);
      const char* from = static_cast<const char*>(chunk.data) + at * chunk.stride;
      if (kept > 0) buffer_.add(from, chunk.type, chunk.stride, kept);
      samples_ += count;
      advance(plan.going_on(samples_), plan.ready(samples_), plan.valid(samples_), false);
    }
  }

  void end() {
    if (stage_ == nullptr) {
      statistics_.end();
      numbers_.samples = statistics_.statistics();
      return;
    }
    const Spec& spec = shared_.parts().spec;
    const Framing framing = frame_signal(spec, samples_);
    advance(framing, framing.frames, valid_frames(spec, framing), true);
    accumulate(true);
    stage_->finish_pass(pass_, wanted_, state_->data());
  }
  std::int64_t samples() const { return samples_; }

 private:
  // Raw frames that the pass reads.
  std::int64_t reads() const { return before_ ? before_->reads() : wanted_; }

  void advance(const Framing& framing, std::int64_t ready, std::int64_t valid, bool last) {
    const std::int64_t read = std::min(ready, reads());
    while (made_ < read) {
      const std::int64_t count = std::min(shared_.producer().piece(), read - made_);
      T* to = before_ ? before_->room(count) : frames_->room(count);
      shared_.producer().make(buffer_, framing, made_, count, {to, 1, shared_.raw_rows()});
      made_ += count;
      if (before_) {
        before_->added(count);
        if (made_ < read) drain({made_, valid, false});
      } else {
        frames_->added(count);
        accumulate(false);
      }
    }
    if (before_) drain({last ? ready : made_, valid, last});
    buffer_.forget_before(shared_.parts().ready_frames.needed(samples_, made_));
  }

  void drain(Progress progress) {
    before_->run(progress, [this](const T* frames, std::int64_t count) {
      std::copy_n(frames, count * stage_->rows_in(), frames_->room(count));
      frames_->added(count);
      accumulate(false);
    });
  }

  // Whole pieces; at the end, the rest.
  void accumulate(bool rest) {
    const std::int64_t begin = frames_->begin(), step = Stage<T>::accumulate_step;
    std::int64_t end = std::min(frames_->end(), wanted_);
    if (!rest) end = begin + (end - begin) / step * step;
    if (end > begin) {
      stage_->accumulate(pass_, {frames_->at(begin), begin, end - begin, stage_->rows_in()},
                         state_->data());
      frames_->drop_before(end);
    }
    if (frames_->begin() >= wanted_) frames_->drop_before(frames_->end());
  }

  const StreamShared<T>& shared_;
  SignalNumbers::Channel& numbers_;
  SampleBuffer<T> buffer_;
  StatisticsPasses<T> statistics_;
  std::unique_ptr<StagePipeline<T>> before_;
  std::unique_ptr<SlidingBuffer<T>> frames_;
  const Stage<T>* stage_ = nullptr;
  std::vector<double>* state_ = nullptr;
  int pass_ = 0;
  std::int64_t wanted_ = 0, made_ = 0, samples_ = 0;
};

}  // namespace

class Survey::Impl {
 public:
  virtual ~Impl() = default;
  virtual std::int64_t passes() const = 0;
  virtual void push(const Signals& chunk) = 0;
  virtual void next_pass() = 0;
  SignalNumbers numbers;
};

namespace {

template <class T>
class SurveyOf final : public Survey::Impl {
 public:
  SurveyOf(const Spec& spec, const StreamOptions& options, std::int64_t samples)
      : parts_(spec, plain_options(options),
               spec.output == Output::waveform ? Path::samples : Path::stages),
        shared_(parts_),
        samples_(samples) {
    parts_.extractor.item_shape(samples);  // throws for too few
    const Framing framing = frame_signal(spec, samples);
    inputs_ = inputs_of(shared_.stages(), framing.frames, valid_frames(spec, framing));
    numbers.spec = spec_to_json(spec);
    numbers.type = options.type;
    numbers.channels.resize(static_cast<std::size_t>(options.channels));
    for (auto& channel : numbers.channels) {
      channels_.push_back(std::make_unique<SurveyChannel<T>>(shared_, channel));
    }
    const int of_samples = StatisticsPasses<T>(parts_.spec).passes();
    for (int pass = 0; pass < of_samples; ++pass) tasks_.push_back({true, 0, pass});
    for (std::size_t i = 0; i < shared_.stages().size(); ++i) {
      const int of_stage = shared_.stages()[i]->passes();
      for (int pass = 0; pass < of_stage; ++pass) tasks_.push_back({false, i, pass});
    }
    begin();
  }
  std::int64_t passes() const override { return static_cast<std::int64_t>(tasks_.size()) - next_; }
  void push(const Signals& chunk) override {
    if (passes() == 0) throw std::invalid_argument("the survey has made all its passes");
    for (std::size_t c = 0; c < channels_.size(); ++c) {
      Signals one = chunk;
      if (chunk.item_offsets != nullptr) {
        one.data = static_cast<const char*>(chunk.data) + chunk.item_offsets[c];
      }
      channels_[c]->push(one);
    }
  }
  void next_pass() override {
    if (passes() == 0) throw std::invalid_argument("the survey has made all its passes");
    for (auto& channel : channels_) {
      if (channel->samples() != samples_) {
        throw_invalid("samples", format_number(channel->samples()) + " in this pass",
                      format_number(samples_) + ", as announced");
      }
      channel->end();
    }
    ++next_;
    begin();
  }

 private:
  // Frames that a stage's numbers are of.
  std::int64_t wanted(std::size_t stage) const {
    const Progress& in = inputs_[stage];
    return shared_.stages()[stage]->gathers_all() ? in.frames : in.valid;
  }
  void begin() {
    if (passes() == 0) return;
    const Task& task = tasks_[static_cast<std::size_t>(next_)];
    for (auto& channel : channels_) {
      if (task.samples) channel->begin_statistics(task.pass);
      else channel->begin(task, wanted(task.stage));
    }
  }

  StreamParts parts_;
  StreamShared<T> shared_;
  std::int64_t samples_, next_ = 0;
  std::vector<Progress> inputs_;
  std::vector<Task> tasks_;
  std::vector<std::unique_ptr<SurveyChannel<T>>> channels_;
};

}  // namespace

Survey::Survey(const Spec& spec, const StreamOptions& options, std::int64_t samples) {
  check_order(spec);
  check_channels(options.channels);
  if (is_wide(spec, options.type)) {
    impl_ = std::make_unique<SurveyOf<double>>(spec, options, samples);
  } else {
    impl_ = std::make_unique<SurveyOf<float>>(spec, options, samples);
  }
}

Survey::~Survey() = default;

std::int64_t Survey::passes() const { return impl_->passes(); }
void Survey::push(const Signals& chunk) { impl_->push(chunk); }
void Survey::next_pass() { impl_->next_pass(); }

std::shared_ptr<const SignalNumbers> Survey::numbers() const {
  if (passes() != 0) throw std::invalid_argument("the survey has passes left");
  return std::make_shared<SignalNumbers>(impl_->numbers);
}

}  // namespace sonogram
