// Shortest paths in a directed graph in plain arrays: Dijkstra from seeds to all or some nodes.
#pragma once

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "libgeo/core/progress.h"

namespace lode {

/// One arc. `label` is the caller's own number, handed back in paths.
struct Arc {
  std::uint32_t tail = 0;
  std::uint32_t head = 0;
  std::uint32_t label = 0;
  double weight = 0.0;  ///< finite, zero or more
};

/// Compressed rows: the arcs of node v stand at first[v] to first[v + 1] - 1, 16 bytes each.
struct Graph {
  struct Out {
    std::uint32_t head = 0;
    std::uint32_t label = 0;
    double weight = 0.0;
  };
  std::vector<std::uint32_t> first;  ///< nodes + 1
  std::vector<Out> out;
  /// Half the median of the weights above zero, 1 without any: how wide buckets of distance are.
  double width = 1.0;

  [[nodiscard]] std::uint32_t nodes() const {
    return first.empty() ? 0 : static_cast<std::uint32_t>(first.size() - 1);
  }
};

/// Arcs of one tail keep the order in which they were given.
/// Error "graph.bad_weight" for a weight that is negative, NaN or infinite; "graph.bad_node".
[[nodiscard]] Graph make_graph(std::uint32_t nodes, const std::vector<Arc>& arcs);
/// The same with every arc turned round.
[[nodiscard]] Graph make_reverse_graph(std::uint32_t nodes, const std::vector<Arc>& arcs);

/// Where a search starts: at a node that is already `distance` away.
struct Seed {
  std::uint32_t node = 0;
  double distance = 0.0;
};

/// Dijkstra 1959 over buckets of distance (Dial 1969; Cherkassky, Goldberg, Radzik 1996): nodes of
/// one bucket are taken last in, first out, and again when they improve, so the distances are
/// exact whatever the width. Keeps its arrays from one run to the next (17 bytes a node and the
/// buckets); clears only what a run has touched. One per thread. The tree is a function of graph
/// and seeds alone, also when the run stops at targets.
class ShortestPaths {
 public:
  static constexpr double kUnreached = std::numeric_limits<double>::infinity();
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  /// Stops when all `targets` are settled (empty: when everything within reach is), or past
  /// `limit`.
  void run(const Graph& graph, const std::vector<Seed>& seeds,
           const std::vector<std::uint32_t>& targets = {}, double limit = kUnreached);

  /// Infinite where not reached. After a stop at targets, only settled nodes have their final one.
  [[nodiscard]] double distance(std::uint32_t node) const { return nodes_[node].distance; }
  /// Index into graph.out of the arc that reaches the node, kNone at seeds.
  [[nodiscard]] std::uint32_t parent_arc(std::uint32_t node) const { return nodes_[node].arc; }
  /// The node it is reached from, kNone at seeds.
  [[nodiscard]] std::uint32_t parent(std::uint32_t node) const { return nodes_[node].from; }

 private:
  struct Node {
    double distance = kUnreached;
    std::uint32_t arc = kNone;
    std::uint32_t from = kNone;
  };
  void prepare(const Graph& graph);
  void push(double distance, std::uint32_t node);
  void settle(const Graph& graph, std::uint32_t node);
  /// Puts what waits beyond the window into its buckets, and moves the window on.
  void next_window();

  static constexpr std::size_t kBuckets = 4096;
  std::vector<Node> nodes_;
  std::vector<char> wanted_;
  std::vector<std::uint32_t> touched_;
  std::vector<std::vector<std::uint32_t>> buckets_;  ///< of the window
  std::vector<std::uint32_t> beyond_;                ///< past the window
  std::size_t waiting_ = 0;                          ///< entries in the buckets
  std::uint64_t window_ = 0;                         ///< number of the first bucket
  double per_width_ = 1.0;                           ///< 1 / bucket width
};

}  // namespace lode
