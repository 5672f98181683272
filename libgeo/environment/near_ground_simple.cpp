// A sweep along x within bands of y, with signs of orientation guarded against rounding.
#include "libgeo/environment/near_ground_simple.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace lode {
namespace {

struct Edge {
  Point a, b;
  double low = 0.0, high = 0.0;  ///< of x
};

/// -1, 0 (not sure) or 1.
int side(Point a, Point b, Point p) {
  const double left = (b.x - a.x) * (p.y - a.y), right = (b.y - a.y) * (p.x - a.x);
  const double det = left - right;
  // Shewchuk 1997: (3 + 16 eps) eps times the sum of the products.
  const double bound = 3.4e-16 * (std::abs(left) + std::abs(right));
  return det > bound ? 1 : (det < -bound ? -1 : 0);
}

bool may_meet(const Edge& p, const Edge& q) {
  const double y_low = std::max(std::min(p.a.y, p.b.y), std::min(q.a.y, q.b.y));
  const double y_high = std::min(std::max(p.a.y, p.b.y), std::max(q.a.y, q.b.y));
  if (y_low > y_high) return false;
  const bool chained = p.b == q.a || q.b == p.a;
  if (chained) {
    // Neighbours meet at their vertex, and elsewhere only when one runs back along the other.
    const Edge& first = p.b == q.a ? p : q;
    const Edge& second = p.b == q.a ? q : p;
    if (p.b == q.a && q.b == p.a) return true;
    const Point u{first.b.x - first.a.x, first.b.y - first.a.y};
    const Point v{second.b.x - second.a.x, second.b.y - second.a.y};
    return u.x * v.x + u.y * v.y < 0.0 && side(first.a, first.b, second.b) == 0;
  }
  const int a = side(p.a, p.b, q.a), b = side(p.a, p.b, q.b);
  if (a == b && a != 0) return false;
  const int c = side(q.a, q.b, p.a), d = side(q.a, q.b, p.b);
  return !(c == d && c != 0);
}

}  // namespace

bool surely_simple(const Geometry& polygons) {
  std::vector<Edge> edges;
  Box box;
  const auto take = [&](const Path& ring) {
    for (std::size_t i = 1; i < ring.size(); ++i) {
      edges.push_back({ring[i - 1], ring[i], std::min(ring[i - 1].x, ring[i].x),
                       std::max(ring[i - 1].x, ring[i].x)});
      box.add(ring[i]);
    }
  };
  for (const Polygon& polygon : polygons.polygons) {
    take(polygon.shell);
    for (const Path& hole : polygon.holes) take(hole);
  }
  if (edges.empty()) return true;
  std::sort(edges.begin(), edges.end(), [](const Edge& p, const Edge& q) { return p.low < q.low; });
  const auto bands = static_cast<std::int64_t>(std::sqrt(static_cast<double>(edges.size()))) + 1;
  const double height = (box.max_y - box.min_y) / static_cast<double>(bands);
  if (!(height > 0.0)) return false;
  const auto band_of = [&](double y) {
    return std::clamp<std::int64_t>(static_cast<std::int64_t>((y - box.min_y) / height), 0,
                                    bands - 1);
  };
  // Edges come by their low end; those of a band that end before are dropped on the way.
  std::vector<std::vector<const Edge*>> open(static_cast<std::size_t>(bands));
  for (const Edge& edge : edges) {
    const std::int64_t from = band_of(std::min(edge.a.y, edge.b.y));
    const std::int64_t to = band_of(std::max(edge.a.y, edge.b.y));
    for (std::int64_t k = from; k <= to; ++k) {
      auto& list = open[static_cast<std::size_t>(k)];
      std::size_t kept = 0;
      for (const Edge* other : list) {
        if (other->high < edge.low) continue;
        if (may_meet(*other, edge)) return false;
        list[kept++] = other;
      }
      list.resize(kept);
      list.push_back(&edge);
    }
  }
  return true;
}

}  // namespace lode
