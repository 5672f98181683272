#include "libgeo/logistics/shortest_path.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "libgeo/core/error.h"

namespace lode {

namespace {

double bucket_width(const std::vector<Arc>& arcs) {
  std::vector<double> weights;
  // A few thousand, evenly taken, tell the median well enough.
  const std::size_t stride = arcs.size() / 4096 + 1;
  for (std::size_t i = 0; i < arcs.size(); i += stride)
    if (arcs[i].weight > 0.0) weights.push_back(arcs[i].weight);
  if (weights.empty()) return 1.0;
  const auto middle = weights.begin() + static_cast<std::ptrdiff_t>(weights.size() / 2);
  std::nth_element(weights.begin(), middle, weights.end());
  return *middle / 2.0;
}

/// Number of the bucket of a distance; rises with it, also where it no longer fits.
std::uint64_t bucket_of(double distance, double per_width) {
  const double place = distance * per_width;
  return place < 9e18 ? static_cast<std::uint64_t>(place) : 9000000000000000000ULL;
}

Graph sorted_by(std::uint32_t nodes, const std::vector<Arc>& arcs, bool reverse) {
  Graph graph;
  graph.first.assign(static_cast<std::size_t>(nodes) + 1, 0);
  for (const auto& arc : arcs) {
    if (arc.tail >= nodes || arc.head >= nodes)
      throw Error("graph.bad_node", "an arc leads to a node that does not exist");
    if (!(arc.weight >= 0.0) || !std::isfinite(arc.weight))
      throw Error("graph.bad_weight", "an arc's weight is negative or not a number");
    ++graph.first[(reverse ? arc.head : arc.tail) + 1];
  }
  for (std::size_t i = 0; i < nodes; ++i) graph.first[i + 1] += graph.first[i];
  graph.out.resize(arcs.size());
  std::vector<std::uint32_t> next(graph.first.begin(), graph.first.end() - 1);
  for (const auto& arc : arcs)
    graph.out[next[reverse ? arc.head : arc.tail]++] = {reverse ? arc.tail : arc.head, arc.label,
                                                        arc.weight};
  graph.width = bucket_width(arcs);
  return graph;
}

}  // namespace

Graph make_graph(std::uint32_t nodes, const std::vector<Arc>& arcs) {
  return sorted_by(nodes, arcs, false);
}

Graph make_reverse_graph(std::uint32_t nodes, const std::vector<Arc>& arcs) {
  return sorted_by(nodes, arcs, true);
}

void ShortestPaths::push(double distance, std::uint32_t node) {
  const std::uint64_t offset = bucket_of(distance, per_width_) - window_;
  if (offset >= kBuckets) {
    beyond_.push_back(node);
    return;
  }
  buckets_[offset].push_back(node);
  ++waiting_;
}

void ShortestPaths::next_window() {
  std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
  std::size_t kept = 0;
  for (const auto node : beyond_) {
    // Improved since, and done with in an earlier window.
    const std::uint64_t bucket = bucket_of(nodes_[node].distance, per_width_);
    if (bucket < window_ + kBuckets) continue;
    least = std::min(least, bucket);
    beyond_[kept++] = node;
  }
  beyond_.resize(kept);
  if (kept == 0) return;
  window_ = least;
  std::vector<std::uint32_t> waiting;
  waiting.swap(beyond_);
  for (const auto node : waiting) push(nodes_[node].distance, node);
}

void ShortestPaths::prepare(const Graph& graph) {
  if (nodes_.size() != graph.nodes()) {
    nodes_.assign(graph.nodes(), Node{});
    wanted_.assign(graph.nodes(), 0);
    buckets_.resize(kBuckets);
  } else {
    for (const auto node : touched_) nodes_[node] = Node{};
  }
  touched_.clear();
  for (auto& bucket : buckets_) bucket.clear();
  beyond_.clear();
  waiting_ = 0;
  window_ = 0;
  per_width_ = 1.0 / graph.width;
}

void ShortestPaths::settle(const Graph& graph, std::uint32_t node) {
  const double reached = nodes_[node].distance;
  const std::uint32_t end = graph.first[node + 1];
  for (std::uint32_t arc = graph.first[node]; arc < end; ++arc) {
    const Graph::Out& out = graph.out[arc];
    const double distance = reached + out.weight;
    Node& head = nodes_[out.head];
    if (!(distance < head.distance)) continue;
    if (head.distance == kUnreached) touched_.push_back(out.head);
    head = {distance, arc, node};
    push(distance, out.head);
  }
}

void ShortestPaths::run(const Graph& graph, const std::vector<Seed>& seeds,
                        const std::vector<std::uint32_t>& targets, double limit) {
  prepare(graph);
  std::size_t open = 0;
  for (const auto target : targets)
    if (wanted_[target] == 0) {
      wanted_[target] = 1;
      ++open;
    }
  for (const auto& seed : seeds) {
    Node& node = nodes_[seed.node];
    if (!(seed.distance < node.distance)) continue;
    if (node.distance == kUnreached) touched_.push_back(seed.node);
    node.distance = seed.distance;
    push(seed.distance, seed.node);
  }
  const bool to_targets = open > 0;
  const std::uint64_t last = bucket_of(limit, per_width_);
  while (waiting_ > 0 || !beyond_.empty()) {
    if (waiting_ == 0) next_window();
    for (std::uint64_t offset = 0; offset < kBuckets && waiting_ > 0; ++offset) {
      const std::uint64_t number = window_ + offset;
      // All nodes of a bucket have their final distance when it is empty, so only then is a stop
      // right.
      if (number > last || (to_targets && open == 0)) {
        waiting_ = 0;
        beyond_.clear();
        break;
      }
      while (!buckets_[offset].empty()) {
        const std::uint32_t node = buckets_[offset].back();
        buckets_[offset].pop_back();
        --waiting_;
        // Improved into an earlier bucket, and settled there.
        if (bucket_of(nodes_[node].distance, per_width_) != number) continue;
        if (to_targets && wanted_[node] != 0) {
          wanted_[node] = 0;
          --open;
        }
        settle(graph, node);
      }
    }
  }
  for (const auto target : targets) wanted_[target] = 0;
}

}  // namespace lode
