// How far each weight may move before another site takes the first place.
#pragma once

#include <string>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/ranking/rank.h"

namespace lode {

/// The weights of one criterion under which the first site stays first, the other weights in
/// proportion. An end at 0 or 1 with no successor is an end of the scale.
struct StableWeight {
  std::size_t criterion = 0;
  double weight = 0.0;  ///< as used
  double low = 0.0, high = 1.0;
  std::string below, above;  ///< id of the site that is first beyond that end; "" = none
};

/// One a criterion. Closed form where the score is linear in the weights (WSM, SPOTIS, PROMETHEE
/// II, WPM) or a conic in them (TOPSIS), else by steps of 1/200 and bisection. Weights only: data
/// stay at their base values. Where a search would take too long (VIKOR, OWA, fuzzy, WASPAS over
/// more than a million cells or so, ELECTRE III above 100 sites) nothing is returned, and the
/// finding "ranking.no_stability" (note) says so.
[[nodiscard]] std::vector<StableWeight> weight_stability(const DecisionTable& table,
                                                         const RankOptions& options,
                                                         const Progress& progress = {},
                                                         Findings* findings = nullptr);

}  // namespace lode
