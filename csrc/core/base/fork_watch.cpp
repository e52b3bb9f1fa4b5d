// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/base/fork_watch.hpp"

#include <atomic>

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#endif
#if defined(__linux__)
#include <cstdio>
#include <cstring>
#endif

namespace sonogram {
namespace {

std::atomic<bool> serial{false};

#if defined(__linux__)
// Whether this process came from a fork and has run no program since: PF_FORKNOEXEC among the
// flags, the ninth field, the seventh behind the name in parentheses (proc_pid_stat(5)).
bool forked() {
  constexpr unsigned long fork_no_exec = 0x40;
  std::FILE* file = std::fopen("/proc/self/stat", "re");
  if (file == nullptr) return false;
  char text[512];
  const std::size_t length = std::fread(text, 1, sizeof text - 1, file);
  std::fclose(file);
  text[length] = '\0';
  const char* name_end = std::strrchr(text, ')');
  unsigned long flags = 0;
  return name_end != nullptr &&
         std::sscanf(name_end + 1, " %*c %*d %*d %*d %*d %*d %lu", &flags) == 1 &&
         (flags & fork_no_exec) != 0;
}
#else
bool forked() { return false; }
#endif

// Before anything of this library can run: a parent may use others' OpenMP alone.
[[maybe_unused]] const bool watching = [] {
  if (forked()) serial = true;
#if defined(__unix__) || defined(__APPLE__)
  pthread_atfork(nullptr, nullptr, [] { serial = true; });
#endif
  return true;
}();

}  // namespace

bool is_serial() { return serial; }

void become_serial() { serial = true; }

}  // namespace sonogram
