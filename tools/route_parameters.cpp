#include <algorithm>
#include <cmath>
#include <limits>

#include "libgeo/core/quantity.h"
#include "libgeo/core/text.h"
#include "tools/route_parts.h"

namespace lode::tools {

namespace {

constexpr double above_zero = std::numeric_limits<double>::min();

}  // namespace

std::vector<Parameter> route_parameters() {
  std::vector<Parameter> list = {
      {.name = "SITES",
       .kind = Kind::vector_layer,
       .help = "where loads come from: points, or the middle of lines and polygons",
       .positional = true,
       .required = true},
      {.name = "to", .kind = Kind::vector_layer, .help = "places to go to", .required = true},
      {.name = "network",
       .help = "MODE=FILE[:layer]: lines of one mode (road, rail, sea, barge or any mode of the "
               "tariff)",
       .repeatable = true},
      {.name = "straight", .kind = Kind::flag, .help = "geodesic distances only, no network"},
      {.name = "minimise",
       .kind = Kind::choice,
       .help = "what the way is chosen for",
       .choices = {"cost", "distance", "hours", "co2e"},
       .default_text = "cost",
       .aliases = {"minimize"}},
      {.name = "pairwise", .kind = Kind::flag, .help = "the i-th site to the i-th place only"},
      {.name = "nearest",
       .kind = Kind::integer,
       .help = "only this many places a site, those least in what is minimised",
       .range = "1 or more",
       .minimum = 1},
      {.name = "matrix",
       .kind = Kind::flag,
       .help = "write from,to,distance_km,cost_usd_per_t,hours,co2e_kg_per_t as CSV to -o"},
      {.name = "to-id",
       .kind = Kind::field,
       .help = "field that identifies a place",
       .parent = "to"},
      {.name = "to-name", .kind = Kind::field, .help = "field that names a place", .parent = "to"}};
  for (auto& parameter : list) parameter.group = "Routes";
  return list;
}

// A table of parameters, long because every option is one row of it.
std::vector<Parameter> freight_parameters() {
  std::vector<Parameter> list = {
      {.name = "snap-radius",
       .kind = Kind::quantity,
       .help = "farther from every line than this is out of reach",
       .dimension = Dimension::length,
       .default_text = "250 km",
       .range = "above 0",
       .minimum = above_zero},
      {.name = "snap-tolerance",
       .kind = Kind::quantity,
       .help = "ends of lines nearer than this are joined",
       .dimension = Dimension::length,
       .default_text = "0 m",
       .range = "0 to 10 km",
       .minimum = 0.0,
       .maximum = 10000.0},
      locate_countries_parameter(),
      {.name = "min-part",
       .kind = Kind::integer,
       .help = "parts of the network with fewer edges are passed over",
       .default_text = "1",
       .range = "1 or more",
       .minimum = 1},
      {.name = "algorithm",
       .kind = Kind::choice,
       .help = "how shortest ways are searched; the answer is the same",
       .choices = {"auto", "dijkstra", "cch"},
       .default_text = "auto"},
      {.name = "terminals",
       .kind = Kind::vector_layer,
       .help = "where loads change mode: id name modes handling_usd_per_t dwell_h ..."},
      {.name = "tariff",
       .kind = Kind::file,
       .help = "rates, speeds, emissions (TOML); built-in when not said"},
      {.name = "vehicle-mass",
       .kind = Kind::quantity,
       .help = "loaded; lines with a lower max_weight_t are closed",
       .dimension = Dimension::mass,
       .range = "0 or more",
       .minimum = 0.0},
      {.name = "axle-load",
       .kind = Kind::quantity,
       .help = "lines with a lower axle_load_t are closed",
       .dimension = Dimension::mass,
       .range = "0 or more",
       .minimum = 0.0},
      {.name = "vehicle",
       .help = "classes of the tariff's vehicles that may run, such as handysize; all = any",
       .repeatable = true},
      {.name = "thorium",
       .kind = Kind::field_or_quantity,
       .help = "in the load as hauled: with uranium it decides on class 7",
       .dimension = Dimension::grade,
       .range = "0 to 100 %",
       .minimum = 0.0,
       .maximum = 1.0,
       .parent = "SITES"},
      {.name = "uranium",
       .kind = Kind::field_or_quantity,
       .help = "in the load as hauled",
       .dimension = Dimension::grade,
       .range = "0 to 100 %",
       .minimum = 0.0,
       .maximum = 1.0,
       .parent = "SITES"},
      {.name = "annual",
       .kind = Kind::field_or_quantity,
       .help = "wet tonnes a year: against terminals' capacity, and for the wait for a parcel",
       .dimension = Dimension::mass_rate,
       .range = "above 0",
       .minimum = above_zero,
       .parent = "SITES"},
      {.name = "month",
       .kind = Kind::integer,
       .help = "lines closed in this month are closed; all are open when not said",
       .range = "1 to 12",
       .minimum = 1,
       .maximum = 12},
      {.name = "close", .help = "gates that are closed, e.g. suez", .repeatable = true},
      {.name = "avoid",
       .help = "countries (ISO 3166-1 alpha-3) or groups of --alliances not to be crossed",
       .repeatable = true},
      {.name = "only",
       .help = "countries or groups: lines of all other countries are avoided",
       .repeatable = true},
      {.name = "home",
       .help = "country (ISO 3166-1 alpha-3) that counts as one of --only, such as USA"},
      {.name = "alliances",
       .kind = Kind::table,
       .help = "table with the columns group and iso3, for --avoid and --only"},
      {.name = "cache",
       .kind = Kind::folder_out,
       .help = "folder where networks built once are kept; the user's cache folder when not said"},
      {.name = "moisture",
       .kind = Kind::quantity,
       .help = "of the load, of its wet mass",
       .dimension = Dimension::grade,
       .range = "0 to below 100 %",
       .minimum = 0.0,
       .maximum = std::nextafter(1.0, 0.0)},
      {.name = "grade",
       .kind = Kind::quantity,
       .help = "of what is paid for in the dry load",
       .dimension = Dimension::grade,
       .range = "above 0 to 100 %",
       .minimum = above_zero,
       .maximum = 1.0},
      {.name = "recovery",
       .kind = Kind::quantity,
       .help = "share of it that is recovered at the end",
       .dimension = Dimension::grade,
       .range = "above 0 to 100 %",
       .minimum = above_zero,
       .maximum = 1.0}};
  for (auto& parameter : list) parameter.group = "Network and freight";
  return list;
}

namespace {

/// An option that is one figure for all sites, or a field with one each. Figures that no load has
/// are left out and counted.
std::vector<double> cargo_figure(const Arguments& arguments, const Layer& sites,
                                 const std::string& option, Dimension dimension, double low,
                                 double high, Findings& findings) {
  if (!arguments.has(option)) return {};
  const std::string text = arguments.text(option);
  if (looks_like_quantity(text)) return {parse_quantity(text, dimension, "--" + option)};
  std::vector<double> values = quantity_column(sites.table, text, dimension);
  for (std::size_t row = 0; row < values.size(); ++row)
    if (values[row] < low || values[row] > high) {
      values[row] = std::numeric_limits<double>::quiet_NaN();
      findings.add(
          "route.bad_cargo", Severity::warning, sites.table.name + ": " + text,
          "a figure that no load has counts as not known, first at " + sites.table.row_name(row));
    }
  return values;
}

}  // namespace

void read_cargo(const Arguments& arguments, const Layer& sites, RouteOptions& options,
                Outcome& outcome) {
  Findings& findings = outcome.findings;
  const auto thorium =
      cargo_figure(arguments, sites, "thorium", Dimension::grade, 0.0, 1.0, findings);
  const auto uranium =
      cargo_figure(arguments, sites, "uranium", Dimension::grade, 0.0, 1.0, findings);
  const auto annual = cargo_figure(arguments, sites, "annual", Dimension::mass_rate, above_zero,
                                   std::numeric_limits<double>::max(), findings);
  const auto cargo_at = [&](std::size_t row) {
    const auto value = [&](const std::vector<double>& values) {
      if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
      return values.size() == 1 ? values.front() : values[row];
    };
    return Cargo{1e6 * value(thorium), 1e6 * value(uranium), value(annual)};
  };
  const auto rows = std::max({thorium.size(), uranium.size(), annual.size()});
  if (rows <= 1) {
    options.cargo = cargo_at(0);
    return;
  }
  for (std::size_t row = 0; row < rows; ++row) options.cargoes.push_back(cargo_at(row));
}

RouteOptions route_options(const Arguments& arguments, const Session& session) {
  RouteOptions options;
  const std::string minimise = arguments.text("minimise");
  options.minimise = minimise == "distance" ? Minimise::distance
                     : minimise == "hours"  ? Minimise::hours
                     : minimise == "co2e"   ? Minimise::co2e
                                            : Minimise::cost;
  if (arguments.flag("pairwise")) options.pairs = Pairs::pairwise;
  if (arguments.has("nearest")) {
    options.pairs = Pairs::nearest;
    options.nearest = static_cast<std::size_t>(arguments.integer("nearest"));
  }
  const std::string algorithm = arguments.text("algorithm");
  options.algorithm = algorithm == "cch"        ? Algorithm::cch
                      : algorithm == "dijkstra" ? Algorithm::dijkstra
                                                : Algorithm::automatic;
  options.snap.radius_km = arguments.quantity("snap-radius") / 1000.0;
  options.snap.min_component_edges = static_cast<std::uint32_t>(arguments.integer("min-part"));
  options.vehicle_mass_t = arguments.quantity("vehicle-mass");
  options.axle_load_t = arguments.quantity("axle-load");
  if (arguments.has("month")) options.month = static_cast<int>(arguments.integer("month"));
  for (const auto& text : arguments.texts("close"))
    for (const auto& gate : split(text, ','))
      if (!trim(gate).empty()) options.close.emplace_back(trim(gate));
  for (const auto& text : arguments.texts("vehicle"))
    for (const auto& name : split(text, ','))
      if (!trim(name).empty()) options.vehicle_classes.emplace_back(trim(name));
  if (arguments.has("moisture")) options.moisture = arguments.quantity("moisture");
  options.grade = arguments.quantity("grade");
  if (arguments.has("recovery")) options.recovery = arguments.quantity("recovery");
  options.legs = !arguments.flag("matrix");
  options.lines = wants_output(arguments, session) && !arguments.flag("matrix");
  options.jobs = session.jobs;
  return options;
}

}  // namespace lode::tools
