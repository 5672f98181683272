#include "libgeo/geometry/wrap.h"

#include <algorithm>
#include <cmath>

#include "libgeo/geometry/overlay.h"

namespace lode {
namespace {

constexpr double kSeam = 180.0;
/// 1e-9 degrees are 0.1 mm: a cut that misses the seam by rounding is set on it.
constexpr double kSnap = 1e-9;

/// An edge from seam to seam belongs to a ring that was closed along the pole before.
bool along_pole(Point a, Point b) {
  return std::abs(a.x) == kSeam && std::abs(b.x) == kSeam && a.x == -b.x;
}

bool crosses(const Path& path) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (std::abs(path[i].x) > kSeam) return true;
    if (i > 0 && std::abs(path[i].x - path[i - 1].x) > kSeam && !along_pole(path[i - 1], path[i]))
      return true;
  }
  return false;
}

/// A ring whose longitude runs on may go around a pole and end a turn from where it began.
bool ring_crosses(const Path& ring) {
  return crosses(ring) || (!ring.empty() && std::abs(ring.back().x - ring.front().x) > kSeam);
}

/// Longitude runs on from vertex to vertex.
Path unwrapped(const Path& path) {
  Path out = path;
  for (std::size_t i = 1; i < out.size(); ++i) {
    if (along_pole(path[i - 1], path[i])) {
      out[i].x = out[i - 1].x + (path[i].x - path[i - 1].x);
    } else {
      out[i].x = longitude_near(out[i].x, out[i - 1].x);
    }
  }
  return out;
}

Geometry box_polygon(double west, double east) {
  return polygon_geometry({{west, -90}, {east, -90}, {east, 90}, {west, 90}, {west, -90}});
}

/// A planar polygon of any longitudes as parts within -180..180.
Geometry folded(const Path& ring) {
  Box box;
  for (const Point& p : ring) box.add(p);
  Geometry out;
  out.kind = GeometryKind::polygon;
  const int first = static_cast<int>(std::floor((box.min_x + kSeam) / 360.0));
  const int last = static_cast<int>(std::floor((box.max_x + kSeam) / 360.0));
  const Geometry whole = polygon_geometry(ring);
  for (int k = first; k <= last; ++k) {
    const double west = -kSeam + 360.0 * k;
    Geometry part = first == last ? whole : intersection(whole, box_polygon(west, west + 360.0));
    if (part.kind != GeometryKind::polygon) continue;
    for_each_vertex(part, [&](Point& p) {
      p.x -= 360.0 * k;
      if (std::abs(p.x - kSeam) < kSnap) p.x = kSeam;
      if (std::abs(p.x + kSeam) < kSnap) p.x = -kSeam;
    });
    out.polygons.insert(out.polygons.end(), part.polygons.begin(), part.polygons.end());
  }
  return out;
}

/// A ring around a pole, begun where it meets the antimeridian nearest to that pole, so that
/// closing it over the pole cuts it nowhere else.
Path begun_at_seam(const Path& run, bool north) {
  const double turn = run.back().x > run.front().x ? 360.0 : -360.0;
  const auto window = [](double x) { return std::floor((x + kSeam) / 360.0); };
  std::size_t at = run.size();
  Point on;
  for (std::size_t i = 0; i + 1 < run.size(); ++i) {
    const Point a = run[i], b = run[i + 1];
    Point here = a;
    if (a.x != 360.0 * window(a.x) - kSeam) {
      if (window(a.x) == window(b.x)) continue;
      here.x = 360.0 * std::max(window(a.x), window(b.x)) - kSeam;
      here.y = a.y + (here.x - a.x) / (b.x - a.x) * (b.y - a.y);
    }
    if (at < run.size() && (north ? here.y <= on.y : here.y >= on.y)) continue;
    at = i;
    on = here;
  }
  if (at == run.size()) return run;
  Path out{on};
  for (std::size_t i = at + 1; i < run.size(); ++i)
    if (run[i] != out.back()) out.push_back(run[i]);
  for (std::size_t i = 1; i <= at; ++i) {
    const Point p{run[i].x + turn, run[i].y};
    if (p != out.back()) out.push_back(p);
  }
  const Point end{on.x + turn, on.y};
  if (out.back() != end) out.push_back(end);
  return out;
}

/// What a ring encloses, within -180..180. `inside_left`: its inside lies to the left of it.
Geometry region(const Path& ring, PoleRule rule, bool inside_left) {
  Path run = unwrapped(ring);
  const double turn = run.back().x - run.front().x;
  if (std::abs(turn) > kSeam) {
    double mean = 0.0;
    for (const Point& p : run) mean += p.y;
    const bool north = rule == PoleRule::smaller ? mean > 0.0 : (turn > 0.0) == inside_left;
    const double pole = north ? 90.0 : -90.0;
    run = begun_at_seam(run, north);
    run.push_back({run.back().x, pole});
    run.push_back({run.front().x, pole});
    run.push_back(run.front());
  }
  return folded(run);
}

Geometry cut_polygon(const Polygon& polygon, PoleRule rule) {
  Geometry out = region(polygon.shell, rule, true);
  if (polygon.holes.empty()) return out;
  std::vector<Geometry> holes;
  for (const Path& hole : polygon.holes) holes.push_back(region(hole, rule, false));
  return difference(out, unite(holes));
}

void cut_line(const Path& line, std::vector<Path>& out) {
  const Path run = unwrapped(line);
  const auto window = [](double x) { return std::floor((x + kSeam) / 360.0); };
  Path part;
  const auto place = [&](Point p, double k) { part.push_back({p.x - 360.0 * k, p.y}); };
  const auto flush = [&] {
    if (part.size() > 1) out.push_back(part);
    part.clear();
  };
  double k = window(run.size() > 1 ? 0.5 * (run[0].x + run[1].x) : run[0].x);
  for (std::size_t i = 0; i + 1 < run.size(); ++i) {
    const Point a = run[i], b = run[i + 1];
    const double here = window(0.5 * (a.x + b.x));
    // A vertex on the seam belongs to both sides; the middle of the edge says which one is meant.
    const double seam_low = -kSeam + 360.0 * std::min(window(a.x), window(b.x)) + 360.0;
    const bool cuts = std::min(a.x, b.x) < seam_low && std::max(a.x, b.x) > seam_low;
    if (cuts) {
      const double t = (seam_low - a.x) / (b.x - a.x);
      const Point on{seam_low, a.y + t * (b.y - a.y)};
      const double ka = a.x < seam_low ? window(seam_low) - 1.0 : window(seam_low);
      const double kb = b.x < seam_low ? window(seam_low) - 1.0 : window(seam_low);
      if (!part.empty() && k != ka) flush();
      if (part.empty()) place(a, ka);
      place(on, ka);
      flush();
      k = kb;
      place(on, kb);
      place(b, kb);
    } else {
      if (here != k) {
        flush();
        k = here;
      }
      if (part.empty()) place(a, k);
      place(b, k);
    }
  }
  flush();
}

}  // namespace

double longitude_near(double lon_deg, double near_deg) {
  // Whole turns are added, so that a longitude that is near already keeps its bits.
  return lon_deg + 360.0 * std::round((near_deg - lon_deg) / 360.0);
}

bool crosses_antimeridian(const Geometry& lonlat) {
  for (const Point& p : lonlat.points)
    if (std::abs(p.x) > kSeam) return true;
  for (const Path& line : lonlat.lines)
    if (crosses(line)) return true;
  for (const Polygon& polygon : lonlat.polygons) {
    if (ring_crosses(polygon.shell)) return true;
    for (const Path& hole : polygon.holes)
      if (ring_crosses(hole)) return true;
  }
  return false;
}

Geometry cut_at_antimeridian(const Geometry& lonlat, PoleRule rule) {
  if (!crosses_antimeridian(lonlat)) return lonlat;
  Geometry out;
  out.kind = lonlat.kind;
  for (Point p : lonlat.points) {
    if (std::abs(p.x) > kSeam) p.x = longitude_near(p.x, 0.0);
    out.points.push_back(p);
  }
  for (const Path& line : lonlat.lines) {
    if (crosses(line)) {
      cut_line(line, out.lines);
    } else {
      out.lines.push_back(line);
    }
  }
  for (const Polygon& polygon : lonlat.polygons) {
    Geometry one;
    one.kind = GeometryKind::polygon;
    one.polygons.push_back(polygon);
    if (crosses_antimeridian(one)) one = cut_polygon(polygon, rule);
    out.polygons.insert(out.polygons.end(), one.polygons.begin(), one.polygons.end());
  }
  return out;
}

}  // namespace lode
