// Classes of vehicles, draught, parcels, return loads and tolls, reckoned by hand.
#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/logistics/freight.h"
#include "tests/logistics/sketch.h"

namespace {

using namespace lode;
using sketch::layer;
using sketch::place;
using sketch::places;
using sketch::terminal;
using sketch::terminals;

// A degree of the equator, GeodSolve -i -E.
constexpr double kDegree = 111.319490793274;

// Round figures. Time has no value unless a test gives it one.
Tariff ships() {
  return parse_tariff(R"(as_of = 2026-11-01
[modes.road]
usd_per_tkm = 0.10
co2e_g_per_tkm = 100
speed_kmh = 50
[modes.rail]
usd_per_tkm = 0.03
co2e_g_per_tkm = 20
speed_kmh = 40
[modes.sea]
usd_per_tkm = 0.006
co2e_g_per_tkm = 8
speed_kmh = 25
[modes.sea.classes.coaster]
usd_per_tkm = 0.05
draught_m = 6
parcel_t = 1000
[modes.sea.classes.handysize]
usd_per_tkm = { low = 0.004, base = 0.005, high = 0.007 }
draught_m = 10
parcel_t = 5000
payload_t = 25000
[modes.sea.classes.panamax]
usd_per_tkm = 0.002
draught_m = 14
parcel_t = 50000
payload_t = 60000
speed_kmh = 20
[transfers]
"road>rail" = { usd_per_t = 6, hours = 12 }
"road>sea" = { usd_per_t = 7, hours = 48 }
"rail>sea" = { usd_per_t = 8, hours = 48 }
"rail>rail" = { usd_per_t = 4, hours = 10 }
[class7]
usd_per_t = 3
hours = 5
)",
                      "ships.toml");
}

RouteTable table_of(const Network& net, const Tariff& tariff, const Terminals& stops,
                    const Place& from, const Place& to, const RouteOptions& options = {}) {
  RouteTable table = route(net, tariff, stops, places({from}), places({to}), options);
  // Every component is additive, and the totals are the sums of the legs.
  for (const auto& row : table.rows) {
    if (!row.reachable() || row.legs.empty()) continue;
    double cost = 0, low = 0, high = 0, hours = 0, co2e = 0;
    for (const auto& leg : row.legs) {
      EXPECT_NEAR(
          leg.cost_usd_per_t,
          leg.freight_usd_per_t + leg.toll_usd_per_t + leg.time_usd_per_t + leg.stock_usd_per_t,
          1e-12);
      EXPECT_LE(leg.wait_h, leg.hours);
      cost += leg.cost_usd_per_t;
      low += leg.cost_low_usd_per_t;
      high += leg.cost_high_usd_per_t;
      hours += leg.hours;
      co2e += leg.co2e_kg_per_t;
    }
    EXPECT_EQ(row.cost_usd_per_t, cost);
    EXPECT_EQ(row.cost_low_usd_per_t, low);
    EXPECT_EQ(row.cost_high_usd_per_t, high);
    EXPECT_EQ(row.hours, hours);
    EXPECT_EQ(row.co2e_kg_per_t, co2e);
  }
  return table;
}

const Leg& leg_of(const RouteRow& row, const std::string& mode) {
  static const Leg kNone;
  for (const auto& leg : row.legs)
    if (leg.mode == mode) return leg;
  ADD_FAILURE() << "no leg " << mode << ": " << row.words;
  return kNone;
}

LineLayer lanes(std::vector<Path> paths, std::vector<double> draughts) {
  LineLayer sea = layer("sea", std::move(paths));
  sea.table.add(number_column("max_draught_m", std::move(draughts)));
  return sea;
}

Terminal port(const std::string& id, double lon, double draught_m = std::nan("")) {
  Terminal t = terminal(id, lon, 0, {"road", "rail", "sea"});
  t.draught_m = draught_m;
  return t;
}

// Road 0 to 1 and 11 to 12, sea 1 to 11 in between.
Network strait(double draught_m = std::nan("")) {
  return build_network({layer("road", {{{0, 0}, {1, 0}}, {{11, 0}, {12, 0}}}),
                        lanes({{{1, 0}, {11, 0}}}, {draught_m})});
}

TEST(Vehicles, TheCheapestClassThatFitsIsTaken) {
  const Tariff tariff = ships();
  const auto stops = terminals({port("P1", 1), port("P2", 11)});
  const auto row_at = [&](double lane_m, const RouteOptions& options = {}) {
    return table_of(strait(lane_m), tariff, stops, place("A", 0, 0), place("B", 12, 0), options)
        .rows.at(0);
  };
  // Two degrees of road, ten of sea, two transfers.
  const double rest = 2 * kDegree * 0.10 + 2 * 7;
  const auto deep = row_at(15);
  EXPECT_EQ(leg_of(deep, "sea").vehicle, "panamax");
  EXPECT_NEAR(deep.cost_usd_per_t, rest + 10 * kDegree * 0.002, 1e-9);
  // The class says 20 km/h, emissions are the mode's.
  EXPECT_NEAR(leg_of(deep, "sea").hours, 10 * kDegree / 20, 1e-9);
  EXPECT_NEAR(leg_of(deep, "sea").co2e_kg_per_t, 10 * kDegree * 0.008, 1e-9);
  const auto middling = row_at(12);
  EXPECT_EQ(leg_of(middling, "sea").vehicle, "handysize");
  EXPECT_NEAR(middling.cost_usd_per_t, rest + 10 * kDegree * 0.005, 1e-9);
  EXPECT_NEAR(middling.cost_low_usd_per_t, rest + 10 * kDegree * 0.004, 1e-9);
  EXPECT_NEAR(middling.cost_high_usd_per_t, rest + 10 * kDegree * 0.007, 1e-9);
  EXPECT_NEAR(row_at(8).cost_usd_per_t, rest + 10 * kDegree * 0.05, 1e-9);
  // A lane without a figure is deep enough.
  EXPECT_EQ(leg_of(row_at(std::nan("")), "sea").vehicle, "panamax");
  const auto shallow = row_at(5);
  EXPECT_EQ(shallow.reason, Unreachable::draught);
  EXPECT_EQ(shallow.words, "no way is left, panamax lies 14 m deep, a lane has 5 m");
  RouteOptions options;
  options.vehicle_classes = {"Coaster"};
  EXPECT_EQ(leg_of(row_at(15, options), "sea").vehicle, "coaster");
  options.vehicle_classes = {"coaster", "handysize"};
  EXPECT_EQ(leg_of(row_at(15, options), "sea").vehicle, "handysize");
  options.vehicle_classes = {"handisize"};
  try {
    (void)row_at(15, options);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "route.unknown_vehicle");
    EXPECT_NE(error.hint.find("handysize"), std::string::npos);
  }
}

TEST(Vehicles, ATariffWithoutClassesNamesNone) {
  const Network net = build_network({layer("road", {{{0, 0}, {1, 0}}})});
  RouteOptions options;
  options.vehicle_classes = {"nosuch"};
  try {
    (void)route(net, sketch::plain_tariff(), sketch::terminals(),
                sketch::places({sketch::place("A", 0, 0)}),
                sketch::places({sketch::place("B", 1, 0)}), options);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "route.unknown_vehicle");
    EXPECT_EQ(error.hint.find("handysize"), std::string::npos) << error.hint;
    EXPECT_NE(error.hint.find("no classes"), std::string::npos) << error.hint;
  }
}

TEST(Vehicles, HoursDecideWhenTheyAreMinimised) {
  RouteOptions options;
  options.minimise = Minimise::hours;
  const auto row = table_of(strait(), ships(), terminals({port("P1", 1), port("P2", 11)}),
                            place("A", 0, 0), place("B", 12, 0), options)
                       .rows.at(0);
  // 25 km/h of the mode against the panamax's 20.
  EXPECT_NE(leg_of(row, "sea").vehicle, "panamax");
  EXPECT_NEAR(row.hours, 2 * kDegree / 50 + 10 * kDegree / 25 + 2 * 48, 1e-9);
}

TEST(Vehicles, TheModesOwnChoiceCountsUntilOneIsNamed) {
  Tariff tariff = ships();
  tariff.modes["sea"].default_classes = {"coaster"};
  const auto stops = terminals({port("P1", 1), port("P2", 11)});
  const auto vehicle = [&](std::vector<std::string> named) {
    RouteOptions options;
    options.vehicle_classes = std::move(named);
    return leg_of(table_of(strait(), tariff, stops, place("A", 0, 0), place("B", 12, 0), options)
                      .rows.at(0),
                  "sea")
        .vehicle;
  };
  EXPECT_EQ(vehicle({}), "coaster");
  EXPECT_EQ(vehicle({"all"}), "panamax");
  EXPECT_EQ(vehicle({"handysize"}), "handysize");
}

TEST(Vehicles, AClassOfTrucksHasItsOwnWeight) {
  Tariff tariff = ships();
  ModeRates big = tariff.modes["road"], small = big;
  big.vehicle = "triple";
  big.usd_per_tkm = {0.05, 0.05, 0.05};
  big.vehicle_mass_t = 90;
  small.vehicle = "semi";
  small.vehicle_mass_t = 40;
  tariff.modes["road"].classes = {small, big};
  LineLayer roads = layer("road", {{{0, 0}, {1, 0}}, {{1, 0}, {2, 0}}});
  roads.table.add(number_column("max_weight_t", {60, std::nan("")}));
  const Network net = build_network({roads});
  // Classes change at terminals alone, so the semi goes all the way.
  const auto row =
      table_of(net, tariff, terminals(), place("A", 0, 0), place("B", 2, 0)).rows.at(0);
  ASSERT_EQ(row.legs.size(), 1u);
  EXPECT_EQ(row.legs[0].vehicle, "semi");
  EXPECT_NEAR(row.cost_usd_per_t, 2 * kDegree * 0.10, 1e-9);
  EXPECT_EQ(leg_of(table_of(net, tariff, terminals(), place("A", 1.5, 0), place("B", 2, 0)).rows[0],
                   "road")
                .vehicle,
            "triple");
  // Ends inside one edge: the class is chosen there too.
  EXPECT_EQ(
      leg_of(table_of(net, tariff, terminals(), place("A", 0.25, 0), place("B", 0.5, 0)).rows[0],
             "road")
          .vehicle,
      "semi");
}

TEST(Vehicles, ShipsMeetAtATerminalOnlyWhereItIsPriced) {
  // A deep lane 1 to 6, a shallow one 6 to 11; the port between them has only the sea.
  Tariff tariff = ships();
  const Network net = build_network({layer("road", {{{0, 0}, {1, 0}}, {{11, 0}, {12, 0}}}),
                                     lanes({{{1, 0}, {6, 0}}, {{6, 0}, {11, 0}}}, {20, 7})});
  Terminal hub = terminal("HUB", 6, 0, {"sea", "barge"});
  const auto row_of = [&] {
    return table_of(net, tariff, terminals({port("P1", 1), hub, port("P2", 11)}), place("A", 0, 0),
                    place("B", 12, 0))
        .rows.at(0);
  };
  tariff.modes["barge"] = tariff.modes["rail"];
  const double rest = 2 * kDegree * 0.10 + 2 * 7;
  EXPECT_NEAR(row_of().cost_usd_per_t, rest + 10 * kDegree * 0.05, 1e-9);
  tariff.transfers["sea>sea"] = {{5, 5, 5}, 24, 0};
  const auto row = row_of();
  EXPECT_NEAR(row.cost_usd_per_t, rest + 5 * kDegree * (0.002 + 0.05) + 5, 1e-9);
  ASSERT_EQ(row.legs.size(), 7u);
  EXPECT_EQ(row.legs[2].vehicle, "panamax");
  EXPECT_EQ(row.legs[3].mode, "transfer");
  EXPECT_EQ(row.legs[4].vehicle, "coaster");
}

// Chain 1. Truck 0 to 1, broad gauge 1 to 3, gauge break, standard gauge 3 to 5, port, a ship in a
// lane of 12 m 5 to 10, port, truck 10 to 11.
TEST(Chains, TruckRailGaugeBreakPortShipTruck) {
  LineLayer rail = layer("rail", {{{1, 0}, {3, 0}}, {{3, 0}, {5, 0}}});
  rail.table.add(number_column("gauge_mm", {1520, 1435}));
  const Network net = build_network({layer("road", {{{0, 0}, {1, 0}}, {{10, 0}, {11, 0}}}), rail,
                                     lanes({{{5, 0}, {10, 0}}}, {12})});
  Tariff tariff = ships();
  tariff.value_of_time_usd_per_t_h = 0.5;
  const auto stops =
      terminals({terminal("S1", 1, 0, {"road", "rail"}), terminal("GAUGE", 3, 0, {"rail", "road"}),
                 port("P1", 5), port("P2", 10)});
  RouteOptions options;
  options.snap.radius_km = 20;
  const auto row =
      table_of(net, tariff, stops, place("A", 0, 0), place("B", 11, 0), options).rows.at(0);
  // USD/t: 2 degrees of road at 0.10, 4 of rail at 0.03, 5 of sea at 0.005 (14 m is too deep for
  // 12), transfers 6 + 4 + 8 + 7. Hours: 2 x 111.3/50 + 4 x 111.3/40 + 5 x 111.3/25 + 12 + 10 + 48
  // + 48, half a dollar each.
  const double hours = kDegree * (2 / 50.0 + 4 / 40.0 + 5 / 25.0) + 118;
  EXPECT_NEAR(row.cost_usd_per_t, kDegree * (0.2 + 0.12 + 0.025) + 25 + 0.5 * hours, 1e-9);
  EXPECT_NEAR(row.hours, hours, 1e-9);
  EXPECT_NEAR(row.distance_km, 11 * kDegree, 1e-8);
  ASSERT_EQ(row.legs.size(), 9u);
  EXPECT_EQ(row.legs[3].mode, "transfer");
  EXPECT_EQ(row.legs[3].to, "GAUGE");
  EXPECT_EQ(row.legs[6].vehicle, "handysize");
}

// Chain 2. The near port's berth is 10 m deep: a handysize from there, or a truck 1 degree further
// to a port with 15 m and a panamax, on lanes of equal length.
TEST(Chains, TooDeepForABerth) {
  const Network net =
      build_network({layer("road", {{{0, 0}, {1, 0}, {2, 0}}, {{1, -40}, {1, -41}}}),
                     lanes({{{1, 0}, {1, -40}}, {{2, 0}, {2, -20}, {1, -40}}}, {20, 20})});
  const auto run = [&](double deep_m) {
    Terminal far = terminal("FAR", 1, -40, {"road", "sea"});
    far.draught_m = 16;
    return table_of(net, ships(), terminals({port("NEAR", 1, 10), port("DEEP", 2, deep_m), far}),
                    place("A", 0, 0), place("B", 1, -41))
        .rows.at(0);
  };
  const auto deep = run(15);
  EXPECT_EQ(leg_of(deep, "sea").vehicle, "panamax");
  EXPECT_EQ(leg_of(deep, "sea").from, "DEEP");
  // Lanes by GeodSolve: 1,0 to 1,-40 along the meridian is 4429.529 km; the bent one is longer.
  EXPECT_NEAR(leg_of(deep, "road").freight_usd_per_t, 2 * kDegree * 0.10, 1e-9);
  EXPECT_NEAR(leg_of(deep, "sea").freight_usd_per_t, 0.002 * leg_of(deep, "sea").distance_km, 1e-9);
  const auto shallow = run(12);
  EXPECT_EQ(leg_of(shallow, "sea").vehicle, "handysize");
  EXPECT_EQ(leg_of(shallow, "sea").from, "NEAR");
  EXPECT_NEAR(leg_of(shallow, "sea").distance_km, 4429.529, 1e-3);
  EXPECT_NEAR(leg_of(shallow, "sea").freight_usd_per_t, 4429.529 * 0.005, 1e-5);
  // Berths without a figure are open, and that is said once.
  const auto open = table_of(net, ships(), terminals({port("NEAR", 1), port("F", 2)}),
                             place("A", 0, 0), place("B", 0.5, 0));
  EXPECT_TRUE(open.findings.has("route.no_draught"));
}

TEST(Chains, NoBerthIsDeepEnough) {
  const auto row = table_of(strait(), ships(), terminals({port("P1", 1, 5), port("P2", 11, 5)}),
                            place("A", 0, 0), place("B", 12, 0))
                       .rows.at(0);
  EXPECT_EQ(row.reason, Unreachable::draught);
  EXPECT_EQ(row.words, "no way is left, panamax lies 14 m deep, P1 has 5 m");
}

// Chain 3. 50,000 t a year; half a dollar a tonne and hour. A handysize takes 5,000 t: 36.5 days to
// come together, 438 h in the mean, 219 USD/t. A coaster's 1,000 t: 7.3 days, 87.6 h, 43.8 USD/t,
// at ten times the rate: 10 degrees cost 55.66 instead of 5.57. So the coaster.
TEST(Chains, AParcelThatHasToComeTogether) {
  Tariff tariff = ships();
  tariff.value_of_time_usd_per_t_h = 0.5;
  const auto stops = terminals({port("P1", 1), port("P2", 11)});
  RouteOptions options;
  const auto run = [&] {
    return table_of(strait(12), tariff, stops, place("A", 0, 0), place("B", 12, 0), options);
  };
  EXPECT_TRUE(run().findings.has("route.parcel_unknown"));
  EXPECT_EQ(leg_of(run().rows[0], "sea").vehicle, "handysize");
  options.cargo.annual_t = 50000;
  const auto table = run();
  EXPECT_FALSE(table.findings.has("route.parcel_unknown"));
  const RouteRow& row = table.rows[0];
  EXPECT_EQ(leg_of(row, "sea").vehicle, "coaster");
  const Leg& loading = leg_of(row, "transfer");
  EXPECT_EQ(loading.to, "P1");
  EXPECT_EQ(loading.vehicle, "coaster");
  EXPECT_NEAR(loading.wait_h, 87.6, 1e-9);
  EXPECT_NEAR(loading.stock_usd_per_t, 43.8, 1e-9);
  EXPECT_NEAR(loading.stockpile_days, 7.3, 1e-9);
  EXPECT_NEAR(loading.time_usd_per_t, 24.0, 1e-9);
  EXPECT_NEAR(loading.hours, 48 + 87.6, 1e-9);
  const double hours = 2 * kDegree / 50 + 10 * kDegree / 25 + 2 * 48;
  EXPECT_NEAR(row.hours, hours + 87.6, 1e-9);
  EXPECT_NEAR(row.cost_usd_per_t,
              2 * kDegree * 0.10 + 10 * kDegree * 0.05 + 14 + 0.5 * hours + 43.8, 1e-9);
  // Without legs the totals are the same.
  options.legs = false;
  EXPECT_NEAR(run().rows[0].cost_usd_per_t, row.cost_usd_per_t, 1e-9);
  EXPECT_NEAR(run().rows[0].hours, row.hours, 1e-9);
  // Ten times the tonnes: 43.8 h and 21.9 USD/t, the handysize again.
  options.cargo.annual_t = 500000;
  options.legs = true;
  EXPECT_EQ(leg_of(run().rows[0], "sea").vehicle, "handysize");
  EXPECT_NEAR(leg_of(run().rows[0], "transfer").wait_h, 43.8, 1e-9);
}

// A train that takes 2,000 t, loaded at the mine's own siding: the load waits there.
TEST(Chains, TheFirstLoadingWaitsToo) {
  Tariff tariff = ships();
  tariff.value_of_time_usd_per_t_h = 0.1;
  tariff.modes["rail"].parcel_t = 2000;
  const Network net = build_network({layer("rail", {{{0, 0}, {2, 0}}})});
  RouteOptions options;
  options.cargo.annual_t = 20000;
  for (const double from : {0.0, 0.5})
    for (const auto side : {SearchFrom::sites, SearchFrom::places})
      for (const double to : {1.5, 2.0}) {
        options.search_from = side;
        const auto row =
            table_of(net, tariff, terminals(), place("A", from, 0), place("B", to, 0), options)
                .rows.at(0);
        // 2000/20000 of a year, half of it: 438 h.
        ASSERT_EQ(row.legs.size(), 1u);
        EXPECT_NEAR(row.legs[0].wait_h, 438, 1e-9);
        EXPECT_NEAR(row.legs[0].stock_usd_per_t, 43.8, 1e-9);
        EXPECT_NEAR(row.cost_usd_per_t, (to - from) * kDegree * (0.03 + 0.1 / 40) + 43.8, 1e-6);
      }
  // What stays where it is waits for nothing.
  EXPECT_EQ(table_of(net, tariff, terminals(), place("A", 1, 0), place("B", 1, 0), options)
                .rows[0]
                .cost_usd_per_t,
            0.0);
}

// Chain 4. Half of the trucks come back with a load that pays 40 %: 1 - 0.5 x 0.4 = 0.8 of 0.10.
TEST(Chains, ReturnLoadsLowerTheRate) {
  Tariff tariff = ships();
  tariff.modes["road"].backhaul_share = 0.5;
  tariff.modes["road"].backhaul_credit = 0.4;
  const Network net = build_network({layer("road", {{{0, 0}, {2, 0}}})});
  const auto row =
      table_of(net, tariff, terminals(), place("A", 0, 0), place("B", 2, 0)).rows.at(0);
  EXPECT_NEAR(row.cost_usd_per_t, 2 * kDegree * 0.08, 1e-9);
  EXPECT_NEAR(row.co2e_kg_per_t, 2 * kDegree * 0.1, 1e-9);
}

// Chain 5. A canal of 300,000 USD a passage: 12 USD/t in a handysize of 25,000 t, 5 in a panamax of
// 60,000 t; a coaster without payload_t would pay it all for a tonne.
TEST(Chains, TollsByThePayloadOfTheClass) {
  LineLayer canal = layer("sea", {{{1, 0}, {11, 0}}});
  canal.table.add(number_column("toll_usd", {300000}));
  canal.table.add(number_column("max_draught_m", {15}));
  const auto run = [&](double draught_m) {
    canal.table.columns.back() = number_column("max_draught_m", {draught_m});
    const Network net =
        build_network({layer("road", {{{0, 0}, {1, 0}}, {{11, 0}, {12, 0}}}), canal});
    return table_of(net, ships(), terminals({port("P1", 1), port("P2", 11)}), place("A", 0, 0),
                    place("B", 12, 0))
        .rows.at(0);
  };
  EXPECT_NEAR(leg_of(run(15), "sea").toll_usd_per_t, 5.0, 1e-9);
  EXPECT_NEAR(leg_of(run(12), "sea").toll_usd_per_t, 12.0, 1e-9);
  EXPECT_NEAR(run(12).cost_usd_per_t, 2 * kDegree * 0.1 + 10 * kDegree * 0.005 + 14 + 12, 1e-9);
}

}  // namespace
