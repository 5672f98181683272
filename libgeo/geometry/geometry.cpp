// Plain geometry: names of kinds, makers and bounding boxes.
#include "libgeo/geometry/geometry.h"

#include <algorithm>

namespace lode {

std::string_view to_text(GeometryKind kind) {
  switch (kind) {
    case GeometryKind::point:
      return "point";
    case GeometryKind::line:
      return "line";
    case GeometryKind::polygon:
      return "polygon";
    case GeometryKind::none:
      break;
  }
  return "none";
}

Geometry point_geometry(double x, double y) {
  Geometry g;
  g.kind = GeometryKind::point;
  g.points.push_back({x, y});
  return g;
}

Geometry polygon_geometry(Path shell) {
  Geometry g;
  g.kind = GeometryKind::polygon;
  g.polygons.push_back({std::move(shell), {}});
  return g;
}

void Box::add(Point p) {
  min_x = std::min(min_x, p.x);
  min_y = std::min(min_y, p.y);
  max_x = std::max(max_x, p.x);
  max_y = std::max(max_y, p.y);
}

void Box::add(const Box& other) {
  min_x = std::min(min_x, other.min_x);
  min_y = std::min(min_y, other.min_y);
  max_x = std::max(max_x, other.max_x);
  max_y = std::max(max_y, other.max_y);
}

Box box_of(const Geometry& geometry) {
  Box box;
  for (const Point& p : geometry.points) box.add(p);
  for (const Path& line : geometry.lines)
    for (const Point& p : line) box.add(p);
  for (const Polygon& polygon : geometry.polygons)  // holes lie within
    for (const Point& p : polygon.shell) box.add(p);
  return box;
}

}  // namespace lode
