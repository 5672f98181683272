// A plane in metres about one place in closed form: fast to enter and leave.
#pragma once

#include <array>

#include "libgeo/crs/geodesic.h"
#include "libgeo/geometry/geometry.h"

namespace lode {

using EarthXyz = std::array<double, 3>;  ///< earth centred, metres

/// Figure of the Earth, or of a mine grid, where degrees are metres and the plane is the grid's.
struct NearFigure {
  explicit NearFigure(const Geodesic& geodesic);
  NearFigure() = default;  ///< mine grid
  double a = 0.0;
  double e2 = 0.0;
  bool planar = true;
  [[nodiscard]] EarthXyz xyz(Point degrees) const;
};

/// The plane that touches the ellipsoid at its centre, stretched along each azimuth as a sphere of
/// that azimuth's curvature asks: azimuthal equidistant within e2 (s / 2R)^2, 1e-7 at 50 km.
/// `inverse` takes back exactly what `forward` gave. For places within some 5,000 km.
class NearFrame {
 public:
  NearFrame(const NearFigure& figure, Point centre_degrees);
  [[nodiscard]] Point forward(const EarthXyz& place) const;
  [[nodiscard]] Point forward(Point degrees) const { return forward(figure_.xyz(degrees)); }
  /// Longitude comes back within -180 to 180.
  [[nodiscard]] Point inverse(Point xy) const;
  [[nodiscard]] Point centre() const { return centre_; }

 private:
  NearFigure figure_;
  Point centre_;
  EarthXyz origin_{};
  EarthXyz east_{}, north_{}, up_{};
  double along_ = 0.0;   ///< curvature of the meridian, 1/m
  double across_ = 0.0;  ///< and across it
};

}  // namespace lode
