// Edges as their model has them: vertices added until straight lines in a plane follow them.
#pragma once

#include <limits>

#include "libgeo/crs/crs.h"
#include "libgeo/crs/transform.h"
#include "libgeo/geometry/geometry.h"
#include "libgeo/geometry/measure.h"

namespace lode {

struct EdgeOptions {
  double tolerance_m = 0.01;  ///< how far a straight line may lie from its edge, > 0
  /// Longest edge of the result, > 0; endless by default.
  double longest_m = std::numeric_limits<double>::infinity();
  /// True: pieces so short that geodesics between their ends, too, stay within the tolerance.
  bool for_geodesics = false;
};

/// The same geometry in its own CRS with vertices added along edges of the given model, so that
/// planar operations of that CRS see the edges where they are. Straight edges come back as they
/// were. Rings across the antimeridian are cut there and closed over a pole after RFC 7946, 3.1.9.
/// Geographic result lies within -180..180; a local grid's comes back as it was.
[[nodiscard]] Geometry follow_edges(const Geometry& geometry, const Crs& crs, Edges edges,
                                    const EdgeOptions& options = {});

/// The same in degrees on `geodetic_base(crs)`: straight lines between its vertices in longitude
/// and latitude follow the edges within the tolerance. Not cut at the antimeridian: longitude runs
/// on along each ring or line (179, 181), so it can be cut once everything is done.
/// Errors "crs.local", "crs.transform", "crs.not_degrees" (grads and the like).
[[nodiscard]] Geometry to_lonlat(const Geometry& geometry, const Crs& crs, Edges edges,
                                 const EdgeOptions& options = {});

/// As above with the transform to `geodetic_base` made before (for many geometries).
[[nodiscard]] Geometry to_lonlat(const Geometry& geometry, const Transform& to_base, Edges edges,
                                 const EdgeOptions& options = {});

/// Largest distance between a straight line in longitude and latitude and the geodesic between the
/// same two places, bounded from above (twice the sagitta L^2 tan(lat) / 8R); metres.
[[nodiscard]] double edge_gap_bound_m(Point a_deg, Point b_deg);

}  // namespace lode
