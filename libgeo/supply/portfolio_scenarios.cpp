// A portfolio over scenarios: starts decided now, outputs when it is known what comes.
#include <algorithm>
#include <cmath>

#include "libgeo/core/parallel.h"
#include "libgeo/supply/portfolio_parts.h"

namespace lode {

namespace {

bool has_values(const ProgrammeResult& result) {
  return !result.values.empty();
}

/// Starts (and closings) of a solution put into another model of the same sources.
void keep_starts(const PortfolioModel& from, const std::vector<double>& values,
                 PortfolioModel& into) {
  const auto fix = [&](const auto& a, const auto& b) {
    for (std::size_t s = 0; s < a.size(); ++s)
      for (std::size_t k = 0; k < a[s].size(); ++k) {
        auto& variable = into.programme.variables[b[s][k]];
        variable.low = variable.high = std::round(values[a[s][k]]);
      }
  };
  fix(from.begun, into.begun);
  fix(from.stays, into.stays);
}

/// What a mix costs in one scenario, and what it lacks there.
struct Faced {
  double objective_usd = std::nan(""), cost_usd = std::nan(""), lacking_t = 0.0;
};

Faced faced(const SupplyDemand& demand, const PortfolioPolicy& policy, const PortfolioModel& model,
            const ProgrammeResult& result) {
  Faced there;
  if (!has_values(result)) return there;
  double penalty = 0.0;
  for (std::size_t m = 0; m < model.metals; ++m)
    for (std::size_t t = 0; t < model.years; ++t) {
      const auto variable = model.lacking[model.lack_at(0, m, t)];
      if (variable == no_variable) continue;
      const double missing = counted_t(result.values[variable] * model_tonnes,
                                       case_demand(demand, model.cases[0], m, t) * model_tonnes);
      there.lacking_t += missing;
      penalty += missing * 1e3 * penalty_usd_per_kg(policy, demand.metals[m]) * model.factor[t];
    }
  there.objective_usd = result.objective * model_usd;
  there.cost_usd = there.objective_usd - penalty;
  return there;
}

struct Alone {
  Faced known, kept, hedged;
};

}  // namespace

void add_scenarios(const SupplySources& sources, const SupplyDemand& demand,
                   const PortfolioPolicy& policy, const PortfolioOptions& options,
                   const PortfolioModel& plain, const std::vector<double>& values,
                   const Progress& progress, Portfolio& answer) {
  const ProgrammeOptions search = search_options(policy);
  ModelTerms all;
  all.scenarios = true;
  all.may_lack = policy.aim != PortfolioAim::cost;
  all.aim = options.robust ? ModelAim::worst : ModelAim::cost;
  const PortfolioModel model = portfolio_model(sources, demand, policy, all);
  const ProgrammeResult hedged = solve(model.programme, search, progress.part(0.0, 0.5));
  const std::size_t count = policy.scenarios.size();
  std::vector<Alone> alone(count);
  parallel_blocks(
      count, 1, options.jobs,
      [&](std::size_t k, std::size_t, std::size_t) {
        ModelTerms one;
        one.only = k;
        one.may_lack = all.may_lack;
        PortfolioModel own = portfolio_model(sources, demand, policy, one);
        alone[k].known = faced(demand, policy, own, solve(own.programme, search));
        PortfolioModel kept = own;
        keep_starts(plain, values, kept);
        alone[k].kept = faced(demand, policy, kept, solve(kept.programme, search));
        if (!has_values(hedged)) return;
        keep_starts(model, hedged.values, own);
        alone[k].hedged = faced(demand, policy, own, solve(own.programme, search));
      },
      progress.part(0.5, 1.0));
  double sum = 0.0, known = 0.0, kept = 0.0, mean = 0.0;
  for (const auto& one : policy.scenarios) sum += one.weight;
  for (std::size_t k = 0; k < count; ++k) {
    const Faced& hedge = alone[k].hedged;
    ScenarioOutcome outcome{policy.scenarios[k].name, policy.scenarios[k].weight / sum,
                            hedge.cost_usd, hedge.lacking_t};
    outcome.objective_usd = hedge.objective_usd;
    outcome.objective_if_known_usd = alone[k].known.objective_usd;
    outcome.cost_if_known_usd = alone[k].known.cost_usd;
    known += outcome.weight * outcome.objective_if_known_usd;
    kept += outcome.weight * alone[k].kept.objective_usd;
    mean += outcome.weight * outcome.objective_usd;
    answer.scenarios.push_back(outcome);
  }
  if (!has_values(hedged)) return;
  answer.hedged_usd = hedged.objective * model_usd;
  answer.hedged_gap = hedged.gap;
  for (std::size_t s = 0; s < model.sources; ++s)
    for (std::size_t k = model.begun[s].size(); k-- > 0;)
      if (hedged.values[model.begun[s][k]] > 0.5)
        answer.choices[s].hedged_start_year = model.first[s] + static_cast<int>(k);
  answer.value_of_information_usd = mean - known;
  answer.value_of_stochastic_usd = kept - mean;
}

}  // namespace lode
