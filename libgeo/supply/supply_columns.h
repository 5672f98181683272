// Columns of the supply tables under their usual names, with low and high, read strictly.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
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
  /// A column that the reader takes by itself, or a pattern of such ("limit_<year>_t_per_year").
  void takes(const std::string& name, bool number) const;
  /// Once all columns were asked for: warning "supply.column_unused" for what no one asked for and
  /// is likely meant as one of those (a slip of the pen, another unit, another order of its words).
  /// Notes, sources and other words of the table's author stay silent.
  void say_unused(Findings& findings) const;

 private:
  struct Asked {
    std::string name;
    bool number = false;
  };
  [[nodiscard]] std::optional<std::string> likely_meant(const Column& column) const;

  const Table& table_;
  mutable std::vector<Asked> asked_{{"currency", false}, {"price_year", false}};
};

/// Error "supply.duplicate_element" where two metals share an element (NdPr beside Nd): its tonnes
/// would count twice.
void check_apart(const std::vector<std::string>& metals, const std::string& where);

/// `say_unused` of a table whose reader takes its columns by itself: by name, those of words (of
/// which slips of the pen alone are told) and those of numbers.
void say_unused_columns(const Table& table, const std::vector<std::string>& words,
                        const std::vector<std::string>& numbers, Findings& findings);

/// "NdPr_low (t)" -> ndpr, low, t.
[[nodiscard]] std::vector<std::string> column_words(const std::string& name);
[[nodiscard]] bool holds_numbers(const Column& column);

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
/// More than any figure on earth in t, USD or years: a mark for no data, or another unit.
inline constexpr double most_amount = 1e15;
inline constexpr double most_usd_per_kg = 1e6;  ///< of cost; the dearest oxides sell for 1e4
inline constexpr double most_capex_usd = 1e13;  ///< a tenth of what the world makes in a year
/// Errors "supply.negative", "supply.magnitude" unless 0 <= value <= most; NaN is missing.
void check_amount(double value, const std::string& what, const std::string& where,
                  double most = most_amount);
/// Errors of `check_amount`, and "supply.range_order" unless low <= base <= high where known.
void check_ordered(const LowBaseHigh& value, const std::string& what, const std::string& where,
                   double most = most_amount);
/// Per cent of a sum above 1, with as many decimals as tell it from 100.
[[nodiscard]] std::string per_cent_above_100(double sum);
/// Warning "supply.looks_like_fraction" where all figures of a column in per cent that are known
/// lie above `above` and at most at 1.
void say_if_fractions(const std::vector<double>& per_cent, const std::string& column,
                      const std::string& table, Findings& findings, double above = 0.0);
/// The same of shares read from columns in per cent, as fractions by row: of what a row adds up to.
void say_if_shares_are_fractions(const std::vector<std::vector<double>>& shares,
                                 const std::string& table, Findings& findings);

}  // namespace lode
