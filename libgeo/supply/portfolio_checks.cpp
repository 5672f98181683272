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

/// Checks one policy, and says what of it does nothing.
class PolicyCheck {
 public:
  PolicyCheck(const SupplySources& sources, const SupplyDemand& demand,
              const PortfolioPolicy& policy, Findings& findings)
      : sources_(sources),
        demand_(demand),
        policy_(policy),
        findings_(findings),
        where_(policy.path.empty() ? "policy" : policy.path) {
    for (const auto& source : sources.list) ids_.push_back(source.id);
  }

  void run() {
    for (const auto* list : {&policy_.exclude, &policy_.require})
      for (const auto& id : *list)
        if (!listed(ids_, id)) fault("'" + printable(id) + "' is no source", suggestion(id, ids_));
    for (std::size_t k = 0; k < policy_.limits.size(); ++k) limit(policy_.limits[k], k);
    for (std::size_t k = 0; k < policy_.caps.size(); ++k) cap(policy_.caps[k], k);
    for (const auto& one : policy_.scenarios) scenario(one);
    for (const auto& [metal, usd] : policy_.penalty)
      if (!in_demand(metal))
        fault("a penalty is of " + printable(metal) + ", of which there is no demand",
              suggestion(metal, demand_.metals));
    if (policy_.base_year > demand_.years.back())
      fault("its base_year is after the last year of the demand", "Set an earlier base_year.");
    money();
  }

 private:
  using Member = std::string SupplySource::*;

  [[noreturn]] void fault(const std::string& what, const std::string& hint) const {
    throw Error("supply.policy", what, where_, hint);
  }
  void unused(const std::string& of, const std::string& words) {
    findings_.add("supply.policy_unused", Severity::warning, where_ + ", " + of, words);
  }
  [[nodiscard]] bool in_demand(const std::string& metal) const {
    return std::any_of(demand_.metals.begin(), demand_.metals.end(),
                       [&](const auto& one) { return lower(one) == lower(metal); });
  }
  [[nodiscard]] bool has(Member member, const std::string& wanted) const {
    return any_source(sources_, [&](const auto& source) { return source.*member == wanted; });
  }
  /// Groups are the user's own words, which may be mistyped.
  [[nodiscard]] std::string nobody(Member member, const std::string& what,
                                   const std::string& wanted) const {
    const std::string words = "no source is of the " + what + " " + printable(wanted);
    if (member != &SupplySource::group) return words;
    std::vector<std::string> known;
    for (const auto& source : sources_.list)
      if (!source.group.empty() && !listed(known, source.group)) known.push_back(source.group);
    const auto near = nearest_name(wanted, known);
    return near ? words + " (did you mean '" + *near + "'?)" : words;
  }
  void years(int from, int to, const std::string& of) {
    if (from <= demand_.years.back() && to >= demand_.years.front()) return;
    unused(of, "its years are none of the demand, which is of " +
                   std::to_string(demand_.years.front()) + " to " +
                   std::to_string(demand_.years.back()) + ": it does nothing");
  }
  static std::string name_of(const std::string& what, const std::string& name, std::size_t k) {
    return what + " " + (name.empty() ? std::to_string(k + 1) : "'" + printable(name) + "'");
  }

  void limit(const PortfolioLimit& one, std::size_t k);
  void cap(const BurdenCap& one, std::size_t k);
  void scenario(const PortfolioPolicy::Scenario& one);
  void money() const;

  const SupplySources& sources_;
  const SupplyDemand& demand_;
  const PortfolioPolicy& policy_;
  Findings& findings_;
  std::string where_;
  std::vector<std::string> ids_;
};

void PolicyCheck::limit(const PortfolioLimit& one, std::size_t k) {
  const std::string of = name_of("limit", one.name, k);
  if (!one.metal.empty() && !in_demand(one.metal))
    fault("a limit is of " + printable(one.metal) + ", of which there is no demand",
          suggestion(one.metal, demand_.metals));
  if (!one.source.empty() && !listed(ids_, one.source))
    fault("a limit is of the source " + printable(one.source) + ", which is not there",
          suggestion(one.source, ids_));
  std::vector<std::string> nobodies;
  for (const auto& [word, member, what] :
       {std::tuple{&one.country, &SupplySource::country, "country"},
        std::tuple{&one.group, &SupplySource::group, "group"},
        std::tuple{&one.kind, &SupplySource::kind, "kind"}})
    if (!word->empty() && !has(member, *word)) nobodies.push_back(nobody(member, what, *word));
  if (!nobodies.empty()) {
    if (one.min_share > 0.0)
      fault(of + " cannot be kept: " + join(nobodies, "; "), "Correct it, or leave the limit out.");
    unused(of, join(nobodies, "; ") + ": it limits nothing");
  }
  for (const auto& country : one.but)
    if (!has(&SupplySource::country, country))
      unused(of + ", but", nobody(&SupplySource::country, "country", country));
  years(one.from_year, one.to_year, of + ", years");
}

void PolicyCheck::cap(const BurdenCap& one, std::size_t k) {
  if (!listed(sources_.burdens, one.burden))
    fault("no source says its burden " + printable(one.burden),
          "Add a column burden_" + one.burden + ".");
  const std::string of = name_of("cap", "", k);
  if (!one.country.empty() && !has(&SupplySource::country, one.country))
    unused(of, nobody(&SupplySource::country, "country", one.country) + ": it limits nothing");
  years(one.from_year, one.to_year, of + ", years");
}

void PolicyCheck::scenario(const PortfolioPolicy::Scenario& one) {
  for (const auto& id : one.lost_sources)
    if (!listed(ids_, id))
      fault("the scenario '" + printable(one.name) + "' loses '" + printable(id) +
                "', which is no source",
            suggestion(id, ids_));
  const std::string of = "scenario '" + printable(one.name) + "'";
  for (const auto& country : one.lost_countries)
    if (!has(&SupplySource::country, country))
      unused(of + ", lost_countries " + printable(country),
             nobody(&SupplySource::country, "country", country) + ": nothing is lost");
  years(one.from_year, one.to_year, of + ", years");
}

/// What the policy says in USD by its names would be added to money of another name.
void PolicyCheck::money() const {
  if (lower(sources_.currency) == "usd") return;
  std::vector<std::string> said;
  if (std::isfinite(policy_.budget_usd)) said.emplace_back("budget_usd");
  if (std::isfinite(policy_.yearly_budget_usd)) said.emplace_back("yearly_budget_usd");
  if (policy_.shortfall_usd_per_kg) said.emplace_back("shortfall_usd_per_kg");
  if (!policy_.penalty.empty()) said.emplace_back("[penalty]");
  if (said.empty()) return;
  throw Error("supply.money",
              join(said, ", ") + (said.size() == 1 ? " is" : " are") + " in USD, the sources in " +
                  printable(sources_.currency),
              where_, "Bring the sources to USD, or leave those keys out.");
}

void check_sizes(const SupplyDemand& demand) {
  constexpr double most_t = 1e12;  // all rock that is moved in a year is a tenth of that
  for (std::size_t m = 0; m < demand.metals.size(); ++m)
    for (std::size_t t = 0; t < demand.years.size(); ++t)
      if (demand.at(m, t).base > most_t)
        throw Error("supply.magnitude",
                    "a demand of " + number_text(demand.at(m, t).base) + " t of " +
                        demand.metals[m] + " in " + std::to_string(demand.years[t]),
                    demand.table, "Give tonnes of oxide.");
}

/// Whether each metal in demand can be had at all, and be sold where that is asked for.
void check_metals(const SupplySources& sources, const SupplyDemand& demand,
                  const PortfolioPolicy& policy, const std::string& where) {
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
    if (policy.resell_surplus &&
        std::isnan(policy.prices.of(demand.metals[m], demand.years.front()).base))
      throw Error("supply.no_price", demand.metals[m] + " is to be resold, but has no price",
                  policy.prices.table.empty() ? where : policy.prices.table,
                  "Give prices, or leave resell_surplus out.");
  }
}

}  // namespace

void check_portfolio(const SupplySources& sources, const SupplyDemand& demand,
                     const PortfolioPolicy& policy, Findings& findings) {
  if (sources.list.empty())
    throw Error("supply.no_source", "there is no source at all", sources.table);
  check_lengths(sources);
  check_demand(demand);
  check_sizes(demand);
  for (const auto& source : sources.list)
    if (!source.opex_usd_per_kg.known() && !listed(policy.exclude, source.id))
      throw Error("supply.no_cost", "the source has no opex", source.where,
                  "Fill opex_usd_per_kg, or exclude the source in the policy.");
  PolicyCheck(sources, demand, policy, findings).run();
  check_metals(sources, demand, policy, policy.path.empty() ? "policy" : policy.path);
  if (policy.resell_surplus)
    check_same_money(sources.currency, sources.price_year, sources.table, policy.prices.currency,
                     policy.prices.price_year, policy.prices.table);
}

}  // namespace lode
