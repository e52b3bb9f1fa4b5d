// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Finish stages that carry numbers from frame to frame.
#include <cmath>

#include "core/finish/stage.hpp"

namespace sonogram {
namespace {

template <class T>
using Item = typename Stage<T>::Item;

// Per-channel energy normalisation (Wang et al., "Trainable frontend for robust and far-field
// keyword spotting", ICASSP 2017), in the arrangement of librosa.pcen. State: whether it has
// begun, then the smoothed energy of every row.
template <class T>
class Pcen final : public Stage<T> {
 public:
  Pcen(const FinishStage& s, std::int64_t rows, std::int64_t lead)
      : Stage<T>(rows, rows, lead),
        gain_(s.number(0)),
        bias_(s.number(1)),
        power_(s.number(2)),
        smooth_(s.number(3)),
        eps_(s.number(4)),
        first_(s.word(5) == "first") {}
  Order order() const override { return Order::in_order; }
  bool in_place() const override { return true; }
  std::size_t state_size() const override { return 1 + static_cast<std::size_t>(this->bands()); }
  void run(const Frames<T>& in, Item<T>, std::int64_t begin, std::int64_t end, double* state,
           T* out) const override {
    const std::int64_t bands = this->bands();
    double* energy = state + 1;
    for (std::int64_t t = begin; t < end; ++t, out += this->rows_out_) {
      const T* from = in.at(t);
      this->copy_lead(from, out);
      const T* x = from + this->lead_;
      if (state[0] == 0) {
        for (std::int64_t r = 0; r < bands; ++r)
          energy[r] = first_ ? static_cast<double>(x[r]) : 1.0;
        state[0] = 1;
      }
      for (std::int64_t r = 0; r < bands; ++r) {
        energy[r] += smooth_ * (static_cast<double>(x[r]) - energy[r]);
        out[this->lead_ + r] = compressed(x[r], static_cast<T>(energy[r]));
      }
    }
  }

 private:
  // (x / (eps + M)^gain + bias)^power - bias^power
  T compressed(T x, T energy) const {
    const T eps = static_cast<T>(eps_), power = static_cast<T>(power_);
    const T factor = std::exp(-static_cast<T>(gain_) *
                              (static_cast<T>(std::log(eps_)) + std::log1p(energy / eps)));
    const T y = x * factor;
    if (power == 0) return std::log1p(y);
    if (bias_ == 0) return std::pow(y, power);
    return static_cast<T>(std::pow(bias_, power_)) *
           std::expm1(power * std::log1p(y / static_cast<T>(bias_)));
  }
  double gain_, bias_, power_, smooth_, eps_;
  bool first_;
};

// Mean and variance over a window that slides (Kaldi, feat/feature-functions.cc,
// SlidingWindowCmn). State: the window's begin and end, sums, sums of squares.
template <class T>
class SlidingCmn final : public Stage<T> {
 public:
  SlidingCmn(const FinishStage& s, std::int64_t rows, std::int64_t lead)
      : Stage<T>(rows, rows, lead),
        window_(s.integer(0)),
        least_(s.integer(1)),
        center_(s.flag(2)),
        variance_(s.flag(3)) {}
  Order order() const override { return Order::in_order; }
  std::size_t state_size() const override {
    return 2 + 2 * static_cast<std::size_t>(this->bands());
  }
  FrameRange reads(std::int64_t t) const override {
    return {t - window_ - 1, window_at(t, not_yet).end};
  }
  void run(const Frames<T>& in, Item<T> item, std::int64_t begin, std::int64_t end, double* state,
           T* out) const override {
    const std::int64_t bands = this->bands();
    double* sums = state + 2;
    double* squares = sums + bands;
    for (std::int64_t t = begin; t < end; ++t, out += this->rows_out_) {
      move_window(in, window_at(t, item.total), state);
      const double n = state[1] - state[0];
      this->copy_lead(in.at(t), out);
      const T* x = in.at(t) + this->lead_;
      for (std::int64_t r = 0; r < bands; ++r) {
        const double mean = sums[r] / n;
        double y = static_cast<double>(x[r]) - mean;
        if (variance_) {
          const double v = squares[r] / n - mean * mean;
          y = n == 1 ? 0.0 : y / std::sqrt(v < 1e-10 ? 1e-10 : v);
        }
        out[this->lead_ + r] = static_cast<T>(y);
      }
    }
  }

 private:
  FrameRange window_at(std::int64_t t, std::int64_t total) const {
    FrameRange w{t - window_, t + 1};
    if (center_) w = {t - window_ / 2, t - window_ / 2 + window_};
    if (w.begin < 0) w = {0, w.end - w.begin};
    if (!center_ && w.end > t) w.end = std::max(t + 1, least_);
    if (w.end > total) {
      w.begin = std::max<std::int64_t>(0, w.begin - (w.end - total));
      w.end = total;
    }
    return w;
  }

  void add(const Frames<T>& in, std::int64_t t, double sign, double* sums) const {
    const std::int64_t bands = this->bands();
    const T* x = in.at(t) + this->lead_;
    for (std::int64_t r = 0; r < bands; ++r) {
      const double v = static_cast<double>(x[r]);
      sums[r] += sign * v;
      sums[bands + r] += sign * v * v;
    }
  }

  void move_window(const Frames<T>& in, FrameRange to, double* state) const {
    std::int64_t begin = static_cast<std::int64_t>(state[0]),
                 end = static_cast<std::int64_t>(state[1]);
    double* sums = state + 2;
    for (; end < to.end; ++end) add(in, end, 1.0, sums);
    for (; begin < to.begin; ++begin) add(in, begin, -1.0, sums);
    state[0] = static_cast<double>(begin), state[1] = static_cast<double>(end);
    // NaN and infinity do not leave a sum by subtraction
    const double* squares = sums + this->bands();
    for (std::int64_t r = 0; r < this->bands(); ++r) {
      if (std::isfinite(squares[r])) continue;
      std::fill(sums, sums + 2 * this->bands(), 0.0);
      for (std::int64_t t = begin; t < end; ++t) add(in, t, 1.0, sums);
      return;
    }
  }

  std::int64_t window_, least_;
  bool center_, variance_;
};

}  // namespace

template <class T>
StagePointer<T> recursive_stage(const FinishStage& s, std::int64_t rows, std::int64_t lead,
                                const kernel::Operations<T>&) {
  switch (s.kind) {
    case FinishKind::pcen: return std::make_unique<Pcen<T>>(s, rows, lead);
    case FinishKind::sliding_cmn: return std::make_unique<SlidingCmn<T>>(s, rows, lead);
    default: return nullptr;
  }
}

template StagePointer<float> recursive_stage(const FinishStage&, std::int64_t, std::int64_t,
                                             const kernel::Operations<float>&);
template StagePointer<double> recursive_stage(const FinishStage&, std::int64_t, std::int64_t,
                                              const kernel::Operations<double>&);

}  // namespace sonogram
