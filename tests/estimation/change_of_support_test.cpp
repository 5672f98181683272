// Change of support against closed forms: spherical and exponential blocks, Gaussian and lognormal
// grades.
#include "libgeo/estimation/change_of_support.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "libgeo/core/error.h"
#include "libgeo/core/random.h"

namespace lode {
namespace {

VariogramModel one(StructureType type, std::array<double, 3> ranges, double nugget = 0.0) {
  VariogramModel model;
  model.nugget = nugget;
  Structure structure;
  structure.type = type;
  structure.ranges_m = ranges;
  model.structures = {structure};
  return model;
}

double below(double y) {
  return 0.5 * std::erfc(-y / std::numbers::sqrt2);
}
double density(double y) {
  return std::exp(-0.5 * y * y) / std::sqrt(2.0 * std::numbers::pi);
}

template <class Action>
std::string code_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code;
  }
  return "";
}

TEST(MeanGamma, OfALine) {
  // Journel and Huijbregts 1978, section II.D.4: spherical F = L/(2a) - L^3/(20a^3) up to L = a,
  // beyond it 1 - 3a/(4L) + a^2/(5L^2).
  const auto spherical = one(StructureType::spherical, {100, 100, 100});
  EXPECT_NEAR(mean_gamma_in_block(spherical, {60, 0, 0}), 0.2892, 1e-9);
  EXPECT_NEAR(mean_gamma_in_block(spherical, {0, 0, 100}), 0.45, 1e-9);
  EXPECT_NEAR(mean_gamma_in_block(spherical, {0, 150, 0}), 1.0 - 0.5 + 4.0 / 45.0, 2e-4);
  // Exponential of practical range 3 b: 1 - 2 b/L + 2 (b/L)^2 (1 - exp(-L/b)).
  const double u = 100.0 / 3.0 / 80.0;
  EXPECT_NEAR(mean_gamma_in_block(one(StructureType::exponential, {100, 100, 100}), {80, 0, 0}),
              1.0 - 2.0 * u + 2.0 * u * u * (1.0 - std::exp(-1.0 / u)), 1e-9);
  // The nugget counts whole, at a point nothing does.
  EXPECT_NEAR(mean_gamma_in_block(one(StructureType::spherical, {100, 100, 100}, 0.5), {60, 0, 0}),
              0.7892, 1e-9);
  EXPECT_EQ(mean_gamma_in_block(spherical, {0, 0, 0}), 0.0);
}

TEST(MeanGamma, OfSquareAndCubeIsTheMeanDistance) {
  // Mean distance of two points in a unit square, (2 + sqrt 2 + 5 ln(1 + sqrt 2)) / 15, and in a
  // unit cube (Robbins' constant).
  const auto linear = one(StructureType::power, {1, 1, 1});
  EXPECT_NEAR(mean_gamma_in_block(linear, {1, 1, 0}), 0.52140543316472067833, 2e-6);
  EXPECT_NEAR(mean_gamma_in_block(linear, {1, 1, 1}), 0.66170718226717623516, 2e-6);
  EXPECT_NEAR(mean_gamma_in_block(linear, {1, 1, 1}, 33.0), 0.66170718226717623516, 2e-6);
}

TEST(MeanGamma, TurnsWithTheBlock) {
  // Range 100 north, 50 east: a line along the grid's x axis lies east, turned by 90 south.
  const auto model = one(StructureType::spherical, {100, 50, 50});
  EXPECT_NEAR(mean_gamma_in_block(model, {40, 0, 0}, 90.0), 0.2 - 0.0032, 1e-9);
  EXPECT_NEAR(mean_gamma_in_block(model, {40, 0, 0}, 0.0), 0.4 - 0.0256, 1e-9);
  // A square block of an axis at 30 degrees is one at 0 of a model turned back by 30.
  auto turned = one(StructureType::exponential, {80, 30, 30});
  turned.structures[0].angles.azimuth_deg = 30.0;
  EXPECT_NEAR(mean_gamma_in_block(turned, {20, 30, 5}, 30.0),
              mean_gamma_in_block(one(StructureType::exponential, {80, 30, 30}), {20, 30, 5}),
              1e-12);
}

// Middles of n equally likely classes.
Distribution sampled(std::size_t n, double (*value)(double)) {
  std::vector<double> values;
  for (std::size_t i = 0; i < n; ++i)
    values.push_back(
        value(inverse_normal((static_cast<double>(i) + 0.5) / static_cast<double>(n))));
  return distribution_of(values);
}

TEST(DiscreteGaussian, GaussianGradesStayGaussian) {
  const Anamorphosis points(sampled(5000, [](double y) { return 10.0 + 2.0 * y; }));
  EXPECT_NEAR(points.coefficients()[0], 10.0, 1e-9);
  EXPECT_NEAR(points.coefficients()[1], 2.0, 1e-3);
  EXPECT_NEAR(points.coefficients()[2], 0.0, 1e-9);
  const double r = points.coefficient_for(0.36);
  EXPECT_NEAR(r, 0.6, 5e-4);
  const DiscreteGaussian blocks(points, r);
  for (const auto& row : blocks.curve({8.5, 10.0, 11.0, 12.5})) {
    const double u = (row.cutoff - 10.0) / 1.2;
    EXPECT_NEAR(row.tonnage_share, below(-u), 5e-4);
    EXPECT_NEAR(row.metal, 10.0 * below(-u) + 1.2 * density(u), 5e-3);
    EXPECT_NEAR(row.metal, row.tonnage_share * row.mean_above, 1e-12);
  }
}

TEST(DiscreteGaussian, LognormalGradesStayLognormal) {
  constexpr double sigma = 0.8;
  const Anamorphosis points(
      sampled(10000, [](double y) { return 3.0 * std::exp(0.8 * y - 0.32); }));
  // Coefficients 3 sigma^k / sqrt(k!); the higher ones live on tails that no sample has.
  double wanted = 3.0;
  for (std::size_t k = 1; k <= 3; ++k) {
    wanted *= sigma / std::sqrt(static_cast<double>(k));
    EXPECT_NEAR(points.coefficients()[k], wanted, 0.02) << k;
  }
  const double r =
      points.coefficient_for(std::expm1(sigma * sigma * 0.49) / std::expm1(sigma * sigma));
  EXPECT_NEAR(r, 0.7, 1e-3);
  const double s = sigma * 0.7;
  const DiscreteGaussian blocks(points, 0.7);
  for (const auto& row : blocks.curve({1.0, 2.0, 3.0, 6.0})) {
    const double u = (std::log(row.cutoff / 3.0) + s * s / 2.0) / s;
    EXPECT_NEAR(row.tonnage_share, below(-u), 1e-3) << row.cutoff;
    EXPECT_NEAR(row.metal, 3.0 * below(s - u), 3e-3) << row.cutoff;
  }
}

TEST(DiscreteGaussian, KeepsMeanAndPromisedVariance) {
  const Anamorphosis points(
      distribution_of({0.1, 0.1, 0.4, 0.7, 1.5, 4.0, 9.0}, {3.0, 1.0, 2.0, 2.0, 1.0, 1.0, 0.5}));
  for (const double share : {0.1, 0.5, 0.9}) {
    const double r = points.coefficient_for(share);
    // Mean and variance of the block grade, by a plain sum over its scores.
    double mean = 0.0, square = 0.0;
    for (int i = -8000; i <= 8000; ++i) {
      const double y = i * 1e-3, w = density(y) * 1e-3, grade = points.at(y, r);
      mean += w * grade;
      square += w * grade * grade;
    }
    EXPECT_NEAR(mean, points.points().mean(), 1e-9);
    EXPECT_NEAR((square - mean * mean) / points.points().variance(), share, 2e-3);
    const auto all = DiscreteGaussian(points, r).curve({0.0});
    EXPECT_DOUBLE_EQ(all[0].tonnage_share, 1.0);
    EXPECT_NEAR(all[0].metal, points.points().mean(), 1e-9);
  }
  // The support of a point: the samples themselves.
  const auto rows = DiscreteGaussian(points, 1.0).curve({0.7});
  EXPECT_NEAR(rows[0].tonnage_share, 4.5 / 10.5, 1e-12);
  EXPECT_NEAR(rows[0].metal, (1.4 + 1.5 + 4.0 + 4.5) / 10.5, 1e-12);
}

TEST(UniformConditioning, OfLognormalGrades) {
  constexpr double sigma = 0.8, r = 0.7, panel_r = 0.5;
  const Anamorphosis points(
      sampled(10000, [](double y) { return 3.0 * std::exp(0.8 * y - 0.32); }));
  const DiscreteGaussian blocks(points, r);
  const double rho = panel_r / r, rest = std::sqrt(1.0 - rho * rho);
  for (const double panel : {1.5, 3.0, 5.0}) {
    const double y =
        (std::log(panel / 3.0) + sigma * sigma * panel_r * panel_r / 2.0) / (sigma * panel_r);
    for (const auto& row : blocks.in_panel(panel, panel_r, {0.0, 2.0, 4.0})) {
      if (row.cutoff == 0.0) {
        EXPECT_NEAR(row.tonnage_share, 1.0, 1e-9);
        EXPECT_NEAR(row.metal, panel, 2e-3);
        continue;
      }
      const double u = (std::log(row.cutoff / 3.0) + sigma * sigma * r * r / 2.0) / (sigma * r);
      const double at = (u - rho * y) / rest;
      EXPECT_NEAR(row.tonnage_share, below(-at), 2e-3);
      EXPECT_NEAR(row.metal, panel * below(sigma * r * rest - at), 8e-3);
    }
  }
}

TEST(Corrections, AffineAndIndirectLognormal) {
  const Distribution points = distribution_of({1.0, 2.0, 3.0, 6.0});
  const Distribution affine = affine_correction(points, 0.25);
  EXPECT_NEAR(affine.mean(), 3.0, 1e-12);
  EXPECT_NEAR(affine.variance(), 0.25 * points.variance(), 1e-12);
  EXPECT_NEAR(affine.value[0], 2.0, 1e-12);
  // Lognormal grades: sigma shrinks so that exp(sigma^2) - 1 is the share of it.
  const Distribution lognormal =
      sampled(10000, [](double y) { return 3.0 * std::exp(0.8 * y - 0.32); });
  const Distribution blocks = indirect_lognormal_correction(lognormal, 0.5);
  EXPECT_NEAR(blocks.mean(), lognormal.mean(), 1e-9);
  EXPECT_NEAR(blocks.variance() / lognormal.variance(), 0.5, 2e-3);
  const double b = std::sqrt(std::log1p(0.5 * std::expm1(0.64)) / 0.64);
  EXPECT_NEAR(std::log(blocks.quantile(0.9) / blocks.quantile(0.1)),
              b * std::log(lognormal.quantile(0.9) / lognormal.quantile(0.1)), 2e-3);
}

TEST(Distributions, WeightsQuantilesAndCurves) {
  const Distribution d = distribution_of({5.0, 1.0, std::nan(""), 1.0}, {1.0, 1.0, 9.0, 2.0});
  ASSERT_EQ(d.value.size(), 2u);
  EXPECT_DOUBLE_EQ(d.weight[0], 0.75);
  EXPECT_DOUBLE_EQ(d.mean(), 2.0);
  EXPECT_DOUBLE_EQ(d.variance(), 3.0);
  EXPECT_EQ(d.quantile(0.75), 1.0);
  EXPECT_EQ(d.quantile(0.76), 5.0);
  // The cut-off is inclusive.
  EXPECT_DOUBLE_EQ(grade_tonnage(d, {1.0})[0].tonnage_share, 1.0);
  EXPECT_DOUBLE_EQ(grade_tonnage(d, {5.0})[0].mean_above, 5.0);
}

TEST(ChangeOfSupport, Refuses) {
  const auto power = one(StructureType::power, {1, 1, 1});
  const auto good = one(StructureType::spherical, {50, 50, 50});
  EXPECT_EQ(code_of([&] { (void)block_variance_share(power, {5, 5, 5}); }), "support.unbounded");
  EXPECT_EQ(code_of([&] { (void)mean_gamma_in_block(good, {-5, 5, 5}); }), "support.block_size");
  EXPECT_EQ(code_of([&] { (void)distribution_of({std::nan("")}); }), "support.no_values");
  EXPECT_EQ(code_of([&] { (void)distribution_of({1.0}, {-1.0}); }), "support.weight");
  const Anamorphosis points(distribution_of({1.0, 2.0, 3.0}));
  EXPECT_EQ(code_of([&] { (void)points.coefficient_for(0.0); }), "support.share");
  EXPECT_EQ(code_of([&] { (void)points.coefficient_for(1.5); }), "support.share");
  EXPECT_EQ(code_of([&] { (void)affine_correction(points.points(), 2.0); }), "support.share");
  EXPECT_EQ(code_of([&] { (void)DiscreteGaussian(points, 0.5).in_panel(2.0, 0.6, {1.0}); }),
            "support.panel");
  EXPECT_EQ(code_of([&] {
              (void)indirect_lognormal_correction(distribution_of({0.0, 1.0}), 0.5);
            }),
            "support.not_positive");
}

}  // namespace
}  // namespace lode
