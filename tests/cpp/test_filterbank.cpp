// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include <cmath>

#include "check.hpp"
#include "core/filterbank.hpp"

using sonogram::FilterbankKind;
using sonogram::hz_to_mel;
using sonogram::make_filterbank;
using sonogram::mel_to_hz;
using sonogram::MelScale;
using sonogram::Norm;
using sonogram::Spec;
using sonogram::Triangle;

namespace {

Spec mel_spec(std::int64_t n_fft, std::int64_t n_mels) {
  Spec s;
  s.n_fft = n_fft;
  s.filterbank = FilterbankKind::mel;
  s.n_mels = n_mels;
  return s;
}

constexpr MelScale scales[] = {MelScale::htk, MelScale::slaney, MelScale::kaldi};

}  // namespace

TEST(mel_scales_pass_through_known_points) {
  CHECK_AT_MOST(std::fabs(hz_to_mel(1000, MelScale::htk) - 2595 * std::log10(17.0 / 7)), 1e-12);
  CHECK_AT_MOST(std::fabs(hz_to_mel(1000, MelScale::kaldi) - 1127 * std::log(17.0 / 7)), 1e-12);
  CHECK_AT_MOST(std::fabs(hz_to_mel(500, MelScale::slaney) - 7.5), 1e-14);
  CHECK_AT_MOST(std::fabs(hz_to_mel(1000, MelScale::slaney) - 15), 1e-14);
  CHECK_AT_MOST(std::fabs(hz_to_mel(6400, MelScale::slaney) - 42), 1e-13);
  for (const MelScale scale : scales) CHECK_EQUAL(hz_to_mel(0, scale), 0.0);
}

TEST(mel_scales_turn_back) {
  for (const MelScale scale : scales) {
    for (int i = 0; i < 640; ++i) {
      const double hz = 37.7 * i;
      const check::Scope scope("scale ", int(scale), " at ", hz, " Hz");
      CHECK_AT_MOST(std::fabs(mel_to_hz(hz_to_mel(hz, scale), scale) - hz),
                    1e-14 * 700 + 2e-15 * hz);
    }
  }
}

// A triangle rises from one edge to the next and falls to the one after, straight in Hz.
TEST(mel_filters_are_triangles_between_points_even_in_mel) {
  for (const MelScale scale : scales) {
    for (const Norm norm : {Norm::none, Norm::slaney}) {
      Spec s = mel_spec(512, 23);
      s.mel_scale = scale;
      s.norm = norm;
      s.f_min = 60;
      s.f_max = 7600.0;
      const std::vector<double> bank = make_filterbank(s);
      const double a = hz_to_mel(60, scale), b = hz_to_mel(7600, scale);
      for (int m = 0; m < 23; ++m) {
        const check::Scope scope("scale ", int(scale), " norm ", int(norm), " filter ", m);
        const double low = mel_to_hz(a + (b - a) * m / 24, scale);
        const double mid = mel_to_hz(a + (b - a) * (m + 1) / 24, scale);
        const double high = mel_to_hz(a + (b - a) * (m + 2) / 24, scale);
        for (int k = 0; k < 257; ++k) {
          const double hz = k * 16000.0 / 512;
          double want = hz < mid ? (hz - low) / (mid - low) : (high - hz) / (high - mid);
          want = std::max(0.0, want) * (norm == Norm::slaney ? 2 / (high - low) : 1);
          CHECK_AT_MOST(std::fabs(bank[static_cast<std::size_t>(m * 257 + k)] - want), 1e-12);
        }
      }
    }
  }
}

TEST(kaldi_draws_its_triangles_in_mel_and_leaves_the_nyquist_bin_out) {
  Spec s = mel_spec(64, 5);
  s.mel_scale = MelScale::kaldi;
  s.triangle = Triangle::mel;
  s.f_min = 20;
  const std::vector<double> bank = make_filterbank(s);
  const double a = hz_to_mel(20, MelScale::kaldi),
               step = (hz_to_mel(8000, MelScale::kaldi) - a) / 6;
  for (int m = 0; m < 5; ++m) {
    for (int k = 0; k < 33; ++k) {
      const check::Scope scope("filter ", m, " bin ", k);
      const double x = (hz_to_mel(k * 250.0, MelScale::kaldi) - a) / step - m;
      const double want = k == 32 ? 0 : std::max(0.0, x < 1 ? x : 2 - x);
      CHECK_AT_MOST(std::fabs(bank[static_cast<std::size_t>(m * 33 + k)] - want), 1e-12);
    }
  }
}

TEST(linear_filters_are_even_in_hz) {
  Spec s = mel_spec(100, 4);
  s.filterbank = FilterbankKind::linear;
  s.sample_rate = 1000;
  const std::vector<double> bank = make_filterbank(s);
  for (int m = 0; m < 4; ++m) {
    for (int k = 0; k <= 50; ++k) {
      const double want = std::max(0.0, 1 - std::fabs(k * 10.0 - 100 * (m + 1)) / 100);
      CHECK_AT_MOST(std::fabs(bank[static_cast<std::size_t>(m * 51 + k)] - want), 1e-13);
    }
  }
}

TEST(a_given_matrix_is_taken_as_it_is_and_none_is_empty) {
  Spec s = mel_spec(4, 2);
  s.filterbank = FilterbankKind::matrix;
  s.matrix = {{1, 2, 3}, {-4, 5, 6}, {0, 0, 0}};
  CHECK_EQUAL(s.n_rows(), 3);
  CHECK(make_filterbank(s) == (std::vector<double>{1, 2, 3, -4, 5, 6, 0, 0, 0}));
  s.filterbank = FilterbankKind::none;
  CHECK(make_filterbank(s).empty());
  CHECK_EQUAL(s.n_rows(), 3);
}

TEST(filters_may_be_drawn_for_another_sample_rate) {
  Spec s = mel_spec(400, 20), other = s;
  s.filterbank_sample_rate = 22050.0;
  other.sample_rate = 22050;
  CHECK(make_filterbank(s) == make_filterbank(other));
}
