// Rings over the antimeridian and around the poles, cut and closed as RFC 7946 asks.
#pragma once

#include "libgeo/geometry/geometry.h"

namespace lode {

/// On which side of a ring that winds around a pole its inside lies.
enum class PoleRule {
  smaller,  ///< towards the nearer pole (rings from files)
  left,     ///< to the left of the shell, to the right of a hole (rings of known winding)
};

/// True when a longitude lies outside -180..180 or two neighbours lie more than 180 degrees apart
/// (but for edges along a seam that is closed already).
[[nodiscard]] bool crosses_antimeridian(const Geometry& lonlat);

/// Degrees in, degrees within -180..180 out: lines and polygons cut at the antimeridian, rings
/// around a pole closed along it (RFC 7946, 3.1.9). Returns the input when nothing crosses.
[[nodiscard]] Geometry cut_at_antimeridian(const Geometry& lonlat,
                                           PoleRule rule = PoleRule::smaller);

/// Longitude brought to within 180 degrees of `near`.
[[nodiscard]] double longitude_near(double lon_deg, double near_deg);

}  // namespace lode
