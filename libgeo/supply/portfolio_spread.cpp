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

Tangents::Tangents(const SupplySources& sources, PortfolioModel& model,
                   std::vector<SpreadCell> cells)
    : model_(model), cells_(std::move(cells)) {
  find_open(sources);
  for (const auto& cell : cells_) {
    // Up to a hair, as what is lacking is known to a hair.
    Programme::Row whole{"", "", cell.supply * (1.0 - 1e-7), cell.supply, {}};
    for (std::size_t c = 0; c < model_.countries.size(); ++c) {
      const std::size_t at = place(c, cell);
      if (model_.used[at] == no_variable) continue;
      whole.terms.emplace_back(model_.used[at], 1.0);
      touch(at, cell, 0.3, nullptr);
    }
    model_.programme.add(std::move(whole));
  }
}

void Tangents::find_open(const SupplySources& sources) {
  open_.resize(model_.countries.size() * model_.years);
  for (std::size_t s = 0; s < model_.sources; ++s) {
    const auto country =
        std::find(model_.countries.begin(), model_.countries.end(), sources.list[s].country);
    if (country == model_.countries.end()) continue;
    const auto c = static_cast<std::size_t>(country - model_.countries.begin());
    const auto &begun = model_.begun[s], &stays = model_.stays[s];
    for (std::size_t t = 0; t < model_.years; ++t) {
      if (model_.made[model_.made_at(0, s, t)] == no_variable) continue;
      Open& open = open_[c * model_.years + t];
      const int since = model_.year[t] - model_.first[s];
      if (begun.empty() && t >= stays.size())
        open.always = true;
      else if (begun.empty())
        open.when.push_back(stays[t]);
      else if (since >= 0)
        open.when.push_back(begun[std::min(static_cast<std::size_t>(since), begun.size() - 1)]);
    }
  }
}

double Tangents::part_open(std::size_t c, const SpreadCell& cell,
                           const std::vector<double>& values) const {
  const Open& open = open_[c * model_.years + cell.t];
  if (open.always) return 1.0;
  double sum = 0.0;
  for (const auto variable : open.when) sum += values[variable];
  return sum < 1.0 - 1e-6 ? sum : 1.0;
}

double Tangents::square(std::size_t c, const SpreadCell& cell,
                        const std::vector<double>& values) const {
  const auto used = model_.used[place(c, cell)];
  if (used == no_variable) return 0.0;
  const double share = values[used] / cell.supply;
  return share > 1e-9 ? share * share / std::max(part_open(c, cell, values), share) : 0.0;
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
      sum += cell.weight * square(c, cell, values);
  return sum;
}

void Tangents::refine(const std::vector<double>& values) {
  for (const auto& cell : cells_)
    for (std::size_t c = 0; c < model_.countries.size(); ++c) {
      const std::size_t at = place(c, cell);
      const double square_now = square(c, cell, values);
      if (square_now == 0.0 || square_now <= values[model_.square[at]] + 1e-7) continue;
      const double share = values[model_.used[at]] / cell.supply;
      const Open& open = open_[c * model_.years + cell.t];
      touch(at, cell, square_now / share, part_open(c, cell, values) < 1.0 ? &open.when : nullptr);
    }
}

void Tangents::touch(std::size_t at, const SpreadCell& cell, double share,
                     const std::vector<std::uint32_t>* open) {
  Programme::Row row{"",
                     "",
                     open == nullptr ? -share * share : 0.0,
                     unbounded_value,
                     {{model_.square[at], 1.0}, {model_.used[at], -2.0 * share / cell.supply}}};
  if (open != nullptr)
    for (const auto variable : *open) row.terms.emplace_back(variable, share * share);
  model_.programme.add(std::move(row));
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
  Tangents tangents(sources, model, spread_cells(model, demand, lack));
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
