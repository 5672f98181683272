// Rings and lines on the sheet: made dense, cut at seam and rim, thinned to what can be seen.
#include <algorithm>
#include <array>
#include <cmath>

#include "libgeo/report/projection.h"

namespace lode::report {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kRadian = kPi / 180.0;
constexpr double kSeam = 179.9995;

double wrapped(double degrees) {
  double turned = std::fmod(degrees + 180.0, 360.0);
  if (turned < 0.0) turned += 360.0;
  return turned - 180.0;
}

struct Vector {
  double x = 0.0, y = 0.0, z = 0.0;
};
Vector unit_vector(LonLat place) {
  const double phi = place.lat_deg * kRadian, lambda = place.lon_deg * kRadian;
  return {std::cos(phi) * std::cos(lambda), std::cos(phi) * std::sin(lambda), std::sin(phi)};
}
double dot(const Vector& a, const Vector& b) {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}

/// Keeps the part of a ring on one side: Sutherland and Hodgman 1974. `depth` is positive inside.
template <class Depth>
Path clip_ring(const Path& ring, Depth depth) {
  Path out;
  if (ring.empty()) return out;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Point& a = ring[i];
    const Point& b = ring[(i + 1) % ring.size()];
    const double da = depth(a), db = depth(b);
    if (da >= 0.0) out.push_back(a);
    if ((da >= 0.0) != (db >= 0.0)) {
      const double t = da / (da - db);
      out.push_back({a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t});
    }
  }
  return out;
}

Path clip_to_sheet(Path ring, const MapView& view) {
  ring = clip_ring(ring, [](const Point& p) { return p.x; });
  ring = clip_ring(ring, [&](const Point& p) { return view.width_px - p.x; });
  ring = clip_ring(ring, [](const Point& p) { return p.y; });
  return clip_ring(ring, [&](const Point& p) { return view.height_px - p.y; });
}

/// The part of a segment on the sheet (Liang and Barsky 1984); false when there is none.
bool clip_segment(Point& a, Point& b, const MapView& view) {
  double t0 = 0.0, t1 = 1.0;
  const double dx = b.x - a.x, dy = b.y - a.y;
  const std::array<std::array<double, 2>, 4> sides{
      {{-dx, a.x}, {dx, view.width_px - a.x}, {-dy, a.y}, {dy, view.height_px - a.y}}};
  for (const auto& [p, q] : sides) {
    if (p == 0.0) {
      if (q < 0.0) return false;
      continue;
    }
    const double t = q / p;
    if (p < 0.0)
      t0 = std::max(t0, t);
    else
      t1 = std::min(t1, t);
  }
  if (t0 > t1) return false;
  const Point from = a;
  b = {from.x + dx * t1, from.y + dy * t1};
  a = {from.x + dx * t0, from.y + dy * t0};
  return true;
}

/// Cuts a line in pixels at the rim; NaN points end a piece.
void clip_line(const Path& line, const MapView& view, double tolerance, std::vector<Path>& out) {
  Path piece;
  const auto finish = [&] {
    if (piece.size() > 1) out.push_back(simplify_path(piece, tolerance));
    piece.clear();
  };
  for (std::size_t i = 1; i < line.size(); ++i) {
    Point a = line[i - 1], b = line[i];
    if (!std::isfinite(a.x) || !std::isfinite(b.x) || !clip_segment(a, b, view)) {
      finish();
      continue;
    }
    if (piece.empty() || !(piece.back() == a)) {
      finish();
      piece.push_back(a);
    }
    piece.push_back(b);
    if (!(b == line[i])) finish();
  }
  finish();
}

/// Longest edge, degrees, that is still drawn as a straight line on the sheet.
double longest_edge(const MapView& view) {
  return std::clamp(30.0 * view.metres_per_px() / 111000.0, 0.02, 2.0);
}

/// Edges no longer than `most`; longitudes run on (may leave -180..180) when `unwrap` is set.
Path dense(const Path& path, double most, bool unwrap) {
  Path out;
  if (path.empty()) return out;
  out.push_back(path.front());
  for (std::size_t i = 1; i < path.size(); ++i) {
    const Point from = out.back();
    double step_x = path[i].x - from.x;
    if (unwrap) step_x = wrapped(step_x);
    const double step_y = path[i].y - from.y;
    const double size = std::max(std::abs(step_x), std::abs(step_y));
    const int pieces = static_cast<int>(std::clamp(std::ceil(size / most), 1.0, 20000.0));
    for (int k = 1; k <= pieces; ++k)
      out.push_back({from.x + step_x * k / pieces, from.y + step_y * k / pieces});
  }
  return out;
}

bool on_seam(const Point& a, const Point& b) {
  return (std::abs(a.x) >= kSeam && std::abs(b.x) >= kSeam) ||
         (std::abs(a.y) >= 89.99 && std::abs(b.y) >= 89.99);
}

bool has_seam_edge(const Path& ring) {
  for (std::size_t i = 1; i < ring.size(); ++i)
    if (on_seam(ring[i - 1], ring[i])) return true;
  return false;
}

/// The parts of a ring that are real edges, not the cut along the antimeridian.
std::vector<Path> real_edges(const Path& ring) {
  std::vector<Path> out;
  Path piece;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    if (i > 0 && on_seam(ring[i - 1], ring[i])) {
      if (piece.size() > 1) out.push_back(piece);
      piece.clear();
    }
    piece.push_back(ring[i]);
  }
  if (piece.size() > 1) out.push_back(piece);
  return out;
}

void keep_ring(Path ring, const MapView& view, double tolerance, std::vector<Path>& out) {
  if (ring.size() < 3) return;
  ring = clip_to_sheet(std::move(ring), view);
  if (ring.size() < 3) return;
  ring.push_back(ring.front());
  ring = simplify_path(ring, tolerance);
  double doubled = 0.0;
  for (std::size_t i = 1; i < ring.size(); ++i)
    doubled += ring[i - 1].x * ring[i].y - ring[i].x * ring[i - 1].y;
  if (ring.size() >= 4 && std::abs(doubled) >= 1.6) out.push_back(std::move(ring));
}

/// True when no part of the ring can lie on a regional sheet.
bool far_away(const Path& ring, const MapView& view) {
  const double half = std::hypot(view.width_px, view.height_px) / view.px_per_unit;
  const double sheet = 2.0 * std::asin(std::min(1.0, half / 2.0));  // generous: the diagonal
  const Vector centre = unit_vector(view.centre);
  const Vector first = unit_vector({ring.front().x, ring.front().y});
  double spread = 0.0;
  for (const auto& p : ring) {
    const Vector v = unit_vector({p.x, p.y});
    spread = std::max(spread, std::acos(std::clamp(dot(first, v), -1.0, 1.0)));
  }
  return std::acos(std::clamp(dot(first, centre), -1.0, 1.0)) > sheet + spread + 0.02;
}

void project_azimuthal(const Path& ring, const MapView& view, double tolerance, Projected& out) {
  if (far_away(ring, view)) return;
  const Vector centre = unit_vector(view.centre);
  const double limit = std::cos((kReachDeg - 0.5) * kRadian);
  const Path edges = dense(ring, longest_edge(view), true);
  // The cut at the rim is made in space, where no longitude jumps.
  Path sheet;
  const auto place = [&](const Vector& v) {
    const double length = std::sqrt(dot(v, v));
    sheet.push_back(view.forward({std::atan2(v.y, v.x) / kRadian,
                                  std::asin(std::clamp(v.z / length, -1.0, 1.0)) / kRadian}));
  };
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const Point& p = edges[i];
    const Point& q = edges[(i + 1) % edges.size()];
    const Vector a = unit_vector({p.x, p.y}), b = unit_vector({q.x, q.y});
    const double da = dot(a, centre) - limit, db = dot(b, centre) - limit;
    if (da >= 0.0) sheet.push_back(view.forward({p.x, p.y}));
    if ((da >= 0.0) != (db >= 0.0)) {
      const double t = da / (da - db);
      place({a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t, a.z + (b.z - a.z) * t});
    }
  }
  keep_ring(std::move(sheet), view, tolerance, out.fills);
}

void project_world(const Path& ring, const MapView& view, double tolerance, Projected& out) {
  // Rings come cut at the antimeridian, or run across it in one step; the latter are run on.
  bool crosses = false;
  for (std::size_t i = 1; i < ring.size() && !crosses; ++i)
    crosses = std::abs(ring[i].x - ring[i - 1].x) > 180.0 && !on_seam(ring[i - 1], ring[i]);
  const Path edges = dense(ring, longest_edge(view), crosses);
  const double west = view.centre.lon_deg - 180.0;
  for (int turn = -1; turn <= 1; ++turn) {
    const double shift = 360.0 * turn;
    Path part;
    bool inside = false;
    for (const auto& p : edges) {
      part.push_back({p.x + shift - west, p.y});
      inside = inside || (part.back().x > 0.0 && part.back().x < 360.0);
    }
    if (!inside) continue;
    const std::size_t before = part.size();
    part = clip_ring(part, [](const Point& p) { return p.x; });
    part = clip_ring(part, [](const Point& p) { return 360.0 - p.x; });
    if (part.size() < 3) continue;
    if (part.size() != before) out.seamed = true;
    // The cut runs along a meridian, which is a curve on the sheet.
    part.push_back(part.front());
    part = dense(part, longest_edge(view), false);
    for (auto& p : part) {
      // The last sliver of a degree would be wrapped to the other side of the sheet.
      const double relative = std::clamp(p.x - 180.0, -179.9999, 179.9999);
      p = view.forward({view.centre.lon_deg + relative, p.y});
    }
    keep_ring(std::move(part), view, tolerance, out.fills);
  }
}

}  // namespace

Projected project_ring(const Path& ring, const MapView& view, double tolerance_px) {
  Projected out;
  if (ring.size() < 3) return out;
  out.seamed = has_seam_edge(ring);
  if (view.projection == MapProjection::equal_earth)
    project_world(ring, view, tolerance_px, out);
  else
    project_azimuthal(ring, view, tolerance_px, out);
  if (out.seamed && !out.fills.empty())
    for (const auto& edge : real_edges(ring))
      for (auto& line : project_line(edge, view, tolerance_px))
        out.strokes.push_back(std::move(line));
  return out;
}

std::vector<Path> project_line(const Path& line, const MapView& view, double tolerance_px) {
  std::vector<Path> out;
  if (line.size() < 2) return out;
  const Path edges = dense(line, longest_edge(view), true);
  Path sheet;
  const bool world = view.projection == MapProjection::equal_earth;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    if (world && i > 0) {
      const double a = wrapped(edges[i - 1].x - view.centre.lon_deg);
      const double b = a + (edges[i].x - edges[i - 1].x);
      if (std::abs(b) > 180.0) {
        const double rim = b > 0.0 ? 180.0 : -180.0;
        const double t = b == a ? 0.0 : (rim - a) / (b - a);
        const double lat = edges[i - 1].y + (edges[i].y - edges[i - 1].y) * t;
        const double near_rim = rim * 0.9999999;
        sheet.push_back(view.forward({view.centre.lon_deg + near_rim, lat}));
        clip_line(sheet, view, tolerance_px, out);
        sheet.assign(1, view.forward({view.centre.lon_deg - near_rim, lat}));
      }
    }
    sheet.push_back(view.forward({edges[i].x, edges[i].y}));
  }
  clip_line(sheet, view, tolerance_px, out);
  return out;
}

void project_geometry(const Geometry& geometry, const MapView& view, double tolerance_px,
                      std::vector<Path>& rings, std::vector<Path>& lines) {
  const auto append = [](std::vector<Path>& to, std::vector<Path>&& more) {
    for (auto& path : more) to.push_back(std::move(path));
  };
  for (const auto& polygon : geometry.polygons) {
    Projected shell = project_ring(polygon.shell, view, tolerance_px);
    if (shell.fills.empty()) continue;
    append(rings, std::move(shell.fills));
    for (const auto& hole : polygon.holes)
      append(rings, std::move(project_ring(hole, view, tolerance_px).fills));
  }
  for (const auto& line : geometry.lines)
    for (auto& piece : project_line(line, view, tolerance_px)) {
      Box box;
      for (const auto& p : piece) box.add(p);
      if (box.max_x - box.min_x + box.max_y - box.min_y >= 1.5) lines.push_back(std::move(piece));
    }
}

Path simplify_path(const Path& path, double tolerance) {
  if (path.size() < 3 || !(tolerance > 0.0)) return path;
  std::vector<char> keep(path.size(), 0);
  keep.front() = keep.back() = 1;
  std::vector<std::pair<std::size_t, std::size_t>> open{{0, path.size() - 1}};
  while (!open.empty()) {
    const auto [first, last] = open.back();
    open.pop_back();
    double worst = -1.0;
    std::size_t at = first;
    const double dx = path[last].x - path[first].x, dy = path[last].y - path[first].y;
    const double length2 = dx * dx + dy * dy;
    for (std::size_t i = first + 1; i < last; ++i) {
      const double px = path[i].x - path[first].x, py = path[i].y - path[first].y;
      double t = length2 > 0.0 ? (px * dx + py * dy) / length2 : 0.0;
      t = std::clamp(t, 0.0, 1.0);
      const double distance = std::hypot(px - t * dx, py - t * dy);
      if (distance > worst) {
        worst = distance;
        at = i;
      }
    }
    if (worst <= tolerance) continue;
    keep[at] = 1;
    open.push_back({first, at});
    open.push_back({at, last});
  }
  Path out;
  for (std::size_t i = 0; i < path.size(); ++i)
    if (keep[i]) out.push_back(path[i]);
  return out;
}

}  // namespace lode::report
