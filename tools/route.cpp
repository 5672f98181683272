#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <memory>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "tools/route_cache.h"
#include "tools/route_parts.h"
#include "tools/sea_inputs.h"

namespace lode::tools {

namespace {

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

bool closes_something(const Arguments& arguments) {
  return arguments.has("close") || arguments.has("avoid") || arguments.has("only");
}

/// A toll for a whole ship that counts for each of its tonnes closes a canal in all but name.
void doubt_tolls(const Network& network, const Tariff& tariff, Findings& findings) {
  constexpr double no_such_toll_usd_per_t = 1000.0;
  std::vector<double> of_carrier(network.carriers.size(), -1.0);
  for (const auto& edge : network.edges)
    of_carrier[edge.carrier] =
        std::max(of_carrier[edge.carrier], network.lines[edge.line].toll_usd);
  std::map<std::string, double> largest;
  for (std::size_t c = 0; c < of_carrier.size(); ++c) {
    const std::string& mode = network.carriers[c].mode;
    const ModeRates* rates = tariff.mode(mode);
    if (rates != nullptr && std::isnan(rates->payload_t))
      largest[mode] = std::max(largest[mode], of_carrier[c]);
  }
  for (const auto& [mode, toll] : largest)
    if (toll > no_such_toll_usd_per_t)
      findings.add("route.toll_per_tonne", Severity::warning, tariff.name,
                   "modes." + mode + " has no payload_t, so tolls count for each tonne, up to " +
                       number_text(toll) + " USD/t");
}

/// The ways, the year and the detours that were asked for, one after another on one network.
void over_network(const Arguments& arguments, const Session& session, RouteOptions options,
                  RouteRun& run, Outcome& outcome) {
  const Network network =
      read_network(arguments, session, session.progress.part(0.1, 0.5), outcome);
  outcome.findings.add(network.findings);
  run.terminals = read_terminals(arguments, session, outcome);
  run.tariff = read_tariff(arguments, outcome);
  options.keep = keep_in(arguments.text("cache"));
  doubt_tolls(network, run.tariff, outcome.findings);
  options.avoid = avoided_countries(arguments, session, network, run.tariff, outcome);
  summarise_tariff(run.tariff, outcome);
  outcome.summary["minimise"] = arguments.text("minimise");
  summarise_network(network, outcome);
  if (arguments.flag("matrix")) {
    const auto made = write_matrix(
        arguments, session, run.from, run.to,
        [&](const MatrixSink& sink) {
          return route_matrix(network, run.tariff, run.terminals, run.from, run.to, options, sink,
                              session.progress.part(0.5, 0.95));
        },
        outcome);
    outcome.summary["algorithm"] = made.algorithm;
    return;
  }
  const bool detours = closes_something(arguments) && !arguments.flag("no-detours");
  const double before = arguments.flag("months") ? 0.8 : 0.5;
  if (arguments.flag("months")) {
    run.year = route_year(network, run.tariff, run.terminals, run.from, run.to, options,
                          session.progress.part(0.5, before));
    if (options.pairs == Pairs::nearest) {
      // The places of the best month, so that rows and months are of the same pairs.
      options.pairs = Pairs::listed;
      for (const auto& row : run.year) options.listed.emplace_back(row.from, row.to);
    }
  }
  const double between = detours ? (before + 0.95) / 2.0 : 0.95;
  run.table = route(network, run.tariff, run.terminals, run.from, run.to, options,
                    session.progress.part(before, between));
  if (detours)
    run.detours = price_detours(network, run.tariff, run.terminals, run.from, run.to, options,
                                run.table, session.progress.part(between, 0.95));
  outcome.summary["algorithm"] = run.table.algorithm;
}

/// Whether the legs can stand beside the routes: in a GeoPackage, or in memory.
bool holds_legs(const Arguments& arguments) {
  if (!arguments.has("output")) return true;
  const std::string format = lower(arguments.text("format"));
  return format.empty() ? lower(arguments.text("output")).ends_with(".gpkg") : format == "gpkg";
}

void show(const Arguments& arguments, const Session& session,
          const std::shared_ptr<const RouteRun>& run, Outcome& outcome) {
  const auto row = [run](std::size_t i) { return route_row(*run, i); };
  const bool months = arguments.flag("months"), legs = arguments.flag("legs");
  if (!session.json && (months || legs)) {
    if (months) outcome.table = months_table(*run);
    if (legs) outcome.table += (months ? "\n" : "") + account_text(*run);
    return;
  }
  outcome.shown = {"from",
                   "to",
                   "distance_km",
                   "cost_usd_per_t",
                   "cost_low_usd_per_t",
                   "cost_high_usd_per_t",
                   "hours",
                   "co2e_kg_per_t"};
  if (run->detours.empty())
    outcome.shown.emplace_back("snap_km");
  else
    outcome.shown.insert(outcome.shown.end(), {"detour_km", "detour_usd_per_t"});
  outcome.shown.emplace_back("reason");
  stream_results(session, outcome, run->table.rows.size(), row);
}

void write_layers(const Arguments& arguments, const Session& session, RouteRun& run,
                  Outcome& outcome) {
  std::vector<OutputLayer> layers;
  if (wants_output(arguments, session) && !arguments.flag("matrix")) {
    layers.push_back(route_layer(run));
    if (arguments.flag("legs") && holds_legs(arguments))
      layers.push_back(legs_layer(run));
    else if (arguments.flag("legs"))
      outcome.findings.add("route.legs_not_written", Severity::note, arguments.text("output"),
                           "this format holds one layer: the routes; a GeoPackage takes the legs "
                           "too");
  }
  write_output(arguments, session, std::move(layers), outcome);
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  ReadOptions site_options = other_read_options(arguments, session);
  site_options.layer = arguments.text("layer");
  site_options.where = arguments.text("where");
  site_options.x = arguments.text("x");
  site_options.y = arguments.text("y");
  const auto run = std::make_shared<RouteRun>();
  PlaceLayer sites = read_places(arguments.text("SITES"), site_options, arguments.text("id"),
                                 arguments.text("name"), session.progress.part(0.0, 0.05), outcome);
  run->from = std::move(sites.places);
  run->to = read_places(arguments.text("to"), other_read_options(arguments, session),
                        arguments.text("to-id"), arguments.text("to-name"),
                        session.progress.part(0.05, 0.1), outcome)
                .places;
  RouteOptions options = route_options(arguments, session);
  read_cargo(arguments, sites.layer, options, outcome);
  options.leg_lines = arguments.flag("legs") && options.lines && holds_legs(arguments);
  if (arguments.flag("straight") && arguments.flag("matrix"))
    (void)write_matrix(
        arguments, session, run->from, run->to,
        [&](const MatrixSink& sink) {
          return straight_matrix(run->from, run->to, options, sink,
                                 session.progress.part(0.1, 0.95));
        },
        outcome);
  else if (arguments.flag("straight"))
    run->table = straight_distances(run->from, run->to, options, session.progress.part(0.1, 0.95));
  else
    over_network(arguments, session, std::move(options), *run, outcome);
  if (arguments.flag("matrix")) return outcome;
  const RouteTable& table = run->table;
  outcome.findings.add(table.findings);
  outcome.summary["pairs"] = table.rows.size();
  outcome.summary["unreachable"] = static_cast<std::size_t>(std::count_if(
      table.rows.begin(), table.rows.end(), [](const RouteRow& row) { return !row.reachable(); }));
  summarise_run(*run, outcome);
  write_layers(arguments, session, *run, outcome);
  show(arguments, session, run, outcome);
  return outcome;
}

using Refuse =
    std::function<void(const std::string& code, const std::string& what, const std::string& hint)>;

void check_straight(const Arguments& arguments, const Refuse& refuse) {
  if (arguments.flag("straight") == arguments.has("network"))
    refuse("usage.network",
           arguments.flag("straight") ? "--straight and --network exclude each other"
                                      : "neither --network nor --straight is said",
           "Give the lines to travel on (--network road=roads.gpkg), or --straight.");
  if (!arguments.flag("straight")) return;
  auto parameters = freight_parameters();
  append(parameters, scenario_parameters());
  for (const auto& parameter : parameters)
    if (parameter.name != "cache" && arguments.has(parameter.name))
      refuse("usage.straight", "--" + parameter.name + " needs a network, --straight has none",
             "Leave it out, or give the lines to travel on with --network.");
}

void check_scenarios(const Arguments& arguments, const Refuse& refuse) {
  if (arguments.flag("months") && arguments.has("month"))
    refuse("usage.months", "--months and --month exclude each other", "Take one of them.");
  if (arguments.flag("no-detours") && !closes_something(arguments))
    refuse("usage.detours", "--no-detours without --close, --avoid or --only",
           "There are no detours then: leave it out.");
  if (arguments.has("home") && !arguments.has("only"))
    refuse("usage.country", "--home needs --only", "It adds a country to those of --only.");
  if (arguments.has("alliances") && !arguments.has("avoid") && !arguments.has("only"))
    refuse("usage.country", "--alliances needs --avoid or --only",
           "Say which of its groups: --only MSP_with_EU27.");
  for (const char* more : {"months", "legs"})
    if (arguments.flag("matrix") && arguments.flag(more))
      refuse("usage.matrix", std::string("--matrix and --") + more + " exclude each other",
             "A matrix has totals only; leave --matrix out.");
}

void check(const Arguments& arguments) {
  const Refuse refuse = [](const std::string& code, const std::string& what,
                           const std::string& hint) { throw Error(code, what, "route", hint); };
  check_straight(arguments, refuse);
  check_scenarios(arguments, refuse);
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
  append(command.parameters, scenario_parameters());
  append(command.parameters, sea_parameters());
  append(command.parameters, naming_parameters());
  append(command.parameters, reading_parameters());
  append(command.parameters, output_parameters());
  command.setup = check;
  command.run = run;
  return command;
}

}  // namespace lode::tools
