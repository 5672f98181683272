#include <algorithm>
#include <set>

#include "libgeo/core/error.h"
#include "tools/route_cache.h"
#include "tools/route_parts.h"

namespace lode::tools {

namespace {

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
  options.keep = keep_in(arguments.text("cache"));
  options.avoid = read_countries(arguments, session, "avoid", outcome);
  if (arguments.has("only"))
    avoid_all_but(read_countries(arguments, session, "only", outcome), network, options.avoid);
  const Progress progress = session.progress.part(0.5, 0.95);
  RouteTable table;
  if (arguments.flag("matrix"))
    table.algorithm =
        write_matrix(
            arguments, session, from, to,
            [&](const MatrixSink& sink) {
              return route_matrix(network, tariff, terminals, from, to, options, sink, progress);
            },
            outcome)
            .algorithm;
  else
    table = route(network, tariff, terminals, from, to, options, progress);
  summarise_tariff(tariff, outcome);
  outcome.summary["minimise"] = arguments.text("minimise");
  outcome.summary["algorithm"] = table.algorithm;
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
  RouteOptions options = route_options(arguments, session);
  read_cargo(arguments, sites.layer, options, outcome);
  if (arguments.flag("straight") && arguments.flag("matrix")) {
    const Progress progress = session.progress.part(0.1, 0.95);
    write_matrix(
        arguments, session, from, to,
        [&](const MatrixSink& sink) { return straight_matrix(from, to, options, sink, progress); },
        outcome);
    return outcome;
  }
  RouteTable table = arguments.flag("straight")
                         ? straight_distances(from, to, options, session.progress.part(0.1, 0.95))
                         : over_network(arguments, session, from, to, options, outcome);
  if (arguments.flag("matrix")) return outcome;
  outcome.findings.add(table.findings);
  std::size_t unreachable = 0;
  for (const auto& row : table.rows) unreachable += row.reachable() ? 0 : 1;
  outcome.summary["pairs"] = table.rows.size();
  outcome.summary["unreachable"] = unreachable;
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
              [&](std::size_t i) { return route_row(table.rows[i], from, to); });
  write_output(arguments, session, route_layer(table, from, to), outcome);
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

}  // namespace

Command route_command() {
  Command command;
  command.name = "route";
  command.summary = "what it costs to get out: freight from sites to places, leg by leg";
  command.group = "Logistics";
  command.parameters = route_parameters();
  append(command.parameters, freight_parameters());
  append(command.parameters, naming_parameters());
  append(command.parameters, reading_parameters());
  append(command.parameters, output_parameters());
  command.setup = check;
  command.run = run;
  return command;
}

}  // namespace lode::tools
