// Nodes and edges of a geometry, and the tiles they lie in.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "libgeo/environment/near_ground_frame.h"
#include "libgeo/geometry/geometry.h"

namespace lode {

/// Vertices of one place are one node, edges drawn twice one edge. Rings of polygons run with
/// their inside on the left.
struct NearNetwork {
  struct Edge {
    std::uint32_t from = 0, to = 0;
  };
  struct Spoke {
    std::uint32_t edge = 0;
    bool outgoing = true;
  };
  std::vector<Point> nodes;  ///< degrees within -180..180, or metres
  std::vector<EarthXyz> xyz;
  std::vector<Edge> edges;                 ///< a lone place is an edge from a node to itself
  std::vector<std::uint32_t> first_spoke;  ///< of each node; size nodes + 1
  std::vector<Spoke> spokes;
  std::vector<std::uint32_t> body;  ///< edges of one polygon or one line have one; root of edges
  double longest_m = 0.0;           ///< at least as long as any edge

  void unite(std::uint32_t a, std::uint32_t b);
  [[nodiscard]] std::uint32_t root(std::uint32_t edge);
};

/// Empty for polygons that share an edge or have a hole around a pole.
[[nodiscard]] std::optional<NearNetwork> network_of(const Geometry& geometry,
                                                    const NearFigure& figure);

/// Tiles of about one size, those that hold something, in order of latitude and longitude.
class NearTiles {
 public:
  NearTiles(const NearNetwork& network, bool planar, double size_m);
  struct Tile {
    std::int64_t band = 0, column = 0;
    std::uint32_t first_edge = 0, edges = 0;  ///< entries of `edge_order`
    std::uint32_t first_node = 0, nodes = 0;  ///< entries of `node_order`
  };
  [[nodiscard]] const std::vector<Tile>& tiles() const { return tiles_; }
  [[nodiscard]] const std::vector<std::uint32_t>& edge_order() const { return edge_order_; }
  [[nodiscard]] const std::vector<std::uint32_t>& node_order() const { return node_order_; }
  [[nodiscard]] Point centre(const Tile& tile) const;
  /// Tiles (their places in `tiles`) that hold anything within a distance of this one.
  [[nodiscard]] std::vector<std::uint32_t> near(const Tile& tile, double distance_m) const;

 private:
  using Key = std::pair<std::int64_t, std::int64_t>;
  [[nodiscard]] Key key_of(Point p) const;
  [[nodiscard]] std::int64_t columns(std::int64_t band) const;
  void find(std::int64_t band, std::int64_t low, std::int64_t high,
            std::vector<std::uint32_t>& out) const;
  bool planar_;
  double size_;  ///< degrees of latitude, or metres
  std::vector<Tile> tiles_;
  std::vector<std::uint32_t> edge_order_, node_order_;
};

}  // namespace lode
