// Layers whose longitudes and latitudes look exchanged.
#pragma once

#include <vector>

#include "libgeo/crs/crs.h"
#include "libgeo/geometry/geometry.h"

namespace lode {

/// True when the layer lies farther than `within_m` from all of the others, and a feature of it
/// would lie nearer with longitude and latitude exchanged. By boxes; false in mine grids.
[[nodiscard]] bool look_exchanged(const std::vector<Geometry>& layer,
                                  const std::vector<Geometry>& others, const Crs& crs,
                                  double within_m);

}  // namespace lode
