// A static tree of boxes in earth-centred coordinates: what lies near a place, anywhere on Earth.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
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

/// Grown by 1 m to every side when made, so that single precision loses nothing.
struct EarthBox {
  std::array<float, 3> low{};
  std::array<float, 3> high{};

  [[nodiscard]] static EarthBox around(const EarthPoint& a, const EarthPoint& b, double pad_m);
  void add(const EarthBox& other);
  /// Lower bound of the distance from a place to anything in the box.
  [[nodiscard]] double distance_m(const EarthPoint& p) const;
};

/// Built once (boxes sorted along a Morton curve, eight to a node), then safe to query from any
/// number of threads.
class EarthTree {
 public:
  EarthTree() = default;
  explicit EarthTree(const std::vector<EarthBox>& boxes);

  /// Calls visit(item) for all items whose box may lie within the best distance so far; visit
  /// returns the best distance after it. The answer must not depend on the order of the calls:
  /// equal distances are to be settled by the caller, on its own numbers.
  void nearest(const EarthPoint& place, double radius_m,
               const std::function<double(std::uint32_t item)>& visit) const;

  [[nodiscard]] std::size_t size() const { return items_.size(); }

 private:
  void search(std::size_t level, std::size_t node, const EarthPoint& place, double& best,
              const std::function<double(std::uint32_t)>& visit) const;

  std::vector<std::uint32_t> items_;           ///< in curve order
  std::vector<std::vector<EarthBox>> levels_;  ///< level 0: the items' own boxes
};

}  // namespace lode
