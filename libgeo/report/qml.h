// QGIS styles (QML) of the result layers, readable by QGIS 3.22 and later.
#pragma once

#include <string>
#include <string_view>

namespace lode::report {

/// Points by group and kind, sized by rank, the first fifteen labelled with rank and name.
[[nodiscard]] std::string sites_style();
/// Lines by the mode that covers most of the way.
[[nodiscard]] std::string routes_style();
/// Polygons with a pale fill. Colours are "#rrggbb".
[[nodiscard]] std::string area_style(std::string_view fill, std::string_view outline);
[[nodiscard]] std::string line_style(std::string_view colour);
[[nodiscard]] std::string point_style(std::string_view colour);

}  // namespace lode::report
