// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#pragma once
#include "sonogram/extractor.hpp"
#include "sonogram/run.hpp"

namespace sonogram {

// Lets the system set memory of `bytes` bytes aside, page by page, where a result of `rows` rows
// lies in it row by row and is large. A block of frames writes into every row: in fresh memory it
// would wait for a page of each, seconds in which nothing can be interrupted. No value changes.
void touch_rows(void* memory, std::int64_t bytes, std::int64_t rows, const RunOptions& options);

}  // namespace sonogram
