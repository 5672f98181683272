// Radial basis functions: exact at the data, drift and anisotropy, iteration against direct
// solution.
#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/random.h"
#include "libgeo/estimation/nearest_points.h"
#include "libgeo/estimation/rbf.h"

namespace lode {
namespace {

using Place = std::array<double, 3>;

std::vector<Place> cloud(std::size_t n, double size, std::uint64_t seed = 7) {
  std::vector<Place> places(n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t a = 0; a < 3; ++a) places[i][a] = size * Random{seed, a}.uniform(i);
  return places;
}

double wavy(const Place& p) {
  return std::sin(p[0] / 20.0) * 30.0 + std::cos(p[1] / 30.0) * 20.0 + 0.3 * p[2];
}

RbfData data_of(const std::vector<Place>& places, double (*f)(const Place&)) {
  RbfData data;
  data.places = places;
  for (const Place& p : places) data.values.push_back(f(p));
  return data;
}

RbfOptions options_of(RadialKernel kernel) {
  RbfOptions options;
  options.kernel = kernel;
  options.drift = least_drift(kernel);
  options.range_m = 150.0;
  options.tolerance = 1e-6;
  return options;
}

std::string code_of(const RbfData& data, const RbfOptions& options) {
  try {
    (void)fit_rbf(data, options);
  } catch (const Error& error) {
    return error.code;
  }
  return "none";
}

// Two data at distance d, linear kernel, constant drift: straight between them along their line.
TEST(Rbf, TwoDataByHand) {
  RbfData data;
  data.places = {{0.0, 0.0, 0.0}, {10.0, 0.0, 0.0}};
  data.values = {1.0, 5.0};
  const RbfField field = fit_rbf(data, options_of(RadialKernel::linear));
  for (const double x : {0.0, 2.5, 7.0, 10.0})
    EXPECT_NEAR(field.value({x, 0, 0}), 1.0 + 0.4 * x, 1e-12);
  // Beyond them it stays at the nearer one's value: -r has no slope left.
  EXPECT_NEAR(field.value({-100.0, 0, 0}), 1.0, 1e-10);
  EXPECT_NEAR(field.value({1000.0, 0, 0}), 5.0, 1e-10);
  // Off the line: 3 - 0.2 (|p - a| - |p - b|) * -1, by the definition of the sum.
  const double a = std::hypot(3.0, 4.0), b = std::hypot(7.0, 4.0);
  EXPECT_NEAR(field.value({3.0, 4.0, 0.0}), 3.0 + 0.2 * (a - b), 1e-12);
}

TEST(Rbf, ExactAtTheDataWithEveryKernel) {
  const RbfData data = data_of(cloud(400, 200.0), wavy);
  for (const auto kernel : {RadialKernel::linear, RadialKernel::cubic, RadialKernel::wendland}) {
    const RbfField field = fit_rbf(data, options_of(kernel));
    EXPECT_LE(field.max_residual, 1e-6);
    double most = 0.0;
    for (std::size_t i = 0; i < data.places.size(); ++i)
      most = std::max(most, std::abs(field.value(data.places[i]) - data.values[i]));
    EXPECT_LE(most, 2e-6);
    // What is reported is what the function does.
    EXPECT_NEAR(most, field.max_residual, 1e-7);
  }
}

TEST(Rbf, LinearDriftReproducesALinearFunction) {
  const auto linear = [](const Place& p) { return 3.0 + 0.5 * p[0] - 0.25 * p[1] + 2.0 * p[2]; };
  const RbfData data = data_of(cloud(60, 100.0), linear);
  for (const auto kernel : {RadialKernel::linear, RadialKernel::cubic}) {
    RbfOptions options = options_of(kernel);
    options.drift = RbfDrift::linear;
    const RbfField field = fit_rbf(data, options);
    for (const Place& p : cloud(50, 500.0, 3)) EXPECT_NEAR(field.value(p), linear(p), 1e-8);
  }
}

TEST(Rbf, IterationAgreesWithDirectSolution) {
  const RbfData data = data_of(cloud(1500, 200.0), wavy);
  for (const auto kernel : {RadialKernel::linear, RadialKernel::cubic, RadialKernel::wendland}) {
    RbfOptions options = options_of(kernel);
    const RbfField direct = fit_rbf(data, options);
    options.dense_limit = 100;
    const RbfField iterated = fit_rbf(data, options);
    EXPECT_LE(direct.iterations, 3u);
    EXPECT_GT(iterated.iterations, 3u);
    EXPECT_LT(iterated.iterations, 80u) << to_text(kernel);
    EXPECT_LE(iterated.max_residual, 1e-6);
    for (const Place& p : cloud(50, 200.0, 3))
      EXPECT_NEAR(iterated.value(p), direct.value(p), 1e-3) << to_text(kernel);
  }
}

TEST(Rbf, SlopesAreHonoured) {
  RbfData data = data_of(cloud(40, 100.0), [](const Place&) { return 7.0; });
  const double half = std::sqrt(0.5);
  data.slopes = {{{50.0, 50.0, 150.0}, {half, 0.0, half}, 2.0, 4.0}};
  const RbfField field = fit_rbf(data, options_of(RadialKernel::cubic));
  const double up = field.value({50.0 + 2.0 * half, 50.0, 150.0 + 2.0 * half}),
               down = field.value({50.0 - 2.0 * half, 50.0, 150.0 - 2.0 * half});
  EXPECT_NEAR(up - down, 4.0, 1e-5);
  EXPECT_NEAR(field.value(data.places[5]), 7.0, 1e-5);
}

// An ellipsoid of anisotropy is a change of scale along its axes.
TEST(Rbf, AnisotropyIsAChangeOfScale) {
  const auto places = cloud(200, 100.0);
  RbfData data = data_of(places, wavy);
  RbfOptions options = options_of(RadialKernel::linear);
  options.angles = {0.0, 0.0, 0.0};  // major axis north, semi-major west, minor up
  options.ratios = {4.0, 2.0, 1.0};
  const RbfField turned = fit_rbf(data, options);
  RbfData scaled = data;
  const auto scale = [](const Place& p) { return Place{p[0] * 2.0, p[1], p[2] * 4.0}; };
  for (Place& p : scaled.places) p = scale(p);
  const RbfField plain = fit_rbf(scaled, options_of(RadialKernel::linear));
  for (const Place& p : cloud(30, 120.0, 5))
    EXPECT_NEAR(turned.value(p), plain.value(scale(p)), 1e-7);
  // Turned by 90 degrees, the major axis points east.
  options.angles = {90.0, 0.0, 0.0};
  const RbfField east = fit_rbf(data, options);
  scaled = data;
  for (Place& p : scaled.places) p = {p[0], p[1] * 2.0, p[2] * 4.0};
  const RbfField other = fit_rbf(scaled, options_of(RadialKernel::linear));
  EXPECT_NEAR(east.value({20.0, 30.0, 40.0}), other.value({20.0, 60.0, 160.0}), 1e-7);
}

TEST(Rbf, SmoothingLeavesResidualsThatAreSaid) {
  RbfData data = data_of(cloud(300, 100.0), [](const Place& p) { return 0.1 * p[0]; });
  for (std::size_t i = 0; i < data.values.size(); ++i) data.values[i] += (i % 2 == 0 ? 1.0 : -1.0);
  RbfOptions options = options_of(RadialKernel::linear);
  options.drift = RbfDrift::linear;
  EXPECT_LE(fit_rbf(data, options).max_residual, 1e-6);
  options.smoothing_m = 1000.0;
  const RbfField smooth = fit_rbf(data, options);
  EXPECT_NEAR(smooth.rms_residual, 1.0, 0.1);
  EXPECT_LE(smooth.solver_residual, 1e-6);
  EXPECT_NEAR(smooth.value({50.0, 50.0, 50.0}), 5.0, 0.3);
}

TEST(Rbf, SameBitsForAnyNumberOfThreads) {
  const RbfData data = data_of(cloud(1200, 200.0), wavy);
  RbfOptions options = options_of(RadialKernel::linear);
  options.dense_limit = 100;
  options.jobs = 1;
  const RbfField one = fit_rbf(data, options);
  options.jobs = 2;
  const RbfField two = fit_rbf(data, options);
  EXPECT_EQ(one.iterations, two.iterations);
  EXPECT_EQ(one.max_residual, two.max_residual);
  std::vector<double> a, b;
  one.values(cloud(500, 250.0, 9), a, 1);
  two.values(cloud(500, 250.0, 9), b, 2);
  EXPECT_EQ(a, b);
}

TEST(Rbf, Refusals) {
  const RbfData data = data_of(cloud(20, 100.0), wavy);
  RbfOptions options = options_of(RadialKernel::cubic);
  options.drift = RbfDrift::constant;
  EXPECT_EQ(code_of(data, options), "rbf.kernel_drift");
  options = options_of(RadialKernel::wendland);
  options.range_m = 0.0;
  EXPECT_EQ(code_of(data, options), "rbf.range");
  options = options_of(RadialKernel::linear);
  options.ratios[2] = 0.0;
  EXPECT_EQ(code_of(data, options), "rbf.anisotropy");
  options = options_of(RadialKernel::linear);
  options.angles.azimuth_deg = 1000.0;
  EXPECT_EQ(code_of(data, options), "rbf.anisotropy");
  options = options_of(RadialKernel::linear);
  options.smoothing_m = -1.0;
  EXPECT_EQ(code_of(data, options), "rbf.smoothing");
  options = options_of(RadialKernel::linear);
  options.tolerance = 0.0;
  EXPECT_EQ(code_of(data, options), "rbf.tolerance");
  EXPECT_EQ(code_of({}, options_of(RadialKernel::linear)), "rbf.empty");
  options = options_of(RadialKernel::linear);
  options.tolerance = 1e-300;
  EXPECT_EQ(code_of(data, options), "rbf.not_converged");
  RbfData flat = data;
  for (Place& p : flat.places) p[2] = 5.0;
  EXPECT_EQ(code_of(flat, options_of(RadialKernel::cubic)), "rbf.flat");
  EXPECT_EQ(code_of(flat, options_of(RadialKernel::linear)), "none");
  RbfData many;
  many.places.resize(rbf_most_data + 1);
  many.values.resize(rbf_most_data + 1);
  EXPECT_EQ(code_of(many, options_of(RadialKernel::linear)), "rbf.too_many");
  EXPECT_THROW((void)parse_radial_kernel("spline"), Error);
  EXPECT_THROW((void)parse_rbf_drift("cubic"), Error);
}

TEST(NearestPoints, AgreesWithTryingAll) {
  const auto points = cloud(300, 100.0), places = cloud(200, 120.0, 4);
  const auto found = nearest_points(points, places, false, 2);
  const auto others = nearest_points(points, points, true, 1);
  const auto distance = [](const Place& a, const Place& b) {
    return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
  };
  for (std::size_t i = 0; i < places.size(); ++i) {
    double least = INFINITY;
    for (const Place& p : points) least = std::min(least, distance(p, places[i]));
    EXPECT_NEAR(found[i].distance_m, least, 1e-9);
    EXPECT_NEAR(distance(points[found[i].point], places[i]), least, 1e-9);
  }
  for (std::size_t i = 0; i < points.size(); ++i) {
    EXPECT_NE(others[i].point, i);
    EXPECT_GT(others[i].distance_m, 0.0);
  }
  EXPECT_TRUE(std::isinf(nearest_points({}, places, false, 1)[0].distance_m));
  EXPECT_TRUE(std::isinf(nearest_points({{1, 2, 3}}, {{1, 2, 3}}, true, 1)[0].distance_m));
}

}  // namespace
}  // namespace lode
