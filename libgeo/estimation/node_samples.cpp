#include "libgeo/estimation/node_samples.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"

namespace lode {

namespace {

struct Moved {
  std::size_t node = 0;
  double distance_m = 0.0;
  std::size_t sample = 0;
};

std::optional<Moved> nearest_node(const BlockGrid& grid, const Samples& samples,
                                  std::size_t sample) {
  // What rounding of coordinates of millions of metres may add to the edge of the grid.
  constexpr double edge_m = 1e-6;
  const auto local = to_grid(grid, {samples.x[sample], samples.y[sample], samples.z[sample]});
  std::array<std::size_t, 3> at{};
  double square = 0.0;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double size = grid.spacing[axis];
    const double count = static_cast<double>(grid.count[axis]);
    if (!(local[axis] >= -edge_m && local[axis] <= count * size + edge_m)) return {};
    const double index = std::clamp(std::floor(local[axis] / size), 0.0, count - 1.0);
    at[axis] = static_cast<std::size_t>(index);
    const double off = local[axis] - (index + 0.5) * size;
    square += off * off;
  }
  return Moved{grid.index(at[0], at[1], at[2]), std::sqrt(square), sample};
}

}  // namespace

NodeSamples move_to_nodes(const BlockGrid& grid, const Samples& samples, NodePolicy policy,
                          OutsidePolicy outside) {
  NodeSamples result;
  std::vector<Moved> moved;
  Sum sum;
  for (std::size_t sample = 0; sample < samples.size(); ++sample) {
    const auto at = nearest_node(grid, samples, sample);
    if (!at && outside == OutsidePolicy::refuse)
      throw Error("simulate.off_grid",
                  "the sample lies outside the grid, more than half a block from every node",
                  samples.name(sample),
                  "Extend the grid, leave it out with --bbox or --where, or say --outside drop.");
    if (!at) {
      ++result.outside;
      continue;
    }
    moved.push_back(*at);
    sum.add(at->distance_m);
    result.largest_move_m = std::max(result.largest_move_m, at->distance_m);
  }
  if (!moved.empty()) result.mean_move_m = sum.value() / static_cast<double>(moved.size());
  std::sort(moved.begin(), moved.end(), [](const Moved& a, const Moved& b) {
    if (a.node != b.node) return a.node < b.node;
    return a.distance_m < b.distance_m || (a.distance_m == b.distance_m && a.sample < b.sample);
  });
  result.values.resize(samples.values.size());
  for (std::size_t from = 0, to = 0; from < moved.size(); from = to) {
    while (to < moved.size() && moved[to].node == moved[from].node) ++to;
    if (to - from > 1) result.sharing += to - from;
    result.node.push_back(moved[from].node);
    const std::size_t counted = policy == NodePolicy::average ? to : from + 1;
    for (std::size_t v = 0; v < samples.values.size(); ++v) {
      double total = 0.0;
      for (std::size_t i = from; i < counted; ++i) total += samples.values[v][moved[i].sample];
      result.values[v].push_back(counted - from == 1 ? total
                                                     : total / static_cast<double>(counted - from));
    }
  }
  return result;
}

}  // namespace lode
