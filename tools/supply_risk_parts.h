// Parts of `supply risk`: its parameters, what it reads, and the rows that it prints.
#pragma once

#include <string>
#include <vector>

#include "libgeo/supply/dependence.h"
#include "tools/command.h"

namespace lode::tools {

[[nodiscard]] std::vector<Parameter> supply_risk_parameters();
/// What can be checked without a file. Errors "usage.imports", "usage.allies", "usage.composition",
/// "usage.territories", "usage.series", "usage.undocumented"; "supply.unknown_element".
void check_supply_risk(const Arguments& arguments);

/// All tables read; sources and findings go to the outcome.
[[nodiscard]] DependenceInputs supply_risk_inputs(const Arguments& arguments,
                                                  const Session& session, Outcome& outcome);

[[nodiscard]] Json supply_risk_row(const DependenceRow& row, const DependenceInputs& inputs);
void supply_risk_summary(const std::vector<DependenceRow>& rows, const DependenceInputs& inputs,
                         Outcome& outcome);
/// Shares by country, a row an element, stage, value and country.
[[nodiscard]] OutputLayer supply_risk_shares(const std::vector<DependenceRow>& rows);

}  // namespace lode::tools
