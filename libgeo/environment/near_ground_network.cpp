// Nodes by the bits of their places; tiles in bands of latitude, as wide as they are high.
#include "libgeo/environment/near_ground_network.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <numeric>
#include <unordered_map>

#include "libgeo/environment/near_ground_cuts.h"
#include "libgeo/geometry/wrap.h"

namespace lode {
namespace {

constexpr double kMetresPerDegree = 110500.0;  ///< the shortest degree of latitude
constexpr double kDegree = std::numbers::pi / 180.0;

struct PlaceHash {
  std::size_t operator()(const Point& p) const {
    std::uint64_t h = std::bit_cast<std::uint64_t>(p.x) * 0x9e3779b97f4a7c15ull;
    h ^= (h >> 29) ^ (std::bit_cast<std::uint64_t>(p.y) * 0xbf58476d1ce4e5b9ull);
    return static_cast<std::size_t>(h ^ (h >> 32));
  }
};

class Builder {
 public:
  Builder(const NearFigure& figure, std::size_t vertices) : figure_(figure) {
    known_.reserve(vertices);
    out.nodes.reserve(vertices);
    out.edges.reserve(vertices);
  }

  void place(Point p) {
    const std::uint32_t node = node_of(p);
    lone_.push_back(node);
  }
  void line(const Path& path) {
    if (path.empty()) return;
    const std::uint32_t first = node_of(path.front());
    std::uint32_t before = first;
    bool any = false;
    for (std::size_t i = 1; i < path.size(); ++i) {
      const std::uint32_t node = node_of(path[i]);
      if (node == before) continue;
      out.edges.push_back({before, node});
      any = true;
      before = node;
    }
    if (!any) lone_.push_back(first);
  }
  /// False when its inside cannot be told.
  bool ring(Path path, bool shell) {
    double twice = 0.0, mean = 0.0;
    for (std::size_t i = 1; i < path.size(); ++i) {
      if (!figure_.planar) path[i].x = longitude_near(path[i].x, path[i - 1].x);
      twice += (path[i - 1].x - path[0].x) * (path[i].y - path[0].y) -
               (path[i].x - path[0].x) * (path[i - 1].y - path[0].y);
      mean += path[i].y;
    }
    const double turn = path.empty() ? 0.0 : path.back().x - path.front().x;
    bool left = (twice > 0.0) == shell;
    if (!figure_.planar && std::abs(turn) > 180.0) {
      if (!shell) return false;
      left = (turn > 0.0) == (mean > 0.0);
    }
    if (!left) std::reverse(path.begin(), path.end());
    line(path);
    return true;
  }

  void finish() {
    // A lone place on a line's vertex adds nothing.
    std::vector<bool> used(out.nodes.size(), false);
    for (const auto& edge : out.edges) used[edge.from] = used[edge.to] = true;
    for (const std::uint32_t node : lone_)
      if (!used[node]) {
        out.edges.push_back({node, node});
        used[node] = true;
      }
    for (const auto& edge : out.edges) {
      double square = 0.0;
      for (int k = 0; k < 3; ++k) {
        const double gap = out.xyz[edge.to][k] - out.xyz[edge.from][k];
        square += gap * gap;
      }
      out.longest_m = std::max(out.longest_m, 1.001 * std::sqrt(square));
    }
    out.first_spoke.assign(out.nodes.size() + 1, 0);
    for (const auto& edge : out.edges)
      if (edge.from != edge.to) ++out.first_spoke[edge.from + 1], ++out.first_spoke[edge.to + 1];
    std::partial_sum(out.first_spoke.begin(), out.first_spoke.end(), out.first_spoke.begin());
    out.spokes.resize(out.first_spoke.back());
    std::vector<std::uint32_t> at(out.first_spoke.begin(), out.first_spoke.end() - 1);
    for (std::uint32_t e = 0; e < out.edges.size(); ++e) {
      const auto [from, to] = out.edges[e];
      if (from == to) continue;
      out.spokes[at[from]++] = {e, true};
      out.spokes[at[to]++] = {e, false};
    }
    for (std::size_t n = 0; n < out.nodes.size(); ++n)
      for (std::uint32_t s = out.first_spoke[n]; s + 1 < out.first_spoke[n + 1]; ++s)
        out.unite(out.spokes[s].edge, out.spokes[s + 1].edge);
  }

  /// Removes edges drawn twice, keeping the first; returns how many there were.
  std::size_t drop_twins() {
    std::vector<std::pair<std::uint64_t, std::uint32_t>> keys;
    keys.reserve(out.edges.size());
    for (std::uint32_t e = 0; e < out.edges.size(); ++e) {
      const auto [low, high] = std::minmax(out.edges[e].from, out.edges[e].to);
      keys.push_back({static_cast<std::uint64_t>(low) << 32 | high, e});
    }
    std::sort(keys.begin(), keys.end());
    std::vector<bool> drop(out.edges.size(), false);
    std::size_t count = 0;
    for (std::size_t i = 1; i < keys.size(); ++i)
      if (keys[i].first == keys[i - 1].first) drop[keys[i].second] = true, ++count;
    if (count == 0) return 0;
    std::size_t kept = 0;
    for (std::size_t e = 0; e < out.edges.size(); ++e)
      if (!drop[e]) out.edges[kept++] = out.edges[e];
    out.edges.resize(kept);
    return count;
  }

  NearNetwork out;

 private:
  std::uint32_t node_of(Point p) {
    if (!figure_.planar) {
      p.x = longitude_near(p.x, 0.0);
      if (p.x == 180.0) p.x = -180.0;
      if (std::abs(p.y) == 90.0) p.x = 0.0;
    }
    p.x += 0.0, p.y += 0.0;  // no negative zeros
    const auto [at, fresh] = known_.try_emplace(p, static_cast<std::uint32_t>(out.nodes.size()));
    if (fresh) {
      out.nodes.push_back(p);
      out.xyz.push_back(figure_.xyz(p));
    }
    return at->second;
  }

  const NearFigure& figure_;
  std::unordered_map<Point, std::uint32_t, PlaceHash> known_;
  std::vector<std::uint32_t> lone_;
};

}  // namespace

std::uint32_t NearNetwork::root(std::uint32_t i) {
  while (body[i] != i) i = body[i] = body[body[i]];
  return i;
}

void NearNetwork::unite(std::uint32_t a, std::uint32_t b) {
  a = root(a), b = root(b);
  if (a != b) body[std::max(a, b)] = std::min(a, b);
}

std::optional<NearNetwork> network_of(const Geometry& geometry, const NearFigure& figure) {
  std::size_t vertices = geometry.points.size();
  for (const Path& line : geometry.lines) vertices += line.size();
  for (const Polygon& polygon : geometry.polygons) vertices += polygon.shell.size();
  Builder builder(figure, vertices);
  for (const Point& p : geometry.points) builder.place(p);
  for (const Path& line : geometry.lines) builder.line(line);
  std::vector<std::size_t> ends;
  for (const Polygon& polygon : geometry.polygons) {
    if (!builder.ring(polygon.shell, true)) return std::nullopt;
    for (const Path& hole : polygon.holes)
      if (!builder.ring(hole, false)) return std::nullopt;
    ends.push_back(builder.out.edges.size());
  }
  if (builder.drop_twins() > 0 && !geometry.polygons.empty()) return std::nullopt;
  if (3 * builder.out.edges.size() + builder.out.nodes.size() > kNoCurve / 2) return std::nullopt;
  const std::size_t drawn = builder.out.edges.size();
  builder.out.body.resize(drawn + vertices);
  std::iota(builder.out.body.begin(), builder.out.body.end(), 0u);
  builder.finish();
  builder.out.body.resize(builder.out.edges.size());
  std::size_t begin = 0;
  for (const std::size_t end : ends) {
    for (std::size_t e = begin + 1; e < end; ++e)
      builder.out.unite(static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(e));
    begin = end;
  }
  return std::move(builder.out);
}

NearTiles::NearTiles(const NearNetwork& network, bool planar, double size_m)
    : planar_(planar), size_(planar ? size_m : size_m / kMetresPerDegree) {
  const auto sorted = [&](std::size_t count, auto place, std::vector<std::uint32_t>& order) {
    std::vector<std::pair<Key, std::uint32_t>> keyed(count);
    for (std::uint32_t i = 0; i < count; ++i) keyed[i] = {key_of(place(i)), i};
    std::sort(keyed.begin(), keyed.end());
    order.resize(count);
    for (std::size_t i = 0; i < count; ++i) order[i] = keyed[i].second;
    return keyed;
  };
  const auto edges = sorted(
      network.edges.size(), [&](std::uint32_t e) { return network.nodes[network.edges[e].from]; },
      edge_order_);
  const auto nodes = sorted(
      network.nodes.size(), [&](std::uint32_t n) { return network.nodes[n]; }, node_order_);
  std::uint32_t e = 0;
  for (std::uint32_t n = 0; n < nodes.size();) {
    // Every edge begins at a node, so the nodes' tiles are all there are.
    Tile tile;
    tile.band = nodes[n].first.first, tile.column = nodes[n].first.second;
    tile.first_node = n, tile.first_edge = e;
    while (n < nodes.size() && nodes[n].first == Key{tile.band, tile.column}) ++n;
    while (e < edges.size() && edges[e].first == Key{tile.band, tile.column}) ++e;
    tile.nodes = n - tile.first_node, tile.edges = e - tile.first_edge;
    tiles_.push_back(tile);
  }
}

std::int64_t NearTiles::columns(std::int64_t band) const {
  const double south = -90.0 + size_ * static_cast<double>(band);
  const double north = south + size_;
  const double widest = south <= 0.0 && north >= 0.0
                            ? 1.0
                            : std::cos(std::min(std::abs(south), std::abs(north)) * kDegree);
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(360.0 * widest / size_));
}

NearTiles::Key NearTiles::key_of(Point p) const {
  if (planar_)
    return {static_cast<std::int64_t>(std::floor(p.y / size_)),
            static_cast<std::int64_t>(std::floor(p.x / size_))};
  const auto band = static_cast<std::int64_t>(std::floor((p.y + 90.0) / size_));
  const std::int64_t count = columns(band);
  const double width = 360.0 / static_cast<double>(count);
  return {band, std::clamp<std::int64_t>(
                    static_cast<std::int64_t>(std::floor((p.x + 180.0) / width)), 0, count - 1)};
}

Point NearTiles::centre(const Tile& tile) const {
  const double row = static_cast<double>(tile.band) + 0.5;
  const double column = static_cast<double>(tile.column) + 0.5;
  if (planar_) return {size_ * column, size_ * row};
  return {-180.0 + 360.0 / static_cast<double>(columns(tile.band)) * column,
          std::min(90.0, -90.0 + size_ * row)};
}

void NearTiles::find(std::int64_t band, std::int64_t low, std::int64_t high,
                     std::vector<std::uint32_t>& out) const {
  auto at = std::lower_bound(tiles_.begin(), tiles_.end(), Key{band, low},
                             [](const Tile& t, const Key& key) {
                               return Key{t.band, t.column} < key;
                             });
  for (; at != tiles_.end() && at->band == band && at->column <= high; ++at)
    out.push_back(static_cast<std::uint32_t>(at - tiles_.begin()));
}

std::vector<std::uint32_t> NearTiles::near(const Tile& tile, double distance_m) const {
  std::vector<std::uint32_t> out;
  const double reach = planar_ ? distance_m : distance_m / kMetresPerDegree;
  const auto more = static_cast<std::int64_t>(std::ceil(reach / size_));
  for (std::int64_t band = tile.band - more; band <= tile.band + more; ++band) {
    if (planar_) {
      find(band, tile.column - more, tile.column + more, out);
      continue;
    }
    const double south = -90.0 + size_ * static_cast<double>(std::min(band, tile.band));
    const double north = -90.0 + size_ * static_cast<double>(std::max(band, tile.band) + 1);
    const double lat = std::min(90.0, std::max(std::abs(south), std::abs(north)) + reach);
    const double east = 1.05 * reach / std::max(1e-9, std::cos(lat * kDegree));
    const double own = 360.0 / static_cast<double>(columns(tile.band));
    const std::int64_t count = columns(band);
    const double width = 360.0 / static_cast<double>(count);
    const auto low = static_cast<std::int64_t>(
        std::floor((own * static_cast<double>(tile.column) - east) / width));
    const auto high = static_cast<std::int64_t>(
        std::floor((own * static_cast<double>(tile.column + 1) + east) / width));
    if (east >= 180.0 || high - low + 1 >= count) {
      find(band, 0, count - 1, out);
    } else if (low < 0) {
      find(band, 0, high, out);
      find(band, low + count, count - 1, out);
    } else if (high >= count) {
      find(band, 0, high - count, out);
      find(band, low, count - 1, out);
    } else {
      find(band, low, high, out);
    }
  }
  return out;
}

}  // namespace lode
