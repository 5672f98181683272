// Routes on random networks against an oracle that knows neither our graph nor our lengths: states
// (vertex, mode), lengths by GeographicLib, Bellman-Ford until nothing changes.
#include <gtest/gtest.h>

#include <GeographicLib/Geodesic.hpp>
#include <cmath>
#include <map>

#include "libgeo/core/random.h"
#include "libgeo/logistics/freight.h"
#include "tests/logistics/sketch.h"

namespace {

using namespace lode;

struct Line {
  int a = 0, b = 0;
  std::string mode;
  int oneway = 0;  // 1 forward, -1 backward
  double speed = 0, toll = 0, limit = 0;
  int closed_month = 0;
  std::string country;
};

struct World {
  std::vector<LonLat> vertices;
  std::vector<Line> lines;
  std::vector<int> terminals;
};

World draw(std::uint64_t seed) {
  World world;
  std::uint64_t n = 0;
  const Random random{seed, 42};
  const auto u = [&] { return random.uniform(n++); };
  const int count = 30;
  for (int i = 0; i < count; ++i)
    world.vertices.push_back({std::round(u() * 1e4) / 1e3, std::round(u() * 1e4) / 1e3});
  for (int i = 0; i < 75; ++i) {
    Line line;
    line.a = static_cast<int>(u() * count);
    line.b = static_cast<int>(u() * count);
    line.mode = u() < 0.6 ? "road" : u() < 0.7 ? "rail" : "sea";
    line.oneway = u() < 0.7 ? 0 : u() < 0.5 ? 1 : -1;
    line.speed = u() < 0.5 ? 0.0 : 20.0 + std::floor(80.0 * u());
    line.toll = u() < 0.8 ? 0.0 : std::floor(10.0 * u());
    line.limit = u() < 0.7 ? 0.0 : 40.0;
    line.closed_month = u() < 0.8 ? 0 : 7;
    line.country = u() < 0.5 ? "USA" : "CAN";
    if (line.a != line.b) world.lines.push_back(line);
  }
  for (int i = 0; i < 8; ++i) world.terminals.push_back(static_cast<int>(u() * count));
  return world;
}

Network network_of(const World& world) {
  std::vector<LineLayer> layers;
  for (const char* mode : {"road", "rail", "sea"}) {
    LineLayer layer = sketch::layer(mode, {});
    std::vector<std::string> oneway, country, months;
    std::vector<double> speed, toll, limit;
    for (const auto& line : world.lines) {
      if (line.mode != mode) continue;
      const LonLat a = world.vertices[line.a], b = world.vertices[line.b];
      layer.geometry.push_back(sketch::line({{a.lon_deg, a.lat_deg}, {b.lon_deg, b.lat_deg}}));
      oneway.push_back(line.oneway == 0 ? "no" : line.oneway > 0 ? "yes" : "-1");
      country.push_back(line.country);
      months.push_back(line.closed_month == 0 ? "" : std::to_string(line.closed_month));
      speed.push_back(line.speed == 0.0 ? std::nan("") : line.speed);
      toll.push_back(line.toll);
      limit.push_back(line.limit == 0.0 ? std::nan("") : line.limit);
    }
    if (layer.geometry.empty()) continue;
    layer.table.add(text_column("oneway", oneway));
    layer.table.add(text_column("country", country));
    layer.table.add(text_column("months_closed", months));
    layer.table.add(number_column("speed_kmh", speed));
    layer.table.add(number_column("toll_usd", toll));
    layer.table.add(number_column("max_weight_t", limit));
    layers.push_back(layer);
  }
  return build_network(layers);
}

// The figures of sketch::tariff_text.
double rate_of(const std::string& mode) {
  return mode == "road" ? 0.10 : mode == "rail" ? 0.03 : 0.005;
}
double speed_of(const std::string& mode) {
  return mode == "road" ? 50 : mode == "rail" ? 40 : 25;
}

struct Oracle {
  using State = std::tuple<int, std::string, std::string>;  // vertex, mode, country
  std::map<State, double> best;

  Oracle(const World& world, int from, int month, double mass) {
    const auto& geodesic = GeographicLib::Geodesic::WGS84();
    // A site on a vertex is on the edge found first there; it may take any road edge of the node of
    // that edge's country. So sites are given one country's roads: see usable().
    for (const char* country : {"USA", "CAN"}) best[{from, "road", country}] = 0.0;
    bool changed = true;
    const auto relax = [&](const State& state, double cost) {
      const auto [it, fresh] = best.try_emplace(state, cost);
      if (fresh || cost < it->second - 1e-12) {
        it->second = cost;
        changed = true;
      }
    };
    while (changed) {
      changed = false;
      for (const auto& line : world.lines) {
        if (line.closed_month == month || (line.limit > 0 && mass > line.limit)) continue;
        double length = 0;
        geodesic.Inverse(world.vertices[line.a].lat_deg, world.vertices[line.a].lon_deg,
                         world.vertices[line.b].lat_deg, world.vertices[line.b].lon_deg, length);
        const double km = length / 1000, speed = line.speed > 0 ? line.speed : speed_of(line.mode);
        const double cost = km * rate_of(line.mode) + 0.5 * km / speed + line.toll;
        for (const auto& [a, b, way] :
             {std::tuple{line.a, line.b, 1}, std::tuple{line.b, line.a, -1}}) {
          if (line.oneway == -way) continue;
          if (const auto it = best.find({a, line.mode, line.country}); it != best.end())
            relax({b, line.mode, line.country}, it->second + cost);
        }
      }
      const auto known = best;
      for (const auto& [state, cost] : known) {
        const auto& [vertex, mode, country] = state;
        // Borders: 2 USD/t and 4 h at 0.5 USD/t/h, where lines of both countries meet.
        const std::string other = country == "USA" ? "CAN" : "USA";
        if (meets(world, vertex, mode, country) && meets(world, vertex, mode, other))
          relax({vertex, mode, other}, cost + 2.0 + 0.5 * 4.0);
      }
    }
  }
  static bool meets(const World& world, int vertex, const std::string& mode,
                    const std::string& country) {
    for (const auto& line : world.lines)
      if (line.mode == mode && line.country == country && (line.a == vertex || line.b == vertex))
        return true;
    return false;
  }
};

TEST(RandomFreight, RoadsWithBordersClosuresAndTollsAgree) {
  int compared = 0, unreachable = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    World world = draw(seed);
    const Network net = network_of(world);
    const Tariff tariff = sketch::tariff();
    for (const auto& [month, mass] : {std::pair{1, 30.0}, std::pair{7, 44.0}}) {
      RouteOptions options;
      options.month = month;
      options.vehicle_mass_t = mass;
      options.search_from = seed % 2 == 0 ? SearchFrom::sites : SearchFrom::places;
      // Only vertices whose roads are of one country: there the site's node is not in doubt.
      std::vector<int> usable;
      for (int v = 0; v < static_cast<int>(world.vertices.size()); ++v)
        if (Oracle::meets(world, v, "road", "USA") != Oracle::meets(world, v, "road", "CAN"))
          usable.push_back(v);
      Places ends = sketch::places({});
      for (const int v : usable)
        ends.list.push_back(sketch::place("v" + std::to_string(v), world.vertices[v].lon_deg,
                                          world.vertices[v].lat_deg));
      if (usable.size() < 2) continue;
      const auto table = route(net, tariff, sketch::terminals(), ends, ends, options);
      std::vector<Oracle> oracles;
      for (const int v : usable) oracles.emplace_back(world, v, month, mass);
      for (const auto& row : table.rows) {
        const Oracle& oracle = oracles[row.from];
        const int to = usable[row.to];
        double expected = INFINITY;
        for (const char* country : {"USA", "CAN"})
          if (Oracle::meets(world, to, "road", country))
            if (const auto it = oracle.best.find({to, "road", country}); it != oracle.best.end())
              expected = std::min(expected, it->second);
        if (std::isinf(expected)) {
          EXPECT_FALSE(row.reachable()) << seed << " " << row.from << " " << row.to;
          ++unreachable;
        } else {
          ASSERT_TRUE(row.reachable()) << seed << " " << row.words;
          EXPECT_NEAR(row.cost_usd_per_t, expected, 1e-9 * (1.0 + expected));
          ++compared;
        }
      }
    }
  }
  EXPECT_GT(compared, 500);
  EXPECT_GT(unreachable, 50);
}

TEST(RandomFreight, ModesWithTerminalsAgree) {
  int compared = 0, multimodal = 0;
  for (std::uint64_t seed = 101; seed <= 130; ++seed) {
    World world = draw(seed);
    for (auto& line : world.lines) {
      line.country = "USA";
      line.limit = line.closed_month = 0;
    }
    const Network net = network_of(world);
    const Tariff tariff = sketch::tariff();
    Terminals stops = sketch::terminals();
    std::vector<std::pair<int, std::vector<std::string>>> docks;
    for (const int v : world.terminals) {
      std::vector<std::string> modes;
      for (const char* mode : {"road", "rail", "sea"})
        if (Oracle::meets(world, v, mode, "USA")) modes.emplace_back(mode);
      if (modes.size() < 2) continue;
      stops.list.push_back(sketch::terminal("t" + std::to_string(v), world.vertices[v].lon_deg,
                                            world.vertices[v].lat_deg, modes));
      docks.emplace_back(v, modes);
    }
    Places ends = sketch::places({});
    std::vector<int> usable;
    for (int v = 0; v < static_cast<int>(world.vertices.size()); ++v)
      if (Oracle::meets(world, v, "road", "USA")) {
        usable.push_back(v);
        ends.list.push_back(sketch::place("v" + std::to_string(v), world.vertices[v].lon_deg,
                                          world.vertices[v].lat_deg));
      }
    const auto table = route(net, tariff, stops, ends, ends);
    // Floyd-Warshall over (vertex, mode).
    const auto& geodesic = GeographicLib::Geodesic::WGS84();
    const std::vector<std::string> modes = {"road", "rail", "sea"};
    const std::size_t count = world.vertices.size(), states = 3 * count;
    std::vector<double> d(states * states, INFINITY);
    const auto at = [&](int v, const std::string& mode) {
      return static_cast<std::size_t>(std::find(modes.begin(), modes.end(), mode) - modes.begin()) *
                 count +
             static_cast<std::size_t>(v);
    };
    for (std::size_t s = 0; s < states; ++s) d[s * states + s] = 0.0;
    for (const auto& line : world.lines) {
      double length = 0;
      geodesic.Inverse(world.vertices[line.a].lat_deg, world.vertices[line.a].lon_deg,
                       world.vertices[line.b].lat_deg, world.vertices[line.b].lon_deg, length);
      const double km = length / 1000, speed = line.speed > 0 ? line.speed : speed_of(line.mode);
      const double cost = km * rate_of(line.mode) + 0.5 * km / speed + line.toll;
      auto& on = d[at(line.a, line.mode) * states + at(line.b, line.mode)];
      auto& back = d[at(line.b, line.mode) * states + at(line.a, line.mode)];
      if (line.oneway >= 0) on = std::min(on, cost);
      if (line.oneway <= 0) back = std::min(back, cost);
    }
    // road>rail 6 USD and 12 h, road>sea 7 USD and 48 h; rail>sea is not in the tariff.
    for (const auto& [v, served] : docks)
      for (const auto& a : served)
        for (const auto& b : served) {
          const bool rail = (a == "road" && b == "rail") || (a == "rail" && b == "road");
          const bool sea = (a == "road" && b == "sea") || (a == "sea" && b == "road");
          if (!rail && !sea) continue;
          auto& cost = d[at(v, a) * states + at(v, b)];
          cost = std::min(cost, rail ? 6.0 + 0.5 * 12 : 7.0 + 0.5 * 48);
        }
    for (std::size_t k = 0; k < states; ++k)
      for (std::size_t i = 0; i < states; ++i)
        for (std::size_t j = 0; j < states; ++j)
          d[i * states + j] = std::min(d[i * states + j], d[i * states + k] + d[k * states + j]);
    for (const auto& row : table.rows) {
      const double expected = d[at(usable[row.from], "road") * states + at(usable[row.to], "road")];
      if (std::isinf(expected)) {
        EXPECT_FALSE(row.reachable());
        EXPECT_EQ(row.reason, Unreachable::component);
        continue;
      }
      ASSERT_TRUE(row.reachable()) << seed << " " << row.words;
      EXPECT_NEAR(row.cost_usd_per_t, expected, 1e-9 * (1.0 + expected));
      ++compared;
      for (const auto& leg : row.legs) multimodal += leg.mode == "transfer" ? 1 : 0;
    }
  }
  EXPECT_GT(compared, 5000);
  EXPECT_GT(multimodal, 50);
}

}  // namespace
