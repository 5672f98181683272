// Implicit solids: closed-form volumes, contacts on the surface, anisotropy, real data, refusals.
#include "libgeo/deposit/implicit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <sstream>

#include "libgeo/core/error.h"
#include "libgeo/core/random.h"
#include "libgeo/core/text.h"

namespace lode {
namespace {

using Place = std::array<double, 3>;

// Even spread over an ellipsoid (Fibonacci's spiral), with its outward normals.
ImplicitPoints ellipsoid(std::size_t n, const Place& axes, const Place& centre = {0, 0, 0}) {
  ImplicitPoints points;
  points.source = "ellipsoid";
  for (std::size_t i = 0; i < n; ++i) {
    const double z = 1.0 - (2.0 * static_cast<double>(i) + 1.0) / static_cast<double>(n);
    const double r = std::sqrt(1.0 - z * z),
                 angle = std::numbers::pi * (3.0 - std::sqrt(5.0)) * static_cast<double>(i);
    const Place d{r * std::cos(angle), r * std::sin(angle), z};
    points.places.push_back(
        {centre[0] + axes[0] * d[0], centre[1] + axes[1] * d[1], centre[2] + axes[2] * d[2]});
    points.normals.push_back({d[0] / axes[0], d[1] / axes[1], d[2] / axes[2]});
  }
  return points;
}

ImplicitOptions options_of(double cell) {
  ImplicitOptions options;
  options.cell_m = cell;
  return options;
}

double distance_to_triangle(const Place& p, const Place& a, const Place& b, const Place& c) {
  const auto sub = [](const Place& u, const Place& v) {
    return Place{u[0] - v[0], u[1] - v[1], u[2] - v[2]};
  };
  const auto dot = [](const Place& u, const Place& v) {
    return u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
  };
  const auto to_edge = [&](const Place& u, const Place& v) {
    const Place e = sub(v, u), w = sub(p, u);
    const double t = std::clamp(dot(w, e) / dot(e, e), 0.0, 1.0);
    return std::hypot(w[0] - t * e[0], w[1] - t * e[1], w[2] - t * e[2]);
  };
  const Place ab = sub(b, a), ac = sub(c, a), ap = sub(p, a);
  const Place n{ab[1] * ac[2] - ab[2] * ac[1], ab[2] * ac[0] - ab[0] * ac[2],
                ab[0] * ac[1] - ab[1] * ac[0]};
  const double d00 = dot(ab, ab), d01 = dot(ab, ac), d11 = dot(ac, ac), d20 = dot(ap, ab),
               d21 = dot(ap, ac), det = d00 * d11 - d01 * d01;
  const double v = (d11 * d20 - d01 * d21) / det, w = (d00 * d21 - d01 * d20) / det;
  if (v >= 0.0 && w >= 0.0 && v + w <= 1.0) return std::abs(dot(ap, n)) / std::sqrt(dot(n, n));
  return std::min({to_edge(a, b), to_edge(b, c), to_edge(c, a)});
}

// By trying all triangles.
double distance_to(const TriangleMesh& mesh, const Place& p) {
  double least = INFINITY;
  for (const auto& t : mesh.triangles)
    least = std::min(least, distance_to_triangle(p, mesh.vertices[t[0]], mesh.vertices[t[1]],
                                                 mesh.vertices[t[2]]));
  return least;
}

std::string code_of(const ImplicitPoints& points, const ImplicitOptions& options) {
  try {
    (void)implicit_model(points, options);
  } catch (const Error& error) {
    return error.code;
  }
  return "none";
}

TEST(Implicit, EllipsoidFromPointsAndNormals) {
  const Place axes{30.0, 20.0, 12.0};
  const double truth = 4.0 / 3.0 * std::numbers::pi * axes[0] * axes[1] * axes[2];
  const ImplicitPoints points = ellipsoid(500, axes, {500000.0, 7800000.0, 300.0});
  double last = 1.0;
  for (const double cell : {4.0, 2.0, 1.0}) {
    const ImplicitModel model = implicit_model(points, options_of(cell));
    ASSERT_EQ(model.solids.size(), 1u);
    const ImplicitSolid& solid = model.solids[0];
    EXPECT_TRUE(solid.closed);
    EXPECT_FALSE(solid.touches_bounds);
    EXPECT_EQ(solid.components, 1u);
    EXPECT_LE(model.field.max_residual, model.tolerance);
    EXPECT_FALSE(model.findings.has("implicit.turned"));
    const double error = std::abs(solid.volume_m3 / truth - 1.0);
    EXPECT_LT(error, last);
    last = error;
    double most = 0.0;
    for (std::size_t i = 0; i < 500; i += 50)
      most = std::max(most, distance_to(solid.mesh, points.places[i]));
    // A chord of length c leaves an arc of the sharpest radius, 12^2 / 30, by c^2 / (8 r).
    EXPECT_LT(most, 3.0 * cell * cell / (8.0 * 4.8) + 0.01);
  }
  EXPECT_LT(last, 0.003);
}

TEST(Implicit, NormalsTurnedRoundMakeTheHole) {
  ImplicitPoints points = ellipsoid(300, {10.0, 10.0, 10.0});
  ImplicitOptions options = options_of(1.0);
  options.has_bounds = true;
  options.bounds = {{-15, -15, -15}, {15, 15, 15}};
  const double ball = implicit_model(points, options).solids[0].volume_m3;
  for (Place& n : points.normals)
    for (double& c : n) c = -7.0 * c;  // their length does not matter
  const ImplicitModel hole = implicit_model(points, options);
  EXPECT_NEAR(hole.solids[0].volume_m3, 27000.0 - ball, 1.0);
  EXPECT_EQ(hole.solids[0].components, 2u);
  EXPECT_TRUE(hole.findings.has("implicit.cut_off"));
  options.inside_below = false;
  EXPECT_NEAR(implicit_model(points, options).solids[0].volume_m3, ball, 1.0);
}

// A linear drift carries a plane exactly: it cuts a box of 100 m at z = 30 + 0.2 x + 0.1 y.
TEST(Implicit, PlaneCutsTheBoxWithItsClosedForm) {
  ImplicitPoints points;
  points.source = "plane";
  for (std::size_t i = 0; i < 40; ++i) {
    const double x = 100.0 * Random{1, 0}.uniform(i), y = 100.0 * Random{1, 1}.uniform(i);
    points.places.push_back({x, y, 30.0 + 0.2 * x + 0.1 * y});
    points.normals.push_back({-0.2, -0.1, 1.0});
  }
  ImplicitOptions options = options_of(9.0);
  options.has_bounds = true;
  options.bounds = {{0, 0, 0}, {100, 100, 100}};
  for (const auto kernel : {RadialKernel::linear, RadialKernel::cubic}) {
    options.rbf.kernel = kernel;
    options.rbf.drift = RbfDrift::linear;
    const ImplicitModel model = implicit_model(points, options);
    EXPECT_NEAR(model.solids[0].volume_m3, 450000.0, 0.01);
    EXPECT_TRUE(model.solids[0].touches_bounds);
    EXPECT_TRUE(model.findings.has("implicit.cut_off"));
  }
}

// Two planes 4 m apart, contacts every 10 m: points off the surface come nearer on the inside.
TEST(Implicit, OffSurfacePointsDoNotCrossTheOtherSide) {
  ImplicitPoints points;
  points.source = "sheet";
  for (int i = 0; i < 10; ++i)
    for (int j = 0; j < 10; ++j)
      for (const double z : {0.0, 4.0}) {
        points.places.push_back({10.0 * i, 10.0 * j, z});
        points.normals.push_back({0.0, 0.0, z > 2.0 ? 1.0 : -1.0});
      }
  ImplicitOptions options = options_of(1.5);
  options.offset_m = 5.0;
  options.rbf.ratios = {5.0, 5.0, 1.0};
  options.has_bounds = true;
  options.bounds = {{20, 20, -6.1}, {70, 70, 10.2}};
  const ImplicitModel model = implicit_model(points, options);
  EXPECT_TRUE(model.findings.has("implicit.drawn_in"));
  EXPECT_EQ(model.off_surface, 400u);
  EXPECT_EQ(model.solids[0].components, 1u);
  EXPECT_NEAR(model.solids[0].volume_m3 / 2500.0, 4.0, 0.2);
}

// Contacts with one orientation at a place of its own: the slope decides the side.
TEST(Implicit, OrientationsApartFromContacts) {
  ImplicitPoints points;
  points.source = "layer";
  for (std::size_t i = 0; i < 30; ++i) {
    points.places.push_back(
        {100.0 * Random{2, 0}.uniform(i), 100.0 * Random{2, 1}.uniform(i), 50.0});
    points.values.push_back(12.0);
    points.normals.push_back({NAN, NAN, NAN});
  }
  points.places.push_back({50.0, 50.0, 80.0});
  points.values.push_back(NAN);
  points.normals.push_back({0.0, 0.0, 1.0});
  ImplicitOptions options = options_of(10.0);
  options.rbf.drift = RbfDrift::linear;
  options.has_bounds = true;
  options.bounds = {{0, 0, 0}, {100, 100, 100}};
  const ImplicitModel model = implicit_model(points, options);
  EXPECT_EQ(model.slopes, 3u);
  EXPECT_EQ(model.solids[0].iso, 12.0);
  EXPECT_NEAR(model.solids[0].volume_m3, 500000.0, 1.0);
}

TEST(Implicit, ValuesWithTangentsAndTurnedOnes) {
  ImplicitPoints points;
  points.source = "values";
  for (std::size_t i = 0; i < 60; ++i) {
    const Place p{100.0 * Random{3, 0}.uniform(i), 100.0 * Random{3, 1}.uniform(i),
                  100.0 * Random{3, 2}.uniform(i)};
    points.places.push_back(p);
    points.values.push_back(3.0 * p[2]);
    points.normals.push_back(i == 0 ? Place{0.0, 0.0, 1.0} : Place{NAN, NAN, NAN});
  }
  ImplicitOptions options = options_of(7.0);
  options.rbf.drift = RbfDrift::linear;
  options.iso = {150.0, 60.0};
  options.has_bounds = true;
  options.bounds = {{0, 0, 0}, {100, 100, 100}};
  const ImplicitModel model = implicit_model(points, options);
  EXPECT_EQ(model.slopes, 2u);
  EXPECT_NEAR(model.solids[0].volume_m3, 500000.0, 1.0);
  EXPECT_NEAR(model.solids[1].volume_m3, 200000.0, 1.0);
  EXPECT_FALSE(model.findings.has("implicit.turned"));
  points.normals[0][2] = -1.0;
  EXPECT_TRUE(implicit_model(points, options).findings.has("implicit.turned"));
  options.iso = {};
  EXPECT_EQ(code_of(points, options), "implicit.no_iso");
  options.iso = {-100.0};
  EXPECT_EQ(code_of(points, options), "implicit.no_surface");
  options.bounds.lower[2] = -100.0;
  EXPECT_TRUE(implicit_model(points, options).findings.has("implicit.iso_outside"));
}

TEST(Implicit, SamplesInsideAndOutside) {
  ImplicitPoints points;
  points.source = "samples";
  for (int i = -7; i <= 7; ++i)
    for (int j = -7; j <= 7; ++j)
      for (int k = -7; k <= 7; ++k) {
        points.places.push_back({2.0 * i, 2.0 * j, 2.0 * k});
        points.inside.push_back(4 * (i * i + j * j + k * k) < 100 ? 1 : 0);
      }
  const ImplicitModel model = implicit_model(points, options_of(1.0));
  EXPECT_EQ(model.from, "inside and outside");
  EXPECT_EQ(model.solids[0].components, 1u);
  // Samples 2 m apart know the radius to a metre either way.
  EXPECT_NEAR(std::cbrt(model.solids[0].volume_m3 * 0.75 / std::numbers::pi), 10.0, 0.5);
  points.inside.assign(points.places.size(), 1);
  EXPECT_EQ(code_of(points, options_of(1.0)), "implicit.one_sided");
  points.inside.assign(points.places.size(), 0);
  EXPECT_EQ(code_of(points, options_of(1.0)), "implicit.one_sided");
  points.inside.assign(points.places.size(), -1);
  EXPECT_EQ(code_of(points, options_of(1.0)), "implicit.one_sided");
}

// Stretching space and the ellipsoid of anisotropy together changes nothing but the scale.
TEST(Implicit, AnisotropyIsAChangeOfScale) {
  ImplicitPoints points;
  points.source = "values";
  for (std::size_t i = 0; i < 200; ++i) {
    const Place p{20.0 * Random{4, 0}.uniform(i) - 10.0, 20.0 * Random{4, 1}.uniform(i) - 10.0,
                  20.0 * Random{4, 2}.uniform(i) - 10.0};
    points.places.push_back(p);
    points.values.push_back(std::hypot(p[0], p[1], p[2]));
  }
  ImplicitOptions options = options_of(0.5);
  options.iso = {7.0};
  const double plain = implicit_model(points, options).solids[0].volume_m3;
  for (Place& p : points.places) p = {2.0 * p[0], 5.0 * p[1], p[2]};
  options.rbf.ratios = {5.0, 2.0, 1.0};  // north, west, up
  const double stretched = implicit_model(points, options).solids[0].volume_m3;
  EXPECT_NEAR(stretched / plain, 10.0, 0.05);
}

TEST(Implicit, SameBitsForAnyNumberOfThreads) {
  const ImplicitPoints points = ellipsoid(1000, {30.0, 20.0, 12.0});
  ImplicitOptions options = options_of(1.5);
  options.rbf.dense_limit = 500;
  options.rbf.jobs = 1;
  const ImplicitModel one = implicit_model(points, options);
  options.rbf.jobs = 2;
  const ImplicitModel two = implicit_model(points, options);
  EXPECT_EQ(one.solids[0].mesh.vertices, two.solids[0].mesh.vertices);
  EXPECT_EQ(one.solids[0].mesh.triangles, two.solids[0].mesh.triangles);
  EXPECT_EQ(one.field.max_residual, two.field.max_residual);
}

TEST(Implicit, RepetitionsAndBlanks) {
  ImplicitPoints points = ellipsoid(100, {10.0, 10.0, 10.0});
  const double once = implicit_model(points, options_of(2.0)).solids[0].volume_m3;
  points.places.push_back(points.places[3]);
  points.normals.push_back(points.normals[3]);
  const ImplicitModel twice = implicit_model(points, options_of(2.0));
  EXPECT_EQ(twice.solids[0].volume_m3, once);
  EXPECT_TRUE(twice.findings.has("implicit.repeated"));
  points.values.assign(points.places.size(), 0.0);
  points.values.back() = NAN;
  points.normals.back() = {NAN, NAN, NAN};
  EXPECT_TRUE(implicit_model(points, options_of(2.0)).findings.has("implicit.blank"));
  points.values.back() = 5.0;
  EXPECT_EQ(code_of(points, options_of(2.0)), "implicit.duplicate");
  ImplicitPoints samples;
  samples.places = {{0, 0, 0}, {5, 0, 0}, {0, 0, 0}};
  samples.inside = {1, 0, 0};
  EXPECT_EQ(code_of(samples, options_of(2.0)), "implicit.duplicate");
  // Two orientations at one place without a value.
  points.values.back() = NAN;
  points.normals.back() = {0.0, 0.0, 1.0};
  points.places.push_back(points.places.back());
  points.values.push_back(NAN);
  points.normals.push_back({0.0, 0.0, 1.0});
  EXPECT_TRUE(
      implicit_model(points, options_of(2.0)).findings.has("implicit.repeated_orientation"));
}

TEST(Implicit, ContactsInTheWayOnOneSide) {
  // A contact 0.1 mm behind another one: on that side no distance is short enough.
  ImplicitPoints points = ellipsoid(100, {10.0, 10.0, 10.0});
  points.places.push_back(points.places[0]);
  points.places.back()[2] += 1e-4;
  points.normals.push_back({NAN, NAN, NAN});
  EXPECT_TRUE(implicit_model(points, options_of(2.0)).findings.has("implicit.dropped"));
}

TEST(Implicit, Refusals) {
  EXPECT_EQ(code_of({}, options_of(1.0)), "implicit.no_points");
  ImplicitPoints points = ellipsoid(50, {10.0, 10.0, 10.0});
  points.places[7][1] = NAN;
  EXPECT_EQ(code_of(points, options_of(1.0)), "implicit.not_finite");
  points = ellipsoid(50, {10.0, 10.0, 10.0});
  points.values.assign(50, 0.0);
  points.values[3] = INFINITY;
  EXPECT_EQ(code_of(points, options_of(1.0)), "implicit.not_finite");
  points = ellipsoid(50, {10.0, 10.0, 10.0});
  points.normals[3] = {0.0, 0.0, 0.0};
  EXPECT_EQ(code_of(points, options_of(1.0)), "implicit.normal");
  points.normals.clear();
  EXPECT_EQ(code_of(points, options_of(1.0)), "implicit.undetermined");
  points.values.assign(50, 4.0);
  EXPECT_EQ(code_of(points, options_of(1.0)), "implicit.undetermined");
  points = ellipsoid(50, {10.0, 10.0, 10.0});
  points.values.assign(50, NAN);
  EXPECT_EQ(code_of(points, options_of(1.0)), "implicit.undetermined");
  points = ellipsoid(1, {10.0, 10.0, 10.0});
  EXPECT_EQ(code_of(points, options_of(1.0)), "implicit.undetermined");
  points = ellipsoid(50, {10.0, 10.0, 10.0});
  EXPECT_EQ(code_of(points, options_of(1e-5)), "isosurface.too_fine");
  // All in one plane, values on both sides of a line: a linear drift stays open across the plane.
  ImplicitPoints flat;
  for (int i = 0; i < 20; ++i) {
    flat.places.push_back({1.0 * i, 1.0 * (i * 7 % 20), 0.0});
    flat.values.push_back(i < 10 ? -1.0 : 1.0);
  }
  ImplicitOptions options = options_of(1.0);
  options.iso = {0.0};
  options.rbf.drift = RbfDrift::linear;
  EXPECT_EQ(code_of(flat, options), "rbf.flat");
}

// Claudius (LoopStructural, MIT): four contacts of 21,023 points and 25 orientations, its own box.
TEST(Implicit, ClaudiusContactsLieOnTheirSurfaces) {
  const char* said = std::getenv("LODE_DATA");
  const std::filesystem::path folder =
      (said != nullptr && *said != '\0'
           ? std::filesystem::path(said)
           : std::filesystem::path(LODE_SOURCE_DIR) / "../shared/data") /
      "implicit_claudius";
  std::ifstream file(folder / "claudius.csv");
  if (!file) GTEST_SKIP() << "no real data; set LODE_DATA to its folder";
  ImplicitPoints points;
  points.source = "claudius.csv";
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const auto cells = split(line, ',');
    const auto number = [&](std::size_t i) { return parse_number(cells[i]).value_or(NAN); };
    points.places.push_back({number(1), number(2), number(3)});
    points.values.push_back(number(4));
    points.normals.push_back({number(6), number(7), number(8)});
  }
  ASSERT_EQ(points.places.size(), 21048u);
  ImplicitOptions options = options_of(60.0);
  options.has_bounds = true;
  options.bounds = {{548800.0, 7816600.0, -11010.0}, {552500.0, 7822000.0, -8400.0}};
  options.iso = {0.0, 60.0, 250.0, 330.0};
  const ImplicitModel model = implicit_model(points, options);
  EXPECT_LE(model.field.max_residual, 0.033);  // a ten-thousandth of 330
  EXPECT_FALSE(model.findings.has("implicit.turned"));
  double below = 0.0;
  for (const ImplicitSolid& solid : model.solids) {
    EXPECT_TRUE(solid.closed);
    EXPECT_GT(solid.volume_m3, below);  // 0 lies within 60, and so on
    below = solid.volume_m3;
    const Box3 box = bounds_of(solid.mesh);
    for (std::size_t a = 0; a < 3; ++a) {
      EXPECT_GE(box.lower[a], options.bounds.lower[a]);
      EXPECT_LE(box.upper[a], options.bounds.upper[a]);
    }
    double most = 0.0;
    std::size_t seen = 0;
    for (std::size_t i = 0; i < points.places.size(); ++i)
      if (points.values[i] == solid.iso && i % 400 == 0 && ++seen > 0)
        most = std::max(most, distance_to(solid.mesh, points.places[i]));
    EXPECT_GT(seen, 5u);
    EXPECT_LT(most, 15.0) << solid.iso;  // a quarter of a cell
  }
}

}  // namespace
}  // namespace lode
