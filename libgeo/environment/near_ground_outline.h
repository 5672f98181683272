// The outline of the ground near a whole network of edges, traced without uniting anything.
#pragma once

#include <optional>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/crs/geodesic.h"
#include "libgeo/environment/near_ground.h"
#include "libgeo/geometry/geometry.h"

namespace lode {

enum class OutlineSide {
  both,     ///< around lines and places
  outside,  ///< polygons with the ground around them
  inside,   ///< what is left inside polygons
};

/// Everything within the distance of the edges of one geometry in degrees (metres of a mine grid
/// when `geodesic` is null), longitudes running on, edges as long as `outline_edge_m` at most;
/// united, cut at the antimeridian and closed over the poles.
///
/// Every edge is bounded by the two lines beside it, every node by the circle about it. Each such
/// curve is worked on in the plane of a tile about it: what lies in the ground near other edges is
/// cut out of it, and the pieces that are left are joined into rings by the curves at which they
/// begin and end. So nothing is simplified, no polygons are united, and the work grows with the
/// edges and their neighbours. Empty when the pieces do not close, or the shape is not one of round
/// ends within reach of frames: the caller then takes another way. The same bits for any `jobs`.
[[nodiscard]] std::optional<Geometry> outline_near(const Geometry& geometry, OutlineSide side,
                                                   const SetbackShape& shape,
                                                   const Geodesic* geodesic, int jobs = 1,
                                                   const Progress& progress = {});

/// Longest edge that `outline_near` should be given.
[[nodiscard]] double outline_edge_m(const SetbackShape& shape);

}  // namespace lode
