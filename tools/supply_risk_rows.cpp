// What `supply risk` prints: a row an element, stage and value, the summary, and the shares.
#include <cmath>

#include "libgeo/core/text.h"
#include "tools/supply_risk_parts.h"

namespace lode::tools {

namespace {

Json word(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json shares_of(const Concentration& supply) {
  Json shares = Json::object();
  for (const auto& share : supply.shares) shares[share.country] = share.share;
  return shares;
}

void add_sourcing(const DependenceRow& row, Json& json) {
  const double none = std::nan("");
  const Sourcing* from = row.sourcing ? &*row.sourcing : nullptr;
  json["hhi_by_seller"] = from ? from->seller.hhi : none;
  json["hhi_by_origin"] = from && from->traced ? from->origin.hhi : none;
  json["hhi_wgi_by_seller"] = from ? from->seller.hhi_wgi : none;
  json["hhi_wgi_by_origin"] = from && from->traced ? from->origin.hhi_wgi : none;
  json["imports_by_seller"] = from ? shares_of(from->seller) : Json();
  json["imports_by_origin"] = from && from->traced ? shares_of(from->origin) : Json();
  json["refined_share"] = from && from->traced ? from->refined_share : none;
  json["untraced_share"] = from && from->traced ? from->untraced_share : none;
}

void add_eu(const DependenceRow& row, Json& json) {
  json["eu_supply_risk"] = row.eu_supply_risk;
  json["eu_supply_risk_low"] = row.eu_low;
  json["eu_supply_risk_high"] = row.eu_high;
  json["recycling_rate"] = row.recycling_rate;
  json["substitution"] = row.substitution;
  json["economic_importance"] = row.economic_importance;
  const bool risky = row.eu_supply_risk >= eu_critical_from;
  const bool knows = !std::isnan(row.economic_importance);
  json["eu_critical"] =
      std::isnan(row.eu_supply_risk)
          ? Json()
          : Json(risky && (!knows || row.economic_importance >= eu_important_from));
  json["eu_critical_by"] = std::isnan(row.eu_supply_risk) ? Json()
                           : knows ? Json("supply risk and economic importance")
                                   : Json("supply risk alone");
}

}  // namespace

Json supply_risk_row(const DependenceRow& row, const DependenceInputs& inputs) {
  const Concentration& supply = row.supply;
  Json json = Json::object();
  json["element"] = word(supply.element);
  json["stage"] = word(supply.stage);
  json["value"] = row.period;
  json["hhi"] = supply.hhi;
  json["hhi_low"] = supply.hhi_low;
  json["hhi_high"] = supply.hhi_high;
  json["hhi_wgi"] = supply.hhi_wgi;
  json["governance_covered"] = supply.governance_covered;
  json["change_in_hhi"] = row.change_in_hhi;
  json["equal_countries"] = supply.equal_countries;
  json["shannon"] = supply.shannon;
  json["theil"] = supply.theil;
  json["cr1"] = supply.cr1;
  json["cr3"] = supply.cr3;
  json["cr4"] = supply.cr4;
  json["import_reliance"] = row.reliance.value;
  json["import_reliance_low"] = row.reliance.low;
  json["import_reliance_high"] = row.reliance.high;
  json["import_reliance_printed"] = row.reliance_printed;
  json["import_reliance_computed"] = row.reliance_computed;
  json["largest"] = supply.shares.front().country;
  json["largest_share"] = supply.shares.front().share;
  json["share_by_country"] = shares_of(supply);
  json["total"] = supply.total;
  json["total_t"] = row.total_t;
  json["world_total"] = supply.world_total;
  json["not_available"] = Json(supply.not_available);
  json["quotas"] = Json(supply.quotas);
  json["composition_covered"] = row.composition_covered;
  json["oxide_basis"] = word(row.basis);
  json["home_share"] = row.home_share;
  json["allied_share"] = row.allied_share;
  json["allied_without_home"] = row.allied_without_home;
  Json sets = Json::object();
  for (std::size_t k = 0; k < row.share_by_set.size(); ++k)
    sets[inputs.alliances[k].name] = row.share_by_set[k];
  json["share_by_alliance"] = sets;
  add_sourcing(row, json);
  add_eu(row, json);
  json["weighted_import_share"] = row.weighted_import_share;
  json["geopolrisk"] = row.geopolrisk;
  json["geopolrisk_factor"] = row.geopolrisk_factor;
  json["disruption_potential"] = row.disruption_potential;
  json["vulnerability"] = row.vulnerability;
  json["usgs_supply_risk"] = row.usgs_supply_risk;
  json["how"] = row.how;
  return json;
}

void supply_risk_summary(const std::vector<DependenceRow>& rows, const DependenceInputs& inputs,
                         Outcome& outcome) {
  outcome.summary["other"] = to_text(inputs.options.other);
  outcome.summary["not_available"] = to_text(inputs.options.not_available);
  outcome.summary["quota"] = to_text(inputs.options.quota);
  outcome.summary["merge_territories"] = inputs.merge_territories;
  if (!inputs.split.groups.empty()) {
    outcome.summary["no_composition"] = to_text(inputs.split.without);
    outcome.summary["composition_basis"] = to_text(inputs.split.basis);
  }
  for (const auto& row : rows)
    if (row.sourcing) {
      outcome.summary["sourcing_hhi"] = row.sourcing->origin.hhi;
      outcome.summary["sourcing_hhi_wgi"] = row.sourcing->origin.hhi_wgi;
      outcome.summary["sourcing_hhi_by_seller"] = row.sourcing->seller.hhi;
      break;
    }
  Json dates = Json::object();
  std::string first;
  for (const auto& set : inputs.alliances) {
    dates[set.name] = word(set.valid_as_of);
    if (first.empty()) first = set.valid_as_of;
  }
  if (!first.empty()) outcome.summary["allies_valid_as_of"] = first;
  if (inputs.alliances.size() > 1) outcome.summary["alliance_dates"] = dates;
  Json worst = Json::array();
  for (const auto& one : worst_stages(rows)) {
    Json stage = Json::object();
    stage["element"] = word(one.element);
    stage["value"] = one.period;
    stage["worst_stage"] = one.stage;
    stage["by"] = one.by;
    stage["figure"] = one.value;
    worst.push_back(stage);
  }
  if (worst.size() > 0) outcome.summary["worst_stages"] = worst;
  outcome.summary["rows"] = rows.size();
}

OutputLayer supply_risk_shares(const std::vector<DependenceRow>& rows) {
  OutputLayer out;
  out.name = "shares";
  std::vector<std::string> element, stage, value, country;
  std::vector<double> amount, share, governance;
  for (const auto& row : rows)
    for (const auto& one : row.supply.shares) {
      element.push_back(row.supply.element);
      stage.push_back(row.supply.stage);
      value.push_back(row.period);
      country.push_back(one.country);
      amount.push_back(one.amount);
      share.push_back(one.share);
      governance.push_back(one.governance);
    }
  out.table.name = out.name;
  out.table.add(text_column("element", element));
  out.table.add(text_column("stage", stage));
  out.table.add(text_column("value", value));
  out.table.add(text_column("country", country));
  out.table.add(number_column("amount", amount));
  out.table.add(number_column("share", share));
  out.table.add(number_column("gov_risk", governance));
  return out;
}

}  // namespace lode::tools
