// Co-kriging against R gstat, its special cases, and models that are none.
#include "libgeo/estimation/cokriging.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/core/code_of.h"
#include "tests/estimation/case_columns.h"

namespace lode {
namespace {

Coregionalisation model_of(SillMatrix nugget, SillMatrix sill) {
  Coregionalisation model;
  model.variables = {"a", "b"};
  model.nugget = std::move(nugget);
  Structure s;
  s.ranges_m = {80.0, 48.0, 48.0};
  s.angles.azimuth_deg = 30.0;
  model.parts = {{s, std::move(sill)}};
  return model;
}

CokrigingOptions gstat_options() {
  CokrigingOptions options;
  options.model = model_of({{0.1, 5.0}, {5.0, 600.0}}, {{0.9, 50.0}, {50.0, 3500.0}});
  options.search.angles.azimuth_deg = 30.0;
  options.jobs = 1;
  return options;
}

// All rows of a run.
struct Rows {
  std::vector<std::vector<double>> value, variance;
  std::vector<std::uint32_t> samples, own;
  CokrigingSummary summary;
};
Rows run(const Samples& samples, const Targets& targets, const CokrigingOptions& options) {
  Rows rows;
  rows.value.resize(options.model.size());
  rows.variance.resize(options.model.size());
  rows.summary = cokriging(samples, targets, options, [&](const CokrigingChunk& chunk) {
    for (std::size_t v = 0; v < chunk.value.size(); ++v) {
      rows.value[v].insert(rows.value[v].end(), chunk.value[v].begin(), chunk.value[v].end());
      rows.variance[v].insert(rows.variance[v].end(), chunk.variance[v].begin(),
                              chunk.variance[v].end());
    }
    rows.samples.insert(rows.samples.end(), chunk.samples.begin(), chunk.samples.end());
    rows.own.insert(rows.own.end(), chunk.own.begin(), chunk.own.end());
  });
  return rows;
}

Targets targets_of(std::map<std::string, std::vector<double>>& cases) {
  Targets targets;
  targets.x = cases["x"];
  targets.y = cases["y"];
  targets.z.assign(targets.x.size(), 0.0);
  return targets;
}

void expect_near(const std::vector<double>& ours, const std::vector<double>& theirs,
                 double tolerance) {
  ASSERT_EQ(ours.size(), theirs.size());
  for (std::size_t i = 0; i < ours.size(); ++i)
    EXPECT_NEAR(ours[i], theirs[i], tolerance * (1.0 + std::abs(theirs[i]))) << "row " << i;
}

TEST(Cokriging, PointsAgreeWithGstat) {
  auto cases = case_columns("cokriging_gstat.csv");
  ASSERT_EQ(cases["x"].size(), 8u);
  const Rows rows = run(two_variables(), targets_of(cases), gstat_options());
  expect_near(rows.value[0], cases["a"], 1e-11);
  expect_near(rows.value[1], cases["b"], 1e-11);
  expect_near(rows.variance[0], cases["a_variance"], 1e-11);
  expect_near(rows.variance[1], cases["b_variance"], 1e-9);
  EXPECT_EQ(rows.samples[0], 40u + 55u);
  EXPECT_EQ(rows.own[0], 40u);
}

TEST(Cokriging, BlocksAgreeWithGstat) {
  auto cases = case_columns("cokriging_gstat.csv");
  Targets targets = targets_of(cases);
  targets.dx.assign(8, 20.0);
  targets.dy.assign(8, 18.0);
  targets.dz.assign(8, 1.0);
  CokrigingOptions options = gstat_options();
  options.discretise = {4, 4, 1};
  const Rows rows = run(two_variables(), targets, options);
  expect_near(rows.value[0], cases["block_a"], 1e-11);
  expect_near(rows.value[1], cases["block_b"], 1e-11);
  expect_near(rows.variance[0], cases["block_a_variance"], 1e-10);
  expect_near(rows.variance[1], cases["block_b_variance"], 1e-10);
}

TEST(Cokriging, IsOrdinaryKrigingWhereTheVariablesHaveNothingInCommon) {
  auto cases = case_columns("cokriging_gstat.csv");
  CokrigingOptions options = gstat_options();
  options.model = model_of({{0.1, 0.0}, {0.0, 600.0}}, {{0.9, 0.0}, {0.0, 3500.0}});
  const Rows rows = run(two_variables(), targets_of(cases), options);
  expect_near(rows.value[0], cases["ok_a"], 1e-11);
  expect_near(rows.variance[0], cases["ok_a_variance"], 1e-11);
}

TEST(Cokriging, IsOrdinaryKrigingWhereTheSecondVariableIsOutOfReach) {
  auto cases = case_columns("cokriging_gstat.csv");
  Samples samples = two_variables();
  // One value of b, 10 km away: the search finds none.
  for (double& b : samples.values[1]) b = std::nan("");
  samples.x.push_back(10000.0);
  samples.y.push_back(10000.0);
  samples.z.push_back(0.0);
  samples.values[0].push_back(std::nan(""));
  samples.values[1].push_back(300.0);
  CokrigingOptions options = gstat_options();
  options.search.passes[0].radius_m = {1000.0, 1000.0, 1000.0};
  const Rows rows = run(samples, targets_of(cases), options);
  expect_near(rows.value[0], cases["ok_a"], 1e-11);
  expect_near(rows.variance[0], cases["ok_a_variance"], 1e-11);
  for (const double b : rows.value[1]) EXPECT_TRUE(std::isnan(b));
}

TEST(Cokriging, ProportionalModelsAreAutokrigeable) {
  // With b = matrix times one correlation and equal places, the secondary has no weight
  // (Wackernagel 2003, p. 170).
  auto cases = case_columns("cokriging_gstat.csv");
  Samples samples = two_variables();
  for (std::size_t i = 0; i < samples.size(); ++i)
    if (std::isnan(samples.values[0][i]))
      samples.values[1][i] = std::nan("");
    else if (std::isnan(samples.values[1][i]))
      samples.values[1][i] = 777.0;
  CokrigingOptions options = gstat_options();
  options.model = model_of({{0.1, 4.0}, {4.0, 400.0}}, {{0.9, 36.0}, {36.0, 3600.0}});
  const Rows rows = run(samples, targets_of(cases), options);
  expect_near(rows.value[0], cases["ok_a"], 1e-10);
  expect_near(rows.variance[0], cases["ok_a_variance"], 1e-10);
}

TEST(Cokriging, StandardisedIsAboutTheMeansByTheDeviations) {
  // One sample each, out of reach of the target and of each other: all covariances are 0, so both
  // standardised values weigh 1/2, and the variance is 1 + 1/2 sills.
  Samples samples;
  samples.variables = {"a", "b"};
  samples.x = {0.0, 1000.0};
  samples.y = {0.0, 0.0};
  samples.z = {0.0, 0.0};
  samples.values = {{10.0, std::nan("")}, {std::nan(""), 8.0}};
  CokrigingOptions options;
  options.model = model_of({{0.0, 0.0}, {0.0, 0.0}}, {{1.0, 0.5}, {0.5, 4.0}});
  options.standardised = true;
  options.means = {6.0, 5.0};
  Targets targets;
  targets.x = {500.0};
  targets.y = {0.0};
  targets.z = {0.0};
  const Rows rows = run(samples, targets, options);
  EXPECT_NEAR(rows.value[0][0], 6.0 + 1.0 * (0.5 * 4.0 / 1.0 + 0.5 * 3.0 / 2.0), 1e-12);
  EXPECT_NEAR(rows.value[1][0], 5.0 + 2.0 * (0.5 * 4.0 / 1.0 + 0.5 * 3.0 / 2.0), 1e-12);
  EXPECT_NEAR(rows.variance[0][0], 1.5 * 1.0, 1e-12);
  EXPECT_NEAR(rows.variance[1][0], 1.5 * 4.0, 1e-12);
  options.means = {6.0};
  EXPECT_EQ(code_of([&] { (void)run(samples, targets, options); }), "cokriging.means");
}

TEST(Cokriging, TheSameBitsForAnyNumberOfThreadsAndForTurnedGrids) {
  Targets grid;
  grid.is_grid = true;
  grid.grid.origin = {-10.0, -20.0, -5.0};
  grid.grid.spacing = {10.0, 12.0, 10.0};
  grid.grid.count = {17, 13, 1};
  grid.grid.rotation_deg = 20.0;
  CokrigingOptions options = gstat_options();
  options.search.passes[0].max_samples = 12;
  options.discretise = {2, 2, 1};
  const Rows one = run(two_variables(), grid, options);
  options.jobs = 3;
  const Rows three = run(two_variables(), grid, options);
  EXPECT_EQ(one.value, three.value);
  EXPECT_EQ(one.variance, three.variance);
  EXPECT_EQ(one.summary.estimated, grid.size());
  EXPECT_EQ(one.summary.mean, three.summary.mean);
}

TEST(Cokriging, CrossValidationLeavesTheSampleOut) {
  auto cases = case_columns("cokriging_gstat.csv");
  const Samples samples = two_variables();
  const CokrigingOptions options = gstat_options();
  const CrossValidation all = cross_validate_cokriging(samples, options);
  ASSERT_EQ(all.estimate.size(), 2u);
  // The same by taking the sample out by hand.
  const std::size_t out = 20;
  Samples rest = samples;
  for (auto& values : rest.values) values[out] = std::nan("");
  Targets target;
  target.x = {samples.x[out]};
  target.y = {samples.y[out]};
  target.z = {0.0};
  const Rows rows = run(rest, target, options);
  EXPECT_NEAR(all.estimate[0][out], rows.value[0][0], 1e-12);
  EXPECT_NEAR(all.estimate[1][out], rows.value[1][0], 1e-10);
  ASSERT_EQ(all.rmse.size(), 2u);
  EXPECT_GT(all.rmse[0], 0.1);
  EXPECT_LT(all.rmse[0], 1.0);
}

TEST(Cokriging, RefusesModelsThatAreNone) {
  const auto code = [](const std::string& json) {
    return code_of([&] { (void)coregionalisation_from_json(Json::parse(json), "lmc"); });
  };
  const std::string head = R"({"variables":["a","b"],"nugget":[[0,0],[0,0]],"structures":[)";
  const std::string shape = R"("type":"spherical","ranges_m":80)";
  EXPECT_EQ(code(head + "{" + shape + R"(,"sill":[[1,0.5],[0.5,1]]}]})"), "no error");
  // A cross sill above the root of the product: |a - b| would have a negative variance.
  EXPECT_EQ(code(head + "{" + shape + R"(,"sill":[[1,1.1],[1.1,1]]}]})"),
            "coregionalisation.not_positive");
  EXPECT_EQ(code(head + "{" + shape + R"(,"sill":[[1,0.5],[0.4,1]]}]})"),
            "coregionalisation.matrix");
  EXPECT_EQ(code(head + "{" + shape + R"(,"sill":[[1]]}]})"), "coregionalisation.matrix");
  EXPECT_EQ(code(head + "{" + shape + R"(,"sill":[[1,0],[0,0]]}]})"), "coregionalisation.sill");
  EXPECT_EQ(code(head + "{" + shape + R"(,"sill":1}]})"), "coregionalisation.bad_json");
  EXPECT_EQ(code(head + R"({"type":"power","exponent":1,"ranges_m":1,"sill":[[1,0],[0,1]]}]})"),
            "coregionalisation.unbounded");
  EXPECT_EQ(code(R"({"variables":["a"],"nuget":[[1]],"structures":[]})"),
            "coregionalisation.bad_json");
  EXPECT_EQ(code(head + "{" + R"("type":"spherical","ranges_m":0,"sill":[[1,0],[0,1]]}]})"),
            "variogram.range");
}

TEST(Cokriging, ModelsGoThroughJsonAndIntoTheOrderOfTheSamples) {
  const Coregionalisation model = gstat_options().model;
  const Coregionalisation back = coregionalisation_from_json(to_json(model), "lmc");
  EXPECT_EQ(to_json(back).dump(), to_json(model).dump());
  const Coregionalisation turned = ordered(model, {"b", "a"});
  EXPECT_EQ(turned.nugget[0][0], 600.0);
  EXPECT_EQ(turned.parts[0].sill[1][1], 0.9);
  EXPECT_EQ(code_of([&] { (void)ordered(model, {"a", "c"}); }), "coregionalisation.no_variable");
}

TEST(Cokriging, RefusesSamplesThatDoNotFit) {
  Samples samples = two_variables();
  Targets target;
  target.x = {50.0};
  target.y = {50.0};
  target.z = {0.0};
  CokrigingOptions options = gstat_options();
  Samples one = samples;
  one.values.pop_back();
  one.variables.pop_back();
  EXPECT_EQ(code_of([&] { (void)run(one, target, options); }), "cokriging.variables");
  Samples blank = samples;
  for (double& b : blank.values[1]) b = std::nan("");
  EXPECT_EQ(code_of([&] { (void)run(blank, target, options); }), "cokriging.no_values");
  Samples twice = samples;
  twice.x[7] = twice.x[6];
  twice.y[7] = twice.y[6];
  EXPECT_EQ(code_of([&] { (void)run(twice, target, options); }), "cokriging.duplicates");
  options.duplicates = DuplicatePolicy::average;
  EXPECT_EQ(run(twice, target, options).summary.duplicates, 2u);
}

TEST(Cokriging, SystemsThatCannotBeSolvedAreCounted) {
  // b = 2a everywhere, with a matrix of rank 1: the two say the same twice.
  Samples samples = two_variables();
  samples.values[1] = samples.values[0];
  for (double& b : samples.values[1]) b *= 2.0;
  CokrigingOptions options = gstat_options();
  options.model = model_of({{0.0, 0.0}, {0.0, 0.0}}, {{1.0, 2.0}, {2.0, 4.0}});
  Targets target;
  target.x = {50.0};
  target.y = {50.0};
  target.z = {0.0};
  const Rows rows = run(samples, target, options);
  EXPECT_EQ(rows.summary.not_positive_definite, 1u);
  EXPECT_EQ(rows.summary.estimated, 0u);
  EXPECT_TRUE(std::isnan(rows.value[0][0]));
}

}  // namespace
}  // namespace lode
