// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "stand_ins.hpp"

#include <stdexcept>
#include <string>

#include "chain.hpp"
#include "dispatch.hpp"
#include "stages.hpp"
#include "text.hpp"

namespace sonogram {
namespace {

using Kind = StandIn::Kind;

const char* const two_passes = "two passes over a file (extract_file)";

bool is_word(const FinishStage& s, const char* word) {
  return std::holds_alternative<std::string>(s.values[0]) && s.word(0) == word;
}

std::string text_of(const FinishStage& s) {
  std::string text = "'" + std::string(stage_info(s.kind).name) + "'";
  if (s.kind == FinishKind::reference || s.kind == FinishKind::normalize) {
    text += " '" + s.word(0) + "'";
  }
  return text;
}

std::string choices_of(const Asks& asks) {
  std::string given;
  if (asks.maximum) given = "maximum=";
  if (asks.mean) given += "mean=";
  if (asks.deviation) given += asks.mean ? " and std=" : "std=";
  return given + " (known values, or 'running'; with window= over the last frames alone), or " +
         two_passes;
}

bool pads(const Spec& spec) {
  if (spec.snip_edges || spec.output == Output::waveform) return false;
  if (spec.frame_pad) return spec.frame_pad->first > 0 || spec.frame_pad->second > 0;
  return spec.center;
}

const char* const whole_signal = "the Extractor on the whole signal";

void add_statistics(const Spec& spec, std::vector<Obstacle>& found) {
  if (spec.remove_mean) found.push_back({"remove_mean", two_passes});
  if (spec.level) found.push_back({"level", two_passes});
}

// What no number stands in for.
void add_orders(const Spec& spec, std::vector<Obstacle>& found) {
  if (spec.length_step && spec.length_mode != LengthMode::zeros) {
    found.push_back(
        {"length_mode with length_step", std::string("length_mode='zeros', or ") + whole_signal});
  }
  if (pads(spec) &&
      (spec.pad_mode.first == PadMode::circular || spec.pad_mode.second == PadMode::circular)) {
    found.push_back({"pad_mode 'circular'", std::string("another pad_mode, or ") + whole_signal});
  }
  const auto patches = patches_of(spec);
  if (!patches || spec.layout == Layout::time_freq) return;
  const Chain<float> chain(spec.finish, spec.n_rows(), spec.energy != Energy::none,
                           active_table().f32);
  if (chain.rows() >= patches->height + patches->stride_height) {
    found.push_back(
        {"finish stage 'patches' over rows",
         std::string("layout='time_freq', patches as high as the rows, or ") + whole_signal});
  }
}

}  // namespace

Asks asks_of(const FinishStage& s) {
  switch (s.kind) {
    case FinishKind::dynamic_range: return {true, false, false};
    case FinishKind::reference: return {is_word(s, "max"), is_word(s, "mean"), false};
    case FinishKind::normalize:
      if (s.word(0) == "freq") return {false, false, false};
      return {false, s.flag(1), s.flag(2)};
    default: return {false, false, false};
  }
}

std::vector<Obstacle> obstacles(const Spec& spec) {
  validate(spec);
  std::vector<Obstacle> found;
  add_statistics(spec, found);
  add_orders(spec, found);
  for (const FinishStage& s : spec.finish) {
    const Asks asks = asks_of(s);
    if (asks.maximum || asks.mean || asks.deviation) {
      found.push_back({"finish stage " + text_of(s), choices_of(asks)});
    }
  }
  return found;
}

double one_number(const StandIn& given, const char* name) {
  if (given.values.size() != 1) {
    invalid(name, "a list of " + number(static_cast<std::int64_t>(given.values.size())),
            "one number");
  }
  return given.values[0];
}

bool runs(const FinishStage& s, const StreamOptions& o) {
  const Asks asks = asks_of(s);
  return (asks.maximum && o.maximum.kind == Kind::running) ||
         (asks.mean && o.mean.kind == Kind::running) ||
         (asks.deviation && o.deviation.kind == Kind::running);
}

namespace {

void check_kinds(const FinishStage& s, const Asks& asks, const StreamOptions& o) {
  if (asks.mean && asks.deviation &&
      (o.mean.kind == Kind::running) != (o.deviation.kind == Kind::running)) {
    invalid("mean", o.mean.kind == Kind::running ? "'running' and std is not" : "not 'running'",
            "of one kind with std for the stage " + text_of(s));
  }
}

// Whether something stands in for what the stage asks for.
bool served(const Asks& asks, const StreamOptions& o) {
  if (o.numbers) return true;
  return (!asks.maximum || o.maximum.kind != Kind::none) &&
         (!asks.mean || o.mean.kind != Kind::none) &&
         (!asks.deviation || o.deviation.kind != Kind::none);
}

void check_unused(const char* name, const StandIn& given, bool asked) {
  if (given.kind == Kind::none || asked) return;
  invalid(name, given.kind == Kind::running ? "'running'" : "given",
          "None for a spec without a stage that asks for it");
}

void check_window(const StreamOptions& o) {
  if (o.window < 0 || o.window > (1 << 24))
    invalid("window", number(o.window), "from 1 to 16777216");
  const bool running = o.maximum.kind == Kind::running || o.mean.kind == Kind::running ||
                       o.deviation.kind == Kind::running;
  if (o.window > 0 && !running) {
    invalid("window", number(o.window), "None where no stand-in is 'running'");
  }
}

}  // namespace

namespace {

void refuse_first(const std::vector<Obstacle>& found) {
  if (found.empty()) return;
  throw std::invalid_argument(
      found[0].stage + " needs the whole signal; in a stream it must be given " + found[0].choices);
}

}  // namespace

void check_order(const Spec& spec) {
  validate(spec);
  std::vector<Obstacle> refused;
  add_orders(spec, refused);
  refuse_first(refused);
}

void check_stand_ins(const Spec& spec, const StreamOptions& o) {
  std::vector<Obstacle> refused;
  if (!o.numbers) add_statistics(spec, refused);
  add_orders(spec, refused);
  Asks any{false, false, false};
  for (const FinishStage& s : spec.finish) {
    const Asks asks = asks_of(s);
    any = {any.maximum || asks.maximum, any.mean || asks.mean, any.deviation || asks.deviation};
    if (!served(asks, o)) refused.push_back({"finish stage " + text_of(s), choices_of(asks)});
    else check_kinds(s, asks, o);
  }
  refuse_first(refused);
  check_unused("maximum", o.maximum, any.maximum);
  check_unused("mean", o.mean, any.mean);
  check_unused("std", o.deviation, any.deviation);
  check_window(o);
}

namespace {

// State: what the whole stage keeps, then its own state.
template <class T>
class Running final : public Stage<T> {
 public:
  Running(const Stage<T>& whole, std::int64_t window)
      : Stage<T>(whole.rows_in(), whole.rows_out(), 0), whole_(whole), window_(window) {}
  Order order() const override { return Order::in_order; }
  bool in_place() const override { return whole_.in_place(); }
  FrameRange reads(std::int64_t t) const override {
    return {window_ > 0 ? t - window_ + 1 : t, t + 1};
  }
  std::size_t state_size() const override { return whole_.kept_size() + whole_.state_size(); }
  void start(double* state) const override {
    std::fill(state, state + whole_.kept_size(), 0.0);
    whole_.start(state + whole_.kept_size());
  }
  void run(const Frames<T>& in, typename Stage<T>::Item item, std::int64_t begin, std::int64_t end,
           double* state, T* out) const override {
    double* numbers = state + whole_.kept_size();
    for (std::int64_t t = begin; t < end; ++t, out += this->rows_out_) {
      if (window_ > 0) look_back(in, t, numbers);
      else whole_.follow(in.at(t), state, numbers);
      whole_.run(in, item, t, t + 1, numbers, out);
    }
  }

 private:
  // As for a signal that consists of the window alone.
  void look_back(const Frames<T>& in, std::int64_t t, double* numbers) const {
    const std::int64_t first = std::max<std::int64_t>(t - window_ + 1, 0);
    const Frames<T> seen{in.at(first), first, t + 1 - first, in.rows};
    whole_.start(numbers);
    for (int pass = 0; pass < whole_.passes(); ++pass) {
      whole_.gather(pass, seen, numbers);
      whole_.gathered(pass, seen.count, numbers);
    }
    whole_.settle(numbers);
  }

  const Stage<T>& whole_;
  std::int64_t window_;
};

template <class T>
class PatchRow final : public Stage<T> {
 public:
  PatchRow(const Patches& p, bool by_row, std::int64_t columns, std::int64_t rows)
      : Stage<T>(rows, columns * p.height * p.width, 0),
        p_(p),
        by_row_(by_row),
        columns_(columns) {}
  std::int64_t step() const override { return by_row_ ? p_.stride_width : p_.stride_height; }
  std::int64_t length() const { return by_row_ ? p_.width : p_.height; }
  std::int64_t frames(std::int64_t in) const override {
    return in < length() ? 0 : (in - length()) / step() + 1;
  }
  FrameRange reads(std::int64_t t) const override { return {t * step(), t * step() + length()}; }
  void run(const Frames<T>& in, typename Stage<T>::Item, std::int64_t begin, std::int64_t end,
           double*, T* out) const override {
    for (std::int64_t t = begin; t < end; ++t) {
      for (std::int64_t c = 0; c < columns_; ++c) {
        for (std::int64_t y = 0; y < p_.height; ++y) {
          for (std::int64_t x = 0; x < p_.width; ++x) {
            *out++ =
                by_row_ ? in.at(t * step() + x)[y] : in.at(t * step() + y)[c * p_.stride_width + x];
          }
        }
      }
    }
  }

 private:
  Patches p_;
  bool by_row_;
  std::int64_t columns_;
};

}  // namespace

template <class T>
StagePointer<T> running_stage(const Stage<T>& whole, std::int64_t window) {
  return std::make_unique<Running<T>>(whole, window);
}

std::int64_t patches_at_once(const Spec& spec, const Patches& p, std::int64_t rows) {
  if (spec.layout == Layout::freq_time) return 1;
  return rows < p.width ? 0 : (rows - p.width) / p.stride_width + 1;
}

template <class T>
StagePointer<T> patch_stage(const Spec& spec, const Patches& p, std::int64_t rows) {
  item_shape(spec, rows, not_yet);  // throws where the rows are too few
  return std::make_unique<PatchRow<T>>(p, spec.layout == Layout::freq_time,
                                       patches_at_once(spec, p, rows), rows);
}

template StagePointer<float> running_stage(const Stage<float>&, std::int64_t);
template StagePointer<double> running_stage(const Stage<double>&, std::int64_t);
template StagePointer<float> patch_stage(const Spec&, const Patches&, std::int64_t);
template StagePointer<double> patch_stage(const Spec&, const Patches&, std::int64_t);

}  // namespace sonogram
