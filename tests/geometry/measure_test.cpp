// Areas and lengths against closed forms and GeographicLib with densely cut edges.
#include "libgeo/geometry/measure.h"

#include <gtest/gtest.h>

#include <algorithm>

#include <GeographicLib/Geodesic.hpp>
#include <GeographicLib/PolarStereographic.hpp>
#include <GeographicLib/PolygonArea.hpp>
#include <GeographicLib/TransverseMercator.hpp>
#include <cmath>
#include <functional>

#include "libgeo/core/error.h"
#include "libgeo/core/random.h"
#include "libgeo/geometry/overlay.h"

namespace lode {
namespace {

constexpr double earth_m2 = 510065621724088.44;  // Moritz 2000, GRS 80/WGS 84 surface (Karney)

/// Area and perimeter by GeographicLib of a ring whose edges are cut into `cuts` parts each.
std::pair<double, double> dense(const Path& ring, int cuts,
                                const std::function<LonLat(Point)>& undo) {
  const GeographicLib::PolygonArea polygon_base(GeographicLib::Geodesic::WGS84());
  GeographicLib::PolygonArea polygon(GeographicLib::Geodesic::WGS84());
  for (std::size_t i = 0; i + 1 < ring.size(); ++i)
    for (int k = 0; k < cuts; ++k) {
      const double t = static_cast<double>(k) / cuts;
      const LonLat p = undo({ring[i].x + t * (ring[i + 1].x - ring[i].x),
                             ring[i].y + t * (ring[i + 1].y - ring[i].y)});
      polygon.AddPoint(p.lat_deg, p.lon_deg);
    }
  double perimeter = 0, area = 0;
  polygon.Compute(false, true, perimeter, area);
  return {std::abs(area), perimeter};
}

LonLat undo_utm11(Point p) {
  LonLat out;
  GeographicLib::TransverseMercator::UTM().Reverse(-117.0, p.x - 500000.0, p.y, out.lat_deg,
                                                   out.lon_deg);
  return out;
}

Path square(double x, double y, double side) {
  return {{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}, {x, y}};
}

TEST(Area, OfStraightUtmEdgesIsGeodesic) {
  const Crs utm = parse_crs("EPSG:32611");
  for (const double side : {1e3, 30e3}) {
    const Path ring = square(700000, 3900000, side);
    // The oracle's own error falls with the square of the cuts: extrapolated from two of them.
    const auto coarse = dense(ring, 500, undo_utm11), fine = dense(ring, 1000, undo_utm11);
    const double area = fine.first + (fine.first - coarse.first) / 3.0;
    EXPECT_NEAR(area_m2(polygon_geometry(ring), utm) / area, 1.0, 1e-9) << side;
    EXPECT_NEAR(length_m(polygon_geometry(ring), utm) / fine.second, 1.0, 1e-9);
  }
  // A few metres have one scale k, and a conformal map enlarges areas by its square.
  double lat = 0, lon = 0, convergence = 0, k = 0;
  GeographicLib::TransverseMercator::UTM().Reverse(-117.0, 200005.0, 3900005.0, lat, lon,
                                                   convergence, k);
  EXPECT_NEAR(area_m2(polygon_geometry(square(700000, 3900000, 10.0)), utm) * k * k / 100.0, 1.0,
              1e-9);
}

TEST(Area, OfProjectionsThatKeepAreas) {
  // Edges cut into a thousand parts each, undone by PROJ, measured by GeographicLib.
  for (const char* code : {"EPSG:5070", "EPSG:3035", "EPSG:6933"}) {
    const Crs crs = parse_crs(code);
    ASSERT_TRUE(keeps_areas(crs)) << code;
    const Point o = from_lon_lat(
        code == std::string("EPSG:3035") ? LonLat{15.0, 48.0} : LonLat{-101.0, 41.0}, crs);
    const Path ring{{o.x, o.y},
                    {o.x + 9000, o.y + 1000},
                    {o.x + 4000, o.y + 7000},
                    {o.x - 2000, o.y + 11000},
                    {o.x, o.y}};
    const double expected = dense(ring, 1000, [&](Point p) { return to_lon_lat(p, crs); }).first;
    EXPECT_NEAR(area_m2(polygon_geometry(ring), crs, Edges::straight), expected, 1e-9 * expected)
        << code;
  }
  for (const char* code : {"EPSG:32613", "EPSG:3857", "EPSG:2163", "EPSG:4326", "local:m"})
    EXPECT_FALSE(keeps_areas(parse_crs(code))) << code;
}

TEST(Area, OfLongAndSkinnyProjectedRings) {
  const Crs utm = parse_crs("EPSG:32611");
  const Path ring = {{300000, 3000000}, {700000, 5000000}, {700050, 5000000}, {300000, 3000000}};
  const auto coarse = dense(ring, 4000, undo_utm11), fine = dense(ring, 8000, undo_utm11);
  const double area = fine.first + (fine.first - coarse.first) / 3.0;
  EXPECT_NEAR(area_m2(polygon_geometry(ring), utm) / area, 1.0, 1e-7);
}

TEST(Area, OfGeodesicEdgesInAProjection) {
  const Crs utm = parse_crs("EPSG:32611");
  const Path ring = square(700000, 3900000, 30e3);
  EXPECT_NEAR(
      area_m2(polygon_geometry(ring), utm, Edges::geodesic) / dense(ring, 1, undo_utm11).first, 1.0,
      1e-9);
}

// The area between two parallels has a closed form; a web-map square follows parallels and
// meridians.
double zone_m2(double south_deg, double north_deg, double lon_deg) {
  const long double f = 1.0L / 298.257223563L, e2 = f * (2.0L - f), e = std::sqrt(e2);
  const long double b = 6378137.0L * (1.0L - f), degree = std::acos(-1.0L) / 180.0L;
  const auto q = [&](double lat) {
    const long double s = std::sin(lat * degree);
    return 0.5L * b * b * (s / (1 - e2 * s * s) + std::atanh(e * s) / e);
  };
  return static_cast<double>((q(north_deg) - q(south_deg)) * lon_deg * degree);
}

TEST(Area, OfParallelsAndMeridiansHasAClosedForm) {
  const Path box = {{-120, 34}, {-110, 34}, {-110, 45}, {-120, 45}, {-120, 34}};
  const Geometry degrees = polygon_geometry(box);
  EXPECT_NEAR(area_m2(degrees, wgs84(), Edges::straight) / zone_m2(34, 45, 10), 1.0, 1e-13);
  const Crs mercator = parse_crs("EPSG:3857");
  const Transform there(wgs84(), mercator);
  Geometry moved = degrees;
  for_each_vertex(moved, [&](Point& p) { there.forward(&p.x, &p.y, 1); });
  EXPECT_NEAR(area_m2(moved, mercator) / zone_m2(34, 45, 10), 1.0, 1e-9);
  const Geometry world =
      polygon_geometry({{-180, -90}, {180, -90}, {180, 90}, {-180, 90}, {-180, -90}});
  EXPECT_NEAR(area_m2(world, wgs84(), Edges::straight) / earth_m2, 1.0, 1e-14);
}

// Ten metres by ten near the pole and at the equator: no digit may be lost to cancellation.
TEST(Area, OfSmallRingsKeepsItsDigits) {
  for (const double lat : {0.0, 45.0, -89.9}) {
    const Path ring = {
        {10, lat}, {10.0001, lat}, {10.0001, lat + 0.0001}, {10, lat + 0.0001}, {10, lat}};
    const double exact = zone_m2(lat, lat + 0.0001, 0.0001);
    EXPECT_NEAR(area_m2(polygon_geometry(ring), wgs84(), Edges::straight) / exact, 1.0, 1e-8)
        << lat;
    EXPECT_NEAR(area_m2(polygon_geometry(ring), wgs84()) / exact, 1.0, 1e-6) << lat;
  }
}

TEST(Area, AroundAPoleInItsProjection) {
  const Crs south = parse_crs("EPSG:3031"), north = parse_crs("EPSG:3413");
  const Geometry ring = polygon_geometry(square(-1e6, -1e6, 2e6));
  const auto undo = [](Point p) {  // standard parallel 71 S: scale at the pole 0.97276901289
    LonLat out;
    const double k = 0.9727690128917972;
    GeographicLib::PolarStereographic ups(6378137.0, 1.0 / 298.257223563, k);
    ups.Reverse(false, p.x, p.y, out.lat_deg, out.lon_deg);
    return out;
  };
  const auto coarse = dense(ring.polygons[0].shell, 4000, undo);
  const auto fine = dense(ring.polygons[0].shell, 8000, undo);
  const double area = fine.first + (fine.first - coarse.first) / 3.0;
  EXPECT_NEAR(area_m2(ring, south) / area, 1.0, 1e-8);
  Geometry turned = ring;
  std::reverse(turned.polygons[0].shell.begin(), turned.polygons[0].shell.end());
  EXPECT_NEAR(area_m2(turned, south) / area_m2(ring, south), 1.0, 1e-14);
  EXPECT_GT(area_m2(ring, north), 3.5e12);
  EXPECT_LT(area_m2(ring, north), 4.5e12);
  // An edge right through the pole: the two halves make the whole.
  const Geometry left =
      polygon_geometry({{-1e6, -1e6}, {0, -1e6}, {0, 1e6}, {-1e6, 1e6}, {-1e6, -1e6}});
  const Geometry right =
      polygon_geometry({{0, -1e6}, {1e6, -1e6}, {1e6, 1e6}, {0, 1e6}, {0, -1e6}});
  EXPECT_NEAR((area_m2(left, south) + area_m2(right, south)) / area_m2(ring, south), 1.0, 1e-9);
}

// Fault list of the bad inputs: geom/g_antimeridian.gpkg, "about 1.24e8 m2".
TEST(Area, OverTheAntimeridianInEveryWriting) {
  const double exact = 124184000.0;
  const Geometry jump =
      from_wkt("POLYGON ((179.9 60, -179.9 60, -179.9 60.1, 179.9 60.1, 179.9 60))");
  const Geometry past =
      from_wkt("POLYGON ((179.9 60, 180.1 60, 180.1 60.1, 179.9 60.1, 179.9 60))");
  const Geometry split = from_wkt(
      "MULTIPOLYGON (((179.9 60, 180 60, 180 60.1, 179.9 60.1, 179.9 60)),"
      "((-180 60, -179.9 60, -179.9 60.1, -180 60.1, -180 60)))");
  EXPECT_NEAR(area_m2(jump, wgs84()), exact, 0.002 * exact);
  EXPECT_NEAR(area_m2(jump, wgs84()), area_m2(past, wgs84()), 1e-3);
  EXPECT_NEAR(area_m2(jump, wgs84()) / area_m2(split, wgs84()), 1.0, 1e-5);
  EXPECT_NEAR(area_m2(past, wgs84(), Edges::straight), zone_m2(60, 60.1, 0.2), 1.0);
}

TEST(Area, TakesHolesOffAndHonoursUnits) {
  Geometry ring = polygon_geometry(square(0, 0, 100));
  ring.polygons[0].holes.push_back(square(10, 10, 50));
  EXPECT_EQ(area_m2(ring, parse_crs("local:m")), 7500.0);
  EXPECT_NEAR(area_m2(ring, parse_crs("local:ft")), 7500.0 * 0.3048 * 0.3048, 1e-9);
  EXPECT_EQ(length_m(ring, parse_crs("local:m")), 600.0);
  // EPSG:2229 and EPSG:26945 are one projection, in US survey feet and in metres.
  const double foot = 1200.0 / 3937.0;
  const Geometry metres = polygon_geometry(square(2000000.0 + 3e5, 500000.0, 5000.0));
  Geometry feet = metres;
  for_each_vertex(feet, [&](Point& p) { p = {p.x / foot, p.y / foot}; });
  EXPECT_NEAR(area_m2(feet, parse_crs("EPSG:2229")) / area_m2(metres, parse_crs("EPSG:26945")), 1.0,
              1e-9);
  EXPECT_EQ(area_m2(point_geometry(1, 2), wgs84()), 0.0);
}

TEST(Area, OfGradsIsThatOfDegrees) {
  const Geometry grads = polygon_geometry({{0, 50}, {1, 50}, {1, 51}, {0, 51}, {0, 50}});
  Crs degrees = parse_crs("EPSG:4807");
  degrees.radians_per_unit = std::acos(-1.0) / 180.0;
  degrees.wkt = "the same ellipsoid in degrees";
  const Geometry same = polygon_geometry({{0, 45}, {0.9, 45}, {0.9, 45.9}, {0, 45.9}, {0, 45}});
  EXPECT_NEAR(area_m2(grads, parse_crs("EPSG:4807")) / area_m2(same, degrees), 1.0, 1e-12);
}

TEST(Area, OfPartsAddsUp) {
  const Crs utm = parse_crs("EPSG:32611");
  const Random random{11, 1};
  for (std::uint64_t i = 0; i < 50; ++i) {
    const double x = 250000 + 500000 * random.uniform(3 * i), y = 9e6 * random.uniform(3 * i + 1);
    const double cut = 20e3 * random.uniform(3 * i + 2);
    const Path whole = square(x, y, 20e3);
    const Path west = {{x, y}, {x + cut, y}, {x + cut, y + 20e3}, {x, y + 20e3}, {x, y}};
    const Path east = {
        {x + cut, y}, {x + 20e3, y}, {x + 20e3, y + 20e3}, {x + cut, y + 20e3}, {x + cut, y}};
    const double sum = area_m2(polygon_geometry(west), utm) + area_m2(polygon_geometry(east), utm);
    EXPECT_NEAR(sum / area_m2(polygon_geometry(whole), utm), 1.0, 2e-9);
  }
}

// A parallel of latitude: N cos(lat) times the longitude.
TEST(Length, OfAParallelHasAClosedForm) {
  const double e2 = (2.0 - 1.0 / 298.257223563) / 298.257223563, degree = std::acos(-1.0) / 180.0;
  const double n = 6378137.0 / std::sqrt(1.0 - e2 * std::pow(std::sin(60 * degree), 2));
  const Geometry line = from_wkt("LINESTRING (-20 60, 150 60)");
  const double exact = n * std::cos(60 * degree) * 170 * degree;
  EXPECT_NEAR(length_m(line, wgs84(), Edges::straight) / exact, 1.0, 1e-10);
  EXPECT_LT(length_m(line, wgs84()), exact);
}

TEST(ToLonLat, GoesThereAndBack) {
  const Crs utm = parse_crs("EPSG:32611");
  const LonLat place = to_lon_lat(Point{636044.753897, 3929527.723539}, utm);
  EXPECT_NEAR(place.lon_deg, -115.5, 1e-11);
  EXPECT_NEAR(place.lat_deg, 35.5, 1e-11);
  const Point back = from_lon_lat(place, utm);
  EXPECT_NEAR(back.x, 636044.753897, 1e-6);
}

TEST(Reproject, KeepsEdgesWithinTolerance) {
  const Transform back(parse_crs("EPSG:32611"), wgs84());
  const Geometry ring = polygon_geometry(square(600000, 3900000, 100e3));
  const Geometry moved = reproject(ring, back, 0.01);
  EXPECT_GT(moved.polygons[0].shell.size(), 100u);
  EXPECT_EQ(moved.polygons[0].shell.front(), moved.polygons[0].shell.back());
  const double a = area_m2(ring, back.from());
  EXPECT_NEAR(area_m2(moved, wgs84(), Edges::straight), a, 4 * 100e3 * 0.01);
  EXPECT_EQ(reproject(ring, Transform(wgs84(), wgs84())), ring);
  EXPECT_LT(reproject(ring, back, 100.0).polygons[0].shell.size(), 40u);
}

TEST(Reproject, RefusesWhatCannotBeMoved) {
  const Transform there(wgs84(), parse_crs("EPSG:32611"));
  try {
    (void)reproject(point_geometry(-115, 95), there);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code, "crs.transform");
  }
  try {
    (void)reproject(point_geometry(-115, 35), there, 0.0);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code, "crs.tolerance");
  }
  EXPECT_THROW((void)to_lon_lat(Point{1e30, 1e30}, there.to()), Error);
}

TEST(RepresentativePoint, LiesOnTheGeometry) {
  EXPECT_EQ(representative_point(point_geometry(3, 4)), (Point{3, 4}));
  EXPECT_EQ(representative_point(from_wkt("LINESTRING (0 0, 10 0, 10 10)")), (Point{10, 0}));
  EXPECT_EQ(representative_point(polygon_geometry(square(0, 0, 2))), (Point{1, 1}));
  const Geometry c = from_wkt("POLYGON ((0 0, 10 0, 10 1, 1 1, 1 9, 10 9, 10 10, 0 10, 0 0))");
  EXPECT_TRUE(covers(c, representative_point(c)));
  const Geometry two =
      from_wkt("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 1, 0 0)), ((5 5, 9 5, 9 9, 5 9, 5 5)))");
  EXPECT_EQ(representative_point(two), (Point{7, 7}));
  EXPECT_TRUE(std::isnan(representative_point(Geometry{}).x));
}

}  // namespace
}  // namespace lode
