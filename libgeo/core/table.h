// Columns of numbers or text with their units: what every reader returns and every stage takes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lode {

enum class ColumnKind { number, text };

/// One column; only the vector of its kind is filled. Missing is NaN, or the empty text.
struct Column {
  std::string name;
  ColumnKind kind = ColumnKind::number;
  std::string unit;  ///< as declared or found in the name; "" when none is known
  std::vector<double> numbers;
  std::vector<std::string> texts;

  [[nodiscard]] std::size_t size() const {
    return kind == ColumnKind::number ? numbers.size() : texts.size();
  }
};

[[nodiscard]] Column number_column(std::string name, std::vector<double> values,
                                   std::string unit = {});
[[nodiscard]] Column text_column(std::string name, std::vector<std::string> values);

/// Columns of one length. `name` says where it came from ("deposits.shp:deposits"), for messages.
struct Table {
  std::string name;
  std::vector<Column> columns;
  /// Row labels for messages, e.g. "row 7" or "feature 12"; empty = counted from 1.
  std::vector<std::string> row_names;

  [[nodiscard]] std::size_t rows() const { return columns.empty() ? 0 : columns.front().size(); }
  [[nodiscard]] std::vector<std::string> names() const;
  /// Exact name first, then any case; null when there is none.
  /// Error "table.ambiguous_field" when only case tells several columns apart.
  [[nodiscard]] const Column* find(std::string_view field) const;
  /// As `find`; error "table.no_field" with the nearest name when there is none.
  [[nodiscard]] const Column& at(std::string_view field) const;
  /// Throws "table.length" unless the column is as long as the others.
  void add(Column column);
  [[nodiscard]] std::string row_name(std::size_t row) const;

  /// The column as numbers. Text is read strictly: error "table.bad_number" with the row for
  /// anything that is not a number and not blank.
  [[nodiscard]] std::vector<double> numbers(std::string_view field) const;
  /// The column as text; numbers in shortest form, missing as "".
  [[nodiscard]] std::vector<std::string> texts(std::string_view field) const;
};

}  // namespace lode
