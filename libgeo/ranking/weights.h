// Weights of criteria: given, equal, from judgements (AHP, best-worst, SWARA), ranks or data.
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
  merec,
  rank_sum,
  rank_reciprocal,
  sd,
  gini,
  cilos,
  idocriw,
  lopcow
};

/// True for the schemes that read weights off the criterion values.
[[nodiscard]] bool is_from_data(WeightScheme scheme);
/// True for roc, rank-sum and rank-reciprocal, which need an order of the criteria alone.
[[nodiscard]] bool is_from_order(WeightScheme scheme);

[[nodiscard]] std::string_view to_text(WeightScheme scheme);
[[nodiscard]] WeightScheme parse_weight_scheme(std::string_view text,
                                               const std::string& where = {});

/// The judgement to mend first: what it says, what the others imply for it, and the consistency
/// ratio once it says that. `stated` is not stated when there is nothing to mend.
struct JudgementMend {
  std::size_t row = 0, column = 0;
  double stated = not_stated;
  double value = not_stated;
  double ratio_after = not_stated;
};

/// One judge of a group: own weights, own consistency, and how far from the others.
struct Judge {
  std::string name;
  std::vector<double> weights;
  double consistency_ratio = not_stated;
  /// Median factor between this judge's comparisons and the geometric mean of the others', 1 = the
  /// same.
  double factor_from_others = not_stated;
  bool stands_apart = false;
};

/// Weights that sum to 1, with what is to be known about how they came about.
struct Weights {
  std::vector<double> weights;
  double consistency_ratio = not_stated;  ///< AHP: CR; BWM: xi (0 = fully consistent)
  double lambda_max = not_stated;         ///< AHP
  double random_index = not_stated;       ///< AHP: what CR was divided by
  double geometric_index = not_stated;    ///< AHP with row geometric means: GCI
  JudgementMend mend;                     ///< AHP and BWM, where a judgement departs most
  std::vector<Judge> judges;              ///< group AHP
  double input_ratio = not_stated;        ///< BWM: input-based consistency ratio
  double input_limit = not_stated;        ///< BWM: largest acceptable one, where tabulated
  double output_ratio = not_stated;       ///< BWM: xi of the non-linear model over Rezaei's index
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

/// Rank sum w_(k) ~ m + 1 - k and rank reciprocal w_(k) ~ 1/k (Stillwell, Seaver & Edwards 1981),
/// `order` as above.
[[nodiscard]] Weights rank_sum_weights(const std::vector<std::size_t>& order);
[[nodiscard]] Weights rank_reciprocal_weights(const std::vector<std::size_t>& order);

/// Whichever of roc, rank-sum and rank-reciprocal `scheme` is.
[[nodiscard]] Weights rank_order_weights(WeightScheme scheme,
                                         const std::vector<std::size_t>& order);

/// SWARA (Kersuliene, Zavadskas & Turskis 2010): `order` from the most to the least important,
/// `step[k]` >= 0 how much more important place k - 1 is than place k (step[0] is not used).
/// Error "ranking.judgement".
[[nodiscard]] Weights swara_weights(const std::vector<std::size_t>& order,
                                    const std::vector<double>& step);

/// AHP (Saaty 1980). `matrix` is m x m row-major, positive and reciprocal within `tolerance`; NaN
/// is a comparison nobody made (in both mirrored cells, or in one: its inverse is then taken).
/// Weights are the principal eigenvector, by power iteration until no entry changes by more than
/// 1e-15 of itself (or the row geometric means with `geometric`). Gaps: Harker 1987, as if each
/// missing comparison equalled the ratio of the weights.
/// CR = ((lambda_max - m)/(m - 1))/RI(m) with Saaty's random indices up to m = 15; with k gaps RI
/// is multiplied by 1 - 2k/((m - 1)(m - 2)) (Agoston & Csato 2022). GCI: Aguaron & Moreno-Jimenez
/// 2003. Findings: "ranking.inconsistent" (warning) when CR > 0.1, with the judgement whose change
/// lowers CR most; "ranking.no_random_index" (warning), "ranking.judgement_scale" (note: above 9),
/// "ranking.judgement_gaps" (note).
/// Errors: "ranking.not_square", "ranking.not_reciprocal", "ranking.judgement".
struct AhpOptions {
  bool geometric = false;
  double tolerance = 1e-2;  ///< allowed |a_ij a_ji - 1|, so that 0.33 may stand for 1/3
};
[[nodiscard]] Weights ahp_weights(const std::vector<double>& matrix, std::size_t criteria,
                                  const AhpOptions& options = {});

/// Several judges' matrices as one: the geometric mean of each comparison over those who made it
/// (Aczel & Saaty 1983), then as above. `judges` of the result hold each one's weights and CR; with
/// three or more, whoever's comparisons differ from the mean of the others by a median factor above
/// 2 and more than twice as far as the middle judge stands apart: finding "ranking.judge_apart"
/// (warning). One matrix is plain AHP.
[[nodiscard]] Weights group_ahp_weights(const std::vector<std::vector<double>>& matrices,
                                        const std::vector<std::string>& judges,
                                        std::size_t criteria, const AhpOptions& options = {});

/// Best-worst method, linear form (Rezaei 2016): min xi with |w_B - a_Bj w_j| <= xi and
/// |w_j - a_jW w_W| <= xi. `best_to[j]` = preference of the best over j, `to_worst[j]` = of j over
/// the worst, both >= 1. `consistency_ratio` is xi. `input_ratio` is the largest
/// |a_Bj a_jW - a_BW|/(a_BW^2 - a_BW) (Liang, Brunelli & Rezaei 2020), `input_limit` their largest
/// acceptable value for so many criteria and that a_BW, up to 9; above it "ranking.inconsistent"
/// (warning) with the preference to mend. `output_ratio`: xi of the non-linear model over the
/// consistency index of Rezaei 2015. Finding "ranking.best_worst_differ" (warning) when the two
/// rows give best over worst differently. Error "ranking.judgement".
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

/// Standard deviation of sense-oriented min-max columns (Diakoulaki, Mavrotas & Papayannakis 1995).
[[nodiscard]] Weights sd_weights(const std::vector<Criterion>& criteria,
                                 const std::vector<double>& columns, std::size_t sites);

/// Gini coefficient of each column, sum_ik |x_i - x_k|/(2 n sum x) (Li & Chi 2009). Errors as
/// entropy.
[[nodiscard]] Weights gini_weights(const std::vector<double>& columns, std::size_t sites,
                                   std::size_t criteria);

/// CILOS, criterion impact loss, and IDOCRIW, its product with entropy weights (Zavadskas &
/// Podvezko 2016); costs enter as min/x. Values must be positive: "ranking.not_positive". Of
/// several sites with the best value of a criterion the first counts.
[[nodiscard]] Weights cilos_weights(const std::vector<Criterion>& criteria,
                                    const std::vector<double>& columns, std::size_t sites);
[[nodiscard]] Weights idocriw_weights(const std::vector<Criterion>& criteria,
                                      const std::vector<double>& columns, std::size_t sites);

/// LOPCOW (Ecer & Pamucar 2022): |100 ln(root mean square/standard deviation)| of sense-oriented
/// min-max columns.
[[nodiscard]] Weights lopcow_weights(const std::vector<Criterion>& criteria,
                                     const std::vector<double>& columns, std::size_t sites);

/// Whichever data scheme `scheme` is (`is_from_data`).
[[nodiscard]] Weights data_weights(WeightScheme scheme, const std::vector<Criterion>& criteria,
                                   const std::vector<double>& columns, std::size_t sites);

/// Judgements as read from a file for AHP, best-worst, SWARA and ROC.
struct Judgements {
  std::vector<double> matrix;                 ///< AHP: the first, or only, judge's; NaN = a gap
  std::vector<std::vector<double>> matrices;  ///< AHP: every judge's, when there are several
  std::vector<std::string> judges;            ///< their names, as many as `matrices`
  std::vector<std::size_t> order;             ///< SWARA and ranks; most important first
  std::vector<double> step;                   ///< SWARA
  std::size_t best = 0, worst = 0;
  std::vector<double> best_to, to_worst;  ///< best-worst
};

/// Reads judgements: CSV. AHP: a square table with criterion names as header and first column, the
/// judge's name or nothing in its corner; blank or `-` is a comparison that was not made; more
/// tables below it are more judges. BWM: rows `best,<name>,...`: header of names, row `best_to` and
/// row `to_worst`. SWARA: rows `name,step`; ROC and other ranks: rows `name`, most important first.
/// Cells may be fractions such as 1/3.
/// Errors "ranking.judgement", "ranking.unknown_criterion", "ranking.not_square".
[[nodiscard]] Judgements read_judgements(std::string_view text, WeightScheme scheme,
                                         const std::vector<Criterion>& criteria,
                                         const std::string& where = {});

/// Adds the judges of another file. Error "ranking.judgement" when `scheme` is not AHP, the one in
/// which several judges can be joined.
void add_judgements(Judgements& to, const Judgements& more, WeightScheme scheme,
                    const std::string& where = {});

/// AHP weights of one judge or several.
[[nodiscard]] Weights ahp_weights(const Judgements& judgements, std::size_t criteria,
                                  const AhpOptions& options = {});

}  // namespace lode
