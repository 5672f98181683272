// Columns of numbers of a file in tests/cases, lines that begin with # passed over.
#pragma once

#include <fstream>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "libgeo/core/text.h"
#include "libgeo/estimation/samples.h"

namespace lode {

[[nodiscard]] inline std::map<std::string, std::vector<double>> case_columns(
    const std::string& name) {
  std::ifstream file(std::string(LODE_SOURCE_DIR) + "/tests/cases/" + name);
  std::map<std::string, std::vector<double>> columns;
  std::vector<std::string> names;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("#")) continue;
    const auto cells = split(line, ',');
    if (names.empty()) {
      names = cells;
      continue;
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto number = i < cells.size() ? parse_number(cells[i]) : std::nullopt;
      columns[names[i]].push_back(number.value_or(std::numeric_limits<double>::quiet_NaN()));
    }
  }
  return columns;
}

/// cokriging_samples.csv: two variables, not all at the same places.
[[nodiscard]] inline Samples two_variables() {
  auto columns = case_columns("cokriging_samples.csv");
  Samples samples;
  samples.x = columns["x"];
  samples.y = columns["y"];
  samples.z.assign(samples.x.size(), 0.0);
  samples.variables = {"a", "b"};
  samples.values = {columns["a"], columns["b"]};
  return samples;
}

}  // namespace lode
