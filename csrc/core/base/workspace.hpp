// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Memory that a thread keeps for its next run.
#pragma once
#include <cstddef>
#include <memory>
#include <vector>

namespace sonogram {

// Memory of the calling thread for the length of one task, in which nothing of the caller's is
// called; 64-byte aligned.
void* thread_scratch(std::size_t bytes);
// Gives back what is too large to keep.
void trim_thread_scratch();

// What a run over one item keeps between its tasks. There the caller is asked whether to go on, and
// may answer by way of another run on this thread (a signal handler that computes features): so
// this belongs to the run, not to the thread, which lends the memory of runs that are over.
class ItemMemory {
 public:
  static constexpr std::size_t pieces = 3;
  ItemMemory();
  ~ItemMemory();
  ItemMemory(const ItemMemory&) = delete;
  ItemMemory& operator=(const ItemMemory&) = delete;

  // 64-byte aligned; asking a piece for more loses what it held.
  void* piece(std::size_t index, std::size_t bytes);
  std::vector<double>& state();  // of the stage that runs

  struct Kept;

 private:
  std::unique_ptr<Kept> kept_;
};

}  // namespace sonogram
