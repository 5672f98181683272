// Inside of the alliance view: a year's steps, hauls and demand, its plan, and how cost is shared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "libgeo/core/progress.h"

namespace lode {

inline constexpr std::size_t every_metal = static_cast<std::size_t>(-1);

/// Capacity of one row in the year at hand, its places as numbers.
struct AllianceStep {
  std::size_t member = 0, stage = 0;
  std::size_t metal = every_metal;
  double tonnes = 0.0, usd_per_kg = 0.0, recovery = 1.0;
  bool fed = false;           ///< by the stage before
  std::vector<double> share;  ///< of joint products, by metal; empty = none
};

/// All that one year's plan is made of.
struct ChainYear {
  std::size_t members = 0, stages = 0, metals = 0;
  std::vector<AllianceStep> steps;
  std::vector<double> demand_t;          ///< [member * metals + metal]
  std::vector<double> unmet_usd_per_kg;  ///< by metal
  std::vector<double> haul_usd_per_kg;   ///< [(stage * members + from) * members + to]; NaN = none

  [[nodiscard]] double haul(std::size_t stage, std::size_t from, std::size_t to) const {
    return haul_usd_per_kg[(stage * members + from) * members + to];
  }
  [[nodiscard]] std::size_t node(std::size_t member, std::size_t stage, std::size_t metal) const {
    return (member * stages + stage) * metals + metal;
  }
  /// Part of what a step gives that is the metal: 1 or 0, or of joint products.
  [[nodiscard]] static double part(const AllianceStep& step, std::size_t metal) {
    if (!step.share.empty()) return step.share[metal];
    return step.metal == every_metal || step.metal == metal ? 1.0 : 0.0;
  }
};

struct ChainFlow {
  std::size_t from = 0, to = 0, stage = 0, metal = 0;
  double tonnes = 0.0;
};

/// The cheapest plan of some members by themselves.
struct AlliancePlan {
  double cost_usd = 0.0;
  std::vector<double> made_t;    ///< [step * metals + metal]
  std::vector<double> met_t;     ///< [member * metals + metal]
  std::vector<ChainFlow> flows;  ///< between members and within them
  /// What a tonne more of what a country has made (`gives`), or has to work on (`takes`), is worth
  /// in USD/kg, by node, and after the takes each member's demand by metal; NaN where nothing is
  /// made, taken or wanted. Only with `prices`.
  std::vector<double> gives_usd_per_kg, takes_usd_per_kg;
};

/// `in` by member. Error "supply.programme" when the programme could not be solved.
[[nodiscard]] AlliancePlan alliance_plan(const ChainYear& year, const std::vector<char>& in,
                                         bool prices = false);

/// Costs of set after set of members: one programme of all of them, in which those who are not in a
/// set have neither capacity nor demand, solved from where the set before ended. Quick where a set
/// differs from the one before by a member. One thread's; the last bits depend on the way there, so
/// ways are to begin anew where blocks of work do.
class CoalitionCosts {
 public:
  /// `most`: whom sets may hold. Error "supply.programme" as of `alliance_plan`.
  CoalitionCosts(const ChainYear& year, const std::vector<char>& most);
  ~CoalitionCosts();
  CoalitionCosts(const CoalitionCosts&) = delete;
  CoalitionCosts& operator=(const CoalitionCosts&) = delete;
  void join(std::size_t member) { set(member, true); }
  void leave(std::size_t member) { set(member, false); }
  /// Of those who have joined; nobody has at first.
  [[nodiscard]] double cost_usd();

 private:
  void set(std::size_t member, bool in);
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

/// One more tonne a year of capacity: what it frees.
struct ChainTonne {
  double met_t = 0.0, saved_usd = 0.0;
  std::size_t member = 0;
  bool any = false;  ///< it saves something somewhere
};
/// The best of `members`, first come where equal. The plan's prices bound what a tonne can save
/// (its cost is convex in capacity, and prices of a degenerate plan are one-sided), so the tonne is
/// solved for where the bound is highest first, until no bound is above what was found.
[[nodiscard]] ChainTonne best_tonne(const ChainYear& year, const std::vector<char>& in,
                                    const AlliancePlan& plan, std::size_t stage, std::size_t metal);

struct CostShares {
  std::vector<double> alone_usd, shapley_usd, error_usd;  ///< by place in `active`
  bool exact = true;
  bool pairs_stay = true;           ///< nobody alone and no pair does better by itself
  bool all_stay = false;            ///< ... and no other set: exact values only
  std::size_t sets = 0;             ///< looked at
  std::size_t orders = 0;           ///< drawn; 0 when exact
  std::vector<std::size_t> leaves;  ///< who gains most by leaving together; members
  double leaves_usd = 0.0;
};
struct ShareRules {
  std::size_t exact_members = 12, orders = 500;
  std::uint64_t seed = 1;
  int jobs = 0;
};
/// Shapley values of the cost of `active` members; the others have nothing and cost nothing.
[[nodiscard]] CostShares share_cost(const ChainYear& year, const std::vector<std::size_t>& active,
                                    const ShareRules& rules, const Progress& progress);

/// A game of costs by itself: `cost` of every set of n players, the set as bits. For up to 20.
[[nodiscard]] std::vector<double> shapley_values(const std::vector<double>& cost, std::size_t n);

/// Capacity, use and need of the year by [stage * metals + metal].
struct ChainNeeds {
  std::vector<double> capacity_t, used_t, needed_t;
};
[[nodiscard]] ChainNeeds chain_needs(const ChainYear& year, const AlliancePlan& plan);

/// Why demand is not met, as far as it is not for want of capacity.
struct ChainGaps {
  double unmet_t = 0.0;
  double dear_t = 0.0;   ///< could be met at more than the price of going without
  double apart_t = 0.0;  ///< could be met if hauls joined all members
  double short_t = 0.0;  ///< cannot be met by the capacity that there is
};
[[nodiscard]] ChainGaps chain_gaps(const ChainYear& year, const std::vector<char>& in,
                                   const AlliancePlan& plan);

}  // namespace lode
