// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// The global statistics that a spec needs, and the check of their substitutes in a stream.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/signal/item_statistics.hpp"
#include "sonogram/stream.hpp"

namespace sonogram {

// Per channel: what conditioning needs, and the state of every stage (empty: it needs none).
struct SignalNumbers {
  struct Channel {
    ItemStatistics samples;
    std::vector<std::vector<double>> stages;
  };
  std::vector<Channel> channels;
  // The spec, type and channels that they belong to.
  std::string spec;  // as JSON
  SampleType type = SampleType::float32;
};

// Throws std::invalid_argument if a stage needs the whole signal at once, so that statistics do not
// help.
void check_order(const Spec& spec);
void check_channels(std::int64_t channels);
// Throws std::invalid_argument if a statistic that the spec needs has no substitute, naming the
// alternatives, or if a substitute is not needed.
void check_substitutes(const Spec& spec, const StreamOptions& options);
// Whether the frames so far are used instead of the whole signal.
bool runs(const FinishStage& stage, const StreamOptions& options);

}  // namespace sonogram
