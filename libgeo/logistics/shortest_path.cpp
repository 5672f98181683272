#include "libgeo/logistics/shortest_path.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "libgeo/core/error.h"

namespace lode {

namespace {

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
  const Entry entry{std::bit_cast<std::uint64_t>(distance), node};
  std::size_t at = heap_.size();
  heap_.push_back(entry);
  while (at > 0) {
    const std::size_t up = (at - 1) / 4;
    if (!less(entry, heap_[up])) break;
    heap_[at] = heap_[up];
    at = up;
  }
  heap_[at] = entry;
}

ShortestPaths::Entry ShortestPaths::pop() {
  const Entry top = heap_.front();
  const Entry last = heap_.back();
  heap_.pop_back();
  const std::size_t count = heap_.size();
  if (count == 0) return top;
  Entry* heap = heap_.data();
  // The hole goes down to a leaf, the last entry up from there: it came from a leaf and mostly
  // belongs near one.
  std::size_t at = 0;
  for (;;) {
    const std::size_t child = 4 * at + 1;
    if (child + 3 >= count) {
      std::size_t least = child;
      for (std::size_t c = child + 1; c < count; ++c)
        if (less(heap[c], heap[least])) least = c;
      if (least < count) {
        heap[at] = heap[least];
        at = least;
      }
      break;
    }
    const std::size_t left = child + (less(heap[child + 1], heap[child]) ? 1 : 0);
    const std::size_t right = child + 2 + (less(heap[child + 3], heap[child + 2]) ? 1 : 0);
    const std::size_t least = less(heap[right], heap[left]) ? right : left;
    heap[at] = heap[least];
    at = least;
  }
  while (at > 0) {
    const std::size_t up = (at - 1) / 4;
    if (!less(last, heap[up])) break;
    heap[at] = heap[up];
    at = up;
  }
  heap[at] = last;
  return top;
}

void ShortestPaths::run(const Graph& graph, const std::vector<Seed>& seeds,
                        const std::vector<std::uint32_t>& targets, double limit) {
  if (nodes_.size() != graph.nodes()) {
    nodes_.assign(graph.nodes(), Node{});
    wanted_.assign(graph.nodes(), 0);
  } else {
    for (const auto node : touched_) nodes_[node] = Node{};
  }
  touched_.clear();
  heap_.clear();
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
    push(seed.distance + 0.0, seed.node);
  }
  while (!heap_.empty()) {
    const Entry top = pop();
    const double reached = std::bit_cast<double>(top.bits);
    if (reached > nodes_[top.node].distance) continue;
    if (reached > limit) break;
    if (wanted_[top.node] != 0) {
      wanted_[top.node] = 0;
      if (--open == 0) break;
    }
    const std::uint32_t end = graph.first[top.node + 1];
    for (std::uint32_t arc = graph.first[top.node]; arc < end; ++arc) {
      const Graph::Out& out = graph.out[arc];
      const double distance = reached + out.weight;
      Node& head = nodes_[out.head];
      if (!(distance < head.distance)) continue;
      if (head.distance == kUnreached) touched_.push_back(out.head);
      head = {distance, arc, top.node};
      push(distance, out.head);
    }
  }
  for (const auto target : targets) wanted_[target] = 0;
}

}  // namespace lode
