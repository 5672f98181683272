#include "libgeo/report/layer_style.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>

#include "libgeo/core/text.h"
#include "libgeo/report/classes.h"
#include "libgeo/report/drawing.h"
#include "libgeo/report/field_titles.h"
#include "libgeo/report/qml_parts.h"
#include "libgeo/report/wording.h"

namespace lode::report {
namespace {

constexpr std::size_t kMostWords = 8;    // colours that stay apart
constexpr std::size_t kMostLabels = 40;  // names beyond that cover the map
constexpr std::size_t kCrowd = 500;      // points beyond that are drawn small
constexpr std::string_view kUnknown = "#a7adb4";

// YlGnBu and YlOrRd of ColorBrewer: copyright (c) 2002 Cynthia Brewer, Mark Harrower and The
// Pennsylvania State University, under the Apache License 2.0; acknowledged in tools/formats.md.
constexpr std::array<std::string_view, 5> kAmount{"#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8",
                                                  "#253494"};
constexpr std::array<std::string_view, 5> kBurden{"#ffffb2", "#fecc5c", "#fd8d3c", "#f03b20",
                                                  "#bd0026"};
// Okabe and Ito (2008), "Color Universal Design", without the black and with a brown of the house.
constexpr std::array<std::string_view, kMostWords> kWords{
    "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#8c4a1f"};

struct Word {
  std::string_view value, title, colour;
};
/// Words of results that mean the same on every map.
const std::array<Word, 26>& known_words() {
  static const std::array<Word, 26> all{{{"valid", "Valid", "#009e73"},
                                         {"partial", "Partial", "#56b4e9"},
                                         {"not_yet", "Not yet valid", "#0072b2"},
                                         {"pending", "Pending", "#e69f00"},
                                         {"renewal_pending", "Renewal pending", "#f0e442"},
                                         {"expired", "Expired", "#d55e00"},
                                         {"unknown", "Not known", kUnknown},
                                         {"none", "None", kUnknown},
                                         {"road", "Road", ink("ro").stroke},
                                         {"rail", "Rail", ink("rr").stroke},
                                         {"sea", "Sea", ink("rs").stroke},
                                         {"barge", "Barge", kBargeColour},
                                         {"pipe", "Pipe", "#cc79a7"},
                                         {"air", "Air", "#e69f00"},
                                         {"straight", "Straight", "#5b6672"},
                                         {"snap", "Way to the network", "#5b6672"},
                                         {"transfer", "Transfer", "#e69f00"},
                                         {"no_exit", "No way out", "#d55e00"},
                                         {"no_entry", "No way in", "#e69f00"},
                                         {"cut_off", "Cut off", "#cc79a7"},
                                         {"measured", "Measured", "#253494"},
                                         {"indicated", "Indicated", "#41b6c4"},
                                         {"inferred", "Inferred", "#fecc5c"},
                                         {"unclassified", "Unclassified", kUnknown},
                                         {"yes", "Yes", "#d55e00"},
                                         {"no", "No", "#56b4e9"}}};
  return all;
}

std::string between(std::string_view a, std::string_view b, double share) {
  static constexpr std::string_view digits = "0123456789abcdef";
  const auto from = channels(a), to = channels(b);
  std::string out = "#";
  for (std::size_t i = 0; i < from.size(); ++i) {
    const auto value = static_cast<std::size_t>(std::lround(from[i] + share * (to[i] - from[i])));
    out += digits[value / 16];
    out += digits[value % 16];
  }
  return out;
}

/// The colour of a class. Thin lines and small points leave out the palest tones.
std::string ramp_colour(Ramp ramp, GeometryKind kind, std::size_t index, std::size_t count) {
  const auto& stops = ramp == Ramp::amount ? kAmount : kBurden;
  const double palest = kind == GeometryKind::polygon ? 0.0
                        : kind == GeometryKind::line  ? 1.0
                                                      : 0.5;
  double share = count < 2 ? 0.6 : static_cast<double>(index) / static_cast<double>(count - 1);
  if (ramp == Ramp::reach) share = 1.0 - share;
  const double place = palest + share * (4.0 - palest);
  const auto stop = std::min<std::size_t>(3, static_cast<std::size_t>(place));
  return between(stops[stop], stops[stop + 1], place - static_cast<double>(stop));
}

GeometryKind kind_of(const OutputLayer& layer) {
  GeometryKind kind = GeometryKind::none;
  for (const auto& geometry : layer.geometry) {
    if (geometry.empty() || geometry.kind == kind) continue;
    if (kind != GeometryKind::none) return GeometryKind::none;
    kind = geometry.kind;
  }
  return kind;
}

bool has_value(const Column& column) {
  return column.kind == ColumnKind::number
             ? std::any_of(column.numbers.begin(), column.numbers.end(),
                           [](double v) { return std::isfinite(v); })
             : std::any_of(column.texts.begin(), column.texts.end(),
                           [](const auto& t) { return !t.empty(); });
}

/// Places, sizes and qualities of a row, which are not what the row is about.
bool is_frame(const std::string& name) {
  static constexpr std::array<std::string_view, 20> names{
      "x",       "y",           "z",       "dx",     "dy",           "dz",
      "from_m",  "to_m",        "from_ft", "to_ft",  "length_m",     "length_ft",
      "dip_deg", "azimuth_deg", "area_m2", "weight", "density_t_m3", "true_thickness_m",
      "samples", "pass"};
  return std::find(names.begin(), names.end(), lower(name)) != names.end() ||
         name.starts_with("cover_pct") || name.ends_with("_coverage_pct");
}

const Column* colour_column(const OutputLayer& layer, const LayerLook& look) {
  for (const auto& wanted : look.colour_by)
    for (const auto& column : layer.table.columns) {
      const bool meant = wanted == "*" ? column.kind == ColumnKind::number && !is_frame(column.name)
                                       : lower(column.name) == wanted;
      if (meant && has_value(column)) return &column;
    }
  return nullptr;
}

std::string quoted(std::string_view field) {
  std::string out = "\"";
  for (const char c : field) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

std::string order_by(const std::string& field, bool greatest_below) {
  std::string out;
  put(out, "<orderby><orderByClause asc=\"", greatest_below ? "0" : "1", "\" nullsFirst=\"1\">",
      escape(quoted(field)), "</orderByClause></orderby>\n");
  return out;
}

std::string renderer_head(std::string_view type, std::string_view more) {
  std::string out;
  put(out, "<renderer-v2 type=\"", type, "\" forceraster=\"0\" symbollevels=\"0\" ",
      "enableorderby=\"1\"", more, ">\n");
  return out;
}

/// 100 by itself is not among the last step below it.
bool stops_short(const std::vector<NumberClass>& classes, std::size_t i) {
  const auto& one = classes[i];
  return one.lower != one.upper && i + 1 < classes.size() &&
         classes[i + 1] == NumberClass{one.upper, one.upper};
}

/// A class of its own for what has no value: QGIS does not draw that in a graduated layer.
std::string rules(const std::string& field, const std::vector<NumberClass>& classes,
                  const std::vector<std::string>& labels) {
  std::string out = renderer_head("RuleRenderer", "") + "<rules key=\"all\">\n";
  const auto rule = [&](std::size_t i, const std::string& filter, const std::string& label) {
    const std::string number = std::to_string(i);
    put(out, "<rule key=\"class ", number, "\" symbol=\"", number, "\" label=\"", escape(label),
        "\" filter=\"", escape(filter), "\"/>\n");
  };
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const auto& one = classes[i];
    const bool closed = i == 0 || one.lower == one.upper;
    rule(i,
         field + (closed ? " >= " : " > ") + number_text(one.lower) + " AND " + field +
             (stops_short(classes, i) ? " < " : " <= ") + number_text(one.upper),
         labels[i]);
  }
  rule(classes.size(), field + " IS NULL", "Not known");
  return out + "</rules>\n";
}

std::string ranges(const std::string& field, const std::vector<NumberClass>& classes,
                   const std::vector<std::string>& labels) {
  std::string out = renderer_head("graduatedSymbol", " graduatedMethod=\"GraduatedColor\" attr=\"" +
                                                         escape(field) + "\"") +
                    "<ranges>\n";
  for (std::size_t i = 0; i < classes.size(); ++i)
    put(out, "<range lower=\"", number_text(classes[i].lower), "\" upper=\"",
        // QGIS takes the first class that holds a value.
        number_text(stops_short(classes, i) ? std::nextafter(classes[i].upper, classes[i].lower)
                                            : classes[i].upper),
        "\" label=\"", escape(labels[i]), "\" render=\"true\" symbol=\"", std::to_string(i),
        "\"/>\n");
  return out + "</ranges>\n";
}

double to_digits(double value, int digits) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                 std::chars_format::scientific, digits - 1);
  return parse_number({text.data(), end.ptr}).value_or(value);
}

/// Single values whose four digits are the same get one digit more than tells them apart.
void tell_apart(const std::vector<NumberClass>& classes, std::string_view unit,
                std::vector<std::string>& labels) {
  constexpr int kAllDigits = 17;
  for (std::size_t from = 0, to = 0; from < labels.size(); from = to) {
    to = from + 1;
    while (to < labels.size() && labels[to] == labels[from]) ++to;
    if (to == from + 1) continue;
    std::vector<std::string> texts(to - from);
    bool apart = false;
    for (int digits = 5; digits <= kAllDigits; ++digits) {
      for (std::size_t k = from; k < to; ++k)
        texts[k - from] = number_text(to_digits(classes[k].lower, digits));
      if (apart) break;
      apart = std::adjacent_find(texts.begin(), texts.end()) == texts.end();
    }
    for (std::size_t k = from; k < to; ++k)
      labels[k] = std::string(trim(texts[k - from] + " " + unit_shown(unit)));
  }
}

std::string by_number(const OutputLayer& layer, const LayerLook& look, GeometryKind kind,
                      const Column& column) {
  std::string unit = unit_of_column(column);
  if (const Column* units = look.unit_field.empty() ? nullptr : layer.table.find(look.unit_field))
    if (!units->texts.empty()) unit = units->texts.front();
  const auto classes = classes_of(column.numbers, unit);
  const bool gaps = !std::all_of(column.numbers.begin(), column.numbers.end(),
                                 [](double v) { return std::isfinite(v); });
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    labels.push_back(class_label(classes[i], unit));
    const auto to = labels[i].find(" to ");
    if (stops_short(classes, i)) labels[i].replace(to, 4, " to under ");
  }
  tell_apart(classes, unit, labels);
  std::string out =
      gaps ? rules(quoted(column.name), classes, labels) : ranges(column.name, classes, labels);
  out += "<symbols>\n";
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const std::string colour = ramp_colour(look.ramp, kind, i, classes.size());
    const double step =
        classes.size() < 2 ? 0.5 : static_cast<double>(i) / static_cast<double>(classes.size() - 1);
    const double size = layer.geometry.size() > kCrowd ? 1.2 + 0.6 * step : 2.0 + 1.4 * step;
    out += symbol_of(kind, i, {.colour = colour, .size_mm = size, .width_mm = 0.4 + 0.5 * step});
  }
  if (gaps) out += symbol_of(kind, classes.size(), {.colour = kUnknown, .size_mm = 1.6});
  return out + "</symbols>\n" + order_by(column.name, look.greatest_below) + "</renderer-v2>\n";
}

/// The entry of a word, the end where it is none of them.
const Word* known_word(std::string_view word) {
  return std::find_if(known_words().begin(), known_words().end(),
                      [&](const Word& one) { return one.value == word; });
}

/// The words of a column, known ones in their own order, then by name; the frequent ones where
/// there are more than colours.
struct Words {
  std::vector<std::string> list;
  bool untold = false;  ///< some features have none of them
  bool cut = false;     ///< there are more
};
Words words_in(const Column& column) {
  Words found;
  std::map<std::string, std::size_t> counts;
  for (const auto& text : column.texts) {
    // What an attribute of XML cannot hold as it is, QGIS would not find again.
    if (text.empty() || printable(text) != text)
      found.untold = true;
    else
      ++counts[text];
  }
  auto& words = found.list;
  for (const auto& [word, count] : counts) words.push_back(word);
  if (words.size() > kMostWords) {
    found.cut = true;
    std::stable_sort(words.begin(), words.end(),
                     [&](const auto& a, const auto& b) { return counts.at(a) > counts.at(b); });
    words.resize(kMostWords - 1);
    std::sort(words.begin(), words.end());
  }
  std::stable_sort(words.begin(), words.end(),
                   [&](const auto& a, const auto& b) { return known_word(a) < known_word(b); });
  return found;
}

std::string by_word(GeometryKind kind, const Column& column) {
  const Words words = words_in(column);
  const double size = column.size() > kCrowd ? 1.4 : 2.4;
  std::vector<Category> all;
  std::size_t next = 0;
  for (const auto& word : words.list) {
    const auto* known = known_word(word);
    const bool is_known = known != known_words().end();
    const auto colour = is_known ? known->colour : kWords[next++ % kWords.size()];
    all.push_back({word, is_known ? std::string(known->title) : clip(word, 60),
                   symbol_of(kind, all.size(), {.colour = colour, .size_mm = size})});
  }
  // QGIS takes the empty value for NULL and for all that is in no other category.
  if (words.untold || words.cut)
    all.push_back({"", words.cut ? "Other, or not told" : "Not told",
                   symbol_of(kind, all.size(), {.colour = kUnknown, .size_mm = 1.8})});
  return categorised(column.name, all);
}

std::string name_labels(const OutputLayer& layer, const LayerLook& look, GeometryKind kind) {
  if (kind == GeometryKind::line || layer.geometry.size() > kMostLabels) return {};
  std::vector<std::string> fields;
  for (const auto& name : look.label)
    for (const auto& column : layer.table.columns)
      if (column.name == name && column.kind == ColumnKind::text && has_value(column))
        fields.push_back(quoted(name));
  if (fields.empty()) return {};
  return labels(fields.size() == 1 ? fields.front() : "coalesce(" + join(fields, ", ") + ")", kind);
}

}  // namespace

std::string layer_style(const OutputLayer& layer, const LayerLook& look) {
  const GeometryKind kind = kind_of(layer);
  if (kind == GeometryKind::none) return {};
  const Column* column = colour_column(layer, look);
  std::string renderer;
  if (column != nullptr && column->kind == ColumnKind::number)
    renderer = by_number(layer, look, kind, *column);
  else if (column != nullptr)
    renderer = by_word(kind, *column);
  else
    renderer =
        "<renderer-v2 type=\"singleSymbol\" enableorderby=\"0\" forceraster=\"0\" "
        "symbollevels=\"0\">\n<symbols>\n" +
        symbol_of(kind, 0, {.colour = look.colour, .alpha = 110}) + "</symbols>\n</renderer-v2>\n";
  return document(renderer + name_labels(layer, look, kind));
}

}  // namespace lode::report
