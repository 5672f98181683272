// Principal components and min/max autocorrelation factors of normal scores, there and back.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/progress.h"
#include "libgeo/estimation/samples.h"

namespace lode {

/// Principal components are uncorrelated at the same place; min/max autocorrelation factors
/// (Switzer and Green 1984; Desbarats and Dimitrakopoulos 2000) also at one lag.
enum class Decorrelation { none, pca, maf };
[[nodiscard]] std::string_view to_text(Decorrelation method);

/// Factors of variance 1 from scores of variance 1. Matrices are by row: factor f of a sample is
/// the sum over v of forward[v * n + f] * score v, and back likewise.
struct FactorTransform {
  std::size_t count = 0;
  std::vector<double> forward, backward;
  /// pca: share of the variance; maf: semivariance at the lag, most continuous factor first.
  std::vector<double> measure;
  std::size_t pairs = 0;  ///< maf: pairs of samples at the lag

  void to_factors(const double* scores, double* factors) const;
  void to_scores(const double* factors, double* scores) const;
};

/// `scores` by variable, then sample; `weights` empty = all alike. For `maf` pairs count whose
/// distance is within half a lag of `lag_m`.
/// Errors "simulate.collinear" (a variable follows from the others), "simulate.maf_lag" (fewer
/// pairs than ten a variable).
[[nodiscard]] FactorTransform decorrelate(const Samples& samples,
                                          const std::vector<std::vector<double>>& scores,
                                          const std::vector<double>& weights, Decorrelation method,
                                          double lag_m, const Progress& progress = {});

}  // namespace lode
