// Agreement of rankings: other methods, scales and weights beside one's own; rank-reversal test.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/ranking/rank.h"

namespace lode {

/// Agreement of two rankings of the same sites (ranks, 1 = best; ties share a rank): Kendall's
/// tau-b by sorting, O(n log n) (Kendall 1945; Knight 1966). NaN when one ranks all alike.
/// These throw Error "ranking.shape" when the lengths differ.
[[nodiscard]] double kendall_tau(const std::vector<double>& ranks,
                                 const std::vector<double>& other);

/// Spearman's rho: the correlation of the ranks, ties at the mean of their places. NaN when one
/// ranks all alike.
[[nodiscard]] double spearman_rho(const std::vector<double>& ranks,
                                  const std::vector<double>& other);

/// Weighted rank correlation rw (Pinto da Costa & Soares 2005): 1 - 6 sum (x - y)^2 ((n - x + 1) +
/// (n - y + 1))/(n^4 + n^3 - n^2 - n). Differences at the top count more, in either ranking.
[[nodiscard]] double weighted_rho(const std::vector<double>& ranks,
                                  const std::vector<double>& other);

/// WS coefficient (Salabun & Urbaniak 2020): differences near the top of `ranks` count more.
[[nodiscard]] double ws_coefficient(const std::vector<double>& ranks,
                                    const std::vector<double>& other);

/// How another method, scale or weighting ranks the same sites.
struct Agreement {
  Method method = Method::wsm;
  double tau = not_stated;  ///< Kendall's tau-b with the ranking of the options
  double ws = not_stated;   ///< WS coefficient
  std::string first;        ///< the first site
  std::string refused;      ///< error code when the method cannot take the data
  /// What is other than in the options: "" = the method; else "normalise minmax", "weights equal".
  std::string variant;
  double rho = not_stated;  ///< Spearman's
  double rw = not_stated;   ///< weighted rho
  std::size_t top = 0;      ///< sites looked at in `overlap`: ten, or all when there are fewer
  std::size_t overlap = 0;  ///< how many of the first `top` sites are among the first `top` here
  std::size_t rank_of_first = 0;  ///< the rank here of the site that is first by the options
  std::string first_name;         ///< the name of `first`, "" = none
};

/// The other methods (all of the list but the options' own) beside the options' one, with the same
/// weights and without draws. ELECTRE III is refused above its own limit of sites.
[[nodiscard]] std::vector<Agreement> compare_methods(const DecisionTable& table,
                                                     const RankOptions& options,
                                                     const Progress& progress = {});

/// The options' method under the other scales (bounds, minmax, vector) and the other weightings
/// (given, equal, entropy, critic, roc), one at a time. Methods that do not normalise have the
/// weightings alone.
[[nodiscard]] std::vector<Agreement> compare_variants(const DecisionTable& table,
                                                      const RankOptions& options,
                                                      const Progress& progress = {});

/// How many of the rankings (the options' own among them) have a site first.
struct FirstPlace {
  std::string id;
  std::size_t count = 0;
};
/// Most often first above; ties by id. `own` is the first site by the options.
[[nodiscard]] std::vector<FirstPlace> first_places(const std::string& own,
                                                   const std::vector<Agreement>& others);

/// Leaves out each site that is not first in turn, and counts how often the first place changes.
/// Then decides between sites two at a time, as if there were no others (Wang & Triantaphyllou
/// 2008): an order in which nothing reverses has no circles and agrees with the ranking.
struct ReversalTest {
  std::size_t trials = 0;
  std::size_t changed = 0;
  std::vector<std::string> causes;  ///< ids whose absence changes the first place
  std::size_t paired = 0;           ///< leading sites that were compared two at a time
  std::size_t pairs = 0;            ///< of those, pairs decided
  std::size_t against = 0;          ///< pairs that are decided the other way than in the ranking
  std::size_t circles = 0;          ///< circular triads among them: A over B over C over A
  double transitivity = 1.0;        ///< 1 - circles/the most that so many sites can have
  std::vector<std::string> circle;  ///< ids of the first circle, "" = none
};
/// At most `trials` sites, the last in rank first, and as many as some ten seconds allow; pairs
/// among the leading 100 sites. Weights are held at their base values.
[[nodiscard]] ReversalTest test_rank_reversal(const DecisionTable& table,
                                              const RankOptions& options, std::size_t trials = 200,
                                              const Progress& progress = {});

}  // namespace lode
