#include "libgeo/report/classes.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/text.h"
#include "libgeo/report/field_titles.h"
#include "libgeo/report/wording.h"

namespace lode::report {
namespace {

constexpr int kMostDigits = 7;

enum class Towards { below, nearest, above };

/// To so many significant digits; read back from its text, so that 0.3 is the 0.3 of a legend.
double rounded(double value, int digits, Towards towards) {
  if (value == 0.0) return 0.0;
  const int magnitude = static_cast<int>(std::floor(std::log10(std::abs(value))));
  const int exponent = magnitude - digits + 1;
  const double power = std::pow(10.0, std::abs(exponent));
  const double steps = exponent >= 0 ? value / power : value * power;
  double whole = std::round(steps);
  const auto back = [&](double number) {
    return parse_number(number_text(number) + "e" + std::to_string(exponent)).value_or(value);
  };
  if (towards == Towards::below && back(whole) > value) whole = std::floor(steps - 0.5);
  if (towards == Towards::above && back(whole) < value) whole = std::ceil(steps + 0.5);
  return back(whole);
}

bool rises(const std::vector<double>& bounds) {
  return std::adjacent_find(bounds.begin(), bounds.end(),
                            [](double a, double b) { return !(a < b); }) == bounds.end();
}

/// Classes between bounds, those without a value joined to the next one.
std::vector<NumberClass> between(const std::vector<double>& bounds,
                                 const std::vector<double>& sorted) {
  std::vector<NumberClass> classes;
  double lower = bounds.front();
  auto from = sorted.begin();
  for (std::size_t i = 1; i < bounds.size(); ++i) {
    const auto to = std::upper_bound(from, sorted.end(), bounds[i]);
    if (to == from) continue;
    classes.push_back({lower, bounds[i]});
    lower = bounds[i];
    from = to;
  }
  return classes;
}

std::vector<NumberClass> quantiles(const std::vector<double>& sorted, std::size_t most) {
  std::vector<double> cuts;
  for (std::size_t k = 1; k < most; ++k) cuts.push_back(sorted[k * (sorted.size() - 1) / most]);
  std::vector<NumberClass> best;
  for (int digits = 2; digits <= kMostDigits; ++digits) {
    std::vector<double> bounds{rounded(sorted.front(), digits, Towards::below)};
    for (const double cut : cuts) bounds.push_back(rounded(cut, digits, Towards::nearest));
    bounds.push_back(rounded(sorted.back(), digits, Towards::above));
    std::sort(bounds.begin(), bounds.end());
    bounds.erase(std::unique(bounds.begin(), bounds.end()), bounds.end());
    if (bounds.front() > sorted.front() || bounds.back() < sorted.back() || !rises(bounds))
      continue;
    const auto classes = between(bounds, sorted);
    if (classes.size() > best.size()) best = classes;
    if (best.size() + 1 >= most) return best;
  }
  if (best.empty()) best.push_back({sorted.front(), sorted.back()});
  return best;
}

bool wide_share(const std::vector<double>& sorted, std::string_view unit) {
  return unit == "%" && sorted.front() >= 0.0 && sorted.back() <= 100.0 &&
         sorted.back() - sorted.front() >= 40.0;
}

std::vector<NumberClass> shares(const std::vector<double>& sorted) {
  std::vector<NumberClass> classes;
  if (sorted.front() == 0.0) classes.push_back({0.0, 0.0});
  for (int k = 0; k < 5; ++k) {
    const NumberClass one{20.0 * k, 20.0 * (k + 1)};
    const auto from = std::upper_bound(sorted.begin(), sorted.end(), one.lower);
    const auto to = k == 4 ? std::lower_bound(sorted.begin(), sorted.end(), one.upper)
                           : std::upper_bound(sorted.begin(), sorted.end(), one.upper);
    if (from < to) classes.push_back(one);
  }
  if (sorted.back() == 100.0) classes.push_back({100.0, 100.0});
  return classes;
}

std::string number_words(double value) {
  const std::string words = people(value);
  std::string plain = words;
  std::erase(plain, ',');
  return parse_number(plain) == value ? words : number_text(value);
}

}  // namespace

std::vector<NumberClass> classes_of(const std::vector<double>& values, std::string_view unit,
                                    std::size_t most) {
  std::vector<double> sorted;
  for (const double value : values)
    if (std::isfinite(value)) sorted.push_back(value + 0.0);
  std::sort(sorted.begin(), sorted.end());
  if (sorted.empty()) return {};
  std::vector<double> different = sorted;
  different.erase(std::unique(different.begin(), different.end()), different.end());
  std::vector<NumberClass> classes;
  if (different.size() <= most) {
    for (const double value : different) classes.push_back({value, value});
    return classes;
  }
  if (wide_share(sorted, unit)) return shares(sorted);
  const auto positive = std::upper_bound(sorted.begin(), sorted.end(), 0.0);
  const auto zeros = static_cast<std::size_t>(positive - sorted.begin());
  if (sorted.front() < 0.0 || zeros * most < sorted.size() || most < 3)
    return quantiles(sorted, most);
  classes.push_back({0.0, 0.0});
  for (const auto& one : quantiles({positive, sorted.end()}, most - 1)) classes.push_back(one);
  return classes;
}

std::string class_label(const NumberClass& one, std::string_view unit) {
  std::string out = number_words(one.lower);
  if (one.lower != one.upper) out += " to " + number_words(one.upper);
  const std::string words = unit_shown(unit);
  return words.empty() ? out : out + " " + words;
}

}  // namespace lode::report
