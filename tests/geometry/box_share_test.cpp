// Exact shares of boxes: closed forms, sums against volumes, turned grids, far coordinates.
#include "libgeo/geometry/box_share.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "libgeo/core/random.h"
#include "libgeo/core/sum.h"
#include "libgeo/geometry/overlay.h"
#include "tests/core/code_of.h"
#include "tests/geometry/solids.h"

namespace lode {
namespace {

using Form = ColumnCutter::Form;

double sum_of_shares(const BlockGrid& grid, const TriangleMesh& mesh, int jobs = 1) {
  const ColumnCutter cutter(mesh, Form::solid, grid);
  const GridShares shares(grid, cutter, jobs);
  Sum sum;
  for (std::size_t b = 0; b < grid.size(); ++b) {
    const auto [i, j, k] = grid.ijk(b);
    sum += shares.at(i, j, k);
  }
  return sum.value() * grid.block_m3();
}

TEST(BoxShare, TetrahedronCutByCubes) {
  // x + y + z <= 2 in the first octant: of the unit cube at the origin 5/6 is inside; of its
  // neighbours 1/6, by symmetry.
  TriangleMesh mesh;
  mesh.name = "tetrahedron";
  mesh.vertices = {{0, 0, 0}, {2, 0, 0}, {0, 2, 0}, {0, 0, 2}};
  mesh.triangles = {{0, 2, 1}, {0, 1, 3}, {0, 3, 2}, {1, 2, 3}};
  BlockGrid grid;
  grid.count = {3, 3, 3};
  const ColumnCutter cutter(mesh, Form::solid, grid);
  const GridShares shares(grid, cutter, 1);
  EXPECT_NEAR(shares.at(0, 0, 0), 5.0 / 6.0, 1e-15);
  EXPECT_NEAR(shares.at(1, 0, 0), 1.0 / 6.0, 1e-15);
  EXPECT_NEAR(shares.at(0, 1, 0), 1.0 / 6.0, 1e-15);
  EXPECT_NEAR(shares.at(0, 0, 1), 1.0 / 6.0, 1e-15);
  EXPECT_EQ(shares.at(1, 1, 0), 0.0);
  EXPECT_EQ(shares.at(2, 2, 2), 0.0);
  EXPECT_NEAR(cutter.share({0.0, 0.0, 1.0, 1.0}, 0.0, 1.0), 5.0 / 6.0, 1e-15);
}

TEST(BoxShare, CubesOnAndOffTheGrid) {
  BlockGrid grid;
  grid.count = {6, 6, 6};
  // On the grid's own planes: whole blocks, exactly.
  const ColumnCutter on(cube({1, 1, 1}, 3.0), Form::solid, grid);
  const GridShares whole(grid, on, 1);
  for (std::size_t b = 0; b < grid.size(); ++b) {
    const auto [i, j, k] = grid.ijk(b);
    const bool inside = i >= 1 && i < 4 && j >= 1 && j < 4 && k >= 1 && k < 4;
    EXPECT_EQ(whole.at(i, j, k), inside ? 1.0 : 0.0) << b;
  }
  const ColumnCutter off(cube({1.25, 1.5, 1.75}, 3.0), Form::solid, grid);
  const GridShares part(grid, off, 1);
  EXPECT_NEAR(part.at(1, 1, 1), 0.75 * 0.5 * 0.25, 1e-15);
  EXPECT_NEAR(part.at(4, 4, 4), 0.25 * 0.5 * 0.75, 1e-15);
  EXPECT_EQ(part.at(2, 2, 2), 1.0);
}

TEST(BoxShare, SharesOfASphereAddUpToItsVolume) {
  // Far from the origin, on grids that stand askew to it, fine and coarse.
  for (const double turn : {0.0, 37.5, 90.0})
    for (const double spacing : {3.0, 7.7, 260.0}) {
      TriangleMesh mesh = sphere({512345.6, 6123456.7, 321.0}, 100.0, 5);
      Findings findings;
      make_solid(mesh, findings);
      BlockGrid grid;
      grid.origin = {512345.6, 6123456.7, 190.0};
      grid.rotation_deg = turn;
      grid.origin = from_grid(grid, {-130.0, -130.0, 0.0});
      grid.spacing = {spacing, spacing * 0.9, spacing / 2};
      for (std::size_t axis = 0; axis < 3; ++axis)
        grid.count[axis] = static_cast<std::size_t>(std::ceil(262.0 / grid.spacing[axis]));
      const double volume = signed_volume_m3(mesh);
      EXPECT_NEAR(sum_of_shares(grid, mesh) / volume, 1.0, 1e-12) << turn << ' ' << spacing;
    }
  // The faceted sphere itself nears 4/3 pi r3.
  EXPECT_NEAR(signed_volume_m3(sphere({0, 0, 0}, 100.0, 6)) / 4188790.2047863905, 1.0, 1e-3);
}

TEST(BoxShare, BlocksThatTheSphereDoesNotCutAreWholeOrEmpty) {
  TriangleMesh mesh = sphere({500000.0, 4000000.0, 0.0}, 50.0, 4);
  BlockGrid grid;
  grid.origin = {499940.0, 3999940.0, -60.0};
  grid.spacing = {4.0, 4.0, 4.0};
  grid.count = {30, 30, 30};
  const ColumnCutter cutter(mesh, Form::solid, grid);
  const GridShares shares(grid, cutter, 2);
  for (std::size_t b = 0; b < grid.size(); ++b) {
    const auto [i, j, k] = grid.ijk(b);
    const auto c = centre_of(grid, b);
    const double from = std::hypot(c[0] - 500000.0, c[1] - 4000000.0, c[2]);
    if (from > 50.0 + 3.5) {
      EXPECT_EQ(shares.at(i, j, k), 0.0) << b;
    }
    if (from < 49.0 - 3.5) {
      EXPECT_EQ(shares.at(i, j, k), 1.0) << b;
    }
  }
}

TEST(BoxShare, ACavityIsTakenOff) {
  TriangleMesh mesh = joined(cube({0, 0, 0}, 10.0), cube({2.5, 2.5, 2.5}, 5.0));
  Findings findings;
  make_solid(mesh, findings);
  BlockGrid grid;
  grid.spacing = {10.0, 10.0, 10.0};
  const ColumnCutter cutter(mesh, Form::solid, grid);
  EXPECT_NEAR(cutter.share({0, 0, 10, 10}, 0, 10), 0.875, 1e-15);
  EXPECT_EQ(cutter.share({3, 3, 7, 7}, 3, 7), 0.0);
}

TEST(BoxShare, PartsThatOverlapAreRefused) {
  const TriangleMesh mesh = joined(cube({0, 0, 0}, 10.0), cube({5, 5, 5}, 10.0));
  const ColumnCutter cutter(mesh, Form::solid, BlockGrid{});
  EXPECT_EQ(code_of([&] { (void)cutter.share({6, 6, 8, 8}, 6, 8); }), "mesh.overlap");
}

TEST(BoxShare, BelowATiltedSurface) {
  // The plane z = 2 + x / 2 over a square: half of what lies between 2 and 3 over x 0 to 2 is
  // below.
  TriangleMesh mesh;
  mesh.name = "tin";
  mesh.vertices = {{0, 0, 2}, {4, 0, 4}, {4, 4, 4}, {0, 4, 2}};
  mesh.triangles = {{0, 1, 2}, {0, 3, 2}};  // wound either way
  const ColumnCutter cutter(mesh, Form::surface, BlockGrid{});
  double covered = 0.0;
  EXPECT_NEAR(cutter.share({0, 0, 2, 2}, 2, 3, &covered), 0.5, 1e-15);
  EXPECT_EQ(covered, 1.0);
  EXPECT_EQ(cutter.share({0, 0, 2, 2}, 0, 2), 1.0);
  EXPECT_EQ(cutter.share({0, 0, 2, 2}, 4, 5), 0.0);
  // Half of the footprint lies beyond its edge.
  EXPECT_NEAR(cutter.share({2, 0, 6, 4}, 0, 2, &covered), 0.5, 1e-15);
  EXPECT_NEAR(covered, 0.5, 1e-15);
}

Geometry l_shape() {
  Geometry geometry = polygon_geometry({{0, 0}, {6, 0}, {6, 2}, {2, 2}, {2, 6}, {0, 6}, {0, 0}});
  geometry.polygons[0].holes.push_back(
      {{0.5, 0.5}, {0.5, 1.5}, {1.5, 1.5}, {1.5, 0.5}, {0.5, 0.5}});
  return geometry;
}

TEST(BoxShare, PolygonsWithCornersAndHoles) {
  const PlanCutter cutter(l_shape(), BlockGrid{});
  EXPECT_NEAR(cutter.share({0, 0, 2, 2}), 0.75, 1e-15);
  EXPECT_NEAR(cutter.share({1, 1, 3, 3}), (4.0 - 1.0 - 0.25) / 4.0, 1e-15);
  EXPECT_EQ(cutter.share({3, 3, 5, 5}), 0.0);
  EXPECT_EQ(cutter.share({3, 0, 5, 2}), 1.0);
  EXPECT_NEAR(cutter.share({-5, -5, 10, 10}), (6 * 2 + 2 * 4 - 1) / 225.0, 1e-15);
}

TEST(BoxShare, RandomPolygonsAgreeWithGeos) {
  const Random random{7, 1};
  std::uint64_t n = 0;
  for (int trial = 0; trial < 40; ++trial) {
    Path ring;
    const int corners = 5 + trial % 20;
    for (int c = 0; c < corners; ++c) {
      const double angle = 2.0 * std::numbers::pi * c / corners;
      const double radius = 2.0 + 8.0 * random.uniform(n++);
      ring.push_back({700000.0 + radius * std::cos(angle), 5e6 + radius * std::sin(angle)});
    }
    ring.push_back(ring.front());
    const Geometry star = polygon_geometry(ring);
    BlockGrid axes;
    axes.origin = {700000.0, 5e6, 0.0};
    const PlanCutter cutter(star, axes);
    const double x = 8.0 * random.uniform(n++) - 6.0, y = 8.0 * random.uniform(n++) - 6.0;
    const Footprint place{x, y, x + 3.0, y + 2.0};
    const Geometry box = polygon_geometry({{700000.0 + x, 5e6 + y},
                                           {700000.0 + x + 3.0, 5e6 + y},
                                           {700000.0 + x + 3.0, 5e6 + y + 2.0},
                                           {700000.0 + x, 5e6 + y + 2.0},
                                           {700000.0 + x, 5e6 + y}});
    double area = 0.0;
    for (const Polygon& polygon : intersection(star, box).polygons)
      for (std::size_t i = 1; i + 1 < polygon.shell.size(); ++i) {
        const Point &o = polygon.shell[0], &a = polygon.shell[i], &b = polygon.shell[i + 1];
        area += ((a.x - o.x) * (b.y - o.y) - (b.x - o.x) * (a.y - o.y)) / 2.0;
      }
    EXPECT_NEAR(cutter.share(place) * 6.0, std::abs(area), 1e-7) << trial;
  }
}

TEST(BoxShare, SolidAndPolygonTogether) {
  // A wedge z <= x over 0 to 4, within the L of the polygon: closed forms.
  TriangleMesh wedge;
  wedge.name = "wedge";
  wedge.vertices = {{0, 0, 0}, {4, 0, 0}, {4, 4, 0}, {0, 4, 0}, {4, 0, 4}, {4, 4, 4}};
  wedge.triangles = {{0, 2, 1}, {0, 3, 2}, {1, 2, 5}, {1, 5, 4},
                     {0, 1, 4}, {3, 5, 2}, {0, 4, 5}, {0, 5, 3}};
  Findings findings;
  make_solid(wedge, findings);
  EXPECT_NEAR(signed_volume_m3(wedge), 32.0, 1e-12);
  const ColumnCutter cutter(wedge, Form::solid, BlockGrid{});
  // A triangle with the diagonal x + y = 4: integral of x over it is 64 / 6.
  const PlanCutter corner(polygon_geometry({{0, 0}, {4, 0}, {0, 4}, {0, 0}}), BlockGrid{});
  EXPECT_NEAR(cutter.joint_share({0, 0, 4, 4}, 0, 4, corner) * 64.0, 64.0 / 6.0, 1e-12);
  const PlanCutter shape(l_shape(), BlockGrid{});
  // x over the L within 4 x 4 is 2 * 8 + 2 * 2 = 20, less 1 m2 at a mean of 1.
  EXPECT_NEAR(cutter.joint_share({0, 0, 4, 4}, 0, 4, shape) * 64.0, 2 * 8.0 + 2 * 2.0 - 1.0, 1e-12);
  EXPECT_NEAR(cutter.share({0, 0, 4, 4}, 0, 4) * 64.0, 32.0, 1e-12);
}

TEST(BoxShare, SameBitsOnAnyNumberOfThreads) {
  const TriangleMesh mesh = sphere({0, 0, 0}, 40.0, 4);
  BlockGrid grid;
  grid.origin = {-50, -50, -50};
  grid.spacing = {3, 3, 3};
  grid.count = {34, 34, 34};
  const ColumnCutter cutter(mesh, Form::solid, grid);
  const GridShares one(grid, cutter, 1), three(grid, cutter, 3);
  for (std::size_t b = 0; b < grid.size(); ++b) {
    const auto [i, j, k] = grid.ijk(b);
    ASSERT_EQ(one.at(i, j, k), three.at(i, j, k));
  }
}

}  // namespace
}  // namespace lode
