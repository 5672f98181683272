// Hulls and alpha shapes of points whose solids are known.
#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/random.h"
#include "libgeo/geometry/solids.h"
#include "tests/geometry/solids.h"

namespace lode {
namespace {

using Vec = std::array<double, 3>;

// Nodes of a grid of spacing 1 where `wanted` says.
template <class Wanted>
std::vector<Vec> grid(int n, Wanted wanted, double shift = 0.0) {
  std::vector<Vec> points;
  for (int k = 0; k <= n; ++k)
    for (int j = 0; j <= n; ++j)
      for (int i = 0; i <= n; ++i)
        if (wanted(i, j, k)) points.push_back({shift + i, shift + j, double(k)});
  return points;
}

template <class Make>
std::string code_of(Make make) {
  try {
    (void)make();
  } catch (const Error& error) {
    return error.code;
  }
  return "none";
}

TEST(SolidsPoints, HullOfAGridOfASphereAndOfATetrahedron) {
  for (const double shift : {0.0, 4.0e6}) {
    const TriangleMesh hull = convex_hull(grid(
        6, [](int, int, int) { return true; }, shift));
    EXPECT_NEAR(signed_volume_m3(hull), 216.0, 1e-9);
    EXPECT_TRUE(check_mesh(hull).closed);
  }
  const TriangleMesh ball = sphere({10, 20, 30}, 5.0, 4);
  EXPECT_NEAR(signed_volume_m3(convex_hull(ball.vertices)), signed_volume_m3(ball), 1e-9);
  EXPECT_NEAR(
      signed_volume_m3(convex_hull({{0, 0, 0}, {3, 0, 0}, {0, 4, 0}, {0, 0, 5}, {1, 1, 1}})), 10.0,
      1e-12);
}

TEST(SolidsPoints, HullRefusals) {
  EXPECT_EQ(code_of([] {
              return convex_hull({{0, 0, 0}, {1, 0, 0}, {0, 1, 0}});
            }),
            "solid.too_few");
  EXPECT_EQ(code_of([] {
              return convex_hull({{1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}});
            }),
            "solid.too_few");
  EXPECT_EQ(code_of([] {
              return convex_hull({{0, 0, 0}, {1, 1, 1}, {2, 2, 2}, {3, 3, 3}});
            }),
            "solid.too_few");
  EXPECT_EQ(code_of([] { return convex_hull(grid(5, [](int, int, int k) { return k == 2; })); }),
            "solid.too_few");
  EXPECT_EQ(code_of([] {
              return convex_hull({{0, 0, 0}, {1, std::nan(""), 1}});
            }),
            "mesh.bad_vertex");
}

// An L of unit cubes, alpha half a cube's diagonal: the cubes, and along the inner edge half cubes,
// whose corners lie on spheres of that size too.
TEST(SolidsPoints, AlphaShapeOfAnL) {
  const auto ell = [](int i, int, int k) { return i <= 3 || k <= 3; };
  for (const double shift : {0.0, 4.0e6}) {
    const auto points = grid(9, ell, shift);
    const AlphaShape shape = alpha_solid(points, std::sqrt(3.0) / 2.0);
    EXPECT_NEAR(signed_volume_m3(shape.mesh), 9.0 * (81.0 - 36.0 + 0.5), 1e-6);
    EXPECT_EQ(shape.parts, 1u);
    EXPECT_EQ(shape.left_out, 0u);
    EXPECT_GT(signed_volume_m3(convex_hull(points)), 9.0 * (81.0 - 36.0) + 9 * 17.0);
    // Left to itself it finds that alpha.
    const AlphaShape found = alpha_solid(points, 0.0);
    EXPECT_NEAR(found.alpha_m, std::sqrt(3.0) / 2.0, 1e-9);
    EXPECT_NEAR(signed_volume_m3(found.mesh), 409.5, 1e-6);
    double alpha = 0.0;
    EXPECT_NEAR(signed_volume_m3(alpha_shape(points, alpha)), 409.5, 1e-6);
    EXPECT_EQ(alpha, found.alpha_m);
  }
}

TEST(SolidsPoints, AlphaShapeInTwoPartsWithACavityAndALonePoint) {
  auto points = grid(4, [](int i, int j, int k) { return !(i == 2 && j == 2 && k == 2); });
  const AlphaShape hollow = alpha_solid(points, 0.9);
  // Six nodes about the missing one make an octahedron that is left open.
  EXPECT_NEAR(signed_volume_m3(hollow.mesh), 64.0 - 4.0 / 3.0, 1e-9);
  EXPECT_EQ(check_mesh(hollow.mesh).components, 2u);
  EXPECT_EQ(hollow.parts, 1u);
  for (const Vec& p : grid(2, [](int, int, int) { return true; })) {
    points.push_back(p);
    points.back()[0] += 20.0;
  }
  points.push_back({50, 50, 50});
  const AlphaShape two = alpha_solid(points, 0.9);
  EXPECT_EQ(two.parts, 2u);
  EXPECT_EQ(two.left_out, 1u);
  EXPECT_NEAR(signed_volume_m3(two.mesh), 64.0 - 4.0 / 3.0 + 8.0, 1e-9);
  EXPECT_EQ(alpha_solid(points, 0.0).parts, 1u);
  EXPECT_EQ(alpha_solid(points, 0.0).left_out, 0u);
}

// Two tetrahedra (radius sqrt 2) that share an edge only; those in the gaps have radius sqrt 5. All
// hold 4/3.
TEST(SolidsPoints, AlphaShapeThatTouchesAlongAnEdgeIsFilled) {
  const AlphaShape shape =
      alpha_solid({{0, 0, 1}, {0, 0, -1}, {2, 1, 0}, {2, -1, 0}, {-2, 1, 0}, {-2, -1, 0}}, 1.5);
  EXPECT_TRUE(check_mesh(shape.mesh).closed);
  EXPECT_NEAR(shape.filled_m3, 4.0 / 3.0, 1e-12);
  EXPECT_NEAR(signed_volume_m3(shape.mesh), 4.0, 1e-12);
}

// Random points in a ball: large alpha gives the hull, and any alpha a closed solid.
TEST(SolidsPoints, AlphaShapesOfRandomPointsAreSolids) {
  const Random stream{7, 1};
  std::vector<Vec> points;
  for (std::uint64_t i = 0; points.size() < 2000; ++i) {
    Vec p;
    for (std::uint64_t c = 0; c < 3; ++c) p[c] = 2.0 * stream.uniform(3 * i + c) - 1.0;
    if (p[0] * p[0] + p[1] * p[1] + p[2] * p[2] < 1.0) points.push_back(p);
  }
  double last = 0.0;
  for (const double alpha : {0.07, 0.08, 0.1, 0.15, 0.3, 1e6}) {
    const AlphaShape shape = alpha_solid(points, alpha);
    EXPECT_TRUE(check_mesh(shape.mesh).closed) << alpha;
    const double volume = signed_volume_m3(shape.mesh);
    EXPECT_GE(volume, last - shape.filled_m3);
    last = volume;
  }
  EXPECT_NEAR(last, signed_volume_m3(convex_hull(points)), 1e-9);
}

TEST(SolidsPoints, TheOrderOfPointsOnOneSphereDoesNotMatter) {
  std::vector<Vec> points;
  const Random random(1, 3);
  for (std::size_t i = 0; i < 300; ++i) {
    const Vec p{random.normal(3 * i), random.normal(3 * i + 1), random.normal(3 * i + 2)};
    const double r = std::hypot(p[0], p[1], p[2]);
    points.push_back({464800 + 50 * p[0] / r, 2265800 + 50 * p[1] / r, 400 + 50 * p[2] / r});
  }
  std::vector<Vec> turned(points.rbegin(), points.rend());
  double alpha = 0.0, other = 0.0;
  EXPECT_EQ(signed_volume_m3(alpha_shape(points, alpha)),
            signed_volume_m3(alpha_shape(turned, other)));
  EXPECT_EQ(alpha, other);
}

TEST(SolidsPoints, AlphaShapeRefusals) {
  const auto flat = grid(5, [](int, int, int k) { return k == 2; });
  EXPECT_EQ(code_of([&] { return alpha_solid(flat, 0.0); }), "solid.too_few");
  EXPECT_EQ(code_of([] { return alpha_solid({}, 0.0); }), "solid.too_few");
  const auto full = grid(3, [](int, int, int) { return true; });
  EXPECT_EQ(code_of([&] { return alpha_solid(full, -1.0); }), "solid.alpha");
  EXPECT_EQ(code_of([&] { return alpha_solid(full, 0.5); }), "solid.empty");
}

}  // namespace
}  // namespace lode
