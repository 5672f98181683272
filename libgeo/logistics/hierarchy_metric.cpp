#include <algorithm>
#include <cmath>
#include <limits>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/logistics/hierarchy_parts.h"

namespace lode {

namespace {

constexpr std::uint32_t kNone = HierarchyTopology::kNone;
constexpr double kInfinite = std::numeric_limits<double>::infinity();

/// Where the links of one node stand, by the depth of their upper ends.
using Positions = std::vector<std::uint32_t>;

/// Completes the links of one node: of every two links of a lower node, one to it, the other above.
void complete(const HierarchyTopology& t, HierarchyMetric& metric, std::uint32_t node,
              Positions& position) {
  double* weight = metric.weight.data();
  for (std::uint32_t i = t.first[node]; i < t.first[node + 1]; ++i) position[t.head_depth[i]] = i;
  for (std::uint32_t k = t.low_first[node]; k < t.low_first[node + 1]; ++k) {
    const std::uint32_t lower = t.low_tail[k], link = t.low[k];
    const double to_node = weight[2 * link], from_node = weight[2 * link + 1];
    if (to_node == kInfinite && from_node == kInfinite) continue;
    const std::uint32_t end = t.first[lower + 1];
    for (std::uint32_t i = link + 1; i < end; ++i) {
      const std::uint32_t at = position[t.head_depth[i]];
      const double up = from_node + weight[2 * i];
      const double down = weight[2 * i + 1] + to_node;
      if (up < weight[2 * at]) {
        weight[2 * at] = up;
        metric.via[2 * at] = lower;
      }
      if (down < weight[2 * at + 1]) {
        weight[2 * at + 1] = down;
        metric.via[2 * at + 1] = lower;
      }
    }
  }
}

// The loop stands in the program for machines with wide registers and for all others.
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define LODE_CLONES __attribute__((target_clones("default", "avx2", "avx512f")))
#else
#define LODE_CLONES
#endif

using Lanes = double __attribute__((vector_size(64)));
using Numbers = std::int64_t __attribute__((vector_size(64)));
constexpr std::size_t kLanes = 8;

/// Least a[k] + b[k], the first of equals. The same bits whatever the machine has for lanes.
LODE_CLONES LabelMeeting least_sum(const double* a, const double* b, std::size_t count) {
  LabelMeeting least;
  std::size_t k = 0;
  if (count >= kLanes) {
    Lanes best;
    Numbers at, found;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      best[lane] = kInfinite;
      at[lane] = static_cast<std::int64_t>(lane);
      found[lane] = 0;
    }
    for (; k + kLanes <= count; k += kLanes) {
      Lanes x, y;
      __builtin_memcpy(&x, a + k, sizeof(x));
      __builtin_memcpy(&y, b + k, sizeof(y));
      x += y;
      const auto less = x < best;
      best = less ? x : best;
      found = less ? at : found;
      at += static_cast<std::int64_t>(kLanes);
    }
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const auto depth = static_cast<std::uint32_t>(found[lane]);
      if (best[lane] < least.weight || (best[lane] == least.weight && depth < least.depth))
        least = {best[lane], depth};
    }
  }
  for (; k < count; ++k)
    if (a[k] + b[k] < least.weight) least = {a[k] + b[k], static_cast<std::uint32_t>(k)};
  return least;
}

}  // namespace

HierarchyMetric customise(const HierarchyTopology& t, const std::vector<double>& weights, int jobs,
                          const Progress& progress) {
  if (weights.size() != t.slot.size())
    throw Error("graph.bad_weight", "a metric has not one weight for each arc");
  HierarchyMetric metric;
  reserve_large(metric.weight, 2 * t.head.size());
  reserve_large(metric.via, 2 * t.head.size());
  metric.weight.assign(2 * t.head.size(), kInfinite);
  metric.via.assign(2 * t.head.size(), kNone);
  for (std::uint32_t i = 0; i < weights.size(); ++i) {
    if (!(weights[i] >= 0.0))
      throw Error("graph.bad_weight", "an arc's weight is negative or not a number");
    const std::uint32_t slot = t.slot[i];
    if (slot == kNone || !(weights[i] < metric.weight[slot])) continue;
    metric.weight[slot] = weights[i];
    metric.via[slot] = HierarchyMetric::kArc + i;
  }
  // Subtrees on their own, then what stands above them; a node needs only what is below it.
  const std::uint32_t nodes = t.nodes();
  const std::uint32_t share = std::max<std::uint32_t>(nodes / 64, 1000);
  std::vector<std::uint32_t> size(nodes, 1), above;
  for (std::uint32_t r = 0; r < nodes; ++r)
    if (const std::uint32_t up = t.parent(r); up != kNone) size[up] += size[r];
  std::vector<std::pair<std::uint32_t, std::uint32_t>> subtrees;
  for (std::uint32_t r = 0; r < nodes; ++r) {
    if (size[r] > share) {
      above.push_back(r);
      continue;
    }
    const std::uint32_t up = t.parent(r);
    if (up == kNone || size[up] > share) subtrees.emplace_back(r + 1 - size[r], r + 1);
  }
  std::uint32_t deepest = 0;
  for (const auto depth : t.depth) deepest = std::max(deepest, depth);
  const std::size_t block = std::max<std::size_t>(1, subtrees.size() / 256);
  parallel_blocks(
      subtrees.size(), block, jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        Positions position(static_cast<std::size_t>(deepest) + 1);
        for (std::size_t s = begin; s < end; ++s)
          for (std::uint32_t r = subtrees[s].first; r < subtrees[s].second; ++r)
            complete(t, metric, r, position);
      },
      progress.part(0.0, 0.5));
  Positions position(static_cast<std::size_t>(deepest) + 1);
  for (std::size_t k = 0; k < above.size(); ++k) {
    if (k % 64 == 0) progress.check();
    complete(t, metric, above[k], position);
  }
  progress.update(1.0);
  return metric;
}

bool split_link(const HierarchyTopology& t, const HierarchyMetric& metric, std::uint32_t half,
                std::uint32_t& one, std::uint32_t& two) {
  const std::uint32_t via = metric.via[half];
  if (via >= HierarchyMetric::kArc) return false;
  const std::uint32_t high = t.head[half / 2];
  const auto tail = static_cast<std::uint32_t>(
      std::upper_bound(t.first.begin(), t.first.end(), half / 2) - t.first.begin() - 1);
  const std::uint32_t to_low = find_link(t, via, tail), to_high = find_link(t, via, high);
  if ((half & 1) == 0) {
    one = 2 * to_low + 1;
    two = 2 * to_high;
  } else {
    one = 2 * to_high + 1;
    two = 2 * to_low;
  }
  return true;
}

void unpack_link(const HierarchyTopology& t, const HierarchyMetric& metric, std::uint32_t half,
                 std::vector<std::uint32_t>& arcs) {
  std::vector<std::uint32_t> open = {half};
  while (!open.empty()) {
    const std::uint32_t now = open.back();
    open.pop_back();
    std::uint32_t one = 0, two = 0;
    if (split_link(t, metric, now, one, two)) {
      open.push_back(two);
      open.push_back(one);
    } else if (metric.via[now] != kNone) {
      arcs.push_back(metric.via[now] - HierarchyMetric::kArc);
    }
  }
}

std::vector<HierarchyLabel> label_seeds(const HierarchyTopology& t, const HierarchyMetric& metric,
                                        const std::vector<Seed>& seeds, bool down) {
  std::vector<Seed> sorted;
  for (const auto& seed : seeds) sorted.push_back({t.rank[seed.node], seed.distance});
  // Lowest first, so that a seed above another lies on its path.
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Seed& a, const Seed& b) { return a.node < b.node; });
  std::vector<HierarchyLabel> labels;
  for (const auto& seed : sorted) {
    const std::uint32_t depth = t.depth[seed.node];
    HierarchyLabel* label = nullptr;
    for (auto& known : labels)
      if (depth < known.path.size() && known.path[depth] == seed.node) label = &known;
    if (label == nullptr) {
      label = &labels.emplace_back();
      label->path.resize(static_cast<std::size_t>(depth) + 1);
      for (std::uint32_t r = seed.node; r != kNone; r = t.parent(r)) label->path[t.depth[r]] = r;
      label->distance.assign(label->path.size(), kInfinite);
      label->link.assign(label->path.size(), kNone);
    }
    label->distance[depth] = std::min(label->distance[depth], seed.distance);
  }
  const std::uint32_t side = down ? 1 : 0;
  for (auto& label : labels)
    for (std::size_t k = label.path.size(); k-- > 0;) {
      const double reached = label.distance[k];
      if (reached == kInfinite) continue;
      const std::uint32_t r = label.path[k];
      for (std::uint32_t i = t.first[r]; i < t.first[r + 1]; ++i) {
        const double distance = reached + metric.weight[2 * i + side];
        const std::uint32_t depth = t.head_depth[i];
        if (!(distance < label.distance[depth])) continue;
        label.distance[depth] = distance;
        label.link[depth] = 2 * i + side;
      }
    }
  return labels;
}

LabelMeeting meet(const HierarchyLabel& up, const HierarchyLabel& down) {
  // Paths part once and for all below the last common node.
  std::size_t common = 0, end = std::min(up.path.size(), down.path.size());
  while (common < end) {
    const std::size_t middle = (common + end) / 2;
    if (up.path[middle] == down.path[middle])
      common = middle + 1;
    else
      end = middle;
  }
  return least_sum(up.distance.data(), down.distance.data(), common);
}

}  // namespace lode
