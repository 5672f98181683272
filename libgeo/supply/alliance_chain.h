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
  /// Recycled: needs nothing of the stage before. What mines give never does.
  bool from_scrap = false;
  /// Joint products of a mine or recycler: what of each tonne is each of `AllianceInputs::metals`;
  /// empty = as `metal` says. Tonnes and cost are then of all oxides together.
  std::vector<double> share;
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
  int year = 0;  ///< of the split; 0 = the last
  /// Shapley values exactly up to so many members with anything at all (20 at most), else by
  /// sampling.
  std::size_t exact_members = 12;
  std::size_t orders = 500;  ///< sampled orders of joining, in pairs of an order and its reverse
  std::uint64_t seed = 1;
  int jobs = 0;
};

/// One stage, metal and year of the bloc.
struct StageBalance {
  std::string stage, metal;
  int year = 0;
  /// What all metals share counts for each as the plan uses it, and what is idle by what is still
  /// open.
  double capacity_t = 0.0, used_t = 0.0;
  /// For all demand, losses further on counted: by the mean recovery of the bloc's capacity at each
  /// stage after it (1 where there is none), less what recyclers bring in there.
  double needed_t = 0.0;
  bool breaks = false;  ///< capacity below need
  /// What one more tonne of capacity a year here would free: demand met (of all metals), and cost
  /// saved. Of the country where it saves most, by solving again with the tonne; as good as that
  /// country's other capacity, else as the bloc's mean, else free and without loss.
  double frees_t_per_t = 0.0, frees_usd_per_t = 0.0;
  std::string best_country;
};

struct MemberPart {
  std::string country;
  double demand_t = 0.0, met_alone_t = 0.0, met_together_t = 0.0;
  double cost_alone_usd = 0.0;   ///< of a year, unmet demand at its price included
  std::vector<double> brings_t;  ///< capacity by stage
  std::vector<double> used_t;
  /// The bloc's cost shared three ways; each adds up to it. By demand: by tonnes of all metals. By
  /// capacity: by the mean over stages of its share of the bloc's capacity. Below 0 = is paid.
  double pays_by_demand_usd = 0.0, pays_by_capacity_usd = 0.0, pays_shapley_usd = 0.0;
  double shapley_error_usd = 0.0;  ///< standard error, 0 when exact
  double gain_usd = 0.0;           ///< cost alone less what it pays by Shapley
  /// As the plan has it: on steps within its borders, hauls that leave it, and its unmet demand.
  double spends_usd = 0.0;
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
  /// The stage with the least capacity for its need; "" = all demand is met. Where capacity would
  /// do, "hauls" (none joins who has to who needs) or "price" (dearer than going without).
  std::string weakest_stage;
  std::string weakest_metal;
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
  std::size_t shapley_orders = 0;  ///< of joining that were drawn; 0 when exact
  /// The greatest of the members' standard errors, 0 when exact.
  double shapley_largest_error_usd = 0.0;
  bool core_stable = false;  ///< no pair, and no member alone, does better by itself
  /// With exact values every set of members is looked at: none does better by itself.
  bool core_whole = false;
  std::string core_words;  ///< what was looked at, and who would do better by how much
  std::string currency;
  int price_year = 0;
  std::string words;  ///< where it breaks and what acting together saves
  Findings findings;
};

/// Least cost of steps, hauls and unmet demand, each year by itself, as a flow through the stages
/// with losses (a linear programme). Hauls are direct: no country hands on what it does nothing to.
/// Demand "alone" is met from within one's own borders only.
/// Shapley 1953: each member's part is its mean marginal cost over all orders of joining.
/// Errors: "supply.negative", "supply.magnitude", "supply.recovery", "supply.no_stage",
/// "supply.no_metal", "supply.no_demand", "supply.member" (twice, or none), "supply.year",
/// "supply.haul" (two for one way). Capacity, demand and hauls of others than the members are left
/// out: note "supply.not_member".
[[nodiscard]] AllianceView alliance_chain(const AllianceInputs& inputs,
                                          const AllianceOptions& options = {},
                                          const Progress& progress = {});

/// Sources whose running cost is their levelised cost: what `site_economics` has as
/// `usd_per_kg_oxide` at the base figures, before tax and without incentives. Capex (sunk where it
/// operates) and fixed cost are in it, by the discounted kg of its whole life. Errors and findings:
/// those of `site_economics`, "supply.no_cost", "supply.no_capex".
[[nodiscard]] SupplySources at_levelised_cost(SupplySources sources, double discount, int base_year,
                                              Findings& findings);

/// Sources as capacity by year: mines at the first of `stages`, recyclers at `recycled_stage` from
/// scrap; all that could run had it been decided on in `base_year`. Running cost alone, unless they
/// come from `at_levelised_cost`. Errors "supply.no_metal", "supply.no_stage", "supply.no_cost",
/// "supply.length".
[[nodiscard]] std::vector<StageCapacity> stage_capacity_of(
    const SupplySources& sources, const std::vector<std::string>& stages,
    const std::vector<std::string>& metals, const std::vector<int>& years, int base_year,
    const std::string& recycled_stage = "separation");

}  // namespace lode
