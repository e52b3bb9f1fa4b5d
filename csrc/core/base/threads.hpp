// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The only use of OpenMP.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>

namespace sonogram {

// How many threads a call that asked for `asked` (0: the default) may use.
int resolve_threads(int asked);

// task(i) for i in [0, count), on up to `threads` threads, in any order. The first exception stops
// the rest and is thrown here. `interrupted` (may be empty) is asked now and then on the calling
// thread; true stops the rest and throws Interrupted.
//
// What it asks may run other extractors on the same thread. So nothing that a task leaves for later
// ones may lie in memory of the thread: see workspace.hpp.
void parallel_for(std::int64_t count, int threads, const std::function<bool()>& interrupted,
                  const std::function<void(std::int64_t)>& task);

// The beginning of a call: `interrupted` is asked an interval from now at the earliest, however
// many times the call goes parallel.
void start_asking();
// To be called within tasks that take long, between parts of theirs that leave nothing in memory of
// the thread: asks as `parallel_for` does, and throws Interrupted where the rest is stopped.
void go_on();

// `interrupted` is asked 20 ms apart at the least; tests ask without a pause.
void set_interrupt_interval(std::chrono::milliseconds interval);

}  // namespace sonogram
