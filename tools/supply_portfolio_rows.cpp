// Rows, summary and layers of a portfolio.
#include <cmath>

#include "libgeo/core/text.h"
#include "tools/row_columns.h"
#include "tools/supply_inputs.h"
#include "tools/supply_portfolio_parts.h"

namespace lode::tools {

namespace {

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
    one["objective_usd"] = number_or_null(point.objective_usd);
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
    one["objective_usd"] = number_or_null(scenario.objective_usd);
    one["shortfall_t"] = number_or_null(scenario.shortfall_t);
    one["cost_if_known_usd"] = number_or_null(scenario.cost_if_known_usd);
    one["objective_if_known_usd"] = number_or_null(scenario.objective_if_known_usd);
    one["regret_usd"] = number_or_null(scenario.objective_usd - scenario.objective_if_known_usd);
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

OutputLayer choice_layer(const Portfolio& plan) {
  RowColumns<PortfolioChoice> add("portfolio", plan.choices);
  add.text("id", &PortfolioChoice::id);
  add.text("name", &PortfolioChoice::name);
  add.text("country", &PortfolioChoice::country);
  add.text("group", &PortfolioChoice::group);
  add.text("kind", &PortfolioChoice::kind);
  add.year("start_year", &PortfolioChoice::start_year);
  add.number("capex_usd", &PortfolioChoice::capex_usd);
  add.number("cost_usd", &PortfolioChoice::cost_usd);
  add.number("worth_usd", &PortfolioChoice::worth_usd);
  add.number("worth_t", &PortfolioChoice::worth_t);
  add.year("hedged_start_year", &PortfolioChoice::hedged_start_year);
  return add.take();
}

struct MadeRow {
  const PortfolioChoice* choice;
  std::size_t t;
};

OutputLayer made_layer(const Portfolio& plan) {
  std::vector<MadeRow> rows;
  for (const auto& choice : plan.choices)
    for (std::size_t t = 0; t < plan.years.size(); ++t)
      if (choice.tonnes[t] != 0.0) rows.push_back({&choice, t});
  RowColumns<MadeRow> add("output", rows);
  add.text("id", [](const MadeRow& row) { return row.choice->id; });
  add.number("year", [&](const MadeRow& row) { return plan.years[row.t]; });
  add.number("output_t", [](const MadeRow& row) { return row.choice->tonnes[row.t]; });
  for (std::size_t m = 0; m < plan.metals.size(); ++m)
    add.number(plan.metals[m] + "_t",
               [m](const MadeRow& row) { return row.choice->metal_t[m][row.t]; });
  return add.take();
}

OutputLayer balance_layer(const Portfolio& plan) {
  RowColumns<PortfolioBalance> add("balance", plan.balance);
  add.text("metal", &PortfolioBalance::metal);
  add.number("year", &PortfolioBalance::year);
  add.number("demand_t", &PortfolioBalance::demand_t);
  add.number("supply_t", &PortfolioBalance::supply_t);
  add.number("shortfall_t", &PortfolioBalance::shortfall_t);
  add.number("surplus_t", &PortfolioBalance::surplus_t);
  add.number("hhi", &PortfolioBalance::hhi);
  add.number("recycled_share", &PortfolioBalance::recycled_share);
  add.number("price_usd_per_kg", &PortfolioBalance::price_usd_per_kg);
  return add.take();
}

OutputLayer frontier_layer(const Portfolio& plan) {
  RowColumns<FrontierPoint> add("frontier", plan.frontier);
  add.number("hhi", &FrontierPoint::hhi);
  add.number("max_share", &FrontierPoint::max_share);
  add.number("cost_usd", &FrontierPoint::cost_usd);
  add.number("objective_usd", &FrontierPoint::objective_usd);
  add.number("shortfall_t", &FrontierPoint::shortfall_t);
  add.number("gap", &FrontierPoint::gap);
  add.text("chosen", [](const FrontierPoint& point) { return join(point.chosen, " "); });
  return add.take();
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

void summarise_portfolio(const Portfolio& plan, const PortfolioPolicy& policy,
                         const std::string& currency, Outcome& outcome) {
  Json& summary = outcome.summary;
  // The names of the keys say USD, whatever the sources' money is.
  summary["words"] = lower(currency) == "usd"
                         ? plan.words
                         : plan.words + " All money is in " + printable(currency) + ".";
  summary["currency"] = currency;
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
