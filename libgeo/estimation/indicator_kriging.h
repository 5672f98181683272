// Multiple indicator kriging: a distribution at every target, its mean and chances of more.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include "libgeo/estimation/estimate.h"

namespace lode {

struct IndicatorOptions {
  std::vector<double> cutoffs;  ///< ascending, in the variable's unit
  /// Of the indicators: one a cut-off, or one for all (median indicator kriging, which shares the
  /// weights).
  std::vector<VariogramModel> models;
  /// Search, support and the rest; `method` ok, or sk (each indicator's mean is its share of the
  /// samples). `model` and `means` are not read.
  EstimateOptions kriging;
  /// Bounds of the lowest and highest class, which then are uniform; NaN = the samples in them.
  double minimum = std::numeric_limits<double>::quiet_NaN();
  double maximum = std::numeric_limits<double>::quiet_NaN();
};

/// A class between two cut-offs. Mean and variance within it come from its samples; from the
/// bounds where the tail is uniform; in the middle where an inner class has no sample.
struct IndicatorClass {
  double lower = -std::numeric_limits<double>::infinity();  ///< the value lies above it
  double upper = std::numeric_limits<double>::infinity();
  double mean = 0.0, variance = 0.0;
  std::size_t samples = 0;
};

/// Rows of consecutive targets; NaN where one was not estimated (`pass` 0).
struct IndicatorChunk {
  std::size_t first = 0;
  std::vector<std::vector<double>> above;  ///< probability, by cut-off, then row
  std::vector<double> mean;                ///< E-type: class means by their probabilities
  std::vector<double> variance;            ///< of the distribution, not of the estimate
  std::vector<double> nearest_m;
  std::vector<std::uint32_t> samples, holes;
  std::vector<std::uint8_t> pass;
  [[nodiscard]] std::size_t rows() const { return pass.size(); }
};
using IndicatorSink = std::function<void(const IndicatorChunk&)>;

/// What the order-relation correction did: the average of the upward and the downward running
/// correction (Deutsch and Journel 1998, p. 82), after cutting to 0 to 1.
struct OrderCorrection {
  std::size_t targets = 0;                  ///< with at least one probability changed
  std::vector<std::size_t> by_cutoff;       ///< targets changed at each cut-off
  double mean_change = 0.0, largest = 0.0;  ///< of the probabilities changed
};

struct IndicatorSummary {
  EstimateSummary kriging;  ///< of all indicators: counts of the first run, worst of the others
  std::vector<IndicatorClass> classes;
  OrderCorrection order;
  double mean = std::numeric_limits<double>::quiet_NaN();  ///< of the E-type means
};

/// Order corrected in place, `below` = probabilities of values not above each cut-off; says by how
/// much each changed.
[[nodiscard]] std::vector<double> correct_order(std::vector<double>& below);

/// The first variable of `samples`. Errors "indicator.no_cutoffs", "indicator.unsorted",
/// "indicator.models" (number), "indicator.tails" (a bound on the wrong side of the cut-offs),
/// "indicator.no_tail" (no sample beyond an outer cut-off and no bound), and those of `estimate`.
[[nodiscard]] IndicatorSummary indicator_kriging(const Samples& samples, const Targets& targets,
                                                 const IndicatorOptions& options,
                                                 const IndicatorSink& sink,
                                                 const Progress& progress = {});

/// Each sample's E-type mean from the others; `variance` is that of the distribution. The classes
/// are those of all samples.
[[nodiscard]] CrossValidation cross_validate_indicators(const Samples& samples,
                                                        const IndicatorOptions& options,
                                                        bool by_hole = false,
                                                        const Progress& progress = {});

}  // namespace lode
