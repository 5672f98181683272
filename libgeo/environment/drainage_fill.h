// Hollows of an elevation model filled until water leaves them, and flats given a way out.
#pragma once

#include <cstdint>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/environment/drainage.h"
#include "libgeo/environment/drainage_grid.h"

namespace lode {

/// While directions are found: a cell with a height that has none yet.
inline constexpr std::uint8_t drainage_undecided = 254;

/// A cell that was filled, with the height that it had.
struct RaisedCell {
  double height_m = 0.0;
  std::uint32_t cell = 0;
};

struct FilledHollows {
  std::vector<RaisedCell> raised;    ///< ascending by cell
  std::vector<std::uint32_t> sinks;  ///< lowest cells of hollows that stay, ascending
};

/// Priority flood from the edge of the data. Hollows whose deepest place lies more than
/// `most_fill_m` below the way out stay, each with a sink. `state` is drainage_undecided where
/// there is a height, drainage_none elsewhere, before and after.
[[nodiscard]] FilledHollows fill_hollows(ElevationGrid& grid, double most_fill_m,
                                         std::vector<std::uint8_t>& state,
                                         const Progress& progress);

/// Directions of cells that are still undecided: within each level ground away from higher ground
/// and towards its ways out (Barnes, Lehman & Mulla 2014b).
void resolve_flats(const ElevationGrid& filled, std::vector<std::uint8_t>& direction,
                   const Progress& progress);

}  // namespace lode
