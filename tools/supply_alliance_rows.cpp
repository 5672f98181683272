// What `supply alliance` gives: a row a member, the summary by year and stage, and three layers.
#include <cmath>

#include "libgeo/core/text.h"
#include "tools/row_columns.h"
#include "tools/supply_alliance_parts.h"
#include "tools/supply_inputs.h"

namespace lode::tools {

namespace {

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
  row["weakest_stage"] = text_or_null(one.weakest_stage);
  row["weakest_metal"] = text_or_null(one.weakest_metal);
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
  row["best_country"] = text_or_null(one.best_country);
  row["frees_t_per_t"] = one.frees_t_per_t;
  row["frees_usd_per_t"] = one.frees_usd_per_t;
  return row;
}

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
  if (!view.shapley_exact) outcome.shown.insert(outcome.shown.end() - 1, "shapley_error_usd");
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
  summary["shapley_method"] = view.shapley_exact ? "exact" : "sampled";
  summary["shapley_orders"] = view.shapley_exact ? Json() : Json(view.shapley_orders);
  summary["shapley_largest_error_usd"] =
      view.shapley_exact ? Json() : Json(view.shapley_largest_error_usd);
  summary["core_stable"] = view.core_stable;
  summary["core_whole"] = view.shapley_exact ? Json(view.core_whole) : Json();
  summary["core"] = view.core_words;
  summary["currency"] = view.currency;
  summary["price_year"] = year_or_null(view.price_year);
  summary["stages"] = stages;
  summary["years"] = years;
  summary["balance"] = balance;
}

std::vector<OutputLayer> supply_alliance_layers(const AllianceView& view) {
  RowColumns<MemberPart> members("members", view.members);
  members.text("country", &MemberPart::country);
  members.number("demand_t", &MemberPart::demand_t, "t");
  members.number("alone_t", &MemberPart::met_alone_t, "t");
  members.number("together_t", &MemberPart::met_together_t, "t");
  for (std::size_t s = 0; s < view.stages.size(); ++s)
    members.number(
        view.stages[s] + "_t", [s](const MemberPart& one) { return one.brings_t[s]; }, "t");
  members.number("alone_usd", &MemberPart::cost_alone_usd);
  members.number("spends_usd", &MemberPart::spends_usd);
  members.number("by_demand_usd", &MemberPart::pays_by_demand_usd);
  members.number("by_capacity_usd", &MemberPart::pays_by_capacity_usd);
  members.number("shapley_usd", &MemberPart::pays_shapley_usd);
  members.number("error_usd", &MemberPart::shapley_error_usd);
  members.number("gain_usd", &MemberPart::gain_usd);
  RowColumns<StageBalance> balance("stage_balance", view.balance);
  balance.number("year", &StageBalance::year);
  balance.text("stage", &StageBalance::stage);
  balance.text("metal", &StageBalance::metal);
  balance.number("capacity_t", &StageBalance::capacity_t, "t");
  balance.number("used_t", &StageBalance::used_t, "t");
  balance.number("needed_t", &StageBalance::needed_t, "t");
  balance.text("breaks", [](const StageBalance& one) { return one.breaks ? "yes" : "no"; });
  balance.text("best_country", &StageBalance::best_country);
  balance.number("frees_t_per_t", &StageBalance::frees_t_per_t);
  balance.number("frees_usd_per_t", &StageBalance::frees_usd_per_t, "USD/t");
  RowColumns<StageFlow> flows("flows", view.flows);
  flows.number("year", &StageFlow::year);
  flows.text("stage", &StageFlow::stage);
  flows.text("metal", &StageFlow::metal);
  flows.text("from_country", &StageFlow::from);
  flows.text("to_country", &StageFlow::to);
  flows.number("hauled_t", &StageFlow::tonnes, "t");
  flows.number("usd_per_kg", &StageFlow::usd_per_kg, "USD/kg");
  return {members.take(), balance.take(), flows.take()};
}

}  // namespace lode::tools
