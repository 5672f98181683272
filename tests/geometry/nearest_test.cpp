// Nearest distances against closed forms, published figures and brute force with GeographicLib.
#include <gtest/gtest.h>

#include <GeographicLib/Geodesic.hpp>
#include <GeographicLib/GeodesicLine.hpp>
#include <cmath>
#include <limits>

#include "libgeo/core/error.h"
#include "libgeo/core/random.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/geometry/overlay.h"

namespace lode {
namespace {

double between(const char* a, const char* b, const Crs& crs = wgs84(),
               Edges edges = Edges::geodesic) {
  return nearest(from_wkt(a), from_wkt(b), crs, edges).distance_m;
}

TEST(Nearest, OfPointsIsPublished) {
  EXPECT_NEAR(between("POINT (-73.8 40.6)", "POINT (-0.5 51.6)"), 5551759.400, 5e-4);
  EXPECT_NEAR(between("POINT (174.81 -41.32)", "POINT (-5.50 40.96)"), 19959679.26735382, 1e-6);
  EXPECT_NEAR(between("MULTIPOINT ((0 0), (174.81 -41.32), (1 -80))", "POINT (174.81 -41.32)"), 0.0,
              0.0);
}

/// Least distance to a curve by brute force: samples, then golden section.
template <class Curve>
double brute(const Curve& at, LonLat p) {
  const auto& wgs = GeographicLib::Geodesic::WGS84();
  const auto f = [&](double t) {
    const LonLat c = at(t);
    double d = 0;
    wgs.Inverse(p.lat_deg, p.lon_deg, c.lat_deg, c.lon_deg, d);
    return d;
  };
  const int n = 400;
  int best = 0;
  for (int i = 1; i <= n; ++i)
    if (f(static_cast<double>(i) / n) < f(static_cast<double>(best) / n)) best = i;
  double low = std::max(0, best - 1) / static_cast<double>(n),
         high = std::min(n, best + 1) / static_cast<double>(n);
  const double golden = 0.5 * (std::sqrt(5.0) - 1.0);
  for (int i = 0; i < 80; ++i) {
    const double x = high - golden * (high - low), y = low + golden * (high - low);
    if (f(x) < f(y))
      high = y;
    else
      low = x;
  }
  return f(0.5 * (low + high));
}

TEST(Nearest, ToAGeodesicAgreesWithBruteForce) {
  const auto& wgs = GeographicLib::Geodesic::WGS84();
  const Random random{31, 1};
  std::uint64_t n = 0;
  for (int i = 0; i < 300; ++i) {
    const double scale = std::pow(10.0, -4.0 + 5.5 * random.uniform(n));  // degrees
    const LonLat a{360 * random.uniform(n + 1) - 180, 160 * random.uniform(n + 2) - 80};
    const LonLat b{a.lon_deg + scale * (2 * random.uniform(n + 3) - 1),
                   std::clamp(a.lat_deg + scale * (2 * random.uniform(n + 4) - 1), -89.0, 89.0)};
    const LonLat p{
        a.lon_deg + 3 * scale * (2 * random.uniform(n + 5) - 1),
        std::clamp(a.lat_deg + 3 * scale * (2 * random.uniform(n + 6) - 1), -89.0, 89.0)};
    n += 7;
    const auto line = wgs.InverseLine(a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg);
    const double expected = brute(
        [&](double t) {
          LonLat c;
          line.Position(t * line.Distance(), c.lat_deg, c.lon_deg);
          return c;
        },
        p);
    Geometry edge;
    edge.kind = GeometryKind::line;
    edge.lines.push_back({{a.lon_deg, a.lat_deg}, {b.lon_deg, b.lat_deg}});
    const Nearest found =
        nearest(point_geometry(p.lon_deg, p.lat_deg), edge, wgs84(), Edges::geodesic);
    EXPECT_NEAR(found.distance_m, expected, 1e-6 * expected + 1e-6) << i << " scale " << scale;
    // The places it names are that far apart, and order does not matter.
    double apart = 0;
    wgs.Inverse(found.on_a.y, found.on_a.x, found.on_b.y, found.on_b.x, apart);
    EXPECT_NEAR(apart, found.distance_m, 1e-6 * expected + 1e-6);
    EXPECT_NEAR(
        nearest(edge, point_geometry(p.lon_deg, p.lat_deg), wgs84(), Edges::geodesic).distance_m,
        found.distance_m, 1e-7 * expected + 1e-6);
  }
}

TEST(Nearest, ToStraightEdgesAgreesWithBruteForce) {
  const Random random{37, 1};
  std::uint64_t n = 0;
  for (int i = 0; i < 150; ++i) {
    const double scale = std::pow(10.0, -3.0 + 4.0 * random.uniform(n));
    const LonLat a{300 * random.uniform(n + 1) - 150, 150 * random.uniform(n + 2) - 75};
    const LonLat b{a.lon_deg + scale * (2 * random.uniform(n + 3) - 1),
                   std::clamp(a.lat_deg + scale * (2 * random.uniform(n + 4) - 1), -85.0, 85.0)};
    const LonLat p{
        a.lon_deg + 2 * scale * (2 * random.uniform(n + 5) - 1),
        std::clamp(a.lat_deg + 2 * scale * (2 * random.uniform(n + 6) - 1), -85.0, 85.0)};
    n += 7;
    const double expected = brute(
        [&](double t) {
          return LonLat{a.lon_deg + t * (b.lon_deg - a.lon_deg),
                        a.lat_deg + t * (b.lat_deg - a.lat_deg)};
        },
        p);
    Geometry edge;
    edge.kind = GeometryKind::line;
    edge.lines.push_back({{a.lon_deg, a.lat_deg}, {b.lon_deg, b.lat_deg}});
    EXPECT_NEAR(
        nearest(point_geometry(p.lon_deg, p.lat_deg), edge, wgs84(), Edges::straight).distance_m,
        expected, 1e-6 * expected + 1e-6)
        << i << " scale " << scale;
  }
}

// Two lines that do not cross are nearest at an end of one of them.
TEST(Nearest, OfTwoLinesAgreesWithTheirEnds) {
  const Random random{41, 1};
  std::uint64_t n = 0;
  int crossed = 0;
  for (int i = 0; i < 200; ++i) {
    const double scale = std::pow(10.0, -3.0 + 4.0 * random.uniform(n++));
    const double lon = 360 * random.uniform(n) - 180, lat = 140 * random.uniform(n + 1) - 70;
    n += 2;
    LonLat p[4];
    for (auto& q : p) {
      q = {lon + scale * random.uniform(n),
           std::clamp(lat + scale * random.uniform(n + 1), -85.0, 85.0)};
      n += 2;
    }
    const auto line = [](LonLat a, LonLat b) {
      Geometry g;
      g.kind = GeometryKind::line;
      g.lines.push_back({{a.lon_deg, a.lat_deg}, {b.lon_deg, b.lat_deg}});
      return g;
    };
    const Geometry a = line(p[0], p[1]), b = line(p[2], p[3]);
    const double found = nearest(a, b, wgs84(), Edges::geodesic).distance_m;
    double ends = std::numeric_limits<double>::infinity();
    for (const LonLat& q : {p[0], p[1]})
      ends = std::min(
          ends,
          nearest(point_geometry(q.lon_deg, q.lat_deg), b, wgs84(), Edges::geodesic).distance_m);
    for (const LonLat& q : {p[2], p[3]})
      ends = std::min(
          ends,
          nearest(point_geometry(q.lon_deg, q.lat_deg), a, wgs84(), Edges::geodesic).distance_m);
    if (found == 0.0) {
      ++crossed;
      // Small ones cross in the plane of their degrees too.
      if (scale < 0.05) {
        EXPECT_TRUE(intersects(a, b));
      }
    } else {
      EXPECT_NEAR(found, ends, 1e-6 * ends);
      if (scale < 0.05) {
        EXPECT_FALSE(intersects(a, b));
      }
    }
  }
  EXPECT_GT(crossed, 20);
}

TEST(Nearest, IsZeroInsideAndTouching) {
  const char* box =
      "POLYGON ((10 50, 11 50, 11 51, 10 51, 10 50), (10.4 50.4, 10.6 50.4, 10.6 50.6, 10.4 50.6, "
      "10.4 50.4))";
  for (const Edges edges : {Edges::geodesic, Edges::straight}) {
    EXPECT_EQ(between("POINT (10.2 50.2)", box, wgs84(), edges), 0.0);
    EXPECT_EQ(between("POINT (10 50)", box, wgs84(), edges), 0.0);
    EXPECT_EQ(between("POINT (10 50.3)", box, wgs84(), edges), 0.0);
    EXPECT_GT(between("POINT (10.5 50.5)", box, wgs84(), edges), 7000.0);  // in the hole
    EXPECT_EQ(between("LINESTRING (10.5 50.5, 12 50.5)", box, wgs84(), edges), 0.0);
    EXPECT_EQ(between("POLYGON ((0 40, 20 40, 20 60, 0 60, 0 40))", box, wgs84(), edges), 0.0);
    EXPECT_EQ(
        between("POLYGON ((10.1 50.1, 10.2 50.1, 10.2 50.2, 10.1 50.1))", box, wgs84(), edges),
        0.0);
    EXPECT_EQ(between("POLYGON ((11 50, 12 50, 12 51, 11 51, 11 50))", box, wgs84(), edges), 0.0);
    EXPECT_GT(between("POLYGON ((10.45 50.45, 10.55 50.45, 10.5 50.55, 10.45 50.45))", box, wgs84(),
                      edges),
              3000.0);
  }
}

// The parallel of 50 N runs south of the geodesic between its ends: by 7 km over ten degrees.
TEST(Nearest, KnowsOnWhichSideOfABulgeAPlaceLies) {
  const char* box = "POLYGON ((0 50, 10 50, 10 55, 0 55, 0 50))";
  EXPECT_GT(between("POINT (5 50.05)", box), 0.0);  // below the geodesic
  EXPECT_EQ(between("POINT (5 50.05)", box, wgs84(), Edges::straight), 0.0);
  EXPECT_EQ(between("POINT (5 55.05)", box), 0.0);
  EXPECT_GT(between("POINT (5 55.05)", box, wgs84(), Edges::straight), 5000.0);
}

TEST(Nearest, MindsNeitherAntimeridianNorPole) {
  const double expected = between("POINT (-0.1 10)", "LINESTRING (0.1 5, 0.1 15)");
  EXPECT_NEAR(between("POINT (179.9 10)", "LINESTRING (-179.9 5, -179.9 15)"), expected, 1e-6);
  EXPECT_NEAR(between("POINT (179.9 10)", "LINESTRING (180.1 5, 180.1 15)"), expected, 1e-6);
  EXPECT_NEAR(between("POINT (-180.1 10)", "LINESTRING (180.1 5, 180.1 15)"), expected, 1e-6);
  for (const char* ring : {"POLYGON ((179 -1, 181 -1, 181 1, 179 1, 179 -1))",
                           "POLYGON ((179 -1, -179 -1, -179 1, 179 1, 179 -1))",
                           "MULTIPOLYGON (((179 -1, 180 -1, 180 1, 179 1, 179 -1)), ((-180 -1, "
                           "-179 -1, -179 1, -180 1, -180 -1)))"}) {
    EXPECT_EQ(between("POINT (180 0)", ring), 0.0) << ring;
    EXPECT_EQ(between("POINT (-179.5 0.5)", ring), 0.0) << ring;
    EXPECT_GT(between("POINT (0 0)", ring), 1e7) << ring;
  }
  EXPECT_EQ(between("POINT (-179.5 0.5)", "POLYGON ((179 -1, 181 -1, 181 1, 179 1, 179 -1))",
                    wgs84(), Edges::straight),
            0.0);
  const char* cap = "POLYGON ((0 -70, 90 -70, 180 -70, -90 -70, 0 -70))";
  EXPECT_EQ(between("POINT (45 -89.5)", cap), 0.0);
  EXPECT_EQ(between("POINT (0 -90)", cap), 0.0);
  // Meridian arc from 70 S to the equator (GeographicLib).
  EXPECT_NEAR(between("POINT (0 0)", cap), 7768980.728, 1e-2);
}

TEST(Nearest, WorksInProjections) {
  const Crs utm = parse_crs("EPSG:32611"), web = parse_crs("EPSG:3857");
  // On the central meridian 1000 m of grid are 1000 / 0.9996 m.
  EXPECT_NEAR(between("POINT (500000 4000000)", "LINESTRING (501000 3999000, 501000 4001000)", utm,
                      Edges::straight),
              1000 / 0.9996, 1e-3);
  EXPECT_EQ(between("POINT (500500 4000500)",
                    "POLYGON ((500000 4000000, 501000 4000000, 501000 4001000, 500000 4001000, "
                    "500000 4000000))",
                    utm, Edges::straight),
            0.0);
  const Nearest far =
      nearest(from_wkt("POINT (0 8399737.889818)"),
              from_wkt("LINESTRING (100000 8000000, 100000 9000000)"), web, Edges::straight);
  EXPECT_NEAR(far.distance_m, 50125.0, 60.0);  // at 60 N the web map shows twice the size
  EXPECT_NEAR(far.on_b.x, 100000.0, 1e-6);
}

TEST(Nearest, IsPlanarInMineGrids) {
  const Crs feet = parse_crs("local:ft");
  EXPECT_NEAR(between("POINT (0 0)", "LINESTRING (-5 10, 5 10)", feet, Edges::straight), 3.048,
              1e-12);
  EXPECT_EQ(between("LINESTRING (0 0, 10 10)", "LINESTRING (0 10, 10 0)", feet, Edges::straight),
            0.0);
  EXPECT_EQ(between("POINT (1 1)", "POLYGON ((0 0, 3 0, 3 3, 0 3, 0 0))", feet, Edges::straight),
            0.0);
}

TEST(Nearest, SaysWhenThereIsNothing) {
  EXPECT_TRUE(std::isnan(between("POINT EMPTY", "POINT (1 1)")));
  const NearestReady a(from_wkt("POINT (0 0)"), wgs84(), Edges::geodesic);
  const NearestReady b(from_wkt("POINT (1 0)"), wgs84(), Edges::geodesic);
  EXPECT_TRUE(std::isinf(nearest(a, b, 100e3).distance_m));
  EXPECT_NEAR(nearest(a, b, 120e3).distance_m, 111319.491, 1e-3);
  const NearestReady c(from_wkt("POINT (1 0)"), parse_crs("EPSG:4269"), Edges::geodesic);
  EXPECT_THROW((void)nearest(a, c), Error);
  EXPECT_THROW((void)nearest(a, NearestReady(from_wkt("POINT (1 0)"), wgs84(), Edges::straight)),
               Error);
}

Geometry wobbly(LonLat centre, double radius_deg, int count, const Random& random,
                std::uint64_t& n) {
  Path ring;
  for (int i = 0; i < count; ++i) {
    const double turn = 2 * std::acos(-1.0) * i / count,
                 r = radius_deg * (0.5 + 0.5 * random.uniform(n++));
    ring.push_back({centre.lon_deg + r * std::cos(turn) / std::cos(centre.lat_deg * 0.01745),
                    centre.lat_deg + r * std::sin(turn)});
  }
  ring.push_back(ring.front());
  return polygon_geometry(ring);
}

// The tree and its bounds leave nothing out: the same as the least over all pairs of edges.
TEST(Nearest, OfManyEdgesIsTheLeastOfAllPairs) {
  const Random random{53, 1};
  std::uint64_t n = 0;
  for (const double away : {0.5, 5.0, 60.0, 150.0}) {
    for (int i = 0; i < 3; ++i) {
      const double lat = 40 * (2 * random.uniform(n++) - 1);
      const Geometry a = wobbly({179.5, lat}, 0.2, 40, random, n);
      const Geometry b =
          wobbly({179.5 + away, -lat * 0.5 + (away < 10 ? 1.5 * lat : 0)}, 0.2, 40, random, n);
      const auto lines = [](const Geometry& g) {
        std::vector<Geometry> out;
        const Path& p = g.polygons[0].shell;
        for (std::size_t k = 0; k + 1 < p.size(); ++k) {
          out.emplace_back();
          out.back().kind = GeometryKind::line;
          out.back().lines.push_back({p[k], p[k + 1]});
        }
        return out;
      };
      double least = std::numeric_limits<double>::infinity();
      for (const Geometry& p : lines(a))
        for (const Geometry& q : lines(b))
          least = std::min(least, nearest(p, q, wgs84(), Edges::geodesic).distance_m);
      EXPECT_NEAR(nearest(a, b, wgs84(), Edges::geodesic).distance_m, least, 1e-7 * least) << away;
    }
  }
}

TEST(BoxBound, IsNeverTooLargeAndRarelyLow) {
  const Random random{61, 1};
  std::uint64_t n = 0;
  double worst = 1.0;
  for (int i = 0; i < 400; ++i) {
    const LonLat p{720 * random.uniform(n) - 360, 180 * random.uniform(n + 1) - 90};
    Box box;
    box.min_x = 360 * random.uniform(n + 2) - 180;
    box.min_y = 170 * random.uniform(n + 3) - 90;
    box.max_x = box.min_x + 60 * random.uniform(n + 4);
    box.max_y = std::min(90.0, box.min_y + 30 * random.uniform(n + 5));
    n += 6;
    const double bound = box_distance_lower_bound_m(p, box, wgs84());
    double least = std::numeric_limits<double>::infinity();
    const Geodesic wgs;
    for (int k = 0; k <= 200; ++k) {
      const double t = k / 200.0;
      const double x = box.min_x + t * (box.max_x - box.min_x),
                   y = box.min_y + t * (box.max_y - box.min_y);
      for (const LonLat q :
           {LonLat{x, box.min_y}, LonLat{x, box.max_y}, LonLat{box.min_x, y}, LonLat{box.max_x, y}})
        least = std::min(least, wgs.distance_m(p, q));
    }
    if (bound == 0.0) continue;
    EXPECT_LE(bound, least);
    worst = std::min(worst, bound / least);
  }
  EXPECT_GT(worst, 0.98);  // 0.67 % by the ellipsoid, the rest is the sampling of the outline
}

TEST(BoxBound, WorksInProjectionsAndGrids) {
  const Crs utm = parse_crs("EPSG:32611");
  const Box box{501000, 3999000, 502000, 4001000};
  const double bound = box_distance_lower_bound_m(Point{500000, 4000000}, box, utm);
  EXPECT_LE(bound, 1000.4001);
  EXPECT_GT(bound, 980.0);
  EXPECT_EQ(box_distance_lower_bound_m(Point{501500, 4000000}, box, utm), 0.0);
  EXPECT_EQ(box_distance_lower_bound_m(Point{0, 0}, Box{3, 4, 5, 6}, parse_crs("local:m")), 5.0);
}

TEST(LonLatBox, HoldsBulgingEdges) {
  const Geometry wide = from_wkt("LINESTRING (-60 50, 60 50)");
  const Box box = lon_lat_box(wide, wgs84(), Edges::geodesic);
  EXPECT_GT(box.max_y, 66.0);  // a great circle of 120 degrees at 50 N tops out at 67.2 N
  EXPECT_EQ(lon_lat_box(wide, wgs84(), Edges::straight).max_y, 50.0);
  const Box over = lon_lat_box(from_wkt("POLYGON ((179 -1, -179 -1, -179 1, 179 1, 179 -1))"),
                               wgs84(), Edges::geodesic);
  EXPECT_NEAR(over.min_x, 179.0, 1e-9);
  EXPECT_NEAR(over.max_x, 181.0, 1e-9);
  const Box split = lon_lat_box(from_wkt("MULTIPOLYGON (((179 -1, 180 -1, 180 1, 179 1, 179 -1)), "
                                         "((-180 -1, -179 -1, -179 1, -180 1, -180 -1)))"),
                                wgs84(), Edges::geodesic);
  EXPECT_NEAR(split.max_x - split.min_x, 2.0, 1e-9);
  const Box cap = lon_lat_box(from_wkt("POLYGON ((0 -70, 90 -70, 180 -70, -90 -70, 0 -70))"),
                              wgs84(), Edges::geodesic);
  EXPECT_EQ(cap.min_y, -90.0);
  EXPECT_EQ(cap.max_x - cap.min_x, 360.0);
  const Box utm =
      lon_lat_box(from_wkt("POINT (500000 4000000)"), parse_crs("EPSG:32611"), Edges::straight);
  EXPECT_NEAR(utm.min_x, -117.0, 1e-9);
  EXPECT_TRUE(lon_lat_box(Geometry{}, wgs84(), Edges::geodesic).empty());
}

TEST(Nearest, OfTwoCrsOrTwoKindsOfEdgesIsRefused) {
  // The same numbers in degrees of two datums lie some metres apart: no distance to be told.
  const Geometry place = from_wkt("POINT (10 50)");
  const NearestReady here(place, wgs84(), Edges::geodesic);
  const auto code = [&](const NearestReady& there) {
    try {
      static_cast<void>(nearest(here, there));
    } catch (const Error& error) {
      return error.code;
    }
    return std::string();
  };
  EXPECT_EQ(code(NearestReady(place, parse_crs("EPSG:4267"), Edges::geodesic)), "crs.mixed");
  EXPECT_EQ(code(NearestReady(place, parse_crs("local:m"), Edges::geodesic)), "crs.mixed");
  EXPECT_EQ(code(NearestReady(place, wgs84(), Edges::straight)), "crs.mixed");
  EXPECT_EQ(code(NearestReady(place, wgs84(), Edges::geodesic)), "");
}

}  // namespace
}  // namespace lode
