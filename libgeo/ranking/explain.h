// Why one site stands above another: the margin split by criterion, and what would turn it round.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/ranking/rank.h"

namespace lode {

/// A single weight that would make the two sites level; beyond it they change places. The other
/// weights shrink or grow in proportion.
struct WeightFlip {
  bool found = false;
  std::size_t criterion = 0;
  double from = 0.0, to = 0.0;
};

/// A single value that would make them level, with the weights held.
struct ValueFlip {
  bool found = false;
  bool of_a = true;  ///< the value belongs to a, else to b
  std::size_t criterion = 0;
  double from = 0.0, to = 0.0;  ///< in the criterion's unit
  double share = 0.0;           ///< of the criterion's scale
};

/// The margin when one criterion's data go to their low and high ends (spread), a and b alike.
struct TornadoBar {
  double a_low = not_stated, a_high = not_stated;  ///< margin with a's value at its low, high
  double b_low = not_stated, b_high = not_stated;
};

/// Shares of the variance of the margin (Sobol 2001): of one input alone, and with all it acts
/// together with.
struct SobolIndex {
  double first = not_stated;
  double total = not_stated;
};

struct Explanation {
  std::string a, b;
  std::size_t rank_a = 0, rank_b = 0;
  double score_a = 0.0, score_b = 0.0;
  /// How far a is ahead of b, in units of the score; negative when b is ahead, whether or not a low
  /// score is better. PROMETHEE I: difference of net flows.
  double margin = 0.0;
  std::vector<double> split;     ///< per criterion, sums to the margin; empty when too costly
  bool additive = false;         ///< true: exact split of a sum; false: Shapley values
  double win_probability = 0.0;  ///< share of draws in which a stands above b (tie = half)
  WeightFlip flip_weight;        ///< the smallest change of one weight
  std::vector<WeightFlip> weight_flips;  ///< for each criterion
  ValueFlip flip_value;  ///< the smallest change of one value, as a share of its scale
  std::vector<ValueFlip> value_flips;  ///< for each criterion the smaller of a's and b's
  std::vector<TornadoBar> tornado;     ///< per criterion; NaN where there is no spread
  std::vector<SobolIndex> sobol;  ///< per criterion: both sites' data on it; NaN without spread
  SobolIndex sobol_weights;       ///< the weights as one input; NaN when they are fixed
  double margin_deviation = not_stated;  ///< standard deviation of the margin over the draws
  RankResult ranking;                    ///< the ranking it explains
};

/// Split: exact where the score is a sum over criteria (WSM, SPOTIS, PROMETHEE); Shapley values
/// otherwise, where a coalition is a site with a's values on its criteria and b's on the others
/// (Shapley 1953; all coalitions up to 16 criteria, sampled orders above).
/// Flips: closed form where the margin is linear in a weight, else a search in steps of 1/200 of
/// the way, then bisection. Values are looked for between the criterion's bounds, each trial scored
/// anew. Sobol indices: estimators of Saltelli et al. (2010) and Jansen (1999) on 1,024 pairs of
/// draws, left out with a note where that would take more than 2e9 elementary steps. Errors: those
/// of `rank`, and "ranking.no_such_site", "ranking.same_site".
[[nodiscard]] Explanation explain(const DecisionTable& table, const std::string& a,
                                  const std::string& b, RankOptions options = {},
                                  const Progress& progress = {});

/// Agreement of two rankings of the same sites (ranks, 1 = best): Kendall's tau-b.
/// NaN when one ranks all alike.
[[nodiscard]] double kendall_tau(const std::vector<double>& ranks,
                                 const std::vector<double>& other);

/// WS coefficient (Salabun & Urbaniak 2020): differences near the top of `ranks` count more.
[[nodiscard]] double ws_coefficient(const std::vector<double>& ranks,
                                    const std::vector<double>& other);

/// How another method ranks the same sites with the same weights.
struct Agreement {
  Method method = Method::wsm;
  double tau = not_stated;  ///< Kendall's tau-b with the ranking of the options
  double ws = not_stated;   ///< WS coefficient
  std::string first;        ///< the first site
  std::string refused;      ///< error code when the method cannot take the data
};
/// The other methods (all of the list but the options' own) beside the options' one, without draws.
/// Error "ranking.too_large" above 5,000 sites: every pair is compared.
[[nodiscard]] std::vector<Agreement> compare_methods(const DecisionTable& table,
                                                     const RankOptions& options);

/// Leaves out each site that is not first in turn, and counts how often the first place changes.
struct ReversalTest {
  std::size_t trials = 0;
  std::size_t changed = 0;
  std::vector<std::string> causes;  ///< ids whose absence changes the first place
};
/// At most `trials` sites, the last in rank first. Weights are held at their base values.
[[nodiscard]] ReversalTest test_rank_reversal(const DecisionTable& table,
                                              const RankOptions& options, std::size_t trials = 200);

}  // namespace lode
