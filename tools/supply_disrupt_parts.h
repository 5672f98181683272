// Parts of `supply disrupt`: what it reads, and the rows, tables and layers that it gives.
#pragma once

#include <optional>
#include <vector>

#include "libgeo/supply/disruption_plan.h"
#include "tools/command.h"

namespace lode::tools {

/// All that one run was given.
struct DisruptInputs {
  SupplySources sources;
  std::optional<SupplyDemand> demand;
  std::vector<StageSupply> today;
  std::optional<PricePath> prices;
  DisruptionPlan plan;
};
[[nodiscard]] DisruptInputs disrupt_inputs(const Arguments& arguments, const Session& session,
                                           Outcome& outcome);

/// Rows by metal and year, tails and reliefs into the outcome; its table for people.
[[nodiscard]] std::string add_disruption(const DisruptionResult& result, Outcome& outcome);
/// One fall of prices into the summary; its sources are the results too when there is no demand.
[[nodiscard]] std::string add_shock(const DisruptInputs& inputs, const PriceShock& shock,
                                    const PriceShockResult& result, Outcome& outcome);
[[nodiscard]] std::vector<OutputLayer> disruption_layers(const DisruptionResult& result);
[[nodiscard]] std::vector<OutputLayer> shock_layers(const std::vector<PriceShockResult>& results);

}  // namespace lode::tools
