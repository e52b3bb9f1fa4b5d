// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Options of one run, and how it is stopped.
#pragma once
#include <functional>

#include "sonogram/export.hpp"

namespace sonogram {

struct RunOptions {
  int num_threads = 0;  // 0: get_num_threads()
  // Called now and then from the calling thread; true stops the run, which then throws Interrupted.
  std::function<bool()> interrupted;
};

struct SONOGRAM_API Interrupted {};

// Calls work() here, and `interrupted` now and then from within what takes long in it: the making
// of an Extractor or a Stream, a push, a run. Where it says true, that throws Interrupted.
SONOGRAM_API void interruptible(const std::function<bool()>& interrupted,
                                const std::function<void()>& work);

}  // namespace sonogram
