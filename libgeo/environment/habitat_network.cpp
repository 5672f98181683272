#include "libgeo/environment/habitat_network.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <queue>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/core/sum.h"

namespace lode {

namespace {

constexpr double kFar = std::numeric_limits<double>::infinity();
constexpr std::size_t kMostPairs = 400'000'000;  // 5 GB of best paths
// Paths that are as good up to rounding count as going through a node.
constexpr double kTie = 1e-12;

struct Step {
  double cost;
  std::uint32_t node;
  bool operator>(const Step& other) const {
    return cost != other.cost ? cost > other.cost : node > other.node;
  }
};
using Heap = std::priority_queue<Step, std::vector<Step>, std::greater<>>;

}  // namespace

HabitatNetwork::HabitatNetwork(std::vector<double> area, HabitatLinks links, double most_cost,
                               int jobs, const Progress& progress)
    : area_(std::move(area)), links_(std::move(links)), most_cost_(most_cost) {
  keep_undominated();
  best_.resize(area_.size());
  std::vector<double> sums(area_.size());
  std::atomic<std::size_t> pairs{0};
  parallel_blocks(
      area_.size(), 16, jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t i = begin; i < end; ++i) {
          progress.check();
          best_[i] = best_from(static_cast<std::uint32_t>(i));
          Sum sum;
          sum += area_[i] * area_[i];
          const Row& row = best_[i];
          for (std::size_t k = 0; k < row.node.size(); ++k)
            sum += area_[i] * area_[row.node[k]] * std::exp(-row.cost[k]);
          sums[i] = sum.value();
          // Refused before the memory is gone; the count at the end is the same in any order.
          if ((pairs += row.node.size()) > kMostPairs)
            throw Error("habitat.too_many_pairs",
                        "more than 400 million pairs of patches are connected", {},
                        "Take a shorter half distance or a larger least probability, or leave out "
                        "small patches.");
        }
      },
      progress);
  Sum total;
  for (const double s : sums) total += s;
  connected_ = total.value();
}

/// A link is needless when a third patch lies between: both ways to it are shorter, and together
/// no longer. Only each node's nearest few are tried as the third.
void HabitatNetwork::keep_undominated() {
  constexpr std::size_t kNearest = 24;
  const std::size_t n = area_.size();
  std::vector<char> drop(links_.node.size(), 0);
  std::vector<double> direct(n, kFar);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t first = links_.start[i], last = links_.start[i + 1];
    for (std::size_t e = first; e < last; ++e) direct[links_.node[e]] = links_.cost[e];
    order.clear();
    for (std::size_t e = first; e < last; ++e) order.push_back(e);
    const std::size_t some = std::min(kNearest, order.size());
    const auto nearer = [&](std::size_t a, std::size_t b) {
      return links_.cost[a] != links_.cost[b] ? links_.cost[a] < links_.cost[b] : a < b;
    };
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(some), order.end(),
                      nearer);
    for (std::size_t s = 0; s < some; ++s) {
      const std::uint32_t third = links_.node[order[s]];
      const double to_third = links_.cost[order[s]];
      for (std::size_t e = links_.start[third]; e < links_.start[third + 1]; ++e) {
        const double whole = direct[links_.node[e]], rest = links_.cost[e];
        if (whole == kFar || !(to_third < whole && rest < whole && to_third + rest <= whole))
          continue;
        const auto at = std::lower_bound(links_.node.begin() + static_cast<std::ptrdiff_t>(first),
                                         links_.node.begin() + static_cast<std::ptrdiff_t>(last),
                                         links_.node[e]);
        drop[static_cast<std::size_t>(at - links_.node.begin())] = 1;
      }
    }
    for (std::size_t e = first; e < last; ++e) direct[links_.node[e]] = kFar;
  }
  // A link goes when either end finds it needless: both directions alike.
  const auto back_of = [&](std::size_t i, std::size_t e) {
    const std::uint32_t j = links_.node[e];
    const auto at =
        std::lower_bound(links_.node.begin() + static_cast<std::ptrdiff_t>(links_.start[j]),
                         links_.node.begin() + static_cast<std::ptrdiff_t>(links_.start[j + 1]), i);
    return static_cast<std::size_t>(at - links_.node.begin());
  };
  kept_.start.assign(1, 0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t e = links_.start[i]; e < links_.start[i + 1]; ++e) {
      if (drop[e] != 0 || drop[back_of(i, e)] != 0) continue;
      kept_.node.push_back(links_.node[e]);
      kept_.cost.push_back(links_.cost[e]);
    }
    kept_.start.push_back(kept_.node.size());
  }
}

HabitatNetwork::Row HabitatNetwork::best_from(std::uint32_t source) const {
  thread_local std::vector<double> cost;
  cost.resize(std::max(cost.size(), area_.size()), kFar);
  std::vector<std::uint32_t> reached;
  Heap heap;
  heap.push({0.0, source});
  cost[source] = 0.0;
  reached.push_back(source);
  while (!heap.empty()) {
    const Step at = heap.top();
    heap.pop();
    if (at.cost > cost[at.node]) continue;
    for (std::size_t e = kept_.start[at.node]; e < kept_.start[at.node + 1]; ++e) {
      const double next = at.cost + kept_.cost[e];
      const std::uint32_t to = kept_.node[e];
      if (next > most_cost_ || !(next < cost[to])) continue;
      if (cost[to] == kFar) reached.push_back(to);
      cost[to] = next;
      heap.push({next, to});
    }
  }
  std::sort(reached.begin(), reached.end());
  Row row;
  row.node.reserve(reached.size() - 1);
  row.cost.reserve(reached.size() - 1);
  for (const std::uint32_t node : reached) {
    if (node != source) {
      row.node.push_back(node);
      row.cost.push_back(cost[node]);
    }
    cost[node] = kFar;
  }
  return row;
}

/// One change: pairs whose best path ran through what is gone are found and their paths sought
/// again, among themselves, from what did not change (after Ramalingam & Reps 1996).
class HabitatNetwork::Update {
 public:
  Update(const HabitatNetwork& net, const HabitatChange& change)
      : net_(net),
        change_(change),
        gone_(net.area_.size(), 0),
        cost_(net.area_.size(), kFar),
        affected_(net.area_.size(), 0),
        more_(net.area_.size()),
        to_parts_(net.area_.size()) {
    for (const std::uint32_t k : change.gone) gone_[k] = 1;
    for (std::size_t p = 0; p < change.parts.size(); ++p)
      for (std::size_t e = 0; e < change.parts[p].node.size(); ++e)
        to_parts_[change.parts[p].node[e]].push_back(
            {change.parts[p].cost[e], static_cast<std::uint32_t>(p)});
  }

  double run() {
    total_ += net_.connected_;
    take_out();
    find_affected();
    part_costs();
    put_in();
    for (const Source& source : sources_) seek_again(source);
    return std::max(0.0, total_.value());
  }

 private:
  struct Source {
    std::uint32_t node;
    std::vector<std::uint32_t> targets;
  };

  /// Every pair with a node that is gone.
  void take_out() {
    const auto& area = net_.area_;
    for (const std::uint32_t k : change_.gone) {
      total_ += -area[k] * area[k];
      const Row& row = net_.best_[k];
      for (std::size_t e = 0; e < row.node.size(); ++e) {
        const double both = gone_[row.node[e]] != 0 ? 1.0 : 2.0;
        total_ += -both * area[k] * area[row.node[e]] * std::exp(-row.cost[e]);
      }
    }
  }

  void find_affected() {
    std::vector<std::uint32_t> near;
    for (const std::uint32_t k : change_.gone)
      for (const std::uint32_t i : net_.best_[k].node)
        if (gone_[i] == 0) near.push_back(i);
    std::sort(near.begin(), near.end());
    near.erase(std::unique(near.begin(), near.end()), near.end());
    for (const std::uint32_t i : near) {
      Source source{i, {}};
      const Row& row = net_.best_[i];
      for (std::size_t e = 0; e < row.node.size(); ++e) cost_[row.node[e]] = row.cost[e];
      for (const std::uint32_t k : change_.gone) {
        const double to_k = cost_[k];
        if (to_k == kFar) continue;
        const Row& from_k = net_.best_[k];
        for (std::size_t e = 0; e < from_k.node.size(); ++e) {
          const std::uint32_t j = from_k.node[e];
          if (j == i || gone_[j] != 0 || affected_[j] != 0 || cost_[j] == kFar) continue;
          if (to_k + from_k.cost[e] > cost_[j] * (1.0 + kTie) + kTie) continue;
          affected_[j] = 1;
          source.targets.push_back(j);
        }
      }
      // Needless links that led around what is gone are needed again.
      if (!source.targets.empty())
        for (std::size_t e = net_.links_.start[i]; e < net_.links_.start[i + 1]; ++e)
          if (affected_[net_.links_.node[e]] != 0)
            more_[i].push_back({net_.links_.cost[e], net_.links_.node[e]});
      for (const std::uint32_t j : source.targets) affected_[j] = 0;
      for (const std::uint32_t node : row.node) cost_[node] = kFar;
      if (!source.targets.empty()) sources_.push_back(std::move(source));
    }
  }

  template <class Visit>
  void each_link(std::uint32_t node, const Visit& visit) const {
    for (std::size_t e = net_.kept_.start[node]; e < net_.kept_.start[node + 1]; ++e)
      if (gone_[net_.kept_.node[e]] == 0) visit(net_.kept_.node[e], net_.kept_.cost[e]);
    for (const Step& link : more_[node]) visit(link.node, link.cost);
  }

  /// Best paths from every part; numbers of parts follow those of the nodes.
  void part_costs() {
    const std::size_t n = net_.area_.size();
    for (std::size_t p = 0; p < change_.parts.size(); ++p) {
      std::vector<double> cost(n + change_.parts.size(), kFar);
      Heap heap;
      const auto offer = [&](std::size_t to, double next) {
        if (next > net_.most_cost_ || !(next < cost[to])) return;
        cost[to] = next;
        heap.push({next, static_cast<std::uint32_t>(to)});
      };
      offer(n + p, 0.0);
      while (!heap.empty()) {
        const Step at = heap.top();
        heap.pop();
        if (at.cost > cost[at.node]) continue;
        if (at.node >= n) {
          const HabitatChange::Part& part = change_.parts[at.node - n];
          for (std::size_t e = 0; e < part.node.size(); ++e)
            offer(part.node[e], at.cost + part.cost[e]);
          for (std::size_t q = 0; q < part.to_part.size(); ++q)
            offer(n + q, at.cost + part.to_part[q]);
          continue;
        }
        each_link(at.node, [&](std::uint32_t to, double link) { offer(to, at.cost + link); });
        for (const Step& link : to_parts_[at.node]) offer(n + link.node, at.cost + link.cost);
      }
      from_part_.push_back(std::move(cost));
    }
  }

  void put_in() {
    const std::size_t n = net_.area_.size();
    for (std::size_t p = 0; p < change_.parts.size(); ++p) {
      const double area = change_.parts[p].area;
      for (std::size_t j = 0; j < n; ++j)
        if (gone_[j] == 0 && from_part_[p][j] != kFar)
          total_ += 2.0 * area * net_.area_[j] * std::exp(-from_part_[p][j]);
      for (std::size_t q = 0; q < change_.parts.size(); ++q)
        if (from_part_[p][n + q] != kFar)
          total_ += area * change_.parts[q].area * std::exp(-from_part_[p][n + q]);
    }
  }

  void seek_again(const Source& source) {
    const std::uint32_t i = source.node;
    const Row& row = net_.best_[i];
    for (std::size_t e = 0; e < row.node.size(); ++e) cost_[row.node[e]] = row.cost[e];
    cost_[i] = 0.0;
    old_.clear();
    for (const std::uint32_t x : source.targets) {
      old_.push_back(cost_[x]);
      affected_[x] = 1;
    }
    Heap heap;
    for (const std::uint32_t x : source.targets) {
      double best = kFar;
      for (const auto& from : from_part_) best = std::min(best, from[i] + from[x]);
      each_link(x, [&](std::uint32_t y, double link) {
        if (affected_[y] == 0) best = std::min(best, cost_[y] + link);
      });
      fresh_.push_back(best);
    }
    for (std::size_t t = 0; t < source.targets.size(); ++t) {
      cost_[source.targets[t]] = fresh_[t] > net_.most_cost_ ? kFar : fresh_[t];
      if (fresh_[t] <= net_.most_cost_) heap.push({fresh_[t], source.targets[t]});
    }
    fresh_.clear();
    while (!heap.empty()) {
      const Step at = heap.top();
      heap.pop();
      if (at.cost > cost_[at.node]) continue;
      each_link(at.node, [&](std::uint32_t y, double link) {
        const double next = at.cost + link;
        if (affected_[y] == 0 || next > net_.most_cost_ || !(next < cost_[y])) return;
        cost_[y] = next;
        heap.push({next, y});
      });
    }
    for (std::size_t t = 0; t < source.targets.size(); ++t) {
      const std::uint32_t x = source.targets[t];
      const double now = cost_[x] == kFar ? 0.0 : std::exp(-cost_[x]);
      total_ += net_.area_[i] * net_.area_[x] * (now - std::exp(-old_[t]));
      affected_[x] = 0;
      cost_[x] = kFar;
    }
    for (const std::uint32_t node : row.node) cost_[node] = kFar;
    cost_[i] = kFar;
  }

  const HabitatNetwork& net_;
  const HabitatChange& change_;
  std::vector<char> gone_;
  std::vector<double> cost_;             ///< scratch: of the source at hand
  std::vector<char> affected_;           ///< scratch: targets of the source at hand
  std::vector<std::vector<Step>> more_;  ///< links needed again, by node
  std::vector<std::vector<Step>> to_parts_;
  std::vector<std::vector<double>> from_part_;
  std::vector<Source> sources_;
  std::vector<double> old_, fresh_;
  Sum total_;
};

double HabitatNetwork::connected_after(const HabitatChange& change) const {
  if (change.gone.empty()) return connected_;
  return Update(*this, change).run();
}

}  // namespace lode
