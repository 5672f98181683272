// Buffers judged by the geodesic inverse problem (GeographicLib's algorithm) and by closed forms.
#include "libgeo/environment/buffer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <numbers>

#include "libgeo/core/error.h"
#include "libgeo/crs/geodesic.h"
#include "libgeo/environment/near_index.h"

namespace lode {
namespace {

Geometry line_geometry(Path path) {
  Geometry g;
  g.kind = GeometryKind::line;
  g.lines.push_back(std::move(path));
  return g;
}

Geometry box(double w, double s, double e, double n) {
  return polygon_geometry({{w, s}, {e, s}, {e, n}, {w, n}, {w, s}});
}

bool on_seam(Point a, Point b) {
  return (std::abs(a.x) == 180.0 && a.x == b.x) || (std::abs(a.y) == 90.0 && a.y == b.y);
}

/// Largest |distance - r| over vertices, middles and quarters of the boundary's edges.
double worst_radius_error(const Geometry& buffer, LonLat centre, double r) {
  const Geodesic geodesic;
  double worst = 0.0;
  const auto ring = [&](const Path& path) {
    for (std::size_t i = 1; i < path.size(); ++i) {
      if (on_seam(path[i - 1], path[i])) continue;
      for (const double t : {0.0, 0.25, 0.5, 0.75}) {
        const LonLat p{path[i - 1].x + t * (path[i].x - path[i - 1].x),
                       path[i - 1].y + t * (path[i].y - path[i - 1].y)};
        worst = std::max(worst, std::abs(geodesic.distance_m(centre, p) - r));
      }
    }
  };
  for (const Polygon& polygon : buffer.polygons) {
    ring(polygon.shell);
    for (const Path& hole : polygon.holes) ring(hole);
  }
  return worst;
}

struct PointCase {
  double lon, lat, radius_m;
};

class PointBuffer : public ::testing::TestWithParam<PointCase> {};

TEST_P(PointBuffer, IsWithinToleranceOfItsRadiusAndHasTheAreaOfTheCap) {
  const auto [lon, lat, radius] = GetParam();
  const Geometry buffer = setback_of(point_geometry(lon, lat), wgs84(), radius);
  ASSERT_FALSE(buffer.empty());
  EXPECT_LE(worst_radius_error(buffer, {lon, lat}, radius), 1e-3 * radius);
  for (const Polygon& polygon : buffer.polygons)
    for (const Point& p : polygon.shell) {
      EXPECT_LE(std::abs(p.x), 180.0);
      EXPECT_LE(std::abs(p.y), 90.0);
    }
  // A spherical cap on the sphere of the ellipsoid's curvature is within a percent.
  const double cap =
      2.0 * std::numbers::pi * 6371007.0 * 6371007.0 * (1.0 - std::cos(radius / 6371007.0));
  EXPECT_NEAR(area_m2(buffer, wgs84(), Edges::straight) / cap, 1.0, 0.01);
}

std::vector<PointCase> point_cases() {
  std::vector<PointCase> out;
  for (const double lat : {0.0, 30.0, 45.0, 60.0, -70.0, 75.0, 85.0, 89.9, 90.0, -90.0})
    for (const double lon : {12.5, 179.9999, -180.0})
      for (const double r : {1.0, 100.0, 10e3, 100e3, 1000e3}) out.push_back({lon, lat, r});
  return out;
}

INSTANTIATE_TEST_SUITE_P(AnywhereOnEarth, PointBuffer, ::testing::ValuesIn(point_cases()));

/// Distance of boundary places from a line by densest sampling: points every few metres.
double worst_line_error(const Geometry& buffer, const Geometry& line, Edges edges, double r) {
  const NearIndex index({line}, wgs84(), edges);
  double worst = 0.0;
  const auto ring = [&](const Path& path) {
    for (std::size_t i = 1; i < path.size(); ++i) {
      if (on_seam(path[i - 1], path[i])) continue;
      for (const double t : {0.0, 0.5}) {
        const Point p{path[i - 1].x + t * (path[i].x - path[i - 1].x),
                      path[i - 1].y + t * (path[i].y - path[i - 1].y)};
        const double d = index.nearest(index.probe(point_geometry(p.x, p.y))).distance_m;
        worst = std::max(worst, std::abs(d - r));
      }
    }
  };
  for (const Polygon& polygon : buffer.polygons) {
    ring(polygon.shell);
    for (const Path& hole : polygon.holes) ring(hole);
  }
  return worst;
}

struct LineCase {
  Path path;
  double radius_m;
  Edges edges;
};

class LineBuffer : public ::testing::TestWithParam<LineCase> {};

TEST_P(LineBuffer, KeepsItsDistanceAllAlong) {
  const LineCase& c = GetParam();
  BufferOptions options;
  options.edges = c.edges;
  const Geometry buffer = setback_of(line_geometry(c.path), wgs84(), c.radius_m, options);
  ASSERT_FALSE(buffer.empty());
  EXPECT_LE(worst_line_error(buffer, line_geometry(c.path), c.edges, c.radius_m),
            1e-3 * c.radius_m);
}

std::vector<LineCase> line_cases() {
  const Path bend = {{10, 60}, {12, 60.5}, {13, 59.9}};
  const Path across = {{178, -40}, {-178, -41}, {-179.5, -42}};
  const Path polar = {{0, 88}, {120, 89.5}, {-100, 88.5}};
  const Path over_pole = {{20, 85}, {-160, 85}};
  const Path small = {{-117.9, 42.0}, {-117.899, 42.001}, {-117.897, 42.0005}, {-117.8965, 42.003}};
  std::vector<LineCase> out;
  for (const Path& path : {bend, across, polar, over_pole, small})
    for (const double r : {100.0, 10e3, 300e3}) out.push_back({path, r, Edges::geodesic});
  out.push_back({bend, 5e3, Edges::straight});
  out.push_back({{{-120, 60}, {-110, 60}}, 1e3, Edges::straight});
  out.push_back({{{-120, 60}, {-110, 60}}, 1e3, Edges::geodesic});
  return out;
}

INSTANTIATE_TEST_SUITE_P(AnywhereOnEarth, LineBuffer, ::testing::ValuesIn(line_cases()));

TEST(Buffer, OfAMineGridIsPlanar) {
  const Crs grid = parse_crs("local:m");
  const Geometry site = box(0, 0, 100, 50);
  BufferOptions options;
  options.edges = Edges::straight;
  options.tolerance = 1e-5;
  // Minkowski sum with a disc: area + perimeter * r + pi r^2.
  const double grown = area_m2(setback_of(site, grid, 10.0, options), grid);
  EXPECT_NEAR(grown, 5000 + 300 * 10 + std::numbers::pi * 100, 0.02);
  options.side = SetbackSide::in;
  EXPECT_NEAR(area_m2(setback_of(site, grid, 10.0, options), grid), 80.0 * 30.0, 1e-9);
  EXPECT_NEAR(area_m2(setback_of(site, grid, 30.0, options), grid), 0.0, 1e-9);
  options.side = SetbackSide::out;
  EXPECT_NEAR(area_m2(setback_of(site, grid, 10.0, options), grid), 3000 + std::numbers::pi * 100,
              0.02);
  options.side = SetbackSide::left;
  options.cap = Cap::flat;
  const Geometry left = setback_of(line_geometry({{0, 0}, {100, 0}}), grid, 10.0, options);
  EXPECT_NEAR(area_m2(left, grid), 1000.0, 1e-9);
  EXPECT_GE(box_of(left).min_y, -1e-9);
}

TEST(Buffer, InwardsAndOutwardsOfAPolygonOnEarth) {
  // A square of about 11 x 8 km at 45 N: sides L, setback d: the inner one is (L - 2d)^2 nearly.
  const Geometry site = box(10.0, 45.0, 10.1, 45.1);
  BufferOptions options;
  options.side = SetbackSide::in;
  const Geometry inner = setback_of(site, wgs84(), 1000.0, options);
  const Geodesic geodesic;
  const double width = geodesic.distance_m({10.0, 45.05}, {10.1, 45.05});
  const double height = geodesic.distance_m({10.05, 45.0}, {10.05, 45.1});
  EXPECT_NEAR(area_m2(inner, wgs84()), (width - 2000) * (height - 2000), 2e-4 * width * height);
  options.side = SetbackSide::out;
  const Geometry ring = setback_of(site, wgs84(), 1000.0, options);
  EXPECT_NEAR(area_m2(ring, wgs84()), 2 * (width + height) * 1000 + std::numbers::pi * 1e6,
              2e-3 * width * 1000);
}

TEST(Buffer, ConservativeIsNeverNearerThanTheDistance) {
  BufferOptions options;
  options.conservative = true;
  const Geodesic geodesic;
  const Geometry buffer = setback_of(point_geometry(-117.9, 42.0), wgs84(), 91.44, options);
  for (const Polygon& polygon : buffer.polygons)
    for (std::size_t i = 1; i < polygon.shell.size(); ++i) {
      const LonLat middle{0.5 * (polygon.shell[i - 1].x + polygon.shell[i].x),
                          0.5 * (polygon.shell[i - 1].y + polygon.shell[i].y)};
      const double d = geodesic.distance_m({-117.9, 42.0}, middle);
      EXPECT_GE(d, 91.44);
      EXPECT_LE(d, 91.44 * 1.001);
    }
}

TEST(Buffer, RingsAddUpToTheWholeBuffer) {
  BufferInputs inputs;
  inputs.geometry = {line_geometry({{178, -40}, {-178, -41}}), point_geometry(0, 89.99)};
  inputs.ids = {"a", "b"};
  inputs.crs = wgs84();
  BufferOptions options;
  options.rings_m = {1000, 5000, 20000};
  const Buffers rings = geodesic_buffers(inputs, options);
  ASSERT_EQ(rings.features.size(), 6u);
  EXPECT_LE(rings.max_radius_error_m, 20.0);
  for (std::size_t i = 0; i < 2; ++i) {
    const double whole =
        area_m2(setback_of(inputs.geometry[i], wgs84(), 20000), wgs84(), Edges::straight);
    double sum = 0.0;
    for (std::size_t k = 0; k < 3; ++k) sum += rings.features[3 * i + k].area_m2;
    EXPECT_NEAR(sum, whole, 1e-6 * whole);
  }
  EXPECT_EQ(rings.features[1].inner_m, 1000.0);
  EXPECT_EQ(rings.features[1].distance_m, 5000.0);
}

TEST(Buffer, DissolvesFarPartsWithoutLosingAny) {
  // Two places a quarter of the Earth apart: PostGIS geography gives 0.502 of the area.
  BufferInputs inputs;
  Geometry two;
  two.kind = GeometryKind::point;
  two.points = {{0, 10}, {90, 10}};
  inputs.geometry = {two, point_geometry(0, 10)};
  inputs.distance_m = {5000.0};
  inputs.crs = wgs84();
  BufferOptions options;
  options.dissolve = true;
  const Buffers joined = geodesic_buffers(inputs, options);
  ASSERT_EQ(joined.features.size(), 1u);
  const double one =
      area_m2(setback_of(point_geometry(0, 10), wgs84(), 5000.0), wgs84(), Edges::straight);
  EXPECT_NEAR(joined.features[0].area_m2, 2 * one, 1e-4 * one);
}

TEST(Buffer, AGroupOfManyPlacesIsUnitedByClustersAndHearsAStop) {
  // Ten thousand places 200 m apart: their circles of 50 m touch nowhere.
  BufferInputs inputs;
  for (int i = 0; i < 10000; ++i)
    inputs.geometry.push_back(point_geometry(0.002 * (i % 100), 0.002 * (i / 100)));
  inputs.distance_m = {50.0};
  inputs.crs = wgs84();
  BufferOptions options;
  options.dissolve = true;
  const Buffers joined = geodesic_buffers(inputs, options);
  ASSERT_EQ(joined.features.size(), 1u);
  EXPECT_EQ(joined.features[0].geometry.polygons.size(), 10000u);
  const double circle = std::numbers::pi * 50.0 * 50.0;
  EXPECT_NEAR(joined.features[0].area_m2, 10000 * circle, 1e-3 * 10000 * circle);
  std::atomic<int> asked{0};
  const Progress stopped([](double, const std::string&) {}, [&] { return ++asked > 20; });
  std::string code;
  try {
    (void)geodesic_buffers(inputs, options, stopped);
  } catch (const Error& error) {
    code = error.code;
  }
  EXPECT_EQ(code, "run.interrupted");
  EXPECT_LT(asked, 200);  // soon after, not at the end of the group
}

TEST(Buffer, IsTheSameForAnyNumberOfThreads) {
  BufferInputs inputs;
  for (int i = 0; i < 40; ++i)
    inputs.geometry.push_back(
        line_geometry({{10 + 0.01 * i, 50}, {10.02 + 0.01 * i, 50.01}, {10.03, 50.03}}));
  inputs.distance_m = {500.0};
  inputs.crs = wgs84();
  BufferOptions one, two;
  one.dissolve = two.dissolve = true;
  one.jobs = 1;
  two.jobs = 2;
  EXPECT_EQ(geodesic_buffers(inputs, one).features[0].geometry,
            geodesic_buffers(inputs, two).features[0].geometry);
}

std::string code_of(const BufferInputs& inputs, const BufferOptions& options = {}) {
  try {
    static_cast<void>(geodesic_buffers(inputs, options));
  } catch (const Error& error) {
    return error.code;
  }
  return "";
}

TEST(Buffer, RefusesWhatHasNoMeaning) {
  BufferInputs inputs;
  inputs.geometry = {line_geometry({{0, 0}, {1, 1}})};
  inputs.crs = wgs84();
  inputs.distance_m = {-10.0};
  EXPECT_EQ(code_of(inputs), "buffer.negative_distance");
  inputs.distance_m = {6e6};
  EXPECT_EQ(code_of(inputs), "buffer.distance_range");
  inputs.distance_m = {100.0};
  BufferOptions options;
  options.tolerance = 0.5;
  EXPECT_EQ(code_of(inputs, options), "buffer.tolerance");
  options = {};
  options.side = SetbackSide::in;
  EXPECT_EQ(code_of(inputs, options), "buffer.side");
  options = {};
  options.rings_m = {200, 100};
  EXPECT_EQ(code_of(inputs, options), "buffer.rings");
  inputs.geometry = {box(0, 0, 0.001, 0.001)};
  inputs.distance_m = {-1000.0};
  EXPECT_EQ(code_of(inputs), "buffer.nothing_left");
  EXPECT_THROW(static_cast<void>(parse_side("middle")), Error);
}

TEST(Buffer, SaysWhichFeatureHasNothingLeftOrNoDistance) {
  BufferInputs inputs;
  inputs.geometry = {box(0, 0, 0.001, 0.001), box(1, 0, 1.1, 0.1), box(2, 0, 2.1, 0.1)};
  inputs.ids = {"tiny", "big", "unset"};
  inputs.distance_m = {-1000.0, -1000.0, std::nan("")};
  inputs.crs = wgs84();
  const Buffers buffers = geodesic_buffers(inputs);
  ASSERT_EQ(buffers.features.size(), 3u);
  EXPECT_TRUE(buffers.features[0].geometry.empty());
  EXPECT_FALSE(buffers.features[1].geometry.empty());
  EXPECT_TRUE(buffers.findings.has("buffer.nothing_left"));
  EXPECT_TRUE(buffers.findings.has("buffer.no_distance"));
}

TEST(Buffers, WhatCannotBeAsFineAsAskedIsMadeAndSaid) {
  // A ten-thousandth of a millimetre is within reach, a millionth of one is not: the geodesic
  // problem itself is solved to some nanometres.
  BufferInputs inputs;
  inputs.geometry = {point_geometry(10.125, 50.25), point_geometry(-70.5, -20.25)};
  inputs.ids = {"A", "B"};
  inputs.distance_m = {0.5};
  inputs.crs = wgs84();
  BufferOptions options;
  options.tolerance_m = 1e-7;
  EXPECT_FALSE(geodesic_buffers(inputs, options).findings.has("buffer.tolerance_missed"));
  options.tolerance_m = 1e-9;
  const Buffers buffers = geodesic_buffers(inputs, options);
  ASSERT_EQ(buffers.findings.list().size(), 2u);
  const Finding& finding = buffers.findings.list()[1];
  EXPECT_EQ(finding.code, "buffer.tolerance_missed");
  EXPECT_EQ(finding.severity, Severity::warning);
  EXPECT_EQ(finding.where, "B");
  EXPECT_NE(finding.message.find("where 0.0000000010"), std::string::npos) << finding.message;
  const BufferFeature& made = buffers.features[1];
  EXPECT_GT(made.max_radius_error_m, 1e-9);
  EXPECT_LE(worst_radius_error(made.geometry, {-70.5, -20.25}, 0.5), 1e-7);
  EXPECT_NEAR(made.area_m2, 0.25 * std::numbers::pi, 1e-6);
}

}  // namespace
}  // namespace lode
