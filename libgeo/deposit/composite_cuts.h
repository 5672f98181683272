// Depths at which a stretch of a drillhole is cut into composites.
#pragma once

#include <vector>

#include "libgeo/deposit/composites.h"

namespace lode {

/// Rising depths from `from_m` on; each pair is a composite. Ends above `to_m` where a residual is
/// dropped; one depth alone when nothing is left.
[[nodiscard]] std::vector<double> length_cuts(double from_m, double to_m, double length_m,
                                              Residual residual);
/// Cut where the path passes a level, `level_m` and whole multiples of `height_m` from it; exact to
/// 1e-9 m of depth for any curve.
[[nodiscard]] std::vector<double> bench_cuts(const HolePath& path, double from_m, double to_m,
                                             double height_m, double level_m);

}  // namespace lode
