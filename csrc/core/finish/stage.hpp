// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// A finish stage over the features of one item, frame after frame. A frame of the output depends on
// a few frames of the input (and, for some stages, on statistics gathered before), so that whole
// files, blocks of a file on several threads, and streams run the same code and give the same bits.
#pragma once
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "kernels/kernel.hpp"
#include "sonogram/spec.hpp"

namespace sonogram {

// Frames [first, first + count) of an item, `rows` values each, one after the other in memory.
template <class T>
struct Frames {
  const T* data;
  std::int64_t first;
  std::int64_t count;
  std::int64_t rows;

  const T* at(std::int64_t t) const { return data + (t - first) * rows; }
};

struct FrameRange {
  std::int64_t begin, end;
};

// How the frames of a stage depend on each other.
enum class Order {
  free,      // every frame by itself
  in_order,  // on numbers that the frames before it leave
  after_all  // on numbers gathered from the whole item
};

constexpr std::int64_t not_yet = std::int64_t{1} << 60;  // the length of an item that goes on

template <class T>
class Stage {
 public:
  // `lead` values at the front of every frame pass through untouched (an energy that a later stage
  // places).
  Stage(std::int64_t rows_in, std::int64_t rows_out, std::int64_t lead)
      : rows_in_(rows_in), rows_out_(rows_out), lead_(lead) {}
  virtual ~Stage() = default;
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  std::int64_t rows_in() const { return rows_in_; }
  std::int64_t rows_out() const { return rows_out_; }

  virtual Order order() const { return Order::free; }
  // Whether an output frame may be written over its input frame.
  virtual bool in_place() const { return false; }
  // The number of frames after this stage, and of valid ones among them if `valid` were.
  virtual std::int64_t frames(std::int64_t in) const { return in; }
  virtual std::int64_t valid(std::int64_t in) const { return frames(in); }
  // The input frames that output frame t reads; before 0 and past the end it reads what is there.
  virtual FrameRange reads(std::int64_t t) const { return {t, t + 1}; }
  // The input frames that output frame t is of, where it has its place in time: not those that it
  // looks around at. Of `total` input frames; past the last output frame as if there were more, and
  // with any_total always.
  static constexpr std::int64_t any_total = -1;
  virtual FrameRange place(std::int64_t t, std::int64_t total) const {
    return (void)total, FrameRange{t, t + 1};
  }
  // Input frames from output frame to output frame, and whether it matters which are true.
  virtual std::int64_t step() const { return 1; }
  virtual bool needs_valid() const { return false; }
  // The fewest valid frames that its statistics need, and the parameters that need them.
  virtual std::int64_t least_frames() const { return 0; }
  virtual std::string least_text() const { return ""; }
  // Doubles kept from frame to frame (in_order) or gathered from the item (after_all).
  virtual std::size_t state_size() const { return 0; }
  virtual void start(double* state) const { std::fill(state, state + state_size(), 0.0); }
  // after_all: the state takes so many passes over its frames, in any number of pieces that
  // begin at multiples of accumulate_step.
  static constexpr std::int64_t accumulate_step = 16;
  virtual int passes() const { return 0; }
  // Whether the statistics cover all frames rather than the valid ones.
  virtual bool gathers_all() const { return false; }
  virtual void accumulate(int pass, const Frames<T>&, double* state) const {
    (void)pass, (void)state;
  }
  // The end of a pass over `count` frames.
  virtual void finish_pass(int pass, std::int64_t count, double* state) const {
    (void)pass, (void)count, (void)state;
  }
  // after_all: sets the state from known statistics: one value, or one per row; null for those that
  // the stage does not need. Throws std::invalid_argument if their number does not fit.
  struct Known {
    const std::vector<double>*maximum, *mean, *deviation;
  };
  virtual void set_known(const Known&, double* state) const { (void)state; }
  // after_all, in a stream: sets the state from the frames up to this one; `kept` is carried from
  // frame to frame (`running_size` doubles, zero at first). Frames that are not finite are skipped.
  virtual std::size_t running_size() const { return 0; }
  virtual void update_running(const T* frame, double* kept, double* state) const {
    (void)frame, (void)kept, (void)state;
  }
  // after_all: replaces statistics that are undefined for so few frames (a deviation of 0) by
  // neutral ones.
  virtual void make_safe(double* state) const { (void)state; }
  // The size of the working memory for this many output frames.
  virtual std::size_t scratch_bytes(std::int64_t frames) const { return (void)frames, 0; }
  // Computes output frames [begin, end) of an item of `total` input frames, of which the first
  // `valid` are valid. `in` holds at least the frames that they read; `scratch` is aligned as by
  // new.
  struct Item {
    std::int64_t total, valid;
    char* scratch;
  };
  virtual void run(const Frames<T>& in, Item item, std::int64_t begin, std::int64_t end,
                   double* state, T* out) const = 0;

 protected:
  std::int64_t bands() const { return rows_in_ - lead_; }
  void copy_lead(const T* from, T* to) const { std::copy_n(from, lead_, to); }

  std::int64_t rows_in_, rows_out_, lead_;
};

template <class T>
using StagePointer = std::unique_ptr<Stage<T>>;

// The only one of these values; throws std::invalid_argument if there are more or none.
double one_number(const std::vector<double>& values, const char* name);

// The divisor of "normalize", from the sum of `count` squared differences from the mean.
double deviation_of(double squares, std::int64_t count, std::int64_t ddof, double eps,
                    const std::string& eps_in);

// The fewest values that have such a deviation: for fewer it is 0/0, and for a single one it is
// zero, which can be a divisor only with an epsilon.
inline std::int64_t least_for_deviation(std::int64_t ddof, double eps) {
  return std::max<std::int64_t>(ddof + 1, eps > 0 ? 1 : 2);
}
// The parameters that need more than one value, in words.
std::string deviation_text(std::int64_t ddof, double eps);

// Each kind of stage for features of `rows` rows, of which the first `lead` are left alone. Null
// where the kind belongs to another family. Throws std::invalid_argument where rows do not fit.
template <class T>
StagePointer<T> row_stage(const FinishStage& stage, std::int64_t rows, std::int64_t lead,
                          const kernel::Operations<T>& ops);
template <class T>
StagePointer<T> time_stage(const FinishStage& stage, std::int64_t rows, std::int64_t lead,
                           const kernel::Operations<T>& ops);
template <class T>
StagePointer<T> item_stage(const FinishStage& stage, std::int64_t rows, std::int64_t lead,
                           const kernel::Operations<T>& ops);
template <class T>
StagePointer<T> recursive_stage(const FinishStage& stage, std::int64_t rows, std::int64_t lead,
                                const kernel::Operations<T>& ops);

}  // namespace sonogram
