// Concentration of a portfolio: least HHI by tangents, and cost against HHI.
#include <algorithm>
#include <cmath>

#include "libgeo/supply/portfolio_parts.h"
#include "libgeo/supply/programme_parts.h"

namespace lode {

namespace {

/// A place where shares of countries are squared: a metal in a year, with its weight in the mean.
struct Cell {
  std::size_t m = 0, t = 0;
  double supply = 0.0, weight = 0.0;
};

std::vector<Cell> cells_of(const PortfolioModel& model, const SupplyDemand& demand,
                           const std::vector<double>& lack) {
  std::vector<Cell> cells;
  double sum = 0.0;
  for (std::size_t m = 0; m < model.metals; ++m)
    for (std::size_t t = 0; t < model.years; ++t) {
      const double need = case_demand(demand, model.cases[0], m, t);
      const double supply = need - (lack.empty() ? 0.0 : lack[m * model.years + t]);
      if (supply <= 1e-9 * (1.0 + need)) continue;
      cells.push_back({m, t, supply, need});
      sum += need;
    }
  for (auto& cell : cells) cell.weight /= sum;
  return cells;
}

/// Shares of countries from variables, and the tangents to their squares.
class Tangents {
 public:
  Tangents(PortfolioModel& model, std::vector<Cell> cells)
      : model_(model), cells_(std::move(cells)) {
    for (const auto& cell : cells_) {
      // Up to a hair, as what is lacking is known to a hair.
      Programme::Row whole{"", "", cell.supply * (1.0 - 1e-7), cell.supply, {}};
      for (std::size_t c = 0; c < model_.countries.size(); ++c) {
        const std::size_t at = place(c, cell);
        if (model_.used[at] == no_variable) continue;
        whole.terms.emplace_back(model_.used[at], 1.0);
        for (const double share : {0.1, 0.25, 0.45, 0.7, 1.0}) touch(at, cell, share);
      }
      model_.programme.add(std::move(whole));
    }
  }
  [[nodiscard]] std::vector<std::pair<std::uint32_t, double>> mean() const {
    std::vector<std::pair<std::uint32_t, double>> terms;
    for (const auto& cell : cells_)
      for (std::size_t c = 0; c < model_.countries.size(); ++c)
        if (const auto square = model_.square[place(c, cell)]; square != no_variable)
          terms.emplace_back(square, cell.weight);
    return terms;
  }
  [[nodiscard]] double hhi(const std::vector<double>& values) const {
    double sum = 0.0;
    for (const auto& cell : cells_)
      for (std::size_t c = 0; c < model_.countries.size(); ++c)
        if (const auto used = model_.used[place(c, cell)]; used != no_variable)
          sum += cell.weight * std::pow(values[used] / cell.supply, 2);
    return sum;
  }
  /// Tangents where the squares lie above what the programme thinks.
  void refine(const std::vector<double>& values) {
    for (const auto& cell : cells_)
      for (std::size_t c = 0; c < model_.countries.size(); ++c) {
        const std::size_t at = place(c, cell);
        if (model_.used[at] == no_variable) continue;
        const double share = values[model_.used[at]] / cell.supply;
        if (share * share > values[model_.square[at]] + 1e-7) touch(at, cell, share);
      }
  }

 private:
  [[nodiscard]] std::size_t place(std::size_t c, const Cell& cell) const {
    return (c * model_.metals + cell.m) * model_.years + cell.t;
  }
  void touch(std::size_t at, const Cell& cell, double share) {
    model_.programme.add(
        Programme::Row{"",
                       "",
                       -share * share,
                       unbounded_value,
                       {{model_.square[at], 1.0}, {model_.used[at], -2.0 * share / cell.supply}}});
  }

  PortfolioModel& model_;
  std::vector<Cell> cells_;
};

// Points of the frontier may lie this much beside the HHI asked for; they say their own.
constexpr double frontier_slack = 0.01;
constexpr double frontier_gap = 0.005;
constexpr std::size_t frontier_nodes = 60;
constexpr int most_rounds = 25;  // tangents halve the distance at least: this is beyond rounding

/// A whole mix near the best fractional one, where it is better than what a short search found:
/// what has begun to more than a share begins, the rest is at its best for that.
void take_rounded(const Programme& programme, const ProgrammeResult& soft,
                  const ProgrammeOptions& options, const Progress& progress,
                  ProgrammeResult& result) {
  if (soft.values.empty()) return;
  for (const double share : {0.5, 0.1, 1e-6}) {
    Programme fixed = programme;
    for (std::size_t k = 0; k < fixed.variables.size(); ++k) {
      auto& variable = fixed.variables[k];
      if (variable.integer) variable.low = variable.high = soft.values[k] > share ? 1.0 : 0.0;
    }
    ProgrammeResult whole = solve(fixed, options, progress);
    if (whole.values.empty()) continue;
    if (!result.values.empty() && whole.objective >= result.objective) continue;
    whole.status = ProgrammeStatus::feasible;  // nothing is proven of it but the bound below
    whole.bound = std::isnan(result.bound) ? soft.objective : result.bound;
    whole.nodes += result.nodes;
    result = std::move(whole);
  }
  if (result.values.empty()) return;
  // The fractional mix is cheaper than any whole one.
  result.bound = std::min(result.objective, std::max(result.bound, soft.objective));
  result.gap = relative_gap(result.objective, result.bound);
}

}  // namespace

SpreadResult least_spread(const SupplySources& sources, const SupplyDemand& demand,
                          const PortfolioPolicy& policy, const std::vector<double>& lack,
                          double most, double slack, const Progress& progress) {
  const bool bounded = std::isfinite(most);
  SpreadResult spread;
  ModelTerms terms;
  terms.spread = true;
  terms.may_lack = true;
  terms.aim = bounded ? ModelAim::cost : ModelAim::spread;
  spread.model = portfolio_model(sources, demand, policy, terms);
  PortfolioModel& model = spread.model;
  for (std::size_t k = 0; k < model.lacking.size(); ++k)
    if (model.lacking[k] != no_variable)
      model.programme.variables[model.lacking[k]].high =
          lack.empty() ? 0.0 : lack[k] * (1.0 + 1e-7);
  Tangents tangents(model, cells_of(model, demand, lack));
  if (bounded)
    model.programme.add(Programme::Row{"most_spread", "", -unbounded_value,
                                       most * (1.0 + 1e-6) + 1e-9, tangents.mean()});
  else
    for (const auto& [variable, weight] : tangents.mean())
      model.programme.variables[variable].cost = weight;
  // First without wholeness, which is quick: most tangents are found there.
  ProgrammeOptions relaxed = search_options(policy);
  relaxed.relax = true;
  ProgrammeResult soft;
  for (int round = 0; round < most_rounds; ++round) {
    soft = solve(model.programme, relaxed, progress);
    if (soft.values.empty()) break;
    const double hhi = tangents.hhi(soft.values), least = bounded ? most : soft.objective;
    if (hhi - least <= 0.25 * slack * hhi) break;
    tangents.refine(soft.values);
  }
  // A curve takes each point as it comes, with the HHI that it has.
  const int rounds = slack >= frontier_slack ? 1 : most_rounds;
  for (int round = 0; round < rounds; ++round) {
    ProgrammeResult result = solve(model.programme, search_options(policy), progress);
    if (rounds == 1) take_rounded(model.programme, soft, search_options(policy), progress, result);
    if (result.values.empty()) {
      if (std::isnan(spread.hhi)) spread.result = std::move(result);
      break;
    }
    spread.hhi = tangents.hhi(result.values);
    if (!bounded)
      spread.bound = std::max(result.bound, std::isnan(spread.bound) ? 0.0 : spread.bound);
    spread.result = std::move(result);
    const bool done = bounded ? spread.hhi <= most * (1.0 + std::max(slack, 1e-4))
                              : spread.hhi - spread.bound <= slack * spread.hhi;
    if (done) break;
    tangents.refine(spread.result.values);
  }
  return spread;
}

namespace {

FrontierPoint point_of(const SupplySources& sources, const SupplyDemand& demand,
                       const PortfolioPolicy& policy, const SpreadResult& at) {
  const PortfolioModel& model = at.model;
  Portfolio there;
  read_solution(sources, demand, policy, model, at.result.values, there);
  FrontierPoint point;
  point.hhi = at.hhi;
  point.cost_usd = there.cost_usd;
  point.shortfall_t = there.shortfall_t;
  point.gap = at.result.gap;
  for (std::size_t t = 0; t < model.years; ++t) {
    double greatest = 0.0;
    for (std::size_t m = 0; m < model.metals; ++m) {
      const double need = case_demand(demand, model.cases[0], m, t);
      for (std::size_t c = 0; c < model.countries.size(); ++c) {
        const auto used = model.used[(c * model.metals + m) * model.years + t];
        if (used != no_variable && need > 0.0)
          greatest = std::max(greatest, at.result.values[used] / need);
      }
    }
    point.max_share += greatest / static_cast<double>(model.years);
  }
  for (const auto& choice : there.choices)
    if (choice.start_year > 0) point.chosen.push_back(choice.id);
  return point;
}

}  // namespace

void add_frontier(const SupplySources& sources, const SupplyDemand& demand,
                  const PortfolioPolicy& given, const PortfolioOptions& options,
                  const std::vector<double>& lack, const Progress& progress, Portfolio& answer) {
  // A curve of many points: each is proven less closely than the plan, and says how closely.
  PortfolioPolicy policy = given;
  policy.gap = std::max(policy.gap, frontier_gap);
  policy.nodes = std::min(policy.nodes, frontier_nodes);
  const SpreadResult least =
      least_spread(sources, demand, policy, lack, unbounded_value,
                   std::max(policy.gap, frontier_slack), progress.part(0.0, 0.2));
  const auto tell = [&] {
    if (answer.frontier.size() < options.frontier)
      answer.words += " Of the " + std::to_string(options.frontier) + " points of the frontier " +
                      std::to_string(answer.frontier.size()) + " were found.";
  };
  if (std::isnan(least.hhi)) return tell();
  const double from = std::max(answer.hhi, least.hhi), to = least.hhi;
  for (std::size_t k = 0; k < options.frontier; ++k) {
    const double part = options.frontier == 1
                            ? 0.0
                            : static_cast<double>(k) / static_cast<double>(options.frontier - 1);
    const SpreadResult at =
        least_spread(sources, demand, policy, lack, from - part * (from - to),
                     std::max(policy.gap, frontier_slack),
                     progress.part(0.2 + 0.72 * part, 0.2 + 0.72 * part + 0.08));
    if (!std::isnan(at.hhi)) answer.frontier.push_back(point_of(sources, demand, policy, at));
  }
  tell();
}

}  // namespace lode
