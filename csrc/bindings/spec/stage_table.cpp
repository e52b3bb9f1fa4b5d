// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "bindings/bindings.hpp"
#include "core/spec/finish_table.hpp"

namespace sonogram::python {
namespace {

const char* type_name(StageParameter::Type type) {
  switch (type) {
    case StageParameter::Type::number: return "number";
    case StageParameter::Type::integer: return "integer";
    case StageParameter::Type::flag: return "flag";
    case StageParameter::Type::word: return "word";
    case StageParameter::Type::numbers: return "numbers";
    case StageParameter::Type::number_or_word: return "number or word";
  }
  return "";
}

}  // namespace

py::list stage_table() {
  py::list stages;
  for (const StageInfo& info : stage_infos()) {
    py::list parameters;
    for (const StageParameter& p : info.parameters) {
      py::tuple words(p.words.size());
      for (std::size_t i = 0; i < p.words.size(); ++i) words[i] = py::str(p.words[i]);
      py::object standard = py::none();
      if (!p.required) standard = stage_value(p, p.default_value);
      parameters.append(py::make_tuple(p.name, type_name(p.type), p.required, standard, words));
    }
    stages.append(py::make_tuple(info.name, parameters));
  }
  return stages;
}

const char* effect_name(Effect effect) {
  switch (effect) {
    case Effect::affine: return "affine";
    case Effect::linear: return "linear";
    case Effect::nonlinear: return "nonlinear";
  }
  return "";
}

py::dict stage_traits() {
  py::dict all;
  for (const StageInfo& info : stage_infos()) {
    FinishStage stage{info.kind, {}};
    for (const StageParameter& p : info.parameters) stage.values.push_back(p.default_value);
    const StageTraits traits = info.traits(stage);
    all[info.name] = py::make_tuple(effect_name(traits.effect), traits.moves_frames);
  }
  return all;
}

}  // namespace sonogram::python
