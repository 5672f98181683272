#include <algorithm>
#include <cmath>

#include "libgeo/logistics/sea_parts.h"

namespace lode::sea {

namespace {

constexpr double kMeanRadius_m = 6371008.8;
constexpr double kRad = 0.017453292519943295;

EarthBox box_around(const Direction& a, const Direction& b) {
  // An arc bulges out of its chord by the sagitta.
  const double half = 0.5 * std::sqrt(dot(less(a, b), less(a, b)));
  const double pad = 1.0 - std::sqrt(std::max(0.0, 1.0 - half * half)) + 1e-6;
  const std::array<double, 3> from = {a.x, a.y, a.z}, to = {b.x, b.y, b.z};
  EarthBox box;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    box.low[axis] = static_cast<float>(std::min(from[axis], to[axis]) - pad);
    box.high[axis] = static_cast<float>(std::max(from[axis], to[axis]) + pad);
  }
  return box;
}

}  // namespace

Direction unit(const Direction& v) {
  const double length = std::sqrt(dot(v, v));
  return {v.x / length, v.y / length, v.z / length};
}

Direction direction_of(LonLat place) {
  const EarthPoint p = earth_point(place);
  return unit({p.x_m, p.y_m, p.z_m});
}

LonLat place_of(const Direction& d) {
  // From the geocentric latitude back to the geodetic one on the surface of WGS 84.
  constexpr double f = 1.0 / 298.257223563;
  constexpr double squash = (1.0 - f) * (1.0 - f);
  const double across = std::sqrt(d.x * d.x + d.y * d.y);
  return plain_place(std::atan2(d.y, d.x) / kRad, std::atan2(d.z, across * squash) / kRad);
}

double rough_m(const Direction& a, const Direction& b) {
  const Direction gap = less(a, b);
  return kMeanRadius_m * 2.0 * std::asin(std::min(1.0, 0.5 * std::sqrt(dot(gap, gap))));
}

Direction foot_on_arc(const Direction& p, const Direction& a, const Direction& b) {
  const Direction n = cross(a, less(b, a));
  const double size = dot(n, n);
  const auto nearer_end = [&] {
    return dot(less(p, a), less(p, a)) <= dot(less(p, b), less(p, b)) ? a : b;
  };
  if (size < 1e-30) return nearer_end();
  const double height = dot(n, p) / size;
  const Direction flat = {p.x - height * n.x, p.y - height * n.y, p.z - height * n.z};
  if (dot(flat, flat) < 1e-12) return nearer_end();
  const Direction foot = unit(flat);
  const bool inside = dot(cross(n, a), foot) >= 0.0 && dot(cross(b, n), foot) >= 0.0;
  return inside ? foot : nearer_end();
}

bool arcs_cross(const Direction& a, const Direction& b, const Direction& p, const Direction& q) {
  const bool p_left = side(a, b, p) >= 0.0;
  const bool q_left = side(a, b, q) >= 0.0;
  if (p_left == q_left) return false;
  const bool a_left = side(p, q, a) >= 0.0;
  const bool b_left = side(p, q, b) >= 0.0;
  // The last clause tells the crossing from the one at the far side of the Earth.
  return a_left != b_left && p_left == b_left;
}

ArcTree::ArcTree(const std::vector<std::pair<Direction, Direction>>& arcs) {
  if (arcs.empty()) return;
  constexpr std::size_t fan = 8;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> order(arcs.size());
  for (std::size_t i = 0; i < arcs.size(); ++i) {
    const auto& [a, b] = arcs[i];
    const double scale = 0.5 * kMeanRadius_m;
    order[i] = {curve_code({(a.x + b.x) * scale, (a.y + b.y) * scale, (a.z + b.z) * scale}),
                static_cast<std::uint32_t>(i)};
  }
  std::sort(order.begin(), order.end());
  items_.resize(arcs.size());
  levels_.emplace_back(arcs.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    items_[i] = order[i].second;
    levels_[0][i] = box_around(arcs[items_[i]].first, arcs[items_[i]].second);
  }
  while (levels_.back().size() > 1) {
    const auto& below = levels_.back();
    std::vector<EarthBox> level((below.size() + fan - 1) / fan);
    for (std::size_t i = 0; i < level.size(); ++i) {
      level[i] = below[i * fan];
      for (std::size_t k = i * fan + 1; k < std::min(below.size(), (i + 1) * fan); ++k)
        level[i].add(below[k]);
    }
    levels_.push_back(std::move(level));
  }
}

}  // namespace lode::sea
