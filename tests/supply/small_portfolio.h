// Sources, demand and policies of portfolios that can be solved by hand.
#pragma once

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "libgeo/supply/portfolio.h"

namespace lode::test {

inline SupplySource small_source(const std::string& id, const std::string& country,
                                 double capacity_t, double opex, double capex = std::nan(""),
                                 double lead = 0.0) {
  SupplySource source;
  source.id = source.name = source.where = id;
  source.country = country;
  source.capacity_t_per_year = only_base(capacity_t);
  source.opex_usd_per_kg = only_base(opex);
  source.capex_usd = only_base(capex);
  source.lead_years = lead;
  source.ramp_years = 1.0;
  source.share = {1.0};
  source.operating = std::isnan(capex);
  return source;
}

inline SupplySources small_sources(std::vector<SupplySource> list) {
  SupplySources sources;
  sources.table = "sources";
  sources.metals = {"NdPr"};
  sources.list = std::move(list);
  return sources;
}

inline SupplyDemand small_demand(int first, const std::vector<double>& tonnes) {
  SupplyDemand demand;
  demand.table = "demand";
  demand.metals = {"NdPr"};
  for (std::size_t t = 0; t < tonnes.size(); ++t) {
    demand.years.push_back(first + static_cast<int>(t));
    demand.tonnes.push_back(only_base(tonnes[t]));
  }
  return demand;
}

inline PortfolioPolicy small_policy(bool allow_shortfall = false) {
  PortfolioPolicy policy;
  policy.base_year = 2026;
  policy.discount = 0.0;
  policy.gap = 0.0;
  policy.allow_shortfall = allow_shortfall;
  return policy;
}

}  // namespace lode::test
