// Triangulations in plan against closed forms: areas, heights along breaklines, one height a place.
#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/geometry/tin.h"

namespace lode {
namespace {

using Vec = std::array<double, 3>;

double area_of(const PlanTriangles& plan) {
  double area = 0.0;
  for (const auto& [a, b, c] : plan.triangles) {
    const Point p = plan.vertices[a], q = plan.vertices[b], r = plan.vertices[c];
    const double twice = (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
    EXPECT_GT(twice, 0.0);
    area += twice / 2.0;
  }
  return area;
}

Path square(double x, double y, double side) {
  return {{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}, {x, y}};
}

// The integral of the surface over plan.
double volume_under(const TriangleMesh& mesh) {
  double volume = 0.0;
  for (const auto& [a, b, c] : mesh.triangles) {
    const Vec &p = mesh.vertices[a], &q = mesh.vertices[b], &r = mesh.vertices[c];
    const double twice = (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]);
    EXPECT_GT(twice, 0.0);
    volume += twice / 6.0 * (p[2] + q[2] + r[2]);
  }
  return volume;
}

std::string code_of(const std::vector<Vec>& points, const std::vector<std::vector<Vec>>& lines = {},
                    TinOptions options = {}) {
  Findings findings;
  try {
    (void)tin_of(points, lines, options, findings);
  } catch (const Error& error) {
    return error.code;
  }
  return "none";
}

TEST(Tin, PolygonsWithHolesPartsAndAnIslandInAHole) {
  Geometry g;
  g.kind = GeometryKind::polygon;
  g.polygons = {
      {square(0, 0, 10), {square(2, 2, 6)}}, {square(4, 4, 2), {}}, {square(20, 0, 3), {}}};
  EXPECT_NEAR(area_of(triangulate_polygons(g)), 100 - 36 + 4 + 9, 1e-12);
}

TEST(Tin, OverlappingPolygonsCountOnce) {
  Geometry g;
  g.kind = GeometryKind::polygon;
  g.polygons = {{square(0, 0, 10), {}}, {square(5, 5, 10), {}}};
  EXPECT_NEAR(area_of(triangulate_polygons(g)), 175.0, 1e-12);
}

TEST(Tin, AnEdgeIsCutWhereAnotherRingTouchesIt) {
  Geometry g;
  g.kind = GeometryKind::polygon;
  // The hole's corner lies on the lower side, which has no vertex there.
  g.polygons = {{square(0, 0, 10), {{{5, 0}, {4, 4}, {6, 4}, {5, 0}}}}};
  const PlanTriangles plan = triangulate_polygons(g);
  EXPECT_NEAR(area_of(plan), 100.0 - 4.0, 1e-12);
  for (const auto& t : plan.triangles)
    for (int i = 0; i < 3; ++i) {
      const Point a = plan.vertices[t[i]], b = plan.vertices[t[(i + 1) % 3]];
      EXPECT_FALSE(a.y == 0.0 && b.y == 0.0 && std::abs(a.x - b.x) == 10.0);
    }
}

// A ridge from (0,5) to (10,5), 8 high over a square at height 0: a roof with V = 10*10*8/2. The
// breakline makes it so; Delaunay triangles of the six points alone need not follow it.
TEST(Tin, BreaklinesAreFollowed) {
  const std::vector<Vec> corners{{0, 0, 0},  {10, 0, 0},  {10, 10, 0},
                                 {0, 10, 0}, {3, 2, 3.2}, {7, 8, 3.2}};
  for (const double shift : {0.0, 4.0e6}) {
    auto points = corners;
    std::vector<Vec> ridge{{0, 5, 8}, {10, 5, 8}};
    for (auto* list : {&points, &ridge})
      for (Vec& v : *list) v[0] += shift, v[1] += shift;
    Findings findings;
    const TriangleMesh mesh = tin_of(points, {ridge}, {}, findings);
    EXPECT_NEAR(volume_under(mesh), 400.0, 1e-9);
    EXPECT_TRUE(findings.empty());
  }
}

TEST(Tin, LinesThatCrossAtOneHeightGetAVertexThere) {
  // Two diagonals of a pyramid of height 6 over a square of side 6: V = 36*6/3.
  Findings findings;
  const TriangleMesh mesh =
      tin_of({{0, 0, 0}, {6, 0, 0}, {6, 6, 0}, {0, 6, 0}},
             {{{0, 3, 0}, {3, 3, 6}, {6, 3, 0}}, {{3, 0, 0}, {3, 6, 12}}}, {}, findings);
  EXPECT_EQ(mesh.triangles.size(), 8u);
  const TriangleMesh crossed =
      tin_of({{0, 0, 0}, {6, 0, 0}, {6, 6, 0}, {0, 6, 0}},
             {{{0, 2, 3}, {6, 2, 3}}, {{3, 0, 3}, {3, 6, 3}}}, {}, findings);
  EXPECT_TRUE(std::any_of(crossed.vertices.begin(), crossed.vertices.end(), [](const Vec& v) {
    return v == Vec{3, 2, 3};
  }));
  EXPECT_EQ(code_of({}, {{{0, 2, 3}, {6, 2, 3}}, {{3, 0, 4}, {3, 6, 4}}}), "tin.two_heights");
  EXPECT_EQ(code_of({}, {{{0, 2, 3}, {6, 2, 3}}, {{3, 2, 4}, {3, 6, 4}}}), "tin.two_heights");
  EXPECT_EQ(code_of({{3, 2, 4}, {3, 6, 3}}, {{{0, 2, 3}, {6, 2, 3}}}), "tin.two_heights");
}

TEST(Tin, PointsAtOnePlace) {
  const std::vector<Vec> three{{0, 0, 1}, {4, 0, 1}, {0, 4, 1}};
  auto same = three;
  same.push_back(three[0]);
  Findings findings;
  EXPECT_NEAR(volume_under(tin_of(same, {}, {}, findings)), 8.0, 1e-12);
  EXPECT_TRUE(findings.has("tin.same_place"));
  EXPECT_EQ(findings.worst(), Severity::note);
  same.back()[2] = 4.0;
  EXPECT_EQ(code_of(same), "tin.two_heights");
  TinOptions mean;
  mean.same_place = TinOptions::SamePlace::mean;
  Findings more;
  EXPECT_NEAR(volume_under(tin_of(same, {}, mean, more)), 8.0 * (2.5 + 1 + 1) / 3.0, 1e-12);
  EXPECT_EQ(more.worst(), Severity::warning);
}

TEST(Tin, Refusals) {
  EXPECT_EQ(code_of({{0, 0, 0}, {1, 1, 1}}), "tin.too_few");
  EXPECT_EQ(code_of({{0, 0, 0}, {1, 1, 1}, {2, 2, 5}, {7, 7, 0}}), "tin.too_few");
  EXPECT_EQ(code_of({}), "tin.too_few");
  EXPECT_EQ(code_of({{0, 0, 0}, {1, 1, 1}, {2, std::nan(""), 5}}), "mesh.bad_vertex");
}

// A grid of points with a plane's heights, many lines across it at random angles: the plane.
TEST(Tin, ManyLinesOnAPlaneKeepIt) {
  std::vector<Vec> points;
  std::vector<std::vector<Vec>> lines;
  const auto plane = [](double x, double y) { return 0.25 * x - 0.5 * y + 3.0; };
  for (const double x : {0.0, 100.0})
    for (const double y : {0.0, 100.0}) points.push_back({x, y, plane(x, y)});
  for (int i = 0; i < 60; ++i) {
    const double a = std::fmod(i * 37.31, 100.0), b = std::fmod(i * 71.77 + 5.0, 100.0);
    lines.push_back({{a, 0.0, plane(a, 0.0)}, {b, 100.0, plane(b, 100.0)}});
  }
  Findings findings;
  const TriangleMesh mesh = tin_of(points, lines, {}, findings);
  EXPECT_NEAR(volume_under(mesh), 1e4 * plane(50.0, 50.0), 1e-6);
  EXPECT_GT(mesh.triangles.size(), 1000u);
}

}  // namespace
}  // namespace lode
