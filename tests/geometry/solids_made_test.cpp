// Bodies under surfaces, prisms and solids of sections against closed forms.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "libgeo/core/error.h"
#include "libgeo/geometry/mesh_report.h"
#include "libgeo/geometry/section_rings.h"
#include "libgeo/geometry/solids.h"
#include "tests/geometry/solids.h"

namespace lode {
namespace {

using Vec = std::array<double, 3>;

template <class Make>
std::string code_of(Make make) {
  try {
    (void)make();
  } catch (const Error& error) {
    return error.code;
  }
  return "none";
}

// n x n cells of 1 m at heights f(x, y), without the cells that `gone` names.
template <class Height, class Gone>
TriangleMesh surface(int n, double shift, Height f, Gone gone) {
  TriangleMesh mesh;
  mesh.name = "surface";
  for (int j = 0; j <= n; ++j)
    for (int i = 0; i <= n; ++i) mesh.vertices.push_back({shift + i, shift + j, f(i, j)});
  for (int j = 0; j < n; ++j)
    for (int i = 0; i < n; ++i) {
      if (gone(i, j)) continue;
      const auto a = static_cast<std::uint32_t>(j * (n + 1) + i), b = a + 1;
      const auto d = static_cast<std::uint32_t>(a + n + 1), c = d + 1;
      mesh.triangles.push_back({a, b, c});
      mesh.triangles.push_back({a, d, c});  // winds the other way
    }
  return mesh;
}
const auto none_gone = [](int, int) { return false; };

TEST(SolidsMade, UnderAndAboveAPlane) {
  const auto plane = [](int i, int j) { return 20.0 + 0.5 * i - 0.25 * j; };
  for (const double shift : {0.0, 4.0e6}) {
    const TriangleMesh top = surface(8, shift, plane, none_gone);
    // The mean height of a plane over a square is that of its middle.
    EXPECT_NEAR(signed_volume_m3(solid_under(top, 5.0)), 64.0 * (21.0 - 5.0), 1e-8);
    EXPECT_NEAR(signed_volume_m3(solid_above(top, 30.0)), 64.0 * (30.0 - 21.0), 1e-8);
    EXPECT_TRUE(check_mesh(solid_under(top, 5.0)).closed);
    EXPECT_TRUE(check_mesh(solid_under(top, 5.0)).oriented);
    EXPECT_TRUE(check_mesh(solid_above(top, 30.0)).oriented);
  }
}

TEST(SolidsMade, SurfaceWithAHole) {
  const auto flat = [](int, int) { return 10.0; };
  const TriangleMesh holed =
      surface(5, 0.0, flat, [](int i, int j) { return i >= 1 && i < 3 && j == 2; });
  EXPECT_NEAR(signed_volume_m3(solid_under(holed, 0.0)), 230.0, 1e-9);
  const TriangleMesh pinched =
      surface(5, 0.0, flat, [](int i, int j) { return (i == 1 && j == 1) || (i == 2 && j == 2); });
  EXPECT_EQ(code_of([&] { return solid_under(pinched, 0.0); }), "solid.pinched");
}

TEST(SolidsMade, SurfaceRefusals) {
  const auto flat = [](int, int) { return 10.0; };
  const TriangleMesh top = surface(4, 0.0, flat, none_gone);
  EXPECT_EQ(code_of([&] { return solid_under(top, 10.0); }), "solid.level");
  EXPECT_EQ(code_of([&] { return solid_under(top, 11.0); }), "solid.level");
  EXPECT_EQ(code_of([&] { return solid_above(top, 9.0); }), "solid.level");
  EXPECT_EQ(code_of([&] { return solid_above(top, std::nan("")); }), "solid.level");
  TriangleMesh cliff = top;
  cliff.vertices[1] = {0.0, 0.0, 12.0};  // over the first corner
  EXPECT_EQ(code_of([&] { return solid_under(cliff, 0.0); }), "solid.folded");
  const TriangleMesh twice = joined(top, surface(
                                             3, 0.5, [](int, int) { return 20.0; }, none_gone));
  EXPECT_EQ(code_of([&] { return solid_under(twice, 0.0); }), "solid.folded");
}

TEST(SolidsMade, PrismsOfPolygonsWithHolesAndTouchingRings) {
  Geometry g;
  g.kind = GeometryKind::polygon;
  const auto square = [](double x, double y, double s) {
    return Path{{x, y}, {x + s, y}, {x + s, y + s}, {x, y + s}, {x, y}};
  };
  g.polygons = {
      {square(0, 0, 10), {square(2, 2, 6)}}, {square(4, 4, 2), {}}, {square(9, 9, 3), {}}};
  const TriangleMesh body = prism(g, -5.0, 15.0);
  EXPECT_NEAR(signed_volume_m3(body), 20.0 * (100 - 36 + 4 + 9 - 1), 1e-9);
  EXPECT_TRUE(check_mesh(body).closed && check_mesh(body).oriented);
  EXPECT_EQ(check_mesh(body).components, 2u);
  EXPECT_EQ(code_of([&] { return prism(g, 5.0, 5.0); }), "solid.level");
  EXPECT_EQ(code_of([] { return prism({}, 0.0, 5.0); }), "solid.empty");
  g.polygons = {{square(0, 0, 10), {}}, {square(10, 10, 3), {}}};
  EXPECT_EQ(code_of([&] { return prism(g, 0.0, 5.0); }), "solid.pinched");
}

// A ring of n vertices on a circle in the plane y = at, from vertex `from` on.
SectionRing circle(const std::string& name, int n, double radius, double at, int from = 0,
                   bool reversed = false) {
  SectionRing ring;
  ring.section = name;
  for (int i = 0; i < n; ++i) {
    const double t = 2.0 * std::numbers::pi * (i + from) / n;
    ring.vertices.push_back({radius * std::cos(t), at, radius * std::sin(t)});
  }
  if (reversed) std::reverse(ring.vertices.begin(), ring.vertices.end());
  return ring;
}

SectionRing rectangle(const std::string& name, double x0, double z0, double x1, double z1,
                      double at) {
  return {name, {{x0, at, z0}, {x1, at, z0}, {x1, at, z1}, {x0, at, z1}, {x0, at, z0}}};
}

double volume_of(const std::vector<SectionRing>& rings, double end_m = 0.0) {
  Findings findings;
  const TriangleMesh solid = solid_from_sections(rings, {.end_m = end_m}, findings);
  const MeshCheck check = check_mesh(solid);
  EXPECT_TRUE(check.closed && check.oriented);
  EXPECT_EQ(check.components, 1u);
  EXPECT_EQ(self_intersections(solid).count, 0u);
  return signed_volume_m3(solid);
}

double polygon_area(int n, double radius) {
  return n / 2.0 * radius * radius * std::sin(2.0 * std::numbers::pi / n);
}

// Similar sections joined straight: h/3 (A + B + sqrt(AB)).
double frustum(double a, double b, double h) {
  return h / 3.0 * (a + b + std::sqrt(a * b));
}

TEST(SolidsMade, FrustaOfSections) {
  EXPECT_NEAR(volume_of({rectangle("1", 0, 0, 10, 10, 0), rectangle("2", 2, 2, 8, 8, 12)}),
              frustum(100, 36, 12), 1e-9);
  // A cone as a stack of circles; rings start anywhere and wind as they like.
  double expected = 0.0;
  std::vector<SectionRing> cone;
  for (int s = 0; s <= 8; ++s) {
    cone.push_back(circle(std::to_string(s), 24, 17.0 - 2.0 * s, 5.0 * s, 7 * s, s % 3 == 1));
    if (s > 0)
      expected += frustum(polygon_area(24, 19.0 - 2.0 * s), polygon_area(24, 17.0 - 2.0 * s), 5.0);
  }
  EXPECT_NEAR(volume_of(cone), expected, 1e-8);
  Findings findings;
  (void)solid_from_sections(cone, {}, findings);
  EXPECT_TRUE(findings.has("solid.ring_turned"));
  EXPECT_NEAR(volume_of(cone, 2.0),
              expected + 2.0 * (polygon_area(24, 17.0) + polygon_area(24, 1.0)), 1e-8);
}

TEST(SolidsMade, PrismOfRingsWithDifferentVertices) {
  SectionRing dense = rectangle("2", 0, 0, 10, 4, 7);
  dense.vertices.insert(dense.vertices.begin() + 1, {{2, 7, 0}, {5, 7, 0}});
  dense.vertices.insert(dense.vertices.end() - 1, {{0, 7, 3}, {0, 7, 1}});
  EXPECT_NEAR(volume_of({rectangle("1", 0, 0, 10, 4, 0), dense}), 280.0, 1e-9);
  EXPECT_NEAR(volume_of({rectangle("1", 0, 0, 10, 4, 0)}, 3.0), 240.0, 1e-9);
}

// Sections that fan out about a vertical axis: a sixth of a ring of square section. Its sides are
// chords, so the volume is that of three wedges: A r sin(t) each.
TEST(SolidsMade, FannedSections) {
  std::vector<SectionRing> fan;
  const double t = 20.0 / 180.0 * std::numbers::pi;
  for (int s = 0; s <= 3; ++s) {
    const double c = std::cos(t * s), d = std::sin(t * s);
    SectionRing ring{std::to_string(s), {}};
    for (const Vec& v : {Vec{98, 0, 0}, {102, 0, 0}, {102, 0, 4}, {98, 0, 4}})
      ring.vertices.push_back({v[0] * c, v[0] * d, v[2]});
    fan.push_back(ring);
  }
  EXPECT_NEAR(volume_of(fan), 3.0 * (102.0 * 102.0 - 98.0 * 98.0) / 2.0 * std::sin(t) * 4.0, 1e-8);
}

// One ring becomes two, which end further on.
TEST(SolidsMade, Branches) {
  const std::vector<SectionRing> rings{
      rectangle("1", 0, 0, 10, 4, -5), rectangle("2", 0, 0, 10, 4, 0),
      rectangle("3", 0, 0, 4, 4, 10),  rectangle("3", 6, 0, 10, 4, 10),
      rectangle("4", 0, 0, 4, 4, 20),  rectangle("4", 6, 0, 10, 4, 20)};
  const double volume = volume_of(rings) - 5 * 40 - 10 * 32;
  EXPECT_GT(volume, 10 * 32.0);
  EXPECT_LT(volume, 10 * 40.0);
  std::vector<SectionRing> back(rings.rbegin(), rings.rend());
  EXPECT_NEAR(volume_of(back) - 5 * 40 - 10 * 32, volume, 1e-9);
}

TEST(SolidsMade, SectionRefusals) {
  Findings findings;
  const auto code = [&](const std::vector<SectionRing>& rings) {
    return code_of([&] { return solid_from_sections(rings, {}, findings); });
  };
  const SectionRing one = rectangle("1", 0, 0, 10, 4, 0), two = rectangle("2", 0, 0, 10, 4, 9);
  EXPECT_EQ(code({one, two}), "none");
  EXPECT_EQ(code({}), "solid.section");
  EXPECT_EQ(code({one}), "solid.section");
  EXPECT_EQ(code({one, {"2", {{0, 9, 0}, {5, 9, 0}, {0, 9, 0}}}}), "solid.section");
  EXPECT_EQ(code({one, {"2", {{0, 9, 0}, {5, 9, 0}, {9, 9, 0}}}}), "solid.section");
  // A bow-tie, a ring off its plane, sections out of order.
  EXPECT_EQ(code({one, {"2", {{0, 9, 0}, {10, 9, 5}, {10, 9, 0}, {0, 9, 4}}}}), "solid.section");
  EXPECT_EQ(code({one, {"2", {{0, 9, 0}, {10, 9, 0}, {10, 12, 4}, {0, 9, 4}}}}), "solid.section");
  EXPECT_EQ(code({one, two, rectangle("1", 0, 0, 10, 4, 18)}), "solid.section");
  EXPECT_EQ(code({one, {"2", {{0, std::nan(""), 0}, {5, 9, 0}, {9, 9, 5}}}}), "mesh.bad_vertex");
  // Two rings against two that each overlap both.
  EXPECT_EQ(code({rectangle("1", 0, 0, 4, 4, 0), rectangle("1", 6, 0, 10, 4, 0),
                  rectangle("2", 0, 0, 10, 1.5, 9), rectangle("2", 0, 2, 10, 4, 9)}),
            "solid.section");
  // A ring that faces nothing.
  EXPECT_EQ(code({one, rectangle("1", 50, 0, 60, 4, 0), two}), "solid.section");
  // Planes that cross within the rings: the surface crosses itself.
  EXPECT_EQ(code({one, {"2", {{0, -4, 0}, {10, 9, 0}, {10, 9, 4}, {0, -4, 4}}}}), "solid.section");
  try {
    (void)solid_from_sections({one, {"north 2", {{0, 9, 0}, {5, 9, 0}}}}, {}, findings);
  } catch (const Error& error) {
    EXPECT_NE(error.where.find("north 2"), std::string::npos);
  }
}

// Against every tiling there is, tried one by one.
double least_area(const std::vector<Vec>& p, const std::vector<Vec>& q) {
  const auto area = [](const Vec& a, const Vec& b, const Vec& c) {
    const Vec u{b[0] - a[0], b[1] - a[1], b[2] - a[2]}, v{c[0] - a[0], c[1] - a[1], c[2] - a[2]};
    return std::hypot(u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2],
                      u[0] * v[1] - u[1] * v[0]) /
           2.0;
  };
  const std::size_t m = p.size(), n = q.size();
  double best = 1e308;
  const std::function<void(std::size_t, std::size_t, std::size_t, double)> walk =
      [&](std::size_t start, std::size_t i, std::size_t j, double sum) {
        if (i == m && j == n) best = std::min(best, sum);
        const Vec &here = p[i % m], &there = q[(start + j) % n];
        if (i < m) walk(start, i + 1, j, sum + area(here, p[(i + 1) % m], there));
        if (j < n) walk(start, i, j + 1, sum + area(here, there, q[(start + j + 1) % n]));
      };
  for (std::size_t start = 0; start < n; ++start) walk(start, 0, 0, 0.0);
  return best;
}

TEST(SolidsMade, TilesHaveTheLeastAreaOfAll) {
  for (int k = 0; k < 12; ++k) {
    std::vector<Vec> p, q;
    for (int i = 0; i < 5 + k % 3; ++i) {
      const double t = 2.0 * std::numbers::pi * i / (5 + k % 3);
      p.push_back({(3 + i % 2) * std::cos(t), (2 + k % 4) * std::sin(t), 0});
    }
    for (int j = 0; j < 6 - k % 2; ++j) {
      const double t = 2.0 * std::numbers::pi * (j + 0.37 * k) / (6 - k % 2);
      q.push_back({0.3 * k + 2 * std::cos(t), (1 + j % 3) * std::sin(t), 2});
    }
    double sum = 0.0;
    const auto area = [](const Vec& a, const Vec& b, const Vec& c) {
      const Vec u{b[0] - a[0], b[1] - a[1], b[2] - a[2]}, v{c[0] - a[0], c[1] - a[1], c[2] - a[2]};
      return std::hypot(u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2],
                        u[0] * v[1] - u[1] * v[0]) /
             2.0;
    };
    const auto steps = section_rings::tile(p, q);
    EXPECT_EQ(steps.size(), p.size() + q.size());
    for (const auto& s : steps)
      sum += s.second ? area(p[s.i], q[s.j], q[(s.j + 1) % q.size()])
                      : area(p[s.i], p[(s.i + 1) % p.size()], q[s.j]);
    EXPECT_NEAR(sum, least_area(p, q), 1e-9);
  }
}

}  // namespace
}  // namespace lode
