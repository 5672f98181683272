#include "tools/ground_inputs.h"

#include <cmath>
#include <limits>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/edges.h"
#include "libgeo/geometry/recorded_area.h"

namespace lode::tools {

Parameter edges_parameter() {
  return {.name = "edges",
          .kind = Kind::choice,
          .help =
              "how edges run between vertices; default geodesic in longitude and latitude, "
              "straight otherwise",
          .choices = {"geodesic", "straight"}};
}

Edges edges_of(const Arguments& arguments, const Crs& crs) {
  if (crs.is_local() || !arguments.has("edges")) return default_edges(crs);
  return arguments.text("edges") == "straight" ? Edges::straight : Edges::geodesic;
}

Parameter area_parameter(const std::string& parent) {
  return {.name = "area",
          .kind = Kind::field,
          .help =
              "field with the recorded area; text with a unit such as '1,728.85 hectares' is "
              "read",
          .parent = parent};
}

std::vector<double> recorded_of(const Arguments& arguments, const Layer& layer,
                                const std::string& field, Findings& findings,
                                const std::string& unit) {
  if (field.empty()) return {};
  std::string said = unit;
  for (const std::string& pair : arguments.texts("field-unit")) {
    const auto equals = pair.find('=');
    if (equals != std::string::npos && lower(pair.substr(0, equals)) == lower(field))
      said = pair.substr(equals + 1);
  }
  return recorded_areas(layer.table, field, findings, said);
}

Layer brought_to(Layer layer, const Crs& crs, const Arguments& arguments) {
  if (layer.crs == crs) return layer;
  const Edges edges = edges_of(arguments, layer.crs);
  if (!layer.crs.is_local())
    for (Geometry& geometry : layer.geometry) geometry = follow_edges(geometry, layer.crs, edges);
  return to_crs(std::move(layer), crs);
}

Json hectares(double m2) {
  return std::isnan(m2) ? Json() : Json(m2 / 1e4);
}
Parameter tolerance_parameter() {
  return {.name = "tolerance",
          .kind = Kind::text,
          .help = "most that the setback line may be off: a share of the setback or a length",
          .default_text = "0.1 %",
          .range = "1e-5 % to 10 %, or a length"};
}

Tolerance tolerance_of(const Arguments& arguments) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const std::string text(trim(arguments.text("tolerance")));
  if (text.ends_with("%")) {
    const auto number = parse_number(text.substr(0, text.size() - 1));
    if (number && *number >= 1e-5 && *number <= 10.0) return {*number / 100.0, nan};
    throw Error("usage.tolerance", "'" + printable(text) + "' is no share from 1e-5 % to 10 %",
                "--tolerance", "Write '0.1 %', or a length such as '1 m'.");
  }
  double metres = 0.0;
  try {
    metres = parse_quantity(text, Dimension::length, "--tolerance");
  } catch (const Error& error) {
    throw Error("usage.tolerance", error.what(), "--tolerance",
                "Write '0.1 %', or a length such as '1 m'.");
  }
  if (!(metres > 0.0))
    throw Error("usage.tolerance", "a tolerance must be above 0", "--tolerance",
                "Write '0.1 %', or a length such as '1 m'.");
  return {1e-3, metres};
}

}  // namespace lode::tools
