#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <set>

#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/spatial_index.h"
#include "libgeo/logistics/network_parts.h"
#include "libgeo/logistics/sea_lanes.h"

namespace lode {

namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

struct Segment {
  LonLat a, b;
  std::uint32_t edge = 0;
};

double side(LonLat a, LonLat b, LonLat c) {
  return (b.lon_deg - a.lon_deg) * (c.lat_deg - a.lat_deg) -
         (b.lat_deg - a.lat_deg) * (c.lon_deg - a.lon_deg);
}

/// Both properly cut each other, in the plane of longitude and latitude: for a count of doubtful
/// places that is enough, no distance depends on it.
bool cross(const Segment& s, const Segment& t) {
  if (s.a == t.a || s.a == t.b || s.b == t.a || s.b == t.b) return false;
  const double s1 = side(t.a, t.b, s.a), s2 = side(t.a, t.b, s.b);
  const double t1 = side(s.a, s.b, t.a), t2 = side(s.a, s.b, t.b);
  return ((s1 > 0.0) != (s2 > 0.0)) && ((t1 > 0.0) != (t2 > 0.0)) && s1 != 0.0 && s2 != 0.0 &&
         t1 != 0.0 && t2 != 0.0;
}

LonLat crossing_place(const Segment& s, const Segment& t) {
  const double s1 = side(t.a, t.b, s.a), s2 = side(t.a, t.b, s.b);
  const double f = s1 / (s1 - s2);
  return {s.a.lon_deg + f * (s.b.lon_deg - s.a.lon_deg),
          s.a.lat_deg + f * (s.b.lat_deg - s.a.lat_deg)};
}

struct Crossings {
  std::size_t count = 0;
  std::optional<LonLat> first;
};

Crossings count_crossings(const Network& network, std::uint16_t carrier, int jobs) {
  std::vector<Segment> segments;
  std::vector<Box> boxes;
  for (std::uint32_t e = 0; e < network.edges.size(); ++e) {
    const NetworkEdge& edge = network.edges[e];
    if (edge.carrier != carrier) continue;
    // Lanes over open water rightly cross, by the thousand each.
    const std::uint32_t layer = network.lines[edge.line].layer;
    if (layer < network.layers.size() && network.layers[layer] == kSeaLanes) continue;
    for (std::uint32_t i = 0; i + 1 < edge.vertices; ++i) {
      const Segment s{network.shape[edge.first_vertex + i],
                      network.shape[edge.first_vertex + i + 1], e};
      // Segments over the antimeridian are left out of this count.
      if (std::abs(s.a.lon_deg - s.b.lon_deg) > 180.0) continue;
      segments.push_back(s);
      Box box;
      box.add(Point{s.a.lon_deg, s.a.lat_deg});
      box.add(Point{s.b.lon_deg, s.b.lat_deg});
      boxes.push_back(box);
    }
  }
  const SpatialIndex index(boxes);
  return parallel_fold<Crossings>(
      segments.size(), 4096, jobs, {},
      [&](std::size_t begin, std::size_t end) {
        Crossings found;
        for (std::size_t i = begin; i < end; ++i)
          for (const auto k : index.query(boxes[i]))
            if (k > i && cross(segments[i], segments[k])) {
              if (!found.first) found.first = crossing_place(segments[i], segments[k]);
              ++found.count;
            }
        return found;
      },
      [](Crossings all, Crossings part) {
        all.count += part.count;
        if (!all.first) all.first = part.first;
        return all;
      });
}

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

void count_parts(Network& network) {
  std::vector<std::uint32_t> degree(network.nodes.size(), 0);
  std::vector<std::uint32_t> any_edge(network.nodes.size(), kNone);
  std::map<std::string, std::set<std::uint32_t>> lines, components;
  std::map<std::string, Sum> lengths;
  for (std::uint32_t i = 0; i < network.edges.size(); ++i) {
    const NetworkEdge& edge = network.edges[i];
    const std::string& mode = network.mode_of(i);
    ModeReport& report = report_of(network, mode);
    ++report.edges;
    components[mode].insert(network.component[i]);
    report.largest_component_edges = std::max<std::size_t>(
        report.largest_component_edges, network.component_edges[network.component[i]]);
    for (const auto node : {edge.a, edge.b}) {
      ++degree[node];
      any_edge[node] = i;
    }
    lengths[mode] += edge.length_m;
    if (network.lines[edge.line].layer != kNone) {
      lines[mode].insert(edge.line);
      continue;
    }
    ++report.joined_by_tolerance;
    report.largest_gap_m = std::max(report.largest_gap_m, edge.length_m);
  }
  for (const auto& border : network.borders) {
    ++degree[border.a];
    ++degree[border.b];
  }
  for (std::uint32_t node = 0; node < degree.size(); ++node) {
    if (any_edge[node] == kNone) continue;
    ModeReport& report = report_of(network, network.mode_of(any_edge[node]));
    ++report.nodes;
    if (degree[node] == 1) ++report.dangling_ends;
  }
  for (auto& report : network.report) {
    report.lines = lines[report.mode].size();
    report.components = components[report.mode].size();
    report.length_km = lengths[report.mode].value() / 1000.0;
  }
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
