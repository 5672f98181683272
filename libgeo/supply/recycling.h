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
/// Error "supply.lifetime".
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
/// Error "supply.lifetime" for a mean that is not above 0, or a spread that is not (but for fixed)
/// or that says nothing (Weibull's shape outside 0.1 to 1000, a deviation above 1000 means);
/// "supply.magnitude" for a mean that no one can have.
void check_lifetime(const Lifetime& lifetime, const std::string& where);

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
  /// Collection stands at `collection_from` to the last year of sales and rises from there in a
  /// straight line to `collection` by `collection_by`; 0 = it is `collection` in all years.
  double collection_from = 0.0;
  int collection_by = 0;
  double start = std::numeric_limits<double>::quiet_NaN();  ///< first year of the plant
  double lead_years = 0.0, ramp_years = 0.0;
  LowBaseHigh opex_usd_per_kg;      ///< per kg of oxide recovered; NaN = not said
  double fixed_usd_per_year = 0.0;  ///< while the plant is open, whatever it makes
  LowBaseHigh capex_usd;            ///< NaN = none said
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
/// fixed_usd_per_year capex_usd start growth_pct collection_from_pct collection_by`, with
/// `collection_low_pct ...` for ranges. Errors: "supply.no_column", "supply.share_over_one",
/// "supply.shares_over_one" (metals together), "supply.year", "supply.negative",
/// "supply.magnitude", "supply.lifetime", "supply.no_feedstock" (nothing was ever sold, or it is
/// not said how much oxide that holds), "supply.no_step" (a share is not given),
/// "supply.stock_differs" (two rows of an id say different things), "supply.no_id",
/// "supply.range_order", "supply.duplicate_element", "supply.unknown_element",
/// "supply.mixed_currency", "supply.mixed_price_year"; warnings "supply.no_share",
/// "supply.looks_like_fraction", "supply.column_unused".
[[nodiscard]] ProductStocks read_stocks(const Table& table, Findings& findings);
/// The same checks of stocks made by hand, and "supply.length" (a share of each metal).
void check_stocks(const ProductStocks& stocks);

/// What a stock gives by year: tonnes of oxide.
struct RecyclingFlow {
  std::string id;
  std::vector<int> years;
  std::vector<double> retired_t, collected_t, dismantled_t;  ///< contained oxide, base shares
  /// What could be recovered, from any plant's start on or before: low takes the low of every step.
  std::vector<LowBaseHigh> recovered_t;
  std::vector<double> in_use_t;   ///< contained oxide at the end of the year
  double sold_before_t = 0.0;     ///< contained oxide of sales before the first of these years ...
  double retired_before_t = 0.0;  ///< ... and what of it had retired by then
  std::vector<double> sold_t;     ///< contained oxide of the year's sales
  /// Recovered over demand is the end-of-life recycling input rate, recovered over retired the
  /// end-of-life recycling rate: different figures.
  double recycling_rate = 0.0;  ///< over all these years; NaN where nothing retires
};

/// Outflow_t = sum over years sold_s x (F(t - s + 1/2) - F(t - s - 1/2)), sales in mid year (Müller
/// et al. 2014, inflow driven). What is sold is what retires and what stays in use: checked to
/// 1e-9. Errors: those of `check_stocks`, "supply.year" (backward, or
/// beyond 1000 years), "supply.balance".
[[nodiscard]] std::vector<RecyclingFlow> recycling_flows(const ProductStocks& stocks, int from_year,
                                                         int to_year);
/// Sources on the axes of mines: capacity = the largest recovered flow of the years, feedstock and
/// ramp from the flow, kind secondary. What each year allows stands in `limit_t_per_year`. Errors:
/// those of `recycling_flows`.
[[nodiscard]] SupplySources recycling_sources(const ProductStocks& stocks, int from_year,
                                              int to_year);
/// Adds them to other sources: metals and burdens that one side does not name are 0 there. Errors:
/// "supply.money", those of `recycling_sources` and of `check_sources`; warning
/// "supply.other_metals" where no metal is common.
void add_recycling(SupplySources& sources, const ProductStocks& stocks, int from_year, int to_year,
                   Findings& findings);

}  // namespace lode
