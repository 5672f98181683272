#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

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

TEST(Tariff, WhatIsNotThereIsSaid) {
  const auto nothing = errors_of("as_of = 2026-01-01\n");
  ASSERT_EQ(nothing.size(), 1u);
  EXPECT_THAT(nothing[0].what(), testing::HasSubstr("modes"));
  const auto broken = errors_of("as_of = = 3\n");
  ASSERT_EQ(broken.size(), 1u);
  EXPECT_EQ(broken[0].code, "tariff.syntax");
  EXPECT_THAT(broken[0].where, testing::StartsWith("t.toml:1:"));
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
  Table no_modes;
  no_modes.add(number_column("dwell_h", {1.0}));
  EXPECT_EQ(code(no_modes), "table.no_field");
}

}  // namespace
