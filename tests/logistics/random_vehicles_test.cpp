// Random multimodal networks with classes of ships, private lines and particular terminals, against
// Boost's Dijkstra on a graph of states that is written out in full: vertex, mode, class, part of
// the way. Lengths by GeographicLib.
#include <gtest/gtest.h>

#include <GeographicLib/Geodesic.hpp>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <cmath>
#include <map>
#include <tuple>

#include "libgeo/core/random.h"
#include "libgeo/logistics/freight.h"
#include "tests/logistics/sketch.h"

namespace {

using namespace lode;

struct Line {
  int a = 0, b = 0;
  std::string mode;
  bool oneway = false, restricted = false;
  double draught = 0, toll = 0;
};

struct Stop {
  int at = 0;
  std::vector<std::string> modes;
  double draught = 0, capacity = 0;
  std::string class7;
};

struct World {
  std::vector<LonLat> vertices;
  std::vector<Line> lines;
  std::vector<Stop> stops;
};

// Restricted lines stand alone on their pair of modes and vertices: where a site lies on a vertex
// with lines of both kinds, the edge found first says which; see `usable`.
World draw(std::uint64_t seed) {
  World world;
  std::uint64_t n = 0;
  const Random random{seed, 7};
  const auto u = [&] { return random.uniform(n++); };
  const int count = 24;
  for (int i = 0; i < count; ++i)
    world.vertices.push_back({std::round(u() * 1e4) / 1e3, std::round(u() * 1e4) / 1e3});
  for (int i = 0; i < 90; ++i) {
    Line line;
    line.a = static_cast<int>(u() * count);
    line.b = static_cast<int>(u() * count);
    line.mode = u() < 0.5 ? "road" : u() < 0.5 ? "rail" : "sea";
    line.oneway = u() < 0.2;
    line.restricted = line.mode != "sea" && u() < 0.4;
    line.draught = line.mode != "sea" || u() < 0.4 ? 0.0 : u() < 0.5 ? 8.0 : 12.0;
    line.toll = u() < 0.8 ? 0.0 : 1000 * std::floor(10.0 * u());
    if (line.a != line.b) world.lines.push_back(line);
  }
  for (int i = 0; i < 14; ++i) {
    Stop stop;
    stop.at = static_cast<int>(u() * count);
    stop.draught = u() < 0.4 ? 0.0 : u() < 0.5 ? 8.0 : 12.0;
    stop.capacity = u() < 0.6 ? 0.0 : 40000;
    const double said = u();
    stop.class7 = said < 0.6 ? "yes" : said < 0.8 ? "no" : "";
    world.stops.push_back(stop);
  }
  return world;
}

/// Lines of a mode at a vertex: bit 1 open, bit 2 restricted.
int lines_at(const World& world, int vertex, const std::string& mode) {
  int found = 0;
  for (const auto& line : world.lines)
    if (line.mode == mode && (line.a == vertex || line.b == vertex))
      found |= line.restricted ? 2 : 1;
  return found;
}

Network network_of(const World& world) {
  std::vector<LineLayer> layers;
  for (const char* mode : {"road", "rail", "sea"}) {
    LineLayer layer = sketch::layer(mode, {});
    std::vector<std::string> oneway, access;
    std::vector<double> draught, toll;
    for (const auto& line : world.lines) {
      if (line.mode != mode) continue;
      const LonLat a = world.vertices[line.a], b = world.vertices[line.b];
      layer.geometry.push_back(sketch::line({{a.lon_deg, a.lat_deg}, {b.lon_deg, b.lat_deg}}));
      oneway.push_back(line.oneway ? "yes" : "no");
      access.push_back(line.restricted ? "private" : "yes");
      draught.push_back(line.draught == 0.0 ? std::nan("") : line.draught);
      toll.push_back(line.toll);
    }
    if (layer.geometry.empty()) continue;
    layer.table.add(text_column("oneway", oneway));
    layer.table.add(text_column("access", access));
    layer.table.add(number_column("max_draught_m", draught));
    layer.table.add(number_column("toll_usd", toll));
    layers.push_back(layer);
  }
  return build_network(layers);
}

struct Vehicle {
  const char* mode;
  const char* name;
  double rate, speed, draught, parcel, payload;
};
constexpr Vehicle kVehicles[] = {{"road", "", 0.10, 50, 0, 0, 30},
                                 {"rail", "", 0.03, 40, 0, 2000, 2000},
                                 {"sea", "big", 0.002, 20, 11, 40000, 40000},
                                 {"sea", "small", 0.02, 25, 6, 2000, 2000}};
constexpr int kVehicleCount = 4;

Tariff tariff_of() {
  return parse_tariff(R"(as_of = 2026-11-01
value_of_time_usd_per_t_h = 0.05
[modes.road]
usd_per_tkm = 0.2
speed_kmh = 50
payload_t = 30
backhaul_share = 1.0
backhaul_credit = 0.5
[modes.rail]
usd_per_tkm = 0.03
speed_kmh = 40
parcel_t = 2000
payload_t = 2000
[modes.sea]
usd_per_tkm = 0.005
speed_kmh = 25
[modes.sea.classes.small]
usd_per_tkm = 0.02
draught_m = 6
parcel_t = 2000
payload_t = 2000
[modes.sea.classes.big]
usd_per_tkm = 0.002
draught_m = 11
speed_kmh = 20
parcel_t = 40000
payload_t = 40000
[transfers]
"road>rail" = { usd_per_t = 6, hours = 12 }
"road>sea" = { usd_per_t = 7, hours = 48 }
"rail>sea" = { usd_per_t = 8, hours = 24 }
"sea>sea" = { usd_per_t = 3, hours = 10 }
[class7]
usd_per_t = 2
hours = 3
)",
                      "random.toml");
}

/// Every state and every step between states, named by what they are.
class Oracle {
 public:
  using State = std::tuple<std::string, int, int, int>;  // kind, vertex or stop, vehicle, part
  Oracle(const World& world, bool class7, double annual) : class7_(class7), annual_(annual) {
    for (const auto& line : world.lines) drive(world, line);
    for (int v = 0; v < static_cast<int>(world.vertices.size()); ++v)
      for (int k = 0; k < kVehicleCount; ++k) {
        arc({"at", v, k, 1}, {"at", v, k, 0}, 0);
        arc({"at", v, k, 0}, {"at", v, k, 2}, 0);
      }
    for (int s = 0; s < static_cast<int>(world.stops.size()); ++s) stop(world, s);
  }
  double wait(int k) const {
    return annual_ > 0 && kVehicles[k].parcel > 0 ? 0.05 * kVehicles[k].parcel / annual_ * 8760 / 2
                                                  : 0.0;
  }
  std::vector<double> from(int vertex) {
    const int site = id({"site", vertex, 0, 0});
    // A site stands on an open road.
    boost::add_edge(site, id({"at", vertex, 0, 0}), wait(0), graph_);
    std::vector<double> distance(boost::num_vertices(graph_));
    boost::dijkstra_shortest_paths(graph_, site,
                                   boost::weight_map(boost::get(boost::edge_weight, graph_))
                                       .distance_map(distance.data())
                                       .distance_inf(INFINITY));
    return distance;
  }
  /// From a site whose road is restricted.
  std::vector<double> from_private(int vertex) {
    std::vector<double> distance(boost::num_vertices(graph_));
    boost::dijkstra_shortest_paths(graph_, id({"at", vertex, 0, 1}),
                                   boost::weight_map(boost::get(boost::edge_weight, graph_))
                                       .distance_map(distance.data())
                                       .distance_inf(INFINITY));
    return distance;
  }
  int id(const State& state) {
    const auto [at, fresh] = ids_.try_emplace(state, 0);
    if (fresh) at->second = static_cast<int>(boost::add_vertex(graph_));
    return at->second;
  }

 private:
  void arc(const State& a, const State& b, double cost) {
    const int tail = id(a), head = id(b);
    boost::add_edge(tail, head, cost, graph_);
  }
  void drive(const World& world, const Line& line) {
    double length = 0;
    GeographicLib::Geodesic::WGS84().Inverse(
        world.vertices[line.a].lat_deg, world.vertices[line.a].lon_deg,
        world.vertices[line.b].lat_deg, world.vertices[line.b].lon_deg, length);
    const double km = length / 1000;
    for (int k = 0; k < kVehicleCount; ++k) {
      const Vehicle& vehicle = kVehicles[k];
      if (line.mode != vehicle.mode || (line.draught > 0 && vehicle.draught > line.draught))
        continue;
      const double cost =
          km * vehicle.rate + 0.05 * km / vehicle.speed + line.toll / vehicle.payload;
      for (const int part : line.restricted ? std::vector{1, 2} : std::vector{0}) {
        arc({"at", line.a, k, part}, {"at", line.b, k, part}, cost);
        if (!line.oneway) arc({"at", line.b, k, part}, {"at", line.a, k, part}, cost);
      }
    }
  }
  void stop(const World& world, int s) {
    const Stop& stop = world.stops[s];
    const auto serves = [&](int k) {
      for (const auto& mode : stop.modes)
        if (mode == kVehicles[k].mode) return true;
      return false;
    };
    for (int k = 0; k < kVehicleCount; ++k) {
      if (!serves(k) || (stop.draught > 0 && kVehicles[k].draught > stop.draught)) continue;
      const bool bound = lines_at(world, stop.at, kVehicles[k].mode) == 2;
      arc({"at", stop.at, k, bound ? 2 : 0}, {"in", s, k, 0}, 0);
      arc({bound ? "out" : "in", s, k, 0}, {"at", stop.at, k, bound ? 1 : 0}, 0);
      if (!bound) arc({"out", s, k, 0}, {"in", s, k, 0}, 0);
    }
    if ((class7_ && stop.class7 != "yes") || (stop.capacity > 0 && annual_ > stop.capacity)) return;
    for (int k = 0; k < kVehicleCount; ++k)
      for (int next = 0; next < kVehicleCount; ++next) {
        if (k == next || !serves(k) || !serves(next)) continue;
        const std::string pair = std::min<std::string>(kVehicles[k].mode, kVehicles[next].mode) +
                                 ">" +
                                 std::max<std::string>(kVehicles[k].mode, kVehicles[next].mode);
        double usd = 0, hours = 0;
        if (pair == "rail>road") usd = 6, hours = 12;
        if (pair == "road>sea") usd = 7, hours = 48;
        if (pair == "rail>sea") usd = 8, hours = 24;
        if (pair == "sea>sea") usd = 3, hours = 10;
        if (class7_) usd += 2, hours += 3;
        for (const char* side : {"in", "out"})
          arc({side, s, k, 0}, {"out", s, next, 0}, usd + 0.05 * hours + wait(next));
      }
  }

  bool class7_;
  double annual_;
  std::map<State, int> ids_;
  boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, boost::no_property,
                        boost::property<boost::edge_weight_t, double>>
      graph_;
};

TEST(RandomVehicles, ClassesPrivateLinesAndTerminalsAgree) {
  int compared = 0, unreachable = 0, ships = 0, big = 0, privately = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    World world = draw(seed);
    Terminals stops = sketch::terminals();
    for (auto& stop : world.stops)
      for (const char* mode : {"road", "rail", "sea"})
        // On a vertex with lines of both kinds it is open which edge a terminal is on.
        if (const int kinds = lines_at(world, stop.at, mode); kinds == 1 || kinds == 2)
          stop.modes.emplace_back(mode);
    std::erase_if(world.stops, [](const Stop& stop) { return stop.modes.size() < 2; });
    for (std::size_t s = 0; s < world.stops.size(); ++s) {
      const Stop& stop = world.stops[s];
      Terminal terminal = sketch::terminal("t" + std::to_string(s), world.vertices[stop.at].lon_deg,
                                           world.vertices[stop.at].lat_deg, stop.modes);
      if (stop.draught > 0) terminal.draught_m = stop.draught;
      if (stop.capacity > 0) terminal.capacity_t_per_year = stop.capacity;
      terminal.class7 = stop.class7;
      stops.list.push_back(terminal);
    }
    const Network net = network_of(world);
    const Tariff tariff = tariff_of();
    std::vector<int> usable;
    Places ends = sketch::places({});
    for (int v = 0; v < static_cast<int>(world.vertices.size()); ++v)
      if (const int kinds = lines_at(world, v, "road"); kinds == 1 || kinds == 2) {
        usable.push_back(v);
        ends.list.push_back(sketch::place("v" + std::to_string(v), world.vertices[v].lon_deg,
                                          world.vertices[v].lat_deg));
      }
    for (const auto& [thorium, annual] :
         {std::pair{0.0, std::nan("")}, std::pair{9000.0, 30000.0}, std::pair{0.0, 50000.0}}) {
      RouteOptions options;
      options.cargo = {thorium, 0.0, annual};
      options.search_from = seed % 2 == 0 ? SearchFrom::sites : SearchFrom::places;
      const auto table = route(net, tariff, stops, ends, ends, options);
      options.legs = false;
      const auto totals = route(net, tariff, stops, ends, ends, options);
      // A hierarchy stands on the network with every closure lifted.
      options.algorithm = Algorithm::cch;
      const auto ordered = route(net, tariff, stops, ends, ends, options);
      Oracle oracle(world, thorium > 0, std::isnan(annual) ? 0.0 : annual);
      std::vector<int> goals;
      for (const int v : usable)
        goals.push_back(oracle.id({"at", v, 0, lines_at(world, v, "road") == 2 ? 2 : 0}));
      std::vector<std::vector<double>> distances;
      for (const int v : usable)
        distances.push_back(lines_at(world, v, "road") == 2 ? oracle.from_private(v)
                                                            : oracle.from(v));
      for (std::size_t r = 0; r < table.rows.size(); ++r) {
        const RouteRow& row = table.rows[r];
        if (row.from == row.to) continue;
        const double expected = distances[row.from][goals[row.to]];
        if (std::isinf(expected)) {
          EXPECT_FALSE(row.reachable()) << seed << " " << ends.list[row.from].id << " "
                                        << ends.list[row.to].id << " " << row.cost_usd_per_t;
          EXPECT_FALSE(row.words.empty());
          EXPECT_FALSE(ordered.rows[r].reachable());
          ++unreachable;
          continue;
        }
        ASSERT_TRUE(row.reachable()) << seed << " " << row.words;
        EXPECT_NEAR(row.cost_usd_per_t, expected, 1e-9 * (1.0 + expected))
            << seed << " " << ends.list[row.from].id << " " << ends.list[row.to].id;
        EXPECT_NEAR(totals.rows[r].cost_usd_per_t, expected, 1e-9 * (1.0 + expected));
        EXPECT_NEAR(ordered.rows[r].cost_usd_per_t, expected, 1e-9 * (1.0 + expected));
        double sum = 0, stock = 0, hours = 0;
        for (const auto& leg : row.legs) {
          sum +=
              leg.freight_usd_per_t + leg.toll_usd_per_t + leg.time_usd_per_t + leg.stock_usd_per_t;
          stock += leg.stock_usd_per_t - 0.05 * leg.wait_h;
          hours += leg.hours;
          ships += leg.mode == "sea" ? 1 : 0;
          big += leg.vehicle == "big" && leg.mode == "sea" ? 1 : 0;
        }
        EXPECT_NEAR(sum, expected, 1e-9 * (1.0 + expected));
        EXPECT_NEAR(stock, 0.0, 1e-9);
        EXPECT_EQ(hours, row.hours);
        ++compared;
        privately += lines_at(world, usable[row.from], "road") == 2 ? 1 : 0;
      }
    }
  }
  // All kinds of cases were met.
  EXPECT_GT(compared, 2000);
  EXPECT_GT(unreachable, 500);
  EXPECT_GT(big, 50);
  EXPECT_GT(ships - big, 50);
  EXPECT_GT(privately, 100);
}

}  // namespace
