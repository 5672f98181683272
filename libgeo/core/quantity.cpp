#include "libgeo/core/quantity.h"

#include <array>
#include <cmath>
#include <utility>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

struct UnitEntry {
  std::string_view name;
  Dimension dimension;
  double factor;
};

constexpr double foot = 0.3048;
constexpr double us_foot = 1200.0 / 3937.0;
constexpr double mile = 1609.344;
constexpr double pound_t = 0.00045359237;
constexpr double short_ton = 0.90718474;
constexpr double long_ton = 1.0160469088;
constexpr double acre_m2 = 4046.8564224;
constexpr double troy_ounce_t = 31.1034768e-6;
constexpr double year_h = 8766.0;  // 365.25 days
constexpr double pi = 3.14159265358979323846;

using enum Dimension;

/// The base unit of a dimension is its first entry. Names are matched as written first, then in
/// any case where that is not ambiguous ("Mt" and "mt" are told apart).
constexpr std::array units{
    UnitEntry{"m", length, 1.0},
    UnitEntry{"km", length, 1000.0},
    UnitEntry{"cm", length, 0.01},
    UnitEntry{"mm", length, 0.001},
    UnitEntry{"ft", length, foot},
    UnitEntry{"us-ft", length, us_foot},
    UnitEntry{"ftUS", length, us_foot},
    UnitEntry{"in", length, 0.0254},
    UnitEntry{"yd", length, 0.9144},
    UnitEntry{"mi", length, mile},
    UnitEntry{"nmi", length, 1852.0},
    UnitEntry{"metre", length, 1.0},
    UnitEntry{"metres", length, 1.0},
    UnitEntry{"meter", length, 1.0},
    UnitEntry{"meters", length, 1.0},
    UnitEntry{"feet", length, foot},
    UnitEntry{"foot", length, foot},

    UnitEntry{"m2", area, 1.0},
    UnitEntry{"ha", area, 1e4},
    UnitEntry{"km2", area, 1e6},
    UnitEntry{"acre", area, acre_m2},
    UnitEntry{"acres", area, acre_m2},
    UnitEntry{"ac", area, acre_m2},
    UnitEntry{"ft2", area, foot* foot},
    UnitEntry{"mi2", area, mile* mile},
    UnitEntry{"hectare", area, 1e4},
    UnitEntry{"hectares", area, 1e4},
    UnitEntry{"sq km", area, 1e6},
    UnitEntry{"sq m", area, 1.0},
    UnitEntry{"sqkm", area, 1e6},

    UnitEntry{"m3", volume, 1.0},
    UnitEntry{"bcm", volume, 1.0},
    UnitEntry{"km3", volume, 1e9},
    UnitEntry{"Mm3", volume, 1e6},
    UnitEntry{"ft3", volume, foot* foot* foot},
    UnitEntry{"yd3", volume, 0.9144 * 0.9144 * 0.9144},
    UnitEntry{"l", volume, 0.001},

    UnitEntry{"t", mass, 1.0},
    UnitEntry{"kg", mass, 0.001},
    UnitEntry{"g", mass, 1e-6},
    UnitEntry{"kt", mass, 1e3},
    UnitEntry{"Mt", mass, 1e6},
    UnitEntry{"Gt", mass, 1e9},
    UnitEntry{"lb", mass, pound_t},
    UnitEntry{"lbs", mass, pound_t},
    UnitEntry{"Mlb", mass, 1e6 * pound_t},
    UnitEntry{"st", mass, short_ton},
    UnitEntry{"short ton", mass, short_ton},
    UnitEntry{"short tons", mass, short_ton},
    UnitEntry{"long ton", mass, long_ton},
    UnitEntry{"long tons", mass, long_ton},
    UnitEntry{"tonne", mass, 1.0},
    UnitEntry{"tonnes", mass, 1.0},
    UnitEntry{"oz", mass, troy_ounce_t},

    UnitEntry{"t/m3", density, 1.0},
    UnitEntry{"g/cm3", density, 1.0},
    UnitEntry{"kg/m3", density, 0.001},
    UnitEntry{"g/cc", density, 1.0},
    UnitEntry{"lb/ft3", density, pound_t / (foot * foot * foot)},

    UnitEntry{"%", grade, 0.01},
    UnitEntry{"fraction", grade, 1.0},
    UnitEntry{"pct", grade, 0.01},
    UnitEntry{"percent", grade, 0.01},
    UnitEntry{"ppm", grade, 1e-6},
    UnitEntry{"ppb", grade, 1e-9},
    UnitEntry{"g/t", grade, 1e-6},
    UnitEntry{"kg/t", grade, 1e-3},
    UnitEntry{"mg/kg", grade, 1e-6},
    UnitEntry{"g/kg", grade, 1e-3},
    UnitEntry{"lb/st", grade, pound_t / short_ton},
    UnitEntry{"oz/st", grade, troy_ounce_t / short_ton},

    UnitEntry{"t/yr", mass_rate, 1.0},
    UnitEntry{"t/y", mass_rate, 1.0},
    UnitEntry{"t/a", mass_rate, 1.0},
    UnitEntry{"tpa", mass_rate, 1.0},
    UnitEntry{"kt/yr", mass_rate, 1e3},
    UnitEntry{"Mt/yr", mass_rate, 1e6},
    UnitEntry{"kg/yr", mass_rate, 1e-3},
    UnitEntry{"t/d", mass_rate, 365.25},

    UnitEntry{"USD/t", price_per_mass, 1.0},
    UnitEntry{"USD/kg", price_per_mass, 1000.0},
    UnitEntry{"USD/lb", price_per_mass, 1.0 / pound_t},
    UnitEntry{"$/t", price_per_mass, 1.0},
    UnitEntry{"$/kg", price_per_mass, 1000.0},
    UnitEntry{"$/lb", price_per_mass, 1.0 / pound_t},

    UnitEntry{"h", Dimension::time, 1.0},
    UnitEntry{"min", Dimension::time, 1.0 / 60.0},
    UnitEntry{"s", Dimension::time, 1.0 / 3600.0},
    UnitEntry{"d", Dimension::time, 24.0},
    UnitEntry{"yr", Dimension::time, year_h},
    UnitEntry{"y", Dimension::time, year_h},
    UnitEntry{"a", Dimension::time, year_h},
    UnitEntry{"hours", Dimension::time, 1.0},
    UnitEntry{"days", Dimension::time, 24.0},
    UnitEntry{"years", Dimension::time, year_h},

    UnitEntry{"deg", angle, 1.0},
    UnitEntry{"degrees", angle, 1.0},
    UnitEntry{"rad", angle, 180.0 / pi},
    UnitEntry{"grad", angle, 0.9},

    UnitEntry{"km/h", speed, 1.0},
    UnitEntry{"m/s", speed, 3.6},
    UnitEntry{"mph", speed, 1.609344},
    UnitEntry{"kn", speed, 1.852},

    UnitEntry{"g/tkm", emission_per_tkm, 1.0},
    UnitEntry{"kg/tkm", emission_per_tkm, 1000.0},
    UnitEntry{"USD/tkm", cost_per_tkm, 1.0},
    UnitEntry{"$/tkm", cost_per_tkm, 1.0},
    UnitEntry{"USD/t-km", cost_per_tkm, 1.0},

    UnitEntry{"1", number, 1.0},

    UnitEntry{"USD", money, 1.0},
    UnitEntry{"$", money, 1.0},
    UnitEntry{"kUSD", money, 1e3},
    UnitEntry{"MUSD", money, 1e6},
    UnitEntry{"M$", money, 1e6},

    UnitEntry{"Bq/g", activity, 1.0},
    UnitEntry{"Bq/kg", activity, 0.001},
};

const UnitEntry* find_unit(std::string_view name, Dimension dimension) {
  name = trim(name);
  for (const auto& unit : units)
    if (unit.dimension == dimension && unit.name == name) return &unit;
  const UnitEntry* match = nullptr;
  for (const auto& unit : units) {
    if (unit.dimension != dimension || lower(unit.name) != lower(name)) continue;
    // "mt" could be megatonnes or metric tons, "mm3" is no million cubic metres, nor "Mm" a
    // millimetre: mega and giga count only as they are written here.
    const bool mega = unit.name.front() == 'M' || unit.name.front() == 'G';
    if (mega || name.starts_with("Mm") || name.starts_with("Mg")) return nullptr;
    match = &unit;
  }
  return match;
}

/// Longest endings first, so that _t_m3 is not taken for _m3.
constexpr std::pair<std::string_view, std::string_view> endings[] = {{"_usd_per_tkm", "USD/tkm"},
                                                                     {"_g_per_tkm", "g/tkm"},
                                                                     {"_usd_per_kg", "USD/kg"},
                                                                     {"_usd_per_t", "USD/t"},
                                                                     {"_t_per_year", "t/yr"},
                                                                     {"_t_per_yr", "t/yr"},
                                                                     {"_usd_per_lb", "USD/lb"},
                                                                     {"_usd_lb", "USD/lb"},
                                                                     {"_usd_kg", "USD/kg"},
                                                                     {"_usd_t", "USD/t"},
                                                                     {"_kg_per_t", "kg/t"},
                                                                     {"_g_per_t", "g/t"},
                                                                     {"_mg_kg", "mg/kg"},
                                                                     {"_g_kg", "g/kg"},
                                                                     {"_kg_t", "kg/t"},
                                                                     {"_km_h", "km/h"},
                                                                     {"_t_d", "t/d"},
                                                                     {"_kg_yr", "kg/yr"},
                                                                     {"_t_yr", "t/yr"},
                                                                     {"_t_y", "t/yr"},
                                                                     {"_kg_m3", "kg/m3"},
                                                                     {"_g_cm3", "g/cm3"},
                                                                     {"_t_m3", "t/m3"},
                                                                     {"_kmh", "km/h"},
                                                                     {"_pct", "%"},
                                                                     {"_ppm", "ppm"},
                                                                     {"_ppb", "ppb"},
                                                                     {"_gpt", "g/t"},
                                                                     {"_g_t", "g/t"},
                                                                     {"_kgt", "kg/t"},
                                                                     {"_km2", "km2"},
                                                                     {"_m2", "m2"},
                                                                     {"_m3", "m3"},
                                                                     {"_ha", "ha"},
                                                                     {"_acres", "acre"},
                                                                     {"_acre", "acre"},
                                                                     {"_km", "km"},
                                                                     {"_ft", "ft"},
                                                                     {"_m", "m"},
                                                                     {"_Mt", "Mt"},
                                                                     {"_MT", "Mt"},
                                                                     {"_kt", "kt"},
                                                                     {"_kg", "kg"},
                                                                     {"_t", "t"},
                                                                     {"_lb", "lb"},
                                                                     {"_deg", "deg"},
                                                                     {"_usd", "USD"},
                                                                     {"_yr", "yr"},
                                                                     {"_h", "h"},
                                                                     {"_d", "d"}};

/// The superscripts and middle dots of print are read as their plain letters.
std::string plain_unit(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto rest = text.substr(i);
    if (rest.starts_with("\xc2\xb2")) {
      out += '2';
      ++i;
    } else if (rest.starts_with("\xc2\xb3")) {
      out += '3';
      ++i;
    } else if (rest.starts_with("\xc2\xb0")) {
      out += "deg";
      ++i;
    } else if (text[i] != '^') {
      out += text[i];
    }
  }
  return std::string(trim(out));
}

/// Splits "1,728.85" style text nowhere: the number ends where from_chars would end it.
std::pair<std::string_view, std::string_view> split_number(std::string_view text) {
  text = trim(text);
  std::size_t end = 0;
  const auto digit_at = [&](std::size_t i) {
    return i < text.size() && text[i] >= '0' && text[i] <= '9';
  };
  if (end < text.size() && (text[end] == '-' || text[end] == '+')) ++end;
  while (digit_at(end) || (end < text.size() && text[end] == '.')) ++end;
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    std::size_t exponent = end + 1;
    if (exponent < text.size() && (text[exponent] == '-' || text[exponent] == '+')) ++exponent;
    if (digit_at(exponent)) {
      end = exponent;
      while (digit_at(end)) ++end;
    }
  }
  return {text.substr(0, end), trim(text.substr(end))};
}

std::string example(Dimension dimension) {
  if (dimension == number) return "Write a plain number.";
  return "Write one of: " + join(units_of(dimension), ", ") + ".";
}

}  // namespace

std::string_view to_text(Dimension dimension) {
  switch (dimension) {
    case length:
      return "length";
    case area:
      return "area";
    case volume:
      return "volume";
    case mass:
      return "mass";
    case density:
      return "density";
    case grade:
      return "grade";
    case mass_rate:
      return "mass per year";
    case price_per_mass:
      return "price per mass";
    case Dimension::time:
      return "time";
    case angle:
      return "angle";
    case speed:
      return "speed";
    case emission_per_tkm:
      return "emission per tonne-kilometre";
    case cost_per_tkm:
      return "cost per tonne-kilometre";
    case number:
      return "number";
    case money:
      return "money";
    case activity:
      return "activity concentration";
  }
  return "number";
}

std::string_view base_unit(Dimension dimension) {
  for (const auto& unit : units)
    if (unit.dimension == dimension) return unit.name;
  return "";
}

std::vector<std::string> units_of(Dimension dimension) {
  std::vector<std::string> names;
  for (const auto& unit : units)
    if (unit.dimension == dimension) names.emplace_back(unit.name);
  return names;
}

bool is_unit_of(std::string_view unit, Dimension dimension) {
  return find_unit(plain_unit(unit), dimension) != nullptr;
}

std::optional<double> unit_ratio(std::string_view from, std::string_view to) {
  if (from == to) return 1.0;
  for (int k = 0; k <= static_cast<int>(Dimension::activity); ++k) {
    const auto dimension = static_cast<Dimension>(k);
    if (is_unit_of(from, dimension) && is_unit_of(to, dimension))
      return unit_factor(from, dimension) / unit_factor(to, dimension);
  }
  return std::nullopt;
}

double unit_factor(std::string_view unit, Dimension dimension, const std::string& where) {
  if (const UnitEntry* entry = find_unit(plain_unit(unit), dimension)) return entry->factor;
  throw Error("unit.unknown",
              "'" + printable(unit) + "' is no unit of " + std::string(to_text(dimension)), where,
              example(dimension));
}

double parse_quantity(std::string_view text, Dimension dimension, const std::string& where) {
  const auto [digits, unit] = split_number(text);
  const auto value = parse_number(digits);
  if (!value)
    throw Error(
        "unit.bad_number", "'" + printable(text) + "' does not start with a number", where,
        "Write a number and its unit, such as '1.5 " + std::string(base_unit(dimension)) + "'.");
  if (dimension == number) {
    if (unit.empty()) return *value;
    if (unit == "%") return *value / 100.0;
  }
  if (unit.empty())
    throw Error("unit.missing",
                "'" + printable(text) + "' has no unit of " + std::string(to_text(dimension)),
                where, example(dimension));
  const double result = *value * unit_factor(unit, dimension, where);
  if (!std::isfinite(result))
    throw Error("unit.bad_number", "'" + printable(text) + "' is too large", where,
                "Write a smaller number.");
  return result;
}

std::vector<double> parse_quantities(std::string_view text, Dimension dimension,
                                     const std::string& where) {
  const auto parts = split(text, ',');
  const auto [last_digits, last_unit] = split_number(parts.back());
  std::vector<double> values;
  for (const auto& part : parts) {
    const auto [digits, unit] = split_number(part);
    const std::string whole = unit.empty() && !last_unit.empty()
                                  ? std::string(digits) + " " + std::string(last_unit)
                                  : part;
    values.push_back(parse_quantity(whole, dimension, where));
  }
  return values;
}

bool looks_like_quantity(std::string_view text) {
  text = trim(text);
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  if (!text.empty() && text.front() == '.') text.remove_prefix(1);
  return !text.empty() && text.front() >= '0' && text.front() <= '9';
}

std::string unit_of_field_name(std::string_view field) {
  const std::string small = lower(field);
  for (const auto& [ending, unit] : endings) {
    if (small.size() <= ending.size() || !small.ends_with(lower(ending))) continue;
    // "co2e_g_per_m": the last word is what it is counted by, not what it is counted in.
    if (small.substr(0, small.size() - ending.size()).ends_with("_per")) return {};
    return std::string(unit);
  }
  return {};
}

}  // namespace lode
