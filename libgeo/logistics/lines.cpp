#include "libgeo/logistics/lines.h"

#include <cmath>
#include <optional>

#include "libgeo/core/error.h"
#include "libgeo/core/quantity.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

/// The factor from the column's own unit to the one its wanted name ends in.
double factor_of(const Column& column, std::string_view wanted_unit, Dimension dimension,
                 const std::string& where) {
  if (column.unit.empty()) return 1.0;
  return unit_factor(column.unit, dimension, where) / unit_factor(wanted_unit, dimension);
}

enum class Legal { positive, not_negative };

/// The numbers of one column, NaN where blank; illegal ones are left out and counted.
std::vector<double> numbers_of(const LineLayer& layer, const std::string& wanted,
                               std::string_view unit, Dimension dimension, Legal legal,
                               const char* code, Findings& findings) {
  const Column* column = line_column(layer, wanted);
  if (column == nullptr) return {};
  auto values = layer.table.numbers(column->name);
  const std::string where = layer.name + ": " + column->name;
  const double factor = factor_of(*column, unit, dimension, where);
  for (std::size_t row = 0; row < values.size(); ++row) {
    double& value = values[row];
    if (std::isnan(value)) continue;
    value *= factor;
    const bool good =
        std::isfinite(value) && (legal == Legal::positive ? value > 0.0 : value >= 0.0);
    if (good) continue;
    findings.add(code, Severity::warning, where,
                 "a value that is not " +
                     std::string(legal == Legal::positive ? "above zero" : "zero or more") +
                     " is taken as not recorded, first at " + layer.table.row_name(row));
    value = std::numeric_limits<double>::quiet_NaN();
  }
  return values;
}

std::vector<std::string> texts_of(const LineLayer& layer, const std::string& wanted) {
  const Column* column = line_column(layer, wanted);
  return column == nullptr ? std::vector<std::string>{} : layer.table.texts(column->name);
}

std::optional<Oneway> parse_oneway(std::string_view text) {
  const std::string word = lower(trim(text));
  for (const char* both : {"", "0", "no", "n", "false", "f/t", "b", "both", "two-way"})
    if (word == both) return Oneway::both;
  for (const char* on : {"1", "yes", "y", "true", "t", "ft", "f", "forward"})
    if (word == on) return Oneway::forward;
  for (const char* back : {"-1", "reverse", "backward", "tf"})
    if (word == back) return Oneway::backward;
  return std::nullopt;
}

/// Whether an access word lets only those pass who live on the line.
std::optional<bool> parse_restricted(std::string_view text) {
  const std::string word = lower(trim(text));
  for (const char* open : {"", "yes", "1", "true", "permissive", "designated", "public", "hgv",
                           "official", "unknown", "permit", "discouraged", "goods"})
    if (word == open) return false;
  for (const char* closed : {"no", "private", "0", "false", "destination", "delivery", "customers",
                             "forestry", "agricultural", "military", "residents", "employees",
                             "emergency", "bus", "psv", "restricted"})
    if (word == closed) return true;
  return std::nullopt;
}

std::vector<std::string> words_of(std::string_view text) {
  std::string even(text);
  for (char& c : even)
    if (c == ',' || c == ';' || c == '/' || c == '|') c = ' ';
  std::vector<std::string> words;
  for (const auto& word : split(even, ' '))
    if (const auto trimmed = trim(word); !trimmed.empty()) words.emplace_back(trimmed);
  return words;
}

int month_of(std::string_view text) {
  static const char* const kNames[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                       "jul", "aug", "sep", "oct", "nov", "dec"};
  const std::string word = lower(trim(text));
  for (int m = 0; m < 12; ++m)
    if (word.size() >= 3 && word.substr(0, 3) == kNames[m]) return m + 1;
  const auto number = parse_number(word);
  const bool whole = number && *number >= 1.0 && *number <= 12.0 && *number == std::floor(*number);
  return whole ? static_cast<int>(*number) : 0;
}

void read_gauges(const LineLayer& layer, std::vector<LineAttributes>& lines, Findings& findings) {
  const auto texts = texts_of(layer, "gauge_mm");
  for (std::size_t row = 0; row < texts.size(); ++row)
    for (const auto& word : words_of(texts[row])) {
      const auto gauge = parse_number(word);
      // 240 mm (park railways) to 3,000 mm (the widest ever laid): anything else is no gauge.
      if (gauge && *gauge >= 240.0 && *gauge <= 3000.0) {
        lines[row].gauges_mm.push_back(static_cast<int>(std::lround(*gauge)));
        continue;
      }
      findings.add("network.bad_gauge", Severity::warning, layer.name + ": gauge_mm",
                   "not a gauge in millimetres, taken as not recorded: '" + printable(word) +
                       "' at " + layer.table.row_name(row));
    }
}

void read_words(const LineLayer& layer, std::vector<LineAttributes>& lines, Findings& findings) {
  const auto oneway = texts_of(layer, "oneway");
  for (std::size_t row = 0; row < oneway.size(); ++row) {
    const auto direction = parse_oneway(oneway[row]);
    if (direction)
      lines[row].oneway = *direction;
    else
      findings.add("network.bad_oneway", Severity::warning, layer.name + ": oneway",
                   "neither yes, no nor -1, taken as both ways, first '" + printable(oneway[row]) +
                       "' at " + layer.table.row_name(row));
  }
  const auto months = texts_of(layer, "months_closed");
  for (std::size_t row = 0; row < months.size(); ++row)
    if (!parse_months(months[row], lines[row].months_closed))
      findings.add(
          "network.bad_months", Severity::warning, layer.name + ": months_closed",
          "months such as '12,1,2' or '11-4' are expected, taken as open all year, first '" +
              printable(months[row]) + "' at " + layer.table.row_name(row));
  const auto access = texts_of(layer, "access");
  for (std::size_t row = 0; row < access.size(); ++row) {
    const auto restricted = parse_restricted(access[row]);
    lines[row].restricted = restricted.value_or(false);
    if (!restricted)
      findings.add("network.bad_access", Severity::warning, layer.name + ": access",
                   "neither yes, no nor a word of OpenStreetMap, taken as open, first '" +
                       printable(access[row]) + "' at " + layer.table.row_name(row));
  }
  const auto surface = texts_of(layer, "surface");
  for (std::size_t row = 0; row < surface.size(); ++row)
    lines[row].surface = lower(trim(surface[row]));
  const auto gate = texts_of(layer, "gate");
  for (std::size_t row = 0; row < gate.size(); ++row) lines[row].gate = trim(gate[row]);
  const auto country = texts_of(layer, "country");
  for (std::size_t row = 0; row < country.size(); ++row) {
    lines[row].country = trim(country[row]);
    for (char& c : lines[row].country)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  read_gauges(layer, lines, findings);
}

}  // namespace

const std::vector<std::string>& line_columns() {
  static const std::vector<std::string> kColumns = {
      "oneway",    "speed_kmh",     "max_weight_t", "axle_load_t", "gauge_mm",
      "surface",   "months_closed", "gate",         "toll_usd",    "country",
      "length_km", "access",        "max_draught_m"};
  return kColumns;
}

const Column* line_column(const LineLayer& layer, const std::string& wanted) {
  if (const auto found = layer.fields.find(wanted); found != layer.fields.end())
    if (const Column* column = layer.table.find(found->second)) return column;
  if (const Column* column = layer.table.find(wanted)) return column;
  // A shapefile keeps ten characters of a name.
  return wanted.size() > 10 ? layer.table.find(wanted.substr(0, 10)) : nullptr;
}

bool parse_months(std::string_view text, std::uint16_t& months) {
  months = 0;
  for (const auto& word : words_of(text)) {
    const auto ends = split(word, '-');
    if (ends.empty() || ends.size() > 2) return false;
    const int first = month_of(ends.front());
    const int last = month_of(ends.back());
    if (first == 0 || last == 0) return false;
    for (int m = first;; m = m % 12 + 1) {
      months = static_cast<std::uint16_t>(months | (1U << (m - 1)));
      if (m == last) break;
    }
  }
  return true;
}

std::vector<LineAttributes> line_attributes(const LineLayer& layer, Findings& findings) {
  std::vector<LineAttributes> lines(layer.geometry.size());
  if (layer.table.columns.empty()) return lines;
  if (layer.table.rows() != layer.geometry.size())
    throw Error("network.length", "the table and the geometry differ in length", layer.name);
  const auto fill = [&](const char* wanted, std::string_view unit, Dimension dimension, Legal legal,
                        const char* code, double LineAttributes::*member) {
    const auto values = numbers_of(layer, wanted, unit, dimension, legal, code, findings);
    for (std::size_t row = 0; row < values.size(); ++row)
      if (!std::isnan(values[row])) lines[row].*member = values[row];
  };
  fill("speed_kmh", "km/h", Dimension::speed, Legal::positive, "network.bad_speed",
       &LineAttributes::speed_kmh);
  fill("max_weight_t", "t", Dimension::mass, Legal::positive, "network.bad_limit",
       &LineAttributes::max_weight_t);
  fill("axle_load_t", "t", Dimension::mass, Legal::positive, "network.bad_limit",
       &LineAttributes::axle_load_t);
  fill("max_draught_m", "m", Dimension::length, Legal::positive, "network.bad_limit",
       &LineAttributes::max_draught_m);
  fill("length_km", "km", Dimension::length, Legal::positive, "network.bad_length",
       &LineAttributes::length_km);
  fill("toll_usd", "USD", Dimension::money, Legal::not_negative, "network.bad_toll",
       &LineAttributes::toll_usd);
  read_words(layer, lines, findings);
  return lines;
}

}  // namespace lode
