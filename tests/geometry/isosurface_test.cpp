// Isosurfaces: closed forms of volumes, closed and outward meshes, caps at the box, refusals.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "libgeo/core/error.h"
#include "libgeo/geometry/isosurface.h"

namespace lode {
namespace {

using Place = std::array<double, 3>;

FieldValues field_of(double (*f)(const Place&)) {
  return [f](const std::vector<Place>& places, std::vector<double>& into) {
    into.resize(places.size());
    for (std::size_t i = 0; i < places.size(); ++i) into[i] = f(places[i]);
  };
}

double ball(const Place& p) {
  return std::sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2]) - 10.0;
}

IsosurfaceOptions box(double from, double to, double cell) {
  IsosurfaceOptions options;
  options.bounds = {{from, from, from}, {to, to, to}};
  options.cell_m = cell;
  return options;
}

double checked_volume(Isosurface surface) {
  const double before = signed_volume_m3(surface.mesh);
  Findings findings;
  make_solid(surface.mesh, findings);
  EXPECT_TRUE(findings.empty()) << findings.list()[0].code;
  const MeshCheck check = check_mesh(surface.mesh);
  EXPECT_TRUE(check.closed && check.oriented) << check.fault;
  EXPECT_EQ(signed_volume_m3(surface.mesh), before);
  return before;
}

std::string code_of(const IsosurfaceOptions& options) {
  try {
    (void)isosurface(field_of(ball), options);
  } catch (const Error& error) {
    return error.code;
  }
  return "none";
}

// A polyhedron with corners on a sphere is smaller than it by a share that falls with the square
// of the cell.
TEST(Isosurface, BallFromWithinFallsWithTheSquareOfTheCell) {
  const double truth = 4000.0 / 3.0 * std::numbers::pi;
  double last = 0.0;
  for (const double cell : {2.0, 1.0, 0.5}) {
    const Isosurface surface = isosurface(field_of(ball), box(-13.1, 12.7, cell));
    EXPECT_FALSE(surface.touches_bounds);
    for (const Place& v : surface.mesh.vertices) EXPECT_NEAR(ball(v), 0.0, 1e-3 * cell);
    const double error = 1.0 - checked_volume(surface) / truth;
    EXPECT_GT(error, 0.0);
    EXPECT_LT(error, 0.012 * cell * cell);
    if (last > 0.0) {
      EXPECT_NEAR(last / error, 4.0, 0.5);
    }
    last = error;
  }
}

TEST(Isosurface, HalfSpaceCutsTheBoxExactly) {
  // Below x + 2 y + 4 z = 0.37 a cube of 10 around the origin holds half of it and 0.37 / 4 more
  // all over its plan: the plane meets the sides only.
  const Isosurface surface =
      isosurface(field_of([](const Place& p) { return p[0] + 2.0 * p[1] + 4.0 * p[2] - 0.37; }),
                 box(-5.0, 5.0, 1.3));
  EXPECT_TRUE(surface.touches_bounds);
  EXPECT_NEAR(checked_volume(surface), 509.25, 1e-9);
  for (const Place& v : surface.mesh.vertices)
    for (const double c : v) EXPECT_LE(std::abs(c), 5.0);
}

TEST(Isosurface, PlaneThroughNodes) {
  // Nodes lie on the plane exactly; vertices keep off them by a ten-millionth of a cell.
  auto options = box(-4.0, 4.0, 1.0);
  const auto f = field_of([](const Place& p) { return p[2]; });
  EXPECT_NEAR(checked_volume(isosurface(f, options)), 256.0, 64.0 * 1.1e-7);
  options.inside_below = false;
  EXPECT_NEAR(checked_volume(isosurface(f, options)), 256.0, 64.0 * 1.1e-7);
}

TEST(Isosurface, WholeBoxAndNothing) {
  auto options = box(-2.0, 3.0, 0.7);
  const Isosurface whole = isosurface(field_of(ball), options);
  EXPECT_FALSE(whole.crosses);
  EXPECT_NEAR(checked_volume(whole), 125.0, 1e-9);
  options.inside_below = false;
  EXPECT_TRUE(isosurface(field_of(ball), options).mesh.empty());
}

TEST(Isosurface, CutBallAndOutsideOfIt) {
  // A ball cut at x = 0: half of it, closed by the disc; and what is left of the box.
  auto options = box(-12.0, 12.0, 0.8);
  options.bounds.lower[0] = 0.0;
  const double half = checked_volume(isosurface(field_of(ball), options));
  EXPECT_NEAR(half, 2000.0 / 3.0 * std::numbers::pi, 15.0);
  options.inside_below = false;
  const double rest = checked_volume(isosurface(field_of(ball), options));
  EXPECT_NEAR(half + rest, 12.0 * 24.0 * 24.0, 1e-6);
}

TEST(Isosurface, CavityIsTakenOff) {
  // Between the radii 5 and 10: |r - 7.5| < 2.5.
  const auto shell = field_of([](const Place& p) { return std::abs(ball(p) + 2.5) - 2.5; });
  const double volume = checked_volume(isosurface(shell, box(-11.0, 11.0, 0.5)));
  EXPECT_NEAR(volume, 4.0 / 3.0 * std::numbers::pi * 875.0, 8.0);
}

TEST(Isosurface, SmallBodyIsFoundFromItsSeed) {
  const auto two = field_of([](const Place& p) {
    const double far = std::hypot(p[0] - 80.0, p[1] - 80.0, p[2] - 80.0) - 1.5;
    return std::min(ball(p), far);
  });
  auto options = box(-20.0, 100.0, 0.5);
  options.lattice_nodes = 2000;
  const Isosurface one = isosurface(two, options);
  EXPECT_GT(one.lattice_m[0], 3.0);
  EXPECT_EQ(check_mesh(one.mesh).components, 1u);
  options.seeds = {{80.0, 80.0, 81.5}};
  const Isosurface both = isosurface(two, options);
  EXPECT_EQ(check_mesh(both.mesh).components, 2u);
  // Only near the surfaces is the function looked at.
  EXPECT_LT(both.evaluations, 241u * 241 * 241 / 50);
}

TEST(Isosurface, SaddlesAndCornersStayClosed) {
  // A gyroid of many sheets through all sides of the box, at coordinates of UTM.
  const auto gyroid = field_of([](const Place& p) {
    const double x = (p[0] - 500000.0) * 0.9, y = (p[1] - 7800000.0) * 0.9, z = p[2] * 0.9;
    return std::sin(x) * std::cos(y) + std::sin(y) * std::cos(z) + std::sin(z) * std::cos(x);
  });
  IsosurfaceOptions options;
  options.bounds = {{500000.0, 7800000.0, -7.0}, {500014.0, 7800014.0, 7.0}};
  options.cell_m = 0.45;
  const double below = checked_volume(isosurface(gyroid, options));
  options.inside_below = false;
  const double above = checked_volume(isosurface(gyroid, options));
  EXPECT_NEAR(below + above, 14.0 * 14.0 * 14.0, 1e-3);
}

TEST(Isosurface, Refusals) {
  EXPECT_EQ(code_of(box(1.0, 1.0, 0.5)), "isosurface.bounds");
  EXPECT_EQ(code_of(box(2.0, 1.0, 0.5)), "isosurface.bounds");
  EXPECT_EQ(code_of(box(-12.0, 12.0, 0.0)), "isosurface.cell");
  EXPECT_EQ(code_of(box(-12.0, 12.0, 1e-4)), "isosurface.too_fine");
  EXPECT_EQ(code_of(box(-12.0, 12.0, 1e-300)), "isosurface.too_fine");
  // A cell below what doubles can tell apart so far from the origin.
  auto far = box(1e15, 1e15 + 64.0, 1.0);
  EXPECT_EQ(code_of(far), "isosurface.too_fine");
  auto options = box(-12.0, 12.0, 0.5);
  options.most_nodes = 20000;
  EXPECT_EQ(code_of(options), "isosurface.too_fine");
  EXPECT_EQ(code_of(box(-12.0, INFINITY, 0.5)), "isosurface.bounds");
  EXPECT_THROW((void)isosurface(field_of([](const Place& p) { return std::sqrt(p[0]); }),
                                box(-1.0, 1.0, 0.5)),
               Error);
}

}  // namespace
}  // namespace lode
