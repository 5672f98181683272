// Customisable contraction hierarchies on a road-like graph: order, topology, metric, matrix.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <numeric>

#include "libgeo/core/random.h"
#include "libgeo/logistics/hierarchy.h"

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

struct Roads {
  std::vector<LonLat> places;
  std::vector<Arc> arcs;
};

/// A jittered grid: a random spanning tree and further streets up to 1.25 a node, every 16th and
/// every 64th line faster and without gaps. Florida has 1.26 edges a node (DIMACS 9).
Roads draw(std::uint32_t side) {
  const Random random{7, 11};
  Roads roads;
  const std::uint32_t nodes = side * side;
  const double step = 0.01;
  for (std::uint32_t i = 0; i < nodes; ++i)
    roads.places.push_back({step * (i % side + 0.6 * random.uniform(2 * i)),
                            step * (i / side + 0.6 * random.uniform(2 * i + 1))});
  struct Street {
    std::uint32_t a, b;
    double chance;
    double speed;
  };
  std::vector<Street> streets;
  const Random chances{7, 12};
  const auto add = [&](std::uint32_t a, std::uint32_t b, std::uint32_t line) {
    const double speed = line % 64 == 0 ? 100.0 : line % 16 == 0 ? 70.0 : 30.0;
    const double chance = chances.uniform(streets.size());
    streets.push_back({a, b, speed > 30.0 ? 0.0 : chance, speed});
  };
  for (std::uint32_t y = 0; y < side; ++y)
    for (std::uint32_t x = 0; x < side; ++x) {
      if (x + 1 < side) add(y * side + x, y * side + x + 1, y);
      if (y + 1 < side) add(y * side + x, (y + 1) * side + x, x);
    }
  std::vector<std::uint32_t> sorted(streets.size()), set(nodes);
  std::iota(sorted.begin(), sorted.end(), 0U);
  std::iota(set.begin(), set.end(), 0U);
  std::stable_sort(sorted.begin(), sorted.end(), [&](std::uint32_t a, std::uint32_t b) {
    return streets[a].chance < streets[b].chance;
  });
  const auto root = [&](std::uint32_t v) {
    while (set[v] != v) v = set[v] = set[set[v]];
    return v;
  };
  const auto take = [&](const Street& street) {
    const auto& a = roads.places[street.a];
    const auto& b = roads.places[street.b];
    const double hours =
        111.0 * std::hypot(a.lon_deg - b.lon_deg, a.lat_deg - b.lat_deg) / street.speed;
    const auto label = static_cast<std::uint32_t>(roads.arcs.size());
    roads.arcs.push_back({street.a, street.b, label, hours});
    roads.arcs.push_back({street.b, street.a, label + 1, hours});
  };
  std::vector<std::uint32_t> spare;
  for (const auto s : sorted) {
    const std::uint32_t a = root(streets[s].a), b = root(streets[s].b);
    if (a != b || streets[s].chance == 0.0) {
      set[a] = b;
      take(streets[s]);
    } else {
      spare.push_back(s);
    }
  }
  for (const auto s : spare)
    if (roads.arcs.size() < static_cast<std::size_t>(2.5 * nodes)) take(streets[s]);
  return roads;
}

std::vector<std::uint32_t> some_nodes(std::uint32_t count, std::uint32_t nodes,
                                      std::uint64_t seed) {
  const Random random{seed, 3};
  std::vector<std::uint32_t> all;
  for (std::uint32_t i = 0; i < count; ++i)
    all.push_back(static_cast<std::uint32_t>(random.uniform(i) * nodes) % nodes);
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  const auto side = static_cast<std::uint32_t>(argc > 1 ? std::atoi(argv[1]) : 1000);
  const int jobs = argc > 2 ? std::atoi(argv[2]) : 0;
  const Roads roads = draw(side);
  const Graph graph = make_graph(side * side, roads.arcs);
  std::printf("%u nodes, %zu arcs\n", graph.nodes(), graph.out.size());
  DissectionOptions options;
  options.jobs = jobs;
  const auto order =
      timed("order", [&] { return nested_dissection(graph, roads.places, options); });
  const auto topology = *timed("topology", [&] { return build_hierarchy(graph, order); });
  std::uint32_t deepest = 0;
  for (const auto depth : topology.depth) deepest = std::max(deepest, depth);
  std::printf("  %zu links, tree of depth %u\n", topology.head.size(), deepest + 1);
  const std::string digest = timed("digest", [&] { return topology_digest(graph); });
  const std::string bytes = timed("pack", [&] { return pack_hierarchy(topology, digest); });
  std::printf("  %.1f MB\n", 1e-6 * static_cast<double>(bytes.size()));
  if (!timed("unpack", [&] { return unpack_hierarchy(bytes, digest); })) return 1;
  std::vector<double> weights;
  for (const auto& out : graph.out) weights.push_back(out.weight);
  (void)timed("customise, first", [&] { return customise(topology, weights, 1); });
  const auto metric =
      timed("customise, one thread", [&] { return customise(topology, weights, 1); });
  (void)timed("customise, all threads", [&] { return customise(topology, weights, jobs); });
  const auto sources = some_nodes(1000, graph.nodes(), 1),
             targets = some_nodes(1000, graph.nodes(), 2);
  std::vector<double> sums(sources.size() * targets.size());
  double arcs = 0, nodes = 0;
  timed("matrix 1,000 x 1,000, one thread", [&] {
    std::vector<HierarchyLabel> down;
    for (const auto target : targets)
      down.push_back(std::move(label_seeds(topology, metric, {{target, 0.0}}, true)[0]));
    std::printf("  labels\n");
    for (std::size_t s = 0; s < sources.size(); ++s) {
      const auto up = label_seeds(topology, metric, {{sources[s], 0.0}}, false)[0];
      for (auto r : up.path) {
        arcs += topology.first[r + 1] - topology.first[r];
        nodes += 1;
      }
      for (std::size_t k = 0; k < targets.size(); ++k)
        sums[s * targets.size() + k] = meet(up, down[k]).weight;
    }
    return 0;
  });
  std::printf("  a label: %.0f nodes, %.0f links\n", nodes / 1000, arcs / 1000);
  ShortestPaths search;
  double worst = 0.0;
  timed("Dijkstra, 10 sources", [&] {
    for (std::size_t s = 0; s < 10; ++s) {
      search.run(graph, {{sources[s], 0.0}});
      for (std::size_t k = 0; k < targets.size(); ++k)
        worst =
            std::max(worst, std::abs(search.distance(targets[k]) - sums[s * targets.size() + k]));
    }
    return 0;
  });
  std::printf("largest difference %.3g\n", worst);
  return worst < 1e-9 ? 0 : 1;
}
