#include "libgeo/environment/near_ground.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "libgeo/crs/local_frame.h"
#include "libgeo/geometry/edges.h"
#include "libgeo/geometry/wrap.h"

namespace lode {
namespace {

constexpr double kRadius = 6371000.0;
constexpr double kDegree = std::numbers::pi / 180.0;
constexpr double kLargestRun = 50000.0;
constexpr int kDeepest = 24;

using Xyz = std::array<double, 3>;

Xyz unit(Point p) {
  const double lon = p.x * kDegree, lat = p.y * kDegree;
  return {std::cos(lat) * std::cos(lon), std::cos(lat) * std::sin(lon), std::sin(lat)};
}

double chord(const Xyz& a, const Xyz& b) {
  return std::sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) +
                   (a[2] - b[2]) * (a[2] - b[2]));
}

double arc_m(double unit_chord) {
  return 2.0 * kRadius * std::asin(std::min(1.0, unit_chord / 2));
}

LonLat place_of(const Xyz& v) {
  return {std::atan2(v[1], v[0]) / kDegree, std::atan2(v[2], std::hypot(v[0], v[1])) / kDegree};
}

double signed_area(const Path& ring) {
  double sum = 0.0;
  for (std::size_t i = 1; i < ring.size(); ++i)
    sum += (ring[i - 1].x - ring[0].x) * (ring[i].y - ring[0].y) -
           (ring[i].x - ring[0].x) * (ring[i - 1].y - ring[0].y);
  return 0.5 * sum;
}

void wind(Path& ring, bool left) {
  if ((signed_area(ring) > 0.0) != left) std::reverse(ring.begin(), ring.end());
}

/// Brings rings of a frame to degrees, with vertices added until straight lines there follow.
class Unprojector {
 public:
  Unprojector(const LocalFrame& frame, double tolerance_m)
      : frame_(frame), tolerance_m_(tolerance_m) {}

  Path ring(const Path& xy) const {
    Path out;
    if (xy.empty()) return out;
    out.push_back(degrees(xy.front(), frame_.centre().lon_deg));
    for (std::size_t i = 1; i < xy.size(); ++i) {
      const Point last = out.back();
      divide(xy[i - 1], xy[i], last, degrees(xy[i], last.x), 0, out);
      out.push_back(degrees(xy[i], out.back().x));
    }
    return out;
  }

 private:
  Point degrees(Point xy, double near_lon) const {
    const LonLat at = frame_.inverse({xy.x, xy.y});
    return {longitude_near(at.lon_deg, near_lon), at.lat_deg};
  }
  void divide(Point a, Point b, Point pa, Point pb, int depth, Path& out) const {
    if (depth >= kDeepest || edge_gap_bound_m(pa, pb) <= tolerance_m_) return;
    const Point m{0.5 * (a.x + b.x), 0.5 * (a.y + b.y)};
    const Point pm = degrees(m, pa.x);
    divide(a, m, pa, pm, depth + 1, out);
    out.push_back(pm);
    divide(m, b, pm, {longitude_near(pb.x, pm.x), pb.y}, depth + 1, out);
  }

  const LocalFrame& frame_;
  double tolerance_m_;
};

Geometry to_degrees(Geometry xy, const LocalFrame& frame, double tolerance_m) {
  const Unprojector unproject(frame, tolerance_m);
  Geometry out;
  out.kind = GeometryKind::polygon;
  for (Polygon& polygon : xy.polygons) {
    Polygon one;
    wind(polygon.shell, true);
    one.shell = unproject.ring(polygon.shell);
    for (Path& hole : polygon.holes) {
      wind(hole, false);
      one.holes.push_back(unproject.ring(hole));
    }
    out.polygons.push_back(std::move(one));
  }
  return cut_at_antimeridian(out, PoleRule::left);
}

/// A ring walked with the area on its left; vertices from the direct geodesic problem.
class ExactRing {
 public:
  ExactRing(const Geodesic& geodesic, const SetbackPlan& plan) : geodesic_(geodesic), plan_(plan) {}

  void add(LonLat from, double azimuth_deg) {
    LonLat at = geodesic_.direct(from, azimuth_deg, plan_.radius_m);
    if (!ring.empty()) {
      at.lon_deg = longitude_near(at.lon_deg, ring.back().x);
      follow(ring.back(), {at.lon_deg, at.lat_deg}, 0);
      at.lon_deg = longitude_near(at.lon_deg, ring.back().x);
    }
    ring.push_back({at.lon_deg, at.lat_deg});
  }
  /// From azimuth `begin` down to `end` about a place.
  void arc(LonLat about, double begin_deg, double end_deg) {
    const double step = 90.0 / plan_.segments;
    const int steps = std::max(1, static_cast<int>(std::ceil((begin_deg - end_deg) / step - 1e-9)));
    for (int i = 0; i <= steps; ++i) add(about, begin_deg + (end_deg - begin_deg) * i / steps);
  }
  Geometry closed() {
    const Point first = ring.front();
    follow(ring.back(), {longitude_near(first.x, ring.back().x), first.y}, 0);
    ring.push_back({longitude_near(first.x, ring.back().x), first.y});
    return cut_at_antimeridian(polygon_geometry(ring), PoleRule::left);
  }

  Path ring;

 private:
  void follow(Point a, Point b, int depth) {
    if (depth >= kDeepest || edge_gap_bound_m(a, b) <= 0.2 * plan_.working_m) return;
    const Inverse way = geodesic_.inverse({a.x, a.y}, {b.x, b.y});
    if (way.distance_m < 1e-3) return;
    const LonLat middle = geodesic_.direct({a.x, a.y}, way.azimuth1_deg, 0.5 * way.distance_m);
    const Point m{longitude_near(middle.lon_deg, a.x), middle.lat_deg};
    follow(a, m, depth + 1);
    ring.push_back(m);
    follow(m, {longitude_near(b.x, m.x), b.y}, depth + 1);
  }

  const Geodesic& geodesic_;
  const SetbackPlan& plan_;
};

Geometry exact_circle(Point centre, SetbackPlan plan, const Geodesic& geodesic, bool conservative) {
  // The polygon of chords has the circle's area when its vertices lie this much outside.
  const double step = std::numbers::pi / (2.0 * plan.segments);
  if (!conservative) plan.radius_m *= std::sqrt(step / std::sin(step));
  ExactRing ring(geodesic, plan);
  const int count = 4 * plan.segments;
  for (int i = 0; i < count; ++i) ring.add({centre.x, centre.y}, -360.0 * i / count);
  return ring.closed();
}

/// Everything within the radius of one geodesic edge, both ends round.
Geometry exact_capsule(Point a, Point b, const SetbackPlan& plan, const Geodesic& geodesic) {
  const LonLat from{a.x, a.y}, to{b.x, b.y};
  const Inverse way = geodesic.inverse(from, to);
  // The line beside a geodesic bends against it: sagitta L^2 tan(r / R) / 8R.
  const double bend = std::tan(std::min(1.5, plan.radius_m / kRadius)) / (8.0 * kRadius);
  const int steps = std::max(
      1, static_cast<int>(std::ceil(way.distance_m * std::sqrt(bend / (0.2 * plan.working_m)))));
  std::vector<LonLat> places;
  std::vector<double> azimuths;
  for (int i = 0; i <= steps; ++i) {
    places.push_back(i == 0 ? from
                     : i == steps
                         ? to
                         : geodesic.direct(from, way.azimuth1_deg, way.distance_m * i / steps));
    azimuths.push_back(i == 0 ? way.azimuth1_deg
                              : geodesic.inverse(from, places.back()).azimuth2_deg);
  }
  ExactRing ring(geodesic, plan);
  for (int i = 0; i < steps; ++i) ring.add(places[i], azimuths[i] + 90.0);
  ring.arc(to, azimuths[steps] + 90.0, azimuths[steps] - 90.0);
  for (int i = steps - 1; i > 0; --i) ring.add(places[i], azimuths[i] - 90.0);
  ring.arc(from, azimuths[0] - 90.0, azimuths[0] - 270.0);
  ring.ring.pop_back();
  return ring.closed();
}

Geometry in_frame(const Geometry& lonlat, const LocalFrame& frame) {
  Geometry out = lonlat;
  for_each_vertex(out, [&](Point& p) {
    const auto xy = frame.forward({p.x, p.y});
    p = {xy.x_m, xy.y_m};
  });
  return out;
}

}  // namespace

SetbackPlan plan_of(const SetbackShape& shape) {
  SetbackPlan plan;
  const double share = shape.conservative ? 0.5 : 1.0;  // room for the growth
  plan.working_m = shape.tolerance_m * share * std::pow(0.5, shape.finer);
  const double relative = std::min(0.5, plan.working_m / shape.distance_m);
  plan.segments = std::clamp(
      static_cast<int>(std::ceil(std::numbers::pi / 4.0 / std::acos(1.0 - 0.4 * relative))), 4,
      4096);
  // Off-centre scale of the azimuthal equidistant frame: 1 + c^2 / 6R^2.
  plan.reach_m = kRadius * std::sqrt(6.0 * 0.2 * relative);
  const bool plain = shape.cap == Cap::round && shape.side == BufferSide::both;
  plan.run_m = std::min(kLargestRun, plan.reach_m - (plain ? 1.0 : 3.0) * shape.distance_m);
  plan.frames = plan.run_m >= 500.0 && !(shape.exact && plain);
  plan.radius_m = shape.distance_m;
  if (shape.conservative)
    plan.radius_m = shape.distance_m / std::cos(std::numbers::pi / (4.0 * plan.segments)) +
                    0.5 * plan.working_m;
  // A geodesic off the centre by c lies L^2 c / 8R^2 beside its chord in the frame.
  if (!plan.frames) plan.run_m = std::max(1000.0, 0.1 * shape.distance_m);
  const double off = std::max(1000.0, plan.run_m);
  plan.longest_edge_m =
      std::min({plan.run_m, 20000.0,
                std::max(50.0, std::sqrt(0.1 * plan.working_m * 8.0 * kRadius * kRadius / off))});
  return plan;
}

std::vector<Path> runs_of(const Path& path, double run_m) {
  std::vector<Path> out;
  if (path.size() < 2) {
    if (!path.empty()) out.push_back(path);
    return out;
  }
  Path run{path.front()};
  Xyz low = unit(path.front()), high = low;
  for (std::size_t i = 1; i < path.size(); ++i) {
    const Xyz at = unit(path[i]);
    Xyz new_low = low, new_high = high;
    for (int k = 0; k < 3; ++k) {
      new_low[k] = std::min(low[k], at[k]);
      new_high[k] = std::max(high[k], at[k]);
    }
    if (run.size() > 1 && 0.5 * chord(new_low, new_high) * kRadius > run_m) {
      out.push_back(run);
      run = {path[i - 1]};
      const Xyz before = unit(path[i - 1]);
      for (int k = 0; k < 3; ++k) {
        new_low[k] = std::min(before[k], at[k]);
        new_high[k] = std::max(before[k], at[k]);
      }
    }
    run.push_back(path[i]);
    low = new_low;
    high = new_high;
  }
  out.push_back(run);
  return out;
}

Extent extent_of(const Geometry& lonlat) {
  Xyz low{2, 2, 2}, high{-2, -2, -2};
  Geometry copy = lonlat;
  for_each_vertex(copy, [&](Point& p) {
    const Xyz v = unit(p);
    for (int k = 0; k < 3; ++k) low[k] = std::min(low[k], v[k]), high[k] = std::max(high[k], v[k]);
  });
  Xyz mid;
  for (int k = 0; k < 3; ++k) mid[k] = 0.5 * (low[k] + high[k]);
  const double norm = std::sqrt(mid[0] * mid[0] + mid[1] * mid[1] + mid[2] * mid[2]);
  Extent out;
  if (norm < 1e-3) {
    out.radius_m = std::numbers::pi * kRadius;  // spread around the globe
    return out;
  }
  for (double& v : mid) v /= norm;
  out.middle = place_of(mid);
  double widest = 0.0;
  for_each_vertex(copy, [&](Point& p) { widest = std::max(widest, chord(mid, unit(p))); });
  out.radius_m = arc_m(widest) * 1.005;  // the ellipsoid is up to half a percent longer
  return out;
}

Geometry ground_near(const Path& run, const SetbackShape& shape, const Geodesic& geodesic) {
  const SetbackPlan plan = plan_of(shape);
  if (run.size() == 1) return exact_circle(run.front(), plan, geodesic, shape.conservative);
  Geometry line;
  line.kind = GeometryKind::line;
  line.lines.push_back(run);
  if (plan.frames) return ground_near_small(line, shape, false, geodesic);
  // Detail far below the tolerance does not reach the setback line.
  const LocalFrame frame(geodesic, extent_of(line).middle);
  const Geometry xy = simplify(in_frame(line, frame), 0.1 * plan.working_m);
  std::vector<Geometry> parts;
  for (const Path& path : xy.lines)
    for (std::size_t i = 1; i < path.size(); ++i) {
      const LonLat a = frame.inverse({path[i - 1].x, path[i - 1].y});
      const LonLat b = frame.inverse({path[i].x, path[i].y});
      parts.push_back(
          exact_capsule({a.lon_deg, a.lat_deg}, {b.lon_deg, b.lat_deg}, plan, geodesic));
    }
  return parts.size() == 1 ? parts.front() : unite(parts);
}

Geometry ground_near_small(const Geometry& lonlat, const SetbackShape& shape, bool inwards,
                           const Geodesic& geodesic) {
  const SetbackPlan plan = plan_of(shape);
  const LocalFrame frame(geodesic, extent_of(lonlat).middle);
  const Geometry xy = simplify(in_frame(lonlat, frame), 0.05 * plan.working_m);
  const Geometry near = planar_buffer(xy, inwards ? -plan.radius_m : plan.radius_m, plan.segments,
                                      shape.cap, shape.side);
  return to_degrees(near, frame, 0.2 * plan.working_m);
}

}  // namespace lode
