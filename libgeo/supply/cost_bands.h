// Inside of the supply room: a cost curve's sources drawn, and each draw's curve on a grid.
#pragma once

#include <cstddef>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/supply/cost_draws.h"

namespace lode {

/// P10 and P90 of a source over the draws, of cost and of tonnes; `base` is NaN.
struct CostTails {
  LowBaseHigh usd_per_kg, tonnes;
};
[[nodiscard]] std::vector<CostTails> cost_tails(const std::vector<CostDraws>& sources,
                                                std::size_t draws, int jobs,
                                                const Progress& progress);

/// What is asked of every draw's own curve.
struct BandsAsked {
  std::vector<double> grid_t;  ///< rising
  std::vector<double> line_usd_per_kg;
  std::size_t draws = 0;
  int jobs = 0;
};
struct BandsDrawn {
  std::vector<double> marginal;  ///< [draw * grid + point]; infinite beyond all tonnes
  std::vector<double> below;     ///< [draw * lines + line], tonnes
};
/// A draw is not sorted: its tonnes are added up in steps of cost, and only the steps in which the
/// grid's tonnages are reached are put in order. The same bits for any `jobs`.
[[nodiscard]] BandsDrawn cost_bands(const std::vector<CostDraws>& sources, const BandsAsked& asked,
                                    const Progress& progress);

}  // namespace lode
