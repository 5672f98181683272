// Least and greatest HHI of amounts that are known within ranges.
#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/supply/concentration.h"

namespace lode {

namespace {

double hhi_of(const std::vector<double>& amounts, double other) {
  Sum total, squares;
  for (const double amount : amounts) {
    total += amount;
    squares += amount * amount;
  }
  total += other;
  return total.value() > 0.0 ? squares.value() / (total.value() * total.value()) : 0.0;
}

/// sum a^2/(sum a + o)^2 falls in a_i while a_i < t = sum a^2/(sum a + o) and rises above, so the
/// least has every a_i at t or at the bound next to it; o only lowers it. Between two neighbouring
/// bounds the amounts that are free all equal t, which then is C2/(C1 + o) of the others.
double least_hhi(const std::vector<double>& low, const std::vector<double>& high, double other) {
  std::vector<double> bounds{0.0};
  for (const auto* column : {&low, &high})
    for (const double x : *column)
      if (std::isfinite(x)) bounds.push_back(x);
  std::sort(bounds.begin(), bounds.end());
  double least = std::numeric_limits<double>::infinity();
  std::vector<double> amounts(low.size());
  const auto try_level = [&](double level) {
    for (std::size_t i = 0; i < low.size(); ++i) amounts[i] = std::clamp(level, low[i], high[i]);
    if (const double value = hhi_of(amounts, other); value > 0.0) least = std::min(least, value);
  };
  for (std::size_t k = 0; k < bounds.size(); ++k) {
    try_level(bounds[k]);
    const double above =
        k + 1 < bounds.size() ? bounds[k + 1] : std::numeric_limits<double>::infinity();
    const double inside = std::isinf(above) ? bounds[k] + 1.0 : (bounds[k] + above) / 2.0;
    Sum first, second;
    for (std::size_t i = 0; i < low.size(); ++i) {
      if (low[i] < inside && inside < high[i]) continue;  // free here
      const double fixed = low[i] >= inside ? low[i] : high[i];
      first += fixed;
      second += fixed * fixed;
    }
    const double below = first.value() + other;
    if (below > 0.0) try_level(std::clamp(second.value() / below, bounds[k], above));
  }
  return std::isinf(least) ? 0.0 : least;
}

/// In one amount the index has no inner maximum, so the greatest is at a corner.
double greatest_hhi(const std::vector<double>& low, const std::vector<double>& high) {
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < low.size(); ++i)
    if (high[i] > low[i]) open.push_back(i);
  std::vector<double> amounts = low;
  if (open.size() <= 16) {
    double most = 0.0;
    for (std::size_t corner = 0; corner < (std::size_t{1} << open.size()); ++corner) {
      for (std::size_t k = 0; k < open.size(); ++k)
        amounts[open[k]] = (corner >> k & 1U) != 0 ? high[open[k]] : low[open[k]];
      most = std::max(most, hhi_of(amounts, 0.0));
    }
    return most;
  }
  double most = 0.0;
  for (const bool from_high : {false, true}) {
    amounts = from_high ? high : low;
    double best = hhi_of(amounts, 0.0);
    for (bool better = true; better;) {
      better = false;
      for (const std::size_t i : open) {
        const double before = amounts[i];
        amounts[i] = before == low[i] ? high[i] : low[i];
        const double value = hhi_of(amounts, 0.0);
        if (value > best) {
          best = value;
          better = true;
        } else {
          amounts[i] = before;
        }
      }
    }
    most = std::max(most, best);
  }
  return most;
}

}  // namespace

HhiRange hhi_range(const std::vector<double>& low, const std::vector<double>& high, double spread) {
  if (low.size() != high.size() || low.empty())
    throw Error("supply.length", "the bounds differ in number, or there are none", "hhi");
  for (std::size_t i = 0; i < low.size(); ++i)
    if (!(low[i] >= 0.0) || !(high[i] >= low[i]))
      throw Error("supply.range", "a lower bound is below 0 or above its upper bound", "hhi");
  // An amount without an upper bound may be nearly everything.
  const bool endless =
      std::any_of(high.begin(), high.end(), [](double x) { return std::isinf(x); });
  HhiRange out;
  out.low = std::isinf(spread) ? 0.0 : least_hhi(low, high, spread);
  out.high = endless ? 1.0 : greatest_hhi(low, high);
  return out;
}

}  // namespace lode
