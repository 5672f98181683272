// Set operations, buffers and line merging through GEOS, rung by rung.
#include "libgeo/geometry/overlay.h"

#include <geos_c.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "libgeo/core/error.h"
#include "libgeo/geometry/geos_handles.h"
#include "libgeo/geometry/near_part.h"
#include "libgeo/geometry/overlay_ladder.h"

namespace lode {
namespace {

using geos::context;
using geos::Handle;

[[noreturn]] void refuse(const std::string& operation) {
  throw Error("geometry.overlay",
              "GEOS cannot compute the " + operation + ": " + geos::take_message(), {},
              "Repair the layer, or simplify it by a millimetre.");
}

/// A grid of a millimetre or less: a power of ten near 1e-10 of the largest coordinate, which is
/// 0.1 mm for metres of a zone and 1e-8 degrees (1 mm) for longitude and latitude.
double grid_for(const Box& box) {
  const double largest = std::max(
      {std::abs(box.min_x), std::abs(box.max_x), std::abs(box.min_y), std::abs(box.max_y), 1e-3});
  return std::pow(10.0, std::floor(std::log10(largest)) - 10.0);
}

int dimension(GeometryKind kind) {
  return kind == GeometryKind::polygon ? 2 : kind == GeometryKind::line ? 1 : 0;
}

Geometry nothing(GeometryKind kind) {
  Geometry g;
  g.kind = kind;
  return g;
}

double planar_area(const GEOSGeometry* g) {
  double area = 0.0;
  GEOSArea_r(context(), g, &area);
  return area;
}

Handle snapped_to(const GEOSGeometry* a, const GEOSGeometry* b, double tolerance) {
  return Handle(GEOSSnap_r(context(), a, b, tolerance));
}

OverlayOutcome outcome_of(geos::Climbed climbed, GeometryKind kind) {
  OverlayOutcome out;
  out.rung = climbed.rung;
  out.fault = std::move(climbed.fault);
  out.done = climbed.result != nullptr;
  out.geometry = out.done ? geos::from_geos(climbed.result.get(), kind) : nothing(kind);
  return out;
}

OverlayOutcome intersect_whole(const Geometry& a, const Geometry& b, GeometryKind kind,
                               double grid) {
  const Handle ga = geos::to_geos(a), gb = geos::to_geos(b);
  geos::AreaBounds bounds;
  bounds.most = kind == GeometryKind::polygon
                    ? std::min(std::abs(planar_area(ga.get())), std::abs(planar_area(gb.get())))
                    : std::numeric_limits<double>::infinity();
  return outcome_of(
      geos::climb({[&] { return GEOSIntersection_r(context(), ga.get(), gb.get()); },
                   [&]() -> GEOSGeometry* {
                     const Handle snapped = snapped_to(ga.get(), gb.get(), grid);
                     return snapped ? GEOSIntersection_r(context(), snapped.get(), gb.get())
                                    : nullptr;
                   },
                   [&] { return GEOSIntersectionPrec_r(context(), ga.get(), gb.get(), grid); }},
                  bounds),
      kind);
}

OverlayOutcome subtract_whole(const Geometry& a, const Geometry& b, double grid) {
  const Handle ga = geos::to_geos(a), gb = geos::to_geos(b);
  geos::AreaBounds bounds;
  bounds.most = std::numeric_limits<double>::infinity();
  if (a.kind == GeometryKind::polygon) {
    bounds.most = std::abs(planar_area(ga.get()));
    bounds.least = std::max(0.0, bounds.most - std::abs(planar_area(gb.get())));
  }
  return outcome_of(
      geos::climb({[&] { return GEOSDifference_r(context(), ga.get(), gb.get()); },
                   [&]() -> GEOSGeometry* {
                     const Handle snapped = snapped_to(gb.get(), ga.get(), grid);
                     return snapped ? GEOSDifference_r(context(), ga.get(), snapped.get())
                                    : nullptr;
                   },
                   [&] { return GEOSDifferencePrec_r(context(), ga.get(), gb.get(), grid); }},
                  bounds),
      a.kind);
}

/// One after the other, each snapped to what is there already.
GEOSGeometry* unite_snapped(const GEOSGeometry* all, double tolerance) {
  const int n = GEOSGetNumGeometries_r(context(), all);
  Handle sum(GEOSGeom_clone_r(context(), GEOSGetGeometryN_r(context(), all, 0)));
  for (int i = 1; i < n && sum; ++i) {
    const Handle next = snapped_to(GEOSGetGeometryN_r(context(), all, i), sum.get(), tolerance);
    if (!next) return nullptr;
    sum.reset(GEOSUnion_r(context(), sum.get(), next.get()));
  }
  return sum.release();
}

Geometry geometry_of(OverlayOutcome outcome, const char* operation) {
  if (!outcome.done) {
    geos::keep_message(std::move(outcome.fault));
    refuse(operation);
  }
  return std::move(outcome.geometry);
}

}  // namespace

OverlayOutcome try_intersection(const Geometry& a, const Geometry& b) {
  const GeometryKind kind = dimension(a.kind) <= dimension(b.kind) ? a.kind : b.kind;
  OverlayOutcome out;
  out.geometry = nothing(kind);
  if (a.empty() || b.empty()) return out;
  const Box box_a = box_of(a), box_b = box_of(b);
  if (!box_a.meets(box_b)) return out;
  Box both = box_a;
  both.add(box_b);
  const double grid = grid_for(both);
  const bool cut_a = worth_cutting_down(a), cut_b = worth_cutting_down(b);
  if (cut_a || cut_b) {
    const Geometry near_a = cut_a ? part_near(a, box_b) : Geometry{};
    const Geometry near_b = cut_b ? part_near(b, box_a) : Geometry{};
    if ((cut_a && near_a.empty()) || (cut_b && near_b.empty())) return out;
    out = intersect_whole(cut_a ? near_a : a, cut_b ? near_b : b, kind, grid);
    if (out.done && out.rung == OverlayRung::floating) return out;
  }
  return intersect_whole(a, b, kind, grid);
}

OverlayOutcome try_difference(const Geometry& a, const Geometry& b) {
  OverlayOutcome out;
  out.geometry = a;
  if (a.empty() || b.empty()) return out;
  const Box box_a = box_of(a), box_b = box_of(b);
  if (!box_a.meets(box_b)) return out;
  Box both = box_a;
  both.add(box_b);
  const double grid = grid_for(both);
  if (worth_cutting_down(b)) {
    const Geometry near = part_near(b, box_a);
    if (near.empty()) return out;
    OverlayOutcome quick = subtract_whole(a, near, grid);
    if (quick.done && quick.rung == OverlayRung::floating) return quick;
  }
  return subtract_whole(a, b, grid);
}

OverlayOutcome try_unite(const std::vector<const Geometry*>& geometries) {
  Geometry all;
  for (const Geometry* g : geometries)
    if (!g->empty() && (all.kind == GeometryKind::none || dimension(g->kind) > dimension(all.kind)))
      all.kind = g->kind;
  Box box;
  for (const Geometry* g : geometries) {
    if (g->empty() || g->kind != all.kind) continue;
    box.add(box_of(*g));
    all.points.insert(all.points.end(), g->points.begin(), g->points.end());
    all.lines.insert(all.lines.end(), g->lines.begin(), g->lines.end());
    all.polygons.insert(all.polygons.end(), g->polygons.begin(), g->polygons.end());
  }
  OverlayOutcome out;
  if (all.empty()) {
    out.geometry = std::move(all);
    return out;
  }
  const Handle g = geos::to_geos(all);
  const GeometryKind kind = all.kind;
  all = {};
  const double grid = grid_for(box);
  geos::AreaBounds bounds;
  bounds.most = std::numeric_limits<double>::infinity();
  if (kind == GeometryKind::polygon) {
    bounds.most = planar_area(g.get());
    for (int i = 0, n = GEOSGetNumGeometries_r(context(), g.get()); i < n; ++i)
      bounds.least = std::max(bounds.least, planar_area(GEOSGetGeometryN_r(context(), g.get(), i)));
  }
  return outcome_of(geos::climb({[&] { return GEOSUnaryUnion_r(context(), g.get()); },
                                 [&] { return unite_snapped(g.get(), grid); },
                                 [&] { return GEOSUnaryUnionPrec_r(context(), g.get(), grid); }},
                                bounds),
                    kind);
}

Geometry intersection(const Geometry& a, const Geometry& b) {
  return geometry_of(try_intersection(a, b), "intersection");
}

Geometry difference(const Geometry& a, const Geometry& b) {
  return geometry_of(try_difference(a, b), "difference");
}

Geometry unite(const std::vector<const Geometry*>& geometries) {
  return geometry_of(try_unite(geometries), "union");
}

void report_overlay(const OverlayOutcome& outcome, const std::string& what,
                    const std::string& where, Findings& findings) {
  if (!outcome.done) {
    findings.add("overlay.failed", Severity::warning, where,
                 what + ": no way to compute it was found and it is left out (" + outcome.fault +
                     "); mend the features");
  } else if (outcome.rung != OverlayRung::floating) {
    const char* how = outcome.rung == OverlayRung::grid
                          ? "computed on a grid of a millimetre or less"
                          : "computed with vertices snapped by a millimetre or less";
    findings.add("overlay.snapped", Severity::note, where,
                 what + ": " + how + " (" + outcome.fault + ")");
  }
}

std::optional<Geometry> told(OverlayOutcome outcome, const std::string& what,
                             const std::string& where, Findings& findings) {
  report_overlay(outcome, what, where, findings);
  if (!outcome.done) return std::nullopt;
  return std::move(outcome.geometry);
}

Geometry unite(const std::vector<Geometry>& geometries) {
  std::vector<const Geometry*> pointers;
  for (const Geometry& g : geometries) pointers.push_back(&g);
  return unite(pointers);
}

bool intersects(const Geometry& a, const Geometry& b) {
  if (a.empty() || b.empty() || !box_of(a).meets(box_of(b))) return false;
  const Handle ga = geos::to_geos(a), gb = geos::to_geos(b);
  const char answer =
      geos::stoppable_answer([&] { return GEOSIntersects_r(context(), ga.get(), gb.get()); });
  if (answer == 2) refuse("meeting of two geometries");
  return answer == 1;
}

namespace {

enum class Where { outside, boundary, inside };

/// Ray to the right; exact signs through GEOS's orientation predicate.
Where where_in_ring(const Path& ring, Point p) {
  bool inside = false;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
    const Point a = ring[i], b = ring[i + 1];
    if ((a.x < p.x && b.x < p.x) || std::max(a.y, b.y) < p.y || std::min(a.y, b.y) > p.y) continue;
    if (a == p || b == p) return Where::boundary;
    if (a.y == b.y) {
      if (std::min(a.x, b.x) <= p.x && p.x <= std::max(a.x, b.x)) return Where::boundary;
      continue;
    }
    const bool spans = (a.y > p.y) != (b.y > p.y);
    const int side = GEOSOrientationIndex_r(context(), a.x, a.y, b.x, b.y, p.x, p.y);
    if (side == 0)
      return Where::boundary;  // the box of the edge holds p in y, and in x on the line
    if (spans && (side > 0) == (b.y > a.y)) inside = !inside;
  }
  return inside ? Where::inside : Where::outside;
}

}  // namespace

bool covers(const Geometry& polygon, Point place) {
  for (const Polygon& part : polygon.polygons) {
    const Where shell = where_in_ring(part.shell, place);
    if (shell == Where::outside) continue;
    if (shell == Where::boundary) return true;
    const bool in_hole = std::any_of(part.holes.begin(), part.holes.end(), [&](const Path& hole) {
      return where_in_ring(hole, place) == Where::inside;
    });
    if (!in_hole) return true;
  }
  return false;
}

Geometry merge_lines(const std::vector<const Geometry*>& lines) {
  Geometry all = nothing(GeometryKind::line);
  for (const Geometry* g : lines)
    for (const Path& line : g->lines)
      if (line.size() > 1) all.lines.push_back(line);
  if (all.empty()) return all;
  const Handle g = geos::to_geos(all);
  const Handle merged = geos::stoppable([&] { return GEOSLineMerge_r(context(), g.get()); });
  if (!merged) refuse("merging of lines");
  return geos::from_geos(merged.get(), GeometryKind::line);
}

Geometry planar_buffer(const Geometry& geometry, double distance, int segments, Cap cap,
                       BufferSide side) {
  if (!std::isfinite(distance) || segments < 1)
    throw Error("geometry.buffer", "a buffer needs a finite distance and one segment or more");
  if (geometry.empty()) return nothing(GeometryKind::polygon);
  const Handle g = geos::to_geos(geometry);
  const std::unique_ptr<GEOSBufferParams, void (*)(GEOSBufferParams*)> params(
      GEOSBufferParams_create_r(context()),
      [](GEOSBufferParams* p) { GEOSBufferParams_destroy_r(context(), p); });
  const int style = cap == Cap::round  ? GEOSBUF_CAP_ROUND
                    : cap == Cap::flat ? GEOSBUF_CAP_FLAT
                                       : GEOSBUF_CAP_SQUARE;
  GEOSBufferParams_setEndCapStyle_r(context(), params.get(), style);
  GEOSBufferParams_setQuadrantSegments_r(context(), params.get(), segments);
  double signed_distance = distance;
  if (side != BufferSide::both && geometry.kind == GeometryKind::line) {
    GEOSBufferParams_setSingleSided_r(context(), params.get(), 1);
    signed_distance = side == BufferSide::left ? std::abs(distance) : -std::abs(distance);
  }
  const Handle result = geos::stoppable(
      [&] { return GEOSBufferWithParams_r(context(), g.get(), params.get(), signed_distance); });
  if (!result) refuse("buffer");
  return geos::from_geos(result.get(), GeometryKind::polygon);
}

Geometry simplify(const Geometry& geometry, double tolerance) {
  if (geometry.empty() || geometry.kind == GeometryKind::point || !(tolerance > 0.0))
    return geometry;
  const Handle g = geos::to_geos(geometry);
  const Handle result = geos::stoppable(
      [&] { return GEOSTopologyPreserveSimplify_r(context(), g.get(), tolerance); });
  if (!result) refuse("simplification");
  return geos::from_geos(result.get(), geometry.kind);
}

}  // namespace lode
