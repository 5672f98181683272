// Rules of estimation: search passes, domains, holes, high grades, gaps, duplicates, refusals.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "libgeo/estimation/estimate.h"
#include "tests/core/code_of.h"
#include "tests/estimation/samples_sketch.h"

namespace lode {
namespace {

using sketch::points;
using sketch::row_of;
using sketch::run;

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double missing = std::numeric_limits<double>::quiet_NaN();

EstimateOptions ordinary(std::size_t max_samples = 0) {
  EstimateOptions options;
  options.model = sketch::model(StructureType::spherical, 0.3, 1.2, 120.0);
  options.search.passes[0].max_samples = max_samples;
  return options;
}

// Nearest neighbour or the mean of those found, where the rules of the search alone are looked at.
EstimateOptions mean_of(std::size_t max_samples) {
  EstimateOptions options;
  options.model.nugget = 1.0;
  options.search.passes[0].max_samples = max_samples;
  return options;
}

TEST(EstimateRules, NearestAndInverseDistance) {
  EstimateOptions options;
  options.method = EstimationMethod::nn;
  const Samples samples = row_of({0, 10, 30}, {1, 2, 4});
  EXPECT_EQ(run(samples, points({12.0}), options).chunk.value[0][0], 2.0);
  options.method = EstimationMethod::idw;
  options.power = 2.0;
  // At 20: weights 1/400, 1/100, 1/100.
  EXPECT_NEAR(run(samples, points({20.0}), options).chunk.value[0][0],
              (1.0 / 400 + 2.0 / 100 + 4.0 / 100) / (1.0 / 400 + 2.0 / 100), 1e-14);
  EXPECT_EQ(run(samples, points({30.0}), options).chunk.value[0][0], 4.0);
  EXPECT_EQ(to_text(EstimationMethod::idw), "idw");
  for (const auto method : {EstimationMethod::nn, EstimationMethod::sk, EstimationMethod::ok,
                            EstimationMethod::uk, EstimationMethod::ked})
    EXPECT_EQ(to_text(method).size(), method == EstimationMethod::ked ? 3u : 2u);
}

TEST(EstimateRules, PassesWidenTheSearch) {
  EstimateOptions options = mean_of(4);
  options.search.passes[0].radius_m = {5.0, 5.0, 5.0};
  options.search.passes[0].min_samples = 2;
  options.search.passes.push_back(options.search.passes[0]);
  options.search.passes[1].radius_m = {50.0, 50.0, 50.0};
  const auto result = run(row_of({0, 4, 40}, {1, 3, 8}), points({2.0, 35.0, 300.0}), options);
  EXPECT_EQ(result.chunk.pass, (std::vector<std::uint8_t>{1, 2, 0}));
  EXPECT_NEAR(result.chunk.value[0][0], 2.0, 1e-14);
  EXPECT_NEAR(result.chunk.value[0][1], 4.0, 1e-14);
  EXPECT_TRUE(std::isnan(result.chunk.value[0][2]));
  EXPECT_EQ(result.summary.by_pass, (std::vector<std::size_t>{1, 1}));
  EXPECT_EQ(result.summary.estimated, 2u);
  EXPECT_EQ(result.summary.unestimated, 1u);
  EXPECT_TRUE(result.summary.findings.has("estimate.too_few"));
  EXPECT_NEAR(result.summary.mean[0], 3.0, 1e-14);
}

TEST(EstimateRules, HolesAndOctants) {
  Samples samples = row_of({1, 2, 3, 20, -30, -31}, {1, 2, 3, 4, 5, 6});
  samples.hole = {0, 0, 0, 1, 2, 2};
  samples.hole_names = {"A", "B", "C"};
  EstimateOptions options = mean_of(3);
  EXPECT_NEAR(run(samples, points({0.0}), options).chunk.value[0][0], 2.0, 1e-14);
  options.search.passes[0].max_per_hole = 1;  // 1, 4, 5
  auto result = run(samples, points({0.0}), options);
  EXPECT_NEAR(result.chunk.value[0][0], 10.0 / 3.0, 1e-14);
  EXPECT_EQ(result.chunk.holes[0], 3u);
  options.search.passes[0].max_per_hole = 0;
  options.search.passes[0].max_per_octant = 2;  // 1, 2, 5
  EXPECT_NEAR(run(samples, points({0.0}), options).chunk.value[0][0], 8.0 / 3.0, 1e-14);
  options.search.passes[0].max_per_octant = 0;
  options.search.passes[0].min_holes = 2;
  EXPECT_EQ(run(samples, points({0.0}), options).chunk.pass[0], 0);
  options.search.passes[0].max_samples = 4;
  EXPECT_EQ(run(samples, points({0.0}), options).chunk.pass[0], 1);
}

TEST(EstimateRules, DomainsAreHardUnlessSaidSoft) {
  Samples samples = row_of({0, 10, 20}, {1, 2, 6});
  samples.domain = {"ore", "ore", "waste"};
  Targets targets = points({15.0, 15.0, 15.0});
  targets.domain = {"ore", "waste", "void"};
  EstimateOptions options = mean_of(0);
  auto result = run(samples, targets, options);
  EXPECT_NEAR(result.chunk.value[0][0], 1.5, 1e-14);
  EXPECT_NEAR(result.chunk.value[0][1], 6.0, 1e-14);
  EXPECT_EQ(result.chunk.pass[2], 0);
  options.soft_boundaries = {{"ore", "waste"}};  // ore may use waste, not the other way
  result = run(samples, targets, options);
  EXPECT_NEAR(result.chunk.value[0][0], 3.0, 1e-14);
  EXPECT_NEAR(result.chunk.value[0][1], 6.0, 1e-14);
}

TEST(EstimateRules, HighGradesServeNearTargetsOnly) {
  EstimateOptions options = mean_of(0);
  options.high_yield_above = {4.0};
  options.high_yield_radius_m = {5.0, 5.0, 5.0};
  const auto result = run(row_of({0, 10}, {2, 100}), points({8.0, 2.0}), options);
  EXPECT_NEAR(result.chunk.value[0][0], 51.0, 1e-12);
  EXPECT_NEAR(result.chunk.value[0][1], 3.0, 1e-12);
}

TEST(EstimateRules, GapsAreDroppedOrKeptApart) {
  Samples samples = row_of({0, 10, 20}, {1, 2, 6});
  samples.values.push_back({5.0, missing, 7.0});
  EstimateOptions options = mean_of(0);
  auto result = run(samples, points({5.0}), options);
  EXPECT_NEAR(result.chunk.value[0][0], 3.5, 1e-14);
  EXPECT_NEAR(result.chunk.value[1][0], 6.0, 1e-14);
  EXPECT_EQ(result.summary.samples_dropped, 1u);
  EXPECT_TRUE(result.summary.findings.has("estimate.missing"));
  options.partial = PartialPolicy::separate;
  result = run(samples, points({5.0}), options);
  EXPECT_NEAR(result.chunk.value[0][0], 3.0, 1e-14);
  EXPECT_NEAR(result.chunk.value[1][0], 6.0, 1e-14);
}

TEST(EstimateRules, DuplicatesByThePolicy) {
  const Samples samples = row_of({0, 0.01, 20}, {1, 3, 6});
  EstimateOptions options = mean_of(0);
  options.duplicate_distance_m = 0.1;
  EXPECT_EQ(code_of([&] { (void)run(samples, points({5.0}), options); }), "estimate.duplicates");
  options.duplicates = DuplicatePolicy::average;
  auto result = run(samples, points({5.0}), options);
  EXPECT_NEAR(result.chunk.value[0][0], 4.0, 1e-14);
  EXPECT_EQ(result.summary.duplicates, 1u);
  EXPECT_TRUE(result.summary.findings.has("estimate.duplicates_merged"));
  kriging_weights(samples, points({5.0}), options, [&](const WeightChunk& chunk) {
    ASSERT_EQ(chunk.sample.size(), 3u);
    for (std::size_t i = 0; i < 3; ++i)
      EXPECT_NEAR(chunk.weight[i], chunk.sample[i] == 2 ? 0.5 : 0.25, 1e-14);
  });
  options.duplicates = DuplicatePolicy::first;
  EXPECT_NEAR(run(samples, points({5.0}), options).chunk.value[0][0], 3.5, 1e-14);
}

TEST(EstimateRules, UnsoundSystemsAreCounted) {
  // A smooth model without nugget, and a drift that all samples on a line leave open.
  EstimateOptions options;
  options.model = sketch::model(StructureType::gaussian, 0.0, 1.0, 1000.0);
  std::vector<double> x, values;
  for (int i = 0; i < 40; ++i) {
    x.push_back(i);
    values.push_back(i % 3);
  }
  auto result = run(row_of(x, values), points({5.5}), options);
  EXPECT_EQ(result.summary.not_positive_definite, 1u);
  EXPECT_EQ(result.chunk.pass[0], 0);
  EXPECT_TRUE(std::isnan(result.chunk.value[0][0]));
  EXPECT_TRUE(result.summary.findings.has("estimate.not_positive_definite"));
  options = ordinary(10);
  options.method = EstimationMethod::uk;
  options.drift = "xy";
  EXPECT_EQ(run(row_of(x, values), points({5.5}), options).summary.not_positive_definite, 1u);
  options.drift = "x";
  EXPECT_EQ(run(row_of(x, values), points({5.5}), options).summary.not_positive_definite, 0u);
}

TEST(EstimateRules, DriftIsReproduced) {
  // Values that are a plane, or linear in the drift variable, come back exactly.
  Samples samples = sketch::scattered(80, {200.0, 200.0, 50.0});
  EstimateOptions options = ordinary(24);
  options.method = EstimationMethod::uk;
  options.drift = "xyz";
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples.values[0][i] =
        3.0 + 0.01 * (samples.x[i] - 5e5) - 0.02 * (samples.y[i] - 7e6) + 0.05 * samples.z[i];
  Targets targets;
  targets.x = {500120.0};
  targets.y = {7000033.0};
  targets.z = {21.0};
  EXPECT_NEAR(run(samples, targets, options).chunk.value[0][0], 3.0 + 1.2 - 0.66 + 1.05, 1e-10);
  options.method = EstimationMethod::ked;
  options.sample_drift.resize(1);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    options.sample_drift[0].push_back(std::sin(samples.x[i]));
    samples.values[0][i] = 1.0 + 2.0 * std::sin(samples.x[i]);
  }
  targets.drift = {{0.25}};
  EXPECT_NEAR(run(samples, targets, options).chunk.value[0][0], 1.5, 1e-10);
  targets.drift = {{missing}};
  const auto result = run(samples, targets, options);
  EXPECT_EQ(result.summary.unestimated, 1u);
  EXPECT_TRUE(result.summary.findings.has("estimate.no_target_drift"));
}

TEST(EstimateRules, LocalAnglesTurnModelAndSearch) {
  // Angles said for each target are those of model and search said for all.
  const Samples samples = sketch::scattered(300, {200.0, 200.0, 50.0});
  EstimateOptions options = ordinary(12);
  options.model.structures[0].ranges_m = {120.0, 60.0, 30.0};
  options.search.passes[0].radius_m = {80.0, 40.0, 20.0};
  Targets targets;
  targets.x = {500120.0, 500060.0};
  targets.y = {7000033.0, 7000133.0};
  targets.z = {21.0, 30.0};
  EstimateOptions local = options;
  local.local_angles = {{30.0, 10.0, 5.0}, {100.0, -20.0, 0.0}};
  const auto turned = run(samples, targets, local);
  for (std::size_t t = 0; t < 2; ++t) {
    options.search.angles = options.model.structures[0].angles = local.local_angles[t];
    const auto each = run(samples, targets, options);
    EXPECT_NEAR(turned.chunk.value[0][t], each.chunk.value[0][t], 1e-12);
    EXPECT_NEAR(turned.chunk.variance[t], each.chunk.variance[t], 1e-12);
    EXPECT_EQ(turned.chunk.samples[t], each.chunk.samples[t]);
  }
}

TEST(EstimateRules, NegativeWeightsAreCountedAndDropped) {
  // A sample behind another one gets a negative weight.
  const Samples samples = row_of({-30, 10, 12}, {1, 2, 9});
  EstimateOptions options;
  options.model = sketch::model(StructureType::cubic, 0.0, 1.0, 200.0);
  auto result = run(samples, points({0.0}), options);
  EXPECT_EQ(result.summary.negative_weights, 1u);
  const double best = result.chunk.variance[0];
  options.drop_negative_weights = true;
  result = run(samples, points({0.0}), options);
  EXPECT_EQ(result.summary.negative_weights, 1u);
  EXPECT_GT(result.chunk.variance[0], best);
  kriging_weights(samples, points({0.0}), options, [&](const WeightChunk& chunk) {
    double sum = 0.0, spread = 0.0;
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_GE(chunk.weight[i], 0.0);
      sum += chunk.weight[i];
      for (std::size_t k = 0; k < 3; ++k)
        spread += chunk.weight[i] * chunk.weight[k] *
                  (1.0 - gamma_at(options.model,
                                  samples.x[chunk.sample[i]] - samples.x[chunk.sample[k]], 0, 0));
      spread -=
          2.0 * chunk.weight[i] * (1.0 - gamma_at(options.model, samples.x[chunk.sample[i]], 0, 0));
    }
    EXPECT_NEAR(sum, 1.0, 1e-14);
    EXPECT_NEAR(chunk.variance[0], 1.0 + spread, 1e-12);
  });
}

TEST(EstimateRules, CrossValidationLeavesOutHoles) {
  Samples samples = row_of({0, 1, 10, 11}, {1, 3, 5, 9});
  samples.hole = {0, 0, 1, 1};
  const auto one = cross_validate(samples, mean_of(1));
  EXPECT_EQ(one.estimate[0], (std::vector<double>{3, 1, 9, 5}));
  EXPECT_EQ(one.me[0], 0.0);
  EXPECT_EQ(one.mae[0], 3.0);
  EXPECT_EQ(one.rmse[0], std::sqrt(10.0));
  const auto hole = cross_validate(samples, mean_of(1), true);
  EXPECT_EQ(hole.estimate[0], (std::vector<double>{5, 5, 3, 3}));
  samples.hole.clear();
  EXPECT_EQ(code_of([&] { (void)cross_validate(samples, mean_of(1), true); }), "estimate.no_holes");
}

std::string refusal(const std::function<void(Samples&, Targets&, EstimateOptions&)>& spoil) {
  Samples samples = row_of({0, 10, 30}, {1, 2, 4});
  Targets targets = points({5.0});
  EstimateOptions options = ordinary(2);
  spoil(samples, targets, options);
  return code_of([&] { (void)run(samples, targets, options); });
}

TEST(EstimateRules, RefusesWhatHasNoAnswer) {
  using S = Samples;
  using T = Targets;
  using O = EstimateOptions;
  EXPECT_EQ(refusal([](S&, T&, O&) {}), "no error");
  EXPECT_EQ(refusal([](S& s, T&, O&) { s = row_of({}, {}); }), "estimate.no_samples");
  EXPECT_EQ(refusal([](S& s, T&, O&) { s.y.pop_back(); }), "estimate.length");
  EXPECT_EQ(refusal([](S& s, T&, O&) { s.z[1] = missing; }), "estimate.bad_place");
  EXPECT_EQ(refusal([](S& s, T&, O&) { s.values[0][1] = infinite; }), "estimate.bad_value");
  EXPECT_EQ(refusal([](S& s, T&, O&) { s.values[0].assign(3, missing); }), "estimate.no_values");
  EXPECT_EQ(refusal([](S&, T& t, O&) { t = points({}); }), "estimate.no_targets");
  EXPECT_EQ(refusal([](S&, T& t, O&) { t.x[0] = infinite; }), "estimate.bad_place");
  EXPECT_EQ(refusal([](S&, T&, O& o) { o.discretise = {2, 2, 1}; }), "estimate.discretise");
  EXPECT_EQ(refusal([](S&, T&, O& o) { o.discretise = {0, 1, 1}; }), "estimate.discretise");
  EXPECT_EQ(refusal([](S&, T&, O& o) { o.method = EstimationMethod::sk; }), "estimate.means");
  EXPECT_EQ(refusal([](S&, T&, O& o) { o.method = EstimationMethod::idw; }), "estimate.power");
  EXPECT_EQ(refusal([](S&, T&, O& o) { o.method = EstimationMethod::uk; }), "estimate.drift");
  EXPECT_EQ(refusal([](S&, T&, O& o) {
              o.method = EstimationMethod::uk;
              o.drift = "elevation";
            }),
            "estimate.drift");
  EXPECT_EQ(refusal([](S&, T&, O& o) { o.method = EstimationMethod::ked; }), "estimate.no_drift");
  EXPECT_EQ(refusal([](S&, T& t, O& o) {
              o.method = EstimationMethod::ked;
              o.sample_drift = {{1.0, missing, 2.0}};
              t.drift = {{1.0}};
            }),
            "estimate.bad_drift");
  EXPECT_EQ(refusal([](S&, T&, O& o) {
              o.method = EstimationMethod::sk;
              o.means = {1.0};
              o.model = sketch::model(StructureType::power, 0.0, 1.0, 10.0);
            }),
            "estimate.unbounded");
  EXPECT_EQ(refusal([](S&, T&, O& o) { o.search.passes.clear(); }), "estimate.search");
  EXPECT_EQ(refusal([](S&, T&, O& o) { o.search.passes[0].radius_m[1] = 0.0; }), "estimate.search");
  EXPECT_EQ(refusal([](S&, T&, O& o) { o.search.passes[0].max_per_hole = 2; }),
            "estimate.no_holes");
  EXPECT_EQ(refusal([](S&, T&, O& o) { o.duplicate_distance_m = -1.0; }),
            "estimate.duplicate_distance");
  EXPECT_EQ(refusal([](S&, T&, O& o) { o.high_yield_above = {1.0, 2.0}; }), "estimate.high_yield");
  EXPECT_EQ(refusal([](S& s, T&, O& o) {
              s = sketch::scattered(5001, {900.0, 900.0, 90.0});
              o.search.passes[0].max_samples = 0;
            }),
            "estimate.too_many");
  EXPECT_EQ(refusal([](S&, T&, O& o) { o.model = VariogramModel{}; }), "variogram.sill");
}

}  // namespace
}  // namespace lode
