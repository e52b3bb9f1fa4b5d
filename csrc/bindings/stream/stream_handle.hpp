// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// A Stream as Python holds it. The interpreter's lock is released while it works, so that a second
// thread may come: it gets an error, not half a push.
#pragma once
#include <atomic>
#include <stdexcept>

#include "sonogram/stream.hpp"

namespace sonogram::python {

struct StreamHandle {
  StreamHandle(const Spec& spec, const StreamOptions& options) : stream(spec, options) {}
  Stream stream;
  std::atomic<bool> busy{false};
};

// Holds the stream for one call. Throws std::runtime_error (RuntimeError) where another has it.
class StreamInUse {
 public:
  explicit StreamInUse(StreamHandle& handle) : handle_(handle) {
    if (handle.busy.exchange(true, std::memory_order_acquire)) {
      throw std::runtime_error(
          "the stream is being used, by another thread or by the call that this one interrupts");
    }
  }
  ~StreamInUse() { handle_.busy.store(false, std::memory_order_release); }
  StreamInUse(const StreamInUse&) = delete;
  StreamInUse& operator=(const StreamInUse&) = delete;

  Stream& stream() const { return handle_.stream; }

 private:
  StreamHandle& handle_;
};

}  // namespace sonogram::python
