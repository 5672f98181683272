// Setbacks of lines, networks and real rivers judged by the geodesic inverse problem, and by what
// must stay the same when the question is put another way.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <numbers>

#include "libgeo/core/error.h"
#include "libgeo/environment/buffer.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/io/layer.h"
#include "tests/environment/buffer_oracle.h"
#include "tests/io/scratch.h"

namespace lode {
namespace {

using test::DistanceOracle;
using test::worst_error_m;

Geometry lines_geometry(std::vector<Path> paths) {
  Geometry g;
  g.kind = GeometryKind::line;
  g.lines = std::move(paths);
  return g;
}

Buffers buffers_of(std::vector<Geometry> geometry, double distance_m, bool dissolve = false,
                   int jobs = 0, const Crs& crs = wgs84()) {
  BufferInputs inputs;
  inputs.geometry = std::move(geometry);
  inputs.distance_m = {distance_m};
  inputs.crs = crs;
  BufferOptions options;
  options.dissolve = dissolve;
  options.jobs = jobs;
  options.edges = default_edges(crs);
  return geodesic_buffers(inputs, options);
}

/// A bent line about a place, its edges as long as the distance (1,500 km at most).
Path bent(double lon, double lat, double distance_m) {
  const Geodesic geodesic;
  const double step = std::min(1.5e6, 1.7 * distance_m);
  LonLat at{lon, lat};
  Path out{{lon, lat}};
  for (const double azimuth : {20.0, 95.0, 60.0, -50.0}) {
    at = geodesic.direct(at, azimuth, step);
    out.push_back({at.lon_deg, at.lat_deg});
  }
  return out;
}

struct Place {
  double lon, lat, distance_m;
};

class JudgedLine : public ::testing::TestWithParam<Place> {};

TEST_P(JudgedLine, LiesTheDistanceAway) {
  const auto [lon, lat, d] = GetParam();
  const Geometry line = lines_geometry({bent(lon, lat, d)});
  const Buffers made = buffers_of({line}, d);
  EXPECT_FALSE(made.findings.has("buffer.tolerance_missed"));
  const Geometry& buffer = made.features[0].geometry;
  ASSERT_FALSE(buffer.empty());
  EXPECT_LE(worst_error_m(buffer, DistanceOracle(line), d, 150), 1e-3 * d);
  for (const Polygon& polygon : buffer.polygons)
    for (const Point& p : polygon.shell) ASSERT_TRUE(std::abs(p.x) <= 180 && std::abs(p.y) <= 90);
  Geometry copy = buffer;
  EXPECT_TRUE(check_geometry(copy, wgs84()).valid);
}

std::vector<Place> places() {
  std::vector<Place> out;
  for (const double lat : {0.0, 30.0, 45.0, 60.0, 75.0, 85.0, 90.0, -90.0})
    for (const double lon : {20.0, 179.9999})
      for (const double d : {1.0, 100.0, 10e3, 100e3, 1000e3}) out.push_back({lon, lat, d});
  return out;
}

INSTANTIATE_TEST_SUITE_P(AnywhereOnEarth, JudgedLine, ::testing::ValuesIn(places()));

class Rivers : public ::testing::Test {
 protected:
  void SetUp() override {
    if (data_folder().empty())
      GTEST_SKIP() << "the real data are not here: set LODE_DATA to their folder";
    layer_ = read_layer(data_folder() + "/base_natural_earth/ne_50m_rivers_lake_centerlines.json");
    names_ = layer_.table.texts("name");
  }
  Geometry river(const std::string& name) const {
    Geometry out = lines_geometry({});
    for (std::size_t i = 0; i < names_.size(); ++i)
      if (names_[i] == name)
        out.lines.insert(out.lines.end(), layer_.geometry[i].lines.begin(),
                         layer_.geometry[i].lines.end());
    return out;
  }
  Layer layer_;
  std::vector<std::string> names_;
};

TEST_F(Rivers, KeepTheirDistanceFromAMetreToAHundredKilometres) {
  for (const char* name : {"Yenisey", "Lena", "Nile", "Amazonas", "Mississippi", "Mackenzie"})
    for (const double d : {1.0, 100.0, 10e3, 100e3}) {
      const Geometry line = river(name);
      ASSERT_FALSE(line.empty()) << name;
      const Buffers made = buffers_of({line}, d);
      EXPECT_FALSE(made.findings.has("buffer.tolerance_missed")) << name << " " << d;
      EXPECT_LE(worst_error_m(made.features[0].geometry, DistanceOracle(line), d, 100), 1e-3 * d)
          << name << " " << d;
    }
}

TEST_F(Rivers, AThousandKilometresFromOne) {
  const Geometry line = river("Nile");
  const Buffers made = buffers_of({line}, 1000e3);
  EXPECT_LE(worst_error_m(made.features[0].geometry, DistanceOracle(line), 1000e3, 60), 1e3);
}

TEST_F(Rivers, OnTwoContinentsAsOneFeatureLoseNothing) {
  // PostGIS geography is out by half on such a feature (one projection for both).
  Geometry both = river("Mackenzie");
  const Geometry nile = river("Nile");
  const double apart =
      buffers_of({both}, 10e3).features[0].area_m2 + buffers_of({nile}, 10e3).features[0].area_m2;
  both.lines.insert(both.lines.end(), nile.lines.begin(), nile.lines.end());
  const Buffers made = buffers_of({both}, 10e3);
  EXPECT_NEAR(made.features[0].area_m2, apart, 1e-6 * apart);
  EXPECT_LE(worst_error_m(made.features[0].geometry, DistanceOracle(both), 10e3, 100), 10.0);
}

TEST_F(Rivers, AllOfTheWorldDissolvedAreTheSameForAnyNumberOfThreads) {
  const Buffers one = buffers_of(layer_.geometry, 5e3, true, 1);
  EXPECT_EQ(one.features[0].geometry,
            buffers_of(layer_.geometry, 5e3, true, 2).features[0].geometry);
  EXPECT_EQ(one.features[0].geometry,
            buffers_of(layer_.geometry, 5e3, true, 7).features[0].geometry);
  EXPECT_LE(one.max_radius_error_m, 5.0);
}

/// A network of meanders that meet, about a place.
std::vector<Path> network(double lon, double lat) {
  std::vector<Path> out;
  const Geodesic geodesic;
  for (int k = 0; k < 6; ++k) {
    LonLat at = k == 0 ? LonLat{lon, lat} : LonLat{out[0][3 * k].x, out[0][3 * k].y};
    Path path{{at.lon_deg, at.lat_deg}};
    for (int i = 0; i < 24; ++i) {
      at = geodesic.direct(at, 40.0 * k + 70.0 * std::sin(0.7 * i + k), 3000.0 + 200.0 * k);
      path.push_back({at.lon_deg, at.lat_deg});
    }
    out.push_back(path);
  }
  return out;
}

TEST(BufferTurned, AboutTheAxisItKeepsItsAreaAndItsError) {
  for (const double lat : {5.0, 62.0, -88.5}) {
    const std::vector<Path> paths = network(10.0, lat);
    const double area = buffers_of({lines_geometry(paths)}, 2000.0).features[0].area_m2;
    for (const double turn : {37.123, 169.9, -120.0, 180.0}) {
      std::vector<Path> turned = paths;
      for (Path& path : turned)
        for (Point& p : path) p.x = std::remainder(p.x + turn, 360.0);
      const Buffers made = buffers_of({lines_geometry(turned)}, 2000.0);
      EXPECT_NEAR(made.features[0].area_m2, area, 2e-5 * area) << lat << " " << turn;
      EXPECT_LE(made.max_radius_error_m, 2.0);
    }
  }
}

TEST(BufferSplit, AndUnitedEqualsTheWhole) {
  const std::vector<Path> paths = network(179.6, 50.0);
  std::vector<Geometry> pieces;
  for (const Path& path : paths)
    for (std::size_t i = 0; i + 1 < path.size(); i += 3)
      pieces.push_back(lines_geometry(
          {Path(path.begin() + static_cast<std::ptrdiff_t>(i),
                path.begin() + static_cast<std::ptrdiff_t>(std::min(i + 4, path.size())))}));
  const Geometry whole = buffers_of({lines_geometry(paths)}, 1500.0).features[0].geometry;
  const Geometry united = buffers_of(pieces, 1500.0, true).features[0].geometry;
  const double area = area_m2(whole, wgs84(), Edges::straight);
  EXPECT_NEAR(area_m2(united, wgs84(), Edges::straight), area, 1e-9 * area);
  EXPECT_LE(area_m2(difference(whole, united), wgs84(), Edges::straight), 1e-9 * area);
  // And the union of what each piece has alone, within what chords take.
  std::vector<Geometry> alone;
  for (const Geometry& piece : pieces)
    alone.push_back(buffers_of({piece}, 1500.0).features[0].geometry);
  EXPECT_NEAR(area_m2(unite(alone), wgs84(), Edges::straight), area, 1e-3 * area);
}

TEST(BufferGrows, WithItsDistance) {
  const Geometry line = lines_geometry(network(-179.9, -30.0));
  Geometry before = buffers_of({line}, 100.0).features[0].geometry;
  for (const double d : {110.0, 1000.0, 1100.0, 9000.0, 60e3}) {
    Geometry now = buffers_of({line}, d).features[0].geometry;
    EXPECT_LE(area_m2(difference(before, now), wgs84(), Edges::straight), 1e-3) << d;
    before = std::move(now);
  }
}

TEST(BufferInwards, ThenOutwardsStaysWithinTheOriginal) {
  // A star of sixteen points about Fiji, 60 km across.
  const Geodesic geodesic;
  Path ring;
  for (int i = 16; i >= 0; --i) {
    const LonLat at = geodesic.direct({179.95, -17.0}, 22.5 * i, i % 2 == 0 ? 30e3 : 14e3);
    ring.push_back({at.lon_deg, at.lat_deg});
  }
  ring.back() = ring.front();
  const Geometry star = polygon_geometry(ring);
  const double area = area_m2(star, wgs84(), Edges::geodesic);
  const Geometry eroded = buffers_of({star}, -2000.0).features[0].geometry;
  EXPECT_LT(area_m2(eroded, wgs84(), Edges::straight), area);
  EXPECT_LE(worst_error_m(eroded, DistanceOracle(star), 2000.0), 2.0);
  BufferInputs inputs;
  inputs.geometry = {eroded};
  inputs.distance_m = {2000.0};
  inputs.crs = wgs84();
  BufferOptions options;
  options.edges = Edges::straight;  // as results have them
  const Geometry opened = geodesic_buffers(inputs, options).features[0].geometry;
  const DistanceOracle from(star);
  // Nowhere outside by more than both tolerances together.
  for (const Polygon& polygon :
       difference(opened, buffers_of({star}, 1.0).features[0].geometry).polygons)
    for (const Point& p : polygon.shell) EXPECT_LE(from.distance_m(p), 4.0);
  // Steiner: what is left grows by no more than its perimeter allows, and not to less than it was.
  EXPECT_GT(area_m2(opened, wgs84(), Edges::straight), area_m2(eroded, wgs84(), Edges::straight));
}

TEST(BufferOfAMineGrid, HoldsClosedFormsOfDirtyNetworks) {
  const Crs grid = parse_crs("local:m");
  const double pi = std::numbers::pi, d = 10.0;
  const auto area = [&](std::vector<Path> paths) {
    return buffers_of({lines_geometry(std::move(paths))}, d, false, 1, grid).features[0].area_m2;
  };
  const double stadium = 2.0 * d * 100.0 + pi * d * d;
  const double off = 1e-3 * pi * d * d;
  EXPECT_NEAR(area({{{0, 0}, {100, 0}}}), stadium, off);
  // The same line twice, backwards, in pieces, and lying on itself in part.
  EXPECT_NEAR(area({{{0, 0}, {100, 0}}, {{100, 0}, {0, 0}}}), stadium, off);
  EXPECT_NEAR(area({{{0, 0}, {60, 0}}, {{60, 0}, {100, 0}}, {{30, 0}, {80, 0}}}), stadium, off);
  // Two whose grounds touch along a line.
  EXPECT_NEAR(area({{{0, 0}, {100, 0}}, {{0, 2 * d}, {100, 2 * d}}}), 2.0 * stadium, 2.0 * off);
  // A tee whose foot is no vertex of the other: the foot's half disc lies inside.
  EXPECT_NEAR(area({{{0, 0}, {100, 0}}, {{50, 0}, {50, 60}}}),
              stadium + 2.0 * d * (60.0 - d) + 0.5 * pi * d * d, 2.0 * off);
  // A cross: the two strips share a square.
  EXPECT_NEAR(area({{{0, 0}, {100, 0}}, {{50, -50}, {50, 50}}}), 2.0 * stadium - 4.0 * d * d,
              2.0 * off);
  // A square ring with a court in it: outside by Steiner, the court by its sides.
  EXPECT_NEAR(area({{{0, 0}, {100, 0}, {100, 100}, {0, 100}, {0, 0}}}),
              (1e4 + 400.0 * d + pi * d * d) - 80.0 * 80.0, off);
  // Gentle bends, which GEOS 3.11 straightens by up to a hundredth of the distance: on the inner
  // side the line lies d from both edges, so the ground there is that of two strips.
  const double bend = std::atan2(1.0, 100.0);
  EXPECT_NEAR(area({{{0, 1}, {100, 0}, {200, 1}}}),
              2.0 * d * 2.0 * std::hypot(100.0, 1.0) + pi * d * d + d * d * (bend - std::tan(bend)),
              off);
}

TEST(BufferOfPolygons, IsNotStraightenedInGentleBends) {
  const Crs grid = parse_crs("local:m");
  // A hollow side of depth 0.9 in 200: 10 m outside it the line keeps 10 m, where a straightened
  // one would lie 10.09 m from the bottom.
  const Geometry hollow =
      polygon_geometry({{0, 0}, {200, 0}, {200, 100}, {100, 99.1}, {0, 100}, {0, 0}});
  const Buffers made = buffers_of({hollow}, 10.0, false, 1, grid);
  EXPECT_LE(made.max_radius_error_m, 0.01);
  double nearest = 1e300;
  for (const Point& p : made.features[0].geometry.polygons[0].shell)
    if (p.y > 105.0) nearest = std::min(nearest, std::abs(p.x - 100.0));
  EXPECT_LT(nearest, 0.5);  // it has a corner above the bottom of the hollow
}

TEST(BufferStops, WithinASecondOfBeingAsked) {
  std::vector<Geometry> pieces;
  for (int k = 0; k < 40; ++k)
    for (const Path& path : network(-100.0 + 0.7 * (k % 8), 35.0 + 0.5 * (k / 8)))
      for (std::size_t i = 0; i + 1 < path.size(); ++i)
        pieces.push_back(lines_geometry({{path[i], path[i + 1]}}));
  BufferInputs inputs;
  inputs.geometry = pieces;
  inputs.distance_m = {2500.0};
  inputs.crs = wgs84();
  BufferOptions options;
  options.dissolve = true;
  using Clock = std::chrono::steady_clock;
  // Asked after ever more checks: whatever is under way then, it ends soon.
  for (const int after : {1, 30, 100, 300}) {
    std::atomic<int> checks{0};
    Clock::time_point asked{};
    const Progress progress([](double, const std::string&) {},
                            [&] {
                              if (++checks == after) asked = Clock::now();
                              return checks >= after;
                            });
    try {
      static_cast<void>(geodesic_buffers(inputs, options, progress));
    } catch (const Error& error) {
      EXPECT_EQ(error.code, "run.interrupted");
    }
    if (checks >= after) {
      EXPECT_LT(std::chrono::duration<double>(Clock::now() - asked).count(), 1.0) << after;
    }
  }
}

TEST(BufferOfBadInput, IsRefusedOrSaid) {
  const auto code = [](Geometry g, double d) -> std::string {
    try {
      static_cast<void>(buffers_of({std::move(g)}, d));
    } catch (const Error& error) {
      return error.code;
    }
    return "";
  };
  EXPECT_EQ(code(lines_geometry({{{0, 0}, {std::nan(""), 1}}}), 10.0), "geometry.bad_coordinate");
  EXPECT_EQ(code(point_geometry(0, INFINITY), 10.0), "geometry.bad_coordinate");
  EXPECT_EQ(code(lines_geometry({{{0, 0}, {1, 1}}}), -10.0), "buffer.negative_distance");
  EXPECT_EQ(code(point_geometry(0, 0), 20e6), "buffer.distance_range");  // the antipode and more
  EXPECT_EQ(code(point_geometry(0, 0), 6e6), "buffer.distance_range");
  EXPECT_EQ(code(polygon_geometry({{0, 0}, {1, 0}, {1, 1}, {0, 0}}), -5e6), "buffer.nothing_left");
  // A line of one place twice is that place.
  const double disc = std::numbers::pi * 1e4;
  EXPECT_NEAR(buffers_of({lines_geometry({{{5, 5}, {5, 5}}})}, 100.0).features[0].area_m2, disc,
              2e-3 * disc);
  // Features without a place are left out, others stay.
  Geometry empty;
  empty.kind = GeometryKind::point;
  const Buffers made = buffers_of({empty, point_geometry(3, 3)}, 100.0);
  ASSERT_EQ(made.features.size(), 2u);
  EXPECT_TRUE(made.features[0].geometry.empty());
  EXPECT_NEAR(made.features[1].area_m2, disc, 2e-3 * disc);
  // Five thousand kilometres still leave an outline.
  const Buffers wide = buffers_of({point_geometry(100, 20)}, 5e6);
  EXPECT_LE(wide.max_radius_error_m, 5e3);
}

}  // namespace
}  // namespace lode
