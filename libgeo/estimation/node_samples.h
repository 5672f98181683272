// Samples moved to the nearest nodes of a block grid: how far, and who shares a node.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "libgeo/estimation/samples.h"
#include "libgeo/geometry/grid.h"

namespace lode {

/// Several samples in one block: the nearest to its centre counts (the first of equally near
/// ones), or the average of their values.
enum class NodePolicy { nearest, average };
/// Samples outside the grid, thus past half a block from every node.
enum class OutsidePolicy { refuse, drop };

struct NodeSamples {
  std::vector<std::size_t> node;                   ///< ascending, each once
  std::vector<std::vector<double>> values;         ///< by variable, then node
  double largest_move_m = 0.0, mean_move_m = 0.0;  ///< of the samples inside the grid
  std::size_t sharing = 0;                         ///< samples in a node that another one is in too
  std::size_t outside = 0;
};

/// Every value must be there. Error "simulate.off_grid" names the first sample outside.
[[nodiscard]] NodeSamples move_to_nodes(const BlockGrid& grid, const Samples& samples,
                                        NodePolicy policy, OutsidePolicy outside);

}  // namespace lode
