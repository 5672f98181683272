// Lines of a network that cross without a common vertex: how many, and where the first is.
#pragma once

#include <cstdint>
#include <optional>

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

}  // namespace lode
