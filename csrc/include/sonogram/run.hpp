// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Options of a run, and its interruption.
#pragma once
#include <functional>

#include "sonogram/export.hpp"

namespace sonogram {

struct RunOptions {
  int num_threads = 0;  // 0: get_num_threads()
  // Called from time to time by the calling thread; if it returns true, the run stops and throws
  // Interrupted.
  std::function<bool()> interrupted;
};

struct SONOGRAM_API Interrupted {};

// Calls work() and, from time to time during long operations in it (constructing an Extractor or a
// Stream, a push, a run), `interrupted`. If that returns true, the operation throws Interrupted.
SONOGRAM_API void interruptible(const std::function<bool()>& interrupted,
                                const std::function<void()>& work);

}  // namespace sonogram
