#include "libgeo/core/error.h"
#include "libgeo/deposit/surface_parts.h"

namespace lode::surface_parts {

SurfaceResult volume_of_tins(const Surface& top, const SurfaceBase&, const SurfaceZones&,
                             const SurfaceOptions&, const Progress&) {
  throw Error("surface.mixed", "TINs are not taken", top.name);
}

}  // namespace lode::surface_parts
