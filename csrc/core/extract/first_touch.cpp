// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/extract/first_touch.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "core/base/threads.hpp"

namespace sonogram {
namespace {

constexpr std::int64_t huge_page = 1 << 21;  // the largest that systems use by themselves
constexpr std::int64_t little = 64 << 20;    // set aside in a fraction of a second

}  // namespace

void touch_rows(void* memory, std::int64_t bytes, std::int64_t rows, const RunOptions& options) {
  if (std::min(rows * huge_page, bytes) < little) return;
  static const volatile unsigned char nothing = 0;
  char* const begin = static_cast<char*>(memory);
  const auto touch = [&](std::int64_t at) {
    // A write that changes nothing, of a byte that another thread may be writing beside. A read
    // would have the system show its page of zeros first.
    auto* const byte = reinterpret_cast<std::atomic<unsigned char>*>(begin + at);
    byte->fetch_or(nothing, std::memory_order_relaxed);
  };
  touch(0), touch(bytes - 1);
  // at the beginnings of pages
  const auto address = reinterpret_cast<std::uintptr_t>(begin);
  const std::int64_t first =
      static_cast<std::int64_t>((huge_page - address % huge_page) % huge_page);
  const std::int64_t pages = std::max<std::int64_t>(bytes - first + huge_page - 1, 0) / huge_page;
  parallel_for(pages, std::min<int>(resolve_threads(options.num_threads), 16), options.interrupted,
               [&](std::int64_t i) { touch(first + i * huge_page); });
}

}  // namespace sonogram
