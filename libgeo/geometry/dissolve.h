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

/// The union of valid polygons of one plane, one geometry a cluster. Equal polygons, as stacked
/// claims are, enter once. The same bits for any `jobs`.
[[nodiscard]] std::vector<Geometry> dissolve(const std::vector<const Geometry*>& geometries,
                                             int jobs = 0, const Progress& progress = {});

}  // namespace lode
