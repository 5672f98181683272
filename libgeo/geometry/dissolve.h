// Many polygons made one ground: cluster by cluster, so that stacked layers stay cheap.
#pragma once

#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/geometry/geometry.h"

namespace lode {

/// Groups of geometries whose boxes meet, directly or through others; each ascending, in the order
/// of their first members. Empty geometries are in none.
[[nodiscard]] std::vector<std::vector<std::size_t>> clusters_of(
    const std::vector<const Geometry*>& geometries);

/// Equal geometries known as one: `of[i]` is the place in `first` of the one that i equals, and
/// `first` holds the first member of each.
struct Distinct {
  std::vector<std::size_t> of;
  std::vector<std::size_t> first;
};
[[nodiscard]] Distinct distinct_of(const std::vector<const Geometry*>& geometries);
[[nodiscard]] Distinct distinct_of(const std::vector<Geometry>& geometries);

/// The union of valid polygons of one plane, one geometry a cluster. Equal polygons, as stacked
/// claims are, enter once. The same bits for any `jobs`.
[[nodiscard]] std::vector<Geometry> dissolve(const std::vector<const Geometry*>& geometries,
                                             int jobs = 0, const Progress& progress = {});

}  // namespace lode
