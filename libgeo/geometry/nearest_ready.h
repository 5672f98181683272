// What a geometry made ready for distances consists of: pieces of edges in space, in a tree.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "libgeo/geometry/earth.h"
#include "libgeo/geometry/measure.h"

namespace lode {

/// A place in space: geocentric metres, or planar metres with z = 0 in local: grids.
struct Space {
  double x = 0.0, y = 0.0, z = 0.0;
  friend Space operator+(Space a, Space b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
  friend Space operator-(Space a, Space b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
  friend Space operator*(double k, Space a) { return {k * a.x, k * a.y, k * a.z}; }
};
inline double dot(Space a, Space b) {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}
inline double norm(Space a) {
  return std::sqrt(dot(a, a));
}

struct SpaceBox {
  Space low{1e308, 1e308, 1e308};
  Space high{-1e308, -1e308, -1e308};
  void add(Space p);
  void add(const SpaceBox& other);
};
[[nodiscard]] double distance(const SpaceBox& a, const SpaceBox& b);

/// Part of an edge between the shares `from` and `to` of it; the curve keeps within `gap` metres
/// of the chord a-b. A single point is an edge without length.
struct Piece {
  Space a, b;
  double from = 0.0, to = 1.0;
  double gap = 0.0;
  std::uint32_t edge = 0;
};

struct EdgeEnds {
  Point a, b;           ///< in the CRS
  LonLat a_deg, b_deg;  ///< unused in local: grids
};

struct NearestReady::Impl {
  struct Node {
    SpaceBox box;
    double gap = 0.0;
    std::uint32_t first = 0, count = 0;  ///< pieces of a leaf (level 0), else nodes a level below
  };

  Impl(const Geometry& geometry, const Crs& crs, Edges edges);

  struct At {
    std::uint32_t edge = 0;
    double share = 0.0;
    LonLat degrees;
    Space space;
  };
  /// An edge to be walked along: a geodesic's azimuth and length are found once.
  struct Walk {
    std::uint32_t edge = 0;
    Inverse way;
  };
  [[nodiscard]] Walk walk(std::uint32_t edge) const;
  /// The place at a share of an edge.
  [[nodiscard]] At at(const Walk& walk, double share) const;
  /// The same in the CRS; longitude stays on the turn its edge is on (it may pass 180).
  [[nodiscard]] Point place_of(const At& at) const;
  [[nodiscard]] Space to_space(LonLat degrees) const;
  /// Inside a polygon (or on its boundary, as far as rounding tells).
  [[nodiscard]] bool holds(Point place, LonLat degrees) const;

  Crs crs;
  Edges edges = Edges::geodesic;
  bool planar = false;
  Geodesic geodesic;
  Geometry geometry;                                    ///< polygons for `holds`
  std::vector<std::vector<std::vector<LonLat>>> rings;  ///< by polygon: shell, holes; degrees
  std::vector<Box> ring_boxes;                          ///< by polygon, degrees, bulges included
  std::vector<EdgeEnds> ends;
  std::vector<Piece> pieces;
  std::vector<std::vector<Node>> levels;  ///< leaves first; the last has one node
  /// First vertex of every part: what must lie inside another polygon if the part does.
  std::vector<std::pair<Point, LonLat>> firsts;

 private:
  void add_points(const std::vector<Point>& points);
  void add_path(const Path& path);
  void add_geodesic(std::uint32_t edge, Space a, Space b);
  void add_straight(std::uint32_t edge, const Piece& piece, int depth);
  void build_tree();
  double e2_ = 0.0;
};

/// True when a place lies inside rings with geodesic edges.
[[nodiscard]] bool inside_geodesic_ring(const std::vector<LonLat>& ring, LonLat place,
                                        const Geodesic& geodesic);

}  // namespace lode
