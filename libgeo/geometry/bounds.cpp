// Boxes in degrees that hold bulging edges, and how near anything in such a box can be.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "libgeo/geometry/earth.h"
#include "libgeo/geometry/measure.h"

namespace lode {
namespace {

constexpr double degree = std::numbers::pi / 180.0;

/// Latitude by which an edge may pass that of its ends, and longitude (degrees). Geodesics keep
/// within the great circle's bulge; straight edges of a projection are bounded by the same, twice.
Point overhang(LonLat a, LonLat b, Edges edges, const Crs& crs) {
  if (crs.is_geographic() && edges == Edges::straight) return {0.0, 0.0};
  const double lat = std::max(std::abs(a.lat_deg), std::abs(b.lat_deg));
  const double lon = std::abs(std::remainder(b.lon_deg - a.lon_deg, 360.0));
  if (lat > 89.0 || lon > 120.0) return {0.0, 180.0};
  const double t = std::tan(lat * degree), half = 0.5 * lon * degree;
  const double rise = (std::atan(t / std::cos(half)) - std::atan(t)) / degree * 1.1 +
                      0.02 * half * half / degree + 1e-9;
  if (crs.is_geographic() || edges == Edges::geodesic) return {0.0, rise};
  const double length = std::hypot(a.lat_deg - b.lat_deg, lon) * degree;
  const double stray = length * length * (1.0 + t) / 4.0 / degree;
  return {stray / std::cos(lat * degree), 2.0 * rise + stray};
}

void add_path(const Path& path, bool ring, const Earth& earth, Edges edges, Box& box) {
  const std::vector<LonLat> places = earth.lon_lat(path);
  const bool planar = earth.crs.is_geographic() && edges == Edges::straight;
  Box own;
  double lon = places.empty() ? 0.0 : places.front().lon_deg;
  const double start = lon;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const double before = lon;
    if (i > 0) {
      const LonLat from = places[i - 1], to = places[i];
      const double step = to.lon_deg - from.lon_deg;
      lon += planar ? step : std::remainder(step, 360.0);
      const Point over = overhang(from, to, edges, earth.crs);
      own.add(Point{std::min(before, lon) - over.x, std::min(from.lat_deg, to.lat_deg) - over.y});
      own.add(Point{std::max(before, lon) + over.x, std::max(from.lat_deg, to.lat_deg) + over.y});
    }
    own.add(Point{lon, places[i].lat_deg});
  }
  if (ring && std::abs(lon - start) > 180.0) {  // winds around a pole
    double sum = 0.0;
    for (const LonLat& p : places) sum += p.lat_deg;
    own.add(Point{-180.0, sum > 0.0 ? 90.0 : -90.0});
    own.add(Point{180.0, own.min_y});
  }
  own.min_y = std::max(own.min_y, -90.0);
  own.max_y = std::min(own.max_y, 90.0);
  if (own.max_y >= 90.0 || own.min_y <= -90.0 || own.max_x - own.min_x >= 360.0) {
    own.min_x = -180.0;
    own.max_x = 180.0;
  }
  // On the turn on which it widens the box least.
  if (!box.empty() && own.max_x - own.min_x < 360.0) {
    const double middle = 0.5 * (box.min_x + box.max_x);
    const double shift = 360.0 * std::round((middle - 0.5 * (own.min_x + own.max_x)) / 360.0);
    own.min_x += shift;
    own.max_x += shift;
  }
  if (!own.empty()) box.add(own);
}

/// Angle on the sphere between a place and the nearest of an arc of a meridian `away` degrees off.
double angle_to_meridian(double lat_deg, double away_deg, double south, double north) {
  const double lat = lat_deg * degree, away = away_deg * degree;
  const auto angle = [&](double other_deg) {
    const double other = other_deg * degree;
    const double a = std::sin(0.5 * (other - lat)), b = std::sin(0.5 * away);
    const double h = a * a + std::cos(lat) * std::cos(other) * b * b;
    return 2.0 * std::asin(std::sqrt(std::min(1.0, h)));
  };
  const double foot = std::atan2(std::sin(lat), std::cos(lat) * std::cos(away)) / degree;
  if (foot >= south && foot <= north) return angle(foot);
  return std::min(angle(south), angle(north));
}

}  // namespace

Box lon_lat_box(const Geometry& geometry, const Crs& crs, Edges edges) {
  if (crs.is_local()) return box_of(geometry);
  const Earth& earth = earth_of(crs);
  Box box;
  for (const Point& p : geometry.points) add_path({p}, false, earth, edges, box);
  for (const Path& line : geometry.lines) add_path(line, false, earth, edges, box);
  for (const Polygon& polygon : geometry.polygons) add_path(polygon.shell, true, earth, edges, box);
  if (box.empty()) return box;
  if (box.max_x - box.min_x >= 360.0) {
    box.min_x = -180.0;
    box.max_x = 180.0;
  }
  const double shift = 360.0 * std::floor((box.min_x + 180.0) / 360.0);
  box.min_x -= shift;
  box.max_x -= shift;
  return box;
}

double box_distance_lower_bound_m(LonLat place, const Box& box, const Crs& crs) {
  const double f = crs.inverse_flattening == 0.0 ? 0.0 : 1.0 / crs.inverse_flattening;
  const double least_radius = crs.semi_major_m * (1.0 - f) * (1.0 - f);  // a (1 - e2)
  const double width = box.max_x - box.min_x;
  double past = std::fmod(place.lon_deg - box.min_x, 360.0);  // east of the western side
  if (past < 0.0) past += 360.0;
  double angle = 0.0;
  if (past <= width) {
    const double beyond = std::max({0.0, box.min_y - place.lat_deg, place.lat_deg - box.max_y});
    angle = beyond * degree;
  } else {
    const double away = std::min(past - width, 360.0 - past);
    angle = angle_to_meridian(place.lat_deg, away, box.min_y, box.max_y);
  }
  return angle * least_radius * (1.0 - 1e-12);
}

double box_distance_lower_bound_m(Point place, const Box& box, const Crs& crs) {
  if (crs.is_local()) {
    const double dx = std::max({0.0, box.min_x - place.x, place.x - box.max_x});
    const double dy = std::max({0.0, box.min_y - place.y, place.y - box.max_y});
    return std::hypot(dx, dy) * crs.metres_per_unit;
  }
  const Earth& earth = earth_of(crs);
  if (crs.is_geographic()) {
    const double k = earth.degrees_per_unit();
    return box_distance_lower_bound_m(LonLat{place.x * k, place.y * k},
                                      {box.min_x * k, box.min_y * k, box.max_x * k, box.max_y * k},
                                      crs);
  }
  const Geometry outline = polygon_geometry({{box.min_x, box.min_y},
                                             {box.max_x, box.min_y},
                                             {box.max_x, box.max_y},
                                             {box.min_x, box.max_y},
                                             {box.min_x, box.min_y}});
  return box_distance_lower_bound_m(earth.lon_lat(place),
                                    lon_lat_box(outline, crs, Edges::straight), crs);
}

}  // namespace lode
