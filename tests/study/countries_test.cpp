// Countries by place and by name.
#include "libgeo/study/countries.h"

#include <gtest/gtest.h>

namespace lode {
namespace {

Countries two_squares() {
  return Countries(
      {{"AAA", "Alphaland", polygon_geometry({{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}})},
       {"BBB", "Côte Béta", polygon_geometry({{2, 0}, {3, 0}, {3, 1}, {2, 1}, {2, 0}})}});
}

TEST(Countries, CoversAPlace) {
  EXPECT_EQ(two_squares().at({0.5, 0.5}).iso3, "AAA");
  EXPECT_EQ(two_squares().at({0.5, 0.5}).offshore_m, 0.0);
}

TEST(Countries, TakesTheNearestWithinTenKilometres) {
  // 0.08 degrees of longitude at the equator: 8,905.6 m on WGS 84 (111,319.49 m a degree).
  const auto near = two_squares().at({1.08, 0.5});
  EXPECT_EQ(near.iso3, "AAA");
  EXPECT_NEAR(near.offshore_m, 0.08 * 111319.49 * 0.99996, 5.0);
  EXPECT_EQ(two_squares().at({1.1, 0.5}).iso3, "");
}

TEST(Countries, NearestAcrossTheAntimeridian) {
  // An island from 180 W to 179 W: 0.05 degrees of the equator, 5,566 m, from 179.95 E.
  const Countries island(
      {{"ISL", "Island",
        polygon_geometry({{-180, -1}, {-179, -1}, {-179, 1}, {-180, 1}, {-180, -1}})}});
  EXPECT_EQ(island.at({179.95, 0}).iso3, "ISL");
  EXPECT_NEAR(island.at({179.95, 0}).offshore_m, 0.05 * 111319.49, 0.1);
  EXPECT_EQ(island.at({179.9, 0}).iso3, "");
  EXPECT_EQ(island.at({180.5, 0}).iso3, "ISL");  // counted eastwards beyond 180
  EXPECT_EQ(island.at({180.5, 0}).offshore_m, 0.0);
}

TEST(Countries, CodesAndNames) {
  const Countries countries = two_squares();
  EXPECT_EQ(country_code("bbb", countries), "BBB");
  EXPECT_EQ(country_code("Cote Beta", countries), "BBB");
  EXPECT_EQ(country_code("Gammaland", countries), "");
  EXPECT_EQ(plain_name("Araxá (Barreiro)"), "araxabarreiro");
}

}  // namespace
}  // namespace lode
