// Topocentric axes, arcs for chords, and the ellipsoid met again along the vertical.
#include "libgeo/environment/near_ground_frame.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lode {
namespace {

constexpr double kDegree = std::numbers::pi / 180.0;

double dot(const EarthXyz& a, const EarthXyz& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

}  // namespace

NearFigure::NearFigure(const Geodesic& geodesic)
    : a(geodesic.semi_major_m()),
      e2(geodesic.flattening() * (2.0 - geodesic.flattening())),
      planar(false) {}

EarthXyz NearFigure::xyz(Point degrees) const {
  if (planar) return {degrees.x, degrees.y, 0.0};
  const double lon = degrees.x * kDegree, lat = degrees.y * kDegree;
  const double sin_lat = std::sin(lat), cos_lat = std::cos(lat);
  const double n = a / std::sqrt(1.0 - e2 * sin_lat * sin_lat);
  return {n * cos_lat * std::cos(lon), n * cos_lat * std::sin(lon), n * (1.0 - e2) * sin_lat};
}

NearFrame::NearFrame(const NearFigure& figure, Point centre_degrees)
    : figure_(figure), centre_(centre_degrees), origin_(figure.xyz(centre_degrees)) {
  if (figure.planar) return;
  const double lon = centre_.x * kDegree, lat = centre_.y * kDegree;
  const double sin_lat = std::sin(lat), cos_lat = std::cos(lat);
  east_ = {-std::sin(lon), std::cos(lon), 0.0};
  north_ = {-sin_lat * std::cos(lon), -sin_lat * std::sin(lon), cos_lat};
  up_ = {cos_lat * std::cos(lon), cos_lat * std::sin(lon), sin_lat};
  const double w2 = 1.0 - figure.e2 * sin_lat * sin_lat;
  across_ = std::sqrt(w2) / figure.a;
  along_ = w2 * across_ / (1.0 - figure.e2);
}

Point NearFrame::forward(const EarthXyz& place) const {
  const EarthXyz d{place[0] - origin_[0], place[1] - origin_[1], place[2] - origin_[2]};
  if (figure_.planar) return {d[0], d[1]};
  const double e = dot(d, east_), n = dot(d, north_);
  const double h2 = e * e + n * n;
  if (h2 == 0.0) return {0.0, 0.0};
  const double h = std::sqrt(h2);
  const double curvature = (n * n * along_ + e * e * across_) / h2;
  const double bent = std::min(1.0, h * curvature);
  const double stretch = std::asin(bent) / bent;
  return {e * stretch, n * stretch};
}

Point NearFrame::inverse(Point xy) const {
  if (figure_.planar) return {xy.x + origin_[0], xy.y + origin_[1]};
  const double s2 = xy.x * xy.x + xy.y * xy.y;
  if (s2 == 0.0) return centre_;
  const double curvature = (xy.y * xy.y * along_ + xy.x * xy.x * across_) / s2;
  const double angle = std::min(0.5 * std::numbers::pi, std::sqrt(s2) * curvature);
  const double shrink = std::sin(angle) / angle;
  const double e = xy.x * shrink, n = xy.y * shrink;
  EarthXyz p;
  for (int k = 0; k < 3; ++k) p[k] = origin_[k] + e * east_[k] + n * north_[k];
  // Down to the ellipsoid: |(x, y, z / sqrt(1 - e2))| = a, z stretched so that it is a sphere.
  const double z_scale = 1.0 / (1.0 - figure_.e2);
  const double qa = up_[0] * up_[0] + up_[1] * up_[1] + up_[2] * up_[2] * z_scale;
  const double qb = p[0] * up_[0] + p[1] * up_[1] + p[2] * up_[2] * z_scale;
  const double qc = p[0] * p[0] + p[1] * p[1] + p[2] * p[2] * z_scale - figure_.a * figure_.a;
  const double root = std::sqrt(std::max(0.0, qb * qb - qa * qc));
  const double u = -qc / (qb + root);
  for (int k = 0; k < 3; ++k) p[k] += u * up_[k];
  const double across = std::hypot(p[0], p[1]);
  return {std::atan2(p[1], p[0]) / kDegree,
          std::atan2(p[2], (1.0 - figure_.e2) * across) / kDegree};
}

}  // namespace lode
