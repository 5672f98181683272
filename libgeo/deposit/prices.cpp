// Price tables of rare earth oxides.
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/oxides.h"

namespace lode {

namespace {

constexpr double missing_value = std::numeric_limits<double>::quiet_NaN();

const Column* first_of(const Table& table, std::initializer_list<std::string_view> names) {
  for (std::string_view name : names)
    if (const Column* column = table.find(name)) return column;
  return nullptr;
}

// A column may be named by its unit alone: the ending of "usd_per_kg" taken for itself says kg.
std::string price_unit(const Column& column) {
  if (is_unit_of(column.unit, Dimension::price_per_mass)) return column.unit;
  return unit_of_field_name("x_" + column.name);
}

const Column& price_column(const Table& table) {
  const Column* price = nullptr;
  for (const Column& column : table.columns) {
    const std::string name = lower(column.name);
    if (name.starts_with("low_") || name.starts_with("high_") || name.ends_with("_low") ||
        name.ends_with("_high") || !is_unit_of(price_unit(column), Dimension::price_per_mass))
      continue;
    if (price != nullptr)
      throw Error("prices.ambiguous_column",
                  "columns " + price->name + " and " + column.name + " both hold prices",
                  table.name, "Leave one of them out.");
    price = &column;
  }
  if (price != nullptr) return *price;
  if (const Column* column = table.find("price"))
    throw Error("unit.missing", "column " + column->name + " has no unit", table.name,
                "Name it price_usd_per_kg.");
  throw Error("prices.no_price", "no price column was found", table.name,
              "Name it price_usd_per_kg or price_usd_per_t.");
}

// "Nd2O3", "Nd", "neodymium", "Nd2O3 99.5 %", "Neodymium oxide"; a metal is no oxide.
std::optional<RareEarth> oxide_of_item(std::string_view item) {
  if (lower(item).find("metal") != std::string::npos) return std::nullopt;
  const std::string word(trim(item.substr(0, std::string_view(trim(item)).find(' '))));
  if (const auto element = find_rare_earth(word)) return element;
  const auto column = parse_grade_column(word);
  if (column && column->form == GradeForm::oxide) return column->element;
  return std::nullopt;
}

// A share of 1 from a column that may be absent (1), in its unit or plain.
std::vector<double> shares(const Table& table, std::initializer_list<std::string_view> names) {
  const Column* column = first_of(table, names);
  std::vector<double> values(table.rows(), 1.0);
  if (column == nullptr) return values;
  const std::string unit = column->unit.empty() ? unit_of_field_name(column->name) : column->unit;
  const double factor = unit.empty() ? 1.0 : unit_factor(unit, Dimension::grade, column->name);
  const std::vector<double> given = table.numbers(column->name);
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (std::isnan(given[row])) continue;
    values[row] = given[row] * factor;
    if (values[row] < 0.0 || values[row] > 1.0)
      throw Error("prices.share",
                  column->name + " = " + number_text(given[row]) +
                      " is not a share between nothing and all",
                  table.name + " " + table.row_name(row),
                  "Write 0.85, or 85 in a column " + column->name + "_pct.");
  }
  return values;
}

/// "Nd" or "neodymium" alone: the price of the metal is a fifth to a third above that of its oxide.
bool names_no_oxide(std::string_view item) {
  const std::string word(trim(item.substr(0, std::string_view(trim(item)).find(' '))));
  return find_rare_earth(word).has_value() && lower(item).find("oxide") == std::string::npos;
}

}  // namespace

PriceTable read_prices(const Table& table) {
  const Column* item = first_of(table, {"oxide", "element", "item", "name", "commodity"});
  if (item == nullptr)
    throw Error("prices.no_item", "no column names the oxides", table.name,
                "Name it oxide, with entries like Nd2O3.");
  const Column& price = price_column(table);
  const double factor = unit_factor(price_unit(price), Dimension::price_per_mass, price.name);
  const std::vector<std::string> items = table.texts(item->name);
  const std::vector<double> prices = table.numbers(price.name);
  const std::vector<double> payable = shares(table, {"payable", "payable_pct"});
  const std::vector<double> recovery = shares(table, {"recovery", "recovery_pct"});
  std::vector<double> years(table.rows(), missing_value);
  if (const Column* year = table.find("year")) years = table.numbers(year->name);

  PriceTable result;
  std::array<double, rare_earth_count> year_of{};
  std::array<bool, rare_earth_count> seen{};
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string where = table.name + " " + table.row_name(row);
    const auto element = oxide_of_item(items[row]);
    if (!element) {
      result.findings.add("prices.other_item", Severity::note, table.name,
                          "rows that name no single rare earth oxide were left out");
      continue;
    }
    if (std::isnan(prices[row])) continue;
    if (prices[row] < 0.0)
      throw Error("prices.negative", "price of " + items[row] + " is negative", where,
                  "Leave it blank when it is not known.");
    if (seen[*element] && !(std::abs(years[row] - year_of[*element]) > 0.0))
      throw Error("prices.repeated", "a second price for " + items[row], where,
                  "Leave one row an oxide, or add a column year.");
    if (seen[*element] && years[row] < year_of[*element]) continue;
    seen[*element] = true;
    year_of[*element] = years[row];
    result.of[*element] = {prices[row] * factor, payable[row], recovery[row]};
    if (names_no_oxide(items[row]))
      result.findings.add("prices.taken_as_oxide", Severity::warning, where,
                          "rows name an element; their price was taken as that of its oxide, not "
                          "of the metal (write Nd2O3)");
  }
  return result;
}

}  // namespace lode
