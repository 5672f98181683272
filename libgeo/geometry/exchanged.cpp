#include "libgeo/geometry/exchanged.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>

#include "libgeo/crs/transform.h"
#include "libgeo/geometry/spatial_index.h"

namespace lode {
namespace {

constexpr double kDegrees = 180.0 / std::numbers::pi;

/// Boxes of vertices in degrees; empty where there are none.
std::vector<Box> boxes_in_degrees(const std::vector<Geometry>& layer, const Crs& crs) {
  std::unique_ptr<Transform> to_base;
  if (!crs.is_geographic()) to_base = std::make_unique<Transform>(crs, geodetic_base(crs));
  std::vector<Box> out;
  for (const Geometry& geometry : layer) {
    Geometry copy = geometry;
    std::vector<double> x, y;
    for_each_vertex(copy, [&](Point& p) { x.push_back(p.x), y.push_back(p.y); });
    if (to_base) {
      static_cast<void>(to_base->forward(x.data(), y.data(), x.size()));
    } else {
      for (double& v : x) v *= crs.radians_per_unit * kDegrees;
      for (double& v : y) v *= crs.radians_per_unit * kDegrees;
    }
    Box box;
    for (std::size_t i = 0; i < x.size(); ++i)
      if (std::isfinite(x[i]) && std::isfinite(y[i])) box.add(Point{x[i], y[i]});
    out.push_back(box);
  }
  return out;
}

}  // namespace

bool look_exchanged(const std::vector<Geometry>& layer, const std::vector<Geometry>& others,
                    const Crs& crs, double within_m) {
  if (crs.is_local()) return false;
  std::vector<Box> as_is = boxes_in_degrees(layer, crs);
  std::vector<Box> exchanged;
  for (const Box& b : as_is)
    exchanged.push_back(b.empty() ? Box{} : Box{b.min_y, b.min_x, b.max_y, b.max_x});
  const SpatialIndex here(std::move(as_is)), there(std::move(exchanged));
  bool nearer = false;
  for (Box box : boxes_in_degrees(others, crs)) {
    if (box.empty()) continue;
    const double north = within_m / 110500.0;  // a degree of latitude is no shorter
    box.min_y -= north;
    box.max_y += north;
    const double widest = std::min(89.0, std::max(std::abs(box.min_y), std::abs(box.max_y)));
    const double east = north / std::cos(widest / kDegrees);
    box.min_x -= east;
    box.max_x += east;
    if (!here.query(box).empty()) return false;
    nearer = nearer || !there.query(box).empty();
  }
  return nearer;
}

}  // namespace lode
