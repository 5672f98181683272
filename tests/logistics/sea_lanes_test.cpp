#include <gtest/gtest.h>

#include <GeographicLib/Geodesic.hpp>
#include <cmath>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/logistics/sea_lanes.h"
#include "tests/logistics/sketch.h"

namespace {

using namespace lode;

/// Kilometres along a line of places, by GeographicLib.
double km(const std::vector<Point>& places) {
  double sum = 0.0;
  for (std::size_t i = 0; i + 1 < places.size(); ++i) {
    double m = 0.0;
    GeographicLib::Geodesic::WGS84().Inverse(places[i].y, places[i].x, places[i + 1].y,
                                             places[i + 1].x, m);
    sum += m / 1000.0;
  }
  return sum;
}

Geometry box(double west, double south, double east, double north) {
  return polygon_geometry(
      {{west, south}, {east, south}, {east, north}, {west, north}, {west, south}});
}

/// One voyage and what the lanes said.
struct Voyage {
  RouteRow row;
  LineLayer lanes;
  Findings findings;
  /// The way with the straight ends to and from the water.
  [[nodiscard]] double whole_km() const { return row.distance_km + row.snap_km + row.snap_to_km; }
};

struct Sea {
  std::vector<Geometry> land;
  std::vector<SeaGate> gates;
  SeaOptions options;
  RouteOptions route_options;

  Sea() {
    options.tolerance_m = 0.0;
    route_options.minimise = Minimise::distance;
    route_options.pairs = Pairs::pairwise;
  }

  [[nodiscard]] Voyage sail(LonLat from, LonLat to) const {
    Voyage voyage;
    voyage.lanes =
        sea_lanes(wgs84(), land, gates, {{"from", from}, {"to", to}}, options, voyage.findings);
    if (voyage.lanes.geometry.empty()) return voyage;
    const Network network = build_network({voyage.lanes});
    voyage.row = route(network, sketch::tariff(), sketch::terminals(),
                       sketch::places({sketch::place("from", from.lon_deg, from.lat_deg)}),
                       sketch::places({sketch::place("to", to.lon_deg, to.lat_deg)}), route_options)
                     .rows.front();
    return voyage;
  }
};

std::set<std::string> gates_of(const LineLayer& lanes) {
  const auto names = lanes.table.texts("gate");
  return {names.begin(), names.end()};
}

SeaGate bar(const std::string& name, Path line) {
  SeaGate gate;
  gate.name = name;
  gate.line = std::move(line);
  return gate;
}

TEST(SeaLanes, OpenWaterIsSailedStraight) {
  Sea sea;
  sea.land = {box(20, 20, 21, 21)};
  const auto voyage = sea.sail({0, 0}, {30, 10});
  EXPECT_NEAR(voyage.row.distance_km, km({{0, 0}, {30, 10}}), 1e-6);
}

TEST(SeaLanes, TheWayRoundAnIslandTouchesItsCorners) {
  Sea sea;
  sea.land = {box(-1, -1, 1, 1.5)};
  const auto voyage = sea.sail({-5, 0}, {5, 0});
  EXPECT_NEAR(voyage.row.distance_km, km({{-5, 0}, {-1, -1}, {1, -1}, {5, 0}}), 1e-6);
}

TEST(SeaLanes, ACapeAndABay) {
  Sea sea;
  // A coast with a cape at (10, -5); the two ports lie in the bays beside it.
  sea.land = {polygon_geometry(
      {{0, 10}, {0, -6}, {2, -6}, {2, 5}, {9, 5}, {10, -5}, {11, 5}, {20, 5}, {20, 10}, {0, 10}})};
  const auto voyage = sea.sail({8, 4}, {12, 4});
  EXPECT_NEAR(voyage.row.distance_km, km({{8, 4}, {10, -5}, {12, 4}}), 1e-6);
}

TEST(SeaLanes, BetweenTwoIslandsOnlyWhereThereIsAGap) {
  Sea sea;
  sea.land = {box(-1, 0.1, 1, 6), box(-1, -6, 1, -0.1)};
  EXPECT_NEAR(sea.sail({-5, 0}, {5, 0}).row.distance_km, km({{-5, 0}, {5, 0}}), 1e-6);
  // Outlines that part by less than half a kilometre are one land: no river runs between them.
  sea.land = {box(-1, 0.001, 1, 6), box(-1, -8, 1, -0.001)};
  const double round = km({{-5, 0}, {-1, 6}, {1, 6}, {5, 0}});
  EXPECT_NEAR(sea.sail({-5, 0}, {5, 0}).row.distance_km, round, 0.3);
}

TEST(SeaLanes, OverlappingAndBrokenPolygonsAreOneLand) {
  Sea sea;
  sea.land = {box(-1, -8, 1, 2), box(-0.5, 0, 0.7, 6)};
  const double round = km({{-5, 0}, {-0.5, 6}, {0.7, 6}, {5, 0}});
  EXPECT_NEAR(sea.sail({-5, 0}, {5, 0}).row.distance_km, round, 0.3);
  // A bow-tie: both lobes are land.
  sea.land = {polygon_geometry({{-1, -8}, {1, 6}, {-1, 6}, {1, -8}, {-1, -8}})};
  const auto voyage = sea.sail({-5, 0}, {5, 0});
  EXPECT_TRUE(voyage.findings.has("sea.land_repaired"));
  EXPECT_NEAR(voyage.row.distance_km, km({{-5, 0}, {-1, 6}, {1, 6}, {5, 0}}), 0.3);
}

TEST(SeaLanes, AcrossTheAntimeridian) {
  Sea sea;
  // One island in two polygons that meet at 180 degrees, as maps have it: the cut is no coast.
  sea.land = {box(178, -4, 180, 5), box(-180, -4, -178, 5)};
  const auto voyage = sea.sail({175, 0}, {-175, 0});
  EXPECT_NEAR(voyage.row.distance_km, km({{175, 0}, {178, -4}, {-178, -4}, {-175, 0}}), 1e-6);
  // The same from a map that is cut a tenth of a degree before it.
  sea.land = {box(178, -4, 179.9, 5), box(-179.9, -4, -178, 5)};
  const auto short_of = sea.sail({175, 0}, {-175, 0});
  EXPECT_NEAR(short_of.row.distance_km, voyage.row.distance_km, 1e-6);
}

TEST(SeaLanes, OverThePole) {
  Sea sea;
  sea.land = {box(0, 0, 10, 10)};
  const auto voyage = sea.sail({30, 80}, {-150, 80});
  EXPECT_NEAR(voyage.row.distance_km, km({{30, 80}, {-150, 80}}), 1e-6);
  const auto pole = sea.sail({77, 90}, {-150, 80});
  EXPECT_NEAR(pole.row.distance_km, km({{0, 90}, {-150, 80}}), 1e-6);
  // Land round the south pole, its cut along the edge of the map.
  sea.land = {polygon_geometry({{-180, -90},
                                {180, -90},
                                {180, -60},
                                {90, -60},
                                {0, -60},
                                {-90, -60},
                                {-180, -60},
                                {-180, -90}})};
  const auto round = sea.sail({30, -50}, {150, -50});
  EXPECT_NEAR(round.row.distance_km, km({{30, -50}, {90, -60}, {150, -50}}), 1e-6);
}

TEST(SeaLanes, ACanalIsAWayThroughTheLandUntilItIsClosed) {
  Sea sea;
  sea.land = {box(-1, -10, 1, 10)};
  SeaGate canal = bar("canal", {{-2, 1}, {0, 1.5}, {2, 1}});
  canal.canal = true;
  canal.toll_usd = 3.0;
  canal.max_draught_m = 12.0;
  canal.months_closed = 0x7;  // January to March
  sea.gates = {canal};
  const auto through = sea.sail({-5, 0}, {5, 0});
  EXPECT_NEAR(through.row.distance_km, km({{-5, 0}, {-2, 1}, {0, 1.5}, {2, 1}, {5, 0}}), 1e-6);
  const auto months = through.lanes.table.texts("months_closed");
  const auto names = through.lanes.table.texts("gate");
  const auto tolls = through.lanes.table.numbers("toll_usd");
  for (std::size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(months[i], names[i] == "canal" ? "1,2,3" : "");
    if (names[i] == "canal") {
      EXPECT_EQ(tolls[i], 3.0);
    }
  }
  const double round = km({{-5, 0}, {-1, -10}, {1, -10}, {5, 0}});
  sea.route_options.close = {"CANAL"};
  EXPECT_NEAR(sea.sail({-5, 0}, {5, 0}).row.distance_km, round, 1e-6);
  sea.route_options.close.clear();
  sea.route_options.month = 2;
  EXPECT_NEAR(sea.sail({-5, 0}, {5, 0}).row.distance_km, round, 1e-6);
  sea.route_options.month = 0;
  // Shut by default until it is asked for.
  sea.gates[0].closed = true;
  EXPECT_NEAR(sea.sail({-5, 0}, {5, 0}).row.distance_km, round, 1e-6);
  sea.options.open = {"Canal"};
  EXPECT_NEAR(sea.sail({-5, 0}, {5, 0}).row.distance_km, through.row.distance_km, 1e-6);
}

TEST(SeaLanes, ABarGivesItsNameToWhatCrossesIt) {
  Sea sea;
  sea.land = {box(-1, 0.2, 1, 10), box(-1, -10, 1, -0.2)};
  sea.gates = {bar("strait", {{-0.5, 2}, {-0.5, -2}}), bar("other", {{0.5, 2}, {0.5, -2}})};
  const auto through = sea.sail({-5, 0}, {5, 0});
  EXPECT_EQ(gates_of(through.lanes), (std::set<std::string>{"", "other", "strait"}));
  EXPECT_NEAR(through.row.distance_km, km({{-5, 0}, {5, 0}}), 1e-6);
  const double round = km({{-5, 0}, {-1, 10}, {1, 10}, {5, 0}});
  // A lane that passes two gates is cut between them: either can be closed.
  for (const char* name : {"strait", "other"}) {
    sea.route_options.close = {name};
    EXPECT_NEAR(sea.sail({-5, 0}, {5, 0}).row.distance_km, round, 0.1) << name;
  }
}

TEST(SeaLanes, LandlockedWaterIsSaid) {
  Sea sea;
  Geometry ring = box(-10, -10, 10, 10);
  ring.polygons[0].holes = {{{-2, -2}, {-2, 2}, {2, 2}, {2, -2}, {-2, -2}}};
  sea.land = {ring};
  const auto voyage = sea.sail({0, 0}, {20, 0});
  EXPECT_TRUE(voyage.findings.has("sea.landlocked"));
  EXPECT_FALSE(voyage.row.reachable());
  const auto inside = sea.sail({-1, 0}, {1, 0});
  EXPECT_NEAR(inside.row.distance_km, km({{-1, 0}, {1, 0}}), 1e-6);
}

TEST(SeaLanes, BerthsAreAtTheNearestWater) {
  Sea sea;
  sea.land = {box(0, 0, 10, 10)};
  // 0.5 degrees inland of the west coast.
  const auto voyage = sea.sail({0.5, 5}, {-5, 5});
  EXPECT_TRUE(voyage.findings.has("sea.inland_berth"));
  EXPECT_NEAR(voyage.row.snap_km, km({{0, 5}, {0.5, 5}}), 0.05);
  EXPECT_NEAR(voyage.row.distance_km, km({{0, 5}, {-5, 5}}), 0.05);
  // Three berths on one straight coast: each is the end of lanes, none is passed by.
  Findings findings;
  const auto lanes = sea_lanes(wgs84(), sea.land, {},
                               {{"a", {0, 4}}, {"b", {0, 5}}, {"c", {0, 6}}, {"d", {-5, 5}}},
                               sea.options, findings);
  const auto routes =
      route(build_network({lanes}), sketch::tariff(), sketch::terminals(),
            sketch::places({sketch::place("b", 0, 5)}),
            sketch::places({sketch::place("d", -5, 5), sketch::place("c", 0, 6)}), [&] {
              RouteOptions options = sea.route_options;
              options.pairs = Pairs::all;
              return options;
            }());
  EXPECT_NEAR(routes.rows[0].distance_km, km({{0, 5}, {-5, 5}}), 0.05);
  EXPECT_NEAR(routes.rows[1].distance_km, km({{0, 5}, {0, 6}}), 0.05);
  sea.options.berth_radius_km = 40.0;
  EXPECT_TRUE(sea.sail({0.5, 5}, {-5, 5}).findings.has("sea.no_water"));
}

TEST(SeaLanes, LandOnlyGivesWay) {
  Sea sea;
  // A peninsula with a tooth 2 km long at its tip, and a skerry.
  sea.land = {
      polygon_geometry({{0, 0}, {0, 5}, {-0.01, 5.02}, {-0.02, 5}, {-1, 5}, {-1, 0}, {0, 0}}),
      box(-0.5, 5.5, -0.49, 5.51)};
  const auto exact = sea.sail({-2, 5}, {2, 5});
  sea.options.tolerance_m = 3000.0;
  const auto coarse = sea.sail({-2, 5}, {2, 5});
  EXPECT_LE(coarse.row.distance_km, exact.row.distance_km + 1e-9);
  EXPECT_LT(coarse.lanes.geometry.size(), exact.lanes.geometry.size());
  EXPECT_GT(coarse.row.distance_km, exact.row.distance_km - 2.0);
}

TEST(SeaLanes, TheSameBitsForAnyNumberOfThreads) {
  Sea sea;
  for (int i = 0; i < 40; ++i)
    sea.land.push_back(box(-20 + i, (i * 7) % 13 - 6.0, -19.6 + i, (i * 7) % 13 - 4.0));
  std::vector<Voyage> voyages;
  for (const int jobs : {1, 2, 7}) {
    sea.options.jobs = jobs;
    voyages.push_back(sea.sail({-30, 0}, {30, 0}));
    EXPECT_EQ(voyages.front().lanes.geometry, voyages.back().lanes.geometry);
    EXPECT_EQ(voyages.front().row.distance_km, voyages.back().row.distance_km);
  }
}

template <class Call>
std::string code_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code;
  }
  return {};
}

TEST(SeaLanes, FaultsAreNamed) {
  Sea sea;
  EXPECT_EQ(code_of([&] { (void)sea.sail({0, 0}, {1, 1}); }), "sea.not_land");
  sea.land = {box(0, 0, 1, 1)};
  EXPECT_EQ(code_of([&] { (void)sea.sail({0, 95}, {1, 1}); }), "sea.bad_berth");
  sea.options.open = {"nowhere"};
  EXPECT_EQ(code_of([&] { (void)sea.sail({2, 2}, {3, 3}); }), "sea.unknown_gate");
  sea.options.open.clear();
  sea.options.tolerance_m = -1.0;
  EXPECT_EQ(code_of([&] { (void)sea.sail({2, 2}, {3, 3}); }), "sea.bad_option");
  Crs plane = wgs84();
  plane.kind = CrsKind::projected;
  Findings findings;
  EXPECT_EQ(code_of([&] { (void)sea_lanes(plane, sea.land, {}, {}, {}, findings); }), "sea.crs");
  sea.options.tolerance_m = 0.0;
  SeaGate inland = bar("ditch", {{0.4, 0.4}, {0.6, 0.6}});
  inland.canal = true;
  sea.gates = {inland};
  EXPECT_TRUE(sea.sail({2, 2}, {3, 3}).findings.has("sea.gate_inland"));
}

TEST(SeaGates, AreReadAndRefused) {
  const auto gates = parse_sea_gates(
      "[[gates]]\nname = \"a\"\ncanal = true\nline = [[1, 2], [3, 4]]\nmonths_closed = \"11-2\"\n",
      "mine.toml");
  ASSERT_EQ(gates.size(), 1u);
  EXPECT_TRUE(gates[0].canal);
  EXPECT_EQ(gates[0].months_closed, 0xc03);
  const auto refused = [](const std::string& text) {
    return code_of([&] { (void)parse_sea_gates(text, "mine.toml"); });
  };
  EXPECT_EQ(refused("[[gates"), "sea.gate_syntax");
  const std::string plain = "[[gates]]\nname = \"a\"\nline = [[1, 2], [3, 4]]\n";
  EXPECT_EQ(refused(plain), "");
  for (const char* more :
       {"speed = 3\n", "toll_usd = -1\n", "months_closed = \"13\"\n", "canal = 1\n", "name = 3\n"})
    EXPECT_NE(refused(plain + more), "") << more;
  EXPECT_EQ(refused("[[gates]]\nline = [[1, 2], [3, 4]]\n"), "sea.gate_invalid");
  EXPECT_EQ(refused("[[gates]]\nname = \"a\"\nline = [[1, 2]]\n"), "sea.gate_invalid");
  EXPECT_EQ(refused("[[gates]]\nname = \"a\"\nline = [[1, 2], [3, 94]]\n"), "sea.gate_invalid");
  EXPECT_EQ(refused("name = \"a\"\n"), "sea.gate_invalid");
}

TEST(SeaGates, EveryBuiltInOneHasItsSource) {
  std::set<std::string> names;
  SeaGate own;
  own.name = "SUEZ";
  const auto gates = with_built_in_gates({own});
  EXPECT_EQ(gates.size(), built_in_sea_gates().size());
  EXPECT_EQ(gates.back().name, "SUEZ");
  for (const auto& gate : built_in_sea_gates()) {
    EXPECT_FALSE(gate.source.empty()) << gate.name;
    names.insert(lower(gate.name));
  }
  for (const char* name : {"suez",
                           "panama",
                           "kiel",
                           "corinth",
                           "malacca",
                           "sunda",
                           "lombok",
                           "gibraltar",
                           "bab el mandeb",
                           "hormuz",
                           "dover",
                           "bosporus",
                           "dardanelles",
                           "oresund",
                           "great belt",
                           "little belt",
                           "magellan",
                           "bering",
                           "torres",
                           "northwest passage",
                           "northeast passage"})
    EXPECT_EQ(names.count(name), 1u) << name;
}

}  // namespace
