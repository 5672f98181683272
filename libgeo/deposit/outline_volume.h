// Volume, tonnage and contained metal of outlines: geodesic area x thickness x density x grade.
#pragma once

#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/crs/crs.h"
#include "libgeo/core/low_base_high.h"
#include "libgeo/geometry/geometry.h"

namespace lode {

struct OutlineInputs {
  const std::vector<Geometry>* geometry = nullptr;  ///< valid polygons, one a feature
  Crs crs;
  std::vector<std::string> ids;    ///< one a feature, for messages
  LowBaseHighColumn thickness_m;   ///< true vertical thickness
  LowBaseHighColumn density_t_m3;  ///< dry bulk density; empty = no tonnage
  LowBaseHighColumn grade;         ///< mass fraction; empty = nothing contained
};

struct OutlineOptions {
  /// Two outlines are said to overlap when they share more than this share of the smaller one.
  double overlap_share = 1e-6;
  std::size_t most_overlaps = 10000;  ///< pairs that are counted before looking ends
  int jobs = 0;
};

struct OutlineVolume {
  double area_m2 = std::numeric_limits<double>::quiet_NaN();
  LowBaseHigh volume_m3, tonnage_t, contained_t;
  std::string basis;
};

struct OutlineResult {
  std::vector<OutlineVolume> outlines;  ///< one a feature, in their order
  double area_sum_m2 = 0.0;
  double volume_sum_m3 = 0.0;
  double tonnage_sum_t = std::numeric_limits<double>::quiet_NaN();
  double contained_sum_t = std::numeric_limits<double>::quiet_NaN();
  Findings findings;
};

/// Areas are true square metres on the ellipsoid (planar in local: grids). Ranges multiply end by
/// end. A feature that is no polygon, or lacks thickness, density or grade, gets missing
/// values and a warning ("outline.not_polygon", "outline.no_thickness", ...).
/// Overlapping outlines are computed each for itself and said: their sum counts ground twice.
/// Errors: "outline.no_polygon" (none of the features is one), "deposit.negative",
/// "deposit.range_order", "deposit.density" (outside 0.2 to 23 t/m3: no rock or ore),
/// "deposit.grade" (above 100 %), each with the feature's id.
[[nodiscard]] OutlineResult outline_volumes(const OutlineInputs& inputs,
                                            const OutlineOptions& options = {},
                                            const Progress& progress = {});

}  // namespace lode
