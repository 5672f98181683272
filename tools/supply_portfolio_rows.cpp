// Rows, summary and layers of a portfolio.
#include <cmath>

#include "libgeo/core/text.h"
#include "tools/supply_portfolio_parts.h"

namespace lode::tools {

namespace {

Json year_or_null(int year) { return year == 0 ? Json() : Json(year); }

Json words_list(const std::vector<std::string>& words) {
  Json list = Json::array();
  for (const auto& word : words) list.push_back(word);
  return list;
}

Json frontier_json(const Portfolio& plan) {
  Json list = Json::array();
  for (const auto& point : plan.frontier) {
    Json one = Json::object();
    one["hhi"] = number_or_null(point.hhi);
    one["max_share"] = number_or_null(point.max_share);
    one["cost_usd"] = number_or_null(point.cost_usd);
    one["shortfall_t"] = number_or_null(point.shortfall_t);
    one["gap"] = number_or_null(point.gap);
    one["chosen"] = words_list(point.chosen);
    list.push_back(one);
  }
  return list;
}

Json scenarios_json(const Portfolio& plan) {
  Json list = Json::array();
  for (const auto& scenario : plan.scenarios) {
    Json one = Json::object();
    one["name"] = scenario.name;
    one["weight"] = scenario.weight;
    one["cost_usd"] = number_or_null(scenario.cost_usd);
    one["shortfall_t"] = number_or_null(scenario.shortfall_t);
    one["cost_if_known_usd"] = number_or_null(scenario.cost_if_known_usd);
    one["regret_usd"] = number_or_null(scenario.cost_usd - scenario.cost_if_known_usd);
    list.push_back(one);
  }
  return list;
}

Json balance_json(const Portfolio& plan) {
  Json list = Json::array();
  for (const auto& cell : plan.balance) {
    Json one = Json::object();
    one["metal"] = cell.metal;
    one["year"] = cell.year;
    one["demand_t"] = cell.demand_t;
    one["supply_t"] = cell.supply_t;
    one["shortfall_t"] = cell.shortfall_t;
    one["surplus_t"] = cell.surplus_t;
    one["hhi"] = number_or_null(cell.hhi);
    one["recycled_share"] = cell.recycled_share;
    one["price_usd_per_kg"] = number_or_null(cell.price_usd_per_kg);
    list.push_back(one);
  }
  return list;
}

OutputLayer table_layer(const std::string& name) {
  OutputLayer layer;
  layer.name = layer.table.name = name;
  return layer;
}

OutputLayer choice_layer(const Portfolio& plan) {
  OutputLayer layer = table_layer("portfolio");
  std::vector<std::string> id, name, country, group, kind;
  std::vector<double> start, capex, cost, worth, worth_t, hedged;
  const double none = std::nan("");
  for (const auto& choice : plan.choices) {
    id.push_back(choice.id);
    name.push_back(choice.name);
    country.push_back(choice.country);
    group.push_back(choice.group);
    kind.push_back(choice.kind);
    start.push_back(choice.start_year == 0 ? none : choice.start_year);
    capex.push_back(choice.capex_usd);
    cost.push_back(choice.cost_usd);
    worth.push_back(choice.worth_usd);
    worth_t.push_back(choice.worth_t);
    hedged.push_back(choice.hedged_start_year == 0 ? none : choice.hedged_start_year);
  }
  layer.table.add(text_column("id", id));
  layer.table.add(text_column("name", name));
  layer.table.add(text_column("country", country));
  layer.table.add(text_column("group", group));
  layer.table.add(text_column("kind", kind));
  layer.table.add(number_column("start_year", start));
  layer.table.add(number_column("capex_usd", capex));
  layer.table.add(number_column("cost_usd", cost));
  layer.table.add(number_column("worth_usd", worth));
  layer.table.add(number_column("worth_t", worth_t));
  layer.table.add(number_column("hedged_start_year", hedged));
  return layer;
}

OutputLayer made_layer(const Portfolio& plan) {
  OutputLayer layer = table_layer("output");
  std::vector<std::string> id;
  std::vector<double> year, tonnes;
  std::vector<std::vector<double>> metal(plan.metals.size());
  for (const auto& choice : plan.choices)
    for (std::size_t t = 0; t < plan.years.size(); ++t) {
      if (choice.tonnes[t] == 0.0) continue;
      id.push_back(choice.id);
      year.push_back(plan.years[t]);
      tonnes.push_back(choice.tonnes[t]);
      for (std::size_t m = 0; m < metal.size(); ++m) metal[m].push_back(choice.metal_t[m][t]);
    }
  layer.table.add(text_column("id", id));
  layer.table.add(number_column("year", year));
  layer.table.add(number_column("output_t", tonnes));
  for (std::size_t m = 0; m < metal.size(); ++m)
    layer.table.add(number_column(plan.metals[m] + "_t", metal[m]));
  return layer;
}

OutputLayer balance_layer(const Portfolio& plan) {
  OutputLayer layer = table_layer("balance");
  std::vector<std::string> metal;
  std::vector<double> year, demand, supply, shortfall, surplus, hhi, recycled, price;
  for (const auto& cell : plan.balance) {
    metal.push_back(cell.metal);
    year.push_back(cell.year);
    demand.push_back(cell.demand_t);
    supply.push_back(cell.supply_t);
    shortfall.push_back(cell.shortfall_t);
    surplus.push_back(cell.surplus_t);
    hhi.push_back(cell.hhi);
    recycled.push_back(cell.recycled_share);
    price.push_back(cell.price_usd_per_kg);
  }
  layer.table.add(text_column("metal", metal));
  layer.table.add(number_column("year", year));
  layer.table.add(number_column("demand_t", demand));
  layer.table.add(number_column("supply_t", supply));
  layer.table.add(number_column("shortfall_t", shortfall));
  layer.table.add(number_column("surplus_t", surplus));
  layer.table.add(number_column("hhi", hhi));
  layer.table.add(number_column("recycled_share", recycled));
  layer.table.add(number_column("price_usd_per_kg", price));
  return layer;
}

OutputLayer frontier_layer(const Portfolio& plan) {
  OutputLayer layer = table_layer("frontier");
  std::vector<double> hhi, share, cost, shortfall, gap;
  std::vector<std::string> chosen;
  for (const auto& point : plan.frontier) {
    hhi.push_back(point.hhi);
    share.push_back(point.max_share);
    cost.push_back(point.cost_usd);
    shortfall.push_back(point.shortfall_t);
    gap.push_back(point.gap);
    chosen.push_back(join(point.chosen, " "));
  }
  layer.table.add(number_column("hhi", hhi));
  layer.table.add(number_column("max_share", share));
  layer.table.add(number_column("cost_usd", cost));
  layer.table.add(number_column("shortfall_t", shortfall));
  layer.table.add(number_column("gap", gap));
  layer.table.add(text_column("chosen", chosen));
  return layer;
}

}  // namespace

Json portfolio_row(const Portfolio& plan, const PortfolioChoice& choice) {
  Json row = Json::object();
  row["id"] = choice.id;
  row["name"] = choice.name;
  row["country"] = choice.country;
  row["group"] = choice.group;
  row["kind"] = choice.kind;
  row["start_year"] = year_or_null(choice.start_year);
  Json tonnes = Json::object();
  for (std::size_t t = 0; t < plan.years.size(); ++t)
    tonnes[std::to_string(plan.years[t])] = choice.tonnes[t];
  row["tonnes"] = tonnes;
  row["capex_usd"] = choice.capex_usd;
  row["cost_usd"] = choice.cost_usd;
  row["worth_usd"] = number_or_null(choice.worth_usd);
  row["worth_t"] = choice.worth_t;
  row["indispensable"] = choice.indispensable;
  row["hedged_start_year"] = year_or_null(choice.hedged_start_year);
  return row;
}

void summarise_portfolio(const Portfolio& plan, const PortfolioPolicy& policy, Outcome& outcome) {
  Json& summary = outcome.summary;
  summary["words"] = plan.words;
  summary["aim"] = to_text(policy.aim);
  summary["status"] = to_text(plan.status);
  summary["objective_usd"] = number_or_null(plan.objective_usd);
  summary["cost_usd"] = number_or_null(plan.cost_usd);
  summary["gap"] = number_or_null(plan.gap);
  summary["hhi"] = number_or_null(plan.hhi);
  summary["shortfall_t"] = plan.shortfall_t;
  summary["capex_usd"] = plan.capex_usd;
  Json free = Json::object();
  for (const auto& one : plan.free_from) free[one.metal] = year_or_null(one.year);
  summary["free_from"] = free;
  summary["matters_most"] = plan.matters_most.empty() ? Json() : Json(plan.matters_most);
  Json certificate = Json::object();
  certificate["bound_usd"] = number_or_null(plan.bound_usd);
  certificate["worst_violation"] = plan.worst_violation;
  certificate["nodes"] = plan.nodes;
  certificate["variables"] = plan.variables;
  certificate["integers"] = plan.integers;
  certificate["rows"] = plan.rows;
  summary["certificate"] = certificate;
  summary["balance"] = balance_json(plan);
  summary["frontier"] = frontier_json(plan);
  summary["scenarios"] = scenarios_json(plan);
  if (plan.scenarios.empty()) return;
  summary["hedged_usd"] = number_or_null(plan.hedged_usd);
  summary["hedged_gap"] = number_or_null(plan.hedged_gap);
  summary["value_of_information_usd"] = number_or_null(plan.value_of_information_usd);
  summary["value_of_stochastic_usd"] = number_or_null(plan.value_of_stochastic_usd);
}

std::vector<OutputLayer> portfolio_layers(const Portfolio& plan) {
  std::vector<OutputLayer> layers{choice_layer(plan), made_layer(plan), balance_layer(plan)};
  if (!plan.frontier.empty()) layers.push_back(frontier_layer(plan));
  return layers;
}

}  // namespace lode::tools
