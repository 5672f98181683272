// Geometries in another CRS, with vertices added where straight edges would bend.
#include <cmath>
#include <numbers>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/measure.h"

namespace lode {
namespace {

constexpr int deepest_split = 20;

class Reprojector {
 public:
  Reprojector(const Transform& transform, double tolerance_m)
      : transform_(transform), to_(transform.to()), tolerance_(tolerance_m) {}

  [[nodiscard]] Path vertices(const Path& path) const {
    std::vector<double> x(path.size()), y(path.size());
    for (std::size_t i = 0; i < path.size(); ++i) {
      x[i] = path[i].x;
      y[i] = path[i].y;
    }
    if (transform_.forward(x.data(), y.data(), path.size()) != 0)
      for (std::size_t i = 0; i < path.size(); ++i)
        if (std::isnan(x[i])) refuse(path[i]);
    Path out(path.size());
    for (std::size_t i = 0; i < path.size(); ++i) out[i] = {x[i], y[i]};
    return out;
  }

  [[nodiscard]] Path edges(const Path& path) const {
    const Path moved = vertices(path);
    Path mids;
    for (std::size_t i = 1; i < path.size(); ++i) mids.push_back(middle(path[i - 1], path[i]));
    const Path moved_mids = vertices(mids);
    Path out;
    for (std::size_t i = 0; i < path.size(); ++i) {
      if (i > 0) split(path[i - 1], path[i], moved[i - 1], moved[i], moved_mids[i - 1], 0, out);
      out.push_back(moved[i]);
    }
    return out;
  }

 private:
  static Point middle(Point a, Point b) { return {0.5 * (a.x + b.x), 0.5 * (a.y + b.y)}; }

  [[noreturn]] void refuse(Point p) const {
    throw Error("crs.transform",
                "the place (" + number_text(p.x) + " " + number_text(p.y) +
                    ") cannot be brought from " + transform_.from().label() + " to " + to_.label(),
                {}, "Check the CRS of the layer, or leave the vertex out.");
  }

  /// In metres, roughly, from `o`.
  [[nodiscard]] Point metres(Point p, Point o) const {
    if (!to_.is_geographic())
      return {(p.x - o.x) * to_.metres_per_unit, (p.y - o.y) * to_.metres_per_unit};
    const double turn = 2.0 * std::numbers::pi / to_.radians_per_unit;
    const double radius = to_.semi_major_m * to_.radians_per_unit;
    const double dx = std::remainder(p.x - o.x, turn);
    return {dx * radius * std::cos(o.y * to_.radians_per_unit), (p.y - o.y) * radius};
  }

  /// How far the moved middle lies from the line between the moved ends.
  [[nodiscard]] double gap(Point a, Point b, Point m) const {
    const Point u = metres(a, m), v = metres(b, m);  // m is the origin
    const double dx = v.x - u.x, dy = v.y - u.y;
    const double length2 = dx * dx + dy * dy;
    double t = length2 == 0.0 ? 0.0 : -(u.x * dx + u.y * dy) / length2;
    t = t < 0.0 ? 0.0 : t > 1.0 ? 1.0 : t;
    return std::hypot(u.x + t * dx, u.y + t * dy);
  }

  void split(Point a, Point b, Point ta, Point tb, Point tm, int depth, Path& out) const {
    // An S-bend has its middle on the line, so long edges are always halved twice.
    const Point reach = metres(ta, tb);
    const bool first_look = depth < 2 && std::hypot(reach.x, reach.y) > 100e3;
    if (depth == deepest_split || (!first_look && gap(ta, tb, tm) <= tolerance_)) return;
    const Point m = middle(a, b);
    const Path quarters = vertices({middle(a, m), middle(m, b)});
    split(a, m, ta, tm, quarters[0], depth + 1, out);
    out.push_back(tm);
    split(m, b, tm, tb, quarters[1], depth + 1, out);
  }

  const Transform& transform_;
  const Crs& to_;
  double tolerance_;
};

}  // namespace

Geometry reproject(const Geometry& geometry, const Transform& transform, double tolerance_m) {
  if (!(tolerance_m > 0.0))
    throw Error("crs.tolerance", "the tolerance of a reprojection must be above 0 m");
  if (transform.is_identity()) return geometry;
  const Reprojector to(transform, tolerance_m);
  Geometry out;
  out.kind = geometry.kind;
  out.points = to.vertices(geometry.points);
  for (const Path& line : geometry.lines) out.lines.push_back(to.edges(line));
  for (const Polygon& polygon : geometry.polygons) {
    Polygon moved{to.edges(polygon.shell), {}};
    for (const Path& hole : polygon.holes) moved.holes.push_back(to.edges(hole));
    out.polygons.push_back(std::move(moved));
  }
  return out;
}

}  // namespace lode
