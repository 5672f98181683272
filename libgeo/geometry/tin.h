// Triangulations in plan: polygons with holes, and surfaces through points and breaklines.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/geometry/geometry.h"
#include "libgeo/geometry/mesh.h"

namespace lode {

struct PlanTriangles {
  std::vector<Point> vertices;
  std::vector<std::array<std::uint32_t, 3>> triangles;  ///< counter-clockwise
};

/// The inside of polygons, which are joined first: constrained Delaunay triangles of their vertices
/// alone. An edge on which another ring has a vertex is cut there, so that every side is one of two
/// triangles or on the border. Error "geometry.overlay".
[[nodiscard]] PlanTriangles triangulate_polygons(const Geometry& polygons);

struct TinOptions {
  /// Points at one place (x and y the same) with different heights.
  enum class SamePlace { refuse, mean };
  SamePlace same_place = SamePlace::refuse;
  /// Heights that differ by no more than this are one: their mean.
  double same_height_m = 0.001;
  std::string name;  ///< for messages: the file
};

/// The constrained Delaunay triangulation of points and of lines that its edges follow (Chew 1989;
/// exact predicates), out to their convex hull, triangles counter-clockwise from above. Lines that
/// cross at one height get a vertex there. Points in the way of a line become its vertices.
/// Findings "tin.same_place" (note: repeated; warning: heights averaged).
/// Errors "tin.too_few" (fewer than three places that are not on one line), "tin.two_heights" (at a
/// place, or where lines cross or touch), "mesh.bad_vertex".
[[nodiscard]] TriangleMesh tin_of(const std::vector<std::array<double, 3>>& points,
                                  const std::vector<std::vector<std::array<double, 3>>>& breaklines,
                                  const TinOptions& options, Findings& findings,
                                  const Progress& progress = {});

}  // namespace lode
