// Everything that is wrong with a triangle mesh, with the triangles named.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/geometry/mesh.h"

namespace lode {

/// Pairs of triangles that cross or overlap, other than at the vertices and edges they share;
/// exact predicates. At most `most` are listed, all are counted.
struct SelfIntersections {
  std::size_t count = 0;
  std::vector<std::array<std::uint32_t, 2>> pairs;  ///< rising
};
[[nodiscard]] SelfIntersections self_intersections(const TriangleMesh& mesh, std::size_t most = 10,
                                                   const Progress& progress = {});

}  // namespace lode
