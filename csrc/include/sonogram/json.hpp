// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Specs as JSON, in the format of Python's Spec.to_json and Spec.from_json.
#pragma once
#include <string>

#include "sonogram/export.hpp"
#include "sonogram/spec.hpp"

namespace sonogram {

// Reads a validated Spec; missing fields take their defaults. Throws std::invalid_argument that
// names the position in the text, the field, its value and what is allowed.
SONOGRAM_API Spec spec_from_json(const std::string& text);

// Writes all fields and the schema number, each value in a unique form: equal Specs give equal
// text.
SONOGRAM_API std::string spec_to_json(const Spec& spec);

}  // namespace sonogram
