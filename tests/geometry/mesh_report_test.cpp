// Faults of meshes: each is found, named with its face, edge or place, and mended or refused.
#include "libgeo/geometry/mesh_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/core/code_of.h"
#include "tests/geometry/solids.h"

namespace lode {
namespace {

using testing::HasSubstr;

const MeshDefect* defect(const MeshReport& report, const std::string& code) {
  for (const MeshDefect& one : report.defects)
    if (one.code == code) return &one;
  return nullptr;
}

TriangleMesh utm_cube() {
  return cube({500000.0, 4200000.0, 1000.0}, 10.0);
}

TEST(MeshReport, SoundSolidsHaveNoDefect) {
  const MeshReport report = examine_mesh(utm_cube());
  EXPECT_TRUE(report.closed && report.oriented && !report.self_intersecting);
  EXPECT_EQ(report.components, 1u);
  EXPECT_NEAR(report.volume_m3, 1000.0, 1e-9);
  EXPECT_NEAR(report.area_m2, 600.0, 1e-9);
  EXPECT_NEAR(report.centroid[0], 500005.0, 1e-9);
  EXPECT_NEAR(report.centroid[1], 4200005.0, 1e-8);
  EXPECT_NEAR(report.centroid[2], 1005.0, 1e-9);
  EXPECT_TRUE(report.defects.empty());
}

TEST(MeshReport, HolesAreCountedAndNamedAndFilled) {
  // Row 21 of the fault table: a naive sum gives -10,532,500 for this cube.
  TriangleMesh mesh = utm_cube();
  mesh.triangles.erase(mesh.triangles.begin() + 11);
  mesh.triangles.erase(mesh.triangles.begin() + 4);
  const MeshReport report = examine_mesh(mesh);
  EXPECT_FALSE(report.closed);
  EXPECT_TRUE(std::isnan(report.volume_m3));
  EXPECT_EQ(report.open_edges, 6u);
  const MeshDefect* open = defect(report, "mesh.open");
  ASSERT_NE(open, nullptr);
  EXPECT_EQ(open->severity, Severity::error);
  EXPECT_THAT(open->message, HasSubstr("(500"));
  const MeshMending filled = fill_holes(mesh, 0.0);
  EXPECT_EQ(filled.triangles, 2u);
  EXPECT_NEAR(filled.area_m2, 100.0, 1e-9);
  EXPECT_NEAR(examine_mesh(mesh).volume_m3, 1000.0, 1e-9);
}

TEST(MeshReport, HolesApartAreTwo) {
  TriangleMesh ball = sphere({0, 0, 0}, 10.0, 3);
  const double whole = signed_volume_m3(ball);
  ball.triangles.erase(ball.triangles.begin() + 300);
  ball.triangles.erase(ball.triangles.begin());
  EXPECT_EQ(examine_mesh(ball).holes, 2u);
  fill_holes(ball, 0.0);  // rims of single triangles are flat
  EXPECT_NEAR(examine_mesh(ball).volume_m3, whole, 1e-9);
  // A whole cap is not flat: only when small ones may be filled.
  const auto is_cap = [&](const auto& t) {
    return std::any_of(t.begin(), t.end(), [&](auto v) { return ball.vertices[v][2] > 9.0; });
  };
  ball.triangles.erase(std::remove_if(ball.triangles.begin(), ball.triangles.end(), is_cap),
                       ball.triangles.end());
  TriangleMesh left = ball;
  fill_holes(left, 0.0);
  const double flat_cap = examine_mesh(left).volume_m3;
  fill_holes(ball, 20.0);
  const double filled = examine_mesh(ball).volume_m3;
  EXPECT_LT(filled, whole);
  EXPECT_GT(filled, 0.9 * whole);
  EXPECT_TRUE(std::isnan(flat_cap) || flat_cap == filled);
}

TEST(MeshReport, CracksAreFoundWithTheWidthThatClosesThem) {
  // Two halves of a cube's faces with their own vertices, a millimetre apart.
  TriangleMesh mesh = utm_cube();
  mesh.vertices.push_back({500010.0005, 4200010.0, 1010.0});
  for (std::uint32_t& v : mesh.triangles[11])
    if (v == 7) v = 8;
  const MeshReport report = examine_mesh(mesh);
  EXPECT_FALSE(report.closed);
  const MeshDefect* crack = defect(report, "mesh.crack");
  ASSERT_NE(crack, nullptr);
  EXPECT_NEAR(report.crack_width_m, 0.0005, 1e-9);
  TriangleMesh too_little = mesh, enough = mesh;
  weld_mesh(too_little, 0.0001);
  EXPECT_FALSE(examine_mesh(too_little).closed);
  const MeshMending welded = weld_mesh(enough, 0.001);
  EXPECT_EQ(welded.vertices, 1u);
  EXPECT_NEAR(welded.most_m, 0.0005, 1e-9);
  EXPECT_NEAR(examine_mesh(enough).volume_m3, 1000.0, 1e-9);
}

TEST(MeshReport, TJunctionsAreFoundAndSplit) {
  // The edge from vertex 0 to 1 is split at its middle on one side only.
  TriangleMesh mesh = utm_cube();
  mesh.vertices.push_back({500005.0, 4200000.0, 1000.0});
  ASSERT_EQ(mesh.triangles[4], (std::array<std::uint32_t, 3>{0, 1, 4}));
  mesh.triangles[4] = {0, 8, 4};
  mesh.triangles.push_back({8, 1, 4});
  const MeshReport report = examine_mesh(mesh);
  EXPECT_FALSE(report.closed);
  EXPECT_EQ(report.t_junctions, 1u);
  const MeshDefect* tee = defect(report, "mesh.t_junction");
  ASSERT_NE(tee, nullptr);
  EXPECT_THAT(tee->message, HasSubstr("(500005 4200000 1000)"));
  EXPECT_EQ(split_t_junctions(mesh).triangles, 1u);
  const MeshReport mended = examine_mesh(mesh);
  EXPECT_NEAR(mended.volume_m3, 1000.0, 1e-9);
  EXPECT_FALSE(mended.self_intersecting);
}

TEST(MeshReport, SeveralVerticesOnOneEdgeAreSplitInTheirOrder) {
  TriangleMesh mesh = cube({0, 0, 0}, 10.0);
  mesh.vertices.push_back({7.0, 0.0, 0.0});
  mesh.vertices.push_back({2.0, 0.0, 0.0});
  mesh.triangles[4] = {0, 9, 4};
  mesh.triangles.push_back({9, 8, 4});
  mesh.triangles.push_back({8, 1, 4});
  EXPECT_EQ(examine_mesh(mesh).t_junctions, 2u);
  split_t_junctions(mesh);
  EXPECT_NEAR(examine_mesh(mesh).volume_m3, 1000.0, 1e-9);
}

TEST(MeshReport, FacesOnOneLineAreJoinedToTheirNeighbours) {
  // As above, closed by a face whose corners lie on one line: every edge has two triangles.
  TriangleMesh mesh = utm_cube();
  mesh.vertices.push_back({500005.0, 4200000.0, 1000.0});
  mesh.triangles[4] = {0, 8, 4};
  mesh.triangles.push_back({8, 1, 4});
  mesh.triangles.push_back({0, 1, 8});
  const MeshReport report = examine_mesh(mesh);
  EXPECT_EQ(report.flat, 1u);
  ASSERT_NE(defect(report, "mesh.flat_triangle"), nullptr);
  EXPECT_EQ(defect(report, "mesh.flat_triangle")->triangles, std::vector<std::uint32_t>{13});
  EXPECT_TRUE(report.closed);
  EXPECT_FALSE(report.self_intersecting);
  EXPECT_NEAR(report.volume_m3, 1000.0, 1e-9);
}

TEST(MeshReport, DuplicatesPointedAndTurnedFacesAreSaid) {
  // Row 22: with duplicate faces a naive sum gives 1,167, with flipped ones 0 to 667.
  TriangleMesh mesh = utm_cube();
  mesh.triangles.push_back(mesh.triangles[0]);
  mesh.triangles.push_back({3, 3, 5});
  std::swap(mesh.triangles[6][0], mesh.triangles[6][1]);
  const MeshReport report = examine_mesh(mesh);
  EXPECT_NEAR(report.volume_m3, 1000.0, 1e-9);
  EXPECT_FALSE(report.oriented);
  EXPECT_EQ(report.turned, 1u);
  ASSERT_NE(defect(report, "mesh.turned"), nullptr);
  EXPECT_EQ(defect(report, "mesh.turned")->triangles, std::vector<std::uint32_t>{6});
  ASSERT_NE(defect(report, "mesh.duplicate_triangle"), nullptr);
  EXPECT_EQ(defect(report, "mesh.duplicate_triangle")->triangles, std::vector<std::uint32_t>{12});
  ASSERT_NE(defect(report, "mesh.flat_triangle"), nullptr);
  EXPECT_EQ(defect(report, "mesh.flat_triangle")->triangles, std::vector<std::uint32_t>{13});
  TriangleMesh inside_out = utm_cube();
  for (auto& t : inside_out.triangles) std::swap(t[0], t[1]);
  EXPECT_EQ(examine_mesh(inside_out).turned, 12u);
  EXPECT_TRUE(examine_mesh(inside_out).oriented);
  EXPECT_NEAR(examine_mesh(inside_out).volume_m3, 1000.0, 1e-9);
}

TEST(MeshReport, NestedShellsAreCavities) {
  // Row 22: a naive sum gives 1,125 for a cube of 1,000 with a hollow of 125.
  const MeshReport report =
      examine_mesh(joined(utm_cube(), cube({500002.0, 4200002.0, 1002.0}, 5.0)));
  EXPECT_NEAR(report.volume_m3, 875.0, 1e-9);
  EXPECT_EQ(report.components, 2u);
  EXPECT_EQ(report.cavities, 1u);
  ASSERT_NE(defect(report, "mesh.cavity"), nullptr);
  ASSERT_EQ(report.shells.size(), 2u);
  EXPECT_NEAR(report.shells[1].volume_m3, -125.0, 1e-9);
  // The centroid moves away from the hollow: (1000 x 5 - 125 x 4.5) / 875.
  EXPECT_NEAR(report.centroid[2] - 1000.0, (5000.0 - 562.5) / 875.0, 1e-9);
}

TEST(MeshReport, OverlapsAreNoVolume) {
  // Row 22: two cubes that share 125 of their 2,000 hold 1,875; their sum is never given.
  const MeshReport report = examine_mesh(joined(cube({0, 0, 0}, 10.0), cube({5, 5, 5}, 10.0)));
  EXPECT_TRUE(report.closed);
  EXPECT_TRUE(report.self_intersecting);
  EXPECT_TRUE(std::isnan(report.volume_m3));
  const MeshDefect* crossing = defect(report, "mesh.self_intersecting");
  ASSERT_NE(crossing, nullptr);
  EXPECT_EQ(crossing->severity, Severity::error);
  ASSERT_EQ(crossing->triangles.size(), 2u);
  EXPECT_LT(crossing->triangles[0], 12u);
  EXPECT_GE(crossing->triangles[1], 12u);
}

TEST(MeshReport, CrowdedEdgesOneSidedAndFlatSurfacesAreNoVolume) {
  const MeshReport crowded = examine_mesh(joined(cube({0, 0, 0}, 10.0), cube({10, 10, 0}, 10.0)));
  EXPECT_EQ(crowded.crowded_edges, 1u);
  ASSERT_NE(defect(crowded, "mesh.crowded_edge"), nullptr);
  EXPECT_EQ(defect(crowded, "mesh.crowded_edge")->triangles.size(), 3u);
  EXPECT_TRUE(std::isnan(crowded.volume_m3));
  TriangleMesh plane;  // the projective plane on six vertices
  plane.vertices = {{0, 0, 0}, {4, 0, 1}, {0, 4, 2}, {4, 4, 3}, {2, 1, 5}, {1, 2, 7}};
  plane.triangles = {{0, 1, 2}, {0, 2, 3}, {0, 3, 4}, {0, 4, 5}, {0, 5, 1},
                     {1, 2, 4}, {2, 3, 5}, {3, 4, 1}, {4, 5, 2}, {5, 1, 3}};
  EXPECT_NE(defect(examine_mesh(plane), "mesh.not_orientable"), nullptr);
  TriangleMesh sheet;
  sheet.vertices = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {1, 1, 0}};
  sheet.triangles = {{0, 1, 2}, {1, 3, 2}, {0, 2, 3}, {0, 3, 1}};
  EXPECT_NE(defect(examine_mesh(sheet), "mesh.flat"), nullptr);
  EXPECT_TRUE(std::isnan(examine_mesh(sheet).volume_m3));
}

TEST(MeshReport, BadNumbersAndIndicesAreRefused) {
  TriangleMesh mesh = utm_cube();
  mesh.vertices[2][1] = NAN;
  EXPECT_EQ(code_of([&] { (void)examine_mesh(mesh); }), "mesh.bad_vertex");
  mesh = utm_cube();
  mesh.triangles[4][2] = 99;
  EXPECT_EQ(code_of([&] { (void)examine_mesh(mesh); }), "mesh.index");
  EXPECT_EQ(code_of([&] { (void)examine_mesh({}); }), "mesh.empty");
}

TEST(SelfIntersections, AgreeWithEveryPairTried) {
  // Two spheres pushed into each other: the pairs that cross, counted by segment against triangle
  // in plain arithmetic over all pairs (places are in general position).
  const TriangleMesh mesh =
      joined(sphere({0, 0, 0}, 10.0, 3), sphere({9.123, 3.217, 1.771}, 7.3, 3));
  const auto cuts = [&](const auto& t, std::uint32_t a, std::uint32_t b) {
    const auto volume = [&](std::uint32_t i, std::uint32_t j, std::uint32_t k, std::uint32_t l) {
      std::array<std::array<double, 3>, 3> d;
      for (std::size_t c = 0; c < 3; ++c) {
        d[0][c] = mesh.vertices[j][c] - mesh.vertices[i][c];
        d[1][c] = mesh.vertices[k][c] - mesh.vertices[i][c];
        d[2][c] = mesh.vertices[l][c] - mesh.vertices[i][c];
      }
      return d[0][0] * (d[1][1] * d[2][2] - d[1][2] * d[2][1]) -
             d[0][1] * (d[1][0] * d[2][2] - d[1][2] * d[2][0]) +
             d[0][2] * (d[1][0] * d[2][1] - d[1][1] * d[2][0]);
    };
    if (volume(t[0], t[1], t[2], a) * volume(t[0], t[1], t[2], b) > 0.0) return false;
    const double s = volume(a, b, t[0], t[1]), u = volume(a, b, t[1], t[2]),
                 v = volume(a, b, t[2], t[0]);
    return (s > 0.0 && u > 0.0 && v > 0.0) || (s < 0.0 && u < 0.0 && v < 0.0);
  };
  std::size_t expected = 0;
  const std::size_t half = mesh.triangles.size() / 2;
  for (std::size_t s = 0; s < half; ++s)
    for (std::size_t t = half; t < mesh.triangles.size(); ++t) {
      const auto &a = mesh.triangles[s], &b = mesh.triangles[t];
      bool met = false;
      for (std::size_t c = 0; c < 3; ++c)
        met = met || cuts(a, b[c], b[(c + 1) % 3]) || cuts(b, a[c], a[(c + 1) % 3]);
      expected += met ? 1 : 0;
    }
  const SelfIntersections found = self_intersections(mesh, 5);
  EXPECT_GT(expected, 20u);
  EXPECT_EQ(found.count, expected);
  ASSERT_EQ(found.pairs.size(), 5u);
  EXPECT_TRUE(std::is_sorted(found.pairs.begin(), found.pairs.end()));
  for (const auto& [a, b] : found.pairs) EXPECT_LT(a, b);
}

TEST(SelfIntersections, NeighboursThatFoldOverAreFound) {
  TriangleMesh fold;
  fold.vertices = {{0, 0, 0}, {1, 0, 0}, {0.3, 1, 0}, {0.6, 0.5, 0}};
  fold.triangles = {{0, 1, 2}, {1, 0, 3}};
  EXPECT_EQ(self_intersections(fold).count, 1u);
  fold.vertices[3] = {0.6, -0.5, 0};
  EXPECT_EQ(self_intersections(fold).count, 0u);
  fold.vertices[3] = {0.6, 0.5, 1e-9};
  EXPECT_EQ(self_intersections(fold).count, 0u);
  EXPECT_EQ(self_intersections(sphere({500000, 4200000, 0}, 100.0, 4)).count, 0u);
}

TEST(MeshReport, ManyThousandShellsAreNotQuadratic) {
  // 8,000 cubes, each with a hollow: 192,000 triangles in 16,000 shells.
  TriangleMesh mesh;
  for (int i = 0; i < 8000; ++i) {
    const std::array<double, 3> corner{500000.0 + 20.0 * (i % 20), 4200000.0 + 20.0 * (i / 20 % 20),
                                       20.0 * (i / 400)};
    for (const double inset : {0.0, 4.0}) {
      const auto offset = static_cast<std::uint32_t>(mesh.vertices.size());
      const TriangleMesh one =
          cube({corner[0] + inset, corner[1] + inset, corner[2] + inset}, 10.0 - 2.0 * inset);
      mesh.vertices.insert(mesh.vertices.end(), one.vertices.begin(), one.vertices.end());
      for (auto t : one.triangles) {
        for (auto& v : t) v += offset;
        mesh.triangles.push_back(t);
      }
    }
  }
  const MeshReport report = examine_mesh(mesh);
  EXPECT_EQ(report.components, 16000u);
  EXPECT_EQ(report.cavities, 8000u);
  EXPECT_NEAR(report.volume_m3, 8000.0 * (1000.0 - 8.0), 1e-6);
}

}  // namespace
}  // namespace lode
