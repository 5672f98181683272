#include <limits>
#include <map>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/crs/transform.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/logistics/shortest_path.h"
#include "tools/network_layers.h"
#include "tools/route_inputs.h"

namespace lode::tools {

namespace {

/// Components listed for each mode; how many there are stands beside.
constexpr std::size_t kListed = 20;

/// Counts of one mode beside those of the network's own report.
struct ModeCounts {
  std::size_t oneway = 0, restricted = 0, seasonal = 0, without_country = 0;
  std::size_t at_bridges = 0, traps = 0, trap_edges = 0, loops = 0, doubled = 0;
  struct Part {
    std::size_t edges = 0;
    Sum length_m;
    std::uint32_t first_edge = 0;
  };
  std::map<std::uint32_t, Part> parts;  ///< by component
};

std::map<std::string, ModeCounts> counts_of(const Network& network,
                                            const std::vector<LineLayer>& layers,
                                            const NetworkCheck& check,
                                            const std::vector<NetworkCrossing>& crossings) {
  std::map<std::string, ModeCounts> counts;
  for (const auto& line : network.lines) {
    if (line.layer == std::numeric_limits<std::uint32_t>::max()) continue;
    ModeCounts& of_mode = counts[lower(trim(layers[line.layer].mode))];
    of_mode.oneway += line.oneway != Oneway::both ? 1 : 0;
    of_mode.restricted += line.restricted ? 1 : 0;
    of_mode.seasonal += line.months_closed != 0 ? 1 : 0;
    of_mode.without_country += line.country == 0 ? 1 : 0;
  }
  for (std::uint32_t i = 0; i < network.edges.size(); ++i) {
    auto& parts = counts[network.mode_of(i)].parts;
    const auto [at, fresh] = parts.try_emplace(network.component[i]);
    if (fresh) at->second.first_edge = i;
    ++at->second.edges;
    at->second.length_m += network.edges[i].length_m;
  }
  for (const auto& crossing : crossings)
    if (bridge_of(network, layers, crossing.edge_a) != bridge_of(network, layers, crossing.edge_b))
      ++counts[network.mode_of(crossing.edge_a)].at_bridges;
  for (const auto& trap : check.traps) {
    ++counts[trap.mode].traps;
    counts[trap.mode].trap_edges += trap.edges.size();
  }
  for (const auto edge : check.loops) ++counts[network.mode_of(edge)].loops;
  for (const auto& pair : check.doubled) ++counts[network.mode_of(pair.again)].doubled;
  return counts;
}

Json row_of(const ModeReport& report, const ModeCounts& counts, const Network& network) {
  Json row;
  row["mode"] = report.mode;
  row["lines"] = report.lines;
  row["edges"] = report.edges;
  row["nodes"] = report.nodes;
  row["length_km"] = report.length_km;
  row["components"] = report.components;
  row["largest_component_edges"] = report.largest_component_edges;
  row["dangling_ends"] = report.dangling_ends;
  row["crossings_without_node"] = report.crossings_without_node;
  row["crossings_at_bridges"] = counts.at_bridges;
  row["joined_by_tolerance"] = report.joined_by_tolerance;
  row["largest_gap_m"] = report.largest_gap_m;
  row["oneway_lines"] = counts.oneway;
  row["restricted_lines"] = counts.restricted;
  row["seasonal_lines"] = counts.seasonal;
  row["lines_without_country"] = counts.without_country;
  row["one_way_traps"] = counts.traps;
  row["one_way_trap_edges"] = counts.trap_edges;
  row["self_loops"] = counts.loops;
  row["doubled_lines"] = counts.doubled;
  Json parts = Json::array();
  for (const auto& [component, part] : counts.parts) {
    if (parts.size() == kListed) break;
    const LonLat at = network.shape[network.edges[part.first_edge].first_vertex];
    Json one;
    one["component"] = std::size_t{component};
    one["edges"] = part.edges;
    one["length_km"] = part.length_m.value() / 1000.0;
    one["x"] = at.lon_deg;
    one["y"] = at.lat_deg;
    parts.push_back(one);
  }
  row["largest_components"] = parts;
  return row;
}

/// What a search keeps of the network: an arc for each direction of an edge or border.
void summarise_graph(const Network& network, Outcome& outcome) {
  std::size_t arcs = 2 * network.borders.size();
  for (const auto& edge : network.edges)
    arcs += network.lines[edge.line].oneway == Oneway::both ? 2 : 1;
  const double bytes = static_cast<double>(arcs * sizeof(Graph::Out)) +
                       static_cast<double>((network.nodes.size() + 1) * sizeof(std::uint32_t));
  outcome.summary["nodes"] = network.nodes.size();
  outcome.summary["edges"] = network.edges.size();
  outcome.summary["arcs"] = arcs;
  outcome.summary["bytes_per_arc"] = number_or_null(bytes / static_cast<double>(arcs));
  outcome.summary["border_crossings"] = network.borders.size();
  outcome.summary["components"] = network.component_edges.size();
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const auto layers = read_line_layers(arguments, session, session.progress.part(0.0, 0.5),
                                       outcome.inputs, outcome.findings);
  NetworkOptions options;
  options.snap_tolerance_m = arguments.quantity("snap-tolerance");
  options.jobs = session.jobs;
  const Network network = build_network(layers, options, session.progress.part(0.5, 0.75));
  outcome.findings.add(network.findings);
  const NetworkCheck check =
      check_network(network, outcome.findings, session.progress.part(0.75, 0.8));
  const auto crossings =
      crossings_without_node(network, session.jobs, session.progress.part(0.8, 0.85));
  auto counts = counts_of(network, layers, check, crossings);
  summarise_graph(network, outcome);
  outcome.shown = {"mode",
                   "lines",
                   "edges",
                   "nodes",
                   "length_km",
                   "components",
                   "dangling_ends",
                   "crossings_without_node",
                   "joined_by_tolerance",
                   "one_way_trap_edges"};
  add_results(session, outcome, network.report.size(), [&](std::size_t i) {
    return row_of(network.report[i], counts[network.report[i].mode], network);
  });
  if (wants_output(arguments, session))
    write_output(arguments, session, network_layers(network, layers, check, crossings), outcome);
  else
    write_output(arguments, session, std::vector<OutputLayer>{}, outcome);
  return outcome;
}

std::vector<Parameter> network_parameters() {
  std::vector<Parameter> list = {
      {.name = "NETWORK",
       .help = "MODE=FILE[:layer]: lines of one mode (road, rail, sea, barge, ...); osm=FILE is "
               "all modes of an extract of OpenStreetMap",
       .positional = true,
       .required = true,
       .repeatable = true},
      {.name = "snap-tolerance",
       .kind = Kind::quantity,
       .help = "ends of lines nearer than this are joined",
       .dimension = Dimension::length,
       .default_text = "0 m",
       .range = "0 to 10 km",
       .minimum = 0.0,
       .maximum = 10000.0},
      locate_countries_parameter()};
  for (auto& parameter : list) parameter.group = "Network";
  return list;
}

}  // namespace

Command network_command() {
  Command command;
  command.name = "network";
  command.summary = "lines joined into a network: pieces, gaps, crossings and traps, to be mended";
  command.group = "Logistics";
  command.parameters = network_parameters();
  // --layer, --where, --bbox, --x and --y are of a command's first input; here all are alike.
  for (auto& parameter : reading_parameters())
    for (const char* kept :
         {"fields", "field-unit", "input-crs", "encoding", "missing", "below-detection"})
      if (parameter.name == kept) command.parameters.push_back(std::move(parameter));
  append(command.parameters, output_parameters());
  command.setup = [](const Arguments& arguments) {
    for (const auto& text : network_texts(arguments)) (void)parse_network_argument(text);
    (void)field_pairs(arguments);
  };
  command.run = run;
  return command;
}

}  // namespace lode::tools
