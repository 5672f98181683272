// Countries of a portfolio's policy under their codes, as those of the sources are.
#pragma once

#include <string>

#include "libgeo/study/countries.h"
#include "libgeo/supply/portfolio.h"

namespace lode {

/// Names and codes of limits, caps and scenarios become ISO 3166-1 alpha-3 codes. One that is
/// neither a known country nor the country of a source would do nothing: error "supply.policy", all
/// at once.
void name_policy_countries(PortfolioPolicy& policy, const Countries& countries,
                           const SupplySources& sources, const std::string& where);

}  // namespace lode
