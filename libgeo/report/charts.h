// The charts of a study: ranks with their spread, acceptability, contributions, dependence.
#pragma once

#include <cstddef>

#include "libgeo/report/digest.h"
#include "libgeo/report/drawing.h"

namespace lode::report {

struct ChartOptions {
  double width_px = 1040.0;  ///< below 600 the layout is the narrow one, names above their bars
  std::size_t rows = 25;     ///< sites shown, from the first rank on
};

/// Score bars with the interval of ranks (5th to 95th percentile) and first-rank acceptability.
[[nodiscard]] Drawing draw_ranking(const Digest& digest, const ChartOptions& options = {});
/// Rank-acceptability of the first sites as a strip of shades, one row a site.
[[nodiscard]] Drawing draw_acceptability(const Digest& digest, const ChartOptions& options = {});
/// What each criterion adds to the score, stacked.
[[nodiscard]] Drawing draw_contributions(const Digest& digest, const ChartOptions& options = {});
/// Today's supply by country, with the concentration beside it.
[[nodiscard]] Drawing draw_dependence(const Digest& digest, const ChartOptions& options = {});

}  // namespace lode::report
