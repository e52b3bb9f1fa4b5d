// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Finish stages that move, add, join or compare frames.
#include <functional>

#include "core/base/errors.hpp"
#include "core/finish/stage.hpp"

namespace sonogram {
namespace {

template <class T>
using Item = typename Stage<T>::Item;

// The same frames at other places, with a value where there are none.
template <class T>
class Place final : public Stage<T> {
 public:
  using Count = std::function<std::int64_t(std::int64_t)>;
  Place(std::int64_t rows, std::int64_t left, double value, Count frames, Count valid)
      : Stage<T>(rows, rows, 0),
        left_(left),
        value_(static_cast<T>(value)),
        frames_(std::move(frames)),
        valid_(std::move(valid)) {}
  std::int64_t frames(std::int64_t in) const override { return frames_(in); }
  std::int64_t valid(std::int64_t in) const override { return valid_(in); }
  FrameRange reads(std::int64_t t) const override { return {t - left_, t - left_ + 1}; }
  FrameRange place(std::int64_t t, std::int64_t) const override { return reads(t); }
  void run(const Frames<T>& in, Item<T> item, std::int64_t begin, std::int64_t end, double*,
           T* out) const override {
    const std::int64_t rows = this->rows_in_;
    for (std::int64_t t = begin; t < end; ++t, out += rows) {
      const std::int64_t from = t - left_;
      if (from >= 0 && from < item.total) std::copy_n(in.at(from), rows, out);
      else std::fill_n(out, rows, value_);
    }
  }

 private:
  std::int64_t left_;
  T value_;
  Count frames_, valid_;
};

template <class T>
class Mask final : public Stage<T> {
 public:
  Mask(std::int64_t rows, double value) : Stage<T>(rows, rows, 0), value_(static_cast<T>(value)) {}
  bool needs_valid() const override { return true; }
  bool in_place() const override { return true; }
  void run(const Frames<T>& in, Item<T> item, std::int64_t begin, std::int64_t end, double*,
           T* out) const override {
    const std::int64_t rows = this->rows_in_;
    for (std::int64_t t = begin; t < end; ++t, out += rows) {
      if (t >= item.valid) std::fill_n(out, rows, value_);
      else if (in.at(t) != out) std::copy_n(in.at(t), rows, out);
    }
  }

 private:
  T value_;
};

// Frames side by side: splicing, low frame rate, subsampling.
template <class T>
class Stack final : public Stage<T> {
 public:
  Stack(const FinishStage& s, std::int64_t rows)
      : Stage<T>(rows, rows * s.integer(0), 0),
        size_(s.integer(0)),
        stride_(s.integer(1)),
        left_(s.integer(2)),
        valid_(s.integer(4)),
        drop_(s.word(3) == "drop"),
        zero_(s.word(3) == "zero") {
    if (valid_ < 0) valid_ = drop_ ? std::max<std::int64_t>(size_ - 1 - left_, 0) : 0;
  }
  std::int64_t frames(std::int64_t in) const override {
    if (in == 0) return 0;
    if (!drop_) return (in + stride_ - 1) / stride_;
    const std::int64_t all = in + left_;
    return all < size_ ? 0 : (all - size_) / stride_ + 1;
  }
  // A frame is true where frame t * stride + valid_ is.
  std::int64_t valid(std::int64_t in) const override {
    return in <= valid_ ? 0 : (in - valid_ + stride_ - 1) / stride_;
  }
  FrameRange reads(std::int64_t t) const override {
    return {t * stride_ - left_, t * stride_ - left_ + size_};
  }
  // Frames before the first repeat it, and those past the last repeat it or are zeros: what is read
  // lies between.
  FrameRange place(std::int64_t t, std::int64_t total) const override {
    const FrameRange r = reads(t);
    const bool known = total != Stage<T>::any_total && r.begin < total;
    return {std::max<std::int64_t>(r.begin, 0), known ? std::min(r.end, total) : r.end};
  }
  std::int64_t step() const override { return stride_; }
  void run(const Frames<T>& in, Item<T> item, std::int64_t begin, std::int64_t end, double*,
           T* out) const override {
    const std::int64_t rows = this->rows_in_;
    for (std::int64_t t = begin; t < end; ++t) {
      for (std::int64_t j = 0; j < size_; ++j, out += rows) {
        const std::int64_t from = std::max<std::int64_t>(t * stride_ - left_ + j, 0);
        if (from < item.total || !zero_)
          std::copy_n(in.at(std::min(from, item.total - 1)), rows, out);
        else std::fill_n(out, rows, T(0));
      }
    }
  }

 private:
  std::int64_t size_, stride_, left_, valid_;
  bool drop_, zero_;
};

// The slope, or the order-th derivative, of a polynomial of that order fitted to 2n + 1 frames:
// order! p(j) / sum p^2, with p the monic discrete orthogonal polynomial (Savitzky and Golay,
// 1964).
std::vector<double> derivative(std::int64_t order, std::int64_t n) {
  std::vector<double> before(static_cast<std::size_t>(2 * n + 1), 0.0), p(before.size(), 1.0);
  double squares_before = 1, factorial = 1;
  const auto square_sum = [](const std::vector<double>& v) {
    double sum = 0;
    for (const double x : v) sum += x * x;
    return sum;
  };
  for (std::int64_t k = 0; k < order; ++k) {
    const double squares = square_sum(p), b = k == 0 ? 0 : squares / squares_before;
    for (std::size_t i = 0; i < p.size(); ++i) {
      const double next = (static_cast<double>(i) - static_cast<double>(n)) * p[i] - b * before[i];
      before[i] = p[i];
      p[i] = next;
    }
    squares_before = squares;
    factorial *= static_cast<double>(k + 1);
  }
  const double squares = square_sum(p);
  for (double& w : p) w *= factorial / squares;
  return p;
}

std::vector<double> convolve(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> c(a.size() + b.size() - 1, 0.0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < b.size(); ++j) c[i + j] += a[i] * b[j];
  }
  return c;
}

// Rows [x, d, d of d, ...]. Past the ends of the item lie copies of what the differences are taken
// of: the frames themselves ("kaldi") or the differences below ("replicate").
template <class T>
class Deltas final : public Stage<T> {
 public:
  Deltas(const FinishStage& s, std::int64_t rows, const kernel::Operations<T>& ops)
      : Stage<T>(rows, rows * (s.integer(0) + 1), 0),
        ops_(ops),
        order_(s.integer(0)),
        n_(s.integer(1) / 2),
        mode_(s.word(2)) {
    std::vector<double> w = derivative(1, n_);
    for (std::int64_t k = 1; k <= order_; ++k) {
      if (k > 1 && mode_ == "kaldi") w = convolve(w, derivative(1, n_));
      if (k > 1 && mode_ == "interp") w = derivative(k, n_);
      weights_.emplace_back(w.begin(), w.end());
    }
  }
  std::int64_t frames(std::int64_t in) const override {
    if (mode_ == "interp" && in < 2 * n_ + 1) {
      throw_invalid("finish: deltas: win_length", format_number(2 * n_ + 1),
                    "at most the number of frames, " + format_number(in) + ", for mode='interp'");
    }
    return in;
  }
  std::int64_t valid(std::int64_t in) const override { return in; }
  FrameRange reads(std::int64_t t) const override {
    if (mode_ == "interp") return {t - 2 * n_, std::max(t, n_) + n_ + 1};
    return {t - order_ * n_, t + order_ * n_ + 1};
  }
  std::size_t scratch_bytes(std::int64_t frames) const override {
    const std::int64_t values =
        mode_ == "replicate" ? 2 * (frames + 2 * (order_ - 1) * n_) * this->rows_in_ : 0;
    return pointers() * sizeof(const T*) + static_cast<std::size_t>(values) * sizeof(T);
  }
  void run(const Frames<T>& in, Item<T> item, std::int64_t begin, std::int64_t end, double*,
           T* out) const override {
    const std::int64_t rows = this->rows_in_, ld = this->rows_out_;
    for (std::int64_t t = begin; t < end; ++t) {
      std::copy_n(in.at(t), rows, out + (t - begin) * ld);
    }
    const T** frames = reinterpret_cast<const T**>(item.scratch);
    if (mode_ == "replicate") {
      T* below = reinterpret_cast<T*>(item.scratch + pointers() * sizeof(const T*));
      repeated(in, item.total, begin, end, frames, below, out);
      return;
    }
    for (std::int64_t t = begin; t < end; ++t) {
      const std::int64_t at = mode_ == "interp" ? std::clamp(t, n_, item.total - 1 - n_) : t;
      for (std::int64_t k = 0; k < order_; ++k) {
        weigh(in, item.total, at, weights_[static_cast<std::size_t>(k)], frames,
              out + (t - begin) * ld + (k + 1) * rows);
      }
    }
  }

 private:
  std::size_t pointers() const {
    std::size_t most = 0;
    for (const auto& w : weights_) most = std::max(most, w.size());
    return most;
  }

  // Differences around frame t of frames that repeat beyond both ends.
  void weigh(const Frames<T>& in, std::int64_t total, std::int64_t t, const std::vector<T>& weights,
             const T** frames, T* to) const {
    const std::int64_t n = static_cast<std::int64_t>(weights.size()) / 2;
    for (std::int64_t j = -n; j <= n; ++j) {
      frames[j + n] = in.at(std::clamp<std::int64_t>(t + j, 0, total - 1));
    }
    ops_.weigh_frames(frames, weights.data(), 2 * n + 1, in.rows, to);
  }

  // `below`: memory for the differences of two orders.
  void repeated(const Frames<T>& in, std::int64_t total, std::int64_t begin, std::int64_t end,
                const T** frames, T* below, T* out) const {
    const std::int64_t rows = this->rows_in_, ld = this->rows_out_;
    T* now = below + (end - begin + 2 * (order_ - 1) * n_) * rows;
    Frames<T> source = in;
    for (std::int64_t k = 1; k <= order_; ++k) {
      const std::int64_t more = (order_ - k) * n_;
      const std::int64_t a = std::max<std::int64_t>(begin - more, 0);
      const std::int64_t b = std::min(end + more, total);
      for (std::int64_t t = a; t < b; ++t) {
        weigh(source, total, t, weights_[0], frames, now + (t - a) * rows);
      }
      for (std::int64_t t = begin; t < end; ++t) {
        std::copy_n(now + (t - a) * rows, rows, out + (t - begin) * ld + k * rows);
      }
      std::swap(below, now);
      source = {below, a, b - a, rows};
    }
  }

  const kernel::Operations<T>& ops_;
  std::int64_t order_, n_;
  std::string mode_;
  std::vector<std::vector<T>> weights_;
};

}  // namespace

template <class T>
StagePointer<T> time_stage(const FinishStage& s, std::int64_t rows, std::int64_t,
                           const kernel::Operations<T>& ops) {
  const auto same = [](std::int64_t n) { return n; };
  switch (s.kind) {
    case FinishKind::frames: {
      const std::int64_t count = s.integer(0);
      const bool pad = s.word(2) != "cut", cut = s.word(2) != "pad";
      return std::make_unique<Place<T>>(
          rows, 0, s.number(1),
          [=](std::int64_t n) { return n < count ? (pad ? count : n) : (cut ? count : n); },
          [=](std::int64_t n) { return cut ? std::min(n, count) : n; });
    }
    case FinishKind::pad: {
      const std::int64_t left = s.integer(0), right = s.integer(1);
      return std::make_unique<Place<T>>(
          rows, left, s.number(2), [=](std::int64_t n) { return left + n + right; },
          [=](std::int64_t n) { return left + n; });
    }
    case FinishKind::multiple: {
      const std::int64_t of = s.integer(0);
      return std::make_unique<Place<T>>(
          rows, 0, s.number(1), [of](std::int64_t n) { return (n + of - 1) / of * of; }, same);
    }
    case FinishKind::mask: return std::make_unique<Mask<T>>(rows, s.number(0));
    case FinishKind::stack: return std::make_unique<Stack<T>>(s, rows);
    case FinishKind::deltas: return std::make_unique<Deltas<T>>(s, rows, ops);
    default: return nullptr;
  }
}

template StagePointer<float> time_stage(const FinishStage&, std::int64_t, std::int64_t,
                                        const kernel::Operations<float>&);
template StagePointer<double> time_stage(const FinishStage&, std::int64_t, std::int64_t,
                                         const kernel::Operations<double>&);

}  // namespace sonogram
