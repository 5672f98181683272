// Stage 6: governance of each site's country, its group as a number, and the dependence of today.
#include <algorithm>
#include <cmath>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/study/context.h"
#include "libgeo/supply/concentration.h"

namespace lode {

namespace {

std::map<std::string, double> read_governance(StudyContext& context) {
  const SupplyTable& supply = context.study.supply;
  std::map<std::string, double> risk;
  if (supply.governance.empty()) return risk;
  const Layer layer = context.read_plain_table(supply.governance, supply.line);
  const auto codes = layer.table.texts(supply.governance_country);
  const auto values = layer.table.numbers(supply.governance_value);
  for (std::size_t i = 0; i < layer.size(); ++i) {
    if (std::isnan(values[i])) continue;
    if (values[i] < 0 || values[i] > 10)
      throw Error("study.value",
                  "governance risk " + number_text(values[i]) + " is not within 0 to 10",
                  supply.governance + ", " + layer.table.row_name(i),
                  "Scale the indicator: 10 x (2.5 - estimate) / 5.");
    add_governance(risk, country_id(codes[i], context.countries), values[i],
                   supply.governance + ", " + layer.table.row_name(i));
  }
  return risk;
}

/// The whole table is the supply of one stage, TREO mined, unless columns say otherwise.
void add_dependence(StudyContext& context, const std::map<std::string, double>& risk) {
  const SupplyTable& supply = context.study.supply;
  const Layer layer = context.read_plain_table(supply.production, supply.line);
  if (supply.production_value.empty())
    throw Error("study.missing", "[supply] does not say which field holds the production",
                context.where(supply.line), "Add production_value = \"FIELD\".");
  auto countries = layer.table.texts(supply.production_country);
  const auto figures = layer.table.texts(supply.production_value);
  std::vector<double> amounts;
  for (std::size_t i = 0; i < layer.size(); ++i)
    amounts.push_back(parse_reported(figures[i], row_source(layer, i)).value);
  const auto optional = [&](const char* name) {
    return layer.table.find(name) ? layer.table.texts(name) : std::vector<std::string>();
  };
  ConcentrationOptions options;
  options.governance = risk;
  options.other = supply.other == "exclude" ? OtherRule::exclude : OtherRule::one_country;
  name_countries(countries, context.countries, options, supply.production, context.result.findings);
  for (auto& part : group_production(optional("element"), optional("stage"), countries, amounts)) {
    part.source = supply.production;
    const Concentration found = concentration(part, options);
    context.result.findings.add(found.findings);
    Dependence row;
    row.material = found.element.empty() ? "rare earth oxides" : found.element;
    row.stage = found.stage.empty() ? "mine" : found.stage;
    row.hhi = found.hhi;
    row.hhi_wgi = found.hhi_wgi;
    for (const auto& one : found.shares) row.share_by_country.emplace_back(one.country, one.share);
    row.source = supply.production + ", field " + supply.production_value + "; 'Other' " +
                 (supply.other == "exclude" ? "left out" : "counted as one country");
    context.result.dependence.push_back(std::move(row));
  }
}

}  // namespace

void stage_supply(StudyContext& context, const Progress& progress) {
  progress.update(0.0, "dependence");
  const SupplyTable& supply = context.study.supply;
  const auto risk = read_governance(context);
  for (std::size_t i = 0; i < context.result.sites.size(); ++i) {
    const Site& site = context.result.sites[i];
    if (!site.group.empty())
      context.set("group", "0 domestic, 1 allied, 2 other", i,
                  site.group == "domestic" ? 0.0
                  : site.group == "allied" ? 1.0
                                           : 2.0,
                  site.source + ": country " + (site.country.empty() ? "unknown" : site.country));
    const auto found = risk.find(country_key(site.country));
    if (found != risk.end())
      context.set("governance_risk", "0 to 10", i, found->second,
                  supply.governance + ", country " + site.country);
    else if (!risk.empty() && !site.country.empty())
      context.result.findings.add("study.no_governance", Severity::warning, supply.governance,
                                  "a country has no governance figure (first: " + site.country +
                                      "); it is missing, not average");
  }
  if (!supply.production.empty()) add_dependence(context, risk);
  if (!supply.demand.empty())
    context.result.findings.add("study.demand_unused", Severity::note, supply.demand,
                                "nothing is computed from the demand yet");
}

}  // namespace lode
