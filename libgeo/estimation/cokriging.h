// Co-kriging: several variables estimated together from the samples of all of them.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "libgeo/estimation/coregionalisation.h"
#include "libgeo/estimation/estimate.h"

namespace lode {

struct CokrigingOptions {
  Coregionalisation model;  ///< variables in the order of the samples'
  SearchOptions search;     ///< each variable's own neighbours, so samples need not have all values
  std::array<int, 3> discretise{1, 1, 1};
  /// One condition: of the variables less their mean and by their deviation (root of the sill),
  /// all weights sum to 1 (Goovaerts 1997, p. 232). Else a variable's own weights sum to 1 and
  /// those of each other to 0.
  bool standardised = false;
  std::vector<double> means;  ///< standardised: one a variable; empty = of the samples
  DuplicatePolicy duplicates = DuplicatePolicy::refuse;  ///< of one variable at one place
  std::vector<std::pair<std::string, std::string>> soft_boundaries;
  int jobs = 0;
};

/// Rows of consecutive targets. A variable with too few samples of its own is NaN there.
struct CokrigingChunk {
  std::size_t first = 0;
  std::vector<std::vector<double>> value, variance;  ///< by variable, then row
  std::vector<double> nearest_m;                     ///< of the first variable's samples
  std::vector<std::uint32_t> samples;                ///< of all variables
  std::vector<std::uint32_t> own;                    ///< of the first variable
  std::vector<std::uint8_t> estimated;               ///< 1 when the first variable is
  [[nodiscard]] std::size_t rows() const { return estimated.size(); }
};
using CokrigingSink = std::function<void(const CokrigingChunk&)>;

struct CokrigingSummary {
  std::size_t targets = 0;
  std::size_t estimated = 0;  ///< targets where the first variable was
  std::size_t negative_weights = 0, not_positive_definite = 0, duplicates = 0;
  std::vector<double> mean, mean_kriging_variance;  ///< by variable
  std::vector<std::size_t> samples;                 ///< by variable, those with a value
  Findings findings;
};

/// Covariances are those of the model; the nugget counts between samples of one place, between a
/// sample and a point target at its place, and not within blocks. Memory: the samples and a part
/// of the targets. The same bits for any number of threads.
/// Errors "cokriging.variables" (number), "cokriging.means", "cokriging.no_values" (a variable
/// without one), "cokriging.duplicates", those of the model and of `estimate`.
[[nodiscard]] CokrigingSummary cokriging(const Samples& samples, const Targets& targets,
                                         const CokrigingOptions& options, const CokrigingSink& sink,
                                         const Progress& progress = {});

/// Each sample's values from the other samples: all its values are left out (with `by_hole`, those
/// of its whole hole). Variances by the first variable. Takes a search tree a sample.
[[nodiscard]] CrossValidation cross_validate_cokriging(const Samples& samples,
                                                       const CokrigingOptions& options,
                                                       bool by_hole = false,
                                                       const Progress& progress = {});

}  // namespace lode
