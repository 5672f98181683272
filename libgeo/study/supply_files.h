// The files of `[supply]` beyond today's dependence, read and checked before any work starts.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libgeo/study/context.h"
#include "libgeo/supply/alliance_chain.h"
#include "libgeo/supply/demand.h"
#include "libgeo/supply/disruption_plan.h"
#include "libgeo/supply/economics.h"
#include "libgeo/supply/portfolio.h"
#include "libgeo/supply/recycling.h"
#include "libgeo/supply/sources.h"

namespace lode {

/// What the study names; empty where it names nothing. Seed, threads and base years are the study's
/// where the file does not say its own.
struct SupplyFiles {
  std::optional<SupplyDemand> demand;
  std::optional<PricePath> prices;
  std::optional<SupplySources> candidates;
  std::optional<ProductStocks> stocks;
  std::optional<PortfolioPolicy> policy;
  std::optional<DisruptionPlan> plan;
  std::vector<StageSupply> today;
  EconomicsOptions economics;
  std::optional<AllianceInputs> alliance;  ///< members, stages, capacities, demand
  AllianceOptions alliance_options;
  /// As `SupplyAnswer::sources_of`: what the files say of themselves.
  std::vector<std::pair<std::string, std::string>> said;
};

/// True when the study asks for anything beyond today's dependence.
[[nodiscard]] bool asks_for_supply(const SupplyTable& supply);
/// Reads them into `context.supply_files`; every mistake together. Errors: those of the readers,
/// "study.value" (members that are no set), "supply.money" (two tables in different money).
void read_supply_files(StudyContext& context);

}  // namespace lode
