// One mine, its prices and bare options: what the tests of supply's economics begin from.
#pragma once

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "libgeo/supply/economics.h"
#include "tests/error_code.h"

namespace lode::test {

inline const double none = std::nan("");

inline SupplySource mine() {
  SupplySource source;
  source.id = "mine";
  source.country = "USA";
  source.group = "domestic";
  source.capacity_t_per_year = only_base(1000);
  source.share = {0.2, 0.01};
  source.opex_usd_per_kg = only_base(6);
  source.fixed_usd_per_year = 1e6;
  source.capex_usd = only_base(20e6);
  source.lead_years = 2;
  source.ramp_years = 2;
  source.life_years = 4;
  return source;
}

inline SupplySources sources_of(std::vector<SupplySource> list) {
  SupplySources sources;
  sources.table = "sources.csv";
  sources.metals = {"NdPr", "DyTb"};
  sources.list = std::move(list);
  return sources;
}

inline PricePath flat_prices(double ndpr = 60, double dytb = 300) {
  PricePath prices;
  prices.table = "prices.csv";
  prices.metals = {"NdPr", "DyTb"};
  prices.usd_per_kg = {only_base(ndpr), only_base(dytb)};
  return prices;
}

inline SiteEconomics one(const SupplySource& source, const PricePath& prices,
                         const EconomicsOptions& options) {
  return site_economics(sources_of({source}), prices, options).sites.at(0);
}

/// Nothing but capex, opex and revenue: NPVs of it have closed forms.
inline EconomicsOptions bare() {
  EconomicsOptions options;
  options.base_year = 2026;
  return options;
}

}  // namespace lode::test
