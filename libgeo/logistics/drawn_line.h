// What a line along geodesics is drawn as by a program that joins vertices straight in degrees.
#pragma once

#include <vector>

#include "libgeo/crs/geodesic.h"
#include "libgeo/geometry/geometry.h"

namespace lode {

/// A line along the geodesics between the places, for files and maps. Long edges get vertices until
/// the straight line in degrees keeps within 0.5 km of the geodesic; an edge over 180 degrees of
/// longitude is cut where the geodesic passes them, at one latitude on both sides (RFC
/// 7946, 3.1.9). A pole takes the longitudes of its neighbours: the line runs along the edge of the
/// map there. Longitudes in [-180, 180]; parts of one vertex are left out.
[[nodiscard]] Geometry drawn_line(const Geodesic& geodesic, const std::vector<LonLat>& path);

}  // namespace lode
