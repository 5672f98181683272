// What may go wrong and what is done about it, as one text that people edit.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libgeo/supply/disruption.h"
#include "libgeo/supply/price_shock.h"

namespace lode {

/// Bans, quotas, chance failures, stockpiles, a price collapse and what counters it.
struct DisruptionPlan {
  std::vector<Restriction> restrictions;
  std::vector<Stockpile> stock;
  std::vector<PriceShock> shocks;
  std::vector<PriceCounter> counters;
  DisruptionOptions disruption;
  PriceShockOptions shock;
  Findings findings;  ///< of the text: "supply.looks_like_fraction"
};

/// TOML: `base_year draws confidence_pct bloc_correlation probability_per_risk years_mean`,
/// `severity` (`{ a = 2, b = 2 }`), `[blocs]` (name = list of countries), `[probability]`
/// (country = 0 to 1), `[[restriction]]` (name countries metals stages year/from_year/to_year
/// kept_pct quota_t), `[[stockpile]]` (metal tonnes per_year_t usd_per_kg), `[[shock]]` (metals
/// depth_pct from_year years recovery_years by), `[[counter]]` (kind metal usd_per_kg
/// share_of_price_pct tonnes_per_year year/from_year/to_year groups holding_usd_per_kg_year),
/// `[stopping]` (patience_years restart_years restart_capex_pct projects_wait). A country may be
/// the name of a bloc. Errors "scenario.syntax", "scenario.invalid" with the line, all at once;
/// finding "supply.looks_like_fraction" (a per cent figure above 0 and below 1).
[[nodiscard]] DisruptionPlan parse_disruption_plan(std::string_view text, const std::string& where);

}  // namespace lode
