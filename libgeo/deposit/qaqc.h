// Quality control of assays: certified standards, blanks and duplicates.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"

namespace lode {

/// One certified material. z = (value - expected) / sd of the certificate.
struct StandardSummary {
  std::string name;
  double expected = 0.0, sd = 0.0;
  std::size_t n = 0;
  double mean = 0.0, bias_pct = 0.0, cv_pct = 0.0;
  double mean_z = 0.0;          ///< of the single values
  double bias_t = 0.0;          ///< (mean - expected) / (standard deviation found / sqrt n)
  std::size_t outside_2sd = 0;  ///< 2 < |z|
  std::size_t outside_3sd = 0;  ///< 3 < |z|: a failure
  std::size_t runs_of_two = 0;  ///< 2 < |z| twice running on one side: a failure too
};

/// One entry a value, in the order of the laboratory; rows with a missing value are passed over.
/// Materials in the order of their first value. Findings "qaqc.standard_failures",
/// "qaqc.standard_bias" (warnings). Error "qaqc.standard" (certificate missing, sd not above 0, or
/// a material with two certificates).
[[nodiscard]] std::vector<StandardSummary> summarise_standards(
    const std::vector<std::string>& names, const std::vector<double>& values,
    const std::vector<double>& expected, const std::vector<double>& sd, const std::string& where,
    Findings& findings);

struct BlankSummary {
  std::size_t n = 0;
  double limit = 0.0;  ///< a blank above it failed
  double mean = 0.0, median = 0.0, max = 0.0;
  std::size_t above = 0;
  /// Over blanks whose sample before is known: correlation with it, and the slope of a line
  /// through 0, % of the grade before that is carried over; NaN with fewer than three.
  std::size_t pairs = 0;
  double carry_over_r = 0.0, carry_over_pct = 0.0;
};

/// `previous` may be empty. Finding "qaqc.blank_failures" (warning). Error "qaqc.limit".
[[nodiscard]] BlankSummary summarise_blanks(const std::vector<double>& values, double limit,
                                            const std::vector<double>& previous,
                                            const std::string& where, Findings& findings);

struct DuplicateSummary {
  std::size_t n = 0;
  double mean_first = 0.0, mean_second = 0.0;
  double bias_pct = 0.0;  ///< (second - first) / first, of the means
  double r = 0.0;         ///< Pearson
  /// Half absolute relative difference, |a - b| / (a + b).
  double median_hard_pct = 0.0, mean_hard_pct = 0.0, within_10_hard_pct = 0.0;
  /// Root mean square of the pairs' coefficients of variation (Stanley and Lawie 2007), and twice
  /// that: the precision with 95 % confidence.
  double rms_cv_pct = 0.0, precision_pct = 0.0;
  std::size_t left_out = 0;  ///< pairs with a missing value or a sum of 0 or less
};

[[nodiscard]] DuplicateSummary summarise_duplicates(const std::vector<double>& first,
                                                    const std::vector<double>& second);

}  // namespace lode
