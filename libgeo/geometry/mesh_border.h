// The open edges of a mesh: their rims, vertices that lie on them, vertices that nearly meet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/geometry/mesh_parts.h"

namespace lode::mesh_parts {

/// Edges with one triangle, in the order of `sides`.
[[nodiscard]] std::vector<Side> open_sides(const std::vector<Side>& sides);
/// Vertices of open edges, rising, each once.
[[nodiscard]] std::vector<std::uint32_t> open_vertices(const std::vector<Side>& open);
/// Rims: groups of open edges that hang together by vertices.
[[nodiscard]] std::size_t count_rims(const std::vector<Side>& open);

/// A vertex of an open edge within an open edge of another triangle.
struct TJunction {
  std::uint32_t vertex = 0;
  std::size_t side = 0;  ///< into the open sides
  double share = 0.0;    ///< along the edge, from its low end
  double off_m = 0.0;
};
/// By edge, along it.
[[nodiscard]] std::vector<TJunction> t_junctions(const TriangleMesh& mesh,
                                                 const std::vector<Side>& open, double width_m,
                                                 const Progress& progress);

/// Vertices of open edges that nearly meet another: nearer than a tenth of the shortest open edge
/// at them.
struct Cracks {
  std::size_t count = 0;
  std::uint32_t first = 0, other = 0;  ///< vertices
  double width_m = 0.0;                ///< the widest of them
};
[[nodiscard]] Cracks find_cracks(const TriangleMesh& mesh, const std::vector<Side>& open,
                                 const Progress& progress);

}  // namespace lode::mesh_parts
