// Fitted variogram models: known models found again, and gstat's fits of the Meuse data.
#include "libgeo/estimation/variogram_fit.h"

#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/estimation/orientation.h"
#include "tests/estimation/reference_table.h"

namespace lode {
namespace {

// The exact values of a model at lags 10, 20, ... along directions (none = one, omnidirectional).
ExperimentalVariogram exact(const VariogramModel& model,
                            const std::vector<std::pair<double, double>>& directions,
                            std::size_t lags, double lag_m = 10.0) {
  ExperimentalVariogram result;
  for (const auto& [azimuth, dip] :
       directions.empty() ? std::vector<std::pair<double, double>>{{0.0, 0.0}} : directions) {
    DirectionalVariogram one;
    one.direction.omnidirectional = directions.empty();
    one.direction.azimuth_deg = azimuth;
    one.direction.dip_deg = dip;
    const auto way = axes_of({azimuth, dip, 0.0})[0];
    for (std::size_t k = 1; k <= lags; ++k) {
      VariogramLag lag;
      lag.lag = k;
      lag.pairs = 1000 - 10 * k;
      lag.distance_m = lag_m * static_cast<double>(k);
      for (std::size_t a = 0; a < 3; ++a) lag.separation_m[a] = way[a] * lag.distance_m;
      lag.gamma = gamma_at(model, lag.separation_m[0], lag.separation_m[1], lag.separation_m[2]);
      one.lags.push_back(lag);
    }
    result.directions.push_back(one);
  }
  return result;
}

Structure structure(StructureType type, double sill, std::array<double, 3> ranges,
                    Angles angles = {}) {
  Structure one;
  one.type = type;
  one.sill = sill;
  one.ranges_m = ranges;
  one.angles = angles;
  return one;
}

// The same ellipsoid, whichever way its axes point.
void expect_axes(const Angles& found, const Angles& wanted, double tolerance) {
  const Matrix3 a = axes_of(found), b = axes_of(wanted);
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_NEAR(std::abs(a[i][0] * b[i][0] + a[i][1] * b[i][1] + a[i][2] * b[i][2]), 1.0, tolerance)
        << "axis " << i;
}

std::string code_of(const ExperimentalVariogram& experimental, const FitOptions& options) {
  try {
    (void)fit_variogram(experimental, options);
  } catch (const Error& error) {
    return error.code;
  }
  return "";
}

TEST(VariogramFit, FindsOneStructureAgain) {
  for (const StructureType type : {StructureType::spherical, StructureType::exponential,
                                   StructureType::gaussian, StructureType::cubic}) {
    const VariogramModel model{0.3, {structure(type, 1.2, {120.0, 120.0, 120.0})}};
    FitOptions options;
    options.types = {StructureType::spherical, StructureType::exponential, StructureType::gaussian,
                     StructureType::cubic};
    const FitResult fit = fit_variogram(exact(model, {}, 20), options);
    ASSERT_EQ(fit.model.structures.size(), 1u) << to_text(type);
    EXPECT_EQ(fit.model.structures[0].type, type);
    EXPECT_NEAR(fit.model.nugget, 0.3, 1e-7);
    EXPECT_NEAR(fit.model.structures[0].sill, 1.2, 1e-7);
    EXPECT_NEAR(fit.model.structures[0].ranges_m[0], 120.0, 1e-5);
    EXPECT_LT(fit.weighted_residual, 1e-12);
    EXPECT_FALSE(fit.nugget_only);
  }
}

TEST(VariogramFit, FindsTwoStructuresAgain) {
  const VariogramModel model{0.2,
                             {structure(StructureType::spherical, 0.5, {45.0, 45.0, 45.0}),
                              structure(StructureType::spherical, 0.8, {210.0, 210.0, 210.0})}};
  const FitResult fit = fit_variogram(exact(model, {}, 30), FitOptions{});
  ASSERT_EQ(fit.model.structures.size(), 2u);
  EXPECT_NEAR(fit.model.nugget, 0.2, 1e-6);
  EXPECT_NEAR(fit.model.structures[0].ranges_m[0], 45.0, 1e-4);
  EXPECT_NEAR(fit.model.structures[0].sill, 0.5, 1e-6);
  EXPECT_NEAR(fit.model.structures[1].ranges_m[0], 210.0, 1e-4);
  EXPECT_NEAR(fit.model.structures[1].sill, 0.8, 1e-6);
}

TEST(VariogramFit, FindsTheEllipseAgain) {
  const VariogramModel model{
      0.1, {structure(StructureType::spherical, 0.9, {150.0, 60.0, 60.0}, {57.0, 0.0, 0.0})}};
  std::vector<std::pair<double, double>> directions;
  for (int i = 0; i < 8; ++i) directions.emplace_back(22.5 * i, 0.0);
  FitOptions options;
  options.anisotropic = options.planar = true;
  const FitResult fit = fit_variogram(exact(model, directions, 20), options);
  ASSERT_EQ(fit.model.structures.size(), 1u);
  const Structure& found = fit.model.structures[0];
  EXPECT_NEAR(found.angles.azimuth_deg, 57.0, 1e-4);
  EXPECT_EQ(found.angles.dip_deg, 0.0);
  EXPECT_NEAR(found.ranges_m[0], 150.0, 1e-3);
  EXPECT_NEAR(found.ranges_m[1], 60.0, 1e-3);
  EXPECT_EQ(found.ranges_m[2], found.ranges_m[1]);
  EXPECT_NEAR(fit.model.nugget, 0.1, 1e-6);
}

TEST(VariogramFit, FindsTheEllipsoidAgain) {
  const Angles angles{40.0, 25.0, 30.0};
  const VariogramModel model{
      0.15, {structure(StructureType::exponential, 0.85, {180.0, 90.0, 40.0}, angles)}};
  std::vector<std::pair<double, double>> directions;
  for (int i = 0; i < 6; ++i) directions.emplace_back(30.0 * i, 0.0);
  for (int i = 0; i < 12; ++i) directions.emplace_back(30.0 * i, 30.0);
  for (int i = 0; i < 6; ++i) directions.emplace_back(60.0 * i, 60.0);
  directions.emplace_back(0.0, 90.0);
  FitOptions options;
  options.types = {StructureType::exponential};
  options.structures = 1;
  options.anisotropic = true;
  const FitResult fit = fit_variogram(exact(model, directions, 15), options);
  ASSERT_EQ(fit.model.structures.size(), 1u);
  const Structure& found = fit.model.structures[0];
  EXPECT_NEAR(found.ranges_m[0], 180.0, 1e-2);
  EXPECT_NEAR(found.ranges_m[1], 90.0, 1e-2);
  EXPECT_NEAR(found.ranges_m[2], 40.0, 1e-2);
  expect_axes(found.angles, angles, 1e-8);
  // The same to the last bit the second time.
  EXPECT_EQ(fit_variogram(exact(model, directions, 15), options).model, fit.model);
}

TEST(VariogramFit, AgreesWithGstatOnMeuse) {
  ExperimentalVariogram experimental;
  experimental.directions.emplace_back();
  std::vector<test::ReferenceRow> fits;
  for (const auto& row : test::reference_rows(std::string(LODE_SOURCE_DIR) +
                                              "/tests/cases/variogram_fit_reference.csv")) {
    if (row.at("kind") == "fit") {
      fits.push_back(row);
      continue;
    }
    VariogramLag lag;
    lag.pairs = static_cast<std::size_t>(test::number_in(row, "a"));
    lag.distance_m = test::number_in(row, "b");
    lag.gamma = test::number_in(row, "c");
    experimental.directions[0].lags.push_back(lag);
  }
  ASSERT_EQ(fits.size(), 4u);
  const std::map<double, FitWeights> methods{{7.0, FitWeights::pairs_over_h2},
                                             {1.0, FitWeights::pairs},
                                             {2.0, FitWeights::pairs_over_gamma2},
                                             {6.0, FitWeights::equal}};
  for (const auto& row : fits) {
    FitOptions options;
    options.weights = methods.at(test::number_in(row, "a"));
    const FitResult fit = fit_variogram(experimental, options);
    ASSERT_EQ(fit.model.structures.size(), 1u) << to_text(options.weights);
    // gstat stops early, with weights that hang on the model (2) earliest.
    const bool loose = options.weights == FitWeights::pairs_over_gamma2;
    EXPECT_NEAR(fit.model.nugget, test::number_in(row, "b"), loose ? 5e-4 : 2e-4);
    EXPECT_NEAR(fit.model.structures[0].sill, test::number_in(row, "c"), loose ? 5e-4 : 2e-4);
    EXPECT_NEAR(fit.model.structures[0].ranges_m[0], test::number_in(row, "d"), 0.5);
    if (loose) continue;
    EXPECT_LE(fit.weighted_residual, test::number_in(row, "e") * (1.0 + 1e-9));
    EXPECT_GE(fit.weighted_residual, test::number_in(row, "e") * (1.0 - 1e-2));
  }
}

TEST(VariogramFit, NuggetAloneIsAnAnswer) {
  VariogramModel model{1.0, {structure(StructureType::spherical, 1.0, {1.0, 1.0, 1.0})}};
  ExperimentalVariogram flat = exact(model, {}, 12);
  for (auto& lag : flat.directions[0].lags) lag.gamma += lag.lag % 2 == 0 ? 0.03 : -0.03;
  const FitResult fit = fit_variogram(flat, FitOptions{});
  EXPECT_TRUE(fit.nugget_only);
  EXPECT_TRUE(fit.model.structures.empty());
  EXPECT_NEAR(fit.model.nugget, 2.0, 0.05);
  EXPECT_TRUE(fit.findings.has("variogram.nugget_only"));
}

TEST(VariogramFit, ATrendIsSaid) {
  ExperimentalVariogram line =
      exact({0.0, {structure(StructureType::spherical, 1.0, {9e9, 9e9, 9e9})}}, {}, 12);
  for (auto& lag : line.directions[0].lags) lag.gamma = lag.distance_m;
  EXPECT_TRUE(fit_variogram(line, FitOptions{}).findings.has("variogram.range_beyond_lags"));
}

TEST(VariogramFit, LagsOfFewPairsDoNotCount) {
  const VariogramModel model{0.3,
                             {structure(StructureType::spherical, 1.2, {120.0, 120.0, 120.0})}};
  ExperimentalVariogram experimental = exact(model, {}, 20);
  experimental.directions[0].lags[0].pairs = 29;
  experimental.directions[0].lags[0].gamma = 5.0;
  const FitResult fit = fit_variogram(experimental, FitOptions{});
  EXPECT_EQ(fit.lags, 19u);
  EXPECT_EQ(fit.min_pairs, 30u);
  EXPECT_NEAR(fit.model.nugget, 0.3, 1e-6);
  // Where hardly a lag has 30, all count.
  for (auto& lag : experimental.directions[0].lags) lag.pairs = 10;
  EXPECT_EQ(fit_variogram(experimental, FitOptions{}).lags, 20u);
}

TEST(VariogramFit, HeldNugget) {
  const VariogramModel model{0.3,
                             {structure(StructureType::spherical, 1.2, {120.0, 120.0, 120.0})}};
  FitOptions options;
  options.nugget = 0.3;
  const FitResult fit = fit_variogram(exact(model, {}, 20), options);
  EXPECT_EQ(fit.model.nugget, 0.3);
  EXPECT_NEAR(fit.model.structures.at(0).ranges_m[0], 120.0, 1e-5);
}

TEST(VariogramFit, RefusesWhatHasNoFit) {
  const VariogramModel model{0.3, {structure(StructureType::spherical, 1.2, {60.0, 60.0, 60.0})}};
  ExperimentalVariogram good = exact(model, {}, 10);
  EXPECT_EQ(code_of(exact(model, {}, 2), FitOptions{}), "variogram.too_few_lags");
  ExperimentalVariogram zero = good;
  for (auto& lag : zero.directions[0].lags) lag.gamma = 0.0;
  EXPECT_EQ(code_of(zero, FitOptions{}), "variogram.fit_zero");
  ExperimentalVariogram other = good;
  other.type = VariogramType::madogram;
  EXPECT_EQ(code_of(other, FitOptions{}), "variogram.fit_type");
  FitOptions options;
  options.types = {StructureType::power};
  EXPECT_EQ(code_of(good, options), "variogram.fit_options");
  options = {};
  options.anisotropic = true;
  EXPECT_EQ(code_of(good, options), "variogram.fit_directions");
  EXPECT_EQ(code_of(exact(model, {{0, 0}, {90, 0}}, 10), options), "variogram.fit_directions");
  options.planar = true;
  EXPECT_EQ(code_of(exact(model, {{0, 0}, {90, 0}}, 10), options), "");
  EXPECT_THROW((void)parse_fit_weights("cressie"), Error);
}

}  // namespace
}  // namespace lode
