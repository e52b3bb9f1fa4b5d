// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/base/threads.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <mutex>
#include <new>
#include <string>
#include <thread>

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#endif
#if defined(__linux__)
#include <sched.h>
#endif
#if defined(_OPENMP)
#include <omp.h>
#endif

#include "core/base/errors.hpp"
#include "sonogram/run.hpp"
#include "sonogram/runtime.hpp"

namespace sonogram {
namespace {

constexpr int most_threads = 4096;
constexpr std::size_t kept_scratch = std::size_t{16} << 20;
constexpr auto interrupt_interval = std::chrono::milliseconds(20);

struct Scratch {
  void* memory = nullptr;
  std::size_t bytes = 0;
  ~Scratch() { release(); }
  void release() {
    if (memory != nullptr) ::operator delete(memory, std::align_val_t{64});
    memory = nullptr;
    bytes = 0;
  }
};
thread_local Scratch scratch;
thread_local Scratch pieces[3];

void* grown(Scratch& s, std::size_t bytes) {
  if (s.bytes < bytes || s.memory == nullptr) {
    s.release();
    s.memory = ::operator new(bytes, std::align_val_t{64});
    s.bytes = bytes;
  }
  return s.memory;
}

std::atomic<int> chosen_threads{0};
std::atomic<bool> serial{false};

int affinity_cpus() {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
#endif
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

// Whole CPUs of the control group's quota; 0 where there is none.
int quota_cpus() {
  long long quota = 0, period = 0;
  std::string text;
  if (std::ifstream v2("/sys/fs/cgroup/cpu.max"); v2 >> text >> period) {
    quota = text == "max" ? 0 : std::atoll(text.c_str());
  } else {
    std::ifstream q("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"),
        p("/sys/fs/cgroup/cpu/cpu.cfs_period_us");
    if (!(q >> quota && p >> period)) return 0;
  }
  if (quota <= 0 || period <= 0) return 0;
  return static_cast<int>(std::max(1LL, (quota + period - 1) / period));
}

int default_threads() {
  if (const char* text = std::getenv("OMP_NUM_THREADS")) {
    const int n = std::atoi(text);
    if (n >= 1) return std::min(n, most_threads);
  }
  const int cpus = affinity_cpus(), quota = quota_cpus();
  return quota > 0 ? std::min(cpus, quota) : cpus;
}

#if defined(_OPENMP)
// libgomp's workers do not survive a fork, and a child's first parallel region would wait for them.
void watch_forks() {
#if defined(__unix__) || defined(__APPLE__)
  static std::once_flag once;
  std::call_once(once, [] { pthread_atfork(nullptr, nullptr, [] { serial = true; }); });
#endif
}
#endif

class Run {
 public:
  Run(std::int64_t count, std::int64_t run, const std::function<bool()>& interrupted,
      const std::function<void(std::int64_t)>& task)
      : count_(count), run_(run), interrupted_(interrupted), task_(task) {}

  void work(bool caller) noexcept {
    auto last = std::chrono::steady_clock::now();
    for (;;) {
      const std::int64_t begin = next_.fetch_add(run_, std::memory_order_relaxed);
      const std::int64_t end = std::min(begin + run_, count_);
      for (std::int64_t i = begin; i < end; ++i) {
        if (stop_.load(std::memory_order_relaxed)) return;
        try {
          task_(i);
          if (caller && interrupted_) poll(last);
        } catch (...) {
          const std::lock_guard<std::mutex> lock(mutex_);
          if (!error_) error_ = std::current_exception();
          stop_ = true;
        }
      }
      if (end >= count_) return;
    }
  }

  void finish() {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  void poll(std::chrono::steady_clock::time_point& last) {
    const auto now = std::chrono::steady_clock::now();
    if (now - last < interrupt_interval) return;
    last = now;
    if (interrupted_()) throw Interrupted{};
  }

  const std::int64_t count_;
  const std::int64_t run_;  // neighbours write into the same cache lines: one thread takes several
  const std::function<bool()>& interrupted_;
  const std::function<void(std::int64_t)>& task_;
  std::atomic<std::int64_t> next_{0};
  std::atomic<bool> stop_{false};
  std::mutex mutex_;
  std::exception_ptr error_;
};

}  // namespace

void* thread_scratch(std::size_t bytes) { return grown(scratch, bytes); }

void* item_memory(int piece, std::size_t bytes) { return grown(pieces[piece], bytes); }

void trim_item_memory() {
  for (Scratch& s : pieces) {
    if (s.bytes > kept_scratch) s.release();
  }
}

void trim_thread_scratch() {
  if (scratch.bytes > kept_scratch) scratch.release();
}

int resolve_threads(int asked) {
  if (serial) return 1;
  return asked > 0 ? asked : get_num_threads();
}

void parallel_for(std::int64_t count, int threads, const std::function<bool()>& interrupted,
                  const std::function<void(std::int64_t)>& task) {
  const int used = static_cast<int>(std::min<std::int64_t>(threads, count));
  const std::int64_t together =
      std::clamp<std::int64_t>(count / (std::int64_t{8} * std::max(used, 1)), 1, 64);
  Run run(count, together, interrupted, task);
#if defined(_OPENMP)
  if (used > 1 && !serial) {
    watch_forks();
#pragma omp parallel num_threads(used)
    {
      run.work(omp_get_thread_num() == 0);
      trim_thread_scratch();
    }
    run.finish();
    return;
  }
#endif
  (void)used;
  run.work(true);
  trim_thread_scratch();
  run.finish();
}

int get_num_threads() {
  if (serial) return 1;
  const int chosen = chosen_threads;
  if (chosen > 0) return chosen;
  static const int found = default_threads();
  return found;
}

void set_num_threads(int n) {
  if (n < 1) invalid("num_threads", number(std::int64_t{n}), "at least 1");
  chosen_threads = n;
}

void force_serial() { serial = true; }

bool has_openmp() {
#if defined(_OPENMP)
  return true;
#else
  return false;
#endif
}

}  // namespace sonogram
