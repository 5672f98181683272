// Pareto dominance: which sites are at least as good everywhere and better somewhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "libgeo/core/progress.h"

namespace lode {

struct DominanceOptions {
  int jobs = 0;
  std::size_t named = 3;  ///< dominators named a site
};

struct Dominance {
  std::vector<std::uint32_t> dominated_by;  ///< how many sites dominate it
  std::vector<std::uint32_t> dominates;     ///< how many it dominates
  std::vector<std::uint32_t> front;  ///< 1 = dominated by none, 2 = by none but those of 1 ...
  std::vector<std::vector<std::size_t>> named;  ///< the first dominators by index
};

/// `columns` are oriented (higher is better), column-major; infinite values are ends like others.
/// Equal sites do not dominate each other. Exact, by bit sets that grow along the order of each
/// criterion: n^2 m/64 steps of a word at most, memory O(n m). Errors "ranking.shape" (lengths),
/// "ranking.not_finite" (a value is not a number).
[[nodiscard]] Dominance dominance(const std::vector<double>& columns, std::size_t sites,
                                  std::size_t criteria, const DominanceOptions& options = {},
                                  const Progress& progress = {});

}  // namespace lode
