#include "libgeo/geometry/recorded_area.h"

#include <limits>
#include <optional>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
/// The US survey and the international acre differ by 4 parts in a million; registers mean either.
constexpr double kAcre = 4046.8564224;

struct Named {
  std::string_view name;
  double m2;
};
constexpr Named kUnits[] = {
    {"m2", 1.0},
    {"m^2", 1.0},
    {"m²", 1.0},
    {"sqm", 1.0},
    {"sq m", 1.0},
    {"square metres", 1.0},
    {"square meters", 1.0},
    {"square metre", 1.0},
    {"square meter", 1.0},
    {"ha", 1e4},
    {"ha.", 1e4},
    {"hectare", 1e4},
    {"hectares", 1e4},
    {"hect", 1e4},
    {"km2", 1e6},
    {"km^2", 1e6},
    {"km²", 1e6},
    {"sqkm", 1e6},
    {"sq km", 1e6},
    {"sq. km", 1e6},
    {"square kilometres", 1e6},
    {"square kilometers", 1e6},
    {"ac", kAcre},
    {"ac.", kAcre},
    {"acre", kAcre},
    {"acres", kAcre},
    {"acrs", kAcre},
    {"sq mi", 2589988.110336},
    {"mi2", 2589988.110336},
    {"square miles", 2589988.110336},
    {"ft2", 0.09290304},
    {"sq ft", 0.09290304},
    {"square feet", 0.09290304},
};

std::optional<double> factor_of(std::string_view unit) {
  const std::string wanted = lower(trim(unit));
  for (const Named& known : kUnits)
    if (known.name == wanted) return known.m2;
  return std::nullopt;
}

/// "1,728.85" without its grouping; nothing when commas stand elsewhere than before three digits.
std::optional<std::string> ungrouped(std::string_view text) {
  std::string out;
  const std::size_t point = std::min(text.find('.'), text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != ',') {
      out += text[i];
      continue;
    }
    if (i == 0 || i > point || (point - i) % 4 != 0) return std::nullopt;
  }
  return out;
}

/// The unit that a field's name ends in, "" when none.
std::string unit_in_name(const std::string& field) {
  const std::string name = lower(field);
  if (factor_of(name)) return name;
  const std::size_t cut = name.find_last_of("_ ");
  if (cut != std::string::npos && factor_of(name.substr(cut + 1))) return name.substr(cut + 1);
  return {};
}

}  // namespace

double parse_recorded_area(std::string_view text, const std::string& where) {
  const std::string_view cell = trim(text);
  if (cell.empty()) return kNan;
  const std::size_t end = cell.find_first_not_of("0123456789.,+-");
  const std::string_view digits = trim(cell.substr(0, end));
  const std::string unit =
      end == std::string_view::npos ? std::string() : std::string(trim(cell.substr(end)));
  const auto plain = ungrouped(digits);
  const auto number = plain ? parse_number(*plain) : std::nullopt;
  if (!number || *number < 0.0)
    throw Error("area.bad_text", "'" + printable(cell) + "' is no area", where,
                "Write a number and a unit: 1,728.85 hectares.");
  if (unit.empty())
    throw Error("area.no_unit", "the area '" + printable(cell) + "' has no unit", where,
                "Write ha, acres or km2 behind it, or name the field's unit with --field-unit.");
  const auto factor = factor_of(unit);
  if (!factor)
    throw Error("area.bad_text", "'" + printable(unit) + "' is no unit of area", where,
                "Known: ha, acres, km2, m2, sq mi, ft2.");
  return *number * *factor;
}

std::vector<double> recorded_areas(const Table& table, const std::string& field, Findings& findings,
                                   const std::string& unit) {
  const Column& column = table.at(field);
  std::string known = unit.empty() ? column.unit : unit;
  if (known.empty()) known = unit_in_name(column.name);
  const auto factor = known.empty() ? std::nullopt : factor_of(known);
  if (!known.empty() && !factor)
    throw Error("area.bad_text", "'" + known + "' is no unit of area", table.name + ":" + field,
                "Known: ha, acres, km2, m2, sq mi, ft2.");
  std::vector<double> out;
  for (std::size_t i = 0; i < column.size(); ++i) {
    if (column.kind == ColumnKind::number) {
      if (!factor)
        throw Error("area.no_unit", "the recorded areas have no unit", table.name + ":" + field,
                    "Say it: --field-unit " + field + "=ha.");
      out.push_back(column.numbers[i] * *factor);
      continue;
    }
    const std::string_view cell = trim(column.texts[i]);
    const auto plain = ungrouped(cell);
    const auto bare = plain ? parse_number(*plain) : std::nullopt;
    if (bare && factor) {
      out.push_back(*bare * *factor);
      continue;
    }
    try {
      out.push_back(parse_recorded_area(cell, table.row_name(i)));
    } catch (const Error& error) {
      if (error.code == "area.no_unit") throw;
      findings.add("area.unread", Severity::warning, table.name + ":" + field,
                   "a recorded area cannot be read (first: " + table.row_name(i) + ")");
      out.push_back(kNan);
    }
  }
  return out;
}

}  // namespace lode
