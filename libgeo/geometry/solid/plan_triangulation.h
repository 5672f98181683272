// Constrained Delaunay triangulation of numbered places, and exact signs in plan.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/geometry/geometry.h"

namespace lode::solid {

using PlanEdge = std::array<std::uint32_t, 2>;

/// Triangles (counter-clockwise) of places that are all different, with every edge among theirs;
/// an edge that runs through other places is cut there. `inside`: only those that lie behind an odd
/// number of edges, seen from far away. Error "geometry.overlay" when edges cross elsewhere.
[[nodiscard]] std::vector<std::array<std::uint32_t, 3>> triangulate_plan(
    const std::vector<Point>& places, const std::vector<PlanEdge>& edges, bool inside,
    const Progress& progress);

/// The sign of the area of a, b, c: 1 counter-clockwise, 0 on one line, exact.
[[nodiscard]] int turn_of(const Point& a, const Point& b, const Point& c);

}  // namespace lode::solid
