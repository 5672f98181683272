// Inside of the portfolio: its programme with the places of its variables, and what reads them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libgeo/supply/portfolio.h"

namespace lode {

inline constexpr std::uint32_t no_variable = 0xffffffffU;
// The programme counts thousand tonnes and million USD, so that its figures are of one size.
inline constexpr double model_tonnes = 1e3;
inline constexpr double model_usd = 1e6;

/// What the programme minimises.
enum class ModelAim {
  cost,      ///< money, penalties included; over scenarios their mean
  worst,     ///< the dearest scenario's money
  shortage,  ///< all that is missing
  spread     ///< HHI, over `spread`
};

struct ModelTerms {
  ModelAim aim = ModelAim::cost;
  bool scenarios = false;       ///< all of the policy's, else none: the policy as it is
  std::size_t only = SIZE_MAX;  ///< this scenario alone
  bool spread = false;          ///< variables of countries' shares and their squares
  bool may_lack = false;        ///< shortage is possible whatever the policy says
};

/// One case that the outputs of the programme answer to.
struct ModelCase {
  double weight = 1.0;
  PortfolioPolicy::Scenario scenario;
};

/// A row whose sides move with a demand: by so much a unit of it.
struct DemandSide {
  std::uint32_t row = 0;
  std::size_t metal = 0, year = 0;
  double low = 0.0, high = 0.0;
};

struct PortfolioModel {
  Programme programme;
  std::size_t sources = 0, metals = 0, years = 0;
  std::vector<int> year;           ///< of the demand
  std::vector<std::size_t> metal;  ///< place in the sources' metals, by metal of the demand
  std::vector<ModelCase> cases;
  std::vector<double> factor;  ///< of a year's money
  std::vector<int> first;      ///< by source: first year that it may begin in
  /// By source: 1 from the year that it begins in; one variable a year from `first` on, so that
  /// halving the years is one branch. Empty for operating and impossible ones.
  std::vector<std::vector<std::uint32_t>> begun;
  /// By source and year of the demand, of those that may close: 1 while it stays open. Years before
  /// the base year share the variable of the first after it; there are none after its life.
  std::vector<std::vector<std::uint32_t>> stays;
  std::vector<std::uint32_t> made;           ///< [case][source][year]
  std::vector<std::uint32_t> lacking, sold;  ///< [case][metal][year]
  std::vector<DemandSide> sides;             ///< of the first case
  std::vector<std::string> countries;
  std::vector<std::uint32_t> used, square;  ///< [country][metal][year], first case
  std::uint32_t worst = no_variable;

  [[nodiscard]] std::size_t made_at(std::size_t k, std::size_t s, std::size_t t) const {
    return (k * sources + s) * years + t;
  }
  [[nodiscard]] std::size_t lack_at(std::size_t k, std::size_t m, std::size_t t) const {
    return (k * metals + m) * years + t;
  }
};

/// The demand of a metal and year in a case, in the programme's unit.
[[nodiscard]] double case_demand(const SupplyDemand& demand, const ModelCase& one, std::size_t m,
                                 std::size_t t);
[[nodiscard]] bool in_case(const ModelCase& one, int year);

/// Checks of the three against one another: those of `plan_portfolio`.
void check_portfolio(const SupplySources& sources, const SupplyDemand& demand,
                     const PortfolioPolicy& policy, Findings& findings);
[[nodiscard]] PortfolioModel portfolio_model(const SupplySources& sources,
                                             const SupplyDemand& demand,
                                             const PortfolioPolicy& policy,
                                             const ModelTerms& terms = {});
/// Capex by year of spending when output begins in `start`: evenly over the lead years before it.
[[nodiscard]] std::vector<std::pair<int, double>> capex_years(const SupplySource& source,
                                                              int start);
/// Discounted capex and fixed cost of beginning in `start`, to the last year.
[[nodiscard]] double start_cost_usd(const SupplySource& source, const PortfolioPolicy& policy,
                                    int start, int last);
/// What a kg of the metal that is missing counts.
[[nodiscard]] double penalty_usd_per_kg(const PortfolioPolicy& policy, const std::string& metal);
[[nodiscard]] double year_factor(const PortfolioPolicy& policy, int year);
[[nodiscard]] bool listed(const std::vector<std::string>& ids, const std::string& id);
[[nodiscard]] ProgrammeOptions search_options(const PortfolioPolicy& policy);

/// Less than a millionth of the demand, or a gram, is the solver's tolerance: 0 tonnes.
[[nodiscard]] double counted_t(double tonnes, double demand_t);
[[nodiscard]] bool solved(const ProgrammeResult& result);

/// A plan by the policy's aim, or the programme that has none.
struct AimedPlan {
  PortfolioModel model;
  ProgrammeResult result;
  std::vector<double> lack;                    ///< [metal * years + year]; empty with the aim cost
  std::uint32_t least_shortage = no_variable;  ///< row that holds to the least shortage
};
/// Aim cost: least cost. Else least shortage; then least cost with no more than that in all. (With
/// the aim concentration least HHI comes between, see `least_spread`.) The plan is made here, and
/// so is every plan that it is compared with.
[[nodiscard]] AimedPlan aimed_plan(const SupplySources& sources, const SupplyDemand& demand,
                                   const PortfolioPolicy& policy, const Progress& progress = {});
/// What one more kg of each demand costs, from the duals of all rows that move with it.
void read_prices(const PortfolioPolicy& policy, const AimedPlan& plan, Portfolio& answer);

/// What a solution of the model says, put into the answer: choices, balance, sums.
void read_solution(const SupplySources& sources, const SupplyDemand& demand,
                   const PortfolioPolicy& policy, const PortfolioModel& model,
                   const std::vector<double>& values, Portfolio& answer);

void add_values(const SupplySources& sources, const SupplyDemand& demand,
                const PortfolioPolicy& policy, const PortfolioOptions& options,
                const Progress& progress, Portfolio& answer);
void add_frontier(const SupplySources& sources, const SupplyDemand& demand,
                  const PortfolioPolicy& policy, const PortfolioOptions& options,
                  const std::vector<double>& lack, const Progress& progress, Portfolio& answer);
/// `plain` and its `values`: the plan made without scenarios.
void add_scenarios(const SupplySources& sources, const SupplyDemand& demand,
                   const PortfolioPolicy& policy, const PortfolioOptions& options,
                   const PortfolioModel& plain, const std::vector<double>& values,
                   const Progress& progress, Portfolio& answer);

}  // namespace lode
