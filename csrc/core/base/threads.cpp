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
#include <string>
#include <thread>

#if defined(__linux__)
#include <sched.h>
#endif
#if defined(_OPENMP)
#include <omp.h>
#endif

#include "core/base/errors.hpp"
#include "core/base/fork_watch.hpp"
#include "core/base/workspace.hpp"
#include "sonogram/run.hpp"
#include "sonogram/runtime.hpp"

namespace sonogram {
namespace {

constexpr int most_threads = 4096;

std::atomic<int> chosen_threads{0};
std::atomic<std::chrono::milliseconds> interrupt_interval{std::chrono::milliseconds(20)};

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

thread_local std::chrono::steady_clock::time_point last_asked;

class Run {
 public:
  Run(std::int64_t count, std::int64_t run, const std::function<bool()>& interrupted,
      const std::function<void(std::int64_t)>& task)
      : count_(count),
        run_(run),
        interrupted_(interrupted),
        task_(task),
        outer_(current),
        asks_outer_(is_caller && current != nullptr && current->asks_),
        asks_(interrupted || asks_outer_) {}

  void work(bool caller) noexcept {
    const Scope scope(this, caller);
    for (;;) {
      const std::int64_t begin = next_.fetch_add(run_, std::memory_order_relaxed);
      const std::int64_t end = std::min(begin + run_, count_);
      for (std::int64_t i = begin; i < end; ++i) {
        if (stop_.load(std::memory_order_relaxed)) return;
        try {
          task_(i);
          check(caller);
        } catch (...) {
          const std::lock_guard<std::mutex> lock(mutex_);
          if (!error_) error_ = std::current_exception();
          stop_ = true;
        }
      }
      if (end >= count_) return;
    }
  }

  // Within a task.
  static void go_on() {
    if (current != nullptr) current->check(is_caller);
  }

  void finish() {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  // The run that this thread is at work on. None while `interrupted` is asked: what it runs is
  // interrupted by what it says itself.
  struct Scope {
    Scope(Run* run, bool caller) : run_before(current), caller_before(is_caller) {
      current = run;
      is_caller = caller;
    }
    ~Scope() {
      current = run_before;
      is_caller = caller_before;
    }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    Run* const run_before;
    const bool caller_before;
  };

  void check(bool caller) {
    for (const Run* run = this; run != nullptr; run = run->outer_) {
      if (run->stop_.load(std::memory_order_relaxed)) throw Interrupted{};
    }
    if (caller && asks_) ask();
  }
  // Of this run, and of those that it lies in, as far as this thread is their caller.
  void ask() const {
    const auto now = std::chrono::steady_clock::now();
    if (now - last_asked < interrupt_interval.load(std::memory_order_relaxed)) return;
    last_asked = now;
    const Scope nothing(nullptr, false);
    const Run* run = this;
    while (run != nullptr) {
      if (run->interrupted_ && run->interrupted_()) throw Interrupted{};
      run = run->asks_outer_ ? run->outer_ : nullptr;
    }
  }

  static thread_local Run* current;
  static thread_local bool is_caller;

  const std::int64_t count_;
  const std::int64_t run_;  // neighbours write into the same cache lines: one thread takes several
  const std::function<bool()>& interrupted_;
  const std::function<void(std::int64_t)>& task_;
  Run* const outer_;
  const bool asks_outer_, asks_;
  std::atomic<std::int64_t> next_{0};
  std::atomic<bool> stop_{false};
  std::mutex mutex_;
  std::exception_ptr error_;
};

thread_local Run* Run::current = nullptr;
thread_local bool Run::is_caller = false;

}  // namespace

void start_asking() { last_asked = std::chrono::steady_clock::now(); }

void go_on() { Run::go_on(); }

void interruptible(const std::function<bool()>& interrupted, const std::function<void()>& work) {
  start_asking();
  parallel_for(1, 1, interrupted, [&](std::int64_t) { work(); });
}

int resolve_threads(int asked) {
  if (is_serial()) return 1;
  return asked > 0 ? asked : get_num_threads();
}

void parallel_for(std::int64_t count, int threads, const std::function<bool()>& interrupted,
                  const std::function<void(std::int64_t)>& task) {
  const int used = static_cast<int>(std::min<std::int64_t>(threads, count));
  const std::int64_t together =
      std::clamp<std::int64_t>(count / (std::int64_t{8} * std::max(used, 1)), 1, 64);
  Run run(count, together, interrupted, task);
#if defined(_OPENMP)
  if (used > 1 && !is_serial()) {
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
  if (is_serial()) return 1;
  const int chosen = chosen_threads;
  if (chosen > 0) return chosen;
  static const int found = default_threads();
  return found;
}

void set_num_threads(int n) {
  if (n < 1) throw_invalid("num_threads", format_number(std::int64_t{n}), "at least 1");
  chosen_threads = n;
}

void set_interrupt_interval(std::chrono::milliseconds interval) { interrupt_interval = interval; }

void force_serial() { become_serial(); }

bool has_openmp() {
#if defined(_OPENMP)
  return true;
#else
  return false;
#endif
}

}  // namespace sonogram
