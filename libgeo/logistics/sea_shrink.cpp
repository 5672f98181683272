#include <algorithm>
#include <cmath>
#include <queue>

#include "libgeo/logistics/sea_parts.h"

namespace lode::sea {

namespace {

/// An island that is thinner than twice the tolerance is dropped up to this many tolerances of
/// length; longer ones (spits, barrier islands) still bar the way.
constexpr double kLongestDropped = 10.0;

/// Cuts convex corners off, the shallowest first, while nothing cut off is deeper than the
/// tolerance and no other piece of coast lies in what is cut.
class Shrinker {
 public:
  Shrinker(const Coast& coast, double tolerance_m)
      : coast_(coast),
        tolerance_m_(tolerance_m),
        next_(coast.next),
        previous_(coast.previous),
        alive_(coast.size(), 1),
        version_(coast.size(), 0) {
    std::vector<std::pair<Direction, Direction>> points(coast.size());
    for (std::size_t i = 0; i < coast.size(); ++i) points[i] = {coast.at[i], coast.at[i]};
    tree_ = ArcTree(points);
  }

  Coast run(const Progress& progress) {
    for (std::uint32_t v = 0; v < coast_.size(); ++v) offer(v);
    std::size_t steps = 0;
    while (!queue_.empty()) {
      if (++steps % 4096 == 0) progress.check();
      const Offer best = queue_.top();
      queue_.pop();
      if (alive_[best.vertex] == 0 || version_[best.vertex] != best.version) continue;
      cut(best.vertex);
    }
    return kept();
  }

 private:
  struct Offer {
    double depth_m = 0.0;
    std::uint32_t vertex = 0;
    std::uint32_t version = 0;
    bool operator<(const Offer& other) const {
      return depth_m != other.depth_m ? depth_m > other.depth_m : vertex > other.vertex;
    }
  };

  [[nodiscard]] const Direction& at(std::uint32_t v) const { return coast_.at[v]; }

  /// How far what lies between two vertices of a ring stands out of the chord between them.
  [[nodiscard]] double depth_m(std::uint32_t from, std::uint32_t to) const {
    double depth = 0.0;
    for (std::uint32_t v = coast_.next[from]; v != to; v = coast_.next[v]) {
      depth = std::max(depth, rough_m(at(v), foot_on_arc(at(v), at(from), at(to))));
      if (depth > tolerance_m_) break;
    }
    return depth;
  }

  void offer(std::uint32_t v) {
    ++version_[v];
    const std::uint32_t p = previous_[v], n = next_[v];
    if (p == n || side(at(p), at(v), at(n)) < 0.0) return;
    if (rough_m(at(v), foot_on_arc(at(v), at(p), at(n))) > tolerance_m_) return;
    if (const double depth = depth_m(p, n); depth <= tolerance_m_)
      queue_.push({depth, v, version_[v]});
  }

  void cut(std::uint32_t v) {
    const std::uint32_t p = previous_[v], n = next_[v];
    if (next_[n] == p) {
      const bool thin = depth_m(p, n) <= tolerance_m_ && depth_m(n, p) <= tolerance_m_;
      if (thin && rough_m(at(p), at(n)) <= kLongestDropped * tolerance_m_)
        alive_[p] = alive_[v] = alive_[n] = 0;
      return;
    }
    if (holds_coast(p, v, n)) return;
    alive_[v] = 0;
    next_[p] = n;
    previous_[n] = p;
    offer(p);
    offer(n);
  }

  [[nodiscard]] bool holds_coast(std::uint32_t p, std::uint32_t v, std::uint32_t n) const {
    std::array<double, 3> low{}, high{};
    const auto spread = [&](std::size_t axis, double a, double b, double c) {
      low[axis] = std::min({a, b, c});
      high[axis] = std::max({a, b, c});
    };
    spread(0, at(p).x, at(v).x, at(n).x);
    spread(1, at(p).y, at(v).y, at(n).y);
    spread(2, at(p).z, at(v).z, at(n).z);
    const double bulge = dot(less(at(p), at(n)), less(at(p), at(n)));
    const auto meets = [&](const EarthBox& box) {
      for (std::size_t axis = 0; axis < 3; ++axis)
        if (static_cast<double>(box.low[axis]) > high[axis] + bulge ||
            static_cast<double>(box.high[axis]) < low[axis] - bulge)
          return false;
      return true;
    };
    return tree_.search(meets, [&](std::uint32_t k) {
      if (alive_[k] == 0 || k == p || k == v || k == n) return false;
      return side(at(p), at(v), at(k)) >= 0.0 && side(at(v), at(n), at(k)) >= 0.0 &&
             side(at(n), at(p), at(k)) >= 0.0;
    });
  }

  [[nodiscard]] Coast kept() const {
    std::vector<std::uint32_t> number(coast_.size(), 0);
    Coast result;
    for (std::uint32_t v = 0; v < coast_.size(); ++v)
      if (alive_[v] != 0) {
        number[v] = static_cast<std::uint32_t>(result.at.size());
        result.at.push_back(coast_.at[v]);
        result.place.push_back(coast_.place[v]);
      }
    for (std::uint32_t v = 0; v < coast_.size(); ++v)
      if (alive_[v] != 0) {
        result.next.push_back(number[next_[v]]);
        result.previous.push_back(number[previous_[v]]);
      }
    return result;
  }

  const Coast& coast_;
  double tolerance_m_;
  std::vector<std::uint32_t> next_, previous_;
  std::vector<char> alive_;
  std::vector<std::uint32_t> version_;
  ArcTree tree_;
  std::priority_queue<Offer> queue_;
};

}  // namespace

Coast shrunk(const Coast& coast, double tolerance_m, const Progress& progress) {
  return Shrinker(coast, tolerance_m).run(progress);
}

}  // namespace lode::sea
