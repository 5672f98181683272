// Volumes of TINs against closed forms: pyramids, frusta, planes that cut, zones, folds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "libgeo/deposit/surface_volume.h"
#include "libgeo/geometry/measure.h"
#include "tests/core/code_of.h"
#include "tests/deposit/height_grid.h"
#include "tests/geometry/solids.h"

namespace lode {
namespace {

// Over [-1, 1] x [-1, 1] about a place, 1 high in the middle.
TriangleMesh pyramid(double x = 0.0, double y = 0.0) {
  TriangleMesh mesh;
  mesh.name = "pyramid";
  mesh.vertices = {
      {x - 1, y - 1, 0}, {x + 1, y - 1, 0}, {x + 1, y + 1, 0}, {x - 1, y + 1, 0}, {x, y, 1}};
  mesh.triangles = {{0, 1, 4}, {1, 2, 4}, {2, 3, 4}, {3, 0, 4}};
  return mesh;
}

// A plane over a grid of n x n squares that are split in two, over [-2, 2] x [-2, 2].
template <class Height>
TriangleMesh sheet(std::uint32_t n, Height height) {
  TriangleMesh mesh;
  mesh.name = "sheet";
  for (std::uint32_t j = 0; j <= n; ++j)
    for (std::uint32_t i = 0; i <= n; ++i) {
      const double x = -2.0 + 4.0 * i / n, y = -2.0 + 4.0 * j / n;
      mesh.vertices.push_back({x, y, height(x, y)});
    }
  for (std::uint32_t j = 0; j < n; ++j)
    for (std::uint32_t i = 0; i < n; ++i) {
      const std::uint32_t a = j * (n + 1) + i, b = a + 1, d = a + n + 1, e = d + 1;
      mesh.triangles.push_back({a, b, d});
      mesh.triangles.push_back({b, d, e});  // wound the other way: no matter
    }
  return mesh;
}

Surface of(const TriangleMesh& mesh, const Crs& crs = parse_crs("local:m")) {
  return {.tin = &mesh, .crs = crs, .name = mesh.name};
}

TEST(SurfaceTin, PyramidOverALevel) {
  const TriangleMesh mesh = pyramid();
  const SurfaceResult r = surface_volume(of(mesh), {.levels_m = {0.0, 0.25, 0.5, 2.0}});
  for (const SurfaceVolume& row : r.rows) {
    const double h = std::min(row.level_m, 1.0);
    const double cut = 4.0 / 3.0 * std::pow(1.0 - h, 3);
    EXPECT_NEAR(row.cut_m3, cut, 1e-15);
    EXPECT_NEAR(row.fill_m3, 4.0 * row.level_m - 4.0 / 3.0 + cut, 1e-14);
    EXPECT_NEAR(row.above_m2, 4.0 * (1.0 - h) * (1.0 - h), 1e-14);
    EXPECT_EQ(row.area_m2, 4.0);
    EXPECT_EQ(row.nodata_pct, 0.0);
  }
}

TEST(SurfaceTin, PyramidOverATinThatCutsIt) {
  const TriangleMesh mesh = pyramid(), flat = sheet(7, [](double, double) { return 0.25; });
  const SurfaceVolume v = surface_volume(of(mesh), {.surface = of(flat)}).rows.at(0);
  const double cut = 4.0 / 3.0 * 0.75 * 0.75 * 0.75;
  EXPECT_NEAR(v.cut_m3, cut, 1e-14);
  EXPECT_NEAR(v.fill_m3, 1.0 - 4.0 / 3.0 + cut, 1e-14);
  EXPECT_NEAR(v.area_m2, 4.0, 1e-14);
  // The other way round the sheet has no base beyond the pyramid.
  const SurfaceVolume back = surface_volume(of(flat), {.surface = of(mesh)}).rows.at(0);
  EXPECT_NEAR(back.fill_m3, cut, 1e-14);
  EXPECT_NEAR(back.nodata_pct, 75.0, 1e-12);
}

TEST(SurfaceTin, TiltedSheetsOfOtherTrianglesCutAsMuchAsTheyFill) {
  const TriangleMesh a = sheet(5, [](double x, double y) { return 0.3 * x + 0.1 * y; });
  const TriangleMesh b = sheet(8, [](double x, double y) { return -0.2 * x + 0.1 * y; });
  const SurfaceVolume v = surface_volume(of(a), {.surface = of(b)}).rows.at(0);
  // 0.5 |x| over [-2, 2]^2: half of 0.5 x 4 x 4.
  EXPECT_NEAR(v.cut_m3, 4.0, 1e-13);
  EXPECT_NEAR(v.fill_m3, 4.0, 1e-13);
}

TEST(SurfaceTin, FrustumOfACone) {
  // A polygon of n sides for the circle: h / 3 (A + a + sqrt(A a)) above the foot, exactly.
  const std::uint32_t n = 40;
  const double big = 50.0, small = 20.0, h = 15.0;
  TriangleMesh mesh;
  mesh.name = "frustum";
  for (const auto& [radius, z] : {std::pair{big, 100.0}, std::pair{small, 100.0 + h}})
    for (std::uint32_t i = 0; i < n; ++i) {
      const double angle = 2.0 * std::numbers::pi * i / n;
      mesh.vertices.push_back({4e5 + radius * std::cos(angle), 5e6 + radius * std::sin(angle), z});
    }
  mesh.vertices.push_back({4e5, 5e6, 100.0 + h});
  for (std::uint32_t i = 0; i < n; ++i) {
    const std::uint32_t j = (i + 1) % n;
    mesh.triangles.push_back({i, j, n + i});
    mesh.triangles.push_back({j, n + j, n + i});
    mesh.triangles.push_back({n + i, n + j, 2 * n});
  }
  const double unit = n / 2.0 * std::sin(2.0 * std::numbers::pi / n);
  const double expected = unit * h / 3.0 * (big * big + small * small + big * small);
  const SurfaceVolume v = surface_volume(of(mesh), {.levels_m = {100.0}}).rows.at(0);
  EXPECT_NEAR(v.cut_m3 / expected, 1.0, 1e-9);  // vertices at 5e6 m are rounded to 1e-9
  EXPECT_EQ(v.fill_m3, 0.0);
}

TEST(SurfaceTin, ZonesAndTrueAreas) {
  const TriangleMesh mesh = pyramid();
  const std::vector<Geometry> zones{
      polygon_geometry({{0, 0}, {2, 0}, {2, 2}, {0, 0}}),
      polygon_geometry({{-1, -1}, {0, -1}, {0, 1}, {-1, 1}, {-1, -1}})};
  const SurfaceResult r = surface_volume(of(mesh), {.levels_m = {0.0}}, {&zones, {"a", "b"}});
  EXPECT_NEAR(r.rows[0].cut_m3, 4.0 / 3.0 / 8.0, 1e-14);
  EXPECT_NEAR(r.rows[0].nodata_pct, 75.0, 1e-12);
  EXPECT_NEAR(r.rows[1].cut_m3, 4.0 / 6.0, 1e-14);
  EXPECT_EQ(r.rows[1].nodata_pct, 0.0);
  // A flat sheet in UTM holds its true area times its height.
  const Crs utm = parse_crs("EPSG:32629");
  TriangleMesh wide = sheet(6, [](double, double) { return 3.0; });
  for (auto& v : wide.vertices) v = {700000.0 + 5000.0 * v[0], 4e6 + 5000.0 * v[1], v[2]};
  const Geometry square = polygon_geometry({{690000, 3990000},
                                            {710000, 3990000},
                                            {710000, 4010000},
                                            {690000, 4010000},
                                            {690000, 3990000}});
  const SurfaceVolume v = surface_volume(of(wide, utm), {.levels_m = {1.0}}).rows.at(0);
  EXPECT_NEAR(v.cut_m3 / (2.0 * area_m2(square, utm, Edges::straight)), 1.0, 3e-9);
  EXPECT_NEAR(v.planar_cut_m3, 8e8, 1e-3);
}

TEST(SurfaceTin, SameBitsForAnyNumberOfThreads) {
  const TriangleMesh a = sheet(31, [](double x, double y) { return std::sin(3 * x) * y; });
  const TriangleMesh b = sheet(23, [](double x, double y) { return std::cos(2 * y) * x; });
  const SurfaceVolume one = surface_volume(of(a), {.surface = of(b)}, {}, {.jobs = 1}).rows.at(0);
  const SurfaceVolume four = surface_volume(of(a), {.surface = of(b)}, {}, {.jobs = 4}).rows.at(0);
  EXPECT_EQ(one.cut_m3, four.cut_m3);
  EXPECT_EQ(one.fill_m3, four.fill_m3);
  const SurfaceVolume back = surface_volume(of(b), {.surface = of(a)}).rows.at(0);
  EXPECT_NEAR(back.fill_m3, one.cut_m3, 1e-13);
}

TEST(SurfaceTin, FoldsAreRefusedAndUprightFacesAddNothing) {
  const auto code = [](const TriangleMesh& mesh, const Crs& crs) {
    return code_of([&] { static_cast<void>(surface_volume(of(mesh, crs), {.levels_m = {0.0}})); });
  };
  const Crs local = parse_crs("local:m");
  EXPECT_EQ(code(cube({0, 0, 0}, 1.0), local), "surface.folded");
  EXPECT_EQ(code(joined(pyramid(), pyramid(1.5, 0.5)), local), "surface.folded");
  EXPECT_EQ(code(joined(pyramid(), pyramid(2.0, 0.0)), local), "no error");
  EXPECT_EQ(code(pyramid(), wgs84()), "surface.geographic");
  EXPECT_EQ(code({}, local), "mesh.empty");
  TriangleMesh wall = pyramid();
  wall.vertices.push_back({-1, -1, 5});
  wall.triangles.push_back({0, 1, 5});
  const SurfaceResult r = surface_volume(of(wall), {.levels_m = {0.0}});
  EXPECT_NEAR(r.rows.at(0).cut_m3, 4.0 / 3.0, 1e-14);
  EXPECT_TRUE(r.findings.has("surface.upright"));
  const HeightGrid grid(2, 2, {0, 1, 0, 2, 0, -1}, [](double, double) { return 1.0; });
  const TriangleMesh mesh = pyramid();
  EXPECT_EQ(
      code_of([&] { static_cast<void>(surface_volume({.raster = &grid}, {.surface = of(mesh)})); }),
      "surface.mixed");
}

TEST(SurfaceTin, HeightsThatCannotBeAreRefused) {
  TriangleMesh mesh = pyramid();
  mesh.vertices[4][2] = 1e20;
  EXPECT_EQ(code_of([&] { (void)surface_volume(of(mesh), {.levels_m = {0.0}}); }),
            "surface.height");
}

}  // namespace
}  // namespace lode
