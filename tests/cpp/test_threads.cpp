// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <atomic>
#include <new>
#include <thread>
#if defined(__unix__)
#include <sys/wait.h>
#include <unistd.h>
#endif

#include "check.hpp"
#include "core/base/threads.hpp"
#include "dft.hpp"
#include "run.hpp"
#include "sonogram/runtime.hpp"
#include "sonogram/stream.hpp"

using check::features;
using sonogram::Extractor;
using sonogram::FilterbankKind;
using sonogram::FinishKind;
using sonogram::LogKind;
using sonogram::Spec;

namespace {

Spec log_mel() {
  Spec s;
  s.n_fft = 512;
  s.hop_length = 128;
  s.filterbank = FilterbankKind::mel;
  s.n_mels = 40;
  s.log = LogKind::db;
  s.finish = {sonogram::make_stage(FinishKind::reference, {{"value", "max"}}),
              sonogram::make_stage(FinishKind::dynamic_range, {{"range", 60.0}})};
  return s;
}

const std::vector<double>& long_signal() {
  static const std::vector<double> x = check::chirp(60000, 71);
  return x;
}

}  // namespace

TEST(any_number_of_threads_gives_the_same_bits) {
  for (const bool complex : {false, true}) {
    Spec s = log_mel();
    if (complex) {
      s = Spec{};
      s.power.reset();
    }
    const Extractor e(s);
    const std::vector<double>& x = long_signal();
    const std::vector<float> y = check::as_float(x);
    const std::vector<double> one = features(e, x, 1);
    const std::vector<float> one_single = features(e, y, 1);
    for (const int threads : {2, 3, 8}) {
      const check::Scope scope("complex ", complex, " threads ", threads);
      CHECK(features(e, x, threads) == one);
      CHECK(features(e, y, threads) == one_single);
    }
  }
}

TEST(threads_of_the_caller_may_share_one_extractor) {
  const Extractor e(log_mel());  // its double engine is made by whoever comes first
  const std::vector<double>& x = long_signal();
  const std::vector<float> y = check::as_float(x);
  std::vector<std::vector<double>> wide(4);
  std::vector<std::vector<float>> single(4);
  std::vector<std::thread> callers;
  for (std::size_t i = 0; i < 4; ++i) {
    callers.emplace_back([&, i] {
      wide[i] = features(e, x, 1);
      single[i] = features(e, y, 1);
    });
  }
  for (std::thread& t : callers) t.join();
  for (std::size_t i = 1; i < 4; ++i) {
    CHECK(wide[i] == wide[0]);
    CHECK(single[i] == single[0]);
  }
}

TEST(every_thread_may_have_a_stream_of_its_own) {
  Spec spec = log_mel();
  spec.finish.clear();
  const Extractor e(spec);
  const std::vector<float> x = check::as_float(long_signal());
  const std::vector<float> want = features(e, x, 1);
  const std::int64_t rows = e.num_rows(), total = e.num_frames(static_cast<std::int64_t>(x.size()));
  std::vector<std::vector<float>> got(4, std::vector<float>(want.size()));
  std::vector<std::thread> callers;
  for (std::size_t i = 0; i < 4; ++i) {
    callers.emplace_back([&, i] {
      sonogram::Stream stream(spec);
      std::vector<float> some(want.size());
      const std::size_t chunk = 100 + 77 * i;
      std::int64_t done = 0;
      for (std::size_t begin = 0; begin < x.size(); begin += chunk) {
        sonogram::Signals in;
        in.data = x.data() + begin;
        in.samples = static_cast<std::int64_t>(std::min(chunk, x.size() - begin));
        in.stride = sizeof(float);
        const bool last = begin + chunk >= x.size();
        const std::int64_t k = stream.push(in, {some.data(), sonogram::Precision::float32}, last);
        for (std::int64_t r = 0; r < rows; ++r) {
          std::copy_n(some.data() + r * k, k, got[i].data() + r * total + done);
        }
        done += k;
      }
    });
  }
  for (std::thread& t : callers) t.join();
  for (const std::vector<float>& one : got) CHECK(one == want);
}

TEST(every_task_runs_once) {
  for (const std::int64_t count : {0, 1, 2, 3, 1000}) {
    for (const int threads : {1, 2, 5}) {
      std::vector<std::atomic<int>> seen(static_cast<std::size_t>(count));
      sonogram::parallel_for(count, threads, {},
                             [&](std::int64_t i) { ++seen[static_cast<std::size_t>(i)]; });
      for (const std::atomic<int>& n : seen) CHECK_EQUAL(n.load(), 1);
    }
  }
}

TEST(an_exception_in_a_task_reaches_the_caller) {
  for (const int threads : {1, 3}) {
    bool thrown = false;
    try {
      sonogram::parallel_for(100, threads, {}, [](std::int64_t i) {
        if (i == 17) throw std::bad_alloc();
      });
    } catch (const std::bad_alloc&) {
      thrown = true;
    }
    CHECK(thrown);
  }
}

TEST(a_run_can_be_interrupted) {
  for (const int threads : {1, 2}) {
    std::atomic<int> asked{0}, done{0};
    bool interrupted = false;
    const auto wait = [&](std::int64_t) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      ++done;
    };
    try {
      sonogram::parallel_for(10000, threads, [&] { return ++asked == 2; }, wait);
    } catch (const sonogram::Interrupted&) {
      interrupted = true;
    }
    CHECK(interrupted);
    CHECK_AT_MOST(done.load(), 1000);
  }
}

namespace {

struct AskEvery {
  explicit AskEvery(int ms) {
    sonogram::set_interrupt_interval(std::chrono::milliseconds(ms));
    sonogram::start_asking();
  }
  ~AskEvery() { sonogram::set_interrupt_interval(std::chrono::milliseconds(20)); }
};

void sleep_ms(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

}  // namespace

TEST(a_long_task_can_be_interrupted_within) {
  const AskEvery moment(0);
  const auto by_parts = [](const std::function<void()>& part) {
    for (int i = 0; i < 2000; ++i) part(), sonogram::go_on();
  };
  const auto by_runs = [](const std::function<void()>& part) {
    sonogram::parallel_for(2000, 1, {}, [&](std::int64_t) { part(); });
  };
  for (const bool runs : {false, true}) {
    for (const int threads : {1, 2}) {
      const check::Scope scope("runs ", runs, " threads ", threads);
      std::atomic<int> asked{0}, parts{0};
      const auto part = [&] { ++parts, sleep_ms(1); };
      bool interrupted = false;
      try {
        sonogram::parallel_for(
            2, threads, [&] { return ++asked == 3; },
            [&](std::int64_t) { runs ? by_runs(part) : by_parts(part); });
      } catch (const sonogram::Interrupted&) {
        interrupted = true;
      }
      // Of two threads, the one that is asked may have come too late for a task.
      CHECK(interrupted || threads == 2);
      if (interrupted) CHECK_AT_MOST(parts.load(), 1000);
    }
  }
}

TEST(short_runs_of_one_call_are_asked_all_the_same) {
  const AskEvery moment(30);
  int asked = 0;
  for (int i = 0; i < 20; ++i) {
    sonogram::parallel_for(1, 1, [&] { return ++asked, false; }, [](std::int64_t) { sleep_ms(5); });
  }
  CHECK(asked > 0);
}

TEST(thread_counts_are_checked) {
  CHECK_REFUSES(sonogram::set_num_threads(0), "num_threads");
  CHECK_REFUSES(sonogram::set_num_threads(-3), "num_threads");
  const int before = sonogram::get_num_threads();
  CHECK(before >= 1);
  sonogram::set_num_threads(3);
  CHECK_EQUAL(sonogram::get_num_threads(), 3);
  sonogram::set_num_threads(before);
}

#if defined(__unix__) && !defined(__SANITIZE_THREAD__)
TEST(a_forked_child_computes_after_its_parent_used_threads) {
  const Extractor e(log_mel());
  const std::vector<double>& x = long_signal();
  const std::vector<double> want = features(e, x, 2);
  for (int i = 0; i < 5; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      alarm(60);  // a child that hangs is ended, and seen
      const bool serial = sonogram::get_num_threads() == 1 || !sonogram::has_openmp();
      _exit(features(e, x, 2) == want && serial ? 0 : 1);
    }
    int status = -1;
    CHECK_EQUAL(waitpid(child, &status, 0), child);
    CHECK_EQUAL(status, 0);
  }
}
#endif
