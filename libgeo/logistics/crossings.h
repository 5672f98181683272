// Lines of a network that cross without a common vertex: how many, and where.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "libgeo/logistics/network.h"

namespace lode {

struct Crossings {
  std::size_t count = 0;
  std::optional<LonLat> first;  ///< of the segment that comes first in the network
};

/// Pairs of segments of one carrier that properly cut each other in the plane of longitude and
/// latitude; those over the antimeridian are left out.
[[nodiscard]] Crossings count_crossings(const Network& network, std::uint16_t carrier, int jobs,
                                        const Progress& progress = {});

/// Two edges of one carrier that cut each other where neither has a vertex.
struct NetworkCrossing {
  LonLat at;
  std::uint32_t edge_a = 0, edge_b = 0;
};

/// All of them, in the order of their segments.
[[nodiscard]] std::vector<NetworkCrossing> crossings_without_node(const Network& network,
                                                                  int jobs = 0,
                                                                  const Progress& progress = {});

}  // namespace lode
