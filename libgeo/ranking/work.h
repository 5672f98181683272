// Inside of the ranking room: the table after screening and filling, in the order of ids.
#pragma once

#include <string>
#include <vector>

#include "libgeo/ranking/rank.h"

namespace lode::ranking_work {

/// Rows that passed the hard rules, column-major, nothing missing.
struct Work {
  std::vector<std::size_t> rows;  ///< table rows
  DrawInputs inputs;
  std::vector<std::vector<std::string>> missing;  ///< per site: criteria that were filled in
};

/// Screens and fills; what was dropped and filled goes into `result`.
[[nodiscard]] Work make_work(const DecisionTable& table, const RankOptions& options,
                             RankResult& result);

/// The weights that the options ask for.
[[nodiscard]] Weights base_weights(const DecisionTable& table, const Work& work,
                                   const RankOptions& options);

}  // namespace lode::ranking_work
