// Azimuthal equidistant plane made of geodesic inverse and direct problems.
#include "libgeo/crs/local_frame.h"

#include <cmath>
#include <numbers>

namespace lode {

LocalFrame::LocalFrame(const Geodesic& geodesic, LonLat centre)
    : geodesic_(geodesic), centre_(centre) {}

LocalFrame::Xy LocalFrame::forward(LonLat place) const {
  const Inverse way = geodesic_.inverse(centre_, place);
  const double azimuth = way.azimuth1_deg * std::numbers::pi / 180.0;
  return {way.distance_m * std::sin(azimuth), way.distance_m * std::cos(azimuth)};
}

LonLat LocalFrame::inverse(Xy xy) const {
  const double azimuth = std::atan2(xy.x_m, xy.y_m) * 180.0 / std::numbers::pi;
  LonLat place = geodesic_.direct(centre_, azimuth, std::hypot(xy.x_m, xy.y_m));
  place.lon_deg = centre_.lon_deg + std::remainder(place.lon_deg - centre_.lon_deg, 360.0);
  return place;
}

}  // namespace lode
