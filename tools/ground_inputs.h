// Layers for buffer, screen and permits: brought to one CRS along their edges, with recorded areas.
#pragma once

#include <string>
#include <vector>

#include "libgeo/geometry/measure.h"
#include "libgeo/io/layer.h"
#include "tools/command.h"

namespace lode::tools {

/// --edges geodesic|straight, and what it is when not said.
[[nodiscard]] Parameter edges_parameter();
[[nodiscard]] Edges edges_of(const Arguments& arguments, const Crs& crs);

/// --area F: the recorded area of features.
[[nodiscard]] Parameter area_parameter(const std::string& parent);
/// Square metres as recorded, NaN where blank; empty when --area was not said. `unit` is that of a
/// column which does not say it.
[[nodiscard]] std::vector<double> recorded_of(const Arguments& arguments, const Layer& layer,
                                              const std::string& field, Findings& findings,
                                              const std::string& unit = {});

/// A layer in another CRS, its edges followed as the model of its own CRS has them.
[[nodiscard]] Layer brought_to(Layer layer, const Crs& crs, const Arguments& arguments);

/// Hectares, null for NaN.
[[nodiscard]] Json hectares(double m2);
/// --tolerance: "0.1 %" of the setback, or a length.
struct Tolerance {
  double share;
  double metres;  ///< NaN when a share was said
};
[[nodiscard]] Parameter tolerance_parameter();
/// Error "usage.tolerance".
[[nodiscard]] Tolerance tolerance_of(const Arguments& arguments);

}  // namespace lode::tools
