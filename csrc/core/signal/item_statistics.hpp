// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The statistics of a whole item that conditioning needs before its first sample: the mean, and the
// factor for `level`. Computed once per item; the bits depend on the item alone.
#pragma once
#include <functional>
#include <vector>

#include "core/signal/samples.hpp"

namespace sonogram {

struct ItemStatistics {
  double mean = 0.0;
  double gain = 1.0;
};

bool needs_statistics(const Spec& spec);

// In the precision T of the samples, with sums in double; the work is shared by the threads also
// within an item.
template <class T>
std::vector<ItemStatistics> item_statistics(const Spec& spec, const std::vector<Samples>& items,
                                            int threads = 1,
                                            const std::function<bool()>& interrupted = {});

// The same for an item whose samples come in chunks, once for every pass.
template <class T>
class StatisticsPasses {
 public:
  explicit StatisticsPasses(const Spec& spec);

  int passes() const { return (spec_.remove_mean ? 1 : 0) + (spec_.level ? 1 : 0); }
  void begin(int pass);
  void add(const Samples& piece);
  void end();
  const ItemStatistics& statistics() const { return statistics_; }

 private:
  bool is_mean() const { return spec_.remove_mean && pass_ == 0; }
  void fold_waiting();

  const Spec& spec_;
  int pass_ = 0;
  ItemStatistics statistics_;
  double folded_ = 0;
  std::int64_t count_ = 0, waiting_ = 0;
  std::vector<T> samples_;  // that wait for their part to be full
};

extern template class StatisticsPasses<float>;
extern template class StatisticsPasses<double>;

extern template std::vector<ItemStatistics> item_statistics<float>(const Spec&,
                                                                   const std::vector<Samples>&, int,
                                                                   const std::function<bool()>&);
extern template std::vector<ItemStatistics> item_statistics<double>(const Spec&,
                                                                    const std::vector<Samples>&,
                                                                    int,
                                                                    const std::function<bool()>&);

}  // namespace sonogram
