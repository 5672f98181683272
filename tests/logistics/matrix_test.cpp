// Matrices against `route`, which has its own oracle in random_freight_test.cpp.
#include "libgeo/logistics/matrix.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "libgeo/core/random.h"
#include "tests/logistics/sketch.h"

namespace {

using namespace lode;

struct World {
  Network network;
  Terminals terminals;
  Places from, to;
};

/// A grid of roads with gaps, one-ways and closed months, a railway over it, and an islet.
World draw(std::uint64_t seed, std::size_t sites, std::size_t places) {
  const Random random{seed, 9};
  std::uint64_t n = 0;
  const auto u = [&] { return random.uniform(n++); };
  std::vector<Path> roads;
  std::vector<std::string> oneway, months;
  std::vector<double> speed;
  const auto add = [&](Point a, Point b) {
    roads.push_back({a, b});
    oneway.push_back(u() < 0.7 ? "no" : u() < 0.5 ? "yes" : "-1");
    months.push_back(u() < 0.9 ? "" : "7");
    speed.push_back(20.0 + std::floor(80.0 * u()));
  };
  const int side = 12;
  for (int i = 0; i < side; ++i)
    for (int k = 0; k < side; ++k) {
      if (i + 1 < side && u() < 0.75) add({0.1 * i, 0.1 * k}, {0.1 * i + 0.1, 0.1 * k});
      if (k + 1 < side && u() < 0.75) add({0.1 * i, 0.1 * k}, {0.1 * i, 0.1 * k + 0.1});
    }
  add({3.0, 3.0}, {3.1, 3.0});
  LineLayer road = sketch::layer("road", roads);
  road.table.add(text_column("oneway", oneway));
  road.table.add(text_column("months_closed", months));
  road.table.add(number_column("speed_kmh", speed));
  World world;
  world.network =
      build_network({road, sketch::layer("rail", {{{0.0, 0.05}, {0.5, 0.55}, {1.1, 0.95}}})});
  world.terminals = sketch::terminals({sketch::terminal("t1", 0.01, 0.05, {"road", "rail"}),
                                       sketch::terminal("t2", 1.1, 0.93, {"road", "rail"})});
  const auto spots = [&](std::size_t count, const char* name) {
    std::vector<Place> list;
    for (std::size_t i = 0; i < count; ++i)
      list.push_back(sketch::place(name + std::to_string(i), 1.1 * u(), 1.1 * u()));
    list.push_back(sketch::place(std::string(name) + "islet", 3.05, 3.0));
    list.push_back(sketch::place(std::string(name) + "nowhere", std::nan(""), 0.0));
    return sketch::places(list);
  };
  world.from = spots(sites, "s");
  world.to = spots(places, "p");
  return world;
}

struct Cells {
  std::vector<std::uint32_t> from, to;
  std::vector<MatrixCell> cells;
  MatrixReport report;
};

Cells matrix(const World& world, const RouteOptions& options) {
  Cells all;
  all.report =
      route_matrix(world.network, sketch::tariff(), world.terminals, world.from, world.to, options,
                   [&](std::uint32_t site, const std::vector<std::uint32_t>& places,
                       const std::vector<MatrixCell>& cells) {
                     EXPECT_EQ(places.size(), cells.size());
                     for (std::size_t i = 0; i < places.size(); ++i) {
                       all.from.push_back(site);
                       all.to.push_back(places[i]);
                       all.cells.push_back(cells[i]);
                     }
                   });
  return all;
}

void expect_near(double expected, double value) {
  if (std::isnan(expected))
    EXPECT_TRUE(std::isnan(value));
  else
    EXPECT_NEAR(value, expected, 1e-12 * (1.0 + std::abs(expected)));
}

void expect_like_routes(const World& world, const RouteOptions& options) {
  RouteOptions routes = options;
  routes.algorithm = Algorithm::dijkstra;
  const RouteTable table =
      route(world.network, sketch::tariff(), world.terminals, world.from, world.to, routes);
  const Cells all = matrix(world, options);
  ASSERT_EQ(all.cells.size(), table.rows.size());
  std::size_t unreachable = 0;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    EXPECT_EQ(all.from[i], table.rows[i].from);
    EXPECT_EQ(all.to[i], table.rows[i].to);
    expect_near(table.rows[i].distance_km, all.cells[i].distance_km);
    expect_near(table.rows[i].cost_usd_per_t, all.cells[i].cost_usd_per_t);
    expect_near(table.rows[i].hours, all.cells[i].hours);
    expect_near(table.rows[i].co2e_kg_per_t, all.cells[i].co2e_kg_per_t);
    unreachable += table.rows[i].reachable() ? 0 : 1;
  }
  EXPECT_EQ(all.report.pairs, table.rows.size());
  EXPECT_EQ(all.report.unreachable, unreachable);
  const auto& found = all.report.findings.list();
  const auto& expected = table.findings.list();
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].code, expected[i].code);
    EXPECT_EQ(found[i].count, expected[i].count);
    EXPECT_EQ(found[i].message, expected[i].message);
  }
}

class RouteMatrix : public testing::TestWithParam<Algorithm> {};

TEST_P(RouteMatrix, EqualsRoutes) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed)
    for (const auto minimise :
         {Minimise::cost, Minimise::distance, Minimise::hours, Minimise::co2e}) {
      RouteOptions options;
      options.algorithm = GetParam();
      options.minimise = minimise;
      options.month = seed % 2 == 0 ? 7 : 0;
      options.snap.radius_km = 20.0;
      expect_like_routes(draw(seed, 9, 14), options);
      options.search_from = SearchFrom::places;
      expect_like_routes(draw(seed, 9, 14), options);
      options.pairs = Pairs::nearest;
      options.nearest = 3;
      expect_like_routes(draw(seed, 30, 5), options);
      options.search_from = SearchFrom::sites;
      expect_like_routes(draw(seed, 30, 5), options);
      options.pairs = Pairs::pairwise;
      expect_like_routes(draw(seed, 8, 8), options);
    }
}

TEST_P(RouteMatrix, IsTheSameBitsForAnyThreads) {
  const World world = draw(3, 40, 30);
  RouteOptions options;
  options.algorithm = GetParam();
  options.jobs = 1;
  const Cells one = matrix(world, options);
  options.jobs = 7;
  const Cells seven = matrix(world, options);
  ASSERT_EQ(one.cells.size(), seven.cells.size());
  for (std::size_t i = 0; i < one.cells.size(); ++i) {
    if (std::isnan(one.cells[i].distance_km)) continue;
    EXPECT_EQ(one.cells[i].distance_km, seven.cells[i].distance_km);
    EXPECT_EQ(one.cells[i].cost_usd_per_t, seven.cells[i].cost_usd_per_t);
  }
}

TEST_P(RouteMatrix, LoadsOfSeveralKindsKeepTheOrderOfSites) {
  const World world = draw(5, 12, 7);
  RouteOptions options;
  options.algorithm = GetParam();
  for (std::size_t i = 0; i < world.from.list.size(); ++i) {
    Cargo cargo;
    cargo.thorium_ppm = i % 3 == 0 ? 20000.0 : 0.0;
    cargo.uranium_ppm = 0.0;
    options.cargoes.push_back(cargo);
  }
  expect_like_routes(world, options);
  options.pairs = Pairs::nearest;
  options.nearest = 2;
  expect_like_routes(world, options);
}

INSTANTIATE_TEST_SUITE_P(, RouteMatrix, testing::Values(Algorithm::dijkstra, Algorithm::cch),
                         [](const auto& tested) {
                           return tested.param == Algorithm::cch ? "Hierarchy" : "Dijkstra";
                         });

TEST(RouteByHierarchy, LegsAreThoseOfDijkstra) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const World world = draw(seed, 8, 8);
    RouteOptions options;
    options.lines = true;
    options.search_from = seed % 2 == 0 ? SearchFrom::sites : SearchFrom::places;
    options.algorithm = Algorithm::dijkstra;
    const RouteTable expected =
        route(world.network, sketch::tariff(), world.terminals, world.from, world.to, options);
    options.algorithm = Algorithm::cch;
    const RouteTable table =
        route(world.network, sketch::tariff(), world.terminals, world.from, world.to, options);
    EXPECT_EQ(table.algorithm, "cch");
    ASSERT_EQ(table.rows.size(), expected.rows.size());
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      EXPECT_EQ(table.rows[i].reason, expected.rows[i].reason);
      expect_near(expected.rows[i].cost_usd_per_t, table.rows[i].cost_usd_per_t);
      ASSERT_EQ(table.rows[i].legs.size(), expected.rows[i].legs.size());
      for (std::size_t k = 0; k < table.rows[i].legs.size(); ++k) {
        EXPECT_EQ(table.rows[i].legs[k].mode, expected.rows[i].legs[k].mode);
        EXPECT_EQ(table.rows[i].legs[k].from, expected.rows[i].legs[k].from);
        EXPECT_EQ(table.rows[i].legs[k].to, expected.rows[i].legs[k].to);
        expect_near(expected.rows[i].legs[k].hours, table.rows[i].legs[k].hours);
      }
      EXPECT_EQ(table.lines[i].lines.size(), expected.lines[i].lines.size());
      for (std::size_t k = 0; k < table.lines[i].lines.size(); ++k)
        EXPECT_EQ(table.lines[i].lines[k], expected.lines[i].lines[k]);
    }
  }
}

TEST(RouteByHierarchy, OrdersAreKeptForEveryClosureAndMadeAgainWhenDamaged) {
  const World world = draw(2, 10, 10);
  std::map<std::string, std::string> kept;
  int stored = 0;
  RouteOptions options;
  options.algorithm = Algorithm::cch;
  options.keep.load = [&](const std::string& key) {
    const auto found = kept.find(key);
    return found == kept.end() ? std::nullopt : std::optional<std::string>(found->second);
  };
  options.keep.store = [&](const std::string& key, std::string_view bytes) {
    kept[key] = bytes;
    ++stored;
  };
  expect_like_routes(world, options);
  EXPECT_EQ(stored, 1);
  options.month = 7;
  expect_like_routes(world, options);
  options.minimise = Minimise::hours;
  options.vehicle_mass_t = 30.0;
  expect_like_routes(world, options);
  EXPECT_EQ(stored, 1);
  ASSERT_EQ(kept.size(), 1U);
  std::string& bytes = kept.begin()->second;
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  expect_like_routes(world, options);
  EXPECT_EQ(stored, 2);
  // Few searches over a kept order: automatic takes it from eight on.
  options.algorithm = Algorithm::automatic;
  EXPECT_EQ(matrix(world, options).report.algorithm, "cch");
  options.keep = {};
  EXPECT_EQ(matrix(world, options).report.algorithm, "dijkstra");
}

}  // namespace
