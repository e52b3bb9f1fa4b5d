// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "bindings/extract/output_pool.hpp"

#include <cstdint>
#include <deque>
#include <limits>
#include <mutex>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace sonogram::python {
namespace {

constexpr std::size_t smallest = 32 << 10;    // below, malloc is as good
constexpr std::size_t largest = 32 << 20;     // above, the memory goes back at once
constexpr std::size_t kept_bytes = 64 << 20;  // of dead arrays, in all
constexpr std::size_t huge_page = 2 << 20;
constexpr std::size_t searched = 32;  // dead arrays looked at, the latest first

struct Block {
  void* memory;
  std::size_t bytes;
};

// Dead arrays, oldest first. A block is in the pool or behind one array, never both: it enters when
// the array's last reference has gone.
class Pool {
 public:
  Block take(std::size_t bytes) {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::size_t looked = 0;
    for (auto it = dead_.rbegin(); it != dead_.rend() && looked < searched; ++it, ++looked) {
      if (it->bytes < bytes || it->bytes > bytes + bytes / 4 + 4096) continue;
      const Block found = *it;
      dead_.erase(std::next(it).base());
      total_ -= found.bytes;
      return found;
    }
    return {nullptr, 0};
  }
  // Memory that no longer fits is returned to the system.
  void give(Block block) {
    const std::lock_guard<std::mutex> lock(mutex_);
    dead_.push_back(block);
    total_ += block.bytes;
    while (total_ > kept_bytes) {
      release(dead_.front());
      total_ -= dead_.front().bytes;
      dead_.pop_front();
    }
  }
  static void release(Block block) { ::operator delete(block.memory, alignment(block.bytes)); }
  static Block fresh(std::size_t bytes) {
    const std::size_t size = (bytes + 4095) / 4096 * 4096;
    void* memory = ::operator new(size, alignment(size));
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    if (size >= huge_page) madvise(memory, size, MADV_HUGEPAGE);
#endif
    return {memory, size};
  }

 private:
  static std::align_val_t alignment(std::size_t bytes) {
    return std::align_val_t{bytes >= huge_page ? huge_page : 64};
  }
  std::mutex mutex_;
  std::deque<Block> dead_;
  std::size_t total_ = 0;
};

// Never destroyed: arrays may outlive the module's static objects.
Pool& pool() {
  static Pool* const instance = new Pool;
  return *instance;
}

struct Owned {
  Block block;
};

void let_go(void* owned) {
  const Block block = static_cast<Owned*>(owned)->block;
  delete static_cast<Owned*>(owned);
  pool().give(block);
}

}  // namespace

py::array new_output(const py::dtype& dtype, const std::vector<py::ssize_t>& shape) {
  constexpr std::size_t limit = std::numeric_limits<std::ptrdiff_t>::max();
  std::size_t bytes = static_cast<std::size_t>(dtype.itemsize());
  for (const py::ssize_t n : shape) {
    if (n != 0 && bytes > limit / static_cast<std::size_t>(n)) throw std::bad_alloc();
    bytes *= static_cast<std::size_t>(n);
  }
  if (bytes < smallest || bytes > largest) return py::array(dtype, shape);
  Block block = pool().take(bytes);
  if (block.memory == nullptr) block = Pool::fresh(bytes);
  const py::capsule owner(new Owned{block}, let_go);
  return py::array(dtype, shape, block.memory, owner);
}

}  // namespace sonogram::python
