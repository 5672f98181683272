#include <algorithm>
#include <cmath>
#include <queue>

#include "libgeo/logistics/sea_parts.h"

namespace lode::sea {

namespace {

/// An island that is thinner than twice the tolerance is dropped up to this many tolerances of
/// length; longer ones (spits, barrier islands) still bar the way.
constexpr double kLongestDropped = 10.0;

/// Fills no pocket with a wider mouth, in units of the sphere (3,000 km).
constexpr double kWidestMouth = 0.47;
/// Ends of lanes this near to a pocket count as in it, in units of the sphere (2 m).
constexpr double kNear = 3e-7;

/// Rings from which vertices are taken one by one, the best first.
class Rings {
 public:
  Rings(const Coast& coast, const std::vector<Direction>& kept)
      : coast_(coast),
        kept_(kept),
        next_(coast.next),
        previous_(coast.previous),
        alive_(coast.size(), 1),
        version_(coast.size(), 0) {
    std::vector<std::pair<Direction, Direction>> points;
    for (const auto& p : coast.at) points.emplace_back(p, p);
    for (const auto& p : kept) points.emplace_back(p, p);
    tree_ = ArcTree(points);
  }
  virtual ~Rings() = default;
  Rings(const Rings&) = delete;
  Rings& operator=(const Rings&) = delete;

  Coast run(const Progress& progress) {
    for (std::uint32_t v = 0; v < coast_.size(); ++v) offer(v);
    std::size_t steps = 0;
    while (!queue_.empty()) {
      if (++steps % 1024 == 0) progress.check();
      const Offer best = queue_.top();
      queue_.pop();
      if (alive_[best.vertex] != 0 && version_[best.vertex] == best.version) take(best.vertex);
    }
    return left();
  }

 protected:
  /// What taking a vertex costs; below 0 when it must stay.
  [[nodiscard]] virtual double cost(std::uint32_t v) const = 0;
  /// Whether a ring of three goes as a whole when one of its vertices is offered.
  [[nodiscard]] virtual bool goes_whole(std::uint32_t p, std::uint32_t n) const = 0;

  [[nodiscard]] const Direction& at(std::uint32_t v) const { return coast_.at[v]; }

  const Coast& coast_;
  const std::vector<Direction>& kept_;
  std::vector<std::uint32_t> next_, previous_;

 private:
  struct Offer {
    double cost = 0.0;
    std::uint32_t vertex = 0;
    std::uint32_t version = 0;
    bool operator<(const Offer& other) const {
      return cost != other.cost ? cost > other.cost : vertex > other.vertex;
    }
  };

  void offer(std::uint32_t v) {
    ++version_[v];
    if (previous_[v] == next_[v]) return;
    if (const double price = cost(v); price >= 0.0) queue_.push({price, v, version_[v]});
  }

  void take(std::uint32_t v) {
    const std::uint32_t p = previous_[v], n = next_[v];
    if (holds_any(p, v, n)) return;
    if (next_[n] == p) {
      if (goes_whole(p, n)) alive_[p] = alive_[v] = alive_[n] = 0;
      return;
    }
    alive_[v] = 0;
    next_[p] = n;
    previous_[n] = p;
    offer(p);
    offer(n);
  }

  /// Whether a piece of coast or the end of a lane lies in a triangle.
  [[nodiscard]] bool holds_any(std::uint32_t p, std::uint32_t v, std::uint32_t n) const {
    const bool left = side(at(p), at(v), at(n)) >= 0.0;
    const std::array<Direction, 3> corner = {at(p), left ? at(v) : at(n), left ? at(n) : at(v)};
    std::array<double, 3> low = {2.0, 2.0, 2.0}, high = {-2.0, -2.0, -2.0};
    for (const auto& c : corner) {
      const std::array<double, 3> x = {c.x, c.y, c.z};
      for (std::size_t axis = 0; axis < 3; ++axis) {
        low[axis] = std::min(low[axis], x[axis]);
        high[axis] = std::max(high[axis], x[axis]);
      }
    }
    // A triangle bulges out of the plane of its corners by less than this.
    const double bulge = kNear + dot(less(at(p), at(n)), less(at(p), at(n)));
    const auto meets = [&](const EarthBox& box) {
      for (std::size_t axis = 0; axis < 3; ++axis)
        if (static_cast<double>(box.low[axis]) > high[axis] + bulge ||
            static_cast<double>(box.high[axis]) < low[axis] - bulge)
          return false;
      return true;
    };
    std::array<double, 3> width{};
    for (std::size_t i = 0; i < 3; ++i) {
      const Direction edge = less(corner[i], corner[(i + 1) % 3]);
      width[i] = std::sqrt(dot(edge, edge));
    }
    const auto inside = [&](const Direction& place, double margin) {
      for (std::size_t i = 0; i < 3; ++i)
        if (side(corner[i], corner[(i + 1) % 3], place) < -margin * width[i]) return false;
      return true;
    };
    return tree_.search(meets, [&](std::uint32_t k) {
      if (k >= coast_.size()) return inside(kept_[k - coast_.size()], kNear);
      return alive_[k] != 0 && k != p && k != v && k != n && inside(at(k), 0.0);
    });
  }

  [[nodiscard]] Coast left() const {
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

  std::vector<char> alive_;
  std::vector<std::uint32_t> version_;
  ArcTree tree_;
  std::priority_queue<Offer> queue_;
};

/// Convex corners cut off, the shallowest first, while nothing cut off is deeper than the
/// tolerance.
class Shrinker : public Rings {
 public:
  Shrinker(const Coast& coast, double tolerance_m)
      : Rings(coast, nothing_), tolerance_m_(tolerance_m) {}

 private:
  /// How far what lies between two vertices of a ring stands out of the chord between them.
  [[nodiscard]] double depth_m(std::uint32_t from, std::uint32_t to) const {
    double depth = 0.0;
    for (std::uint32_t v = coast_.next[from]; v != to; v = coast_.next[v]) {
      depth = std::max(depth, rough_m(at(v), foot_on_arc(at(v), at(from), at(to))));
      if (depth > tolerance_m_) break;
    }
    return depth;
  }

  [[nodiscard]] double cost(std::uint32_t v) const override {
    const std::uint32_t p = previous_[v], n = next_[v];
    if (side(at(p), at(v), at(n)) < 0.0) return -1.0;
    if (rough_m(at(v), foot_on_arc(at(v), at(p), at(n))) > tolerance_m_) return -1.0;
    const double depth = depth_m(p, n);
    return depth <= tolerance_m_ ? depth : -1.0;
  }

  [[nodiscard]] bool goes_whole(std::uint32_t p, std::uint32_t n) const override {
    return depth_m(p, n) <= tolerance_m_ && depth_m(n, p) <= tolerance_m_ &&
           rough_m(at(p), at(n)) <= kLongestDropped * tolerance_m_;
  }

  static inline const std::vector<Direction> nothing_;
  double tolerance_m_;
};

/// Pockets of water filled, the narrowest first.
class Filler : public Rings {
 public:
  using Rings::Rings;

 private:
  [[nodiscard]] double cost(std::uint32_t v) const override {
    const std::uint32_t p = previous_[v], n = next_[v];
    if (side(at(p), at(v), at(n)) >= 0.0) return -1.0;
    const Direction mouth = less(at(p), at(n));
    const double wide = std::sqrt(dot(mouth, mouth));
    return wide <= kWidestMouth ? wide : -1.0;
  }
  /// Of three reflex corners: the last of a lake.
  [[nodiscard]] bool goes_whole(std::uint32_t, std::uint32_t) const override { return true; }
};

}  // namespace

Coast shrunk(const Coast& coast, double tolerance_m, const Progress& progress) {
  return Shrinker(coast, tolerance_m).run(progress);
}

Coast filled(const Coast& coast, const std::vector<Direction>& ends, const Progress& progress) {
  return Filler(coast, ends).run(progress);
}

}  // namespace lode::sea
