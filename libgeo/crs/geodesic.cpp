// Geodesics through PROJ's geodesic.h, initialised once a thread and ellipsoid.
#include "libgeo/crs/geodesic.h"

#include <geodesic.h>

#include <array>
#include <cmath>

namespace lode {
namespace {

/// geod_init evaluates long series, so the last few ellipsoids stay ready in each thread.
const geod_geodesic& ready(double a, double f) {
  struct Slot {
    double a = 0.0, f = 0.0;
    geod_geodesic g{};
  };
  thread_local std::array<Slot, 4> slots;
  thread_local std::size_t next = 0;
  for (const auto& slot : slots)
    if (slot.a == a && slot.f == f) return slot.g;
  Slot& slot = slots[next++ % slots.size()];
  slot.a = a;
  slot.f = f;
  geod_init(&slot.g, a, f);
  return slot.g;
}

}  // namespace

Geodesic::Geodesic(double semi_major_m, double inverse_flattening)
    : a_(semi_major_m), f_(inverse_flattening == 0.0 ? 0.0 : 1.0 / inverse_flattening) {}

Inverse Geodesic::inverse(LonLat a, LonLat b) const {
  Inverse result;
  geod_inverse(&ready(a_, f_), a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg, &result.distance_m,
               &result.azimuth1_deg, &result.azimuth2_deg);
  return result;
}

LonLat Geodesic::direct(LonLat from, double azimuth_deg, double distance_m) const {
  LonLat to;
  geod_direct(&ready(a_, f_), from.lat_deg, from.lon_deg, azimuth_deg, distance_m, &to.lat_deg,
              &to.lon_deg, nullptr);
  return to;
}

double Geodesic::length_m(const std::vector<LonLat>& line) const {
  double total = 0.0;
  for (std::size_t i = 1; i < line.size(); ++i) total += distance_m(line[i - 1], line[i]);
  return total;
}

double Geodesic::ring_area_m2(const std::vector<LonLat>& ring) const {
  return std::abs(signed_ring_area_m2(ring));
}

double Geodesic::signed_ring_area_m2(const std::vector<LonLat>& ring) const {
  const geod_geodesic& g = ready(a_, f_);
  geod_polygon polygon;
  geod_polygon_init(&polygon, 0);
  for (const LonLat& place : ring)
    geod_polygon_addpoint(&g, &polygon, place.lat_deg, place.lon_deg);
  double area = 0.0, perimeter = 0.0;
  geod_polygon_compute(&g, &polygon, 0, 1, &area, &perimeter);
  return area;
}

}  // namespace lode
