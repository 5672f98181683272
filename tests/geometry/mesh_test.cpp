// Triangle meshes: what is closed, which way it winds, and volumes at far coordinates.
#include "libgeo/geometry/mesh.h"

#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/core/error.h"
#include "tests/core/code_of.h"
#include "tests/geometry/solids.h"

namespace lode {
namespace {

TEST(Mesh, VolumeKeepsItsDigitsAtUtmCoordinates) {
  // A cube of 1000 m3 at UTM: a sum about the origin of the system loses eight digits of it.
  TriangleMesh mesh = cube({500000.0, 4200000.0, 1000.0}, 10.0);
  Findings findings;
  make_solid(mesh, findings);
  EXPECT_NEAR(signed_volume_m3(mesh), 1000.0, 1e-9);
  EXPECT_TRUE(findings.empty());
  const MeshCheck check = check_mesh(mesh);
  EXPECT_TRUE(check.closed);
  EXPECT_TRUE(check.oriented);
  EXPECT_EQ(check.components, 1u);
}

TEST(Mesh, OneTriangleMissingIsRefusedWithAnEdge) {
  TriangleMesh mesh = cube({0, 0, 0}, 10.0);
  mesh.triangles.pop_back();
  EXPECT_EQ(check_mesh(mesh).open_edges, 3u);
  EXPECT_FALSE(check_mesh(mesh).closed);
  Findings findings;
  try {
    make_solid(mesh, findings);
    FAIL() << "an open solid was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "mesh.open");
    EXPECT_NE(std::string(error.what()).find("("), std::string::npos) << error.what();
  }
}

TEST(Mesh, EdgesWithThreeTrianglesAreRefused) {
  // Two cubes that touch along an edge.
  TriangleMesh mesh = joined(cube({0, 0, 0}, 10.0), cube({10, 10, 0}, 10.0));
  Findings findings;
  EXPECT_EQ(code_of([&] { make_solid(mesh, findings); }), "mesh.crowded_edge");
}

TEST(Mesh, FinsWithoutThicknessCancel) {
  TriangleMesh mesh = cube({0, 0, 0}, 10.0);
  mesh.vertices.push_back({5.0, 5.0, 30.0});
  mesh.triangles.push_back({0, 1, 8});
  mesh.triangles.push_back({1, 0, 8});
  Findings findings;
  make_solid(mesh, findings);
  EXPECT_NEAR(signed_volume_m3(mesh), 1000.0, 1e-9);
  EXPECT_TRUE(findings.has("mesh.duplicate_triangle"));
}

TEST(Mesh, WindingIsMendedAndSaid) {
  TriangleMesh mesh = cube({0, 0, 0}, 10.0);
  std::swap(mesh.triangles[3][0], mesh.triangles[3][1]);
  std::swap(mesh.triangles[7][0], mesh.triangles[7][1]);
  EXPECT_FALSE(check_mesh(mesh).oriented);
  Findings findings;
  make_solid(mesh, findings);
  EXPECT_NEAR(signed_volume_m3(mesh), 1000.0, 1e-9);
  EXPECT_TRUE(findings.has("mesh.turned"));
  EXPECT_EQ(findings.list()[0].count, 2u);

  TriangleMesh inside_out = cube({0, 0, 0}, 10.0);
  for (auto& t : inside_out.triangles) std::swap(t[0], t[1]);
  make_solid(inside_out, findings);
  EXPECT_NEAR(signed_volume_m3(inside_out), 1000.0, 1e-9);
}

TEST(Mesh, NestedShellsAreCavitiesWhateverTheirWinding) {
  // Row 22 of the fault table: a naive sum gives 1,125 for a cube of 1,000 with a hollow of 125.
  TriangleMesh mesh = joined(cube({0, 0, 0}, 10.0), cube({2, 2, 2}, 5.0));
  Findings findings;
  make_solid(mesh, findings);
  EXPECT_NEAR(signed_volume_m3(mesh), 875.0, 1e-9);
  EXPECT_EQ(check_mesh(mesh).components, 2u);
  // A nut in the hollow counts again.
  TriangleMesh nut = joined(mesh, cube({3, 3, 3}, 2.0));
  make_solid(nut, findings);
  EXPECT_NEAR(signed_volume_m3(nut), 883.0, 1e-9);
}

TEST(Mesh, DuplicateTrianglesAndVerticesLeave) {
  // Row 22: with duplicate faces a naive sum gives 1,167.
  TriangleMesh mesh = cube({0, 0, 0}, 10.0);
  mesh.triangles.push_back(mesh.triangles[0]);
  mesh.vertices.push_back(mesh.vertices[0]);
  mesh.triangles.push_back({0, 8, 1});
  Findings findings;
  make_solid(mesh, findings);
  EXPECT_NEAR(signed_volume_m3(mesh), 1000.0, 1e-9);
  EXPECT_TRUE(findings.has("mesh.duplicate_triangle"));
  EXPECT_TRUE(findings.has("mesh.flat_triangle"));
}

TEST(Mesh, ASolidThatStandsTwiceWholeIsTakenOnce) {
  for (const bool inside_out : {false, true}) {
    TriangleMesh mesh = cube({0, 0, 0}, 10.0);
    const auto once = mesh.triangles;
    for (auto triangle : once) {
      if (inside_out) std::swap(triangle[0], triangle[1]);
      mesh.triangles.push_back(triangle);
    }
    Findings findings;
    make_solid(mesh, findings);
    EXPECT_EQ(mesh.triangles.size(), once.size());
    EXPECT_NEAR(signed_volume_m3(mesh), 1000.0, 1e-9);
  }
}

TEST(Mesh, BadNumbersAndIndicesAreRefused) {
  Findings findings;
  TriangleMesh mesh = cube({0, 0, 0}, 10.0);
  mesh.vertices[2][1] = NAN;
  EXPECT_EQ(code_of([&] { make_solid(mesh, findings); }), "mesh.bad_vertex");
  mesh = cube({0, 0, 0}, 10.0);
  mesh.triangles[4][2] = 99;
  EXPECT_EQ(code_of([&] { make_solid(mesh, findings); }), "mesh.index");
  mesh = {};
  EXPECT_EQ(code_of([&] { make_solid(mesh, findings); }), "mesh.empty");
  // Two sides of one sheet: closed by its edges, and without volume.
  mesh = {};
  mesh.vertices = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {1, 1, 0}};
  mesh.triangles = {{0, 1, 2}, {1, 3, 2}, {0, 2, 3}, {0, 3, 1}};
  EXPECT_EQ(code_of([&] { make_solid(mesh, findings); }), "mesh.flat");
}

TEST(Mesh, OneSidedSurfacesAreRefused) {
  // The projective plane on six vertices: closed, ten triangles, not orientable.
  TriangleMesh mesh;
  mesh.vertices = {{0, 0, 0}, {4, 0, 1}, {0, 4, 2}, {4, 4, 3}, {2, 1, 5}, {1, 2, 7}};
  mesh.triangles = {{0, 1, 2}, {0, 2, 3}, {0, 3, 4}, {0, 4, 5}, {0, 5, 1},
                    {1, 2, 4}, {2, 3, 5}, {3, 4, 1}, {4, 5, 2}, {5, 1, 3}};
  EXPECT_TRUE(check_mesh(mesh).closed);
  Findings findings;
  EXPECT_EQ(code_of([&] { make_solid(mesh, findings); }), "mesh.not_orientable");
}

}  // namespace
}  // namespace lode
