#include "libgeo/logistics/earth_tree.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace lode {

namespace {

constexpr std::size_t kFan = 8;

/// 21 bits of each axis interleaved.
std::uint64_t spread(std::uint64_t v) {
  v &= 0x1fffff;
  v = (v | v << 32) & 0x1f00000000ffffULL;
  v = (v | v << 16) & 0x1f0000ff0000ffULL;
  v = (v | v << 8) & 0x100f00f00f00f00fULL;
  v = (v | v << 4) & 0x10c30c30c30c30c3ULL;
  v = (v | v << 2) & 0x1249249249249249ULL;
  return v;
}

std::uint64_t morton(const std::array<double, 3>& at) {
  std::uint64_t code = 0;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    // 7,000 km holds any planet-sized ellipsoid; what lies outside is clamped, never wrong.
    const double unit = std::clamp((at[axis] + 7.0e6) / 1.4e7, 0.0, 1.0);
    code |= spread(static_cast<std::uint64_t>(unit * 2097151.0)) << axis;
  }
  return code;
}

std::uint64_t morton(const EarthBox& box) {
  std::array<double, 3> middle{};
  for (std::size_t axis = 0; axis < 3; ++axis)
    middle[axis] = 0.5 * (static_cast<double>(box.low[axis]) + static_cast<double>(box.high[axis]));
  return morton(middle);
}

}  // namespace

EarthPoint earth_point(LonLat place, double semi_major_m, double inverse_flattening) {
  const double f = inverse_flattening > 0.0 ? 1.0 / inverse_flattening : 0.0;
  const double e2 = f * (2.0 - f);
  constexpr double kRad = 0.017453292519943295;
  const double sin_lat = std::sin(place.lat_deg * kRad);
  const double cos_lat = std::cos(place.lat_deg * kRad);
  const double n = semi_major_m / std::sqrt(1.0 - e2 * sin_lat * sin_lat);
  return {n * cos_lat * std::cos(place.lon_deg * kRad),
          n * cos_lat * std::sin(place.lon_deg * kRad), n * (1.0 - e2) * sin_lat};
}

std::uint64_t curve_code(const EarthPoint& place) {
  return morton(std::array<double, 3>{place.x_m, place.y_m, place.z_m});
}

double straight_distance_m(const EarthPoint& a, const EarthPoint& b) {
  const double dx = a.x_m - b.x_m, dy = a.y_m - b.y_m, dz = a.z_m - b.z_m;
  return std::sqrt(dx * dx + dy * dy + dz * dz);
}

double geodesic_bound_m(double straight_m) {
  constexpr double largest_radius_m = 6.4e6;
  if (straight_m < 1e5) return straight_m;
  const double arc_m =
      2.0 * largest_radius_m * std::asin(std::min(1.0, straight_m / (2.0 * largest_radius_m)));
  return std::max(straight_m, 0.9995 * arc_m);
}

EarthBox EarthBox::around(const EarthPoint& a, const EarthPoint& b, double pad_m) {
  const double pad = pad_m + 1.0;
  EarthBox box;
  const std::array<double, 3> from = {a.x_m, a.y_m, a.z_m};
  const std::array<double, 3> to = {b.x_m, b.y_m, b.z_m};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    box.low[axis] = static_cast<float>(std::min(from[axis], to[axis]) - pad);
    box.high[axis] = static_cast<float>(std::max(from[axis], to[axis]) + pad);
  }
  return box;
}

void EarthBox::add(const EarthBox& other) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    low[axis] = std::min(low[axis], other.low[axis]);
    high[axis] = std::max(high[axis], other.high[axis]);
  }
}

double EarthBox::distance_m(const EarthPoint& p) const {
  const std::array<double, 3> at = {p.x_m, p.y_m, p.z_m};
  double square = 0.0;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double below = static_cast<double>(low[axis]) - at[axis];
    const double above = at[axis] - static_cast<double>(high[axis]);
    const double gap = std::max({below, above, 0.0});
    square += gap * gap;
  }
  return std::sqrt(square);
}

EarthTree::EarthTree(const std::vector<EarthBox>& boxes) {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> order(boxes.size());
  for (std::size_t i = 0; i < boxes.size(); ++i)
    order[i] = {morton(boxes[i]), static_cast<std::uint32_t>(i)};
  std::sort(order.begin(), order.end());
  items_.resize(boxes.size());
  levels_.emplace_back(boxes.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    items_[i] = order[i].second;
    levels_[0][i] = boxes[order[i].second];
  }
  while (levels_.back().size() > 1) {
    const auto& below = levels_.back();
    std::vector<EarthBox> level((below.size() + kFan - 1) / kFan);
    for (std::size_t i = 0; i < level.size(); ++i) {
      level[i] = below[i * kFan];
      for (std::size_t k = i * kFan + 1; k < std::min(below.size(), (i + 1) * kFan); ++k)
        level[i].add(below[k]);
    }
    levels_.push_back(std::move(level));
  }
}

void EarthTree::search(std::size_t level, std::size_t node, const EarthPoint& place, double& best,
                       const std::function<double(std::uint32_t)>& visit) const {
  if (level == 0) {
    best = std::min(best, visit(items_[node]));
    return;
  }
  std::array<std::pair<double, std::size_t>, kFan> children;
  std::size_t count = 0;
  const auto& below = levels_[level - 1];
  for (std::size_t k = node * kFan; k < std::min(below.size(), (node + 1) * kFan); ++k)
    if (const double bound = geodesic_bound_m(below[k].distance_m(place)); bound <= best)
      children[count++] = {bound, k};
  std::sort(children.begin(), children.begin() + static_cast<std::ptrdiff_t>(count));
  for (std::size_t c = 0; c < count && children[c].first <= best; ++c)
    search(level - 1, children[c].second, place, best, visit);
}

void EarthTree::nearest(const EarthPoint& place, double radius_m,
                        const std::function<double(std::uint32_t)>& visit) const {
  if (items_.empty()) return;
  double best = radius_m;
  if (geodesic_bound_m(levels_.back()[0].distance_m(place)) <= best)
    search(levels_.size() - 1, 0, place, best, visit);
}

}  // namespace lode
