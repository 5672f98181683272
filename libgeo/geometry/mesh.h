// Triangle meshes: whether they close, which way they wind, and the volume that they hold.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"

namespace lode {

/// Vertices in one system (m), triangles by vertex index. A solid's triangles wind
/// counter-clockwise seen from outside.
struct TriangleMesh {
  std::vector<std::array<double, 3>> vertices;
  std::vector<std::array<std::uint32_t, 3>> triangles;
  std::string name;  ///< for messages: the file

  [[nodiscard]] bool empty() const { return triangles.empty(); }
};

/// Lower and upper corner.
struct Box3 {
  std::array<double, 3> lower{0.0, 0.0, 0.0}, upper{0.0, 0.0, 0.0};
};
[[nodiscard]] Box3 bounds_of(const TriangleMesh& mesh);

/// What the edges say.
struct MeshCheck {
  bool closed = false;            ///< every edge has two triangles
  bool oriented = false;          ///< every edge is run through once each way
  std::size_t components = 0;     ///< shells that hang together by edges
  std::size_t open_edges = 0;     ///< edges with one triangle
  std::size_t crowded_edges = 0;  ///< edges with three triangles or more
  std::string fault;              ///< the first such edge, with its ends; "" when closed
};
[[nodiscard]] MeshCheck check_mesh(const TriangleMesh& mesh);

/// Vertices at one place (the same bits) become one, triangles without area and those that stand
/// twice leave, and all of it is said in `findings`.
/// Errors "mesh.bad_vertex" (not finite), "mesh.index" (no such vertex), "mesh.empty".
void tidy_mesh(TriangleMesh& mesh, Findings& findings);

/// A tidy solid whose triangles all wind outward, cavities inward: a shell that lies in an odd
/// number of others is a cavity, whatever its winding was. What was turned is said (warning
/// "mesh.turned").
/// Errors "mesh.open" and "mesh.crowded_edge" with an edge, "mesh.not_orientable", "mesh.flat" (no
/// volume).
void make_solid(TriangleMesh& mesh, Findings& findings);

/// Signed volume about a local origin, with compensated sums: right to about 1e-15 of the box's
/// volume at any coordinates. Positive when the triangles wind outward.
[[nodiscard]] double signed_volume_m3(const TriangleMesh& mesh);

}  // namespace lode
