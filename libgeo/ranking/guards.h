// Guards of a ranking: criteria that count twice, and tonnages that do not mean what they seem.
#pragma once

#include <cstddef>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/ranking/criteria.h"

namespace lode {

/// Pearson correlations of oriented values, criteria x criteria (on a log scale of logarithms; what
/// has none stands with the worst). A constant criterion correlates with nothing (0). `columns` are
/// criterion values, column-major, none missing. Empty below 5 sites.
[[nodiscard]] std::vector<double> criteria_correlation(const std::vector<Criterion>& criteria,
                                                       const std::vector<double>& columns,
                                                       std::size_t sites, int jobs = 0);

/// Variance inflation factors 1/(1 - R^2), R^2 of each criterion on all others, from the diagonal
/// of the inverse correlation matrix (Marquardt 1970); infinite where one follows from others.
/// Empty where there are fewer than criteria + 2 sites: then any criteria would fit each other.
[[nodiscard]] std::vector<double> inflation_factors(const std::vector<double>& correlation,
                                                    std::size_t sites);

struct GuardLimits {
  double correlated_above = 0.9;
  double inflated_above = 10.0;
};

/// "ranking.duplicate_criteria" (warning, |r| above 0.999), "ranking.correlated_criteria" (note),
/// "ranking.collinear_criteria" (note: several criteria together say what another says, which no
/// pair of them shows; the factor is taken less what chance alone would give).
[[nodiscard]] Findings overlap_findings(const std::vector<Criterion>& criteria,
                                        const std::vector<double>& correlation,
                                        const std::vector<double>& inflation, std::size_t sites,
                                        const GuardLimits& limits = {});

/// "ranking.element_grade" (warning: element where oxide is traded, with the factor),
/// "ranking.rock_tonnage" (note: ore beside grade instead of contained oxide),
/// "ranking.linear_tonnage" (note: over more than three decades), "ranking.curve_turns" (note: a
/// value function that both rises and falls). Criteria of `weights` 0 are passed over.
[[nodiscard]] Findings meaning_findings(const std::vector<Criterion>& criteria,
                                        const std::vector<double>& columns, std::size_t sites,
                                        const std::vector<double>& weights);

/// Values at or below 0 that a log scale with stated bounds takes at its lower one, for methods
/// that do not clamp anyway: "ranking.clamped" (warning).
[[nodiscard]] Findings floor_findings(const std::vector<Criterion>& criteria,
                                      const std::vector<double>& columns, std::size_t sites);

/// "ranking.no_spread" (note): `spread`, `spread_group`, `spread_correlation` or `spread_common`
/// stated for a criterion of which no site has a low, a high or draws.
[[nodiscard]] Findings spread_findings(const DecisionTable& table);

}  // namespace lode
