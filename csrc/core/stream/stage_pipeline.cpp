// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/stream/stage_pipeline.hpp"

#include <algorithm>
#include <stdexcept>

namespace sonogram {
namespace {

// The most input frames that one output frame reads, and those that the next one skips.
template <class T>
std::int64_t span_of(const Stage<T>& stage) {
  constexpr std::int64_t looked_at = 1 << 16;
  std::int64_t most = 1;
  for (std::int64_t t = 0; t < looked_at; ++t) {
    const FrameRange r = stage.reads(t);
    most = std::max(most, r.end - std::max<std::int64_t>(r.begin, 0));
    if (r.begin > 0) break;
  }
  return most + stage.step();
}

// What the next stage sees of this one's output, of which `wanted` frames are read.
template <class T>
Progress after(const Stage<T>& stage, Progress in, std::int64_t frames, std::int64_t wanted) {
  if (!in.last) return {frames, stage.valid(in.valid), false};
  const std::int64_t all = stage.frames(in.frames), valid = std::min(stage.valid(in.valid), all);
  if (frames < std::min(all, wanted)) return {frames, valid, false};
  return {all, valid, true};
}

// The most frames that a stage gives of so many, however long the signal.
template <class T>
std::int64_t most_frames(const Stage<T>& stage, std::int64_t in) {
  try {
    return stage.frames(in);
  } catch (const std::invalid_argument&) {  // so few are an error at the signal's end
    return 0;
  }
}

}  // namespace

// In steps that double, then halve: signals of any length are asked about.
template <class T>
std::int64_t frames_after(const Stage<T>& stage, Progress in, std::int64_t from, std::int64_t to) {
  if (in.last) return std::max(from, std::min(to, stage.frames(in.frames)));
  const auto can_be_made = [&](std::int64_t t) {
    return stage.reads(t).end <= in.frames && t < stage.frames(in.frames) &&
           (!stage.needs_valid() || t < in.valid);
  };
  std::int64_t made = from, step = 1;
  while (made < to && can_be_made(made + step - 1)) {
    made += step;
    step = std::min(2 * step, to - made);
  }
  if (made >= to) return made;
  for (std::int64_t cannot = made + step - 1; made < cannot;) {
    const std::int64_t middle = made + (cannot - made) / 2;
    if (can_be_made(middle)) made = middle + 1;
    else cannot = middle;
  }
  return made;
}

template <class T>
StagePipeline<T>::StagePipeline(std::vector<const Stage<T>*> stages, std::int64_t rows,
                                std::int64_t piece, std::int64_t wanted)
    : piece_(piece), rows_(rows) {
  std::vector<std::int64_t> most{not_yet};  // frames before each stage, and of the result
  for (const Stage<T>* stage : stages) {
    links_.push_back({stage, SlidingBuffer<T>(rows_, span_of(*stage) + piece), not_yet, not_yet, 0,
                      std::vector<double>(stage->state_size())});
    most.push_back(most_frames(*stage, most.back()));
    rows_ = stage->rows_out();
    scratch_.resize(std::max(scratch_.size(), stage->scratch_bytes(piece)));
  }
  wanted = std::min(wanted, most.back());
  for (std::size_t i = links_.size(); i-- > 0;) {
    Link& link = links_[i];
    link.wanted = wanted;
    if (wanted < not_yet) {
      const std::int64_t end = wanted > 0 ? link.stage->reads(wanted - 1).end : 0;
      wanted = std::clamp<std::int64_t>(end, 0, most[i]);
    }
    link.reads = wanted;
  }
  result_.resize(static_cast<std::size_t>(piece * rows_));
  reset();
}

template <class T>
void StagePipeline<T>::reset() {
  for (Link& link : links_) {
    link.frames.clear();
    link.made = 0;
    if (link.stage->order() == Order::in_order) link.stage->start(link.state.data());
  }
}

template <class T>
void StagePipeline<T>::set_states(const std::vector<std::vector<double>>& states) {
  for (std::size_t i = 0; i < links_.size(); ++i) {
    if (links_[i].stage->order() == Order::after_all) links_[i].state = states[i];
  }
}

template <class T>
std::int64_t StagePipeline<T>::ready(Progress in, bool anew) const {
  for (const Link& link : links_) {
    const std::int64_t frames = frames_after(*link.stage, in, anew ? 0 : link.made, link.wanted);
    in = after(*link.stage, in, frames, link.wanted);
  }
  return in.frames;
}

// Runs a link as far as its input goes, a piece at most; returns the frames made.
template <class T>
std::int64_t StagePipeline<T>::advance(std::size_t i, Progress in) {
  Link& link = links_[i];
  const Stage<T>& stage = *link.stage;
  const std::int64_t begin = link.made;
  const std::int64_t end = frames_after(stage, in, begin, std::min(begin + piece_, link.wanted));
  if (end > begin) {
    const bool last = i + 1 == links_.size();
    T* to = last ? result_.data() : links_[i + 1].frames.room(end - begin);
    const SlidingBuffer<T>& w = link.frames;
    const Frames<T> frames{w.at(w.begin()), w.begin(), w.end() - w.begin(), stage.rows_in()};
    const std::int64_t total = in.last ? in.frames : not_yet;
    stage.run(frames, {total, in.last ? in.valid : std::max(in.valid, end), scratch_.data()}, begin,
              end, link.state.data(), to);
    if (!last) links_[i + 1].frames.added(end - begin);
    link.made = end;
  }
  const bool spent = link.made >= link.wanted;
  link.frames.drop_before(spent ? link.frames.end() : stage.reads(link.made).begin);
  return end - begin;
}

// The stage furthest on that can go on goes on, so that no window grows beyond its share.
template <class T>
std::int64_t StagePipeline<T>::step(Progress in) {
  for (;;) {
    std::size_t furthest = links_.size();
    Progress at = in, found = in;
    for (std::size_t i = 0; i < links_.size(); ++i) {
      const Link& link = links_[i];
      const std::int64_t there =
          frames_after(*link.stage, at, link.made, std::min(link.made + 1, link.wanted));
      if (there > link.made) furthest = i, found = at;
      at = after(*link.stage, at, link.made, link.wanted);
    }
    if (furthest == links_.size()) return 0;
    const std::int64_t made = advance(furthest, found);
    if (furthest + 1 == links_.size()) return made;
  }
}

template std::int64_t frames_after(const Stage<float>&, Progress, std::int64_t, std::int64_t);
template std::int64_t frames_after(const Stage<double>&, Progress, std::int64_t, std::int64_t);
template class StagePipeline<float>;
template class StagePipeline<double>;

}  // namespace sonogram
