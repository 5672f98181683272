// Stage 6: governance of each site's country, its group as a number, and the dependence of today.
#include <algorithm>
#include <cmath>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/study/context.h"

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
      throw Error("study.value", "governance risk " + number_text(values[i]) + " is not within 0 to 10",
                  supply.governance + ", " + layer.table.row_name(i),
                  "Scale the indicator: 10 x (2.5 - estimate) / 5.");
    risk[codes[i]] = values[i];
  }
  return risk;
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
                  site.group == "domestic" ? 0.0 : site.group == "allied" ? 1.0 : 2.0,
                  site.source + ": country " + (site.country.empty() ? "unknown" : site.country));
    const auto found = risk.find(site.country);
    if (found != risk.end())
      context.set("governance_risk", "0 to 10", i, found->second, supply.governance + ", country " + site.country);
    else if (!risk.empty() && !site.country.empty())
      context.result.findings.add("study.no_governance", Severity::warning, supply.governance,
                                  "a country has no governance figure (first: " + site.country + "); it is missing, not average");
  }
}

}  // namespace lode
