// Ranks under uncertain weights and data (SMAA-2): acceptability, central weights, rank intervals.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/ranking/criteria.h"
#include "libgeo/ranking/methods.h"
#include "libgeo/ranking/weights.h"

namespace lode {

/// A limit on the ratio of two weights: low <= w[numerator]/w[denominator] <= high.
struct WeightRatio {
  std::size_t numerator = 0, denominator = 0;
  double low = 0.0;
  double high = std::numeric_limits<double>::infinity();
};

/// How weights are drawn. `free`: uniform on the simplex. `uncertain`: each weight uniform between
/// (1 - spread) and (1 + spread) times its base value, then all rescaled to sum 1. `ordered`:
/// uniform on the simplex among weights that keep the order of the base weights (equal base weights
/// fall in the order of the criteria). Every other scheme: the base weights, fixed.
/// Limits and ratios are kept by rejection, so that what is left is the same distribution within
/// them. When fewer than 16 of 4,096 fixed trial points fit, each draw is the end of its own walk
/// (hit-and-run) within them instead: uniform in the limit, and the weights of a draw still depend
/// on seed and draw number alone.
struct WeightDraws {
  WeightScheme scheme = WeightScheme::given;
  std::vector<double> base;
  double spread = 0.5;  ///< 0 to 1
  /// Optional limits on drawn weights, criteria x 2 (lower, upper), and on their ratios.
  std::vector<std::pair<double, double>> limits;
  std::vector<WeightRatio> ratios;
};

struct DrawOptions {
  std::size_t draws = 1000;
  std::uint64_t seed = 1;
  int jobs = 0;
  bool quasi_random = true;  ///< scrambled Sobol points for weights of up to 40 criteria
  Spread spread = Spread::p10_p90;
  std::size_t kept_ranks = 0;  ///< leading ranks kept in `acceptability`; 0 = all up to 200 sites,
                               ///< else 20
  std::size_t pairwise_sites = 200;  ///< the pairwise matrix is kept up to this many sites
  std::vector<std::pair<std::size_t, std::size_t>> pairs;  ///< pairs to count wins of, any size
};

struct RankUncertainty {
  std::size_t draws = 0;
  std::size_t bin_width = 1;          ///< ranks are binned to this above 10,000 sites
  std::vector<double> p05, p50, p95;  ///< smallest rank with at least that share at or above it
  std::vector<double> first;          ///< share of draws in rank 1 (ties count for each)
  std::vector<double> acceptability;  ///< sites x kept, b(i, r)
  std::size_t kept = 0;
  std::vector<double> central;   ///< sites x criteria: mean weights of the draws won; NaN when none
  std::vector<double> pairwise;  ///< sites x sites: share of draws in which i beats k (tie = half)
  std::vector<double> pair_wins;  ///< one a requested pair: share of draws won (tie = half)
  std::vector<double> pair_ties;  ///< and the share in which the two are level
  std::vector<double> regret;     ///< mean of (best merit - own merit)
  double standard_error = 0.0;    ///< the largest `first_error`
  /// Standard error of `first`, one a site: that of independent draws, times the root of a design
  /// effect from independent scramblings, pooled over the sites (1 below 80 draws).
  std::vector<double> first_error;
  /// Spread of a site's rank over the draws, 0 (one rank) to 1 (all ranks alike): the entropy of
  /// its shares in up to 256 bins of ranks, over the largest that so many draws can have.
  std::vector<double> rank_entropy;
  /// Holistic acceptability: sum_r a_r b(i, r) with rank-order centroid meta-weights a_r of the
  /// kept ranks (Lahdelma & Salminen 2001); a rank beyond them adds nothing.
  std::vector<double> holistic;
  Findings findings;  ///< how weights were drawn, realizations that repeat or do not pair
};

/// A value between its low and high for u in (0, 1), by the inverse distribution function.
/// p10_p90: low and high are the 10th and 90th percentile, `base` the median; either half is that
/// of a triangle: base - (base - low) (1 - sqrt(2u))/(1 - sqrt(0.2)) below the median, mirrored
/// above; on a log scale the same in logarithms; where low >= 0 the result is not below 0.
/// triangular, pert, uniform: low and high are the ends, `base` the mode, which may lie at an end
/// (for uniform it has no say). normal and lognormal: low and high are the 10th and 90th
/// percentile, two-sided about the median `base`; a normal value whose low is not below 0 is cut
/// off at 0, a lognormal one needs low > 0: Error "ranking.spread_not_positive". A missing end is
/// `base`.
[[nodiscard]] double sample_value(double low, double base, double high, double u, Spread spread,
                                  bool log_scale = false);

/// What is drawn: criterion values (column-major, none missing) with their low and high (empty, or
/// NaN where there is no spread). Site ids name the random streams, so neither the order nor the
/// presence of other sites changes a site's draws.
struct DrawInputs {
  std::vector<std::string> ids;
  std::vector<double> columns;
  std::vector<double> low, high;
  std::vector<CellDraws> cell_draws;
  std::vector<char>
      anywhere;  ///< column-major, 1 = unknown: uniform from low to high; may be empty
};

/// Runs the draws, in batches that stream: memory is O(sites x criteria + sites x ranks kept).
/// Errors: "ranking.option", "ranking.weight_limits" (no weights fit the limits; names those that
/// contradict), "ranking.too_large" (ELECTRE with too many pairs x draws), "ranking.spread_order",
/// "ranking.spread_not_positive" (lognormal), "ranking.cell_draws" (a realization without value).
[[nodiscard]] RankUncertainty rank_draws(const PreparedMethod& prepared, const DrawInputs& inputs,
                                         const WeightDraws& weights,
                                         const DrawOptions& options = {},
                                         const Progress& progress = {});

/// SMAA-2's confidence factors: how often a site is first under its own central weights with the
/// data alone drawn, at most 1,000 times, and fewer where sites and winners are many (not below
/// 100); NaN for a site that is never first, and for all when it would still take too long.
[[nodiscard]] std::vector<double> confidence_factors(const PreparedMethod& prepared,
                                                     const DrawInputs& inputs,
                                                     const RankUncertainty& found,
                                                     const DrawOptions& options,
                                                     const Progress& progress = {});

/// Throws "ranking.too_large" when so many draws of ELECTRE III would take hours.
void check_draw_cost(Method method, std::size_t sites, std::size_t draws);

/// The weights of every draw, for tests and plots: draws x criteria.
[[nodiscard]] std::vector<double> draw_weights(const WeightDraws& weights,
                                               const DrawOptions& options);

}  // namespace lode
