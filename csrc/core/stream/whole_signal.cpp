// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/stream/whole_signal.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

#include "core/base/dispatch.hpp"
#include "core/base/errors.hpp"
#include "core/finish/chain.hpp"
#include "core/finish/output_layout.hpp"
#include "core/spec/finish_table.hpp"
#include "sonogram/json.hpp"

namespace sonogram {
namespace {

using Kind = Substitute::Kind;

const char* const passes = "passes over the whole signal first (extract_file, or a C++ Survey)";

std::string text_of(const FinishStage& s) {
  std::string text = "'" + std::string(stage_info(s.kind).name) + "'";
  if (!s.values.empty() && std::holds_alternative<std::string>(s.values[0])) {
    text += " '" + s.word(0) + "'";
  }
  return text;
}

std::string choices_of(const Needs& needs) {
  const std::string given = needs.maximum      ? "maximum"
                            : !needs.deviation ? "mean"
                            : needs.mean       ? "mean and std"
                                               : "std";
  return given + ", known or running (with window: over the last frames alone), or " + passes;
}

bool pads(const Spec& spec) {
  if (spec.snip_edges || spec.output == Output::waveform) return false;
  if (spec.frame_pad) return spec.frame_pad->first > 0 || spec.frame_pad->second > 0;
  return spec.center;
}

const char* const whole_signal = "the Extractor on the whole signal";

void add_statistics(const Spec& spec, std::vector<Obstacle>& found) {
  if (spec.remove_mean) found.push_back({"remove_mean", passes});
  if (spec.level) found.push_back({"level", passes});
}

// Throws std::invalid_argument where the stages do not fit the rows.
std::int64_t finished_rows(const Spec& spec) {
  return StageChain<float>(spec.finish, spec.n_rows(), spec.energy != Energy::none,
                           active_table().f32)
      .rows();
}

// Stages and fields for which no statistic is a substitute.
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
  if (finished_rows(spec) >= patches->height + patches->stride_height) {
    found.push_back(
        {"finish stage 'patches' over rows",
         std::string("layout='time_freq', patches as high as the rows, or ") + whole_signal});
  }
}

}  // namespace

std::vector<Obstacle> obstacles(const Spec& spec) {
  validate(spec);
  finished_rows(spec);
  std::vector<Obstacle> found;
  add_statistics(spec, found);
  add_orders(spec, found);
  for (const FinishStage& s : spec.finish) {
    const Needs needs = traits_of(s).needs;
    if (needs.maximum || needs.mean || needs.deviation) {
      found.push_back({"finish stage " + text_of(s), choices_of(needs)});
    }
  }
  return found;
}

bool runs(const FinishStage& s, const StreamOptions& o) {
  const Needs needs = traits_of(s).needs;
  return (needs.maximum && o.maximum.kind == Kind::running) ||
         (needs.mean && o.mean.kind == Kind::running) ||
         (needs.deviation && o.deviation.kind == Kind::running);
}

namespace {

void check_kinds(const FinishStage& s, const Needs& needs, const StreamOptions& o) {
  if (needs.mean && needs.deviation &&
      (o.mean.kind == Kind::running) != (o.deviation.kind == Kind::running)) {
    const bool runs = o.mean.kind == Kind::running;
    throw_invalid("mean", runs ? "running and std is not" : "known and std is running",
                  "of one kind with std for finish stage " + text_of(s));
  }
}

// Whether the stage's statistics have a substitute.
bool served(const Needs& needs, const StreamOptions& o) {
  if (o.numbers) return true;
  return (!needs.maximum || o.maximum.kind != Kind::none) &&
         (!needs.mean || o.mean.kind != Kind::none) &&
         (!needs.deviation || o.deviation.kind != Kind::none);
}

void check_values(const char* name, const Substitute& given) {
  for (const double value : given.values) {
    if (!std::isfinite(value)) throw_invalid(name, format_number(value), "finite");
  }
}

void check_given(const char* name, const Substitute& given, bool asked, const StreamOptions& o) {
  if (given.kind == Kind::none) return;
  const char* const what = given.kind == Kind::running ? "running" : "given";
  if (!asked) throw_invalid(name, what, "absent for a spec without a stage that needs it");
  if (o.numbers) throw_invalid(name, what, "absent beside the numbers of a survey");
  check_values(name, given);
}

// Known values are those that reach one stage; what reaches a later one must follow from them.
void check_known(const Spec& spec, const StreamOptions& o) {
  const FinishStage* maximum = nullptr;
  const FinishStage* between = nullptr;
  const FinishStage* mean = nullptr;
  const FinishStage* deviation = nullptr;
  const auto refuse = [](const char* name, const FinishStage& first, const FinishStage& second) {
    throw_invalid(name, "known for finish stage " + text_of(first),
                  "running, as it is not known behind finish stage " + text_of(second));
  };
  for (const FinishStage& s : spec.finish) {
    const Needs needs = traits_of(s).needs;
    if (o.maximum.kind == Kind::values && needs.maximum) {
      if (between != nullptr) refuse("maximum", *maximum, *between);
      maximum = &s;
    }
    if (maximum != nullptr && between == nullptr && !traits_of(s).keeps_order) between = &s;
    if (o.mean.kind == Kind::values && needs.mean) {
      if (mean != nullptr) refuse("mean", *mean, *mean);
      mean = &s;
    }
    if (o.deviation.kind == Kind::values && needs.deviation) {
      if (deviation != nullptr) refuse("std", *deviation, *deviation);
      deviation = &s;
    }
  }
}

void check_numbers(const Spec& spec, const StreamOptions& o) {
  if (!o.numbers) return;
  const std::int64_t channels = static_cast<std::int64_t>(o.numbers->channels.size());
  if (channels != o.channels) {
    throw_invalid("numbers", "of " + format_number(channels) + " channels",
                  "of " + format_number(o.channels));
  }
  if (o.numbers->type != o.type) {
    throw_invalid("numbers", std::string("of ") + text_of(o.numbers->type) + " samples",
                  std::string("of the stream's, ") + text_of(o.type));
  }
  if (o.numbers->spec != spec_to_json(spec)) {
    throw_invalid("numbers", "of another spec", "of the stream's");
  }
}

void check_window(const StreamOptions& o) {
  if (o.window < 0 || o.window > (1 << 24))
    throw_invalid("window", format_number(o.window), "from 1 to 16777216");
  const bool running = o.maximum.kind == Kind::running || o.mean.kind == Kind::running ||
                       o.deviation.kind == Kind::running;
  if (o.window > 0 && !running) {
    throw_invalid("window", format_number(o.window), "absent where no substitute is running");
  }
}

void refuse(const std::vector<Obstacle>& found) {
  if (found.empty()) return;
  std::string words;
  for (std::size_t i = 0; i < found.size();) {
    const std::size_t begin = i;
    words += words.empty() ? "" : ". ";
    for (; i < found.size() && found[i].choices == found[begin].choices; ++i) {
      words += (i > begin ? " and " : "") + found[i].stage;
    }
    words += i - begin > 1 ? " need" : " needs";
    words += " the whole signal, which a stream does not have; what serves instead: ";
    words += found[begin].choices;
  }
  throw std::invalid_argument(words);
}

}  // namespace

void check_order(const Spec& spec) {
  validate(spec);
  std::vector<Obstacle> refused;
  add_orders(spec, refused);
  refuse(refused);
}

void check_channels(std::int64_t channels) {
  if (channels < 0 || channels > (1 << 20)) {
    throw_invalid("channels", format_number(channels), "from 0 to 1048576");
  }
}

void check_substitutes(const Spec& spec, const StreamOptions& o) {
  validate(spec);
  std::vector<Obstacle> refused;
  if (!o.numbers) add_statistics(spec, refused);
  add_orders(spec, refused);
  Needs any{false, false, false};
  for (const FinishStage& s : spec.finish) {
    const Needs needs = traits_of(s).needs;
    any = {any.maximum || needs.maximum, any.mean || needs.mean, any.deviation || needs.deviation};
    if (!served(needs, o)) refused.push_back({"finish stage " + text_of(s), choices_of(needs)});
    else check_kinds(s, needs, o);
  }
  refuse(refused);
  check_channels(o.channels);
  check_given("maximum", o.maximum, any.maximum, o);
  check_given("mean", o.mean, any.mean, o);
  check_given("std", o.deviation, any.deviation, o);
  check_known(spec, o);
  check_numbers(spec, o);
  check_window(o);
}

}  // namespace sonogram
