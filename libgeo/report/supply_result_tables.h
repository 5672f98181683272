// What a study says of its supply as plain tables, for CSV files.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "libgeo/core/table.h"
#include "libgeo/study/result.h"

namespace lode {

/// Every name that `supply_result_tables` may give, in its order: "supply_sources.csv", ...
[[nodiscard]] const std::vector<std::string>& supply_result_files();

/// (file name, table), only those that have a row:
/// supply_sources.csv    the columns that `read_sources` takes, so that it feeds the commands
/// supply_economics.csv  one row a source: NPV, IRR, payback, cost, P10, P50, P90
/// supply_curve.csv      one row a metal and source, cheapest first
/// supply_portfolio.csv  one row a source: start year, worth, tonnes by year
/// supply_balance.csv    one row a metal and year of the plan
/// supply_shortfall.csv  one row a metal and year of the disruption
/// supply_shock.csv      one row a collapse and source
/// supply_alliance.csv   one row a stage, metal and year of the chain
/// supply_members.csv    one row a member: needs, cost, what it pays
/// Nothing is computed and nothing rounded; what is not known is empty.
[[nodiscard]] std::vector<std::pair<std::string, Table>> supply_result_tables(
    const StudyResult& result);

}  // namespace lode
