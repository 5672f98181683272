// What geometries hold that the memory model does not, and places that cannot be meant.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/geometry/measure.h"
#include "libgeo/io/inspect.h"
#include "libgeo/io/layer.h"
#include "tests/io/scratch.h"
#include "tests/io/told.h"

namespace lode {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// A mine grid with one feature for each WKT.
std::string wkt_file(const Scratch& scratch, const std::vector<std::string>& features) {
  std::string text = "id,WKT\n";
  for (std::size_t i = 0; i < features.size(); ++i) {
    text += std::to_string(i + 1) + ",\"" + features[i] + "\"\n";
  }
  return scratch.write("a.csv", text);
}

Layer read(const std::vector<std::string>& features) {
  const Scratch scratch;
  ReadOptions options;
  options.input_crs = "local:m";
  return read_layer(wkt_file(scratch, features), options);
}

TEST(Geometries, CollectionsKeepTheirHighestDimension) {
  const Layer layer =
      read({"GEOMETRYCOLLECTION (POINT (9 9),POLYGON ((0 0,4 0,4 3,0 0)),LINESTRING (0 0,9 9))",
            "GEOMETRYCOLLECTION (POINT (9 9),LINESTRING (0 0,3 4))",
            "GEOMETRYCOLLECTION (POLYGON ((5 0,9 0,9 3,5 0)),POLYGON ((0 0,4 0,4 3,0 0)))"});
  EXPECT_EQ(told(layer.findings, "geometry.collection"), "warning 2 a.csv, line 2");
  EXPECT_EQ(layer.geometry[0].kind, GeometryKind::polygon);
  EXPECT_EQ(area_m2(layer.geometry[0], layer.crs), 6);
  EXPECT_TRUE(layer.geometry[0].points.empty() && layer.geometry[0].lines.empty());
  EXPECT_EQ(length_m(layer.geometry[1], layer.crs), 5);
  EXPECT_EQ(layer.geometry[2].polygons.size(), 2U);
}

TEST(Geometries, CurvesAreMadeStraight) {
  const Layer layer = read({"CURVEPOLYGON (CIRCULARSTRING (0 0,1000 1000,2000 0,1000 -1000,0 0))",
                            "POLYGON ((0 0,4 0,4 3,0 0))", "MULTISURFACE (((0 0,4 0,4 3,0 0)))"});
  EXPECT_EQ(told(layer.findings, "geometry.curve"), "warning 2 a.csv, line 2");
  // The 90-gon in the circle of 1 km.
  const double sine = std::sin(4 * std::acos(-1.0) / 180);
  EXPECT_NEAR(area_m2(layer.geometry[0], layer.crs), 45 * 1e6 * sine, 1e-3);
  EXPECT_EQ(area_m2(layer.geometry[2], layer.crs), 6);
  const Layer arc = read({"CIRCULARSTRING (0 0,1000 1000,2000 0)"});
  EXPECT_EQ(told(arc.findings, "geometry.curve"), "warning 1 a.csv, line 2");
  EXPECT_EQ(arc.geometry[0].kind, GeometryKind::line);
  EXPECT_NEAR(length_m(arc.geometry[0], arc.crs), 45 * 2e3 * std::sin(std::acos(-1.0) / 90), 1e-6);
}

TEST(Geometries, HeightsAndMeasuresAreLeftOutAndCounted) {
  const Layer layer = read({"POINT Z (1 2 77)", "POINT M (3 4 77)", "POINT ZM (5 6 77 78)",
                            "POINT (7 8)", "LINESTRING Z (0 0 0,3 4 100)"});
  EXPECT_EQ(told(layer.findings, "geometry.z_dropped"), "note 4 a.csv, line 2");
  EXPECT_EQ(layer.geometry[0].points[0], (Point{1, 2}));
  EXPECT_EQ(layer.geometry[1].points[0], (Point{3, 4}));
  EXPECT_EQ(layer.geometry[2].points[0], (Point{5, 6}));
  EXPECT_EQ(length_m(layer.geometry[4], layer.crs), 5) << "along the map, not the slope";
}

TEST(Geometries, WhatWasLeftOutNamesTheFirstFeature) {
  const Scratch scratch;
  ReadOptions options;
  options.input_crs = "local:m";
  const std::string text =
      "name,WKT\nNorth,POINT (1 2)\n"
      "South,\"GEOMETRYCOLLECTION (POINT (9 9),LINESTRING (0 0,9 9))\"\n"
      "East,\"COMPOUNDCURVE (CIRCULARSTRING (0 0,1 1,2 0),(2 0,3 0))\"\n"
      "West,POINT Z (1 2 3)\nUp,POINT M (1 2 3)\n";
  const Findings findings = read_layer(scratch.write("a.csv", text), options).findings;
  EXPECT_EQ(told(findings, "geometry.collection"), "warning 1 a.csv, line 3");
  EXPECT_THAT(message_of(findings, "geometry.collection"), HasSubstr("the first is name South"));
  EXPECT_EQ(told(findings, "geometry.curve"), "warning 1 a.csv, line 4");
  EXPECT_THAT(message_of(findings, "geometry.curve"), HasSubstr("the first is name East"));
  EXPECT_EQ(told(findings, "geometry.z_dropped"), "note 2 a.csv, line 5");
  EXPECT_THAT(message_of(findings, "geometry.z_dropped"), HasSubstr("the first is name West"));
}

TEST(Geometries, WhatWasLeftOutNamesTheFirstFeatureOfGeoJson) {
  const Scratch scratch;
  const auto feature = [](int id, const std::string& geometry) {
    return R"({"type":"Feature","id":)" + std::to_string(id) + R"(,"properties":{"ID":"P)" +
           std::to_string(id) + R"("},"geometry":)" + geometry + "}";
  };
  const std::string path = scratch.write(
      "a.geojson", R"({"type":"FeatureCollection","features":[)" +
                       feature(7, R"({"type":"Point","coordinates":[1,2]})") + "," +
                       feature(9, R"({"type":"Point","coordinates":[1,2,30]})") + "," +
                       feature(11, R"({"type":"GeometryCollection","geometries":[
                         {"type":"Point","coordinates":[1,2]},
                         {"type":"LineString","coordinates":[[1,2],[3,4]]}]})") +
                       "]}");
  const Findings findings = read_layer(path).findings;
  EXPECT_EQ(told(findings, "geometry.z_dropped"), "note 1 a.geojson, feature 9");
  EXPECT_THAT(message_of(findings, "geometry.z_dropped"), HasSubstr("the first is ID P9"));
  EXPECT_EQ(told(findings, "geometry.collection"), "warning 1 a.geojson, feature 11");
  EXPECT_THAT(message_of(findings, "geometry.collection"), HasSubstr("the first is ID P11"));
}

Error error_of(const std::string& path, const ReadOptions& options) {
  try {
    static_cast<void>(read_layer(path, options));
  } catch (const Error& error) {
    return error;
  }
  return Error("none", "nothing was thrown", "", "");
}

TEST(Places, NumbersLikeDegreesAreSaidWhereNoCrsIs) {
  const Scratch scratch;
  const Error degrees = error_of(scratch.write("a.csv", "id,x,y\nA,-117.3,33.9\nB,10,51\n"), {});
  EXPECT_EQ(degrees.code, "crs.missing");
  EXPECT_THAT(degrees.hint, HasSubstr("they look like degrees: --input-crs EPSG:4326"));
  const Error metres = error_of(scratch.write("b.csv", "id,x,y\nA,-117.3,33.9\nB,10,91\n"), {});
  EXPECT_EQ(metres.code, "crs.missing");
  EXPECT_THAT(metres.hint, testing::Not(HasSubstr("degrees")));
}

TEST(Places, ExchangedAxesAreSaid) {
  const Scratch scratch;
  ReadOptions options;
  // Canberra and Perth: latitude in the column of the longitude.
  const std::string certain =
      scratch.write("a.csv", "id,lon,lat\nC,-35.3,149.1\nP,-31.95,115.86\n");
  const Error error = error_of(certain, options);
  EXPECT_EQ(error.code, "crs.mismatch");
  EXPECT_THAT(error.what(), HasSubstr("latitude and longitude are exchanged"));
  const Error metres = error_of(scratch.write("m.csv", "id,lon,lat\nC,508000,3461000\n"), options);
  EXPECT_THAT(metres.what(), testing::Not(HasSubstr("are exchanged")));
  // Berlin and Munich in ETRS89, whose area of use is Europe: 52 E 13 N lies off Oman.
  options.input_crs = "EPSG:4258";
  options.x = "x";
  options.y = "y";
  const Layer likely =
      read_layer(scratch.write("b.csv", "id,x,y\nB,52.52,13.4\nM,48.14,11.58\n"), options);
  EXPECT_EQ(told(likely.findings, "geometry.swapped"), "warning 2 b.csv, line 2");
  EXPECT_THAT(message_of(likely.findings, "geometry.swapped"),
              HasSubstr("longitude and latitude seem exchanged"));
  EXPECT_THAT(message_of(likely.findings, "geometry.swapped"), HasSubstr("the first is id B"));
  EXPECT_FALSE(likely.findings.has("crs.outside_area"));
  EXPECT_EQ(likely.geometry[0].points[0], (Point{52.52, 13.4})) << "nothing is exchanged for you";
  const Layer right =
      read_layer(scratch.write("c.csv", "id,x,y\nB,13.4,52.52\nM,11.58,48.14\n"), options);
  EXPECT_FALSE(right.findings.has("geometry.swapped"));
  // One feature that is right as it stands: the layer as a whole is not exchanged.
  const Layer mixed =
      read_layer(scratch.write("d.csv", "id,x,y\nB,52.52,13.4\nM,11.58,48.14\n"), options);
  EXPECT_FALSE(mixed.findings.has("geometry.swapped"));
  EXPECT_TRUE(mixed.findings.has("crs.outside_area"));
  // Northing before easting in UTM 32N: Munich.
  options.input_crs = "EPSG:25832";
  const Layer utm = read_layer(scratch.write("e.csv", "id,x,y\nM,5334000,691000\n"), options);
  EXPECT_THAT(message_of(utm.findings, "geometry.swapped"),
              HasSubstr("easting and northing seem exchanged"));
}

TEST(Geometries, KindsInOneLayerAreCounted) {
  const Layer layer =
      read({"POINT (1 2)", "POLYGON ((0 0,4 0,4 3,0 0))", "POINT (3 4)", "LINESTRING (0 0,1 1)"});
  EXPECT_EQ(told(layer.findings, "geometry.mixed_kinds"), "warning 1 a.csv");
  EXPECT_THAT(message_of(layer.findings, "geometry.mixed_kinds"),
              HasSubstr("2 points, 1 lines, 1 polygons"));
  EXPECT_EQ(layer.size(), 4U);
  EXPECT_EQ(area_m2(layer.geometry[0], layer.crs), 0);
  EXPECT_EQ(told(read({"POINT (1 2)", "MULTIPOINT (3 4,5 6)"}).findings, "geometry.mixed_kinds"),
            "");
}

TEST(Geometries, WhatHasNoAreaLosesItsPlaceButNotItsRow) {
  const Layer layer =
      read({"POLYGON ((0 0,4 0,4 3,0 0))", "POLYGON ((0 0,5 0,9 0,0 0))", "LINESTRING (1 1,1 1)",
            "MULTIPOLYGON (((0 0,4 0,4 3,0 0)),"
            "((9 9,9 9,9 9,9 9)))"});
  EXPECT_EQ(told(layer.findings, "geometry.zero_area"), "warning 1 a.csv, line 3");
  ASSERT_EQ(layer.size(), 4U);
  EXPECT_EQ(layer.geometry[1].kind, GeometryKind::none);
  EXPECT_EQ(layer.geometry[2].kind, GeometryKind::none);
  EXPECT_EQ(area_m2(layer.geometry[3], layer.crs), 6) << "the part that has an area stays";
}

TEST(Geometries, ALayerOfWhichNothingIsLeftIsRefused) {
  const Scratch scratch;
  const std::string path = wkt_file(scratch, {"POLYGON ((0 0,5 0,9 0,0 0))"});
  ReadOptions options;
  options.input_crs = "local:m";
  EXPECT_EQ(error_code_of([&] { static_cast<void>(read_layer(path, options)); }),
            "geometry.missing");
  EXPECT_EQ(told(read_table(path).findings, "geometry.zero_area"), "");
  InspectOptions inspect;
  inspect.reading = options;
  EXPECT_EQ(told(inspect_file(path, inspect).findings, "geometry.zero_area"),
            "warning 1 a.csv, line 2");
  inspect.role = Role::constraint;
  EXPECT_EQ(told(inspect_file(path, inspect).findings, "geometry.missing"), "error 1 a.csv");
}

TEST(Geometries, EveryKindOfWktIsSeenAsAPlace) {
  for (const char* wkt :
       {"CIRCULARSTRING (0 0,1 1,2 0)", "COMPOUNDCURVE ((0 0,1 1))", "TRIANGLE ((0 0,4 0,4 3,0 0))",
        "TIN (((0 0,4 0,4 3,0 0)))", "POLYHEDRALSURFACE (((0 0,4 0,4 3,0 0)))",
        "MULTICURVE ((0 0,1 1))", "SRID=1;POINT (1 2)"}) {
    EXPECT_FALSE(read({wkt}).geometry[0].empty()) << wkt;
  }
  const Scratch scratch;
  const Layer layer =
      read_layer(scratch.write("b.csv", "id,shape,lon,lat\nA,triangle,10,50\nB,circular,11,51\n"));
  EXPECT_EQ(layer.geometry[1].points[0], (Point{11, 51}));
  EXPECT_EQ(layer.table.texts("shape")[1], "circular");
}

TEST(Places, PointsAtZeroZeroAreKeptAndCounted) {
  const Scratch scratch;
  const Layer layer =
      read_layer(scratch.write("a.csv", "id,lon,lat\nA,10,50\nB,0,0\nC,0,50\nD,0,0\n"));
  EXPECT_EQ(told(layer.findings, "geometry.zero_zero"), "warning 2 a.csv, line 3");
  EXPECT_EQ(layer.geometry[1].points[0], (Point{0, 0}));
  EXPECT_EQ(told(read({"POLYGON ((0 0,4 0,4 3,0 0))"}).findings, "geometry.zero_zero"), "")
      << "a corner there is no place that was never filled in";
}

}  // namespace
}  // namespace lode
