// Hierarchies against Dijkstra, which has Boost as its own oracle in shortest_path_test.cpp.
#include "libgeo/logistics/hierarchy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "libgeo/core/error.h"
#include "libgeo/core/random.h"

namespace {

using namespace lode;

struct Case {
  std::string name;
  std::uint32_t nodes = 0;
  std::vector<Arc> arcs;
  std::vector<LonLat> places;

  void add(std::uint32_t a, std::uint32_t b, double weight, bool both = true) {
    arcs.push_back({a, b, static_cast<std::uint32_t>(arcs.size()), weight});
    if (both) arcs.push_back({b, a, static_cast<std::uint32_t>(arcs.size()), weight});
  }
};

using Draw = std::function<double()>;

Case grid(const Draw& u, std::uint32_t side, double kept, double oneway, bool whole) {
  Case c;
  c.name = "grid " + std::to_string(side);
  c.nodes = side * side;
  const auto weight = [&] { return whole ? std::floor(3.0 * u()) : u(); };
  for (std::uint32_t i = 0; i < c.nodes; ++i) {
    const std::uint32_t x = i % side, y = i / side;
    // Over 180 degrees, so that places are taken round the Earth.
    const double lon = 179.5 + 0.1 * (x + u());
    c.places.push_back({lon > 180.0 ? lon - 360.0 : lon, 60.0 + 0.1 * (y + u())});
    if (x + 1 < side && u() < kept) c.add(i, i + 1, weight(), u() >= oneway);
    if (y + 1 < side && u() < kept) c.add(i + side, i, weight(), u() >= oneway);
  }
  return c;
}

Case random_case(const Draw& u, std::uint32_t nodes, std::size_t count) {
  Case c;
  c.name = "random " + std::to_string(nodes);
  c.nodes = nodes;
  for (std::uint32_t i = 0; i < nodes; ++i)
    c.places.push_back({360.0 * u() - 180.0, i % 5 == 0 ? std::nan("") : 180.0 * u() - 90.0});
  // Loops and parallel arcs among them.
  for (std::size_t i = 0; i < count; ++i)
    c.add(static_cast<std::uint32_t>(u() * nodes), static_cast<std::uint32_t>(u() * nodes),
          std::floor(10.0 * u()), u() < 0.5);
  return c;
}

std::vector<Case> cases() {
  std::vector<Case> all;
  const Random random{5, 1};
  std::uint64_t n = 0;
  const Draw u = [&] { return random.uniform(n++); };
  all.push_back(grid(u, 30, 1.0, 0.0, false));
  all.push_back(grid(u, 25, 0.7, 0.3, false));
  all.push_back(grid(u, 25, 0.9, 0.2, true));
  all.push_back(random_case(u, 60, 40));
  all.push_back(random_case(u, 200, 260));
  all.push_back(random_case(u, 40, 400));
  Case tree;
  tree.name = "tree";
  tree.nodes = 500;
  for (std::uint32_t i = 1; i < tree.nodes; ++i)
    tree.add(i, static_cast<std::uint32_t>(u() * i), u());
  all.push_back(tree);
  Case path;
  path.name = "path";
  path.nodes = 1000;
  for (std::uint32_t i = 1; i < path.nodes; ++i) path.add(i - 1, i, u());
  all.push_back(path);
  Case star;
  star.name = "stars";
  star.nodes = 600;
  for (std::uint32_t i = 4; i < star.nodes; ++i)
    for (std::uint32_t hub = 0; hub < 4; ++hub)
      if (u() < 0.9) star.add(i, hub, u(), u() < 0.7);
  all.push_back(star);
  Case alone;
  alone.name = "nothing";
  alone.nodes = 7;
  all.push_back(alone);
  return all;
}

std::vector<double> weights_of(const Graph& graph) {
  std::vector<double> weights;
  for (const auto& out : graph.out) weights.push_back(out.weight);
  return weights;
}

HierarchyTopology topology_of(const Case& c, const Graph& graph, int jobs = 1) {
  DissectionOptions options;
  options.jobs = jobs;
  options.small_part = 8;
  auto topology = build_hierarchy(graph, nested_dissection(graph, c.places, options));
  EXPECT_TRUE(topology.has_value());
  return *topology;
}

double between(const HierarchyTopology& topology, const HierarchyMetric& metric, std::uint32_t from,
               std::uint32_t to) {
  const auto up = label_seeds(topology, metric, {{from, 0.0}}, false);
  const auto down = label_seeds(topology, metric, {{to, 0.0}}, true);
  return meet(up[0], down[0]).weight;
}

void expect_like_dijkstra(const Graph& graph, const HierarchyTopology& topology,
                          const HierarchyMetric& metric, const Graph& searched) {
  ShortestPaths search;
  for (std::uint32_t from = 0; from < graph.nodes(); from += 1 + graph.nodes() / 12) {
    search.run(searched, {{from, 0.0}});
    for (std::uint32_t to = 0; to < graph.nodes(); to += 1 + graph.nodes() / 60) {
      const double expected = search.distance(to), value = between(topology, metric, from, to);
      if (std::isinf(expected))
        EXPECT_TRUE(std::isinf(value)) << from << " " << to;
      else
        EXPECT_NEAR(value, expected, 1e-12 * (1.0 + expected)) << from << " " << to;
    }
  }
}

TEST(Hierarchy, AgreesWithDijkstra) {
  for (const auto& c : cases()) {
    SCOPED_TRACE(c.name);
    const Graph graph = make_graph(c.nodes, c.arcs);
    const auto topology = topology_of(c, graph);
    expect_like_dijkstra(graph, topology, customise(topology, weights_of(graph), 1), graph);
  }
}

TEST(Hierarchy, OrderAndMetricAreTheSameForAnyThreads) {
  const Random random{6, 1};
  std::uint64_t n = 0;
  const Draw u = [&] { return random.uniform(n++); };
  auto all = cases();
  // Large enough for rounds of parts, and for all directions at once.
  all.push_back(grid(u, 260, 1.0, 0.1, false));
  for (const auto& c : all) {
    SCOPED_TRACE(c.name);
    const Graph graph = make_graph(c.nodes, c.arcs);
    DissectionOptions options;
    options.jobs = 1;
    const auto order = nested_dissection(graph, c.places, options);
    auto sorted = order;
    std::sort(sorted.begin(), sorted.end());
    for (std::uint32_t i = 0; i < c.nodes; ++i) ASSERT_EQ(sorted[i], i);
    const auto topology = *build_hierarchy(graph, order);
    const auto metric = customise(topology, weights_of(graph), 1);
    for (const int jobs : {2, 7}) {
      options.jobs = jobs;
      EXPECT_EQ(nested_dissection(graph, c.places, options), order);
      const auto other = customise(topology, weights_of(graph), jobs);
      EXPECT_EQ(other.weight, metric.weight);
      EXPECT_EQ(other.via, metric.via);
    }
  }
}

TEST(Hierarchy, AClosureIsAnotherMetric) {
  const Random random{8, 1};
  for (const auto& c : cases()) {
    SCOPED_TRACE(c.name);
    const Graph graph = make_graph(c.nodes, c.arcs);
    const auto topology = topology_of(c, graph);
    auto weights = weights_of(graph);
    std::vector<Arc> open;
    for (std::uint32_t u = 0; u < graph.nodes(); ++u)
      for (std::uint32_t i = graph.first[u]; i < graph.first[u + 1]; ++i) {
        weights[i] = random.uniform(2 * i) < 0.2 ? ShortestPaths::kUnreached
                                                 : 5.0 * random.uniform(2 * i + 1);
        if (std::isfinite(weights[i])) open.push_back({u, graph.out[i].head, 0, weights[i]});
      }
    expect_like_dijkstra(graph, topology, customise(topology, weights, 2),
                         make_graph(c.nodes, open));
  }
}

TEST(Hierarchy, LinksUnpackToConnectedArcsOfTheirWeight) {
  for (const auto& c : cases()) {
    SCOPED_TRACE(c.name);
    const Graph graph = make_graph(c.nodes, c.arcs);
    const auto topology = topology_of(c, graph);
    const auto metric = customise(topology, weights_of(graph), 1);
    std::vector<std::uint32_t> tails(graph.out.size());
    for (std::uint32_t u = 0; u < graph.nodes(); ++u)
      for (std::uint32_t i = graph.first[u]; i < graph.first[u + 1]; ++i) tails[i] = u;
    for (std::uint32_t r = 0; r < topology.nodes(); ++r)
      for (std::uint32_t link = topology.first[r]; link < topology.first[r + 1]; ++link)
        for (const std::uint32_t side : {0U, 1U}) {
          std::vector<std::uint32_t> arcs;
          unpack_link(topology, metric, 2 * link + side, arcs);
          if (std::isinf(metric.weight[2 * link + side])) {
            EXPECT_TRUE(arcs.empty());
            continue;
          }
          const std::uint32_t low = topology.order[r], high = topology.order[topology.head[link]];
          std::uint32_t at = side == 0 ? low : high;
          double sum = 0.0;
          for (const auto arc : arcs) {
            ASSERT_EQ(tails[arc], at);
            at = graph.out[arc].head;
            sum += graph.out[arc].weight;
          }
          EXPECT_EQ(at, side == 0 ? high : low);
          EXPECT_NEAR(sum, metric.weight[2 * link + side], 1e-12 * (1.0 + sum));
        }
  }
}

TEST(Hierarchy, SeedsStartAtTheirDistances) {
  // 0 -2- 1 -3- 2: from 10 before node 0 and 4 before node 2, node 1 is 7 away over node 2.
  Case c;
  c.nodes = 3;
  c.add(0, 1, 2.0);
  c.add(1, 2, 3.0);
  const Graph graph = make_graph(c.nodes, c.arcs);
  const auto topology = topology_of(c, graph);
  const auto metric = customise(topology, weights_of(graph), 1);
  const auto down = label_seeds(topology, metric, {{1, 0.0}}, true);
  double least = ShortestPaths::kUnreached;
  for (const auto& up : label_seeds(topology, metric, {{0, 10.0}, {2, 4.0}}, false))
    least = std::min(least, meet(up, down[0]).weight);
  EXPECT_EQ(least, 7.0);
}

TEST(Hierarchy, AChainMakesALowTree) {
  Case c;
  c.nodes = 100000;
  for (std::uint32_t i = 1; i < c.nodes; ++i) c.add(i - 1, i, 1.0);
  const Graph graph = make_graph(c.nodes, c.arcs);
  const auto topology = topology_of(c, graph);
  EXPECT_LT(*std::max_element(topology.depth.begin(), topology.depth.end()), 40U);
  EXPECT_EQ(between(topology, customise(topology, weights_of(graph)), 0, 99999), 99999.0);
}

TEST(Hierarchy, GridsHaveFewLinks) {
  // George 1973: 31/4 n log2 n - O(n) for a grid of n nodes; flows do no worse here.
  const Random random{4, 1};
  std::uint64_t n = 0;
  const Case c = grid([&] { return random.uniform(n++); }, 128, 1.0, 0.0, false);
  const auto topology = topology_of(c, make_graph(c.nodes, c.arcs));
  EXPECT_LT(topology.head.size(), 31.0 / 4.0 * c.nodes * 14.0);
  EXPECT_LT(*std::max_element(topology.depth.begin(), topology.depth.end()), 6U * 128U);
}

TEST(Hierarchy, GraphsWithoutSeparatorsAreLeft) {
  Case c;
  c.nodes = 50;
  for (std::uint32_t i = 0; i < c.nodes; ++i)
    for (std::uint32_t k = 0; k < i; ++k) c.add(i, k, 1.0);
  const Graph graph = make_graph(c.nodes, c.arcs);
  const auto order = nested_dissection(graph, {});
  EXPECT_FALSE(build_hierarchy(graph, order, 1224));
  EXPECT_TRUE(build_hierarchy(graph, order, 1225));
}

TEST(Hierarchy, BytesComeBackOrAreRefused) {
  const auto all = cases();
  const Graph graph = make_graph(all[1].nodes, all[1].arcs);
  const auto topology = topology_of(all[1], graph);
  const std::string digest = topology_digest(graph);
  const std::string bytes = pack_hierarchy(topology, digest);
  const auto back = unpack_hierarchy(bytes, digest);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->order, topology.order);
  EXPECT_EQ(back->head, topology.head);
  EXPECT_EQ(back->slot, topology.slot);
  EXPECT_EQ(back->low, topology.low);
  EXPECT_FALSE(unpack_hierarchy(bytes, topology_digest(make_graph(all[2].nodes, all[2].arcs))));
  for (std::size_t at = 0; at < bytes.size(); at += 1 + bytes.size() / 200) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    EXPECT_FALSE(unpack_hierarchy(damaged, digest)) << at;
    EXPECT_FALSE(unpack_hierarchy(bytes.substr(0, at), digest)) << at;
  }
  // A digest tells graphs apart by their arcs, not by their weights.
  auto heavier = all[1].arcs;
  for (auto& arc : heavier) arc.weight += 1.0;
  EXPECT_EQ(topology_digest(make_graph(all[1].nodes, heavier)), digest);
}

TEST(Hierarchy, WeightsAndOrdersAreChecked) {
  Case c;
  c.nodes = 3;
  c.add(0, 1, 2.0);
  const Graph graph = make_graph(c.nodes, c.arcs);
  const auto topology = topology_of(c, graph);
  const auto code = [](const auto& work) {
    try {
      work();
    } catch (const Error& error) {
      return error.code;
    }
    return std::string();
  };
  EXPECT_EQ(code([&] { (void)customise(topology, {1.0, -1.0}); }), "graph.bad_weight");
  EXPECT_EQ(code([&] { (void)customise(topology, {1.0, std::nan("")}); }), "graph.bad_weight");
  EXPECT_EQ(code([&] { (void)customise(topology, {1.0}); }), "graph.bad_weight");
  EXPECT_EQ(code([&] { (void)build_hierarchy(graph, {0, 1}); }), "graph.bad_node");
  EXPECT_EQ(code([&] { (void)build_hierarchy(graph, {0, 1, 1}); }), "graph.bad_node");
}

}  // namespace
