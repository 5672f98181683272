// Weights of criteria: given, equal, from judgements (AHP, best-worst, SWARA, ROC) or from data.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/ranking/criteria.h"

namespace lode {

/// free, uncertain and ordered are for uncertainty analysis: their base weights are equal, the
/// given ones, and rank-order centroids.
enum class WeightScheme {
  given,
  equal,
  free,
  uncertain,
  ordered,
  ahp,
  bwm,
  swara,
  roc,
  entropy,
  critic,
  merec
};

[[nodiscard]] std::string_view to_text(WeightScheme scheme);
[[nodiscard]] WeightScheme parse_weight_scheme(std::string_view text,
                                               const std::string& where = {});

/// Weights that sum to 1, with what is to be known about how they came about.
struct Weights {
  std::vector<double> weights;
  double consistency_ratio = not_stated;  ///< AHP: CR; BWM: xi (0 = fully consistent)
  double lambda_max = not_stated;         ///< AHP
  std::string note;                       ///< method, table used, judgement to mend
  Findings findings;
};

/// The weights written in the criteria. They must sum to 1 within 1e-6 unless `rescale`.
/// Errors: "ranking.no_weights" (one or more are not stated), "ranking.weights_sum",
/// "ranking.bad_weight" (negative, all zero).
[[nodiscard]] Weights given_weights(const std::vector<Criterion>& criteria, bool rescale = false);

[[nodiscard]] Weights equal_weights(std::size_t criteria);

/// Rank-order centroid (Barron & Barrett 1996): w_(k) = (1/m) sum_{i >= k} 1/i. `order[k]` is the
/// criterion in place k, the most important first.
[[nodiscard]] Weights roc_weights(const std::vector<std::size_t>& order);

/// SWARA (Kersuliene, Zavadskas & Turskis 2010): `order` from the most to the least important,
/// `step[k]` >= 0 how much more important place k - 1 is than place k (step[0] is not used).
/// Error "ranking.judgement".
[[nodiscard]] Weights swara_weights(const std::vector<std::size_t>& order,
                                    const std::vector<double>& step);

/// AHP (Saaty 1980). `matrix` is m x m row-major, positive and reciprocal within `tolerance`.
/// Weights are the principal eigenvector (or the row geometric means with `geometric`).
/// CR = ((lambda_max - m)/(m - 1))/RI(m) with Saaty's random indices up to m = 15.
/// A finding "ranking.inconsistent" (warning) when CR > 0.1 names the judgement whose change
/// lowers CR most. Errors: "ranking.not_square", "ranking.not_reciprocal", "ranking.judgement".
struct AhpOptions {
  bool geometric = false;
  double tolerance = 1e-2;  ///< allowed |a_ij a_ji - 1|, so that 0.33 may stand for 1/3
};
[[nodiscard]] Weights ahp_weights(const std::vector<double>& matrix, std::size_t criteria,
                                  const AhpOptions& options = {});

/// Best-worst method, linear form (Rezaei 2016): min xi with |w_B - a_Bj w_j| <= xi and
/// |w_j - a_jW w_W| <= xi. `best_to[j]` = preference of the best over j, `to_worst[j]` = of j over
/// the worst, both >= 1. `consistency_ratio` is xi. Error "ranking.judgement".
[[nodiscard]] Weights bwm_weights(std::size_t best, std::size_t worst,
                                  const std::vector<double>& best_to,
                                  const std::vector<double>& to_worst);

/// Shannon entropy (Zeleny 1982; Hwang & Yoon 1981) of x_ij/sum x_ij in a column, w ~ 1 - e.
/// `columns` column-major. Error "ranking.not_positive" for a negative value or an all-zero column.
[[nodiscard]] Weights entropy_weights(const std::vector<double>& columns, std::size_t sites,
                                      std::size_t criteria);

/// CRITIC (Diakoulaki, Mavrotas & Papayannakis 1995) on sense-oriented min-max columns: standard
/// deviation times sum of (1 - correlation). Constant columns get weight 0.
/// `columns` are the criterion values, column-major.
[[nodiscard]] Weights critic_weights(const std::vector<Criterion>& criteria,
                                     const std::vector<double>& columns, std::size_t sites);

/// MEREC (Keshavarz-Ghorabaee et al. 2021). Values must be positive: "ranking.not_positive".
[[nodiscard]] Weights merec_weights(const std::vector<Criterion>& criteria,
                                    const std::vector<double>& columns, std::size_t sites);

/// Judgements as read from a file for AHP, best-worst, SWARA and ROC.
struct Judgements {
  std::vector<double> matrix;      ///< AHP
  std::vector<std::size_t> order;  ///< SWARA, ROC; most important first
  std::vector<double> step;        ///< SWARA
  std::size_t best = 0, worst = 0;
  std::vector<double> best_to, to_worst;  ///< best-worst
};

/// Reads judgements: CSV. AHP: a square table with criterion names as header and first column.
/// BWM: rows `best,<name>,...`: header of names, row `best_to` and row `to_worst`. SWARA: rows
/// `name,step`; ROC: rows `name`, most important first. Cells may be fractions such as 1/3.
/// Errors "ranking.judgement", "ranking.unknown_criterion", "ranking.not_square".
[[nodiscard]] Judgements read_judgements(std::string_view text, WeightScheme scheme,
                                         const std::vector<Criterion>& criteria,
                                         const std::string& where = {});

}  // namespace lode
