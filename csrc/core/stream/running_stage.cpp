// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/stream/running_stage.hpp"

#include <algorithm>
#include <memory>

namespace sonogram {
namespace {

// State: what the whole stage keeps, then its own state.
template <class T>
class Running final : public Stage<T> {
 public:
  Running(const Stage<T>& whole, std::int64_t window)
      : Stage<T>(whole.rows_in(), whole.rows_out(), 0), whole_(whole), window_(window) {}
  Order order() const override { return Order::in_order; }
  bool in_place() const override { return whole_.in_place(); }
  FrameRange reads(std::int64_t t) const override {
    return {window_ > 0 ? t - window_ + 1 : t, t + 1};
  }
  std::size_t state_size() const override { return whole_.running_size() + whole_.state_size(); }
  std::size_t scratch_bytes(std::int64_t) const override { return whole_.scratch_bytes(1); }
  void start(double* state) const override {
    std::fill(state, state + whole_.running_size(), 0.0);
    whole_.start(state + whole_.running_size());
  }
  void run(const Frames<T>& in, typename Stage<T>::Item item, std::int64_t begin, std::int64_t end,
           double* state, T* out) const override {
    double* numbers = state + whole_.running_size();
    for (std::int64_t t = begin; t < end; ++t, out += this->rows_out_) {
      if (window_ > 0) look_back(in, t, numbers);
      else whole_.update_running(in.at(t), state, numbers);
      whole_.run(in, item, t, t + 1, numbers, out);
    }
  }

 private:
  // As for a signal that consists of the window alone.
  void look_back(const Frames<T>& in, std::int64_t t, double* numbers) const {
    const std::int64_t first = std::max<std::int64_t>(t - window_ + 1, 0);
    const Frames<T> seen{in.at(first), first, t + 1 - first, in.rows};
    whole_.start(numbers);
    for (int pass = 0; pass < whole_.passes(); ++pass) {
      whole_.accumulate(pass, seen, numbers);
      whole_.finish_pass(pass, seen.count, numbers);
    }
    whole_.make_safe(numbers);
  }

  const Stage<T>& whole_;
  std::int64_t window_;
};

}  // namespace

template <class T>
StagePointer<T> running_stage(const Stage<T>& whole, std::int64_t window) {
  return std::make_unique<Running<T>>(whole, window);
}

template StagePointer<float> running_stage(const Stage<float>&, std::int64_t);
template StagePointer<double> running_stage(const Stage<double>&, std::int64_t);

}  // namespace sonogram
