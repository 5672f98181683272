// What of solids, surfaces and polygons stands over one block, in the block's own coordinates.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "libgeo/geometry/box_share.h"
#include "libgeo/geometry/plan_cells.h"

namespace lode {

/// What stays of a block.
enum class Keeps { inside, outside, below, above, footprint };

/// One solid, surface or layer of polygons.
struct JointPart {
  const ColumnCutter* body = nullptr;
  const PlanCutter* polygons = nullptr;
  Keeps keeps = Keeps::inside;
  [[nodiscard]] bool is_surface() const {
    return keeps == Keeps::below || keeps == Keeps::above || keeps == Keeps::footprint;
  }
};

using JointVertex = std::array<double, 3>;

/// Height of the line from p to q, which stands left of q, at x. The same bits for every triangle
/// of the edge, so that triangles side by side share out the plane without gap or overlap.
[[nodiscard]] inline double along(const JointVertex& p, const JointVertex& q, double x,
                                  std::size_t axis) {
  if (x <= p[0]) return p[axis];
  if (x >= q[0]) return q[axis];
  return p[axis] + (q[axis] - p[axis]) * ((x - p[0]) / (q[0] - p[0]));
}

/// A triangle from the footprint's corner and the lower level, its corners by rising x, then y.
struct JointTriangle {
  std::array<JointVertex, 3> at;
  bool even = true;      // the corners were re-ordered by an even permutation
  bool in_range = true;  // part of it lies between the levels
  std::uint32_t part = 0;
  double low = 0.0, high = 0.0;
  Footprint box;
  double slope_x = 0.0, slope_y = 0.0;
  bool has_slope = false;

  [[nodiscard]] bool stands_over(double x) const { return at[0][0] <= x && x < at[2][0]; }
  // Its extent in y at x: the long edge, and the two short ones.
  [[nodiscard]] double long_y(double x) const { return along(at[0], at[2], x, 1); }
  [[nodiscard]] double short_y(double x) const {
    return x < at[1][0] ? along(at[0], at[1], x, 1) : along(at[1], at[2], x, 1);
  }
  [[nodiscard]] double z(double x, double y) const {
    const double y0 = long_y(x), y1 = short_y(x), z0 = along(at[0], at[2], x, 2);
    const double z1 = x < at[1][0] ? along(at[0], at[1], x, 2) : along(at[1], at[2], x, 2);
    if (y0 == y1) return z0;
    return z0 + (z1 - z0) * std::clamp((y - y0) / (y1 - y0), 0.0, 1.0);
  }
  // +1 when it looks up where the short edges stand at `short_side` of the long one.
  [[nodiscard]] int sign(bool short_is_above) const { return short_is_above == even ? -1 : 1; }
};

struct JointLine {
  PlanLine line;
  std::uint32_t part = 0;
};
struct JointEdge {
  PlanLine line;
  std::uint32_t part = 0;
  int sign = 0;  // +1: within below it
};

/// Everything that one block needs of its parts.
struct JointPieces {
  std::vector<JointTriangle> triangles;
  std::vector<JointLine> lines;  ///< in plan, cut to the footprint: edges, rims, levels
  std::vector<JointEdge> edges;  ///< of polygons, over, in and under the footprint

  void gather(const std::vector<JointPart>& parts, const Footprint& place, double z0, double z1);

 private:
  struct EdgeKey {
    std::uint32_t part = 0, a = 0, b = 0, triangle = 0;
    std::uint8_t corner = 0;
    [[nodiscard]] bool same(const EdgeKey& other) const {
      return part == other.part && a == other.a && b == other.b;
    }
    bool operator<(const EdgeKey& other) const {
      if (part != other.part) return part < other.part;
      if (a != other.a) return a < other.a;
      if (b != other.b) return b < other.b;
      return triangle < other.triangle;
    }
  };

  void take_body(const std::vector<JointPart>& parts, std::uint32_t p);
  void take_polygons(const PlanCutter& polygons, std::uint32_t p);
  void take_edges(const std::vector<JointPart>& parts);
  void add_line(PlanLine line, std::uint32_t part);
  void add_levels(const JointTriangle& t);

  Footprint place_;
  double z0_ = 0.0, height_ = 0.0;
  std::vector<std::uint32_t> near_;
  std::vector<PlanCutter::Edge> near_edges_;
  std::vector<EdgeKey> keys_;
};

}  // namespace lode
