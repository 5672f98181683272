// Demand by metal and year, and prices by metal and year, each from one table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/low_base_high.h"
#include "libgeo/core/table.h"

namespace lode {

/// Tonnes of oxide by metal and year; years rise one by one.
struct SupplyDemand {
  std::string table;
  std::vector<std::string> metals;
  std::vector<int> years;
  std::vector<LowBaseHigh> tonnes;  ///< [metal * years + year]

  [[nodiscard]] const LowBaseHigh& at(std::size_t metal, std::size_t year) const {
    return tonnes[metal * years.size() + year];
  }
};

/// "ndpr_t" -> NdPr; "" for a column that is of no metal, or a low or high of one.
[[nodiscard]] std::string metal_of_column(const std::string& column);

struct MetalColumn {
  std::string column, metal;
};
/// The columns of a table of demand that each give a metal's tonnes, in their order. A demand that
/// is lost would make "nothing is missing" false, so all that looks like one must be understood.
/// Errors: "supply.demand_column" for another unit, a word that is no metal or a low or high
/// without its base; "supply.duplicate_element", "supply.no_demand". A total is not read: warning
/// "supply.column_unused".
[[nodiscard]] std::vector<MetalColumn> metal_columns(const Table& table, Findings& findings);

/// Columns `year` and `<metal>_t`, perhaps `<metal>_low_t <metal>_high_t`; texts are left. Errors:
/// those of `metal_columns`, "supply.no_column", "supply.year" (not whole, repeated, a gap),
/// "supply.negative", "supply.magnitude", "supply.no_demand" (no metal, or nothing above 0),
/// "supply.range_order".
[[nodiscard]] SupplyDemand read_demand(const Table& table, Findings& findings);

/// The same checks of a demand made by hand: "supply.no_demand" without a metal or a year,
/// "supply.year" where years do not rise one by one, "supply.length" where not every metal and year
/// has its tonnes, "supply.negative".
void check_demand(const SupplyDemand& demand);

/// USD per kg of oxide by metal, the same in all years or by year.
struct PricePath {
  std::string table, currency = "USD";
  int price_year = 0;  ///< of the money; 0 = not said
  std::vector<std::string> metals;
  std::vector<int> years;               ///< empty = one price for all years
  std::vector<LowBaseHigh> usd_per_kg;  ///< [metal * max(1, years) + year]; NaN = no price
  std::vector<std::string> source;      ///< by metal, may be empty

  /// NaN for a metal without one. Years beyond the table take its first or last. Error
  /// "supply.length" where there is not a price of each metal and year.
  [[nodiscard]] LowBaseHigh of(std::string_view metal, int year) const;
};

/// Rows `metal` (or `oxide`, `element`: "NdPr", "Nd2O3", "Nd"), `price_usd_per_kg` (or
/// `usd_per_kg`), perhaps `low_usd_per_kg high_usd_per_kg year currency price_year source`.
/// Repeated metals need a `year` in every row, and then it is a path; with one row a metal, `year`
/// is the price year, the same in all. Errors: "supply.no_column", "supply.no_price",
/// "supply.negative", "supply.magnitude", "supply.mixed_currency", "supply.mixed_price_year",
/// "supply.duplicate_price", "supply.range_order". Warnings: "supply.price_gap" (a year between two
/// rows of a metal takes the row before), "supply.column_unused".
[[nodiscard]] PricePath read_price_path(const Table& table, Findings& findings);

/// Error "supply.money" when the two tables are in different currencies, or of money of different
/// years and both say which.
void check_same_money(const std::string& currency_a, int year_a, const std::string& table_a,
                      const std::string& currency_b, int year_b, const std::string& table_b);

}  // namespace lode
