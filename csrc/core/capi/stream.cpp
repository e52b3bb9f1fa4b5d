// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include <memory>

#include "core/capi/common.hpp"
#include "sonogram/stream.hpp"

using namespace sonogram;
using c::given;
using c::guarded;

struct sonogram_stream {
  sonogram_stream(const Spec& spec, const StreamOptions& options)
      : stream(spec, options), offsets(static_cast<std::size_t>(options.channels)) {
    std::int64_t dims[3];
    const std::size_t count = stream.shape(1, dims);
    bytes_per_frame =
        c::bytes_of_all({dims, count}, stream.precision(), stream.is_complex(), options.channels);
  }
  Stream stream;
  // A push allocates nothing: these are kept.
  std::vector<std::int64_t> offsets;  // of a chunk's channels
  std::int64_t bytes_per_frame;       // of all channels
};

namespace {

Substitute substitute(const sonogram_substitute& from, const std::string& name) {
  Substitute to;
  switch (from.kind) {
    case SONOGRAM_NOTHING: return to;
    case SONOGRAM_RUNNING: to.kind = Substitute::Kind::running; return to;
    case SONOGRAM_VALUES: break;
    default:
      throw_invalid(name + ".kind", format_number(std::int64_t{from.kind}),
                    "SONOGRAM_NOTHING, SONOGRAM_VALUES or SONOGRAM_RUNNING");
  }
  constexpr std::int64_t most = 1 << 24;
  if (from.num_values < 1 || from.num_values > most) {
    throw_invalid(name + ".num_values", format_number(from.num_values),
                  "from 1 to " + format_number(most));
  }
  if (from.values == nullptr) {
    throw_invalid(name + ".values", "null",
                  "a pointer to " + format_number(from.num_values) + " numbers");
  }
  to.kind = Substitute::Kind::values;
  to.values.assign(from.values, from.values + from.num_values);
  return to;
}

StreamOptions options_of(const sonogram_stream_options* from) {
  StreamOptions to;
  if (from == nullptr) return to;
  const sonogram_stream_options o = c::known(from, "options");
  if (o.type != 0) to.type = c::sample_type(o.type, "options->type");
  if (o.channels < 0 || o.channels > (1 << 16)) {
    throw_invalid("options->channels", format_number(o.channels), "from 1 to 65536, or 0 for 1");
  }
  if (o.channels != 0) to.channels = o.channels;
  to.maximum = substitute(o.maximum, "options->maximum");
  to.mean = substitute(o.mean, "options->mean");
  to.deviation = substitute(o.deviation, "options->deviation");
  to.window = o.window;
  return to;
}

bool is_last(std::int32_t last) {
  if (last != 0 && last != 1) throw_invalid("last", format_number(std::int64_t{last}), "0 or 1");
  return last == 1;
}

void push(sonogram_stream& s, const Signals& chunk, bool last, const sonogram_features* features,
          std::int64_t& frames) {
  Features out;
  if (!s.stream.ended()) {
    std::int64_t next = 0;
    try {
      next = s.stream.next_frames(chunk.samples, last);
    } catch (const std::invalid_argument&) {
      if (last) s.stream.push(chunk, out, last);  // throws as well, and ends the signal
      throw;
    }
    out =
        c::features_of(features, s.stream.precision(), c::checked_product(s.bytes_per_frame, next));
  }
  frames = s.stream.push(chunk, out, last);
}

}  // namespace

sonogram_status sonogram_stream_new(const sonogram_extractor* extractor,
                                    const sonogram_stream_options* options,
                                    sonogram_stream** stream) {
  return guarded([&] {
    const Spec& spec = given(extractor, "extractor").extractor.spec();
    auto& to = given(stream, "stream");
    to = std::make_unique<sonogram_stream>(spec, options_of(options)).release();
  });
}

void sonogram_stream_free(sonogram_stream* stream) { delete stream; }

sonogram_status sonogram_stream_shape(const sonogram_stream* stream, int64_t samples, int32_t last,
                                      sonogram_shape* shape) {
  return guarded([&] {
    const Stream& s = given(stream, "stream").stream;
    if (samples < 0) throw_invalid("samples", format_number(samples), "at least 0");
    const std::int64_t frames = s.next_frames(samples, is_last(last));
    std::int64_t dims[3];
    const std::size_t count = s.shape(frames, dims);
    c::fill_shape(shape, {dims, count}, s.precision(), s.is_complex(), s.options().channels, frames,
                  frames);
  });
}

sonogram_status sonogram_stream_push(sonogram_stream* stream, const sonogram_signals* chunk,
                                     int32_t last, const sonogram_features* features,
                                     int64_t* frames) {
  return guarded([&] {
    sonogram_stream& s = given(stream, "stream");
    const sonogram_signals signals = c::known(chunk, "chunk");
    if (signals.items != s.stream.options().channels) {
      throw_invalid("chunk->items", format_number(signals.items),
                    "the stream's channels, " + format_number(s.stream.options().channels));
    }
    push(s, c::signals_of(signals, s.offsets), is_last(last), features, given(frames, "frames"));
  });
}

sonogram_status sonogram_stream_flush(sonogram_stream* stream, const sonogram_features* features,
                                      int64_t* frames) {
  return guarded([&] {
    sonogram_stream& s = given(stream, "stream");
    Signals nothing;
    nothing.type = s.stream.options().type;
    nothing.items = s.stream.options().channels;
    nothing.item_offsets = s.offsets.data();
    push(s, nothing, true, features, given(frames, "frames"));
  });
}

sonogram_status sonogram_stream_reset(sonogram_stream* stream) {
  return guarded([&] { given(stream, "stream").stream.reset(); });
}

sonogram_status sonogram_stream_latency(const sonogram_stream* stream, int64_t* first,
                                        int64_t* per_frame) {
  return guarded([&] {
    const Latency latency = given(stream, "stream").stream.latency();
    given(first, "first");
    given(per_frame, "per_frame") = latency.per_frame;
    *first = latency.first;
  });
}

sonogram_status sonogram_stream_samples_for(const sonogram_stream* stream, int64_t frames,
                                            int64_t* samples) {
  return guarded([&] {
    const Stream& s = given(stream, "stream").stream;
    given(samples, "samples") = s.samples_for(frames);
  });
}

sonogram_status sonogram_stream_num_frames(const sonogram_stream* stream, int64_t* frames) {
  return guarded([&] { given(frames, "frames") = given(stream, "stream").stream.num_frames(); });
}
