#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <set>
#include <unordered_map>

#include "libgeo/core/error.h"
#include "libgeo/core/parallel.h"
#include "libgeo/logistics/dissection_cut.h"
#include "libgeo/logistics/hierarchy.h"

namespace lode {

namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
/// Lists longer than this are kept as sets while nodes go.
constexpr std::uint32_t kHub = 64;
/// Parts below this are ordered to the end in one piece of work.
constexpr std::uint32_t kOnePiece = 20000;

/// The graph without directions, loops and parallel arcs, from which nodes of at most two
/// neighbours can be taken: their neighbours are then joined, so lists never grow.
class Neighbours {
 public:
  explicit Neighbours(const Graph& graph) {
    const std::uint32_t nodes = graph.nodes();
    first_.assign(static_cast<std::size_t>(nodes) + 1, 0);
    const auto each = [&](const auto& take) {
      for (std::uint32_t u = 0; u < nodes; ++u)
        for (std::uint32_t i = graph.first[u]; i < graph.first[u + 1]; ++i)
          if (const std::uint32_t v = graph.out[i].head; v != u) take(u, v);
    };
    each([&](std::uint32_t u, std::uint32_t v) {
      ++first_[u + 1];
      ++first_[v + 1];
    });
    for (std::uint32_t u = 0; u < nodes; ++u) first_[u + 1] += first_[u];
    list_.resize(first_[nodes]);
    std::vector<std::size_t> next(first_.begin(), first_.end() - 1);
    each([&](std::uint32_t u, std::uint32_t v) {
      list_[next[u]++] = v;
      list_[next[v]++] = u;
    });
    count_.resize(nodes);
    for (std::uint32_t u = 0; u < nodes; ++u) {
      const auto begin = list_.begin() + static_cast<std::ptrdiff_t>(first_[u]);
      const auto end = list_.begin() + static_cast<std::ptrdiff_t>(first_[u + 1]);
      std::sort(begin, end);
      count_[u] = static_cast<std::uint32_t>(std::unique(begin, end) - begin);
      if (count_[u] > kHub) hubs_[u].insert(begin, begin + count_[u]);
    }
  }

  [[nodiscard]] std::uint32_t nodes() const { return static_cast<std::uint32_t>(count_.size()); }
  [[nodiscard]] std::uint32_t count(std::uint32_t u) const { return count_[u]; }
  /// In ascending order.
  [[nodiscard]] std::vector<std::uint32_t> of(std::uint32_t u) const {
    if (const auto hub = hubs_.find(u); hub != hubs_.end())
      return {hub->second.begin(), hub->second.end()};
    std::vector<std::uint32_t> all(
        list_.begin() + static_cast<std::ptrdiff_t>(first_[u]),
        list_.begin() + static_cast<std::ptrdiff_t>(first_[u]) + count_[u]);
    std::sort(all.begin(), all.end());
    return all;
  }
  void take_out(std::uint32_t u, const std::vector<std::uint32_t>& around) {
    for (std::size_t i = 0; i < around.size(); ++i) {
      erase(around[i], u);
      if (around.size() == 2) insert(around[i], around[1 - i]);
    }
    count_[u] = 0;
    hubs_.erase(u);
  }

 private:
  void erase(std::uint32_t u, std::uint32_t v) {
    if (const auto hub = hubs_.find(u); hub != hubs_.end()) {
      hub->second.erase(v);
      count_[u] = static_cast<std::uint32_t>(hub->second.size());
      return;
    }
    std::uint32_t* begin = list_.data() + first_[u];
    std::uint32_t* at = std::find(begin, begin + count_[u], v);
    *at = begin[--count_[u]];
  }
  void insert(std::uint32_t u, std::uint32_t v) {
    if (const auto hub = hubs_.find(u); hub != hubs_.end()) {
      hub->second.insert(v);
      count_[u] = static_cast<std::uint32_t>(hub->second.size());
      return;
    }
    std::uint32_t* begin = list_.data() + first_[u];
    if (std::find(begin, begin + count_[u], v) == begin + count_[u]) begin[count_[u]++] = v;
  }

  std::vector<std::size_t> first_;
  std::vector<std::uint32_t> list_, count_;
  std::unordered_map<std::uint32_t, std::set<std::uint32_t>> hubs_;
};

/// Takes nodes of at most two neighbours until there are none: side roads and the nodes along roads
/// are most of a road network. In rounds of nodes that are not neighbours of one another, so that
/// a chain of any length makes a low tree.
std::vector<std::uint32_t> take_small(Neighbours& all, const Progress& progress) {
  std::vector<std::uint32_t> order, now, next;
  std::vector<std::uint32_t> round_of(all.nodes(), 0), listed(all.nodes(), 0);
  std::vector<char> gone(all.nodes(), 0);
  for (std::uint32_t u = 0; u < all.nodes(); ++u)
    if (all.count(u) <= 2) now.push_back(u);
  for (std::uint32_t round = 1; !now.empty(); ++round) {
    progress.check();
    next.clear();
    const auto list = [&](std::uint32_t u) {
      if (gone[u] != 0 || listed[u] == round || all.count(u) > 2) return;
      listed[u] = round;
      next.push_back(u);
    };
    for (const auto u : now) {
      if (gone[u] != 0) continue;
      if (round_of[u] == round) {
        list(u);
        continue;
      }
      const auto around = all.of(u);
      all.take_out(u, around);
      gone[u] = 1;
      order.push_back(u);
      for (const auto v : around) {
        round_of[v] = round;
        list(v);
      }
    }
    now.swap(next);
  }
  return order;
}

DissectionPart what_is_left(const Neighbours& all, const std::vector<std::uint32_t>& gone) {
  std::vector<std::uint32_t> number(all.nodes(), 0);
  for (const auto u : gone) number[u] = kNone;
  DissectionPart part;
  for (std::uint32_t u = 0; u < all.nodes(); ++u)
    if (number[u] != kNone) {
      number[u] = part.nodes();
      part.node.push_back(u);
    }
  part.first.push_back(0);
  for (const auto u : part.node) {
    for (const auto v : all.of(u)) part.head.push_back(number[v]);
    part.first.push_back(static_cast<std::uint32_t>(part.head.size()));
  }
  return part;
}

/// Unit vectors; a node without a place takes that of the nearest node along the graph.
std::vector<UnitVector> unit_vectors(const Graph& graph, const std::vector<LonLat>& places) {
  const std::uint32_t nodes = graph.nodes();
  std::vector<UnitVector> at(nodes, UnitVector{0.0, 0.0, 0.0});
  std::vector<char> known(nodes, 0);
  bool all_known = true;
  for (std::uint32_t u = 0; u < nodes; ++u) {
    const double lon = u < places.size() ? places[u].lon_deg * M_PI / 180.0 : std::nan("");
    const double lat = u < places.size() ? places[u].lat_deg * M_PI / 180.0 : std::nan("");
    if (!std::isfinite(lon) || !std::isfinite(lat)) {
      all_known = false;
      continue;
    }
    known[u] = 1;
    at[u] = {std::cos(lat) * std::cos(lon), std::cos(lat) * std::sin(lon), std::sin(lat)};
  }
  if (all_known) return at;
  const Neighbours around(graph);
  std::vector<std::uint32_t> queue;
  for (std::uint32_t u = 0; u < nodes; ++u)
    if (known[u] != 0) queue.push_back(u);
  for (std::size_t k = 0; k < queue.size(); ++k)
    for (const auto v : around.of(queue[k]))
      if (known[v] == 0) {
        known[v] = 1;
        at[v] = at[queue[k]];
        queue.push_back(v);
      }
  return at;
}

/// A part and where its nodes stand in the order.
struct Piece {
  DissectionPart part;
  std::size_t begin = 0;
};

class Dissector {
 public:
  Dissector(DissectionPart whole, std::vector<UnitVector> at, const DissectionOptions& options,
            const Progress& progress)
      : whole_(std::move(whole)),
        at_(std::move(at)),
        small_(std::clamp<std::uint32_t>(options.small_part, 1, 48)),
        jobs_(options.jobs),
        progress_(progress),
        order_(whole_.nodes()) {}

  std::vector<std::uint32_t> run() {
    std::vector<Piece> now(1);
    now[0].part = whole_;
    for (std::uint32_t i = 0; i < whole_.nodes(); ++i) now[0].part.node[i] = i;
    at_whole_.resize(whole_.nodes());
    for (std::uint32_t i = 0; i < whole_.nodes(); ++i) at_whole_[i] = at_[whole_.node[i]];
    for (double share = 0.0; !now.empty(); share = 0.5 * (1.0 + share)) {
      std::vector<std::vector<Piece>> found(now.size());
      parallel_blocks(
          now.size(), 1, jobs_,
          [&](std::size_t i, std::size_t, std::size_t) {
            if (now[i].part.nodes() > kOnePiece)
              found[i] = split(now[i]);
            else
              finish(std::move(now[i]));
          },
          progress_.part(share, 0.5 * (1.0 + share)));
      std::vector<Piece> next;
      for (auto& pieces : found)
        for (auto& piece : pieces) next.push_back(std::move(piece));
      now.swap(next);
    }
    for (auto& node : order_) node = whole_.node[node];
    return std::move(order_);
  }

 private:
  /// To the end, without more threads.
  void finish(Piece piece) {
    std::vector<Piece> open;
    open.push_back(std::move(piece));
    while (!open.empty()) {
      const Piece now = std::move(open.back());
      open.pop_back();
      if (now.part.nodes() <= small_) {
        by_least_degree(now);
        continue;
      }
      for (auto& part : split(now)) open.push_back(std::move(part));
    }
  }

  /// Separator to the end of the part's stretch of the order; gives the connected rest.
  std::vector<Piece> split(const Piece& piece) {
    std::vector<std::uint8_t> side(piece.part.nodes(), 0);
    std::vector<Piece> pieces = components(piece, side);
    if (pieces.size() > 1) return pieces;
    side = separate(piece.part, at_whole_, jobs_, progress_);
    std::size_t end = piece.begin + piece.part.nodes();
    for (std::uint32_t u = piece.part.nodes(); u-- > 0;)
      if (side[u] == 2) order_[--end] = piece.part.node[u];
    return components(piece, side);
  }

  /// The connected parts of what is not in a separator, one behind the other in the order.
  static std::vector<Piece> components(const Piece& piece, const std::vector<std::uint8_t>& side) {
    const DissectionPart& part = piece.part;
    std::vector<std::uint32_t> of(part.nodes(), kNone), size, queue;
    for (std::uint32_t u = 0; u < part.nodes(); ++u) {
      if (side[u] == 2 || of[u] != kNone) continue;
      const auto number = static_cast<std::uint32_t>(size.size());
      of[u] = number;
      queue.assign(1, u);
      for (std::size_t k = 0; k < queue.size(); ++k)
        for (std::uint32_t i = part.first[queue[k]]; i < part.first[queue[k] + 1]; ++i)
          if (const std::uint32_t v = part.head[i]; side[v] != 2 && of[v] == kNone) {
            of[v] = number;
            queue.push_back(v);
          }
      size.push_back(static_cast<std::uint32_t>(queue.size()));
    }
    std::vector<Piece> pieces(size.size());
    std::size_t begin = piece.begin;
    for (std::size_t k = 0; k < size.size(); ++k) {
      pieces[k].begin = begin;
      pieces[k].part.node.reserve(size[k]);
      begin += size[k];
    }
    std::vector<std::uint32_t> number(part.nodes(), kNone);
    for (std::uint32_t u = 0; u < part.nodes(); ++u)
      if (of[u] != kNone) {
        number[u] = pieces[of[u]].part.nodes();
        pieces[of[u]].part.node.push_back(part.node[u]);
      }
    for (auto& one : pieces) one.part.first.push_back(0);
    for (std::uint32_t u = 0; u < part.nodes(); ++u) {
      if (of[u] == kNone) continue;
      DissectionPart& one = pieces[of[u]].part;
      for (std::uint32_t i = part.first[u]; i < part.first[u + 1]; ++i)
        if (number[part.head[i]] != kNone) one.head.push_back(number[part.head[i]]);
      one.first.push_back(static_cast<std::uint32_t>(one.head.size()));
    }
    return pieces;
  }

  /// Least degree first, neighbours outside (which all come later in the order) counted in.
  void by_least_degree(const Piece& piece) {
    const auto nodes = piece.part.nodes();
    std::vector<std::uint64_t> around(64, 0);
    std::vector<std::uint32_t> outside;
    for (std::uint32_t u = 0; u < nodes; ++u) {
      const std::uint32_t node = piece.part.node[u];
      for (std::uint32_t i = whole_.first[node]; i < whole_.first[node + 1]; ++i) {
        const std::uint32_t other = whole_.head[i];
        const auto& inside = piece.part.node;
        std::size_t v = static_cast<std::size_t>(
            std::lower_bound(inside.begin(), inside.end(), other) - inside.begin());
        if (v == nodes || inside[v] != other) {
          v = nodes + static_cast<std::size_t>(std::find(outside.begin(), outside.end(), other) -
                                               outside.begin());
          if (v >= 64) continue;
          if (v == nodes + outside.size()) outside.push_back(other);
        }
        around[u] |= 1ULL << v;
        around[v] |= 1ULL << u;
      }
    }
    std::uint64_t left = nodes == 64 ? ~0ULL : (1ULL << nodes) - 1;
    for (std::size_t k = piece.begin; left != 0; ++k) {
      std::uint32_t best = kNone;
      int least = 65;
      for (std::uint32_t u = 0; u < nodes; ++u)
        if ((left >> u & 1) != 0 && __builtin_popcountll(around[u]) < least) {
          least = __builtin_popcountll(around[u]);
          best = u;
        }
      order_[k] = piece.part.node[best];
      left &= ~(1ULL << best);
      const std::uint64_t ring = around[best];
      for (std::uint32_t v = 0; v < 64; ++v)
        if ((ring >> v & 1) != 0) around[v] = (around[v] | ring) & ~(1ULL << v) & ~(1ULL << best);
    }
  }

  DissectionPart whole_;
  std::vector<UnitVector> at_, at_whole_;
  std::uint32_t small_;
  int jobs_;
  const Progress& progress_;
  std::vector<std::uint32_t> order_;
};

}  // namespace

std::vector<std::uint32_t> nested_dissection(const Graph& graph, const std::vector<LonLat>& places,
                                             const DissectionOptions& options,
                                             const Progress& progress) {
  Neighbours all(graph);
  progress.update(0.05);
  std::vector<std::uint32_t> order = take_small(all, progress);
  DissectionPart left = what_is_left(all, order);
  progress.update(0.1);
  if (left.nodes() == 0) return order;
  const auto rest =
      Dissector(std::move(left), unit_vectors(graph, places), options, progress.part(0.1, 1.0))
          .run();
  order.insert(order.end(), rest.begin(), rest.end());
  return order;
}

}  // namespace lode
