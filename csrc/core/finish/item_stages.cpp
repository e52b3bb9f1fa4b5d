// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Finish stages that ask the whole item for a number before they change a frame.
#include <cmath>
#include <limits>

#include "core/base/errors.hpp"
#include "core/finish/stage.hpp"

namespace sonogram {
namespace {

template <class T>
using Item = typename Stage<T>::Item;

template <class T>
bool all_finite(const T* x, std::int64_t count) {
  bool finite = true;
  for (std::int64_t i = 0; i < count; ++i) finite = finite && std::isfinite(x[i]);
  return finite;
}

// The largest value of the item, NaN where any is: what lies below it by more is raised, or it is
// subtracted from all.
template <class T>
class FromMaximum final : public Stage<T> {
 public:
  FromMaximum(std::int64_t rows, std::int64_t lead, bool clamp, double range)
      : Stage<T>(rows, rows, lead), clamp_(clamp), range_(static_cast<T>(range)) {}
  Order order() const override { return Order::after_all; }
  bool in_place() const override { return true; }
  std::size_t state_size() const override { return 1; }
  void start(double* state) const override { state[0] = -std::numeric_limits<double>::infinity(); }
  int passes() const override { return 1; }
  bool gathers_all() const override { return true; }
  void accumulate(int, const Frames<T>& some, double* state) const override {
    T most = static_cast<T>(state[0]);
    bool has_nan = most != most;
    for (std::int64_t t = 0; t < some.count; ++t) {
      const T* x = some.at(some.first + t);
      for (std::int64_t r = this->lead_; r < some.rows; ++r) {
        most = x[r] > most ? x[r] : most;
        has_nan |= x[r] != x[r];
      }
    }
    state[0] = has_nan ? std::nan("") : static_cast<double>(most);
  }
  void set_known(const typename Stage<T>::Known& known, double* state) const override {
    state[0] = one_number(*known.maximum, "maximum");
  }
  void update_running(const T* frame, double*, double* state) const override {
    if (!all_finite(frame + this->lead_, this->bands())) return;
    accumulate(0, {frame, 0, 1, this->rows_in_}, state);
  }
  void run(const Frames<T>& in, Item<T>, std::int64_t begin, std::int64_t end, double* state,
           T* out) const override {
    const T most = static_cast<T>(state[0]), low = most - range_;
    const bool has_nan = most != most;
    for (std::int64_t t = begin; t < end; ++t, out += this->rows_out_) {
      const T* x = in.at(t);
      this->copy_lead(x, out);
      for (std::int64_t r = this->lead_; r < this->rows_in_; ++r) {
        if (clamp_) out[r] = has_nan || x[r] < low ? low : x[r];
        else out[r] = x[r] - most;
      }
    }
  }

 private:
  bool clamp_;
  T range_;
};

// Mean and deviation over the valid frames, of each row or of all rows together.
template <class T>
class Normalize final : public Stage<T> {
 public:
  Normalize(const FinishStage& s, std::int64_t rows, std::int64_t lead,
            const kernel::Operations<T>& ops)
      : Normalize(rows, lead, s.word(0) == "all", s.flag(1), s.flag(2), ops) {
    ddof_ = s.integer(3);
    eps_ = s.number(4);
    eps_in_ = s.word(5);
  }
  // The mean of the whole item, subtracted.
  static StagePointer<T> mean_of_all(std::int64_t rows, std::int64_t lead,
                                     const kernel::Operations<T>& ops) {
    auto made = std::unique_ptr<Normalize>(new Normalize(rows, lead, true, true, false, ops));
    made->name_ = "'reference' 'mean'";
    return made;
  }

  Order order() const override { return Order::after_all; }
  bool in_place() const override { return true; }
  std::size_t state_size() const override { return 3 * static_cast<std::size_t>(this->bands()); }

  // A single frame has a mean, and a deviation of zero, which needs an epsilon beside it.
  std::int64_t least_frames() const override {
    if (!std_) return mean_ ? 1 : 0;
    const std::int64_t values = least_for_deviation(ddof_, eps_);
    const std::int64_t each = together_ ? this->bands() : 1;
    return (values + each - 1) / each;
  }
  std::string least_text() const override {
    return name_ + (std_ ? deviation_text(ddof_, eps_) : "");
  }

  // State: means, then factors (their sums while they are gathered), then what the first sums are
  // taken from, not a number before it is known.
  void start(double* state) const override {
    std::fill(state, state + 2 * this->bands(), 0.0);
    std::fill(state + 2 * this->bands(), state + 3 * this->bands(), std::nan(""));
  }
  int passes() const override { return std_ ? 2 : 1; }
  void accumulate(int pass, const Frames<T>& some, double* state) const override {
    const std::int64_t bands = this->bands();
    const T* x = some.data + this->lead_;
    double* origin = state + 2 * bands;
    for (std::int64_t r = 0; pass == 0 && r < bands && some.count > 0; ++r) {
      if (std::isnan(origin[r])) origin[r] = origin_of(x, r);
    }
    const double* from = pass == 0 ? origin : state;
    double* sums = pass == 0 ? state : state + bands;
    T center[at_once];
    for (std::int64_t r = 0; r < bands; r += at_once) {
      const std::int64_t n = std::min(at_once, bands - r);
      std::copy_n(from + r, n, center);
      ops_.sum_rows(x + r, some.count, n, some.rows, center, pass > 0, sums + r);
    }
  }
  void finish_pass(int pass, std::int64_t count, double* state) const override {
    const std::int64_t bands = this->bands();
    double* factor = state + bands;
    std::int64_t values = count;
    pool(pass == 0 ? state : factor, values);
    for (std::int64_t r = 0; r < bands; ++r) {
      if (pass == 0) {
        state[r] = count == 0 ? 0.0 : state[2 * bands + r] + state[r] / static_cast<double>(values);
      }
      if (pass == 1) factor[r] = 1 / deviation_of(factor[r], values, ddof_, eps_, eps_in_);
    }
    if (pass + 1 < passes()) return;
    if (!std_ || count == 0) std::fill(factor, factor + bands, 1.0);
    if (!mean_) std::fill(state, state + bands, 0.0);
  }
  void set_known(const typename Stage<T>::Known& known, double* state) const override {
    const std::int64_t bands = this->bands();
    for (std::int64_t r = 0; r < bands; ++r) {
      state[r] = mean_ ? value_for(r, *known.mean, "mean") : 0.0;
      if (!std_) {
        state[bands + r] = 1.0;
        continue;
      }
      const double deviation = value_for(r, *known.deviation, "std");
      const double divisor = deviation_of(deviation * deviation, 1, 0, eps_, eps_in_);
      if (deviation < 0 || !std::isfinite(static_cast<T>(1 / divisor))) {
        throw_invalid("std", format_number(deviation), divisor > 0 ? "at least 0" : "above 0");
      }
      state[bands + r] = 1 / divisor;
    }
  }
  // Kept: how many values, their means, and sums of squared differences from them (Welford,
  // Technometrics, 1962).
  std::size_t running_size() const override {
    return 1 + 2 * static_cast<std::size_t>(this->bands());
  }
  void update_running(const T* frame, double* kept, double* state) const override {
    const std::int64_t bands = this->bands();
    double* mean = kept + 1;
    double* squares = mean + bands;
    const T* x = frame + this->lead_;
    if (all_finite(x, bands)) {
      if (!together_) ++kept[0];
      for (std::int64_t r = 0; r < bands; ++r) {
        const std::int64_t at = together_ ? 0 : r;
        if (together_) ++kept[0];
        const double d = static_cast<double>(x[r]) - mean[at];
        mean[at] += d / kept[0];
        squares[at] += d * (static_cast<double>(x[r]) - mean[at]);
      }
    }
    for (std::int64_t r = 0; r < bands; ++r) {
      const std::int64_t at = together_ ? 0 : r;
      state[r] = mean_ ? mean[at] : 0.0;
      state[bands + r] = 1.0;
      if (!std_) continue;
      state[bands + r] =
          1 / deviation_of(squares[at], static_cast<std::int64_t>(kept[0]), ddof_, eps_, eps_in_);
    }
    make_safe(state);
  }
  void make_safe(double* state) const override {
    for (std::int64_t r = this->bands(); r < 2 * this->bands(); ++r) {
      if (!std::isfinite(state[r])) state[r] = 1.0;
    }
  }
  void run(const Frames<T>& in, Item<T>, std::int64_t begin, std::int64_t end, double* state,
           T* out) const override {
    const std::int64_t bands = this->bands(), ld = this->rows_in_, lead = this->lead_;
    const T* from = in.at(begin);
    if (from != out && lead > 0) {
      for (std::int64_t t = 0; t < end - begin; ++t) this->copy_lead(from + t * ld, out + t * ld);
    }
    T mean[at_once], factor[at_once];
    for (std::int64_t r = 0; r < bands; r += at_once) {
      const std::int64_t n = std::min(at_once, bands - r), at = lead + r;
      std::copy_n(state + r, n, mean);
      std::copy_n(state + bands + r, n, factor);
      ops_.shift_scale(from + at, end - begin, n, ld, mean, factor, out + at, ld);
    }
  }

 private:
  // Rows whose numbers go into the precision of the features together, a multiple of the kernels'
  // own columns.
  static constexpr std::int64_t at_once = 256;

  Normalize(std::int64_t rows, std::int64_t lead, bool together, bool mean, bool deviation,
            const kernel::Operations<T>& ops)
      : Stage<T>(rows, rows, lead), ops_(ops), together_(together), mean_(mean), std_(deviation) {}

  double value_for(std::int64_t row, const std::vector<double>& values, const char* name) const {
    if (values.size() == 1) return values[0];
    if (together_ || static_cast<std::int64_t>(values.size()) != this->bands()) {
      throw_invalid(
          name, "a list of " + format_number(static_cast<std::int64_t>(values.size())),
          together_ ? std::string("one number")
                    : "a number, or one for each of the " + format_number(this->bands()) + " rows");
    }
    return values[static_cast<std::size_t>(row)];
  }

  // What the sums are taken from: a row that does not change then has exactly its value as mean,
  // and zeros after it, however small the deviation that divides them.
  double origin_of(const T* x, std::int64_t row) const {
    const T value = together_ ? x[0] : x[row];
    return std::isfinite(value) ? static_cast<double>(value) : 0.0;
  }

  // One sum for all rows, where they go together.
  void pool(double* sums, std::int64_t& count) const {
    if (!together_) return;
    double all = 0;
    for (std::int64_t r = 0; r < this->bands(); ++r) all += sums[r];
    std::fill(sums, sums + this->bands(), all);
    count *= this->bands();
  }

  const kernel::Operations<T>& ops_;
  bool together_, mean_, std_;
  std::int64_t ddof_ = 0;
  double eps_ = 0;
  std::string eps_in_ = "std";
  std::string name_ = "'normalize'";
};

}  // namespace

double one_number(const std::vector<double>& values, const char* name) {
  if (values.size() != 1) {
    throw_invalid(name, "a list of " + format_number(static_cast<std::int64_t>(values.size())),
                  "one number");
  }
  return values[0];
}

template <class T>
StagePointer<T> item_stage(const FinishStage& s, std::int64_t rows, std::int64_t lead,
                           const kernel::Operations<T>& ops) {
  switch (s.kind) {
    case FinishKind::dynamic_range:
      return std::make_unique<FromMaximum<T>>(rows, lead, true, s.number(0));
    case FinishKind::reference:
      if (std::holds_alternative<double>(s.values[0])) return nullptr;
      if (s.word(0) == "mean") return Normalize<T>::mean_of_all(rows, lead, ops);
      return std::make_unique<FromMaximum<T>>(rows, lead, false, 0.0);
    case FinishKind::normalize:
      if (s.word(0) == "freq") return nullptr;
      return std::make_unique<Normalize<T>>(s, rows, lead, ops);
    default: return nullptr;
  }
}

template StagePointer<float> item_stage(const FinishStage&, std::int64_t, std::int64_t,
                                        const kernel::Operations<float>&);
template StagePointer<double> item_stage(const FinishStage&, std::int64_t, std::int64_t,
                                         const kernel::Operations<double>&);

}  // namespace sonogram
