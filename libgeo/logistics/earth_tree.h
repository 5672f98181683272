// A static tree of boxes in earth-centred coordinates: what lies near a place, anywhere on Earth.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "libgeo/crs/geodesic.h"

namespace lode {

/// Earth-centred, earth-fixed metres. The straight distance of two of them is never more than the
/// geodesic distance on the ellipsoid, so it is a bound that holds across the antimeridian and at
/// the poles.
struct EarthPoint {
  double x_m = 0.0, y_m = 0.0, z_m = 0.0;
};

/// A place on the ellipsoid (height 0) in earth-centred metres.
[[nodiscard]] EarthPoint earth_point(LonLat place, double semi_major_m = 6378137.0,
                                     double inverse_flattening = 298.257223563);
/// Position along a curve that fills space: near places have near codes (Morton order, 21 bits an
/// axis).
[[nodiscard]] std::uint64_t curve_code(const EarthPoint& place);
[[nodiscard]] double straight_distance_m(const EarthPoint& a, const EarthPoint& b);
/// Lower bound of the geodesic between two places whose straight distance is at least
/// `straight_m`: the arc of a circle with the largest radius of curvature of the ellipsoid, less
/// 0.05 % for the bend of the geodesic out of its plane. Without it places thousands of kilometres
/// off could not be told apart, since straight distances run through the Earth.
[[nodiscard]] double geodesic_bound_m(double straight_m);
/// The greatest straight distance whose `geodesic_bound_m` is not above this.
[[nodiscard]] double straight_limit_m(double geodesic_m);
/// Upper bound of the geodesic between two places this far apart in a straight line: a curve that
/// bends no more than the most curved normal section has no shorter chord than the circle of that
/// radius (Schur 1921). Infinite for places nearly opposite each other, where that says nothing.
/// `least_radius_m` as `least_radius_of`.
[[nodiscard]] double geodesic_ceiling_m(double straight_m, double least_radius_m);
/// Least radius of curvature of an ellipsoid: on the meridian at the equator.
[[nodiscard]] double least_radius_of(const Crs& crs);

/// Grown by 1 m to every side when made, so that single precision loses nothing.
struct EarthBox {
  std::array<float, 3> low{};
  std::array<float, 3> high{};

  [[nodiscard]] static EarthBox around(const EarthPoint& a, const EarthPoint& b, double pad_m);
  void add(const EarthBox& other);
  /// Lower bound of the distance from a place to anything in the box.
  [[nodiscard]] double distance_m(const EarthPoint& p) const { return std::sqrt(square(p)); }
  /// The same, squared.
  [[nodiscard]] double square(const EarthPoint& p) const {
    const double x = gap(0, p.x_m), y = gap(1, p.y_m), z = gap(2, p.z_m);
    return x * x + y * y + z * z;
  }

 private:
  [[nodiscard]] double gap(std::size_t axis, double at) const {
    return std::max(
        {static_cast<double>(low[axis]) - at, at - static_cast<double>(high[axis]), 0.0});
  }
};

/// Built once (boxes sorted along a Morton curve, eight to a node), then safe to query from any
/// number of threads.
class EarthTree {
 public:
  EarthTree() = default;
  explicit EarthTree(const std::vector<EarthBox>& boxes, int jobs = 1);

  /// Calls visit(item) for all items whose box may lie within the best distance so far; visit
  /// returns the best distance after it. The answer must not depend on the order of the calls:
  /// equal distances are to be settled by the caller, on its own numbers.
  void nearest(const EarthPoint& place, double radius_m,
               const std::function<double(std::uint32_t item)>& visit) const;

  /// The same with straight distances, nearer boxes first: visit returns the limit after it.
  template <class Visit>
  void within(const EarthPoint& place, double limit_m, Visit&& visit) const {
    if (items_.empty()) return;
    double square = limit_m * limit_m;
    if (levels_.back()[0].square(place) <= square)
      search(levels_.size() - 1, 0, place, square, visit);
  }

  [[nodiscard]] std::size_t size() const { return items_.size(); }
  /// Hands out the order of the items along the curve (new number -> number given) and goes by the
  /// new numbers from now on: things that stand in that order are near each other in memory.
  [[nodiscard]] std::vector<std::uint32_t> renumber();

 private:
  static constexpr std::size_t kFan = 8;

  template <class Visit>
  void search(std::size_t level, std::size_t node, const EarthPoint& place, double& square,
              Visit&& visit) const {
    if (level == 0) {
      const double limit = visit(items_[node]);
      square = limit * limit;
      return;
    }
    std::array<std::pair<double, std::size_t>, kFan> children;
    std::size_t count = 0;
    const auto& below = levels_[level - 1];
    const std::size_t end = std::min(below.size(), (node + 1) * kFan);
    for (std::size_t k = node * kFan; k < end; ++k) {
      const double gap = below[k].square(place);
      if (gap > square) continue;
      std::size_t at = count++;
      for (; at > 0 && children[at - 1].first > gap; --at) children[at] = children[at - 1];
      children[at] = {gap, k};
    }
    for (std::size_t c = 0; c < count && children[c].first <= square; ++c)
      search(level - 1, children[c].second, place, square, visit);
  }

  std::vector<std::uint32_t> items_;           ///< in curve order
  std::vector<std::vector<EarthBox>> levels_;  ///< level 0: the items' own boxes
};

}  // namespace lode
