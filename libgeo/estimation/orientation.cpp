#include "libgeo/estimation/orientation.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace lode {

namespace {

constexpr double degree = std::numbers::pi / 180.0;

double degrees(double sine, double cosine) {
  return std::atan2(sine, cosine) / degree;
}

// In [0, period), without -0 and without an angle that rounding left a hair under the period.
double wrapped(double angle_deg, double period) {
  double turned = std::fmod(angle_deg, period);
  if (turned < 0.0) turned += period;
  return turned > period - 1e-9 || turned < 1e-12 ? 0.0 : turned;
}

using Vector3 = std::array<double, 3>;

double dot(const Vector3& a, const Vector3& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

}  // namespace

Angles angles_of(const Matrix3& axes) {
  Vector3 major = axes[0];
  // Down; a level axis points to the half with an azimuth below 180.
  constexpr double level = 1e-12;
  const bool is_level = std::abs(major[2]) < level;
  if (major[2] > level ||
      (is_level && (major[0] < -level || (std::abs(major[0]) <= level && major[1] < 0.0))))
    for (double& part : major) part = -part;
  Angles angles;
  const double flat = std::hypot(major[0], major[1]);
  angles.dip_deg = is_level ? 0.0 : degrees(-major[2], flat);
  angles.azimuth_deg = flat < 1e-9 ? 0.0 : wrapped(degrees(major[0], major[1]), 360.0);
  if (flat < 1e-9) angles.dip_deg = 90.0;
  // The semi-major axis of rake 0, and what rake 90 turns it to.
  const Matrix3 upright = axes_of(angles);
  double rake = degrees(dot(axes[1], upright[2]), dot(axes[1], upright[1]));
  rake = wrapped(rake, 180.0);
  angles.rake_deg = rake > 90.0 + 1e-9 ? rake - 180.0 : rake;
  return angles;
}

Angles tidy_angles(const Angles& angles) {
  return angles_of(axes_of(angles));
}

GslibAngles gslib_angles(const Angles& angles) {
  return {angles.azimuth_deg, angles.dip_deg == 0.0 ? 0.0 : -angles.dip_deg, angles.rake_deg};
}

PlaneAngles plane_angles(const Angles& angles) {
  const Matrix3 axes = axes_of(angles);
  Vector3 normal = axes[2];
  if (normal[2] < 0.0)
    for (double& part : normal) part = -part;
  PlaneAngles plane;
  const double flat = std::hypot(normal[0], normal[1]);
  plane.dip_deg = flat < 1e-12 ? 0.0 : degrees(flat, normal[2]);
  // The upward normal leans to where the plane dips.
  plane.dip_azimuth_deg = flat < 1e-12 ? 0.0 : wrapped(degrees(normal[0], normal[1]), 360.0);
  const Angles down_dip{plane.dip_azimuth_deg, plane.dip_deg, 0.0};
  const Angles level{plane.dip_azimuth_deg - 90.0, 0.0, 0.0};
  plane.pitch_deg =
      wrapped(degrees(dot(axes[0], axes_of(down_dip)[0]), dot(axes[0], axes_of(level)[0])), 180.0);
  return plane;
}

Angles from_plane_angles(const PlaneAngles& plane) {
  const Vector3 down = axes_of({plane.dip_azimuth_deg, plane.dip_deg, 0.0})[0];
  const Vector3 level = axes_of({plane.dip_azimuth_deg - 90.0, 0.0, 0.0})[0];
  const double sine = std::sin(plane.pitch_deg * degree),
               cosine = std::cos(plane.pitch_deg * degree);
  Matrix3 axes{};
  for (std::size_t i = 0; i < 3; ++i) {
    axes[0][i] = cosine * level[i] + sine * down[i];
    axes[1][i] = -sine * level[i] + cosine * down[i];
  }
  axes[2] = {axes[0][1] * axes[1][2] - axes[0][2] * axes[1][1],
             axes[0][2] * axes[1][0] - axes[0][0] * axes[1][2],
             axes[0][0] * axes[1][1] - axes[0][1] * axes[1][0]};
  return angles_of(axes);
}

}  // namespace lode
