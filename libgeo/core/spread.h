// A value between its 10th and 90th percentile, from a uniform random number.
#pragma once

#include <algorithm>
#include <cmath>

namespace lode {

/// The inverse distribution function at u in (0, 1) of a value whose 10th, 50th and 90th percentile
/// are low, base and high: halves of triangles that meet at the median,
/// base - (base - low) (1 - sqrt(2u)) / (1 - sqrt(0.2)) below it and mirrored above.
[[nodiscard]] inline double percentile_triangle(double low, double base, double high, double u) {
  const double reach = 1.0 - std::sqrt(0.2);
  return u < 0.5 ? base - (base - low) * (1.0 - std::sqrt(2.0 * u)) / reach
                 : base + (high - base) * (1.0 - std::sqrt(2.0 * (1.0 - u))) / reach;
}

/// The same where a missing end (NaN) is `base` and what is not negative stays so: with low >= 0
/// the result is not below 0.
[[nodiscard]] inline double between_percentiles(double low, double base, double high, double u) {
  if (std::isnan(low)) low = base;
  if (std::isnan(high)) high = base;
  const double value = percentile_triangle(low, base, high, u);
  return low >= 0.0 ? std::max(0.0, value) : value;
}

}  // namespace lode
