// Set operations, buffers and line merging through GEOS, floating first, then on a fine grid.
#include "libgeo/geometry/overlay.h"

#include <geos_c.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "libgeo/core/error.h"
#include "libgeo/geometry/geos_handles.h"

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

Handle checked(GEOSGeometry* floating, const std::function<GEOSGeometry*()>& snapped,
               const char* operation) {
  Handle result(floating);
  if (!result) result.reset(snapped());
  if (!result) refuse(operation);
  return result;
}

int dimension(GeometryKind kind) {
  return kind == GeometryKind::polygon ? 2 : kind == GeometryKind::line ? 1 : 0;
}

Geometry nothing(GeometryKind kind) {
  Geometry g;
  g.kind = kind;
  return g;
}

}  // namespace

Geometry intersection(const Geometry& a, const Geometry& b) {
  const GeometryKind kind = dimension(a.kind) <= dimension(b.kind) ? a.kind : b.kind;
  const Box box_a = box_of(a), box_b = box_of(b);
  if (a.empty() || b.empty() || !box_a.meets(box_b)) return nothing(kind);
  const Handle ga = geos::to_geos(a), gb = geos::to_geos(b);
  Box both = box_a;
  both.add(box_b);
  const Handle result = checked(
      GEOSIntersection_r(context(), ga.get(), gb.get()),
      [&] { return GEOSIntersectionPrec_r(context(), ga.get(), gb.get(), grid_for(both)); },
      "intersection");
  return geos::from_geos(result.get(), kind);
}

Geometry difference(const Geometry& a, const Geometry& b) {
  const Box box_a = box_of(a), box_b = box_of(b);
  if (a.empty() || b.empty() || !box_a.meets(box_b)) return a;
  const Handle ga = geos::to_geos(a), gb = geos::to_geos(b);
  Box both = box_a;
  both.add(box_b);
  const Handle result = checked(
      GEOSDifference_r(context(), ga.get(), gb.get()),
      [&] { return GEOSDifferencePrec_r(context(), ga.get(), gb.get(), grid_for(both)); },
      "difference");
  return geos::from_geos(result.get(), a.kind);
}

Geometry unite(const std::vector<const Geometry*>& geometries) {
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
  if (all.empty()) return all;
  const Handle g = geos::to_geos(all);
  const Handle result = checked(
      GEOSUnaryUnion_r(context(), g.get()),
      [&] { return GEOSUnaryUnionPrec_r(context(), g.get(), grid_for(box)); }, "union");
  return geos::from_geos(result.get(), all.kind);
}

Geometry unite(const std::vector<Geometry>& geometries) {
  std::vector<const Geometry*> pointers;
  for (const Geometry& g : geometries) pointers.push_back(&g);
  return unite(pointers);
}

bool intersects(const Geometry& a, const Geometry& b) {
  if (a.empty() || b.empty() || !box_of(a).meets(box_of(b))) return false;
  const Handle ga = geos::to_geos(a), gb = geos::to_geos(b);
  const char answer = GEOSIntersects_r(context(), ga.get(), gb.get());
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
  const Handle merged(GEOSLineMerge_r(context(), g.get()));
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
  const Handle result(GEOSBufferWithParams_r(context(), g.get(), params.get(), signed_distance));
  if (!result) refuse("buffer");
  return geos::from_geos(result.get(), GeometryKind::polygon);
}

Geometry simplify(const Geometry& geometry, double tolerance) {
  if (geometry.empty() || geometry.kind == GeometryKind::point || !(tolerance > 0.0))
    return geometry;
  const Handle g = geos::to_geos(geometry);
  const Handle result(GEOSTopologyPreserveSimplify_r(context(), g.get(), tolerance));
  if (!result) refuse("simplification");
  return geos::from_geos(result.get(), geometry.kind);
}

}  // namespace lode
