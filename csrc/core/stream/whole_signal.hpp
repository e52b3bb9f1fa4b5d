// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// What of a spec needs the whole signal, and whether what stands in for it in a stream serves.
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
  // What they are the numbers of.
  std::string spec;  // as JSON
  SampleType type = SampleType::float32;
};

// Throws std::invalid_argument where something needs the whole signal at once, so that no numbers
// serve.
void check_order(const Spec& spec);
void check_channels(std::int64_t channels);
// Throws std::invalid_argument where something that the spec asks for has no substitute, names what
// would serve, and refuses substitutes that nothing asks for.
void check_substitutes(const Spec& spec, const StreamOptions& options);
double one_number(const Substitute& given, const char* name);
// Whether frames so far speak for the whole signal.
bool runs(const FinishStage& stage, const StreamOptions& options);

}  // namespace sonogram
