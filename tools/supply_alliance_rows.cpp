// What `supply alliance` gives: a row a member, the summary by year and stage, and three layers.
#include <cmath>

#include "libgeo/core/text.h"
#include "tools/supply_alliance_parts.h"

namespace lode::tools {

namespace {

Json word(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json by_stage(const std::vector<std::string>& stages, const std::vector<double>& tonnes) {
  Json json = Json::object();
  for (std::size_t s = 0; s < stages.size(); ++s) json[stages[s]] = tonnes[s];
  return json;
}

bool has_anything(const MemberPart& member) {
  if (member.demand_t > 0.0) return true;
  for (const double tonnes : member.brings_t)
    if (tonnes > 0.0) return true;
  return false;
}

Json member_row(const MemberPart& member, const AllianceView& view) {
  Json row = Json::object();
  row["country"] = member.country;
  row["demand_t"] = member.demand_t;
  row["met_alone_t"] = member.met_alone_t;
  row["met_together_t"] = member.met_together_t;
  row["brings_t"] = by_stage(view.stages, member.brings_t);
  row["used_t"] = by_stage(view.stages, member.used_t);
  row["cost_alone_usd"] = member.cost_alone_usd;
  row["spends_usd"] = member.spends_usd;
  row["pays_by_demand_usd"] = member.pays_by_demand_usd;
  row["pays_by_capacity_usd"] = member.pays_by_capacity_usd;
  row["pays_shapley_usd"] = member.pays_shapley_usd;
  row["shapley_error_usd"] = view.shapley_exact ? Json() : Json(member.shapley_error_usd);
  row["gain_usd"] = member.gain_usd;
  return row;
}

Json year_row(const AllianceYear& one) {
  Json row = Json::object();
  row["year"] = one.year;
  row["demand_t"] = one.demand_t;
  row["met_together_t"] = one.met_together_t;
  row["met_alone_t"] = one.met_alone_t;
  row["cost_together_usd"] = one.cost_together_usd;
  row["cost_alone_usd"] = one.cost_alone_usd;
  row["gain_usd"] = one.cost_alone_usd - one.cost_together_usd;
  row["weakest_stage"] = word(one.weakest_stage);
  row["weakest_metal"] = word(one.weakest_metal);
  return row;
}

Json balance_row(const StageBalance& one) {
  Json row = Json::object();
  row["year"] = one.year;
  row["stage"] = one.stage;
  row["metal"] = one.metal;
  row["capacity_t"] = one.capacity_t;
  row["used_t"] = one.used_t;
  row["needed_t"] = one.needed_t;
  row["breaks"] = one.breaks;
  row["best_country"] = word(one.best_country);
  row["frees_t_per_t"] = one.frees_t_per_t;
  row["frees_usd_per_t"] = one.frees_usd_per_t;
  return row;
}

/// Rows to be turned into columns of a layer, by the keys of the first.
class Columns {
 public:
  void text(const std::string& name, const std::string& value) {
    at(name, true).texts.push_back(value);
  }
  void number(const std::string& name, double value, const std::string& unit = {}) {
    Column& column = at(name, false);
    column.unit = unit;
    column.numbers.push_back(value);
  }
  [[nodiscard]] OutputLayer layer(const std::string& name) const {
    OutputLayer out;
    out.name = out.table.name = name;
    for (const auto& column : columns_) out.table.add(column);
    return out;
  }

 private:
  Column& at(const std::string& name, bool text) {
    for (auto& column : columns_)
      if (column.name == name) return column;
    columns_.push_back({});
    columns_.back().name = name;
    columns_.back().kind = text ? ColumnKind::text : ColumnKind::number;
    return columns_.back();
  }
  std::vector<Column> columns_;
};

}  // namespace

void supply_alliance_results(const AllianceView& view, Outcome& outcome) {
  std::size_t without = 0;
  for (const auto& member : view.members) {
    if (has_anything(member))
      outcome.results.push_back(member_row(member, view));
    else
      ++without;
  }
  outcome.shown = {"country",        "demand_t",         "met_alone_t", "met_together_t",
                   "cost_alone_usd", "pays_shapley_usd", "gain_usd"};
  Json years = Json::array(), balance = Json::array(), stages = Json::array();
  for (const auto& one : view.years) years.push_back(year_row(one));
  for (const auto& one : view.balance) balance.push_back(balance_row(one));
  for (const auto& stage : view.stages) stages.push_back(stage);
  Json& summary = outcome.summary;
  summary["words"] = view.words;
  summary["year"] = view.year;
  summary["gain_usd"] = view.gain_usd;
  summary["gain_t"] = view.gain_t;
  summary["members"] = view.members.size();
  summary["members_without_anything"] = without;
  summary["shapley_exact"] = view.shapley_exact;
  summary["core_stable"] = view.core_stable;
  summary["core_whole"] = view.shapley_exact ? Json(view.core_whole) : Json();
  summary["core"] = view.core_words;
  summary["currency"] = view.currency;
  summary["price_year"] = view.price_year == 0 ? Json() : Json(view.price_year);
  summary["stages"] = stages;
  summary["years"] = years;
  summary["balance"] = balance;
}

std::vector<OutputLayer> supply_alliance_layers(const AllianceView& view) {
  Columns members, balance, flows;
  for (const auto& one : view.members) {
    members.text("country", one.country);
    members.number("demand_t", one.demand_t, "t");
    members.number("alone_t", one.met_alone_t, "t");
    members.number("together_t", one.met_together_t, "t");
    for (std::size_t s = 0; s < view.stages.size(); ++s)
      members.number(view.stages[s] + "_t", one.brings_t[s], "t");
    members.number("alone_usd", one.cost_alone_usd);
    members.number("spends_usd", one.spends_usd);
    members.number("by_demand_usd", one.pays_by_demand_usd);
    members.number("by_capacity_usd", one.pays_by_capacity_usd);
    members.number("shapley_usd", one.pays_shapley_usd);
    members.number("error_usd", one.shapley_error_usd);
    members.number("gain_usd", one.gain_usd);
  }
  for (const auto& one : view.balance) {
    balance.number("year", one.year);
    balance.text("stage", one.stage);
    balance.text("metal", one.metal);
    balance.number("capacity_t", one.capacity_t, "t");
    balance.number("used_t", one.used_t, "t");
    balance.number("needed_t", one.needed_t, "t");
    balance.text("breaks", one.breaks ? "yes" : "no");
    balance.text("best_country", one.best_country);
    balance.number("frees_t_per_t", one.frees_t_per_t);
    balance.number("frees_usd_per_t", one.frees_usd_per_t, "USD/t");
  }
  // An alliance that does not trade has no flows: the layer keeps its columns.
  flows.number("year", 0.0);
  flows.text("stage", "");
  flows.text("metal", "");
  flows.text("from_country", "");
  flows.text("to_country", "");
  flows.number("hauled_t", 0.0, "t");
  flows.number("usd_per_kg", 0.0, "USD/kg");
  for (const auto& one : view.flows) {
    flows.number("year", one.year);
    flows.text("stage", one.stage);
    flows.text("metal", one.metal);
    flows.text("from_country", one.from);
    flows.text("to_country", one.to);
    flows.number("hauled_t", one.tonnes, "t");
    flows.number("usd_per_kg", one.usd_per_kg, "USD/kg");
  }
  std::vector<OutputLayer> layers{members.layer("members"), balance.layer("stage_balance"),
                                  flows.layer("flows")};
  for (auto& column : layers.back().table.columns) {
    if (column.kind == ColumnKind::text)
      column.texts.erase(column.texts.begin());
    else
      column.numbers.erase(column.numbers.begin());
  }
  return layers;
}

}  // namespace lode::tools
