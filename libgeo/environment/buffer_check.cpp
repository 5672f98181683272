#include "libgeo/environment/buffer_check.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "libgeo/environment/buffer_worker.h"

namespace lode {
namespace {

std::size_t vertices_of(const Geometry& g) {
  std::size_t count = 0;
  for (const Polygon& polygon : g.polygons) {
    count += polygon.shell.size();
    for (const Path& hole : polygon.holes) count += hole.size();
  }
  return count;
}

bool on_cut(Point p) {
  return std::abs(p.x) == 180.0 || std::abs(p.y) == 90.0;
}

/// A few vertices of the input, which a growing buffer must hold.
bool holds_input(const Geometry& buffer, const std::vector<Geometry>& features,
                 const BufferOptions& options, const Crs& crs) {
  if (crs.is_projected() && options.edges == Edges::geodesic) return true;  // other straight lines
  constexpr std::size_t most = 8;
  std::size_t step = std::max<std::size_t>(1, features.size() / most);
  for (std::size_t f = 0; f < features.size(); f += step) {
    const Geometry& g = features[f];
    std::vector<Point> places = g.points;
    for (const Path& line : g.lines) places.push_back(line[line.size() / 2]);
    for (const Polygon& polygon : g.polygons) places.push_back(polygon.shell.front());
    step = std::max(step, places.size() / most);
    for (std::size_t i = 0; i < places.size(); i += std::max<std::size_t>(1, places.size() / most))
      if (std::abs(places[i].x) < 180.0 && !covers(buffer, places[i])) return false;
  }
  return true;
}

}  // namespace

std::vector<Geometry> judged_features(const BufferInputs& inputs,
                                      const std::vector<std::size_t>& members, bool inwards) {
  std::vector<Geometry> out;
  for (const std::size_t i : members) {
    if (!inwards || inputs.geometry[i].kind != GeometryKind::polygon) {
      out.push_back(inputs.geometry[i]);
      continue;
    }
    Geometry lines;
    lines.kind = GeometryKind::line;
    lines.lines = boundary_of(inputs.geometry[i]);
    out.push_back(std::move(lines));
  }
  return out;
}

AreaBounds area_bounds(const BufferInputs& inputs, const std::vector<std::size_t>& members,
                       double distance_m, bool inwards, const BufferOptions& options) {
  constexpr double pi = std::numbers::pi, radius = 6371000.0;
  const bool planar = inputs.crs.is_local();
  const double d = distance_m;
  const double disc =
      planar ? pi * d * d : 4.0 * pi * std::pow(radius * std::sin(d / radius / 2.0), 2.0);
  // Chords, the ellipsoid against the sphere, edges drawn straight.
  const double slack = 0.01 + 4.0 * tolerance_for(d, options) / d;
  double areas = 0.0, largest = 0.0, lengths = 0.0, parts = 0.0;
  for (const std::size_t i : members) {
    const Geometry& g = inputs.geometry[i];
    if (g.empty()) continue;
    parts += static_cast<double>(g.points.size() + g.lines.size());
    if (g.kind == GeometryKind::line) lengths += 2.0 * length_m(g, inputs.crs, options.edges);
    if (g.kind != GeometryKind::polygon) continue;
    const double area = area_m2(g, inputs.crs, options.edges);
    areas += area;
    largest = std::max(largest, area);
    lengths += length_m(g, inputs.crs, options.edges);
    for (const Polygon& polygon : g.polygons)
      parts += 1.0 + static_cast<double>(polygon.holes.size());
  }
  if (inwards) return {0.0, areas * (1.0 + slack)};
  return {std::max(largest, disc) * (1.0 - slack),
          (areas + lengths * d + parts * disc) * (1.0 + slack)};
}

BufferCheck check_buffer(const Geometry& buffer, const NearIndex& index,
                         const std::vector<Geometry>& features, double distance_m, bool inwards,
                         const BufferOptions& options, const Crs& crs, std::size_t most,
                         const Progress& stop) {
  BufferCheck out;
  // Places on flat ends and along the feature itself are nearer by intent.
  const bool open = options.cap == Cap::flat || options.side == SetbackSide::left ||
                    options.side == SetbackSide::right || options.side == SetbackSide::out;
  const auto probe = [&](Point place) {
    if (out.probes % 64 == 63) stop.check();
    const double d = index.nearest(index.probe(point_geometry(place.x, place.y))).distance_m;
    const double error = open ? std::max(0.0, d - distance_m) : std::abs(d - distance_m);
    out.worst_m = std::max(out.worst_m, error);
    ++out.probes;
  };
  const std::size_t stride =
      std::max<std::size_t>(1, vertices_of(buffer) / std::max<std::size_t>(1, most));
  std::size_t count = 0;
  const auto ring = [&](const Path& path) {
    for (std::size_t i = 1; i < path.size(); ++i) {
      if (count++ % stride != 0) continue;
      const Point a = path[i - 1], b = path[i];
      if (crs.is_geographic() && (is_seam(a, b) || on_cut(b))) continue;
      probe(b);
      probe({0.5 * (a.x + b.x), 0.5 * (a.y + b.y)});
    }
  };
  if (options.cap != Cap::square)
    for (const Polygon& polygon : buffer.polygons) {
      ring(polygon.shell);
      for (const Path& hole : polygon.holes) ring(hole);
    }
  const bool grows = !inwards && options.side == SetbackSide::both;
  if (grows) out.holds_input = holds_input(buffer, features, options, crs);
  return out;
}

}  // namespace lode
