// What each chosen source of a portfolio is worth: the plan made again without it.
#include <algorithm>
#include <cmath>

#include "libgeo/core/parallel.h"
#include "libgeo/supply/portfolio_parts.h"

namespace lode {

namespace {

struct Outcome {
  ProgrammeStatus status = ProgrammeStatus::unsolved;
  double usd = 0.0, missing_t = 0.0;
};

Outcome outcome_of(const SupplySources& sources, const SupplyDemand& demand,
                   const PortfolioPolicy& policy) {
  const AimedPlan plan = aimed_plan(sources, demand, policy);
  Outcome outcome;
  outcome.status = plan.result.status;
  if (!solved(plan.result)) return outcome;
  Portfolio there;
  read_solution(sources, demand, policy, plan.model, plan.result.values, there);
  outcome.usd = there.objective_usd;
  outcome.missing_t = there.shortfall_t;
  return outcome;
}

PortfolioPolicy without(PortfolioPolicy policy, const std::string& id) {
  policy.exclude.push_back(id);
  auto& require = policy.require;
  require.erase(std::remove(require.begin(), require.end(), id), require.end());
  return policy;
}

/// What the two plans differ by, put into the choice.
void compare(const Outcome& with, const Outcome& less, PortfolioAim aim, PortfolioChoice& choice) {
  choice.indispensable = less.status == ProgrammeStatus::infeasible;
  if (less.status != ProgrammeStatus::optimal && less.status != ProgrammeStatus::feasible) return;
  const double more_t = less.missing_t - with.missing_t;
  choice.worth_t =
      counted_t(std::abs(more_t), std::max(with.missing_t, less.missing_t)) > 0.0 ? more_t : 0.0;
  choice.worth_usd = less.usd - with.usd;
  // The plan without it is one with it too: cheaper and no shorter is a matter of the gap.
  if (aim == PortfolioAim::cost || choice.worth_t == 0.0)
    choice.worth_usd = std::max(0.0, choice.worth_usd);
}

}  // namespace

void add_values(const SupplySources& sources, const SupplyDemand& demand,
                const PortfolioPolicy& policy, const PortfolioOptions& options,
                const Progress& progress, Portfolio& answer) {
  std::vector<std::size_t> chosen;
  for (std::size_t s = 0; s < answer.choices.size(); ++s)
    if (answer.choices[s].start_year > 0) chosen.push_back(s);
  if (chosen.empty()) return;
  PortfolioPolicy same = policy;
  same.gap = std::min(options.value_gap, policy.gap);
  // The first is the plan itself where it is not that of the answer: all at the same gap, and of
  // the same aim, so that differences are of the sources.
  const bool again = same.gap < policy.gap || policy.aim == PortfolioAim::concentration;
  std::vector<Outcome> found(chosen.size() + 1);
  found[0] = {answer.status, answer.objective_usd, answer.shortfall_t};
  parallel_blocks(
      found.size(), 1, options.jobs,
      [&](std::size_t k, std::size_t, std::size_t) {
        if (k > 0)
          found[k] = outcome_of(sources, demand, without(same, sources.list[chosen[k - 1]].id));
        else if (again)
          found[0] = outcome_of(sources, demand, same);
        progress.check();
      },
      progress);
  std::pair<double, double> most{-unbounded_value, -unbounded_value};
  for (std::size_t k = 0; k < chosen.size(); ++k) {
    PortfolioChoice& choice = answer.choices[chosen[k]];
    compare(found[0], found[k + 1], policy.aim, choice);
    if (!choice.indispensable && std::isnan(choice.worth_usd)) continue;
    std::pair<double, double> rank{0.0, choice.worth_usd};
    // Where least shortage comes first, tonnes do.
    if (policy.aim != PortfolioAim::cost) rank.first = choice.worth_t;
    if (choice.indispensable) rank = {unbounded_value, unbounded_value};
    if (rank <= most) continue;
    most = rank;
    answer.matters_most = choice.id;
  }
}

}  // namespace lode
