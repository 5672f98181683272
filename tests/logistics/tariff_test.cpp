#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include "libgeo/core/error.h"
#include "libgeo/logistics/tariff.h"
#include "libgeo/logistics/terminals.h"
#include "tests/logistics/sketch.h"

namespace {

using namespace lode;

std::vector<Error> errors_of(const std::string& text) {
  try {
    (void)parse_tariff(text, "t.toml");
  } catch (const Error& error) {
    std::vector<Error> all = {error};
    all.insert(all.end(), error.more.begin(), error.more.end());
    return all;
  }
  return {};
}

TEST(Tariff, TheBuiltInOneIsWholeAndSourced) {
  const Tariff& tariff = built_in_tariff();
  EXPECT_EQ(tariff.name, "built-in");
  EXPECT_EQ(tariff.as_of, "2026-11-01");
  for (const char* mode : {"road", "rail", "sea", "barge", "offroad"}) {
    const ModeRates* rates = tariff.mode(mode);
    ASSERT_NE(rates, nullptr) << mode;
    EXPECT_FALSE(rates->source.empty());
    EXPECT_GT(rates->speed_kmh, 0.0);
    EXPECT_GT(rates->co2e_g_per_tkm, 0.0);
    EXPECT_LT(rates->usd_per_tkm.low, rates->usd_per_tkm.high);
  }
  EXPECT_NE(tariff.transfer("rail", "road"), nullptr);
  EXPECT_EQ(tariff.transfer("sea", "air"), nullptr);
}

TEST(Tariff, EitherDirectionServesForBothUntilBothStand) {
  const Tariff tariff = parse_tariff(std::string(sketch::tariff_text()) +
                                         "\"CAN>USA\" = { usd_per_t = 9, hours = 1 }\n"
                                         "any = { usd_per_t = 1, hours = 2 }\n",
                                     "t.toml");
  EXPECT_EQ(tariff.transfer("rail", "road")->usd_per_t.base, 6.0);
  EXPECT_EQ(tariff.border("USA", "CAN")->usd_per_t.base, 2.0);
  EXPECT_EQ(tariff.border("CAN", "USA")->usd_per_t.base, 9.0);
  EXPECT_EQ(tariff.border("FRA", "DEU")->usd_per_t.base, 1.0);
}

TEST(Tariff, EveryMistakeHasItsLine) {
  const auto errors = errors_of(R"(as_of = "yesterday"
currency = "EUR"
value_of_time_usd_per_t_h = -1
colour = "red"
[modes.road]
usd_per_tkn = 0.12
speed_kmh = 0
[modes.rail]
usd_per_tkm = { low = 3, base = 2, high = 1 }
co2e_g_per_tkm = "much"
year = "2022"
source = 7
payload_t = 0
surface_factor = 2
[modes]
sea = 3
[transfers]
"road-rail" = { usd_per_t = 5, hours = 1 }
"road>air" = { usd_per_t = 5, hours = 1 }
"rail>road" = { usd_per_t = 5 }
[borders]
USA = { usd_per_t = 1, hours = 1 }
)");
  std::vector<std::string> wheres;
  for (const auto& error : errors) {
    EXPECT_EQ(error.code, "tariff.invalid");
    wheres.push_back(error.where);
  }
  for (const int line : {1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 16, 18, 19, 20, 22})
    EXPECT_THAT(wheres, testing::Contains("t.toml:" + std::to_string(line))) << line;
  EXPECT_THAT(errors[5].what(), testing::HasSubstr("usd_per_tkm"));
}

TEST(Tariff, FiguresOfNoVehicleAreToldOnce) {
  const auto errors_of = [](const std::string& line) {
    const std::string text = "as_of = 2026-11-01\n[modes.road]\nusd_per_tkm = 1\n" + line + "\n";
    std::vector<std::string> all;
    try {
      (void)parse_tariff(text, "t.toml");
    } catch (const Error& error) {
      EXPECT_EQ(error.code, "tariff.invalid");
      EXPECT_EQ(error.where, "t.toml:4");
      all.emplace_back(error.what());
      for (const auto& more : error.more) all.emplace_back(more.what());
    }
    return all;
  };
  const std::string road = "modes.road.";
  for (const char* value : {"1e-300", "0", "-1", "0.05", "1000001", "inf", "nan", "\"5\""})
    for (const char* key : {"payload_t", "dwt_t", "parcel_t"})
      EXPECT_THAT(errors_of(std::string(key) + " = " + value),
                  testing::ElementsAre(road + key + " must be a number of 0.1 to 1,000,000 t"))
          << value;
  for (const char* value : {"1e-300", "0", "2000.5", "inf", "-inf"})
    EXPECT_THAT(errors_of(std::string("speed_kmh = ") + value),
                testing::ElementsAre(road + "speed_kmh must be a number of 0.1 to 2,000 km/h"));
  EXPECT_EQ(errors_of("draught_m = inf").size(), 1u);
  EXPECT_EQ(errors_of("axle_load_t = 0").size(), 1u);
  for (const char* fine : {"payload_t = 0.1", "dwt_t = 1000000", "speed_kmh = 2000"})
    EXPECT_TRUE(errors_of(fine).empty()) << fine;
}

TEST(Tariff, WhatIsNotThereIsSaid) {
  const auto nothing = errors_of("as_of = 2026-01-01\n");
  ASSERT_EQ(nothing.size(), 1u);
  EXPECT_THAT(nothing[0].what(), testing::HasSubstr("modes"));
  const auto broken = errors_of("as_of = = 3\n");
  ASSERT_EQ(broken.size(), 1u);
  EXPECT_EQ(broken[0].code, "tariff.syntax");
  EXPECT_THAT(broken[0].where, testing::StartsWith("t.toml:1:"));
}

TEST(Tariff, AClassHasWhatItDoesNotSayFromItsMode) {
  const Tariff tariff = parse_tariff(R"(as_of = 2026-01-01
[modes.sea]
usd_per_tkm = { low = 1, base = 2, high = 3 }
speed_kmh = 24
payload_t = 9
backhaul_share = 0.5
default_classes = ["Small"]
[modes.sea.classes.big]
draught_m = 14
speed_kmh = 20
backhaul_credit = 0.4
[modes.sea.classes.Small]
usd_per_tkm = 4
)",
                                     "t.toml");
  const auto& classes = tariff.mode("sea")->classes;
  ASSERT_EQ(classes.size(), 2u);
  const ModeRates& small = classes[classes[0].vehicle == "small" ? 0 : 1];
  const ModeRates& big = classes[classes[0].vehicle == "small" ? 1 : 0];
  EXPECT_EQ(big.vehicle, "big");
  EXPECT_EQ(big.usd_per_tkm, (Rate{1, 2, 3}));
  EXPECT_EQ(big.draught_m, 14);
  EXPECT_EQ(big.speed_kmh, 20);
  EXPECT_TRUE(big.own_speed);
  EXPECT_EQ(big.payload_t, 9);
  // 1 - 0.5 x 0.4
  EXPECT_NEAR(big.net_usd_per_tkm().base, 1.6, 1e-15);
  EXPECT_NEAR(big.net_usd_per_tkm().high, 2.4, 1e-15);
  EXPECT_EQ(small.usd_per_tkm, (Rate{4, 4, 4}));
  EXPECT_EQ(small.net_usd_per_tkm(), small.usd_per_tkm);
  EXPECT_TRUE(std::isnan(small.draught_m));
  EXPECT_FALSE(small.own_speed);
  EXPECT_EQ(tariff.mode("sea")->default_classes, std::vector<std::string>{"small"});
}

TEST(Tariff, MistakesInClassesHaveTheirLines) {
  const auto errors = errors_of(R"(as_of = 2026-01-01
[modes.sea]
usd_per_tkm = 1
backhaul_share = 1.5
default_classes = ["handisize"]
[modes.sea.classes.handysize]
draft_m = 10
[modes.sea.classes.empty]
source = "nothing else"
[modes.sea.classes.deep]
draught_m = 0
usd_per_tkm = { low = 2, base = 1 }
classes = 3
[modes.road]
usd_per_tkm = 1
classes = 5
parcel_t = -1
[class7]
hours = 2
)");
  std::vector<std::string> wheres;
  std::string all;
  for (const auto& error : errors) {
    EXPECT_EQ(error.code, "tariff.invalid");
    wheres.push_back(error.where);
    all += std::string(error.what()) + "\n";
  }
  for (const int line : {4, 5, 7, 8, 11, 12, 13, 16, 17, 18})
    EXPECT_THAT(wheres, testing::Contains("t.toml:" + std::to_string(line))) << line << "\n" << all;
  EXPECT_THAT(all, testing::HasSubstr("Did you mean 'draught_m'"));
  EXPECT_THAT(all, testing::HasSubstr("Did you mean 'handysize'"));
  EXPECT_THAT(all, testing::HasSubstr("no figure that differs"));
}

TEST(Tariff, TheBuiltInShipsGrowWithTheirDraught) {
  const ModeRates& sea = *built_in_tariff().mode("sea");
  ASSERT_EQ(sea.classes.size(), 5u);
  auto ships = sea.classes;
  std::sort(ships.begin(), ships.end(),
            [](const ModeRates& a, const ModeRates& b) { return a.dwt_t < b.dwt_t; });
  EXPECT_EQ(ships.front().vehicle, "coaster");
  EXPECT_EQ(ships.back().vehicle, "capesize");
  // UK government factors, bulk carriers below 10,000 dwt and of 10,000 to 34,999.
  EXPECT_EQ(ships[0].co2e_g_per_tkm, 29.6);
  EXPECT_EQ(ships[1].co2e_g_per_tkm, 8.0);
  for (std::size_t i = 1; i < ships.size(); ++i) {
    EXPECT_LT(ships[i - 1].draught_m, ships[i].draught_m);
    EXPECT_LT(ships[i - 1].parcel_t, ships[i].parcel_t);
    EXPECT_GT(ships[i - 1].usd_per_tkm.base, ships[i].usd_per_tkm.base);
    EXPECT_GT(ships[i - 1].co2e_g_per_tkm, ships[i].co2e_g_per_tkm);
    EXPECT_FALSE(ships[i].source.empty());
    EXPECT_GT(ships[i].year, 2000);
  }
  // What runs unless somebody asks is what the mode itself says.
  EXPECT_EQ(ships[1].usd_per_tkm, sea.usd_per_tkm);
}

TEST(Tariff, TheWholeOneOfTheManualIsRight) {
  std::ifstream page(std::string(LODE_SOURCE_DIR) + "/tools/route.md");
  std::stringstream text;
  text << page.rdbuf();
  const std::string all = text.str();
  const auto begin = all.find("```toml\n") + 8;
  const Tariff tariff = parse_tariff(all.substr(begin, all.find("```", begin) - begin), "route.md");
  EXPECT_EQ(tariff.mode("sea")->classes.size(), 2u);
  EXPECT_EQ(tariff.class7.usd_per_t.base, 12.0);
  EXPECT_NEAR(tariff.mode("road")->net_usd_per_tkm().base, 0.096, 1e-15);
  // 1 degree of road, 10 of sea, 1 of road; the lane takes 12 m, so the panamax of 14 m does not
  // count even when both are asked for.
  auto lane = sketch::layer("sea", {{{1, 0}, {11, 0}}});
  lane.table.add(number_column("max_draught_m", {12.0}));
  const Network net =
      build_network({sketch::layer("road", {{{0, 0}, {1, 0}}, {{11, 0}, {12, 0}}}), lane});
  RouteOptions options;
  options.vehicle_classes = {"all"};
  options.cargo = {4000, 100, 52000};
  auto stops = sketch::terminals({sketch::terminal("P", 1, 0, {"road", "sea"}),
                                  sketch::terminal("Q", 11, 0, {"road", "sea"})});
  for (auto& stop : stops.list) stop.class7 = "yes";
  const auto row = route(net, tariff, stops, sketch::places({sketch::place("A", 0, 0)}),
                         sketch::places({sketch::place("B", 12, 0)}), options)
                       .rows.at(0);
  ASSERT_TRUE(row.reachable()) << row.words;
  const double km = 111.319490793274;
  // Transfers: 7 and 12 USD/t, 72 and 24 h, twice; the ship waits 5000 / 52000 x 8760 / 2 =
  // 421.154 h.
  const double hours = 2 * km / 60 + 10 * km / 24 + 2 * 96 + 5000.0 / 52000 * 4380;
  EXPECT_NEAR(row.hours, hours, 1e-9);
  EXPECT_NEAR(row.cost_usd_per_t, 2 * km * 0.096 + 10 * km * 0.006 + 2 * 19 + 0.04 * hours, 1e-9);
}

TEST(Tariff, SpeedAndEmissionsMayBeLeftOut) {
  const Tariff tariff =
      parse_tariff("as_of = 2026-01-01\n[modes.road]\nusd_per_tkm = 0.1\n", "t.toml");
  EXPECT_TRUE(std::isnan(tariff.mode("road")->speed_kmh));
  EXPECT_TRUE(std::isnan(tariff.mode("road")->co2e_g_per_tkm));
  const Network net = build_network({sketch::layer("road", {{{0, 0}, {2, 0}}})});
  const auto row =
      route(net, tariff, sketch::terminals(), sketch::places({sketch::place("A", 0, 0)}),
            sketch::places({sketch::place("B", 2, 0)}))
          .rows[0];
  EXPECT_NEAR(row.cost_usd_per_t, 22.2638981586548, 1e-9);
  EXPECT_TRUE(std::isnan(row.hours));
  EXPECT_TRUE(std::isnan(row.co2e_kg_per_t));
}

TEST(Tariff, SurfacesMultiplyTheRate) {
  const Tariff tariff = parse_tariff(
      "as_of = 2026-01-01\n[modes.road]\nusd_per_tkm = 0.1\nsurface_factor = { Gravel = 2 }\n",
      "t");
  auto roads = sketch::layer("road", {{{0, 0}, {2, 0}}});
  roads.table.add(text_column("surface", {"gravel"}));
  const auto row =
      route(build_network({roads}), tariff, sketch::terminals(),
            sketch::places({sketch::place("A", 0, 0)}), sketch::places({sketch::place("B", 2, 0)}))
          .rows[0];
  EXPECT_NEAR(row.cost_usd_per_t, 2 * 22.2638981586548, 1e-9);
}

TEST(Terminals, ABandOfHandlingAndWordsForClass7) {
  Table table;
  table.name = "terminals.csv";
  table.add(text_column("modes", {"road;rail", "road;rail", "road;rail"}));
  table.add(number_column("handling_usd_per_t", {5.0, 5.0, std::nan("")}));
  table.add(number_column("handling_low_usd_per_t", {4.0, std::nan(""), std::nan("")}));
  table.add(number_column("handling_high_usd_per_t", {9.0, std::nan(""), std::nan("")}));
  table.add(text_column("class7", {"Yes", "N", "perhaps"}));
  Findings findings;
  const auto terminals = terminals_from_table(
      wgs84(), {point_geometry(1, 0), point_geometry(3, 0), point_geometry(5, 0)}, table,
      {"a", "b", "c"}, {"", "", ""}, {}, findings);
  ASSERT_EQ(terminals.list.size(), 3u);
  EXPECT_EQ(terminals.list[0].accepts_class7(), Accepts::yes);
  EXPECT_EQ(terminals.list[1].accepts_class7(), Accepts::no);
  EXPECT_EQ(terminals.list[2].accepts_class7(), Accepts::unknown);
  EXPECT_TRUE(findings.has("route.bad_class7"));
  const Network net = build_network({sketch::layer("road", {{{0, 0}, {1, 0}}, {{3, 0}, {4, 0}}}),
                                     sketch::layer("rail", {{{1, 0}, {3, 0}}})});
  const auto row =
      route(net, sketch::plain_tariff(), terminals, sketch::places({sketch::place("A", 0, 0)}),
            sketch::places({sketch::place("B", 4, 0)}))
          .rows.at(0);
  ASSERT_EQ(row.legs.size(), 5u);
  EXPECT_EQ(row.legs[1].cost_low_usd_per_t, 4.0);
  EXPECT_EQ(row.legs[1].cost_usd_per_t, 5.0);
  EXPECT_EQ(row.legs[1].cost_high_usd_per_t, 9.0);
  EXPECT_EQ(row.legs[3].cost_low_usd_per_t, 5.0);
  EXPECT_EQ(row.legs[3].cost_high_usd_per_t, 5.0);
}

TEST(Terminals, FromATable) {
  Table table;
  table.name = "terminals.csv";
  table.add(text_column("modes", {"road; Rail", "road", "road,sea", "road/sea"}));
  table.add(number_column("handling_usd_per_t", {5.0, 1.0, std::nan(""), 1.0}, "USD/t"));
  table.add(number_column("dwell_h", {2.0, 1.0, 1.0, 1.0}, "d"));
  table.add(text_column("class7", {"yes", "", "", ""}));
  Findings findings;
  const auto terminals = terminals_from_table(
      wgs84(), {point_geometry(1, 2), point_geometry(1, 2), point_geometry(3, 4), Geometry{}},
      table, {"a", "b", "c", "d"}, {"", "", "", ""}, {}, findings);
  ASSERT_EQ(terminals.list.size(), 2u);
  EXPECT_EQ(terminals.list[0].modes, (std::vector<std::string>{"road", "rail"}));
  EXPECT_EQ(terminals.list[0].dwell_h, 48.0);
  EXPECT_EQ(terminals.list[0].class7, "yes");
  EXPECT_TRUE(std::isnan(terminals.list[1].handling_usd_per_t));
  EXPECT_TRUE(findings.has("route.terminal_one_mode"));
  EXPECT_TRUE(findings.has("route.terminal_without_place"));
  const auto code = [&](const Table& bad) {
    try {
      (void)terminals_from_table(wgs84(), {point_geometry(1, 2)}, bad, {"a"}, {""}, {}, findings);
    } catch (const Error& error) {
      return error.code;
    }
    return std::string("none");
  };
  Table negative;
  negative.add(text_column("modes", {"road;rail"}));
  negative.add(number_column("dwell_h", {-1.0}));
  EXPECT_EQ(code(negative), "route.bad_terminal");
  Table lopsided;
  lopsided.add(text_column("modes", {"road;rail"}));
  lopsided.add(number_column("handling_usd_per_t", {5.0}));
  lopsided.add(number_column("handling_low_usd_per_t", {6.0}));
  EXPECT_EQ(code(lopsided), "route.bad_terminal");
  lopsided.columns[1] = number_column("handling_usd_per_t", {std::nan("")});
  EXPECT_EQ(code(lopsided), "route.bad_terminal");
  Table no_modes;
  no_modes.add(number_column("dwell_h", {1.0}));
  EXPECT_EQ(code(no_modes), "table.no_field");
}

}  // namespace
