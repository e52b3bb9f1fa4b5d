// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/finish/chain.hpp"

#include <stdexcept>

#include "core/base/errors.hpp"
#include "core/base/products.hpp"
#include "core/base/threads.hpp"
#include "core/spec/finish_table.hpp"

namespace sonogram {
namespace {

constexpr std::int64_t max_rows = std::int64_t{1} << 26;
constexpr std::int64_t block_frames = 256;

template <class T>
StagePointer<T> make(const FinishStage& s, std::int64_t rows, std::int64_t lead,
                     const kernel::Operations<T>& ops) {
  StagePointer<T> made;
  switch (traits_of(s).family) {
    case StageFamily::rows: made = row_stage<T>(s, rows, lead, ops); break;
    case StageFamily::time: made = time_stage<T>(s, rows, lead, ops); break;
    case StageFamily::item: made = item_stage<T>(s, rows, lead, ops); break;
    case StageFamily::recursive: made = recursive_stage<T>(s, rows, lead, ops); break;
    case StageFamily::output: break;
  }
  if (!made) throw std::logic_error(std::string("nothing makes stage ") + stage_info(s.kind).name);
  return made;
}

// The numbers that a stage takes of all frames, a piece at a time, so that it can be interrupted.
template <class T>
void gather(const Stage<T>& stage, const Frames<T>& all, double* state) {
  static_assert(block_frames % Stage<T>::accumulate_step == 0);
  stage.start(state);
  for (int pass = 0; pass < stage.passes(); ++pass) {
    for (std::int64_t t = 0; t < all.count; t += block_frames, go_on()) {
      const std::int64_t count = std::min(block_frames, all.count - t);
      stage.accumulate(pass, {all.at(t), t, count, all.rows}, state);
    }
    stage.finish_pass(pass, all.count, state);
  }
}

}  // namespace

template <class T>
StageChain<T>::StageChain(const std::vector<FinishStage>& stages, std::int64_t rows, bool energy,
                          const kernel::Operations<T>& ops)
    : rows_(rows + (energy ? 1 : 0)) {
  bool placed = false;
  for (const FinishStage& s : stages) placed = placed || s.kind == FinishKind::energy;
  std::int64_t lead = energy && placed ? 1 : 0;  // not placed: the first row like any other
  for (const FinishStage& s : stages) {
    if (traits_of(s).family == StageFamily::output) continue;  // cut when the result is handed over
    if (s.kind == FinishKind::energy) lead = 0;
    stages_.push_back(make<T>(s, rows_, lead, ops));
    rows_ = stages_.back()->rows_out();
    if (rows_ > max_rows) {
      throw_invalid("finish: " + std::string(stage_info(s.kind).name),
                    "making " + format_number(rows_) + " rows",
                    "such that there are at most " + format_number(max_rows));
    }
  }
}

template <class T>
std::int64_t StageChain<T>::frames(std::int64_t in) const {
  for (const auto& stage : stages_) in = stage->frames(in);
  return in;
}

template <class T>
std::int64_t StageChain<T>::valid(std::int64_t in) const {
  for (const auto& stage : stages_) in = stage->valid(in);
  return in;
}

template <class T>
void StageChain<T>::check(std::int64_t frames, std::int64_t valid,
                          std::optional<std::int64_t> samples) const {
  for (const auto& stage : stages_) {
    valid = std::min(valid, frames);
    const std::int64_t least = stage->least_frames();
    if (valid < least) {
      const std::string given = samples ? "waveform (" + format_number(*samples) + " samples long)"
                                        : std::string("features");
      throw std::invalid_argument(given + " has " + format_number(valid) + " valid frame" +
                                  (valid == 1 ? "" : "s") + "; it must have at least " +
                                  format_number(least) + " for finish stage " +
                                  stage->least_text());
    }
    valid = stage->valid(valid);
    frames = stage->frames(frames);
  }
}

template <class T>
std::int64_t StageChain<T>::last_moving() const {
  std::int64_t last = static_cast<std::int64_t>(stages_.size()) - 1;
  while (last >= 0 && stages_[static_cast<std::size_t>(last)]->in_place()) --last;
  return last;
}

template <class T>
std::int64_t StageChain<T>::max_values(std::int64_t frames) const {
  constexpr const char* what = "features between finish stages";
  std::int64_t most =
      stages_.empty() ? 0 : checked_product(what, {frames, stages_.front()->rows_in()});
  for (const auto& stage : stages_) {
    frames = stage->frames(frames);
    most = std::max(most, checked_product(what, {frames, stage->rows_out()}));
  }
  return most;
}

template <class T>
void StageChain<T>::run(T* raw, std::int64_t frames, std::int64_t valid, T* const memory[2],
                        T* result, std::vector<double>& kept, const ForEach& each) const {
  const std::int64_t last = last_moving();
  T* now = raw;
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    const Stage<T>& stage = *stages_[i];
    const std::int64_t after = stage.frames(frames);
    T* to = now;
    if (!stage.in_place()) {
      to = static_cast<std::int64_t>(i) == last ? result : now == memory[0] ? memory[1] : memory[0];
    }
    const Frames<T> in{now, 0, frames, stage.rows_in()};
    kept.assign(stage.state_size(), 0.0);
    double* state = kept.data();
    if (stage.order() == Order::after_all) {
      const std::int64_t count = stage.gathers_all() ? frames : std::min(valid, frames);
      each(1, [&](std::int64_t) { gather(stage, {now, 0, count, stage.rows_in()}, state); });
    }
    const auto run = [&](std::int64_t begin, std::int64_t end) {
      thread_local std::vector<char> scratch;
      scratch.resize(std::max(scratch.size(), stage.scratch_bytes(end - begin)));
      stage.run(in, {frames, valid, scratch.data()}, begin, end, state,
                to + begin * stage.rows_out());
    };
    if (stage.order() == Order::in_order) {
      stage.start(state);
      each(1, [&](std::int64_t) {
        for (std::int64_t t = 0; t < after; t += block_frames, go_on()) {
          run(t, std::min(t + block_frames, after));
        }
      });
    } else {
      each((after + block_frames - 1) / block_frames,
           [&](std::int64_t b) { run(b * block_frames, std::min((b + 1) * block_frames, after)); });
    }
    now = to;
    valid = std::min(stage.valid(valid), after);
    frames = after;
  }
}

template class StageChain<float>;
template class StageChain<double>;

}  // namespace sonogram
