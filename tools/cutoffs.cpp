#include "tools/cutoffs.h"

#include <optional>

#include "libgeo/core/error.h"
#include "libgeo/core/quantity.h"
#include "libgeo/core/text.h"

namespace lode::tools {

namespace {

std::optional<Dimension> dimension_of(const std::string& unit) {
  for (const Dimension one :
       {Dimension::grade, Dimension::density, Dimension::length, Dimension::area, Dimension::volume,
        Dimension::mass, Dimension::price_per_mass, Dimension::activity})
    if (!unit.empty() && is_unit_of(unit, one)) return one;
  return {};
}

}  // namespace

std::string unit_of_column(const Table& table, const std::string& field) {
  const Column* column = table.find(field);
  if (column != nullptr && !column->unit.empty()) return column->unit;
  return unit_of_field_name(field);
}

std::vector<double> cutoffs_of(const std::string& text, const std::string& unit,
                               const std::string& option) {
  std::vector<double> cutoffs;
  const std::string where = "--" + option;
  const auto dimension = dimension_of(unit);
  if (dimension) {
    cutoffs = parse_quantities(text, *dimension, where);
    for (double& one : cutoffs) one /= unit_factor(unit, *dimension);
  } else {
    for (const std::string& word : split(text, ',')) {
      const auto number = parse_number(word);
      if (!number)
        throw Error("usage.cutoff", "'" + printable(word) + "' is no number", where,
                    "The column has no unit that is known: give bare numbers.");
      cutoffs.push_back(*number);
    }
  }
  for (std::size_t i = 1; i < cutoffs.size(); ++i)
    if (!(cutoffs[i] > cutoffs[i - 1]))
      throw Error("usage.cutoff", "the cut-offs '" + printable(text) + "' do not rise", where,
                  "Write them from low to high, each once.");
  if (cutoffs.empty())
    throw Error("usage.cutoff", "there is no cut-off", where, "For example '0.5,1,2 %'.");
  return cutoffs;
}

}  // namespace lode::tools
