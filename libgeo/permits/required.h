// Which permits a jurisdiction asks for, and which of them a site does not have.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/permits/coverage.h"

namespace lode {

/// One permit that a jurisdiction asks a mine for.
struct RequiredPermit {
  std::string id, name;              ///< "us-poo", "Plan of operations"
  std::string jurisdiction;          ///< ISO 3166: "US", "US-NV", "AU-WA"; "USA" is "US"
  std::string applies_to;            ///< primary, secondary, all
  std::vector<std::string> matches;  ///< words of a register's kind or name that satisfy it
  double least_coverage_pct = 0.0;   ///< of the site; 0 = any overlap
  std::string citation, note, source;
  int line = 0;
};
/// A `[[permits]]` table as TOML with `[table] title disclaimer as_of`. Errors "required.syntax",
/// "required.unknown_key", "required.missing_key", "required.value".
[[nodiscard]] std::vector<RequiredPermit> parse_required_permits(const std::string& toml,
                                                                 const std::string& where);

struct MissingPermit {
  std::size_t required = 0;  ///< into the table
  double valid_coverage_pct = 0.0;
  std::string state;  ///< "missing", or the best status of one that is there but not valid
};
/// For each site, what is asked for by its jurisdiction and not held in force on the day.
/// `jurisdiction[site]` ("" = unknown: finding "required.no_jurisdiction").
[[nodiscard]] std::vector<std::vector<MissingPermit>> missing_permits(
    const CoverageInputs& inputs, const Coverage& coverage,
    const std::vector<std::string>& jurisdiction, const std::vector<std::string>& kind,
    const std::vector<RequiredPermit>& table, Findings& findings);

}  // namespace lode
