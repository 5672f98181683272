// Joint shares of boxes: closed forms, convex clipping, inclusion and exclusion, gaps, hostile
// rims.
#include "libgeo/geometry/joint_share.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "libgeo/core/parallel.h"
#include "libgeo/core/random.h"
#include "tests/core/code_of.h"
#include "tests/geometry/solids.h"

namespace lode {
namespace {

using Form = ColumnCutter::Form;
using Keep = JointCutter::Keep;
using Vec = std::array<double, 3>;

TriangleMesh plane(double x0, double y0, double x1, double y1, double z, double sx, double sy) {
  TriangleMesh mesh;
  mesh.name = "plane";
  for (const auto& [x, y] : {std::array{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}})
    mesh.vertices.push_back({x, y, z + sx * x + sy * y});
  mesh.triangles = {{0, 1, 2}, {0, 2, 3}};
  return mesh;
}

TriangleMesh turned(TriangleMesh mesh, double about_x, double about_z, Vec shift) {
  for (Vec& v : mesh.vertices) {
    const Vec a{v[0], v[1] * std::cos(about_x) - v[2] * std::sin(about_x),
                v[1] * std::sin(about_x) + v[2] * std::cos(about_x)};
    v = {a[0] * std::cos(about_z) - a[1] * std::sin(about_z) + shift[0],
         a[0] * std::sin(about_z) + a[1] * std::cos(about_z) + shift[1], a[2] + shift[2]};
  }
  return mesh;
}

// An independent way for convex bodies: a box, clipped by one face plane after the other.
class Convex {
 public:
  Convex(Vec low, Vec high) {
    const TriangleMesh mesh = cube({0, 0, 0}, 1.0);
    for (const auto& t : mesh.triangles) {
      std::vector<Vec> face;
      for (const auto v : t)
        face.push_back({mesh.vertices[v][0] > 0 ? high[0] : low[0],
                        mesh.vertices[v][1] > 0 ? high[1] : low[1],
                        mesh.vertices[v][2] > 0 ? high[2] : low[2]});
      faces_.push_back(face);
    }
  }
  void clip(const TriangleMesh& mesh) {
    for (const auto& t : mesh.triangles)
      clip(mesh.vertices[t[0]], mesh.vertices[t[1]], mesh.vertices[t[2]]);
  }
  // Keeps what lies behind the plane through a, b and c, which wind outward.
  void clip(Vec a, Vec b, Vec c) {
    const Vec n = cross(minus(b, a), minus(c, a));
    const double length = std::sqrt(dot(n, n));
    // What lies on the plane but for rounding is on it: corners of many faces would multiply.
    const auto over = [&](const Vec& p) {
      const double distance = dot(minus(p, a), n) / length;
      return std::abs(distance) < 1e-13 ? 0.0 : distance;
    };
    std::vector<std::vector<Vec>> faces;
    std::vector<Vec> rim;
    bool removed = false;
    for (const auto& face : faces_) {
      std::vector<Vec> kept;
      for (std::size_t i = 0; i < face.size(); ++i) {
        const Vec &p = face[i], &q = face[(i + 1) % face.size()];
        const double dp = over(p), dq = over(q);
        if (dp <= 0.0) kept.push_back(p);
        removed = removed || dp > 0.0;
        if ((dp < 0.0 && dq > 0.0) || (dp > 0.0 && dq < 0.0)) {
          const double s = dp / (dp - dq);
          kept.push_back(
              {p[0] + s * (q[0] - p[0]), p[1] + s * (q[1] - p[1]), p[2] + s * (q[2] - p[2])});
          rim.push_back(kept.back());
        }
        if (dp == 0.0) rim.push_back(p);
      }
      if (kept.size() >= 3) faces.push_back(kept);
    }
    if (!removed) return;
    faces_ = faces;
    if (rim.size() < 3) return;
    Vec middle{0, 0, 0};
    for (const Vec& p : rim)
      for (std::size_t k = 0; k < 3; ++k) middle[k] += p[k] / static_cast<double>(rim.size());
    const Vec u = minus(b, a), v = cross(n, u);
    const double lu = std::sqrt(dot(u, u)), lv = std::sqrt(dot(v, v));
    const auto angle = [&](const Vec& p) {
      return std::atan2(dot(minus(p, middle), v) / lv, dot(minus(p, middle), u) / lu);
    };
    std::sort(rim.begin(), rim.end(),
              [&](const Vec& p, const Vec& q) { return angle(p) < angle(q); });
    const auto alike = [&](const Vec& p, const Vec& q) {
      return dot(minus(p, q), minus(p, q)) < 1e-26;
    };
    rim.erase(std::unique(rim.begin(), rim.end(), alike), rim.end());
    faces_.push_back(rim);
  }
  [[nodiscard]] double volume() const {
    if (faces_.empty()) return 0.0;
    const Vec o = faces_[0][0];
    double six = 0.0;
    for (const auto& face : faces_)
      for (std::size_t i = 1; i + 1 < face.size(); ++i)
        six += dot(minus(face[0], o), cross(minus(face[i], o), minus(face[i + 1], o)));
    return six / 6.0;
  }

 private:
  static Vec minus(const Vec& a, const Vec& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }
  static double dot(const Vec& a, const Vec& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
  static Vec cross(const Vec& a, const Vec& b) {
    return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
  }
  std::vector<std::vector<Vec>> faces_;
};

TEST(JointShare, OneCutterIsItself) {
  const ColumnCutter ball(sphere({5, 5, 5}, 4.0, 3), Form::solid, BlockGrid{});
  const ColumnCutter ground(plane(-20, -20, 30, 30, 3.0, 0.2, 0.1), Form::surface, BlockGrid{});
  const ColumnCutter again(plane(-20, -20, 30, 30, 30.0, 0.0, 0.0), Form::surface, BlockGrid{});
  const Geometry star = polygon_geometry({{1, 1}, {9, 2}, {6, 9}, {2, 6}, {1, 1}});
  const PlanCutter polygons(star, BlockGrid{});
  JointCutter joint;
  joint.add(ball, Keep::inside);
  joint.add(ball, Keep::outside);
  joint.add(ground, Keep::inside);
  joint.add(ground, Keep::outside);
  joint.add(polygons, Keep::inside);
  joint.add(polygons, Keep::outside);
  joint.add(again, Keep::inside);  // leaves everything: makes the general way answer
  EXPECT_EQ(joint.size(), 7U);
  const Random random{11, 1};
  std::uint64_t n = 0;
  for (int trial = 0; trial < 100; ++trial) {
    const double x = 8.0 * random.uniform(n++), y = 8.0 * random.uniform(n++),
                 z = 8.0 * random.uniform(n++);
    const Footprint place{x, y, x + 2.0, y + 1.5};
    const double in = ball.share(place, z, z + 1.0), below = ground.share(place, z, z + 1.0);
    const double within = polygons.share(place);
    const std::array<double, 6> expected{in, 1 - in, below, 1 - below, within, 1 - within};
    for (std::size_t i = 0; i < 6; ++i) {
      EXPECT_NEAR(joint.share(place, z, z + 1.0, 1U << i), expected[i], 1e-15);
      EXPECT_NEAR(joint.share(place, z, z + 1.0, 1U << i | 64U), expected[i], 1e-13) << i;
    }
    EXPECT_NEAR(joint.share(place, z, z + 1.0, 1U | 16U),
                ball.joint_share(place, z, z + 1.0, polygons), 1e-13);
    EXPECT_NEAR(joint.share(place, z, z + 1.0, 4U | 16U),
                ground.joint_share(place, z, z + 1.0, polygons), 1e-13);
  }
  EXPECT_EQ(joint.share({0, 0, 1, 1}, 0, 1, 0), 1.0);
}

TEST(JointShare, TwoBoxesThatStandAlike) {
  const ColumnCutter a(cube({0, 0, 0}, 4.0), Form::solid, BlockGrid{});
  const ColumnCutter b(cube({3, 2, 1}, 4.0), Form::solid, BlockGrid{});
  JointCutter joint;
  joint.add(a, Keep::inside);
  joint.add(b, Keep::inside);
  joint.add(b, Keep::outside);
  const Footprint place{-1, -1, 9, 9};
  EXPECT_NEAR(joint.share(place, -1, 9, 3) * 1000.0, 1.0 * 2.0 * 3.0, 1e-10);
  EXPECT_NEAR(joint.share(place, -1, 9, 5) * 1000.0, 64.0 - 6.0, 1e-10);
  EXPECT_EQ(joint.share(place, -1, 9, 6), 0.0);
}

TEST(JointShare, TurnedBoxesAgreeWithConvexClipping) {
  const Random random{23, 5};
  std::uint64_t n = 0;
  for (int trial = 0; trial < 60; ++trial) {
    const auto body = [&] {
      std::array<double, 5> u{};
      for (double& one : u) one = random.uniform(n++);
      return turned(cube({-2, -2, -2}, 4.0), 3.0 * u[0], 3.0 * u[1],
                    {5.0 + u[2], 5.0 + u[3], 5.0 + u[4]});
    };
    const TriangleMesh a = body(), b = body();
    const ColumnCutter in_a(a, Form::solid, BlockGrid{}), in_b(b, Form::solid, BlockGrid{});
    JointCutter joint;
    joint.add(in_a, Keep::inside);
    joint.add(in_b, Keep::inside);
    joint.add(in_a, Keep::outside);
    joint.add(in_b, Keep::outside);
    const double x = 3 + 2 * random.uniform(n++), y = 3 + 2 * random.uniform(n++),
                 z = 3 + 2 * random.uniform(n++);
    const Footprint place{x, y, x + 3.0, y + 2.5};
    const double block = 3.0 * 2.5 * 2.0;
    Convex both({x, y, z}, {x + 3.0, y + 2.5, z + 2.0});
    both.clip(a);
    both.clip(b);
    const double truth = both.volume() / block;
    EXPECT_NEAR(joint.share(place, z, z + 2.0, 3), truth, 1e-12) << trial;
    // Inclusion and exclusion.
    const double one = in_a.share(place, z, z + 2.0), two = in_b.share(place, z, z + 2.0);
    EXPECT_NEAR(joint.share(place, z, z + 2.0, 1 | 8), one - truth, 1e-12) << trial;
    EXPECT_NEAR(joint.share(place, z, z + 2.0, 4 | 2), two - truth, 1e-12) << trial;
    EXPECT_NEAR(joint.share(place, z, z + 2.0, 4 | 8), 1.0 - one - two + truth, 1e-12) << trial;
  }
}

TEST(JointShare, SpheresAgreeWithConvexClipping) {
  // Blocks from much smaller than a face to larger than a whole sphere: halving and sweeping.
  const TriangleMesh a = sphere({10, 10, 10}, 5.0, 3), b = sphere({12.3, 11.1, 9.2}, 4.0, 3);
  const ColumnCutter in_a(a, Form::solid, BlockGrid{}), in_b(b, Form::solid, BlockGrid{});
  JointCutter joint;
  joint.add(in_a, Keep::inside);
  joint.add(in_b, Keep::inside);
  joint.add(in_b, Keep::outside);
  const Random random{29, 5};
  std::uint64_t n = 0;
  std::size_t cut = 0;
  for (const double side : {0.3, 1.0, 4.0, 20.0})
    for (int trial = 0; trial < 12; ++trial) {
      const double span = side < 10 ? 12.0 : 0.0;
      const double x = (side < 10 ? 6 : 1) + span * random.uniform(n++) * 0.6,
                   y = (side < 10 ? 6 : 1) + span * random.uniform(n++) * 0.6,
                   z = (side < 10 ? 6 : 1) + span * random.uniform(n++) * 0.6;
      const Footprint place{x, y, x + side, y + side};
      Convex both({x, y, z}, {x + side, y + side, z + side});
      both.clip(a);
      Convex alone = both;
      both.clip(b);
      const double block = side * side * side;
      EXPECT_NEAR(joint.share(place, z, z + side, 3), both.volume() / block, 1e-11) << side;
      EXPECT_NEAR(joint.share(place, z, z + side, 5), (alone.volume() - both.volume()) / block,
                  1e-11)
          << side;
      cut += both.volume() > 0.0 && both.volume() < block ? 1 : 0;
    }
  EXPECT_GT(cut, 10U);
}

TEST(JointShare, WedgeAndPlane) {
  // z <= x over 0 to 4 (a wedge of 32 m3), below z = 1 + y / 2.
  TriangleMesh wedge;
  wedge.name = "wedge";
  wedge.vertices = {{0, 0, 0}, {4, 0, 0}, {4, 4, 0}, {0, 4, 0}, {4, 0, 4}, {4, 4, 4}};
  wedge.triangles = {{0, 2, 1}, {0, 3, 2}, {1, 2, 5}, {1, 5, 4},
                     {0, 1, 4}, {3, 5, 2}, {0, 4, 5}, {0, 5, 3}};
  const ColumnCutter body(wedge, Form::solid, BlockGrid{});
  const ColumnCutter ground(plane(-1, -1, 5, 5, 1.0, 0.0, 0.5), Form::surface, BlockGrid{});
  JointCutter joint;
  joint.add(body, Keep::inside);
  joint.add(ground, Keep::inside);
  joint.add(ground, Keep::outside);
  // Integral of min(x, h) over x is 4 h - h2 / 2; with h = 1 + y / 2 from 1 to 3 over y 0 to 4:
  // 2 * integral of (4 h - h2 / 2) dh from 1 to 3 = 2 (16 - 13 / 3).
  const double below = 2.0 * (16.0 - 13.0 / 3.0);
  EXPECT_NEAR(joint.share({0, 0, 4, 4}, 0, 4, 3) * 64.0, below, 1e-12);
  EXPECT_NEAR(joint.share({0, 0, 4, 4}, 0, 4, 5) * 64.0, 32.0 - below, 1e-12);
  double sum = 0.0;
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j)
      for (int k = 0; k < 4; ++k)
        sum += joint.share({1.0 * i, 1.0 * j, i + 1.0, j + 1.0}, k, k + 1.0, 3);
  EXPECT_NEAR(sum, below, 1e-12);
}

TEST(JointShare, TheSameFaceTwice) {
  const TriangleMesh ball = sphere({5, 5, 5}, 4.0, 3);
  const ColumnCutter one(ball, Form::solid, BlockGrid{}), same(ball, Form::solid, BlockGrid{});
  const ColumnCutter box(cube({1, 1, 1}, 5.0), Form::solid, BlockGrid{});
  const ColumnCutter on_top(plane(-5, -5, 15, 15, 6.0, 0, 0), Form::surface, BlockGrid{});
  JointCutter joint;
  joint.add(one, Keep::inside);
  joint.add(same, Keep::inside);
  joint.add(same, Keep::outside);
  joint.add(box, Keep::inside);
  joint.add(box, Keep::outside);
  joint.add(on_top, Keep::inside);
  joint.add(on_top, Keep::outside);
  for (const Footprint& place : {Footprint{0, 0, 10, 10}, Footprint{1, 1, 3, 3.7}}) {
    const double whole = one.share(place, 0, 7);
    EXPECT_NEAR(joint.share(place, 0, 7, 1 | 2), whole, 1e-13);
    EXPECT_EQ(joint.share(place, 0, 7, 1 | 4), 0.0);
    const double in_box = box.share(place, 0, 7);
    EXPECT_NEAR(joint.share(place, 0, 7, 8 | 32), in_box, 1e-13);
    EXPECT_EQ(joint.share(place, 0, 7, 8 | 64), 0.0);
    EXPECT_EQ(joint.share(place, 0, 7, 8 | 16), 0.0);
    EXPECT_NEAR(joint.share(place, 0, 7, 1 | 8) + joint.share(place, 0, 7, 1 | 16), whole, 1e-13);
  }
}

TEST(JointShare, ShellsOfOneCutAnother) {
  // A cube with a cavity, met by a slab of three cubes that stand apart.
  Findings findings;
  TriangleMesh shell = joined(cube({0, 0, 0}, 10.0), cube({2, 2, 2}, 6.0));
  make_solid(shell, findings);
  const TriangleMesh teeth =
      joined(joined(cube({-1, 4, 4}, 2.0), cube({4, 4, 4}, 2.0)), cube({7, 4, 4}, 2.0));
  const ColumnCutter a(shell, Form::solid, BlockGrid{}), b(teeth, Form::solid, BlockGrid{});
  JointCutter joint;
  joint.add(a, Keep::inside);
  joint.add(b, Keep::inside);
  joint.add(b, Keep::outside);
  // 1 x 2 x 2 of the first tooth, none of the second, the upper metre of the third.
  EXPECT_NEAR(joint.share({-2, -2, 12, 12}, -2, 12, 3) * 2744.0, 8.0, 1e-10);
  EXPECT_NEAR(joint.share({-2, -2, 12, 12}, -2, 12, 5) * 2744.0, 1000.0 - 216.0 - 8.0, 1e-9);
}

TEST(JointShare, NothingIsKeptWhereASurfaceHasAGap) {
  // Two surfaces that cover x < 6 and x > 2, high above and far below; a cube from 0 to 8.
  const ColumnCutter left(plane(-20, -20, 6, 20, 50.0, 0, 0), Form::surface, BlockGrid{});
  const ColumnCutter right(plane(2, -20, 20, 20, -50.0, 0, 0), Form::surface, BlockGrid{});
  const ColumnCutter box(cube({0, 0, 0}, 8.0), Form::solid, BlockGrid{});
  JointCutter joint;
  joint.add(left, Keep::inside);
  joint.add(right, Keep::outside);
  joint.add(box, Keep::inside);
  double covered = 0.0;
  EXPECT_NEAR(joint.share({0, 0, 8, 8}, 0, 8, 7, &covered), 0.5, 1e-15);
  EXPECT_NEAR(covered, 0.5, 1e-15);
  EXPECT_NEAR(joint.share({0, 0, 8, 8}, 0, 8, 5, &covered), 0.75, 1e-15);
  EXPECT_NEAR(covered, 0.75, 1e-15);
  EXPECT_NEAR(joint.share({0, 0, 8, 8}, 0, 8, 6, &covered), 0.75, 1e-15);
  EXPECT_EQ(joint.share({0, 0, 8, 8}, 0, 8, 4, &covered), 1.0);
  EXPECT_EQ(covered, 1.0);
  EXPECT_EQ(joint.share({3, 0, 5, 8}, 0, 8, 7, &covered), 1.0);
}

TEST(JointShare, PolygonsWithSidesAlongTheBlocks) {
  // Upright sides, of which the ends lie far off the footprint.
  const PlanCutter strip(polygon_geometry({{3, -90}, {5, -90}, {5, 90}, {3, 90}, {3, -90}}),
                         BlockGrid{});
  const PlanCutter half(polygon_geometry({{-90, -90}, {90, -90}, {90, 2}, {-90, 2}, {-90, -90}}),
                        BlockGrid{});
  const PlanCutter corner(polygon_geometry({{0, 0}, {8, 0}, {0, 8}, {0, 0}}), BlockGrid{});
  JointCutter joint;
  joint.add(strip, Keep::inside);
  joint.add(half, Keep::outside);
  joint.add(corner, Keep::inside);
  EXPECT_NEAR(joint.share({0, 0, 8, 8}, 0, 1, 3) * 64.0, 2.0 * 6.0, 1e-13);
  // x + y <= 8 for x 3 to 5: y up to 5 to 3, less the lowest 2.
  EXPECT_NEAR(joint.share({0, 0, 8, 8}, 0, 1, 7) * 64.0, 2.0 * (4.0 - 2.0), 1e-13);
}

TEST(JointShare, AFanOfManyTrianglesAtOnePoint) {
  // A cone of 400 sides on a cone upside down: halving does not part them at the apex.
  const auto cone = [](double apex, double base, std::size_t sides) {
    TriangleMesh mesh;
    mesh.name = "cone";
    mesh.vertices = {{0, 0, apex}, {0, 0, base}};
    const auto n = static_cast<std::uint32_t>(sides);
    for (std::uint32_t i = 0; i < n; ++i) {
      const double angle = 2.0 * std::numbers::pi * i / n;
      mesh.vertices.push_back({5.0 * std::cos(angle), 5.0 * std::sin(angle), base});
    }
    for (std::uint32_t i = 0; i < n; ++i) {
      const std::uint32_t a = 2 + i, b = 2 + (i + 1) % n;
      mesh.triangles.push_back({0, a, b});
      mesh.triangles.push_back({1, b, a});
    }
    Findings findings;
    make_solid(mesh, findings);
    return mesh;
  };
  const TriangleMesh up = cone(5.0, 0.0, 400), down = cone(-1.0, 4.0, 400);
  const ColumnCutter a(up, Form::solid, BlockGrid{}), b(down, Form::solid, BlockGrid{});
  JointCutter joint;
  joint.add(a, Keep::inside);
  joint.add(b, Keep::inside);
  Convex both({-1, -2, -3}, {6, 6, 7});
  both.clip(up);
  both.clip(down);
  EXPECT_NEAR(joint.share({-1, -2, 6, 6}, -3, 7, 3) * 560.0, both.volume(), 1e-9);
}

TEST(JointShare, SplitsAddUpFarFromTheOrigin) {
  const Vec far{512345.6, 6123456.7, 321.0};
  TriangleMesh ball = sphere(far, 40.0, 4);
  TriangleMesh slab = turned(cube({-30, -30, -10}, 60.0), 0.3, 0.7, far);
  TriangleMesh ground = plane(-300, -300, 300, 300, 0.0, 0.13, -0.21);
  for (Vec& v : ground.vertices)
    for (std::size_t k = 0; k < 3; ++k) v[k] += far[k];
  BlockGrid axes;
  axes.origin = far;
  axes.rotation_deg = 31.0;
  const ColumnCutter a(ball, Form::solid, axes), b(slab, Form::solid, axes),
      g(ground, Form::surface, axes);
  JointCutter joint;
  joint.add(a, Keep::inside);
  joint.add(b, Keep::outside);
  joint.add(g, Keep::inside);
  const double whole = joint.share({-50, -50, 50, 50}, -50, 50, 7) * 1e6;
  Convex below({-50, -50, -50}, {50, 50, 50});
  below.clip(a.mesh());
  const auto& v = g.mesh().vertices;
  below.clip(v[0], v[1], v[2]);
  Convex with = below;
  with.clip(b.mesh());
  EXPECT_NEAR(whole / (below.volume() - with.volume()), 1.0, 1e-11);
  double sum = 0.0;
  for (int i = 0; i < 10; ++i)
    for (int j = 0; j < 10; ++j)
      for (int k = 0; k < 10; ++k) {
        const double x = -50.0 + 10.0 * i, y = -50.0 + 10.0 * j, z = -50.0 + 10.0 * k;
        sum += joint.share({x, y, x + 10.0, y + 10.0}, z, z + 10.0, 7) * 1e3;
      }
  EXPECT_GT(whole, 1e4);
  EXPECT_NEAR(sum / whole, 1.0, 1e-11);
}

TEST(JointShare, APlaceThatIsInsideTwiceIsRefused) {
  const ColumnCutter twice(joined(cube({0, 0, 0}, 10.0), cube({5, 5, 5}, 10.0)), Form::solid,
                           BlockGrid{});
  const ColumnCutter ground(plane(-20, -20, 30, 30, 3.0, 0.2, 0.1), Form::surface, BlockGrid{});
  JointCutter joint;
  joint.add(twice, Keep::inside);
  joint.add(ground, Keep::inside);
  EXPECT_EQ(code_of([&] { (void)joint.share({4, 4, 12, 12}, 3, 12, 3); }), "mesh.overlap");
}

TEST(JointShare, NoMoreThanItsBitsHold) {
  const ColumnCutter box(cube({0, 0, 0}, 1.0), Form::solid, BlockGrid{});
  JointCutter joint;
  for (int i = 0; i < 64; ++i) joint.add(box, Keep::inside);
  EXPECT_NEAR(joint.share({0, 0, 2, 2}, 0, 1, ~std::uint64_t{0}), 0.25, 1e-13);
  EXPECT_EQ(code_of([&] { joint.add(box, Keep::inside); }), "blocks.too_many_cutters");
}

TEST(JointShare, SameBitsOnAnyNumberOfThreads) {
  const ColumnCutter a(sphere({10, 10, 10}, 5.0, 4), Form::solid, BlockGrid{});
  const ColumnCutter b(sphere({12, 11, 9}, 4.0, 3), Form::solid, BlockGrid{});
  JointCutter joint;
  joint.add(a, Keep::inside);
  joint.add(b, Keep::outside);
  const auto all = [&](int jobs) {
    std::vector<double> shares(8000);
    parallel_blocks(shares.size(), 16, jobs, [&](std::size_t begin, std::size_t end, std::size_t) {
      for (std::size_t s = begin; s < end; ++s) {
        const double x = static_cast<double>(s % 20), y = static_cast<double>(s / 20 % 20),
                     z = static_cast<double>(s / 400);
        shares[s] = joint.share({x, y, x + 1, y + 1}, z, z + 1, 3);
      }
    });
    return shares;
  };
  EXPECT_EQ(all(1), all(3));
}

}  // namespace
}  // namespace lode
