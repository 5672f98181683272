// Conversion between plain vectors and GEOS, with one context a thread.
#include "libgeo/geometry/geos_handles.h"

#include <geos_c.h>

#include <algorithm>
#include <utility>

#include "libgeo/core/error.h"

namespace lode {

double signed_planar_area(const Path& ring) {
  if (ring.size() < 3) return 0.0;
  const Point o = ring.front();
  double twice = 0.0;
  for (std::size_t i = 1; i + 1 < ring.size(); ++i)
    twice += (ring[i].x - o.x) * (ring[i + 1].y - o.y) - (ring[i + 1].x - o.x) * (ring[i].y - o.y);
  return 0.5 * twice;
}

void wind(Polygon& polygon) {
  if (signed_planar_area(polygon.shell) < 0.0)
    std::reverse(polygon.shell.begin(), polygon.shell.end());
  for (Path& hole : polygon.holes)
    if (signed_planar_area(hole) > 0.0) std::reverse(hole.begin(), hole.end());
}

}  // namespace lode

namespace lode::geos {
namespace {

struct Context {
  Context() : handle(GEOS_init_r()) {
    GEOSContext_setErrorMessageHandler_r(
        handle, [](const char* text, void* self) { static_cast<Context*>(self)->message = text; },
        this);
    GEOSContext_setNoticeMessageHandler_r(
        handle, [](const char*, void*) {}, nullptr);
  }
  ~Context() { GEOS_finish_r(handle); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  GEOSContextHandle_t handle;
  std::string message;
};

Context& of_thread() {
  thread_local Context context;
  return context;
}

[[noreturn]] void refuse() {
  throw Error("geometry.overlay", "GEOS cannot take the geometry: " + take_message(), {},
              "Repair the layer first.");
}

GEOSCoordSequence* sequence(const Path& path) {
  static_assert(sizeof(Point) == 2 * sizeof(double));
  GEOSCoordSequence* out =
      GEOSCoordSeq_copyFromBuffer_r(context(), path.empty() ? nullptr : &path.front().x,
                                    static_cast<unsigned>(path.size()), 0, 0);
  if (out == nullptr) refuse();
  return out;
}

GEOSGeometry* ring(const Path& path) {
  GEOSGeometry* out = GEOSGeom_createLinearRing_r(context(), sequence(path));
  if (out == nullptr) refuse();
  return out;
}

GEOSGeometry* polygon(const Polygon& polygon) {
  Handle shell(ring(polygon.shell));
  std::vector<Handle> holes;
  for (const Path& hole : polygon.holes) holes.emplace_back(ring(hole));
  std::vector<GEOSGeometry*> raw;
  for (Handle& hole : holes) raw.push_back(hole.release());
  GEOSGeometry* out = GEOSGeom_createPolygon_r(context(), shell.release(), raw.data(),
                                               static_cast<unsigned>(raw.size()));
  if (out == nullptr) refuse();
  return out;
}

Handle collection(int type, std::vector<Handle> parts) {
  std::vector<GEOSGeometry*> raw;
  for (Handle& part : parts) raw.push_back(part.release());
  Handle out(
      GEOSGeom_createCollection_r(context(), type, raw.data(), static_cast<unsigned>(raw.size())));
  if (!out) refuse();
  return out;
}

Path path_of(const GEOSGeometry* g) {
  const GEOSCoordSequence* seq = GEOSGeom_getCoordSeq_r(context(), g);
  unsigned size = 0;
  if (seq == nullptr || GEOSCoordSeq_getSize_r(context(), seq, &size) == 0) refuse();
  Path path(size);
  if (size > 0 && GEOSCoordSeq_copyToBuffer_r(context(), seq, &path.front().x, 0, 0) == 0) refuse();
  return path;
}

Polygon polygon_of(const GEOSGeometry* g) {
  Polygon out;
  out.shell = path_of(GEOSGetExteriorRing_r(context(), g));
  const int holes = GEOSGetNumInteriorRings_r(context(), g);
  for (int i = 0; i < holes; ++i)
    out.holes.push_back(path_of(GEOSGetInteriorRingN_r(context(), g, i)));
  wind(out);
  return out;
}

void collect(const GEOSGeometry* g, GeometryKind kind, Geometry& out) {
  if (g == nullptr || GEOSisEmpty_r(context(), g) == 1) return;
  switch (GEOSGeomTypeId_r(context(), g)) {
    case GEOS_POINT:
      if (kind == GeometryKind::point) out.points.push_back(path_of(g).front());
      return;
    case GEOS_LINESTRING:
    case GEOS_LINEARRING:
      if (kind == GeometryKind::line) out.lines.push_back(path_of(g));
      return;
    case GEOS_POLYGON:
      if (kind == GeometryKind::polygon) out.polygons.push_back(polygon_of(g));
      return;
    default:
      for (int i = 0, n = GEOSGetNumGeometries_r(context(), g); i < n; ++i)
        collect(GEOSGetGeometryN_r(context(), g, i), kind, out);
  }
}

}  // namespace

void DestroyGeometry::operator()(GEOSGeom_t* g) const {
  GEOSGeom_destroy_r(context(), g);
}

GEOSContextHandle_HS* context() {
  return of_thread().handle;
}

std::string take_message() {
  return std::exchange(of_thread().message, {});
}

void keep_message(std::string message) {
  of_thread().message = std::move(message);
}

Handle to_geos(const Geometry& geometry) {
  std::vector<Handle> parts;
  if (geometry.kind == GeometryKind::point) {
    for (const Point& p : geometry.points)
      parts.emplace_back(GEOSGeom_createPointFromXY_r(context(), p.x, p.y));
    return collection(GEOS_MULTIPOINT, std::move(parts));
  }
  if (geometry.kind == GeometryKind::line) {
    for (const Path& line : geometry.lines) {
      parts.emplace_back(GEOSGeom_createLineString_r(context(), sequence(line)));
      if (!parts.back()) refuse();
    }
    return collection(GEOS_MULTILINESTRING, std::move(parts));
  }
  for (const Polygon& p : geometry.polygons) parts.emplace_back(polygon(p));
  return collection(GEOS_MULTIPOLYGON, std::move(parts));
}

Geometry from_geos(const GEOSGeom_t* g, GeometryKind kind) {
  Geometry out;
  out.kind = kind;
  collect(g, kind, out);
  return out;
}

}  // namespace lode::geos
