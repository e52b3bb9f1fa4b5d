// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/spec/finish_table.hpp"

#include <cmath>
#include <stdexcept>

#include "core/base/errors.hpp"

namespace sonogram {
namespace {

using Type = StageParameter::Type;
constexpr double most = 1 << 24;
constexpr double any = std::numeric_limits<double>::max();

StageParameter number(const char* name, double low = -any) {
  return {name, Type::number, true, 0.0, {}, low};
}
StageParameter number_or(const char* name, double standard, double low = -any) {
  return {name, Type::number, false, standard, {}, low};
}
StageParameter integer(const char* name, double low, double high = most) {
  return {name, Type::integer, true, 0.0, {}, low, high};
}
StageParameter integer_or(const char* name, double standard, double low, double high = most) {
  return {name, Type::integer, false, standard, {}, low, high};
}
StageParameter flag_or(const char* name, bool standard) {
  return {name, Type::flag, false, standard ? 1.0 : 0.0, {}, 0, 1};
}
StageParameter word_or(const char* name, std::vector<std::string> words) {
  const std::string standard = words[0];
  return {name, Type::word, false, standard, std::move(words)};
}
StageParameter numbers(const char* name) { return {name, Type::numbers, true, 0.0, {}}; }

const double tiny = std::numeric_limits<double>::min();

bool is_word(const FinishStage& s, const char* word) {
  return std::holds_alternative<std::string>(s.values[0]) && s.word(0) == word;
}

StageTraits traits(StageFamily family, Effect effect) {
  StageTraits t;
  t.family = family;
  t.effect = effect;
  return t;
}

StageTraits dynamic_range_traits(const FinishStage&) {
  StageTraits t = traits(StageFamily::item, Effect::affine);
  t.keeps_order = t.by_range = t.needs.maximum = true;
  return t;
}

StageTraits affine_traits(const FinishStage& s) {
  StageTraits t;
  t.keeps_order = s.number(0) >= 0;
  t.by_range = true;
  return t;
}

StageTraits reference_traits(const FinishStage& s) {
  const bool number = std::holds_alternative<double>(s.values[0]), mean = is_word(s, "mean");
  StageTraits t = traits(number ? StageFamily::rows : StageFamily::item, Effect::affine);
  t.keeps_order = t.by_range = !mean;
  t.needs.maximum = is_word(s, "max");
  t.needs.mean = mean;
  return t;
}

StageTraits clip_traits(const FinishStage&) {
  StageTraits t;
  t.keeps_order = true;
  return t;
}

StageTraits normalize_traits(const FinishStage& s) {
  StageTraits t;
  if (is_word(s, "freq")) return t;
  t.family = StageFamily::item;
  t.needs.mean = s.flag(1);
  t.needs.deviation = s.flag(2);
  return t;
}

template <StageFamily family, Effect effect>
StageTraits plain_traits(const FinishStage&) {
  return traits(family, effect);
}

// Traits of stages that append or remove rows or frames.
template <StageFamily family, Effect effect, bool moves_frames = false>
StageTraits reshaping_traits(const FinishStage&) {
  StageTraits t = traits(family, effect);
  t.changes_shape = true;
  t.moves_frames = moves_frames;
  return t;
}

std::vector<StageInfo> make_infos() {
  using K = FinishKind;
  using F = StageFamily;
  using E = Effect;
  return {
      {K::dynamic_range, "dynamic_range", {number("range", tiny)}, &dynamic_range_traits},
      {K::affine, "affine", {number("scale"), number("offset")}, &affine_traits},
      {K::reference,
       "reference",
       {{"value", Type::number_or_word, true, 0.0, {"max", "mean"}}},
       &reference_traits},
      {K::clip, "clip", {number("low"), number("high")}, &clip_traits},
      {K::normalize,
       "normalize",
       {word_or("axis", {"time", "all", "freq"}), flag_or("mean", true), flag_or("std", true),
        integer_or("ddof", 0, 0, 1), number_or("eps", 0, 0),
        word_or("eps_in", {"std", "var", "floor"})},
       &normalize_traits},
      {K::statistics,
       "statistics",
       {numbers("mean"), numbers("scale")},
       &plain_traits<F::rows, E::affine>},
      {K::sliding_cmn,
       "sliding_cmn",
       {integer_or("window", 600, 1), integer_or("min_window", 100, 1), flag_or("center", false),
        flag_or("std", false)},
       &plain_traits<F::recursive, E::affine>},
      {K::pcen,
       "pcen",
       {number_or("gain", 0.98, 0),
        number_or("bias", 2.0, 0),
        number_or("power", 0.5, 0),
        {"smooth", Type::number, false, 0.025, {}, tiny, 1.0},
        number_or("eps", 1e-6, tiny),
        word_or("start", {"unit", "first"})},
       &plain_traits<F::recursive, E::nonlinear>},
      {K::dct,
       "dct",
       {integer("n", 1, 1 << 20), integer_or("type", 2, 1, 4), word_or("norm", {"ortho", "none"})},
       &plain_traits<F::rows, E::linear>},
      {K::lifter,
       "lifter",
       {number("length", tiny), integer_or("first", 0, 0, 1)},
       &plain_traits<F::rows, E::linear>},
      {K::energy,
       "energy",
       {word_or("place", {"first", "last", "replace"})},
       &plain_traits<F::rows, E::linear>},
      {K::rotate, "rotate", {integer("rows", 0)}, &plain_traits<F::rows, E::linear>},
      {K::deltas,
       "deltas",
       {integer_or("order", 1, 1, 8), integer_or("win_length", 5, 3, 1 << 16),
        word_or("mode", {"replicate", "kaldi", "interp"})},
       &reshaping_traits<F::time, E::linear>},
      {K::stack,
       "stack",
       {integer("size", 1, 1 << 16), integer("stride", 1, 1 << 16),
        integer_or("left", 0, 0, 1 << 16), word_or("tail", {"drop", "replicate", "zero"}),
        integer_or("valid", -1, -1, 1 << 16)},
       &reshaping_traits<F::time, E::linear, true>},
      {K::frames,
       "frames",
       {integer("count", 1, 1LL << 40), number_or("value", 0),
        word_or("mode", {"fixed", "pad", "cut"})},
       &reshaping_traits<F::time, E::linear>},
      {K::pad,
       "pad",
       {integer("left", 0), integer("right", 0), number_or("value", 0)},
       &reshaping_traits<F::time, E::linear, true>},
      {K::multiple,
       "multiple",
       {integer("of", 1), number_or("value", 0)},
       &reshaping_traits<F::time, E::linear>},
      {K::mask, "mask", {number_or("value", 0)}, &plain_traits<F::time, E::affine>},
      {K::frame_norm,
       "frame_norm",
       {word_or("order", {"max", "l1", "l2"}), number_or("eps", 0, 0)},
       &plain_traits<F::rows, E::nonlinear>},
      {K::argmax, "argmax", {}, &reshaping_traits<F::rows, E::nonlinear>},
      {K::patches,
       "patches",
       {integer("height", 1), integer("width", 1), integer("stride_height", 1),
        integer("stride_width", 1)},
       &reshaping_traits<F::output, E::nonlinear, true>},
  };
}

std::string quoted(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& w : words) text += (text.empty() ? "'" : ", '") + w + "'";
  return text;
}

std::string shown(const FinishStage::Value& value) {
  if (const double* x = std::get_if<double>(&value)) return format_number(*x);
  if (const std::string* word = std::get_if<std::string>(&value)) return "'" + *word + "'";
  return "a list of " +
         format_number(static_cast<std::int64_t>(std::get<std::vector<double>>(value).size()));
}

bool number_fits(const StageParameter& p, double x) {
  if (!std::isfinite(x) || x < p.low || x > p.high) return false;
  return p.type == Type::number || p.type == Type::numbers || p.type == Type::number_or_word ||
         x == std::floor(x);
}

bool fits(const StageParameter& p, const FinishStage::Value& value) {
  if (const double* x = std::get_if<double>(&value)) {
    return p.type != Type::word && number_fits(p, *x);
  }
  if (const std::string* word = std::get_if<std::string>(&value)) {
    for (const std::string& w : p.words) {
      if (*word == w) return true;
    }
    return false;
  }
  if (p.type != Type::numbers) return false;
  for (const double x : std::get<std::vector<double>>(value)) {
    if (!number_fits(p, x)) return false;
  }
  return !std::get<std::vector<double>>(value).empty();
}

}  // namespace

const std::vector<StageInfo>& stage_infos() {
  static const std::vector<StageInfo> infos = [] {
    std::vector<StageInfo> all = make_infos();
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (static_cast<std::size_t>(all[i].kind) != i) {
        throw std::logic_error(std::string("the row of stage '") + all[i].name +
                               "' is out of order");
      }
    }
    return all;
  }();
  static_assert(static_cast<int>(FinishKind::patches) == 20, "a stage is a row of make_infos");
  return infos;
}

const StageInfo& stage_info(FinishKind kind) {
  const std::size_t i = static_cast<std::size_t>(kind);
  if (i >= stage_infos().size()) {
    throw_invalid("finish", "a stage of kind " + format_number(static_cast<std::int64_t>(kind)),
                  "of a FinishKind");
  }
  return stage_infos()[i];
}

StageTraits traits_of(const FinishStage& stage) { return stage_info(stage.kind).traits(stage); }

const StageInfo* find_stage(const std::string& name) {
  for (const StageInfo& info : stage_infos()) {
    if (name == info.name) return &info;
  }
  return nullptr;
}

std::string stage_names() {
  std::vector<std::string> names;
  for (const StageInfo& info : stage_infos()) names.emplace_back(info.name);
  return quoted(names);
}

std::string parameter_names(const StageInfo& info) {
  std::vector<std::string> names;
  for (const StageParameter& p : info.parameters) names.emplace_back(p.name);
  return names.empty() ? "none" : quoted(names);
}

std::string allowed_values(const StageParameter& p) {
  std::string range;
  if (p.low == tiny && p.high == any) {
    range = " > 0";
  } else if (p.low != -any && p.high == any) {
    range = " >= " + format_number(p.low);
  } else if (p.high != any) {
    range = (p.low == tiny ? " above 0 and at most " : " from " + format_number(p.low) + " to ") +
            format_number(p.high);
  }
  switch (p.type) {
    case Type::number: return "a finite number" + range;
    case Type::integer: return "an integer" + range;
    case Type::flag: return "True or False";
    case Type::word: return "one of " + quoted(p.words);
    case Type::numbers: return "a finite number, or one for every row";
    case Type::number_or_word: return "a finite number or one of " + quoted(p.words);
  }
  throw_no_such_value();
}

void check_stage_value(const StageInfo& info, const StageParameter& p,
                       const FinishStage::Value& value) {
  if (!fits(p, value)) {
    throw_invalid("finish: " + std::string(info.name) + ": " + p.name, shown(value),
                  allowed_values(p));
  }
}

void check_stage(const FinishStage& stage) {
  const StageInfo& info = stage_info(stage.kind);
  const std::string name = "finish: " + std::string(info.name);
  if (stage.values.size() != info.parameters.size()) {
    throw_invalid(
        name, "with " + format_number(static_cast<std::int64_t>(stage.values.size())) + " values",
        "one of each of " + parameter_names(info));
  }
  for (std::size_t i = 0; i < stage.values.size(); ++i) {
    check_stage_value(info, info.parameters[i], stage.values[i]);
  }
  if (stage.kind == FinishKind::clip && stage.number(0) > stage.number(1)) {
    throw_invalid(name + ": low", format_number(stage.number(0)),
                  "at most high = " + format_number(stage.number(1)));
  }
  if (stage.kind == FinishKind::deltas && stage.integer(1) % 2 == 0) {
    throw_invalid(name + ": win_length", format_number(stage.integer(1)), "odd and at least 3");
  }
  if (stage.kind == FinishKind::deltas && stage.word(2) == "interp" &&
      stage.integer(1) <= stage.integer(0)) {
    throw_invalid(name + ": win_length", format_number(stage.integer(1)), "above order");
  }
  if (stage.kind == FinishKind::stack && stage.integer(2) >= stage.integer(0)) {
    throw_invalid(name + ": left", format_number(stage.integer(2)),
                  "below size = " + format_number(stage.integer(0)));
  }
}

FinishStage make_stage(FinishKind kind,
                       const std::vector<std::pair<std::string, FinishStage::Value>>& parameters) {
  const StageInfo& info = stage_info(kind);
  const std::string name = "finish: " + std::string(info.name);
  FinishStage stage{kind, {}};
  for (const StageParameter& p : info.parameters) stage.values.push_back(p.default_value);
  std::vector<bool> given(info.parameters.size(), false);
  for (const auto& [word, value] : parameters) {
    std::size_t i = 0;
    while (i < info.parameters.size() && word != info.parameters[i].name) ++i;
    if (i == info.parameters.size()) {
      throw_invalid(name, "given '" + word + "'", "given only " + parameter_names(info));
    }
    if (given[i]) throw_invalid(name, "given '" + word + "' twice", "given each parameter once");
    given[i] = true;
    stage.values[i] = value;
  }
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (info.parameters[i].required && !given[i]) {
      throw_invalid(name, "without '" + std::string(info.parameters[i].name) + "'",
                    "given " + parameter_names(info));
    }
  }
  check_stage(stage);
  return stage;
}

}  // namespace sonogram
