#include "libgeo/core/table.h"

#include <limits>

#include "libgeo/core/error.h"
#include "libgeo/core/quantity.h"
#include "libgeo/core/text.h"

namespace lode {

Column number_column(std::string name, std::vector<double> values, std::string unit) {
  if (unit.empty()) unit = unit_of_field_name(name);
  return Column{std::move(name), ColumnKind::number, std::move(unit), std::move(values), {}};
}

Column text_column(std::string name, std::vector<std::string> values) {
  return Column{std::move(name), ColumnKind::text, {}, {}, std::move(values)};
}

std::vector<std::string> Table::names() const {
  std::vector<std::string> names;
  for (const auto& column : columns) names.push_back(column.name);
  return names;
}

const Column* Table::find(std::string_view field) const {
  const Column* match = nullptr;
  const std::string wanted = lower(field);
  for (const auto& column : columns)
    if (column.name == field) return &column;
  for (const auto& column : columns) {
    if (lower(column.name) != wanted) continue;
    if (match)
      throw Error(
          "table.ambiguous_field",
          "'" + std::string(field) + "' fits both '" + match->name + "' and '" + column.name + "'",
          name, "Write the field's name with its capitals.");
    match = &column;
  }
  return match;
}

const Column& Table::at(std::string_view field) const {
  if (const Column* column = find(field)) return *column;
  throw Error("table.no_field", "there is no field '" + std::string(field) + "'", name,
              suggestion(field, names()));
}

void Table::add(Column column) {
  if (!columns.empty() && column.size() != rows())
    throw Error("table.length",
                "column '" + column.name + "' has " + std::to_string(column.size()) +
                    " rows, not " + std::to_string(rows()),
                name);
  columns.push_back(std::move(column));
}

std::string Table::row_name(std::size_t row) const {
  if (row < row_names.size()) return row_names[row];
  return "row " + std::to_string(row + 1);
}

std::vector<double> Table::numbers(std::string_view field) const {
  const Column& column = at(field);
  if (column.kind == ColumnKind::number) return column.numbers;
  std::vector<double> values(column.texts.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (trim(column.texts[row]).empty()) continue;
    const auto value = parse_number(column.texts[row]);
    if (!value)
      throw Error(
          "table.bad_number",
          "'" + printable(column.texts[row]) + "' in field '" + column.name + "' is not a number",
          name + ", " + row_name(row),
          "Correct the value, or name it with --missing or --below-detection.");
    values[row] = *value;
  }
  return values;
}

std::vector<std::string> Table::texts(std::string_view field) const {
  const Column& column = at(field);
  if (column.kind == ColumnKind::text) return column.texts;
  std::vector<std::string> values;
  values.reserve(column.numbers.size());
  for (const double number : column.numbers) values.push_back(number_text(number));
  return values;
}

}  // namespace lode
