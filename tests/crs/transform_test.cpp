// Transforms against cs2cs (PROJ 9.1.1) and GeographicLib's projection.
#include "libgeo/crs/transform.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <GeographicLib/TransverseMercatorExact.hpp>
#include <cmath>
#include <limits>
#include <thread>

#include "libgeo/core/error.h"
#include "libgeo/core/random.h"

namespace lode {
namespace {

struct Xy {
  double x, y;
};

Xy moved(const char* from, const char* to, double x, double y) {
  const Transform transform(parse_crs(from), parse_crs(to));
  EXPECT_EQ(transform.forward(&x, &y, 1), 0u);
  return {x, y};
}

// `echo "35.5 -115.5" | cs2cs -f %.6f EPSG:4326 EPSG:32611` and so on; easting first here.
TEST(Transform, AgreesWithCs2cs) {
  const struct {
    const char *from, *to;
    double x, y, ex, ey, tolerance;
  } cases[] = {{"EPSG:4326", "EPSG:32611", -115.5, 35.5, 636044.753897, 3929527.723539, 1e-6},
               {"EPSG:4269", "EPSG:2229", -115.5, 35.5, 7305765.508941, 2377552.959686, 1e-5},
               {"EPSG:4167", "EPSG:2193", 173.0, -41.5, 1600000.0, 5405735.777807, 1e-6},
               {"EPSG:4326", "EPSG:3031", 30.0, -80.0, 544589.727813, 943257.077852, 1e-6},
               {"EPSG:4267", "EPSG:4326", -115.5, 35.5, -115.500834043, 35.499991915, 1e-9}};
  for (const auto& c : cases) {
    const Xy to = moved(c.from, c.to, c.x, c.y);
    EXPECT_NEAR(to.x, c.ex, c.tolerance) << c.from << c.to;
    EXPECT_NEAR(to.y, c.ey, c.tolerance) << c.from << c.to;
  }
}

// Grads east of Paris: 2 gr + 2.5969213 gr (2 20 14.025 degrees) = 4.13722... degrees before the
// datum shift of a few arc seconds.
TEST(Transform, HonoursGradsAndTheMeridianOfParis) {
  const Xy to = moved("EPSG:4807", "EPSG:4326", 2.0, 52.0);
  EXPECT_NEAR(to.x, (2.0 + 2.5969213) * 0.9, 2e-3);
  EXPECT_NEAR(to.y, 46.8, 2e-3);
}

TEST(Transform, AgreesWithGeographicLib) {
  const Transform transform(wgs84(), parse_crs("EPSG:32611"));
  const auto& utm = GeographicLib::TransverseMercatorExact::UTM();
  const Random random{3, 1};
  for (std::uint64_t i = 0; i < 500; ++i) {
    double x = -123 + 12 * random.uniform(2 * i), y = 84 * random.uniform(2 * i + 1);
    double ex = 0, ey = 0;
    utm.Forward(-117, y, x, ex, ey);
    ASSERT_EQ(transform.forward(&x, &y, 1), 0u);
    EXPECT_NEAR(x, ex + 500000, 1e-7);
    EXPECT_NEAR(y, ey, 1e-7);
  }
}

TEST(Transform, SaysHowGoodItIs) {
  const Transform none(wgs84(), wgs84());
  EXPECT_TRUE(none.is_identity());
  EXPECT_EQ(none.accuracy_m(), 0.0);
  const Transform conversion(wgs84(), parse_crs("EPSG:32611"));
  EXPECT_EQ(conversion.accuracy_m(), 0.0);
  EXPECT_EQ(conversion.operation(), "UTM zone 11N");
  const Transform nad27(parse_crs("EPSG:4267"), wgs84());
  EXPECT_GT(nad27.accuracy_m(), 1.0);
  EXPECT_LT(nad27.accuracy_m(), 100.0);
  const Transform guess(parse_crs("+proj=longlat +ellps=bessel"), wgs84());
  EXPECT_TRUE(std::isnan(guess.accuracy_m()));
  EXPECT_THAT(guess.operation(), ::testing::HasSubstr("Ballpark"));
}

// 2 ppm of 6.6 million feet are 4 m; EPSG rounds the false origin in feet to 0.1 mm.
TEST(Transform, KeepsSurveyFeet) {
  const Xy to = moved("EPSG:2229", "EPSG:26911", 6561666.666666666, 1640416.666666667);
  const Xy metres = moved("EPSG:26945", "EPSG:26911", 2000000.0, 500000.0);
  EXPECT_NEAR(to.x, metres.x, 1.1e-4);
  EXPECT_NEAR(to.y, metres.y, 1.1e-4);
}

TEST(Transform, CountsWhatCannotBeMoved) {
  const Transform transform(wgs84(), parse_crs("EPSG:32611"));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  double x[] = {-115.5, nan, -115.5, -115.5}, y[] = {35.5, 1.0, 95.0, 35.5};
  EXPECT_EQ(transform.forward(x, y, 4), 2u);
  EXPECT_TRUE(std::isnan(x[1]) && std::isnan(y[1]) && std::isnan(x[2]) && std::isnan(y[2]));
  EXPECT_EQ(x[0], x[3]);
}

TEST(Transform, NeverMixesAMineGrid) {
  const Crs grid = parse_crs("local:m"), feet = parse_crs("local:ft");
  for (const auto& [a, b] : {std::pair{grid, wgs84()}, {wgs84(), grid}, {grid, feet}}) {
    try {
      const Transform transform(a, b);
      FAIL();
    } catch (const Error& e) {
      EXPECT_EQ(e.code, "crs.local");
    }
  }
  EXPECT_TRUE(Transform(grid, grid).is_identity());
}

TEST(Transform, RefusesWhereThereIsNoWay) {
  Crs broken = wgs84();
  broken.wkt = "not a CRS";
  try {
    const Transform transform(broken, wgs84());
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code, "crs.no_operation");
  }
}

TEST(Transform, GivesTheSameBitsInEveryThread) {
  const Transform transform(parse_crs("EPSG:4267"), parse_crs("EPSG:32611"));
  double x[4], y[4];
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      x[i] = -115.5;
      y[i] = 35.5;
      transform.forward(&x[i], &y[i], 1);
    });
  for (auto& thread : threads) thread.join();
  for (int i = 1; i < 4; ++i) EXPECT_TRUE(x[i] == x[0] && y[i] == y[0]);
}

TEST(Transform, ComesBack) {
  const Random random{5, 2};
  std::uint64_t n = 0;
  for (const char* code : {"EPSG:32611", "EPSG:3857", "EPSG:2229", "EPSG:3031", "EPSG:27572"}) {
    const Crs crs = parse_crs(code), &base = geodetic_base(crs);
    const Transform there(base, crs), back(crs, base);
    const double units = 3.14159265358979323846 / 180.0 / base.radians_per_unit;
    for (int i = 0; i < 50; ++i) {
      const double x0 = (crs.west + (crs.east - crs.west) * random.uniform(n++)) * units;
      const double y0 = (crs.south + (crs.north - crs.south) * random.uniform(n++)) * units;
      const double shift = code == std::string("EPSG:27572") ? 2.5969213 : 0.0;
      double x = x0 - shift, y = y0;
      ASSERT_EQ(there.forward(&x, &y, 1), 0u);
      ASSERT_EQ(back.forward(&x, &y, 1), 0u);
      EXPECT_NEAR(x, x0 - shift, 1e-9);
      EXPECT_NEAR(y, y0, 1e-9);
    }
  }
}

}  // namespace
}  // namespace lode
