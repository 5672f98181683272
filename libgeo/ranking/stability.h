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
/// II), else by steps of 1/200 and bisection. Weights only: data stay at their base values.
[[nodiscard]] std::vector<StableWeight> weight_stability(const DecisionTable& table,
                                                         const RankOptions& options,
                                                         const Progress& progress = {});

}  // namespace lode
