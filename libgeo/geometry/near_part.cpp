#include "libgeo/geometry/near_part.h"

#include <algorithm>
#include <cmath>

namespace lode {
namespace {

constexpr std::size_t kWorth = 1000;  ///< vertices

unsigned side_of(Point p, const Box& box) {
  return (p.x < box.min_x ? 1u : 0u) | (p.x > box.max_x ? 2u : 0u) | (p.y < box.min_y ? 4u : 0u) |
         (p.y > box.max_y ? 8u : 0u);
}

Box box_of_ring(const Path& ring) {
  Box box;
  for (const Point& p : ring) box.add(p);
  return box;
}

/// The ring with runs beyond one side of the box left out but for their ends. The highest place and
/// its neighbours stay, since orientation is read there.
Path ring_near(const Path& ring, const Box& box) {
  std::size_t top = 0;
  for (std::size_t i = 1; i < ring.size(); ++i)
    if (ring[i].y > ring[top].y) top = i;
  const std::size_t n = ring.size(), turn = n - 1;  // the last place is the first again
  if (n < 4) return ring;
  top %= turn;
  std::size_t back = 1, ahead = 1;  // to the neighbours at other heights
  while (back < turn && ring[(top + turn - back) % turn].y == ring[top].y) ++back;
  while (ahead < turn && ring[(top + ahead) % turn].y == ring[top].y) ++ahead;
  Path out{ring.front()};
  unsigned run = side_of(ring.front(), box);
  for (std::size_t i = 1; i + 1 < n; ++i) {
    const unsigned next = side_of(ring[i + 1], box);
    run &= side_of(ring[i], box);
    const bool near_top = (top + turn - i) % turn <= back || (i + turn - top) % turn <= ahead;
    if (!near_top && (run & next) != 0) continue;  // still beyond the same side
    out.push_back(ring[i]);
    run = side_of(ring[i], box);
  }
  out.push_back(ring.back());
  return out;
}

std::size_t vertices_of(const Geometry& g) {
  std::size_t n = 0;
  for (const Polygon& polygon : g.polygons) {
    n += polygon.shell.size();
    for (const Path& hole : polygon.holes) n += hole.size();
  }
  return n;
}

}  // namespace

bool worth_cutting_down(const Geometry& polygon) {
  return polygon.kind == GeometryKind::polygon && vertices_of(polygon) > kWorth;
}

Geometry part_near(const Geometry& polygon, const Box& given) {
  // Wider than GEOS's own limit, which is a tenth beyond the smaller extent.
  const double margin = 0.5 * std::max(given.max_x - given.min_x, given.max_y - given.min_y) +
                        1e-9 * std::max({1.0, std::abs(given.max_x), std::abs(given.max_y),
                                         std::abs(given.min_x), std::abs(given.min_y)});
  const Box box{given.min_x - margin, given.min_y - margin, given.max_x + margin,
                given.max_y + margin};
  Geometry out;
  out.kind = polygon.kind;
  for (const Polygon& part : polygon.polygons) {
    if (!box_of_ring(part.shell).meets(box)) continue;
    Polygon kept;
    kept.shell = ring_near(part.shell, box);
    for (const Path& hole : part.holes)
      if (box_of_ring(hole).meets(box)) kept.holes.push_back(ring_near(hole, box));
    out.polygons.push_back(std::move(kept));
  }
  return out;
}

}  // namespace lode
