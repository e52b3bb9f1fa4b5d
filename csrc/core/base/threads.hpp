// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The only place that knows of OpenMP.
#pragma once
#include <cstdint>
#include <functional>

namespace sonogram {

// Memory of the calling thread, 64-byte aligned, kept for its next call.
void* thread_scratch(std::size_t bytes);
// Gives back what is too large to keep.
void trim_thread_scratch();

// Memory of the calling thread between finish stages: three pieces, kept until trimmed.
void* item_memory(int piece, std::size_t bytes);
void trim_item_memory();

// How many threads a call that asked for `asked` (0: the default) may use.
int resolve_threads(int asked);

// task(i) for i in [0, count), on up to `threads` threads, in any order. The first exception stops
// the rest and is thrown here. `interrupted` (may be empty) is asked now and then on the calling
// thread; true stops the rest and throws Interrupted.
void parallel_for(std::int64_t count, int threads, const std::function<bool()>& interrupted,
                  const std::function<void(std::int64_t)>& task);

}  // namespace sonogram
