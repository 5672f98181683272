#include "libgeo/supply/supply_columns.h"

#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

const Column* column_of(const Table& table, const std::string& name, bool needed) {
  const Column* column = table.find(name);
  if (column == nullptr && needed)
    throw Error("supply.no_column", "the table has no column " + name, table.name,
                suggestion(name, table.names()));
  return column;
}

std::string currency_of(const Table& table) {
  const Column* column = table.find("currency");
  if (column == nullptr) return "USD";
  std::string first;
  const auto texts = table.texts("currency");
  for (std::size_t row = 0; row < texts.size(); ++row) {
    const std::string text(trim(texts[row]));
    if (text.empty()) continue;
    if (first.empty()) first = text;
    if (lower(text) != lower(first))
      throw Error("supply.mixed_currency",
                  "money in " + printable(first) + " and in " + printable(text),
                  table.name + ", " + table.row_name(row), "Convert the table to one currency.");
  }
  return first.empty() ? "USD" : first;
}

int price_year_of(const Table& table) {
  if (table.find("price_year") == nullptr) return 0;
  int first = 0;
  const auto years = table.numbers("price_year");
  for (std::size_t row = 0; row < years.size(); ++row) {
    if (std::isnan(years[row])) continue;
    const int year = whole_year(years[row], table, row, "price_year");
    if (first == 0) first = year;
    if (year != first)
      throw Error("supply.mixed_price_year",
                  "money of " + std::to_string(first) + " and of " + std::to_string(year),
                  table.name + ", " + table.row_name(row), "Bring the table to one price year.");
  }
  return first;
}

}  // namespace

Money money_of(const Table& table) {
  return {currency_of(table), price_year_of(table)};
}

std::vector<std::string> SupplyColumns::texts(const std::string& name, bool needed) const {
  const Column* column = column_of(table_, name, needed);
  return column == nullptr ? std::vector<std::string>(table_.rows()) : table_.texts(column->name);
}

std::vector<double> SupplyColumns::numbers(const std::string& name, bool needed) const {
  const Column* column = column_of(table_, name, needed);
  return column == nullptr ? std::vector<double>(table_.rows(), std::nan(""))
                           : table_.numbers(column->name);
}

std::vector<LowBaseHigh> SupplyColumns::ranges(const std::string& stem, const std::string& unit,
                                               bool needed) const {
  const auto base = numbers(stem + "_" + unit, needed);
  const auto low = numbers(stem + "_low_" + unit), high = numbers(stem + "_high_" + unit);
  std::vector<LowBaseHigh> all(base.size());
  for (std::size_t row = 0; row < all.size(); ++row) all[row] = {low[row], base[row], high[row]};
  return all;
}

int whole_year(double value, const Table& table, std::size_t row, const std::string& column) {
  if (!(value >= 1900.0 && value <= 2200.0) || value != std::floor(value))
    throw Error("supply.year", column + " " + number_text(value) + " is no year",
                table.name + ", " + table.row_name(row), "Write a whole year, such as 2030.");
  return static_cast<int>(value);
}

void check_ordered(const LowBaseHigh& value, const std::string& what, const std::string& where) {
  for (const double one : {value.low, value.base, value.high})
    if (one < 0.0 || std::isinf(one))
      throw Error("supply.negative", what + " is " + number_text(one), where,
                  "It must be 0 or more.");
  if (value.low > value.base || value.base > value.high || value.low > value.high)
    throw Error("supply.range_order", what + ": low, base and high are not in this order", where,
                "Low is the 10th percentile, high the 90th.");
  if (value.ranged() && !value.known())
    throw Error("supply.range_order", what + " has a range and no figure of its own", where,
                "Fill " + what + " too.");
}

}  // namespace lode
