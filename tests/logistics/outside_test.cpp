// The whole chain on a random network of 2,000 places against Boost.Graph and against scipy.
#include <gtest/gtest.h>

#include <GeographicLib/Geodesic.hpp>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <cmath>
#include <fstream>

#include "libgeo/core/text.h"
#include "tests/logistics/sketch.h"

namespace {

using namespace lode;

constexpr std::uint32_t kPlaces = 2000;

/// The network that the header of tests/cases/route_random_network.csv draws.
struct Drawn {
  struct Road {
    std::uint32_t from, to;
    bool both_ways;
  };
  std::vector<LonLat> at;
  std::vector<Road> roads;

  Drawn() {
    for (std::uint32_t i = 0; i < kPlaces; ++i) {
      const double lon = draw(40000) / 1000.0 - 20.0;
      at.push_back({lon, draw(40000) / 1000.0 + 30.0});
    }
    for (std::uint32_t i = 1; i < kPlaces; ++i) {
      const std::uint32_t near = i - 1 - draw(std::min(i, 40U));
      const std::uint32_t far = draw(kPlaces);
      for (const auto to : {near, far})
        if (to != i) roads.push_back({i, to, draw(5) > 0});
    }
  }

 private:
  std::uint32_t draw(std::uint32_t below) {
    state_ = 1664525U * state_ + 1013904223U;
    return (state_ >> 8) % below;
  }
  std::uint32_t state_ = 20261129U;
};

Network network_of(const Drawn& drawn) {
  std::vector<Path> paths;
  std::vector<std::string> oneway;
  for (const auto& road : drawn.roads) {
    const LonLat a = drawn.at[road.from], b = drawn.at[road.to];
    paths.push_back({{a.lon_deg, a.lat_deg}, {b.lon_deg, b.lat_deg}});
    oneway.emplace_back(road.both_ways ? "no" : "yes");
  }
  LineLayer layer = sketch::layer("road", std::move(paths));
  layer.table.add(text_column("oneway", std::move(oneway)));
  NetworkOptions options;
  options.report_crossings = false;
  return build_network({layer}, options);
}

Places places_of(const Drawn& drawn, const std::vector<std::uint32_t>& which) {
  Places places = sketch::places({});
  for (const auto i : which)
    places.list.push_back(
        sketch::place(std::to_string(i), drawn.at[i].lon_deg, drawn.at[i].lat_deg));
  return places;
}

RouteTable routed(const Network& net, const Places& from, const Places& to, Minimise minimise,
                  SearchFrom side) {
  RouteOptions options;
  options.minimise = minimise;
  options.search_from = side;
  return route(net, sketch::tariff(), sketch::terminals(), from, to, options);
}

std::vector<std::uint32_t> every(std::uint32_t step) {
  std::vector<std::uint32_t> which;
  for (std::uint32_t i = 0; i < kPlaces; i += step) which.push_back(i);
  return which;
}

TEST(Outside, RandomNetworkAgreesWithBoost) {
  const Drawn drawn;
  using Graph =
      boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, boost::no_property,
                            boost::property<boost::edge_weight_t, double>>;
  Graph graph(kPlaces);
  for (const auto& road : drawn.roads) {
    const LonLat a = drawn.at[road.from], b = drawn.at[road.to];
    double metres = 0.0;
    GeographicLib::Geodesic::WGS84().Inverse(a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg, metres);
    boost::add_edge(road.from, road.to, metres / 1000.0, graph);
    if (road.both_ways) boost::add_edge(road.to, road.from, metres / 1000.0, graph);
  }
  const Network net = network_of(drawn);
  const std::vector<std::uint32_t> sources = {0, 5, 42, 1000, 1777};
  const Places from = places_of(drawn, sources), to = places_of(drawn, every(1));
  const RouteTable tables[] = {
      routed(net, from, to, Minimise::distance, SearchFrom::sites),
      routed(net, from, to, Minimise::cost, SearchFrom::fewer),
  };
  for (std::size_t s = 0; s < sources.size(); ++s) {
    std::vector<double> expected(kPlaces);
    boost::dijkstra_shortest_paths(
        graph, sources[s],
        boost::distance_map(boost::make_iterator_property_map(
                                expected.begin(), boost::get(boost::vertex_index, graph)))
            .distance_inf(std::numeric_limits<double>::infinity()));
    for (std::uint32_t t = 0; t < kPlaces; ++t)
      for (const auto& table : tables) {
        const RouteRow& row = table.rows[s * kPlaces + t];
        ASSERT_EQ(row.reachable(), std::isfinite(expected[t])) << sources[s] << " " << t;
        if (!row.reachable()) continue;
        EXPECT_NEAR(row.distance_km, expected[t], 1e-9 * (1.0 + expected[t]));
        // All roads have one rate and one speed, so cost and hours follow.
        EXPECT_NEAR(row.cost_usd_per_t, expected[t] * 0.11, 1e-9 * (1.0 + expected[t]));
        EXPECT_NEAR(row.hours, expected[t] / 50.0, 1e-9 * (1.0 + expected[t]));
      }
  }
}

TEST(Outside, RandomNetworkAgreesWithScipy) {
  const Drawn drawn;
  const Network net = network_of(drawn);
  const Places from = places_of(drawn, {0, 777, 1999}), to = places_of(drawn, every(7));
  for (const auto side : {SearchFrom::sites, SearchFrom::places}) {
    const RouteTable table = routed(net, from, to, Minimise::distance, side);
    std::ifstream file(LODE_SOURCE_DIR "/tests/cases/route_random_network.csv");
    std::size_t i = 0, unreached = 0;
    for (std::string line; std::getline(file, line);) {
      if (line.starts_with("#") || line.starts_with("from")) continue;
      const auto cells = split(line, ',');
      ASSERT_LT(i, table.rows.size());
      const RouteRow& row = table.rows[i++];
      ASSERT_EQ(from.list[row.from].id, cells[0]);
      ASSERT_EQ(to.list[row.to].id, cells[1]);
      const auto expected = parse_number(cells[2]);
      ASSERT_EQ(row.reachable(), expected.has_value()) << line;
      unreached += expected ? 0 : 1;
      if (expected) {
        EXPECT_NEAR(row.distance_km, *expected, 1e-9 * (1.0 + *expected)) << line;
      }
    }
    EXPECT_EQ(i, table.rows.size());
    EXPECT_LT(unreached, i);
  }
}

}  // namespace
