// The charts of a study: ranks with their spread, what makes them, what would change them.
#pragma once

#include <cstddef>

#include "libgeo/report/digest.h"
#include "libgeo/report/drawing.h"

namespace lode::report {

/// Charts without anything to show have no shape.
struct ChartOptions {
  double width_px = 1040.0;  ///< below 600 the layout is the narrow one, names above their bars
  std::size_t rows = 25;     ///< sites shown, from the first rank on
};

/// Score bars with the interval of ranks (5th to 95th percentile) and first-rank acceptability.
[[nodiscard]] Drawing draw_ranking(const Digest& digest, const ChartOptions& options = {});
/// Rank acceptability of the first sites as a strip of shades, one row a site.
[[nodiscard]] Drawing draw_acceptability(const Digest& digest, const ChartOptions& options = {});
/// Rank intervals on one axis, with how settled each rank is.
[[nodiscard]] Drawing draw_intervals(const Digest& digest, const ChartOptions& options = {});
/// In how many of the draws the site of a row stands above the site of a column.
[[nodiscard]] Drawing draw_pairwise(const Digest& digest, const ChartOptions& options = {});
/// What each criterion adds to the score, stacked.
[[nodiscard]] Drawing draw_contributions(const Digest& digest, const ChartOptions& options = {});
/// The mean weights under which each contender comes first, beside the weights used.
[[nodiscard]] Drawing draw_central_weights(const Digest& digest, const ChartOptions& options = {});

/// The margin of a pair, criterion by criterion, from 0 to the whole.
[[nodiscard]] Drawing draw_why(const Digest& digest, const PairExplained& pair,
                               const ChartOptions& options = {});
/// The margin when one criterion's data of either site go to their low and high ends.
[[nodiscard]] Drawing draw_tornado(const Digest& digest, const PairExplained& pair,
                                   const ChartOptions& options = {});
/// Where the doubt about the margin comes from: Sobol indices.
[[nodiscard]] Drawing draw_sobol(const Digest& digest, const PairExplained& pair,
                                 const ChartOptions& options = {});

/// How far each weight may move before another site comes first.
[[nodiscard]] Drawing draw_stability(const Digest& digest, const ChartOptions& options = {});
/// Other methods beside the study's: agreement of the orders, and the first site of each.
[[nodiscard]] Drawing draw_agreement(const Digest& digest, const ChartOptions& options = {});
/// Correlation of the criteria, with their variance inflation.
[[nodiscard]] Drawing draw_correlation(const Digest& digest, const ChartOptions& options = {});

/// Today's supply by country, with the concentration beside it.
[[nodiscard]] Drawing draw_dependence(const Digest& digest, const ChartOptions& options = {});
/// Concentration by element and stage.
[[nodiscard]] Drawing draw_dependence_elements(const Digest& digest,
                                               const ChartOptions& options = {});

}  // namespace lode::report
