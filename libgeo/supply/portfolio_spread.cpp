// Concentration of a portfolio in its programme: tangents to squared shares, and least HHI.
#include "libgeo/supply/portfolio_spread.h"

#include <algorithm>
#include <cmath>

#include "libgeo/supply/programme_parts.h"

namespace lode {

std::vector<SpreadCell> spread_cells(const PortfolioModel& model, const SupplyDemand& demand,
                                     const std::vector<double>& lack) {
  std::vector<SpreadCell> cells;
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

Tangents::Tangents(PortfolioModel& model, std::vector<SpreadCell> cells)
    : model_(model), cells_(std::move(cells)) {
  for (const auto& cell : cells_) {
    // Up to a hair, as what is lacking is known to a hair.
    Programme::Row whole{"", "", cell.supply * (1.0 - 1e-7), cell.supply, {}};
    for (std::size_t c = 0; c < model_.countries.size(); ++c) {
      const std::size_t at = place(c, cell);
      if (model_.used[at] == no_variable) continue;
      whole.terms.emplace_back(model_.used[at], 1.0);
      for (const double share : {0.3}) touch(at, cell, share);
    }
    model_.programme.add(std::move(whole));
  }
}

std::vector<std::pair<std::uint32_t, double>> Tangents::mean() const {
  std::vector<std::pair<std::uint32_t, double>> terms;
  for (const auto& cell : cells_)
    for (std::size_t c = 0; c < model_.countries.size(); ++c)
      if (const auto square = model_.square[place(c, cell)]; square != no_variable)
        terms.emplace_back(square, cell.weight);
  return terms;
}

double Tangents::hhi(const std::vector<double>& values) const {
  double sum = 0.0;
  for (const auto& cell : cells_)
    for (std::size_t c = 0; c < model_.countries.size(); ++c)
      if (const auto used = model_.used[place(c, cell)]; used != no_variable)
        sum += cell.weight * std::pow(values[used] / cell.supply, 2);
  return sum;
}

void Tangents::refine(const std::vector<double>& values) {
  for (const auto& cell : cells_)
    for (std::size_t c = 0; c < model_.countries.size(); ++c) {
      const std::size_t at = place(c, cell);
      if (model_.used[at] == no_variable) continue;
      const double share = values[model_.used[at]] / cell.supply;
      if (share * share > values[model_.square[at]] + 1e-7) touch(at, cell, share);
    }
}

void Tangents::touch(std::size_t at, const SpreadCell& cell, double share) {
  model_.programme.add(
      Programme::Row{"",
                     "",
                     -share * share,
                     unbounded_value,
                     {{model_.square[at], 1.0}, {model_.used[at], -2.0 * share / cell.supply}}});
}

PortfolioModel spread_model(const SupplySources& sources, const SupplyDemand& demand,
                            const PortfolioPolicy& policy, ModelAim aim,
                            const std::vector<double>& lack) {
  ModelTerms terms;
  terms.spread = true;
  terms.may_lack = true;
  terms.aim = aim;
  PortfolioModel model = portfolio_model(sources, demand, policy, terms);
  for (std::size_t k = 0; k < model.lacking.size(); ++k)
    if (model.lacking[k] != no_variable)
      model.programme.variables[model.lacking[k]].high =
          lack.empty() ? 0.0 : lack[k] * (1.0 + 1e-7);
  return model;
}

namespace {

constexpr int most_rounds = 25;  // tangents halve the distance at least: this is beyond rounding

}  // namespace

SpreadResult least_spread(const SupplySources& sources, const SupplyDemand& demand,
                          const PortfolioPolicy& policy, const std::vector<double>& lack,
                          double most, double slack, const Progress& progress) {
  const bool bounded = std::isfinite(most);
  SpreadResult spread;
  spread.model =
      spread_model(sources, demand, policy, bounded ? ModelAim::cost : ModelAim::spread, lack);
  PortfolioModel& model = spread.model;
  Tangents tangents(model, spread_cells(model, demand, lack));
  if (bounded)
    model.programme.add(Programme::Row{"most_spread", "", -unbounded_value,
                                       most * (1.0 + 1e-6) + 1e-9, tangents.mean()});
  else
    for (const auto& [variable, weight] : tangents.mean())
      model.programme.variables[variable].cost = weight;
  // First without wholeness, which is quick: most tangents are found there.
  {
    WarmProgramme warm(model.programme, search_options(policy));
    for (int round = 0; round < most_rounds; ++round) {
      const ProgrammeResult soft = warm.solve(unbounded_value, progress);
      if (soft.values.empty()) break;
      const double hhi = tangents.hhi(soft.values), least = bounded ? most : soft.objective;
      if (hhi - least <= 0.25 * slack * hhi) break;
      tangents.refine(soft.values);
    }
  }
  for (int round = 0; round < most_rounds; ++round) {
    ProgrammeResult result = solve(model.programme, search_options(policy), progress);
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

}  // namespace lode
