// Set operations, buffers, line merging, WKT and WKB.
#include "libgeo/geometry/overlay.h"

#include <geos_c.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <limits>

#include "libgeo/core/error.h"
#include "libgeo/core/random.h"
#include "libgeo/geometry/geos_handles.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/geometry/overlay_ladder.h"

namespace lode {
namespace {

Geometry square(double x, double y, double side) {
  return polygon_geometry({{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}, {x, y}});
}

double area(const Geometry& g) {
  static const Crs grid = parse_crs("local:m");
  return area_m2(g, grid);
}

TEST(Overlay, AddsUp) {
  const Geometry a = square(0, 0, 10), b = square(5, 5, 10), far = square(100, 100, 1);
  EXPECT_EQ(area(intersection(a, b)), 25.0);
  EXPECT_EQ(area(difference(a, b)), 75.0);
  EXPECT_EQ(area(unite({a, b, far})), 176.0);
  EXPECT_TRUE(intersection(a, far).empty());
  EXPECT_EQ(intersection(a, far).kind, GeometryKind::polygon);
  EXPECT_EQ(difference(a, far), a);
  EXPECT_TRUE(difference(a, a).empty());
  EXPECT_TRUE(unite(std::vector<Geometry>{}).empty());
}

TEST(Overlay, WindsShellsCounterClockwise) {
  const Geometry ring = difference(square(0, 0, 10), square(2, 2, 3));
  ASSERT_EQ(ring.polygons.size(), 1u);
  ASSERT_EQ(ring.polygons[0].holes.size(), 1u);
  const auto turn = [](const Path& p) {
    double twice = 0;
    for (std::size_t i = 0; i + 1 < p.size(); ++i)
      twice += p[i].x * p[i + 1].y - p[i + 1].x * p[i].y;
    return twice;
  };
  EXPECT_GT(turn(ring.polygons[0].shell), 0.0);
  EXPECT_LT(turn(ring.polygons[0].holes[0]), 0.0);
}

TEST(Overlay, KeepsTheLowerDimension) {
  const Geometry line = from_wkt("LINESTRING (-5 5, 15 5)");
  const Geometry inside = intersection(line, square(0, 0, 10));
  EXPECT_EQ(inside.kind, GeometryKind::line);
  EXPECT_EQ(box_of(inside), (Box{0, 5, 10, 5}));
  EXPECT_EQ(difference(line, square(0, 0, 10)).lines.size(), 2u);
  const Geometry points = from_wkt("MULTIPOINT ((5 5), (20 20))");
  EXPECT_EQ(intersection(points, square(0, 0, 10)).points.size(), 1u);
  EXPECT_TRUE(intersects(square(0, 0, 10), square(10, 0, 10)));            // touching
  EXPECT_TRUE(intersection(square(0, 0, 10), square(10, 0, 10)).empty());  // but no area
}

// Random slivers at UTM offsets: what is cut off and what is left make the whole.
TEST(Overlay, StaysWholeOnSkinnyTriangles) {
  const Random random{23, 1};
  std::uint64_t n = 0;
  const auto triangle = [&] {
    Path p;
    for (int i = 0; i < 3; ++i) {
      p.push_back({500000 + 100 * random.uniform(n), 4000000 + 100 * random.uniform(n + 1)});
      n += 2;
    }
    p.push_back(p.front());
    return polygon_geometry(p);
  };
  for (int i = 0; i < 300; ++i) {
    const Geometry a = triangle(), b = triangle();
    const double parts = area(intersection(a, b)) + area(difference(a, b));
    EXPECT_NEAR(parts, area(a), 1e-5);
    EXPECT_NEAR(area(unite({a, b})), area(a) + area(b) - area(intersection(a, b)), 1e-5);
  }
}

TEST(Overlay, RefusesRingsThatAreNone) {
  const Geometry open = polygon_geometry({{0, 0}, {5, 0}, {5, 5}});
  const auto code_of = [](auto work) {
    try {
      work();
    } catch (const Error& e) {
      return e.code;
    }
    return std::string();
  };
  EXPECT_EQ(code_of([&] { (void)intersection(open, square(0, 0, 9)); }), "geometry.overlay");
  EXPECT_EQ(code_of([&] { (void)unite({open}); }), "geometry.overlay");
  EXPECT_EQ(code_of([&] { (void)planar_buffer(open, std::nan(""), 8); }), "geometry.buffer");
}

/// Nine rough lobes about a place with a ring of round holes: what a large polygon is like.
Geometry star(Point centre, double radius, int vertices, int holes, std::uint64_t stream) {
  const Random random{3, stream};
  Polygon polygon;
  for (int i = 0; i < vertices; ++i) {
    const double t = 6.283185307179586 * i / vertices;
    const double r = radius * (0.85 + 0.1 * std::sin(9.0 * t) +
                               0.002 * random.uniform(static_cast<std::uint64_t>(i)));
    polygon.shell.push_back({centre.x + r * std::cos(t), centre.y + r * std::sin(t)});
  }
  polygon.shell.push_back(polygon.shell.front());
  for (int k = 0; k < holes; ++k) {
    const double t = 6.283185307179586 * k / holes;
    const Point at{centre.x + 0.5 * radius * std::cos(t), centre.y + 0.5 * radius * std::sin(t)};
    Path hole;
    for (int i = 0; i < 40; ++i) {
      const double u = -6.283185307179586 * i / 40.0, r = radius / holes;
      hole.push_back({at.x + r * std::cos(u), at.y + r * std::sin(u)});
    }
    hole.push_back(hole.front());
    polygon.holes.push_back(hole);
  }
  Geometry g;
  g.kind = GeometryKind::polygon;
  g.polygons.push_back(std::move(polygon));
  return g;
}

/// GEOS alone, on the whole of both.
double geos_area(const Geometry& a, const Geometry& b, bool difference) {
  const geos::Handle ga = geos::to_geos(a), gb = geos::to_geos(b);
  const geos::Handle result(difference ? GEOSDifference_r(geos::context(), ga.get(), gb.get())
                                       : GEOSIntersection_r(geos::context(), ga.get(), gb.get()));
  double area = std::numeric_limits<double>::quiet_NaN();
  GEOSArea_r(geos::context(), result.get(), &area);
  return area;
}

TEST(Overlay, OfALargePolygonAndSmallOnesIsThatOfTheWhole) {
  const Geometry large = star({500000, 4000000}, 10000, 5000, 30, 1);
  ASSERT_GT(large.polygons[0].shell.size(), 1000u);
  const Random random{3, 2};
  std::size_t hit = 0;
  for (std::uint64_t i = 0; i < 400; ++i) {
    const double x = 490000 + 20000 * random.uniform(3 * i);
    const double y = 3990000 + 20000 * random.uniform(3 * i + 1);
    const double size = std::pow(10.0, 1.0 + 3.0 * random.uniform(3 * i + 2));
    const Geometry small =
        i % 2 == 0
            ? polygon_geometry({{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}, {x, y}})
            : star({x, y}, size, 50, 0, i);
    const double expected = geos_area(large, small, false);
    hit += expected > 0.0 ? 1 : 0;
    const double tolerance = 1e-9 * size * size + 1e-6;
    EXPECT_NEAR(area(intersection(large, small)), expected, tolerance) << i;
    EXPECT_NEAR(area(intersection(small, large)), expected, tolerance) << i;
    EXPECT_NEAR(area(difference(small, large)), geos_area(small, large, true), tolerance) << i;
  }
  EXPECT_GT(hit, 100u);
}

TEST(Overlay, WithNothingNearIsNothingWhereBoxesMeet) {
  const Geometry large = star({0, 0}, 10000, 5000, 0, 4);
  const Geometry corner =
      polygon_geometry({{9000, 9000}, {9100, 9000}, {9100, 9100}, {9000, 9100}, {9000, 9000}});
  EXPECT_TRUE(intersection(large, corner).empty());
  EXPECT_NEAR(area(difference(corner, large)), 10000.0, 1e-9);
}

geos::Handle square_of(double side) {
  return geos::to_geos(polygon_geometry({{0, 0}, {side, 0}, {side, side}, {0, side}, {0, 0}}));
}

TEST(OverlayLadder, TriesTheNextRungWhenOneFails) {
  const geos::AreaBounds bounds{0.0, 4.0};
  const auto fails = [] { return static_cast<GEOSGeometry*>(nullptr); };
  const auto right = [] { return square_of(2.0).release(); };
  const auto too_large = [] { return square_of(3.0).release(); };
  const auto bow_tie = [] {
    return geos::to_geos(polygon_geometry({{0, 0}, {1, 1}, {1, 0}, {0, 1}, {0, 0}})).release();
  };
  geos::Climbed first = geos::climb({right, fails, fails}, bounds);
  EXPECT_TRUE(first.result && first.fault.empty());
  EXPECT_EQ(first.rung, OverlayRung::floating);
  EXPECT_EQ(geos::climb({fails, right, fails}, bounds).rung, OverlayRung::snapping);
  EXPECT_EQ(geos::climb({fails, bow_tie, right}, bounds).rung, OverlayRung::grid);
  const geos::Climbed swollen = geos::climb({too_large, fails, right}, bounds);
  EXPECT_EQ(swollen.rung, OverlayRung::grid);
  EXPECT_NE(swollen.fault.find("area"), std::string::npos);
  const geos::Climbed none = geos::climb({fails, too_large, bow_tie}, bounds);
  EXPECT_FALSE(none.result);
  EXPECT_FALSE(none.fault.empty());
}

TEST(OverlayLadder, SaysWhatAResultNeeded) {
  Findings findings;
  OverlayOutcome outcome;
  report_overlay(outcome, "overlap of A and B", "sites: A", findings);
  EXPECT_TRUE(findings.empty());
  outcome.rung = OverlayRung::grid;
  outcome.fault = "TopologyException";
  report_overlay(outcome, "overlap of A and B", "sites: A", findings);
  EXPECT_TRUE(findings.has("overlay.snapped"));
  outcome.done = false;
  report_overlay(outcome, "overlap of A and C", "sites: A", findings);
  EXPECT_TRUE(findings.has("overlay.failed"));
  EXPECT_EQ(findings.worst(), Severity::warning);
}

TEST(OverlayLadder, GivesAResultEvenForWhatIsNotValid) {
  // Rings that cross themselves: not what the functions are for, and no reason to stop a run.
  const Geometry bow = polygon_geometry({{0, 0}, {10, 10}, {10, 0}, {0, 10}, {0, 0}});
  const Geometry box = polygon_geometry({{1, 1}, {9, 1}, {9, 9}, {1, 9}, {1, 1}});
  for (const OverlayOutcome& outcome :
       {try_intersection(bow, box), try_difference(box, bow), try_unite({&bow, &box})}) {
    if (!outcome.done) {
      EXPECT_FALSE(outcome.fault.empty());
    }
  }
}

TEST(OverlayStop, EndsALongUnion) {
  // 60,000 overlapping boxes take seconds; the stop is asked for after a tenth of one.
  const Random random{3, 9};
  std::vector<Geometry> boxes;
  for (std::uint64_t i = 0; i < 60000; ++i) {
    const double x = 1000 * random.uniform(2 * i), y = 1000 * random.uniform(2 * i + 1);
    boxes.push_back(polygon_geometry({{x, y}, {x + 20, y}, {x + 20, y + 20}, {x, y + 20}, {x, y}}));
  }
  const auto start = std::chrono::steady_clock::now();
  const auto since = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  const Progress progress(nullptr, [&] { return since() > 0.1; });
  const OverlayStop stop(progress);
  try {
    static_cast<void>(unite(boxes));
    FAIL() << "not stopped";
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "run.interrupted");
  }
  EXPECT_LT(since(), 2.0);
}

TEST(Covers, CountsTheBoundary) {
  const Geometry ring = difference(square(0, 0, 10), square(2, 2, 3));
  EXPECT_TRUE(covers(ring, {1, 1}));
  EXPECT_TRUE(covers(ring, {0, 5}));
  EXPECT_TRUE(covers(ring, {10, 10}));
  EXPECT_TRUE(covers(ring, {2, 3}));  // on the hole
  EXPECT_FALSE(covers(ring, {3, 3}));
  EXPECT_FALSE(covers(ring, {10.0000001, 5}));
  EXPECT_FALSE(covers(point_geometry(1, 1), {1, 1}));
}

// Against GEOS, with places on edges and vertices.
TEST(Covers, AgreesWithGeos) {
  const Geometry star =
      from_wkt("POLYGON ((0 0, 4 1, 8 0, 7 4, 8 8, 4 7, 0 8, 1 4, 0 0), (3 3, 5 3, 4 5, 3 3))");
  GEOSContextHandle_t ctx = GEOS_init_r();
  GEOSWKTReader* reader = GEOSWKTReader_create_r(ctx);
  GEOSGeometry* g = GEOSWKTReader_read_r(ctx, reader, to_wkt(star).c_str());
  for (int i = -4; i <= 36; ++i)
    for (int j = -4; j <= 36; ++j) {
      GEOSGeometry* p = GEOSGeom_createPointFromXY_r(ctx, 0.25 * i, 0.25 * j);
      EXPECT_EQ(covers(star, {0.25 * i, 0.25 * j}), GEOSCovers_r(ctx, g, p) == 1) << i << " " << j;
      GEOSGeom_destroy_r(ctx, p);
    }
  GEOSGeom_destroy_r(ctx, g);
  GEOSWKTReader_destroy_r(ctx, reader);
  GEOS_finish_r(ctx);
}

TEST(MergeLines, JoinsWhereExactlyTwoMeet) {
  const Geometry a = from_wkt("LINESTRING (0 0, 1 0)"), b = from_wkt("LINESTRING (2 0, 1 0)");
  const Geometry c = from_wkt("MULTILINESTRING ((2 0, 3 0), (2 0, 2 5))");
  const Geometry merged = merge_lines({&a, &b, &c});
  EXPECT_EQ(merged.lines.size(), 3u);
  EXPECT_EQ(merge_lines({&a, &b}).lines.size(), 1u);
}

TEST(PlanarBuffer, HasTheAreaOfItsPolygon) {
  // A circle of 4n chords inscribed: 2n r^2 sin(pi / 2n).
  const double n = 16, r = 100, pi = std::acos(-1.0);
  EXPECT_NEAR(area(planar_buffer(point_geometry(5e5, 4e6), r, 16)),
              2 * n * r * r * std::sin(pi / (2 * n)), 1e-5);
  const Geometry line = from_wkt("LINESTRING (0 0, 10 0)");
  EXPECT_NEAR(area(planar_buffer(line, 1, 16, Cap::flat)), 20.0, 1e-12);
  EXPECT_NEAR(area(planar_buffer(line, 1, 16, Cap::square)), 24.0, 1e-12);
  const Geometry left = planar_buffer(line, 1, 16, Cap::flat, BufferSide::left);
  EXPECT_EQ(box_of(left), (Box{0, 0, 10, 1}));
  const Geometry right = planar_buffer(line, 1, 16, Cap::flat, BufferSide::right);
  EXPECT_EQ(box_of(right), (Box{0, -1, 10, 0}));
  EXPECT_NEAR(area(planar_buffer(square(0, 0, 10), -2, 16)), 36.0, 1e-12);
  EXPECT_TRUE(planar_buffer(square(0, 0, 10), -6, 16).empty());
  EXPECT_THROW((void)planar_buffer(line, std::nan(""), 16), Error);
  EXPECT_THROW((void)planar_buffer(line, 1, 0), Error);
}

TEST(Simplify, MovesNoVertexFurther) {
  const Geometry line = from_wkt("LINESTRING (0 0, 1 0.01, 2 0, 3 0.5, 4 0)");
  EXPECT_EQ(simplify(line, 0.1).lines[0], (Path{{0, 0}, {2, 0}, {3, 0.5}, {4, 0}}));
  EXPECT_EQ(simplify(line, 0.0), line);
}

TEST(Wkt, ReadsWhatItWrites) {
  for (const char* text :
       {"POINT (1.5 -2)", "MULTIPOINT ((1 2), (3 4))", "LINESTRING (0 0, 0.1 1e-07)",
        "MULTILINESTRING ((0 0, 1 1), (2 2, 3 3))", "POLYGON ((0 0, 1 0, 1 1, 0 0))",
        "MULTIPOLYGON (((0 0, 9 0, 9 9, 0 0), (3 1, 4 1, 4 2, 3 1)), ((20 20, 21 20, 21 21, 20 "
        "20)))",
        "POLYGON EMPTY"}) {
    const Geometry g = from_wkt(text);
    EXPECT_EQ(from_wkt(to_wkt(g)), g) << text;
  }
  EXPECT_EQ(to_wkt(from_wkt("point(1.5 -2)")), "POINT (1.5 -2)");
  EXPECT_EQ(from_wkt("MULTIPOINT (1 2, 3 4)").points.size(), 2u);
  EXPECT_EQ(from_wkt("POINT ZM (1 2 3 4)"), point_geometry(1, 2));
  EXPECT_EQ(to_wkt(Geometry{}), "GEOMETRYCOLLECTION EMPTY");
}

TEST(Wkt, RefusesTheRest) {
  for (const char* text : {"", "POINT", "POINT (1)", "POINT (a b)", "POINT (1,5 2)", "POINT (1 2",
                           "POINT (1 2) x", "POINT (nan 2)", "CIRCLE (1 2 3)", "POLYGON (0 0, 1 1)",
                           "LINESTRING (0x1A 1, 2 2)", "POINT (1 2 3 4 5)"}) {
    try {
      (void)from_wkt(text, "row 3");
      FAIL() << text;
    } catch (const Error& e) {
      EXPECT_EQ(e.code, "geometry.bad_wkt") << text;
      EXPECT_EQ(e.where, "row 3");
    }
  }
}

TEST(Wkb, IsReadByGeos) {
  GEOSContextHandle_t ctx = GEOS_init_r();
  GEOSWKBReader* reader = GEOSWKBReader_create_r(ctx);
  for (const char* text :
       {"POINT (1 2)", "MULTIPOINT ((1 2), (3 4))", "MULTILINESTRING ((0 0, 3 4), (2 2, 3 3))",
        "MULTIPOLYGON (((0 0, 9 0, 9 9, 0 0), (3 1, 4 1, 4 2, 3 1)))", "POLYGON EMPTY"}) {
    const Geometry g = from_wkt(text);
    const std::string wkb = to_wkb(g);
    GEOSGeometry* read = GEOSWKBReader_read_r(
        ctx, reader, reinterpret_cast<const unsigned char*>(wkb.data()), wkb.size());
    ASSERT_NE(read, nullptr) << text;
    double theirs = 0;
    GEOSArea_r(ctx, read, &theirs);
    EXPECT_EQ(theirs, area(g)) << text;
    EXPECT_EQ(GEOSGetNumCoordinates_r(ctx, read), static_cast<int>([&] {
                std::size_t n = 0;
                Geometry copy = g;
                for_each_vertex(copy, [&](Point&) { ++n; });
                return n;
              }()));
    GEOSGeom_destroy_r(ctx, read);
  }
  GEOSWKBReader_destroy_r(ctx, reader);
  GEOS_finish_r(ctx);
}

}  // namespace
}  // namespace lode
