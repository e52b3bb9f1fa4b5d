// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The table of presets as C++ sees it.
#include <set>
#include <string>
#include <vector>

#include "check.hpp"
#include "sonogram/extractor.hpp"
#include "sonogram/presets.hpp"

using sonogram::Extractor;
using sonogram::Preset;
using sonogram::preset;
using sonogram::presets;

TEST(a_preset_is_found_by_its_name_and_by_every_alias) {
  for (const Preset& p : presets()) {
    CHECK_EQUAL(&preset(p.name), &p);
    for (const std::string& alias : p.aliases) CHECK_EQUAL(&preset(alias), &p);
  }
}

TEST(no_name_or_alias_is_taken_twice) {
  std::set<std::string> names;
  std::size_t count = 0;
  for (const Preset& p : presets()) {
    names.insert(p.name);
    names.insert(p.aliases.begin(), p.aliases.end());
    count += 1 + p.aliases.size();
  }
  CHECK_EQUAL(names.size(), count);
}

TEST(an_unknown_preset_is_refused_with_the_nearest_names) {
  CHECK_REFUSES(preset("whisper-8"), "'whisper-80'");
  CHECK_REFUSES(preset("openai/whisper-large-v4"), "'openai/whisper-large-v3'");
  CHECK_REFUSES(preset(""), "it must be a preset");
  CHECK_REFUSES(preset(std::string(100000, 'x')), "it must be a preset");
}

TEST(every_preset_makes_an_extractor) {
  for (const Preset& p : presets()) {
    const check::Scope scope("preset ", p.name);
    const Extractor extractor(p.spec);
    const std::vector<std::int64_t> shape = extractor.item_shape(100000);
    CHECK(!shape.empty());
    for (const std::int64_t size : shape) CHECK(size > 0);
  }
}
