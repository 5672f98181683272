#include "libgeo/logistics/hierarchy.h"

#include <algorithm>
#include <numeric>

#include "libgeo/core/error.h"
#include "libgeo/logistics/hierarchy_parts.h"

namespace lode {

namespace {

constexpr std::uint32_t kNone = HierarchyTopology::kNone;

/// The elimination tree without its links (Liu 1990), and its depth-first order.
class EliminationTree {
 public:
  EliminationTree(const Graph& graph, const std::vector<std::uint32_t>& order) {
    const auto nodes = static_cast<std::uint32_t>(order.size());
    std::vector<std::uint32_t> rank(nodes, kNone);
    for (std::uint32_t r = 0; r < nodes; ++r) {
      if (order[r] >= nodes || rank[order[r]] != kNone)
        throw Error("graph.bad_node", "an elimination order has a node twice or not at all");
      rank[order[r]] = r;
    }
    // Lower neighbours of each rank.
    std::vector<std::uint32_t> first(static_cast<std::size_t>(nodes) + 1, 0);
    const auto each = [&](const auto& take) {
      for (std::uint32_t u = 0; u < nodes; ++u)
        for (std::uint32_t i = graph.first[u]; i < graph.first[u + 1]; ++i) {
          const std::uint32_t a = rank[u], b = rank[graph.out[i].head];
          if (a != b) take(std::max(a, b), std::min(a, b));
        }
    };
    each([&](std::uint32_t high, std::uint32_t) { ++first[high + 1]; });
    std::partial_sum(first.begin(), first.end(), first.begin());
    std::vector<std::uint32_t> lower(first[nodes]), next(first.begin(), first.end() - 1);
    each([&](std::uint32_t high, std::uint32_t low) { lower[next[high]++] = low; });
    parent_.assign(nodes, kNone);
    std::vector<std::uint32_t> ancestor(nodes, kNone);
    for (std::uint32_t r = 0; r < nodes; ++r)
      for (std::uint32_t i = first[r]; i < first[r + 1]; ++i)
        for (std::uint32_t at = lower[i]; at != r;) {
          const std::uint32_t up = ancestor[at];
          ancestor[at] = r;
          if (up == kNone) {
            parent_[at] = r;
            break;
          }
          at = up;
        }
  }

  /// Children before parents, whole subtrees together; children by their old rank.
  [[nodiscard]] std::vector<std::uint32_t> depth_first(
      const std::vector<std::uint32_t>& order) const {
    const auto nodes = static_cast<std::uint32_t>(order.size());
    std::vector<std::uint32_t> size(nodes, 1), begin(nodes, 0);
    for (std::uint32_t r = 0; r < nodes; ++r)
      if (parent_[r] != kNone) size[parent_[r]] += size[r];
    // A subtree's stretch ends with its root; children fill it from the back.
    std::uint32_t end_of_all = nodes;
    std::vector<std::uint32_t> free_end(nodes, 0), sorted(nodes);
    for (std::uint32_t r = nodes; r-- > 0;) {
      std::uint32_t& end = parent_[r] == kNone ? end_of_all : free_end[parent_[r]];
      sorted[end - 1] = order[r];
      free_end[r] = end - 1;
      end -= size[r];
    }
    return sorted;
  }

 private:
  std::vector<std::uint32_t> parent_;
};

/// Links by rank: a node's higher neighbours, and those of its children.
bool link_up(const Graph& graph, HierarchyTopology& topology, std::size_t most_links,
             const Progress& progress) {
  const std::uint32_t nodes = topology.nodes();
  std::vector<std::uint32_t> first(static_cast<std::size_t>(nodes) + 1, 0);
  const auto each = [&](const auto& take) {
    for (std::uint32_t u = 0; u < nodes; ++u)
      for (std::uint32_t i = graph.first[u]; i < graph.first[u + 1]; ++i) {
        const std::uint32_t a = topology.rank[u], b = topology.rank[graph.out[i].head];
        if (a != b) take(std::min(a, b), std::max(a, b));
      }
  };
  each([&](std::uint32_t low, std::uint32_t) { ++first[low + 1]; });
  std::partial_sum(first.begin(), first.end(), first.begin());
  std::vector<std::uint32_t> higher(first[nodes]), next(first.begin(), first.end() - 1);
  each([&](std::uint32_t low, std::uint32_t high) { higher[next[low]++] = high; });
  std::vector<std::uint32_t> child(nodes, kNone), sibling(nodes, kNone), seen(nodes, kNone);
  std::vector<std::uint32_t> row;
  topology.first.assign(1, 0);
  topology.first.reserve(static_cast<std::size_t>(nodes) + 1);
  for (std::uint32_t r = 0; r < nodes; ++r) {
    if (r % 65536 == 0) progress.check();
    row.clear();
    const auto add = [&](std::uint32_t other) {
      if (other == r || seen[other] == r) return;
      seen[other] = r;
      row.push_back(other);
    };
    for (std::uint32_t i = first[r]; i < first[r + 1]; ++i) add(higher[i]);
    for (std::uint32_t c = child[r]; c != kNone; c = sibling[c])
      for (std::uint32_t i = topology.first[c]; i < topology.first[c + 1]; ++i)
        add(topology.head[i]);
    std::sort(row.begin(), row.end());
    if (topology.head.size() + row.size() > most_links) return false;
    topology.head.insert(topology.head.end(), row.begin(), row.end());
    topology.first.push_back(static_cast<std::uint32_t>(topology.head.size()));
    if (!row.empty()) {
      sibling[r] = child[row[0]];
      child[row[0]] = r;
    }
  }
  return true;
}

void place_arcs(const Graph& graph, HierarchyTopology& topology) {
  topology.slot.resize(graph.out.size());
  for (std::uint32_t u = 0; u < graph.nodes(); ++u)
    for (std::uint32_t i = graph.first[u]; i < graph.first[u + 1]; ++i) {
      const std::uint32_t a = topology.rank[u], b = topology.rank[graph.out[i].head];
      topology.slot[i] =
          a == b ? kNone
                 : 2 * find_link(topology, std::min(a, b), std::max(a, b)) + (a > b ? 1 : 0);
    }
}

}  // namespace

std::uint32_t find_link(const HierarchyTopology& topology, std::uint32_t low, std::uint32_t high) {
  const auto begin = topology.head.begin() + topology.first[low];
  const auto end = topology.head.begin() + topology.first[low + 1];
  return static_cast<std::uint32_t>(std::lower_bound(begin, end, high) - topology.head.begin());
}

void derive(HierarchyTopology& topology) {
  const std::uint32_t nodes = topology.nodes();
  const auto links = static_cast<std::uint32_t>(topology.head.size());
  reserve_large(topology.head_depth, links);
  reserve_large(topology.low, links);
  reserve_large(topology.low_tail, links);
  topology.rank.resize(nodes);
  for (std::uint32_t r = 0; r < nodes; ++r) topology.rank[topology.order[r]] = r;
  topology.depth.resize(nodes);
  topology.head_depth.resize(links);
  for (std::uint32_t r = nodes; r-- > 0;) {
    const std::uint32_t up = topology.parent(r);
    topology.depth[r] = up == kNone ? 0 : topology.depth[up] + 1;
    for (std::uint32_t i = topology.first[r]; i < topology.first[r + 1]; ++i)
      topology.head_depth[i] = topology.depth[topology.head[i]];
  }
  topology.low_first.assign(static_cast<std::size_t>(nodes) + 1, 0);
  for (const auto head : topology.head) ++topology.low_first[head + 1];
  std::partial_sum(topology.low_first.begin(), topology.low_first.end(),
                   topology.low_first.begin());
  topology.low.resize(links);
  topology.low_tail.resize(links);
  std::vector<std::uint32_t> next(topology.low_first.begin(), topology.low_first.end() - 1);
  for (std::uint32_t r = 0; r < nodes; ++r)
    for (std::uint32_t i = topology.first[r]; i < topology.first[r + 1]; ++i) {
      const std::uint32_t at = next[topology.head[i]]++;
      topology.low[at] = i;
      topology.low_tail[at] = r;
    }
}

std::optional<HierarchyTopology> build_hierarchy(const Graph& graph,
                                                 const std::vector<std::uint32_t>& order,
                                                 std::size_t most_links, const Progress& progress) {
  if (order.size() != graph.nodes())
    throw Error("graph.bad_node", "an elimination order has a node twice or not at all");
  HierarchyTopology topology;
  topology.order = EliminationTree(graph, order).depth_first(order);
  topology.rank.resize(order.size());
  for (std::uint32_t r = 0; r < order.size(); ++r) topology.rank[topology.order[r]] = r;
  if (graph.out.size() >= HierarchyMetric::kArc - 1 ||
      !link_up(graph, topology, most_links, progress))
    return std::nullopt;
  place_arcs(graph, topology);
  derive(topology);
  return topology;
}

}  // namespace lode
