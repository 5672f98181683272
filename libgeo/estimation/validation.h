// Do estimates of blocks agree with the samples: swaths, quantiles, global bias, smoothing.
#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/estimation/change_of_support.h"
#include "libgeo/estimation/samples.h"

namespace lode {

/// Estimated blocks: centres and, where known, sizes (empty = all count alike).
struct EstimatedBlocks {
  std::vector<double> x, y, z;
  std::vector<double> dx, dy, dz;
  std::vector<double> share;        ///< part of each block that counts; NaN = 0; empty = all of it
  std::vector<double> value;        ///< NaN = not estimated, left out
  std::vector<std::string> domain;  ///< empty = one domain; else samples serve their own alone
};

struct ValidationOptions {
  std::size_t variable = 0;
  std::array<double, 3> slice_m{0.0, 0.0, 0.0};  ///< width of slices along x, y, z; 0 = none
  double rotation_deg = 0.0;                     ///< of the axes, as a BlockGrid turns
  std::size_t quantiles = 20;                    ///< of the Q-Q table, evenly spread
  int jobs = 0;
};

/// One slice across an axis. Means are NaN where there is nothing.
struct SwathSlice {
  std::size_t axis = 0;  ///< 0 x, 1 y, 2 z
  double from_m = 0.0, to_m = 0.0;
  std::size_t blocks = 0, samples = 0;
  double estimate_mean = std::numeric_limits<double>::quiet_NaN();  ///< by volume
  double nearest_mean = std::numeric_limits<double>::quiet_NaN();   ///< each block's nearest sample
  double declustered_mean = std::numeric_limits<double>::quiet_NaN();
  double sample_mean = std::numeric_limits<double>::quiet_NaN();
};

struct QuantilePair {
  double probability = 0.0, estimate = 0.0, sample = 0.0;
};

struct Validation {
  std::size_t blocks = 0, samples = 0;
  double volume_m3 = std::numeric_limits<double>::quiet_NaN();
  double estimate_mean = 0.0, sample_mean = 0.0, declustered_mean = 0.0;
  double estimate_variance = 0.0, sample_variance = 0.0, declustered_variance = 0.0;
  double bias_pct = 0.0;        ///< of the estimate against the declustered samples
  double variance_ratio = 0.0;  ///< estimates over declustered samples
  std::vector<double> weight;   ///< of each sample, sum 1: the volume nearest to it
  std::vector<double> nearest;  ///< value of the nearest sample, by block
  Distribution estimates, declustered;
  std::vector<SwathSlice> swath;
  std::vector<QuantilePair> quantiles;
  Findings findings;
};

/// Samples are declustered by the blocks: the weight of one is the volume of the blocks that it is
/// the nearest sample of (ties to the first), so both sides of the comparison fill the same space.
/// Slices begin at multiples of their width from 0 of the (turned) axis.
/// Errors "validate.no_blocks", "validate.no_samples", "validate.place", "validate.slice",
/// "validate.apart", "validate.too_many_slices".
/// Findings "validate.not_estimated", "validate.no_value", "validate.bias", "validate.no_domain".
[[nodiscard]] Validation validate_estimates(const EstimatedBlocks& blocks, const Samples& samples,
                                            const ValidationOptions& options,
                                            const Progress& progress = {});

}  // namespace lode
