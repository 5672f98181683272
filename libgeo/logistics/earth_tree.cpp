#include "libgeo/logistics/earth_tree.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "libgeo/core/parallel.h"
#include "libgeo/logistics/curve_order.h"

namespace lode {

namespace {

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

namespace {
constexpr double kLargestRadius_m = 6.4e6;
constexpr double kBend = 0.9995;
constexpr double kShort_m = 1e5;
}  // namespace

double geodesic_bound_m(double straight_m) {
  if (straight_m < kShort_m) return straight_m;
  const double arc_m =
      2.0 * kLargestRadius_m * std::asin(std::min(1.0, straight_m / (2.0 * kLargestRadius_m)));
  return std::max(straight_m, kBend * arc_m);
}

double straight_limit_m(double geodesic_m) {
  if (geodesic_m < kShort_m) return geodesic_m;
  const double half = geodesic_m / (kBend * 2.0 * kLargestRadius_m);
  // A quarter turn and more: nothing on Earth is farther.
  if (half >= 1.5707) return geodesic_m;
  return std::max(kShort_m,
                  std::min(geodesic_m, 2.0 * kLargestRadius_m * std::sin(half) * (1.0 + 1e-12)));
}

double geodesic_ceiling_m(double straight_m, double least_radius_m) {
  if (!(straight_m <= 1.88 * least_radius_m)) return std::numeric_limits<double>::infinity();
  return 2.0 * least_radius_m * std::asin(straight_m / (2.0 * least_radius_m)) * (1.0 + 1e-12) +
         1e-6;
}

double least_radius_of(const Crs& crs) {
  const double f = crs.inverse_flattening > 0.0 ? 1.0 / crs.inverse_flattening : 0.0;
  return crs.semi_major_m * (1.0 - f) * (1.0 - f);
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

EarthTree::EarthTree(const std::vector<EarthBox>& boxes, int jobs) {
  std::vector<std::uint64_t> codes(boxes.size());
  constexpr std::size_t kBlock = 16384;
  parallel_blocks(boxes.size(), kBlock, jobs, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t i = begin; i < end; ++i) codes[i] = morton(boxes[i]);
  });
  items_ = order_by_code(codes);
  levels_.emplace_back(boxes.size());
  for (std::size_t i = 0; i < items_.size(); ++i) levels_[0][i] = boxes[items_[i]];
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

std::vector<std::uint32_t> EarthTree::renumber() {
  std::vector<std::uint32_t> order(items_.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  order.swap(items_);
  return order;
}

void EarthTree::nearest(const EarthPoint& place, double radius_m,
                        const std::function<double(std::uint32_t)>& visit) const {
  double best = radius_m;
  double limit = straight_limit_m(best);
  within(place, limit, [&](std::uint32_t item) {
    const double now = visit(item);
    if (now < best) {
      best = now;
      limit = straight_limit_m(best);
    }
    return limit;
  });
}

}  // namespace lode
