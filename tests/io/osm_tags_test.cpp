// What tags of OpenStreetMap ways say: values as its wiki defines them, rules of route.md.
#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/io/osm_tags.h"

namespace lode {
namespace {

OsmTags tags(std::vector<std::pair<std::string_view, std::string_view>> list) {
  return {std::move(list)};
}

OsmWay road(std::vector<std::pair<std::string_view, std::string_view>> list) {
  std::vector<BadOsmTag> bad;
  auto way = osm_road(tags(std::move(list)), {}, bad);
  EXPECT_TRUE(way.has_value());
  EXPECT_TRUE(bad.empty()) << bad.front().key;
  return way.value_or(OsmWay());
}
bool is_road(std::vector<std::pair<std::string_view, std::string_view>> list) {
  std::vector<BadOsmTag> bad;
  return osm_road(tags(std::move(list)), {}, bad).has_value();
}

TEST(OsmValues, Speeds) {
  EXPECT_EQ(osm_speed_kmh("80"), 80.0);
  EXPECT_EQ(osm_speed_kmh("80 km/h"), 80.0);
  EXPECT_NEAR(*osm_speed_kmh("50 mph"), 80.4672, 1e-9);  // a mile is 1609.344 m
  EXPECT_NEAR(*osm_speed_kmh("50mph"), 80.4672, 1e-9);
  EXPECT_NEAR(*osm_speed_kmh("10 knots"), 18.52, 1e-9);  // a nautical mile is 1852 m
  EXPECT_EQ(osm_speed_kmh("80;60"), 60.0);
  EXPECT_EQ(osm_speed_kmh("RU:urban"), 60.0);
  EXPECT_EQ(osm_speed_kmh("DE:urban"), 50.0);
  EXPECT_EQ(osm_speed_kmh("FR:rural"), 80.0);
  EXPECT_EQ(osm_speed_kmh("DE:zone:30"), 30.0);
  EXPECT_EQ(osm_speed_kmh("IT:zone30"), 30.0);
  EXPECT_NEAR(*osm_speed_kmh("GB:nsl_single"), 96.56064, 1e-9);
  EXPECT_EQ(osm_speed_kmh("walk"), 7.0);
  for (const char* none : {"none", "signals", "variable"})
    EXPECT_TRUE(std::isnan(*osm_speed_kmh(none))) << none;
  for (const char* bad : {"fast", "50 furlongs", "-30", "0", "5000", "80;fast", "XX:moon", "1e9"})
    EXPECT_FALSE(osm_speed_kmh(bad)) << bad;
}

TEST(OsmValues, MassesLengthsDurations) {
  EXPECT_EQ(osm_mass_t("7.5"), 7.5);
  EXPECT_EQ(osm_mass_t("7,5 t"), 7.5);
  EXPECT_EQ(osm_mass_t("7500 kg"), 7.5);
  EXPECT_NEAR(*osm_mass_t("16000 lbs"), 7.25747792, 1e-9);
  EXPECT_NEAR(*osm_mass_t("10 st"), 9.0718474, 1e-9);
  EXPECT_EQ(osm_mass_t("12;7.5"), 7.5);
  EXPECT_TRUE(std::isnan(*osm_mass_t("none")));
  for (const char* bad : {"heavy", "7.5 apples", "-3", "1.2.3", ""})
    EXPECT_FALSE(osm_mass_t(bad)) << bad;
  EXPECT_EQ(osm_length_m("2.5"), 2.5);
  EXPECT_EQ(osm_length_m("250 cm"), 2.5);
  EXPECT_NEAR(*osm_length_m("8 ft"), 2.4384, 1e-12);
  EXPECT_NEAR(*osm_length_m("8'6\""), 2.5908, 1e-12);
  EXPECT_NEAR(*osm_length_m("8'"), 2.4384, 1e-12);
  EXPECT_FALSE(osm_length_m("8'13\""));
  EXPECT_FALSE(osm_length_m("deep"));
  EXPECT_EQ(osm_duration_h("0:45"), 0.75);
  EXPECT_EQ(osm_duration_h("01:30:00"), 1.5);
  EXPECT_EQ(osm_duration_h("45"), 0.75);
  EXPECT_EQ(osm_duration_h("PT1H30M"), 1.5);
  for (const char* bad : {"soon", "0", "-1:00", "PT", "1:2:3:4"})
    EXPECT_FALSE(osm_duration_h(bad)) << bad;
}

std::uint16_t bits(std::initializer_list<int> months) {
  unsigned all = 0;
  for (const int m : months) all |= 1U << (m - 1);
  return static_cast<std::uint16_t>(all);
}

TEST(OsmValues, Months) {
  OsmMonths months;
  ASSERT_TRUE(osm_months("Nov-Apr", months));
  EXPECT_EQ(months.touched, bits({11, 12, 1, 2, 3, 4}));
  EXPECT_EQ(months.whole, months.touched);
  ASSERT_TRUE(osm_months("Nov 15-Apr 15", months));
  EXPECT_EQ(months.touched, bits({11, 12, 1, 2, 3, 4}));
  EXPECT_EQ(months.whole, bits({12, 1, 2, 3}));
  ASSERT_TRUE(osm_months("Jun, Aug", months));
  EXPECT_EQ(months.whole, bits({6, 8}));
  ASSERT_TRUE(osm_months("Jan-Dec", months));
  EXPECT_EQ(months.whole, 0xfff);
  ASSERT_TRUE(osm_months("winter", months));
  EXPECT_EQ(months.whole, bits({12, 1, 2}));
  EXPECT_TRUE(months.by_season);
  for (const char* bad : {"", "Mo-Fr", "22:00-06:00", "Nov 31", "Nov-", "yes", "Nov 15 2020"})
    EXPECT_FALSE(osm_months(bad, months)) << bad;
}

TEST(OsmWays, WhichRoads) {
  for (const auto& [name, kmh] : osm_highways())
    EXPECT_EQ(road({{"highway", name}}).speed_kmh, kmh) << name;
  for (const char* other : {"footway", "cycleway", "steps", "path", "construction", "proposed",
                            "raceway", "pedestrian", "bus_guideway", ""})
    EXPECT_FALSE(is_road({{"highway", other}})) << other;
  EXPECT_FALSE(is_road({{"highway", "service"}, {"area", "yes"}}));
  EXPECT_FALSE(is_road({{"highway", "track"}, {"abandoned", "yes"}}));
  EXPECT_EQ(road({{"highway", "track"}, {"tracktype", "grade2"}}).speed_kmh, 30.0);
  std::vector<BadOsmTag> bad;
  EXPECT_FALSE(osm_road(tags({{"highway", "track"}}), {"primary"}, bad));
  EXPECT_TRUE(osm_road(tags({{"highway", "primary"}}), {"primary"}, bad));
}

TEST(OsmWays, Speeds) {
  EXPECT_EQ(road({{"highway", "primary"}, {"maxspeed", "70"}}).speed_kmh, 70.0);
  EXPECT_EQ(road({{"highway", "motorway"}, {"maxspeed", "130"}}).speed_kmh, 90.0);
  EXPECT_EQ(road({{"highway", "motorway"}, {"maxspeed", "none"}}).speed_kmh, 80.0);
  EXPECT_EQ(road({{"highway", "primary"}, {"maxspeed", "100"}, {"maxspeed:hgv", "60"}}).speed_kmh,
            60.0);
  EXPECT_EQ(road({{"highway", "primary"}, {"maxspeed:forward", "70"}, {"maxspeed:backward", "50"}})
                .speed_kmh,
            50.0);
  std::vector<BadOsmTag> bad;
  const auto way = osm_road(tags({{"highway", "primary"}, {"maxspeed", "fast"}}), {}, bad);
  EXPECT_EQ(way->speed_kmh, 60.0);
  ASSERT_EQ(bad.size(), 1u);
  EXPECT_EQ(bad[0].key, "maxspeed");
}

TEST(OsmWays, Directions) {
  EXPECT_EQ(road({{"highway", "motorway"}}).oneway, "yes");
  EXPECT_EQ(road({{"highway", "motorway"}, {"oneway", "no"}}).oneway, "");
  EXPECT_EQ(road({{"highway", "motorway_link"}}).oneway, "");
  EXPECT_EQ(road({{"highway", "tertiary"}, {"junction", "roundabout"}}).oneway, "yes");
  EXPECT_EQ(road({{"highway", "tertiary"}, {"oneway", "-1"}}).oneway, "-1");
  EXPECT_EQ(road({{"highway", "tertiary"}, {"oneway", "yes"}}).oneway, "yes");
  EXPECT_EQ(road({{"highway", "tertiary"}, {"oneway", "reversible"}}).oneway, "");
  EXPECT_EQ(road({{"highway", "tertiary"}}).oneway, "");
}

TEST(OsmWays, AccessGoesByTheMostSpecificWord) {
  EXPECT_EQ(road({{"highway", "track"}, {"access", "private"}}).access, "private");
  EXPECT_EQ(road({{"highway", "track"}, {"access", "private"}, {"hgv", "yes"}}).access, "yes");
  EXPECT_EQ(road({{"highway", "track"}, {"vehicle", "no"}, {"motor_vehicle", "yes"}}).access,
            "yes");
  EXPECT_EQ(road({{"highway", "primary"}, {"hgv", "no"}}).access, "no");
  EXPECT_EQ(road({{"highway", "primary"}, {"hgv", "destination"}, {"access", "yes"}}).access,
            "destination");
  EXPECT_EQ(road({{"highway", "track"}, {"access", "forestry;agricultural"}}).access, "forestry");
  EXPECT_EQ(road({{"highway", "track"}, {"access", "forestry;yes"}}).access, "yes");
  std::vector<BadOsmTag> bad;
  EXPECT_EQ(osm_road(tags({{"highway", "track"}, {"access", "perhaps"}}), {}, bad)->access, "");
  EXPECT_EQ(bad.size(), 1u);
}

TEST(OsmWays, LimitsTollsBridges) {
  const OsmWay way = road({{"highway", "primary"},
                           {"maxweight", "20"},
                           {"maxweight:hgv", "12 t"},
                           {"maxaxleload", "8"},
                           {"toll", "yes"},
                           {"surface", "Gravel"},
                           {"bridge", "viaduct"}});
  EXPECT_EQ(way.max_weight_t, 12.0);
  EXPECT_EQ(way.axle_load_t, 8.0);
  EXPECT_EQ(way.toll, "yes");
  EXPECT_EQ(way.surface, "gravel");
  EXPECT_EQ(way.bridge, "viaduct");
  EXPECT_EQ(road({{"highway", "primary"}, {"toll", "yes"}, {"toll:hgv", "no"}}).toll, "");
}

TEST(OsmWays, Seasons) {
  const OsmWay ice = road({{"highway", "track"}, {"ice_road", "yes"}});
  EXPECT_EQ(ice.months_closed, bits({4, 5, 6, 7, 8, 9, 10, 11, 12}));
  EXPECT_TRUE(ice.months_assumed && ice.months_by_season);
  const OsmWay said = road({{"highway", "track"},
                            {"winter_road", "yes"},
                            {"access", "no"},
                            {"access:conditional", "yes @ (Dec-Mar)"}});
  EXPECT_EQ(said.months_closed, bits({4, 5, 6, 7, 8, 9, 10, 11}));
  EXPECT_EQ(said.access, "yes");
  EXPECT_FALSE(said.months_assumed);
  EXPECT_EQ(road({{"highway", "secondary"}, {"motor_vehicle:conditional", "no @ (Nov 15-May 15)"}})
                .months_closed,
            bits({11, 12, 1, 2, 3, 4, 5}));
  EXPECT_EQ(road({{"highway", "secondary"}, {"seasonal", "summer"}}).months_closed,
            bits({9, 10, 11, 12, 1, 2, 3, 4, 5}));
  EXPECT_TRUE(road({{"highway", "secondary"}, {"seasonal", "yes"}}).seasonal_unknown);
  EXPECT_EQ(road({{"highway", "secondary"}, {"seasonal", "no"}}).months_closed, 0);
  const OsmWay weight =
      road({{"highway", "secondary"}, {"hgv:conditional", "no @ (weight > 7.5)"}});
  EXPECT_EQ(weight.max_weight_t, 7.5);
  EXPECT_TRUE(
      road({{"highway", "secondary"}, {"hgv:conditional", "no @ (22:00-06:00)"}}).condition_unread);
}

TEST(OsmWays, Ferries) {
  EXPECT_FALSE(is_road({{"route", "ferry"}}));
  EXPECT_FALSE(is_road({{"route", "ferry"}, {"motor_vehicle", "no"}}));
  EXPECT_FALSE(is_road({{"route", "ferry"}, {"motor_vehicle", "yes"}, {"hgv", "no"}}));
  const OsmWay ferry = road({{"route", "ferry"}, {"motor_vehicle", "yes"}, {"duration", "1:30"}});
  EXPECT_TRUE(ferry.ferry);
  EXPECT_EQ(ferry.duration_h, 1.5);
  EXPECT_TRUE(std::isnan(ferry.speed_kmh));
  EXPECT_NEAR(road({{"route", "ferry"}, {"hgv", "designated"}, {"maxspeed", "12 knots"}}).speed_kmh,
              22.224, 1e-9);
  EXPECT_EQ(road({{"route", "ferry"}, {"hgv", "yes"}}).speed_kmh, 20.0);
}

TEST(OsmWays, Rail) {
  std::vector<BadOsmTag> bad;
  const auto way = osm_rail(tags({{"railway", "rail"},
                                  {"gauge", "1435;1520"},
                                  {"maxspeed", "160"},
                                  {"maxaxleload", "22.5"},
                                  {"usage", "main"}}),
                            bad);
  ASSERT_TRUE(way);
  EXPECT_EQ(way->gauge_mm, "1435;1520");
  EXPECT_EQ(way->speed_kmh, 120.0);
  EXPECT_EQ(way->axle_load_t, 22.5);
  EXPECT_TRUE(std::isnan(osm_rail(tags({{"railway", "rail"}}), bad)->speed_kmh));
  EXPECT_EQ(osm_rail(tags({{"railway", "rail"}, {"gauge", "standard"}}), bad)->gauge_mm, "1435");
  EXPECT_TRUE(bad.empty());
  for (const char* other : {"abandoned", "disused", "construction", "tram", "subway", "light_rail",
                            "miniature", "funicular"})
    EXPECT_FALSE(osm_rail(tags({{"railway", other}}), bad)) << other;
  EXPECT_FALSE(osm_rail(tags({{"railway", "rail"}, {"disused", "yes"}}), bad));
  EXPECT_EQ(osm_rail(tags({{"railway", "narrow_gauge"}, {"gauge", "wide"}}), bad)->gauge_mm, "");
  EXPECT_EQ(bad.size(), 1u);
}

TEST(OsmWays, Barge) {
  std::vector<BadOsmTag> bad;
  const auto barge = [&](std::vector<std::pair<std::string_view, std::string_view>> list) {
    return osm_barge(tags(std::move(list)), bad);
  };
  EXPECT_FALSE(barge({{"waterway", "river"}}));
  EXPECT_FALSE(barge({{"waterway", "stream"}, {"boat", "yes"}}));
  EXPECT_FALSE(barge({{"waterway", "river"}, {"boat", "no"}}));
  EXPECT_FALSE(barge({{"waterway", "river"}, {"boat", "yes"}, {"ship", "no"}}));
  EXPECT_FALSE(barge({{"waterway", "canal"}, {"CEMT", "0"}}));
  EXPECT_TRUE(barge({{"waterway", "canal"}, {"CEMT", "Va"}}));
  EXPECT_TRUE(barge({{"waterway", "river"}, {"motorboat", "yes"}}));
  const auto way = barge({{"waterway", "fairway"}, {"ship", "designated"}, {"maxdraft", "2.8 m"}});
  ASSERT_TRUE(way);
  EXPECT_EQ(way->max_draught_m, 2.8);
  EXPECT_TRUE(bad.empty());
}

}  // namespace
}  // namespace lode
