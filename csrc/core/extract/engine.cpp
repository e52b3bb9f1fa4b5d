// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "core/extract/engine.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/dispatch.hpp"
#include "core/base/threads.hpp"
#include "core/base/workspace.hpp"

namespace sonogram {
namespace {

// torch.stft's "frame_length" divides by sqrt(n_fft), torchaudio's "window" by the window's norm.
double normalisation(const Spec& s, const std::vector<double>& window) {
  if (s.normalized == Normalized::none) return 1.0;
  if (s.normalized == Normalized::frame_length) return 1.0 / std::sqrt(double(s.n_fft));
  long double sum = 0;
  for (const double w : window) sum += static_cast<long double>(w) * w;
  return static_cast<double>(1.0L / std::sqrt(sum));
}

// Where a hop is a few windows at the most, frames are read where they lie.
std::int64_t spacing_of(const Spec& s) {
  constexpr std::int64_t most_lanes = 16;
  const std::int64_t packed = (s.window_length() + most_lanes - 1) / most_lanes * most_lanes;
  return s.hop() > 4 * std::max(s.n_fft, most_lanes) ? packed : s.hop();
}

template <class T>
struct Rows {
  std::vector<std::int32_t> first, length;
  std::vector<T> weights;
};

template <class T>
Rows<T> sparse_rows(const std::vector<double>& bank, std::int64_t rows, std::int64_t bins) {
  Rows<T> out;
  for (std::int64_t m = 0; m < rows; ++m, go_on()) {
    const double* row = bank.data() + m * bins;
    std::int64_t a = 0, b = bins;
    while (a < b && row[a] == 0) ++a;
    while (b > a && row[b - 1] == 0) --b;
    out.first.push_back(static_cast<std::int32_t>(a < b ? a : 0));
    out.length.push_back(static_cast<std::int32_t>(b - a));
    for (std::int64_t k = a; k < b; ++k) out.weights.push_back(static_cast<T>(row[k]));
  }
  return out;
}

}  // namespace

template <class T>
Extractor::Engine<T>::Engine(const Spec& spec, const std::vector<double>& window,
                             const std::vector<double>& bank, const StageChain<T>& chain)
    : spec_(spec),
      kernel_(operations<T>()),
      finish_(plan_finish(spec)),
      chain_(chain),
      spacing_(spacing_of(spec)) {
  kernel::Params<T> p;
  p.n_fft = spec.n_fft;
  p.hop = spacing_;
  p.win_offset = window_offset(spec);
  p.win_length = spec.window_length();
  const double norm = normalisation(spec, window) * (scale_is_linear(spec) ? spec.scale : 1.0);
  std::vector<T> samples(window.size());
  for (std::size_t i = 0; i < window.size(); ++i) samples[i] = static_cast<T>(window[i] * norm);
  p.window = samples.data();
  p.remove_dc = spec.remove_dc;
  p.frame_preemphasis = static_cast<T>(spec.frame_preemphasis);
  set_energy(spec, p);
  if (!spec.power) {
    p.spectrum = kernel::Spectrum::complex_values;
  } else if (*spec.power == 1.0) {
    p.spectrum = kernel::Spectrum::magnitude;
  } else if (*spec.power != 2.0) {
    p.spectrum = kernel::Spectrum::exponent;
    p.exponent = *spec.power;
  }
  p.power_eps = static_cast<T>(spec.power_eps);
  p.power_floor = static_cast<T>(spec.power_floor);
  Rows<T> rows;
  if (!bank.empty()) {
    rows = sparse_rows<T>(bank, spec.n_rows(), spec.n_freqs());
    p.n_bands = spec.n_rows();
    p.first = rows.first.data();
    p.length = rows.length.data();
    p.weights = rows.weights.data();
  }
  set_compress(spec, p);
  plan_ = kernel_.create(p);
  block_ = kernel_.block_frames(plan_);
  scratch_ = (kernel_.scratch_bytes(plan_) + 63) / 64 * 64;
}

template <class T>
Extractor::Engine<T>::~Engine() {
  kernel_.destroy(plan_);
}

// The window carries a linear scale, so that a raw energy, measured before it, needs its square.
template <class T>
void Extractor::Engine<T>::set_energy(const Spec& spec, kernel::Params<T>& p) {
  if (spec.energy == Energy::none) return;
  const bool raw = spec.energy == Energy::raw;
  p.energy = raw ? kernel::Energy::raw : kernel::Energy::windowed;
  const double scale = raw && scale_is_linear(spec) ? spec.scale : 1.0;
  p.energy_scale = static_cast<T>(scale * scale);
  p.energy_floor = static_cast<T>(spec.energy_floor);
  p.log_of_energy_floor = static_cast<T>(std::log(static_cast<long double>(spec.energy_floor)));
}

template <class T>
void Extractor::Engine<T>::set_compress(const Spec& spec, kernel::Params<T>& p) {
  p.gain = static_cast<T>(spec.gain);
  p.floor = static_cast<T>(spec.floor);
  p.eps = static_cast<T>(spec.eps);
  constexpr long double ln10 = 2.302585092994045684017991454684364208L;
  long double scale = 1;
  if (spec.log == LogKind::log10) scale = 1 / ln10;
  if (spec.log == LogKind::db) scale = (spec.power && *spec.power == 1.0 ? 20 : 10) / ln10;
  if (spec.log == LogKind::log1p) {
    p.log = kernel::Log::log1p;
  } else if (spec.log == LogKind::power) {
    p.log = kernel::Log::power;
    p.log_exponent = spec.exponent;
  } else if (spec.log == LogKind::piecewise) {
    p.log = kernel::Log::piecewise;
  } else if (spec.log != LogKind::none) {
    p.log = kernel::Log::ln;
    const long double low = static_cast<long double>(spec.floor) + spec.eps;
    const long double log10_low = std::log10(low);
    // log10 itself is exact at powers of ten, where a product with 1/ln(10) need not be
    p.log_of_floor =
        static_cast<T>(spec.log == LogKind::ln      ? std::log(low)
                       : spec.log == LogKind::log10 ? log10_low
                                                    : std::round(scale * ln10) * log10_low);
  }
  p.log_scale = static_cast<double>(scale);
  p.affine = finish_.fused_affine;
  p.affine_scale = static_cast<T>(finish_.scale);
  p.affine_offset = static_cast<T>(finish_.offset);
  p.track_range = finish_.needs_range;
}

template <class T>
kernel::Job<T> Extractor::Engine<T>::job_at(const Target& target, std::int64_t frame,
                                            std::int64_t frames) const {
  const std::int64_t elements = spec_.power ? 1 : 2;
  kernel::Job<T> job;
  job.frames = frames;
  job.out = target.base + (frame - target.first) * target.frame_stride * elements;
  job.row_stride = target.row_stride;
  job.frame_stride = target.frame_stride;
  job.maximum = -std::numeric_limits<T>::infinity();
  job.minimum = std::numeric_limits<T>::infinity();
  return job;
}

template <class T>
void Extractor::Engine<T>::run_frames(const Item& item, const Target& target,
                                      const ConditionedSignal<T>& source, std::int64_t frame,
                                      std::int64_t frames, Range& range) const {
  kernel::Job<T> job = job_at(target, frame, frames);
  const std::size_t copy = sizeof(T) * static_cast<std::size_t>(samples_of(frames));
  char* memory = static_cast<char*>(thread_scratch(scratch_ + copy));
  job.samples = gather(item.framing.first_read + frame * spec_.hop(), frames,
                       reinterpret_cast<T*>(memory + scratch_),
                       [&](std::int64_t begin, std::int64_t count, std::int64_t readable, T* to) {
                         return source.at(begin, count, readable, to);
                       });
  kernel_.run(plan_, job, memory);
  if (job.maximum > range.maximum || job.maximum != job.maximum) range.maximum = job.maximum;
  if (job.minimum < range.minimum) range.minimum = job.minimum;
}

// A block whose ends reach into the padding is cut, by whole tiles, into an inner part that is read
// in place and ends that are copied.
template <class T>
void Extractor::Engine<T>::run_block(const Item& item, const Target& target, std::int64_t frame,
                                     Range& range) const {
  const std::int64_t all = std::min(block_, item.framing.frames - frame);
  const std::int64_t frames = std::min(all, frames_until_silence(item.framing, frame));
  const ConditionedSignal<T> source(spec_, item.framing, item.data, item.type, item.stride,
                                    item.statistics);
  range = {-std::numeric_limits<T>::infinity(), std::numeric_limits<T>::infinity()};
  const std::int64_t tile = kernel_.tile_frames(plan_), hop = spec_.hop();
  const auto fits = [&](std::int64_t begin, std::int64_t end) {
    return hop == spacing_ && source.in_place(item.framing.first_read + (frame + begin) * hop) >=
                                  kernel_.readable(plan_, end - begin);
  };
  std::int64_t inner = 0, outer = frames;
  if (!fits(0, frames)) {
    while (inner < frames && !fits(inner, inner + tile)) inner += tile;
    outer = inner;
    while (outer + tile <= frames && fits(inner, outer + tile)) outer += tile;
  }
  if (outer <= inner) inner = outer = 0;
  if (inner > 0) run_frames(item, target, source, frame, inner, range);
  if (outer > inner) run_frames(item, target, source, frame + inner, outer - inner, range);
  if (outer < frames) run_frames(item, target, source, frame + outer, frames - outer, range);
  if (frames < all) fill_silence(target, frame + frames, all - frames, range);
}

// How many frames from `frame` on read something else than zeros that are there for sure.
template <class T>
std::int64_t Extractor::Engine<T>::frames_until_silence(const Framing& framing,
                                                        std::int64_t frame) const {
  const std::int64_t silent = silent_from(spec_, framing), hop = spec_.hop();
  if (silent == no_position) return framing.frames;
  const std::int64_t ahead = silent - (framing.first_read + frame * hop);
  return ahead <= 0 ? 0 : (ahead + hop - 1) / hop;
}

// One frame of zeros as the kernel gives it.
template <class T>
const typename Extractor::Engine<T>::Silence& Extractor::Engine<T>::silence() const {
  std::call_once(silence_once_, [this] {
    const std::int64_t elements = spec_.power ? 1 : 2;
    silence_.values.resize(static_cast<std::size_t>(raw_rows() * elements));
    const std::vector<T> zeros(static_cast<std::size_t>(kernel_.readable(plan_, 1)), T(0));
    kernel::Job<T> job = job_at({silence_.values.data(), 1, raw_rows()}, 0, 1);
    job.samples = zeros.data();
    kernel_.run(plan_, job, thread_scratch(scratch_));
    silence_.range = {job.maximum, job.minimum};
  });
  return silence_;
}

template <class T>
void Extractor::Engine<T>::fill_silence(const Target& target, std::int64_t frame,
                                        std::int64_t frames, Range& range) const {
  const Silence& one = silence();
  const std::int64_t elements = spec_.power ? 1 : 2, rows = raw_rows();
  for (std::int64_t m = 0; m < rows; ++m) {
    for (std::int64_t e = 0; e < elements; ++e) {
      const T value = one.values[static_cast<std::size_t>(m * elements + e)];
      const std::int64_t at = (frame - target.first) * target.frame_stride + m * target.row_stride;
      T* to = target.base + at * elements + e;
      for (std::int64_t t = 0; t < frames; ++t) to[t * target.frame_stride * elements] = value;
    }
  }
  range.maximum = range.maximum < one.range.maximum ? one.range.maximum : range.maximum;
  range.minimum = std::min(range.minimum, one.range.minimum);
}

template class Extractor::Engine<float>;
template class Extractor::Engine<double>;

}  // namespace sonogram
