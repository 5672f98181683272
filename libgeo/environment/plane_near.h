// Nearest features and touches, looked for in the plane of the CRS and measured on the ellipsoid.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "libgeo/crs/crs.h"
#include "libgeo/environment/inside.h"
#include "libgeo/geometry/geometry.h"
#include "libgeo/geometry/spatial_index.h"

namespace lode {

/// A linear map from the units of a plane to metres, true at one place, and how far it is off
/// elsewhere: a length on the ground is `least` to `most` of what the map says.
struct PlaneMetric {
  double xx = 1.0, xy = 0.0, yx = 0.0, yy = 1.0;
  double shrink = 1.0;  ///< least metres a unit of the map
  double least = 1.0, most = 1.0;
  [[nodiscard]] Point metres(Point p) const { return {xx * p.x + xy * p.y, yx * p.x + yy * p.y}; }
  [[nodiscard]] double ratio() const { return most / least; }
};

/// Lengths in a plane against those on the ground, over a box: known at places a fiftieth of it
/// apart, with slack for what lies between.
class PlaneScale {
 public:
  PlaneScale() = default;
  /// Mine grids: exact.
  PlaneScale(const Crs& crs, const Box& box);
  /// False where the plane cannot be undone, is cut, or stretches too unevenly to search in.
  [[nodiscard]] bool known() const { return known_; }
  /// Units of the plane that hold a length on the ground, anywhere and in any direction.
  [[nodiscard]] double units_of(double metres) const { return metres / least_m_; }
  /// True at a place; bounds for the whole box.
  [[nodiscard]] PlaneMetric at(Point place) const;
  /// The same with bounds for ground within `box`.
  [[nodiscard]] PlaneMetric within(const PlaneMetric& metric, const Box& box) const;

 private:
  /// The derivative of the ground (metres east and north) by the plane.
  struct Node {
    double a = 1.0, b = 0.0, c = 0.0, d = 1.0;
  };
  [[nodiscard]] static Node node_at(const Crs& crs, Point place);
  [[nodiscard]] std::size_t row(double y) const;
  [[nodiscard]] std::size_t column(double x) const;

  bool known_ = false;
  Box box_;
  double least_m_ = 1.0, most_m_ = 1.0;  ///< metres a unit
  std::vector<Node> nodes_;              ///< row by row; empty = one scale everywhere
};

/// Features of one plane with straight edges, ready for distance questions. Bounds of the scale
/// leave a few pairs of edges that may be the nearest ones; only those are measured, as
/// `nearest` of geometry/measure.h does. Built in a pass over the vertices, safe to ask from any
/// number of threads.
class PlaneNear {
 public:
  /// How a feature meets what was asked about.
  enum class Meeting {
    apart,
    edges,    ///< boundaries meet, or both hold parts of one another
    holds,    ///< the feature holds all of it
    held_by,  ///< all of the feature is held by it
  };
  struct Hit {
    std::size_t feature = npos;
    double distance_m = 0.0;  ///< 0 = touches, crosses or inside
    Meeting meeting = Meeting::apart;
  };
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

  /// The features must outlive this; null or empty ones are never found.
  PlaneNear(std::vector<const Geometry*> features, const Crs& crs, const PlaneScale& scale);

  /// Some vertices of a boundary in a row, with their box.
  struct Run {
    const Point* first = nullptr;
    std::uint32_t count = 0;  ///< vertices, at least 1
    Box box;
  };
  /// A geometry made ready to be asked about; it must outlive this.
  struct Probe {
    const Geometry* geometry = nullptr;
    PlaneMetric metric;
    std::vector<Run> runs;
    std::vector<Point> metres;  ///< vertices of the runs by the metric, one run after the other
    std::vector<Point> starts;  ///< first vertex of each boundary
    Box box;
    Point centre;  ///< of a circle that holds it all
    double radius = 0.0;
    bool big = false;  ///< a polygon of many edges, which stands in `inside` too
    InsideIndex inside;
  };
  [[nodiscard]] Probe probe(const Geometry& geometry) const;

  /// Every feature at most `distance_m` away, in feature order.
  [[nodiscard]] std::vector<Hit> within(const Probe& probe, double distance_m) const;
  /// The nearest feature, the first one of several as near, of a probe that no feature holds or
  /// touches (`within` tells); npos when there is none.
  [[nodiscard]] Hit nearest(const Probe& probe) const;

 private:
  struct Piece {
    Run run;
    std::uint32_t feature = 0;
    bool starts = false;  ///< holds the first vertex of a boundary
  };
  /// Two edges that may be the nearest ones; the second vertex is the first for a single point.
  struct Pair {
    double gap = 0.0;  ///< metres by the probe's metric
    const Point* own = nullptr;
    const Point* theirs = nullptr;
    bool own_point = false, their_point = false;
    std::uint32_t feature = 0;
  };
  static void pairs_of(const Probe& probe, const Piece& piece, const PlaneMetric& metric,
                       double& limit, std::vector<Pair>& out);
  [[nodiscard]] double measured_m(std::vector<Pair>::const_iterator begin,
                                  std::vector<Pair>::const_iterator end, const PlaneMetric& metric,
                                  double within_m) const;
  void add_holding(const Probe& probe, std::vector<std::pair<std::size_t, std::size_t>>& out) const;
  [[nodiscard]] Hit hit_of(const Probe& probe, std::size_t first, std::size_t last,
                           const std::vector<std::size_t>& near, std::size_t holding,
                           double distance_m) const;

  std::vector<const Geometry*> features_;
  Crs crs_;
  PlaneScale scale_;
  std::vector<Piece> pieces_;
  SpatialIndex index_;                 ///< of the pieces
  std::vector<std::uint32_t> starts_;  ///< boundaries of each feature
  std::vector<std::uint32_t> polygon_feature_;
  SpatialIndex polygons_;           ///< boxes of features that are polygons
  std::vector<std::uint32_t> big_;  ///< by polygon: place in `inside_`, or npos32
  InsideIndex inside_;              ///< polygons of many edges
};

}  // namespace lode
