// A register seen from its permits: what lies in each, and how many others claim the same ground.
#pragma once

#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/permits/coverage.h"

namespace lode {

/// A site in a permit.
struct ContainedSite {
  std::size_t site = 0;
  double overlap_m2 = 0.0;  ///< 0 for points and lines
  double share_of_site_pct = 0.0;
};

struct PermitContents {
  std::vector<ContainedSite> sites;  ///< in their order
  double sites_m2 = 0.0;             ///< ground of the permit under sites, counted once
  double sites_pct = 0.0;            ///< of the permit's own area
  /// Permits of other holders and of its kind on its ground, neither of them ended.
  std::size_t conflicts = 0;
};

/// One entry a permit, in layer order; what could not be overlaid is left out and said in
/// `findings` ("overlay.failed"). The same bits for any `jobs`.
[[nodiscard]] std::vector<PermitContents> permit_contents(const CoverageInputs& inputs,
                                                          const Coverage& coverage,
                                                          const CoverageOptions& options = {},
                                                          const Progress& progress = {},
                                                          Findings* findings = nullptr);

}  // namespace lode
