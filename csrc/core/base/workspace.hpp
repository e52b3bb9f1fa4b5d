// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Scratch memory that a thread keeps for its next run.
#pragma once
#include <cstddef>
#include <memory>
#include <vector>

namespace sonogram {

// Memory of the calling thread for the duration of one task, during which no code of the caller
// runs; 64-byte aligned.
void* thread_scratch(std::size_t bytes);
// Frees memory that is too large to keep.
void trim_thread_scratch();

// Memory of a run over one item that persists between its tasks. Between tasks the caller is asked
// whether to continue, and may start another run on this thread (a signal handler that computes
// features). So this memory belongs to the run; the thread lends memory of finished runs to it.
class ItemMemory {
 public:
  static constexpr std::size_t pieces = 3;
  ItemMemory();
  ~ItemMemory();
  ItemMemory(const ItemMemory&) = delete;
  ItemMemory& operator=(const ItemMemory&) = delete;

  // 64-byte aligned; enlarging a piece loses its contents.
  void* piece(std::size_t index, std::size_t bytes);
  std::vector<double>& state();  // of the stage that runs

  struct Kept;

 private:
  std::unique_ptr<Kept> kept_;
};

}  // namespace sonogram
