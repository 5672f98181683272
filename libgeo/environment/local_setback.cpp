#include "libgeo/environment/local_setback.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "libgeo/geometry/edges.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/geometry/wrap.h"

namespace lode {
namespace {

/// So few that a site near one edge is not cut by much more than it needs, so many that the round
/// ends of runs are not most of their outline.
constexpr std::size_t kEdgesOfRun = 16;
constexpr std::size_t kRunsOfGroup = 64;
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
      conservative_(conservative),
      as_drawn_(crs.is_local() || (crs.is_projected() && edges == Edges::straight)) {
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

Box SetbackPlane::window_of(const Geometry& planar) const {
  const Box window = box_of(planar);
  if (crs_.is_local() || to_base_->is_identity()) return window;
  const Geometry outline = polygon_geometry({{window.min_x, window.min_y},
                                             {window.max_x, window.min_y},
                                             {window.max_x, window.max_y},
                                             {window.min_x, window.max_y},
                                             {window.min_x, window.min_y}});
  return box_of(to_lonlat(outline, *to_base_, Edges::straight));
}

SetbackShape SetbackPlane::shape_of(double setback_m) const {
  SetbackShape shape;
  shape.distance_m = setback_m;
  shape.tolerance_m =
      std::isnan(tolerance_m_) ? tolerance_ * setback_m : std::min(tolerance_m_, 0.1 * setback_m);
  shape.conservative = conservative_;
  return shape;
}

Geometry SetbackPlane::traced(const Geometry& feature, const SetbackPlan& plan) const {
  if (crs_.is_local()) return feature;
  EdgeOptions edges;
  edges.tolerance_m = std::min(0.01, 0.1 * plan.working_m);
  edges.longest_m = plan.longest_edge_m;
  edges.for_geodesics = true;
  return to_lonlat(feature, *to_base_, edges_, edges);
}

Geometry SetbackPlane::ground_of(const Path& run, const SetbackShape& shape) const {
  if (crs_.is_local()) {
    const SetbackPlan plan = plan_of(shape);
    Geometry line;
    line.kind = run.size() > 1 ? GeometryKind::line : GeometryKind::point;
    if (run.size() > 1)
      line.lines.push_back(run);
    else
      line.points = run;
    return planar_buffer(line, plan.radius_m / crs_.metres_per_unit, plan.segments);
  }
  Geometry ground = ground_near(run, shape, geodesic_);
  if (!from_base_->is_identity())
    ground = reproject(ground, *from_base_, std::min(0.01, 0.1 * shape.tolerance_m));
  return ground;
}

void FeatureSetback::add_runs(const Path& path, bool degrees, double run_m) const {
  const auto add = [&](Path run) {
    Box box;
    for (const Point& p : run) box.add(p);
    runs_.push_back({std::move(run), box, nullptr});
  };
  if (path.size() == 1) return add(path);
  for (std::size_t i = 0; i + 1 < path.size(); i += kEdgesOfRun) {
    const std::size_t last = std::min(i + kEdgesOfRun, path.size() - 1);
    Path part(path.begin() + static_cast<std::ptrdiff_t>(i),
              path.begin() + static_cast<std::ptrdiff_t>(last) + 1);
    if (!degrees) {
      add(std::move(part));
      continue;
    }
    for (Path& run : runs_of(part, run_m)) add(std::move(run));
  }
}

void FeatureSetback::prepare(const SetbackPlane& plane) const {
  if (feature_.kind == GeometryKind::polygon)
    inner_ = plane.as_drawn_ ? Part(Part{}, &feature_)
                             : std::make_shared<const Geometry>(plane.planar(feature_));
  if (!(setback_m_ > 0.0)) return;
  const SetbackPlan plan = plan_of(plane.shape_of(setback_m_));
  runs_.clear();  // of a try that failed
  groups_.clear();
  const bool degrees = !plane.crs_.is_local();
  const Geometry traced = plane.traced(feature_, plan);
  for (const Point& p : traced.points) add_runs({p}, degrees, plan.run_m);
  for (const Path& line : traced.lines) add_runs(line, degrees, plan.run_m);
  for (const Polygon& polygon : traced.polygons) {
    add_runs(polygon.shell, degrees, plan.run_m);
    for (const Path& hole : polygon.holes) add_runs(hole, degrees, plan.run_m);
  }
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    if (i % kRunsOfGroup == 0) groups_.emplace_back();
    groups_.back().add(runs_[i].box);
  }
}

FeatureSetback::Part FeatureSetback::ground_of(const SetbackPlane& plane, const Run& run,
                                               const SetbackShape& shape) const {
  {
    const std::lock_guard lock(guard_);
    if (run.ground) return run.ground;
  }
  // Two threads may build the same ground at once: it is the same ground.
  Geometry ground = plane.ground_of(run.path, shape);
  std::size_t vertices = 0;
  for_each_vertex(ground, [&](const Point&) { ++vertices; });
  Part made = std::make_shared<const Geometry>(std::move(ground));
  const std::lock_guard lock(guard_);
  if (!run.ground && store_.take(vertices)) run.ground = made;
  return made;
}

double FeatureSetback::area_m2(const SetbackPlane& plane, const Geometry& part) const {
  const bool only = runs_.size() + (inner_ ? 1 : 0) == 1;
  if (!only) return plane.area_m2(part);
  {
    const std::lock_guard lock(guard_);
    if (!std::isnan(area_m2_)) return area_m2_;
  }
  const double area = plane.area_m2(part);
  const std::lock_guard lock(guard_);
  return area_m2_ = area;
}

std::vector<FeatureSetback::Part> FeatureSetback::near(const SetbackPlane& plane,
                                                       const Box& window) const {
  std::call_once(once_, [&] { prepare(plane); });
  std::vector<Part> out;
  if (inner_) out.push_back(inner_);
  if (runs_.empty()) return out;
  const bool degrees = !plane.crs_.is_local();
  const SetbackShape shape = plane.shape_of(setback_m_);
  const double units = degrees ? 0.0 : plan_of(shape).radius_m / plane.crs_.metres_per_unit;
  const Box reach = degrees ? reach_of(window, setback_m_ * 1.01)
                            : Box{window.min_x - units, window.min_y - units, window.max_x + units,
                                  window.max_y + units};
  const auto near = [&](Point a, Point b) {
    if (degrees) return meets(a, b, reach);
    return reach.meets(
        {std::min(a.x, b.x), std::min(a.y, b.y), std::max(a.x, b.x), std::max(a.y, b.y)});
  };
  const auto box_near = [&](const Box& box) {
    return near({box.min_x, box.min_y}, {box.max_x, box.max_y});
  };
  const auto run_near = [&](const Run& run) {
    if (!box_near(run.box)) return false;
    for (std::size_t i = 1; i < run.path.size(); ++i)
      if (near(run.path[i - 1], run.path[i])) return true;
    return run.path.size() == 1;
  };
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    if (!box_near(groups_[g])) continue;
    const std::size_t end = std::min(runs_.size(), (g + 1) * kRunsOfGroup);
    for (std::size_t i = g * kRunsOfGroup; i < end; ++i)
      if (run_near(runs_[i])) out.push_back(ground_of(plane, runs_[i], shape));
  }
  return out;
}

}  // namespace lode
