// A table written out in a test: lines of cells, columns of numbers where all cells are numbers.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "libgeo/core/table.h"
#include "libgeo/core/text.h"

namespace lode::test {

/// "id,t\nA,1\nB,\n": cells hold no commas; an empty cell is missing.
inline Table csv_table(const std::string& name, const std::string& text) {
  std::vector<std::vector<std::string>> cells;
  for (const auto& line : split(text, '\n'))
    if (!trim(line).empty()) cells.push_back(split(line, ','));
  Table table;
  table.name = name;
  for (std::size_t c = 0; c < cells.front().size(); ++c) {
    std::vector<std::string> texts;
    std::vector<double> numbers;
    bool numeric = true;
    for (std::size_t row = 1; row < cells.size(); ++row) {
      texts.push_back(c < cells[row].size() ? std::string(trim(cells[row][c])) : "");
      const auto number = parse_number(texts.back());
      numeric = numeric && (number || texts.back().empty());
      numbers.push_back(number.value_or(std::numeric_limits<double>::quiet_NaN()));
    }
    const std::string column(trim(cells.front()[c]));
    table.add(numeric ? number_column(column, numbers) : text_column(column, texts));
  }
  return table;
}

}  // namespace lode::test
