#include "tools/cutoffs.h"

#include <cmath>
#include <limits>
#include <optional>

#include "libgeo/core/error.h"
#include "libgeo/core/quantity.h"
#include "libgeo/core/text.h"
#include "tools/params.h"

namespace lode::tools {

namespace {

std::optional<Dimension> dimension_of(const std::string& unit) {
  for (const Dimension one :
       {Dimension::grade, Dimension::density, Dimension::length, Dimension::area, Dimension::volume,
        Dimension::mass, Dimension::price_per_mass, Dimension::activity})
    if (!unit.empty() && is_unit_of(unit, one)) return one;
  return {};
}

// A number as written, brought from one unit to another.
double converted(const std::string& word, const std::string& from, const std::string& to) {
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  const std::string digits(trim(word.substr(0, word.find_first_not_of(" +-0123456789.eE"))));
  return in_unit(parse_number(digits).value_or(unknown), unit_ratio(from, to).value_or(unknown));
}

std::string unit_in(const std::string& word) {
  const auto at = word.find_first_not_of(" +-0123456789.eE");
  return at == std::string::npos ? std::string() : std::string(trim(word.substr(at)));
}

}  // namespace

std::string unit_of_column(const Table& table, const std::string& field) {
  const Column* column = table.find(field);
  if (column != nullptr && !column->unit.empty()) return column->unit;
  return unit_of_field_name(field);
}

double in_unit(double number, double ratio) {
  // Factors of units are powers of ten and the like: their ratios are whole one way or the other.
  constexpr double hair = 1e-12;
  if (std::abs(ratio - std::round(ratio)) < hair * ratio) return number * std::round(ratio);
  const double inverse = 1.0 / ratio;
  if (std::abs(inverse - std::round(inverse)) < hair * inverse) return number / std::round(inverse);
  return number * ratio;
}

std::vector<double> cutoffs_of(const std::string& text, const std::string& unit,
                               const std::string& option) {
  std::vector<double> cutoffs;
  const std::string where = "--" + option;
  const auto dimension = dimension_of(unit);
  if (dimension) {
    // This finds every fault; what it gives is rounded by the way to base units and back.
    cutoffs = option_quantities(text, *dimension, where);
    const auto words = split(text, ',');
    for (std::size_t i = 0; i < words.size() && words.size() == cutoffs.size(); ++i) {
      const std::string own = unit_in(words[i]);
      cutoffs[i] = converted(words[i], own.empty() ? unit_in(words.back()) : own, unit);
    }
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
