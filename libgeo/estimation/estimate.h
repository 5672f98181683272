// Estimates at points and blocks: nearest neighbour, inverse distance and the kriging family.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/estimation/neighbours.h"
#include "libgeo/estimation/samples.h"
#include "libgeo/estimation/variogram_model.h"
#include "libgeo/geometry/grid.h"

namespace lode {

enum class EstimationMethod { nn, idw, sk, ok, uk, ked };
[[nodiscard]] std::string_view to_text(EstimationMethod method);

/// What is to be estimated: a grid, or a list of points or blocks (dx, dy, dz empty = points).
/// Blocks of a list stand parallel to the axes.
struct Targets {
  bool is_grid = false;
  BlockGrid grid;
  std::vector<double> x, y, z, dx, dy, dz;
  /// External drift (ked): by drift variable, then target, in the order of Samples' drift.
  std::vector<std::vector<double>> drift;
  std::vector<std::string> domain;  ///< empty = samples of every domain serve every target

  [[nodiscard]] std::size_t size() const { return is_grid ? grid.size() : x.size(); }
};

/// What to do with samples at one place (closer than `duplicate_distance_m`): they make kriging
/// systems singular.
enum class DuplicatePolicy { refuse, average, first };
/// Samples that miss some of several variables: left out for all, or each variable has its own
/// neighbours.
enum class PartialPolicy { drop, separate };

struct EstimateOptions {
  EstimationMethod method = EstimationMethod::ok;
  VariogramModel model;
  SearchOptions search;
  std::array<int, 3> discretise{1, 1, 1};  ///< points a block; 1,1,1 = a point at the centre
  double power = std::numeric_limits<double>::quiet_NaN();  ///< idw: must be said, above 0
  std::vector<double> means;                                ///< sk: one a variable, must be said
  std::string drift;  ///< uk: letters of the linear terms, "x", "xy", "xyz"; "xx" etc. quadratic
  std::vector<std::vector<double>> sample_drift;  ///< ked: by drift variable, then sample
  DuplicatePolicy duplicates = DuplicatePolicy::refuse;
  double duplicate_distance_m = 0.0;
  PartialPolicy partial = PartialPolicy::drop;
  /// High-yield restriction: values above `high_yield_above` (one a variable, infinite = none)
  /// serve only targets within `high_yield_radius_m` along the search axes; beyond, they are cut to
  /// the threshold.
  std::vector<double> high_yield_above;
  std::array<double, 3> high_yield_radius_m{0.0, 0.0, 0.0};
  /// Targets of domain A may use samples of domain B: {A, B}; empty = hard boundaries.
  std::vector<std::pair<std::string, std::string>> soft_boundaries;
  /// Locally varying anisotropy: by target; empty = the model's and the search's own angles.
  std::vector<Angles> local_angles;
  bool drop_negative_weights = false;  ///< set to 0 and the rest rescaled (Deutsch 1996)
  int jobs = 0;
};

/// Rows of consecutive targets. NaN where a target was not estimated (`pass` 0).
struct EstimateChunk {
  std::size_t first = 0;                   ///< target of the first row
  std::vector<std::vector<double>> value;  ///< by variable, then row
  std::vector<double> variance;            ///< kriging variance, of the block when discretised
  std::vector<double> slope;               ///< slope of regression Z on Z*
  std::vector<double> efficiency;          ///< kriging efficiency
  std::vector<double> nearest_m;           ///< true distance to the nearest sample used
  std::vector<std::uint32_t> samples, holes;
  std::vector<std::uint8_t> pass;  ///< 1, 2, ...; 0 = not estimated
  [[nodiscard]] std::size_t rows() const { return pass.size(); }
};
/// Called with every chunk in the order of the targets, never from two threads at once.
using EstimateSink = std::function<void(const EstimateChunk&)>;

struct EstimateSummary {
  std::size_t targets = 0, estimated = 0, unestimated = 0;
  std::size_t ties = 0;  ///< targets where the last sample taken and the first left out lie as far
  std::size_t negative_weights = 0;       ///< targets with at least one weight below 0
  std::size_t not_positive_definite = 0;  ///< targets whose system could not be solved
  std::size_t duplicates = 0;             ///< samples that lie where another one does
  std::size_t samples_used = 0, samples_dropped = 0;
  std::vector<double> mean;  ///< of the estimates, by variable
  double mean_kriging_variance = std::numeric_limits<double>::quiet_NaN();
  std::vector<std::size_t> by_pass;
  Findings findings;
};

/// Memory: the samples and a few chunks. The same bits for any number of threads.
/// Errors "estimate.*": no samples, a value or place that is not finite, SK without means, IDW
/// without power, UK with an unknown drift term, KED without drift, duplicates (policy refuse).
[[nodiscard]] EstimateSummary estimate(const Samples& samples, const Targets& targets,
                                       const EstimateOptions& options, const EstimateSink& sink,
                                       const Progress& progress = {});

/// Kriging weights of consecutive targets, for those who estimate many variables at once (as
/// conditional simulation does): target t of the chunk has samples[start[t] .. start[t + 1]).
struct WeightChunk {
  std::size_t first = 0;
  std::vector<std::size_t> start;
  std::vector<std::uint32_t> sample;
  std::vector<double> weight;
  std::vector<double> variance;
};
/// As `estimate`, without values: only the places of the samples count. Chunks come in order unless
/// `any_order`: then they may come at once from several threads.
void kriging_weights(const Samples& samples, const Targets& targets, const EstimateOptions& options,
                     const std::function<void(const WeightChunk&)>& sink, bool any_order = false,
                     const Progress& progress = {});

/// The same methods with each sample estimated from the others (leave one out; with
/// `by_hole`, all samples of its hole are left out).
struct CrossValidation {
  std::vector<std::vector<double>> estimate;  ///< by variable, then sample; NaN = none
  std::vector<double> variance;
  std::vector<std::uint32_t> samples;
  /// By variable; error = estimate minus true. msdr: mean of error squared / kriging variance.
  std::vector<double> me, mae, rmse, msdr, correlation;
  EstimateSummary summary;
};
[[nodiscard]] CrossValidation cross_validate(const Samples& samples, const EstimateOptions& options,
                                             bool by_hole = false, const Progress& progress = {});

}  // namespace lode
