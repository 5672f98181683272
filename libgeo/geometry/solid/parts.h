// What the operations on solids share: a local origin without rounding, umbrellas, winding, areas.
#pragma once

#include <array>

#include "libgeo/geometry/mesh.h"

namespace lode::solid {

/// Along each axis the bound nearer to 0, where the box lies within a factor of two of it: the
/// difference of two such numbers is exact (Sterbenz 1974). 0 elsewhere.
[[nodiscard]] std::array<double, 3> exact_origin(const Box3& box);

/// Gives each fan of triangles about a vertex a vertex of its own, so that shells that only touch
/// there are apart. Edges must have two triangles.
void part_umbrellas(TriangleMesh& mesh);

/// Times that the mesh winds about a place: 1 inside a solid, 0 outside.
[[nodiscard]] double winding_about(const TriangleMesh& mesh, const std::array<double, 3>& place);

[[nodiscard]] double area_m2(const TriangleMesh& mesh);

/// Leaves out vertices that no triangle uses.
void drop_unused_vertices(TriangleMesh& mesh);

/// Vertices and triangles by place: CGAL's order hangs on addresses, and the last bits of sums over
/// triangles, and files, would hang on it too.
void order_by_place(TriangleMesh& mesh);

}  // namespace lode::solid
