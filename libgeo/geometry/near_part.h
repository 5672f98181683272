// Of a large polygon only what a box can see: for set operations with something small.
#pragma once

#include "libgeo/geometry/geometry.h"

namespace lode {

/// True when `part_near` is worth a walk along the boundary.
[[nodiscard]] bool worth_cutting_down(const Geometry& polygon);

/// Polygons that cover the same within the box: parts and holes beside it left out, runs of
/// vertices beyond one of its sides drawn straight. Outside the box edges may cross (set operations
/// bounded by the box do not see it); each ring keeps its highest place and thereby its winding.
[[nodiscard]] Geometry part_near(const Geometry& polygon, const Box& box);

}  // namespace lode
