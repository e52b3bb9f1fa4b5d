// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// What is asked whether a run goes on may itself run: the same extractor or others, and again
// inside. Every run gives the numbers that it gives alone.
#include <algorithm>
#include <memory>

#include "check.hpp"
#include "core/base/threads.hpp"
#include "core/finish/apply_finish.hpp"
#include "dft.hpp"
#include "run.hpp"
#include "sonogram/stream.hpp"

using sonogram::Extractor;
using sonogram::FilterbankKind;
using sonogram::FinishKind;
using sonogram::LogKind;
using sonogram::make_stage;
using sonogram::Precision;
using sonogram::Spec;

namespace {

Spec log_mel() {
  Spec s;
  s.n_fft = 400;
  s.hop_length = 20;
  s.filterbank = FilterbankKind::mel;
  s.n_mels = 80;
  s.log = LogKind::ln;
  return s;
}

// One for every way through a run: no memory between tasks, states of stages, stages that move,
// another layout, another type of the result, patches, samples, numbers of the whole signal.
std::vector<Spec> every_way() {
  std::vector<Spec> specs(8, log_mel());
  specs[0].finish = {make_stage(FinishKind::dynamic_range, {{"range", 8.0}})};
  specs[1].finish = {make_stage(FinishKind::normalize, {})};
  specs[2].finish = {make_stage(FinishKind::normalize, {}),
                     make_stage(FinishKind::deltas, {{"order", 1.0}})};
  specs[3] = specs[2];
  specs[3].layout = sonogram::Layout::time_freq;
  specs[4].dtype = Precision::float16;
  specs[5].finish = {
      make_stage(FinishKind::normalize, {}),
      make_stage(
          FinishKind::patches,
          {{"height", 16.0}, {"width", 16.0}, {"stride_height", 8.0}, {"stride_width", 8.0}})};
  specs[6] = Spec{};
  specs[6].output = sonogram::Output::waveform;
  specs[6].preemphasis = 0.97;
  specs[7].level = 0.1;
  specs[7].remove_mean = true;
  return specs;
}

using Asked = std::function<bool()>;

std::vector<char> run(const Extractor& e, const std::vector<float>& x, std::int64_t items,
                      int threads, const Asked& asked) {
  sonogram::Signals in;
  in.data = x.data();
  in.items = items;
  in.samples = static_cast<std::int64_t>(x.size()) / items;
  in.stride = sizeof(float);
  std::vector<std::int64_t> offsets;
  for (std::int64_t i = 0; i < items; ++i) offsets.push_back(i * in.samples * in.stride);
  in.item_offsets = offsets.data();
  const Precision precision = e.precision_for(in.type);
  std::int64_t bytes = items * (precision == Precision::float16 ? 2 : 4);
  for (const std::int64_t n : e.item_shape(in.samples)) bytes *= n;
  std::vector<char> out(static_cast<std::size_t>(bytes));
  e.run(in, {out.data(), precision}, {threads, asked});
  return out;
}

std::vector<float> signal(std::size_t samples) {
  return check::as_float(check::chirp(samples, 71));
}

// Runs every extractor, whatever it interrupts, and itself is interrupted so often.
class Nest {
 public:
  Nest() : signal_(signal(check::emulated() ? 1600 : 4000)) {
    for (const Spec& spec : every_way()) {
      extractors_.push_back(std::make_unique<Extractor>(spec));
      results_.push_back(run(*extractors_.back(), signal_, 1, 1, {}));
    }
  }
  const std::vector<std::unique_ptr<Extractor>>& extractors() const { return extractors_; }

  // Answers "go on", the first two times after having run everything, itself asked `depth` deep.
  Asked asked(int depth) {
    auto left = std::make_shared<int>(2);
    return [this, depth, left] {
      if ((*left)-- <= 0) return false;
      ++calls_;
      for (std::size_t i = 0; i < extractors_.size(); ++i) {
        const Asked deeper = depth > 0 ? asked(depth - 1) : Asked();
        right_ = right_ && run(*extractors_[i], signal_, 1, 2, deeper) == results_[i];
      }
      return false;
    };
  }
  int calls() const { return calls_; }
  bool right() const { return right_; }

 private:
  const std::vector<float> signal_;
  std::vector<std::unique_ptr<Extractor>> extractors_;
  std::vector<std::vector<char>> results_;
  int calls_ = 0;
  bool right_ = true;
};

struct AskAtOnce {
  AskAtOnce() { sonogram::set_interrupt_interval(std::chrono::milliseconds(0)); }
  ~AskAtOnce() { sonogram::set_interrupt_interval(std::chrono::milliseconds(20)); }
};

}  // namespace

TEST(a_run_inside_a_run_changes_neither) {
  const AskAtOnce at_once;
  const std::vector<float> x = signal(100000);
  Nest nest;
  for (const auto& e : nest.extractors()) {
    for (const std::int64_t items : {1, 20}) {
      const std::vector<char> want = run(*e, x, items, 1, {});
      for (const int threads : {1, 2}) {
        const check::Scope scope(items, " items, threads ", threads);
        const int before = nest.calls();
        // Of two threads, the one that is asked may find nothing left to do.
        for (int i = 0; i < 1000 && nest.calls() == before; ++i) {
          CHECK(run(*e, x, items, threads, nest.asked(0)) == want);
        }
        CHECK(nest.calls() > before);
      }
    }
  }
  CHECK(nest.right());
}

TEST(runs_may_lie_in_each_other_twice) {
  const AskAtOnce at_once;
  const std::vector<float> x = signal(100000);
  Nest nest;
  const Extractor& e = *nest.extractors()[2];
  const std::vector<char> want = run(e, x, 1, 1, {});
  CHECK(run(e, x, 1, 1, nest.asked(2)) == want);
  CHECK(nest.right());
}

TEST(finish_stages_may_be_interrupted_by_a_run) {
  const AskAtOnce at_once;
  Nest nest;
  const Extractor& e = *nest.extractors()[2];
  Spec spec = log_mel();
  spec.finish = e.spec().finish;
  const std::vector<float> x = signal(80 * 400 * 50);
  const sonogram::GivenFeatures in{x.data(), Precision::float32, 50, 80, 400};
  std::size_t values = 50;
  for (const std::int64_t n : sonogram::finished_shape(spec, in)) {
    values *= static_cast<std::size_t>(n);
  }
  std::vector<float> want(values), got(values);
  sonogram::apply_finish(spec, in, want.data(), {1, {}});
  sonogram::apply_finish(spec, in, got.data(), {1, nest.asked(0)});
  CHECK(got == want);
  CHECK(nest.calls() > 0);
  CHECK(nest.right());
}

TEST(a_push_that_is_stopped_leaves_a_stream_that_wants_a_reset) {
  const AskAtOnce at_once;
  const std::vector<float> x = signal(100000);
  Spec spec = log_mel();
  sonogram::Stream stream(spec);
  sonogram::Signals in;
  in.data = x.data();
  in.samples = static_cast<std::int64_t>(x.size());
  in.stride = sizeof(float);
  const std::int64_t frames = stream.next_frames(in.samples, true);
  std::vector<float> got(static_cast<std::size_t>(frames * stream.num_rows()));
  const sonogram::Features out{got.data(), Precision::float32};
  int asked = 0;
  bool stopped = false;
  const auto ask = [&] {
    CHECK_REFUSES(stream.push(in, out, true), "in the middle of a push");
    CHECK_REFUSES(stream.reset(), "in the middle of a push");
    return ++asked == 3;
  };
  try {
    sonogram::interruptible(ask, [&] { stream.push(in, out, true); });
  } catch (const sonogram::Interrupted&) {
    stopped = true;
  }
  CHECK(stopped);
  CHECK_EQUAL(asked, 3);
  CHECK_REFUSES(stream.push(in, out, true), "reset the stream before the next push");
  stream.reset();
  stream.push(in, out, true);
  CHECK(got == check::features(Extractor(spec), x, 1));
}

TEST(an_extractor_may_be_stopped_while_it_is_made) {
  const AskAtOnce at_once;
  for (const int questions : {1, 40}) {  // within the window, and within the bank
    int asked = 0;
    bool stopped = false;
    try {
      sonogram::interruptible([&] { return ++asked == questions; }, [] { Extractor e(log_mel()); });
    } catch (const sonogram::Interrupted&) {
      stopped = true;
    }
    CHECK(stopped);
    CHECK_EQUAL(asked, questions);
  }
}

TEST(what_lies_outside_is_asked_too_and_not_from_within_an_answer) {
  const AskAtOnce at_once;
  const std::vector<float> x = signal(60000);
  const Extractor e(log_mel());
  const std::vector<char> want = run(e, x, 1, 1, {});
  int outer = 0, inner = 0, depth = 0, deepest = 0;
  const auto count = [&](int& calls) {
    deepest = std::max(deepest, ++depth);
    if (depth == 1) CHECK(run(e, x, 1, 1, {}) == want);
    --depth;
    return ++calls, false;
  };
  sonogram::interruptible([&] { return count(outer); },
                          [&] { CHECK(run(e, x, 1, 1, [&] { return count(inner); }) == want); });
  CHECK(outer > 0);
  CHECK(inner > 0);
  CHECK_EQUAL(deepest, 1);
}
