// What simulations say together: tonnes, grade and metal above cut-offs, and a summary by block.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/estimation/simulation.h"

namespace lode {

/// Quantile of sorted values, straight between order statistics: position (n - 1) p (type 7 of
/// Hyndman and Fan 1996, R's own). NaN when there are none.
[[nodiscard]] double quantile_of_sorted(const std::vector<double>& sorted, double p);

/// Low, middle and high: the 10th, 50th and 90th percentile over the realisations.
struct LowMiddleHigh {
  double p10 = 0.0, p50 = 0.0, p90 = 0.0;
};

/// Part of the model, such as a class or a permit: which share of each block is in it.
struct Zone {
  std::string kind, name;     ///< "class" "indicated"; "permit" "MR-7"
  std::vector<double> share;  ///< one a block, 0 to 1; empty = the whole of every block
};

struct RecoverableOptions {
  std::vector<double> cutoffs;  ///< ascending, in the values' own unit; a block at it counts
  double density_t_m3 = 0.0;
  double fraction_per_value = 0.01;  ///< a mass fraction of 1 a value of 100 when in %
  int jobs = 0;
};

struct RecoverablePoint {
  std::size_t zone = 0;
  double cutoff = 0.0;
  LowMiddleHigh rock_t, product_t;
  LowMiddleHigh grade;  ///< in the values' own unit, over the realisations with any rock; else NaN
  double rock_mean_t = 0.0, product_mean_t = 0.0;
  double chance_of_none = 0.0;  ///< share of the realisations without any rock above
  std::vector<double> rock_by_realization_t, product_by_realization_t;
};

/// By zone, then cut-off. Percentiles are of each figure for itself: those of product are not
/// rock's times grade's.
/// Errors "simulate.cutoffs" (not ascending, not finite), "simulate.density".
[[nodiscard]] std::vector<RecoverablePoint> recoverable_curve(const Simulation& simulation,
                                                              std::size_t variable,
                                                              const std::vector<Zone>& zones,
                                                              const RecoverableOptions& options,
                                                              const Progress& progress = {});

/// By block, over the realisations.
struct BlockSummary {
  std::vector<double> mean, sd, p10, p50, p90;   ///< mean is the e-type estimate
  std::vector<std::vector<double>> probability;  ///< by cut-off: share at or above it
};
[[nodiscard]] BlockSummary summarise_blocks(const Simulation& simulation, std::size_t variable,
                                            const std::vector<double>& cutoffs, int jobs,
                                            const Progress& progress = {});

}  // namespace lode
