// Names of result fields for people: "excl_pct" reads "Excluded (%)" in tables and forms of QGIS.
#pragma once

#include <string>
#include <string_view>

#include "libgeo/core/table.h"
#include "libgeo/io/writers.h"

namespace lode::report {

/// "m2" -> "m²", "d" -> "days", "deg" -> "°"; counts have none.
[[nodiscard]] std::string unit_shown(std::string_view unit);
/// The unit that the column declares or its name ends in.
[[nodiscard]] std::string unit_of_column(const Column& column);
/// "distance_km" -> "Distance (km)". Names with capitals keep them: "ORE_MT" -> "ORE (Mt)".
[[nodiscard]] std::string field_title(const Column& column);
/// Adds the titles to the layer's style, or makes one of them alone.
void add_field_titles(OutputLayer& layer);

}  // namespace lode::report
