// Lines as they are drawn, against geodesics of GeographicLib.
#include <gtest/gtest.h>

#include <GeographicLib/GeodesicExact.hpp>
#include <GeographicLib/GeodesicLineExact.hpp>
#include <algorithm>
#include <cmath>

#include "libgeo/logistics/drawn_line.h"
#include "libgeo/logistics/freight.h"
#include "tests/logistics/sketch.h"

namespace {

using namespace lode;

const GeographicLib::GeodesicExact& earth() {
  return GeographicLib::GeodesicExact::WGS84();
}

double exact_m(Point a, Point b) {
  double m = 0.0;
  earth().Inverse(a.y, a.x, b.y, b.x, m);
  return m;
}

/// From a place to the nearest of a segment that is straight in degrees.
double segment_m(Point p, Point q, Point at) {
  const auto m = [&](double t) {
    return exact_m({p.x + t * (q.x - p.x), p.y + t * (q.y - p.y)}, at);
  };
  constexpr int kParts = 20;
  int best = 0;
  for (int k = 1; k <= kParts; ++k)
    if (m(k / 20.0) < m(best / 20.0)) best = k;
  double low = std::max(0.0, (best - 1) / 20.0), high = std::min(1.0, (best + 1) / 20.0);
  for (int i = 0; i < 40; ++i) {
    const double a = low + (high - low) / 3.0, b = high - (high - low) / 3.0;
    (m(a) < m(b) ? high : low) = m(a) < m(b) ? b : a;
  }
  return m(low);
}

/// The furthest that places of the geodesic from a to b lie from the line as drawn.
double furthest_m(const Geometry& line, LonLat a, LonLat b) {
  const auto geodesic = earth().InverseLine(a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg);
  double furthest = 0.0;
  for (int k = 0; k <= 41; ++k) {
    Point at;
    geodesic.Position(geodesic.Distance() * k / 41.0, at.y, at.x);
    double nearest = 1e9;
    for (const auto& part : line.lines)
      for (std::size_t i = 0; i + 1 < part.size(); ++i) {
        const Point p = part[i], q = part[i + 1];
        // Segments that are far from the place in latitude hold nothing near.
        if (std::min(p.y, q.y) > at.y + 0.1 || std::max(p.y, q.y) < at.y - 0.1) continue;
        nearest = std::min(nearest, segment_m(p, q, at));
      }
    furthest = std::max(furthest, nearest);
  }
  return furthest;
}

/// Segments of one part never pass 180 degrees.
void expect_on_the_map(const Geometry& line) {
  for (const auto& part : line.lines) {
    EXPECT_GE(part.size(), 2u);
    for (std::size_t i = 0; i < part.size(); ++i) {
      EXPECT_LE(std::abs(part[i].x), 180.0);
      EXPECT_LE(std::abs(part[i].y), 90.0);
      if (i > 0) {
        EXPECT_LE(std::abs(part[i].x - part[i - 1].x), 180.0);
      }
    }
  }
}

TEST(DrawnLine, CutWhereTheGeodesicPasses180) {
  // Latitudes of the crossings by GeographicLib (pyproj's Geod, bisected).
  const struct {
    LonLat a, b;
    double lat_deg;
  } cases[] = {{{120, -34.3}, {-120, -34.3}, -53.834636206793},
               {{-120, -34.3}, {120, -34.3}, -53.834636206793},
               {{150, 60}, {-100, -20}, 58.382419662573},
               {{175, -17}, {-178, 20}, 9.802035075936}};
  for (const auto& one : cases) {
    const Geometry line = drawn_line(Geodesic(), {one.a, one.b});
    ASSERT_EQ(line.lines.size(), 2u);
    const Point before = line.lines[0].back(), after = line.lines[1].front();
    EXPECT_EQ(before.x, one.a.lon_deg > 0.0 ? 180.0 : -180.0);
    EXPECT_EQ(after.x, -before.x);
    EXPECT_EQ(after.y, before.y);
    EXPECT_NEAR(before.y, one.lat_deg, 1e-9);
    EXPECT_LT(furthest_m(line, one.a, one.b), 1000.0);
    expect_on_the_map(line);
  }
}

TEST(DrawnLine, KeepsToTheGeodesic) {
  const std::pair<LonLat, LonLat> cases[] = {
      {{-60, 50}, {0, 52}},      {{0, -30}, {120, 30}},  // bends both ways over the equator
      {{10, 80}, {170, 75}},     {{-170, 70}, {20, 85}}, {{10, 84.8}, {60, 84.9}},
      {{100, 10}, {100, -40.5}}, {{0, 0}, {90, 0}},      {{3, 60}, {-170, 65}}};
  for (const auto& [a, b] : cases) {
    const Geometry line = drawn_line(Geodesic(), {a, b});
    EXPECT_LT(furthest_m(line, a, b), 1000.0) << a.lon_deg << " " << a.lat_deg;
    expect_on_the_map(line);
    EXPECT_EQ(line.lines.front().front(), (Point{a.lon_deg, a.lat_deg}));
    EXPECT_EQ(line.lines.back().back(), (Point{b.lon_deg, b.lat_deg}));
    double km = 0.0;
    for (const auto& part : line.lines)
      for (std::size_t i = 0; i + 1 < part.size(); ++i) km += exact_m(part[i], part[i + 1]) / 1e3;
    EXPECT_NEAR(km, exact_m({a.lon_deg, a.lat_deg}, {b.lon_deg, b.lat_deg}) / 1e3, 1e-6);
  }
}

TEST(DrawnLine, OverAPole) {
  // Along a meridian over the pole, with the pole as a vertex of any longitude, and past it.
  const std::vector<LonLat> paths[] = {{{0, 80}, {180, 80}},
                                       {{100, 80}, {0, 90}, {-80, 80}},
                                       {{-30, -85}, {77, -90}, {140, -85}},
                                       {{10, 89.999}, {-172, 89.999}},
                                       {{0, 90}, {50, 70}},
                                       {{0, -90}, {0, 90}}};
  for (const auto& path : paths) {
    const Geometry line = drawn_line(Geodesic(), path);
    expect_on_the_map(line);
    for (std::size_t i = 0; i + 1 < path.size(); ++i)
      EXPECT_LT(furthest_m(line, path[i], path[i + 1]), 1000.0);
    double drawn_m = 0.0, true_m = 0.0;
    for (const auto& part : line.lines)
      for (std::size_t i = 0; i + 1 < part.size(); ++i) drawn_m += exact_m(part[i], part[i + 1]);
    for (std::size_t i = 0; i + 1 < path.size(); ++i)
      true_m +=
          exact_m({path[i].lon_deg, path[i].lat_deg}, {path[i + 1].lon_deg, path[i + 1].lat_deg});
    EXPECT_NEAR(drawn_m, true_m, 1e-3);
  }
}

TEST(DrawnLine, ShortEdgesAndEndsAt180StayAsTheyAre) {
  const Geometry near = drawn_line(Geodesic(), {{10, 50}, {10.4, 50.3}, {10.4, 50.3}, {10.8, 50}});
  ASSERT_EQ(near.lines.size(), 1u);
  EXPECT_EQ(near.lines[0].size(), 3u);
  const Geometry east = drawn_line(Geodesic(), {{-179.8, 5}, {180, 5.1}, {179.7, 5.2}});
  ASSERT_EQ(east.lines.size(), 2u);
  EXPECT_EQ(east.lines[0], (Path{{-179.8, 5}, {-180, 5.1}}));
  EXPECT_EQ(east.lines[1], (Path{{180, 5.1}, {179.7, 5.2}}));
}

TEST(DrawnLine, RoutesAreDrawnAsTravelled) {
  const Network net = build_network({sketch::layer("sea", {{{120, -34.3}, {-120, -34.3}}})});
  RouteOptions options;
  options.lines = true;
  const auto table = route(net, sketch::tariff(), sketch::terminals(),
                           sketch::places({sketch::place("A", 120, -34.3)}),
                           sketch::places({sketch::place("B", -120, -34.3)}), options);
  ASSERT_EQ(table.lines.size(), 1u);
  EXPECT_NEAR(table.rows[0].distance_km, 10179.4232578, 1e-6);
  ASSERT_EQ(table.lines[0].lines.size(), 2u);
  EXPECT_NEAR(table.lines[0].lines[0].back().y, -53.834636206793, 1e-9);
}

}  // namespace
