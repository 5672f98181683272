// Ground on which the state lets no one mine: which permits reach into it, on which sites.
#pragma once

#include <string>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/permits/coverage.h"

namespace lode {

/// Protected areas, land withdrawn from mineral entry, reserves: polygons in the CRS of the
/// permits.
struct WithdrawnLayer {
  std::string name;
  std::vector<Geometry> geometry;
  std::vector<std::string> ids;
};

struct WithdrawnOverlap {
  std::size_t permit = 0;
  std::size_t layer = 0, feature = 0;
  double area_m2 = 0.0;  ///< within the site; of the whole permit for a point; 0 for a line
  bool sliver = false;   ///< thinner than the options' width
};

struct WithdrawnResult {
  /// One list a site: permits that have not ended, in layer order, then layers and features.
  std::vector<std::vector<WithdrawnOverlap>> sites;
  std::vector<std::vector<WithdrawnOverlap>> permits;  ///< one list a permit, whole
  std::vector<double> permit_m2;                       ///< one a permit, ground counted once
  double valid_m2 = 0.0;  ///< ground of valid permits inside such land, counted once
  Findings findings;      ///< "permits.valid_on_withdrawn"
};

/// A site's own permits with the ground that they share with such land there.
[[nodiscard]] WithdrawnResult withdrawn_overlaps(const CoverageInputs& inputs,
                                                 const Coverage& coverage,
                                                 const std::vector<WithdrawnLayer>& layers,
                                                 const CoverageOptions& options = {},
                                                 const Progress& progress = {});

}  // namespace lode
