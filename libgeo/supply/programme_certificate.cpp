// Programmes that doubles cannot hold are refused, and what a solver calls best is proven again.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/supply/programme_parts.h"

namespace lode {

namespace {

constexpr double most_magnitude = 1e15;  // beyond it doubles lose the units
// A solver holds some eleven digits of sixteen: what is smaller beside the greatest is not seen.
constexpr double most_spread = 1e11;
// Less is what subtraction leaves of nothing (a cost that is the same in two years).
constexpr double least_that_counts = 1e-6;

/// Three digits: a figure is shown to be recognised.
std::string short_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

[[noreturn]] void refuse(const std::string& what, const std::string& where) {
  throw Error("supply.programme", what, where,
              "Look for a figure of the wrong unit among the inputs.");
}

/// The greatest and the least figure of a sum, each with its variable.
class Spread {
 public:
  explicit Spread(std::string where) : where_(std::move(where)) {}
  void add(double factor, const std::string& name) {
    const double size = std::abs(factor);
    if (size > most_magnitude)
      refuse(short_text(factor) + " of " + name + " is too great to be reckoned with", where_);
    if (size > greatest_) {
      greatest_ = size;
      greatest_name_ = &name;
    }
    if (size >= least_that_counts && size < least_) {
      least_ = size;
      least_name_ = &name;
    }
  }
  void check() const {
    if (least_name_ == nullptr || greatest_ <= most_spread * least_) return;
    refuse(short_text(greatest_) + " of " + *greatest_name_ + " and " + short_text(least_) +
               " of " + *least_name_ + " are too far apart to be reckoned with together",
           where_);
  }

 private:
  std::string where_;
  double greatest_ = 0.0, least_ = unbounded_value;
  const std::string *greatest_name_ = nullptr, *least_name_ = nullptr;
};

void check_side(double side, const std::string& name) {
  if (std::isfinite(side) && std::abs(side) > most_magnitude)
    refuse("its side " + short_text(side) + " is too great to be reckoned with", name);
}

std::string words_of(const Programme::Row& row) {
  if (!row.requirement.empty()) return row.requirement;
  return row.name.empty() ? "a row" : "row " + row.name;
}

/// The least of factor x value over the ends; where there is no end to it, the solver's value
/// counts if the factor is rounding alone (`hair`).
double least_part(double factor, double low, double high, double value, double hair) {
  if (factor == 0.0) return 0.0;
  const double end = factor > 0.0 ? low : high;
  if (std::isfinite(end)) return factor * end;
  return std::abs(factor) <= hair ? std::min(0.0, factor * value) : -unbounded_value;
}

}  // namespace

void check_magnitudes(const Programme& programme) {
  Spread costs("objective");
  for (const auto& variable : programme.variables) {
    costs.add(variable.cost, variable.name);
    check_side(variable.low, variable.name);
    check_side(variable.high, variable.name);
  }
  costs.check();
  for (const auto& row : programme.rows) {
    const std::string where = words_of(row);
    Spread terms(where);
    for (const auto& [variable, factor] : row.terms)
      terms.add(factor, programme.variables[variable].name);
    terms.check();
    check_side(row.low, where);
    check_side(row.high, where);
  }
}

double dual_bound(const Programme& programme, const std::vector<double>& values,
                  const std::vector<double>& duals, bool whole) {
  std::vector<Sum> rest(programme.variables.size());
  std::vector<double> size(programme.variables.size(), 1.0);
  for (std::size_t k = 0; k < rest.size(); ++k) {
    rest[k] += programme.variables[k].cost;
    size[k] += std::abs(programme.variables[k].cost);
  }
  Sum bound;
  bound += programme.constant;
  for (std::size_t r = 0; r < programme.rows.size(); ++r) {
    const auto& row = programme.rows[r];
    // A price without a side to stand on proves nothing: any other proves as well, so it is 0.
    const double side = duals[r] > 0.0 ? row.low : row.high;
    if (duals[r] == 0.0 || !std::isfinite(side)) continue;
    bound += duals[r] * side;
    for (const auto& [variable, factor] : row.terms) {
      rest[variable] += -duals[r] * factor;
      size[variable] += std::abs(duals[r] * factor);
    }
  }
  for (std::size_t k = 0; k < rest.size(); ++k) {
    const auto& variable = programme.variables[k];
    const bool fixed = whole && variable.integer;
    const double part = least_part(rest[k].value(), fixed ? values[k] : variable.low,
                                   fixed ? values[k] : variable.high, values[k], 1e-9 * size[k]);
    if (!std::isfinite(part)) return -unbounded_value;
    bound += part;
  }
  return bound.value();
}

}  // namespace lode
