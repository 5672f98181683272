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
  EXPECT_EQ(told(layer.findings, "geometry.collection"), "warning 2 a.csv");
  EXPECT_EQ(layer.geometry[0].kind, GeometryKind::polygon);
  EXPECT_EQ(area_m2(layer.geometry[0], layer.crs), 6);
  EXPECT_TRUE(layer.geometry[0].points.empty() && layer.geometry[0].lines.empty());
  EXPECT_EQ(length_m(layer.geometry[1], layer.crs), 5);
  EXPECT_EQ(layer.geometry[2].polygons.size(), 2U);
}

TEST(Geometries, CurvesAreMadeStraight) {
  const Layer layer = read({"CURVEPOLYGON (CIRCULARSTRING (0 0,1000 1000,2000 0,1000 -1000,0 0))",
                            "POLYGON ((0 0,4 0,4 3,0 0))", "MULTISURFACE (((0 0,4 0,4 3,0 0)))"});
  EXPECT_EQ(told(layer.findings, "geometry.curve"), "warning 2 a.csv");
  // The 90-gon in the circle of 1 km.
  const double sine = std::sin(4 * std::acos(-1.0) / 180);
  EXPECT_NEAR(area_m2(layer.geometry[0], layer.crs), 45 * 1e6 * sine, 1e-3);
  EXPECT_EQ(area_m2(layer.geometry[2], layer.crs), 6);
  const Layer arc = read({"CIRCULARSTRING (0 0,1000 1000,2000 0)"});
  EXPECT_EQ(told(arc.findings, "geometry.curve"), "warning 1 a.csv");
  EXPECT_EQ(arc.geometry[0].kind, GeometryKind::line);
  EXPECT_NEAR(length_m(arc.geometry[0], arc.crs), 45 * 2e3 * std::sin(std::acos(-1.0) / 90), 1e-6);
}

TEST(Geometries, HeightsAndMeasuresAreLeftOutAndCounted) {
  const Layer layer = read({"POINT Z (1 2 77)", "POINT M (3 4 77)", "POINT ZM (5 6 77 78)",
                            "POINT (7 8)", "LINESTRING Z (0 0 0,3 4 100)"});
  EXPECT_EQ(told(layer.findings, "geometry.z_dropped"), "note 4 a.csv");
  EXPECT_EQ(layer.geometry[0].points[0], (Point{1, 2}));
  EXPECT_EQ(layer.geometry[1].points[0], (Point{3, 4}));
  EXPECT_EQ(layer.geometry[2].points[0], (Point{5, 6}));
  EXPECT_EQ(length_m(layer.geometry[4], layer.crs), 5) << "along the map, not the slope";
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
