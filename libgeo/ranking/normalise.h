// From values in units to comparable merits: bounds, min-max, vector, max, sum, or none.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/ranking/criteria.h"

namespace lode {

/// bounds: (t - lo)/(hi - lo) between the criterion's stated bounds, clamped (rank reversal free);
/// minmax: the same between the observed extremes; vector: t/sqrt(sum t^2), cost 1 - that;
/// max: t/max, cost (1/t)/max(1/t); sum: t/sum, cost (1/t)/sum(1/t); none: t, cost -t.
/// t is the value, or its natural logarithm on a log scale.
///
/// Stated bounds make the merit of a site its own affair: then WSM, WPM, WASPAS, TOPSIS, SPOTIS,
/// OWA and fuzzy overlay never change the order of two sites when a third comes or goes. VIKOR,
/// whose S and R are rescaled by the sites at hand, PROMETHEE and ELECTRE, which compare every
/// pair, can.
enum class Normalise { bounds, minmax, vector, max, sum, none };

[[nodiscard]] std::string_view to_text(Normalise normalise);
[[nodiscard]] Normalise parse_normalise(std::string_view text, const std::string& where = {});

/// Columns of merits, higher is better. Site i on criterion j stands at j * sites + i.
struct Normalised {
  std::size_t sites = 0;
  std::size_t criteria = 0;
  std::vector<double> merit;
  std::vector<double> best;   ///< per criterion: the ideal (1 under bounds, else the best observed)
  std::vector<double> worst;  ///< the anti-ideal
  Findings findings;
};

/// The bounds a criterion is judged by, in its own unit: stated, or observed in `column`.
struct Bounds {
  double lo = 0.0;
  double hi = 0.0;
  bool observed = false;
};
[[nodiscard]] Bounds bounds_of(const Criterion& criterion, const double* column, std::size_t sites);

/// The value on the scale on which differences count: the value, its natural logarithm, the value
/// function, or minus the distance to the target; times -1 for a cost.
[[nodiscard]] double oriented(const Criterion& criterion, double value);

/// True where less is better: a curve or a target replaces the direction.
[[nodiscard]] bool is_cost(const Criterion& criterion);

/// `columns` is column-major without missing values. Findings: "ranking.observed_bounds" (note),
/// "ranking.clamped" (warning), "ranking.constant_criterion" (note; its merit is 0.5 where the
/// formula would be 0/0). Errors: "ranking.not_positive" where sum, max or a log scale meets a
/// value it cannot take; "ranking.not_finite" for a value or a merit that is not finite.
[[nodiscard]] Normalised normalise(const std::vector<Criterion>& criteria,
                                   const std::vector<double>& columns, std::size_t sites,
                                   Normalise how = Normalise::bounds,
                                   const std::vector<std::string>& ids = {});

}  // namespace lode
