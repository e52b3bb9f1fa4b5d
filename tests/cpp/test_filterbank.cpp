// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "check.hpp"
#include "core/design/filterbank.hpp"

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

TEST(bark_and_erb_pass_through_known_points_and_turn_back) {
  using sonogram::BarkScale;
  CHECK_AT_MOST(std::fabs(sonogram::hz_to_bark(0, BarkScale::traunmuller) + 0.1505), 1e-15);
  CHECK_AT_MOST(std::fabs(sonogram::hz_to_bark(1960, BarkScale::traunmuller) - 12.875), 1e-14);
  CHECK_AT_MOST(std::fabs(sonogram::hz_to_bark(600, BarkScale::wang) - 6 * std::asinh(1.0)), 1e-14);
  CHECK_AT_MOST(std::fabs(sonogram::hz_to_erb(1000) - 21.4 * std::log10(5.37)), 1e-13);
  for (int i = 0; i < 640; ++i) {
    const double hz = 37.7 * i;
    const check::Scope scope(hz, " Hz");
    for (const BarkScale s : {BarkScale::traunmuller, BarkScale::schroeder, BarkScale::wang}) {
      const double back = sonogram::bark_to_hz(sonogram::hz_to_bark(hz, s), s);
      CHECK_AT_MOST(std::fabs(back - hz), 1e-12 + 1e-13 * hz);
    }
    CHECK_AT_MOST(std::fabs(sonogram::erb_to_hz(sonogram::hz_to_erb(hz)) - hz), 1e-12 + 1e-14 * hz);
  }
}

TEST(a_warp_moves_what_lies_between_its_knees_and_keeps_the_ends) {
  Spec s = mel_spec(512, 23);
  s.f_min = 20;
  s.f_max = 7800.0;
  s.vtln_warp = 1.1;  // knees at 110 and 7500 Hz
  for (const double hz : {20.0, 7800.0, 10.0, 7900.0}) {
    CHECK_AT_MOST(std::fabs(sonogram::vtln_warp(s, hz) - hz), 1e-11);
  }
  for (const double hz : {110.0, 1000.0, 7499.0}) {
    CHECK_AT_MOST(std::fabs(sonogram::vtln_warp(s, hz) - hz / 1.1), 1e-11);
  }
  CHECK_AT_MOST(std::fabs(sonogram::vtln_warp(s, 65) - 60), 1e-11);
  CHECK_AT_MOST(std::fabs(sonogram::vtln_warp(s, 7650) - (7500 / 1.1 + 7800) / 2), 1e-11);
}

TEST(isosceles_filters_are_as_wide_on_the_right_as_on_the_left) {
  Spec s = mel_spec(512, 12);
  const std::vector<sonogram::Band> plain = sonogram::make_bands(s);
  s.triangle = Triangle::isosceles;
  for (std::size_t m = 0; m < plain.size(); ++m) {
    const sonogram::Band band = sonogram::make_bands(s)[m];
    CHECK_EQUAL(band.left, plain[m].left);
    CHECK_EQUAL(band.center, plain[m].center);
    CHECK_EQUAL(band.right, 2 * band.center - band.left);
  }
  s.filterbank = FilterbankKind::chroma;
  CHECK(sonogram::make_bands(s).empty());
}

TEST(chroma_columns_are_one_before_the_weighting) {
  Spec s = mel_spec(1024, 24);
  s.filterbank = FilterbankKind::chroma;
  s.chroma_width.reset();
  for (const Norm norm : {Norm::none, Norm::l1, Norm::l2, Norm::max}) {
    s.norm = norm;
    const std::vector<double> bank = make_filterbank(s);
    for (std::size_t k = 0; k <= 512; ++k) {
      const check::Scope scope("norm ", int(norm), " bin ", k);
      double sum = 0, squares = 0, top = 0;
      for (std::size_t m = 0; m < 24; ++m) {
        const double w = bank[m * 513 + k];
        sum += w, squares += w * w, top = std::max(top, w);
      }
      const double got = norm == Norm::l1 ? sum : norm == Norm::max ? top : squares;
      CHECK_AT_MOST(std::fabs(got - 1), 1e-14);
    }
  }
}
