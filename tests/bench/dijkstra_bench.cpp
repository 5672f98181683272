// Shortest ways from one to all on a million nodes: ours, and Boost's on its compressed rows.
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "libgeo/logistics/curve_order.h"
#include "libgeo/logistics/earth_tree.h"
#include "libgeo/logistics/shortest_path.h"
#include "tests/bench/measure.h"
#include "tests/bench/roads.h"

namespace {

using namespace lode;

struct Weight {
  double metres = 0.0;
};
using Csr = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, Weight,
                                               boost::no_property, std::uint32_t, std::uint32_t>;

/// Both directions of every road, nodes numbered along a curve as a network numbers them.
std::vector<Arc> arcs_of(const bench::Roads& roads) {
  std::vector<std::uint64_t> codes;
  for (const auto& at : roads.at) codes.push_back(curve_code(earth_point(at)));
  const auto order = order_by_code(codes);
  std::vector<std::uint32_t> number(order.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) number[order[i]] = i;
  const Geodesic geodesic;
  std::vector<Arc> arcs;
  for (std::uint32_t i = 0; i < roads.roads.size(); ++i) {
    const auto& road = roads.roads[i];
    const double m = geodesic.distance_m(roads.at[road.a], roads.at[road.b]);
    arcs.push_back({number[road.a], number[road.b], i, m});
    arcs.push_back({number[road.b], number[road.a], i, m});
  }
  return arcs;
}

void save(const std::string& path, const std::vector<Arc>& arcs) {
  std::ofstream file(path, std::ios::binary);
  for (const auto& arc : arcs) {
    const double record[3] = {static_cast<double>(arc.tail), static_cast<double>(arc.head),
                              arc.weight};
    file.write(reinterpret_cast<const char*>(record), sizeof record);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const auto side = static_cast<std::uint32_t>(argc > 1 ? std::atoi(argv[1]) : 1000);
  const std::uint32_t sources = 10;
  const auto arcs = arcs_of(bench::make_roads(side));
  const std::uint32_t nodes = side * side;
  if (argc > 2) save(argv[2], arcs);
  double start = bench::cpu_seconds();
  const Graph graph = make_graph(nodes, arcs);
  const double made = bench::cpu_seconds() - start;
  start = bench::cpu_seconds();
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ends;
  std::vector<Weight> weights;
  for (const auto& arc : arcs) {
    ends.emplace_back(arc.tail, arc.head);
    weights.push_back({arc.weight});
  }
  const Csr csr(boost::edges_are_unsorted_multi_pass, ends.begin(), ends.end(), weights.begin(),
                nodes);
  const double csr_made = bench::cpu_seconds() - start;
  ShortestPaths paths;
  std::vector<double> distance(nodes);
  std::vector<std::uint32_t> parent(nodes);
  double ours = 0.0, boosts = 0.0, worst = 0.0;
  for (std::uint32_t s = 0; s < sources; ++s) {
    const std::uint32_t source =
        static_cast<std::uint32_t>(static_cast<std::uint64_t>(nodes) * (2 * s + 1) / (2 * sources));
    // In turns, so that other work on the machine disturbs both alike.
    start = bench::cpu_seconds();
    paths.run(graph, {{source, 0.0}});
    ours += bench::cpu_seconds() - start;
    start = bench::cpu_seconds();
    boost::dijkstra_shortest_paths(csr, source,
                                   boost::weight_map(boost::get(&Weight::metres, csr))
                                       .distance_map(boost::make_iterator_property_map(
                                           distance.begin(), get(boost::vertex_index, csr)))
                                       .predecessor_map(boost::make_iterator_property_map(
                                           parent.begin(), get(boost::vertex_index, csr))));
    boosts += bench::cpu_seconds() - start;
    for (std::uint32_t v = 0; v < nodes; ++v)
      worst = std::max(worst, std::abs(paths.distance(v) - distance[v]) / (1.0 + distance[v]));
  }
  std::printf("| case | CPU s a source | graph made, CPU s |\n|---|---|---|\n");
  std::printf("| ours | %.4f | %.2f |\n| Boost CSR | %.4f | %.2f |\n", ours / sources, made,
              boosts / sources, csr_made);
  std::printf("%u nodes, %zu arcs of %zu bytes, largest relative difference %.1e, ratio %.2f\n",
              nodes, arcs.size(), sizeof(Graph::Out), worst, boosts / ours);
  return 0;
}
