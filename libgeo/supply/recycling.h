// What old stock gives back: lifetimes turn past sales into scrap, scrap into recovered oxide.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/low_base_high.h"
#include "libgeo/core/table.h"
#include "libgeo/supply/sources.h"

namespace lode {

enum class LifetimeShape { fixed, weibull, normal, lognormal };
[[nodiscard]] std::string_view to_text(LifetimeShape shape);
[[nodiscard]] LifetimeShape parse_lifetime_shape(std::string_view text,
                                                 const std::string& where = {});

/// Years in use. Weibull by mean and shape; normal and lognormal by mean and standard deviation.
struct Lifetime {
  LifetimeShape shape = LifetimeShape::weibull;
  double mean_years = 10.0,
         spread = 3.5;  ///< spread: Weibull's shape k, else the deviation in years
};
/// Part that has gone out of use by `age` years, 0 to 1 (0 at age 0 and before).
[[nodiscard]] double retired_by(const Lifetime& lifetime, double age_years);

/// One product in use, in one country: wind turbines, drives, cars.
struct ProductStock {
  std::string id, product, country;
  std::vector<int> years;      ///< of sales, rising one by one
  std::vector<double> sold_t;  ///< tonnes of product (or of magnets) by year
  double growth = 0.0;         ///< of sales after the last year, a year
  double oxide_content = 0.0;  ///< of the product's mass, as oxide
  std::vector<double> share;   ///< of that oxide, by metal
  Lifetime lifetime;
  LowBaseHigh collection, dismantling, recovery;  ///< shares, 0 to 1, of what comes before
  double collection_from = 0.0;  ///< collection rises linearly from here to `collection` by
  int collection_by = 0;         ///< this year; 0 = at once
  double start = std::numeric_limits<double>::quiet_NaN();  ///< first year of the plant
  double lead_years = 0.0, ramp_years = 0.0;
  LowBaseHigh opex_usd_per_kg;
  double capex_usd = 0.0;
  std::string where;
};

struct ProductStocks {
  std::string table, currency = "USD";
  int price_year = 0;
  std::vector<std::string> metals;
  std::vector<ProductStock> list;
};

/// One row a product, country and year of sales: `id product country year sold_t` and, the same in
/// all rows of an id or only in its first, `oxide_content_pct share_<metal> lifetime mean_years
/// spread collection_pct dismantling_pct recovery_pct lead_years ramp_years opex_usd_per_kg
/// capex_usd start growth_pct collection_from_pct collection_by`, with `collection_low_pct ...` for
/// ranges. Errors: "supply.no_column", "supply.share_over_one", "supply.year", "supply.negative",
/// "supply.lifetime", "supply.no_feedstock" (nothing was ever sold).
[[nodiscard]] ProductStocks read_stocks(const Table& table, Findings& findings);

/// What a stock gives by year: tonnes of oxide.
struct RecyclingFlow {
  std::string id;
  std::vector<int> years;
  std::vector<double> retired_t, collected_t, dismantled_t;  ///< contained oxide
  std::vector<LowBaseHigh> recovered_t;
  std::vector<double> in_use_t;  ///< contained oxide at the end of the year
  /// Recovered over demand is the end-of-life recycling input rate, recovered over retired the
  /// end-of-life recycling rate: different figures.
  double recycling_rate = 0.0;
};

/// Outflow_t = sum over years sold_s x (F(t - s + 1/2) - F(t - s - 1/2)), sales in mid year (Müller
/// et al. 2014, inflow driven). What is sold is what retires and what stays in use: checked to
/// 1e-9.
[[nodiscard]] std::vector<RecyclingFlow> recycling_flows(const ProductStocks& stocks, int from_year,
                                                         int to_year);
/// Sources on the axes of mines: capacity = the largest recovered flow of the years, feedstock and
/// ramp from the flow, kind secondary. What each year allows stands in `limit_t_per_year`.
[[nodiscard]] SupplySources recycling_sources(const ProductStocks& stocks, int from_year,
                                              int to_year);

}  // namespace lode
