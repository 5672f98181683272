// Length-weighted statistics of grades, and what a top-cut would do to them.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/deposit/drillholes.h"

namespace lode {

/// Shares of the weight (%) at which quantiles are given.
inline constexpr std::array<double, 15> quantile_points{1,  5,  10, 20, 25, 30, 40, 50,
                                                        60, 70, 75, 80, 90, 95, 99};
/// And of the caps that are tried.
inline constexpr std::array<double, 8> cap_points{90, 95, 97.5, 98, 99, 99.5, 99.8, 99.9};

/// Everything above `cap` counted as `cap`.
struct CapEffect {
  double cap = 0.0;
  double at_pct = 0.0;  ///< the share of the weight that lies at or below it
  std::size_t capped = 0;
  double capped_weight_pct = 0.0;
  double mean = 0.0, cv = 0.0;
  double metal_removed_pct = 0.0;
};

/// Weighted by `weights`; variance with n / (n - 1).
struct GradeStatistics {
  std::size_t n = 0, missing = 0;
  double weight = 0.0;  ///< sum of the weights of values that are known
  double min = 0.0, max = 0.0, mean = 0.0, sd = 0.0, cv = 0.0;
  double log_mean = 0.0, log_sd = 0.0;  ///< of natural logarithms of values above 0; NaN if none
  std::array<double, quantile_points.size()> quantiles{};
  std::vector<CapEffect> caps;  ///< of `cap_points`, then those asked for; rising
  /// Shares of the metal in the richest tenth and hundredth of the weight, % (Parrish 1997: above
  /// 40 and 10 a cap deserves thought).
  double top_tenth_metal_pct = 0.0, top_hundredth_metal_pct = 0.0;
  /// Where the upper tail falls apart: the last value before the first step of more than
  /// `gap_pct` of it above the 90th percentile; NaN when there is none.
  double gap_value = 0.0, gap_next = 0.0;
};

struct StatisticsOptions {
  std::vector<double> caps;  ///< tried besides `cap_points`
  double gap_pct = 15.0;     ///< above 0
};

/// Quantiles lie at (weight below + half of the own) / total, straight lines between (Hazen 1914
/// for equal weights). Values that are missing, or whose weight is missing or 0, take no part.
[[nodiscard]] GradeStatistics statistics_of(const std::vector<double>& values,
                                            const std::vector<double>& weights,
                                            const StatisticsOptions& options = {});

/// Values above `cap` are set to it; how many were.
std::size_t apply_cap(std::vector<double>& values, double cap);

}  // namespace lode
