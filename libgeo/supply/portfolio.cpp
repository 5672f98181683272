#include "libgeo/supply/portfolio.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/portfolio_spread.h"
#include "libgeo/supply/programme_parts.h"

namespace lode {

namespace {

void read_choices(const SupplySources& sources, const PortfolioPolicy& policy,
                  const PortfolioModel& model, const std::vector<double>& values,
                  Portfolio& answer) {
  answer.capex_usd = 0.0;
  for (std::size_t s = 0; s < model.sources; ++s) {
    const SupplySource& source = sources.list[s];
    PortfolioChoice choice;
    choice.id = source.id;
    choice.name = source.name;
    choice.country = source.country;
    choice.group = source.group;
    choice.kind = source.kind;
    for (std::size_t k = model.begun[s].size(); k-- > 0;)
      if (values[model.begun[s][k]] > 0.5) choice.start_year = model.first[s] + static_cast<int>(k);
    Sum cost;
    double all = 0.0;
    choice.metal_t.assign(model.metals, std::vector<double>(model.years, 0.0));
    for (std::size_t t = 0; t < model.years; ++t) {
      const auto made = model.made[model.made_at(0, s, t)];
      const double tonnes = made == no_variable ? 0.0 : counted_t(values[made] * model_tonnes, 0.0);
      choice.tonnes.push_back(tonnes);
      all += tonnes;
      for (std::size_t m = 0; m < model.metals; ++m)
        choice.metal_t[m][t] = tonnes * source.share[model.metal[m]];
      if (tonnes > 0.0) cost += tonnes * 1e3 * source.opex_usd_per_kg.base * model.factor[t];
      const auto& stays = model.stays[s];
      const bool open = source.operating &&
                        ramp_share(source, policy.base_year, model.year[t]) > 0.0 &&
                        (stays.empty() || values[stays.at(t)] > 0.5);
      if (open) cost += source.fixed_usd_per_year * model.factor[t];
    }
    if (source.operating && all > 0.0) choice.start_year = model.first[s];
    if (!source.operating && choice.start_year > 0) {
      for (const auto& [year, usd] : capex_years(source, choice.start_year))
        choice.capex_usd += usd;
      cost += start_cost_usd(source, policy, choice.start_year, model.year.back());
    }
    answer.capex_usd += choice.capex_usd;
    choice.cost_usd = cost.value();
    answer.choices.push_back(std::move(choice));
  }
}

/// HHI over countries of what is used of all that is made. Where that is more than the demand, the
/// use that is least concentrated: of every country all, but no more than a level that is common to
/// the greatest.
double spread_of(const PortfolioModel& model, const SupplySources& sources, const Portfolio& answer,
                 double demand_t, std::size_t m, std::size_t t) {
  std::vector<double> part(model.countries.size(), 0.0);
  for (std::size_t c = 0; c < model.countries.size(); ++c)
    for (std::size_t s = 0; s < model.sources; ++s)
      if (sources.list[s].country == model.countries[c]) part[c] += answer.choices[s].metal_t[m][t];
  std::sort(part.begin(), part.end());
  double made = 0.0;
  for (const double one : part) made += one;
  const double total = std::min(made, demand_t);
  if (!(total > 0.0)) return std::nan("");
  double left = total, squares = 0.0;
  for (std::size_t c = 0; c < part.size(); ++c) {
    const double used = std::min(part[c], left / static_cast<double>(part.size() - c));
    left -= used;
    squares += (used / total) * (used / total);
  }
  return squares;
}

void read_balance(const SupplySources& sources, const SupplyDemand& demand,
                  const PortfolioModel& model, Portfolio& answer) {
  Sum hhi, weight, shortfall;
  for (std::size_t m = 0; m < model.metals; ++m) {
    int free_from = 0;
    for (std::size_t t = 0; t < model.years; ++t) {
      PortfolioBalance one;
      one.metal = demand.metals[m];
      one.year = demand.years[t];
      one.demand_t = case_demand(demand, model.cases[0], m, t) * model_tonnes;
      double recycled = 0.0;
      for (std::size_t s = 0; s < model.sources; ++s) {
        one.supply_t += answer.choices[s].metal_t[m][t];
        if (sources.list[s].kind == "secondary") recycled += answer.choices[s].metal_t[m][t];
      }
      const double missing = one.demand_t - one.supply_t;
      one.shortfall_t = counted_t(missing, one.demand_t);
      one.surplus_t = counted_t(-missing, one.demand_t);
      one.hhi = spread_of(model, sources, answer, one.demand_t, m, t);
      one.recycled_share = one.supply_t > 0.0 ? recycled / one.supply_t : 0.0;
      if (!std::isnan(one.hhi) && one.demand_t > 0.0) {
        hhi += one.hhi * one.demand_t;
        weight += one.demand_t;
      }
      shortfall += one.shortfall_t;
      if (one.shortfall_t > 0.0)
        free_from = 0;
      else if (free_from == 0)
        free_from = one.year;
      answer.balance.push_back(one);
    }
    answer.free_from.push_back({demand.metals[m], free_from});
  }
  answer.hhi = weight.value() > 0.0 ? hhi.value() / weight.value() : std::nan("");
  answer.shortfall_t = shortfall.value();
}

double total_penalty(const PortfolioPolicy& policy, const Portfolio& answer) {
  Sum sum;
  for (const auto& one : answer.balance)
    sum += one.shortfall_t * 1e3 * penalty_usd_per_kg(policy, one.metal) *
           year_factor(policy, one.year);
  return sum.value();
}

void take_result(const PortfolioModel& model, const ProgrammeResult& result, Portfolio& answer) {
  answer.status = result.status;
  answer.gap = result.gap;
  answer.nodes = result.nodes;
  answer.variables = model.programme.variables.size();
  answer.rows = model.programme.rows.size();
  answer.integers = static_cast<std::size_t>(
      std::count_if(model.programme.variables.begin(), model.programme.variables.end(),
                    [](const auto& variable) { return variable.integer; }));
  answer.worst_violation = std::max({result.worst_row, result.worst_bound, result.worst_integer});
}

std::string tonnes_text(double tonnes) {
  return fixed_text(tonnes, tonnes < 10.0 ? 1 : 0) + " t";
}

/// For each metal: the year from which nothing is missing, and whether any mix could be earlier.
std::string freedom_words(const SupplySources& sources, const SupplyDemand& demand,
                          const PortfolioPolicy& policy, const Portfolio& answer,
                          const Progress& progress) {
  std::string text;
  ModelTerms terms;
  terms.aim = ModelAim::shortage;
  PortfolioModel model = portfolio_model(sources, demand, policy, terms);
  for (std::size_t m = 0; m < demand.metals.size(); ++m) {
    const int from = answer.free_from[m].year;
    if (from == demand.years.front()) continue;
    // The last year that lacks some in this plan: does every mix lack some then?
    std::size_t t = demand.years.size();
    while (t-- > 0)
      if (answer.balance[m * model.years + t].shortfall_t > 0.0) break;
    for (auto& variable : model.programme.variables) variable.cost = 0.0;
    const auto lacking = model.lacking[model.lack_at(0, m, t)];
    model.programme.variables[lacking].cost = 1.0;
    const ProgrammeResult least = solve(model.programme, search_options(policy), progress);
    const double bound = least.bound * model_tonnes;
    const bool proven =
        solved(least) && counted_t(bound, answer.balance[m * model.years + t].demand_t) > 0.0;
    const std::string year = std::to_string(demand.years[t]);
    text += text.empty() ? " " : "; ";
    text += from == 0 ? demand.metals[m] + " is short to the last year"
                      : demand.metals[m] + " is short until " + year + " and free from " +
                            std::to_string(from);
    if (proven)
      text += ", and no mix of these sources can do without a shortage in " + year + ": at least " +
              tonnes_text(bound) + " would be missing";
    else if (solved(least) && counted_t(least.objective * model_tonnes, 0.0) == 0.0)
      text += ", by choice: a mix without a shortage in " + year + " costs more";
  }
  return text.empty() ? text : text + ".";
}

std::string outcome_words(const SupplySources& sources, const SupplyDemand& demand,
                          const PortfolioPolicy& policy, const Portfolio& answer,
                          const Progress& progress) {
  std::size_t fresh = 0;
  for (std::size_t s = 0; s < answer.choices.size(); ++s)
    fresh += answer.choices[s].start_year > 0 && !sources.list[s].operating ? 1 : 0;
  std::string text = std::to_string(fresh) + " new sources";
  if (answer.shortfall_t == 0.0) return text + " leave nothing missing in any year.";
  return text + " leave " + tonnes_text(answer.shortfall_t) + " missing over all years." +
         freedom_words(sources, demand, policy, answer, progress);
}

void explain(const SupplySources& sources, const SupplyDemand& demand,
             const PortfolioPolicy& policy, const PortfolioModel& model,
             const PortfolioOptions& options, const Progress& progress, Portfolio& answer) {
  (void)sources;
  (void)demand;
  if (options.conflicts)
    answer.conflict = conflict(model.programme, search_options(policy), 60, progress);
  answer.words = "No mix of these sources keeps to all requirements";
  if (!answer.conflict.requirements.empty())
    answer.words +=
        ": " + join(answer.conflict.requirements, "; ") +
        (answer.conflict.requirements.size() == 1 ? " cannot be kept" : " cannot hold together");
  answer.words += ".";
}

}  // namespace

void read_solution(const SupplySources& sources, const SupplyDemand& demand,
                   const PortfolioPolicy& policy, const PortfolioModel& model,
                   const std::vector<double>& values, Portfolio& answer) {
  answer.metals = demand.metals;
  answer.years = demand.years;
  answer.choices.clear();
  answer.balance.clear();
  answer.free_from.clear();
  read_choices(sources, policy, model, values, answer);
  read_balance(sources, demand, model, answer);
  Sum cost;
  for (const auto& choice : answer.choices) cost += choice.cost_usd;
  if (policy.resell_surplus)
    for (std::size_t m = 0; m < model.metals; ++m)
      for (std::size_t t = 0; t < model.years; ++t)
        cost += -values[model.sold[model.lack_at(0, m, t)]] * model_usd * model.factor[t] *
                policy.prices.of(demand.metals[m], demand.years[t]).base;
  answer.cost_usd = cost.value();
  answer.objective_usd = answer.cost_usd + total_penalty(policy, answer);
}

Portfolio plan_portfolio(const SupplySources& sources, const SupplyDemand& demand,
                         const PortfolioPolicy& given, const PortfolioOptions& options,
                         const Progress& progress) {
  Portfolio answer;
  check_portfolio(sources, demand, given, answer.findings);
  PortfolioPolicy policy = given;
  if (policy.base_year == 0) policy.base_year = demand.years.front();
  AimedPlan plan = aimed_plan(sources, demand, policy, progress.part(0.0, 0.2));
  PortfolioModel& model = plan.model;
  ProgrammeResult& result = plan.result;
  std::vector<double>& lack = plan.lack;
  if (solved(result) && policy.aim == PortfolioAim::concentration) {
    SpreadResult spread = least_spread(sources, demand, policy, lack, unbounded_value, policy.gap,
                                       progress.part(0.2, 0.25));
    // Of the mixes that are as little concentrated the cheapest.
    SpreadResult cheap = least_spread(sources, demand, policy, lack, spread.hhi, policy.gap,
                                      progress.part(0.25, 0.3));
    if (!std::isnan(cheap.hhi)) {
      cheap.bound = spread.bound;
      spread = std::move(cheap);
    }
    model = std::move(spread.model);
    result = std::move(spread.result);
    result.gap = relative_gap(spread.hhi, spread.bound);
  }
  take_result(model, result, answer);
  answer.metals = demand.metals;
  answer.years = demand.years;
  if (result.status == ProgrammeStatus::unbounded)
    throw Error("supply.unbounded", "the cost falls without end, by " + result.unbounded_by,
                policy.path.empty() ? "policy" : policy.path,
                "A source without a capacity can be resold at a profit.");
  if (result.status == ProgrammeStatus::infeasible)
    explain(sources, demand, policy, model, options, progress.part(0.3, 1.0), answer);
  if (result.status == ProgrammeStatus::unsolved)
    answer.words = "The search ended before any mix was found: raise nodes in the policy.";
  if (!solved(result)) return answer;
  read_solution(sources, demand, policy, model, result.values, answer);
  if (policy.aim != PortfolioAim::concentration) answer.bound_usd = result.bound * model_usd;
  read_prices(policy, plan, answer);
  answer.words = outcome_words(sources, demand, policy, answer, progress.part(0.3, 0.4));
  if (options.values) add_values(sources, demand, policy, options, progress.part(0.4, 0.7), answer);
  if (options.frontier > 0) {
    if (lack.empty())
      for (const auto variable : model.lacking)
        lack.push_back(variable == no_variable ? 0.0 : result.values[variable]);
    add_frontier(sources, demand, policy, options, lack, progress.part(0.7, 0.85), answer);
  }
  if (!policy.scenarios.empty())
    add_scenarios(sources, demand, policy, options, model, result.values, progress.part(0.85, 1.0),
                  answer);
  return answer;
}

}  // namespace lode
