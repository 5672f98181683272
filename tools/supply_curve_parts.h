// Parts of `supply curve`: the rows that it prints and the layers that it writes.
#pragma once

#include <vector>

#include "libgeo/supply/cost_curve.h"
#include "libgeo/supply/recycling.h"
#include "tools/command.h"
#include "tools/supply_inputs.h"

namespace lode::tools {

[[nodiscard]] Json curve_row(const CostStep& step);
void summarise_curve(const CostCurve& curve, const std::vector<RecyclingFlow>& flows,
                     const CostCurveOptions& options, Outcome& outcome);

[[nodiscard]] OutputLayer curve_layer(const CostCurve& curve);
[[nodiscard]] OutputLayer bands_layer(const CostCurve& curve);
[[nodiscard]] OutputLayer recycling_layer(const std::vector<RecyclingFlow>& flows);

}  // namespace lode::tools
