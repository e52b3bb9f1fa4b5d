// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Models' front ends by name: each is a Spec and where it comes from, and nothing else.
#pragma once
#include <string>
#include <vector>

#include "sonogram/export.hpp"
#include "sonogram/spec.hpp"

namespace sonogram {

struct Preset {
  std::string name;
  std::vector<std::string> aliases;  // checkpoints and other names that mean the same Spec
  Spec spec;
  std::string reference;   // the implementation it equals: project, version, file and function
  double tolerance = 0.0;  // float32: the largest difference from it on any of the signals below
  std::string reason;      // why it is not smaller, and what of the reference a Spec leaves out
};

// The signals that every tolerance holds for, each at the preset's rate: the repository's speech,
// digital silence, one click, a 12-bit recording at a low level, and speech of an odd length.
SONOGRAM_API const std::vector<std::string>& preset_signals();

// All of them, by family.
SONOGRAM_API const std::vector<Preset>& presets();

// Whether a preset has this spec's bank: filters that are empty there are the model's own.
SONOGRAM_API bool is_bank_of_preset(const Spec& spec);

// By name or alias. Throws std::invalid_argument that lists the nearest names.
SONOGRAM_API const Preset& preset(const std::string& name);

}  // namespace sonogram
