// Which of many places a path of water comes by, and after how far.
#pragma once

#include <cstddef>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/crs/crs.h"
#include "libgeo/geometry/geometry.h"

namespace lode {

/// A receptor on the way of a path.
struct Passed {
  std::size_t receptor = 0;
  double km = 0.0;          ///< along the path, to where it first comes nearest within the reach
  double distance_m = 0.0;  ///< from the path there, 0 = meets it
};

/// Receptors that come within `reach_m` of each path, by growing km. Paths are lines, the place
/// where water leaves at once, or empty; receptors anything, in one CRS; edges are straight in it.
/// The same for any `jobs`.
[[nodiscard]] std::vector<std::vector<Passed>> receptors_passed(
    const std::vector<Geometry>& paths, const std::vector<Geometry>& receptors, const Crs& crs,
    double reach_m, int jobs = 0, const Progress& progress = {});

}  // namespace lode
