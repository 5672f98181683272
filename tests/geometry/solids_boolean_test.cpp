// Booleans of boxes and spheres against closed forms, with every way in which two can touch.
#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/geometry/solids.h"
#include "tests/geometry/solids.h"

namespace lode {
namespace {

using enum SolidOperation;
using Vec = std::array<double, 3>;

TriangleMesh box(Vec lower, Vec upper) {
  TriangleMesh mesh = cube({0, 0, 0}, 1.0);
  mesh.name = "box";
  for (Vec& v : mesh.vertices)
    for (std::size_t c = 0; c < 3; ++c) v[c] = v[c] == 0.0 ? lower[c] : upper[c];
  return mesh;
}

TriangleMesh moved(TriangleMesh mesh, const Vec& by) {
  for (Vec& v : mesh.vertices)
    for (std::size_t c = 0; c < 3; ++c) v[c] += by[c];
  return mesh;
}

double volume(const TriangleMesh& a, const TriangleMesh& b, SolidOperation operation) {
  Findings findings;
  const TriangleMesh result = combine_solids(a, b, operation, findings);
  EXPECT_TRUE(findings.empty());
  if (result.empty()) return 0.0;
  const MeshCheck check = check_mesh(result);
  EXPECT_TRUE(check.closed && check.oriented);
  return signed_volume_m3(result);
}

std::string code_of(const TriangleMesh& a, const TriangleMesh& b, SolidOperation operation,
                    std::string* what = nullptr) {
  Findings findings;
  try {
    (void)combine_solids(a, b, operation, findings);
  } catch (const Error& error) {
    if (what != nullptr) *what = error.what();
    return error.code;
  }
  return "none";
}

// Volumes of a and b joined, shared, and of a without b.
struct Case {
  const char* name;
  TriangleMesh a, b;
  double joined, shared, rest;
};

std::vector<Case> cases() {
  const TriangleMesh ten = box({0, 0, 0}, {10, 10, 10});
  return {
      {"corner", ten, box({5, 5, 5}, {15, 15, 15}), 1875, 125, 875},
      {"through", ten, box({2, 3, -5}, {6, 8, 15}), 1000 + 20 * 10, 200, 800},
      {"coplanar faces, one way", ten, box({0, 0, 0}, {10, 10, 4}), 1000, 400, 600},
      {"coplanar faces in part", ten, box({5, 0, 0}, {15, 10, 10}), 1500, 500, 500},
      {"identical", ten, ten, 1000, 1000, 0},
      {"touching at a face", ten, box({10, 0, 0}, {20, 10, 10}), 2000, 0, 1000},
      {"touching at a part of a face", ten, box({10, 2, 3}, {14, 5, 6}), 1036, 0, 1000},
      {"disjoint", ten, box({20, 20, 20}, {21, 21, 21}), 1001, 0, 1000},
      {"inside: a cavity", ten, box({2, 2, 2}, {5, 5, 5}), 1000, 27, 973},
      {"around: nothing left", box({2, 2, 2}, {5, 5, 5}), ten, 1000, 27, 0},
      {"in two parts", ten, box({4, -1, -1}, {6, 11, 11}), 1000 + 2 * 44, 200, 800},
      {"pocket in a face", ten, box({2, 2, 5}, {4, 4, 10}), 1000, 20, 980},
      {"touching from inside at a face", ten, box({2, 2, 6}, {4, 4, 10}), 1000, 16, 984},
  };
}

TEST(SolidsBoolean, BoxesInEveryPosition) {
  for (const Case& c : cases())
    for (const double shift : {0.0, 500000.0}) {
      const Vec by{shift, 8 * shift, shift == 0.0 ? 0.0 : 300.0};
      const TriangleMesh a = moved(c.a, by), b = moved(c.b, by);
      EXPECT_NEAR(volume(a, b, unite), c.joined, 1e-9) << c.name;
      EXPECT_NEAR(volume(b, a, unite), c.joined, 1e-9) << c.name;
      EXPECT_NEAR(volume(a, b, intersect), c.shared, 1e-9) << c.name;
      EXPECT_NEAR(volume(a, b, subtract), c.rest, 1e-9) << c.name;
    }
}

TEST(SolidsBoolean, PartsAndCavities) {
  Findings findings;
  const TriangleMesh ten = box({0, 0, 0}, {10, 10, 10});
  const auto shells = [&](const TriangleMesh& b, SolidOperation operation) {
    return check_mesh(combine_solids(ten, b, operation, findings)).components;
  };
  EXPECT_EQ(shells(box({4, -1, -1}, {6, 11, 11}), subtract), 2u);
  EXPECT_EQ(shells(box({2, 2, 2}, {5, 5, 5}), subtract), 2u);
  EXPECT_EQ(shells(box({20, 2, 2}, {25, 5, 5}), unite), 2u);
  EXPECT_EQ(shells(box({10, 0, 0}, {20, 10, 10}), unite), 1u);
  // A solid with a cavity, and one that lies in the cavity.
  const TriangleMesh hollow = combine_solids(ten, box({2, 2, 2}, {8, 8, 8}), subtract, findings);
  EXPECT_NEAR(volume(hollow, box({4, 4, 4}, {6, 6, 6}), unite), 1000 - 216 + 8, 1e-9);
  EXPECT_NEAR(volume(hollow, box({4, 4, 4}, {6, 6, 6}), intersect), 0.0, 1e-9);
  EXPECT_NEAR(volume(hollow, box({4, 4, 4}, {6, 6, 16}), subtract), 784 - 8, 1e-9);
}

// Turned boxes: nothing is on a grid. Two crossing bars of side 2, turned by t in plan: the shared
// part is a rhombic prism of area 4 / sin t.
TEST(SolidsBoolean, TurnedBarsShareARhombus) {
  for (const double degrees : {90.0, 60.0, 33.0, 5.0})
    for (const double shift : {0.0, 4.0e6}) {
      const double t = degrees / 180.0 * std::numbers::pi;
      const TriangleMesh bar = box({-100, -1, -1}, {100, 1, 1});
      TriangleMesh turned = bar;
      for (Vec& v : turned.vertices)
        v = {v[0] * std::cos(t) - v[1] * std::sin(t), v[0] * std::sin(t) + v[1] * std::cos(t),
             v[2]};
      const Vec by{shift, shift, 0};
      const double shared = 4.0 / std::sin(t) * 2.0;
      const TriangleMesh a = moved(bar, by), b = moved(turned, by);
      EXPECT_NEAR(volume(a, b, intersect), shared, shift == 0.0 ? 1e-9 : 1e-5);
      EXPECT_NEAR(volume(a, b, unite), 1600.0 - shared, shift == 0.0 ? 1e-9 : 1e-5);
      EXPECT_NEAR(volume(a, b, subtract), 800.0 - shared, shift == 0.0 ? 1e-9 : 1e-5);
    }
}

// A sphere of triangles cut by a plane through its middle, whose equator is an edge path: exact
// halves by symmetry.
TEST(SolidsBoolean, HalvesOfASphere) {
  const TriangleMesh ball = sphere({0, 0, 0}, 10.0, 5);
  const double whole = signed_volume_m3(ball);
  EXPECT_NEAR(volume(ball, box({-20, -20, 0}, {20, 20, 20}), intersect), whole / 2, 1e-9 * whole);
  EXPECT_NEAR(volume(ball, box({-20, -20, 0}, {20, 20, 20}), subtract), whole / 2, 1e-9 * whole);
  // Two spheres at distance d = r share the lens pi (4 r + d) (2 r - d)^2 / 12.
  const TriangleMesh other = sphere({10, 0.1, 0.2}, 10.0, 5);
  const double lens = std::numbers::pi * (40.0 + 10.0) * 100.0 / 12.0;
  EXPECT_NEAR(volume(ball, other, intersect), lens, 0.01 * lens);
}

TEST(SolidsBoolean, TouchingAtAnEdgeIsRefusedWhereNoSolidIsLeft) {
  const TriangleMesh ten = box({0, 0, 0}, {10, 10, 10});
  const TriangleMesh other = box({10, 10, 0}, {20, 20, 10});
  EXPECT_EQ(code_of(ten, other, unite), "solid.boolean");
  EXPECT_NEAR(volume(ten, other, intersect), 0.0, 1e-12);
  EXPECT_NEAR(volume(ten, other, subtract), 1000.0, 1e-12);
}

TEST(SolidsBoolean, TouchingAtAVertexIsTwoShells) {
  const TriangleMesh ten = box({0, 0, 0}, {10, 10, 10});
  const TriangleMesh other = box({10, 10, 10}, {20, 20, 20});
  Findings findings;
  const TriangleMesh both = combine_solids(ten, other, unite, findings);
  EXPECT_NEAR(signed_volume_m3(both), 2000.0, 1e-9);
  // What touches itself at a vertex can be worked on.
  EXPECT_NEAR(volume(both, box({5, 5, 5}, {15, 15, 15}), intersect), 250.0, 1e-9);
}

// Turned by next to nothing: slivers thinner than coordinates can tell.
TEST(SolidsBoolean, NearlyTheSameSolid) {
  const TriangleMesh a = box({-50, -50, -50}, {50, 50, 50});
  bool rounded = false;
  for (const double t : {1e-3, 1e-6, 1e-8, 1e-12}) {
    TriangleMesh b = a;
    for (Vec& v : b.vertices) {
      v = {v[0] - t * v[1], t * v[0] + v[1], v[2]};
      v = {v[0], v[1] - 0.7 * t * v[2], 0.7 * t * v[1] + v[2]};
    }
    Findings findings;
    for (const SolidOperation operation : {unite, intersect, subtract}) {
      const TriangleMesh result = combine_solids(a, b, operation, findings);
      const double volume = result.empty() ? 0.0 : signed_volume_m3(result);
      EXPECT_NEAR(volume, operation == subtract ? 0.0 : 1e6, 2e6 * t + 1e-6);
    }
    rounded = rounded || findings.has("solid.rounded");
  }
  EXPECT_TRUE(rounded);
}

TEST(SolidsBoolean, EmptyInputs) {
  const TriangleMesh ten = box({0, 0, 0}, {10, 10, 10});
  EXPECT_EQ(volume(ten, {}, unite), 1000.0);
  EXPECT_EQ(volume({}, ten, unite), 1000.0);
  EXPECT_EQ(volume(ten, {}, subtract), 1000.0);
  EXPECT_EQ(volume({}, ten, subtract), 0.0);
  EXPECT_EQ(volume(ten, {}, intersect), 0.0);
}

TEST(SolidsBoolean, BadInputs) {
  const TriangleMesh ten = box({0, 0, 0}, {10, 10, 10});
  TriangleMesh open = ten;
  open.triangles.pop_back();
  EXPECT_EQ(code_of(ten, open, unite), "mesh.open");
  EXPECT_EQ(code_of(open, ten, unite), "mesh.open");
  // Two overlapping boxes in one mesh cross themselves, where the other solid is.
  const TriangleMesh crossed = joined(ten, box({5, 5, 5}, {15, 15, 15}));
  std::string what;
  EXPECT_EQ(code_of(ten, crossed, unite, &what), "solid.self_intersecting");
  EXPECT_NE(what.find("triangles "), std::string::npos);
  EXPECT_EQ(code_of(crossed, box({4, 4, 4}, {9, 9, 9}), subtract), "solid.self_intersecting");
}

TEST(SolidsBoolean, WoundInwardIsMendedAndSaid) {
  TriangleMesh inward = box({5, 5, 5}, {15, 15, 15});
  for (auto& t : inward.triangles) std::swap(t[1], t[2]);
  Findings findings;
  const TriangleMesh result = combine_solids(box({0, 0, 0}, {10, 10, 10}), inward, unite, findings);
  EXPECT_NEAR(signed_volume_m3(result), 1875.0, 1e-9);
  EXPECT_TRUE(findings.has("mesh.turned"));
}

TEST(SolidsBoolean, HearsAStop) {
  const Progress stopped({}, [] { return true; });
  Findings findings;
  EXPECT_THROW((void)combine_solids(sphere({0, 0, 0}, 10.0, 5), sphere({10, 0.1, 0.2}, 10.0, 5),
                                    unite, findings, stopped),
               Error);
}

}  // namespace
}  // namespace lode
