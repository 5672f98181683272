#include "libgeo/environment/buffer_worker.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/text.h"
#include "libgeo/environment/near_ground_outline.h"
#include "libgeo/geometry/edges.h"
#include "libgeo/geometry/wrap.h"

namespace lode {
namespace {

bool touches_both_seams(const Geometry& g) {
  bool west = false, east = false;
  for (const Polygon& polygon : g.polygons)
    for (const Point& p : polygon.shell) west |= p.x == -180.0, east |= p.x == 180.0;
  return west && east;
}

Geometry empty_polygon() {
  Geometry out;
  out.kind = GeometryKind::polygon;
  return out;
}

/// Longitudes of every part near those of the vertex before.
Geometry running(const Geometry& g) {
  Geometry out = g;
  const auto run = [](Path& path) {
    for (std::size_t i = 1; i < path.size(); ++i)
      path[i].x = longitude_near(path[i].x, path[i - 1].x);
  };
  for (Path& line : out.lines) run(line);
  for (Polygon& polygon : out.polygons) {
    run(polygon.shell);
    for (Path& hole : polygon.holes) run(hole);
  }
  return out;
}

bool plain(const SetbackShape& shape) {
  return shape.cap == Cap::round && shape.side == BufferSide::both;
}

Geometry joined(const std::vector<const Geometry*>& geometries) {
  Geometry out;
  out.kind = geometries.front()->kind;
  for (const Geometry* one : geometries) {
    if (one->kind != GeometryKind::point) out.kind = one->kind;
    out.points.insert(out.points.end(), one->points.begin(), one->points.end());
    out.lines.insert(out.lines.end(), one->lines.begin(), one->lines.end());
    out.polygons.insert(out.polygons.end(), one->polygons.begin(), one->polygons.end());
  }
  return out;
}

/// The vertices before `run` on `path` (where it begins at `first`) for a length of `length_m`.
Path with_lead(const Path& path, std::size_t first, const Path& run, double length_m,
               const Geodesic& geodesic) {
  Path lead;
  double length = 0.0;
  for (std::size_t i = first; i > 0 && length < length_m; --i) {
    length += geodesic.distance_m({path[i].x, path[i].y}, {path[i - 1].x, path[i - 1].y});
    lead.push_back(path[i - 1]);
  }
  std::reverse(lead.begin(), lead.end());
  lead.insert(lead.end(), run.begin(), run.end());
  return lead;
}

}  // namespace

double tolerance_for(double distance_m, const BufferOptions& options) {
  const double distance = std::abs(distance_m);
  return std::isnan(options.tolerance_m) ? options.tolerance * distance
                                         : std::min(options.tolerance_m, 0.1 * distance);
}

bool is_seam(Point a, Point b) {
  return (std::abs(a.x) == 180.0 && a.x == b.x) || (std::abs(a.y) == 90.0 && a.y == b.y);
}

std::vector<Path> boundary_of(const Geometry& g) {
  std::vector<Path> out = g.lines;
  const bool seams = touches_both_seams(g);
  const auto ring = [&](const Path& path) {
    if (!seams) {
      out.push_back(path);
      return;
    }
    Path part;
    for (std::size_t i = 0; i < path.size(); ++i) {
      if (i > 0 && is_seam(path[i - 1], path[i])) {
        if (part.size() > 1) out.push_back(part);
        part.clear();
      }
      part.push_back(path[i]);
    }
    if (part.size() > 1) out.push_back(part);
  };
  for (const Polygon& polygon : g.polygons) {
    ring(polygon.shell);
    for (const Path& hole : polygon.holes) ring(hole);
  }
  return out;
}

BufferWorker::BufferWorker(const Crs& crs, const BufferOptions& options)
    : crs_(crs), options_(options) {
  if (crs.is_local()) return;
  base_ = geodetic_base(crs);
  to_base_ = std::make_unique<Transform>(crs, base_);
  from_base_ = std::make_unique<Transform>(base_, crs);
  geodesic_ = Geodesic(crs);
}

SetbackShape BufferWorker::shape_of(double distance_m, int finer) const {
  SetbackShape shape;
  shape.distance_m = std::abs(distance_m);
  shape.tolerance_m = tolerance_for(distance_m, options_);
  shape.conservative = options_.conservative;
  shape.cap = options_.cap;
  shape.finer = finer;
  shape.exact = finer >= kExact;
  if (options_.side == SetbackSide::left) shape.side = BufferSide::left;
  if (options_.side == SetbackSide::right) shape.side = BufferSide::right;
  return shape;
}

void BufferWorker::check_reach(double distance_m) const {
  SetbackShape shape = shape_of(distance_m, 0);
  if (crs_.is_local() || plain(shape) || shape.distance_m == 0.0) return;
  // Runs overlap by twice the distance, all of it within reach of one frame.
  if (plan_of(shape).reach_m < 3.5 * shape.distance_m)
    throw Error("buffer.distance_range",
                "flat or square ends, and one side alone, reach up to " +
                    fixed_text(plan_of(shape).reach_m / 3500.0, 0) + " km",
                {}, "Use round ends and both sides for setbacks so wide.");
}

Geometry BufferWorker::buffer(const Geometry& feature, double distance_m, int finer) const {
  if (feature.empty()) return empty_polygon();
  const bool inwards = distance_m < 0.0 || options_.side == SetbackSide::in;
  const SetbackShape shape = shape_of(distance_m, finer);
  if (shape.distance_m == 0.0)
    return feature.kind != GeometryKind::polygon ? empty_polygon()
           : crs_.is_local()                     ? feature
                             : cut_at_antimeridian(to_lonlat(feature, *to_base_, options_.edges));
  if (crs_.is_local()) return planar(feature, shape, inwards);
  const SetbackPlan plan = plan_of(shape);
  const bool ring = options_.side == SetbackSide::out && feature.kind == GeometryKind::polygon;
  const bool circle = feature.kind == GeometryKind::point && feature.points.size() == 1;
  std::optional<Geometry> outlined;
  if (!circle) outlined = outline({&feature}, shape, inwards, 1, {});
  if (outlined && !ring) return std::move(*outlined);
  EdgeOptions edges;
  edges.tolerance_m = std::min(0.01, 0.1 * plan.working_m);
  edges.longest_m = plan.longest_edge_m;
  edges.for_geodesics = true;
  const Geometry lonlat = to_lonlat(feature, *to_base_, options_.edges, edges);
  const Geometry near = outlined ? std::move(*outlined) : grow(lonlat, shape, plan, inwards);
  if (!ring) return near;
  return difference(near, cut_at_antimeridian(lonlat));
}

std::optional<Geometry> BufferWorker::outline(const std::vector<const Geometry*>& features,
                                              const SetbackShape& shape, bool inwards, int jobs,
                                              const Progress& progress) const {
  const bool polygons = features.front()->kind == GeometryKind::polygon;
  const OutlineSide side = !polygons ? OutlineSide::both
                           : inwards ? OutlineSide::inside
                                     : OutlineSide::outside;
  if (!plain(shape) || shape.exact) return std::nullopt;
  if (crs_.is_local()) {
    SetbackShape units = shape;
    units.distance_m /= crs_.metres_per_unit;
    units.tolerance_m /= crs_.metres_per_unit;
    return outline_near(joined(features), side, units, nullptr, jobs, progress);
  }
  const SetbackPlan plan = plan_of(shape);
  if (!plan.frames) return std::nullopt;
  EdgeOptions edges;
  edges.longest_m = outline_edge_m(shape);
  edges.tolerance_m = std::numeric_limits<double>::infinity();
  edges.for_geodesics = options_.edges == Edges::straight;
  // Geodesics are straight in the frames, other edges are followed.
  if (edges.for_geodesics) edges.tolerance_m = 0.05 * plan.working_m;
  std::vector<Geometry> lonlat(features.size());
  parallel_blocks(
      features.size(), 256, features.size() > 256 ? jobs : 1,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t i = begin; i < end; ++i)
          lonlat[i] = to_lonlat(*features[i], *to_base_, options_.edges, edges);
      },
      progress);
  std::vector<const Geometry*> all;
  for (const Geometry& one : lonlat) {
    if (touches_both_seams(one)) return std::nullopt;
    all.push_back(&one);
  }
  return outline_near(all.size() == 1 ? lonlat.front() : joined(all), side, shape, &geodesic_, jobs,
                      progress);
}

std::optional<Geometry> BufferWorker::buffer_together(const std::vector<const Geometry*>& features,
                                                      double distance_m, int finer, int jobs,
                                                      const Progress& progress) const {
  if (!(distance_m > 0.0) || features.empty()) return std::nullopt;
  return outline(features, shape_of(distance_m, finer), false, jobs, progress);
}

Geometry BufferWorker::to_crs(const Geometry& degrees, double tolerance_m) const {
  if (crs_.is_local() || from_base_->is_identity()) return degrees;
  return reproject(degrees, *from_base_, tolerance_m);
}

double BufferWorker::area(const Geometry& geometry) const {
  return geometry.empty() ? 0.0 : area_m2(geometry, crs_, Edges::straight);
}

Geometry BufferWorker::planar(const Geometry& feature, const SetbackShape& shape,
                              bool inwards) const {
  const SetbackPlan plan = plan_of(shape);
  const double units = plan.radius_m / crs_.metres_per_unit;
  auto outlined = outline({&feature}, shape, inwards, 1, {});
  const Geometry near = outlined ? std::move(*outlined)
                                 : planar_buffer(feature, inwards ? -units : units, plan.segments,
                                                 shape.cap, shape.side);
  if (options_.side != SetbackSide::out || feature.kind != GeometryKind::polygon) return near;
  return difference(near, feature);
}

Geometry BufferWorker::grow(const Geometry& lonlat, const SetbackShape& shape,
                            const SetbackPlan& plan, bool inwards) const {
  if (lonlat.kind == GeometryKind::point) {
    std::vector<Geometry> circles;
    for (const Point& p : lonlat.points) circles.push_back(ground_near({p}, shape, geodesic_));
    return circles.size() == 1 ? circles.front() : unite(circles);
  }
  const Geometry whole = running(lonlat);
  if (plan.frames && !touches_both_seams(lonlat) && extent_of(whole).radius_m <= plan.run_m)
    return ground_near_small(whole, shape, inwards, geodesic_);
  std::vector<Geometry> parts;
  for (const Path& path : boundary_of(lonlat.kind == GeometryKind::polygon ? lonlat : whole))
    along(path, shape, plan, parts);
  Geometry near = unite(parts);
  if (lonlat.kind != GeometryKind::polygon) return near;
  const Geometry own = cut_at_antimeridian(lonlat);
  return inwards ? difference(own, near) : unite(std::vector<Geometry>{own, std::move(near)});
}

void BufferWorker::along(const Path& path, const SetbackShape& shape, const SetbackPlan& plan,
                         std::vector<Geometry>& parts) const {
  std::size_t first = 0;
  for (const Path& run : runs_of(path, plan.run_m)) {
    // Only the ends of the whole line are ends: where runs meet, each reaches back so far that the
    // end of the one before lies inside it.
    parts.push_back(ground_near(
        plain(shape) ? run : with_lead(path, first, run, 2.0 * shape.distance_m, geodesic_), shape,
        geodesic_));
    first += run.size() - 1;
  }
}

}  // namespace lode
