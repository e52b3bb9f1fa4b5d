// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "sonogram/spec.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>

#include "core/base/errors.hpp"
#include "core/spec/band_fields.hpp"
#include "core/spec/fields.hpp"
#include "core/spec/finish_table.hpp"
#include "core/spec/window_table.hpp"

namespace sonogram {
namespace {

// Checks each field by itself: the range of numbers, and that enumerations hold a value that they
// name, because in C++ they can hold any number.
struct CheckField {
  template <class V>
  void operator()(const Field&, const V&) const {}  // flags, the seed, and fields checked below
  void operator()(const Field& f, double v) const {
    const Range& r = f.range;
    if (std::isfinite(v) && v >= r.low && v <= r.high && !(r.above_low && v == r.low)) return;
    throw_invalid(f.name, format_number(v), allowed_values(r));
  }
  void operator()(const Field& f, std::int64_t v) const {
    if (static_cast<double>(v) >= f.range.low && static_cast<double>(v) <= f.range.high) return;
    throw_invalid(f.name, format_number(v), allowed_values(f.range));
  }
  void operator()(const Field& f, const std::pair<std::int64_t, std::int64_t>& v) const {
    (*this)(f, v.first);
    (*this)(f, v.second);
  }
  template <class V>
  void operator()(const Field& f, const std::optional<V>& v) const {
    if (v) (*this)(f, *v);
  }
  void operator()(const Field& f, Normalized v) const {
    if (v != Normalized::none) (*this)(f, v, words::normalized);
  }
  template <class E>
  void operator()(const Field& f, E v, const Words<E>& words) const {
    const auto is_v = [v](const auto& word) { return word.second == v; };
    if (std::any_of(words.begin(), words.end(), is_v)) return;
    throw_invalid(f.name, format_number(static_cast<std::int64_t>(v)), "one of its enumeration");
  }
  void operator()(const Field& f, const std::pair<PadMode, PadMode>& v,
                  const Words<PadMode>& words) const {
    (*this)(f, v.first, words);
    (*this)(f, v.second, words);
  }
  void operator()(const Field& f, FilterbankKind v, const std::vector<std::vector<double>>&,
                  const Words<FilterbankKind>& words) const {
    if (v != FilterbankKind::matrix) (*this)(f, v, words);
  }
};

void finite(const char* name, double value) {
  if (!std::isfinite(value)) throw_invalid(name, format_number(value), "a finite number");
}

void check_length(const Spec& s) {
  if (s.length && (s.min_length || s.max_length || s.length_step)) {
    throw_invalid("length", format_number(*s.length),
                  "None where min_length, max_length or length_step is given");
  }
  if (s.min_length && s.max_length && *s.min_length > *s.max_length) {
    throw_invalid("min_length", format_number(*s.min_length),
                  "at most max_length = " + format_number(*s.max_length));
  }
}

void check_frame(const Spec& s) {
  if (s.win_length && *s.win_length > s.n_fft) {
    throw_invalid("win_length", format_number(*s.win_length),
                  "from 1 to n_fft = " + format_number(s.n_fft) + ", or None for n_fft");
  }
  if (s.hop() < 1) {
    throw_invalid("hop_length", "None (win_length // 2 = 0)", "at least 1: give hop_length");
  }
  if (s.snip_edges && s.frame_pad) {
    throw_invalid(
        "frame_pad",
        "(" + format_number(s.frame_pad->first) + ", " + format_number(s.frame_pad->second) + ")",
        "None where snip_edges is given");
  }
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
  if (s.vtln_warp == 1) return;
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
  const double high = s.f_max.value_or(s.nyquist());
  if (s.f_max && high > s.nyquist()) {
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

void check_filterbank(const Spec& s) {
  check_unread_bands(s);
  if (s.filterbank == FilterbankKind::none) return;
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
  check_bands(s);
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

bool computes_in_double(const Spec& spec, Precision result) {
  return result == Precision::float64 || spec.compute_dtype == Precision::float64;
}

void validate(const Spec& spec) {
  visit_fields(spec, CheckField());
  check_length(spec);
  check_frame(spec);
  check_window(spec);
  check_spectrum(spec);
  check_filterbank(spec);
  check_finish(spec);
  check_output(spec);
}

}  // namespace sonogram
