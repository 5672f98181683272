// Places from well-known binary, as shapely, GEOS and spatial databases write it.
#pragma once

#include <string_view>

#include "libgeo/geometry/geometry.h"

namespace lode::python {

/// ISO and extended WKB of points, lines, polygons, their multiples and collections (of which the
/// highest dimension is kept, as of those in files); heights, measures and SRIDs are passed over.
/// Rings wind as they come. Error "geometry.bad_wkb".
[[nodiscard]] Geometry from_wkb(std::string_view bytes);
/// The same of one kind alone: collections are refused too.
[[nodiscard]] Geometry from_wkb_of_one_kind(std::string_view bytes);

}  // namespace lode::python
