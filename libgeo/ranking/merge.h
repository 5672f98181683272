// Inside of the ranking room: the parts of a result brought together, site by site in rank order.
#pragma once

#include <vector>

#include "libgeo/ranking/pareto.h"
#include "libgeo/ranking/rank.h"
#include "libgeo/ranking/work.h"

namespace lode::ranking_work {

/// Everything that was found out about the sites of `work`, each vector in their order.
struct Parts {
  PreparedMethod prepared;
  Scored scored;
  std::vector<std::size_t> ranks;
  std::vector<std::size_t> order;  ///< places in `work`, in rank order
  bool drawn = false;
  RankUncertainty uncertainty;
  std::vector<double> confidence;  ///< empty = not looked at
  bool compared = false;           ///< whether dominance was looked at
  Dominance dominance;
};

/// Fills `sites` and what belongs to pairs of them.
void merge_sites(const DecisionTable& table, const Work& work, const Parts& parts, int jobs,
                 RankResult& result);

}  // namespace lode::ranking_work
