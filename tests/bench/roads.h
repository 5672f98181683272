// A made-up network of roads with the shape of a real one: 1.34 edges a node, all in one piece.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include "libgeo/core/random.h"
#include "libgeo/crs/geodesic.h"
#include "libgeo/geometry/geometry.h"
#include "libgeo/io/writers.h"

namespace lode::bench {

struct Road {
  std::uint32_t a = 0, b = 0;
};

/// Crossings on a shaken grid; a random tree spans them, and other streets of the grid are added
/// until there are 1.34 a crossing.
struct Roads {
  std::uint32_t side = 0;
  std::vector<LonLat> at;
  std::vector<Road> roads;
};

/// Uniform numbers one after another.
class Draws {
 public:
  explicit Draws(std::uint64_t stream) : random_{7, stream} {}
  double operator()() { return random_.uniform(next_++); }

 private:
  Random random_;
  std::uint64_t next_ = 0;
};

inline Roads make_roads(std::uint32_t side) {
  Roads made;
  made.side = side;
  Draws draw(7);
  constexpr double kStep = 0.01;
  for (std::uint32_t y = 0; y < side; ++y)
    for (std::uint32_t x = 0; x < side; ++x)
      made.at.push_back({-105.0 + kStep * (x + 0.6 * draw()), 38.0 + kStep * (y + 0.6 * draw())});
  std::vector<Road> all;
  for (std::uint32_t y = 0; y < side; ++y)
    for (std::uint32_t x = 0; x < side; ++x) {
      if (x + 1 < side) all.push_back({y * side + x, y * side + x + 1});
      if (y + 1 < side) all.push_back({y * side + x, y * side + x + side});
    }
  for (std::size_t i = all.size() - 1; i > 0; --i)
    std::swap(all[i], all[static_cast<std::size_t>(draw() * static_cast<double>(i + 1))]);
  std::vector<std::uint32_t> parent(made.at.size());
  std::iota(parent.begin(), parent.end(), 0U);
  const auto root = [&](std::uint32_t i) {
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
  };
  std::vector<Road> others;
  for (const auto& road : all) {
    const std::uint32_t a = root(road.a), b = root(road.b);
    if (a == b) {
      others.push_back(road);
    } else {
      parent[std::max(a, b)] = std::min(a, b);
      made.roads.push_back(road);
    }
  }
  others.resize(std::min(others.size(), made.at.size() * 34 / 100));
  made.roads.insert(made.roads.end(), others.begin(), others.end());
  return made;
}

/// One line a road, with none to two bends.
inline std::vector<Geometry> road_lines(const Roads& roads) {
  Draws draw(8);
  std::vector<Geometry> lines;
  lines.reserve(roads.roads.size());
  for (const auto& road : roads.roads) {
    const LonLat a = roads.at[road.a], b = roads.at[road.b];
    Geometry line;
    line.kind = GeometryKind::line;
    line.lines.push_back({{a.lon_deg, a.lat_deg}});
    const int bends = static_cast<int>(draw() * 3.0);
    for (int k = 1; k <= bends; ++k) {
      const double t = static_cast<double>(k) / (bends + 1);
      line.lines[0].push_back({a.lon_deg + t * (b.lon_deg - a.lon_deg) + 5e-4 * (draw() - 0.5),
                               a.lat_deg + t * (b.lat_deg - a.lat_deg) + 5e-4 * (draw() - 0.5)});
    }
    line.lines[0].push_back({b.lon_deg, b.lat_deg});
    lines.push_back(std::move(line));
  }
  return lines;
}

inline OutputLayer road_layer(const Roads& roads, bool columns) {
  OutputLayer layer;
  layer.name = "roads";
  layer.crs = wgs84();
  layer.geometry = road_lines(roads);
  Draws draw(9);
  std::vector<double> ids, speeds;
  std::vector<std::string> surfaces;
  for (std::size_t i = 0; i < layer.geometry.size(); ++i) {
    ids.push_back(static_cast<double>(i));
    speeds.push_back(draw() < 0.2 ? 80.0 : 50.0);
    surfaces.emplace_back(draw() < 0.3 ? "gravel" : "asphalt");
  }
  layer.table.add(number_column("id", std::move(ids)));
  if (columns) {
    layer.table.add(number_column("speed_kmh", std::move(speeds)));
    layer.table.add(text_column("surface", std::move(surfaces)));
  }
  return layer;
}

}  // namespace lode::bench
