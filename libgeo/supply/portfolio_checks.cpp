// Checks of sources, demand and policy against one another, before a portfolio is planned.
#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/portfolio_parts.h"

namespace lode {

namespace {

template <class Has>
bool any_source(const SupplySources& sources, const Has& has) {
  return std::any_of(sources.list.begin(), sources.list.end(), has);
}

void check_limit(const PortfolioLimit& limit, const SupplySources& sources,
                 const SupplyDemand& demand, const std::string& where, Findings& findings) {
  const auto fault = [&](const std::string& what, const std::string& hint) {
    throw Error("supply.policy", what, where, hint);
  };
  if (!limit.metal.empty() &&
      std::none_of(demand.metals.begin(), demand.metals.end(),
                   [&](const auto& metal) { return lower(metal) == lower(limit.metal); }))
    fault("a limit is of " + printable(limit.metal) + ", of which there is no demand",
          suggestion(limit.metal, demand.metals));
  std::vector<std::string> ids;
  for (const auto& source : sources.list) ids.push_back(source.id);
  if (!limit.source.empty() && !listed(ids, limit.source))
    fault("a limit is of the source " + printable(limit.source) + ", which is not there",
          suggestion(limit.source, ids));
  for (const auto& [word, of, what] :
       {std::tuple{&limit.country, &SupplySource::country, "country"},
        std::tuple{&limit.group, &SupplySource::group, "group"},
        std::tuple{&limit.kind, &SupplySource::kind, "kind"}}) {
    if (word->empty()) continue;
    const auto member = of;
    const auto& wanted = *word;
    if (any_source(sources, [&](const auto& source) { return source.*member == wanted; })) continue;
    const std::string words = "a limit is of the " + std::string(what) + " " + printable(wanted) +
                              ", which no source is of";
    if (limit.min_share > 0.0) fault(words, "Correct it, or leave the limit out.");
    findings.add("supply.policy_unused", Severity::note, where, words + ": it limits nothing");
  }
}

}  // namespace

void check_portfolio(const SupplySources& sources, const SupplyDemand& demand,
                     const PortfolioPolicy& policy, Findings& findings) {
  const std::string where = policy.path.empty() ? "policy" : policy.path;
  const auto fault = [&](const std::string& what, const std::string& hint) {
    throw Error("supply.policy", what, where, hint);
  };
  if (sources.list.empty())
    throw Error("supply.no_source", "there is no source at all", sources.table);
  check_lengths(sources);
  check_demand(demand);
  std::vector<std::string> ids;
  for (const auto& source : sources.list) {
    ids.push_back(source.id);
    if (!source.opex_usd_per_kg.known() && !listed(policy.exclude, source.id))
      throw Error("supply.no_cost", "the source has no opex", source.where,
                  "Fill opex_usd_per_kg, or exclude the source in the policy.");
  }
  for (const auto* list : {&policy.exclude, &policy.require})
    for (const auto& id : *list)
      if (!listed(ids, id)) fault("'" + printable(id) + "' is no source", suggestion(id, ids));
  for (const auto& limit : policy.limits) check_limit(limit, sources, demand, where, findings);
  for (const auto& cap : policy.caps)
    if (!listed(sources.burdens, cap.burden))
      fault("no source says its burden " + printable(cap.burden),
            "Add a column burden_" + cap.burden + ".");
  for (const auto& [metal, usd] : policy.penalty)
    if (std::none_of(demand.metals.begin(), demand.metals.end(),
                     [&](const auto& one) { return lower(one) == lower(metal); }))
      fault("a penalty is of " + printable(metal) + ", of which there is no demand",
            suggestion(metal, demand.metals));
  if (policy.base_year > demand.years.back())
    fault("its base_year is after the last year of the demand", "Set an earlier base_year.");
  for (std::size_t m = 0; m < demand.metals.size(); ++m) {
    const std::size_t at = sources.metal(demand.metals[m]);
    double need = 0.0;
    for (std::size_t t = 0; t < demand.years.size(); ++t) need += demand.at(m, t).base;
    const bool free = policy.allow_shortfall || policy.aim == PortfolioAim::shortfall;
    if (need > 0.0 && !free && !any_source(sources, [&](const auto& source) {
          return source.share[at] > 0.0 && source.capacity_t_per_year.base > 0.0 &&
                 !listed(policy.exclude, source.id);
        }))
      throw Error("supply.no_source",
                  demand.metals[m] + " is in demand, but no source has any of it", demand.table,
                  "Add sources, or set allow_shortfall in the policy.");
    if (!policy.resell_surplus) continue;
    if (std::isnan(policy.prices.of(demand.metals[m], demand.years.front()).base))
      throw Error("supply.no_price", demand.metals[m] + " is to be resold, but has no price",
                  policy.prices.table.empty() ? where : policy.prices.table,
                  "Give prices, or leave resell_surplus out.");
  }
  if (policy.resell_surplus)
    check_same_money(sources.currency, sources.price_year, sources.table, policy.prices.currency,
                     policy.prices.price_year, policy.prices.table);
}

}  // namespace lode
