// Only what QGIS needs to draw: renderer, labels. What is left out takes QGIS's own default.
#include "libgeo/report/qml.h"

#include <array>
#include <vector>

#include "libgeo/core/text.h"
#include "libgeo/report/wording.h"

namespace lode::report {
namespace {

/// "#1f5fae" -> "31,95,174,255".
std::string rgba(std::string_view colour, int alpha = 255) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
  std::string out;
  for (std::size_t i = 1; i + 1 < colour.size(); i += 2)
    put(out, number_text(digit(colour[i]) * 16 + digit(colour[i + 1])), ",");
  return out + number_text(alpha);
}

/// Both forms of a layer property: <Option> for QGIS 3.20 and later, <prop> for older ones.
struct Property {
  std::string name, value;
};
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

std::string data_defined(std::string_view property, std::string_view expression) {
  std::string out;
  put(out,
      "<data_defined_properties><Option type=\"Map\"><Option name=\"name\" type=\"QString\" "
      "value=\"\"/>",
      "<Option name=\"properties\" type=\"Map\"><Option name=\"", property, "\" type=\"Map\">",
      "<Option name=\"active\" type=\"bool\" value=\"true\"/><Option name=\"expression\" "
      "type=\"QString\" value=\"",
      escape(expression), "\"/><Option name=\"type\" type=\"int\" value=\"3\"/></Option></Option>",
      "<Option name=\"type\" type=\"QString\" "
      "value=\"collection\"/></Option></data_defined_properties>");
  return out;
}

std::string symbol(std::string_view type, std::string_view name, std::string_view layer_class,
                   const std::vector<Property>& all, const std::string& more = {}) {
  std::string out;
  put(out, "<symbol type=\"", type, "\" name=\"", name,
      "\" alpha=\"1\" clip_to_extent=\"1\" force_rhr=\"0\">", "<layer class=\"", layer_class,
      "\" enabled=\"1\" locked=\"0\" pass=\"0\">", properties(all), more, "</layer></symbol>\n");
  return out;
}

std::string document(const std::string& body) {
  return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
         "<qgis version=\"3.22.0\" styleCategories=\"Symbology|Labeling\">\n" +
         body + "</qgis>\n";
}

std::string single(const std::string& one) {
  return document(
      "<renderer-v2 type=\"singleSymbol\" enableorderby=\"0\" forceraster=\"0\" "
      "symbollevels=\"0\">\n<symbols>\n" +
      one + "</symbols>\n</renderer-v2>\n");
}

struct Category {
  std::string value, label, symbol;
};
std::string categorised(std::string_view attribute, const std::vector<Category>& all,
                        std::string_view order = {}) {
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

std::string site_symbol(std::size_t index, std::string_view colour, std::string_view shape,
                        bool ranked) {
  return symbol("marker", number_text(static_cast<double>(index)), "SimpleMarker",
                {{"name", std::string(shape)},
                 {"color", ranked ? rgba(colour) : rgba("#ffffff")},
                 {"outline_color", ranked ? rgba("#ffffff") : rgba(colour)},
                 {"outline_width", ranked ? "0.3" : "0.4"},
                 {"outline_width_unit", "MM"},
                 {"outline_style", "solid"},
                 {"size", ranked ? "3.2" : "2"},
                 {"size_unit", "MM"},
                 {"joinstyle", "bevel"}},
                ranked ? data_defined("size",
                                      "CASE WHEN \"rank\" <= 10 THEN 5.4 - 0.15 * \"rank\" WHEN "
                                      "\"rank\" <= 40 THEN 4 - 0.04 * \"rank\" ELSE 2.2 END")
                       : std::string());
}

std::string site_labels() {
  const std::string expression =
      "CASE WHEN \"rank\" <= 15 THEN to_string(\"rank\") || '. ' || coalesce(\"name\", \"id\") END";
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
      "</text-style>\n<placement placement=\"6\" dist=\"0.6\" distUnits=\"MM\" priority=\"8\" "
      "offsetType=\"1\" predefinedPositionOrder=\"R,TR,BR,L,TL,BL,T,B\" "
      "overrunDistanceUnit=\"MM\"/>\n",
      "<rendering obstacle=\"1\" obstacleFactor=\"1\" displayAll=\"0\" "
      "zIndex=\"0\"/>\n</settings></labeling>\n");
  return out;
}

}  // namespace

std::string sites_style() {
  struct Group {
    std::string_view name, title, colour;
  };
  static constexpr std::array<Group, 4> groups{{{"domestic", "Domestic", "#1f5fae"},
                                                {"allied", "Allied", "#12907a"},
                                                {"other", "Other", "#c8622d"},
                                                {"", "Group not known", "#7d8792"}}};
  std::vector<Category> all;
  for (const auto& group : groups) {
    all.push_back(
        {std::string(group.name) + " primary", std::string(group.title) + ", mine or deposit", ""});
    all.back().symbol = site_symbol(all.size() - 1, group.colour, "circle", true);
    all.push_back(
        {std::string(group.name) + " secondary", std::string(group.title) + ", recycling", ""});
    all.back().symbol = site_symbol(all.size() - 1, group.colour, "diamond", true);
  }
  all.push_back({"unranked", "Not ranked", ""});
  all.back().symbol = site_symbol(all.size() - 1, "#7d8792", "circle", false);
  return document(categorised("CASE WHEN \"rank\" IS NULL THEN 'unranked' ELSE coalesce(\"group\", "
                              "'') || ' ' || coalesce(\"kind\", '') END",
                              all, "\"rank\"") +
                  site_labels());
}

std::string routes_style() {
  struct Mode {
    std::string_view name, title, colour, width;
  };
  // Solid: many routes lie on one another, and dashes over dashes would close up anyway.
  static constexpr std::array<Mode, 5> modes{{{"road", "Mostly road", "#8c4a1f", "0.45"},
                                              {"rail", "Mostly rail", "#4a3b78", "0.6"},
                                              {"sea", "Mostly sea", "#2a7fb0", "0.45"},
                                              {"barge", "Mostly barge", "#2a7fb0", "0.45"},
                                              {"", "Straight or not told", "#5b6672", "0.4"}}};
  std::vector<Category> all;
  for (const auto& mode : modes)
    all.push_back({std::string(mode.name), std::string(mode.title),
                   symbol("line", number_text(static_cast<double>(all.size())), "SimpleLine",
                          {{"line_color", rgba(mode.colour, 170)},
                           {"line_width", std::string(mode.width)},
                           {"line_width_unit", "MM"},
                           {"line_style", "solid"},
                           {"capstyle", "round"},
                           {"joinstyle", "round"}})});
  return document(categorised("mode", all));
}

std::string area_style(std::string_view fill, std::string_view outline) {
  return single(symbol("fill", "0", "SimpleFill",
                       {{"color", rgba(fill, 90)},
                        {"style", "solid"},
                        {"outline_color", rgba(outline)},
                        {"outline_style", "solid"},
                        {"outline_width", "0.3"},
                        {"outline_width_unit", "MM"},
                        {"joinstyle", "bevel"}}));
}

std::string line_style(std::string_view colour) {
  return single(symbol("line", "0", "SimpleLine",
                       {{"line_color", rgba(colour)},
                        {"line_width", "0.3"},
                        {"line_width_unit", "MM"},
                        {"line_style", "solid"},
                        {"capstyle", "round"},
                        {"joinstyle", "round"}}));
}

std::string point_style(std::string_view colour) {
  return single(symbol("marker", "0", "SimpleMarker",
                       {{"name", "square"},
                        {"color", rgba(colour, 160)},
                        {"outline_color", rgba(colour)},
                        {"size", "1.8"},
                        {"size_unit", "MM"},
                        {"outline_width", "0.2"},
                        {"outline_width_unit", "MM"}}));
}

}  // namespace lode::report
