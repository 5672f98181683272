// Whether a place lies in a ring of geodesics: crossings of its meridian towards the north pole.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "libgeo/geometry/nearest_ready.h"

namespace lode {
namespace {

constexpr double degree = std::numbers::pi / 180.0;

/// Longitude from the meridian of the place, in (-180, 180].
double offset(double lon_deg, double from_deg) {
  const double d = std::remainder(lon_deg - from_deg, 360.0);
  return d == -180.0 ? 180.0 : d;
}

/// Latitude at which the geodesic a-b crosses a meridian that lies between its ends. Starts from
/// the great circle and corrects along the geodesic until the longitude fits.
double crossing_latitude(LonLat a, LonLat b, double lon_deg, const Geodesic& geodesic) {
  const Inverse way = geodesic.inverse(a, b);
  const double to_b = offset(b.lon_deg, a.lon_deg), to_place = offset(lon_deg, a.lon_deg);
  double low = 0.0, high = way.distance_m;
  double s = way.distance_m * (to_b == 0.0 ? 0.5 : to_place / to_b);
  LonLat here = a;
  for (int i = 0; i < 60; ++i) {
    here = geodesic.direct(a, way.azimuth1_deg, s);
    const double miss = offset(here.lon_deg, a.lon_deg) - to_place;
    if (std::abs(miss) < 1e-13) break;
    ((miss > 0.0) == (to_b > 0.0) ? high : low) = s;
    // Regula falsi would stall on bent meridians; the local slope does not.
    const LonLat ahead = geodesic.direct(a, way.azimuth1_deg, s + 1.0);
    const double slope = offset(ahead.lon_deg, here.lon_deg);
    const double next = slope == 0.0 ? 0.5 * (low + high) : s - miss / slope;
    s = next > low && next < high ? next : 0.5 * (low + high);
    if (high - low < 1e-9) break;
  }
  return here.lat_deg;
}

/// A great circle rises above its higher end by no more than this (degrees), with room for the
/// ellipsoid.
double bulge(double delta_lon_deg, double lat_deg) {
  const double half = 0.5 * std::abs(delta_lon_deg) * degree;
  if (half > 1.5) return 180.0;
  const double t = std::tan(std::min(std::abs(lat_deg), 89.9) * degree);
  return (std::atan(t / std::cos(half)) - std::atan(t)) / degree * 1.05 + 1e-9 + 0.02 * half;
}

}  // namespace

bool inside_geodesic_ring(const std::vector<LonLat>& ring, LonLat place, const Geodesic& geodesic) {
  if (ring.size() < 3) return false;
  double turn = 0.0, latitudes = 0.0;
  bool odd = false;
  const std::size_t n = ring.size();
  double before = offset(ring[n - 1].lon_deg, place.lon_deg);
  for (std::size_t i = 0; i < n; ++i) {
    const LonLat a = ring[(i + n - 1) % n], b = ring[i];
    const double here = offset(b.lon_deg, place.lon_deg);
    const double step = std::remainder(here - before, 360.0);
    turn += step;
    latitudes += b.lat_deg;
    // Half-open, so that a vertex on the meridian counts once; the far meridian does not count.
    const bool crosses = (before < 0.0) != (here < 0.0) && std::abs(here - before) < 180.0;
    before = here;
    if (!crosses) continue;
    const double high = std::max(a.lat_deg, b.lat_deg), low = std::min(a.lat_deg, b.lat_deg);
    if (place.lat_deg > high + (high > 0.0 ? bulge(step, high) : 0.0)) continue;
    if (place.lat_deg < low - (low < 0.0 ? bulge(step, low) : 0.0)) {
      odd = !odd;
    } else if (crossing_latitude(a, b, place.lon_deg, geodesic) > place.lat_deg) {
      odd = !odd;
    }
  }
  const bool around_north = std::abs(turn) > 180.0 && latitudes > 0.0;
  return odd != around_north;
}

}  // namespace lode
