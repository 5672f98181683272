// Pieces that QGIS styles (QML) are put together from: colours, symbols, renderers, labels.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/geometry/geometry.h"

namespace lode::report {

/// Red, green and blue of "#1f5fae".
[[nodiscard]] std::array<int, 3> channels(std::string_view colour);
/// "#1f5fae" -> "31,95,174,255".
[[nodiscard]] std::string rgba(std::string_view colour, int alpha = 255);

/// Of lines by barge, which the inks of the report draw as sea.
inline constexpr std::string_view kBargeColour = "#009e73";

struct Property {
  std::string name, value;
};
/// One symbol of one layer. `more` goes in behind the properties.
[[nodiscard]] std::string symbol(std::string_view type, std::string_view name,
                                 std::string_view layer_class, const std::vector<Property>& all,
                                 const std::string& more = {});

/// What one symbol of a layer of a kind looks like.
struct SymbolLook {
  std::string_view colour;  ///< "#rrggbb"
  double size_mm = 2.4;     ///< of points
  double width_mm = 0.5;    ///< of lines
  int alpha = 205;          ///< of fills
};
/// A disc, a line or a filled area named `index`, as renderers count their symbols.
[[nodiscard]] std::string symbol_of(GeometryKind kind, std::size_t index, const SymbolLook& ink);

struct Category {
  std::string value, label, symbol;
};
/// `order`: a field by which features are drawn, the greatest first.
[[nodiscard]] std::string categorised(std::string_view attribute, const std::vector<Category>& all,
                                      std::string_view order = {});

/// Names for people: what the expression gives, beside a point or in the middle of an area, with a
/// pale edge around the letters.
[[nodiscard]] std::string labels(std::string_view expression,
                                 GeometryKind kind = GeometryKind::point);

/// A whole style. `categories`: what QGIS takes from it ("Symbology|Labeling").
[[nodiscard]] std::string document(const std::string& body,
                                   std::string_view categories = "Symbology|Labeling");

}  // namespace lode::report
