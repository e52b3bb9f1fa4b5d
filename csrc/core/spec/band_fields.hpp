// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The fields that only bands read, and which bank reads which.
#pragma once
#include <vector>

#include "sonogram/export.hpp"
#include "sonogram/spec.hpp"

namespace sonogram {

// Throws std::invalid_argument for a field that the spec's bank would ignore and that is not at its
// default, as what was meant would not be computed.
void check_unread_bands(const Spec& spec);

// The fields that such a bank reads.
SONOGRAM_API std::vector<const char*> band_fields(FilterbankKind kind);

}  // namespace sonogram
