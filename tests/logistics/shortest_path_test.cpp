#include <gtest/gtest.h>

#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/random.h"
#include "libgeo/logistics/shortest_path.h"

namespace {

using namespace lode;

std::vector<Arc> random_arcs(std::uint32_t nodes, std::size_t count, std::uint64_t seed,
                             bool whole) {
  const Random random{seed, 7};
  std::vector<Arc> arcs;
  for (std::size_t i = 0; i < count; ++i) {
    const auto node = [&](std::size_t k) {
      return static_cast<std::uint32_t>(random.uniform(3 * i + k) * nodes) % nodes;
    };
    const double weight = random.uniform(3 * i + 2) * 10.0;
    arcs.push_back(
        {node(0), node(1), static_cast<std::uint32_t>(i), whole ? std::floor(weight) : weight});
  }
  return arcs;
}

std::vector<double> by_boost(std::uint32_t nodes, const std::vector<Arc>& arcs,
                             std::uint32_t from) {
  struct Weight {
    double value;
  };
  using G = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, Weight>;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ends;
  std::vector<Weight> weights;
  for (const auto& arc : arcs) {
    ends.emplace_back(arc.tail, arc.head);
    weights.push_back({arc.weight});
  }
  const G graph(boost::edges_are_unsorted_multi_pass, ends.begin(), ends.end(), weights.begin(),
                nodes);
  std::vector<double> distance(nodes);
  boost::dijkstra_shortest_paths(graph, from,
                                 boost::weight_map(boost::get(&Weight::value, graph))
                                     .distance_map(boost::make_iterator_property_map(
                                         distance.begin(), boost::get(boost::vertex_index, graph)))
                                     .distance_inf(ShortestPaths::kUnreached));
  return distance;
}

TEST(ShortestPaths, AgreesWithBoostOnRandomGraphs) {
  ShortestPaths search;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const std::uint32_t nodes = 50 + static_cast<std::uint32_t>(seed) * 20;
    // Sparse enough that some nodes are out of reach; whole weights make ties and zeros.
    const auto arcs = random_arcs(nodes, nodes * 2, seed, seed % 2 == 0);
    const auto expected = by_boost(nodes, arcs, 3);
    search.run(make_graph(nodes, arcs), {{3, 0.0}});
    for (std::uint32_t node = 0; node < nodes; ++node) {
      if (std::isinf(expected[node]))
        EXPECT_TRUE(std::isinf(search.distance(node)));
      else
        EXPECT_DOUBLE_EQ(search.distance(node), expected[node]);
    }
  }
}

TEST(ShortestPaths, WeightsOfAllSizesAgreeWithBoost) {
  ShortestPaths search;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const std::uint32_t nodes = 300;
    auto arcs = random_arcs(nodes, nodes * 3, seed, false);
    const Random random{seed, 9};
    // From a millimetre to a million kilometres, some nothing at all.
    for (std::size_t i = 0; i < arcs.size(); ++i)
      arcs[i].weight = random.uniform(2 * i) < 0.1
                           ? 0.0
                           : std::pow(10.0, 12.0 * random.uniform(2 * i + 1) - 3.0);
    const auto expected = by_boost(nodes, arcs, 5);
    search.run(make_graph(nodes, arcs), {{5, 0.0}});
    for (std::uint32_t node = 0; node < nodes; ++node)
      if (std::isinf(expected[node]))
        EXPECT_TRUE(std::isinf(search.distance(node)));
      else
        EXPECT_DOUBLE_EQ(search.distance(node), expected[node]);
  }
}

TEST(ShortestPaths, ALimitStopsTheSearch) {
  std::vector<Arc> arcs;
  for (std::uint32_t i = 0; i < 100; ++i) arcs.push_back({i, i + 1, i, 1.0});
  ShortestPaths search;
  search.run(make_graph(101, arcs), {{0, 0.0}}, {}, 10.0);
  EXPECT_EQ(search.distance(10), 10.0);
  EXPECT_TRUE(std::isinf(search.distance(20)));
}

TEST(ShortestPaths, TheTreeAddsUpAndTheReverseGraphAgrees) {
  const std::uint32_t nodes = 400;
  const auto arcs = random_arcs(nodes, 1600, 11, false);
  const Graph graph = make_graph(nodes, arcs);
  const Graph back = make_reverse_graph(nodes, arcs);
  ShortestPaths out, in;
  out.run(graph, {{0, 0.0}});
  in.run(back, {{123, 0.0}});
  EXPECT_NEAR(out.distance(123), in.distance(0), 1e-12);
  double sum = 0.0;
  for (std::uint32_t node = 123; out.parent_arc(node) != ShortestPaths::kNone;
       node = out.parent(node)) {
    const auto& arc = graph.out[out.parent_arc(node)];
    EXPECT_EQ(arc.head, node);
    EXPECT_EQ(arcs[arc.label].tail, out.parent(node));
    sum += arc.weight;
  }
  EXPECT_NEAR(sum, out.distance(123), 1e-12);
}

TEST(ShortestPaths, StopsAtTargetsAndStartsAnew) {
  const std::uint32_t nodes = 2000;
  const auto arcs = random_arcs(nodes, 8000, 5, false);
  const Graph graph = make_graph(nodes, arcs);
  ShortestPaths all, some;
  all.run(graph, {{7, 1.5}, {9, 0.0}});
  some.run(graph, {{0, 0.0}});
  some.run(graph, {{7, 1.5}, {9, 0.0}}, {100, 200, 300, 200});
  for (const std::uint32_t node : {100u, 200u, 300u})
    EXPECT_EQ(some.distance(node), all.distance(node));
}

TEST(ShortestPaths, BadArcsAreRefused) {
  const auto code = [](Arc arc) {
    try {
      (void)make_graph(2, {arc});
    } catch (const Error& error) {
      return error.code;
    }
    return std::string("none");
  };
  EXPECT_EQ(code({0, 1, 0, -1.0}), "graph.bad_weight");
  EXPECT_EQ(code({0, 1, 0, std::nan("")}), "graph.bad_weight");
  EXPECT_EQ(code({0, 2, 0, 1.0}), "graph.bad_node");
}

}  // namespace
