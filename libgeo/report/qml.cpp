#include "libgeo/report/qml.h"

#include <array>
#include <vector>

#include "libgeo/core/text.h"
#include "libgeo/report/drawing.h"
#include "libgeo/report/qml_parts.h"
#include "libgeo/report/wording.h"

namespace lode::report {
namespace {

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

std::string single(const std::string& one) {
  return document(
      "<renderer-v2 type=\"singleSymbol\" enableorderby=\"0\" forceraster=\"0\" "
      "symbollevels=\"0\">\n<symbols>\n" +
      one + "</symbols>\n</renderer-v2>\n");
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

constexpr std::string_view kSiteLabel =
    "CASE WHEN \"rank\" <= 15 THEN to_string(\"rank\") || '. ' || coalesce(\"name\", \"id\") END";

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
                  labels(kSiteLabel));
}

std::string routes_style() {
  struct Mode {
    std::string_view name, title, colour, width;
  };
  // The colours of the report's own maps, but for barge, which those draw as sea.
  // Solid: many routes lie on one another, and dashes over dashes would close up anyway.
  static const std::array<Mode, 5> modes{{{"road", "Mostly road", ink("ro").stroke, "0.45"},
                                          {"rail", "Mostly rail", ink("rr").stroke, "0.6"},
                                          {"sea", "Mostly sea", ink("rs").stroke, "0.45"},
                                          {"barge", "Mostly barge", kBargeColour, "0.45"},
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
