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

// A degree of the equator is 111.319490793274 km (GeodSolve -i -E), so costs can be reckoned by
// hand.
constexpr double kDegree = 111.319490793274;

template <class Call>
std::string code_of(Call call) {
  try {
    (void)call();
  } catch (const Error& error) {
    return error.code;
  }
  return "none";
}

RouteRow one(const Network& net, const Tariff& tariff, const Terminals& stops, Place from, Place to,
             const RouteOptions& options = {}) {
  return route(net, tariff, stops, places({from}), places({to}), options).rows.at(0);
}

TEST(Freight, OneRoad) {
  const Network net = build_network({layer("road", {{{0, 0}, {2, 0}}})});
  const auto row = one(net, sketch::tariff(), terminals(), place("A", 0, 0), place("B", 2, 0));
  ASSERT_TRUE(row.reachable());
  EXPECT_NEAR(row.distance_km, 2 * kDegree, 1e-9);
  EXPECT_NEAR(row.hours, 2 * kDegree / 50, 1e-9);
  EXPECT_NEAR(row.cost_usd_per_t, 2 * kDegree * 0.10 + 0.5 * 2 * kDegree / 50, 1e-9);
  EXPECT_NEAR(row.cost_low_usd_per_t, 2 * kDegree * 0.08 + 0.5 * 2 * kDegree / 50, 1e-9);
  EXPECT_NEAR(row.cost_high_usd_per_t, 2 * kDegree * 0.20 + 0.5 * 2 * kDegree / 50, 1e-9);
  EXPECT_NEAR(row.co2e_kg_per_t, 2 * kDegree * 0.1, 1e-9);
  EXPECT_EQ(row.snap_km, 0.0);
  ASSERT_EQ(row.legs.size(), 1u);
  EXPECT_EQ(row.legs[0].mode, "road");
  EXPECT_EQ(row.legs[0].from, "A");
  EXPECT_EQ(row.legs[0].to, "B");
  EXPECT_TRUE(std::isnan(row.cost_usd_per_kg_contained));
}

TEST(Freight, BothEndsInsideOneEdge) {
  const Network net = build_network({layer("road", {{{0, 0}, {2, 0}}})});
  const auto row =
      one(net, sketch::plain_tariff(), terminals(), place("A", 0.5, 0), place("B", 1.75, 0));
  EXPECT_NEAR(row.distance_km, 1.25 * kDegree, 1e-6);
  const auto back =
      one(net, sketch::plain_tariff(), terminals(), place("B", 1.75, 0), place("A", 0.5, 0));
  EXPECT_NEAR(back.distance_km, 1.25 * kDegree, 1e-6);
  const auto same =
      one(net, sketch::plain_tariff(), terminals(), place("A", 0.5, 0), place("B", 0.5, 0));
  EXPECT_TRUE(same.reachable());
  EXPECT_NEAR(same.distance_km, 0.0, 1e-9);
}

TEST(Freight, SnapIsToTheEdgeAndCountsAtOffroad) {
  const Network net = build_network({layer("road", {{{0, 0}, {2, 0}}})});
  // GeodSolve -i: "0 1 0.1 1" -> 11057.427694902 m.
  const auto row =
      one(net, sketch::plain_tariff(), terminals(), place("A", 1, 0.1), place("B", 2, 0));
  EXPECT_NEAR(row.snap_km, 11.057427694902, 1e-8);
  EXPECT_NEAR(row.distance_km, kDegree, 1e-6);
  EXPECT_NEAR(row.cost_usd_per_t, 11.057427694902 * 0.30 + kDegree * 0.10, 1e-6);
  ASSERT_EQ(row.legs.size(), 2u);
  EXPECT_EQ(row.legs[0].mode, "snap");
  EXPECT_EQ(row.legs[0].from, "A");
  EXPECT_EQ(row.legs[0].to, row.legs[1].from);
  EXPECT_EQ(row.legs[1].to, "B");
}

TEST(Freight, WithoutOffroadTheRoadsRateCounts) {
  Tariff tariff = sketch::plain_tariff();
  tariff.modes.erase("offroad");
  const Network net = build_network({layer("road", {{{0, 0}, {2, 0}}})});
  const auto table =
      route(net, tariff, terminals(), places({place("A", 1, 0.1)}), places({place("B", 2, 0)}));
  EXPECT_NEAR(table.rows[0].cost_usd_per_t, (11.057427694902 + kDegree) * 0.10, 1e-6);
  EXPECT_TRUE(table.findings.has("route.snap_tariff"));
}

// Road 0 to 3; rail beside it from 1 to 2, reached only at terminals.
Network road_and_rail() {
  return build_network(
      {layer("road", {{{0, 0}, {1, 0}, {9, 0}, {10, 0}}}), layer("rail", {{{1, 0}, {9, 0}}})});
}

TEST(Freight, ModesChangeOnlyAtTerminals) {
  const Network net = road_and_rail();
  const Tariff tariff = sketch::plain_tariff();
  const auto road = one(net, tariff, terminals(), place("A", 0, 0), place("B", 10, 0));
  EXPECT_NEAR(road.cost_usd_per_t, 10 * kDegree * 0.10, 1e-8);
  const auto stops =
      terminals({terminal("T1", 1, 0, {"road", "rail"}), terminal("T2", 9, 0, {"rail", "road"})});
  const auto row = one(net, tariff, stops, place("A", 0, 0), place("B", 10, 0));
  EXPECT_NEAR(row.cost_usd_per_t, 2 * kDegree * 0.10 + 8 * kDegree * 0.03 + 2 * 6.0, 1e-8);
  EXPECT_NEAR(row.distance_km, 10 * kDegree, 1e-8);
  EXPECT_NEAR(row.hours, 2 * kDegree / 50 + 8 * kDegree / 40 + 24, 1e-8);
  ASSERT_EQ(row.legs.size(), 5u);
  const std::vector<std::string> modes = {"road", "transfer", "rail", "transfer", "road"};
  double cost = 0.0, hours = 0.0, co2e = 0.0, km = 0.0;
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(row.legs[i].mode, modes[i]);
    cost += row.legs[i].cost_usd_per_t;
    hours += row.legs[i].hours;
    co2e += row.legs[i].co2e_kg_per_t;
    km += row.legs[i].distance_km;
    if (i > 0) {
      EXPECT_EQ(row.legs[i].from, row.legs[i - 1].to);
    }
  }
  EXPECT_EQ(cost, row.cost_usd_per_t);
  EXPECT_EQ(hours, row.hours);
  EXPECT_EQ(co2e, row.co2e_kg_per_t);
  EXPECT_EQ(km, row.distance_km);
  EXPECT_EQ(row.legs[1].from, "T1");
  EXPECT_EQ(row.legs[3].to, "T2");
}

TEST(Freight, ATerminalsOwnFigureGoesFirst) {
  auto t1 = terminal("T1", 1, 0, {"road", "rail"});
  t1.handling_usd_per_t = 1.5;
  t1.dwell_h = 3.0;
  const auto row = one(road_and_rail(), sketch::plain_tariff(),
                       terminals({t1, terminal("T2", 9, 0, {"road", "rail"})}), place("A", 0, 0),
                       place("B", 10, 0));
  EXPECT_EQ(row.legs[1].cost_usd_per_t, 1.5);
  EXPECT_EQ(row.legs[1].hours, 3.0);
  EXPECT_EQ(row.legs[3].cost_usd_per_t, 6.0);
}

TEST(Freight, WhatIsMinimisedDecides) {
  const Network net = road_and_rail();
  const auto stops =
      terminals({terminal("T1", 1, 0, {"road", "rail"}), terminal("T2", 9, 0, {"rail", "road"})});
  RouteOptions options;
  options.minimise = Minimise::hours;
  const auto fast = one(net, sketch::tariff(), stops, place("A", 0, 0), place("B", 10, 0), options);
  EXPECT_EQ(fast.legs.size(), 1u);
  EXPECT_NEAR(fast.hours, 10 * kDegree / 50, 1e-8);
  options.minimise = Minimise::co2e;
  const auto clean =
      one(net, sketch::tariff(), stops, place("A", 0, 0), place("B", 10, 0), options);
  EXPECT_EQ(clean.legs.size(), 5u);
}

TEST(Freight, ATerminalInsideAnEdgeAndOffTheLine) {
  // The siding stands 0.01 degrees north of road and rail, over the middle of both edges.
  const Network net =
      build_network({layer("road", {{{0, 0}, {2, 0}}}), layer("rail", {{{0, 0.02}, {8, 0.02}}})});
  const auto row =
      one(net, sketch::plain_tariff(), terminals({terminal("T", 1, 0.01, {"road", "rail"})}),
          place("A", 0, 0), place("B", 8, 0.02));
  ASSERT_TRUE(row.reachable());
  ASSERT_EQ(row.legs.size(), 5u);
  const std::vector<std::string> modes = {"road", "snap", "transfer", "snap", "rail"};
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(row.legs[i].mode, modes[i]);
  EXPECT_NEAR(row.legs[1].distance_km, 1.10574, 1e-4);
  EXPECT_NEAR(row.distance_km, row.legs[0].distance_km + row.legs[4].distance_km, 1e-9);
}

TEST(Freight, OnewayIsKept) {
  auto roads = layer("road", {{{0, 0}, {1, 0}}, {{1, 0}, {1, 1}, {0, 1}, {0, 0}}});
  roads.table.add(text_column("oneway", {"yes", "yes"}));
  const Network net = build_network({roads});
  const auto on = one(net, sketch::plain_tariff(), terminals(), place("A", 0, 0), place("B", 1, 0));
  const auto back =
      one(net, sketch::plain_tariff(), terminals(), place("B", 1, 0), place("A", 0, 0));
  EXPECT_NEAR(on.distance_km, kDegree, 1e-9);
  EXPECT_NEAR(back.distance_km, 110.574388557799 * 2 + 111.302649339431, 1e-5);
  // Inside the one-way edge, backward: all the way round.
  const auto round =
      one(net, sketch::plain_tariff(), terminals(), place("P", 0.75, 0), place("Q", 0.25, 0));
  EXPECT_NEAR(round.distance_km, on.distance_km + back.distance_km - 0.5 * kDegree, 1e-6);
}

TEST(Freight, TollsAreSharedAlongTheLine) {
  auto roads = layer("road", {{{0, 0}, {2, 0}}});
  roads.table.add(number_column("toll_usd", {4.0}));
  const Network net = build_network({roads});
  Tariff tariff = sketch::plain_tariff();
  const auto whole = one(net, tariff, terminals(), place("A", 0, 0), place("B", 2, 0));
  EXPECT_NEAR(whole.legs[0].toll_usd_per_t, 4.0, 1e-12);
  const auto half = one(net, tariff, terminals(), place("A", 1, 0), place("B", 2, 0));
  EXPECT_NEAR(half.legs[0].toll_usd_per_t, 2.0, 1e-8);
  tariff.modes["road"].payload_t = 40.0;
  const auto vehicle = one(net, tariff, terminals(), place("A", 0, 0), place("B", 2, 0));
  EXPECT_NEAR(vehicle.legs[0].toll_usd_per_t, 0.1, 1e-12);
}

TEST(Freight, BordersCostWhatTheTariffSays) {
  auto roads = layer("road", {{{0, 0}, {1, 0}}, {{1, 0}, {2, 0}}});
  roads.table.add(text_column("country", {"USA", "CAN"}));
  const Network net = build_network({roads});
  const auto row =
      one(net, sketch::plain_tariff(), terminals(), place("A", 0, 0), place("B", 2, 0));
  EXPECT_NEAR(row.cost_usd_per_t, 2 * kDegree * 0.1 + 2.0, 1e-9);
  EXPECT_NEAR(row.hours, 2 * kDegree / 50 + 4.0, 1e-9);
  ASSERT_EQ(row.legs.size(), 3u);
  EXPECT_EQ(row.legs[1].mode, "border");
  EXPECT_EQ(row.legs[1].from, "USA");
  EXPECT_EQ(row.legs[1].to, "CAN");
  const auto back =
      one(net, sketch::plain_tariff(), terminals(), place("B", 2, 0), place("A", 0, 0));
  EXPECT_NEAR(back.cost_usd_per_t, row.cost_usd_per_t, 1e-9);
}

// A short way with every kind of closure, and a long way round.
struct Detour : testing::Test {
  Detour() {
    roads = layer("road", {{{0, 0}, {1, 0}}, {{0, 0}, {0, 1}, {1, 1}, {1, 0}}});
    roads.table.add(text_column("gate", {"Suez", ""}));
    roads.table.add(text_column("country", {"CHN", "USA"}));
    roads.table.add(text_column("months_closed", {"1-3", ""}));
    roads.table.add(number_column("max_weight_t", {40.0, std::nan("")}));
    roads.table.add(number_column("axle_load_t", {10.0, std::nan("")}));
  }
  RouteRow go(const RouteOptions& options, bool with_detour) {
    LineLayer used = roads;
    if (!with_detour) {
      used.geometry.pop_back();
      for (auto& column : used.table.columns) {
        if (!column.numbers.empty()) column.numbers.pop_back();
        if (!column.texts.empty()) column.texts.pop_back();
      }
    }
    return one(build_network({used}), sketch::plain_tariff(), terminals(), place("A", 0, 0),
               place("B", 1, 0), options);
  }
  LineLayer roads;
};

TEST_F(Detour, EveryClosureSendsRoundOrGivesItsReason) {
  const double detour = 110.574388557799 * 2 + 111.302649339431;
  std::vector<std::pair<RouteOptions, Unreachable>> cases(5);
  cases[0].first.close = {"suez"};
  cases[0].second = Unreachable::closed;
  cases[1].first.avoid = {"CHN"};
  cases[1].second = Unreachable::border;
  cases[2].first.month = 2;
  cases[2].second = Unreachable::season;
  cases[3].first.vehicle_mass_t = 44.0;
  cases[3].second = Unreachable::weight;
  cases[4].first.axle_load_t = 11.5;
  cases[4].second = Unreachable::weight;
  for (const auto& [options, reason] : cases) {
    const auto round = go(options, true);
    ASSERT_TRUE(round.reachable());
    EXPECT_NEAR(round.distance_km, detour, 1e-5);
    const auto shut = go(options, false);
    EXPECT_EQ(shut.reason, reason) << to_text(shut.reason);
    EXPECT_FALSE(shut.words.empty());
    EXPECT_TRUE(std::isnan(shut.distance_km));
    EXPECT_TRUE(std::isnan(shut.cost_usd_per_t));
  }
  RouteOptions open;
  open.month = 4;
  open.vehicle_mass_t = 40.0;
  open.axle_load_t = 10.0;
  EXPECT_NEAR(go(open, true).distance_km, kDegree, 1e-9);
}

TEST_F(Detour, WithoutAMonthSeasonsAreOpenAndSaid) {
  const auto table = route(build_network({roads}), sketch::plain_tariff(), terminals(),
                           places({place("A", 0, 0)}), places({place("B", 1, 0)}));
  EXPECT_TRUE(table.rows[0].seasonal);
  EXPECT_TRUE(table.findings.has("route.seasonal"));
}

TEST(Freight, UnreachableHasAReason) {
  auto roads = layer("road", {{{0, 0}, {1, 0}}, {{5, 0}, {6, 0}}});
  const Network net = build_network({roads});
  const auto apart = one(net, sketch::tariff(), terminals(), place("A", 0, 0), place("B", 6, 0));
  EXPECT_EQ(apart.reason, Unreachable::component);
  EXPECT_NE(apart.words.find("part"), std::string::npos);
  RouteOptions options;
  options.snap.radius_km = 5.0;
  const auto far =
      one(net, sketch::tariff(), terminals(), place("A", 0, 0), place("B", 0, 1), options);
  EXPECT_EQ(far.reason, Unreachable::snap);
  EXPECT_NE(far.words.find("110.6 km"), std::string::npos) << far.words;
  const auto nowhere = one(net, sketch::tariff(), terminals(), place("A", std::nan(""), 0),
                           place("B", 0, 0), options);
  EXPECT_EQ(nowhere.reason, Unreachable::snap);
  auto trap = layer("road", {{{0, 0}, {1, 0}}});
  trap.table.add(text_column("oneway", {"yes"}));
  const auto stuck =
      one(build_network({trap}), sketch::tariff(), terminals(), place("A", 1, 0), place("B", 0, 0));
  EXPECT_EQ(stuck.reason, Unreachable::component);
  EXPECT_NE(stuck.words.find("one-way"), std::string::npos);
}

TEST(Freight, NearestKAndPairwise) {
  const Network net = build_network({layer("road", {{{0, 0}, {10, 0}}, {{0, 20}, {1, 20}}})});
  const auto to =
      places({place("P0", 9, 0), place("P1", 1, 0), place("P2", 3, 0), place("P3", 0, 20)});
  RouteOptions options;
  options.pairs = Pairs::nearest;
  options.nearest = 2;
  for (const auto side : {SearchFrom::sites, SearchFrom::places}) {
    options.search_from = side;
    const auto table =
        route(net, sketch::tariff(), terminals(),
              places({place("A", 0, 0), place("B", 10, 0), place("C", 0.5, 20)}), to, options);
    ASSERT_EQ(table.rows.size(), 5u);
    EXPECT_EQ(table.rows[0].to, 1u);
    EXPECT_EQ(table.rows[1].to, 2u);
    EXPECT_EQ(table.rows[2].to, 0u);
    EXPECT_EQ(table.rows[3].to, 2u);
    EXPECT_EQ(table.rows[4].to, 3u);
    EXPECT_NEAR(table.rows[1].distance_km, 3 * kDegree, 1e-6);
  }
  options.pairs = Pairs::pairwise;
  const auto pairs =
      route(net, sketch::tariff(), terminals(), places({place("A", 0, 0), place("B", 10, 0)}),
            places({place("P", 1, 0), place("Q", 9, 0)}), options);
  ASSERT_EQ(pairs.rows.size(), 2u);
  EXPECT_NEAR(pairs.rows[1].distance_km, kDegree, 1e-6);
  EXPECT_EQ(code_of([&] {
              return route(net, sketch::tariff(), terminals(), places({place("A", 0, 0)}), to,
                           options);
            }),
            "route.pairwise_length");
}

TEST(Freight, ContainedProduct) {
  const Network net = build_network({layer("road", {{{0, 0}, {2, 0}}})});
  RouteOptions options;
  options.moisture = 0.10;
  options.grade = 0.50;
  options.recovery = 0.80;
  const auto row =
      one(net, sketch::plain_tariff(), terminals(), place("A", 0, 0), place("B", 2, 0), options);
  // 1 t wet = 0.9 t dry = 0.45 t product = 0.36 t recovered.
  EXPECT_NEAR(row.cost_usd_per_kg_contained, 2 * kDegree * 0.10 / 360.0, 1e-12);
}

TEST(Freight, LinesAreCutAtTheAntimeridian) {
  const Network net = build_network({layer("sea", {{{178, 10}, {-178, 10}}})});
  RouteOptions options;
  options.lines = true;
  const auto table = route(net, sketch::tariff(), terminals(), places({place("A", 178, 10)}),
                           places({place("B", -178, 10)}), options);
  ASSERT_EQ(table.lines.size(), 1u);
  ASSERT_EQ(table.lines[0].lines.size(), 2u);
  EXPECT_EQ(table.lines[0].lines[0].back().x, 180.0);
  EXPECT_EQ(table.lines[0].lines[1].front().x, -180.0);
}

TEST(Freight, SnapAcrossTheAntimeridian) {
  const Network net = build_network({layer("sea", {{{179.9, 0}, {179.9, 10}}})});
  const auto row =
      one(net, sketch::tariff(), terminals(), place("A", -179.9, 0), place("B", 179.9, 10));
  ASSERT_TRUE(row.reachable());
  EXPECT_NEAR(row.snap_km, 0.2 * kDegree, 1e-6);
}

TEST(Freight, TotalsWithoutLegsAreTheSame) {
  const Network net = road_and_rail();
  const auto stops =
      terminals({terminal("T1", 1, 0, {"road", "rail"}), terminal("T2", 9, 0, {"rail", "road"})});
  const auto from = places({place("A", 0, 0.01), place("B", 2.5, 0), place("C", 9.5, 0)});
  const auto to = places({place("P", 10, 0), place("Q", 0.2, 0.02)});
  for (const auto side : {SearchFrom::sites, SearchFrom::places}) {
    RouteOptions options;
    options.search_from = side;
    const auto with = route(net, sketch::tariff(), stops, from, to, options);
    options.legs = false;
    const auto without = route(net, sketch::tariff(), stops, from, to, options);
    for (std::size_t i = 0; i < with.rows.size(); ++i) {
      EXPECT_NEAR(with.rows[i].cost_usd_per_t, without.rows[i].cost_usd_per_t, 1e-9);
      EXPECT_NEAR(with.rows[i].distance_km, without.rows[i].distance_km, 1e-9);
      EXPECT_NEAR(with.rows[i].hours, without.rows[i].hours, 1e-9);
      EXPECT_NEAR(with.rows[i].co2e_kg_per_t, without.rows[i].co2e_kg_per_t, 1e-9);
      EXPECT_TRUE(without.rows[i].legs.empty());
    }
  }
}

TEST(Freight, Refusals) {
  const Network net = build_network({layer("road", {{{0, 0}, {2, 0}}})});
  const auto a = places({place("A", 0, 0)});
  const auto b = places({place("B", 2, 0)});
  const auto code = [&](const Tariff& tariff, const Terminals& stops, const RouteOptions& options) {
    return code_of([&] { return route(net, tariff, stops, a, b, options); });
  };
  Tariff no_road = sketch::tariff();
  no_road.modes.erase("road");
  EXPECT_EQ(code(no_road, terminals(), {}), "tariff.no_mode");
  Tariff no_speed = sketch::tariff();
  no_speed.modes["road"].speed_kmh = std::nan("");
  EXPECT_EQ(code(no_speed, terminals(), {}), "tariff.incomplete");
  EXPECT_EQ(code(sketch::tariff(), terminals({terminal("T", 0, 0, {"road", "teleport"})}), {}),
            "route.unknown_mode");
  RouteOptions options;
  options.close = {"suez"};
  EXPECT_EQ(code(sketch::tariff(), terminals(), options), "route.unknown_gate");
  options = {};
  options.month = 13;
  EXPECT_EQ(code(sketch::tariff(), terminals(), options), "route.bad_option");
  options = {};
  options.moisture = 1.0;
  EXPECT_EQ(code(sketch::tariff(), terminals(), options), "route.bad_option");
  options = {};
  options.grade = 0.0;
  EXPECT_EQ(code(sketch::tariff(), terminals(), options), "route.bad_option");
  options = {};
  options.recovery = 1.5;
  EXPECT_EQ(code(sketch::tariff(), terminals(), options), "route.bad_option");
  options = {};
  options.vehicle_mass_t = -1.0;
  EXPECT_EQ(code(sketch::tariff(), terminals(), options), "route.bad_option");
  options = {};
  options.snap.radius_km = 0.0;
  EXPECT_EQ(code(sketch::tariff(), terminals(), options), "route.bad_option");
  options = {};
  options.pairs = Pairs::nearest;
  options.nearest = 0;
  EXPECT_EQ(code(sketch::tariff(), terminals(), options), "route.bad_option");
  EXPECT_EQ(code_of([&] { return route(net, sketch::tariff(), terminals(), places({}), b); }),
            "route.no_places");
  EXPECT_EQ(code_of([&] {
              return route(net, sketch::tariff(), terminals(), places({place("A", 0, 91)}), b);
            }),
            "route.bad_coordinate");
  Places other = a;
  other.crs = parse_crs("EPSG:4269");
  EXPECT_EQ(code_of([&] { return route(net, sketch::tariff(), terminals(), other, b); }),
            "crs.mismatch");
  Places other_b = b;
  other_b.crs = other.crs;
  EXPECT_EQ(code_of([&] { return route(net, sketch::tariff(), terminals(), other, other_b); }),
            "crs.mismatch");
}

TEST(Freight, DoubtsAreSaid) {
  const Network net =
      build_network({layer("road", {{{0, 0}, {2, 0}}}), layer("rail", {{{0, 0}, {2, 0}}})});
  Tariff tariff = sketch::tariff();
  tariff.transfers.clear();
  tariff.value_of_time_usd_per_t_h = 0.0;
  tariff.modes["rail"].speed_kmh = tariff.modes["rail"].co2e_g_per_tkm = std::nan("");
  RouteOptions options;
  options.avoid = {"CHN"};
  const auto table = route(net, tariff,
                           terminals({terminal("T", 0, 0, {"road", "rail", "sea"}),
                                      terminal("U", 50, 0, {"road", "rail"})}),
                           places({place("A", 1, 0.6)}), places({place("B", 2, 0)}), options);
  for (const char* code :
       {"route.transfer_without_tariff", "route.terminal_mode_absent", "route.terminal_far",
        "route.no_country", "route.far_snap", "route.no_speed", "route.no_emissions"})
    EXPECT_TRUE(table.findings.has(code)) << code;
}

TEST(Straight, DistancesAndNearest) {
  // GeodSolve -i: London 51.5 -0.12 to New York 40.7 -74 -> 5580190.2 m is checked in crs; here the
  // equator.
  const auto a = places({place("A", 179, 0), place("B", 0, 0), place("N", std::nan(""), 0)});
  const auto b = places({place("P", -179, 0), place("Q", 3, 0)});
  const auto all = straight_distances(a, b);
  ASSERT_EQ(all.rows.size(), 6u);
  EXPECT_NEAR(all.rows[0].distance_km, 2 * kDegree, 1e-9);
  EXPECT_NEAR(all.rows[3].distance_km, 3 * kDegree, 1e-9);
  EXPECT_EQ(all.rows[4].reason, Unreachable::snap);
  EXPECT_TRUE(all.findings.has("route.unreachable"));
  EXPECT_TRUE(std::isnan(all.rows[0].cost_usd_per_t));
  RouteOptions options;
  options.pairs = Pairs::nearest;
  options.nearest = 1;
  options.lines = true;
  const auto near = straight_distances(a, b, options);
  ASSERT_EQ(near.rows.size(), 3u);
  EXPECT_EQ(near.rows[0].to, 0u);
  EXPECT_EQ(near.rows[1].to, 1u);
  EXPECT_EQ(near.lines[0].lines.size(), 2u);
  Places metres = a;
  metres.crs = parse_crs("EPSG:32611");
  EXPECT_EQ(code_of([&] { return straight_distances(metres, metres); }), "route.crs");
}

}  // namespace
