#include "libgeo/logistics/dissection_cut.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "libgeo/core/parallel.h"

namespace lode {

namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t kDirections = 4;
/// Share of the nodes at either end that the cut must keep apart.
constexpr double kEnds = 0.3;
/// Larger parts try all directions to the end, so that this can be done at the same time.
constexpr std::uint32_t kAtOnce = 50000;

enum Role : std::uint8_t { kFree, kSource, kSink };

/// Index of each arc's opposite.
std::vector<std::uint32_t> twins(const DissectionPart& part) {
  std::vector<std::uint32_t> twin(part.head.size());
  std::vector<std::uint32_t> next(part.first.begin(), part.first.end() - 1);
  // Neighbours ascend, so the opposites of a node's arcs come up in its own order.
  for (std::uint32_t u = 0; u < part.nodes(); ++u)
    for (std::uint32_t i = part.first[u]; i < part.first[u + 1]; ++i)
      twin[i] = next[part.head[i]]++;
  return twin;
}

/// Largest flow over edges of capacity 1 (Dinic 1970), given up when it reaches a limit.
class Flow {
 public:
  Flow(const DissectionPart& part, const std::vector<std::uint32_t>& twin,
       const std::vector<std::uint8_t>& role)
      : part_(part), twin_(twin), role_(role), flow_(part.head.size(), 0) {
    for (std::uint32_t u = 0; u < part.nodes(); ++u)
      if (role[u] == kSource && leads_out(u)) starts_.push_back(u);
  }

  /// The flow, or `limit` when it is not below that.
  std::uint32_t run(std::uint32_t limit, const Progress& progress) {
    std::uint32_t sum = 0;
    while (find_levels()) {
      progress.check();
      next_.assign(part_.first.begin(), part_.first.end() - 1);
      for (const auto start : starts_) {
        while (sum < limit && push_from(start)) ++sum;
        if (sum >= limit) return limit;
      }
    }
    return sum;
  }

  /// After a flow that was not given up: nodes that can be reached from the sources.
  [[nodiscard]] std::vector<std::uint8_t> source_side() const {
    std::vector<std::uint8_t> side(part_.nodes());
    for (std::uint32_t u = 0; u < part_.nodes(); ++u) side[u] = level_[u] >= 0 ? 0 : 1;
    return side;
  }
  /// The other least cut: all but what reaches the sinks.
  [[nodiscard]] std::vector<std::uint8_t> sink_side() const {
    std::vector<std::uint8_t> side(part_.nodes(), 0);
    std::vector<std::uint32_t> queue;
    for (std::uint32_t u = 0; u < part_.nodes(); ++u)
      if (role_[u] == kSink) {
        side[u] = 1;
        queue.push_back(u);
      }
    for (std::size_t k = 0; k < queue.size(); ++k)
      for (std::uint32_t i = part_.first[queue[k]]; i < part_.first[queue[k] + 1]; ++i) {
        const std::uint32_t v = part_.head[i];
        if (side[v] != 0 || flow_[twin_[i]] >= 1) continue;
        side[v] = 1;
        queue.push_back(v);
      }
    return side;
  }

 private:
  [[nodiscard]] bool leads_out(std::uint32_t u) const {
    for (std::uint32_t i = part_.first[u]; i < part_.first[u + 1]; ++i)
      if (role_[part_.head[i]] != kSource) return true;
    return false;
  }

  /// Steps from the sources along arcs with capacity left; false when no sink is reached.
  bool find_levels() {
    level_.assign(part_.nodes(), -1);
    for (std::uint32_t u = 0; u < part_.nodes(); ++u)
      if (role_[u] == kSource) level_[u] = 0;
    queue_ = starts_;
    bool found = false;
    std::int32_t stop = std::numeric_limits<std::int32_t>::max();
    for (std::size_t k = 0; k < queue_.size(); ++k) {
      const std::uint32_t u = queue_[k];
      const std::int32_t level = level_[u] + 1;
      if (level > stop) break;
      for (std::uint32_t i = part_.first[u]; i < part_.first[u + 1]; ++i) {
        const std::uint32_t v = part_.head[i];
        if (level_[v] >= 0 || flow_[i] >= 1) continue;
        level_[v] = level;
        if (role_[v] == kSink) {
          found = true;
          stop = level;
        } else {
          queue_.push_back(v);
        }
      }
    }
    return found;
  }

  /// One unit along a way of rising levels.
  bool push_from(std::uint32_t start) {
    way_.clear();
    std::uint32_t u = start;
    while (true) {
      bool went = false;
      for (; next_[u] < part_.first[u + 1]; ++next_[u]) {
        const std::uint32_t i = next_[u];
        const std::uint32_t v = part_.head[i];
        if (flow_[i] >= 1 || level_[v] != level_[u] + 1) continue;
        way_.push_back(i);
        if (role_[v] == kSink) {
          for (const auto arc : way_) {
            ++flow_[arc];
            --flow_[twin_[arc]];
          }
          return true;
        }
        u = v;
        went = true;
        break;
      }
      if (went) continue;
      if (way_.empty()) return false;
      u = part_.head[twin_[way_.back()]];
      way_.pop_back();
      ++next_[u];
    }
  }

  const DissectionPart& part_;
  const std::vector<std::uint32_t>& twin_;
  const std::vector<std::uint8_t>& role_;
  std::vector<std::int8_t> flow_;
  std::vector<std::uint32_t> starts_, queue_, next_, way_;
  std::vector<std::int32_t> level_;
};

/// Places of the part's nodes along each direction.
std::array<std::vector<double>, kDirections> along_directions(const DissectionPart& part,
                                                              const std::vector<UnitVector>& at) {
  UnitVector mean{0.0, 0.0, 0.0};
  for (const auto node : part.node)
    for (std::size_t k = 0; k < 3; ++k) mean[k] += at[node][k];
  for (auto& value : mean) value /= part.nodes();
  // Seen from above the middle; a part that goes round the Earth has none and keeps its axes.
  UnitVector east{1.0, 0.0, 0.0}, north{0.0, 0.0, 1.0};
  const double flat = std::hypot(mean[0], mean[1]);
  const double length = std::hypot(flat, mean[2]);
  if (length > 0.3) {
    if (flat > 1e-9) east = {-mean[1] / flat, mean[0] / flat, 0.0};
    for (auto& value : mean) value /= length;
    north = {mean[1] * east[2] - mean[2] * east[1], mean[2] * east[0] - mean[0] * east[2],
             mean[0] * east[1] - mean[1] * east[0]};
  }
  std::array<std::vector<double>, kDirections> along;
  for (auto& one : along) one.reserve(part.nodes());
  for (const auto node : part.node) {
    const auto& p = at[node];
    const double x = p[0] * east[0] + p[1] * east[1] + p[2] * east[2];
    const double y = p[0] * north[0] + p[1] * north[1] + p[2] * north[2];
    along[0].push_back(x);
    along[1].push_back(y);
    along[2].push_back(x + y);
    along[3].push_back(x - y);
  }
  return along;
}

std::vector<std::uint8_t> roles_along(const std::vector<double>& along) {
  const auto nodes = static_cast<std::uint32_t>(along.size());
  std::vector<std::uint32_t> sorted(nodes);
  std::iota(sorted.begin(), sorted.end(), 0U);
  const auto before = [&](std::uint32_t a, std::uint32_t b) {
    return along[a] < along[b] || (along[a] == along[b] && a < b);
  };
  const auto ends = std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(kEnds * nodes), 1,
                                               static_cast<std::ptrdiff_t>(nodes) / 2);
  std::nth_element(sorted.begin(), sorted.begin() + ends, sorted.end(), before);
  std::nth_element(sorted.begin() + ends, sorted.end() - ends, sorted.end(), before);
  std::vector<std::uint8_t> role(nodes, kFree);
  for (auto it = sorted.begin(); it != sorted.begin() + ends; ++it) role[*it] = kSource;
  for (auto it = sorted.end() - ends; it != sorted.end(); ++it) role[*it] = kSink;
  return role;
}

struct Cut {
  std::uint32_t edges = kNone;
  std::uint32_t smaller = 0;  ///< nodes of the smaller side
  std::vector<std::uint8_t> side;

  [[nodiscard]] bool better_than(const Cut& other) const {
    return edges < other.edges || (edges == other.edges && smaller > other.smaller);
  }
};

Cut cut_along(const DissectionPart& part, const std::vector<std::uint32_t>& twin,
              const std::vector<double>& along, std::uint32_t limit, const Progress& progress) {
  const auto role = roles_along(along);
  Flow flow(part, twin, role);
  Cut cut;
  cut.edges = flow.run(limit, progress);
  if (cut.edges >= limit) return {};
  const auto smaller = [&](const std::vector<std::uint8_t>& side) {
    const auto ones = static_cast<std::uint32_t>(std::count(side.begin(), side.end(), 1));
    return std::min(ones, part.nodes() - ones);
  };
  cut.side = flow.source_side();
  cut.smaller = smaller(cut.side);
  auto other = flow.sink_side();
  if (const auto size = smaller(other); size > cut.smaller) {
    cut.smaller = size;
    cut.side = std::move(other);
  }
  return cut;
}

/// Takes one end of every cut edge, the busier ones first, or all of one side if that is fewer.
void cover(const DissectionPart& part, std::vector<std::uint8_t>& side) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ends;  // cut edges, node
  std::array<std::size_t, 2> count{0, 0};
  for (std::uint32_t u = 0; u < part.nodes(); ++u) {
    std::uint32_t edges = 0;
    for (std::uint32_t i = part.first[u]; i < part.first[u + 1]; ++i)
      edges += side[part.head[i]] != side[u] ? 1U : 0U;
    if (edges == 0) continue;
    ends.emplace_back(edges, u);
    ++count[side[u]];
  }
  std::sort(ends.begin(), ends.end(), [](const auto& a, const auto& b) {
    return a.first > b.first || (a.first == b.first && a.second < b.second);
  });
  std::vector<std::uint32_t> taken;
  std::vector<std::uint8_t> is_taken(part.nodes(), 0);
  for (const auto& [edges, u] : ends)
    for (std::uint32_t i = part.first[u]; i < part.first[u + 1]; ++i)
      if (side[part.head[i]] != side[u] && is_taken[part.head[i]] == 0) {
        is_taken[u] = 1;
        taken.push_back(u);
        break;
      }
  const std::uint8_t fewer = count[1] < count[0] ? 1 : 0;
  if (count[fewer] <= taken.size()) {
    for (const auto& [edges, u] : ends)
      if (side[u] == fewer) side[u] = 2;
  } else {
    for (const auto u : taken) side[u] = 2;
  }
}

}  // namespace

std::vector<std::uint8_t> separate(const DissectionPart& part, const std::vector<UnitVector>& at,
                                   int jobs, const Progress& progress) {
  const auto twin = twins(part);
  const auto along = along_directions(part, at);
  std::array<Cut, kDirections> cuts;
  if (part.nodes() >= kAtOnce) {
    parallel_blocks(kDirections, 1, jobs, [&](std::size_t d, std::size_t, std::size_t) {
      cuts[d] = cut_along(part, twin, along[d], kNone, progress);
    });
  } else {
    std::uint32_t limit = kNone;
    for (std::size_t d = 0; d < kDirections; ++d) {
      cuts[d] = cut_along(part, twin, along[d], limit, progress);
      limit = std::min(limit, cuts[d].edges);
    }
  }
  Cut* best = cuts.data();
  for (auto& cut : cuts)
    if (cut.better_than(*best)) best = &cut;
  cover(part, best->side);
  return std::move(best->side);
}

}  // namespace lode
