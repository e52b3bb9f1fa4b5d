// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Specs as JSON: what Python's Spec.to_json writes and Spec.from_json reads.
#pragma once
#include <string>

#include "sonogram/export.hpp"
#include "sonogram/spec.hpp"

namespace sonogram {

// A validated Spec; absent fields take their defaults. Throws std::invalid_argument that says where
// in the text, which field, its value and what is allowed.
SONOGRAM_API Spec spec_from_json(const std::string& text);

// Every field and the schema number, each value in one spelling: equal Specs give equal text.
SONOGRAM_API std::string spec_to_json(const Spec& spec);

}  // namespace sonogram
