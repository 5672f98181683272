// Composites: worked by hand, residuals, benches, domains, weights, and what must be preserved.
#include "libgeo/deposit/composites.h"

#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/core/random.h"
#include "libgeo/deposit/composite_cuts.h"
#include "tests/core/code_of.h"

namespace lode {
namespace {

const double nan = std::nan("");

// One hole with these ends of intervals (from 0) and values.
DrillholeSet hole_of(const std::vector<double>& ends, const std::vector<double>& values,
                     const std::vector<SurveyStation>& stations = {{0, 0, 90}}) {
  DrillholeSet set;
  Drillhole hole;
  hole.name = "A";
  hole.end_m = ends.back();
  hole.intervals = ends.size();
  hole.path = desurvey({100, 200, 50}, stations);
  set.holes = {hole};
  set.assays.variables = {"v"};
  set.assays.values = {values};
  for (std::size_t i = 0; i < ends.size(); ++i) {
    set.assays.hole.push_back(0);
    set.assays.from_m.push_back(i == 0 ? 0.0 : ends[i - 1]);
    set.assays.to_m.push_back(ends[i]);
  }
  return set;
}

CompositeOptions of_length(double length, Residual residual = Residual::keep) {
  CompositeOptions options;
  options.length_m = length;
  options.residual = residual;
  return options;
}

TEST(Composites, WorkedByHand) {
  // 2 m of 1, 3 m of 2, 5 m of 4 to 4 m: (2 + 2*2)/4, (2 + 3*4)/4, 2 m of 4.
  const CompositeResult r = composite(hole_of({2, 5, 10}, {1, 2, 4}), of_length(4));
  ASSERT_EQ(r.composites.size(), 3U);
  EXPECT_DOUBLE_EQ(r.values[0][0], 1.5);
  EXPECT_DOUBLE_EQ(r.values[0][1], 3.5);
  EXPECT_DOUBLE_EQ(r.values[0][2], 4.0);
  EXPECT_EQ(r.composites[2].to_m, 10.0);
  EXPECT_EQ(r.composites[1].place, (Vector3{100, 200, 44}));
  EXPECT_FALSE(r.findings.has("composites.short"));
  EXPECT_TRUE(
      composite(hole_of({2, 5, 10}, {1, 2, 4}), of_length(9)).findings.has("composites.short"));
}

TEST(Composites, Residuals) {
  const DrillholeSet set = hole_of({11}, {3});
  const auto ends = [&](Residual residual, double length) {
    std::vector<double> to;
    for (const Composite& one : composite(set, of_length(length, residual)).composites)
      to.push_back(one.to_m);
    return to;
  };
  using Ends = std::vector<double>;
  EXPECT_EQ(ends(Residual::keep, 5), (Ends{5, 10, 11}));
  EXPECT_EQ(ends(Residual::drop, 5), (Ends{5, 10}));
  EXPECT_EQ(ends(Residual::merge, 5), (Ends{5, 11}));
  EXPECT_EQ(ends(Residual::share, 5), (Ends{5.5, 11}));
  EXPECT_EQ(ends(Residual::keep, 20), (Ends{11}));
  EXPECT_EQ(ends(Residual::drop, 20), (Ends{}));
  EXPECT_EQ(ends(Residual::merge, 20), (Ends{11}));
  EXPECT_EQ(ends(Residual::share, 20), (Ends{11}));
  EXPECT_EQ(ends(Residual::keep, 5.5), (Ends{5.5, 11}));
  const CompositeResult dropped = composite(set, of_length(5, Residual::drop));
  EXPECT_DOUBLE_EQ(dropped.dropped_m, 1.0);
  EXPECT_TRUE(dropped.findings.has("composites.dropped"));
  EXPECT_EQ(parse_residual("share"), Residual::share);
  EXPECT_EQ(code_of([] { (void)parse_residual("add"); }), "composites.residual");
}

TEST(Composites, MissingIsNotZero) {
  // 4 m: 1 m of 8, 3 m not assayed.
  const DrillholeSet set = hole_of({1, 4, 8}, {8, nan, nan});
  const CompositeResult r = composite(set, of_length(4));
  ASSERT_EQ(r.composites.size(), 1U);
  EXPECT_DOUBLE_EQ(r.values[0][0], 8.0);
  EXPECT_DOUBLE_EQ(r.coverage_pct[0][0], 25.0);
  EXPECT_EQ(r.unsampled, 1U);
  EXPECT_TRUE(r.findings.has("composites.unsampled"));
  CompositeOptions strict = of_length(4);
  strict.min_coverage_pct = 25.0;
  EXPECT_EQ(composite(set, strict).composites.size(), 1U);
  strict.min_coverage_pct = 26.0;
  EXPECT_TRUE(composite(set, strict).composites.empty());
}

TEST(Composites, GapsCountAsUncovered) {
  DrillholeSet set = hole_of({4, 12}, {2, 6});
  set.assays.from_m[1] = 8;  // 4 to 8 is no interval at all
  const CompositeResult r = composite(set, of_length(6));
  ASSERT_EQ(r.composites.size(), 2U);
  EXPECT_DOUBLE_EQ(r.values[0][0], 2.0);
  EXPECT_NEAR(r.coverage_pct[0][0], 100 * 4.0 / 6, 1e-9);
  EXPECT_NEAR(r.coverage_pct[0][1], 100 * 4.0 / 6, 1e-9);
}

TEST(Composites, DensityAndRecoveryWeigh) {
  DrillholeSet set = hole_of({1, 2}, {1, 3});
  set.assays.density_t_m3 = {2.0, 4.0};
  const CompositeResult dense = composite(set, of_length(2));
  EXPECT_DOUBLE_EQ(dense.values[0][0], (2.0 * 1 + 4.0 * 3) / 6.0);
  EXPECT_DOUBLE_EQ(dense.density_t_m3[0], 3.0);
  set.assays.recovery_pct = {100, 50};
  EXPECT_DOUBLE_EQ(composite(set, of_length(2)).values[0][0], (2.0 * 1 + 2.0 * 3) / 4.0);
  set.assays.density_t_m3 = {nan, 4.0};
  const CompositeResult part = composite(set, of_length(2));
  EXPECT_DOUBLE_EQ(part.values[0][0], 3.0);
  EXPECT_DOUBLE_EQ(part.coverage_pct[0][0], 50.0);
  EXPECT_TRUE(part.findings.has("composites.no_weight"));
}

TEST(Composites, DomainsAreHardBoundaries) {
  DrillholeSet set = hole_of({3, 7, 10}, {1, 5, 2});
  set.has_domain = true;
  set.domain_names = {"", "waste", "ore"};
  set.assays.domain = {1, 2, 0};
  const CompositeResult r = composite(set, of_length(5));
  ASSERT_EQ(r.composites.size(), 3U);
  EXPECT_EQ(r.composites[0].to_m, 3.0);
  EXPECT_EQ(r.composites[1].to_m, 7.0);
  EXPECT_DOUBLE_EQ(r.values[0][1], 5.0);
  EXPECT_EQ(r.composites[1].domain, 2U);
  EXPECT_TRUE(r.findings.has("composites.no_domain"));
  EXPECT_EQ(samples_of(set, r).domain[1], "ore");
  EXPECT_EQ(samples_of(set).domain[0], "waste");
}

TEST(Composites, BenchesOfAVerticalHole) {
  // Collar at 50: benches of 20 m end at 40, 20, 0, so at 10, 30, 50 m down.
  CompositeOptions options;
  options.bench_m = 20;
  const CompositeResult r = composite(hole_of({15, 55}, {2, 4}), options);
  ASSERT_EQ(r.composites.size(), 4U);
  // To the bit: tables print these depths.
  EXPECT_EQ(r.composites[0].to_m, 10.0);
  EXPECT_EQ(r.composites[1].to_m, 30.0);
  EXPECT_EQ(r.composites[2].to_m, 50.0);
  EXPECT_NEAR(r.values[0][1], (5 * 2 + 15 * 4) / 20.0, 1e-9);
  options.bench_level_m = 5;
  EXPECT_NEAR(composite(hole_of({15, 55}, {2, 4}), options).composites[0].to_m, 5, 1e-9);
}

// Down, level and up again on a circle: z = 50 - R sin(at / R); every level is met twice.
TEST(Composites, BenchesOfAHoleThatTurnsUp) {
  const double radius = 30.0, length = radius * M_PI;
  const HolePath path =
      desurvey({0, 0, 50}, {{0, 90, 90}, {length / 3, 90, 30}, {length, 90, -90}});
  const auto cuts = bench_cuts(path, 0.0, length, 10.0, 0.0);
  // Levels 40 and 30 on the way down and up, 20 is the lowest point itself (R = 30).
  const double a = radius * std::asin(1.0 / 3), b = radius * std::asin(2.0 / 3);
  ASSERT_GE(cuts.size(), 6U);
  EXPECT_NEAR(cuts[1], a, 1e-6);
  EXPECT_NEAR(cuts[2], b, 1e-6);
  EXPECT_NEAR(cuts[cuts.size() - 3], length - b, 1e-6);
  EXPECT_NEAR(cuts[cuts.size() - 2], length - a, 1e-6);
}

TEST(Composites, TrueThickness) {
  CompositeOptions options = of_length(10);
  options.structure_azimuth_deg = 90;  // dips east at 30 degrees
  options.structure_dip_deg = 30;
  const CompositeResult vertical = composite(hole_of({10}, {1}), options);
  EXPECT_NEAR(vertical.composites[0].true_thickness_m, 10 * std::cos(M_PI / 6), 1e-12);
  // A hole at right angles: towards west, 60 degrees down.
  const CompositeResult normal = composite(hole_of({10}, {1}, {{0, 270, 60}}), options);
  EXPECT_NEAR(normal.composites[0].true_thickness_m, 10.0, 1e-12);
  EXPECT_TRUE(
      std::isnan(composite(hole_of({10}, {1}), of_length(5)).composites[0].true_thickness_m));
}

// Whatever the lengths, length x grade and the length assayed are kept (but for what is dropped).
TEST(Composites, KeepLengthTimesGrade) {
  const Random random{11, 3};
  std::uint64_t next = 0;
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<double> ends, values;
    double at = 0.0, metal = 0.0, metres = 0.0;
    const auto n = 1 + static_cast<std::size_t>(random.uniform(next++) * 40);
    for (std::size_t i = 0; i < n; ++i) {
      const double length = 0.1 + 5.0 * random.uniform(next++);
      at += length;
      ends.push_back(at);
      const bool missing = random.uniform(next++) < 0.2;
      values.push_back(missing ? nan : 10.0 * random.uniform(next++));
      if (missing) continue;
      metal += (ends[i] - (i == 0 ? 0.0 : ends[i - 1])) * values[i];
      metres += ends[i] - (i == 0 ? 0.0 : ends[i - 1]);
    }
    DrillholeSet set = hole_of(ends, values, {{0, 10, 70}, {20, 30, 55}, {60, 60, 40}});
    if (trial % 2 == 0) {
      set.has_domain = true;
      set.domain_names = {"", "a", "b"};
      for (std::size_t i = 0; i < n; ++i)
        set.assays.domain.push_back(random.uniform(next++) < 0.5 ? 1 : 2);
    }
    CompositeOptions options = of_length(0.5 + 9.0 * random.uniform(next++));
    options.residual = static_cast<Residual>((trial / 2) % 4);
    if (options.residual == Residual::drop) {
      options.residual = Residual::keep;
      options.bench_m = options.length_m;
      options.length_m = nan;
    }
    const CompositeResult r = composite(set, options);
    double after = 0.0, after_m = 0.0;
    for (std::size_t i = 0; i < r.composites.size(); ++i) {
      const double covered =
          (r.composites[i].to_m - r.composites[i].from_m) * r.coverage_pct[0][i] / 100.0;
      after += covered * r.values[0][i];
      after_m += covered;
      if (i > 0) {
        EXPECT_GE(r.composites[i].from_m, r.composites[i - 1].to_m - 1e-9);
      }
    }
    EXPECT_NEAR(after, metal, 1e-8 * (1.0 + metal)) << trial;
    EXPECT_NEAR(after_m, metres, 1e-8 * (1.0 + metres)) << trial;
  }
}

TEST(Composites, Refusals) {
  const DrillholeSet set = hole_of({1}, {1});
  EXPECT_EQ(code_of([&] { (void)composite(set, of_length(0.0)); }), "composites.length");
  EXPECT_EQ(code_of([&] { (void)composite(set, {}); }), "composites.length");
  CompositeOptions both = of_length(5);
  both.bench_m = 5;
  EXPECT_EQ(code_of([&] { (void)composite(set, both); }), "composites.length");
  CompositeOptions share = of_length(5);
  share.min_coverage_pct = 101;
  EXPECT_EQ(code_of([&] { (void)composite(set, share); }), "composites.coverage");
  CompositeOptions half = of_length(5);
  half.structure_dip_deg = 30;
  EXPECT_EQ(code_of([&] { (void)composite(set, half); }), "composites.structure");
}

}  // namespace
}  // namespace lode
