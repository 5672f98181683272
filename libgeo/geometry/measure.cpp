// Area and length on the ellipsoid, whatever the CRS and the edges.
#include "libgeo/geometry/measure.h"

#include <geos_c.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/geometry/earth.h"
#include "libgeo/geometry/geos_handles.h"
#include "libgeo/geometry/overlay.h"

namespace lode {
namespace {

constexpr double degree = std::numbers::pi / 180.0;
constexpr int deepest_split = 24;
constexpr double longest_unsplit_m = 50e3;

/// Area of the ellipsoid between a parallel and the pole, for one radian of longitude. Straight
/// edges in longitude and latitude enclose its line integral. From the closed form of the area
/// south of a parallel (Snyder 1987, "Map projections: a working manual", 3-12), written as a
/// difference from the pole so that no digits cancel near it.
class PolarCap {
 public:
  PolarCap(const Crs& crs, double hemisphere) : hemisphere_(hemisphere) {
    const double f = crs.inverse_flattening == 0.0 ? 0.0 : 1.0 / crs.inverse_flattening;
    e2_ = f * (2.0 - f);
    e_ = std::sqrt(e2_);
    const double b = crs.semi_major_m * (1.0 - f);
    half_b2_ = 0.5 * b * b;
  }

  [[nodiscard]] double per_radian(double lat_deg) const {
    const double lat = hemisphere_ * lat_deg;
    const double half = std::sin(0.5 * (90.0 - lat) * degree);
    const double d = 2.0 * half * half;  // 1 - sin(lat)
    const double s = 1.0 - d;
    const double first = d * (1.0 + e2_ * s) / ((1.0 - e2_) * (1.0 - e2_ * s * s));
    const double second = e_ == 0.0 ? d : std::atanh(e_ * d / (1.0 - e2_ * s)) / e_;
    return half_b2_ * (first + second);
  }

  /// Along an edge straight in longitude and latitude: three-point Gauss on pieces below 3 degrees
  /// (relative error below 1e-13).
  [[nodiscard]] double along(double lat1, double lat2, double delta_lon_deg) const {
    if (delta_lon_deg == 0.0) return 0.0;
    const double span = lat2 - lat1;
    const int pieces = static_cast<int>(std::ceil(std::abs(span) / 3.0)) + (span == 0.0 ? 1 : 0);
    const double node = std::sqrt(0.6);
    double total = 0.0;
    for (int i = 0; i < pieces; ++i) {
      const double mid = lat1 + span * (i + 0.5) / pieces;
      const double half = 0.5 * span / pieces;
      total += (5.0 * per_radian(mid - node * half) + 8.0 * per_radian(mid) +
                5.0 * per_radian(mid + node * half)) /
               18.0;
    }
    return total / pieces * delta_lon_deg * degree;
  }

 private:
  double hemisphere_;
  double e2_ = 0.0, e_ = 0.0, half_b2_ = 0.0;
};

double short_way(double delta_lon_deg) {
  return std::remainder(delta_lon_deg, 360.0);
}

Path closed(const Path& ring) {
  Path out = ring;
  if (!out.empty() && out.front() != out.back()) out.push_back(out.front());
  return out;
}

double mean_latitude(const std::vector<LonLat>& ring) {
  double sum = 0.0;
  for (const LonLat& p : ring) sum += p.lat_deg;
  return sum;
}

/// Straight edges of a geographic CRS: the line integral is exact edge by edge.
double straight_geographic_area(const Path& ring, const Earth& earth) {
  const std::vector<LonLat> places = earth.lon_lat(closed(ring));
  const PolarCap cap(earth.crs, mean_latitude(places) >= 0.0 ? 1.0 : -1.0);
  Sum area;
  for (std::size_t i = 1; i < places.size(); ++i)
    area += cap.along(places[i - 1].lat_deg, places[i].lat_deg,
                      places[i].lon_deg - places[i - 1].lon_deg);
  return std::abs(area.value());
}

Point middle(Point a, Point b) {
  return {0.5 * (a.x + b.x), 0.5 * (a.y + b.y)};
}

/// The area between straight projected edges and the lines straight in degrees between the same
/// vertices. "4/3 of the triangle" (Archimedes; Simpson's rule) is exact for cubic bends; where the
/// triangles of the halves disagree with it by more than the tolerance, the halves are halved.
class ProjectedBend {
 public:
  ProjectedBend(const Earth& earth, const PolarCap& cap) : earth_(earth), cap_(cap) {}

  [[nodiscard]] double along(LonLat a, LonLat b) const {
    return cap_.along(a.lat_deg, b.lat_deg, short_way(b.lon_deg - a.lon_deg));
  }
  [[nodiscard]] double triangle(LonLat a, LonLat m, LonLat b) const {
    return along(a, m) + along(m, b) - along(a, b);
  }
  /// `m` is the middle of the edge, `length` its length in metres (roughly), `bend` the triangle.
  [[nodiscard]] double between(Point pa, Point pb, LonLat a, LonLat b, LonLat m, double bend,
                               double length, double tolerance, int depth = 0) const {
    const bool wide = length > longest_unsplit_m;
    const double first = bend * 4.0 / 3.0;
    if (!wide && std::abs(bend) <= 10.0 * tolerance) return first;  // off by far less than a tenth
    const Point pm = middle(pa, pb);
    const LonLat m1 = earth_.lon_lat(middle(pa, pm)), m2 = earth_.lon_lat(middle(pm, pb));
    const double bend1 = triangle(a, m1, m), bend2 = triangle(m, m2, b);
    const double second = bend + (bend1 + bend2) * 4.0 / 3.0;
    if ((!wide && std::abs(second - first) <= 10.0 * tolerance) || depth == deepest_split)
      return second + (second - first) / 15.0;  // Richardson
    return bend + between(pa, pm, a, m, m1, bend1, 0.5 * length, 0.5 * tolerance, depth + 1) +
           between(pm, pb, m, b, m2, bend2, 0.5 * length, 0.5 * tolerance, depth + 1);
  }

 private:
  const Earth& earth_;
  const PolarCap& cap_;
};

double straight_projected_area(const Path& given, const Earth& earth) {
  const Path ring = closed(given);
  if (ring.size() < 4) return 0.0;
  Path mids(ring.size() - 1);
  for (std::size_t i = 0; i + 1 < ring.size(); ++i) mids[i] = middle(ring[i], ring[i + 1]);
  const std::vector<LonLat> places = earth.lon_lat(ring), halves = earth.lon_lat(mids);
  double turn = 0.0, perimeter = 0.0;
  for (std::size_t i = 1; i < ring.size(); ++i) {
    turn += short_way(places[i].lon_deg - places[i - 1].lon_deg);
    perimeter += std::hypot(ring[i].x - ring[i - 1].x, ring[i].y - ring[i - 1].y);
  }
  const double unit = earth.crs.metres_per_unit;
  const double planar = signed_planar_area(ring);
  // Around a pole the winding says which one is inside.
  double hemisphere = mean_latitude(places) >= 0.0 ? 1.0 : -1.0;
  if (std::abs(turn) > 180.0) hemisphere = (planar > 0.0) == (turn > 0.0) ? 1.0 : -1.0;
  const PolarCap cap(earth.crs, hemisphere);
  const ProjectedBend bends(earth, cap);
  Sum area;
  for (std::size_t i = 1; i < ring.size(); ++i) {
    const Point a = ring[i - 1], b = ring[i];
    const double length = std::hypot(b.x - a.x, b.y - a.y);
    // Its share of 1e-9 of the area, but above the noise of doubles.
    const double share = perimeter > 0.0 ? length / perimeter : 0.0;
    const double tolerance =
        std::max(1e-9 * std::abs(planar) * unit * unit * share, 1e-10 * length * unit);
    const LonLat from = places[i - 1], to = places[i], half = halves[i - 1];
    area += bends.along(from, to);
    area += bends.between(a, b, from, to, half, bends.triangle(from, half, to), length * unit,
                          tolerance);
  }
  return std::abs(area.value());
}

/// Where a projection keeps areas, what straight edges enclose is as large in the plane as on the
/// ground, as long as all of it is ground: LAEA's plane ends at a circle, others at the poles.
bool planar_area_holds(const Path& ring, const Crs& crs) {
  if (!keeps_areas(crs)) return false;
  Box box;
  for (const Point& p : ring) box.add(p);
  const Earth& earth = earth_of(crs);
  try {
    for (const Point& corner : {Point{box.min_x, box.min_y}, Point{box.max_x, box.min_y},
                                Point{box.max_x, box.max_y}, Point{box.min_x, box.max_y}})
      static_cast<void>(earth.lon_lat(corner));
  } catch (const Error&) {
    return false;
  }
  return true;
}

double ring_area(const Path& ring, const Crs& crs, Edges edges) {
  if (crs.is_local() || (edges == Edges::straight && planar_area_holds(ring, crs)))
    return std::abs(signed_planar_area(ring)) * crs.metres_per_unit * crs.metres_per_unit;
  const Earth& earth = earth_of(crs);
  if (edges == Edges::geodesic) return earth.geodesic.ring_area_m2(earth.lon_lat(closed(ring)));
  return crs.is_geographic() ? straight_geographic_area(ring, earth)
                             : straight_projected_area(ring, earth);
}

/// Length of the curve that a straight edge is on the ellipsoid: chords halved until the gain
/// falls off; a third of the last gain is still to come (Richardson).
double bent_length(const Earth& earth, Point pa, Point pb, LonLat a, LonLat b, double chord,
                   int depth = 0) {
  const Point pm = middle(pa, pb);
  const LonLat m = earth.lon_lat(pm);
  const double first = earth.geodesic.distance_m(a, m), second = earth.geodesic.distance_m(m, b);
  const double gain = first + second - chord;
  const bool wide = earth.crs.is_geographic() && std::abs(b.lon_deg - a.lon_deg) > 90.0;
  const bool small = gain <= 1e-7 * chord && first + second < longest_unsplit_m && !wide;
  if (small || depth == deepest_split) return first + second + gain / 3.0;
  return bent_length(earth, pa, pm, a, m, first, depth + 1) +
         bent_length(earth, pm, pb, m, b, second, depth + 1);
}

double path_length(const Path& path, const Crs& crs, Edges edges) {
  Sum length;
  if (crs.is_local()) {
    for (std::size_t i = 1; i < path.size(); ++i)
      length += std::hypot(path[i].x - path[i - 1].x, path[i].y - path[i - 1].y);
    return length.value() * crs.metres_per_unit;
  }
  const Earth& earth = earth_of(crs);
  const std::vector<LonLat> places = earth.lon_lat(path);
  for (std::size_t i = 1; i < path.size(); ++i) {
    const double chord = earth.geodesic.distance_m(places[i - 1], places[i]);
    length += edges == Edges::geodesic || path[i] == path[i - 1]
                  ? chord
                  : bent_length(earth, path[i - 1], path[i], places[i - 1], places[i], chord);
  }
  return length.value();
}

Point middle_of_line(const Path& line) {
  double total = 0.0;
  for (std::size_t i = 1; i < line.size(); ++i)
    total += std::hypot(line[i].x - line[i - 1].x, line[i].y - line[i - 1].y);
  double left = 0.5 * total;
  for (std::size_t i = 1; i < line.size(); ++i) {
    const double step = std::hypot(line[i].x - line[i - 1].x, line[i].y - line[i - 1].y);
    if (step > 0.0 && left <= step) {
      const double t = left / step;
      return {line[i - 1].x + t * (line[i].x - line[i - 1].x),
              line[i - 1].y + t * (line[i].y - line[i - 1].y)};
    }
    left -= step;
  }
  return line.back();
}

/// First moments and area of a ring about `o`.
void add_moments(const Path& ring, Point o, double sign, double& area, double& mx, double& my) {
  double a = 0, x = 0, y = 0;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
    const Point p{ring[i].x - o.x, ring[i].y - o.y}, q{ring[i + 1].x - o.x, ring[i + 1].y - o.y};
    const double cross = p.x * q.y - q.x * p.y;
    a += 0.5 * cross;
    x += cross * (p.x + q.x) / 6.0;
    y += cross * (p.y + q.y) / 6.0;
  }
  const double turn = a < 0.0 ? -sign : sign;
  area += turn * a;
  mx += turn * x;
  my += turn * y;
}

Point place_in_polygon(const Polygon& polygon) {
  const Point o = polygon.shell.front();
  double area = 0, mx = 0, my = 0;
  add_moments(polygon.shell, o, 1.0, area, mx, my);
  for (const Path& hole : polygon.holes) add_moments(hole, o, -1.0, area, mx, my);
  Geometry one;
  one.kind = GeometryKind::polygon;
  one.polygons.push_back(polygon);
  if (area > 0.0) {
    const Point centroid{o.x + mx / area, o.y + my / area};
    if (covers(one, centroid)) return centroid;
  }
  const geos::Handle g = geos::to_geos(one);
  const geos::Handle inside(GEOSPointOnSurface_r(geos::context(), g.get()));
  const Geometry place = geos::from_geos(inside.get(), GeometryKind::point);
  return place.points.empty() ? o : place.points.front();
}

}  // namespace

bool keeps_areas(const Crs& crs) {
  if (!crs.is_projected()) return false;
  // EPSG's methods on the ellipsoid: LAEA, Albers, CEA. Spherical ones have other codes.
  const auto at = crs.wkt.find("METHOD[");
  if (at == std::string::npos) return false;
  const std::string method = crs.wkt.substr(at, crs.wkt.find(']', at) - at);
  return method.find("\"EPSG\",9820") != std::string::npos ||
         method.find("\"EPSG\",9822") != std::string::npos ||
         method.find("\"EPSG\",9835") != std::string::npos;
}

Edges default_edges(const Crs& crs) {
  return crs.is_geographic() ? Edges::geodesic : Edges::straight;
}

double area_m2(const Geometry& geometry, const Crs& crs, Edges edges) {
  Sum area;
  for (const Polygon& polygon : geometry.polygons) {
    area += ring_area(polygon.shell, crs, edges);
    for (const Path& hole : polygon.holes) area += -ring_area(hole, crs, edges);
  }
  return area.value();
}

double area_m2(const Geometry& geometry, const Crs& crs) {
  return area_m2(geometry, crs, default_edges(crs));
}

double length_m(const Geometry& geometry, const Crs& crs, Edges edges) {
  Sum length;
  for (const Path& line : geometry.lines) length += path_length(line, crs, edges);
  for (const Polygon& polygon : geometry.polygons) {
    length += path_length(closed(polygon.shell), crs, edges);
    for (const Path& hole : polygon.holes) length += path_length(closed(hole), crs, edges);
  }
  return length.value();
}

double length_m(const Geometry& geometry, const Crs& crs) {
  return length_m(geometry, crs, default_edges(crs));
}

Point representative_point(const Geometry& geometry) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  if (!geometry.points.empty()) return geometry.points.front();
  if (!geometry.polygons.empty()) {
    const auto size = [](const Polygon& p) { return std::abs(signed_planar_area(p.shell)); };
    std::size_t largest = 0;
    for (std::size_t i = 1; i < geometry.polygons.size(); ++i)
      if (size(geometry.polygons[i]) > size(geometry.polygons[largest])) largest = i;
    const Polygon& polygon = geometry.polygons[largest];
    return polygon.shell.empty() ? Point{nan, nan} : place_in_polygon(polygon);
  }
  const Path* longest = nullptr;
  double most = -1.0;
  for (const Path& line : geometry.lines) {
    double length = 0.0;
    for (std::size_t i = 1; i < line.size(); ++i)
      length += std::hypot(line[i].x - line[i - 1].x, line[i].y - line[i - 1].y);
    if (!line.empty() && length > most) {
      most = length;
      longest = &line;
    }
  }
  return longest == nullptr ? Point{nan, nan} : middle_of_line(*longest);
}

}  // namespace lode
