// How a site's permits come and go: coverage between the days on which anything changes.
#pragma once

#include <optional>
#include <vector>

#include "libgeo/permits/coverage.h"

namespace lode {

/// One stretch of days over which the valid permits of a site stay the same.
struct CoverageSpan {
  std::size_t site = 0;
  std::optional<Date> from;  ///< first day; empty = since ever
  std::optional<Date> to;    ///< last day; empty = without end
  double valid_coverage_pct = 0.0;
  std::vector<std::size_t> permits;  ///< valid ones, in layer order
};

/// The spans of every site in order of time; a site without permits has one of 0 %.
/// Coverage that cannot be computed is NaN and said in `findings` ("overlay.failed").
[[nodiscard]] std::vector<CoverageSpan> coverage_timeline(const CoverageInputs& inputs,
                                                          const Coverage& coverage,
                                                          const CoverageOptions& options = {},
                                                          const Progress& progress = {},
                                                          Findings* findings = nullptr);

/// A permit whose standing on two days differs.
struct PermitChange {
  std::size_t permit = 0;
  PermitStatus before = PermitStatus::unknown;
  PermitStatus after = PermitStatus::unknown;
};
/// Permits granted (not_yet to valid), lapsed (valid to expired) or otherwise changed between two
/// days, as their dates have it. Error "permits.between" when the second day is not later.
[[nodiscard]] std::vector<PermitChange> permit_changes(const PermitInputs& permits,
                                                       const ValidityOptions& options,
                                                       const Date& first, const Date& second);

}  // namespace lode
