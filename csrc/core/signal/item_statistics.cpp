// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/signal/item_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/threads.hpp"

namespace sonogram {
namespace {

constexpr std::int64_t part = 1 << 16;   // samples that one task looks at
constexpr std::int64_t piece = 1 << 10;  // samples that are read at a time
constexpr int lanes = 16;                // sums side by side

struct Part {
  std::size_t item;
  std::int64_t begin, end;
};

std::vector<Part> parts_of(const std::vector<Samples>& items) {
  std::vector<Part> parts;
  for (std::size_t i = 0; i < items.size(); ++i) {
    for (std::int64_t at = 0; at < items[i].count; at += part) {
      parts.push_back({i, at, std::min(at + part, items[i].count)});
    }
  }
  return parts;
}

// Folds value(sample) into lanes, and these into one number, in an order of their own.
template <class T, class Value, class Fold>
double fold(const Spec& spec, const Samples& item, const Part& p, const Value& value,
            const Fold& into) {
  T x[piece];
  double sums[lanes] = {};
  for (std::int64_t at = p.begin; at < p.end; at += piece) {
    const std::int64_t n = std::min(piece, p.end - at), whole = n / lanes * lanes;
    read_samples(spec, item, at, n, x);
    for (std::int64_t i = 0; i < whole; i += lanes) {
      for (int k = 0; k < lanes; ++k) sums[k] = into(sums[k], value(x[i + k]));
    }
    for (std::int64_t i = whole; i < n; ++i) sums[i - whole] = into(sums[i - whole], value(x[i]));
  }
  double all = 0;
  for (const double sum : sums) all = into(all, sum);
  return all;
}

struct Sum {
  double operator()(double a, double b) const { return a + b; }
};
struct Largest {
  double operator()(double a, double b) const { return a < b ? b : a; }
};

// What is folded: distances from the first sample, so that a constant is its own mean to the last
// bit; squares, or sizes, about the mean.
struct Distance {
  double first;
  template <class T>
  double operator()(T x) const {
    return static_cast<double>(x) - first;
  }
};
template <class T>
struct Square {
  T mean;
  double operator()(T x) const {
    const double v = static_cast<double>(x - mean);
    return v * v;
  }
};
template <class T>
struct Size {
  T mean;
  double operator()(T x) const {
    constexpr double infinite = std::numeric_limits<double>::infinity();
    const double v = static_cast<double>(std::fabs(x - mean));
    return v < infinite ? v : infinite;  // NaN would be lost among comparisons
  }
};

// The parts of all items over the threads.
class Work {
 public:
  Work(const Spec& spec, const std::vector<Samples>& items, int threads,
       const std::function<bool()>& interrupted)
      : spec_(spec),
        items_(items),
        parts_(parts_of(items)),
        threads_(threads),
        interrupted_(interrupted) {}

  // One number per item: value(item)(sample) of all its samples.
  template <class T, class Value, class Fold>
  std::vector<double> fold_items(const Value& value, const Fold& into) const {
    std::vector<double> folded(parts_.size()), all(items_.size(), 0.0);
    const auto task = [&](std::int64_t i) {
      const Part& p = parts_[static_cast<std::size_t>(i)];
      folded[static_cast<std::size_t>(i)] = fold<T>(spec_, items_[p.item], p, value(p.item), into);
    };
    parallel_for(static_cast<std::int64_t>(parts_.size()), threads_, interrupted_, task);
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      all[parts_[i].item] = into(all[parts_[i].item], folded[i]);
    }
    return all;
  }

 private:
  const Spec& spec_;
  const std::vector<Samples>& items_;
  const std::vector<Part> parts_;
  const int threads_;
  const std::function<bool()>& interrupted_;
};

template <class T>
void set_means(const Spec& spec, const std::vector<Samples>& items, const Work& work,
               std::vector<ItemStatistics>& out) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    T first = 0;
    if (items[i].count > 0) read_samples(spec, items[i], 0, 1, &first);
    out[i].mean = static_cast<double>(first);
  }
  const auto distance = [&out](std::size_t item) { return Distance{out[item].mean}; };
  const std::vector<double> sums = work.fold_items<T>(distance, Sum());
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].count > 0) out[i].mean += sums[i] / static_cast<double>(items[i].count);
  }
}

// Silence and empty items stay as they are; a sample that is not finite makes the whole item NaN.
template <class T>
double gain_of(const Spec& spec, double size, std::int64_t count) {
  if (count == 0) return 1.0;
  if (spec.level_kind == LevelKind::rms) size = size / static_cast<double>(count);
  if (!std::isfinite(size)) return std::numeric_limits<double>::quiet_NaN();
  const double with_eps = size + spec.level_eps;
  if (with_eps == 0) return 1.0;
  const double gain =
      *spec.level / (spec.level_kind == LevelKind::rms ? std::sqrt(with_eps) : with_eps);
  if (spec.level_when == LevelWhen::quieter && gain <= 1) return 1.0;
  return std::min(gain, static_cast<double>(std::numeric_limits<T>::max()));
}

template <class T>
void set_gains(const Spec& spec, const std::vector<Samples>& items, const Work& work,
               std::vector<ItemStatistics>& out) {
  const auto square = [&out](std::size_t item) {
    return Square<T>{static_cast<T>(out[item].mean)};
  };
  const auto size = [&out](std::size_t item) { return Size<T>{static_cast<T>(out[item].mean)}; };
  const std::vector<double> sizes = spec.level_kind == LevelKind::rms
                                        ? work.fold_items<T>(square, Sum())
                                        : work.fold_items<T>(size, Largest());
  for (std::size_t i = 0; i < items.size(); ++i) {
    out[i].gain = gain_of<T>(spec, sizes[i], items[i].count);
  }
}

}  // namespace

bool needs_statistics(const Spec& spec) { return spec.remove_mean || spec.level.has_value(); }

template <class T>
std::vector<ItemStatistics> item_statistics(const Spec& spec, const std::vector<Samples>& items,
                                            int threads, const std::function<bool()>& interrupted) {
  std::vector<ItemStatistics> out(items.size());
  const Work work(spec, items, threads, interrupted);
  if (spec.remove_mean) set_means<T>(spec, items, work, out);
  if (spec.level) set_gains<T>(spec, items, work, out);
  return out;
}

template <class T>
StatisticsPasses<T>::StatisticsPasses(const Spec& spec)
    : spec_(spec), samples_(static_cast<std::size_t>(needs_statistics(spec) ? part : 0)) {}

template <class T>
void StatisticsPasses<T>::begin(int pass) {
  pass_ = pass;
  folded_ = 0;
  count_ = waiting_ = 0;
}

template <class T>
void StatisticsPasses<T>::add(const Samples& piece) {
  static const Spec plain;
  for (std::int64_t at = 0; at < piece.count;) {
    const std::int64_t n = std::min(part - waiting_, piece.count - at);
    read_samples(plain, piece, at, n, samples_.data() + waiting_);
    waiting_ += n, at += n;
    if (waiting_ == part) fold_waiting();
  }
}

template <class T>
void StatisticsPasses<T>::fold_waiting() {
  constexpr SampleType type = sizeof(T) == 4 ? SampleType::float32 : SampleType::float64;
  const Samples item{samples_.data(), type, sizeof(T), waiting_};
  const Part all{0, 0, waiting_};
  const T mean = static_cast<T>(statistics_.mean);
  if (is_mean()) {
    if (count_ == 0) {
      T first = 0;
      read_samples(spec_, item, 0, 1, &first);
      statistics_.mean = static_cast<double>(first);
    }
    folded_ = Sum()(folded_, fold<T>(spec_, item, all, Distance{statistics_.mean}, Sum()));
  } else if (spec_.level_kind == LevelKind::rms) {
    folded_ = Sum()(folded_, fold<T>(spec_, item, all, Square<T>{mean}, Sum()));
  } else {
    folded_ = Largest()(folded_, fold<T>(spec_, item, all, Size<T>{mean}, Largest()));
  }
  count_ += waiting_;
  waiting_ = 0;
}

template <class T>
void StatisticsPasses<T>::end() {
  if (waiting_ > 0) fold_waiting();
  if (!is_mean()) statistics_.gain = gain_of<T>(spec_, folded_, count_);
  else if (count_ > 0) statistics_.mean += folded_ / static_cast<double>(count_);
}

template class StatisticsPasses<float>;
template class StatisticsPasses<double>;

template std::vector<ItemStatistics> item_statistics<float>(const Spec&,
                                                            const std::vector<Samples>&, int,
                                                            const std::function<bool()>&);
template std::vector<ItemStatistics> item_statistics<double>(const Spec&,
                                                             const std::vector<Samples>&, int,
                                                             const std::function<bool()>&);

}  // namespace sonogram
