// The year and the closures: networks whose costs are reckoned by hand, lengths by GeographicLib.
#include "libgeo/logistics/scenarios.h"

#include <gtest/gtest.h>

#include <GeographicLib/Geodesic.hpp>
#include <bit>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/random.h"
#include "libgeo/core/text.h"
#include "libgeo/io/layer.h"
#include "tests/logistics/sketch.h"
#include "tests/tools/run_lode.h"

namespace {

using namespace lode;
using sketch::place;
using sketch::places;
using sketch::terminal;
using sketch::terminals;

// A degree of the equator, GeodSolve -i -E.
constexpr double kDegree = 111.319490793274;
constexpr double kTiny = 1e-8;

double km_along(const Path& path) {
  double sum = 0.0;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    double piece = 0.0;
    GeographicLib::Geodesic::WGS84().Inverse(path[i].y, path[i].x, path[i + 1].y, path[i + 1].x,
                                             piece);
    sum += piece / 1000.0;
  }
  return sum;
}

struct Line {
  Path path;
  std::string months, gate, country;
  double toll = 0.0;
};

LineLayer layer(const std::string& mode, const std::vector<Line>& lines) {
  std::vector<Path> paths;
  std::vector<std::string> months, gates, countries;
  std::vector<double> tolls;
  for (const auto& line : lines) {
    paths.push_back(line.path);
    months.push_back(line.months);
    gates.push_back(line.gate);
    countries.push_back(line.country);
    tolls.push_back(line.toll);
  }
  LineLayer l = sketch::layer(mode, paths);
  l.table.add(text_column("months_closed", months));
  l.table.add(text_column("gate", gates));
  l.table.add(text_column("country", countries));
  l.table.add(number_column("toll_usd", tolls));
  return l;
}

YearRow year_of(const Network& net, const Terminals& stops, Place from, Place to) {
  const auto rows = route_year(net, sketch::plain_tariff(), stops, places({std::move(from)}),
                               places({std::move(to)}), {});
  return rows.at(0);
}

void expect_open(const YearRow& row, int month, double usd, double km) {
  const auto m = static_cast<std::size_t>(month - 1);
  EXPECT_EQ(row.reason[m], Unreachable::no) << month;
  EXPECT_NEAR(row.cost_usd_per_t[m], usd, kTiny) << month;
  EXPECT_NEAR(row.distance_km[m], km, kTiny) << month;
}

void expect_shut(const YearRow& row, int month, Unreachable reason) {
  const auto m = static_cast<std::size_t>(month - 1);
  EXPECT_EQ(row.reason[m], reason) << month;
  EXPECT_TRUE(std::isnan(row.cost_usd_per_t[m])) << month;
  EXPECT_TRUE(std::isnan(row.distance_km[m])) << month;
  EXPECT_TRUE(std::isnan(row.hours[m])) << month;
}

TEST(Year, AnIceRoadThatIsOpenFromJanuaryToMarch) {
  const Network net = build_network({layer("road", {{{{0, 0}, {1, 0}}, "4-12", "", ""}})});
  const YearRow row = year_of(net, terminals(), place("A", 0, 0), place("B", 1, 0));
  for (int m = 1; m <= 3; ++m) expect_open(row, m, kDegree * 0.10, kDegree);
  for (int m = 4; m <= 12; ++m) expect_shut(row, m, Unreachable::season);
  EXPECT_NEAR(row.hours[0], kDegree / 50, kTiny);
  EXPECT_EQ(row.months_open, 3);
  EXPECT_NEAR(row.mean_usd_per_t, kDegree * 0.10, kTiny);
  EXPECT_EQ(row.dearest_month, 1);
  EXPECT_EQ(row.longest_closed_days, 365 - 31 - 28 - 31);
}

TEST(Year, ABargeSeasonAndTheLongWayRoundInWinter) {
  // The river is shut from November to April; then all goes by road round the mountains.
  const Path round = {{0, 0}, {0, -3}, {4, -3}, {4, 0}};
  const Network net = build_network({layer("road", {{{{0, 0}, {0.5, 0}}, "", "", ""},
                                                    {round, "", "", ""},
                                                    {{{3.5, 0}, {4, 0}}, "", "", ""}}),
                                     layer("barge", {{{{0.5, 0}, {3.5, 0}}, "11-4", "", ""}})});
  Tariff tariff = sketch::plain_tariff();
  tariff.modes["barge"].usd_per_tkm = {0.02, 0.02, 0.02};
  tariff.modes["barge"].co2e_g_per_tkm = 30.0;
  tariff.modes["barge"].speed_kmh = 10.0;
  tariff.transfers["road>barge"] = {{5.0, 5.0, 5.0}, 24.0, 0.0};
  const auto stops = terminals(
      {terminal("T1", 0.5, 0, {"road", "barge"}), terminal("T2", 3.5, 0, {"road", "barge"})});
  const YearRow row =
      route_year(net, tariff, stops, places({place("A", 0, 0)}), places({place("B", 4, 0)}), {})[0];
  const double river = kDegree * 0.10 + 3 * kDegree * 0.02 + 10.0;
  const double winter = km_along(round) * 0.10;
  for (int m = 5; m <= 10; ++m) expect_open(row, m, river, 4 * kDegree);
  for (int m : {11, 12, 1, 2, 3, 4}) expect_open(row, m, winter, km_along(round));
  EXPECT_EQ(row.months_open, 12);
  EXPECT_NEAR(row.mean_usd_per_t, (river + winter) / 2, kTiny);
  EXPECT_EQ(row.dearest_month, 1);
  EXPECT_EQ(row.longest_closed_days, 0);
}

TEST(Year, AnArcticPortAndARunOverTheNewYear) {
  const Path lane = {{2, 70}, {2, 72}, {-20, 75}};
  const Network net = build_network(
      {layer("road", {{{{0, 70}, {2, 70}}, "", "", ""}}), layer("sea", {{lane, "10-6", "", ""}})});
  const auto stops = terminals({terminal("Dock", 2, 70, {"road", "sea"})});
  RouteOptions options;
  options.snap.first_modes = {"road"};
  options.snap.radius_km = 50.0;
  const YearRow row = year_of(net, stops, place("Mine", 0, 70), place("Quay", -20, 75));
  const double km = km_along({{0, 70}, {2, 70}});
  for (int m = 7; m <= 9; ++m)
    expect_open(row, m, km * 0.10 + 7.0 + km_along(lane) * 0.005, km + km_along(lane));
  for (int m : {10, 11, 12, 1, 2, 3, 4, 5, 6}) expect_shut(row, m, Unreachable::season);
  EXPECT_EQ(row.months_open, 3);
  EXPECT_EQ(row.dearest_month, 7);
  EXPECT_EQ(row.longest_closed_days, 365 - 31 - 31 - 30);
}

TEST(Year, ClosedTwiceAYearOrAllOfIt) {
  const Network net = build_network(
      {layer("road", {{{{0, 0}, {1, 0}}, "2,3,12", "", ""}, {{{1, 0}, {2, 0}}, "1-12", "", ""}})});
  const YearRow twice = year_of(net, terminals(), place("A", 0, 0), place("B", 1, 0));
  EXPECT_EQ(twice.months_open, 9);
  EXPECT_EQ(twice.longest_closed_days, 28 + 31);
  const YearRow never = year_of(net, terminals(), place("A", 0, 0), place("C", 2, 0));
  EXPECT_EQ(never.months_open, 0);
  EXPECT_EQ(never.dearest_month, 0);
  EXPECT_TRUE(std::isnan(never.mean_usd_per_t));
  EXPECT_EQ(never.longest_closed_days, 365);
}

TEST(Year, NearestIsNearestInTheBestMonth) {
  // P is near over the ice, Q farther on the road of the whole year, R by ice of another season.
  const Network net = build_network({layer("road", {{{{0, 0}, {1, 0}}, "4-12", "", ""},
                                                    {{{0, 0}, {0, 3}}, "", "", ""},
                                                    {{{0, 0}, {-2, 0}}, "1-9", "", ""},
                                                    {{{50, 0}, {51, 0}}, "", "", ""}})});
  const Places sites = places({place("A", 0, 0), place("lone", 50, 0)});
  const Places goals = places({place("P", 1, 0), place("Q", 0, 3), place("R", -2, 0)});
  RouteOptions options;
  options.pairs = Pairs::nearest;
  const auto pairs_of = [&](std::size_t k, Minimise minimise) {
    options.nearest = k;
    options.minimise = minimise;
    std::vector<std::string> names;
    for (const auto& row :
         route_year(net, sketch::plain_tariff(), terminals(), sites, goals, options))
      names.push_back(sites.list[row.from].id + goals.list[row.to].id +
                      std::to_string(row.months_open));
    return names;
  };
  using Names = std::vector<std::string>;
  for (const auto minimise :
       {Minimise::cost, Minimise::distance, Minimise::hours, Minimise::co2e}) {
    EXPECT_EQ(pairs_of(1, minimise), (Names{"AP3", "loneP0"}));
    EXPECT_EQ(pairs_of(2, minimise), (Names{"AP3", "AR3", "loneP0"}));
    EXPECT_EQ(pairs_of(9, minimise), (Names{"AP3", "AR3", "AQ12", "loneP0"}));
  }
}

/// Roads on a grid with seasons, gates and countries strewn over it.
Network strewn_network() {
  const Random random{11, 3};
  std::vector<Line> lines;
  std::size_t n = 0;
  const auto add = [&](Path path) {
    const double u = random.uniform(n), v = random.uniform(1000 + n);
    lines.push_back({std::move(path),
                     u < 0.2   ? "11-3"
                     : u < 0.4 ? "6,7"
                               : "",
                     v < 0.1 ? "Gate" : "", v > 0.8 ? "AAA" : "BBB"});
    ++n;
  };
  for (int i = 0; i < 8; ++i)
    for (int k = 0; k < 8; ++k) {
      const auto at = [&](int x, int y) {
        return Point{0.1 * x + 0.03 * random.uniform(static_cast<std::size_t>(5000 + 9 * x + y)),
                     0.1 * y + 0.03 * random.uniform(static_cast<std::size_t>(7000 + 9 * x + y))};
      };
      if (i < 7) add({at(i, k), at(i + 1, k)});
      if (k < 7) add({at(i, k), at(i, k + 1)});
    }
  return build_network({layer("road", lines)});
}

Places strewn_places(const std::string& word, std::size_t count, std::uint64_t seed) {
  const Random random{seed, 4};
  Places all = places({});
  for (std::size_t i = 0; i < count; ++i)
    all.list.push_back(place(word + std::to_string(i), 0.75 * random.uniform(2 * i),
                             0.75 * random.uniform(2 * i + 1)));
  return all;
}

bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) ||
         (std::isnan(a) && std::isnan(b));
}

TEST(Year, MonthsAreTheRowsOfRoute) {
  const Network net = strewn_network();
  const Places from = strewn_places("s", 9, 1), to = strewn_places("p", 5, 2);
  for (const auto minimise : {Minimise::cost, Minimise::hours, Minimise::distance}) {
    RouteOptions options;
    options.minimise = minimise;
    options.close = {"gate"};
    const auto year = route_year(net, sketch::tariff(), terminals(), from, to, options);
    ASSERT_EQ(year.size(), 45u);
    for (std::size_t m = 0; m < 12; ++m) {
      options.month = static_cast<int>(m) + 1;
      const auto table = route(net, sketch::tariff(), terminals(), from, to, options);
      for (std::size_t i = 0; i < year.size(); ++i) {
        EXPECT_EQ(year[i].from, table.rows[i].from);
        EXPECT_EQ(year[i].to, table.rows[i].to);
        EXPECT_EQ(year[i].reason[m], table.rows[i].reason);
        EXPECT_TRUE(same_bits(year[i].cost_usd_per_t[m], table.rows[i].cost_usd_per_t));
        EXPECT_TRUE(same_bits(year[i].distance_km[m], table.rows[i].distance_km));
        EXPECT_TRUE(same_bits(year[i].hours[m], table.rows[i].hours));
      }
    }
  }
}

TEST(Scenarios, TheSameBitsForAnyNumberOfThreads) {
  const Network net = strewn_network();
  const Places from = strewn_places("s", 30, 1), to = strewn_places("p", 7, 2);
  RouteOptions options;
  options.close = {"Gate"};
  options.pairs = Pairs::nearest;
  options.nearest = 2;
  options.jobs = 1;
  const auto year_with = [&](int jobs) {
    options.jobs = jobs;
    return route_year(net, sketch::tariff(), terminals(), from, to, options);
  };
  const auto detours_with = [&](int jobs) {
    options.jobs = jobs;
    const auto closed = route(net, sketch::tariff(), terminals(), from, to, options);
    return price_detours(net, sketch::tariff(), terminals(), from, to, options, closed);
  };
  const auto year = year_with(1);
  const auto detours = detours_with(1);
  for (const int jobs : {2, 7}) {
    const auto again = year_with(jobs);
    ASSERT_EQ(again.size(), year.size());
    for (std::size_t i = 0; i < year.size(); ++i) {
      EXPECT_EQ(again[i].to, year[i].to);
      EXPECT_TRUE(same_bits(again[i].mean_usd_per_t, year[i].mean_usd_per_t));
      for (std::size_t m = 0; m < 12; ++m)
        EXPECT_TRUE(same_bits(again[i].cost_usd_per_t[m], year[i].cost_usd_per_t[m]));
    }
    const auto more = detours_with(jobs);
    ASSERT_EQ(more.size(), detours.size());
    for (std::size_t i = 0; i < detours.size(); ++i) {
      EXPECT_EQ(more[i].lost, detours[i].lost);
      EXPECT_TRUE(same_bits(more[i].cost_usd_per_t, detours[i].cost_usd_per_t));
    }
  }
}

TEST(Detours, PanamaClosedMeansRoundTheHorn) {
  const Path west = {{-90, 10}, {-80, 8}};
  const Path canal = {{-80, 8}, {-79.5, 9.5}};
  const Path east = {{-79.5, 9.5}, {-75, 15}};
  const Path horn = {{-80, 8}, {-80, -56}, {-65, -57}, {-30, -10}, {-75, 15}};
  const Network net = build_network({layer("sea", {{west, "", "", ""},
                                                   {canal, "", "Panama", "", 5.0},
                                                   {east, "", "", ""},
                                                   {horn, "", "", ""},
                                                   {{{-90, 10}, {-100, 20}}, "", "", ""},
                                                   {{{0, 50}, {5, 55}}, "", "", ""}})});
  const Places from = places({place("Corinto", -90, 10)});
  const Places to = places({place("Kingston", -75, 15), place("Acapulco", -100, 20),
                            place("Gamboa", -79.75, 8.75), place("Bergen", 5, 55)});
  RouteOptions options;
  options.close = {"PANAMA"};
  const Tariff tariff = sketch::plain_tariff();
  const auto closed = route(net, tariff, terminals(), from, to, options);
  EXPECT_NEAR(closed.rows[0].distance_km, km_along(west) + km_along(horn), 1e-6);
  const auto detours = price_detours(net, tariff, terminals(), from, to, options, closed);
  ASSERT_EQ(detours.size(), 4u);
  const double more = km_along(horn) - km_along(canal) - km_along(east);
  EXPECT_FALSE(detours[0].lost);
  EXPECT_NEAR(detours[0].distance_km, more, 1e-6);
  EXPECT_NEAR(detours[0].cost_usd_per_t, more * 0.005 - 5.0, 1e-6);
  EXPECT_NEAR(detours[0].hours, more / 25, 1e-6);
  EXPECT_NEAR(detours[0].co2e_kg_per_t, more * 0.008, 1e-6);
  // Acapulco never went through: nothing changes, to the last bit.
  EXPECT_EQ(detours[1].distance_km, 0.0);
  EXPECT_EQ(detours[1].cost_usd_per_t, 0.0);
  // Gamboa lies on the canal; Bergen was never to be reached.
  EXPECT_TRUE(detours[2].lost);
  EXPECT_TRUE(std::isnan(detours[2].cost_usd_per_t));
  EXPECT_FALSE(detours[3].lost);
  EXPECT_TRUE(std::isnan(detours[3].distance_km));
  // The same for one listed pair, whichever way pairs are chosen.
  options.pairs = Pairs::nearest;
  options.nearest = 4;
  const auto near = route(net, tariff, terminals(), from, to, options);
  const auto priced = price_detours(net, tariff, terminals(), from, to, options, near);
  ASSERT_EQ(near.rows.size(), 2u);
  EXPECT_EQ(priced[0].cost_usd_per_t, 0.0);
  EXPECT_TRUE(same_bits(priced[1].cost_usd_per_t, detours[0].cost_usd_per_t));
}

TEST(Detours, ACountryThatIsAvoided) {
  const Path direct = {{0, 0}, {1, 0}, {2, 0}};
  const Path round = {{0, 0}, {0, 1}, {2, 1}, {2, 0}};
  const Network net =
      build_network({layer("road", {{direct, "", "", "XAA"}, {round, "", "", ""}})});
  RouteOptions options;
  options.avoid = {"XAA"};
  options.pairs = Pairs::pairwise;
  const Places from = places({place("A", 0, 0)}), to = places({place("B", 2, 0)});
  for (const auto minimise : {Minimise::cost, Minimise::hours, Minimise::co2e}) {
    options.minimise = minimise;
    const auto closed = route(net, sketch::tariff(), terminals(), from, to, options);
    const auto detours =
        price_detours(net, sketch::tariff(), terminals(), from, to, options, closed);
    EXPECT_NEAR(detours.at(0).distance_km, km_along(round) - 2 * kDegree, 1e-6);
    EXPECT_NEAR(detours.at(0).hours, (km_along(round) - 2 * kDegree) / 50, 1e-6);
  }
}

TEST(Scenarios, AListedPairThatIsNoneIsRefused) {
  const Network net = build_network({layer("road", {{{{0, 0}, {1, 0}}, "", "", ""}})});
  RouteOptions options;
  options.pairs = Pairs::listed;
  options.listed = {{0, 1}};
  const auto refused = [&](bool straight) -> std::string {
    const Places one = places({place("A", 0, 0)});
    try {
      if (straight)
        (void)straight_distances(one, one, options);
      else
        (void)route(net, sketch::tariff(), terminals(), one, one, options);
    } catch (const Error& error) {
      return error.code;
    }
    return "none";
  };
  EXPECT_EQ(refused(false), "route.bad_option");
  options.listed = {{0, 0}};
  EXPECT_EQ(refused(false), "none");
  EXPECT_EQ(refused(true), "route.bad_option");
}

// The lanes' own tests demand 23,000 to 28,000 km from Marseille to Shanghai without Suez; they
// leave the polar passages out, as its routes do unless told otherwise.
TEST(Detours, MarseilleToShanghaiWithoutSuez) {
  const std::string data = test::data_folder();
  if (data.empty()) GTEST_SKIP() << "SKIPPED: no real data; set LODE_DATA to its folder";
  for (const std::string size : {"50", "100"}) {
    ReadOptions read;
    read.check_geometry = false;
    const Layer lanes = read_layer(data + "/sea_network/marnet_plus_" + size + "km.gpkg", read);
    LineLayer lines;
    lines.name = "marnet";
    lines.mode = "sea";
    lines.crs = lanes.crs;
    lines.geometry = lanes.geometry;
    lines.table = lanes.table;
    lines.fields = {{"gate", "pass"}};
    const Network net = build_network({lines});
    const Places from = places({place("Marseille", 5.3, 43.3)});
    const Places to = places({place("Shanghai", 121.8, 31.2), place("New York", -74.1, 40.7)});
    RouteOptions options;
    options.minimise = Minimise::distance;
    options.close = {"suez", "northwest", "northeast"};
    const auto closed = route(net, sketch::plain_tariff(), terminals(), from, to, options);
    ASSERT_TRUE(closed.rows[0].reachable());
    EXPECT_GT(closed.rows[0].distance_km, 23000.0);
    EXPECT_LT(closed.rows[0].distance_km, 28000.0);
    const auto detours =
        price_detours(net, sketch::plain_tariff(), terminals(), from, to, options, closed);
    // By the Cape is farther by more than the length of Africa; New York does not care.
    EXPECT_GT(detours[0].distance_km, 7000.0);
    EXPECT_EQ(detours[1].distance_km, 0.0);
  }
}

}  // namespace
