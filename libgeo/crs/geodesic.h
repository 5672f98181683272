// Geodesic distance, direct problem and polygon area on the ellipsoid.
#pragma once

#include <vector>

#include "libgeo/crs/crs.h"

namespace lode {

struct LonLat {
  double lon_deg = 0.0;
  double lat_deg = 0.0;
  bool operator==(const LonLat&) const = default;
};

struct Inverse {
  double distance_m = 0.0;
  double azimuth1_deg = 0.0;  ///< at the first point, clockwise from north
  double azimuth2_deg = 0.0;  ///< at the second point, forward
};

/// The algorithms of Karney 2013 ("Algorithms for geodesics", J. Geod. 87:43-55) as PROJ ships
/// them (geodesic.h): distances within 15 nm, areas within 0.1 m2.
class Geodesic {
 public:
  explicit Geodesic(double semi_major_m = 6378137.0, double inverse_flattening = 298.257223563);
  explicit Geodesic(const Crs& crs) : Geodesic(crs.semi_major_m, crs.inverse_flattening) {}

  [[nodiscard]] Inverse inverse(LonLat a, LonLat b) const;
  [[nodiscard]] double distance_m(LonLat a, LonLat b) const { return inverse(a, b).distance_m; }
  [[nodiscard]] LonLat direct(LonLat from, double azimuth_deg, double distance_m) const;
  /// Length along the vertices, edges geodesic.
  [[nodiscard]] double length_m(const std::vector<LonLat>& line) const;
  /// Area within a closed ring with geodesic edges, positive whatever the winding, closing vertex
  /// optional; right over the poles and the antimeridian.
  [[nodiscard]] double ring_area_m2(const std::vector<LonLat>& ring) const;
  /// Signed: positive counter-clockwise.
  [[nodiscard]] double signed_ring_area_m2(const std::vector<LonLat>& ring) const;
  [[nodiscard]] double semi_major_m() const { return a_; }
  [[nodiscard]] double flattening() const { return f_; }

 private:
  double a_ = 0.0;
  double f_ = 0.0;
};

}  // namespace lode
