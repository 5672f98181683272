#include <algorithm>
#include <cmath>

#include "libgeo/core/parallel.h"
#include "libgeo/logistics/network.h"
#include "libgeo/logistics/sea_parts.h"

namespace lode::sea {

namespace {

/// Rounding of a triple product of directions: 0.06 micrometres on the ground.
constexpr double kRounding = 1e-14;

std::vector<std::pair<Direction, Direction>> arcs_of(const Coast& coast) {
  std::vector<std::pair<Direction, Direction>> arcs(coast.size());
  for (std::size_t i = 0; i < arcs.size(); ++i) arcs[i] = {coast.at[i], coast.at[coast.next[i]]};
  return arcs;
}

/// Whether the way from a node on the shore to `to` starts into the land.
bool into_land(const SeaNode& node, const Direction& to) {
  const bool left_before = dot(cross(node.before, node.at), to) > kRounding;
  const bool left_after = dot(cross(node.at, node.after), to) > kRounding;
  const bool reflex = side(node.before, node.at, node.after) < -kRounding;
  return reflex ? left_before || left_after : left_before && left_after;
}

bool tangent(const SeaNode& node, const Direction& normal) {
  const double before = dot(normal, node.before), after = dot(normal, node.after);
  return (before >= -kRounding && after >= -kRounding) ||
         (before <= kRounding && after <= kRounding);
}

/// Boxes that hold something of an arc: those that its plane meets between its ends.
class NearArc {
 public:
  NearArc(const Direction& a, const Direction& b)
      : normal_(unit(cross(a, b))), from_(cross(normal_, a)), to_(cross(b, normal_)) {}
  bool operator()(const EarthBox& box) const {
    double flat = 0.0, flat_reach = 0.0, start = 0.0, end = 0.0;
    const std::array<double, 3> n = {normal_.x, normal_.y, normal_.z};
    const std::array<double, 3> f = {from_.x, from_.y, from_.z};
    const std::array<double, 3> t = {to_.x, to_.y, to_.z};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const double low = static_cast<double>(box.low[axis]);
      const double high = static_cast<double>(box.high[axis]);
      const double middle = 0.5 * (low + high), reach = 0.5 * (high - low);
      flat += n[axis] * middle;
      flat_reach += std::abs(n[axis]) * reach;
      start += f[axis] * middle + std::abs(f[axis]) * reach;
      end += t[axis] * middle + std::abs(t[axis]) * reach;
    }
    return std::abs(flat) <= flat_reach && start >= 0.0 && end >= 0.0;
  }

 private:
  Direction normal_, from_, to_;
};

}  // namespace

Sight::Sight(const Coast& coast) : coast_(coast), tree_(arcs_of(coast)) {}

std::vector<SeaNode> Sight::corners() const {
  std::vector<SeaNode> nodes;
  for (std::uint32_t v = 0; v < coast_.size(); ++v) {
    const Direction &before = coast_.at[coast_.previous[v]], &after = coast_.at[coast_.next[v]];
    if (side(before, coast_.at[v], after) <= 0.0) continue;
    SeaNode node;
    node.place = coast_.place[v];
    node.at = coast_.at[v];
    node.corner = true;
    node.before = before;
    node.after = after;
    node.skip = {coast_.previous[v], v};
    nodes.push_back(node);
  }
  return nodes;
}

SeaNode Sight::shore_node(std::uint32_t segment, const Direction& foot) const {
  SeaNode node;
  node.shore = true;
  const std::uint32_t ends[] = {segment, coast_.next[segment]};
  for (const std::uint32_t v : ends)
    if (rough_m(coast_.at[v], foot) < 1.0) {
      node.place = coast_.place[v];
      node.at = coast_.at[v];
      node.before = coast_.at[coast_.previous[v]];
      node.after = coast_.at[coast_.next[v]];
      node.skip = {coast_.previous[v], v};
      return node;
    }
  node.place = place_of(foot);
  node.at = direction_of(node.place);
  node.before = coast_.at[ends[0]];
  node.after = coast_.at[ends[1]];
  node.skip = {segment, kNoSegment};
  return node;
}

bool Sight::water_near(LonLat place, double radius_m, SeaNode& node) const {
  const Direction p = direction_of(place);
  double best = 4.0;
  std::uint32_t nearest = kNoSegment;
  Direction foot;
  // Widening rings: the tree is not searched in order of distance.
  for (double reach = 1e-3; nearest == kNoSegment && reach < 8.0; reach *= 4.0) {
    best = reach;
    const auto meets = [&](const EarthBox& box) {
      const std::array<double, 3> at = {p.x, p.y, p.z};
      double square = 0.0;
      for (std::size_t axis = 0; axis < 3; ++axis) {
        const double gap = std::max({static_cast<double>(box.low[axis]) - at[axis],
                                     at[axis] - static_cast<double>(box.high[axis]), 0.0});
        square += gap * gap;
      }
      return square <= best * best;
    };
    tree_.search(meets, [&](std::uint32_t s) {
      const Direction here = foot_on_arc(p, coast_.at[s], coast_.at[coast_.next[s]]);
      const double gap = std::sqrt(dot(less(p, here), less(p, here)));
      if (gap < best || (gap == best && s < nearest)) {
        best = gap;
        nearest = s;
        foot = here;
      }
      return false;
    });
  }
  if (nearest != kNoSegment) node = shore_node(nearest, foot);
  if (nearest == kNoSegment || !into_land(node, p)) {
    // In the water; what lies on the line itself stays a node of the shore.
    if (nearest != kNoSegment && rough_m(node.at, p) < 1.0) return true;
    node = SeaNode{};
    node.place = plain_place(place.lon_deg, place.lat_deg);
    node.at = p;
    node.skip = {kNoSegment, kNoSegment};
    return true;
  }
  return rough_m(node.at, p) <= radius_m;
}

bool Sight::on_land(const Direction& at) const {
  SeaNode node;
  return !water_near(place_of(at), 0.0, node);
}

void Sight::note_touches(SeaNode& node) const {
  constexpr double near = 1.6e-7;  // a metre
  const std::array<double, 3> at = {node.at.x, node.at.y, node.at.z};
  const auto meets = [&](const EarthBox& box) {
    for (std::size_t axis = 0; axis < 3; ++axis)
      if (static_cast<double>(box.low[axis]) > at[axis] + near ||
          static_cast<double>(box.high[axis]) < at[axis] - near)
        return false;
    return true;
  };
  node.touched = tree_.search(meets, [&](std::uint32_t s) {
    if (s == node.skip[0] || s == node.skip[1]) return false;
    const Direction foot = foot_on_arc(node.at, coast_.at[s], coast_.at[coast_.next[s]]);
    return dot(less(node.at, foot), less(node.at, foot)) < near * near;
  });
}

bool Sight::allowed(const SeaNode& a, const SeaNode& b) {
  const Direction normal = cross(a.at, b.at);
  if (a.corner && !tangent(a, normal)) return false;
  if (b.corner && !tangent(b, normal)) return false;
  if (a.shore && into_land(a, b.at)) return false;
  return !(b.shore && into_land(b, a.at));
}

bool Sight::crosses(const SeaNode& a, const SeaNode& b, std::uint32_t segment) const {
  for (const SeaNode* node : {&a, &b})
    if (segment == node->skip[0] || segment == node->skip[1]) return false;
  return arcs_cross(a.at, b.at, coast_.at[segment], coast_.at[coast_.next[segment]]);
}

bool Sight::clear(const SeaNode& a, const SeaNode& b, std::uint32_t& last) const {
  if (last != kNoSegment && crosses(a, b, last)) return false;
  const bool barred = tree_.search(NearArc(a.at, b.at), [&](std::uint32_t segment) {
    if (!crosses(a, b, segment)) return false;
    last = segment;
    return true;
  });
  if (barred) return false;
  // No coast is crossed, so all of the lane is water or all is land.
  return !(a.touched || b.touched) ||
         !on_land(unit({a.at.x + b.at.x, a.at.y + b.at.y, a.at.z + b.at.z}));
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> lanes_between(
    const Sight& sight, const std::vector<SeaNode>& nodes, int jobs, const Progress& progress) {
  using Lanes = std::vector<std::pair<std::uint32_t, std::uint32_t>>;
  constexpr std::size_t block = 16;
  std::vector<Lanes> parts((nodes.size() + block - 1) / block);
  const auto body = [&](std::size_t begin, std::size_t end, std::size_t part) {
    std::vector<std::pair<double, std::uint32_t>> order;
    for (std::size_t i = begin; i < end; ++i) {
      const SeaNode& from = nodes[i];
      progress.check();
      order.clear();
      const Direction pole = std::abs(from.at.z) < 0.9 ? Direction{0, 0, 1} : Direction{1, 0, 0};
      const Direction east = unit(cross(pole, from.at)), north = cross(from.at, east);
      for (std::size_t j = i + 1; j < nodes.size(); ++j) {
        // Nothing lies nearly opposite that a corner nearer by would not lead to as well.
        if (nodes[j].at == from.at || dot(from.at, nodes[j].at) < -0.9999) continue;
        if (!Sight::allowed(from, nodes[j])) continue;
        order.emplace_back(std::atan2(dot(nodes[j].at, east), dot(nodes[j].at, north)),
                           static_cast<std::uint32_t>(j));
      }
      // Around the horizon: what bars one line of sight mostly bars the next.
      std::sort(order.begin(), order.end());
      Lanes seen;
      std::uint32_t last = kNoSegment;
      for (const auto& [azimuth, j] : order)
        if (sight.clear(from, nodes[j], last)) seen.emplace_back(static_cast<std::uint32_t>(i), j);
      std::sort(seen.begin(), seen.end());
      parts[part].insert(parts[part].end(), seen.begin(), seen.end());
    }
  };
  parallel_blocks(nodes.size(), block, jobs, body, progress);
  Lanes lanes;
  for (const auto& part : parts) lanes.insert(lanes.end(), part.begin(), part.end());
  return lanes;
}

}  // namespace lode::sea
