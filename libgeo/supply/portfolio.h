// Which sources, from when, how much each year: the mix that meets demand at least cost.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/supply/demand.h"
#include "libgeo/supply/programme.h"
#include "libgeo/supply/sources.h"

namespace lode {

/// A share of demand that some sources may not exceed, or must reach. What is empty or 0 covers
/// all.
struct PortfolioLimit {
  std::string name;              ///< in words, for messages; made up when empty
  std::string country;           ///< code
  bool each_country = false;     ///< every country by itself, except those of `but`
  std::vector<std::string> but;  ///< countries that the limit does not touch
  std::string group, kind, source;
  std::string metal;
  int from_year = 0, to_year = 9999;
  double max_share = std::numeric_limits<double>::infinity();  ///< of demand, 0 to 1
  double min_share = 0.0;
  double max_t = std::numeric_limits<double>::infinity();  ///< tonnes a year of all its metals
};

/// A cap on an environmental burden (`SupplySources::burdens`) of a year.
struct BurdenCap {
  std::string burden, country;
  int from_year = 0, to_year = 9999;
  double max = 0.0;  ///< in the burden's unit, of a year
};

enum class PortfolioAim {
  cost,           ///< least discounted cost
  concentration,  ///< least HHI over countries, demand-weighted over metals and years
  shortfall       ///< least shortage, then least cost
};
[[nodiscard]] std::string_view to_text(PortfolioAim aim);

struct PortfolioPolicy {
  std::string path;  ///< for messages
  double discount = 0.05;
  int base_year = 0;  ///< of the money and of the decisions
  double gap = 1e-3;
  double budget_usd = unbounded_value;         ///< capex, not discounted, over all years
  double yearly_budget_usd = unbounded_value;  ///< capex of any year
  bool allow_shortfall = false;
  /// Penalty of metals without one in `penalty`; unsaid = `usual_shortfall`, in the sources' money.
  std::optional<double> shortfall_usd_per_kg;
  static constexpr double usual_shortfall = 500.0;
  std::vector<std::pair<std::string, double>> penalty;
  bool may_close = false;       ///< an operating source may be closed for good (saves fixed cost)
  bool resell_surplus = false;  ///< metals beyond demand are sold at their price; else they cost
                                ///< nothing and give nothing
  PricePath prices;             ///< of what is resold; no key of the text
  PortfolioAim aim = PortfolioAim::cost;
  std::size_t nodes = 200000;
  std::vector<PortfolioLimit> limits;
  std::vector<BurdenCap> caps;
  std::vector<std::string> exclude, require;  ///< ids of sources
  /// Scenarios for `stochastic` and `robust`: what changes, and how likely.
  struct Scenario {
    std::string name;
    double weight = 1.0;
    double demand_factor = 1.0;               ///< on all demand
    double cost_factor = 1.0;                 ///< on opex
    double capacity_factor = 1.0;             ///< on all sources that are not `operating`
    std::vector<std::string> lost_countries;  ///< sell nothing
    std::vector<std::string> lost_sources;
    int from_year = 0, to_year = 9999;  ///< of the changes
  };
  std::vector<Scenario> scenarios;
};

/// TOML: `discount base_year gap budget_usd allow_shortfall shortfall_usd_per_kg [[limit]] [[cap]]
/// [[scenario]] [penalty]` with the members above as keys. Errors "policy.syntax", "policy.invalid"
/// with the line, all at once: unknown keys with the nearest, shares outside 0 to 1, min above max,
/// years the wrong way round, a negative budget.
[[nodiscard]] PortfolioPolicy parse_policy(std::string_view text, const std::string& where);

struct PortfolioOptions {
  bool values = true;        ///< what each chosen source is worth (a solve for each)
  std::size_t frontier = 0;  ///< points of cost against concentration; 0 = none
  bool robust = false;       ///< least worst cost over the scenarios, instead of the mean
  bool conflicts = true;     ///< explain infeasibility
  double value_gap = 1e-3;   ///< of those solves; never wider than the policy's
  int jobs = 0;
};

struct PortfolioChoice {
  std::string id, name, country, group, kind;
  int start_year = 0;                        ///< 0 = not chosen
  std::vector<double> tonnes;                ///< of all oxides, by year of the demand
  std::vector<std::vector<double>> metal_t;  ///< [metal][year]
  double capex_usd = 0.0, cost_usd = 0.0;    ///< discounted cost of it all
  /// The plan made again without it, by the same aim, less the plan: of `objective_usd` (NaN = no
  /// solution is left) and of the tonnes that are missing. Either may be below 0: with the aim cost
  /// more may be worth supplying without it, with the aim shortfall what is not made is not paid.
  /// With the aim concentration both plans are of least shortage, then least cost.
  double worth_usd = std::numeric_limits<double>::quiet_NaN();
  double worth_t = 0.0;
  bool indispensable = false;  ///< without it there is no solution
  int hedged_start_year = 0;   ///< in the mix that is best over the scenarios; 0 = not in it
};

struct PortfolioBalance {
  std::string metal;
  int year = 0;
  double demand_t = 0.0, supply_t = 0.0, shortfall_t = 0.0, surplus_t = 0.0;
  double hhi = std::numeric_limits<double>::quiet_NaN();  ///< over countries, of what is used
  double recycled_share = 0.0;
  /// What one more kg of demand costs by the plan's aim and with its starts; limits that are shares
  /// of demand move with it. NaN with the aim concentration.
  double price_usd_per_kg = 0.0;
};

struct FrontierPoint {
  double hhi = 0.0;        ///< mean over metals and years, weighted by demand
  double max_share = 0.0;  ///< of any country in any metal, mean over years
  double cost_usd = 0.0, shortfall_t = 0.0;
  /// Cost and the penalty of what is missing, which is made least: at most `gap` above what any mix
  /// of that HHI, with no more missing of any metal in any year than in the plan, can reach.
  double objective_usd = std::numeric_limits<double>::quiet_NaN(), gap = 0.0;
  std::vector<std::string> chosen;
};

/// One scenario's figures when the starts that are best over all of them face it.
struct ScenarioOutcome {
  std::string name;
  double weight = 0.0, cost_usd = 0.0, shortfall_t = 0.0;
  double cost_if_known_usd = 0.0;  ///< of the best mix for this scenario alone
  /// The same two with penalties: their difference is the regret.
  double objective_usd = 0.0, objective_if_known_usd = 0.0;
};

struct Portfolio {
  ProgrammeStatus status = ProgrammeStatus::unsolved;
  double objective_usd =
      std::numeric_limits<double>::quiet_NaN();                ///< discounted, penalties included
  double cost_usd = std::numeric_limits<double>::quiet_NaN();  ///< without penalties
  double bound_usd = std::numeric_limits<double>::quiet_NaN(),
         gap = std::numeric_limits<double>::quiet_NaN();
  double hhi = std::numeric_limits<double>::quiet_NaN();  ///< mean over metals and years, by demand
  double shortfall_t = 0.0, capex_usd = 0.0;
  std::size_t nodes = 0, variables = 0, integers = 0, rows = 0;
  double worst_violation = 0.0;  ///< certificate: relative, recomputed
  std::vector<std::string> metals;
  std::vector<int> years;
  std::vector<PortfolioChoice> choices;   ///< in the order of the sources
  std::vector<PortfolioBalance> balance;  ///< by metal, then year
  struct Free {
    std::string metal;
    int year = 0;
  };
  std::vector<Free>
      free_from;  ///< first year from which nothing is missing; 0 = never in these years
  /// Id with the greatest worth, "" = none; where least shortage is aimed at first, tonnes go
  /// before USD.
  std::string matters_most;
  std::vector<FrontierPoint> frontier;
  std::vector<ScenarioOutcome> scenarios;
  double value_of_information_usd =
      std::numeric_limits<double>::quiet_NaN();  ///< expected, perfect
  double value_of_stochastic_usd =
      std::numeric_limits<double>::quiet_NaN();  ///< against keeping to `choices` whatever comes
  /// Of the mix that is best over the scenarios: mean objective, or that of the worst when robust.
  double hedged_usd = std::numeric_limits<double>::quiet_NaN(),
         hedged_gap = std::numeric_limits<double>::quiet_NaN();
  Conflict conflict;  ///< when infeasible
  std::string words;  ///< one sentence of the outcome, for people
  Findings findings;
};

/// Least discounted cost of sources that meet demand, per metal and year:
///
///     b_is in {0,1}: source i starts in year s, at most one s;  x_it <= sum_s b_is output(i, s, t)
///     (kept as begun_is = b_i1 + ... + b_is, which branches better)
///     sum_i f_ie x_it + short_et >= D_et      (joint production: one x gives all its metals)
///
/// Programme and LP file are the same thing: `portfolio_programme`.
/// Errors: "supply.no_source" (demand without supply: no source has the metal and no shortfall is
/// allowed), "supply.no_metal", "supply.policy" (a limit that names what is not there),
/// "supply.unbounded", "supply.no_cost", "supply.money"; those of `check_sources`. Infeasible is no
/// error: status and conflict say it.
[[nodiscard]] Portfolio plan_portfolio(const SupplySources& sources, const SupplyDemand& demand,
                                       const PortfolioPolicy& policy,
                                       const PortfolioOptions& options = {},
                                       const Progress& progress = {});
/// The programme of `plan_portfolio`, in thousand tonnes and million USD; with the aim shortfall
/// its first part. Scenarios are left out.
[[nodiscard]] Programme portfolio_programme(const SupplySources& sources,
                                            const SupplyDemand& demand,
                                            const PortfolioPolicy& policy);

}  // namespace lode
