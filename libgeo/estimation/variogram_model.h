// Variogram models: nugget and nested anisotropic structures, in geologists' angles.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "libgeo/core/json.h"

namespace lode {

/// Orientation of an ellipsoid. Azimuth (clockwise from grid north) and dip (positive down) aim the
/// major axis; rake turns about it, right side down looking along it. These are GSLIB's ang1,
/// -ang2, ang3 (Deutsch and Journel 1998, p. 27).
struct Angles {
  double azimuth_deg = 0.0;
  double dip_deg = 0.0;
  double rake_deg = 0.0;
  bool operator==(const Angles&) const = default;
};

using Matrix3 = std::array<std::array<double, 3>, 3>;

/// Unit vectors (x east, y north, z up) of the major, semi-major and minor axis, one a row. With
/// all angles 0: north, west, up.
[[nodiscard]] Matrix3 axes_of(const Angles& angles);
/// The axes with each divided by its range: the length of the product with a separation is 1 on
/// the ellipsoid.
[[nodiscard]] Matrix3 scaled_axes(const Angles& angles, const std::array<double, 3>& ranges_m);

enum class StructureType { spherical, exponential, gaussian, cubic, power };
[[nodiscard]] std::string_view to_text(StructureType type);
/// Error "variogram.type" with the types there are.
[[nodiscard]] StructureType parse_structure_type(std::string_view text, const std::string& where);

/// One nested structure. Ranges are practical: the sill is reached (spherical, cubic), or 95 % of
/// it (exponential 1 - exp(-3h), gaussian 1 - exp(-3h^2), h in ranges). A power structure is
/// sill * h^exponent, unbounded.
struct Structure {
  StructureType type = StructureType::spherical;
  double sill = 1.0;                              ///< in the variable's unit squared, above 0
  std::array<double, 3> ranges_m{1.0, 1.0, 1.0};  ///< major, semi-major, minor; above 0
  Angles angles;
  double exponent = 1.0;  ///< of a power structure only: between 0 and 2, both excluded
  bool operator==(const Structure&) const = default;
};

struct VariogramModel {
  double nugget = 0.0;
  std::vector<Structure> structures;

  [[nodiscard]] bool bounded() const;  ///< false when a structure is a power
  [[nodiscard]] double sill() const;   ///< nugget and all structures (power: at one range)
  bool operator==(const VariogramModel&) const = default;
};

/// Errors "variogram.sill" (negative, not finite, or all 0), "variogram.range", "variogram.angle",
/// "variogram.exponent"; `where` names the file.
void check_model(const VariogramModel& model, const std::string& where = {});

/// Semivariance of a structure of sill 1 at `h` ranges (h >= 0).
[[nodiscard]] double unit_gamma(const Structure& structure, double h);

/// The model at a separation (m). The nugget counts at any separation but 0.
[[nodiscard]] double gamma_at(const VariogramModel& model, double dx, double dy, double dz);

/// {"nugget","structures":[{"type","sill","ranges_m","azimuth_deg","dip_deg","rake_deg"}]}, power
/// structures with "exponent". `model_from_json` also takes an object that has it under "model",
/// and one number for `ranges_m` of an isotropic structure; a missing angle is 0.
/// Errors "variogram.bad_json" (key missing, unknown or of the wrong type) and those of
/// `check_model`.
[[nodiscard]] VariogramModel model_from_json(const Json& json, const std::string& where);
[[nodiscard]] Json to_json(const VariogramModel& model);

}  // namespace lode
