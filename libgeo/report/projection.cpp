// Projection formulas, the fit of a view to its places, and the graticule.
#include "libgeo/report/projection.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace lode::report {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kRadian = kPi / 180.0;

// Savric, Patterson and Jenny 2018, "The Equal Earth map projection", eq. 10.
constexpr double kA1 = 1.340264, kA2 = -0.081106, kA3 = 0.000893, kA4 = 0.003796;
const double kM = std::sqrt(3.0) / 2.0;

double wrapped(double degrees) {
  double turned = std::fmod(degrees + 180.0, 360.0);
  if (turned < 0.0) turned += 360.0;
  return turned - 180.0;
}

Point equal_earth(double relative_lon_deg, double lat_deg) {
  const double theta = std::asin(kM * std::sin(lat_deg * kRadian));
  const double t2 = theta * theta, t6 = t2 * t2 * t2;
  return {relative_lon_deg * kRadian * std::cos(theta) /
              (kM * (kA1 + 3.0 * kA2 * t2 + t6 * (7.0 * kA3 + 9.0 * kA4 * t2))),
          theta * (kA1 + kA2 * t2 + t6 * (kA3 + kA4 * t2))};
}

Point azimuthal(LonLat centre, LonLat place) {
  const double phi0 = centre.lat_deg * kRadian, phi = place.lat_deg * kRadian;
  const double lambda = (place.lon_deg - centre.lon_deg) * kRadian;
  const double cos_c =
      std::sin(phi0) * std::sin(phi) + std::cos(phi0) * std::cos(phi) * std::cos(lambda);
  if (cos_c < std::cos(kReachDeg * kRadian) - 1e-9) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    return {nan, nan};
  }
  const double k = std::sqrt(2.0 / (1.0 + cos_c));
  return {k * std::cos(phi) * std::sin(lambda),
          k * (std::cos(phi0) * std::sin(phi) - std::sin(phi0) * std::cos(phi) * std::cos(lambda))};
}

LonLat azimuthal_inverse(LonLat centre, Point xy) {
  const double rho = std::hypot(xy.x, xy.y);
  if (rho == 0.0) return centre;
  const double c = 2.0 * std::asin(std::min(1.0, rho / 2.0));
  const double phi0 = centre.lat_deg * kRadian;
  const double lat = std::asin(std::clamp(
      std::cos(c) * std::sin(phi0) + xy.y * std::sin(c) * std::cos(phi0) / rho, -1.0, 1.0));
  const double lon = std::atan2(
      xy.x * std::sin(c), rho * std::cos(phi0) * std::cos(c) - xy.y * std::sin(phi0) * std::sin(c));
  return {wrapped(centre.lon_deg + lon / kRadian), lat / kRadian};
}

MapView world_view(const std::vector<LonLat>& places, const FitOptions& options) {
  MapView view;
  view.projection = MapProjection::equal_earth;
  // The seam at 169 degrees west runs through the Bering Strait and cuts no inhabited land.
  view.centre = {11.0, 0.0};
  double south = -56.0, north = 83.0;
  for (const auto& place : places) {
    south = std::min(south, place.lat_deg - 3.0);
    north = std::max(north, place.lat_deg + 3.0);
  }
  south = std::max(south, -90.0);
  north = std::min(north, 90.0);
  const double half_width = equal_earth(180.0, 0.0).x;
  const double bottom = equal_earth(0.0, south).y, top = equal_earth(0.0, north).y;
  view.width_px = options.width_px;
  view.px_per_unit = (options.width_px - 4.0) / (2.0 * half_width);
  view.height_px = std::ceil((top - bottom) * view.px_per_unit);
  view.x_px = options.width_px / 2.0;
  view.y_px = top * view.px_per_unit;
  return view;
}

MapView regional_view(const std::vector<LonLat>& places, LonLat centre, const FitOptions& options) {
  MapView view;
  view.projection = MapProjection::azimuthal;
  view.centre = centre;
  Box box;
  for (const auto& place : places) {
    const Point at = azimuthal(centre, place);
    if (std::isfinite(at.x)) box.add(at);
  }
  const double least = options.min_width_km * 1000.0 / kSphereRadius_m;
  double width = std::max((box.max_x - box.min_x) * (1.0 + 2.0 * options.margin), least);
  double height =
      std::max((box.max_y - box.min_y) * (1.0 + 2.0 * options.margin), least / options.max_aspect);
  width = std::max(width, height * options.min_aspect);
  height = std::max(height, width / options.max_aspect);
  view.width_px = options.width_px;
  view.px_per_unit = options.width_px / width;
  view.height_px = std::round(height * view.px_per_unit);
  view.x_px = options.width_px / 2.0 - (box.min_x + box.max_x) / 2.0 * view.px_per_unit;
  view.y_px = view.height_px / 2.0 + (box.min_y + box.max_y) / 2.0 * view.px_per_unit;
  return view;
}

/// The extent of a regional view in degrees: west <= east, east may pass 180.
struct Extent {
  double west = -180.0, east = 180.0, south = -90.0, north = 90.0;
};
Extent extent_of(const MapView& view) {
  Extent extent{1e9, -1e9, 90.0, -90.0};
  constexpr int steps = 24;
  const auto see = [&](double x, double y) {
    const LonLat at = azimuthal_inverse(
        view.centre, {(x - view.x_px) / view.px_per_unit, (view.y_px - y) / view.px_per_unit});
    const double lon = view.centre.lon_deg + wrapped(at.lon_deg - view.centre.lon_deg);
    extent.west = std::min(extent.west, lon);
    extent.east = std::max(extent.east, lon);
    extent.south = std::min(extent.south, at.lat_deg);
    extent.north = std::max(extent.north, at.lat_deg);
  };
  for (int i = 0; i <= steps; ++i)
    for (int j = 0; j <= steps; ++j) see(view.width_px * i / steps, view.height_px * j / steps);
  for (const double pole : {90.0, -90.0}) {
    const Point at = view.forward({0.0, pole});
    if (!std::isfinite(at.x) || !view.shows(at)) continue;
    extent.west = view.centre.lon_deg - 180.0;
    extent.east = view.centre.lon_deg + 180.0;
    (pole > 0 ? extent.north : extent.south) = pole;
  }
  return extent;
}

double graticule_step(const Extent& extent) {
  static constexpr std::array<double, 11> steps{0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 20, 30};
  for (const double step : steps)
    if ((extent.north - extent.south) / step <= 7.0) return step;
  return 30.0;
}

void add_line(std::vector<Path>& lines, const MapView& view, LonLat from, LonLat to, int pieces) {
  Path line;
  for (int i = 0; i <= pieces; ++i) {
    const double t = static_cast<double>(i) / pieces;
    line.push_back({from.lon_deg + (to.lon_deg - from.lon_deg) * t,
                    from.lat_deg + (to.lat_deg - from.lat_deg) * t});
  }
  for (auto& piece : project_line(line, view, 0.2)) lines.push_back(std::move(piece));
}

}  // namespace

Point MapView::forward(LonLat place) const {
  const Point unit = projection == MapProjection::equal_earth
                         ? equal_earth(wrapped(place.lon_deg - centre.lon_deg), place.lat_deg)
                         : azimuthal(centre, place);
  return {x_px + unit.x * px_per_unit, y_px - unit.y * px_per_unit};
}

bool MapView::shows(Point px, double margin_px) const {
  return px.x >= -margin_px && px.y >= -margin_px && px.x <= width_px + margin_px &&
         px.y <= height_px + margin_px;
}

double MapView::metres_per_px() const {
  return kSphereRadius_m / px_per_unit;
}

MapView fit_view(const std::vector<LonLat>& places, const FitOptions& options) {
  double x = 0.0, y = 0.0, z = 0.0;
  for (const auto& place : places) {
    const double phi = place.lat_deg * kRadian, lambda = place.lon_deg * kRadian;
    x += std::cos(phi) * std::cos(lambda);
    y += std::cos(phi) * std::sin(lambda);
    z += std::sin(phi);
  }
  const double length = std::sqrt(x * x + y * y + z * z);
  if (places.empty() || length < 1e-9 * static_cast<double>(places.size()))
    return world_view(places, options);
  const LonLat centre{std::atan2(y, x) / kRadian,
                      std::asin(std::clamp(z / length, -1.0, 1.0)) / kRadian};
  double widest = 0.0;
  for (const auto& place : places) {
    const Point at = azimuthal(centre, place);
    widest = std::max(widest, std::isfinite(at.x) ? std::hypot(at.x, at.y) : 2.0);
  }
  // 2 sin(c / 2) at c = 48 degrees: beyond it shapes at the rim lean too much.
  if (options.allow_world && widest > 2.0 * std::sin(24.0 * kRadian))
    return world_view(places, options);
  return regional_view(places, centre, options);
}

Path world_outline(const MapView& view) {
  Path ring;
  if (view.projection != MapProjection::equal_earth) return ring;
  const auto at = [&](double lon, double lat) {
    const Point unit = equal_earth(lon, lat);
    return Point{view.x_px + unit.x * view.px_per_unit,
                 std::clamp(view.y_px - unit.y * view.px_per_unit, 0.0, view.height_px)};
  };
  for (int lat = -90; lat <= 90; lat += 3) ring.push_back(at(180.0, lat));
  for (int lat = 90; lat >= -90; lat -= 3) ring.push_back(at(-180.0, lat));
  ring.push_back(ring.front());
  return ring;
}

Graticule graticule(const MapView& view) {
  Graticule result;
  if (view.projection == MapProjection::equal_earth) {
    for (int lon = -180; lon < 180; lon += 30)
      add_line(result.lines, view, {static_cast<double>(lon), -90.0},
               {static_cast<double>(lon), 90.0}, 90);
    for (int lat = -60; lat <= 60; lat += 30)
      add_line(result.lines, view, {view.centre.lon_deg - 179.999, static_cast<double>(lat)},
               {view.centre.lon_deg + 179.999, static_cast<double>(lat)}, 60);
    return result;
  }
  const Extent extent = extent_of(view);
  const double step = graticule_step(extent);
  result.step_deg = step;
  // Meridians stand further apart than parallels in high latitudes, or they would crowd.
  const double middle = std::cos(std::clamp(view.centre.lat_deg, -80.0, 80.0) * kRadian);
  const double lon_step = middle < 0.3 ? step * 4.0 : middle < 0.6 ? step * 2.0 : step;
  const double south = std::max(-90.0, std::floor(extent.south / step) * step);
  const double north = std::min(90.0, std::ceil(extent.north / step) * step);
  const double west = std::floor(extent.west / lon_step) * lon_step;
  const double east = std::ceil(extent.east / lon_step) * lon_step;
  for (int i = 0; west + i * lon_step <= east + 1e-9 && i < 400; ++i)
    add_line(result.lines, view, {west + i * lon_step, south}, {west + i * lon_step, north}, 48);
  for (int i = 0; south + i * step <= north + 1e-9 && i < 400; ++i)
    add_line(result.lines, view, {west, south + i * step}, {east, south + i * step}, 96);
  return result;
}

}  // namespace lode::report
