// SPDX-FileCopyrightText: 2026 The sonogram authors
// SPDX-License-Identifier: MIT
//
// Mean and level of whole items.
#include <cmath>
#include <limits>
#include <vector>

#include "check.hpp"
#include "core/signal/conditioned_signal.hpp"
#include "core/signal/item_statistics.hpp"
#include "dft.hpp"

using sonogram::item_statistics;
using sonogram::ItemStatistics;
using sonogram::LevelKind;
using sonogram::LevelWhen;
using sonogram::Samples;
using sonogram::SampleType;
using sonogram::Spec;

namespace {

Spec levelled(double level, LevelKind kind) {
  Spec s;
  s.level = level;
  s.level_kind = kind;
  return s;
}

ItemStatistics of(const Spec& s, const std::vector<double>& x) {
  const Samples item{x.data(), SampleType::float64, 8, static_cast<std::int64_t>(x.size())};
  return item_statistics<double>(s, {item}).front();
}

}  // namespace

TEST(the_gain_brings_an_item_to_its_level) {
  std::vector<double> x = check::noise(150001, 71);
  for (double& v : x) v = 0.2 * v + 0.5;
  double mean = 0, square = 0, peak = 0, spread = 0;
  const double n = static_cast<double>(x.size());
  for (const double v : x) mean += v / n, square += v * v / n, peak = std::max(peak, std::fabs(v));
  for (const double v : x) spread += (v - mean) * (v - mean) / n;
  Spec s = levelled(0.1, LevelKind::rms);
  CHECK_EQUAL(of(s, x).mean, 0.0);
  CHECK_AT_MOST(std::fabs(of(s, x).gain / (0.1 / std::sqrt(square)) - 1), 1e-13);
  s.level_eps = 0.25;
  CHECK_AT_MOST(std::fabs(of(s, x).gain / (0.1 / std::sqrt(square + 0.25)) - 1), 1e-13);
  s.remove_mean = true;
  CHECK_AT_MOST(std::fabs(of(s, x).mean - mean), 1e-13);
  CHECK_AT_MOST(std::fabs(of(s, x).gain / (0.1 / std::sqrt(spread + 0.25)) - 1), 1e-12);
  s = levelled(0.95, LevelKind::peak);
  CHECK_EQUAL(of(s, x).gain, 0.95 / peak);
  s.level_eps = 0.5;
  CHECK_EQUAL(of(s, x).gain, 0.95 / (peak + 0.5));
}

TEST(the_level_is_that_of_the_scaled_and_clipped_signal) {
  Spec s = levelled(1.0, LevelKind::peak);
  s.scale = 4;
  CHECK_EQUAL(of(s, {0.1, -0.25, 0.2}).gain, 1.0);
  s.clip = 0.5;
  CHECK_EQUAL(of(s, {0.1, -0.25, 0.2}).gain, 2.0);
  const std::int16_t x[] = {-16384, 100, 8192};
  const ItemStatistics got =
      item_statistics<float>(levelled(1.0, LevelKind::peak), {{x, SampleType::int16, 2, 3}})[0];
  CHECK_EQUAL(got.gain, 2.0);
}

TEST(quieter_never_makes_an_item_softer) {
  for (const LevelKind kind : {LevelKind::rms, LevelKind::peak}) {
    Spec s = levelled(0.5, kind);
    s.level_when = LevelWhen::quieter;
    CHECK_EQUAL(of(s, {0.25, -0.25}).gain, 2.0);
    CHECK_EQUAL(of(s, {0.75, -0.75}).gain, 1.0);
    s.level_when = LevelWhen::always;
    CHECK_EQUAL(of(s, {1.0, -1.0}).gain, 0.5);
  }
}

TEST(silence_keeps_its_level) {
  for (const LevelKind kind : {LevelKind::rms, LevelKind::peak}) {
    Spec s = levelled(1.0, kind);
    CHECK_EQUAL(of(s, {0.0, 0.0, -0.0}).gain, 1.0);
    CHECK_EQUAL(of(s, {}).gain, 1.0);
    s.remove_mean = true;
    const ItemStatistics constant = of(s, std::vector<double>(3000, 0.1));
    CHECK_EQUAL(constant.mean, 0.1);  // to the last bit, so that what is left is silence
    CHECK_EQUAL(constant.gain, 1.0);
  }
}

TEST(a_sample_that_is_no_number_spoils_its_item_alone) {
  const double bad[] = {std::numeric_limits<double>::quiet_NaN(),
                        std::numeric_limits<double>::infinity(),
                        -std::numeric_limits<double>::infinity()};
  for (const double value : bad) {
    for (const LevelKind kind : {LevelKind::rms, LevelKind::peak}) {
      for (const LevelWhen when : {LevelWhen::always, LevelWhen::quieter}) {
        for (const std::size_t at : {0, 5, 17, 2999}) {
          const check::Scope scope("value ", value, " kind ", int(kind), " at ", at);
          Spec s = levelled(1.0, kind);
          s.level_when = when;
          const std::vector<double> clean = check::noise(3000, 72);
          std::vector<double> x = clean;
          x[at] = value;
          CHECK(std::isnan(of(s, x).gain));
          const std::vector<ItemStatistics> both =
              item_statistics<double>(s, {{x.data(), SampleType::float64, 8, 3000},
                                          {clean.data(), SampleType::float64, 8, 3000}});
          CHECK(std::isnan(both[0].gain));
          CHECK_EQUAL(both[1].gain, of(s, clean).gain);
        }
      }
    }
  }
}

TEST(the_smallest_numbers_do_not_give_an_infinite_gain) {
  const float x[] = {0.0f, std::numeric_limits<float>::denorm_min(), 0.0f};
  const Spec s = levelled(1.0, LevelKind::peak);
  const ItemStatistics got = item_statistics<float>(s, {{x, SampleType::float32, 4, 3}})[0];
  CHECK(std::isfinite(static_cast<float>(got.gain)));
}

TEST(statistics_have_the_same_bits_for_any_threads_and_neighbours) {
  const std::vector<double> x = check::noise(400000, 73);
  Spec s = levelled(0.3, LevelKind::rms);
  s.remove_mean = true;
  std::vector<Samples> items;
  for (const std::int64_t n : {1, 15, 1024, 65536, 65537, 200000, 399999}) {
    items.push_back({x.data(), SampleType::float64, 8, n});
  }
  const std::vector<ItemStatistics> want = item_statistics<float>(s, items);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const ItemStatistics alone = item_statistics<float>(s, {items[i]}).front();
    CHECK_EQUAL(alone.mean, want[i].mean);
    CHECK_EQUAL(alone.gain, want[i].gain);
    for (const int threads : {2, 3, 7}) {
      const ItemStatistics other = item_statistics<float>(s, items, threads)[i];
      CHECK_EQUAL(other.mean, want[i].mean);
      CHECK_EQUAL(other.gain, want[i].gain);
    }
  }
}

TEST(a_source_makes_the_statistics_that_it_is_not_given) {
  const std::vector<double> x = check::noise(5000, 74);
  Spec s = levelled(0.3, LevelKind::rms);
  s.remove_mean = true;
  const sonogram::Framing f = sonogram::signal_extent(s, 5000);
  const ItemStatistics given = of(s, x);
  std::vector<double> a(5000), b(5000);
  sonogram::ConditionedSignal<double>(s, f, x.data(), SampleType::float64, 8)
      .read(0, 5000, a.data());
  sonogram::ConditionedSignal<double>(s, f, x.data(), SampleType::float64, 8, &given)
      .read(0, 5000, b.data());
  CHECK(a == b);
  for (std::size_t i = 0; i < 5000; ++i) CHECK_EQUAL(a[i], (x[i] - given.mean) * given.gain);
}
