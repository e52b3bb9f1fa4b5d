// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include "sonogram/spec.hpp"

#include <cmath>

#include "text.hpp"

namespace sonogram {
namespace {

constexpr std::int64_t max_n_fft = std::int64_t{1} << 24;
constexpr std::int64_t max_count = std::int64_t{1} << 48;
constexpr std::int64_t max_rows = std::int64_t{1} << 20;

void in_range(const char* name, std::int64_t value, std::int64_t low, std::int64_t high) {
  if (value < low || value > high) {
    invalid(name, number(value), "from " + number(low) + " to " + number(high));
  }
}

void finite(const char* name, double value) {
  if (!std::isfinite(value)) invalid(name, number(value), "a finite number");
}

void at_least_zero(const char* name, double value) {
  if (!std::isfinite(value) || value < 0) invalid(name, number(value), "a finite number >= 0");
}

void above_zero(const char* name, double value) {
  if (!std::isfinite(value) || value <= 0) invalid(name, number(value), "a finite number > 0");
}

void check_condition(const Spec& s) {
  above_zero("sample_rate", s.sample_rate);
  finite("scale", s.scale);
  if (s.clip) above_zero("clip", *s.clip);
  finite("preemphasis", s.preemphasis);
  if (s.length) in_range("length", *s.length, 1, max_count);
  in_range("pad", s.pad.first, 0, max_count);
  in_range("pad", s.pad.second, 0, max_count);
}

void check_frame(const Spec& s) {
  in_range("n_fft", s.n_fft, 1, max_n_fft);
  if (s.win_length) {
    if (*s.win_length < 1 || *s.win_length > s.n_fft) {
      invalid("win_length", number(*s.win_length),
              "from 1 to n_fft = " + number(s.n_fft) + ", or None for n_fft");
    }
  }
  if (s.hop_length) {
    in_range("hop_length", *s.hop_length, 1, max_count);
  } else if (s.hop() < 1) {
    invalid("hop_length", "None (win_length // 2 = 0)", "at least 1: give hop_length");
  }
  if (s.frame_pad) {
    in_range("frame_pad", s.frame_pad->first, 0, max_count);
    in_range("frame_pad", s.frame_pad->second, 0, max_count);
  }
  if (s.snip_edges && s.frame_pad) {
    invalid("frame_pad",
            "(" + number(s.frame_pad->first) + ", " + number(s.frame_pad->second) + ")",
            "None where snip_edges is given");
  }
  at_least_zero("dither", s.dither);
  finite("frame_preemphasis", s.frame_preemphasis);
}

void check_window(const Spec& s) {
  const WindowSpec& w = s.window;
  if (!w.samples.empty() || w.name.empty()) {
    if (static_cast<std::int64_t>(w.samples.size()) != s.window_length()) {
      invalid("window", "an array of " + number(static_cast<std::int64_t>(w.samples.size())),
              "win_length = " + number(s.window_length()) + " values");
    }
    for (const double v : w.samples) finite("window", v);
  }
}

void check_spectrum(const Spec& s) {
  if (s.power) above_zero("power", *s.power);
  at_least_zero("power_eps", s.power_eps);
  at_least_zero("power_floor", s.power_floor);
  if (s.power) return;
  if (s.filterbank != FilterbankKind::none) {
    invalid("power", "None (a complex spectrum)", "a number > 0 with a filterbank");
  }
  if (s.log != LogKind::none)
    invalid("power", "None (a complex spectrum)", "a number > 0 with a log");
  if (!s.finish.empty()) {
    invalid("power", "None (a complex spectrum)", "a number > 0 with finish stages");
  }
  if (s.power_eps != 0) invalid("power_eps", number(s.power_eps), "0 for a complex spectrum");
  if (s.power_floor != 0) invalid("power_floor", number(s.power_floor), "0 for a complex spectrum");
  if (s.gain != 1) invalid("gain", number(s.gain), "1 for a complex spectrum");
}

void check_filterbank(const Spec& s) {
  if (s.filterbank_sample_rate) above_zero("filterbank_sample_rate", *s.filterbank_sample_rate);
  if (s.filterbank == FilterbankKind::none) return;
  if (s.filterbank == FilterbankKind::matrix) {
    if (s.matrix.empty())
      invalid("filterbank", "a matrix without rows", "[n_mels, n_freqs] values");
    for (const auto& row : s.matrix) {
      if (static_cast<std::int64_t>(row.size()) != s.n_freqs()) {
        invalid("filterbank", "a row of " + number(static_cast<std::int64_t>(row.size())),
                "rows of n_fft // 2 + 1 = " + number(s.n_freqs()) + " values");
      }
      for (const double v : row) finite("filterbank", v);
    }
    return;
  }
  in_range("n_mels", s.n_mels, 1, max_rows);
  at_least_zero("f_min", s.f_min);
  const double high = s.f_max.value_or(s.nyquist());
  if (s.f_max && (!std::isfinite(high) || high <= 0 || high > s.nyquist())) {
    invalid("f_max", number(high),
            "above 0 and at most the Nyquist frequency " + number(s.nyquist()) + " Hz");
  }
  if (s.f_min >= high) {
    invalid("f_min", number(s.f_min), "below f_max = " + number(high) + " Hz");
  }
}

void check_compress(const Spec& s) {
  finite("gain", s.gain);
  at_least_zero("floor", s.floor);
  at_least_zero("eps", s.eps);
  for (const FinishStage& stage : s.finish) {
    if (stage.kind == FinishKind::dynamic_range) above_zero("finish: dynamic_range", stage.a);
    finite("finish", stage.a);
    finite("finish", stage.b);
  }
}

}  // namespace

std::int64_t Spec::n_rows() const {
  if (filterbank == FilterbankKind::none) return n_freqs();
  return filterbank == FilterbankKind::matrix ? static_cast<std::int64_t>(matrix.size()) : n_mels;
}

void validate(const Spec& spec) {
  check_condition(spec);
  check_frame(spec);
  check_window(spec);
  check_spectrum(spec);
  check_filterbank(spec);
  check_compress(spec);
}

}  // namespace sonogram
