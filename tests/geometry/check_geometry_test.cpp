// Validity and repair: the bad inputs' geometries, GEOS's own validity cases.
#include <geos_c.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>

#include "libgeo/core/error.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/geometry/overlay.h"

namespace lode {
namespace {

const Crs& grid() {
  static const Crs crs = parse_crs("local:m");
  return crs;
}

struct Checked {
  Geometry geometry;
  GeometryCheck check;
  double area = 0.0;  ///< planar
};

Checked checked(const std::string& wkt, const Crs& crs = grid()) {
  Checked out;
  out.geometry = from_wkt(wkt);
  out.check = check_geometry(out.geometry, crs, "layer:1");
  out.area = area_m2(out.geometry, grid());
  return out;
}

// Geometries and areas of shared/data/bad_inputs/geom (manifest.csv, column value).
TEST(CheckGeometry, MendsByUnionNotEvenOdd) {
  const Checked bow = checked(
      "POLYGON ((508000 3461000,508800 3461800,508800 3461000,508000 3461800,508000 3461000))");
  EXPECT_FALSE(bow.check.valid);
  EXPECT_TRUE(bow.check.repaired);
  EXPECT_THAT(bow.check.fault, ::testing::HasSubstr("Self-intersection at (508400 3461400)"));
  EXPECT_NEAR(bow.area, 320000.0, 1e-9 * 320000);
  EXPECT_NEAR(bow.check.area_before_m2, 0.0, 1e-6);
  EXPECT_NEAR(bow.check.area_after_m2, 320000.0, 1e-3);

  const Checked overlap = checked(
      "MULTIPOLYGON (((508000 3461000,509600 3461000,509600 3462600,508000 3462600,508000 "
      "3461000)),"
      "((508800 3461000,510400 3461000,510400 3462600,508800 3462600,508800 3461000)))");
  EXPECT_FALSE(overlap.check.valid);
  EXPECT_NEAR(overlap.area, 3840000.0, 1e-9 * 3840000);
  EXPECT_NEAR(overlap.check.area_before_m2, 5120000.0, 1e-3);
  EXPECT_EQ(overlap.geometry.polygons.size(), 1u);

  const Checked spike = checked(
      "POLYGON ((508000 3461000,508800 3461000,508800 3461800,508800 3468200,508800 3461800,508000 "
      "3461800,508000 3461000))");
  EXPECT_FALSE(spike.check.valid);
  EXPECT_NEAR(spike.area, 640000.0, 1e-9 * 640000);
  EXPECT_EQ(box_of(spike.geometry).max_y, 3461800.0);

  const Checked reversed = checked(
      "POLYGON ((508000 3461000,508000 3461800,508800 3461800,508800 3461000,508000 3461000))");
  EXPECT_TRUE(reversed.check.valid);
  EXPECT_FALSE(reversed.check.repaired);
  EXPECT_EQ(reversed.area, 640000.0);
  EXPECT_EQ(reversed.geometry.polygons[0].shell[1], (Point{508800, 3461000}));  // counter-clockwise

  const Checked z = checked(
      "POLYGON Z ((508000 3461000 5,508800 3461000 5,508800 3461800 5,508000 3461800 5,508000 "
      "3461000 5))");
  EXPECT_TRUE(z.check.valid);
  EXPECT_EQ(z.area, 640000.0);
}

TEST(CheckGeometry, KeepsBothLobesOfARingThatOverlapsItself) {
  // Winds twice around the square in the middle: 16 covered, even-odd would say 15.
  const Checked twice =
      checked("POLYGON ((0 0, 4 0, 4 4, 1 4, 1 3, 3 3, 3 1, 2 1, 2 4, 0 4, 0 0))");
  EXPECT_FALSE(twice.check.valid);
  EXPECT_GE(twice.area, 13.0);
  const Checked nested = checked("MULTIPOLYGON (((0 0,4 0,4 4,0 4,0 0)),((1 1,2 1,2 2,1 2,1 1)))");
  EXPECT_FALSE(nested.check.valid);
  EXPECT_EQ(nested.area, 16.0);
  const Checked outside =
      checked("POLYGON ((0 0,4 0,4 4,0 4,0 0),(10 10,11 10,11 11,10 11,10 10))");
  EXPECT_FALSE(outside.check.valid);
  EXPECT_EQ(outside.area, 17.0);  // as GEOS: a ring that cuts nothing out is a part of its own
}

TEST(CheckGeometry, LeavesNothingOfZeroArea) {
  for (const char* wkt :
       {"POLYGON ((0 0, 1 1, 2 2, 0 0))", "POLYGON ((0 0, 1 1, 0 0))",
        "POLYGON ((0 0, 0 0, 0 0, 0 0))", "POLYGON ((0 0, 5 0, 0 0, 5 0, 0 0))"}) {
    const Checked c = checked(wkt);
    EXPECT_FALSE(c.check.valid) << wkt;
    EXPECT_TRUE(c.check.empty) << wkt;
    EXPECT_FALSE(c.check.repaired) << wkt;
    EXPECT_TRUE(c.geometry.empty()) << wkt;
  }
  EXPECT_TRUE(checked("POLYGON EMPTY").check.empty);
  EXPECT_TRUE(checked("POLYGON EMPTY").check.valid);
}

TEST(CheckGeometry, ClosesRings) {
  Geometry open = polygon_geometry({{0, 0}, {4, 0}, {4, 4}, {0, 4}});
  const GeometryCheck check = check_geometry(open, grid());
  EXPECT_FALSE(check.valid);
  EXPECT_THAT(check.fault, ::testing::HasSubstr("Ring not closed"));
  EXPECT_EQ(open.polygons[0].shell.size(), 5u);
  EXPECT_EQ(check.area_after_m2, 16.0);
}

TEST(CheckGeometry, LeavesPointsAndLinesButForRepeats) {
  const Checked line = checked("LINESTRING (0 0, 0 0, 100 100, 100 0, 0 100, 0 0)");
  EXPECT_TRUE(line.check.valid);
  EXPECT_EQ(line.geometry.lines[0].size(), 5u);
  const Checked points = checked("MULTIPOINT ((10 10), (20 20), (10 10))");
  EXPECT_TRUE(points.check.valid);
  EXPECT_EQ(points.geometry.points, (std::vector<Point>{{10, 10}, {20, 20}}));
  const Checked none = checked("LINESTRING (1 1, 1 1)");
  EXPECT_FALSE(none.check.valid);
  EXPECT_TRUE(none.check.empty);
}

TEST(CheckGeometry, RefusesCoordinatesThatAreNone) {
  const double bad[] = {std::numeric_limits<double>::quiet_NaN(),
                        std::numeric_limits<double>::infinity(), -1e300, 1e12};
  for (const double value : bad) {
    Geometry g = polygon_geometry({{0, 0}, {value, 0}, {1, 1}, {0, 0}});
    try {
      check_geometry(g, grid(), "layer:7");
      FAIL() << value;
    } catch (const Error& e) {
      EXPECT_EQ(e.code, "geometry.bad_coordinate");
      EXPECT_EQ(e.where, "layer:7");
    }
  }
}

TEST(CheckGeometry, JudgesOverTheAntimeridian) {
  const Checked ring =
      checked("POLYGON ((179.9 60,-179.9 60,-179.9 60.1,179.9 60.1,179.9 60))", wgs84());
  EXPECT_TRUE(ring.check.valid);
  EXPECT_EQ(ring.geometry.polygons[0].shell[1], (Point{-179.9, 60}));  // winding kept: it was right
  const Checked bow =
      checked("POLYGON ((179.9 60,-179.9 60.1,-179.9 60,179.9 60.1,179.9 60))", wgs84());
  EXPECT_FALSE(bow.check.valid);
  EXPECT_NEAR(area_m2(bow.geometry, wgs84()), 0.5 * 124184000.0, 0.01 * 124184000.0);
  EXPECT_TRUE(checked("POLYGON ((0 -70,120 -70,-120 -70,0 -70))", wgs84()).check.valid);
}

TEST(CheckGeometry, JudgesManyHolesOfALargeShell) {
  // 11,000 vertices and 1,024 square holes of side 1 on a grid: area 360 * 360 - 1,024.
  const auto made = [] {
    Polygon polygon;
    const Point corners[] = {{0, 0}, {360, 0}, {360, 360}, {0, 360}, {0, 0}};
    for (int side = 0; side < 4; ++side)
      for (int i = 0; i < 2750; ++i) {
        const double t = i / 2750.0;
        polygon.shell.push_back({corners[side].x + t * (corners[side + 1].x - corners[side].x),
                                 corners[side].y + t * (corners[side + 1].y - corners[side].y)});
      }
    polygon.shell.push_back({0, 0});
    for (int k = 0; k < 1024; ++k) {
      const double x = 20 + 10 * (k % 32), y = 20 + 10 * (k / 32);
      polygon.holes.push_back({{x, y}, {x, y + 1}, {x + 1, y + 1}, {x + 1, y}, {x, y}});
    }
    Geometry g;
    g.kind = GeometryKind::polygon;
    g.polygons.push_back(std::move(polygon));
    return g;
  };
  Geometry sound = made();
  EXPECT_TRUE(check_geometry(sound, grid()).valid);
  EXPECT_NEAR(area_m2(sound, grid()), 360.0 * 360.0 - 1024.0, 1e-6);
  Geometry overlapping = made();
  for (Point& p : overlapping.polygons[0].holes[500]) p.x += 9.5;  // half over its neighbour
  EXPECT_FALSE(check_geometry(overlapping, grid()).valid);
  EXPECT_NEAR(area_m2(overlapping, grid()), 360.0 * 360.0 - 1023.5, 1e-6);
  Geometry outside = made();
  for (Point& p : outside.polygons[0].holes[7]) p.y -= 100.0;
  const GeometryCheck check = check_geometry(outside, grid());
  EXPECT_FALSE(check.valid);
  EXPECT_THAT(check.fault, ::testing::HasSubstr("Hole lies outside shell"));
}

TEST(CheckGeometry, MendsOnlyOnce) {
  Checked bow = checked("POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0), (2 1, 3 1, 3 2, 2 2, 2 1))");
  EXPECT_FALSE(bow.check.valid);
  const double area = bow.area;
  const GeometryCheck again = check_geometry(bow.geometry, grid());
  EXPECT_TRUE(again.valid);
  EXPECT_EQ(area_m2(bow.geometry, grid()), area);
}

std::string data_folder() {
  const char* given = std::getenv("LODE_DATA");
  return given != nullptr ? given : std::string(LODE_SOURCE_DIR) + "/../shared/data";
}

/// Fields of one CSV line with quotes.
std::vector<std::string> fields(const std::string& line) {
  std::vector<std::string> out(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      out.emplace_back();
    else
      out.back() += c;
  }
  return out;
}

/// Area after GEOS's own repair by the structure method, in the test's own context.
double mended_by_geos(const std::string& wkt) {
  GEOSContextHandle_t ctx = GEOS_init_r();
  GEOSWKTReader* reader = GEOSWKTReader_create_r(ctx);
  GEOSGeometry* g = GEOSWKTReader_read_r(ctx, reader, wkt.c_str());
  double area = std::numeric_limits<double>::quiet_NaN();
  if (g != nullptr) {
    GEOSMakeValidParams* params = GEOSMakeValidParams_create_r(ctx);
    GEOSMakeValidParams_setMethod_r(ctx, params, GEOS_MAKE_VALID_STRUCTURE);
    GEOSGeometry* mended = GEOSMakeValidWithParams_r(ctx, g, params);
    GEOSArea_r(ctx, mended, &area);
    GEOSGeom_destroy_r(ctx, mended);
    GEOSMakeValidParams_destroy_r(ctx, params);
    GEOSGeom_destroy_r(ctx, g);
  }
  GEOSWKTReader_destroy_r(ctx, reader);
  GEOS_finish_r(ctx);
  return area;
}

TEST(CheckGeometry, AgreesWithGeosOnItsValidityCases) {
  std::ifstream in(data_folder() + "/bad_inputs/real/geos/geos_validity_sample.csv");
  if (!in) GTEST_SKIP() << "no bad_inputs/real/geos: set LODE_DATA to the folder of real data";
  std::string line;
  std::getline(in, line);
  int seen = 0, invalid = 0;
  while (std::getline(in, line)) {
    const auto row = fields(line);
    ASSERT_EQ(row.size(), 4u) << line;
    const std::string& wkt = row[2];
    const bool valid = row[3].substr(0, 4) == "true";
    if (wkt.find("GEOMETRYCOLLECTION") == 0) continue;
    ++seen;
    if (wkt.find("NaN") != std::string::npos) {
      EXPECT_THROW((void)from_wkt(wkt), Error) << row[1];
      continue;
    }
    Checked c;
    c.geometry = from_wkt(wkt);
    const Box box = box_of(c.geometry);
    if (std::max({-box.min_x, box.max_x, -box.min_y, box.max_y}) >= 1e12) {  // none on Earth
      EXPECT_FALSE(c.geometry.empty());
      EXPECT_THROW(check_geometry(c.geometry, grid()), Error) << row[1];
      continue;
    }
    c.check = check_geometry(c.geometry, grid());
    // A line of one place twice is valid for GEOS, but has no length to work with.
    if (c.geometry.kind == GeometryKind::polygon) {
      EXPECT_EQ(c.check.valid, valid) << row[1];
    }
    if (valid || c.geometry.kind != GeometryKind::polygon) continue;
    ++invalid;
    const double geos = mended_by_geos(wkt);
    const double ours = area_m2(c.geometry, grid());
    if (std::isnan(geos)) {
      EXPECT_EQ(ours, 0.0) << row[1];
    }  // GEOS cannot even read it
    else
      EXPECT_NEAR(ours, geos, 1e-9 * std::max(1.0, geos)) << row[1];
  }
  EXPECT_EQ(seen, 212);
  EXPECT_EQ(invalid, 12);
}

}  // namespace
}  // namespace lode
