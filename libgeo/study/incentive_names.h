// Who an incentive is for: its countries under their codes, and whether any source is of them.
#pragma once

#include <string>

#include "libgeo/core/finding.h"
#include "libgeo/study/countries.h"
#include "libgeo/supply/economics.h"

namespace lode {

/// Countries by code or name get their codes; one that is neither stays when a source is of it.
/// Error "supply.incentive" for the others, all together.
void name_incentive_countries(Incentives& aid, const SupplySources& sources,
                              const Countries& countries, const std::string& where);

/// Error "supply.incentive" for a group that no source has; a warning of that code for a country
/// that no source is of, or a group of studies (domestic, allied, other).
void check_incentives(const Incentives& aid, const SupplySources& sources, const std::string& where,
                      Findings& findings);

}  // namespace lode
