// What a study says about ending the dependence: all that was computed of its supply.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libgeo/supply/alliance_chain.h"
#include "libgeo/supply/cost_curve.h"
#include "libgeo/supply/demand.h"
#include "libgeo/supply/disruption.h"
#include "libgeo/supply/economics.h"
#include "libgeo/supply/portfolio.h"
#include "libgeo/supply/price_shock.h"
#include "libgeo/supply/recycling.h"
#include "libgeo/supply/sources.h"
#include "libgeo/supply/sources_table.h"

namespace lode {

/// Parts that the study's tables do not allow are empty.
struct SupplyAnswer {
  SupplySources sources;          ///< sites of the study, then further candidates
  std::vector<std::size_t> site;  ///< by source: index into StudyResult::sites, or none
  static constexpr std::size_t no_site = static_cast<std::size_t>(-1);
  SupplyDemand demand;
  PricePath prices;
  std::optional<EconomicsResult> economics;
  std::vector<CostCurve> curves;  ///< one a metal
  std::vector<RecyclingFlow> recycling;
  std::optional<DisruptionResult> disruption;
  std::vector<PriceShockResult> shocks;  ///< one a collapse of the plan
  std::vector<PriceShock> shock_terms;   ///< ... what it is
  std::optional<Portfolio> portfolio;
  std::optional<AllianceView> alliance;
  /// Where figures come from: ("demand", "demand.csv, illustrative; ..."), for what stands beside
  /// each figure of the report.
  std::vector<std::pair<std::string, std::string>> sources_of;
};

}  // namespace lode
