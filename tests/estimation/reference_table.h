// Small CSV files of reference numbers: comments, a header, then cells by column name.
#pragma once

#include <fstream>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "libgeo/core/text.h"

namespace lode::test {

using ReferenceRow = std::map<std::string, std::string>;

inline std::vector<ReferenceRow> reference_rows(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> header;
  std::vector<ReferenceRow> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::vector<std::string> cells = split(line, ',');
    for (std::string& cell : cells) {
      cell = std::string(trim(cell));
      if (cell.size() > 1 && cell.front() == '"') cell = cell.substr(1, cell.size() - 2);
    }
    if (header.empty()) {
      header = cells;
      continue;
    }
    ReferenceRow row;
    for (std::size_t i = 0; i < header.size() && i < cells.size(); ++i) row[header[i]] = cells[i];
    rows.push_back(std::move(row));
  }
  return rows;
}

inline double number_in(const ReferenceRow& row, const std::string& column) {
  return parse_number(row.at(column)).value_or(std::numeric_limits<double>::quiet_NaN());
}

}  // namespace lode::test
