// Points, lines and polygons in memory: plain vectors, x easting or longitude.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace lode {

struct Point {
  double x = 0.0;
  double y = 0.0;
  bool operator==(const Point&) const = default;
};

using Path = std::vector<Point>;  ///< an open line, or a closed ring (first == last)

/// Shell counter-clockwise, holes clockwise once it has been through `check_geometry`.
struct Polygon {
  Path shell;
  std::vector<Path> holes;
  bool operator==(const Polygon&) const = default;
};

enum class GeometryKind { none, point, line, polygon };

[[nodiscard]] std::string_view to_text(GeometryKind kind);

/// Always multi: one feature's parts of one kind.
struct Geometry {
  GeometryKind kind = GeometryKind::none;
  std::vector<Point> points;
  std::vector<Path> lines;
  std::vector<Polygon> polygons;

  [[nodiscard]] bool empty() const { return points.empty() && lines.empty() && polygons.empty(); }
  bool operator==(const Geometry&) const = default;
};

[[nodiscard]] Geometry point_geometry(double x, double y);
[[nodiscard]] Geometry polygon_geometry(Path shell);

/// Axis-aligned; empty (min > max) by default.
struct Box {
  double min_x = 1e308, min_y = 1e308, max_x = -1e308, max_y = -1e308;

  [[nodiscard]] bool empty() const { return min_x > max_x || min_y > max_y; }
  [[nodiscard]] bool meets(const Box& other) const {
    return min_x <= other.max_x && other.min_x <= max_x && min_y <= other.max_y &&
           other.min_y <= max_y;
  }
  void add(Point p);
  void add(const Box& other);
  bool operator==(const Box&) const = default;
};

[[nodiscard]] Box box_of(const Geometry& geometry);

/// Calls visit(Point&) for every vertex (for transforms and checks).
template <class Visit>
void for_each_vertex(Geometry& g, Visit visit) {
  for (auto& p : g.points) visit(p);
  for (auto& line : g.lines)
    for (auto& p : line) visit(p);
  for (auto& polygon : g.polygons) {
    for (auto& p : polygon.shell) visit(p);
    for (auto& hole : polygon.holes)
      for (auto& p : hole) visit(p);
  }
}

}  // namespace lode
