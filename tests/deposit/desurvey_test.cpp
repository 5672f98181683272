// Desurvey: published courses, circles in closed form, and the rules at both ends of a hole.
#include "libgeo/deposit/desurvey.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <numbers>

#include "libgeo/core/random.h"
#include "libgeo/core/text.h"
#include "tests/core/code_of.h"

namespace lode {
namespace {

constexpr double pi = std::numbers::pi;

void expect_near(const Vector3& a, const Vector3& b, double tolerance) {
  for (std::size_t axis = 0; axis < 3; ++axis) EXPECT_NEAR(a[axis], b[axis], tolerance) << axis;
}

TEST(Desurvey, PublishedCourse) {
  std::ifstream file(std::string(LODE_SOURCE_DIR) + "/tests/cases/survey_methods.csv");
  std::size_t cases = 0;
  for (std::string line; std::getline(file, line);) {
    const auto cells = split(line, ',');
    if (line.starts_with('#') || cells.size() != 5 || cells[0] == "method") continue;
    ++cases;
    // 3500 ft is only where the course starts: the path from there on is what the example gives.
    const HolePath path =
        desurvey({0, 0, 0}, {{0.0, 20.0, 75.0}, {100.0, 45.0, 65.0}}, parse_path_method(cells[0]));
    const Vector3 end = place_at(path, 100.0);
    const double tolerance = *parse_number(cells[4]);
    EXPECT_NEAR(end[1], *parse_number(cells[1]), tolerance) << line;
    EXPECT_NEAR(end[0], *parse_number(cells[2]), tolerance) << line;
    EXPECT_NEAR(-end[2], *parse_number(cells[3]), tolerance) << line;
  }
  EXPECT_EQ(cases, 3U);
  EXPECT_NEAR(dogleg_deg({0, 20, 75}, {100, 45, 65}), 12.95, 0.005);
}

TEST(Desurvey, QuarterCircle) {
  const double radius = 200.0, length = radius * pi / 2.0;
  const HolePath path = desurvey({1000, 2000, 300}, {{0, 90, 90}, {length, 90, 0}});
  for (const double share : {0.0, 0.1, 0.5, 0.9, 1.0}) {
    const double angle = share * pi / 2.0;
    expect_near(place_at(path, share * length),
                {1000 + radius * (1 - std::cos(angle)), 2000, 300 - radius * std::sin(angle)},
                1e-10);
    expect_near(direction_at(path, share * length), {std::sin(angle), 0, -std::cos(angle)}, 1e-12);
  }
}

// Any stations on one circle give that circle: here one in a plane that dips 35 degrees.
TEST(Desurvey, StationsOnAnInclinedCircle) {
  const double radius = 150.0, tilt = 35.0 * pi / 180.0;
  const auto place = [&](double at) -> Vector3 {
    const double a = at / radius, u = radius * std::sin(a), v = radius * (1 - std::cos(a));
    return {v, u * std::cos(tilt), -u * std::sin(tilt)};
  };
  std::vector<SurveyStation> stations;
  for (const double at : {0.0, 11.0, 50.0, 51.5, 120.0, 200.0}) {
    const double a = at / radius;
    const Vector3 d{std::sin(a), std::cos(a) * std::cos(tilt), -std::cos(a) * std::sin(tilt)};
    stations.push_back({at, std::atan2(d[0], d[1]) * 180 / pi, std::asin(-d[2]) * 180 / pi});
  }
  const HolePath path = desurvey({0, 0, 0}, stations);
  for (double at = 0.0; at <= 200.0; at += 3.7) expect_near(place_at(path, at), place(at), 1e-9);
}

TEST(Desurvey, AzimuthPassesThroughNorth) {
  const HolePath path = desurvey({0, 0, 0}, {{0, 359, 45}, {100, 1, 45}});
  const Vector3 middle = direction_at(path, 50.0);
  EXPECT_NEAR(middle[0], 0.0, 1e-12);
  EXPECT_GT(middle[1], 0.7);
  EXPECT_NEAR(place_at(path, 100.0)[0], 0.0, 1e-10);
}

TEST(Desurvey, VerticalHoleKeepsItsPlace) {
  const HolePath path =
      desurvey({508000.25, 3461000.75, 1500}, {{0, 0, 90}, {50, 120, 90}, {100, 240, 90}});
  const Vector3 deep = place_at(path, 87.5);
  EXPECT_EQ(deep[0], 508000.25);
  EXPECT_EQ(deep[1], 3461000.75);
  EXPECT_EQ(deep[2], 1412.5);
}

TEST(Desurvey, EndsRunStraightOn) {
  expect_near(place_at(desurvey({1, 2, 3}, {}), 10.0), {1, 2, -7}, 0.0);
  // One station: straight, whatever its depth.
  const double r = std::sqrt(0.5);
  expect_near(place_at(desurvey({0, 0, 0}, {{30, 90, 45}}), 100.0), {100 * r, 0, -100 * r}, 1e-12);
  // The first station below the collar gives the direction from the collar on.
  const HolePath late = desurvey({0, 0, 0}, {{20, 0, 0}, {40, 90, 0}});
  expect_near(place_at(late, 20.0), {0, 20, 0}, 1e-12);
  // Past the last station.
  const Vector3 last = place_at(late, 40.0);
  expect_near(place_at(late, 50.0), {last[0] + 10.0, last[1], last[2]}, 1e-12);
}

TEST(Desurvey, UpwardsHole) {
  expect_near(place_at(desurvey({0, 0, 0}, {{0, 180, -30}}), 10.0), {0, -10 * std::cos(pi / 6), 5},
              1e-12);
}

// The place is the integral of the direction, for every method.
TEST(Desurvey, PlaceIsTheIntegralOfDirection) {
  const Random random{7, 1};
  std::vector<SurveyStation> stations;
  for (std::uint64_t i = 0; i < 8; ++i)
    stations.push_back({static_cast<double>(i) * 25.0 + 10.0 * random.uniform(3 * i),
                        360.0 * random.uniform(3 * i + 1),
                        20.0 + 60.0 * random.uniform(3 * i + 2)});
  for (const PathMethod method :
       {PathMethod::minimum_curvature, PathMethod::balanced_tangential, PathMethod::tangential}) {
    const HolePath path = desurvey({0, 0, 0}, stations, method);
    Vector3 sum{};
    constexpr int steps = 100000;
    const double length = 210.0;
    for (int i = 0; i < steps; ++i) {
      const Vector3 d = direction_at(path, (i + 0.5) * length / steps);
      for (std::size_t axis = 0; axis < 3; ++axis) sum[axis] += d[axis] * length / steps;
    }
    expect_near(place_at(path, length), sum, 0.01);
  }
}

// Near-parallel stations do not lose digits: the arc goes over into the straight line.
TEST(Desurvey, SmallAnglesAreSmooth) {
  for (const double turn : {1e-3, 1e-6, 1e-9, 1e-12, 0.0}) {
    const HolePath path = desurvey({0, 0, 0}, {{0, 0, 60}, {100, 0, 60 + turn}});
    const double a = 60 * pi / 180, t = turn * pi / 180;
    // To first order the mean direction is that at half the turn.
    expect_near(place_at(path, 100.0), {0, 100 * std::cos(a + t / 2), -100 * std::sin(a + t / 2)},
                1e-8);
  }
}

TEST(Desurvey, ThroughPoints) {
  const HolePath path = path_through({2, 4, 8}, {{0, 0, 0}, {0, 0, -2}, {4, 0, -2}});
  expect_near(place_at(path, 0.0), {0, 0, 2}, 1e-12);
  expect_near(place_at(path, 3.0), {0, 0, -1}, 1e-12);
  expect_near(place_at(path, 6.0), {2, 0, -2}, 1e-12);
  expect_near(place_at(path, 10.0), {6, 0, -2}, 1e-12);
  expect_near(place_at(path_through({5}, {{1, 1, 1}}), 7.0), {1, 1, -1}, 1e-12);
}

TEST(Desurvey, UnknownMethod) {
  EXPECT_EQ(code_of([] { (void)parse_path_method("radius"); }), "drillholes.method");
  EXPECT_EQ(to_text(PathMethod::through_points), "points");
}

}  // namespace
}  // namespace lode
