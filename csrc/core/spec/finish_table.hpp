// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The finish stages by name: their parameters, defaults and what each may be. Everything that reads
// or writes a stage (make_stage, the Python record, JSON) goes by this one table.
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
  FinishStage::Value standard;     // where it is not required
  std::vector<std::string> words;  // that a word may be
  double low = -std::numeric_limits<double>::max();
  double high = std::numeric_limits<double>::max();
};

struct StageInfo {
  FinishKind kind;
  const char* name;
  std::vector<StageParameter> parameters;
};

SONOGRAM_API const std::vector<StageInfo>& stage_infos();
SONOGRAM_API const StageInfo& stage_info(FinishKind kind);
// Null for a name that no stage has.
SONOGRAM_API const StageInfo* find_stage(const std::string& name);
// "'affine', 'clip', ..."
SONOGRAM_API std::string stage_names();
// "'scale', 'offset'": the parameters of one.
SONOGRAM_API std::string parameter_names(const StageInfo& info);
// What a value of this parameter may be, in words.
SONOGRAM_API std::string allowed_values(const StageParameter& parameter);
// Throws std::invalid_argument for a value of the wrong kind or out of range.
void check_stage_value(const StageInfo& info, const StageParameter& parameter,
                       const FinishStage::Value& value);
void check_stage(const FinishStage& stage);

}  // namespace sonogram
