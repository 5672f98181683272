// Cost against concentration: the cheapest mixes of less and less HHI.
#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include "libgeo/supply/portfolio_spread.h"
#include "libgeo/supply/programme_parts.h"

namespace lode {

namespace {

constexpr double hhi_slack = 0.002;  // of the HHI asked for; points say their own
constexpr int most_rounds = 25;      // of tangents; each halves the distance at least

/// A whole mix: what begins, with the best that can be made of it.
struct Mix {
  std::vector<double> values;
  double objective = 0.0, hhi = 0.0;
};

/// The programme of one frontier, changed from point to point: tangents found for one serve all.
class Frontier {
 public:
  Frontier(const SupplySources& sources, const SupplyDemand& demand, const PortfolioPolicy& policy,
           const std::vector<double>& lack)
      : model_(spread_model(sources, demand, policy, ModelAim::cost, lack)),
        tangents_(sources, model_, spread_cells(model_, demand, lack)),
        limit_(model_.programme.add(Programme::Row{"most_spread", "", -unbounded_value,
                                                   unbounded_value, tangents_.mean()})),
        given_(model_.programme.variables),
        warm_(model_.programme, search_options(policy)) {}

  /// A mix of about the least HHI, at whatever cost; none where no mix is found.
  [[nodiscard]] std::optional<Mix> least_concentrated(const Progress& progress);
  /// The cheapest mix found of an HHI of `most` or less, from `starts` that are known and those
  /// near the best fractional mix. `bound` is raised to what no mix can be cheaper than.
  [[nodiscard]] std::optional<Mix> cheapest(double most, const std::vector<Mix>& starts,
                                            double& bound, const Progress& progress);
  /// The cheapest mix of that HHI in which what has more than `share` in `starts` begins; none
  /// where it costs more than `most_cost`.
  [[nodiscard]] std::optional<Mix> fixed(const std::vector<double>& starts, double most,
                                         double share, double most_cost, const Progress& progress);
  [[nodiscard]] const PortfolioModel& model() const { return model_; }

 private:
  void aim_at_spread();
  void aim_at_cost(double most);
  /// Solves with tangents until the HHI is that asked for; no values where there is no mix.
  [[nodiscard]] ProgrammeResult touched(double most, double slack, double most_cost,
                                        const Progress& progress);
  [[nodiscard]] ProgrammeResult fractional(double most, const Progress& progress);
  void improve(Mix& mix, double most, const Progress& progress);

  PortfolioModel model_;
  Tangents tangents_;
  std::uint32_t limit_;
  std::vector<Programme::Variable> given_;  ///< with the costs and bounds that they have by nature
  WarmProgramme warm_;
};

void Frontier::aim_at_spread() {
  std::vector<double> weight(given_.size(), 0.0);
  for (const auto& [variable, w] : tangents_.mean()) weight[variable] += w;
  for (std::uint32_t k = 0; k < given_.size(); ++k) warm_.set_cost(k, weight[k]);
  warm_.set_row(limit_, -unbounded_value, unbounded_value);
}

void Frontier::aim_at_cost(double most) {
  for (std::uint32_t k = 0; k < given_.size(); ++k) warm_.set_cost(k, given_[k].cost);
  warm_.set_row(limit_, -unbounded_value, std::isfinite(most) ? most * (1.0 + 1e-6) + 1e-9 : most);
}

void take_better(std::optional<Mix>& best, std::optional<Mix> mix) {
  if (mix && (!best || mix->objective < best->objective)) best = std::move(mix);
}

double cost_of(const std::optional<Mix>& mix) {
  return mix ? mix->objective : unbounded_value;
}

ProgrammeResult Frontier::touched(double most, double slack, double most_cost,
                                  const Progress& progress) {
  ProgrammeResult result;
  for (int round = 0; round < most_rounds; ++round) {
    result = warm_.solve(most_cost, progress);
    if (result.values.empty()) return result;
    const double hhi = tangents_.hhi(result.values);
    if (hhi - (std::isnan(most) ? result.objective : most) <= slack * hhi) break;
    tangents_.refine(result.values);
  }
  return result;
}

ProgrammeResult Frontier::fractional(double most, const Progress& progress) {
  for (std::uint32_t k = 0; k < given_.size(); ++k)
    if (given_[k].integer) warm_.set_bounds(k, given_[k].low, given_[k].high);
  return touched(most, 0.25 * hhi_slack, unbounded_value, progress);
}

std::optional<Mix> Frontier::fixed(const std::vector<double>& starts, double most, double share,
                                   double most_cost, const Progress& progress) {
  if (!std::isnan(most)) aim_at_cost(most);
  for (std::uint32_t k = 0; k < given_.size(); ++k) {
    if (!given_[k].integer) continue;
    const double whole = starts[k] > share ? 1.0 : 0.0;
    if (whole < given_[k].low || whole > given_[k].high) return std::nullopt;
    warm_.set_bounds(k, whole, whole);
  }
  ProgrammeResult result = touched(most, hhi_slack, most_cost, progress);
  if (result.values.empty()) return std::nullopt;
  Mix mix{std::move(result.values), result.objective, 0.0};
  mix.hhi = tangents_.hhi(mix.values);
  return mix;
}

std::optional<Mix> Frontier::least_concentrated(const Progress& progress) {
  aim_at_spread();
  const double least = std::nan("");
  const ProgrammeResult soft = fractional(least, progress);
  if (soft.values.empty()) return std::nullopt;
  // Money does not count here, so that all may begin that helps at all.
  std::optional<Mix> best;
  for (const double share : {1e-6, 0.1, 0.5})
    take_better(best, fixed(soft.values, least, share, unbounded_value, progress));
  return best;
}

/// Leaves out what the mix is better without, the dearest starts first.
void Frontier::improve(Mix& mix, double most, const Progress& progress) {
  std::vector<std::pair<double, std::size_t>> dear;
  for (std::size_t s = 0; s < model_.sources; ++s) {
    double cost = 0.0;
    for (const auto variable : model_.begun[s])
      cost += given_[variable].cost * mix.values[variable];
    if (cost > 0.0) dear.emplace_back(-cost, s);
  }
  std::sort(dear.begin(), dear.end());
  const auto again = fixed(mix.values, most, 0.5, unbounded_value, progress);
  if (!again) return;
  mix = *again;
  warm_.remember();
  for (const auto& [cost, s] : dear) {
    std::vector<double> starts = mix.values;
    for (const auto variable : model_.begun[s]) starts[variable] = 0.0;
    const auto without = fixed(starts, most, 0.5, mix.objective, progress);
    if (without && without->objective < mix.objective) {
      mix = *without;
      warm_.remember();
    } else {
      warm_.recall();
    }
  }
}

std::optional<Mix> Frontier::cheapest(double most, const std::vector<Mix>& starts, double& bound,
                                      const Progress& progress) {
  aim_at_cost(most);
  const ProgrammeResult soft = fractional(most, progress);
  if (soft.values.empty()) return std::nullopt;
  // The fractional mix is cheaper than any whole one.
  bound = std::max(bound, soft.objective);
  warm_.remember();
  std::optional<Mix> best;
  const auto attempt = [&](const std::vector<double>& values, double share) {
    take_better(best, fixed(values, most, share, cost_of(best), progress));
    warm_.recall();
  };
  for (const double share : {0.5, 0.2, 0.1, 0.03, 1e-6}) attempt(soft.values, share);
  for (const Mix& start : starts) attempt(start.values, 0.5);
  if (best) improve(*best, most, progress);
  return best;
}

FrontierPoint point_of(const SupplySources& sources, const SupplyDemand& demand,
                       const PortfolioPolicy& policy, const PortfolioModel& model, const Mix& mix,
                       double bound) {
  Portfolio there;
  read_solution(sources, demand, policy, model, mix.values, there);
  FrontierPoint point;
  point.hhi = mix.hhi;
  point.cost_usd = there.cost_usd;
  point.objective_usd = there.objective_usd;
  point.shortfall_t = there.shortfall_t;
  point.gap = std::max(0.0, relative_gap(mix.objective, bound));
  for (std::size_t t = 0; t < model.years; ++t) {
    double greatest = 0.0;
    for (std::size_t m = 0; m < model.metals; ++m) {
      const double need = case_demand(demand, model.cases[0], m, t);
      for (std::size_t c = 0; c < model.countries.size(); ++c) {
        const auto used = model.used[(c * model.metals + m) * model.years + t];
        if (used != no_variable && need > 0.0)
          greatest = std::max(greatest, mix.values[used] / need);
      }
    }
    point.max_share += greatest / static_cast<double>(model.years);
  }
  for (const auto& choice : there.choices)
    if (choice.start_year > 0) point.chosen.push_back(choice.id);
  return point;
}

/// Which variables of the frontier's programme begin as the plan's sources do.
std::vector<double> starts_of(const PortfolioModel& model, const Portfolio& plan) {
  std::vector<double> values(model.programme.variables.size(), 0.0);
  for (std::size_t s = 0; s < model.sources; ++s) {
    const int start = plan.choices[s].start_year;
    for (std::size_t k = 0; k < model.begun[s].size(); ++k)
      values[model.begun[s][k]] = start > 0 && model.first[s] + static_cast<int>(k) >= start;
    for (std::size_t t = 0; t < model.stays[s].size(); ++t)
      values[model.stays[s][t]] =
          std::any_of(plan.choices[s].tonnes.begin() + static_cast<std::ptrdiff_t>(t),
                      plan.choices[s].tonnes.end(), [](double tonnes) { return tonnes > 0.0; });
  }
  return values;
}

}  // namespace

void add_frontier(const SupplySources& sources, const SupplyDemand& demand,
                  const PortfolioPolicy& policy, const PortfolioOptions& options,
                  const std::vector<double>& lack, const Progress& progress, Portfolio& answer) {
  // Each point has a programme of its own: one that had the tangents of all would be slow.
  const auto fresh = [&] { return std::make_unique<Frontier>(sources, demand, policy, lack); };
  auto frontier = fresh();
  const PortfolioModel model = frontier->model();
  const auto least = frontier->least_concentrated(progress.part(0.0, 0.1));
  double bound = -unbounded_value;
  std::optional<Mix> plan;
  frontier = fresh();
  if (policy.aim != PortfolioAim::concentration) {
    bound = answer.bound_usd / model_usd;
    plan = frontier->fixed(starts_of(model, answer), answer.hhi, 0.5, unbounded_value, progress);
  }
  if (!plan) plan = frontier->cheapest(unbounded_value, {}, bound, progress.part(0.1, 0.2));
  std::vector<Mix> mixes;
  std::vector<double> most, bounds;
  const auto keep = [&](Mix mix, double hhi) {
    mixes.push_back(std::move(mix));
    most.push_back(hhi);
    bounds.push_back(bound);
  };
  if (plan) keep(*plan, plan->hhi);
  const bool spreads = plan && least && plan->hhi - least->hhi > hhi_slack * least->hhi;
  const double steps = static_cast<double>(options.frontier) - 1.0;
  for (std::size_t k = 1; spreads && k < options.frontier; ++k) {
    const double part = static_cast<double>(k) / steps;
    const double hhi = plan->hhi - part * (plan->hhi - least->hhi);
    frontier = fresh();
    // No mix of less concentration is cheaper than one of more: `bound` goes on rising.
    auto mix =
        frontier->cheapest(hhi, {mixes.back(), *least}, bound,
                           progress.part(0.2 + 0.8 * (part - 1.0 / steps), 0.2 + 0.8 * part));
    if (!mix) continue;
    // What begins in a less concentrated mix may be cheaper for the one before too.
    auto other = frontier->fixed(mix->values, most.back(), 0.5, mixes.back().objective, progress);
    if (other && other->objective < mixes.back().objective) mixes.back() = std::move(*other);
    keep(std::move(*mix), hhi);
  }
  for (std::size_t k = 0; k < mixes.size(); ++k)
    answer.frontier.push_back(point_of(sources, demand, policy, model, mixes[k], bounds[k]));
  if (plan && least && !spreads)
    answer.words += " No mix is less concentrated than the cheapest: the frontier is one point.";
  else if (mixes.size() < options.frontier)
    answer.words += " Of the " + std::to_string(options.frontier) + " points of the frontier " +
                    std::to_string(mixes.size()) + " were found.";
}

}  // namespace lode
