#include "libgeo/logistics/crossings.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "libgeo/core/parallel.h"
#include "libgeo/geometry/geometry.h"
#include "libgeo/logistics/curve_order.h"

namespace lode {

namespace {

struct Segment {
  LonLat a, b;
  std::uint32_t number = 0;  ///< in the order of the network
  std::uint32_t edge = 0;

  [[nodiscard]] Box box() const {
    return {std::min(a.lon_deg, b.lon_deg), std::min(a.lat_deg, b.lat_deg),
            std::max(a.lon_deg, b.lon_deg), std::max(a.lat_deg, b.lat_deg)};
  }
};

double side(LonLat a, LonLat b, LonLat c) {
  return (b.lon_deg - a.lon_deg) * (c.lat_deg - a.lat_deg) -
         (b.lat_deg - a.lat_deg) * (c.lon_deg - a.lon_deg);
}

/// Both properly cut each other, in the plane of longitude and latitude: for a count of doubtful
/// places that is enough, no distance depends on it.
bool cross(const Segment& s, const Segment& t) {
  if (s.a == t.a || s.a == t.b || s.b == t.a || s.b == t.b) return false;
  const double s1 = side(t.a, t.b, s.a), s2 = side(t.a, t.b, s.b);
  const double t1 = side(s.a, s.b, t.a), t2 = side(s.a, s.b, t.b);
  return ((s1 > 0.0) != (s2 > 0.0)) && ((t1 > 0.0) != (t2 > 0.0)) && s1 != 0.0 && s2 != 0.0 &&
         t1 != 0.0 && t2 != 0.0;
}

LonLat crossing_place(const Segment& s, const Segment& t) {
  const double s1 = side(t.a, t.b, s.a), s2 = side(t.a, t.b, s.b);
  const double f = s1 / (s1 - s2);
  return {s.a.lon_deg + f * (s.b.lon_deg - s.a.lon_deg),
          s.a.lat_deg + f * (s.b.lat_deg - s.a.lat_deg)};
}

/// Both coordinates of a middle, 31 bits each, interleaved.
std::uint64_t curve_code(const Segment& s) {
  const auto spread = [](double share) {
    auto v = static_cast<std::uint64_t>(std::clamp(share, 0.0, 1.0) * 2147483647.0);
    v = (v | v << 16) & 0x0000ffff0000ffffULL;
    v = (v | v << 8) & 0x00ff00ff00ff00ffULL;
    v = (v | v << 4) & 0x0f0f0f0f0f0f0f0fULL;
    v = (v | v << 2) & 0x3333333333333333ULL;
    return (v | v << 1) & 0x5555555555555555ULL;
  };
  return spread((0.5 * (s.a.lon_deg + s.b.lon_deg) + 180.0) / 360.0) |
         spread((0.5 * (s.a.lat_deg + s.b.lat_deg) + 90.0) / 180.0) << 1;
}

std::vector<Segment> segments_of(const Network& network, std::uint16_t carrier, int jobs) {
  std::vector<Segment> segments;
  std::size_t most = 0;
  for (const auto& edge : network.edges)
    if (edge.carrier == carrier) most += edge.vertices - 1;
  segments.reserve(most);
  for (std::uint32_t e = 0; e < network.edges.size(); ++e) {
    const NetworkEdge& edge = network.edges[e];
    if (edge.carrier != carrier || network.open_water(e)) continue;
    for (std::uint32_t i = 0; i + 1 < edge.vertices; ++i) {
      const Segment s{network.shape[edge.first_vertex + i],
                      network.shape[edge.first_vertex + i + 1],
                      static_cast<std::uint32_t>(segments.size()), e};
      if (std::abs(s.a.lon_deg - s.b.lon_deg) <= 180.0) segments.push_back(s);
    }
  }
  std::vector<std::uint64_t> codes(segments.size());
  parallel_blocks(segments.size(), 65536, jobs,
                  [&](std::size_t begin, std::size_t end, std::size_t) {
                    for (std::size_t i = begin; i < end; ++i) codes[i] = curve_code(segments[i]);
                  });
  std::vector<Segment> sorted(segments.size());
  const auto order = order_by_code(codes);
  for (std::size_t i = 0; i < order.size(); ++i) sorted[i] = segments[order[i]];
  return sorted;
}

/// Eight neighbours along the curve a leaf, eight leaves a node: met with itself.
class Tree {
 public:
  explicit Tree(const std::vector<Segment>& segments) : segments_(segments) {
    levels_.emplace_back((segments.size() + kFan - 1) / kFan);
    for (std::size_t i = 0; i < segments.size(); ++i) levels_[0][i / kFan].add(segments[i].box());
    while (levels_.back().size() > 1) {
      std::vector<Box> level((levels_.back().size() + kFan - 1) / kFan);
      for (std::size_t i = 0; i < levels_.back().size(); ++i)
        level[i / kFan].add(levels_.back()[i]);
      levels_.push_back(std::move(level));
    }
  }

  [[nodiscard]] std::size_t leaves() const { return levels_[0].size(); }

  /// Meets the segments of a leaf with those of its own and of later leaves.
  template <class Visit>
  void meet(std::size_t leaf, Visit&& visit) const {
    descend(levels_.size() - 1, 0, leaf, visit);
  }

 private:
  static constexpr std::size_t kFan = 8;

  template <class Visit>
  void descend(std::size_t level, std::size_t node, std::size_t leaf, Visit&& visit) const {
    if (!levels_[level][node].meets(levels_[0][leaf])) return;
    if (level > 0) {
      // Nodes whose last leaf comes before this one have met it already.
      const std::size_t end = std::min(levels_[level - 1].size(), (node + 1) * kFan);
      for (std::size_t child = node * kFan; child < end; ++child)
        if (((child + 1) << (3 * (level - 1))) > leaf) descend(level - 1, child, leaf, visit);
      return;
    }
    const std::size_t end = std::min(segments_.size(), (node + 1) * kFan);
    for (std::size_t i = leaf * kFan; i < std::min(segments_.size(), (leaf + 1) * kFan); ++i) {
      const Box box = segments_[i].box();
      if (!box.meets(levels_[0][node])) continue;
      for (std::size_t k = node == leaf ? i + 1 : node * kFan; k < end; ++k)
        if (box.meets(segments_[k].box())) visit(segments_[i], segments_[k]);
    }
  }

  const std::vector<Segment>& segments_;
  std::vector<std::vector<Box>> levels_;
};

struct Found {
  std::size_t count = 0;
  Segment first, second;  ///< of the pair whose numbers are lowest

  void add(std::size_t more, const Segment& s, const Segment& t) {
    if (more == 0) return;
    if (count == 0 || std::tie(s.number, t.number) < std::tie(first.number, second.number)) {
      first = s;
      second = t;
    }
    count += more;
  }
};

}  // namespace

Crossings count_crossings(const Network& network, std::uint16_t carrier, int jobs,
                          const Progress& progress) {
  const auto segments = segments_of(network, carrier, jobs);
  if (segments.empty()) return {};
  const Tree tree(segments);
  const auto found = parallel_fold<Found>(
      tree.leaves(), 2048, jobs, {},
      [&](std::size_t begin, std::size_t end) {
        Found mine;
        for (std::size_t leaf = begin; leaf < end; ++leaf)
          tree.meet(leaf, [&](const Segment& s, const Segment& t) {
            if (!cross(s, t)) return;
            if (s.number < t.number)
              mine.add(1, s, t);
            else
              mine.add(1, t, s);
          });
        return mine;
      },
      [](Found all, const Found& part) {
        all.add(part.count, part.first, part.second);
        return all;
      },
      progress);
  Crossings crossings;
  crossings.count = found.count;
  if (found.count > 0) crossings.first = crossing_place(found.first, found.second);
  return crossings;
}

std::vector<NetworkCrossing> crossings_without_node(const Network& network, int jobs,
                                                    const Progress& progress) {
  using Pair = std::pair<Segment, Segment>;
  using Pairs = std::vector<Pair>;
  std::vector<NetworkCrossing> all;
  for (std::uint16_t carrier = 0; carrier < network.carriers.size(); ++carrier) {
    const auto segments = segments_of(network, carrier, jobs);
    if (segments.empty()) continue;
    const Tree tree(segments);
    Pairs pairs = parallel_fold<Pairs>(
        tree.leaves(), 2048, jobs, {},
        [&](std::size_t begin, std::size_t end) {
          Pairs mine;
          for (std::size_t leaf = begin; leaf < end; ++leaf)
            tree.meet(leaf, [&](const Segment& s, const Segment& t) {
              if (!cross(s, t)) return;
              mine.push_back(s.number < t.number ? Pair{s, t} : Pair{t, s});
            });
          return mine;
        },
        [](Pairs list, const Pairs& part) {
          list.insert(list.end(), part.begin(), part.end());
          return list;
        },
        progress);
    std::sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) {
      return std::tie(a.first.number, a.second.number) < std::tie(b.first.number, b.second.number);
    });
    for (const auto& [s, t] : pairs) all.push_back({crossing_place(s, t), s.edge, t.edge});
  }
  return all;
}

}  // namespace lode
