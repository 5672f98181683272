#include "libgeo/geometry/edges.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "libgeo/core/error.h"
#include "libgeo/crs/geodesic.h"
#include "libgeo/geometry/wrap.h"

namespace lode {
namespace {

constexpr double kRadius = 6371000.0;
constexpr double kRadians = std::numbers::pi / 180.0;
constexpr int kDeepest = 24;  ///< halvings of one edge; 2^24 pieces of half the globe are 1 m

double length_of(Point a, Point b, double& east_m) {
  const double lat = std::min(std::abs(a.y), std::abs(b.y)) * kRadians;
  const double dlon = std::abs(b.x - a.x) * kRadians;
  east_m = kRadius * dlon * std::max(0.0, std::cos(lat));
  const double north_m = kRadius * std::abs(b.y - a.y) * kRadians;
  return std::hypot(east_m, north_m);
}

double tangent(Point a, Point b) {
  const double lat = std::min(89.9999999, std::max(std::abs(a.y), std::abs(b.y)));
  return std::tan(lat * kRadians);
}

/// What a walk along one ring or line needs to place new vertices.
class Walker {
 public:
  Walker(const Transform& to_base, Edges edges, const EdgeOptions& options)
      : to_base_(to_base), geodesic_(to_base.to()), edges_(edges), options_(options) {
    if (std::abs(to_base.to().radians_per_unit / kRadians - 1.0) > 1e-9)
      throw Error("crs.not_degrees", "its longitudes and latitudes are not in degrees",
                  to_base.from().label(), "Reproject the layer to a CRS in degrees or metres.");
  }

  Path walk(const Path& path) {
    Path degrees = path;
    transform(degrees);
    Path out;
    if (degrees.empty()) return out;
    out.reserve(degrees.size());
    out.push_back(degrees.front());
    for (std::size_t i = 1; i < degrees.size(); ++i) {
      Point b = degrees[i];
      const bool along_pole = std::abs(degrees[i - 1].x) == 180.0 && b.x == -degrees[i - 1].x;
      const Point last = out.back();
      b.x = along_pole ? last.x + (b.x - degrees[i - 1].x) : longitude_near(b.x, last.x);
      if (!along_pole) divide(path[i - 1], path[i], last, b, 0, out);
      out.push_back(b);
    }
    return out;
  }

 private:
  void transform(Path& path) const {
    if (to_base_.is_identity()) return;
    std::vector<double> x(path.size()), y(path.size());
    for (std::size_t i = 0; i < path.size(); ++i) x[i] = path[i].x, y[i] = path[i].y;
    if (to_base_.forward(x.data(), y.data(), x.size()) > 0)
      throw Error("crs.transform", "a vertex cannot be brought to longitude and latitude",
                  to_base_.from().label(), "Check that the coordinates are of that CRS.");
    for (std::size_t i = 0; i < path.size(); ++i) path[i] = {x[i], y[i]};
  }

  bool needs_division(Point a, Point b) const {
    double east = 0.0;
    const double length = length_of(a, b, east);
    if (length > options_.longest_m) return true;
    if (edges_ == Edges::geodesic || options_.for_geodesics)
      if (edge_gap_bound_m(a, b) > options_.tolerance_m) return true;
    if (edges_ == Edges::geodesic) return false;
    // Straight in longitude and latitude needs no vertex; in a projection, the line bends against
    // it no more than the meridians' convergence and the scale's change make it.
    if (to_base_.from().is_geographic()) return false;
    return length * length * (tangent(a, b) + 0.1) / (4.0 * kRadius) > options_.tolerance_m;
  }

  /// Adds the vertices between a and b (given in the CRS and in degrees), without the ends.
  void divide(Point a_crs, Point b_crs, Point a, Point b, int depth, Path& out) const {
    if (depth >= kDeepest || !needs_division(a, b)) return;
    Point m_crs{0.5 * (a_crs.x + b_crs.x), 0.5 * (a_crs.y + b_crs.y)};
    Point m{0.5 * (a.x + b.x), 0.5 * (a.y + b.y)};
    if (edges_ == Edges::geodesic) {
      const Inverse way = geodesic_.inverse({a.x, a.y}, {b.x, b.y});
      if (way.distance_m < 1e-3) return;
      const LonLat middle = geodesic_.direct({a.x, a.y}, way.azimuth1_deg, 0.5 * way.distance_m);
      m = {middle.lon_deg, middle.lat_deg};
      if (std::abs(m.y) > 90.0 - 1e-9) {
        // Over the pole itself: up one meridian and down the other.
        const double pole = m.y > 0 ? 90.0 : -90.0;
        divide(m_crs, m_crs, a, {a.x, pole}, depth + 1, out);
        out.push_back({a.x, pole});
        out.push_back({b.x, pole});
        divide(m_crs, m_crs, {b.x, pole}, b, depth + 1, out);
        return;
      }
    } else if (!to_base_.is_identity()) {
      Path one{m_crs};
      transform(one);
      m = one.front();
    }
    m.x = longitude_near(m.x, a.x);
    Point far = b;
    divide(a_crs, m_crs, a, m, depth + 1, out);
    out.push_back(m);
    far.x = longitude_near(b.x, m.x);
    divide(m_crs, b_crs, m, far, depth + 1, out);
  }

  const Transform& to_base_;
  Geodesic geodesic_;
  Edges edges_;
  EdgeOptions options_;
};

}  // namespace

double edge_gap_bound_m(Point a, Point b) {
  // The line's geodesic curvature is at most sin(az) (1 + cos^2(az)) tan(lat) / R; the flattening
  // adds below a hundredth.
  double east = 0.0;
  const double length = length_of(a, b, east);
  return length * east * (tangent(a, b) + 0.01) / (4.0 * kRadius);
}

Geometry to_lonlat(const Geometry& geometry, const Transform& to_base, Edges edges,
                   const EdgeOptions& options) {
  Walker walker(to_base, edges, options);
  Geometry out;
  out.kind = geometry.kind;
  for (const Point& p : geometry.points) out.points.push_back(walker.walk({p}).front());
  for (const Path& line : geometry.lines) out.lines.push_back(walker.walk(line));
  for (const Polygon& polygon : geometry.polygons) {
    Polygon one;
    one.shell = walker.walk(polygon.shell);
    for (const Path& hole : polygon.holes) one.holes.push_back(walker.walk(hole));
    out.polygons.push_back(std::move(one));
  }
  return out;
}

Geometry to_lonlat(const Geometry& geometry, const Crs& crs, Edges edges,
                   const EdgeOptions& options) {
  return to_lonlat(geometry, Transform(crs, geodetic_base(crs)), edges, options);
}

Geometry follow_edges(const Geometry& geometry, const Crs& crs, Edges edges,
                      const EdgeOptions& options) {
  if (crs.is_local() || (crs.is_projected() && edges == Edges::straight)) return geometry;
  if (crs.is_geographic() && edges == Edges::straight) {
    if (!(geodetic_base(crs) == crs)) return geometry;
    return cut_at_antimeridian(geometry);
  }
  const Transform to_base(crs, geodetic_base(crs));
  Geometry out = to_lonlat(geometry, to_base, edges, options);
  if (to_base.is_identity()) return cut_at_antimeridian(out);
  const Transform back(to_base.to(), crs);
  std::vector<double> x, y;
  for_each_vertex(out, [&](Point& p) { x.push_back(p.x), y.push_back(p.y); });
  if (back.forward(x.data(), y.data(), x.size()) > 0)
    throw Error("crs.transform", "an edge leaves the area of its CRS", crs.label(),
                "Use --edges straight, or reproject the layer.");
  std::size_t i = 0;
  for_each_vertex(out, [&](Point& p) { p = {x[i], y[i]}, ++i; });
  return out;
}

}  // namespace lode
