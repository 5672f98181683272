// Customisable contraction hierarchies on a road-like graph: order, topology, metric, matrix.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <numeric>

#include "libgeo/core/random.h"
#include "libgeo/logistics/hierarchy.h"
#include "libgeo/logistics/matrix.h"

using namespace lode;

namespace {

double cpu_s() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double wall_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

template <class Work>
auto timed(const char* what, const Work& work) {
  const double cpu = cpu_s(), wall = wall_s();
  auto result = work();
  std::printf("%-44s %8.3f s CPU %8.3f s wall\n", what, cpu_s() - cpu, wall_s() - wall);
  std::fflush(stdout);
  return result;
}

struct Street {
  std::uint32_t a = 0, b = 0;
  double chance = 0.0;     ///< 0 = always there
  std::uint32_t line = 0;  ///< of the network: how fast
};

constexpr double kSpeeds[] = {30.0, 70.0, 100.0};

/// The number of a place along a curve of Z shape, as networks number their nodes along a curve.
std::uint64_t z_place(std::uint32_t x, std::uint32_t y) {
  std::uint64_t place = 0;
  for (std::uint32_t bit = 0; bit < 16; ++bit)
    place |= static_cast<std::uint64_t>(x >> bit & 1) << (2 * bit) |
             static_cast<std::uint64_t>(y >> bit & 1) << (2 * bit + 1);
  return place;
}

/// A jittered grid: a random spanning tree and further streets up to 1.25 a node, every 16th and
/// every 64th line faster and without gaps. Florida has 1.26 edges a node (DIMACS 9).
Network draw(std::uint32_t side) {
  const Random random{7, 11}, chances{7, 12};
  Network network;
  network.crs = wgs84();
  network.layers = {"roads"};
  network.carriers = {{"road", 0}};
  network.texts = {""};
  for (const double speed : kSpeeds) {
    NetworkLine line;
    line.speed_kmh = speed;
    network.lines.push_back(line);
  }
  const std::uint32_t nodes = side * side;
  std::vector<std::uint32_t> along(nodes), number(nodes), set(nodes);
  std::iota(along.begin(), along.end(), 0U);
  std::sort(along.begin(), along.end(), [&](std::uint32_t a, std::uint32_t b) {
    return z_place(a % side, a / side) < z_place(b % side, b / side);
  });
  for (std::uint32_t i = 0; i < nodes; ++i) {
    const std::uint32_t x = along[i] % side, y = along[i] / side;
    number[along[i]] = i;
    network.nodes.push_back(
        {0.01 * (x + 0.6 * random.uniform(2 * i)), 0.01 * (y + 0.6 * random.uniform(2 * i + 1))});
  }
  std::vector<Street> streets;
  const auto add = [&](std::uint32_t a, std::uint32_t b, std::uint32_t row) {
    const std::uint32_t line = row % 64 == 0 ? 2 : row % 16 == 0 ? 1 : 0;
    const double chance = line > 0 ? 0.0 : chances.uniform(streets.size());
    streets.push_back({number[a], number[b], chance, line});
  };
  for (const auto i : along) {
    if (i % side + 1 < side) add(i, i + 1, i / side);
    if (i / side + 1 < side) add(i, i + side, i % side);
  }
  std::vector<std::uint32_t> sorted(streets.size());
  std::iota(sorted.begin(), sorted.end(), 0U);
  std::iota(set.begin(), set.end(), 0U);
  std::stable_sort(sorted.begin(), sorted.end(), [&](std::uint32_t a, std::uint32_t b) {
    return streets[a].chance < streets[b].chance;
  });
  const auto root = [&](std::uint32_t v) {
    while (set[v] != v) v = set[v] = set[set[v]];
    return v;
  };
  std::vector<char> kept(streets.size(), 0);
  std::size_t count = 0;
  for (const auto s : sorted) {
    const std::uint32_t a = root(streets[s].a), b = root(streets[s].b);
    if (a == b && streets[s].chance > 0.0) continue;
    set[a] = b;
    kept[s] = 1;
    ++count;
  }
  for (const auto s : sorted)
    if (kept[s] == 0 && count < static_cast<std::size_t>(1.26 * nodes)) {
      kept[s] = 1;
      ++count;
    }
  for (std::size_t s = 0; s < streets.size(); ++s) {
    if (kept[s] == 0) continue;
    const LonLat a = network.nodes[streets[s].a], b = network.nodes[streets[s].b];
    NetworkEdge edge;
    edge.a = streets[s].a;
    edge.b = streets[s].b;
    edge.line = streets[s].line;
    edge.first_vertex = static_cast<std::uint32_t>(network.shape.size());
    edge.vertices = 2;
    edge.length_m = 111000.0 * std::hypot(a.lon_deg - b.lon_deg, a.lat_deg - b.lat_deg);
    network.edges.push_back(edge);
    network.shape.push_back(a);
    network.shape.push_back(b);
  }
  network.component.assign(network.edges.size(), 0);
  network.component_edges = {static_cast<std::uint32_t>(network.edges.size())};
  return network;
}

Graph graph_of(const Network& network) {
  std::vector<Arc> arcs;
  for (std::uint32_t e = 0; e < network.edges.size(); ++e) {
    const auto& edge = network.edges[e];
    const double hours = 1e-3 * edge.length_m / network.lines[edge.line].speed_kmh;
    arcs.push_back({edge.a, edge.b, 2 * e, hours});
    arcs.push_back({edge.b, edge.a, 2 * e + 1, hours});
  }
  return make_graph(static_cast<std::uint32_t>(network.nodes.size()), arcs);
}

std::vector<std::uint32_t> some_nodes(std::uint32_t count, std::uint32_t nodes,
                                      std::uint64_t seed) {
  const Random random{seed, 3};
  std::vector<std::uint32_t> all;
  for (std::uint32_t i = 0; i < count; ++i)
    all.push_back(static_cast<std::uint32_t>(random.uniform(i) * nodes) % nodes);
  return all;
}

/// Times of the parts on the bare graph.
int bare_graph(const Network& network, int jobs) {
  const Graph graph = graph_of(network);
  std::printf("%u nodes, %zu arcs\n", graph.nodes(), graph.out.size());
  DissectionOptions options;
  options.jobs = jobs;
  const auto order =
      timed("order", [&] { return nested_dissection(graph, network.nodes, options); });
  const auto topology = *timed("topology", [&] { return build_hierarchy(graph, order); });
  const auto deepest = *std::max_element(topology.depth.begin(), topology.depth.end());
  std::printf("  %zu links, tree of depth %u\n", topology.head.size(), deepest + 1);
  const std::string digest = timed("digest of the graph", [&] { return topology_digest(graph); });
  const std::string bytes = timed("pack", [&] { return pack_hierarchy(topology, digest); });
  std::printf("  %.1f MB\n", 1e-6 * static_cast<double>(bytes.size()));
  if (!timed("unpack", [&] { return unpack_hierarchy(bytes, digest); })) return 1;
  std::vector<double> weights;
  for (const auto& out : graph.out) weights.push_back(out.weight);
  auto metric = timed("customise, one thread", [&] { return customise(topology, weights, 1); });
  for (auto& weight : weights) weight = 1.0 + 1e-3 * weight;
  metric = timed("customise again, one thread", [&] { return customise(topology, weights, 1); });
  metric =
      timed("customise again, all threads", [&] { return customise(topology, weights, jobs); });
  const auto from = some_nodes(1000, graph.nodes(), 1), to = some_nodes(1000, graph.nodes(), 2);
  std::vector<double> ways(1000);
  timed("1,000 ways from point to point", [&] {
    for (std::size_t i = 0; i < 1000; ++i)
      ways[i] = meet(label_seeds(topology, metric, {{from[i], 0.0}}, false)[0],
                     label_seeds(topology, metric, {{to[i], 0.0}}, true)[0])
                    .weight;
    return 0;
  });
  Graph heavier = graph;
  for (std::size_t i = 0; i < weights.size(); ++i) heavier.out[i].weight = weights[i];
  ShortestPaths search;
  double worst = 0.0;
  timed("Dijkstra from 5 of them", [&] {
    for (std::size_t i = 0; i < 5; ++i) {
      search.run(heavier, {{from[i], 0.0}});
      worst = std::max(worst, std::abs(search.distance(to[i]) - ways[i]) / ways[i]);
    }
    return 0;
  });
  std::printf("  largest difference %.1e\n", worst);
  return worst < 1e-12 ? 0 : 1;
}

Places some_places(const Network& network, std::uint32_t count, std::uint64_t seed) {
  Places places;
  places.crs = network.crs;
  for (const auto node :
       some_nodes(count, static_cast<std::uint32_t>(network.nodes.size()), seed)) {
    Place place;
    place.id = std::to_string(node);
    place.at = network.nodes[node];
    places.list.push_back(place);
  }
  return places;
}

/// The same through `route_matrix`, with an order that is kept.
void freight(const Network& network, int jobs) {
  const Tariff tariff = built_in_tariff();
  const Terminals terminals{network.crs, {}};
  std::map<std::string, std::string> kept;
  RouteOptions options;
  options.jobs = jobs;
  options.keep.load = [&](const std::string& key) -> std::optional<std::string> {
    const auto found = kept.find(key);
    return found == kept.end() ? std::nullopt : std::optional<std::string>(found->second);
  };
  options.keep.store = [&](const std::string& key, std::string_view bytes) { kept[key] = bytes; };
  const auto matrix = [&](const char* what, std::uint32_t count, Algorithm algorithm) {
    const Places from = some_places(network, count, 1), to = some_places(network, count, 2);
    options.algorithm = algorithm;
    double sum = 0.0;
    const MatrixReport report = timed(what, [&] {
      return route_matrix(network, tariff, terminals, from, to, options,
                          [&](std::uint32_t, const std::vector<std::uint32_t>&,
                              const std::vector<MatrixCell>& cells) {
                            for (const auto& cell : cells) sum += cell.cost_usd_per_t;
                          });
    });
    std::printf("  %s, sum of costs %.9g\n", report.algorithm.c_str(), sum);
  };
  matrix("freight matrix 1 x 1, order made", 1, Algorithm::cch);
  matrix("freight matrix 1 x 1, order kept", 1, Algorithm::cch);
  matrix("freight matrix 20 x 20, order kept", 20, Algorithm::cch);
  matrix("freight matrix 20 x 20, Dijkstra", 20, Algorithm::dijkstra);
  matrix("freight matrix 1,000 x 1,000, order kept", 1000, Algorithm::cch);
}

}  // namespace

int main(int argc, char** argv) {
  const auto side = static_cast<std::uint32_t>(argc > 1 ? std::atoi(argv[1]) : 1000);
  const int jobs = argc > 2 ? std::atoi(argv[2]) : 1;
  const Network network = draw(side);
  const int failed = bare_graph(network, jobs);
  freight(network, jobs);
  std::printf(
      "RoutingKit on 1.07 million nodes of roads, as recorded: order 30 s, customise 0.18 s,\n"
      "point to point 19 us; contraction hierarchy, matrix 1,000 x 1,000: 1.24 s after 18 s\n");
  return failed;
}
