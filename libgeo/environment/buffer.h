// Geodesic buffers: setbacks in true metres around points, lines and polygons anywhere on Earth.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/crs/crs.h"
#include "libgeo/geometry/geometry.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/geometry/overlay.h"

namespace lode {

/// Which side of a feature its setback lies on.
enum class SetbackSide {
  both,  ///< around points and lines; polygons grow
  left,  ///< of lines, looking along them
  right,
  out,  ///< of polygons: the ring outside them, without themselves
  in,   ///< of polygons: what is left inside them
};
/// Error "buffer.side" with the known names.
[[nodiscard]] SetbackSide parse_side(const std::string& text);

/// Features to be buffered, all of one CRS. `distance_m` has one value for all, or one each (NaN =
/// none: the feature has no buffer). Negative is inwards, for polygons only.
struct BufferInputs {
  std::vector<Geometry> geometry;
  std::vector<std::string> ids;  ///< for messages; empty = counted from 1
  std::vector<double> distance_m;
  std::vector<std::string> groups;  ///< dissolve those of one text; empty = none
  Crs crs;
};

struct BufferOptions {
  SetbackSide side = SetbackSide::both;
  Cap cap = Cap::round;           ///< of line ends
  Edges edges = Edges::geodesic;  ///< of the input; straight in its CRS otherwise
  /// Most that the setback line may be off, as a share of the distance; 1e-7 to 0.1.
  double tolerance = 1e-3;
  /// The same in metres, for all distances; used instead of the share when it is a number (> 0).
  double tolerance_m = std::numeric_limits<double>::quiet_NaN();
  bool conservative = false;  ///< never nearer than the distance asked for
  /// Outer distances of rings, ascending, > 0; each is the exact difference to the one before it.
  /// Takes the place of the distances.
  std::vector<double> rings_m;
  bool dissolve = false;  ///< join what overlaps, per group
  int jobs = 0;           ///< threads, 0 = all
};

/// One buffer. Rings have the inner distance too.
struct BufferFeature {
  std::size_t source = 0;   ///< feature, or the first one of a dissolved group
  std::size_t members = 1;  ///< features in it
  std::string group;
  double distance_m = 0.0;
  double inner_m = 0.0;
  Geometry geometry;  ///< polygons in the input's CRS; empty when nothing is left
  double area_m2 = 0.0;
  double max_radius_error_m = std::numeric_limits<double>::quiet_NaN();  ///< as probed
};

struct Buffers {
  std::vector<BufferFeature> features;  ///< input order, rings inside out; groups by first member
  /// Largest difference between the distance asked for and that of a boundary place from its
  /// feature, found by probing with the geodesic inverse problem; NaN when nothing was probed.
  double max_radius_error_m = std::numeric_limits<double>::quiet_NaN();
  std::size_t probes = 0;
  Findings findings;  ///< "buffer.nothing_left", "buffer.no_distance", ...
};

/// Buffers on the ellipsoid (planar in a mine grid). Points: vertices by the direct geodesic
/// problem. Lines and polygons: edges cut into runs, buffered in azimuthal equidistant frames
/// (or, for distances too large for those, by exact offsets), united in longitude and latitude,
/// split at the antimeridian and closed over the poles (RFC 7946). Edges of the result are
/// straight in the CRS and follow the setback within the tolerance.
/// Errors: "buffer.negative_distance" (point or line), "buffer.distance_range" (over 5,000 km),
/// "buffer.tolerance", "buffer.rings", "buffer.side", "buffer.nothing_left" (of the whole layer).
[[nodiscard]] Buffers geodesic_buffers(const BufferInputs& inputs,
                                       const BufferOptions& options = {},
                                       const Progress& progress = {});

/// Everything within `distance_m` of one geometry, in its CRS: what `geodesic_buffers` gives for
/// one feature, unprobed.
[[nodiscard]] Geometry setback_of(const Geometry& geometry, const Crs& crs, double distance_m,
                                  const BufferOptions& options = {});

}  // namespace lode
