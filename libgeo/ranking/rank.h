// The one entry: a decision table in, sites in rank order out, with how sure the order is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/ranking/criteria.h"
#include "libgeo/ranking/methods.h"
#include "libgeo/ranking/screen.h"
#include "libgeo/ranking/uncertainty.h"
#include "libgeo/ranking/weights.h"

namespace lode {

/// What to do with a missing value. refuse: an error. worst: the criterion's worst bound. neutral:
/// the middle of its scale. interval: the middle, and in the draws anything between the bounds.
/// impute: the median of the other sites. Every policy but refuse is flagged in the result.
enum class Missing { refuse, worst, neutral, interval, impute };

[[nodiscard]] std::string_view to_text(Missing missing);
[[nodiscard]] Missing parse_missing(std::string_view text, const std::string& where = {});

/// Pareto dominance before scoring. `automatic`: reported up to 20,000 sites; `report`: always;
/// `drop`: dominated sites are left out like those of a hard rule; `off`: not looked at.
enum class Pareto { automatic, report, drop, off };

[[nodiscard]] std::string_view to_text(Pareto pareto);
[[nodiscard]] Pareto parse_pareto(std::string_view text, const std::string& where = {});

struct RankOptions {
  MethodOptions method;
  WeightScheme weights = WeightScheme::given;
  bool rescale_weights = false;  ///< weights that do not sum to 1 are divided by their sum
  double weight_spread = 0.5;    ///< for `uncertain`, 0 to 1
  /// Optional limits (lower, upper) of each drawn weight, for free, ordered and uncertain.
  std::vector<std::pair<double, double>> weight_limits;
  std::vector<WeightRatio> weight_ratios;  ///< likewise, of two drawn weights
  Pareto pareto = Pareto::automatic;
  Judgements judgements;  ///< for ahp, bwm, swara, roc
  AhpOptions ahp;
  Missing missing = Missing::refuse;
  DrawOptions draws;  ///< draws.draws = 0: no uncertainty analysis
  std::vector<HardRule> rules;
  double correlated_above = 0.9;  ///< |correlation| of two criteria that is warned of
  double inflated_above = 10.0;   ///< variance inflation factor of a criterion that is warned of
};

struct RankedSite {
  std::size_t row = 0;  ///< in the decision table
  std::string id;
  std::string name;
  std::size_t rank = 0;
  double score = 0.0;
  /// NaN without draws, as all that the draws give.
  double rank_p05 = not_stated, rank_p50 = not_stated, rank_p95 = not_stated;
  double first_acceptability = not_stated;
  std::vector<double> rank_acceptability;
  std::vector<double> contributions;    ///< per criterion
  std::vector<double> central_weights;  ///< per criterion; empty when never first
  /// Share of data draws in which the site is first under its central weights; NaN when it never
  /// is first, or where that would cost too much (more than 1e7 site scores).
  double confidence = not_stated;
  std::vector<std::string> missing;       ///< criteria whose value was filled in
  double s = not_stated, r = not_stated;  ///< VIKOR
  bool compromise = false;
  double phi_plus = not_stated, phi_minus = not_stated;
  double descending = not_stated, ascending = not_stated;
  std::string category;             ///< reject, watch, ready; or category N
  std::vector<double> credibility;  ///< ELECTRE III: over each site of `sites`, in that order
  double regret = not_stated;
  std::vector<std::size_t> dominated_by;  ///< rows that are at least as good everywhere, up to 3
  std::size_t dominators = 0, dominates = 0;  ///< how many, where dominance was looked at
  std::size_t pareto_front = 0;               ///< 1 = dominated by none; 0 = not looked at
  double first_error = not_stated;            ///< standard error of `first_acceptability`
  double rank_entropy = not_stated;           ///< 0 (one rank in every draw) to 1
  double holistic_acceptability = not_stated;
  /// PROMETHEE I and ELECTRE III up to 500 sites: ids that it is preferred to, and those it cannot
  /// be compared with, in rank order.
  std::vector<std::string> preferred_to, incomparable;
};

struct RankResult {
  std::vector<RankedSite> sites;      ///< in rank order, ties by id
  std::vector<std::string> criteria;  ///< names, the order of every per-criterion vector
  Weights weights;                    ///< the base weights used
  std::vector<DroppedSite> dropped;   ///< in table order
  std::vector<RuleCount> screening;   ///< what each rule took
  std::vector<Criterion> used;        ///< criteria with the bounds used
  bool lower_is_better = false;
  std::size_t draws = 0;
  std::size_t rank_bin_width = 1;
  double standard_error = 0.0;
  std::vector<double>
      correlation;                ///< criteria x criteria, of oriented values; empty below 5 sites
  std::vector<double> inflation;  ///< variance inflation factor of each; empty likewise
  std::vector<double> pairwise;   ///< sites x sites in the order of `sites`; may be empty
  std::vector<double> pair_wins;  ///< for options.draws.pairs (table rows)
  std::vector<double> pair_ties;  ///< likewise: share of draws in which the two are level
  Findings findings;
};

/// Screens, fills missing values, weighs, scores, ranks, then draws. Rows are put in the order of
/// their ids first, so the order of the input does not change a bit of the result.
/// Errors: those of `check_table`, `given_weights`, `prepare_method`, "ranking.missing_value",
/// "ranking.empty_criterion", "ranking.all_dropped".
[[nodiscard]] RankResult rank(const DecisionTable& table, const RankOptions& options = {},
                              const Progress& progress = {});

}  // namespace lode
