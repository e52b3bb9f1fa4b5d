// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The last records of an endless sequence, contiguous in memory.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

namespace sonogram {

template <class T>
class SlidingBuffer {
 public:
  // Records of `values` values; room for so many without another allocation.
  SlidingBuffer(std::int64_t values, std::int64_t room) : values_(values) { reserve(room); }

  std::int64_t begin() const { return begin_; }  // the first record kept
  std::int64_t end() const { return end_; }      // one past the last
  const T* at(std::int64_t i) const { return data_.data() + (start_ + i - begin_) * values_; }

  // Memory for the next `count` records, which `added` makes part of the window.
  T* room(std::int64_t count) {
    if (start_ + (end_ - begin_) + count > capacity()) {
      std::copy(at(begin_), at(end_), data_.data());
      start_ = 0;
      if (end_ - begin_ + count > capacity()) reserve(end_ - begin_ + count);
    }
    return data_.data() + (start_ + end_ - begin_) * values_;
  }
  void added(std::int64_t count) { end_ += count; }

  void drop_before(std::int64_t i) {
    i = std::clamp(i, begin_, end_);
    start_ += i - begin_;
    begin_ = i;
    if (begin_ == end_) start_ = 0;
  }
  void clear() { begin_ = end_ = start_ = 0; }

 private:
  std::int64_t capacity() const { return static_cast<std::int64_t>(data_.size()) / values_; }
  // Twice what is asked for, so that records move once in a window's length at most.
  void reserve(std::int64_t count) { data_.resize(static_cast<std::size_t>(2 * count * values_)); }

  std::int64_t values_, begin_ = 0, end_ = 0, start_ = 0;
  std::vector<T> data_;
};

}  // namespace sonogram
