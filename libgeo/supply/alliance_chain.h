// A bloc's chain from mine to magnet across countries: where it breaks, who brings, needs and pays.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/supply/demand.h"
#include "libgeo/supply/sources.h"

namespace lode {

/// Capacity of one country at one stage, tonnes of contained oxide a year. The mine stage may come
/// from sources instead.
struct StageCapacity {
  std::string country, stage, metal;  ///< metal "" = all metals together
  int from_year = 0, to_year = 9999;
  double tonnes_per_year = 0.0;
  double usd_per_kg = 0.0;  ///< of the step, per kg contained in what it gives
  double recovery = 1.0;    ///< contained out over contained in, above 0 to 1
  std::string where;
};

/// Cost of moving what a stage gives from one country to another, per kg contained.
struct StageHaul {
  std::string from, to, stage;  ///< the stage that it leaves; "" = any
  double usd_per_kg = 0.0;
};

struct AllianceInputs {
  std::vector<std::string> members;  ///< ISO3 codes
  std::vector<std::string> stages;   ///< in order: mine, concentrate, separation, metal, magnet
  std::vector<std::string> metals;
  std::vector<StageCapacity> capacity;
  std::vector<StageHaul> hauls;  ///< none between two countries = `missing_haul`
  /// Demand for what the last stage gives, by member: [member][metal * years + year], tonnes.
  std::vector<int> years;
  std::vector<std::vector<double>> demand_t;
  std::string currency = "USD";
  int price_year = 0;
};

struct AllianceOptions {
  double missing_haul_usd_per_kg = std::numeric_limits<double>::quiet_NaN();  ///< NaN = no trade
  /// What a kg of demand that is not met costs its member: how much is worth doing. By metal.
  std::vector<std::pair<std::string, double>> unmet_usd_per_kg;
  double unmet_usd_per_kg_default = 500.0;
  int year = 0;                    ///< of the split; 0 = the last
  std::size_t exact_members = 12;  ///< Shapley values exactly up to so many, else by sampling
  std::size_t orders = 2000;       ///< sampled orders of joining
  std::uint64_t seed = 1;
  int jobs = 0;
};

/// One stage, metal and year of the bloc.
struct StageBalance {
  std::string stage, metal;
  int year = 0;
  double capacity_t = 0.0, used_t = 0.0;
  double needed_t = 0.0;  ///< for all demand, losses further on counted
  bool breaks = false;    ///< capacity below need
  /// What one more tonne of capacity here would free: demand met, and cost saved. Of the best
  /// country.
  double frees_t_per_t = 0.0, frees_usd_per_t = 0.0;
  std::string best_country;
};

struct MemberPart {
  std::string country;
  double demand_t = 0.0, met_alone_t = 0.0, met_together_t = 0.0;
  double cost_alone_usd = 0.0;   ///< of a year, unmet demand at its price included
  std::vector<double> brings_t;  ///< capacity by stage
  std::vector<double> used_t;
  /// The bloc's cost shared three ways; each adds up to it.
  double pays_by_demand_usd = 0.0, pays_by_capacity_usd = 0.0, pays_shapley_usd = 0.0;
  double shapley_error_usd = 0.0;  ///< standard error, 0 when exact
  double gain_usd = 0.0;           ///< cost alone less what it pays by Shapley
  double spends_usd = 0.0;         ///< on steps and hauls within its borders as the plan has it
};

struct StageFlow {
  std::string from, to, stage, metal;  ///< what `stage` gives, hauled
  int year = 0;
  double tonnes = 0.0, usd_per_kg = 0.0;
};

struct AllianceYear {
  int year = 0;
  double demand_t = 0.0, met_together_t = 0.0, met_alone_t = 0.0;
  double cost_together_usd = 0.0, cost_alone_usd = 0.0;  ///< unmet demand at its price included
  std::string weakest_stage;                             ///< "" = all demand is met
};

struct AllianceView {
  std::vector<std::string> stages, metals;
  std::vector<AllianceYear> years;
  std::vector<StageBalance> balance;
  std::vector<StageFlow> flows;
  int year = 0;  ///< of what follows
  std::vector<MemberPart> members;
  double gain_usd = 0.0, gain_t = 0.0;  ///< of acting together, of that year
  bool shapley_exact = true;
  bool core_stable = false;  ///< no pair, and no member alone, does better by itself
  std::string currency;
  int price_year = 0;
  std::string words;  ///< where it breaks and what acting together saves
  Findings findings;
};

/// Least cost of steps, hauls and unmet demand, each year by itself, as a flow through the stages
/// with losses (a linear programme). Demand "alone" is met from within one's own borders only.
/// Shapley 1953: each member's part is its mean marginal cost over all orders of joining.
/// Errors: "supply.negative", "supply.recovery", "supply.no_stage", "supply.no_demand",
/// "supply.member" (twice, or none), "supply.money".
[[nodiscard]] AllianceView alliance_chain(const AllianceInputs& inputs,
                                          const AllianceOptions& options = {},
                                          const Progress& progress = {});

}  // namespace lode
