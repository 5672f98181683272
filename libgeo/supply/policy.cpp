// The policy of a portfolio, read from its TOML text.
#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/portfolio.h"
#include "libgeo/supply/settings_table.h"

namespace lode {

namespace {

constexpr double endless = std::numeric_limits<double>::infinity();

void read_limit(SettingsTable& table, PortfolioPolicy& policy) {
  PortfolioLimit limit;
  table.text("name", limit.name);
  table.text("country", limit.country);
  table.flag("each_country", limit.each_country);
  table.texts("but", limit.but);
  table.text("group", limit.group);
  table.choice("kind", {"primary", "secondary"}, limit.kind);
  table.text("source", limit.source);
  table.text("metal", limit.metal);
  table.years(limit.from_year, limit.to_year);
  table.number("max_share", limit.max_share, 0.0, 1.0);
  table.number("min_share", limit.min_share, 0.0, 1.0);
  table.number("max_t", limit.max_t, 0.0, endless);
  limit.group = lower(limit.group);
  if (!table.has("max_share") && !table.has("min_share") && !table.has("max_t"))
    table.fault("name", "the limit limits nothing", "Add max_share, min_share or max_t.");
  if (limit.min_share > limit.max_share) table.fault("min_share", "is above max_share");
  if (limit.each_country && !limit.country.empty())
    table.fault("each_country", "stands beside country", "Say either.");
  if (limit.each_country && limit.min_share > 0.0)
    table.fault("min_share", "of each country by itself is not meant", "Name the country.");
  policy.limits.push_back(limit);
}

void read_cap(SettingsTable& table, PortfolioPolicy& policy) {
  BurdenCap cap;
  table.text("burden", cap.burden);
  table.text("country", cap.country);
  table.years(cap.from_year, cap.to_year);
  table.number("max", cap.max, 0.0, endless);
  if (cap.burden.empty())
    table.fault("burden", "is missing", "Name a column burden_<name> of the sources.");
  if (!table.has("max")) table.fault("max", "is missing");
  policy.caps.push_back(cap);
}

void read_scenario(SettingsTable& table, PortfolioPolicy& policy) {
  PortfolioPolicy::Scenario one;
  table.text("name", one.name);
  table.number("weight", one.weight, 0.0, endless);
  table.number("demand_factor", one.demand_factor, 0.0, 100.0);
  table.number("cost_factor", one.cost_factor, 0.0, 100.0);
  table.number("capacity_factor", one.capacity_factor, 0.0, 100.0);
  table.texts("lost_countries", one.lost_countries);
  table.texts("lost_sources", one.lost_sources);
  table.years(one.from_year, one.to_year);
  if (one.name.empty()) one.name = "scenario " + std::to_string(policy.scenarios.size() + 1);
  for (const auto& other : policy.scenarios)
    if (other.name == one.name) table.fault("name", "stands twice");
  policy.scenarios.push_back(one);
}

void read_discount(SettingsTable& table, PortfolioPolicy& policy) {
  table.number("discount", policy.discount, -endless, endless);
  if (policy.discount < -0.5 || policy.discount > 1.0)
    table.fault("discount", number_text(policy.discount) + " is not -0.5 to 1",
                "It is a fraction: 0.05 is 5 % a year.");
}

/// What cannot both be, at its line: else the search would find it, and call it a shortage.
void check_choices(const PortfolioPolicy& policy, const toml::table& root) {
  SettingsMistakes mistakes(policy.path, "supply.policy");
  SettingsTable table(root, "", mistakes);
  std::vector<std::string> both;
  for (const auto& id : policy.require)
    if (std::find(policy.exclude.begin(), policy.exclude.end(), id) != policy.exclude.end())
      both.push_back("'" + printable(id) + "'");
  if (!both.empty())
    table.fault("require", join(both, ", ") + " cannot be required: it stands in exclude too",
                "Leave it out of one of them.");
  mistakes.throw_if_any();
}

}  // namespace

std::string_view to_text(PortfolioAim aim) {
  switch (aim) {
    case PortfolioAim::concentration:
      return "concentration";
    case PortfolioAim::shortfall:
      return "shortfall";
    case PortfolioAim::cost:
      break;
  }
  return "cost";
}

PortfolioPolicy parse_policy(std::string_view text, const std::string& where) {
  const toml::table root = parse_settings(text, where, "policy.syntax");
  SettingsMistakes mistakes(where, "policy.invalid");
  SettingsTable table(root, "", mistakes);
  PortfolioPolicy policy;
  policy.path = where;
  read_discount(table, policy);
  table.year("base_year", policy.base_year);
  table.number("gap", policy.gap, 0.0, 1.0);
  table.number("budget_usd", policy.budget_usd, 0.0, endless);
  table.number("yearly_budget_usd", policy.yearly_budget_usd, 0.0, endless);
  table.flag("allow_shortfall", policy.allow_shortfall);
  double penalty = PortfolioPolicy::usual_shortfall;
  table.number("shortfall_usd_per_kg", penalty, 0.0, endless);
  if (table.has("shortfall_usd_per_kg")) policy.shortfall_usd_per_kg = penalty;
  table.flag("may_close", policy.may_close);
  table.flag("resell_surplus", policy.resell_surplus);
  std::string aim(to_text(policy.aim));
  table.choice("aim", {"cost", "concentration", "shortfall"}, aim);
  policy.aim = aim == "cost"        ? PortfolioAim::cost
               : aim == "shortfall" ? PortfolioAim::shortfall
                                    : PortfolioAim::concentration;
  table.whole("nodes", policy.nodes, 1, 1000000000);
  table.texts("exclude", policy.exclude);
  table.texts("require", policy.require);
  table.inner("penalty",
              [&](SettingsTable& inside) { inside.named_numbers(policy.penalty, 0.0, endless); });
  table.each("limit", [&](SettingsTable& inside) { read_limit(inside, policy); });
  table.each("cap", [&](SettingsTable& inside) { read_cap(inside, policy); });
  table.each("scenario", [&](SettingsTable& inside) { read_scenario(inside, policy); });
  table.finish();
  double weights = 0.0;
  for (const auto& one : policy.scenarios) weights += one.weight;
  if (!policy.scenarios.empty() && !(weights > 0.0))
    table.fault("scenario", "no scenario has a weight above 0");
  mistakes.throw_if_any();
  check_choices(policy, root);
  return policy;
}

}  // namespace lode
