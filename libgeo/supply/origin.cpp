#include "libgeo/supply/origin.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/supply/indices.h"

namespace lode {

namespace {

/// Refiners come first, then every country where a way ends: its own ore, or what is not traced.
struct Chain {
  std::vector<std::string> refiners, ends;
  std::vector<std::vector<double>> to_refiner;  ///< refiner x refiner
  std::vector<std::vector<double>> to_end;      ///< refiner x end
  std::vector<double> untraced;                 ///< by refiner, of what it sells
};

std::size_t place_of(const std::vector<std::string>& sorted, const std::string& name) {
  const auto at = std::lower_bound(sorted.begin(), sorted.end(), name);
  return at != sorted.end() && *at == name ? static_cast<std::size_t>(at - sorted.begin())
                                           : sorted.size();
}

Chain chain_of(const std::vector<Origin>& origins) {
  std::map<std::string, Sum> sums;
  std::set<std::string> refiners, ends;
  for (const auto& leg : origins) {
    check_fraction("share of origin", leg.share);
    sums[country_key(leg.from)] += leg.share;
    refiners.insert(country_key(leg.from));
    ends.insert(country_key(leg.from));
    ends.insert(country_key(leg.origin));
  }
  Chain chain;
  chain.refiners.assign(refiners.begin(), refiners.end());
  chain.ends.assign(ends.begin(), ends.end());
  const std::size_t n = chain.refiners.size();
  chain.to_refiner.assign(n, std::vector<double>(n, 0.0));
  chain.to_end.assign(n, std::vector<double>(chain.ends.size(), 0.0));
  chain.untraced.assign(n, 0.0);
  for (const auto& leg : origins) {
    const std::size_t from = place_of(chain.refiners, country_key(leg.from));
    const std::string origin = country_key(leg.origin);
    const std::size_t to = place_of(chain.refiners, origin);
    if (to < n && to != from)
      chain.to_refiner[from][to] += leg.share;
    else
      chain.to_end[from][place_of(chain.ends, origin)] += leg.share;
  }
  for (std::size_t i = 0; i < n; ++i) {
    const double sum = sums[chain.refiners[i]].value();
    if (sum > 1.0 + 1e-9)
      throw Error("supply.shares_over_one", "the origins traced sum to more than the whole",
                  printable(chain.refiners[i]));
    if (1.0 - sum <= 1e-12) continue;
    chain.untraced[i] = 1.0 - sum;
    chain.to_end[i][place_of(chain.ends, chain.refiners[i])] += 1.0 - sum;
  }
  return chain;
}

/// Where the ore of each refiner ends up: refiner x end, rows that sum to 1. Refiners are taken out
/// one by one, the last first; what leaves one is handed on in the proportions of its other ways.
std::vector<std::vector<double>> ends_of(Chain& chain) {
  const std::size_t n = chain.refiners.size(), ends = chain.ends.size();
  auto& to = chain.to_refiner;
  auto& out = chain.to_end;
  for (std::size_t k = n; k-- > 0;) {
    Sum leaving;
    for (std::size_t j = 0; j < k; ++j) leaving += to[k][j];
    for (const double share : out[k]) leaving += share;
    if (!(leaving.value() > 0.0))
      throw Error("supply.closed_loop",
                  "what " + printable(chain.refiners[k]) +
                      " sells comes from refiners that sell nothing but one another's goods",
                  "origins", "Say where the ore enters: a leg to a country that mines it.");
    for (std::size_t j = 0; j < k; ++j) to[k][j] /= leaving.value();
    for (auto& share : out[k]) share /= leaving.value();
    for (std::size_t i = 0; i < k; ++i) {
      const double through = to[i][k];
      if (through == 0.0) continue;
      for (std::size_t j = 0; j < k; ++j)
        if (j != i) to[i][j] += through * to[k][j];
      for (std::size_t e = 0; e < ends; ++e) out[i][e] += through * out[k][e];
    }
  }
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t j = 0; j < k; ++j)
      for (std::size_t e = 0; e < ends; ++e) out[k][e] += to[k][j] * out[j][e];
  return out;
}

/// How much of what reaches each refiner's books stays there untraced: the same chain with one end
/// for what is not traced.
std::vector<double> untraced_of(Chain chain) {
  for (std::size_t i = 0; i < chain.refiners.size(); ++i) {
    Sum known;
    for (const double share : chain.to_end[i]) known += share;
    chain.to_end[i] = {std::max(known.value() - chain.untraced[i], 0.0), chain.untraced[i]};
  }
  chain.ends = {"known", "untraced"};
  std::vector<double> out;
  for (const auto& row : ends_of(chain)) out.push_back(row[1]);
  return out;
}

}  // namespace

TracedImports trace_imports(const Production& imports, const std::vector<Origin>& origins) {
  if (imports.amount.size() != imports.country.size())
    throw Error("supply.length", "countries and amounts differ in number", "imports");
  Chain chain = chain_of(origins);
  TracedImports traced;
  traced.countries_traced = chain.refiners.size();
  for (std::size_t i = 0; i < chain.refiners.size(); ++i)
    if (chain.untraced[i] > 0.0) traced.untraced.push_back(chain.refiners[i]);
  const auto left = untraced_of(chain);
  const auto ends = ends_of(chain);
  std::map<std::string, Sum> by_origin;
  std::map<std::string, bool> unknown;
  Sum total, refined, untraced;
  for (std::size_t i = 0; i < imports.country.size(); ++i) {
    const std::string seller = country_key(imports.country[i]);
    const double amount = imports.amount[i];
    if (std::isnan(amount)) {
      unknown[seller] = true;
      continue;
    }
    total += amount;
    const std::size_t at = place_of(chain.refiners, seller);
    if (at == chain.refiners.size()) {
      by_origin[seller] += amount;
      continue;
    }
    refined += amount;
    untraced += amount * left[at];
    for (std::size_t e = 0; e < chain.ends.size(); ++e)
      if (ends[at][e] > 0.0) by_origin[chain.ends[e]] += amount * ends[at][e];
  }
  Production& out = traced.by_origin;
  out.element = imports.element;
  out.stage = imports.stage;
  out.percent = imports.percent;
  out.source = imports.source;
  out.period = imports.period;
  out.tonnes_per_unit = imports.tonnes_per_unit;
  for (const auto& [country, amount] : by_origin) {
    out.country.push_back(country);
    out.amount.push_back(amount.value());
  }
  for (const auto& [country, is] : unknown) {
    if (!is || by_origin.count(country) > 0) continue;
    out.country.push_back(country);
    out.amount.push_back(std::numeric_limits<double>::quiet_NaN());
  }
  if (total.value() > 0.0) {
    traced.refined_share = refined.value() / total.value();
    traced.untraced_share = untraced.value() / total.value();
  }
  return traced;
}

Production trace_origin(const Production& imports, const std::vector<Origin>& origins) {
  return trace_imports(imports, origins).by_origin;
}

}  // namespace lode
