// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "sonogram/spec.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>

#include "core/base/errors.hpp"
#include "core/spec/fields.hpp"
#include "core/spec/finish_table.hpp"
#include "core/spec/window_table.hpp"

namespace sonogram {
namespace {

constexpr std::int64_t max_n_fft = std::int64_t{1} << 24;
constexpr std::int64_t max_count = std::int64_t{1} << 48;
constexpr std::int64_t max_rows = std::int64_t{1} << 20;

void in_range(const char* name, std::int64_t value, std::int64_t low, std::int64_t high) {
  if (value < low || value > high) {
    throw_invalid(name, format_number(value),
                  "from " + format_number(low) + " to " + format_number(high));
  }
}

void finite(const char* name, double value) {
  if (!std::isfinite(value)) throw_invalid(name, format_number(value), "a finite number");
}

void at_least_zero(const char* name, double value) {
  if (!std::isfinite(value) || value < 0)
    throw_invalid(name, format_number(value), "a finite number >= 0");
}

void above_zero(const char* name, double value) {
  if (!std::isfinite(value) || value <= 0)
    throw_invalid(name, format_number(value), "a finite number > 0");
}

void check_length(const Spec& s) {
  if (s.length) in_range("length", *s.length, 1, max_count);
  if (s.min_length) in_range("min_length", *s.min_length, 1, max_count);
  if (s.max_length) in_range("max_length", *s.max_length, 1, max_count);
  if (s.length_step) in_range("length_step", *s.length_step, 1, max_count);
  if (s.length && (s.min_length || s.max_length || s.length_step)) {
    throw_invalid("length", format_number(*s.length),
                  "None where min_length, max_length or length_step is given");
  }
  if (s.min_length && s.max_length && *s.min_length > *s.max_length) {
    throw_invalid("min_length", format_number(*s.min_length),
                  "at most max_length = " + format_number(*s.max_length));
  }
}

void check_condition(const Spec& s) {
  above_zero("sample_rate", s.sample_rate);
  finite("scale", s.scale);
  if (s.clip) above_zero("clip", *s.clip);
  if (s.level) above_zero("level", *s.level);
  at_least_zero("level_eps", s.level_eps);
  finite("preemphasis", s.preemphasis);
  check_length(s);
  in_range("pad", s.pad.first, 0, max_count);
  in_range("pad", s.pad.second, 0, max_count);
}

void check_frame(const Spec& s) {
  in_range("n_fft", s.n_fft, 1, max_n_fft);
  if (s.win_length) {
    if (*s.win_length < 1 || *s.win_length > s.n_fft) {
      throw_invalid("win_length", format_number(*s.win_length),
                    "from 1 to n_fft = " + format_number(s.n_fft) + ", or None for n_fft");
    }
  }
  if (s.hop_length) {
    in_range("hop_length", *s.hop_length, 1, max_count);
  } else if (s.hop() < 1) {
    throw_invalid("hop_length", "None (win_length // 2 = 0)", "at least 1: give hop_length");
  }
  if (s.frame_pad) {
    in_range("frame_pad", s.frame_pad->first, 0, max_count);
    in_range("frame_pad", s.frame_pad->second, 0, max_count);
  }
  if (s.snip_edges && s.frame_pad) {
    throw_invalid(
        "frame_pad",
        "(" + format_number(s.frame_pad->first) + ", " + format_number(s.frame_pad->second) + ")",
        "None where snip_edges is given");
  }
  if (s.frame_span) in_range("frame_span", *s.frame_span, 1, max_count);
  in_range("frame_offset", s.frame_offset, 0, max_count);
  in_range("frame_multiple", s.frame_multiple, 1, max_rows);
  in_range("valid_min", s.valid_min, 0, max_count);
  at_least_zero("dither", s.dither);
  finite("frame_preemphasis", s.frame_preemphasis);
  above_zero("energy_floor", s.energy_floor);
}

void check_window(const Spec& s) {
  const WindowSpec& w = s.window;
  if (!w.samples.empty() || w.name.empty()) {
    if (static_cast<std::int64_t>(w.samples.size()) != s.window_length()) {
      throw_invalid("window",
                    "an array of " + format_number(static_cast<std::int64_t>(w.samples.size())),
                    "win_length = " + format_number(s.window_length()) + " values");
    }
    for (const double v : w.samples) finite("window", v);
  } else {
    check_named_window(w);
  }
}

void check_spectrum(const Spec& s) {
  if (s.power) above_zero("power", *s.power);
  at_least_zero("power_eps", s.power_eps);
  at_least_zero("power_floor", s.power_floor);
  if (s.power) return;
  if (s.filterbank != FilterbankKind::none) {
    throw_invalid("power", "None (a complex spectrum)", "a number > 0 with a filterbank");
  }
  if (s.log != LogKind::none)
    throw_invalid("power", "None (a complex spectrum)", "a number > 0 with a log");
  if (!s.finish.empty()) {
    throw_invalid("power", "None (a complex spectrum)", "a number > 0 with finish stages");
  }
  if (s.energy != Energy::none) {
    throw_invalid("power", "None (a complex spectrum)", "a number > 0 with an energy");
  }
  if (s.dtype != Precision::follow && s.dtype != Precision::float32 &&
      s.dtype != Precision::float64) {
    throw_invalid("power", "None (a complex spectrum)", "a number > 0 with this dtype");
  }
  if (s.power_eps != 0)
    throw_invalid("power_eps", format_number(s.power_eps), "0 for a complex spectrum");
  if (s.power_floor != 0)
    throw_invalid("power_floor", format_number(s.power_floor), "0 for a complex spectrum");
  if (s.gain != 1) throw_invalid("gain", format_number(s.gain), "1 for a complex spectrum");
}

void check_vtln(const Spec& s) {
  above_zero("vtln_warp", s.vtln_warp);
  finite("vtln_low", s.vtln_low);
  finite("vtln_high", s.vtln_high);
  if (s.vtln_warp == 1) return;
  if (s.filterbank != FilterbankKind::mel) {
    throw_invalid("vtln_warp", format_number(s.vtln_warp), "1 where filterbank is not 'mel'");
  }
  const double high = s.f_max.value_or(s.nyquist());
  const double top = s.vtln_high > 0 ? s.vtln_high : s.nyquist() + s.vtln_high;
  if (s.vtln_low <= s.f_min || s.vtln_low >= high) {
    throw_invalid("vtln_low", format_number(s.vtln_low),
                  "between f_min = " + format_number(s.f_min) +
                      " and f_max = " + format_number(high) + " Hz");
  }
  if (top <= s.vtln_low || top >= high) {
    throw_invalid("vtln_high", format_number(s.vtln_high),
                  "between vtln_low = " + format_number(s.vtln_low) + " and f_max = " +
                      format_number(high) + " Hz (negative: from the Nyquist frequency down)");
  }
}

void check_octaves(const Spec& s) {
  if (s.f_min <= 0)
    throw_invalid("f_min", format_number(s.f_min), "above 0 Hz for filterbank='log'");
  const double octaves = static_cast<double>(s.n_mels) / s.bins_per_octave;
  if (!std::isfinite(s.f_min * std::exp2(octaves))) {
    throw_invalid("bins_per_octave", format_number(s.bins_per_octave),
                  "so large that the last of n_mels = " + format_number(s.n_mels) +
                      " bands has a finite frequency");
  }
}

// An area in Hz is that of a drawn band.
void check_norm(const Spec& s) {
  if (s.norm != Norm::slaney) return;
  if (s.filterbank == FilterbankKind::chroma || s.filterbank == FilterbankKind::matrix) {
    throw_invalid("norm", "'slaney'", "None, 'l1', 'l2' or 'max' for chroma or a matrix");
  }
}

void check_bands(const Spec& s) {
  finite("tuning", s.tuning);
  finite("chroma_octave", s.chroma_octave);
  if (s.chroma_width) above_zero("chroma_width", *s.chroma_width);
  above_zero("bins_per_octave", s.bins_per_octave);
  at_least_zero("f_min", s.f_min);
  const double high = s.f_max.value_or(s.nyquist());
  if (s.f_max && (!std::isfinite(high) || high <= 0 || high > s.nyquist())) {
    throw_invalid(
        "f_max", format_number(high),
        "above 0 and at most the Nyquist frequency " + format_number(s.nyquist()) + " Hz");
  }
  if (s.f_min >= high) {
    throw_invalid("f_min", format_number(s.f_min), "below f_max = " + format_number(high) + " Hz");
  }
  if (s.filterbank == FilterbankKind::log) check_octaves(s);
  if (s.filterbank == FilterbankKind::chroma && std::fabs(s.tuning) > double(s.n_mels)) {
    throw_invalid("tuning", format_number(s.tuning),
                  "within one octave, n_mels = " + format_number(s.n_mels));
  }
  check_vtln(s);
}

// Fields that only bands use. Without bands they would be ignored, and the intention lost.
struct NoBands {
  template <class V>
  void operator()(const char* name, const V& value, const V& unset) const {
    if (!(value == unset)) refuse(name, shown(value));
  }
  template <class E>
  void operator()(const char* name, E value, E unset, const Words<E>& words) const {
    if (value == unset) return;
    for (const auto& [word, meaning] : words) {
      if (meaning == value) refuse(name, word == nullptr ? "None" : "'" + std::string(word) + "'");
    }
  }

 private:
  template <class V>
  static std::string shown(const V& value) {
    return format_number(value);
  }
  template <class V>
  static std::string shown(const std::optional<V>& value) {
    return value ? format_number(*value) : "None";
  }
  [[noreturn]] static void refuse(const std::string& name, const std::string& value) {
    throw std::invalid_argument(
        name + " is " + value +
        " without a filterbank, which would ignore it; give filterbank='mel' (or 'linear', "
        "'bark', 'erb', 'log', 'chroma' or a matrix) as well, or leave " +
        name + " at its default");
  }
};

void check_no_bands(const Spec& s) {
  const Spec d;
  constexpr NoBands unused{};
  unused("n_mels", s.n_mels, d.n_mels);
  unused("f_min", s.f_min, d.f_min);
  unused("f_max", s.f_max, d.f_max);
  unused("mel_scale", s.mel_scale, d.mel_scale, words::mel_scale);
  unused("bark_scale", s.bark_scale, d.bark_scale, words::bark_scale);
  unused("norm", s.norm, d.norm, words::norm);
  unused("filterbank_sample_rate", s.filterbank_sample_rate, d.filterbank_sample_rate);
  unused("triangle", s.triangle, d.triangle, words::triangle);
  unused("filter_shape", s.filter_shape, d.filter_shape, words::filter_shape);
  unused("vtln_warp", s.vtln_warp, d.vtln_warp);
  unused("vtln_low", s.vtln_low, d.vtln_low);
  unused("vtln_high", s.vtln_high, d.vtln_high);
  unused("bins_per_octave", s.bins_per_octave, d.bins_per_octave);
  unused("tuning", s.tuning, d.tuning);
  unused("chroma_octave", s.chroma_octave, d.chroma_octave);
  unused("chroma_width", s.chroma_width, d.chroma_width);
}

// Numbers, whether a band uses them or not: a NaN is not equal to itself, nor is then the spec.
void check_numbers_of_bands(const Spec& s) {
  finite("f_min", s.f_min);
  if (s.f_max) finite("f_max", *s.f_max);
  finite("vtln_warp", s.vtln_warp);
  finite("vtln_low", s.vtln_low);
  finite("vtln_high", s.vtln_high);
  finite("bins_per_octave", s.bins_per_octave);
  finite("tuning", s.tuning);
  finite("chroma_octave", s.chroma_octave);
  if (s.chroma_width) finite("chroma_width", *s.chroma_width);
}

void check_filterbank(const Spec& s) {
  check_numbers_of_bands(s);
  if (s.filterbank == FilterbankKind::none) return check_no_bands(s);
  if (s.filterbank_sample_rate) above_zero("filterbank_sample_rate", *s.filterbank_sample_rate);
  check_norm(s);
  if (s.filterbank == FilterbankKind::matrix) {
    if (s.matrix.empty())
      throw_invalid("filterbank", "a matrix without rows", "[n_mels, n_freqs] values");
    for (const auto& row : s.matrix) {
      if (static_cast<std::int64_t>(row.size()) != s.n_freqs()) {
        throw_invalid("filterbank",
                      "a row of " + format_number(static_cast<std::int64_t>(row.size())),
                      "rows of n_fft // 2 + 1 = " + format_number(s.n_freqs()) + " values");
      }
      for (const double v : row) finite("filterbank", v);
    }
    return;
  }
  in_range("n_mels", s.n_mels, 1, max_rows);
  check_bands(s);
}

void check_compress(const Spec& s) {
  finite("gain", s.gain);
  at_least_zero("floor", s.floor);
  at_least_zero("eps", s.eps);
  finite("exponent", s.exponent);
}

// The requirements of stages on each other and on other fields.
void check_finish(const Spec& s) {
  bool has_energy = false, reshaped = false;
  for (std::size_t i = 0; i < s.finish.size(); ++i) {
    const FinishStage& stage = s.finish[i];
    check_stage(stage);
    if (stage.kind == FinishKind::patches && i + 1 < s.finish.size()) {
      throw_invalid("finish", "with stages after 'patches'", "a tuple with 'patches' last");
    }
    if (stage.kind == FinishKind::energy) {
      if (s.energy == Energy::none) {
        throw_invalid("finish", "an 'energy' stage with energy=None",
                      "without it, or energy 'raw' or 'windowed'");
      }
      if (has_energy) throw_invalid("finish", "with two 'energy' stages", "given one at most");
      if (reshaped) {
        throw_invalid("finish", "an 'energy' stage after stages that change frames or append rows",
                      "given with 'energy' before them");
      }
      has_energy = true;
    }
    reshaped = reshaped || traits_of(stage).changes_shape;
  }
}

void check_output(const Spec& s) {
  if (s.output == Output::spectrum) return;
  if (!s.finish.empty()) {
    throw_invalid("output", "'waveform'", "'spectrum' where finish has stages");
  }
  if (s.energy != Energy::none || s.filterbank != FilterbankKind::none || s.log != LogKind::none) {
    throw_invalid("output", "'waveform'", "'spectrum' where energy, filterbank or log is given");
  }
}

}  // namespace

std::int64_t Spec::n_rows() const {
  if (filterbank == FilterbankKind::none) return n_freqs();
  return filterbank == FilterbankKind::matrix ? static_cast<std::int64_t>(matrix.size()) : n_mels;
}

namespace {

// An enumeration of C++ may hold any number.
struct CheckWords {
  template <class V>
  void operator()(const char*, const V&) const {}
  void operator()(const char* name, Normalized v) const {
    if (v < Normalized::none || v > Normalized::frame_length) refuse(name, v);
  }
  template <class E>
  void operator()(const char* name, E v, const Words<E>& words) const {
    if (!among(v, words)) refuse(name, v);
  }
  void operator()(const char* name, const std::pair<PadMode, PadMode>& v,
                  const Words<PadMode>& words) const {
    if (!among(v.first, words)) refuse(name, v.first);
    if (!among(v.second, words)) refuse(name, v.second);
  }
  void operator()(const char* name, FilterbankKind v, const std::vector<std::vector<double>>&,
                  const Words<FilterbankKind>& words) const {
    if (v != FilterbankKind::matrix && !among(v, words)) refuse(name, v);
  }

 private:
  template <class E>
  static bool among(E v, const Words<E>& words) {
    return std::any_of(words.begin(), words.end(), [v](const auto& w) { return w.second == v; });
  }
  template <class E>
  [[noreturn]] static void refuse(const char* name, E v) {
    throw_invalid(name, format_number(static_cast<std::int64_t>(v)), "one of its enumeration");
  }
};

}  // namespace

bool computes_in_double(const Spec& spec, Precision result) {
  return result == Precision::float64 || spec.compute_dtype == Precision::float64;
}

void validate(const Spec& spec) {
  visit_fields(spec, CheckWords());
  check_condition(spec);
  check_frame(spec);
  check_window(spec);
  check_spectrum(spec);
  check_filterbank(spec);
  check_compress(spec);
  check_finish(spec);
  check_output(spec);
}

}  // namespace sonogram
