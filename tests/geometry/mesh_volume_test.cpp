// Volumes against closed forms, at UTM coordinates, turned, and split.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "libgeo/geometry/mesh_report.h"
#include "tests/geometry/solids.h"

namespace lode {
namespace {

constexpr double pi = std::numbers::pi;
using Place = std::array<double, 3>;

double volume(TriangleMesh mesh) {
  Findings findings;
  make_solid(mesh, findings);
  const double sum = signed_volume_m3(mesh);
  const MeshReport report = examine_mesh(mesh);
  EXPECT_NEAR(report.volume_m3 / sum, 1.0, 1e-13);
  return sum;
}

// A surface of revolution about z, or a cylinder's, cone's or ring's: `rim` holds r and z.
TriangleMesh ring(const std::vector<std::array<double, 2>>& rim, std::uint32_t around) {
  TriangleMesh mesh;
  const auto n = static_cast<std::uint32_t>(rim.size());
  for (std::uint32_t i = 0; i < around; ++i)
    for (const auto& [r, z] : rim)
      mesh.vertices.push_back(
          {r * std::cos(2 * pi * i / around), r * std::sin(2 * pi * i / around), z});
  for (std::uint32_t i = 0; i < around; ++i)
    for (std::uint32_t j = 0; j < n; ++j) {
      const std::uint32_t a = i * n + j, b = (i + 1) % around * n + j,
                          c = (i + 1) % around * n + (j + 1) % n, d = i * n + (j + 1) % n;
      mesh.triangles.push_back({a, b, c});
      mesh.triangles.push_back({a, c, d});
    }
  return mesh;
}

TriangleMesh moved(TriangleMesh mesh, const Place& by) {
  for (auto& v : mesh.vertices)
    for (std::size_t axis = 0; axis < 3; ++axis) v[axis] += by[axis];
  return mesh;
}

// Turned about z, then about x.
TriangleMesh turned(TriangleMesh mesh, double about_z, double about_x) {
  for (auto& v : mesh.vertices) {
    const double x = v[0] * std::cos(about_z) - v[1] * std::sin(about_z);
    const double y = v[0] * std::sin(about_z) + v[1] * std::cos(about_z), z = v[2];
    v = {x, y * std::cos(about_x) - z * std::sin(about_x),
         y * std::sin(about_x) + z * std::cos(about_x)};
  }
  return mesh;
}

const Place utm{500000.0, 4200000.0, 1200.0};

TEST(MeshVolume, Tetrahedron) {
  TriangleMesh mesh;
  mesh.vertices = {{0, 0, 0}, {3, 0, 0}, {0, 4, 0}, {0, 0, 5}};
  mesh.triangles = {{0, 2, 1}, {0, 1, 3}, {1, 2, 3}, {2, 0, 3}};
  EXPECT_NEAR(volume(mesh), 3.0 * 4.0 * 5.0 / 6.0, 1e-14);
  EXPECT_NEAR(volume(moved(mesh, utm)), 10.0, 1e-11);
}

TEST(MeshVolume, PyramidOfTheExchangeSamples) {
  // omf_samples/pyramid_output.txt: base 2 x 2, height 1. Its faces as they stand there.
  TriangleMesh mesh;
  mesh.vertices = {{-1, -1, 0}, {1, -1, 0}, {1, 1, 0}, {-1, 1, 0}, {0, 0, 1}};
  mesh.triangles = {{0, 1, 4}, {1, 2, 4}, {2, 3, 4}, {3, 0, 4}, {0, 2, 1}, {0, 3, 2}};
  EXPECT_NEAR(volume(mesh), 4.0 / 3.0, 1e-15);
  EXPECT_NEAR(examine_mesh(mesh).centroid[2], 0.25, 1e-15);
  EXPECT_NEAR(examine_mesh(mesh).area_m2, 4.0 + 4.0 * std::sqrt(2.0), 1e-14);
}

TEST(MeshVolume, PrismConeAndTorus) {
  // A prism on a regular polygon of n sides: n/2 r^2 sin(2 pi/n) h; a cone a third of it.
  const int n = 60;
  const double base = n / 2.0 * 25.0 * std::sin(2 * pi / n);
  EXPECT_NEAR(volume(ring({{0, 0}, {5, 0}, {5, 7}, {0, 7}}, n)) / (base * 7.0), 1.0, 1e-13);
  EXPECT_NEAR(volume(ring({{0, 0}, {5, 0}, {0, 9}}, n)) / (base * 3.0), 1.0, 1e-13);
  // A torus of n x m faces: Pappus for the polygon of m sides, and the polygon instead of the
  // circle about the axis: area m/2 r^2 sin(2 pi/m), way 2 pi R sin(2 pi/n) / (2 pi/n).
  std::vector<std::array<double, 2>> rim;
  const int m = 90, around = 120;
  for (int j = 0; j < m; ++j)
    rim.push_back({30.0 + 8.0 * std::cos(2 * pi * j / m), 8.0 * std::sin(2 * pi * j / m)});
  const TriangleMesh torus = ring(rim, around);
  const double expected =
      m / 2.0 * 64.0 * std::sin(2 * pi / m) * 30.0 * around * std::sin(2 * pi / around);
  EXPECT_NEAR(volume(torus) / expected, 1.0, 2e-4) << "faces are not plane: cut into triangles";
  EXPECT_NEAR(volume(torus) / (2 * pi * pi * 30.0 * 64.0), 1.0, 2e-3);
  const MeshReport far = examine_mesh(moved(torus, utm));
  EXPECT_NEAR(far.volume_m3 / volume(torus), 1.0, 1e-9) << "vertices are rounded there";
  EXPECT_NEAR(far.centroid[1], utm[1], 1e-6);
}

TEST(MeshVolume, SpheresApproachTheirLimit) {
  // Each halving of the edges takes the gap to the sphere to a quarter.
  const double whole = 4.0 / 3.0 * pi * 1e6;
  double before = 0.0;
  for (int times = 2; times < 7; ++times) {
    const double gap = 1.0 - volume(sphere(utm, 100.0, times)) / whole;
    if (times > 2) {
      EXPECT_NEAR(before / gap, 4.0, 0.2);
    }
    before = gap;
  }
  // The octahedron itself: 4/3 r^3.
  EXPECT_NEAR(volume(sphere(utm, 100.0, 0)) / (4.0 / 3.0 * 1e6), 1.0, 1e-13);
}

TEST(MeshVolume, CavitiesAreTakenOff) {
  const TriangleMesh ball = sphere({0, 0, 0}, 50.0, 4), hollow = sphere({5, 3, 1}, 20.0, 3);
  EXPECT_NEAR(volume(moved(joined(ball, hollow), utm)) / (volume(ball) - volume(hollow)), 1.0,
              1e-9);
}

TEST(MeshVolume, TurningAndMovingChangeNothing) {
  const TriangleMesh ball = joined(sphere({10, 0, 0}, 50.0, 4), cube({200, 0, 0}, 30.0));
  const double still = volume(ball);
  for (const double angle : {0.3, 1.1, 2.9})
    EXPECT_NEAR(volume(turned(ball, angle, 2.0 * angle)) / still, 1.0, 1e-13);
  // Whole coordinates move without rounding.
  const TriangleMesh box = cube({0, 0, 0}, 10.0);
  EXPECT_EQ(volume(moved(box, utm)), 1000.0);
}

TEST(MeshVolume, ALongSumKeepsItsDigitsAtUtmCoordinates) {
  // Vertices on a grid of 2^-10 m, so that they move to UTM without rounding: both sums are of the
  // same solid. That near the origin in 64 bits of mantissa is the reference.
  TriangleMesh mesh = sphere({0, 0, 0}, 400.0, 7);
  for (auto& v : mesh.vertices)
    for (double& c : v) c = std::round(c * 1024.0) / 1024.0;
  long double reference = 0.0L;
  for (const auto& [a, b, c] : mesh.triangles) {
    const auto &p = mesh.vertices[a], &q = mesh.vertices[b], &r = mesh.vertices[c];
    const auto times = [](double x, double y) { return static_cast<long double>(x) * y; };
    reference += p[0] * (times(q[1], r[2]) - times(q[2], r[1])) +
                 p[1] * (times(q[2], r[0]) - times(q[0], r[2])) +
                 p[2] * (times(q[0], r[1]) - times(q[1], r[0]));
  }
  reference /= 6.0L;
  const auto error = [&](double sum) {
    return static_cast<double>(std::abs(sum / reference - 1.0L));
  };
  EXPECT_LT(error(signed_volume_m3(moved(mesh, utm))), 1e-13);
  EXPECT_LT(error(signed_volume_m3(mesh)), 1e-13);
  EXPECT_LT(error(examine_mesh(moved(mesh, utm)).volume_m3), 1e-13);
}

TEST(MeshVolume, PartsAddUp) {
  // A box cut by an inclined plane into two: corners of the cut at heights 2, 4, 6 and 4.
  TriangleMesh low, high;
  low.vertices = {{0, 0, 0}, {10, 0, 0}, {0, 10, 0}, {10, 10, 0},
                  {0, 0, 2}, {10, 0, 4}, {0, 10, 4}, {10, 10, 6}};
  low.triangles = cube({0, 0, 0}, 1.0).triangles;
  high = low;
  for (std::size_t i = 0; i < 4; ++i) {
    high.vertices[i] = low.vertices[i + 4];
    high.vertices[i + 4][2] = 9.0;
  }
  EXPECT_NEAR(volume(moved(low, utm)), 400.0, 1e-10);
  EXPECT_NEAR(volume(moved(low, utm)) + volume(moved(high, utm)), 900.0, 1e-9);
}

}  // namespace
}  // namespace lode
