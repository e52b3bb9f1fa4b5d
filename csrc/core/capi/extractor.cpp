// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include <memory>

#include "core/capi/common.hpp"
#include "sonogram/json.hpp"
#include "sonogram/presets.hpp"
#include "sonogram/runtime.hpp"

using namespace sonogram;
using c::given;
using c::guarded;

namespace {

constexpr std::int32_t most_threads = 4096;

const std::vector<std::string>& isa_names() {
  static const std::vector<std::string> names = available_isas();
  return names;
}

// nullptr where the table ends, or where there is no memory to make it.
template <class F>
const char* name_at(const F& names, std::size_t index) noexcept {
  try {
    return names(index);
  } catch (...) {
    return nullptr;
  }
}

template <class F>
std::size_t count_of(const F& all) noexcept {
  try {
    return all().size();
  } catch (...) {
    return 0;
  }
}

std::int64_t frames_of(const Extractor& e, const std::vector<std::int64_t>& dims,
                       std::int64_t samples) {
  return dims.size() == 2 ? e.num_frames(samples) : dims[0];
}

}  // namespace

const char* sonogram_version(void) { return SONOGRAM_VERSION; }

sonogram_status sonogram_isa(const char** name) {
  return guarded([&] {
    static const std::string chosen = isa();
    given(name, "name") = chosen.c_str();
  });
}

size_t sonogram_num_isas(void) { return count_of(isa_names); }

const char* sonogram_isa_name(size_t index) {
  return name_at(
      [](std::size_t i) { return i < isa_names().size() ? isa_names()[i].c_str() : nullptr; },
      index);
}

int32_t sonogram_get_num_threads(void) { return get_num_threads(); }

sonogram_status sonogram_set_num_threads(int32_t num_threads) {
  return guarded([&] {
    if (num_threads < 1 || num_threads > most_threads) {
      throw_invalid("num_threads", format_number(std::int64_t{num_threads}),
                    "from 1 to " + format_number(std::int64_t{most_threads}));
    }
    set_num_threads(num_threads);
  });
}

size_t sonogram_num_presets(void) { return count_of(presets); }

const char* sonogram_preset_name(size_t index) {
  return name_at(
      [](std::size_t i) { return i < presets().size() ? presets()[i].name.c_str() : nullptr; },
      index);
}

sonogram_status sonogram_extractor_from_preset(const char* name, sonogram_extractor** extractor) {
  return guarded([&] {
    given(name, "name");
    auto& to = given(extractor, "extractor");
    to = std::make_unique<sonogram_extractor>(preset(name).spec).release();
  });
}

sonogram_status sonogram_extractor_from_json(const char* json, size_t length,
                                             sonogram_extractor** extractor) {
  return guarded([&] {
    given(json, "json");
    auto& to = given(extractor, "extractor");
    const std::string text(json, length);
    to = std::make_unique<sonogram_extractor>(spec_from_json(text)).release();
  });
}

void sonogram_extractor_free(sonogram_extractor* extractor) { delete extractor; }

sonogram_status sonogram_extractor_json(const sonogram_extractor* extractor, const char** json) {
  return guarded([&] { given(json, "json") = given(extractor, "extractor").json.c_str(); });
}

sonogram_status sonogram_extractor_sample_rate(const sonogram_extractor* extractor,
                                               double* sample_rate) {
  return guarded([&] {
    given(sample_rate, "sample_rate") = given(extractor, "extractor").extractor.spec().sample_rate;
  });
}

sonogram_status sonogram_extractor_frame_samples(const sonogram_extractor* extractor, int64_t frame,
                                                 int64_t samples, int64_t* begin, int64_t* end) {
  return guarded([&] {
    const Extractor& e = given(extractor, "extractor").extractor;
    given(begin, "begin");
    given(end, "end");
    const SampleRange range = e.frame_samples(frame, samples);
    *begin = range.begin;
    *end = range.end;
  });
}

sonogram_status sonogram_extractor_window(const sonogram_extractor* extractor,
                                          const double** values, int64_t* length) {
  return guarded([&] {
    const std::vector<double>& window = given(extractor, "extractor").extractor.window();
    given(values, "values");
    given(length, "length") = static_cast<std::int64_t>(window.size());
    *values = window.data();
  });
}

sonogram_status sonogram_extractor_filterbank(const sonogram_extractor* extractor,
                                              const double** values, int64_t* bands,
                                              int64_t* bins) {
  return guarded([&] {
    const Extractor& e = given(extractor, "extractor").extractor;
    const std::vector<double>& bank = e.filterbank();
    given(values, "values");
    given(bands, "bands");
    given(bins, "bins") = e.spec().n_freqs();
    *values = bank.empty() ? nullptr : bank.data();
    *bands = bank.empty() ? 0 : static_cast<std::int64_t>(bank.size()) / *bins;
  });
}

sonogram_status sonogram_extractor_num_obstacles(const sonogram_extractor* extractor,
                                                 int64_t* count) {
  return guarded([&] {
    const std::vector<Obstacle>& all = given(extractor, "extractor").obstacles();
    given(count, "count") = static_cast<std::int64_t>(all.size());
  });
}

sonogram_status sonogram_extractor_obstacle(const sonogram_extractor* extractor, int64_t index,
                                            sonogram_obstacle* obstacle) {
  return guarded([&] {
    const std::vector<Obstacle>& all = given(extractor, "extractor").obstacles();
    const auto count = static_cast<std::int64_t>(all.size());
    sonogram_obstacle found = c::known(obstacle, "obstacle");
    if (index < 0 || index >= count) {
      throw_invalid("index", format_number(index),
                    "from 0 to before the number of obstacles, " + format_number(count));
    }
    found.stage = all[static_cast<std::size_t>(index)].stage.c_str();
    found.choices = all[static_cast<std::size_t>(index)].choices.c_str();
    std::memcpy(obstacle, &found, std::min(found.struct_size, sizeof found));
  });
}

sonogram_status sonogram_extractor_shape(const sonogram_extractor* extractor, sonogram_type type,
                                         int64_t items, int64_t samples, sonogram_shape* shape) {
  return guarded([&] {
    const Extractor& e = given(extractor, "extractor").extractor;
    const Precision precision = e.precision_for(c::sample_type(type, "type"));
    if (items < 0) throw_invalid("items", format_number(items), "at least 0");
    const std::vector<std::int64_t> dims = e.item_shape(samples);
    const std::int64_t frames = frames_of(e, dims, samples);
    const std::int64_t valid =
        dims.size() == 2 ? std::min(frames, e.num_valid_frames(samples)) : frames;
    c::fill_shape(shape, {dims.data(), dims.size()}, precision, e.is_complex(), items, frames,
                  valid);
  });
}

sonogram_status sonogram_extractor_run(const sonogram_extractor* extractor,
                                       const sonogram_signals* signals,
                                       const sonogram_features* features,
                                       const sonogram_run_options* options) {
  return guarded([&] {
    const Extractor& e = given(extractor, "extractor").extractor;
    std::vector<std::int64_t> offsets;
    const Signals in = c::signals_of(c::known(signals, "signals"), offsets);
    const Precision precision = e.precision_for(in.type);
    const std::vector<std::int64_t> dims = e.item_shape(in.samples);
    const std::int64_t bytes =
        c::bytes_of_all({dims.data(), dims.size()}, precision, e.is_complex(), in.items);
    const Features out = c::features_of(features, precision, bytes);
    RunOptions run;
    if (options != nullptr) {
      const sonogram_run_options o = c::known(options, "options");
      if (o.num_threads < 0 || o.num_threads > most_threads) {
        throw_invalid("options->num_threads", format_number(std::int64_t{o.num_threads}),
                      "from 0 to " + format_number(std::int64_t{most_threads}));
      }
      run.num_threads = o.num_threads;
      if (o.interrupted != nullptr) run.interrupted = [o] { return o.interrupted(o.context) != 0; };
    }
    e.run(in, out, run);
  });
}
