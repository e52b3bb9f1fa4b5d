// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The blocks and items of one call over the threads.
#include <algorithm>
#include <limits>

#include "core/base/products.hpp"
#include "core/base/threads.hpp"
#include "core/base/workspace.hpp"
#include "core/extract/engine.hpp"
#include "core/finish/output_layout.hpp"

namespace sonogram {
namespace {

// Less work than this, in frames times n_fft, is not worth a second thread.
constexpr std::int64_t work_per_thread = 1 << 16;
// Nor are fewer samples than this, for their mean and level.
constexpr std::int64_t samples_per_thread = 1 << 18;

int statistics_threads(const std::vector<Samples>& items, const RunOptions& options) {
  std::int64_t samples = 0;
  for (const Samples& item : items) samples += item.count;
  return static_cast<int>(
      std::min<std::int64_t>(resolve_threads(options.num_threads),
                             std::max<std::int64_t>(1, samples / samples_per_thread)));
}

}  // namespace

// The blocks of frames of all items, numbered through.
template <class T>
class Extractor::Engine<T>::Schedule {
 public:
  Schedule(const std::vector<Item>& items, std::int64_t block) : items_(items), block_(block) {
    bool equal = true;
    for (const Item& item : items) {
      starts_.push_back(count_);
      const std::int64_t blocks = (item.framing.frames + block - 1) / block;
      equal = equal && (starts_.size() == 1 || blocks == item_blocks_);
      item_blocks_ = blocks;
      count_ += blocks;
    }
    if (!equal) item_blocks_ = 0;
  }
  std::int64_t count() const { return count_; }
  std::size_t item_of(std::int64_t i) const {
    if (item_blocks_ > 0) return static_cast<std::size_t>(i / item_blocks_);
    return static_cast<std::size_t>(std::upper_bound(starts_.begin(), starts_.end(), i) -
                                    starts_.begin() - 1);
  }
  std::int64_t frame_of(std::int64_t i) const { return (i - starts_[item_of(i)]) * block_; }
  std::int64_t begin(std::size_t item) const { return starts_[item]; }
  std::int64_t end(std::size_t item) const {
    return item + 1 < starts_.size() ? starts_[item + 1] : count_;
  }

 private:
  const std::vector<Item>& items_;
  std::int64_t block_, count_ = 0;
  std::int64_t item_blocks_ = 0;  // of every item; 0: they differ
  std::vector<std::int64_t> starts_;
};

template <class T>
typename Extractor::Engine<T>::Target Extractor::Engine<T>::target_of(const Item& item) const {
  if (spec_.layout == Layout::freq_time) return {static_cast<T*>(item.out), item.row_frames, 1};
  return {static_cast<T*>(item.out), 1, raw_rows()};
}

template <class T>
int Extractor::Engine<T>::threads_for(const std::vector<Item>& items,
                                      const RunOptions& options) const {
  double work = 0;
  for (const Item& item : items) {
    work += static_cast<double>(item.framing.frames) * static_cast<double>(spec_.n_fft);
  }
  const double worth = std::max(1.0, work / work_per_thread);
  return static_cast<int>(std::min<double>(resolve_threads(options.num_threads), worth));
}

template <class T>
void Extractor::Engine<T>::run(const std::vector<Item>& items, Precision precision,
                               const RunOptions& options) const {
  if (options.interrupted) start_asking();
  if (!needs_statistics(spec_)) {
    run_conditioned(items, precision, options);
    return;
  }
  std::vector<Samples> samples;
  for (const Item& item : items) {
    samples.push_back({item.data, item.type, item.stride, item.framing.num_given});
  }
  const std::vector<ItemStatistics> statistics =
      item_statistics<T>(spec_, samples, statistics_threads(samples, options), options.interrupted);
  std::vector<Item> known = items;
  for (std::size_t i = 0; i < items.size(); ++i) known[i].statistics = &statistics[i];
  run_conditioned(known, precision, options);
}

// Items whose statistics are known where they are needed.
template <class T>
void Extractor::Engine<T>::run_conditioned(const std::vector<Item>& items, Precision precision,
                                           const RunOptions& options) const {
  if (spec_.output == Output::waveform) {
    run_waveforms(items, precision, options);
  } else if (finish_.chained) {
    run_chains(items, precision, options);
  } else {
    run_direct(items, precision, options);
  }
}

// Straight into the output; stages that depend on an item's range alone follow block by block.
template <class T>
void Extractor::Engine<T>::run_direct(const std::vector<Item>& items, Precision precision,
                                      const RunOptions& options) const {
  const bool narrowed = precision != own_precision<T>;
  if (narrowed && !finish_.rest.empty()) {
    run_narrowed(items, options);
    return;
  }
  const Schedule schedule(items, block_);
  const std::int64_t count = schedule.count();
  if (count == 0) return;
  const int threads = threads_for(items, options);
  const bool finish = finish_.fused_clamp || !finish_.rest.empty();
  std::vector<Range> ranges(finish ? static_cast<std::size_t>(count) : 1);
  parallel_for(count, threads, options.interrupted, [&](std::int64_t i) {
    const Item& item = items[schedule.item_of(i)];
    Range unused;
    Range& range = finish ? ranges[static_cast<std::size_t>(i)] : unused;
    if (narrowed) run_narrowed_block(item, schedule.frame_of(i), range);
    else run_block(item, target_of(item), schedule.frame_of(i), range);
  });
  if (!finish) return;
  std::vector<Range> whole(items.size(), ranges[0]);
  for (std::size_t item = 0; item < items.size(); ++item) {
    whole[item] =
        range_of(ranges.data() + schedule.begin(item), ranges.data() + schedule.end(item));
  }
  parallel_for(count, threads, options.interrupted, [&](std::int64_t i) {
    const std::size_t item = schedule.item_of(i);
    finish_block(items[item], schedule.frame_of(i), precision, whole[item],
                 ranges[static_cast<std::size_t>(i)]);
  });
}

template <class T>
typename Extractor::Engine<T>::Range Extractor::Engine<T>::range_of(const Range* begin,
                                                                    const Range* end) {
  Range all{-std::numeric_limits<T>::infinity(), std::numeric_limits<T>::infinity()};
  for (const Range* r = begin; r != end; ++r) {
    if (r->maximum > all.maximum || r->maximum != r->maximum) all.maximum = r->maximum;
    if (r->minimum < all.minimum) all.minimum = r->minimum;
    if (all.maximum != all.maximum) break;
  }
  return all;
}

// The features of one block lie in `rows` runs of `frames` values, or in one run.
template <class T>
void Extractor::Engine<T>::finish_block(const Item& item, std::int64_t frame, Precision precision,
                                        const Range& whole, const Range& block) const {
  const std::int64_t frames = std::min(block_, item.framing.frames - frame);
  const kernel::Job<T> job = job_at(target_of(item), frame, frames);
  const std::int64_t rows = raw_rows();
  const bool by_row = job.frame_stride == 1;
  const std::int64_t runs = by_row ? rows : 1, run = by_row ? frames : frames * rows;
  if (finish_.fused_clamp) {
    const T low = kernel_.affine(plan_, whole.maximum - static_cast<T>(finish_.range));
    if (block.minimum >= low) return;  // false for NaN
    if (precision != own_precision<T>) return clamp_narrowed(item, frame, low);
    for (std::int64_t m = 0; m < runs; ++m) kernel_.clamp(job.out + m * job.row_stride, run, low);
    return;
  }
  const std::vector<Step<T>> steps = steps_for(finish_.rest, whole.maximum, whole.minimum);
  for (std::int64_t m = 0; m < runs; ++m) apply_steps(steps, job.out + m * job.row_stride, run);
}

// Items one after the other on all threads, or, where they are many, one thread each: the bits are
// the same.
template <class T>
void Extractor::Engine<T>::run_chains(const std::vector<Item>& items, Precision precision,
                                      const RunOptions& options) const {
  const int threads = threads_for(items, options);
  if (static_cast<std::int64_t>(items.size()) >= threads && items.size() > 1) {
    parallel_for(static_cast<std::int64_t>(items.size()), threads, options.interrupted,
                 [&](std::int64_t i) {
                   run_chain(items[static_cast<std::size_t>(i)], precision,
                             [](std::int64_t n, const std::function<void(std::int64_t)>& task) {
                               for (std::int64_t k = 0; k < n; ++k) task(k), go_on();
                             });
                 });
    return;
  }
  for (const Item& item : items) {
    run_chain(item, precision, [&](std::int64_t n, const std::function<void(std::int64_t)>& task) {
      parallel_for(n, threads, options.interrupted, task);
    });
  }
}

// Whether the output of the stages already has the caller's layout and dtype.
template <class T>
bool Extractor::Engine<T>::has_output_layout(Precision precision) const {
  return spec_.layout == Layout::time_freq && !patches_of(spec_) && precision == own_precision<T>;
}

template <class T>
void Extractor::Engine<T>::run_chain(const Item& item, Precision precision,
                                     const ForEach& each) const {
  const std::int64_t frames = item.framing.frames, after = chain_.frames(frames);
  const bool as_is = has_output_layout(precision), moving = chain_.last_moving() >= 0;
  const std::int64_t most =
      std::max({chain_.max_values(frames), checked_product("features", {frames, raw_rows()}),
                checked_product("features", {after, chain_.rows()})});
  const std::size_t bytes = sizeof(T) * static_cast<std::size_t>(most);
  ItemMemory own;
  T* memory[2] = {nullptr, nullptr};
  if (moving || !as_is) memory[0] = static_cast<T*>(own.piece(0, bytes));
  if (moving) memory[1] = static_cast<T*>(own.piece(1, bytes));
  T* result = static_cast<T*>(item.out);
  if (!as_is) result = moving ? static_cast<T*>(own.piece(2, bytes)) : memory[0];
  T* raw = moving ? memory[0] : result;
  const Target target{raw, 1, raw_rows()};
  each((frames + block_ - 1) / block_, [&](std::int64_t b) {
    Range unused;
    run_block(item, target, b * block_, unused);
  });
  chain_.run(raw, frames, valid_frames(spec_, item.framing), memory, result, own.state(), each);
  if (patches_of(spec_)) {
    write_patches(spec_, result, after, chain_.rows(), precision, item.out);
  } else if (!as_is) {
    constexpr std::int64_t block = 512;
    each((after + block - 1) / block, [&](std::int64_t b) {
      write_frames(spec_, result, b * block, std::min((b + 1) * block, after), chain_.rows(),
                   precision, item.row_frames, item.out, kernel_);
    });
  }
}

template <class T>
void Extractor::Engine<T>::run_waveforms(const std::vector<Item>& items, Precision precision,
                                         const RunOptions& options) const {
  constexpr std::int64_t piece = 1 << 14;
  for (const Item& item : items) {
    const ConditionedSignal<T> source(spec_, item.framing, item.data, item.type, item.stride,
                                      item.statistics);
    const std::int64_t total = item.framing.length;
    parallel_for((total + piece - 1) / piece, resolve_threads(options.num_threads),
                 options.interrupted, [&](std::int64_t i) {
                   const std::int64_t begin = i * piece, n = std::min(piece, total - begin);
                   T* to = static_cast<T*>(thread_scratch(sizeof(T) * piece));
                   source.read(begin, n, to);
                   char* out = static_cast<char*>(item.out) + begin * bytes_of(precision);
                   convert_values(to, n, precision, out);
                 });
  }
}

template class Extractor::Engine<float>;
template class Extractor::Engine<double>;

}  // namespace sonogram
