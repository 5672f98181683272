// Indicator kriging against R gstat's indicators, the order correction, tails, and bad cut-offs.
#include "libgeo/estimation/indicator_kriging.h"

#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/core/text.h"
#include "tests/core/code_of.h"
#include "tests/estimation/case_columns.h"

namespace lode {
namespace {

const std::vector<double> cutoffs{170, 190, 220, 250, 275, 300};

VariogramModel spherical(double sill, double range, double nugget) {
  VariogramModel model;
  model.nugget = nugget;
  Structure s;
  s.sill = sill;
  s.ranges_m = {range, range, range};
  model.structures = {s};
  return model;
}

IndicatorOptions gstat_options() {
  IndicatorOptions options;
  options.cutoffs = cutoffs;
  options.models = {spherical(0.08, 60, 0.05), spherical(0.15, 150, 0.01),
                    spherical(0.17, 40, 0.08), spherical(0.22, 90, 0.02),
                    spherical(0.1, 30, 0.1),   spherical(0.12, 100, 0.01)};
  options.kriging.search.passes[0].max_samples = 12;
  options.kriging.jobs = 1;
  return options;
}

Samples samples_of_b() {
  Samples samples = two_variables();
  samples.variables = {"b"};
  samples.values = {samples.values[1]};
  return samples;
}

Targets targets_of(std::map<std::string, std::vector<double>>& cases) {
  Targets targets;
  targets.x = cases["x"];
  targets.y = cases["y"];
  targets.z.assign(targets.x.size(), 0.0);
  return targets;
}

struct Rows {
  std::vector<std::vector<double>> above;
  std::vector<double> mean, variance;
  std::vector<std::uint8_t> pass;
  IndicatorSummary summary;
};
Rows run(const Samples& samples, const Targets& targets, const IndicatorOptions& options) {
  Rows rows;
  rows.above.resize(options.cutoffs.size());
  rows.summary = indicator_kriging(samples, targets, options, [&](const IndicatorChunk& chunk) {
    for (std::size_t k = 0; k < rows.above.size(); ++k)
      rows.above[k].insert(rows.above[k].end(), chunk.above[k].begin(), chunk.above[k].end());
    rows.mean.insert(rows.mean.end(), chunk.mean.begin(), chunk.mean.end());
    rows.variance.insert(rows.variance.end(), chunk.variance.begin(), chunk.variance.end());
    rows.pass.insert(rows.pass.end(), chunk.pass.begin(), chunk.pass.end());
  });
  return rows;
}

void expect_rows(const Rows& rows, std::map<std::string, std::vector<double>>& cases,
                 const std::string& below, const std::string& end) {
  for (std::size_t i = 0; i < cases["x"].size(); ++i) {
    for (std::size_t k = 0; k < cutoffs.size(); ++k)
      EXPECT_NEAR(1.0 - rows.above[k][i], cases[below + number_text(cutoffs[k])][i], 1e-11)
          << "row " << i << ", cut-off " << cutoffs[k];
    EXPECT_NEAR(rows.mean[i], cases[end + "mean"][i], 1e-9);
    EXPECT_NEAR(rows.variance[i], cases[end + "variance"][i], 1e-7);
  }
}

TEST(IndicatorKriging, AgreesWithGstat) {
  auto cases = case_columns("indicator_gstat.csv");
  ASSERT_EQ(cases["x"].size(), 8u);
  const Rows rows = run(samples_of_b(), targets_of(cases), gstat_options());
  expect_rows(rows, cases, "below_", "");
  // Rows of the case file whose raw probabilities fall somewhere: 1, 2, 4, 6, 8.
  EXPECT_EQ(rows.summary.order.targets, 5u);
  EXPECT_EQ(rows.summary.order.by_cutoff, (std::vector<std::size_t>{2, 3, 3, 2, 2, 2}));
  EXPECT_GT(rows.summary.order.largest, rows.summary.order.mean_change);
}

TEST(IndicatorKriging, OneModelForAllIsMedianKriging) {
  auto cases = case_columns("indicator_gstat.csv");
  IndicatorOptions options = gstat_options();
  options.models = {options.models[3]};
  expect_rows(run(samples_of_b(), targets_of(cases), options), cases, "median_", "median_");
}

TEST(IndicatorKriging, OrderIsTheMeanOfUpwardAndDownward) {
  // Upward 0, 0.5, 0.5, 0.7, 1; downward 0, 0.3, 0.3, 0.7, 1.
  std::vector<double> below{-0.1, 0.5, 0.3, 0.7, 1.2};
  const auto change = correct_order(below);
  const std::vector<double> right{0.0, 0.4, 0.4, 0.7, 1.0}, by{0.1, 0.1, 0.1, 0.0, 0.2};
  for (std::size_t k = 0; k < right.size(); ++k) {
    EXPECT_NEAR(below[k], right[k], 1e-15);
    EXPECT_NEAR(change[k], by[k], 1e-15);
  }
}

TEST(IndicatorKriging, TailsAreStatedOrTheSamplesOwn) {
  auto cases = case_columns("indicator_gstat.csv");
  IndicatorOptions options = gstat_options();
  options.minimum = 100.0;
  options.maximum = 500.0;
  const Rows rows = run(samples_of_b(), targets_of(cases), options);
  ASSERT_EQ(rows.summary.classes.size(), 7u);
  EXPECT_DOUBLE_EQ(rows.summary.classes.front().mean, 135.0);
  EXPECT_DOUBLE_EQ(rows.summary.classes.back().mean, 400.0);
  EXPECT_DOUBLE_EQ(rows.summary.classes.back().variance, 200.0 * 200.0 / 12.0);
  EXPECT_EQ(rows.summary.classes.front().samples, 9u);
  options.minimum = 171.0;
  EXPECT_EQ(code_of([&] { (void)run(samples_of_b(), targets_of(cases), options); }),
            "indicator.tails");
}

TEST(IndicatorKriging, AClassWithoutSamplesIsSaidOrRefused) {
  auto cases = case_columns("indicator_gstat.csv");
  IndicatorOptions options = gstat_options();
  options.models = {spherical(0.2, 80, 0.02)};
  options.cutoffs = {250.0, 250.01, 300.0};
  const Rows rows = run(samples_of_b(), targets_of(cases), options);
  EXPECT_TRUE(rows.summary.kriging.findings.has("indicator.empty_class"));
  options.cutoffs = {250.0, 5000.0};
  EXPECT_EQ(code_of([&] { (void)run(samples_of_b(), targets_of(cases), options); }),
            "indicator.no_tail");
  options.maximum = 6000.0;
  EXPECT_EQ(code_of([&] { (void)run(samples_of_b(), targets_of(cases), options); }), "no error");
}

TEST(IndicatorKriging, RefusesCutoffsThatAreNone) {
  auto cases = case_columns("indicator_gstat.csv");
  const auto code = [&](std::vector<double> wanted, std::size_t models) {
    IndicatorOptions options = gstat_options();
    options.cutoffs = std::move(wanted);
    options.models.resize(models);
    return code_of([&] { (void)run(samples_of_b(), targets_of(cases), options); });
  };
  EXPECT_EQ(code({}, 1), "indicator.no_cutoffs");
  EXPECT_EQ(code({250, 200}, 1), "indicator.unsorted");
  EXPECT_EQ(code({200, 200}, 1), "indicator.unsorted");
  EXPECT_EQ(code({200, 250, 300}, 2), "indicator.models");
}

TEST(IndicatorKriging, TheSameBitsForAnyNumberOfThreads) {
  Targets grid;
  grid.is_grid = true;
  grid.grid.origin = {0.0, 0.0, -5.0};
  grid.grid.spacing = {10.0, 10.0, 10.0};
  grid.grid.count = {20, 15, 1};
  IndicatorOptions options = gstat_options();
  const Rows one = run(samples_of_b(), grid, options);
  options.kriging.jobs = 3;
  const Rows three = run(samples_of_b(), grid, options);
  EXPECT_EQ(one.above, three.above);
  EXPECT_EQ(one.mean, three.mean);
  EXPECT_EQ(one.summary.mean, three.summary.mean);
  EXPECT_EQ(one.summary.kriging.estimated, 300u);
}

TEST(IndicatorKriging, CrossValidationIsOfTheMeans) {
  const Samples samples = samples_of_b();
  const CrossValidation all = cross_validate_indicators(samples, gstat_options());
  ASSERT_EQ(all.estimate.size(), 1u);
  // By hand: the sample taken out, classes as before but for it; the means are near.
  ASSERT_EQ(all.rmse.size(), 1u);
  EXPECT_GT(all.rmse[0], 15.0);
  EXPECT_LT(all.rmse[0], 62.0);  // below the spread of the samples
  EXPECT_GT(all.correlation[0], 0.5);
}

}  // namespace
}  // namespace lode
