// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/base/workspace.hpp"

#include <new>

namespace sonogram {
namespace {

constexpr std::size_t most_kept = std::size_t{16} << 20;  // of a piece

class Piece {
 public:
  Piece() = default;
  ~Piece() { release(); }
  Piece(const Piece&) = delete;
  Piece& operator=(const Piece&) = delete;

  std::size_t bytes() const { return bytes_; }
  void* grown(std::size_t bytes) {
    if (bytes_ < bytes || memory_ == nullptr) {
      release();
      memory_ = ::operator new(bytes, std::align_val_t{64});
      bytes_ = bytes;
    }
    return memory_;
  }
  void trim() {
    if (bytes_ > most_kept) release();
  }

 private:
  void release() {
    if (memory_ != nullptr) ::operator delete(memory_, std::align_val_t{64});
    memory_ = nullptr;
    bytes_ = 0;
  }
  void* memory_ = nullptr;
  std::size_t bytes_ = 0;
};

thread_local Piece scratch;

}  // namespace

struct ItemMemory::Kept {
  Piece pieces[ItemMemory::pieces];
  std::vector<double> state;

  std::size_t bytes() const {
    std::size_t sum = 0;
    for (const Piece& p : pieces) sum += p.bytes();
    return sum;
  }
};

namespace {

thread_local std::unique_ptr<ItemMemory::Kept> idle;

}  // namespace

void* thread_scratch(std::size_t bytes) { return scratch.grown(bytes); }

void trim_thread_scratch() { scratch.trim(); }

ItemMemory::ItemMemory() : kept_(std::move(idle)) {
  if (!kept_) kept_ = std::make_unique<Kept>();
}

// Of the memory of a run and of runs inside it, the largest is kept.
ItemMemory::~ItemMemory() {
  for (Piece& p : kept_->pieces) p.trim();
  if (!idle || idle->bytes() < kept_->bytes()) idle = std::move(kept_);
}

void* ItemMemory::piece(std::size_t index, std::size_t bytes) {
  return kept_->pieces[index].grown(bytes);
}

std::vector<double>& ItemMemory::state() { return kept_->state; }

}  // namespace sonogram
