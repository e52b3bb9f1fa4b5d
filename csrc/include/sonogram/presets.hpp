// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The front ends of models by name: each is a Spec with its origin, and nothing else.
#pragma once
#include <string>
#include <vector>

#include "sonogram/export.hpp"
#include "sonogram/spec.hpp"

namespace sonogram {

struct Preset {
  std::string name;
  std::vector<std::string> aliases;  // checkpoints and other names with the same Spec
  Spec spec;
  std::string reference;  // the upstream implementation: project, version, file and function
  // The largest difference of a float32 result from the reference, for any audio, where the values
  // derive from bins within 50 dB of the frame's largest one. Below that, docs/presets.md states
  // the uncertainty of float32; there is none if the spec computes in float64.
  double tolerance = 0.0;
  std::string reason;  // why it is not smaller, and which parts of the reference the Spec omits
};

// The signals for which docs/presets.md has figures, each at the preset's rate: the repository's
// speech, digital silence, a click, a 12-bit recording at a low level, and speech of an odd length.
SONOGRAM_API const std::vector<std::string>& preset_signals();

// All presets, ordered by family.
SONOGRAM_API const std::vector<Preset>& presets();

// Whether a preset has this spec's filterbank: its empty filters are then the model's own.
SONOGRAM_API bool is_bank_of_preset(const Spec& spec);

// A preset by name or alias. Its features are float32 for samples of any type (spec.dtype). Throws
// std::invalid_argument that lists the nearest names.
SONOGRAM_API const Preset& preset(const std::string& name);

}  // namespace sonogram
