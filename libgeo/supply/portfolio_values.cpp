// What each chosen source of a portfolio is worth: the same plan without it.
#include <algorithm>
#include <cmath>

#include "libgeo/core/parallel.h"
#include "libgeo/supply/portfolio_parts.h"

namespace lode {

namespace {

struct Without {
  ProgrammeStatus status = ProgrammeStatus::unsolved;
  double usd = 0.0, lacking_t = 0.0;
};

Without least_cost(const SupplySources& sources, const SupplyDemand& demand,
                   const PortfolioPolicy& policy, double gap) {
  ModelTerms terms;
  terms.may_lack = policy.aim == PortfolioAim::shortfall;
  const PortfolioModel model = portfolio_model(sources, demand, policy, terms);
  ProgrammeOptions options = search_options(policy);
  options.gap = gap;
  const ProgrammeResult result = solve(model.programme, options);
  Without without;
  without.status = result.status;
  if (result.values.empty()) return without;
  without.usd = result.objective * model_usd;
  for (const auto variable : model.lacking)
    if (variable != no_variable) without.lacking_t += result.values[variable] * model_tonnes;
  return without;
}

}  // namespace

void add_values(const SupplySources& sources, const SupplyDemand& demand,
                const PortfolioPolicy& policy, const PortfolioOptions& options,
                const Progress& progress, Portfolio& answer) {
  std::vector<std::size_t> chosen;
  for (std::size_t s = 0; s < answer.choices.size(); ++s)
    if (answer.choices[s].start_year > 0) chosen.push_back(s);
  if (chosen.empty()) return;
  // The first of them is the plan itself: at the same gap, so that differences are of the sources.
  std::vector<Without> found(chosen.size() + 1);
  parallel_blocks(
      found.size(), 1, options.jobs,
      [&](std::size_t begin, std::size_t, std::size_t) {
        PortfolioPolicy one = policy;
        if (begin > 0) {
          const std::string& id = sources.list[chosen[begin - 1]].id;
          one.exclude.push_back(id);
          one.require.erase(std::remove(one.require.begin(), one.require.end(), id),
                            one.require.end());
        }
        found[begin] = least_cost(sources, demand, one, std::min(options.value_gap, policy.gap));
        progress.check();
      },
      progress);
  double most = -1.0;
  for (std::size_t k = 0; k < chosen.size(); ++k) {
    PortfolioChoice& choice = answer.choices[chosen[k]];
    const Without& without = found[k + 1];
    choice.indispensable = without.status == ProgrammeStatus::infeasible;
    if (without.status == ProgrammeStatus::optimal || without.status == ProgrammeStatus::feasible) {
      choice.worth_usd = std::max(0.0, without.usd - found[0].usd);
      choice.worth_t = std::max(0.0, without.lacking_t - found[0].lacking_t);
    }
    const double rank = choice.indispensable           ? unbounded_value
                        : std::isnan(choice.worth_usd) ? -1.0
                                                       : choice.worth_usd;
    if (rank > most) {
      most = rank;
      answer.matters_most = choice.id;
    }
  }
}

}  // namespace lode
