// Which vertices of lines are at one place: how lines of a network find each other.
#pragma once

#include <cstdint>
#include <vector>

#include "libgeo/crs/geodesic.h"

namespace lode {

/// Places go by the number of the first vertex that is there.
struct NetworkPlaces {
  std::vector<std::uint32_t> place;  ///< of each vertex
  std::vector<char> is_node;         ///< by place: a line ends there, or two meet
  std::vector<char> is_end;          ///< by place: a line ends there
};

/// One place = equal bits of both coordinates and one carrier. `ends`: a line ends at the vertex.
[[nodiscard]] NetworkPlaces number_places(const std::vector<LonLat>& vertices,
                                          const std::vector<std::uint16_t>& carriers,
                                          std::vector<char> ends, int jobs);

}  // namespace lode
