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
  std::string reference;  // the implementation it equals: project, version, file and function
  // The largest difference of a float32 result from it, of any audio, where the values come of bins
  // within 50 dB of the frame's largest one. Below that, docs/presets.md states what float32 leaves
  // open; nothing where the spec computes in float64.
  double tolerance = 0.0;
  std::string reason;  // why it is not smaller, and what of the reference a Spec leaves out
};

// The signals that docs/presets.md has figures of, each at the preset's rate: the repository's
// speech, digital silence, one click, a 12-bit recording at a low level, and speech of an odd
// length.
SONOGRAM_API const std::vector<std::string>& preset_signals();

// All of them, by family.
SONOGRAM_API const std::vector<Preset>& presets();

// Whether a preset has this spec's bank: filters that are empty there are the model's own.
SONOGRAM_API bool is_bank_of_preset(const Spec& spec);

// By name or alias; its features are float32, whatever the samples (spec.dtype says so). Throws
// std::invalid_argument that lists the nearest names.
SONOGRAM_API const Preset& preset(const std::string& name);

}  // namespace sonogram
