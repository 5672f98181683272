// Why one site stands above another: the margin split by criterion, and what would turn it round.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/ranking/compare.h"
#include "libgeo/ranking/rank.h"

namespace lode {

/// A single weight that would make the two sites level; beyond it they change places. The other
/// weights shrink or grow in proportion.
struct WeightFlip {
  bool found = false;
  std::size_t criterion = 0;
  double from = 0.0, to = 0.0;
  bool level_only = false;  ///< they become level there, and further change turns nothing
};

/// A single value that would make them level, with the weights held.
struct ValueFlip {
  bool found = false;
  bool of_a = true;  ///< the value belongs to a, else to b
  std::size_t criterion = 0;
  double from = 0.0, to = 0.0;  ///< in the criterion's unit
  double share = 0.0;           ///< of the criterion's scale
  bool level_only = false;      ///< they become level there, and further change turns nothing
};

/// The margin when one criterion's data go to their low and high ends (spread), a and b alike.
struct TornadoBar {
  double a_low = not_stated, a_high = not_stated;  ///< margin with a's value at its low, high
  double b_low = not_stated, b_high = not_stated;
  double both_low = not_stated, both_high = not_stated;  ///< both sites' values at that end
};

/// The same when all criteria of a spread group go to their ends together, since they share a
/// source.
struct TornadoGroup {
  std::string group;
  std::vector<std::size_t> criteria;
  TornadoBar bar;
};

/// Shares of the variance of the margin (Sobol 2001): of one input alone, and with all it acts
/// together with.
struct SobolIndex {
  double first = not_stated;
  double total = not_stated;
  double first_error = not_stated, total_error = not_stated;  ///< standard errors, by bootstrap
};

/// One independent input of the draws: the data of both sites on a criterion, or on several that
/// move together (spread group, simulated draws); no criteria = the weights.
struct SobolInput {
  std::string name;
  std::vector<std::size_t> criteria;
  SobolIndex index;
};

/// What the two have on one criterion.
struct ComparedCriterion {
  std::string name, unit;
  Direction direction = Direction::max;
  double ideal = not_stated, ideal_to = not_stated;  ///< of a target
  bool curve = false;                                ///< judged by a value function
  double weight = 0.0;
  double lo = not_stated, hi = not_stated;  ///< bounds used
  bool observed = false;                    ///< these are the sites' own extremes
  double value_a = not_stated, value_b = not_stated;
  double low_a = not_stated, high_a = not_stated, low_b = not_stated, high_b = not_stated;
  double merit_a = not_stated, merit_b = not_stated;  ///< 0 (worst) to 1 (best) on that scale
  int better = 0;                                     ///< 1 = a is, -1 = b is, 0 = they are alike
  bool filled_a = false, filled_b = false;            ///< the value was missing
};

/// Two criteria that vary together over the sites.
struct CorrelatedCriteria {
  std::size_t one = 0, other = 0;
  double correlation = 0.0;
};

/// TOPSIS: distances to the ideal and the anti-ideal, and each criterion's share of their squares.
struct TopsisDistance {
  double plus = not_stated, minus = not_stated;
  std::vector<double> plus_shares, minus_shares;
};

struct Explanation {
  std::string a, b;
  std::size_t rank_a = 0, rank_b = 0;
  double score_a = 0.0, score_b = 0.0;
  /// How far a is ahead of b, in units of the score; negative when b is ahead, whether or not a low
  /// score is better. PROMETHEE I: difference of net flows.
  double margin = 0.0;
  std::vector<double> split;       ///< per criterion, sums to the margin; empty when too costly
  bool additive = false;           ///< true: exact split of a sum; false: Shapley values
  double win_probability = 0.0;    ///< share of draws in which a stands above b (tie = half)
  double level_probability = 0.0;  ///< share of draws in which the two are level
  WeightFlip flip_weight;          ///< the smallest change of one weight
  std::vector<WeightFlip> weight_flips;  ///< for each criterion
  ValueFlip flip_value;  ///< the smallest change of one value, as a share of its scale
  std::vector<ValueFlip> value_flips;  ///< for each criterion the smaller of a's and b's
  std::vector<TornadoBar> tornado;     ///< per criterion; NaN where there is no spread
  std::vector<SobolIndex> sobol;  ///< per criterion: both sites' data on it; NaN without spread
  SobolIndex sobol_weights;       ///< the weights as one input; NaN when they are fixed
  double margin_deviation = not_stated;  ///< standard deviation of the margin over the draws
  RankResult ranking;                    ///< the ranking it explains

  std::string name_a, name_b;  ///< "" = none
  Method method = Method::wsm;
  Normalise normalise = Normalise::bounds;
  Missing missing = Missing::refuse;
  std::size_t draws = 0;  ///< of the ranking
  bool varies = false;    ///< the weights, or the data of the two, vary over the draws
  std::vector<ComparedCriterion> criteria;
  std::vector<double> split_error;  ///< standard errors of sampled Shapley values; empty = exact
  int dominance = 0;  ///< 1: a is at least as good everywhere and better somewhere; -1: b is
  double win_error = not_stated;  ///< standard error of `win_probability`; NaN without draws
  std::vector<TornadoGroup> tornado_groups;
  std::vector<SobolInput> sobol_inputs;  ///< one an input; empty when nothing varies
  std::vector<CorrelatedCriteria> correlated;
  TopsisDistance topsis_a, topsis_b;
  bool weight_flips_sought = true, value_flips_sought = true;  ///< false: it would take too long
};

/// A change that turns the order, not one that only makes the two level.
template <class Flip>
[[nodiscard]] bool turns(const Flip& flip) {
  return flip.found && !flip.level_only;
}

/// The two stand level: their scores are one within the tolerance of ranks.
[[nodiscard]] bool stand_level(const Explanation& explanation);

/// Split: exact where the score is a sum over criteria (WSM, SPOTIS, PROMETHEE); Shapley values
/// otherwise, where a coalition is a site with a's values on its criteria and b's on the others
/// (Shapley 1953; all coalitions up to 16 criteria, sampled orders above, with standard errors).
/// Flips of weights: closed form where the order follows a line (WSM, WPM, SPOTIS, PROMETHEE) or a
/// quadratic (TOPSIS) in the weight, else a search in steps of 1/200 of the way, dips looked at
/// more closely, then bisection. Flips of values: looked for between the criterion's bounds, each
/// trial scored anew; exact between the corners of a scale where merits are monotone there. Sobol
/// indices: first after Martinez (2011), total after Jansen (1999), on 1,024 pairs of draws or
/// 4,096. What would take more than some ten seconds is left out with a note: "ranking.no_split",
/// "ranking.no_flips", "ranking.no_sobol". Errors: those of `rank`, and "ranking.no_such_site",
/// "ranking.same_site".
[[nodiscard]] Explanation explain(const DecisionTable& table, const std::string& a,
                                  const std::string& b, RankOptions options = {},
                                  const Progress& progress = {});

/// Each of the sites against the next, ranked and drawn once for all. The `ranking` of the first
/// explanation is whole; those of the others have no sites.
[[nodiscard]] std::vector<Explanation> explain_in_order(const DecisionTable& table,
                                                        const std::vector<std::string>& sites,
                                                        RankOptions options = {},
                                                        const Progress& progress = {});

}  // namespace lode
