// Neighbourhood analysis: what sample counts, block sizes and discretisations do to kriging.
#pragma once

#include <array>
#include <vector>

#include "libgeo/estimation/estimate.h"

namespace lode {

/// What is tried; an empty list keeps what `options` and the targets say.
struct NeighbourhoodTrials {
  std::vector<std::size_t> max_samples;        ///< of every pass; 0 = all inside
  std::vector<std::array<double, 3>> block_m;  ///< sizes about the same centres
  std::vector<std::array<int, 3>> discretise;
  std::size_t places = 1000;  ///< targets looked at, spread evenly over all; 0 = every one
};

/// One setting. Means are over the targets that were estimated.
struct NeighbourhoodRow {
  std::size_t max_samples = 0;
  std::array<double, 3> block_m{0.0, 0.0, 0.0};  ///< 0 = points
  std::array<int, 3> discretise{1, 1, 1};
  std::size_t targets = 0, estimated = 0;
  double samples = 0.0;               ///< mean number used
  double variance = 0.0;              ///< mean kriging variance
  double slope = 0.0;                 ///< mean slope of regression
  double efficiency = 0.0;            ///< mean kriging efficiency
  double negative_weight_sum = 0.0;   ///< mean over targets of the sum of weights below 0
  double negative_targets_pct = 0.0;  ///< targets with a weight below 0
};

/// One row a combination: sample counts fastest, then blocks, then discretisations (Vann, Jackson
/// and Bertoli 2003 read such tables: enough samples that the slope nears 1 and the negative
/// weights stay small). Blocks of a turned grid stay parallel to it.
/// Error "neighbourhood.method" unless the method is a kriging one, and those of `estimate`.
[[nodiscard]] std::vector<NeighbourhoodRow> neighbourhood_analysis(
    const Samples& samples, const Targets& targets, const EstimateOptions& options,
    const NeighbourhoodTrials& trials, const Progress& progress = {});

}  // namespace lode
