// Neighbourhood analysis: closed forms of one and two samples, and what is tried.
#include "libgeo/estimation/neighbourhood_analysis.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/core/code_of.h"
#include "tests/estimation/case_columns.h"

namespace lode {
namespace {

Samples at(const std::vector<double>& x) {
  Samples samples;
  samples.variables = {"v"};
  samples.x = x;
  samples.y.assign(x.size(), 0.0);
  samples.z.assign(x.size(), 0.0);
  samples.values = {std::vector<double>(x.size(), 1.0)};
  for (std::size_t i = 0; i < x.size(); ++i) samples.values[0][i] = static_cast<double>(i);
  return samples;
}

Targets origin() {
  Targets targets;
  targets.x = {0.0};
  targets.y = {0.0};
  targets.z = {0.0};
  return targets;
}

EstimateOptions ordinary(StructureType type) {
  EstimateOptions options;
  Structure s;
  s.type = type;
  s.sill = 2.0;
  s.ranges_m = {100.0, 100.0, 100.0};
  options.model.structures = {s};
  options.jobs = 1;
  return options;
}

TEST(NeighbourhoodAnalysis, OneSampleInClosedForm) {
  // Z* = Z1: slope = C(h)/C(0), variance = 2 (C(0) - C(h)), efficiency = (C(0) - variance)/C(0).
  const double rho = 1.0 - (1.5 * 0.4 - 0.5 * 0.4 * 0.4 * 0.4);
  const auto rows =
      neighbourhood_analysis(at({40.0}), origin(), ordinary(StructureType::spherical), {});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_NEAR(rows[0].slope, rho, 1e-12);
  EXPECT_NEAR(rows[0].variance, 2.0 * 2.0 * (1.0 - rho), 1e-12);
  EXPECT_NEAR(rows[0].efficiency, 1.0 - 2.0 * (1.0 - rho), 1e-12);
  EXPECT_EQ(rows[0].negative_weight_sum, 0.0);
  EXPECT_EQ(rows[0].samples, 1.0);
}

TEST(NeighbourhoodAnalysis, NegativeWeightsOfTwoSamplesInClosedForm) {
  // Two in a row: w2 = 1/2 - (g(20) - g(10)) / (2 g(10)); g is convex near 0, so w2 is near -1.
  const auto g = [](double h) { return 1.0 - std::exp(-3.0 * h * h / 1e4); };
  const double w2 = 0.5 - (g(20.0) - g(10.0)) / (2.0 * g(10.0));
  ASSERT_LT(w2, -0.9);
  NeighbourhoodTrials trials;
  trials.max_samples = {1, 2};
  const auto rows =
      neighbourhood_analysis(at({10.0, 20.0}), origin(), ordinary(StructureType::gaussian), trials);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].negative_weight_sum, 0.0);
  EXPECT_EQ(rows[0].negative_targets_pct, 0.0);
  EXPECT_NEAR(rows[1].negative_weight_sum, w2, 1e-10);
  EXPECT_EQ(rows[1].negative_targets_pct, 100.0);
}

TEST(NeighbourhoodAnalysis, LargerBlocksHaveLessVariance) {
  Samples samples = two_variables();
  samples.variables = {"b"};
  samples.values = {samples.values[1]};
  Targets grid;
  grid.is_grid = true;
  grid.grid.origin = {0.0, 0.0, -5.0};
  grid.grid.spacing = {20.0, 10.0, 10.0};
  grid.grid.count = {10, 14, 1};
  EstimateOptions options = ordinary(StructureType::spherical);
  options.search.passes[0].max_samples = 8;
  NeighbourhoodTrials trials;
  trials.max_samples = {4, 16};
  trials.block_m = {{10.0, 10.0, 10.0}, {40.0, 40.0, 10.0}};
  trials.discretise = {{1, 1, 1}, {4, 4, 1}};
  trials.places = 35;
  const auto rows = neighbourhood_analysis(samples, grid, options, trials);
  ASSERT_EQ(rows.size(), 8u);
  EXPECT_EQ(rows[0].targets, 35u);
  EXPECT_EQ(rows[1].max_samples, 16u);
  EXPECT_EQ(rows[2].block_m[0], 40.0);
  EXPECT_EQ(rows[4].discretise[0], 4);
  // Points do not know of a size; of blocks the larger varies less. More samples: slope nearer 1.
  EXPECT_EQ(rows[0].variance, rows[2].variance);
  EXPECT_GT(rows[4].variance, rows[6].variance);
  EXPECT_GT(rows[5].slope, rows[4].slope);
  EXPECT_LE(rows[5].negative_weight_sum, 0.0);
}

TEST(NeighbourhoodAnalysis, BlocksOfATurnedGridStayParallelToIt) {
  // Turning samples, grid and angles together changes nothing.
  Samples samples = two_variables();
  samples.variables = {"b"};
  samples.values = {samples.values[1]};
  Targets grid;
  grid.is_grid = true;
  grid.grid.origin = {0.0, 0.0, -5.0};
  grid.grid.spacing = {30.0, 10.0, 10.0};
  grid.grid.count = {6, 12, 1};
  EstimateOptions options = ordinary(StructureType::spherical);
  options.model.structures[0].ranges_m = {100.0, 40.0, 40.0};
  options.search.passes[0].max_samples = 8;
  options.discretise = {4, 2, 1};
  const auto straight = neighbourhood_analysis(samples, grid, options, {});
  const double angle = 35.0 * 3.14159265358979323846 / 180.0;
  Samples turned = samples;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    turned.x[i] = samples.x[i] * std::cos(angle) + samples.y[i] * std::sin(angle);
    turned.y[i] = samples.y[i] * std::cos(angle) - samples.x[i] * std::sin(angle);
  }
  grid.grid.rotation_deg = 35.0;
  options.model.structures[0].angles.azimuth_deg = 35.0;
  options.search.angles.azimuth_deg = 35.0;
  const auto rows = neighbourhood_analysis(turned, grid, options, {});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_NEAR(rows[0].variance, straight[0].variance, 1e-9);
  EXPECT_NEAR(rows[0].slope, straight[0].slope, 1e-9);
  EXPECT_NEAR(rows[0].negative_weight_sum, straight[0].negative_weight_sum, 1e-9);
}

TEST(NeighbourhoodAnalysis, IsOfKriging) {
  EstimateOptions options = ordinary(StructureType::spherical);
  options.method = EstimationMethod::nn;
  EXPECT_EQ(code_of([&] { (void)neighbourhood_analysis(at({40.0}), origin(), options, {}); }),
            "neighbourhood.method");
}

}  // namespace
}  // namespace lode
