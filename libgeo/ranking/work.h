// Inside of the ranking room: the table after screening and filling, in the order of ids.
#pragma once

#include <string>
#include <vector>

#include "libgeo/ranking/pareto.h"
#include "libgeo/ranking/rank.h"

namespace lode::ranking_work {

/// Rows that passed the hard rules, column-major, nothing missing.
struct Work {
  std::vector<std::size_t> rows;  ///< table rows
  DrawInputs inputs;
  std::vector<std::vector<std::string>> missing;  ///< per site: criteria that were filled in
  Dominance dominance;  ///< where dominated sites were left out: of those that remain
};

/// Screens and fills, and leaves out dominated sites where the options say so; what was dropped and
/// filled goes into `result`. `inputs.low` and `high` have an entry a cell, NaN where there is
/// none; with `lean` both stay empty where no cell has any.
[[nodiscard]] Work make_work(const DecisionTable& table, const RankOptions& options,
                             RankResult& result, const Progress& progress = {}, bool lean = false);

/// Who dominates whom among the sites of `work`, on the criteria as the options orient them.
[[nodiscard]] Dominance dominance_of(const DecisionTable& table, const Work& work,
                                     const RankOptions& options, const Progress& progress = {});

/// The weights that the options ask for.
[[nodiscard]] Weights base_weights(const DecisionTable& table, const Work& work,
                                   const RankOptions& options);

}  // namespace lode::ranking_work
