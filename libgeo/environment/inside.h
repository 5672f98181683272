// Which polygons hold a place: even-odd over edges sorted into strips, so large rings stay cheap.
#pragma once

#include <cstdint>
#include <vector>

#include "libgeo/geometry/geometry.h"
#include "libgeo/geometry/spatial_index.h"

namespace lode {

/// Polygons of one plane (degrees cut at the antimeridian, or metres). A place on a boundary may
/// count as either: distances settle it. Safe to ask from any number of threads.
class InsideIndex {
 public:
  InsideIndex() = default;
  explicit InsideIndex(std::vector<Geometry> features);

  [[nodiscard]] bool holds(std::size_t feature, Point place) const;
  /// Appends the features that hold the place.
  void holding(Point place, std::vector<std::size_t>& out) const;

 private:
  /// Edges of one feature in strips of equal height: `edges[starts[s] .. starts[s + 1])`.
  struct Strips {
    double low = 0.0;
    double per_unit = 0.0;
    std::vector<std::uint32_t> starts;
    std::vector<std::pair<Point, Point>> edges;
  };
  static Strips strips_of(const Geometry& geometry, const Box& box);

  std::vector<Geometry> features_;
  std::vector<Box> box_;
  std::vector<Strips> strips_;  ///< empty for small polygons, whose edges are walked
  SpatialIndex index_;
};

}  // namespace lode
