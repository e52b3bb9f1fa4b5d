// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Finish stages over frames that arrive in pieces: each stage keeps its last input frames, no more
// than its next output frame reads, and runs as soon as the last of these has arrived.
#pragma once
#include <cstdint>
#include <vector>

#include "core/base/sliding_buffer.hpp"
#include "core/finish/stage.hpp"

namespace sonogram {

// The progress of a signal: the number of frames that have arrived, how many of them are certainly
// valid, and whether these are all.
struct Progress {
  std::int64_t frames, valid;
  bool last;
};

// The number of output frames that a stage can make from this many input frames, at least `from`
// and at most `to`.
template <class T>
std::int64_t frames_after(const Stage<T>& stage, Progress in, std::int64_t from, std::int64_t to);

// The same for stages one after the other; `from` holds how many each has made.
template <class T>
class StagePipeline {
 public:
  // Frames of `rows` values; the stages outlive this. `piece`: the most frames that are added at a
  // time. `wanted`: frames of the result that are asked for.
  StagePipeline(std::vector<const Stage<T>*> stages, std::int64_t rows, std::int64_t piece,
                std::int64_t wanted = not_yet);

  void reset();
  // The states of stages with global statistics; empty vectors for the others.
  void set_states(const std::vector<std::vector<double>>& states);

  // Raw frames that the wanted ones read: those that follow need not be added, only counted.
  std::int64_t reads() const { return links_.front().reads; }
  // Frames of the result that will be there once the first stage has so many; `anew`: counted from
  // the beginning rather than from those that were made.
  std::int64_t ready(Progress in, bool anew = false) const;
  // Memory for the next raw frames, which `added` hands over.
  T* room(std::int64_t count) { return links_.front().frames.room(count); }
  void added(std::int64_t count) { links_.front().frames.added(count); }
  // Runs the stages over what is there. `take(frames, count)` gets finished frames, in order.
  template <class Take>
  void run(Progress in, const Take& take) {
    while (const std::int64_t count = step(in)) take(result_.data(), count);
  }

 private:
  struct Link {
    const Stage<T>* stage;    // null: the result
    SlidingBuffer<T> frames;  // its input
    std::int64_t reads;       // of its input, what its wanted output reads
    std::int64_t wanted;      // of its output
    std::int64_t made = 0;
    std::vector<double> state;
  };
  // One piece of finished frames into result_, or 0 where there are no more.
  std::int64_t step(Progress in);
  std::int64_t advance(std::size_t link, Progress in);

  std::vector<Link> links_;
  std::vector<T> result_;
  std::vector<char> scratch_;
  std::int64_t piece_, rows_;
};

extern template class StagePipeline<float>;
extern template class StagePipeline<double>;

}  // namespace sonogram
