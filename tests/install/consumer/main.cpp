// A program of someone else's: uses the installed library from numbers, geodesics and GEOS alike.
#include <cmath>
#include <cstdio>

#include "libgeo/core/provenance.h"
#include "libgeo/core/quantity.h"
#include "libgeo/crs/geodesic.h"
#include "libgeo/deposit/oxides.h"
#include "libgeo/geometry/overlay.h"

int main() {
  const double metres = lode::parse_quantity("1 km", lode::Dimension::length);
  // JFK to LHR, the example of GeographicLib's GeodSolve manual: 5551759.400 m.
  const double route_m = lode::Geodesic().distance_m({-73.8, 40.6}, {-0.5, 51.6});
  const lode::Geometry square = lode::polygon_geometry({{0, 0}, {2, 0}, {2, 2}, {0, 2}, {0, 0}});
  const bool inside = lode::covers(square, {1, 1});
  const double factor = lode::oxide_factor(lode::ree::Nd, lode::OxideBasis::trade);
  std::printf("lode %.*s\n", static_cast<int>(lode::version().size()), lode::version().data());
  return metres == 1000.0 && std::abs(route_m - 5551759.4) < 0.001 && inside &&
                 std::abs(factor - 1.166377) < 1e-6
             ? 0
             : 1;
}
