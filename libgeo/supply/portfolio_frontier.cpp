// Cost against concentration: the cheapest mixes of less and less HHI.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>

#include "libgeo/core/parallel.h"
#include "libgeo/supply/portfolio_spread.h"
#include "libgeo/supply/programme_parts.h"

namespace lode {

namespace {

constexpr double hhi_slack = 0.002;  // of the HHI asked for; points say their own
constexpr double close_slack = 1e-6;
constexpr int most_rounds = 25;      // of tangents; each halves the distance at least
constexpr double least_gap = 0.005;  // that a point's search goes on to
constexpr double whole_within = 1e-6;
constexpr std::size_t most_branches = 60;  // of a point: most of what more would find is small
constexpr std::size_t rounded_each = 5;    // branch

/// A whole mix: what begins, with the best that can be made of it.
struct Mix {
  std::vector<double> values;
  double objective = 0.0, hhi = 0.0;
};

/// The mixes in which some begin, or do not.
struct Branch {
  std::vector<std::pair<std::uint32_t, double>> decided;
  double bound = 0.0;  ///< none of them is cheaper
  std::vector<int> basis;
};

/// The programme of one point of the frontier. Used on the thread that made it.
class Frontier {
 public:
  Frontier(const SupplySources& sources, const SupplyDemand& demand, const PortfolioPolicy& policy,
           const std::vector<double>& lack)
      : model_(spread_model(sources, demand, policy, ModelAim::cost, lack)),
        tangents_(sources, model_, spread_cells(model_, demand, lack)),
        limit_(model_.programme.add(Programme::Row{"most_spread", "", -unbounded_value,
                                                   unbounded_value, tangents_.mean()})),
        given_(model_.programme.variables),
        warm_(model_.programme, search_options(policy)),
        near_enough_(std::max(policy.gap, least_gap)) {}

  /// A mix of about the least HHI, at whatever cost; none where no mix is found.
  [[nodiscard]] std::optional<Mix> least_concentrated(const Progress& progress);
  /// The cheapest mix found of an HHI of `most` or less, from `starts` that are known and those
  /// near the best fractional mix. `bound` is raised to what no mix can be cheaper than.
  [[nodiscard]] std::optional<Mix> cheapest(double most, const std::vector<Mix>& starts,
                                            double& bound, const Progress& progress);
  /// The cheapest mix of that HHI in which what has more than `share` in `starts` begins; none
  /// where it costs more than `most_cost`.
  [[nodiscard]] std::optional<Mix> fixed(const std::vector<double>& starts, double most,
                                         double share, double most_cost, const Progress& progress,
                                         double slack = hhi_slack);
  [[nodiscard]] const PortfolioModel& model() const { return model_; }

 private:
  void aim_at_spread();
  void aim_at_cost(double most);
  /// Solves with tangents until the HHI is that asked for; no values where there is no mix.
  [[nodiscard]] ProgrammeResult touched(double most, double slack, double most_cost,
                                        const Progress& progress);
  [[nodiscard]] ProgrammeResult fractional(double most, const Progress& progress);
  void free_starts();
  /// Branches on starts, the most promising first, until the best is near enough to what none is
  /// cheaper than, which `bound` is raised to.
  void search(double most, std::optional<Mix>& best, double& bound, const Progress& progress);
  [[nodiscard]] std::optional<std::uint32_t> undecided(const std::vector<double>& values) const;

  PortfolioModel model_;
  Tangents tangents_;
  std::uint32_t limit_;
  std::vector<Programme::Variable> given_;  ///< with the costs and bounds that they have by nature
  WarmProgramme warm_;
  double near_enough_;
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

void Frontier::free_starts() {
  for (std::uint32_t k = 0; k < given_.size(); ++k)
    if (given_[k].integer) warm_.set_bounds(k, given_[k].low, given_[k].high);
}

ProgrammeResult Frontier::fractional(double most, const Progress& progress) {
  free_starts();
  return touched(most, 0.25 * hhi_slack, unbounded_value, progress);
}

std::optional<Mix> Frontier::fixed(const std::vector<double>& starts, double most, double share,
                                   double most_cost, const Progress& progress, double slack) {
  if (!std::isnan(most)) aim_at_cost(most);
  for (std::uint32_t k = 0; k < given_.size(); ++k) {
    if (!given_[k].integer) continue;
    const double whole = starts[k] > share ? 1.0 : 0.0;
    if (whole < given_[k].low || whole > given_[k].high) return std::nullopt;
    warm_.set_bounds(k, whole, whole);
  }
  ProgrammeResult result = touched(most, slack, most_cost, progress);
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

/// The start whose fraction costs most to put right.
std::optional<std::uint32_t> Frontier::undecided(const std::vector<double>& values) const {
  std::optional<std::uint32_t> found;
  double most = 0.0;
  for (std::size_t s = 0; s < model_.sources; ++s)
    for (const auto* variables : {&model_.begun[s], &model_.stays[s]}) {
      double cost = 0.0;
      for (const auto variable : *variables) cost += given_[variable].cost;
      for (const auto variable : *variables) {
        const double off = std::min(values[variable], 1.0 - values[variable]);
        if (off < whole_within || off * (std::abs(cost) + 1e-9) <= most) continue;
        most = off * (std::abs(cost) + 1e-9);
        found = variable;
      }
    }
  return found;
}

void Frontier::search(double most, std::optional<Mix>& best, double& bound,
                      const Progress& progress) {
  std::vector<Branch> open{{{}, bound, warm_.basis()}};
  double closed = unbounded_value;  // no mix of those that are looked at no further is cheaper
  bool deeper = true;
  for (std::size_t n = 0; n < most_branches && !open.empty();) {
    auto next = std::prev(open.end());
    if (!deeper)
      next = std::min_element(open.begin(), open.end(),
                              [](const auto& a, const auto& b) { return a.bound < b.bound; });
    Branch branch = std::move(*next);
    open.erase(next);
    deeper = false;
    if (branch.bound >= (1.0 - near_enough_) * cost_of(best)) {
      closed = std::min(closed, branch.bound);
      continue;
    }
    progress.update(static_cast<double>(n++) / static_cast<double>(most_branches));
    free_starts();
    for (const auto& [variable, value] : branch.decided) warm_.set_bounds(variable, value, value);
    warm_.set_basis(branch.basis);
    const ProgrammeResult soft = warm_.solve(cost_of(best), progress);
    if (soft.values.empty()) continue;  // none, or all are dearer than the best
    branch.bound = std::max(branch.bound, soft.objective);
    branch.basis = warm_.basis();
    const auto variable = undecided(soft.values);
    if (!variable || n % rounded_each == 1)
      take_better(best, fixed(soft.values, most, 0.5, cost_of(best), progress));
    if (!variable) {
      closed = std::min(closed, branch.bound);
      continue;
    }
    const double nearer = soft.values[*variable] >= 0.5 ? 1.0 : 0.0;
    for (const double value : {1.0 - nearer, nearer}) {
      open.push_back(branch);
      open.back().decided.emplace_back(*variable, value);
    }
    deeper = true;
  }
  double least = std::min(closed, cost_of(best));
  for (const auto& branch : open) least = std::min(least, branch.bound);
  bound = std::max(bound, least);
}

std::optional<Mix> Frontier::cheapest(double most, const std::vector<Mix>& starts, double& bound,
                                      const Progress& progress) {
  aim_at_cost(most);
  const ProgrammeResult soft = fractional(most, progress);
  if (soft.values.empty()) return std::nullopt;
  // The fractional mix is cheaper than any whole one.
  bound = std::max(bound, soft.objective);
  const std::vector<int> basis = warm_.basis();
  std::optional<Mix> best;
  const auto attempt = [&](const std::vector<double>& values, double share) {
    take_better(best, fixed(values, most, share, cost_of(best), progress));
    warm_.set_basis(basis);
  };
  for (const double share : {0.5, 0.2, 0.1, 0.03, 1e-6}) attempt(soft.values, share);
  for (const Mix& start : starts) attempt(start.values, 0.5);
  search(most, best, bound, progress);
  if (!best) return best;
  // The bound is that of the HHI asked for: the mix keeps to it closely.
  auto close = fixed(best->values, most, 0.5, unbounded_value, progress, close_slack);
  return close ? close : best;
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
  std::optional<Mix> plan, least;
  double bound = -unbounded_value;
  Frontier first(sources, demand, policy, lack);
  const PortfolioModel model = first.model();
  if (policy.aim != PortfolioAim::concentration) {
    bound = answer.bound_usd / model_usd;
    plan = first.fixed(starts_of(model, answer), answer.hhi, 0.5, unbounded_value, progress);
  }
  if (!plan) plan = first.cheapest(unbounded_value, {}, bound, progress.part(0.0, 0.1));
  least = Frontier(sources, demand, policy, lack).least_concentrated(progress.part(0.1, 0.2));
  const bool spreads = plan && least && plan->hhi - least->hhi > hhi_slack * least->hhi;
  const std::size_t steps = spreads && options.frontier > 1 ? options.frontier - 1 : 0;
  std::vector<std::optional<Mix>> mixes(steps + 1);
  std::vector<double> bounds(steps + 1, bound);
  mixes[0] = plan;
  const Progress rest = progress.part(0.2, 1.0);
  parallel_blocks(steps, 1, options.jobs, [&](std::size_t k, std::size_t, std::size_t) {
    const double part = 1.0 / static_cast<double>(steps), at = static_cast<double>(k);
    const double hhi = plan->hhi - (at + 1.0) * part * (plan->hhi - least->hhi);
    mixes[k + 1] =
        Frontier(sources, demand, policy, lack)
            .cheapest(hhi, {*plan, *least}, bounds[k + 1], rest.part(at * part, (at + 1.0) * part));
  });
  // A mix of less concentration is one of more too, and none of less is cheaper than what no mix
  // of more is cheaper than. The first stays the plan.
  for (std::size_t k = mixes.size(); k-- > 2;)
    if (mixes[k] && cost_of(mixes[k]) < cost_of(mixes[k - 1])) mixes[k - 1] = mixes[k];
  for (std::size_t k = 1; k < bounds.size(); ++k) bounds[k] = std::max(bounds[k], bounds[k - 1]);
  for (std::size_t k = 0; k < mixes.size(); ++k)
    if (mixes[k])
      answer.frontier.push_back(point_of(sources, demand, policy, model, *mixes[k], bounds[k]));
  if (plan && least && !spreads)
    answer.words += " No mix is less concentrated than the cheapest: the frontier is one point.";
  else if (answer.frontier.size() < options.frontier)
    answer.words += " Of the " + std::to_string(options.frontier) + " points of the frontier " +
                    std::to_string(answer.frontier.size()) + " were found.";
}

}  // namespace lode
