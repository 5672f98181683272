// Only what QGIS needs to draw: renderer, labels. What is left out takes QGIS's own default.
#include "libgeo/report/qml_parts.h"

#include "libgeo/core/text.h"
#include "libgeo/report/wording.h"

namespace lode::report {
namespace {

/// Both forms of a layer property: <Option> for QGIS 3.20 and later, <prop> for older ones.
std::string properties(const std::vector<Property>& all) {
  std::string out = "<Option type=\"Map\">";
  for (const auto& one : all)
    put(out, "<Option name=\"", one.name, "\" type=\"QString\" value=\"", escape(one.value),
        "\"/>");
  out += "</Option>";
  for (const auto& one : all)
    put(out, "<prop k=\"", one.name, "\" v=\"", escape(one.value), "\"/>");
  return out;
}

}  // namespace

std::array<int, 3> channels(std::string_view colour) {
  const auto digit = [&](std::size_t i) {
    const char c = colour.at(i);
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
  };
  std::array<int, 3> out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = digit(2 * i + 1) * 16 + digit(2 * i + 2);
  return out;
}

std::string rgba(std::string_view colour, int alpha) {
  std::string out;
  for (const int channel : channels(colour)) put(out, std::to_string(channel), ",");
  return out + std::to_string(alpha);
}

std::string symbol(std::string_view type, std::string_view name, std::string_view layer_class,
                   const std::vector<Property>& all, const std::string& more) {
  std::string out;
  put(out, "<symbol type=\"", type, "\" name=\"", name,
      "\" alpha=\"1\" clip_to_extent=\"1\" force_rhr=\"0\">", "<layer class=\"", layer_class,
      "\" enabled=\"1\" locked=\"0\" pass=\"0\">", properties(all), more, "</layer></symbol>\n");
  return out;
}

/// Somewhat darker, for outlines: a thing of a few pixels still has the colour of its class.
std::string shade(std::string_view colour) {
  std::string out;
  for (const int channel : channels(colour)) put(out, std::to_string(channel * 7 / 10), ",");
  return out + "255";
}

std::string symbol_of(GeometryKind kind, std::size_t index, const SymbolLook& ink) {
  const std::string name = number_text(static_cast<double>(index));
  if (kind == GeometryKind::point)
    return symbol("marker", name, "SimpleMarker",
                  {{"name", "circle"},
                   {"color", rgba(ink.colour)},
                   {"outline_color", "70,76,84,255"},
                   {"outline_style", "solid"},
                   {"outline_width", "0.15"},
                   {"outline_width_unit", "MM"},
                   {"size", number_text(ink.size_mm)},
                   {"size_unit", "MM"},
                   {"joinstyle", "bevel"}});
  if (kind == GeometryKind::line)
    return symbol("line", name, "SimpleLine",
                  {{"line_color", rgba(ink.colour)},
                   {"line_width", number_text(ink.width_mm)},
                   {"line_width_unit", "MM"},
                   {"line_style", "solid"},
                   {"capstyle", "round"},
                   {"joinstyle", "round"}});
  return symbol("fill", name, "SimpleFill",
                {{"color", rgba(ink.colour, ink.alpha)},
                 {"style", "solid"},
                 {"outline_color", shade(ink.colour)},
                 {"outline_style", "solid"},
                 {"outline_width", "0.3"},
                 {"outline_width_unit", "MM"},
                 {"joinstyle", "bevel"}});
}

std::string categorised(std::string_view attribute, const std::vector<Category>& all,
                        std::string_view order) {
  std::string out;
  put(out, "<renderer-v2 type=\"categorizedSymbol\" attr=\"", escape(attribute),
      "\" forceraster=\"0\" symbollevels=\"0\" enableorderby=\"", order.empty() ? "0" : "1",
      "\">\n<categories>\n");
  for (std::size_t i = 0; i < all.size(); ++i)
    put(out, "<category type=\"string\" value=\"", escape(all[i].value), "\" label=\"",
        escape(all[i].label), "\" render=\"true\" symbol=\"", number_text(static_cast<double>(i)),
        "\"/>\n");
  out += "</categories>\n<symbols>\n";
  for (const auto& one : all) out += one.symbol;
  out += "</symbols>\n";
  if (!order.empty())
    put(out, "<orderby><orderByClause asc=\"0\" nullsFirst=\"1\">", escape(order),
        "</orderByClause></orderby>\n");
  return out + "</renderer-v2>\n";
}

std::string labels(std::string_view expression, GeometryKind kind) {
  std::string out;
  put(out, "<labeling type=\"simple\"><settings calloutType=\"simple\">\n<text-style fieldName=\"",
      escape(expression),
      "\" isExpression=\"1\" fontSize=\"8.5\" fontSizeUnit=\"Point\" fontFamily=\"Sans Serif\" "
      "fontWeight=\"50\" textColor=\"",
      rgba("#1d242c"),
      "\" textOpacity=\"1\" blendMode=\"0\" namedStyle=\"\" multilineHeight=\"1\">\n",
      "<text-buffer bufferDraw=\"1\" bufferSize=\"0.8\" bufferSizeUnits=\"MM\" "
      "bufferColor=\"255,255,255,230\" bufferOpacity=\"0.9\" bufferJoinStyle=\"128\" "
      "bufferNoFill=\"1\"/>\n",
      "</text-style>\n<placement placement=\"", kind == GeometryKind::point ? "6" : "1",
      "\" dist=\"0.6\" distUnits=\"MM\" priority=\"8\" "
      "offsetType=\"1\" predefinedPositionOrder=\"R,TR,BR,L,TL,BL,T,B\" "
      "overrunDistanceUnit=\"MM\"/>\n",
      "<rendering obstacle=\"1\" obstacleFactor=\"1\" displayAll=\"0\" "
      "zIndex=\"0\"/>\n</settings></labeling>\n");
  return out;
}

std::string document(const std::string& body, std::string_view categories) {
  std::string out;
  put(out,
      "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
      "<qgis version=\"3.22.0\" styleCategories=\"",
      categories, "\">\n", body, "</qgis>\n");
  return out;
}

}  // namespace lode::report
