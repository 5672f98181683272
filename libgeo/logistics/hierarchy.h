// Customisable contraction hierarchies: one order of the nodes for any weights on them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/crs/geodesic.h"
#include "libgeo/logistics/shortest_path.h"

namespace lode {

struct DissectionOptions {
  int jobs = 0;
  /// Parts of at most this many nodes are ordered by least degree. 1 or more.
  std::uint32_t small_part = 32;
};

/// An elimination order by nested dissection: separators from flow cuts between the far ends of a
/// part along several directions (inertial flow: Schild, Sommer 2015), in parallel over parts, the
/// same for any number of threads. `places` are those of the nodes (NaN where a node has none: it
/// takes a neighbour's). order[i] = the node eliminated as i-th.
[[nodiscard]] std::vector<std::uint32_t> nested_dissection(const Graph& graph,
                                                           const std::vector<LonLat>& places,
                                                           const DissectionOptions& options = {},
                                                           const Progress& progress = {});

}  // namespace lode
