// One plan by the policy's aim, and what one more kg of demand costs in it.
#include <algorithm>
#include <cmath>

#include "libgeo/supply/portfolio_parts.h"

namespace lode {

namespace {

/// All that is missing, as a row's terms.
std::vector<std::pair<std::uint32_t, double>> all_lacking(const PortfolioModel& model) {
  std::vector<std::pair<std::uint32_t, double>> terms;
  for (const auto variable : model.lacking)
    if (variable != no_variable) terms.emplace_back(variable, 1.0);
  return terms;
}

/// What the objective changes by a unit of each demand, by what it changes by a unit of each side.
/// [metal * years + year]
std::vector<double> by_demand(const PortfolioModel& model, const ProgrammeResult& result) {
  std::vector<double> changes(model.metals * model.years, 0.0);
  std::vector<double> reduced;
  for (const auto& variable : model.programme.variables) reduced.push_back(variable.cost);
  for (std::size_t r = 0; r < model.programme.rows.size(); ++r)
    for (const auto& [variable, factor] : model.programme.rows[r].terms)
      reduced[variable] -= factor * result.duals[r];
  for (const auto& side : model.sides) {
    // A dual above 0 is of the low side, below 0 of the high one.
    const double dual = result.duals[side.row];
    changes[side.metal * model.years + side.year] += dual * (dual > 0.0 ? side.low : side.high);
  }
  // No more may be missing than is in demand: that bound moves too.
  for (std::size_t at = 0; at < changes.size(); ++at) {
    const auto lacking = model.lacking[at];
    if (lacking == no_variable || reduced[lacking] >= 0.0) continue;
    const double high = model.programme.variables[lacking].high;
    if (result.values[lacking] >= high * (1.0 - 1e-9)) changes[at] += reduced[lacking];
  }
  return changes;
}

/// By how much the least shortage rises with each demand when what begins stays as it is.
std::vector<double> shortage_by_demand(const AimedPlan& plan, const PortfolioPolicy& policy) {
  PortfolioModel model = plan.model;
  auto& variables = model.programme.variables;
  for (std::size_t k = 0; k < variables.size(); ++k) {
    variables[k].cost = 0.0;
    if (variables[k].integer)
      variables[k].low = variables[k].high = std::round(plan.result.values[k]);
  }
  for (const auto& [variable, one] : all_lacking(model)) variables[variable].cost = one;
  model.programme.rows[plan.least_shortage].high = unbounded_value;
  ProgrammeOptions options = search_options(policy);
  options.relax = true;
  const ProgrammeResult least = solve(model.programme, options);
  if (least.duals.empty()) return std::vector<double>(model.metals * model.years, 0.0);
  return by_demand(model, least);
}

}  // namespace

bool solved(const ProgrammeResult& result) {
  return result.status == ProgrammeStatus::optimal || result.status == ProgrammeStatus::feasible;
}

AimedPlan aimed_plan(const SupplySources& sources, const SupplyDemand& demand,
                     const PortfolioPolicy& policy, const Progress& progress) {
  AimedPlan plan;
  ModelTerms terms;
  if (policy.aim == PortfolioAim::cost) {
    plan.model = portfolio_model(sources, demand, policy, terms);
    plan.result = solve(plan.model.programme, search_options(policy), progress);
    return plan;
  }
  terms.aim = ModelAim::shortage;
  plan.model = portfolio_model(sources, demand, policy, terms);
  const ProgrammeResult least = solve(plan.model.programme, search_options(policy), progress);
  plan.result = least;
  if (!solved(least)) return plan;
  terms.aim = ModelAim::cost;
  terms.may_lack = true;
  plan.model = portfolio_model(sources, demand, policy, terms);
  // A hair more than the least, so that rounding does not shut the door.
  const double most = least.objective * (1.0 + 1e-7) + 1e-9;
  auto lacking = all_lacking(plan.model);
  if (!lacking.empty())
    plan.least_shortage = plan.model.programme.add(
        Programme::Row{"least_shortage", "", -unbounded_value, most, std::move(lacking)});
  plan.result = solve(plan.model.programme, search_options(policy), progress);
  if (!solved(plan.result)) return plan;
  for (const auto variable : plan.model.lacking)
    plan.lack.push_back(variable == no_variable ? 0.0 : plan.result.values[variable]);
  return plan;
}

void read_prices(const PortfolioPolicy& policy, const AimedPlan& plan, Portfolio& answer) {
  std::vector<double> changes;
  if (policy.aim != PortfolioAim::concentration && !plan.result.duals.empty()) {
    changes = by_demand(plan.model, plan.result);
    // With the demand the least shortage rises too, which no mix may exceed.
    if (plan.least_shortage != no_variable && plan.result.duals[plan.least_shortage] != 0.0) {
      const std::vector<double> more = shortage_by_demand(plan, policy);
      for (std::size_t at = 0; at < changes.size(); ++at)
        changes[at] += plan.result.duals[plan.least_shortage] * more[at];
    }
  }
  for (std::size_t at = 0; at < answer.balance.size(); ++at)
    answer.balance[at].price_usd_per_kg =
        changes.empty() ? std::nan("") : changes[at] / plan.model.factor[at % plan.model.years];
}

}  // namespace lode
