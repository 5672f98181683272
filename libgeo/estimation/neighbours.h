// The neighbourhood of a target: search ellipsoid, octants, holes, passes and a rule for ties.
#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <vector>

#include "libgeo/estimation/variogram_model.h"

namespace lode {

/// One pass of a search. A target that finds fewer than `min_samples` goes to the next pass.
struct SearchPass {
  /// Radii along the rotated axes, m; infinite = no limit (then distances are isotropic).
  std::array<double, 3> radius_m{std::numeric_limits<double>::infinity(),
                                 std::numeric_limits<double>::infinity(),
                                 std::numeric_limits<double>::infinity()};
  std::size_t min_samples = 1;
  std::size_t max_samples = 0;     ///< nearest in the ellipsoid's own distance; 0 = all inside
  std::size_t max_per_octant = 0;  ///< octants of the rotated axes; 0 = no limit
  std::size_t max_per_hole = 0;    ///< 0 = no limit; needs Samples::hole
  std::size_t min_holes = 0;       ///< 0 = no demand; needs Samples::hole
};

struct SearchOptions {
  Angles angles;
  std::vector<SearchPass> passes{SearchPass{}};
};

}  // namespace lode
