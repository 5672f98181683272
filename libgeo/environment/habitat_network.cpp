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

HabitatNetwork::HabitatNetwork(std::vector<HabitatPiece> patches, const HabitatReach& reach,
                               int jobs, const Progress& progress)
    : patches_(std::move(patches)), reach_(reach), link_(patches_.size()) {
  find_links(jobs, progress.part(0.0, 0.6));
  find_paths(jobs, progress.part(0.6, 1.0));
}

/// Never more than the cost of the way from edge to edge: a chord less the two balls.
double HabitatNetwork::lower(const HabitatPiece& a, const HabitatPiece& b) const {
  const double x = a.centre[0] - b.centre[0], y = a.centre[1] - b.centre[1],
               z = a.centre[2] - b.centre[2];
  const double m = std::sqrt(x * x + y * y + z * z) - a.radius_m - b.radius_m;
  return std::max(0.0, m) * reach_.cost_per_m;
}

/// Infinite when it is more than `most`.
double HabitatNetwork::exact(const HabitatPiece& a, const HabitatPiece& b, double most) const {
  const double within_m = std::min(most, reach_.most_link) / reach_.cost_per_m * (1.0 + kTie);
  const double cost = nearest(a.shape, b.shape, within_m).distance_m * reach_.cost_per_m;
  return cost <= reach_.most_link * (1.0 + kTie) ? cost : kFar;
}

/// Near pairs first: the paths that they make spare the measuring of most of the farther ones.
void HabitatNetwork::find_links(int jobs, const Progress& progress) {
  std::vector<std::uint32_t> by_x(patches_.size());
  for (std::size_t i = 0; i < by_x.size(); ++i) by_x[i] = static_cast<std::uint32_t>(i);
  std::sort(by_x.begin(), by_x.end(), [&](std::uint32_t a, std::uint32_t b) {
    const double xa = patches_[a].centre[0], xb = patches_[b].centre[0];
    return xa != xb ? xa < xb : a < b;
  });
  constexpr int rounds = 9;
  double from = -1.0;
  for (int round = 0; round < rounds; ++round) {
    const double to = std::ldexp(reach_.most_link, round + 1 - rounds);
    find_links_between(from, to, by_x, jobs,
                       progress.part(1.0 * round / rounds, (round + 1.0) / rounds));
    from = to;
  }
  for (const auto& list : link_) links_ += list.size();
  links_ /= 2;
}

/// Pairs whose lower bound lies in (from, to].
void HabitatNetwork::find_links_between(double from, double to,
                                        const std::vector<std::uint32_t>& by_x, int jobs,
                                        const Progress& progress) {
  double widest = 0.0;
  for (const HabitatPiece& piece : patches_) widest = std::max(widest, piece.radius_m);
  std::vector<std::vector<Link>> found(patches_.size());
  parallel_blocks(
      patches_.size(), 16, jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        std::vector<double> known(patches_.size(), kFar);
        for (std::size_t at = begin; at < end; ++at) {
          const std::uint32_t i = by_x[at];
          const HabitatPiece& one = patches_[i];
          const double span = to / reach_.cost_per_m + one.radius_m + widest;
          Row row;
          if (from > 0.0) row = best_from(i, to);
          for (std::size_t e = 0; e < row.node.size(); ++e) known[row.node[e]] = row.cost[e];
          for (std::size_t k = at + 1; k < by_x.size(); ++k) {
            const HabitatPiece& other = patches_[by_x[k]];
            if (other.centre[0] - one.centre[0] > span) break;
            const double bound = lower(one, other), path = known[by_x[k]];
            if (!(bound > from && bound <= to) || path <= bound) continue;
            const double cost = exact(one, other, path);
            if (cost < path) found[i].push_back({cost, by_x[k]});
          }
          for (const std::uint32_t node : row.node) known[node] = kFar;
        }
      },
      progress);
  for (std::size_t i = 0; i < found.size(); ++i)
    for (const Link& link : found[i]) {
      link_[i].push_back(link);
      link_[link.node].push_back({link.cost, static_cast<std::uint32_t>(i)});
    }
}

void HabitatNetwork::find_paths(int jobs, const Progress& progress) {
  best_.resize(patches_.size());
  std::vector<double> sums(patches_.size());
  std::atomic<std::size_t> pairs{0};
  parallel_blocks(
      patches_.size(), 16, jobs,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t i = begin; i < end; ++i) {
          best_[i] = best_from(static_cast<std::uint32_t>(i), reach_.most_path);
          const Row& row = best_[i];
          // Refused before the memory is gone; the count at the end is the same in any order.
          if ((pairs += row.node.size()) > reach_.most_pairs)
            throw Error("habitat.too_many_pairs",
                        "more pairs of patches are connected than memory is meant for", {},
                        "Take a shorter half distance or a larger least probability, or leave out "
                        "small patches.");
          Sum sum;
          sum += patches_[i].area_m2 * patches_[i].area_m2;
          for (std::size_t k = 0; k < row.node.size(); ++k)
            sum += patches_[i].area_m2 * patches_[row.node[k]].area_m2 * std::exp(-row.cost[k]);
          sums[i] = sum.value();
        }
      },
      progress);
  Sum total;
  for (const double s : sums) total += s;
  connected_ = total.value();
}

HabitatNetwork::Row HabitatNetwork::best_from(std::uint32_t source, double most) const {
  thread_local std::vector<double> cost;
  cost.resize(std::max(cost.size(), patches_.size()), kFar);
  std::vector<std::uint32_t> reached{source};
  Heap heap;
  heap.push({0.0, source});
  cost[source] = 0.0;
  while (!heap.empty()) {
    const Step at = heap.top();
    heap.pop();
    if (at.cost > cost[at.node]) continue;
    for (const Link& link : link_[at.node]) {
      const double next = at.cost + link.cost;
      if (next > most || !(next < cost[link.node])) continue;
      if (cost[link.node] == kFar) reached.push_back(link.node);
      cost[link.node] = next;
      heap.push({next, link.node});
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
/// again, among themselves, from what did not change (after Ramalingam & Reps 1996). A way that
/// was not measured because a path was shorter is measured now if it can be the shortest.
class HabitatNetwork::Update {
 public:
  Update(const HabitatNetwork& net, const HabitatChange& change)
      : net_(net),
        change_(change),
        n_(net.patches_.size()),
        gone_(n_, 0),
        affected_(n_, 0),
        cost_(n_, kFar),
        more_(n_) {
    for (const std::uint32_t k : change.gone) gone_[k] = 1;
    for (const HabitatPiece& part : change.parts) {
      auto& bounds = bound_.emplace_back(n_ + change.parts.size());
      for (std::size_t j = 0; j < bounds.size(); ++j) bounds[j] = net.lower(part, piece(j));
    }
    measured_.assign(change.parts.size(), std::vector<double>(n_ + change.parts.size(), -1.0));
  }

  double run() {
    find_affected();
    part_costs();
    for (Source& source : sources_) seek_again(source);
    if (measure_new_links()) {
      part_costs();
      for (Source& source : sources_) seek_again(source);
    }
    total_ += net_.connected_;
    take_out();
    put_in();
    for (const Source& source : sources_)
      for (const Target& t : source.targets)
        total_ += area(source.node) * area(t.node) * (std::exp(-t.now) - std::exp(-t.before));
    return std::max(0.0, total_.value());
  }

 private:
  struct Target {
    std::uint32_t node;
    double before, now;
  };
  struct Source {
    std::uint32_t node;
    std::vector<Target> targets;
  };
  /// Patches, then the parts.
  [[nodiscard]] const HabitatPiece& piece(std::size_t j) const {
    return j < n_ ? net_.patches_[j] : change_.parts[j - n_];
  }
  [[nodiscard]] double area(std::size_t j) const { return piece(j).area_m2; }

  /// Every pair with a patch that is gone.
  void take_out() {
    for (const std::uint32_t k : change_.gone) {
      total_ += -area(k) * area(k);
      const Row& row = net_.best_[k];
      for (std::size_t e = 0; e < row.node.size(); ++e) {
        const double both = gone_[row.node[e]] != 0 ? 1.0 : 2.0;
        total_ += -both * area(k) * area(row.node[e]) * std::exp(-row.cost[e]);
      }
    }
  }
  /// Every pair with a part.
  void put_in() {
    for (std::size_t p = 0; p < change_.parts.size(); ++p) {
      for (std::size_t j = 0; j < n_ + change_.parts.size(); ++j)
        if (from_part_[p][j] != kFar)
          total_ += (j < n_ ? 2.0 : 1.0) * area(n_ + p) * area(j) * std::exp(-from_part_[p][j]);
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
      for (const std::uint32_t k : change_.gone) follow(source, k);
      for (const Target& t : source.targets) affected_[t.node] = 0;
      for (const std::uint32_t k : change_.gone) affected_[k] = 0;
      if (!source.targets.empty()) sources_.push_back(std::move(source));
    }
  }

  /// Every patch whose best path from the source runs through `k`, link by link.
  void follow(Source& source, std::uint32_t k) {
    const double to_k = best(source.node, k);
    if (to_k == kFar) return;
    std::vector<Link> open{{to_k, k}};
    while (!open.empty()) {
      const Link at = open.back();
      open.pop_back();
      for (const Link& link : net_.link_[at.node]) {
        const std::uint32_t j = link.node;
        if (j == source.node || affected_[j] != 0) continue;
        const double known = best(source.node, j);
        if (known == kFar || at.cost + link.cost > known * (1.0 + kTie) + kTie) continue;
        affected_[j] = 1;
        if (gone_[j] == 0) source.targets.push_back({j, known, kFar});
        open.push_back({known, j});
      }
    }
  }

  /// Cost of the best path before the change.
  [[nodiscard]] double best(std::uint32_t i, std::uint32_t j) const {
    if (i == j) return 0.0;
    const Row& row = net_.best_[i];
    if (row.node.size() + 1 == n_) return row.cost[j - (j > i ? 1 : 0)];
    const auto at = std::lower_bound(row.node.begin(), row.node.end(), j);
    if (at == row.node.end() || *at != j) return kFar;
    return row.cost[static_cast<std::size_t>(at - row.node.begin())];
  }

  template <class Visit>
  void each_link(std::uint32_t node, const Visit& visit) const {
    for (const Link& link : net_.link_[node])
      if (gone_[link.node] == 0) visit(link.node, link.cost);
    for (const Link& link : more_[node]) visit(link.node, link.cost);
  }

  double way(std::size_t p, std::size_t j) {
    double& cost = measured_[p][j];
    if (cost < 0.0) cost = net_.exact(change_.parts[p], piece(j), net_.reach_.most_link);
    return cost;
  }

  /// Best paths from every part. Direct ways stand in the heap with their lower bounds, and are
  /// measured when their turn comes.
  void part_costs() {
    from_part_.clear();
    const std::size_t all = n_ + change_.parts.size();
    for (std::size_t p = 0; p < change_.parts.size(); ++p) {
      std::vector<double> cost(all, kFar);
      Heap heap, waiting;  // the second: bounds of ways from a part, as part x all + piece
      const auto offer = [&](std::size_t to, double next) {
        if (next > net_.reach_.most_path || !(next < cost[to])) return;
        cost[to] = next;
        heap.push({next, static_cast<std::uint32_t>(to)});
      };
      const auto wait = [&](std::size_t q, std::size_t j, double base) {
        const double bound = bound_[q][j];
        if (bound <= net_.reach_.most_link && base + bound <= net_.reach_.most_path &&
            base + bound < cost[j])
          waiting.push({base + bound, static_cast<std::uint32_t>(q * all + j)});
      };
      offer(n_ + p, 0.0);
      while (!heap.empty() || !waiting.empty()) {
        if (!waiting.empty() && (heap.empty() || waiting.top().cost <= heap.top().cost)) {
          const Step at = waiting.top();
          waiting.pop();
          const std::size_t q = at.node / all, j = at.node % all;
          if (at.cost < cost[j]) offer(j, cost[n_ + q] + way(q, j));
          continue;
        }
        const Step at = heap.top();
        heap.pop();
        if (at.cost > cost[at.node]) continue;
        if (at.node >= n_) {
          for (std::size_t j = 0; j < all; ++j)
            if (j != at.node && (j >= n_ || gone_[j] == 0)) wait(at.node - n_, j, at.cost);
          continue;
        }
        each_link(at.node, [&](std::uint32_t to, double link) { offer(to, at.cost + link); });
        for (std::size_t q = 0; q < change_.parts.size(); ++q)
          if (at.cost + bound_[q][at.node] < cost[n_ + q]) offer(n_ + q, at.cost + way(q, at.node));
      }
      from_part_.push_back(std::move(cost));
    }
  }

  void seek_again(Source& source) {
    const std::uint32_t i = source.node;
    for (const Target& t : source.targets) affected_[t.node] = 1;
    Heap heap;
    for (Target& t : source.targets) {
      t.now = kFar;
      for (const auto& from : from_part_) t.now = std::min(t.now, from[i] + from[t.node]);
      each_link(t.node, [&](std::uint32_t y, double link) {
        if (affected_[y] == 0) t.now = std::min(t.now, best(i, y) + link);
      });
      if (t.now > net_.reach_.most_path) t.now = kFar;
    }
    for (const Target& t : source.targets) {
      cost_[t.node] = t.now;
      if (t.now != kFar) heap.push({t.now, t.node});
    }
    while (!heap.empty()) {
      const Step at = heap.top();
      heap.pop();
      if (at.cost > cost_[at.node]) continue;
      each_link(at.node, [&](std::uint32_t y, double link) {
        const double next = at.cost + link;
        if (affected_[y] == 0 || next > net_.reach_.most_path || !(next < cost_[y])) return;
        cost_[y] = next;
        heap.push({next, y});
      });
    }
    for (Target& t : source.targets) {
      t.now = cost_[t.node];
      affected_[t.node] = 0;
      cost_[t.node] = kFar;
    }
  }

  /// Straight ways between patches whose best path is gone, where they may be shorter than the
  /// best that is left. A link of a best path is the best path of its own ends, so these suffice.
  bool measure_new_links() {
    bool any = false;
    for (const Source& source : sources_)
      for (const Target& t : source.targets) {
        if (t.node < source.node) continue;
        const HabitatPiece &a = piece(source.node), &b = piece(t.node);
        const double bound = net_.lower(a, b);
        if (bound > net_.reach_.most_link || !(bound < t.now)) continue;
        const double cost = net_.exact(a, b, t.now);
        if (!(cost < t.now)) continue;
        more_[source.node].push_back({cost, t.node});
        more_[t.node].push_back({cost, source.node});
        any = true;
      }
    return any;
  }

  const HabitatNetwork& net_;
  const HabitatChange& change_;
  std::size_t n_;
  std::vector<char> gone_, affected_;
  std::vector<double> cost_;                    ///< scratch: to the targets at hand
  std::vector<std::vector<Link>> more_;         ///< links found needed, by node
  std::vector<std::vector<double>> bound_;      ///< lower bounds from each part
  std::vector<std::vector<double>> measured_;   ///< costs from each part, -1 = not measured
  std::vector<std::vector<double>> from_part_;  ///< best paths
  std::vector<Source> sources_;
  Sum total_;
};

double HabitatNetwork::connected_after(const HabitatChange& change) const {
  if (change.gone.empty()) return connected_;
  return Update(*this, change).run();
}

}  // namespace lode
