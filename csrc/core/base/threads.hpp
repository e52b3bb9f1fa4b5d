// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The only use of OpenMP.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>

namespace sonogram {

// The number of threads for a call that requests `asked` (0: the default).
int resolve_threads(int asked);

// Calls task(i) for i in [0, count), on up to `threads` threads, in any order. The first exception
// stops the rest and is thrown here. `interrupted` (may be empty) is called from time to time on
// the calling thread; true stops the rest and throws Interrupted.
//
// `interrupted` may run other extractors on the same thread. So a task must not leave anything for
// later tasks in memory of the thread: see workspace.hpp.
void parallel_for(std::int64_t count, int threads, const std::function<bool()>& interrupted,
                  const std::function<void(std::int64_t)>& task);

// Marks the beginning of a call: `interrupted` is called after an interval at the earliest, however
// often the call runs in parallel.
void start_asking();
// For long tasks, to be called between parts that leave nothing in memory of the thread: calls
// `interrupted` like `parallel_for`, and throws Interrupted if the rest is stopped.
void go_on();

// `interrupted` is called at most every 20 ms; tests set no interval.
void set_interrupt_interval(std::chrono::milliseconds interval);

}  // namespace sonogram
