// The figure of an experimental variogram with its model.
#pragma once

#include <string>

#include "libgeo/estimation/variogram.h"
#include "libgeo/estimation/variogram_fit.h"

namespace lode::tools {

/// SVG, one plot a direction; `fit` may be null. `value` is the name of the values.
[[nodiscard]] std::string variogram_figure(const std::string& value,
                                           const ExperimentalVariogram& experimental,
                                           const FitResult* fit, bool anisotropic);

}  // namespace lode::tools
