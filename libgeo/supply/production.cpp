// Rows of production tables: grouped by element and stage, territories merged.
#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/concentration.h"

namespace lode {

std::vector<Production> group_production(const std::vector<std::string>& element,
                                         const std::vector<std::string>& stage,
                                         const std::vector<std::string>& country,
                                         const std::vector<double>& amount,
                                         const std::vector<double>& trade_factor) {
  Production rows;
  rows.country = country;
  rows.amount = amount;
  rows.trade_factor = trade_factor;
  return group_production(rows, element, stage);
}

std::vector<Production> group_production(const Production& rows,
                                         const std::vector<std::string>& element,
                                         const std::vector<std::string>& stage) {
  std::vector<Production> groups;
  for (std::size_t i = 0; i < rows.country.size(); ++i) {
    const std::string own_element = element.empty() ? "" : element[i];
    const std::string own_stage = stage.empty() ? "" : stage[i];
    auto at = std::find_if(groups.begin(), groups.end(), [&](const Production& p) {
      return p.element == own_element && p.stage == own_stage;
    });
    if (at == groups.end()) {
      Production fresh;
      fresh.element = own_element;
      fresh.stage = own_stage;
      fresh.percent = rows.percent;
      fresh.source = rows.source;
      fresh.period = rows.period;
      fresh.tonnes_per_unit = rows.tonnes_per_unit;
      groups.push_back(std::move(fresh));
      at = groups.end() - 1;
    }
    at->country.push_back(rows.country[i]);
    at->amount.push_back(rows.amount[i]);
    if (!rows.trade_factor.empty()) at->trade_factor.push_back(rows.trade_factor[i]);
    if (!rows.low.empty()) at->low.push_back(rows.low[i]);
    if (!rows.high.empty()) at->high.push_back(rows.high[i]);
    if (!rows.quota.empty()) at->quota.push_back(rows.quota[i]);
    if (!rows.row.empty()) at->row.push_back(rows.row[i]);
  }
  return groups;
}

namespace {

void copy_row(const Production& from, std::size_t i, const std::string& country, Production& to) {
  to.country.push_back(country);
  to.amount.push_back(from.amount[i]);
  if (!from.trade_factor.empty()) to.trade_factor.push_back(from.trade_factor[i]);
  if (!from.low.empty()) to.low.push_back(from.low[i]);
  if (!from.high.empty()) to.high.push_back(from.high[i]);
  if (!from.quota.empty()) to.quota.push_back(from.quota[i]);
  if (!from.row.empty()) to.row.push_back(from.row[i]);
}

/// A missing figure adds nothing, and is replaced by one that is there.
void add_figure(double& sum, double value) {
  if (std::isnan(sum))
    sum = value;
  else if (!std::isnan(value))
    sum += value;
}

}  // namespace

std::vector<std::string> merge_territories(Production& production,
                                           const std::map<std::string, std::string>& parents) {
  std::vector<std::string> merged;
  Production out;
  out.element = production.element;
  out.stage = production.stage;
  out.percent = production.percent;
  out.source = production.source;
  out.period = production.period;
  out.tonnes_per_unit = production.tonnes_per_unit;
  const auto parent_of = [&](std::size_t i) {
    const auto at = parents.find(country_key(production.country[i]));
    return at == parents.end() ? std::string() : country_key(at->second);
  };
  for (std::size_t i = 0; i < production.country.size(); ++i)
    if (parent_of(i).empty()) copy_row(production, i, production.country[i], out);
  std::set<std::string> seen;
  for (std::size_t i = 0; i < production.country.size(); ++i) {
    const std::string parent = parent_of(i);
    if (parent.empty()) continue;
    const std::string own = country_key(production.country[i]);
    if (!seen.insert(own).second)
      throw Error("supply.duplicate_country", "the territory stands twice",
                  production.source + ", " +
                      (i < production.row.size() ? production.row[i] + ", " : std::string()) +
                      printable(own));
    merged.push_back(own);
    const auto at = std::find_if(out.country.begin(), out.country.end(), [&](const auto& country) {
      return country_key(country) == parent;
    });
    if (at == out.country.end()) {
      copy_row(production, i, parent, out);
      continue;
    }
    const auto row = static_cast<std::size_t>(at - out.country.begin());
    add_figure(out.amount[row], production.amount[i]);
    if (!out.low.empty()) add_figure(out.low[row], production.low[i]);
    if (!out.high.empty()) add_figure(out.high[row], production.high[i]);
    if (!out.quota.empty() && production.quota[i]) out.quota[row] = true;
  }
  production = std::move(out);
  return merged;
}

}  // namespace lode
