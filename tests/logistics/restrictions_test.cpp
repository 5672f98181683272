// Loads and lines that are not let through: class 7, capacity, private lines; loads of many sites.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <GeographicLib/Geodesic.hpp>
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
using testing::HasSubstr;

// A degree of the equator, GeodSolve -i -E.
constexpr double kDegree = 111.319490793274;
const double kNaN = std::nan("");

RouteRow one(const Network& net, const Terminals& stops, const Place& from, const Place& to,
             const RouteOptions& options = {}, const Tariff& tariff = sketch::plain_tariff()) {
  return route(net, tariff, stops, places({from}), places({to}), options).rows.at(0);
}

// Ports at 1 and 3 of a road, and one across the sea.
Terminals ports(const std::string& near, const std::string& far, const std::string& goal) {
  const auto port = [](const char* id, double lon, const std::string& class7) {
    Terminal t = terminal(id, lon, 0, {"road", "sea"});
    t.class7 = class7;
    return t;
  };
  return terminals({port("NEAR", 1, near), port("FAR", 3, far), port("GOAL", 12, goal)});
}

RouteOptions monazite() {
  RouteOptions options;
  options.cargo.thorium_ppm = 50000;  // 203.5 Bq/g
  options.cargo.uranium_ppm = 1000;
  return options;
}

LineLayer joined_lanes() {
  return layer("sea", {{{1, 0}, {1, -1}, {3, -1}, {12, -1}, {12, 0}}, {{3, 0}, {3, -1}}});
}

TEST(Class7, ForcesAnotherPortAndCostsMoreThere) {
  const Network net = build_network(
      {layer("road", {{{0, 0}, {1, 0}, {3, 0}}, {{12, 0}, {13, 0}}}), joined_lanes()});
  Tariff tariff = sketch::plain_tariff();
  tariff.class7.usd_per_t = {2, 3, 5};
  tariff.class7.hours = 6;
  const Place a = place("A", 0, 0), b = place("B", 13, 0);
  const auto ordinary = one(net, ports("no", "yes", "yes"), a, b, {}, tariff);
  const auto forced = one(net, ports("no", "yes", "yes"), a, b, monazite(), tariff);
  ASSERT_TRUE(forced.reachable()) << forced.words;
  EXPECT_EQ(ordinary.legs[1].to, "NEAR");
  EXPECT_EQ(forced.legs[1].to, "FAR");
  // Two degrees more of road at 0.10, less sea at 0.005 (two degrees of the parallel at 1 S,
  // 222.605 km by GeodSolve less the same meridian on either side), and 3 USD/t at two transfers.
  const double parallel_km = ordinary.legs[2].distance_km - forced.legs[2].distance_km;
  EXPECT_NEAR(parallel_km, 222.605, 0.02);
  EXPECT_NEAR(forced.cost_usd_per_t - ordinary.cost_usd_per_t,
              2 * kDegree * 0.10 - parallel_km * 0.005 + 2 * 3, 1e-9);
  EXPECT_NEAR(forced.legs[1].cost_usd_per_t, 7 + 3, 1e-12);
  EXPECT_NEAR(forced.legs[1].cost_low_usd_per_t, 7 + 2, 1e-12);
  EXPECT_NEAR(forced.legs[1].cost_high_usd_per_t, 7 + 5, 1e-12);
  EXPECT_NEAR(forced.legs[1].hours, 48 + 6, 1e-12);
  EXPECT_EQ(class7_of(forced.cargo), Class7::yes);
}

TEST(Class7, WhoDoesNotSayIsTakenNotToAccept) {
  const Network net = build_network(
      {layer("road", {{{0, 0}, {1, 0}, {3, 0}}, {{12, 0}, {13, 0}}}), joined_lanes()});
  const auto table = route(net, sketch::plain_tariff(), ports("", "no", "yes"),
                           places({place("A", 0, 0)}), places({place("B", 13, 0)}), monazite());
  EXPECT_EQ(table.rows[0].reason, Unreachable::class7);
  EXPECT_EQ(table.rows[0].words,
            "no way is left, no terminal on the way takes class 7: NEAR does not say");
  ASSERT_TRUE(table.findings.has("route.terminal_class7_unknown"));
  for (const auto& finding : table.findings.list())
    if (finding.code == "route.terminal_class7_unknown") {
      EXPECT_EQ(finding.count, 1u);
      EXPECT_THAT(finding.message, HasSubstr("NEAR"));
    }
  const auto refused =
      one(net, ports("no", "no", "yes"), place("A", 0, 0), place("B", 13, 0), monazite());
  EXPECT_EQ(refused.words, "no way is left, no terminal on the way takes class 7: NEAR says no");
}

TEST(Class7, UnknownTravelsAsOrdinaryAndThatIsSaid) {
  const Network net = build_network(
      {layer("road", {{{0, 0}, {1, 0}, {3, 0}}, {{12, 0}, {13, 0}}}), joined_lanes()});
  RouteOptions options;
  options.cargo.thorium_ppm = 100;
  const auto table = route(net, sketch::plain_tariff(), ports("no", "no", "no"),
                           places({place("A", 0, 0)}), places({place("B", 13, 0)}), options);
  EXPECT_TRUE(table.rows[0].reachable());
  EXPECT_TRUE(table.findings.has("route.class7_unknown"));
  const auto silent = route(net, sketch::plain_tariff(), ports("no", "no", "no"),
                            places({place("A", 0, 0)}), places({place("B", 13, 0)}));
  EXPECT_TRUE(silent.rows[0].reachable());
  EXPECT_FALSE(silent.findings.has("route.class7_unknown"));
}

TEST(Capacity, ATerminalThatTakesLessIsPassedBy) {
  const Network net = build_network(
      {layer("road", {{{0, 0}, {1, 0}, {3, 0}}, {{12, 0}, {13, 0}}}), joined_lanes()});
  Terminals stops = ports("", "", "");
  stops.list[0].capacity_t_per_year = 100000;
  stops.list[1].capacity_t_per_year = 300000;
  RouteOptions options;
  const auto first_port = [&](double annual_t) {
    options.cargo.annual_t = annual_t;
    const auto row = one(net, stops, place("A", 0, 0), place("B", 13, 0), options);
    return row.reachable() ? row.legs[1].to : row.words;
  };
  EXPECT_EQ(first_port(kNaN), "NEAR");
  EXPECT_EQ(first_port(100000), "NEAR");
  EXPECT_EQ(first_port(100001), "FAR");
  EXPECT_EQ(first_port(400000), "no way is left, NEAR takes 100000 t a year, the load is 400000");
  const auto row = one(net, stops, place("A", 0, 0), place("B", 13, 0), options);
  EXPECT_EQ(row.reason, Unreachable::capacity);
  // Two reasons at once: the first of the order is named, the words name both.
  options.cargo.thorium_ppm = 50000;
  const auto both = one(net, stops, place("A", 0, 0), place("B", 13, 0), options);
  EXPECT_EQ(both.reason, Unreachable::class7);
  EXPECT_THAT(both.words, HasSubstr("class 7"));
  EXPECT_THAT(both.words, HasSubstr("takes 100000 t"));
}

LineLayer roads(std::vector<Path> paths, std::vector<std::string> access) {
  LineLayer layer_of = layer("road", std::move(paths));
  layer_of.table.add(text_column("access", std::move(access)));
  return layer_of;
}

// A private short cut 1 to 2 along the equator, the public way round by 1,1 and 2,1; the mine
// stands on a private road 2,0 to 2,-1, and so does a plant on another, 0,0 to 0,-1.
Network private_roads() {
  return build_network({roads({{{0, 0}, {1, 0}},
                               {{1, 0}, {2, 0}},
                               {{1, 0}, {1, 1}, {2, 1}, {2, 0}},
                               {{2, 0}, {3, 0}},
                               {{2, 0}, {2, -1}},
                               {{0, 0}, {0, -1}}},
                              {"", "private", "", "", "private", "no"})});
}

TEST(Access, NobodyPassesAPrivateLineButFromOrToIt) {
  const Network net = private_roads();
  const auto km = [&](Place from, Place to) { return one(net, terminals(), from, to).distance_km; };
  // Half a degree of the meridian from the equator.
  double half = 0.0;
  GeographicLib::Geodesic::WGS84().Inverse(0, 0, 0.5, 0, half);
  half /= 1000.0;
  const double round =
      one(net, terminals(), place("A", 1, 0.5), place("B", 2, 0.5)).distance_km + 2 * half;
  // Through traffic goes round, either way and from either side of the search.
  EXPECT_NEAR(km(place("A", 0, 0), place("B", 3, 0)), 2 * kDegree + round, 1e-6);
  EXPECT_NEAR(km(place("B", 3, 0), place("A", 0, 0)), 2 * kDegree + round, 1e-6);
  // The mine's own road is its first stretch; then the short cut is on the same private ground,
  // while what comes from the public road may not use it.
  EXPECT_NEAR(km(place("M", 2, -0.5), place("B", 3, 0)), half + kDegree, 1e-5);
  EXPECT_NEAR(km(place("M", 2, -0.5), place("A", 0.5, 0)), half + 1.5 * kDegree, 1e-5);
  EXPECT_NEAR(km(place("A", 0.5, 0), place("M", 2, -0.5)), half + 1.5 * kDegree, 1e-5);
  // From one private road to another: first the one, then the public way, then the other.
  EXPECT_NEAR(km(place("M", 2, -0.5), place("P", 0, -0.5)), 2 * half + 2 * kDegree, 1e-5);
  // Both ends on the short cut.
  EXPECT_NEAR(km(place("M", 1.25, 0), place("P", 1.75, 0)), 0.5 * kDegree, 1e-6);
}

TEST(Access, OnlyPrivateLinesLinkTheTwo) {
  const Network net = build_network(
      {roads({{{0, 0}, {1, 0}}, {{1, 0}, {2, 0}}, {{2, 0}, {3, 0}}}, {"", "private", ""})});
  const auto row = one(net, terminals(), place("A", 0, 0), place("B", 3, 0));
  EXPECT_EQ(row.reason, Unreachable::access);
  EXPECT_EQ(row.words, "no way is left, only lines closed to through traffic link the two");
  EXPECT_TRUE(one(net, terminals(), place("A", 0, 0), place("B", 1.5, 0)).reachable());
}

// A terminal on a private siding is reached over it, from the road and from the railway; but
// nobody goes on over the siding by way of the terminal.
TEST(Access, ATerminalOnAPrivateSidingIsReached) {
  LineLayer rail =
      layer("rail", {{{0, 0}, {1, 0}}, {{1, 0}, {1, 0.5}}, {{1, 0.5}, {1, 1}}, {{1, 1}, {2, 1}}});
  rail.table.add(text_column("access", {"", "private", "private", ""}));
  const Network net = build_network(
      {layer("road", {{{1, 0.5}, {3, 0.5}}, {{0, 0}, {-1, 0}}, {{2, 1}, {2, 2}}}), rail});
  const auto stops = terminals({terminal("SIDING", 1, 0.5, {"road", "rail"}),
                                terminal("WEST", 0, 0, {"road", "rail"}),
                                terminal("EAST", 2, 1, {"road", "rail"})});
  const auto west = one(net, stops, place("A", -1, 0), place("B", 3, 0.5));
  ASSERT_TRUE(west.reachable()) << west.words;
  EXPECT_EQ(west.legs[3].to, "SIDING");
  const auto back = one(net, stops, place("B", 3, 0.5), place("A", -1, 0));
  EXPECT_NEAR(back.cost_usd_per_t, west.cost_usd_per_t, 1e-9);
  // WEST to EAST would lead over both halves of the siding.
  Terminals without = stops;
  without.list.erase(without.list.begin());
  const auto through = one(net, without, place("A", -1, 0), place("C", 2, 2));
  EXPECT_EQ(through.reason, Unreachable::access);
}

TEST(Access, AConnectorBetweenPrivateLinesIsPrivateToo) {
  NetworkOptions joined;
  joined.snap_tolerance_m = 500;
  const Network net =
      build_network({roads({{{0, 0}, {1, 0}}, {{1.001, 0}, {2, 0}}, {{2, 0}, {3, 0}}},
                           {"private", "private", ""})},
                    joined);
  const auto row = one(net, terminals(), place("M", 0, 0), place("B", 3, 0));
  ASSERT_TRUE(row.reachable()) << row.words;
  EXPECT_NEAR(row.distance_km, 3 * kDegree, 1e-6);
}

// A private haul road from the mine over a border: it is one private road on both sides. With
// classes of trucks each pays the border once.
TEST(Access, APrivateRoadOverABorder) {
  LineLayer haul =
      roads({{{0, 0}, {1, 0}}, {{1, 0}, {2, 0}}, {{2, 0}, {3, 0}}}, {"private", "private", ""});
  haul.table.add(text_column("country", {"USA", "CAN", "CAN"}));
  const Network net = build_network({haul});
  Tariff tariff = sketch::plain_tariff();
  const double cost = 3 * kDegree * 0.10 + 2;  // the border is 2 USD/t
  EXPECT_NEAR(one(net, terminals(), place("M", 0, 0), place("B", 3, 0), {}, tariff).cost_usd_per_t,
              cost, 1e-8);
  EXPECT_NEAR(one(net, terminals(), place("B", 3, 0), place("M", 0, 0), {}, tariff).cost_usd_per_t,
              cost, 1e-8);
  ModeRates truck = tariff.modes["road"];
  truck.vehicle = "big";
  truck.usd_per_tkm = {0.05, 0.05, 0.05};
  tariff.modes["road"].classes = {tariff.modes["road"], truck};
  tariff.modes["road"].classes[0].vehicle = "alike";
  const auto row = one(net, terminals(), place("M", 0.5, 0), place("B", 2.5, 0), {}, tariff);
  EXPECT_NEAR(row.cost_usd_per_t, 2 * kDegree * 0.05 + 2, 1e-6);
  ASSERT_EQ(row.legs.size(), 3u);
  EXPECT_EQ(row.legs[0].vehicle, "big");
  EXPECT_EQ(row.legs[1].mode, "border");
  EXPECT_EQ(row.legs[2].vehicle, "big");
}

TEST(Cargoes, EverySiteHasItsOwnLoadAndItsOwnAnswer) {
  const Network net = build_network(
      {layer("road", {{{0, 0}, {1, 0}, {3, 0}}, {{12, 0}, {13, 0}}}), joined_lanes()});
  Terminals stops = ports("no", "yes", "yes");
  stops.list[1].capacity_t_per_year = 200000;
  Tariff tariff = sketch::tariff();
  tariff.modes["sea"].parcel_t = 5000;
  const Places from = places({place("A", 0, 0), place("B", 0.5, 0), place("C", 0.25, 0),
                              place("D", 2, 0), place("E", 0, 0)});
  const Places to = places({place("P", 13, 0), place("Q", 12.5, 0)});
  RouteOptions options;
  options.lines = true;
  options.cargoes = {{0, 0, 1000}, {50000, 0, 150000}, {50000, 0, 250000}, {kNaN, 10, 1000}, {}};
  for (const auto pairs : {Pairs::all, Pairs::nearest}) {
    options.pairs = pairs;
    const RouteTable grouped = route(net, tariff, stops, from, to, options);
    ASSERT_EQ(grouped.lines.size(), grouped.rows.size());
    std::size_t next = 0;
    for (std::uint32_t site = 0; site < 5; ++site) {
      RouteOptions single = options;
      single.cargoes.clear();
      single.cargo = options.cargoes[site];
      const RouteTable alone = route(net, tariff, stops, places({from.list[site]}), to, single);
      for (const auto& expected : alone.rows) {
        ASSERT_LT(next, grouped.rows.size());
        const RouteRow& row = grouped.rows[next++];
        EXPECT_EQ(row.from, site);
        EXPECT_EQ(row.to, expected.to);
        EXPECT_EQ(row.reason, expected.reason);
        EXPECT_EQ(row.words, expected.words);
        EXPECT_EQ(row.cargo.annual_t > 0.0, options.cargoes[site].annual_t > 0.0);
        if (expected.reachable()) {
          EXPECT_NEAR(row.cost_usd_per_t, expected.cost_usd_per_t, 1e-9);
        }
      }
    }
    EXPECT_EQ(next, grouped.rows.size());
    EXPECT_TRUE(grouped.findings.has("route.class7_unknown"));
    EXPECT_TRUE(grouped.findings.has("route.unreachable"));
  }
  options.pairs = Pairs::all;
  const RouteTable all = route(net, tariff, stops, from, to, options);
  options.pairs = Pairs::listed;
  options.leg_lines = true;
  options.listed = {{4, 1}, {0, 0}, {2, 1}, {0, 1}};
  const RouteTable listed = route(net, tariff, stops, from, to, options);
  ASSERT_EQ(listed.rows.size(), 4u);
  ASSERT_EQ(listed.leg_lines.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) {
    const auto& [site, goal] = options.listed[i];
    EXPECT_EQ(listed.rows[i].from, site);
    EXPECT_EQ(listed.rows[i].to, goal);
    EXPECT_EQ(listed.rows[i].reason, all.rows[2 * site + goal].reason);
    EXPECT_EQ(listed.leg_lines[i].size(), listed.rows[i].legs.size());
  }
  options.leg_lines = false;
  options.pairs = Pairs::pairwise;
  const Places four = places({place("P", 13, 0), place("Q", 12.5, 0), place("R", 12, 0),
                              place("S", 3, 0), place("T", 13, 0)});
  const RouteTable pairwise = route(net, tariff, stops, from, four, options);
  ASSERT_EQ(pairwise.rows.size(), 5u);
  for (std::uint32_t i = 0; i < 5; ++i) {
    EXPECT_EQ(pairwise.rows[i].from, i);
    EXPECT_EQ(pairwise.rows[i].to, i);
  }
  // NEAR takes no class 7, FAR not as much: of the two ways to open one, class 7 is named first.
  EXPECT_EQ(pairwise.rows[2].reason, Unreachable::class7);
  options.cargoes.pop_back();
  options.pairs = Pairs::all;
  try {
    (void)route(net, tariff, stops, from, to, options);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code, "route.cargo_length");
  }
}

}  // namespace
