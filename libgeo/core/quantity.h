// Units as types, and quantities with a unit read from text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lode {

/// A double that knows its unit; adds and compares only with its own kind.
template <class Tag>
struct Unit {
  double value = 0.0;
  auto operator<=>(const Unit&) const = default;
  friend constexpr Unit operator+(Unit a, Unit b) { return {a.value + b.value}; }
  friend constexpr Unit operator-(Unit a, Unit b) { return {a.value - b.value}; }
  friend constexpr Unit operator*(Unit a, double k) { return {a.value * k}; }
  friend constexpr Unit operator*(double k, Unit a) { return {a.value * k}; }
  friend constexpr Unit operator/(Unit a, double k) { return {a.value / k}; }
  friend constexpr double operator/(Unit a, Unit b) { return a.value / b.value; }
};
using Metres = Unit<struct MetresTag>;
using SquareMetres = Unit<struct SquareMetresTag>;
using CubicMetres = Unit<struct CubicMetresTag>;
using Tonnes = Unit<struct TonnesTag>;
using TonnesPerCubicMetre = Unit<struct DensityTag>;
using MassFraction = Unit<struct MassFractionTag>;  ///< 1 = 100 % = 1e6 ppm
using UsdPerTonne = Unit<struct UsdPerTonneTag>;
using Hours = Unit<struct HoursTag>;
using Degrees = Unit<struct DegreesTag>;

/// What a quantity measures. Base units: m, m2, m3, t, t/m3, mass fraction, t/yr, USD/t, USD/kg,
/// h, deg, km/h, g/tkm, USD/tkm, yr, d, Bq/g, 1, USD.
enum class Dimension {
  length,
  area,
  volume,
  mass,
  density,
  grade,
  mass_rate,
  price_per_mass,
  time,
  angle,
  speed,
  emission_per_tkm,
  cost_per_tkm,
  number,
  money,
  activity
};

[[nodiscard]] std::string_view to_text(Dimension dimension);
[[nodiscard]] std::string_view base_unit(Dimension dimension);
/// Names of all units that fit a dimension, the base unit first.
[[nodiscard]] std::vector<std::string> units_of(Dimension dimension);

/// A number in the base unit of its dimension. Grades: mass fraction; masses: tonnes; times:
/// hours; prices: USD/t.
struct Quantity {
  double value = 0.0;
  Dimension dimension = Dimension::number;
};

/// The factor from `unit` to the base unit of `dimension`.
/// Error "unit.unknown" (with the units that fit) when the unit is not one of that dimension.
[[nodiscard]] double unit_factor(std::string_view unit, Dimension dimension,
                                 const std::string& where = {});
/// True when `unit` is known for `dimension`.
[[nodiscard]] bool is_unit_of(std::string_view unit, Dimension dimension);

/// What numbers in `from` are multiplied by to be numbers in `to`; empty when the two do not
/// measure the same, or one is not known.
[[nodiscard]] std::optional<double> unit_ratio(std::string_view from, std::string_view to);

/// "500 m", "1640 ft", "2.7 t/m3", "350 ppm", "1.2 %", "40 USD/t" in base units.
/// Errors: "unit.missing" for a bare number, "unit.unknown", "unit.bad_number".
[[nodiscard]] double parse_quantity(std::string_view text, Dimension dimension,
                                    const std::string& where = {});
/// A list with a unit each, or one unit at the end: "150,90,40 m".
[[nodiscard]] std::vector<double> parse_quantities(std::string_view text, Dimension dimension,
                                                   const std::string& where = {});
/// True when the text starts like a number (so it is a quantity, not a field name).
[[nodiscard]] bool looks_like_quantity(std::string_view text);

/// The unit that a field's name ends in ("grade_pct" -> "%", "density_t_m3" -> "t/m3"), or "".
[[nodiscard]] std::string unit_of_field_name(std::string_view field);

}  // namespace lode
