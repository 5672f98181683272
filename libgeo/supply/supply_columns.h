// Columns of the supply tables under their usual names, with low and high, read strictly.
#pragma once

#include <string>
#include <vector>

#include "libgeo/core/low_base_high.h"
#include "libgeo/core/table.h"

namespace lode {

/// Columns that a table may or must have; what is not there is missing in every row.
/// Error "supply.no_column" with the name.
class SupplyColumns {
 public:
  explicit SupplyColumns(const Table& table) : table_(table) {}
  [[nodiscard]] std::vector<std::string> texts(const std::string& name, bool needed = false) const;
  [[nodiscard]] std::vector<double> numbers(const std::string& name, bool needed = false) const;
  /// `stem_unit`, `stem_low_unit` and `stem_high_unit` ("opex_low_usd_per_kg").
  [[nodiscard]] std::vector<LowBaseHigh> ranges(const std::string& stem, const std::string& unit,
                                                bool needed = false) const;

 private:
  const Table& table_;
};

/// Currency and price year of a table, by its columns `currency` and `price_year`; USD and 0 (not
/// said) without them. Errors "supply.mixed_currency", "supply.mixed_price_year".
struct Money {
  std::string currency = "USD";
  int price_year = 0;
};
[[nodiscard]] Money money_of(const Table& table);

/// A whole year from 1900 to 2200. Error "supply.year".
[[nodiscard]] int whole_year(double value, const Table& table, std::size_t row,
                             const std::string& column);
/// Errors "supply.negative", "supply.range_order" unless 0 <= low <= base <= high where known.
void check_ordered(const LowBaseHigh& value, const std::string& what, const std::string& where);

}  // namespace lode
