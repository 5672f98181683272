// Reads tests/cases/*.csv and the small tables inside their cells.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "tests/error_code.h"

namespace lode::test {

using Case = std::map<std::string, std::string>;

/// Cells of these files hold no commas and no quotes.
inline std::vector<Case> read_cases(const std::string& file) {
  std::ifstream in(std::string(LODE_SOURCE_DIR) + "/tests/cases/" + file);
  EXPECT_TRUE(in.good()) << file;
  std::vector<Case> cases;
  std::vector<std::string> header;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    const auto cells = split(line, ',');
    if (header.empty()) {
      header = cells;
      continue;
    }
    EXPECT_EQ(cells.size(), header.size()) << line;
    Case one;
    for (std::size_t k = 0; k < std::min(cells.size(), header.size()); ++k)
      one[header[k]] = cells[k];
    cases.push_back(one);
  }
  return cases;
}

inline std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> out;
  for (const auto& word : split(text, ' '))
    if (!word.empty()) out.push_back(word);
  return out;
}

/// Decimal numbers, fractions such as 1/3, and "nan".
inline double number(const std::string& text) {
  if (text == "nan") return std::nan("");
  const auto slash = text.find('/');
  const auto above = parse_number(text.substr(0, slash));
  const auto below = slash == std::string::npos ? std::optional<double>(1.0)
                                                : parse_number(text.substr(slash + 1));
  EXPECT_TRUE(above && below) << "'" << text << "'";
  return above && below ? *above / *below : std::nan("");
}

inline std::vector<double> numbers(const std::string& text) {
  std::vector<double> out;
  for (const auto& word : words(text)) out.push_back(number(word));
  return out;
}

/// Rows by ";", row-major.
struct Matrix {
  std::size_t rows = 0, columns = 0;
  std::vector<double> cells;

  [[nodiscard]] std::vector<double> by_column() const {
    std::vector<double> out(cells.size());
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < columns; ++j) out[j * rows + i] = cells[i * columns + j];
    return out;
  }
};

inline Matrix matrix(const std::string& text) {
  Matrix out;
  for (const auto& row : split(text, ';')) {
    const auto values = numbers(row);
    out.columns = values.size();
    ++out.rows;
    out.cells.insert(out.cells.end(), values.begin(), values.end());
  }
  EXPECT_EQ(out.cells.size(), out.rows * out.columns) << text;
  return out;
}

inline std::map<std::string, std::string> parameters(const std::string& text) {
  std::map<std::string, std::string> out;
  for (const auto& part : split(text, '|')) {
    const auto equals = part.find('=');
    if (equals != std::string::npos) out[part.substr(0, equals)] = part.substr(equals + 1);
  }
  return out;
}

}  // namespace lode::test
