#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "tools/route_inputs.h"

namespace lode::tools {

namespace {

Json leg_json(const Leg& leg) {
  Json json;
  json["mode"] = leg.mode;
  json["distance_km"] = leg.distance_km;
  json["hours"] = number_or_null(leg.hours);
  json["cost_usd_per_t"] = number_or_null(leg.cost_usd_per_t);
  json["co2e_kg_per_t"] = number_or_null(leg.co2e_kg_per_t);
  json["from"] = leg.from;
  json["to"] = leg.to;
  json["cost_low_usd_per_t"] = number_or_null(leg.cost_low_usd_per_t);
  json["cost_high_usd_per_t"] = number_or_null(leg.cost_high_usd_per_t);
  json["freight_usd_per_t"] = number_or_null(leg.freight_usd_per_t);
  json["toll_usd_per_t"] = number_or_null(leg.toll_usd_per_t);
  json["time_usd_per_t"] = number_or_null(leg.time_usd_per_t);
  return json;
}

Json row_json(const RouteRow& row, const Places& from, const Places& to) {
  Json json;
  json["from"] = from.list[row.from].id;
  json["to"] = to.list[row.to].id;
  json["reachable"] = row.reachable();
  json["reason"] = row.reachable() ? Json() : Json(to_text(row.reason));
  json["distance_km"] = number_or_null(row.distance_km);
  json["cost_usd_per_t"] = number_or_null(row.cost_usd_per_t);
  json["cost_low_usd_per_t"] = number_or_null(row.cost_low_usd_per_t);
  json["cost_high_usd_per_t"] = number_or_null(row.cost_high_usd_per_t);
  json["cost_usd_per_kg_contained"] = number_or_null(row.cost_usd_per_kg_contained);
  json["hours"] = number_or_null(row.hours);
  json["co2e_kg_per_t"] = number_or_null(row.co2e_kg_per_t);
  json["snap_km"] = number_or_null(row.snap_km);
  json["snap_to_km"] = number_or_null(row.snap_to_km);
  json["reason_text"] = row.words.empty() ? Json() : Json(row.words);
  json["from_name"] = from.list[row.from].name;
  json["to_name"] = to.list[row.to].name;
  json["seasonal"] = row.seasonal;
  json["legs"] = Json::array();
  for (const auto& leg : row.legs) json["legs"].push_back(leg_json(leg));
  return json;
}

OutputLayer output_of(const RouteTable& table, const Places& from, const Places& to) {
  OutputLayer out;
  out.name = "routes";
  out.crs = from.crs;
  out.geometry = table.lines;
  out.table.name = out.name;
  const auto texts = [&](const char* name, auto value) {
    std::vector<std::string> column;
    for (const auto& row : table.rows) column.emplace_back(value(row));
    out.table.add(text_column(name, std::move(column)));
  };
  const auto numbers = [&](const char* name, const char* unit, double RouteRow::*member) {
    std::vector<double> column;
    for (const auto& row : table.rows) column.push_back(row.*member);
    out.table.add(number_column(name, std::move(column), unit));
  };
  texts("from", [&](const RouteRow& row) { return from.list[row.from].id; });
  texts("to", [&](const RouteRow& row) { return to.list[row.to].id; });
  texts("reachable", [](const RouteRow& row) { return row.reachable() ? "yes" : "no"; });
  texts("reason", [](const RouteRow& row) { return std::string(to_text(row.reason)); });
  numbers("distance_km", "km", &RouteRow::distance_km);
  numbers("cost_usd_per_t", "USD/t", &RouteRow::cost_usd_per_t);
  numbers("cost_low_usd_per_t", "USD/t", &RouteRow::cost_low_usd_per_t);
  numbers("cost_high_usd_per_t", "USD/t", &RouteRow::cost_high_usd_per_t);
  numbers("cost_usd_per_kg_contained", "USD/kg", &RouteRow::cost_usd_per_kg_contained);
  numbers("hours", "h", &RouteRow::hours);
  numbers("co2e_kg_per_t", "kg/t", &RouteRow::co2e_kg_per_t);
  numbers("snap_km", "km", &RouteRow::snap_km);
  numbers("snap_to_km", "km", &RouteRow::snap_to_km);
  texts("modes", [](const RouteRow& row) {
    std::vector<std::string> modes;
    for (const auto& leg : row.legs) modes.push_back(leg.mode);
    return join(modes, " ");
  });
  texts("reason_text", [](const RouteRow& row) { return row.words; });
  return out;
}

void write_matrix(const Arguments& arguments, const Session& session, const RouteTable& table,
                  const Places& from, const Places& to, Outcome& outcome) {
  enforce_strict(session, outcome.findings);
  Table csv;
  std::vector<std::string> from_ids, to_ids;
  for (const auto& row : table.rows) {
    from_ids.push_back(from.list[row.from].id);
    to_ids.push_back(to.list[row.to].id);
  }
  csv.add(text_column("from", std::move(from_ids)));
  csv.add(text_column("to", std::move(to_ids)));
  const auto numbers = [&](const char* name, double RouteRow::*member) {
    std::vector<double> column;
    for (const auto& row : table.rows) column.push_back(row.*member);
    csv.add(number_column(name, std::move(column)));
  };
  numbers("distance_km", &RouteRow::distance_km);
  numbers("cost_usd_per_t", &RouteRow::cost_usd_per_t);
  numbers("hours", &RouteRow::hours);
  numbers("co2e_kg_per_t", &RouteRow::co2e_kg_per_t);
  std::vector<std::string> inputs;
  for (const auto& input : outcome.inputs) inputs.push_back(input.path);
  refuse_input_as_output(arguments.text("output"), inputs);
  OutputSet set(session.overwrite);
  set.write_text(arguments.text("output"), csv_text(csv));
  set.commit();
  outcome.outputs = set.written();
}

RouteOptions options_of(const Arguments& arguments, const Session& session) {
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
  options.snap.radius_km = arguments.quantity("snap-radius") / 1000.0;
  options.snap.min_component_edges = static_cast<std::uint32_t>(arguments.integer("min-part"));
  options.vehicle_mass_t = arguments.quantity("vehicle-mass");
  options.axle_load_t = arguments.quantity("axle-load");
  if (arguments.has("month")) options.month = static_cast<int>(arguments.integer("month"));
  for (const auto& text : arguments.texts("close"))
    for (const auto& gate : split(text, ','))
      if (!trim(gate).empty()) options.close.emplace_back(trim(gate));
  if (arguments.has("moisture")) options.moisture = arguments.quantity("moisture");
  options.grade = arguments.quantity("grade");
  if (arguments.has("recovery")) options.recovery = arguments.quantity("recovery");
  options.legs = !arguments.flag("matrix");
  options.lines = arguments.has("output") && !arguments.flag("matrix");
  options.jobs = session.jobs;
  return options;
}

/// --only: all countries of the network that are not named are avoided.
void avoid_all_but(const std::vector<std::string>& kept, const Network& network,
                   std::vector<std::string>& avoid) {
  std::set<std::string> all(avoid.begin(), avoid.end());
  for (const auto& line : network.lines) {
    const std::string& country = network.texts[line.country];
    if (!country.empty() && std::find(kept.begin(), kept.end(), country) == kept.end())
      all.insert(country);
  }
  avoid.assign(all.begin(), all.end());
}

void summarise_network(const Network& network, Outcome& outcome) {
  Json parts = Json::array();
  for (const auto& report : network.report) {
    Json json;
    json["mode"] = report.mode;
    json["lines"] = report.lines;
    json["edges"] = report.edges;
    json["nodes"] = report.nodes;
    json["length_km"] = report.length_km;
    json["components"] = report.components;
    json["largest_component_edges"] = report.largest_component_edges;
    json["dangling_ends"] = report.dangling_ends;
    json["crossings_without_node"] = report.crossings_without_node;
    json["joined_by_tolerance"] = report.joined_by_tolerance;
    parts.push_back(json);
  }
  outcome.summary["network"] = parts;
}

void summarise_tariff(const Tariff& tariff, Outcome& outcome) {
  outcome.summary["tariff"] = tariff.name;
  outcome.summary["tariff_as_of"] = tariff.as_of;
  outcome.summary["currency"] = tariff.currency;
  outcome.summary["value_of_time_usd_per_t_h"] = tariff.value_of_time_usd_per_t_h;
}

RouteTable over_network(const Arguments& arguments, const Session& session, const Places& from,
                        const Places& to, RouteOptions options, Outcome& outcome) {
  const Network network =
      read_network(arguments, session, session.progress.part(0.1, 0.5), outcome);
  outcome.findings.add(network.findings);
  const Terminals terminals = read_terminals(arguments, session, outcome);
  const Tariff tariff = read_tariff(arguments, outcome);
  options.avoid = read_countries(arguments, session, "avoid", outcome);
  if (arguments.has("only"))
    avoid_all_but(read_countries(arguments, session, "only", outcome), network, options.avoid);
  RouteTable table =
      route(network, tariff, terminals, from, to, options, session.progress.part(0.5, 0.95));
  summarise_tariff(tariff, outcome);
  outcome.summary["minimise"] = arguments.text("minimise");
  outcome.summary["algorithm"] = "dijkstra";
  summarise_network(network, outcome);
  return table;
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  ReadOptions site_options = other_read_options(arguments, session);
  site_options.layer = arguments.text("layer");
  site_options.where = arguments.text("where");
  site_options.x = arguments.text("x");
  site_options.y = arguments.text("y");
  const PlaceLayer sites =
      read_places(arguments.text("SITES"), site_options, arguments.text("id"),
                  arguments.text("name"), session.progress.part(0.0, 0.05), outcome);
  const PlaceLayer goals = read_places(arguments.text("to"), other_read_options(arguments, session),
                                       arguments.text("to-id"), arguments.text("to-name"),
                                       session.progress.part(0.05, 0.1), outcome);
  const Places& from = sites.places;
  const Places& to = goals.places;
  const RouteOptions options = options_of(arguments, session);
  RouteTable table = arguments.flag("straight")
                         ? straight_distances(from, to, options, session.progress.part(0.1, 0.95))
                         : over_network(arguments, session, from, to, options, outcome);
  outcome.findings.add(table.findings);
  std::size_t unreachable = 0;
  for (const auto& row : table.rows) unreachable += row.reachable() ? 0 : 1;
  outcome.summary["pairs"] = table.rows.size();
  outcome.summary["unreachable"] = unreachable;
  if (arguments.flag("matrix")) {
    write_matrix(arguments, session, table, from, to, outcome);
    return outcome;
  }
  outcome.shown = {"from",
                   "to",
                   "distance_km",
                   "cost_usd_per_t",
                   "cost_low_usd_per_t",
                   "cost_high_usd_per_t",
                   "hours",
                   "co2e_kg_per_t",
                   "snap_km",
                   "reason"};
  add_results(session, outcome, table.rows.size(),
              [&](std::size_t i) { return row_json(table.rows[i], from, to); });
  write_output(arguments, session, output_of(table, from, to), outcome);
  return outcome;
}

void check(const Arguments& arguments) {
  const auto refuse = [](const std::string& code, const std::string& what,
                         const std::string& hint) { throw Error(code, what, "route", hint); };
  if (arguments.flag("straight") == arguments.has("network"))
    refuse("usage.network",
           arguments.flag("straight") ? "--straight and --network exclude each other"
                                      : "neither --network nor --straight is said",
           "Give the lines to travel on (--network road=roads.gpkg), or --straight.");
  for (const auto& text : arguments.texts("network")) (void)parse_network_argument(text);
  (void)field_pairs(arguments);
  if (arguments.flag("pairwise") && arguments.has("nearest"))
    refuse("usage.pairs", "--pairwise and --nearest exclude each other", "Take one of them.");
  if (arguments.flag("matrix") && !arguments.has("output"))
    refuse("usage.matrix", "--matrix needs -o", "Say where the CSV goes: -o matrix.csv.");
  if ((arguments.has("moisture") || arguments.has("recovery")) && !arguments.has("grade"))
    refuse("usage.grade", "--moisture and --recovery need --grade",
           "The cost of a kilogram contained needs the grade of the load.");
}

std::vector<Parameter> own_parameters() {
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

constexpr double above_zero = std::numeric_limits<double>::min();

// A table of parameters, long because every option is one row of it.
std::vector<Parameter> network_parameters() {
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
      {.name = "min-part",
       .kind = Kind::integer,
       .help = "parts of the network with fewer edges are passed over",
       .default_text = "1",
       .range = "1 or more",
       .minimum = 1},
      {.name = "algorithm",
       .kind = Kind::choice,
       .help = "how shortest ways are searched; the answer is the same",
       .choices = {"auto", "dijkstra"},
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

}  // namespace

Command route_command() {
  Command command;
  command.name = "route";
  command.summary = "what it costs to get out: freight from sites to places, leg by leg";
  command.group = "Logistics";
  command.parameters = own_parameters();
  append(command.parameters, network_parameters());
  append(command.parameters, naming_parameters());
  append(command.parameters, reading_parameters());
  append(command.parameters, output_parameters());
  command.setup = check;
  command.run = run;
  return command;
}

}  // namespace lode::tools
