#include "libgeo/geometry/meetings.h"

#include <geos_c.h>

#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "libgeo/core/error.h"
#include "libgeo/geometry/geos_handles.h"
#include "libgeo/geometry/overlay.h"

namespace lode {

namespace {

/// Sets that grow together; the root is the lowest member.
class Joined {
 public:
  explicit Joined(std::size_t count) : parent_(count) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }
  std::size_t root(std::size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void join(std::size_t a, std::size_t b) {
    a = root(a);
    b = root(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }
  [[nodiscard]] std::size_t sets() const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < parent_.size(); ++i) count += parent_[i] == i;
    return count;
  }

 private:
  std::vector<std::size_t> parent_;
};

Geometry one_line(const Path& line) {
  Geometry g;
  g.kind = GeometryKind::line;
  g.lines.push_back(line);
  return g;
}

}  // namespace

Meeting meeting_of(const Geometry& a, const Geometry& b) {
  Meeting out;
  out.points.kind = GeometryKind::point;
  out.lines.kind = GeometryKind::line;
  out.polygons.kind = GeometryKind::polygon;
  Box box_a = box_of(a);
  const Box box_b = box_of(b);
  if (a.empty() || b.empty() || !box_a.meets(box_b)) return out;
  const geos::Handle ga = geos::to_geos(a), gb = geos::to_geos(b);
  geos::Handle both(GEOSIntersection_r(geos::context(), ga.get(), gb.get()));
  if (!both) {
    // As `intersection` does: on a grid of a millimetre or less.
    box_a.add(box_b);
    const double largest = std::max({std::abs(box_a.min_x), std::abs(box_a.max_x),
                                     std::abs(box_a.min_y), std::abs(box_a.max_y), 1e-3});
    const double grid = std::pow(10.0, std::floor(std::log10(largest)) - 10.0);
    both.reset(GEOSIntersectionPrec_r(geos::context(), ga.get(), gb.get(), grid));
  }
  if (!both)
    throw Error("geometry.overlay", "GEOS cannot compute the meeting: " + geos::take_message(), {},
                "Repair the layer, or simplify it by a millimetre.");
  out.points = geos::from_geos(both.get(), GeometryKind::point);
  out.lines = geos::from_geos(both.get(), GeometryKind::line);
  out.polygons = geos::from_geos(both.get(), GeometryKind::polygon);
  return out;
}

std::size_t stretches(const Meeting& meeting) {
  const auto& lines = meeting.lines.lines;
  const auto& polygons = meeting.polygons.polygons;
  const auto& points = meeting.points.points;
  Joined joined(lines.size() + polygons.size() + points.size());
  std::map<std::pair<double, double>, std::size_t> ends;
  const auto join_at = [&](Point p, std::size_t item) {
    const auto [at, fresh] = ends.emplace(std::pair(p.x, p.y), item);
    if (!fresh) joined.join(at->second, item);
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].empty()) continue;
    join_at(lines[i].front(), i);
    join_at(lines[i].back(), i);
  }
  for (std::size_t k = 0; k < polygons.size(); ++k) {
    Geometry polygon;
    polygon.kind = GeometryKind::polygon;
    polygon.polygons.push_back(polygons[k]);
    const std::size_t item = lines.size() + k;
    for (std::size_t i = 0; i < lines.size(); ++i)
      if (intersects(polygon, one_line(lines[i]))) joined.join(i, item);
    for (std::size_t i = 0; i < points.size(); ++i)
      if (covers(polygon, points[i])) joined.join(lines.size() + polygons.size() + i, item);
  }
  for (std::size_t i = 0; i < points.size(); ++i)
    join_at(points[i], lines.size() + polygons.size() + i);
  return joined.sets();
}

}  // namespace lode
