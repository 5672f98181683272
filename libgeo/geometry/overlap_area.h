// How much area two polygons share, without making the polygon that they share.
#pragma once

#include <optional>

#include "libgeo/geometry/geometry.h"

namespace lode {

/// Planar area of what two valid polygons share, in squared units of the coordinates: the line
/// integral (x dy - y dx) / 2 along the edges of each within the other. Nothing where an edge of
/// one comes within `nearness` of a vertex of the other, or a count does not close: then set
/// operations with exact predicates must say.
[[nodiscard]] std::optional<double> overlap_area(const Geometry& a, const Geometry& b,
                                                 double nearness);

}  // namespace lode
