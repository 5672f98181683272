// Projections undone in batches, with the units of the axes honoured.
#include "libgeo/geometry/earth.h"

#include <cmath>
#include <list>
#include <numbers>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/geometry/measure.h"

namespace lode {
namespace {

/// Degrees in one unit, exactly 1 for degrees.
double degrees_in(const Crs& geographic) {
  constexpr double degree = std::numbers::pi / 180.0;
  const double ratio = geographic.radians_per_unit / degree;
  return std::abs(ratio - 1.0) < 1e-12 ? 1.0 : ratio;
}

[[noreturn]] void refuse(Point p, const Crs& crs) {
  throw Error(
      "crs.transform",
      "the place (" + number_text(p.x) + " " + number_text(p.y) + ") is none in " + crs.label(), {},
      "Check the CRS of the layer and the vertex.");
}

}  // namespace

Earth::Earth(const Crs& crs_) : crs(crs_), geodesic(crs_) {
  const Crs& base = geodetic_base(crs);
  degrees_ = degrees_in(base);
  if (crs.is_geographic()) return;
  to_base_.emplace(crs, base);
  from_base_.emplace(base, crs);
}

LonLat Earth::lon_lat(Point p) const {
  double x = p.x, y = p.y;
  if (to_base_ && to_base_->forward(&x, &y, 1) != 0) refuse(p, crs);
  return {x * degrees_, y * degrees_};
}

std::vector<LonLat> Earth::lon_lat(const Path& path) const {
  std::vector<double> x(path.size()), y(path.size());
  for (std::size_t i = 0; i < path.size(); ++i) {
    x[i] = path[i].x;
    y[i] = path[i].y;
  }
  if (to_base_ && to_base_->forward(x.data(), y.data(), path.size()) != 0)
    for (std::size_t i = 0; i < path.size(); ++i)
      if (std::isnan(x[i])) refuse(path[i], crs);
  std::vector<LonLat> out(path.size());
  for (std::size_t i = 0; i < path.size(); ++i) out[i] = {x[i] * degrees_, y[i] * degrees_};
  return out;
}

Point Earth::place(LonLat degrees) const {
  Point p{degrees.lon_deg / degrees_, degrees.lat_deg / degrees_};
  if (from_base_ && from_base_->forward(&p.x, &p.y, 1) != 0)
    refuse({degrees.lon_deg, degrees.lat_deg}, crs);
  return p;
}

const Earth& earth_of(const Crs& crs) {
  thread_local std::list<Earth> ready;
  for (auto it = ready.begin(); it != ready.end(); ++it) {
    if (!(it->crs == crs)) continue;
    if (it != ready.begin()) ready.splice(ready.begin(), ready, it);
    return ready.front();
  }
  ready.emplace_front(crs);
  if (ready.size() > 8) ready.pop_back();
  return ready.front();
}

LonLat to_lon_lat(Point place, const Crs& crs) {
  return earth_of(crs).lon_lat(place);
}

std::vector<LonLat> to_lon_lat(const Path& path, const Crs& crs) {
  return earth_of(crs).lon_lat(path);
}

Point from_lon_lat(LonLat place, const Crs& crs) {
  return earth_of(crs).place(place);
}

}  // namespace lode
