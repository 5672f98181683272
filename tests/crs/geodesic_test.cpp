// Geodesics against Karney's published figures and GeographicLib.
#include "libgeo/crs/geodesic.h"

#include <gtest/gtest.h>

#include <GeographicLib/Geodesic.hpp>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string>

#include "libgeo/core/random.h"
#include "libgeo/core/text.h"
#include "libgeo/crs/local_frame.h"

namespace lode {
namespace {

std::vector<std::vector<std::string>> cases(const std::string& file) {
  std::ifstream in(std::string(LODE_SOURCE_DIR) + "/tests/cases/" + file);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(in, line);)
    if (!line.empty() && line.front() != '#') rows.push_back(split(line, ','));
  if (!rows.empty()) rows.erase(rows.begin());
  return rows;
}

double value(const std::string& text) {
  return parse_number(text).value();
}

TEST(Geodesic, KeepsPublishedInverses) {
  const auto rows = cases("geodesic_inverse.csv");
  ASSERT_EQ(rows.size(), 6u);
  const Geodesic wgs;
  for (const auto& row : rows) {
    const LonLat a{value(row[1]), value(row[0])}, b{value(row[4]), value(row[3])};
    const Inverse way = wgs.inverse(a, b);
    EXPECT_NEAR(way.distance_m, value(row[6]), value(row[7])) << row[0];
    if (row[2].empty()) continue;
    EXPECT_NEAR(way.azimuth1_deg, value(row[2]), 1e-11) << row[0];
    EXPECT_NEAR(way.azimuth2_deg, value(row[5]), 1e-11) << row[0];
    const LonLat there = wgs.direct(a, value(row[2]), value(row[6]));
    EXPECT_NEAR(there.lat_deg, b.lat_deg, 1e-12);
    EXPECT_NEAR(std::remainder(there.lon_deg - b.lon_deg, 360.0), 0.0, 1e-12);
  }
}

std::vector<LonLat> ring(std::initializer_list<std::pair<double, double>> lat_lon) {
  std::vector<LonLat> out;
  for (const auto& [lat, lon] : lat_lon) out.push_back({lon, lat});
  return out;
}

// Areas from GeographicLib's Planimeter: its tests Planimeter0 and the Antarctica of its examples.
TEST(Geodesic, KeepsPublishedAreas) {
  const Geodesic wgs;
  const auto north = ring({{89, 0}, {89, 90}, {89, 180}, {89, 270}});
  EXPECT_NEAR(wgs.ring_area_m2(north), 24952305678.0, 1.0);
  EXPECT_NEAR(wgs.signed_ring_area_m2(north), 24952305678.0, 1.0);
  const auto south = ring({{-89, 0}, {-89, 90}, {-89, 180}, {-89, 270}});
  EXPECT_NEAR(wgs.signed_ring_area_m2(south), -24952305678.0, 1.0);
  EXPECT_NEAR(wgs.ring_area_m2(south), 24952305678.0, 1.0);
  EXPECT_NEAR(wgs.ring_area_m2(ring({{0, -1}, {-1, 0}, {0, 1}, {1, 0}})), 24619419146.0, 1.0);
  EXPECT_NEAR(wgs.ring_area_m2(ring({{90, 0}, {0, 0}, {0, 90}})), 63758202715511.0, 1.0);
  // geodesic.h of PROJ gives this Antarctica, GeographicLib's Python manual the one with -63.1 -58.
  auto antarctica = ring({{-72.9, -74},
                          {-71.9, -102},
                          {-74.9, -102},
                          {-74.3, -131},
                          {-77.5, -163},
                          {-77.4, 163},
                          {-71.7, 172},
                          {-65.9, 140},
                          {-65.7, 113},
                          {-66.6, 88},
                          {-66.9, 59},
                          {-69.8, 25},
                          {-70.0, -4},
                          {-71.0, -14},
                          {-77.3, -33},
                          {-77.9, -46},
                          {-74.7, -61}});
  EXPECT_NEAR(wgs.ring_area_m2(antarctica), 13376856682207.4, 0.1);
  auto peninsula = antarctica;
  peninsula.insert(peninsula.begin(), LonLat{-58, -63.1});
  EXPECT_NEAR(wgs.ring_area_m2(peninsula), 13662703680020.1, 0.1);
  antarctica.push_back(antarctica.front());  // a closing vertex changes nothing
  EXPECT_NEAR(wgs.ring_area_m2(antarctica), 13376856682207.4, 0.1);
  EXPECT_NEAR(wgs.length_m(antarctica), 14710425.407, 1e-3);
}

TEST(Geodesic, AgreesWithGeographicLibOnOtherEllipsoids) {
  const struct {
    double a, inverse_f;
  } ellipsoids[] = {{6378206.4, 294.9786982138982},
                    {6377397.155, 299.1528128},
                    {6371000.0, 0.0},
                    {6378137.0, 298.257222101},
                    {6378249.2, 293.4660212936265}};
  const Random random{7, 1};
  std::uint64_t n = 0;
  for (const auto& e : ellipsoids) {
    const Geodesic ours(e.a, e.inverse_f);
    const GeographicLib::Geodesic theirs(e.a, e.inverse_f == 0.0 ? 0.0 : 1.0 / e.inverse_f);
    for (int i = 0; i < 200; ++i) {
      const LonLat a{360 * random.uniform(n) - 180, 180 * random.uniform(n + 1) - 90};
      const LonLat b{360 * random.uniform(n + 2) - 180, 180 * random.uniform(n + 3) - 90};
      n += 4;
      double distance = 0;
      theirs.Inverse(a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg, distance);
      EXPECT_NEAR(ours.distance_m(a, b), distance, 2e-8);
      EXPECT_EQ(ours.distance_m(a, b), ours.distance_m(a, b));
    }
  }
}

TEST(LocalFrame, KeepsDistanceAndAzimuthFromItsCentre) {
  const Geodesic wgs;
  const LonLat centre{179.5, 61.25};
  const LocalFrame frame(wgs, centre);
  for (double azimuth = -170; azimuth <= 180; azimuth += 35) {
    for (const double distance : {0.5, 1e3, 3e5, 9e6}) {
      const LonLat there = wgs.direct(centre, azimuth, distance);
      const LocalFrame::Xy xy = frame.forward(there);
      EXPECT_NEAR(std::hypot(xy.x_m, xy.y_m), distance, 1e-7);
      const LonLat back = frame.inverse(xy);
      EXPECT_NEAR(wgs.distance_m(back, there), 0.0, 1e-7);
      EXPECT_LE(std::abs(back.lon_deg - centre.lon_deg), 180.0);
    }
  }
  const LocalFrame::Xy east = frame.forward({-179.5, 61.25});
  EXPECT_GT(east.x_m, 0.0);
}

TEST(LocalFrame, ScaleErrorIsAsDocumented) {
  const Geodesic wgs;
  const LocalFrame frame(wgs, {-115.5, 35.5});
  for (const auto& [away, bound] : {std::pair{50e3, 1.1e-5}, {100e3, 4.3e-5}, {500e3, 1.1e-3}}) {
    const LonLat a = frame.inverse({away, -500.0}), b = frame.inverse({away, 500.0});
    EXPECT_NEAR(1000.0 / wgs.distance_m(a, b) - 1.0, 0.0, bound);
  }
}

}  // namespace
}  // namespace lode
