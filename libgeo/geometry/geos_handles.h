// GEOS objects owned by this room's sources: one context a thread, plain vectors in and out.
#pragma once

#include <memory>
#include <string>

#include "libgeo/geometry/geometry.h"

struct GEOSContextHandle_HS;
struct GEOSGeom_t;

namespace lode::geos {

struct DestroyGeometry {
  void operator()(GEOSGeom_t* g) const;
};
using Handle = std::unique_ptr<GEOSGeom_t, DestroyGeometry>;

[[nodiscard]] GEOSContextHandle_HS* context();
/// The last message of GEOS in this thread, cleared.
[[nodiscard]] std::string take_message();
void keep_message(std::string message);

/// Rings must be closed and have four vertices or more. Error "geometry.overlay" when GEOS refuses.
[[nodiscard]] Handle to_geos(const Geometry& geometry);
/// Parts of `kind` only, those of collections too; shells counter-clockwise, holes clockwise.
[[nodiscard]] Geometry from_geos(const GEOSGeom_t* g, GeometryKind kind);

}  // namespace lode::geos

namespace lode {

/// Planar, positive counter-clockwise, closing vertex optional, relative to the first vertex.
[[nodiscard]] double signed_planar_area(const Path& ring);
/// Turns shells counter-clockwise and holes clockwise.
void wind(Polygon& polygon);

}  // namespace lode
