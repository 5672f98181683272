// What solids keep of their volume under constraints, and what each constraint takes.
#pragma once

#include <cstddef>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/geometry/joint_share.h"

namespace lode {

/// Volumes in m3, one entry a constraint. Sums are exact: gross less all `in_order_m3` is net but
/// for the last bit of each.
struct NetVolume {
  double gross_m3 = 0.0, net_m3 = 0.0;
  std::vector<double> alone_m3;     ///< taken by it alone
  std::vector<double> in_order_m3;  ///< by it, after those before it
  std::vector<double> marginal_m3;  ///< by it, after all the others
  std::size_t uncovered = 0;        ///< columns that a surface does not wholly cover
};

/// The first part of `cutter` is the solid, whose bounds are `bounds`; the other ones, in order,
/// are the constraints. The solid's box is cut into columns, of which each is exact. Error
/// "mesh.overlap".
[[nodiscard]] NetVolume net_volume(const JointCutter& cutter, const Box3& bounds,
                                   std::size_t triangles, int jobs, const Progress& progress = {});

}  // namespace lode
