// What two geometries have in common, of every dimension, and in how many places that is.
#pragma once

#include <cstddef>

#include "libgeo/geometry/geometry.h"

namespace lode {

/// Parts of an intersection by dimension; lines are cut wherever they meet one another.
struct Meeting {
  Geometry points, lines, polygons;
  [[nodiscard]] bool empty() const { return points.empty() && lines.empty() && polygons.empty(); }
};

/// In the plane of their CRS; polygons must be valid. Error "geometry.overlay".
[[nodiscard]] Meeting meeting_of(const Geometry& a, const Geometry& b);

/// Connected stretches: lines that share an end, or that touch a polygon, are one.
[[nodiscard]] std::size_t stretches(const Meeting& meeting);

}  // namespace lode
