#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/environment/buffer.h"
#include "libgeo/logistics/reach.h"
#include "tools/chain_parts.h"
#include "tools/params.h"

namespace lode::tools {

namespace {

std::vector<Parameter> parameters() {
  std::vector<Parameter> list = {
      {.name = "PLACES",
       .kind = Kind::vector_layer,
       .help = "where loads start (or, with --towards, where they go)",
       .positional = true,
       .required = true},
      {.name = "within",
       .help = "limits of one kind: '2,4,8 h', '50,100 km' or '10,20 USD/t'; the way is chosen for "
               "what they measure",
       .required = true},
      {.name = "network",
       .help = "MODE=FILE[:layer]: lines of one mode (road, rail, sea, barge or any mode of the "
               "tariff)",
       .required = true,
       .repeatable = true},
      {.name = "towards", .kind = Kind::flag, .help = "from where the places can be reached"},
      {.name = "width",
       .kind = Kind::quantity,
       .help = "polygons reach this far to either side of the lines",
       .dimension = Dimension::length,
       .default_text = "1 km",
       .range = "above 0",
       .minimum = std::numeric_limits<double>::min()},
      {.name = "reached",
       .kind = Kind::vector_layer,
       .help = "places to be counted and named that lie within each limit by the network"},
      {.name = "reached-id",
       .kind = Kind::field,
       .help = "field that identifies a place of --reached",
       .parent = "reached"},
      {.name = "lines",
       .kind = Kind::vector_out,
       .help = "write the parts of the network that are reached"}};
  for (auto& parameter : list)
    if (!parameter.positional) parameter.group = "Reach";
  append(list, chain_freight_parameters());
  append(list, naming_parameters());
  append(list, reading_parameters());
  append(list, output_parameters());
  return list;
}

/// What --within asks for; the values in the unit that results are in.
struct Limits {
  std::vector<double> values;
  std::string unit;
  Minimise minimise = Minimise::cost;
};

/// Limits are of one kind, each once.
void check_limits(const std::string& text) {
  const Dimension kinds[] = {Dimension::time, Dimension::length, Dimension::price_per_mass};
  std::optional<Dimension> met;
  for (const auto& part : split(text, ',')) {
    const auto digit = part.find_last_of("0123456789.");
    const std::string unit(trim(digit == std::string::npos ? part : part.substr(digit + 1)));
    for (const Dimension kind : kinds) {
      if (unit.empty() || !is_unit_of(unit, kind)) continue;
      if (met && *met != kind)
        throw Error("usage.within",
                    "'" + printable(text) +
                        "' mixes kinds: limits are all times, all lengths or "
                        "all costs of a tonne",
                    "--within", "Ask for each kind on its own, for instance '2,4,8 h'.");
      met = kind;
    }
  }
}

Limits limits_of(const Arguments& arguments) {
  const std::string text = arguments.text("within");
  check_limits(text);
  const auto digit = text.find_last_of("0123456789.");
  const std::string unit(digit == std::string::npos ? text : trim(text.substr(digit + 1)));
  Limits limits;
  Dimension dimension = Dimension::time;
  double per_unit = 1.0;
  if (is_unit_of(unit, Dimension::time)) {
    limits.unit = "h";
    limits.minimise = Minimise::hours;
  } else if (is_unit_of(unit, Dimension::length)) {
    limits.unit = "km";
    limits.minimise = Minimise::distance;
    dimension = Dimension::length;
    per_unit = 1000.0;
  } else if (is_unit_of(unit, Dimension::price_per_mass)) {
    limits.unit = "USD/t";
    dimension = Dimension::price_per_mass;
  } else {
    throw Error("usage.within", "'" + printable(text) + "' is no time, length or cost of a tonne",
                "--within", "Write for instance '2,4,8 h', '50,100 km' or '10,20 USD/t'.");
  }
  limits.values = option_quantities(text, dimension, "--within");
  std::set<double> seen;
  for (double& value : limits.values) {
    value /= per_unit;
    if (!seen.insert(value).second)
      throw Error("usage.within",
                  "the limit " + number_text(value) + " " + limits.unit + " stands twice",
                  "--within", "Give each limit once.");
    if (!(value > 0.0))
      throw Error("usage.within", "a limit must be above zero", "--within",
                  "Write for instance '2,4,8 h'.");
  }
  return limits;
}

RouteOptions options_of(const Arguments& arguments, const Session& session, const Limits& limits) {
  RouteOptions options = route_options(arguments, session);
  options.minimise = limits.minimise;
  options.legs = options.lines = false;
  return options;
}

/// One row: a place and a limit.
struct Ring {
  const Reach* reach = nullptr;
  Geometry polygons;
  double area_km2 = 0.0;
  std::vector<std::string> reached;
};

/// Everything within --width of the lines. No hull: it would claim land that no road reaches.
void add_polygons(const Arguments& arguments, const Session& session, std::vector<Ring>& rings,
                  Outcome& outcome) {
  BufferInputs inputs;
  inputs.crs = wgs84();
  inputs.distance_m = {arguments.quantity("width")};
  std::vector<std::size_t> ring_of;
  for (std::size_t i = 0; i < rings.size(); ++i) {
    if (rings[i].reach->lines.empty()) continue;
    inputs.geometry.push_back(rings[i].reach->lines);
    ring_of.push_back(i);
  }
  if (ring_of.empty()) return;
  BufferOptions options;
  options.jobs = session.jobs;
  Buffers buffers = geodesic_buffers(inputs, options, session.progress.part(0.7, 0.9));
  outcome.findings.add(buffers.findings);
  for (auto& feature : buffers.features) {
    Ring& ring = rings[ring_of[feature.source]];
    ring.polygons = std::move(feature.geometry);
    ring.area_km2 = feature.area_m2 / 1e6;
  }
}

/// Total of a route in the unit of the limits, straight ways included.
double total_of(const RouteRow& row, Minimise minimise) {
  switch (minimise) {
    case Minimise::hours:
      return row.hours;
    case Minimise::distance:
      return row.distance_km + row.snap_km + row.snap_to_km;
    case Minimise::co2e:
      return row.co2e_kg_per_t;
    case Minimise::cost:
      break;
  }
  return row.cost_usd_per_t;
}

OutputLayer rings_layer(const std::vector<Ring>& rings, const Places& places, const Limits& limits,
                        bool lines) {
  OutputLayer out;
  out.name = lines ? "reached_lines" : "isochrones";
  out.crs = wgs84();
  out.table.name = out.name;
  std::vector<std::string> from, unit;
  std::vector<double> limit, length, area, reached;
  for (const auto& ring : rings) {
    out.geometry.push_back(lines ? ring.reach->lines : ring.polygons);
    from.push_back(places.list[ring.reach->from].id);
    unit.push_back(limits.unit);
    limit.push_back(ring.reach->limit);
    length.push_back(ring.reach->length_km);
    area.push_back(ring.area_km2);
    reached.push_back(static_cast<double>(ring.reached.size()));
  }
  out.table.add(text_column("from", std::move(from)));
  out.table.add(number_column("limit", std::move(limit)));
  out.table.add(text_column("unit", std::move(unit)));
  out.table.add(number_column("length_km", std::move(length), "km"));
  out.table.add(number_column("area_km2", std::move(area), "km2"));
  out.table.add(number_column("places_reached", std::move(reached)));
  return out;
}

Json ring_row(const Ring& ring, const Places& places, const Limits& limits, bool counted) {
  Json json;
  json["from"] = places.list[ring.reach->from].id;
  json["limit"] = ring.reach->limit;
  json["unit"] = limits.unit;
  json["length_km"] = ring.reach->length_km;
  json["area_km2"] = ring.area_km2;
  json["places_reached"] = counted ? Json(ring.reached.size()) : Json();
  json["from_name"] = places.list[ring.reach->from].name;
  json["reason_text"] = ring.reach->words.empty() ? Json() : Json(ring.reach->words);
  json["reached"] = Json(ring.reached);
  return json;
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const Limits limits = limits_of(arguments);
  ReadOptions place_options = other_read_options(arguments, session);
  place_options.layer = arguments.text("layer");
  place_options.where = arguments.text("where");
  place_options.x = arguments.text("x");
  place_options.y = arguments.text("y");
  const Places places =
      read_places(arguments.text("PLACES"), place_options, arguments.text("id"),
                  arguments.text("name"), session.progress.part(0.0, 0.05), outcome)
          .places;
  Places others{wgs84(), {}};
  if (arguments.has("reached"))
    others =
        read_places(arguments.text("reached"), other_read_options(arguments, session),
                    arguments.text("reached-id"), "", session.progress.part(0.05, 0.1), outcome)
            .places;
  const Network network =
      read_network(arguments, session, session.progress.part(0.1, 0.4), outcome);
  outcome.findings.add(network.findings);
  const Terminals terminals = read_terminals(arguments, session, outcome);
  const Tariff tariff = read_tariff(arguments, outcome);
  RouteOptions options = options_of(arguments, session, limits);
  options.avoid = avoided_countries(arguments, session, network, tariff, outcome);
  const bool towards = arguments.flag("towards");
  const ReachTable table = reach(network, tariff, terminals, places, limits.values, towards,
                                 options, session.progress.part(0.4, 0.7));
  outcome.findings.add(table.findings);
  std::vector<Ring> rings(table.list.size());
  for (std::size_t i = 0; i < rings.size(); ++i) rings[i].reach = &table.list[i];
  add_polygons(arguments, session, rings, outcome);
  if (arguments.has("reached")) {
    const RouteTable routes =
        route(network, tariff, terminals, towards ? others : places, towards ? places : others,
              options, session.progress.part(0.9, 0.95));
    for (const auto& row : routes.rows)
      for (std::size_t k = 0; row.reachable() && k < limits.values.size(); ++k)
        if (total_of(row, limits.minimise) <= limits.values[k])
          rings[(towards ? row.to : row.from) * limits.values.size() + k].reached.push_back(
              others.list[towards ? row.from : row.to].id);
  }
  outcome.summary["places"] = places.list.size();
  outcome.summary["unit"] = limits.unit;
  outcome.summary["direction"] = towards ? "towards" : "from";
  outcome.summary["width_m"] = arguments.quantity("width");
  outcome.summary["tariff"] = tariff.name;
  outcome.summary["tariff_as_of"] = tariff.as_of;
  outcome.shown = {"from",     "limit",          "unit",       "length_km",
                   "area_km2", "places_reached", "reason_text"};
  add_results(session, outcome, rings.size(), [&](std::size_t i) {
    return ring_row(rings[i], places, limits, arguments.has("reached"));
  });
  if (arguments.has("lines"))
    write_beside(arguments, session, "lines", rings_layer(rings, places, limits, true), outcome);
  write_output(arguments, session, rings_layer(rings, places, limits, false), outcome);
  return outcome;
}

}  // namespace

Command isochrone_command() {
  Command command;
  command.name = "isochrone";
  command.summary = "how far a load gets within so many hours, kilometres or dollars a tonne";
  command.group = "Logistics";
  command.parameters = parameters();
  command.setup = [](const Arguments& arguments) {
    static_cast<void>(limits_of(arguments));
    for (const auto& text : arguments.texts("network")) (void)parse_network_argument(text);
    static_cast<void>(field_pairs(arguments));
  };
  command.run = run;
  return command;
}

}  // namespace lode::tools
