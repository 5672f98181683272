// Figures of a cross-validation: mean error, absolute error, root mean square, correlation.
#pragma once

#include <cstddef>
#include <vector>

#include "libgeo/estimation/estimate.h"

namespace lode {

/// Adds me, mae, rmse, msdr and correlation of one variable to `result`; error = estimate minus
/// true, over the samples that have both. `variance` as long as the samples; msdr over those
/// above 0.
void add_error_figures(const std::vector<double>& truth, const std::vector<double>& estimate,
                       const std::vector<double>& variance, CrossValidation& result);

}  // namespace lode
