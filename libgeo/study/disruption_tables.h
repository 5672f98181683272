// Tables and names of a disruption: where supply comes from today, countries of a scenario.
#pragma once

#include <string>
#include <vector>

#include "libgeo/study/supply_tables.h"
#include "libgeo/supply/disruption_plan.h"

namespace lode {

/// Columns `stage metal country` (or `element`, `iso3`) and `share_pct` or `share` (0 to 1): what
/// part of the demand comes from where. Countries are under their codes; a row named as total is
/// left out. Errors "supply.no_column", "supply.negative", "supply.shares_over_one" (a single
/// share), "supply.no_country", "supply.no_share", "supply.unknown_element"; warnings
/// "supply.unknown_country", "supply.column_unused".
[[nodiscard]] std::vector<StageSupply> read_stage_supply(const SupplyReading& reading,
                                                         const Table& table);

/// Countries of the scenario under their codes. Error "scenario.country", all at once, for a name
/// that is neither a country nor one of `rows` that are none ("Other").
void name_plan_countries(DisruptionPlan& plan, const Countries& countries,
                         const std::vector<StageSupply>& today, const std::string& where);

}  // namespace lode
