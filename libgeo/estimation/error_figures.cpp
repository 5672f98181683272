#include "libgeo/estimation/error_figures.h"

#include <cmath>
#include <limits>

#include "libgeo/core/sum.h"

namespace lode {

namespace {

double correlation(const std::vector<double>& truth, const std::vector<double>& estimate,
                   double truth_mean, double estimate_mean) {
  Sum both, of_truth, of_estimate;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (!std::isfinite(truth[i]) || !std::isfinite(estimate[i])) continue;
    const double a = truth[i] - truth_mean, b = estimate[i] - estimate_mean;
    both += a * b;
    of_truth += a * a;
    of_estimate += b * b;
  }
  const double spread = std::sqrt(of_truth.value() * of_estimate.value());
  return spread > 0.0 ? both.value() / spread : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

void add_error_figures(const std::vector<double>& truth, const std::vector<double>& estimate,
                       const std::vector<double>& variance, CrossValidation& result) {
  Sum error, absolute, square, ratio, truths, estimates;
  double n = 0.0, with_variance = 0.0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const double e = estimate[i] - truth[i];
    if (!std::isfinite(e)) continue;
    n += 1.0;
    error += e;
    absolute += std::abs(e);
    square += e * e;
    truths += truth[i];
    estimates += estimate[i];
    if (i < variance.size() && variance[i] > 0.0) {
      ratio += e * e / variance[i];
      with_variance += 1.0;
    }
  }
  const double nothing = std::numeric_limits<double>::quiet_NaN();
  const bool any = n > 0.0;
  result.me.push_back(any ? error.value() / n : nothing);
  result.mae.push_back(any ? absolute.value() / n : nothing);
  result.rmse.push_back(any ? std::sqrt(square.value() / n) : nothing);
  result.msdr.push_back(with_variance > 0.0 ? ratio.value() / with_variance : nothing);
  result.correlation.push_back(
      any ? correlation(truth, estimate, truths.value() / n, estimates.value() / n) : nothing);
}

}  // namespace lode
