// Whether rings surely keep clear of one another and of themselves.
#pragma once

#include "libgeo/geometry/geometry.h"

namespace lode {

/// True when no two edges of the polygons meet but neighbours at their common vertex; false when
/// some do, or come so near that rounding hides the answer. n log n for outlines of even detail.
[[nodiscard]] bool surely_simple(const Geometry& polygons);

}  // namespace lode
