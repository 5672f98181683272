// From the coordinates of a CRS to degrees on its own datum and back, ready in each thread.
#pragma once

#include <optional>
#include <vector>

#include "libgeo/crs/crs.h"
#include "libgeo/crs/geodesic.h"
#include "libgeo/crs/transform.h"
#include "libgeo/geometry/geometry.h"

namespace lode {

/// Of geographic and projected CRSs; made by `earth_of`.
class Earth {
 public:
  /// Error "crs.local" for mine grids.
  explicit Earth(const Crs& crs);

  /// Error "crs.transform" for a place outside what the projection can undo.
  [[nodiscard]] LonLat lon_lat(Point p) const;
  [[nodiscard]] std::vector<LonLat> lon_lat(const Path& path) const;
  [[nodiscard]] Point place(LonLat degrees) const;
  [[nodiscard]] double degrees_per_unit() const { return degrees_; }

  const Crs crs;
  const Geodesic geodesic;

 private:
  double degrees_ = 1.0;  ///< per unit of the geographic (base) CRS
  std::optional<Transform> to_base_;
  std::optional<Transform> from_base_;
};

/// This thread's, kept for the few CRSs used last. The reference lives until the thread ends or
/// eight others have been asked for.
[[nodiscard]] const Earth& earth_of(const Crs& crs);

}  // namespace lode
