// Net volumes of solids: closed forms, and what each constraint takes adds up.
#include "libgeo/deposit/net_volume.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "tests/geometry/solids.h"

namespace lode {
namespace {

using Form = ColumnCutter::Form;
using Keep = JointCutter::Keep;

TriangleMesh level(double z, double slope) {
  TriangleMesh mesh;
  mesh.name = "level";
  mesh.vertices = {{-99, -99, z - 99 * slope},
                   {99, -99, z + 99 * slope},
                   {99, 99, z + 99 * slope},
                   {-99, 99, z - 99 * slope}};
  mesh.triangles = {{0, 1, 2}, {0, 2, 3}};
  return mesh;
}

TEST(NetVolume, CubeUnderASlopeBesideAStrip) {
  const ColumnCutter body(cube({0, 0, 0}, 10.0), Form::solid, BlockGrid{});
  // Below z = x; in the western 8 m; outside y < 2.
  const ColumnCutter ground(level(0.0, 1.0), Form::surface, BlockGrid{});
  const PlanCutter west(polygon_geometry({{-9, -9}, {8, -9}, {8, 19}, {-9, 19}, {-9, -9}}),
                        BlockGrid{});
  const PlanCutter south(polygon_geometry({{-9, -9}, {19, -9}, {19, 2}, {-9, 2}, {-9, -9}}),
                         BlockGrid{});
  JointCutter cutter;
  cutter.add(body, Keep::inside);
  cutter.add(west, Keep::inside);
  cutter.add(south, Keep::outside);
  cutter.add(ground, Keep::inside);
  const NetVolume net = net_volume(cutter, body.bounds(), 12, 2);
  EXPECT_NEAR(net.gross_m3, 1000.0, 1e-10);
  EXPECT_NEAR(net.net_m3, 32.0 * 8.0, 1e-10);
  EXPECT_NEAR(net.alone_m3[0], 200.0, 1e-10);
  EXPECT_NEAR(net.alone_m3[1], 200.0, 1e-10);
  EXPECT_NEAR(net.alone_m3[2], 500.0, 1e-10);
  EXPECT_NEAR(net.in_order_m3[1], 160.0, 1e-10);
  EXPECT_NEAR(net.in_order_m3[2], 640.0 - 256.0, 1e-10);
  // Without the west: 50 m2 x 8 m. Without the strip: 32 m2 x 10 m. Without the ground: 640.
  EXPECT_NEAR(net.marginal_m3[0], 400.0 - 256.0, 1e-10);
  EXPECT_NEAR(net.marginal_m3[1], 320.0 - 256.0, 1e-10);
  EXPECT_NEAR(net.marginal_m3[2], 640.0 - 256.0, 1e-10);
  EXPECT_NEAR(net.gross_m3 - net.in_order_m3[0] - net.in_order_m3[1] - net.in_order_m3[2],
              net.net_m3, 1e-11);
  EXPECT_EQ(net.uncovered, 0U);
}

TEST(NetVolume, SphereWithoutASphereInIt) {
  TriangleMesh ball = sphere({0, 0, 0}, 40.0, 5), core = sphere({3, 2, 1}, 20.0, 4);
  const ColumnCutter body(ball, Form::solid, BlockGrid{}), hole(core, Form::solid, BlockGrid{});
  JointCutter cutter;
  cutter.add(body, Keep::inside);
  cutter.add(hole, Keep::outside);
  const NetVolume one = net_volume(cutter, body.bounds(), ball.triangles.size(), 1);
  const double whole = signed_volume_m3(ball), inner = signed_volume_m3(core);
  EXPECT_NEAR(one.gross_m3 / whole, 1.0, 1e-12);
  EXPECT_NEAR(one.alone_m3[0] / inner, 1.0, 1e-11);
  EXPECT_NEAR(one.net_m3 / (whole - inner), 1.0, 1e-11);
  const NetVolume three = net_volume(cutter, body.bounds(), ball.triangles.size(), 3);
  EXPECT_EQ(one.net_m3, three.net_m3);
  EXPECT_EQ(one.alone_m3, three.alone_m3);
}

TEST(NetVolume, WhereTheGroundEndsNothingIsKept) {
  const ColumnCutter body(cube({90, 0, 0}, 18.0), Form::solid, BlockGrid{});
  const ColumnCutter ground(level(500.0, 0.0), Form::surface, BlockGrid{});
  JointCutter cutter;
  cutter.add(body, Keep::inside);
  cutter.add(ground, Keep::inside);
  const NetVolume net = net_volume(cutter, body.bounds(), 12, 1);
  EXPECT_NEAR(net.net_m3, 18.0 * 18.0 * 9.0, 1e-9);
  EXPECT_GT(net.uncovered, 0U);
}

}  // namespace
}  // namespace lode
