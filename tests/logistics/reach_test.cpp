// Parts of a network within a limit: closed forms, both ends of an edge, and routes as the judge.
#include "libgeo/logistics/reach.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/random.h"
#include "libgeo/geometry/measure.h"
#include "tests/logistics/sketch.h"

namespace {

using namespace lode;
using sketch::layer;
using sketch::place;
using sketch::places;
using sketch::terminal;
using sketch::terminals;

// A degree of the equator, and of the meridian from 0 to 1 degree north (GeodSolve -i -E).
constexpr double kDegree = 111.319490793274;

RouteOptions by(Minimise what) {
  RouteOptions options;
  options.minimise = what;
  return options;
}

ReachTable within(const Network& net, const Place& from, std::vector<double> limits,
                  Minimise what = Minimise::distance, bool towards = false,
                  const Terminals& stops = terminals()) {
  return reach(net, sketch::plain_tariff(), stops, places({from}), limits, towards, by(what));
}

Network cross() {
  return build_network({layer("road", {{{-1, 0}, {0, 0}, {1, 0}}, {{0, -1}, {0, 0}, {0, 1}}})});
}

TEST(Reach, ACrossIsCutExactlyAtTheLimit) {
  const auto table = within(cross(), place("A", 0, 0), {50, 20, 1000});
  ASSERT_EQ(table.list.size(), 3u);
  EXPECT_NEAR(table.list[0].length_km, 200.0, 1e-9);
  EXPECT_NEAR(table.list[1].length_km, 80.0, 1e-9);
  // Whole: two degrees of the equator, and 2 x 110.574388557799 km of the meridian.
  EXPECT_NEAR(table.list[2].length_km, 2 * (kDegree + 110.574388557799), 1e-8);
  EXPECT_EQ(table.list[0].lines.lines.size(), 4u);
  for (const auto& reach : table.list)
    EXPECT_NEAR(length_m(reach.lines, wgs84()) / 1000.0, reach.length_km, 1e-6);
  const Geodesic geodesic;
  for (const auto& line : table.list[0].lines.lines) {
    const double ends = std::max(geodesic.distance_m({0, 0}, {line.front().x, line.front().y}),
                                 geodesic.distance_m({0, 0}, {line.back().x, line.back().y}));
    EXPECT_NEAR(ends, 50000.0, 1e-6);
  }
}

TEST(Reach, InsideAnEdgeAndOffTheLine) {
  const Network net = build_network({layer("road", {{{0, 0}, {2, 0}}})});
  EXPECT_NEAR(within(net, place("A", 1, 0), {30}).list[0].length_km, 60.0, 1e-8);
  // 11.057427694902 km off (GeodSolve): what is left of the limit goes both ways.
  EXPECT_NEAR(within(net, place("A", 1, 0.1), {30}).list[0].length_km, 2 * (30 - 11.057427694902),
              1e-6);
  const auto short_of = within(net, place("A", 1, 0.1), {5});
  EXPECT_TRUE(short_of.list[0].lines.empty());
  EXPECT_EQ(short_of.list[0].length_km, 0.0);
  EXPECT_THAT(short_of.list[0].words, testing::HasSubstr("takes up the limit"));
  EXPECT_TRUE(short_of.findings.has("reach.nothing"));
}

// A ring of four roads of about a degree: from a corner, what is left of the far roads is a gap in
// the middle, for they are entered from both ends.
TEST(Reach, AnEdgeIsEnteredFromBothEnds) {
  const Network net = build_network(
      {layer("road", {{{0, 0}, {1, 0}}, {{1, 0}, {1, 1}}, {{1, 1}, {0, 1}}, {{0, 1}, {0, 0}}})});
  EXPECT_NEAR(within(net, place("A", 0, 0), {150}).list[0].length_km, 300.0, 1e-8);
  // All of it is 2 x 110.574388557799 + 111.319490793274 + 111.302649339431 km.
  EXPECT_NEAR(within(net, place("A", 0, 0), {230}).list[0].length_km,
              2 * 110.574388557799 + kDegree + 111.302649339431, 1e-5);
  // One line that closes on itself, the place on it.
  const Network loop = build_network({layer("road", {{{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}}})});
  for (const double at : {0.0, 0.25, 0.9})
    EXPECT_NEAR(within(loop, place("A", at, 0), {150}).list[0].length_km, 300.0, 1e-6) << at;
}

TEST(Reach, OnewayRoadsAreGoneTheirWay) {
  auto roads = layer("road", {{{0, 0}, {1, 0}}, {{0, 0}, {-1, 0}}});
  roads.table.add(text_column("oneway", {"yes", "no"}));
  const Network net = build_network({roads});
  EXPECT_NEAR(within(net, place("A", 0, 0), {40}).list[0].length_km, 80.0, 1e-8);
  EXPECT_NEAR(within(net, place("A", 0, 0), {40}, Minimise::distance, true).list[0].length_km, 40.0,
              1e-8);
  // From the far end nothing comes back on it; to the far end all of it leads.
  EXPECT_TRUE(within(net, place("B", 1, 0), {40}).list[0].lines.empty());
  EXPECT_NEAR(within(net, place("B", 1, 0), {140}, Minimise::distance, true).list[0].length_km,
              140.0, 1e-8);
  // Inside the one-way road.
  EXPECT_NEAR(within(net, place("C", 0.5, 0), {20}).list[0].length_km, 20.0, 1e-8);
  EXPECT_NEAR(within(net, place("C", 0.5, 0), {20}, Minimise::distance, true).list[0].length_km,
              20.0, 1e-8);
}

// Road 0 to 10 and rail beside it from 1 to 9; 12 h at the terminal, 50 and 40 km/h.
TEST(Reach, TerminalsAreOnTheWay) {
  const Network net = build_network(
      {layer("road", {{{0, 0}, {1, 0}, {9, 0}, {10, 0}}}), layer("rail", {{{1, 0}, {9, 0}}})});
  const auto stops =
      terminals({terminal("T1", 1, 0, {"road", "rail"}), terminal("T2", 9, 0, {"rail", "road"})});
  const double to_terminal = kDegree / 50;
  const auto table = within(net, place("A", 0, 0), {5, 15}, Minimise::hours, false, stops);
  EXPECT_NEAR(table.list[0].length_km, 5 * 50, 1e-8);
  EXPECT_NEAR(table.list[1].length_km, 15 * 50 + (15 - 12 - to_terminal) * 40, 1e-8);
  const auto cost = within(net, place("A", 0, 0), {20}, Minimise::cost, false, stops);
  // 0.10 USD/t-km on the road, 6 USD/t at the terminal, 0.03 on rail; the terminal at 9 degrees is
  // out of reach by road, and by rail with 8 degrees more to pay.
  EXPECT_NEAR(cost.list[0].length_km, 20 / 0.10 + (20 - 6 - 0.10 * kDegree) / 0.03, 1e-6);
}

TEST(Reach, OverTheAntimeridian) {
  const Network net = build_network({layer("road", {{{179, 0}, {-179, 0}}})});
  const auto table = within(net, place("A", 179.9, 0), {50});
  EXPECT_NEAR(table.list[0].length_km, 100.0, 1e-8);
  EXPECT_EQ(table.list[0].lines.lines.size(), 2u);
  for (const auto& line : table.list[0].lines.lines)
    for (std::size_t i = 1; i < line.size(); ++i)
      EXPECT_LT(std::abs(line[i].x - line[i - 1].x), 1.0);
  EXPECT_NEAR(length_m(table.list[0].lines, wgs84()), 100000.0, 1e-3);
}

// Random roads, one-way and both: a place on an edge lies on the reached lines exactly when the
// route to it (or from it) is within the limit; and larger limits contain smaller ones.
TEST(Reach, RoutesAgreeAndLimitsAreNested) {
  int inside = 0, outside = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const Random random{seed, 11};
    std::uint64_t n = 0;
    const auto u = [&] { return random.uniform(n++); };
    std::vector<Point> spots;
    for (int i = 0; i < 10; ++i) spots.push_back({2 * u(), 2 * u()});
    std::vector<Path> paths;
    std::vector<std::string> oneway;
    std::set<std::pair<std::size_t, std::size_t>> met;
    for (int i = 0; i < 16; ++i) {
      const auto a = static_cast<std::size_t>(u() * 10), b = static_cast<std::size_t>(u() * 10);
      // Two roads of one course could not be told apart.
      if (a == b || !met.insert(std::minmax(a, b)).second) continue;
      paths.push_back({spots[a], spots[b]});
      oneway.emplace_back(u() < 0.6 ? "no" : u() < 0.5 ? "yes" : "-1");
    }
    auto roads = layer("road", paths);
    roads.table.add(text_column("oneway", oneway));
    const Network net = build_network({roads});
    const Place from = place("A", 2 * u(), 2 * u());
    const std::vector<double> limits = {60, 120, 240};
    for (const bool towards : {false, true}) {
      const auto table = within(net, from, limits, Minimise::distance, towards);
      for (std::size_t i = 1; i < limits.size(); ++i)
        EXPECT_GE(table.list[i].length_km, table.list[i - 1].length_km);
      for (int k = 0; k < 25; ++k) {
        const NetworkEdge& edge =
            net.edges[static_cast<std::size_t>(u() * static_cast<double>(net.edges.size()))];
        const LonLat a = net.shape[edge.first_vertex], b = net.shape[edge.first_vertex + 1];
        const Geodesic geodesic;
        const Inverse whole = geodesic.inverse(a, b);
        const LonLat at = geodesic.direct(a, whole.azimuth1_deg, u() * whole.distance_m);
        const Place there = place("X", at.lon_deg, at.lat_deg);
        const auto row =
            route(net, sketch::plain_tariff(), terminals(), places({towards ? there : from}),
                  places({towards ? from : there}), by(Minimise::distance))
                .rows[0];
        const double km = row.reachable() ? row.distance_km + row.snap_km + row.snap_to_km : 1e300;
        double before = 1e300;
        for (std::size_t i = 0; i < limits.size(); ++i) {
          if (std::abs(km - limits[i]) < 0.01) continue;
          double gap = 1e300;
          if (!table.list[i].lines.empty())
            gap = nearest(point_geometry(at.lon_deg, at.lat_deg), table.list[i].lines, wgs84(),
                          Edges::geodesic)
                      .distance_m;
          EXPECT_EQ(gap < 0.5, km < limits[i]) << seed << " " << towards << " " << km;
          EXPECT_LE(gap, before + 1e-3) << "what is within a limit is within a larger one";
          before = gap;
          (km < limits[i] ? inside : outside) += 1;
        }
      }
    }
  }
  EXPECT_GT(inside, 200);
  EXPECT_GT(outside, 200);
}

TEST(Reach, TheSameForAnyJobs) {
  RouteOptions one = by(Minimise::cost), four = one;
  one.jobs = 1;
  four.jobs = 4;
  std::vector<Place> from;
  for (int i = 0; i < 9; ++i) from.push_back(place("P", i * 0.2 - 0.8, 0.05));
  const auto a = reach(cross(), sketch::tariff(), terminals(), places(from), {3, 9}, false, one);
  const auto b = reach(cross(), sketch::tariff(), terminals(), places(from), {3, 9}, false, four);
  for (std::size_t i = 0; i < a.list.size(); ++i) EXPECT_EQ(a.list[i].lines, b.list[i].lines);
}

TEST(Reach, WhatIsRefused) {
  const auto code = [](const Places& from, std::vector<double> limits) -> std::string {
    try {
      (void)reach(cross(), sketch::tariff(), terminals(), from, limits, false, {});
    } catch (const Error& error) {
      return error.code;
    }
    return "none";
  };
  const Places one = places({place("A", 0, 0)});
  EXPECT_EQ(code(one, {1}), "none");
  EXPECT_EQ(code(one, {}), "route.bad_option");
  EXPECT_EQ(code(one, {0}), "route.bad_option");
  EXPECT_EQ(code(one, {-1}), "route.bad_option");
  EXPECT_EQ(code(one, {std::nan("")}), "route.bad_option");
  EXPECT_EQ(code(places({}), {1}), "route.no_places");
  EXPECT_EQ(code({parse_crs("EPSG:32629"), one.list}, {1}), "crs.mismatch");
  const auto nowhere = within(cross(), place("A", std::nan(""), 0), {10});
  EXPECT_NE(nowhere.list[0].words, "");
}

}  // namespace
