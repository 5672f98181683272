#include "libgeo/environment/local_setback.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "libgeo/geometry/edges.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/geometry/wrap.h"

namespace lode {
namespace {

constexpr double kMetresPerDegree = 110500.0;  ///< of latitude, the shortest (at the equator)

/// A box in degrees that holds everything within a distance of `box`.
Box reach_of(const Box& box, double distance_m) {
  Box out = box;
  const double north = distance_m / kMetresPerDegree;
  out.min_y -= north;
  out.max_y += north;
  const double widest = std::max(std::abs(out.min_y), std::abs(out.max_y));
  const double cosine = std::cos(std::min(90.0, widest) * std::numbers::pi / 180.0);
  const double east = cosine > 1e-3 ? distance_m / (kMetresPerDegree * cosine) : 360.0;
  out.min_x -= east;
  out.max_x += east;
  return out;
}

/// True when an edge of running longitudes meets a window, turned by whole turns to it.
bool meets(Point a, Point b, const Box& window) {
  if (std::max(a.y, b.y) < window.min_y || std::min(a.y, b.y) > window.max_y) return false;
  const double width = window.max_x - window.min_x;
  if (width >= 360.0) return true;
  const double low = std::min(a.x, b.x), high = std::max(a.x, b.x);
  const double turns = std::ceil((window.min_x - high) / 360.0) * 360.0;
  return low + turns <= window.max_x;
}

}  // namespace

SetbackPlane::SetbackPlane(const Crs& crs, Edges edges, double tolerance, double tolerance_m,
                           bool conservative)
    : crs_(crs),
      edges_(edges),
      tolerance_(tolerance),
      tolerance_m_(tolerance_m),
      conservative_(conservative) {
  if (crs_.is_local()) return;
  base_ = geodetic_base(crs_);
  to_base_ = std::make_unique<Transform>(crs_, base_);
  from_base_ = std::make_unique<Transform>(base_, crs_);
  geodesic_ = Geodesic(crs_);
}

Geometry SetbackPlane::planar(const Geometry& geometry) const {
  return follow_edges(geometry, crs_, edges_);
}

double SetbackPlane::area_m2(const Geometry& planar) const {
  if (planar.kind != GeometryKind::polygon || planar.empty()) return 0.0;
  return lode::area_m2(planar, crs_, edges_);
}

std::vector<Path> SetbackPlane::edges_near(const Geometry& g, double setback_m,
                                           const Box& window) const {
  std::vector<Path> out;
  const Box reach = crs_.is_local() ? Box{window.min_x - setback_m, window.min_y - setback_m,
                                          window.max_x + setback_m, window.max_y + setback_m}
                                    : reach_of(window, setback_m * 1.01);
  const bool degrees = !crs_.is_local();
  const auto near = [&](Point a, Point b) {
    if (degrees) return meets(a, b, reach);
    return reach.meets(
        {std::min(a.x, b.x), std::min(a.y, b.y), std::max(a.x, b.x), std::max(a.y, b.y)});
  };
  const auto walk = [&](const Path& path) {
    Path part;
    for (std::size_t i = 1; i < path.size(); ++i) {
      if (near(path[i - 1], path[i])) {
        if (part.empty()) part.push_back(path[i - 1]);
        part.push_back(path[i]);
      } else if (!part.empty()) {
        out.push_back(std::move(part));
        part.clear();
      }
    }
    if (!part.empty()) out.push_back(std::move(part));
  };
  for (const Point& p : g.points)
    if (near(p, p)) out.push_back({p});
  for (const Path& line : g.lines) walk(line);
  for (const Polygon& polygon : g.polygons) {
    walk(polygon.shell);
    for (const Path& hole : polygon.holes) walk(hole);
  }
  return out;
}

std::vector<Geometry> SetbackPlane::parts_near(const Geometry& feature, double setback_m,
                                               const Geometry& planar_site) const {
  std::vector<Geometry> out;
  if (feature.kind == GeometryKind::polygon) out.push_back(planar(feature));
  if (!(setback_m > 0.0)) return out;
  SetbackShape shape;
  shape.distance_m = setback_m;
  shape.tolerance_m =
      std::isnan(tolerance_m_) ? tolerance_ * setback_m : std::min(tolerance_m_, 0.1 * setback_m);
  shape.conservative = conservative_;
  const SetbackPlan plan = plan_of(shape);
  if (crs_.is_local()) {
    const double units = plan.radius_m / crs_.metres_per_unit;
    for (const Path& path : edges_near(feature, units, box_of(planar_site))) {
      Geometry line;
      line.kind = path.size() > 1 ? GeometryKind::line : GeometryKind::point;
      if (path.size() > 1) {
        line.lines.push_back(path);
      } else {
        line.points = path;
      }
      out.push_back(planar_buffer(line, units, plan.segments));
    }
    return out;
  }
  EdgeOptions edges;
  edges.tolerance_m = std::min(0.01, 0.1 * plan.working_m);
  edges.longest_m = plan.longest_edge_m;
  edges.for_geodesics = true;
  const Geometry degrees = to_lonlat(feature, *to_base_, edges_, edges);
  Box window = box_of(planar_site);
  if (!to_base_->is_identity()) {
    const Geometry outline = polygon_geometry({{window.min_x, window.min_y},
                                               {window.max_x, window.min_y},
                                               {window.max_x, window.max_y},
                                               {window.min_x, window.max_y},
                                               {window.min_x, window.min_y}});
    window = box_of(to_lonlat(outline, *to_base_, Edges::straight));
  }
  for (const Path& path : edges_near(degrees, setback_m, window))
    for (const Path& run : runs_of(path, plan.run_m)) {
      Geometry ground = ground_near(run, shape, geodesic_);
      if (!from_base_->is_identity())
        ground = reproject(ground, *from_base_, std::min(0.01, 0.1 * shape.tolerance_m));
      out.push_back(std::move(ground));
    }
  return out;
}

}  // namespace lode
