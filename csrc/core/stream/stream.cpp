// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "sonogram/stream.hpp"

#include <stdexcept>
#include <utility>

#include "core/base/errors.hpp"
#include "core/finish/output_layout.hpp"
#include "core/spec/fields.hpp"
#include "core/stream/channel.hpp"

namespace sonogram {
namespace {

// Also of a value that the enumeration does not name.
std::string text_of(Precision precision) {
  if (precision == Precision::follow) return "follow";
  const char* word = word_of(precision, words::dtype);
  return word != nullptr ? word : format_number(static_cast<std::int64_t>(precision));
}

// The least number of samples after which frames_of gives so many; -1 where none is enough.
template <class F>
std::int64_t least_samples(std::int64_t frames, const F& frames_of) {
  constexpr std::int64_t longest = std::int64_t{1} << 50;
  std::int64_t low = -1, high = 1;
  while (high < longest && frames_of(high) < frames) low = high, high *= 2;
  if (high >= longest) return -1;
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (frames_of(middle) < frames ? low : high) = middle;
  }
  return high;
}

}  // namespace

class Stream::Impl {
 public:
  Impl(const Spec& spec, const StreamOptions& options)
      : parts(spec, options, path_of(spec, options)) {}
  virtual ~Impl() = default;
  virtual std::int64_t ready(std::int64_t samples) const = 0;
  virtual std::int64_t total(std::int64_t samples) const = 0;
  // As `ready`, from the signal's beginning, whatever has been pushed.
  virtual std::int64_t ready_after(std::int64_t samples) const = 0;
  virtual std::int64_t step() const = 0;
  virtual void reset() = 0;
  virtual void push(const Signals& chunk, const Features& out, std::int64_t frames, bool last) = 0;

  std::int64_t next_frames(std::int64_t count, bool last) const {
    if (count < 0) throw_invalid("samples", format_number(count), "at least 0");
    const std::int64_t total = samples + count;
    return (last ? this->total(total) : ready(total)) - returned;
  }
  // Memory for so many frames.
  void check(const Features& out, std::int64_t frames) const {
    if (frames == 0 || parts.options.channels == 0) return;
    if (out.precision != parts.precision) {
      throw_invalid("features.precision", text_of(out.precision),
                    text_of(parts.precision) + " here");
    }
    if (out.data == nullptr) {
      throw_invalid("features.data", "null", "a pointer to " + format_number(frames) + " frames");
    }
  }
  void check(const Signals& chunk) const {
    if (pushing) throw std::invalid_argument("the stream is in the middle of a push");
    if (cut_short) {
      throw std::invalid_argument(
          "a push of the stream was stopped before its end, and what it took is lost; reset the "
          "stream before the next push");
    }
    if (ended) throw std::invalid_argument("the stream has ended; reset it before the next push");
    if (chunk.items != parts.options.channels) {
      throw_invalid("chunk", "of " + format_number(chunk.items) + " channels",
                    "of " + format_number(parts.options.channels));
    }
    if (chunk.type != parts.options.type) {
      throw_invalid("chunk.type", text_of(chunk.type),
                    std::string("the stream's, ") + text_of(parts.options.type));
    }
    if (chunk.samples < 0)
      throw_invalid("chunk", format_number(chunk.samples) + " samples", "at least 0");
    if (chunk.data == nullptr && chunk.samples > 0 && chunk.items > 0) {
      throw_invalid("chunk.data", "null",
                    "a pointer to " + format_number(chunk.samples) + " samples");
    }
  }

  StreamParts parts;
  Latency latency{-1, 0};
  std::int64_t samples = 0, returned = 0;
  bool ended = false;
  bool pushing = false, cut_short = false;
};

// While a push is at work; one that does not come to its end leaves a stream that is cut short.
template <class Flags>
class Pushing {
 public:
  explicit Pushing(Flags& flags) : flags_(flags) { flags_.pushing = flags_.cut_short = true; }
  ~Pushing() { flags_.pushing = false; }
  Pushing(const Pushing&) = delete;
  Pushing& operator=(const Pushing&) = delete;
  void done() { flags_.cut_short = false; }

 private:
  Flags& flags_;
};

template <class T>
class Stream::ImplOf final : public Stream::Impl {
 public:
  ImplOf(const Spec& spec, const StreamOptions& options) : Impl(spec, options), shared_(parts) {
    for (std::int64_t c = 0; c < options.channels; ++c) {
      channels_.push_back(std::make_unique<StreamChannel<T>>(shared_, c));
    }
    // Frames are counted without channels too, as the Extractor counts those of no items.
    if (options.channels == 0) {
      channels_.push_back(std::make_unique<StreamChannel<T>>(shared_, StreamChannel<T>::none));
    }
    latency.first = least_samples(1, [this](std::int64_t n) { return ImplOf::ready(n); });
    latency.per_frame = shared_.step();
  }
  std::int64_t ready_after(std::int64_t n) const override {
    return channels_.front()->ready_after(n);
  }
  std::int64_t ready(std::int64_t n) const override { return channels_.front()->ready(n); }
  // As the Extractor counts them. What its stages ask of the whole signal is known here, however
  // few frames there are.
  std::int64_t total(std::int64_t n) const override {
    const Framing framing = frame_signal(parts.spec, n);
    if (parts.spec.output == Output::waveform) return framing.length;
    const StageChain<T>& chain = shared_.chain();
    return item_frames(parts.spec, chain.rows(), chain.frames(framing.frames));
  }
  std::int64_t step() const override { return shared_.step(); }
  void reset() override {
    for (auto& channel : channels_) channel->reset();
  }
  void push(const Signals& chunk, const Features& out, std::int64_t frames, bool last) override {
    const std::int64_t bytes = shared_.values_of(frames) * bytes_of(parts.precision);
    for (std::size_t c = 0; c < static_cast<std::size_t>(parts.options.channels); ++c) {
      Signals one = chunk;
      if (chunk.item_offsets != nullptr) {
        one.data = static_cast<const char*>(chunk.data) + chunk.item_offsets[c];
      }
      channels_[c]->push(one, static_cast<char*>(out.data) + static_cast<std::int64_t>(c) * bytes,
                         frames, last);
    }
  }

 private:
  StreamShared<T> shared_;
  std::vector<std::unique_ptr<StreamChannel<T>>> channels_;
};

Stream::Stream(const Spec& spec, const StreamOptions& options) {
  check_substitutes(spec, options);
  if (is_wide(spec, options.type)) impl_ = std::make_unique<ImplOf<double>>(spec, options);
  else impl_ = std::make_unique<ImplOf<float>>(spec, options);
}

Stream::~Stream() = default;

const Spec& Stream::spec() const { return impl_->parts.spec; }
const StreamOptions& Stream::options() const { return impl_->parts.options; }
std::int64_t Stream::num_rows() const { return impl_->parts.extractor.num_rows(); }
bool Stream::is_complex() const { return impl_->parts.extractor.is_complex(); }
Precision Stream::precision() const { return impl_->parts.precision; }
Latency Stream::latency() const { return impl_->latency; }

std::int64_t Stream::samples_for(std::int64_t frames) const {
  if (frames < 0) throw_invalid("frames", format_number(frames), "at least 0");
  if (frames == 0) return 0;
  return least_samples(frames, [this](std::int64_t n) { return impl_->ready_after(n); });
}

std::int64_t Stream::num_frames() const { return impl_->returned; }
bool Stream::ended() const { return impl_->ended; }

std::int64_t Stream::next_frames(std::int64_t samples, bool last) const {
  return impl_->next_frames(samples, last);
}

std::size_t Stream::shape(std::int64_t frames, std::int64_t* dims) const {
  const Spec& s = impl_->parts.spec;
  dims[0] = frames;
  if (s.output == Output::waveform) return 1;
  if (const auto p = patches_of(s)) {
    dims[1] = p->height;
    dims[2] = p->width;
    return 3;
  }
  dims[1] = num_rows();
  if (s.layout == Layout::freq_time) std::swap(dims[0], dims[1]);
  return 2;
}

std::vector<std::int64_t> Stream::item_shape(std::int64_t samples) const {
  if (samples < 0) throw_invalid("samples", format_number(samples), "at least 0");
  return shape(impl_->total(samples));
}

std::vector<std::int64_t> Stream::shape(std::int64_t frames) const {
  std::int64_t dims[3];
  const std::size_t count = shape(frames, dims);
  return {dims, dims + count};
}

std::int64_t Stream::push(const Signals& chunk, const Features& out, bool last) {
  Impl& s = *impl_;
  s.check(chunk);
  std::int64_t frames = 0;
  try {
    frames = s.next_frames(chunk.samples, last);
  } catch (...) {
    s.ended = true;
    throw;
  }
  s.check(out, frames);
  std::int64_t dims[3] = {1, 1, 1};
  shape(frames, dims);
  check_capacity(out, {s.parts.options.channels, dims[0], dims[1], dims[2], is_complex() ? 2 : 1});
  Pushing<Impl> pushing(s);
  s.push(chunk, out, frames, last);
  pushing.done();
  s.samples += chunk.samples;
  s.returned += frames;
  s.ended = last;
  return frames;
}

std::int64_t Stream::flush(const Features& out) {
  Signals nothing;
  nothing.type = impl_->parts.options.type;
  nothing.items = impl_->parts.options.channels;
  return push(nothing, out, true);
}

void Stream::reset() {
  if (impl_->pushing) throw std::invalid_argument("the stream is in the middle of a push");
  impl_->reset();
  impl_->samples = impl_->returned = 0;
  impl_->ended = impl_->cut_short = false;
}

}  // namespace sonogram
