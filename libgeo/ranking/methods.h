// Scoring methods: from merits and weights to one figure a site, and the figures beside it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/ranking/criteria.h"
#include "libgeo/ranking/normalise.h"

namespace lode {

enum class Method {
  wsm,
  wpm,
  waspas,
  topsis,
  vikor,
  promethee1,
  promethee2,
  electre3,
  electre_tri,
  spotis,
  owa,
  fuzzy
};
enum class FuzzyOperator { all, any, product, sum, gamma };

[[nodiscard]] std::string_view to_text(Method method);
[[nodiscard]] Method parse_method(std::string_view text, const std::string& where = {});
[[nodiscard]] std::string_view to_text(FuzzyOperator op);
[[nodiscard]] FuzzyOperator parse_fuzzy_operator(std::string_view text,
                                                 const std::string& where = {});

struct MethodOptions {
  Method method = Method::topsis;
  Normalise normalise = Normalise::bounds;  ///< not used by promethee, electre
  Shape preference = Shape::linear;         ///< PROMETHEE, where a criterion does not say its own
  double waspas_lambda = 0.5;               ///< 0 (product) to 1 (sum)
  double vikor_v = 0.5;                     ///< 0 (worst criterion) to 1 (sum of regrets)
  double owa_orness = 0.5;        ///< in (0, 1): 0.5 is the weighted sum, 1 the best criterion
  std::vector<double> owa_order;  ///< explicit order weights, best first; they replace orness
  FuzzyOperator fuzzy = FuzzyOperator::gamma;
  double fuzzy_gamma = 0.9;     ///< 0 (product) to 1 (sum)
  double electre_cut = 0.75;    ///< ELECTRE TRI-B: credibility that counts as outranking, 0.5 to 1
  double electre_alpha = 0.30;  ///< distillation threshold s(x) = alpha - beta x
  double electre_beta = 0.15;
  bool optimistic = false;  ///< ELECTRE TRI-B assignment rule
  int jobs = 0;
};

/// Everything about a method that does not depend on the weights, so that thousands of weight
/// draws cost one pass each. Columns are column-major.
struct PreparedMethod {
  MethodOptions options;
  std::vector<Criterion> criteria;
  std::size_t sites = 0;
  Normalised norm;  ///< row-wise methods
  std::vector<double>
      toward;  ///< TOPSIS: (merit - best)^2; VIKOR: regret; PROMETHEE: phi+ per criterion
  std::vector<double> away;     ///< TOPSIS: (merit - worst)^2; PROMETHEE I: phi- per criterion
  std::vector<double> raw;      ///< ELECTRE: oriented values; PROMETHEE II: net flow per criterion
  std::vector<double> q, p, v;  ///< thresholds on the oriented scale
  std::vector<std::vector<double>>
      profiles;  ///< ELECTRE TRI-B: per profile, per criterion, oriented
  Findings findings;
};

/// `columns`: criterion values without missing ones, column-major.
/// Errors: "ranking.not_positive", "ranking.profiles", "ranking.too_large",
/// "ranking.option".
[[nodiscard]] PreparedMethod prepare_method(const std::vector<Criterion>& criteria,
                                            const std::vector<double>& columns, std::size_t sites,
                                            const MethodOptions& options = {},
                                            const std::vector<std::string>& ids = {});

/// One merit a site, higher is better, in `merit[0 .. sites)`; a monotone stand-in for the score,
/// for ranks only. `weights` has one entry a criterion and sums to 1.
void merits(const PreparedMethod& prepared, const double* weights, double* merit);

/// The same for `draws` sets of weights at once (draws x criteria in, draws x sites out): the
/// columns are read from memory once for all of them. Same bits as one by one.
void merits(const PreparedMethod& prepared, const double* weights, std::size_t draws,
            double* merit);

struct Scored {
  std::vector<double> score;
  bool lower_is_better = false;       ///< VIKOR (Q), SPOTIS (distance), ELECTRE III, PROMETHEE I
  std::vector<double> merit;          ///< higher is better; ranks follow it
  std::vector<double> contributions;  ///< sites x criteria, row-major; what they sum to: README
  std::vector<double> s, r;           ///< VIKOR
  std::vector<bool> compromise;       ///< VIKOR
  std::vector<double> phi_plus, phi_minus;    ///< PROMETHEE
  std::vector<double> descending, ascending;  ///< ELECTRE III: places in the two distillations
  std::vector<std::size_t> category;          ///< ELECTRE TRI-B: 0 = worst
  std::vector<double> credibility;  ///< ELECTRE III: sites x sites when at most 500 sites;
                                    ///< ELECTRE TRI-B: sites x profiles, sigma(site, profile)
  /// PROMETHEE I and ELECTRE III up to 500 sites: sites x sites. 'P': the row's site is preferred
  /// to the column's; 'I': indifferent (also the diagonal); 'R': incomparable; '-': the column's
  /// site is preferred.
  std::vector<char> relation;
  Findings findings;
};

/// The full result under one set of weights. TOPSIS with nothing to tell sites apart (0/0) is 0.5.
/// Formulas with their sources: README of this room.
[[nodiscard]] Scored score(const PreparedMethod& prepared, const std::vector<double>& weights);

/// Competition ranks ("1224"), 1 = highest merit; merits within `tolerance` of the first of their
/// group share a rank.
[[nodiscard]] std::vector<std::size_t> competition_ranks(const std::vector<double>& merit,
                                                         double tolerance = 1e-12);

/// Net flows of one criterion by PROMETHEE, exact, O(n log n) for all shapes but gaussian
/// (pair by pair up to 1,000 sites; above that by an expansion cut off at 6e-17 a pair, so that
/// what is left is rounding, below `gaussian_bound`). `value` is oriented (higher is better); flows
/// are divided by n - 1.
inline constexpr double gaussian_bound = 1e-12;
void preference_flows(const double* value, std::size_t sites, Shape shape, double q, double p,
                      double* phi_plus, double* phi_minus);
/// The preference function itself; `p` is the Gaussian's sigma.
[[nodiscard]] double preference(double difference, Shape shape, double q, double p);

}  // namespace lode
