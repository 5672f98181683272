// Ultimate pits: a generated model of 374,000 blocks and Marvin, beside Boost.Graph's maximum flow.
//   bench_pit [folder that holds pit_marvin]
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/boykov_kolmogorov_max_flow.hpp>
#include <boost/graph/push_relabel_max_flow.hpp>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <string>

#include "libgeo/core/random.h"
#include "libgeo/deposit/pit.h"
#include "libgeo/deposit/pseudoflow.h"
#include "tests/bench/measure.h"

namespace {

using lode::bench::cpu_seconds;

using lode::BlockGrid;
using lode::PitBlocks;

PitBlocks empty(const BlockGrid& grid) {
  PitBlocks blocks;
  blocks.grid = grid;
  return blocks;
}

void add(PitBlocks& blocks, std::size_t cell, double value) {
  blocks.cell.push_back(static_cast<std::uint32_t>(cell));
  blocks.revenue.push_back(0.0);
  blocks.processing.push_back(0.0);
  blocks.mining.push_back(-value);
  blocks.ore.push_back(value > 0.0 ? 1.0 : 0.0);
}

// 110 x 85 x 40 blocks of 10 m: three ore bodies that dip and fade, with noise; waste costs 2
// USD/t.
PitBlocks generated() {
  BlockGrid grid;
  grid.spacing = {10.0, 10.0, 10.0};
  grid.count = {110, 85, 40};
  PitBlocks blocks = empty(grid);
  const lode::Random random(1, 0);
  for (std::size_t b = 0; b < grid.size(); ++b) {
    const auto [x, y, z] = centre_of(grid, b);
    double ore = 0.0;
    const double bodies[3][5] = {
        {350, 300, 330, 120, 1.0}, {600, 500, 250, 160, 0.9}, {800, 350, 150, 140, 1.3}};
    for (const auto& o : bodies) {
      const double dx = x - o[0], dy = y - o[1], dz = (z - o[2]) + 0.5 * dx;
      ore += o[4] * std::exp(-(dx * dx + dy * dy + 2.0 * dz * dz) / (2.0 * o[3] * o[3]));
    }
    const double grade = ore * std::exp(0.8 * random.normal(b) - 0.32);
    const double tonnes = 2700.0;
    const double processed = tonnes * (grade * 26.0 - 12.0);
    add(blocks, b, std::round((std::max(processed, 0.0) - tonnes * 2.0) * 100.0) / 100.0);
  }
  return blocks;
}

PitBlocks marvin(const std::string& folder) {
  BlockGrid grid;
  grid.spacing = {30.0, 30.0, 30.0};
  grid.count = {61, 60, 17};
  PitBlocks blocks = empty(grid);
  std::ifstream values(folder + "/pit_marvin/marvin.upit"),
      places(folder + "/pit_marvin/marvin.blocks");
  std::string line;
  for (int i = 0; i < 4; ++i) std::getline(values, line);
  std::size_t id = 0, x = 0, y = 0, z = 0, same = 0;
  double value = 0.0, rest = 0.0;
  while (places >> id >> x >> y >> z >> rest >> rest >> rest >> rest && values >> same >> value &&
         same == id)
    add(blocks, grid.index(x, y, z), value);
  return blocks;
}

// The same graph for Boost: source to positive blocks, negative ones to the sink.
template <class Solve>
void peer(const char* name, const lode::ClosureGraph& graph, const std::vector<std::int64_t>& value,
          std::int64_t best, Solve solve) {
  using Traits = boost::adjacency_list_traits<boost::vecS, boost::vecS, boost::directedS>;
  using Graph = boost::adjacency_list<
      boost::vecS, boost::vecS, boost::directedS,
      boost::property<
          boost::vertex_name_t, std::string,
          boost::property<
              boost::vertex_index_t, long,
              boost::property<boost::vertex_color_t, boost::default_color_type,
                              boost::property<boost::vertex_distance_t, long,
                                              boost::property<boost::vertex_predecessor_t,
                                                              Traits::edge_descriptor>>>>>,
      boost::property<
          boost::edge_capacity_t, long,
          boost::property<boost::edge_residual_capacity_t, long,
                          boost::property<boost::edge_reverse_t, Traits::edge_descriptor>>>>;
  const std::size_t n = graph.size();
  Graph g(n + 2);
  const auto capacity = get(boost::edge_capacity, g);
  const auto reverse = get(boost::edge_reverse, g);
  std::size_t arcs = 0;
  const auto arc = [&](std::size_t from, std::size_t to, long limit) {
    const auto there = add_edge(from, to, g).first;
    const auto back = add_edge(to, from, g).first;
    put(capacity, there, limit);
    put(capacity, back, 0);
    put(reverse, there, back);
    put(reverse, back, there);
    ++arcs;
  };
  long positive = 0;
  for (std::size_t b = 0; b < n; ++b) positive += std::max<std::int64_t>(value[b], 0);
  for (std::size_t b = 0; b < n; ++b) {
    if (value[b] > 0) arc(n, b, value[b]);
    if (value[b] < 0) arc(b, n + 1, -value[b]);
    for (const std::int32_t delta : graph.pattern(b)) {
      const auto to = graph.block[static_cast<std::size_t>(graph.cell[b] + delta)];
      if (to >= 0) arc(b, static_cast<std::size_t>(to), positive);
    }
  }
  const double start = cpu_seconds();
  const long flow = solve(g, n, n + 1);
  std::printf("  %-34s %7.2f CPU s  %zu arcs, the same value: %s\n", name, cpu_seconds() - start,
              arcs, positive - flow == best ? "yes" : "NO");
  std::fflush(stdout);
}

void run(const char* name, const PitBlocks& blocks, const lode::Precedence& precedence,
         bool with_peers) {
  lode::PitOptions options;
  options.precedence = precedence;
  double best = 1e9;
  lode::Pit pit;
  for (int i = 0; i < 3; ++i) {
    const double start = cpu_seconds();
    pit = ultimate_pit(blocks, options);
    best = std::min(best, cpu_seconds() - start);
  }
  std::printf("%-36s %7.3f CPU s  %zu of %zu blocks, %zu in reach, value %.2f\n", name, best,
              pit.shells[0].blocks_mined, blocks.cell.size(), pit.candidates, pit.shells[0].value);
  std::fflush(stdout);
  if (!with_peers) return;
  std::vector<std::int64_t> cells(blocks.grid.size(), 0);
  for (std::size_t b = 0; b < blocks.cell.size(); ++b)
    cells[blocks.cell[b]] = std::llround(-blocks.mining[b] * pit.scale);
  const lode::ClosureGraph graph(blocks.grid.count, precedence, {}, cells, cells);
  std::vector<std::int64_t> value(graph.size());
  for (std::size_t b = 0; b < graph.size(); ++b) value[b] = cells[graph.grid_cell[b]];
  peer("Boost boykov_kolmogorov_max_flow", graph, value, pit.shells[0].whole_value,
       [](auto& g, std::size_t s, std::size_t t) {
         return boost::boykov_kolmogorov_max_flow(g, s, t);
       });
  peer("Boost push_relabel_max_flow", graph, value, pit.shells[0].whole_value,
       [](auto& g, std::size_t s, std::size_t t) { return boost::push_relabel_max_flow(g, s, t); });
}

void run_shells(const PitBlocks& from) {
  PitBlocks blocks = from;
  for (std::size_t b = 0; b < blocks.cell.size(); ++b)
    if (blocks.mining[b] < 5400.0) {
      blocks.revenue[b] = 5400.0 - blocks.mining[b];
      blocks.mining[b] = 5400.0;
    }
  lode::PitOptions options;
  options.precedence = cone_precedence(blocks.grid, {{{{0.0, 45.0}}}}, 8);
  options.factors.clear();
  for (int i = 0; i < 20; ++i) options.factors.push_back(0.3 + 0.05 * i);
  const double start = cpu_seconds();
  const lode::Pit pit = ultimate_pit(blocks, options);
  std::printf("%-36s %7.3f CPU s  %zu to %zu blocks\n", "generated, 20 nested pits",
              cpu_seconds() - start, pit.shells.front().blocks_mined,
              pit.shells.back().blocks_mined);
}

}  // namespace

int main(int argc, char** argv) {
  const PitBlocks model = generated();
  const lode::SlopeZone slope{{{0.0, 45.0}}};
  run("generated, 45 degrees, 8 benches", model, cone_precedence(model.grid, {slope}, 8), false);
  run("generated, 1-5 pattern", model, lode::neighbour_precedence(false), true);
  run_shells(model);
  if (argc < 2) return 0;
  const PitBlocks known = marvin(argv[1]);
  run("Marvin, 45 degrees, 8 benches", known, cone_precedence(known.grid, {slope}, 8), true);
  run("Marvin, 1-5 pattern", known, lode::neighbour_precedence(false), true);
  run("Marvin, 1-9 pattern", known, lode::neighbour_precedence(true), true);
  return 0;
}
