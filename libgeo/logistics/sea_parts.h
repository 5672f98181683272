// Inner parts of the sea lanes: directions in space, the coast, a tree of boxes, lines of sight.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "libgeo/logistics/earth_tree.h"
#include "libgeo/logistics/network.h"
#include "libgeo/logistics/sea_lanes.h"

namespace lode::sea {

/// A direction from the centre of the Earth, length 1.
struct Direction {
  double x = 0.0, y = 0.0, z = 0.0;
  bool operator==(const Direction&) const = default;
};

inline double dot(const Direction& a, const Direction& b) {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}
inline Direction cross(const Direction& a, const Direction& b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline Direction less(const Direction& a, const Direction& b) {
  return {a.x - b.x, a.y - b.y, a.z - b.z};
}
/// Above 0 when c lies left of the way from a to b.
inline double side(const Direction& a, const Direction& b, const Direction& c) {
  // Differences first: near places would lose all their digits in a plain product.
  return dot(cross(less(b, a), less(c, a)), a);
}
[[nodiscard]] Direction direction_of(LonLat place);
[[nodiscard]] LonLat place_of(const Direction& direction);
[[nodiscard]] Direction unit(const Direction& v);
/// Metres along a sphere of the mean radius, right to 0.6 %: for tolerances and radii.
[[nodiscard]] double rough_m(const Direction& a, const Direction& b);
/// The point of the arc from a to b that is nearest to p.
[[nodiscard]] Direction foot_on_arc(const Direction& p, const Direction& a, const Direction& b);
/// Whether two arcs shorter than half a circle cross. A point on a line counts as left of it, so
/// that what passes through a vertex crosses exactly as it would a hair to the side.
[[nodiscard]] bool arcs_cross(const Direction& a, const Direction& b, const Direction& p,
                              const Direction& q);

/// Rings on the ellipsoid with land to the left; segment i runs from vertex i to next[i].
struct Coast {
  std::vector<LonLat> place;
  std::vector<Direction> at;
  std::vector<std::uint32_t> next, previous;
  [[nodiscard]] std::size_t size() const { return at.size(); }
};

/// Boxes around arcs in space, eight to a node, sorted along a Morton curve.
class ArcTree {
 public:
  ArcTree() = default;
  explicit ArcTree(const std::vector<std::pair<Direction, Direction>>& arcs);

  /// Calls visit(item) for items in boxes that `meets` lets pass, until visit returns true.
  template <class Meets, class Visit>
  bool search(const Meets& meets, const Visit& visit) const {
    return !levels_.empty() && descend(levels_.size() - 1, 0, meets, visit);
  }

 private:
  template <class Meets, class Visit>
  bool descend(std::size_t level, std::size_t node, const Meets& meets, const Visit& visit) const {
    if (!meets(levels_[level][node])) return false;
    if (level == 0) return visit(items_[node]);
    const std::size_t end = std::min(levels_[level - 1].size(), (node + 1) * 8);
    for (std::size_t child = node * 8; child < end; ++child)
      if (descend(level - 1, child, meets, visit)) return true;
    return false;
  }

  std::vector<std::uint32_t> items_;
  std::vector<std::vector<EarthBox>> levels_;  ///< in units of the sphere, grown by 1e-6
};

/// The land as disjoint rings: gaps between countries closed, islands of rounding filled, edges
/// along the cut at 180 degrees and along the south pole left out and their ends joined.
[[nodiscard]] Coast coast_of(const Crs& crs, const std::vector<Geometry>& land, int jobs,
                             Findings& findings, const Progress& progress);
/// Fewer vertices; land only gives way, nowhere by more than the tolerance.
[[nodiscard]] Coast shrunk(const Coast& coast, double tolerance_m, const Progress& progress);

/// Pockets of water filled that hold no end of a lane and no other coast: a way that enters one can
/// only leave it through the same mouth, so no shortest way between the ends changes, and far fewer
/// corners are left.
[[nodiscard]] Coast filled(const Coast& coast, const std::vector<Direction>& ends,
                           const Progress& progress);

/// Where lanes may turn or end.
struct SeaNode {
  LonLat place;
  Direction at;
  bool corner = false;                  ///< a convex corner of land: lanes are tangent to it
  bool shore = false;                   ///< on a segment or vertex of the coast
  Direction before, after;              ///< neighbours on the coast, of corners and shore nodes
  std::array<std::uint32_t, 2> skip{};  ///< segments that the node lies on (kNoSegment = none)
  /// Another piece of coast touches the node. A lane could slip into the land there without
  /// crossing anything, so its middle is looked at.
  bool touched = false;
};
inline constexpr std::uint32_t kNoSegment = 0xffffffffU;

/// What is visible over the water.
class Sight {
 public:
  explicit Sight(const Coast& coast);

  /// Convex corners of the land, in order of the coast.
  [[nodiscard]] std::vector<SeaNode> corners() const;
  /// The open water nearest to a place as a node; false when there is none within the radius.
  [[nodiscard]] bool water_near(LonLat place, double radius_m, SeaNode& node) const;
  [[nodiscard]] bool on_land(const Direction& at) const;
  /// Fills `SeaNode::touched`.
  void note_touches(SeaNode& node) const;
  /// Whether the lane from a to b is tangent at corners and leaves shore nodes over the water.
  [[nodiscard]] static bool allowed(const SeaNode& a, const SeaNode& b);
  /// Whether the arc crosses no coast. `last` is a segment worth trying first, and takes the one
  /// that is in the way.
  [[nodiscard]] bool clear(const SeaNode& a, const SeaNode& b, std::uint32_t& last) const;
  [[nodiscard]] const Coast& coast() const { return coast_; }

 private:
  [[nodiscard]] bool crosses(const SeaNode& a, const SeaNode& b, std::uint32_t segment) const;
  [[nodiscard]] SeaNode shore_node(std::uint32_t segment, const Direction& foot) const;

  const Coast& coast_;
  ArcTree tree_;
};

/// All pairs of nodes that see one another and may be linked, ascending.
[[nodiscard]] std::vector<std::pair<std::uint32_t, std::uint32_t>> lanes_between(
    const Sight& sight, const std::vector<SeaNode>& nodes, int jobs, const Progress& progress);

}  // namespace lode::sea
