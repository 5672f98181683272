#include <algorithm>
#include <limits>
#include <numeric>

#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/logistics/crossings.h"
#include "libgeo/logistics/network_parts.h"

namespace lode {

namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint16_t kNoCarrier = std::numeric_limits<std::uint16_t>::max();

std::string place_text(LonLat at) {
  return "x " + fixed_text(at.lon_deg, 5) + ", y " + fixed_text(at.lat_deg, 5);
}

ModeReport& report_of(Network& network, const std::string& mode) {
  for (auto& report : network.report)
    if (report.mode == mode) return report;
  network.report.push_back({});
  network.report.back().mode = mode;
  return network.report.back();
}

/// Lines and parts of each mode, each counted once; `report_of_carrier` numbers the reports.
void count_lines_and_parts(Network& network, const std::vector<std::size_t>& report_of_carrier) {
  std::vector<char> line_seen(network.lines.size()), part_seen(network.component_edges.size());
  for (std::size_t number = 0; number < network.report.size(); ++number) {
    ModeReport& report = network.report[number];
    std::fill(line_seen.begin(), line_seen.end(), 0);
    std::fill(part_seen.begin(), part_seen.end(), 0);
    for (std::size_t i = 0; i < network.edges.size(); ++i) {
      const NetworkEdge& edge = network.edges[i];
      if (report_of_carrier[edge.carrier] != number) continue;
      if (network.lines[edge.line].layer != kNone && line_seen[edge.line] == 0) {
        line_seen[edge.line] = 1;
        ++report.lines;
      }
      const std::uint32_t part = network.component[i];
      if (part_seen[part] != 0) continue;
      part_seen[part] = 1;
      ++report.components;
      report.largest_component_edges =
          std::max<std::size_t>(report.largest_component_edges, network.component_edges[part]);
    }
  }
}

void count_parts(Network& network) {
  // By number of the report, so that no name is looked up an edge.
  std::vector<std::size_t> report_of_carrier(network.carriers.size(), kNone);
  std::vector<Sum> lengths;
  const auto report_number = [&](std::uint16_t carrier) {
    std::size_t& number = report_of_carrier[carrier];
    if (number == kNone) {
      const ModeReport& report = report_of(network, network.carriers[carrier].mode);
      number = static_cast<std::size_t>(&report - network.report.data());
      lengths.resize(network.report.size());
    }
    return number;
  };
  std::vector<std::uint32_t> degree(network.nodes.size(), 0);
  std::vector<std::uint16_t> carrier_of(network.nodes.size(), kNoCarrier);
  for (const auto& edge : network.edges) {
    const std::size_t number = report_number(edge.carrier);
    ModeReport& report = network.report[number];
    ++report.edges;
    for (const auto node : {edge.a, edge.b}) {
      ++degree[node];
      carrier_of[node] = edge.carrier;
    }
    lengths[number] += edge.length_m;
    if (network.lines[edge.line].layer != kNone) continue;
    ++report.joined_by_tolerance;
    report.largest_gap_m = std::max(report.largest_gap_m, edge.length_m);
  }
  for (const auto& border : network.borders) {
    ++degree[border.a];
    ++degree[border.b];
  }
  for (std::uint32_t node = 0; node < degree.size(); ++node) {
    if (carrier_of[node] == kNoCarrier) continue;
    ModeReport& report = network.report[report_number(carrier_of[node])];
    ++report.nodes;
    if (degree[node] == 1) ++report.dangling_ends;
  }
  count_lines_and_parts(network, report_of_carrier);
  for (std::size_t number = 0; number < network.report.size(); ++number)
    network.report[number].length_km = lengths[number].value() / 1000.0;
}

}  // namespace

void find_components(Network& network) {
  LinkedSets sets(network.nodes.size());
  for (const auto& edge : network.edges) sets.link(edge.a, edge.b);
  for (const auto& border : network.borders) sets.link(border.a, border.b);
  std::vector<std::uint32_t> number(network.nodes.size(), kNone);
  std::vector<std::uint32_t> count;
  network.component.resize(network.edges.size());
  for (std::size_t i = 0; i < network.edges.size(); ++i) {
    std::uint32_t& of_root = number[sets.root(network.edges[i].a)];
    if (of_root == kNone) {
      of_root = static_cast<std::uint32_t>(count.size());
      count.push_back(0);
    }
    network.component[i] = of_root;
    ++count[of_root];
  }
  // The largest first; of equal ones the one with the lowest edge.
  std::vector<std::uint32_t> order(count.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return count[a] > count[b]; });
  std::vector<std::uint32_t> rank(count.size());
  network.component_edges.resize(count.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    rank[order[i]] = i;
    network.component_edges[i] = count[order[i]];
  }
  for (auto& component : network.component) component = rank[component];
}

void report_network(Network& network, const NetworkOptions& options) {
  network.report.clear();
  count_parts(network);
  if (options.report_crossings)
    for (std::uint16_t carrier = 0; carrier < network.carriers.size(); ++carrier) {
      const auto found = count_crossings(network, carrier, options.jobs);
      if (found.count == 0) continue;
      const std::string& mode = network.carriers[carrier].mode;
      report_of(network, mode).crossings_without_node += found.count;
      network.findings.add("network.crossing_without_node", Severity::warning, mode + " network",
                           "lines cross without a common vertex and are not joined there, first "
                           "near " +
                               place_text(*found.first),
                           found.count);
    }
  for (const auto& report : network.report) {
    const std::string where = report.mode + " network";
    if (report.components > 1)
      network.findings.add("network.components", Severity::warning, where,
                           "the network is in " + std::to_string(report.components) +
                               " pieces that are not linked; the largest has " +
                               std::to_string(report.largest_component_edges) + " of " +
                               std::to_string(report.edges) + " edges",
                           report.components);
    if (report.dangling_ends > 0)
      network.findings.add("network.dangling_ends", Severity::note, where,
                           "ends of lines that meet no other line", report.dangling_ends);
    if (report.joined_by_tolerance > 0)
      network.findings.add("network.joined_by_tolerance", Severity::warning, where,
                           "gaps within the snap tolerance were bridged, the widest " +
                               fixed_text(report.largest_gap_m, 3) + " m",
                           report.joined_by_tolerance);
  }
}

}  // namespace lode
