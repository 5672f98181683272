// Kriging: closed forms, rules of the search, and what it refuses.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "libgeo/estimation/estimate.h"
#include "libgeo/estimation/kriging_lanes.h"
#include "tests/estimation/samples_sketch.h"

namespace lode {
namespace {

using sketch::points;
using sketch::row_of;
using sketch::run;

Targets grid_over(std::array<std::size_t, 3> count, std::array<double, 3> spacing) {
  Targets targets;
  targets.is_grid = true;
  targets.grid.origin = {500000.0, 7000000.0, 0.0};
  targets.grid.spacing = spacing;
  targets.grid.count = count;
  return targets;
}

EstimateOptions ordinary(std::size_t max_samples = 0) {
  EstimateOptions options;
  options.model = sketch::model(StructureType::spherical, 0.3, 1.2, 120.0);
  options.search.passes[0].max_samples = max_samples;
  return options;
}

TEST(Kriging, TwoSamplesAlikeFarShareTheWeight) {
  // Ordinary kriging half way between two samples 20 m apart: w = 1/2 each,
  // variance 2 gamma(10) - gamma(20) / 2, slope and efficiency from it (BV = 1.5).
  const auto options = ordinary();
  const auto gamma = [&](double h) { return gamma_at(options.model, h, 0, 0); };
  const auto result = run(row_of({0.0, 20.0}, {1.0, 3.0}), points({10.0}), options);
  EXPECT_NEAR(result.chunk.value[0][0], 2.0, 1e-14);
  const double variance = 2.0 * gamma(10.0) - gamma(20.0) / 2.0;
  EXPECT_NEAR(result.chunk.variance[0], variance, 1e-14);
  EXPECT_NEAR(result.chunk.efficiency[0], (1.5 - variance) / 1.5, 1e-14);
  // mu = (C(0) + C(20)) / 2 - C(10)
  const double mu = (1.5 + 1.5 - gamma(20.0)) / 2.0 - (1.5 - gamma(10.0));
  EXPECT_NEAR(result.chunk.slope[0], (1.5 - variance + mu) / (1.5 - variance + 2.0 * mu), 1e-14);
  EXPECT_EQ(result.chunk.samples[0], 2u);
  EXPECT_EQ(result.chunk.nearest_m[0], 10.0);
}

TEST(Kriging, SimpleKrigingOfOneSample) {
  // w = C(h) / C(0), variance C(0) - C(h)^2 / C(0).
  EstimateOptions options = ordinary();
  options.method = EstimationMethod::sk;
  options.means = {2.0};
  const double c = 1.5 - gamma_at(options.model, 30.0, 0, 0);
  const auto result = run(row_of({0.0}, {5.0}), points({30.0, 500.0}), options);
  EXPECT_NEAR(result.chunk.value[0][0], 2.0 + c / 1.5 * 3.0, 1e-14);
  EXPECT_NEAR(result.chunk.variance[0], 1.5 - c * c / 1.5, 1e-14);
  EXPECT_NEAR(result.chunk.slope[0], 1.0, 1e-14);
  EXPECT_EQ(result.chunk.value[0][1], 2.0);  // past the range: the mean
  EXPECT_EQ(result.chunk.variance[1], 1.5);
}

TEST(Kriging, IsExactAtASample) {
  const Samples samples = sketch::scattered(60, {200.0, 200.0, 50.0});
  Targets targets;
  targets.x = samples.x;
  targets.y = samples.y;
  targets.z = samples.z;
  for (const std::size_t max : {std::size_t{0}, std::size_t{12}}) {
    const auto result = run(samples, targets, ordinary(max));
    for (std::size_t i = 0; i < samples.size(); ++i) {
      EXPECT_NEAR(result.chunk.value[0][i], samples.values[0][i], 1e-12);
      EXPECT_NEAR(result.chunk.variance[i], 0.0, 1e-12);
    }
  }
}

TEST(Kriging, NuggetAloneGivesTheMean) {
  EstimateOptions options;
  options.model.nugget = 2.0;
  const auto result = run(row_of({0, 7, 11, 30}, {1, 2, 3, 6}), points({5.0}), options);
  EXPECT_NEAR(result.chunk.value[0][0], 3.0, 1e-14);
  EXPECT_NEAR(result.chunk.variance[0], 2.0 * (1.0 + 0.25), 1e-14);
}

TEST(Kriging, WeightsSumToOneAndGiveTheEstimate) {
  const Samples samples = sketch::scattered(500, {400.0, 400.0, 100.0});
  const Targets targets = grid_over({12, 9, 5}, {30.0, 40.0, 20.0});
  for (const auto method :
       {EstimationMethod::ok, EstimationMethod::uk, EstimationMethod::nn, EstimationMethod::idw}) {
    EstimateOptions options = ordinary(20);
    options.method = method;
    options.drift = "xyz";
    options.power = 2.0;
    const auto result = run(samples, targets, options);
    std::size_t seen = 0;
    kriging_weights(samples, targets, options, [&](const WeightChunk& chunk) {
      EXPECT_EQ(chunk.first, seen);
      for (std::size_t t = 0; t + 1 < chunk.start.size(); ++t) {
        double sum = 0.0, estimate = 0.0;
        for (std::size_t i = chunk.start[t]; i < chunk.start[t + 1]; ++i) {
          sum += chunk.weight[i];
          estimate += chunk.weight[i] * samples.values[0][chunk.sample[i]];
        }
        EXPECT_NEAR(sum, 1.0, 1e-12);
        EXPECT_NEAR(estimate, result.chunk.value[0][seen + t], 1e-12);
        if (method == EstimationMethod::ok || method == EstimationMethod::uk) {
          EXPECT_EQ(chunk.variance[t], result.chunk.variance[seen + t]);
        }
      }
      seen += chunk.start.size() - 1;
    });
    EXPECT_EQ(seen, targets.size());
  }
}

TEST(Kriging, SumsOfVariablesAreEstimatedAsTheirEstimatesSum) {
  // TREO from the estimates is the estimate of TREO.
  Samples samples = sketch::scattered(300, {300.0, 300.0, 60.0}, 5);
  samples.values.emplace_back(samples.size(), 0.0);
  for (std::size_t v = 0; v < 5; ++v)
    for (std::size_t i = 0; i < samples.size(); ++i) samples.values[5][i] += samples.values[v][i];
  const auto result = run(samples, grid_over({10, 10, 4}, {30.0, 30.0, 15.0}), ordinary(16));
  for (std::size_t t = 0; t < result.chunk.rows(); ++t) {
    double sum = 0.0;
    for (std::size_t v = 0; v < 5; ++v) sum += result.chunk.value[v][t];
    EXPECT_NEAR(sum, result.chunk.value[5][t], 1e-12);
  }
}

// Every bit of a result, so that two can be compared.
std::vector<double> bits(const sketch::Result& result) {
  std::vector<double> all = result.chunk.variance;
  for (const auto& column : result.chunk.value) all.insert(all.end(), column.begin(), column.end());
  all.insert(all.end(), result.chunk.slope.begin(), result.chunk.slope.end());
  all.insert(all.end(), result.chunk.nearest_m.begin(), result.chunk.nearest_m.end());
  for (double& value : all)
    if (std::isnan(value)) value = -1e300;
  return all;
}

std::vector<EstimateOptions> many_ways() {
  std::vector<EstimateOptions> ways{ordinary(24), ordinary(0)};
  ways[1].search.passes[0].radius_m = {60.0, 40.0, 30.0};
  ways[1].search.angles = {35.0, 20.0, 10.0};
  ways.push_back(ordinary(16));
  ways[2].discretise = {3, 3, 2};
  ways[2].model = sketch::model(StructureType::exponential, 0.2, 1.0, 90.0);
  ways[2].model.structures.push_back(
      sketch::model(StructureType::gaussian, 0, 0.5, 40.0).structures[0]);
  ways[2].model.structures.push_back(
      sketch::model(StructureType::cubic, 0, 0.5, 70.0).structures[0]);
  ways[2].model.structures[0].ranges_m = {90.0, 60.0, 20.0};
  ways[2].model.structures[0].angles = {60.0, -10.0, 5.0};
  ways.push_back(ordinary(20));
  ways[3].method = EstimationMethod::uk;
  ways[3].drift = "xyz";
  ways.push_back(ordinary(20));
  ways[4].search.passes[0].max_per_octant = 3;
  ways[4].search.passes[0].radius_m = {50.0, 50.0, 50.0};
  ways[4].search.passes[0].min_samples = 8;
  ways[4].search.passes.push_back(ways[4].search.passes[0]);
  ways[4].search.passes[1].radius_m = {150.0, 100.0, 80.0};
  ways.push_back(ordinary(0));
  ways[5].search.passes[0].radius_m = {80.0, 80.0, 80.0};
  ways.push_back(ordinary(20));
  ways[6].drop_negative_weights = true;
  ways.push_back(ordinary(20));
  ways[7].model = sketch::model(StructureType::power, 0.1, 0.4, 100.0);
  return ways;
}

TEST(Kriging, ThreadsAndProcessorsChangeNoBit) {
  const Samples samples = sketch::scattered(900, {400.0, 400.0, 150.0}, 2);
  const Targets targets = grid_over({11, 7, 5}, {35.0, 55.0, 28.0});
  for (EstimateOptions options : many_ways()) {
    options.jobs = 1;
    kriging::choose_kernels("plain");
    const auto expected = bits(run(samples, targets, options));
    for (const auto name : kriging::kernel_names()) {
      kriging::choose_kernels(name);
      for (const int jobs : {1, 2, 7}) {
        if (jobs > 1 && name != kriging::kernel_names().back()) continue;
        options.jobs = jobs;
        EXPECT_EQ(bits(run(samples, targets, options)), expected) << name << ' ' << jobs;
      }
    }
    kriging::choose_kernels("");
  }
}

TEST(Kriging, CompanyAndOrderOfTargetsChangeNoBit) {
  // A list of the blocks, shuffled, or each alone: the same numbers as the grid.
  const Samples samples = sketch::scattered(700, {400.0, 400.0, 150.0});
  const Targets grid = grid_over({13, 9, 5}, {30.0, 42.0, 25.0});
  for (const EstimateOptions& options : many_ways()) {
    const auto expected = run(samples, grid, options);
    Targets list;
    std::vector<std::size_t> order(grid.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = 0; i < order.size(); ++i) std::swap(order[i], order[i * 7919 % (i + 1)]);
    for (const std::size_t block : order) {
      const auto centre = centre_of(grid.grid, block);
      list.x.push_back(centre[0]);
      list.y.push_back(centre[1]);
      list.z.push_back(centre[2]);
      list.dx.push_back(grid.grid.spacing[0]);
      list.dy.push_back(grid.grid.spacing[1]);
      list.dz.push_back(grid.grid.spacing[2]);
    }
    const auto result = run(samples, list, options);
    for (std::size_t i = 0; i < order.size(); ++i) {
      EXPECT_EQ(result.chunk.pass[i], expected.chunk.pass[order[i]]);
      if (result.chunk.pass[i] == 0) continue;
      ASSERT_EQ(result.chunk.value[0][i], expected.chunk.value[0][order[i]]);
      ASSERT_EQ(result.chunk.variance[i], expected.chunk.variance[order[i]]);
    }
  }
}

TEST(Kriging, OrderOfSamplesChangesNothing) {
  const Samples samples = sketch::scattered(400, {300.0, 300.0, 100.0});
  Samples turned = samples;
  for (auto* column : {&turned.x, &turned.y, &turned.z, &turned.values[0]})
    std::reverse(column->begin(), column->end());
  const Targets targets = grid_over({9, 9, 5}, {33.0, 33.0, 20.0});
  for (const EstimateOptions& options : many_ways())
    EXPECT_EQ(bits(run(samples, targets, options)), bits(run(turned, targets, options)));
}

TEST(Kriging, NeighboursAreTheNearestOfAll) {
  // Against sorting all samples by distance, with a turned and squeezed ellipsoid.
  const Samples samples = sketch::scattered(2000, {500.0, 500.0, 200.0});
  const Targets targets = grid_over({14, 10, 6}, {35.0, 50.0, 33.0});
  EstimateOptions options = ordinary(24);
  options.search.passes[0].radius_m = {90.0, 70.0, 40.0};
  options.search.angles = {30.0, 25.0, -15.0};
  const Matrix3 axes = scaled_axes(options.search.angles, options.search.passes[0].radius_m);
  std::size_t at = 0;
  kriging_weights(samples, targets, options, [&](const WeightChunk& chunk) {
    for (std::size_t t = 0; t + 1 < chunk.start.size(); ++t, ++at) {
      const auto centre = centre_of(targets.grid, at);
      std::vector<std::pair<double, std::uint32_t>> all;
      for (std::uint32_t i = 0; i < samples.size(); ++i) {
        double square = 0.0;
        for (const auto& axis : axes) {
          const double along = axis[0] * (samples.x[i] - centre[0]) +
                               axis[1] * (samples.y[i] - centre[1]) +
                               axis[2] * (samples.z[i] - centre[2]);
          square += along * along;
        }
        if (square <= 1.0) all.emplace_back(square, i);
      }
      std::sort(all.begin(), all.end());
      std::vector<std::uint32_t> expected, found;
      for (std::size_t i = 0; i < std::min<std::size_t>(24, all.size()); ++i)
        expected.push_back(all[i].second);
      found.assign(chunk.sample.begin() + static_cast<std::ptrdiff_t>(chunk.start[t]),
                   chunk.sample.begin() + static_cast<std::ptrdiff_t>(chunk.start[t + 1]));
      std::sort(expected.begin(), expected.end());
      std::sort(found.begin(), found.end());
      ASSERT_EQ(found, expected) << "block " << at;
    }
  });
}

TEST(Kriging, TiesGoToTheFirstSampleAndAreCounted) {
  // Four samples as far from the target as each other, two wanted.
  Samples samples = row_of({-10, 10, 0, 0}, {1, 2, 3, 4});
  samples.y = {0, 0, -10, 10};
  const auto result = run(samples, points({0.0}), ordinary(2));
  EXPECT_NEAR(result.chunk.value[0][0], 1.5, 1e-14);
  EXPECT_EQ(result.summary.ties, 1u);
  EXPECT_TRUE(result.summary.findings.has("estimate.ties"));
  EXPECT_EQ(run(samples, points({0.0}), ordinary(4)).summary.ties, 0u);
  EXPECT_EQ(run(samples, points({1.0}), ordinary(1)).summary.ties, 0u);
}

TEST(Kriging, BlocksAreTheMeanOfTheirPoints) {
  // The estimate of a block is the mean of those of its points when they share samples; its
  // variance is below the points' mean. A block of no size is its centre.
  const Samples samples = sketch::scattered(40, {100.0, 100.0, 30.0});
  Targets block;
  block.x = {500050.0};
  block.y = {7000040.0};
  block.z = {15.0};
  block.dx = {20.0};
  block.dy = {12.0};
  block.dz = {6.0};
  EstimateOptions options = ordinary();
  options.discretise = {4, 3, 2};
  const auto whole = run(samples, block, options);
  Targets inner;
  for (int k = 0; k < 2; ++k)
    for (int j = 0; j < 3; ++j)
      for (int i = 0; i < 4; ++i) {
        inner.x.push_back(500050.0 + ((i + 0.5) / 4 - 0.5) * 20.0);
        inner.y.push_back(7000040.0 + ((j + 0.5) / 3 - 0.5) * 12.0);
        inner.z.push_back(15.0 + ((k + 0.5) / 2 - 0.5) * 6.0);
      }
  options.discretise = {1, 1, 1};
  const auto parts = run(samples, inner, options);
  double mean = 0.0, variance = 0.0;
  for (std::size_t i = 0; i < 24; ++i) {
    mean += parts.chunk.value[0][i] / 24.0;
    variance += parts.chunk.variance[i] / 24.0;
  }
  EXPECT_NEAR(whole.chunk.value[0][0], mean, 1e-12);
  EXPECT_LT(whole.chunk.variance[0], variance);
}

}  // namespace
}  // namespace lode
