// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The finish stages by name: their parameters with defaults and allowed values, and their effect on
// frames and rows. All code that reads, writes or classifies stages uses this table; a new stage is
// a row of it and a class in core/finish.
#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "sonogram/export.hpp"
#include "sonogram/spec.hpp"

namespace sonogram {

struct StageParameter {
  enum class Type { number, integer, flag, word, numbers, number_or_word };
  const char* name;
  Type type;
  bool required;
  FinishStage::Value default_value;  // where it is not required
  std::vector<std::string> words;    // that a word may be
  double low = -std::numeric_limits<double>::max();
  double high = std::numeric_limits<double>::max();
};

// Which file of core/finish makes a stage. Patches are cut when the result is written.
enum class StageFamily { rows, time, item, recursive, output };

// Statistics of the whole signal that a stage needs.
struct Needs {
  bool maximum = false, mean = false, deviation = false;
  bool any() const { return maximum || mean || deviation; }
};

// How a value of the result depends on the input: an affine function of the same value (at least
// where it is loud), a sum of several values, or something else.
enum class Effect { affine, linear, nonlinear };

// The traits of a stage with its parameters.
struct StageTraits {
  StageFamily family = StageFamily::rows;
  Effect effect = Effect::affine;
  bool changes_shape = false;  // appends rows or frames: the energy can no longer be placed
  bool moves_frames = false;   // a frame is no longer where its window was
  bool keeps_order = false;    // the largest value stays the largest
  bool by_range = false;       // value by value, by the item's largest and smallest value alone
  Needs needs;
};

struct StageInfo {
  FinishKind kind;
  const char* name;
  std::vector<StageParameter> parameters;
  StageTraits (*traits)(const FinishStage&);
};

SONOGRAM_API const std::vector<StageInfo>& stage_infos();
SONOGRAM_API const StageInfo& stage_info(FinishKind kind);
SONOGRAM_API StageTraits traits_of(const FinishStage& stage);
// Null for a name that no stage has.
SONOGRAM_API const StageInfo* find_stage(const std::string& name);
// "'affine', 'clip', ..."
SONOGRAM_API std::string stage_names();
// "'scale', 'offset'": the parameters of one.
SONOGRAM_API std::string parameter_names(const StageInfo& info);
// The allowed values of this parameter, in words.
SONOGRAM_API std::string allowed_values(const StageParameter& parameter);
// Throws std::invalid_argument for a value of the wrong kind or out of range.
void check_stage_value(const StageInfo& info, const StageParameter& parameter,
                       const FinishStage::Value& value);
void check_stage(const FinishStage& stage);

}  // namespace sonogram
