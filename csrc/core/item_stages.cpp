// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Finish stages that ask the whole item for a number before they change a frame.
#include <cmath>
#include <limits>

#include "stage.hpp"

namespace sonogram {
namespace {

template <class T>
using Item = typename Stage<T>::Item;

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
  void gather(const Frames<T>& all, std::int64_t, double* state) const override {
    T most = -std::numeric_limits<T>::infinity();
    bool spoiled = false;
    for (std::int64_t t = 0; t < all.count; ++t) {
      const T* x = all.at(all.first + t);
      for (std::int64_t r = this->lead_; r < all.rows; ++r) {
        most = x[r] > most ? x[r] : most;
        spoiled |= x[r] != x[r];
      }
    }
    state[0] = spoiled ? std::nan("") : static_cast<double>(most);
  }
  void run(const Frames<T>& in, Item<T>, std::int64_t begin, std::int64_t end, double* state,
           T* out) const override {
    const T most = static_cast<T>(state[0]), low = most - range_;
    const bool spoiled = most != most;
    for (std::int64_t t = begin; t < end; ++t, out += this->rows_out_) {
      const T* x = in.at(t);
      this->copy_lead(x, out);
      for (std::int64_t r = this->lead_; r < this->rows_in_; ++r) {
        if (clamp_) out[r] = spoiled || x[r] < low ? low : x[r];
        else out[r] = x[r] - most;
      }
    }
  }

 private:
  bool clamp_;
  T range_;
};

// Mean and deviation over the true frames, of each row or of all of them together.
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
    return StagePointer<T>(new Normalize(rows, lead, true, true, false, ops));
  }

  Order order() const override { return Order::after_all; }
  bool in_place() const override { return true; }
  std::size_t state_size() const override { return 2 * static_cast<std::size_t>(this->bands()); }

  void gather(const Frames<T>& all, std::int64_t valid, double* state) const override {
    const std::int64_t bands = this->bands();
    double* mean = state;
    double* factor = state + bands;
    std::fill(state, state + 2 * bands, 0.0);
    std::fill(factor, factor + bands, 1.0);
    if (valid == 0) return;
    const T* x = all.data + this->lead_;
    const std::vector<T> origin = first_frame(x);
    ops_.sum_rows(x, valid, bands, all.rows, origin.data(), false, mean);
    std::int64_t count = valid;
    pool(mean, count);
    for (std::int64_t r = 0; r < bands; ++r) {
      mean[r] = static_cast<double>(origin[static_cast<std::size_t>(r)]) +
                mean[r] / static_cast<double>(count);
    }
    if (std_) {
      const std::vector<T> center(mean, mean + bands);
      std::fill(factor, factor + bands, 0.0);
      ops_.sum_rows(x, valid, bands, all.rows, center.data(), true, factor);
      count = valid;
      pool(factor, count);
      for (std::int64_t r = 0; r < bands; ++r) {
        factor[r] = 1 / deviation_of(factor[r], count, ddof_, eps_, eps_in_);
      }
    }
    if (!mean_) std::fill(mean, mean + bands, 0.0);
  }
  void run(const Frames<T>& in, Item<T>, std::int64_t begin, std::int64_t end, double* state,
           T* out) const override {
    const std::int64_t bands = this->bands(), ld = this->rows_in_, lead = this->lead_;
    thread_local std::vector<T> numbers;
    numbers.assign(state, state + 2 * bands);
    const T* from = in.at(begin);
    if (from != out && lead > 0) {
      for (std::int64_t t = 0; t < end - begin; ++t) this->copy_lead(from + t * ld, out + t * ld);
    }
    ops_.shift_scale(from + lead, end - begin, bands, ld, numbers.data(), numbers.data() + bands,
                     out + lead, ld);
  }

 private:
  Normalize(std::int64_t rows, std::int64_t lead, bool together, bool mean, bool deviation,
            const kernel::Operations<T>& ops)
      : Stage<T>(rows, rows, lead), ops_(ops), together_(together), mean_(mean), std_(deviation) {}

  // What the sums are taken from: a row that does not change then has exactly its value as mean,
  // and zeros after it, however small the deviation that divides them.
  std::vector<T> first_frame(const T* x) const {
    std::vector<T> origin(x, x + this->bands());
    for (T& value : origin) {
      if (together_) value = x[0];
      if (!std::isfinite(value)) value = T(0);
    }
    return origin;
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
};

}  // namespace

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
