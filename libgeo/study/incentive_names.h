// Who an incentive or a tax is for: countries under their codes, and whether any source is of them.
#pragma once

#include <string>

#include "libgeo/core/finding.h"
#include "libgeo/study/countries.h"
#include "libgeo/supply/economics.h"

namespace lode {

/// Countries of the incentives and of `country_tax`, by code or name, get their codes; one that is
/// neither stays when a source is of it. Errors "supply.incentive" and "supply.country_tax" for the
/// others, all together; the latter also for a country with two rates.
void name_economics_countries(EconomicsOptions& options, const SupplySources& sources,
                              const Countries& countries, const std::string& where);

/// Error "supply.incentive" for a group that no source has; a warning of that code for a country
/// that no source is of, or a group of studies (domestic, allied, other), and "supply.country_tax"
/// for the rate of a country that no source is of.
void check_economics_countries(const EconomicsOptions& options, const SupplySources& sources,
                               const std::string& where, Findings& findings);

}  // namespace lode
