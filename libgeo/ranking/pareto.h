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

/// `columns` are oriented (higher is better), column-major, finite. Exact, by bit sets over the
/// order of each criterion (n^2 m/64 steps of a word), memory O(n m sqrt(n)/8) bytes. Error
/// "ranking.shape".
[[nodiscard]] Dominance dominance(const std::vector<double>& columns, std::size_t sites,
                                  std::size_t criteria, const DominanceOptions& options = {},
                                  const Progress& progress = {});

}  // namespace lode
