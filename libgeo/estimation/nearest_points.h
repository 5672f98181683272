// The nearest of many points in space to each of many places, for any number of threads.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "libgeo/core/progress.h"

namespace lode {

struct NearestPoint {
  std::size_t point = 0;    ///< the lowest of those at the same distance
  double distance_m = 0.0;  ///< infinite when there is no point
};

/// For every place the nearest of `points`; with `other_than_itself` the places are the points, and
/// each is told the nearest of the others.
[[nodiscard]] std::vector<NearestPoint> nearest_points(
    const std::vector<std::array<double, 3>>& points,
    const std::vector<std::array<double, 3>>& places, bool other_than_itself, int jobs,
    const Progress& progress = {});

}  // namespace lode
