// What has to be mined before a block: patterns of grid offsets from slope angles or fixed ones.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "libgeo/geometry/grid.h"

namespace lode {

/// Slope of the pit wall that stands at a bearing from the block, clockwise from grid north.
struct SlopeSector {
  double azimuth_deg = 0.0;
  double slope_deg = 45.0;  ///< from the horizontal, above 0 and below 90
};

/// Slopes of one part of the ground; between two bearings the slope is interpolated linearly. One
/// sector holds all around.
struct SlopeZone {
  std::vector<SlopeSector> sectors;
};
/// Error "pit.slope" (outside 0 to 90), "pit.sectors" (none, or a bearing twice). Sorts by bearing.
void check_zone(SlopeZone& zone, const char* where);
/// The slope towards a bearing.
[[nodiscard]] double slope_at(const SlopeZone& zone, double azimuth_deg);

/// A block that many columns, rows and benches away.
struct PrecedenceOffset {
  int di = 0, dj = 0, dk = 0;
  bool operator==(const PrecedenceOffset&) const = default;
};

/// One pattern a zone.
struct Precedence {
  std::vector<std::vector<PrecedenceOffset>> patterns;
  int benches = 1;
  std::size_t air = 0;  ///< the pattern of cells of no zone: it asks for no more than any other
};

/// The block above and its four (or eight) neighbours.
[[nodiscard]] Precedence neighbour_precedence(bool eight);

/// Every block whose centre lies in the cone above the block's centre.
[[nodiscard]] std::vector<PrecedenceOffset> cone_offsets(const BlockGrid& grid,
                                                         const SlopeZone& zone, int benches);

/// The minimum search pattern: the fewest offsets from which the cones of `benches` benches follow
/// when each block that is mined asks for its own. This holds for any arrangement of zones: a block
/// is left out only when it lies in the cone that all zones have in common, seen from another
/// block of the pattern. Blocks in between lie within the box that the two blocks span, so that
/// nothing is lost at the grid's sides.
/// Error "pit.slope" when a slope is so flat that a pattern has more than 30,000 offsets.
[[nodiscard]] Precedence cone_precedence(const BlockGrid& grid, std::vector<SlopeZone> zones,
                                         int benches);

}  // namespace lode
