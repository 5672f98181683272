// One orientation of an ellipsoid in the angles of the programs that geologists use.
#pragma once

#include "libgeo/estimation/variogram_model.h"

namespace lode {

/// The angles whose `axes_of` are these axes: azimuth in [0, 360), dip in [0, 90] (the major axis
/// points down or level), rake in (-90, 90]. Axes are lines: their signs are not kept.
[[nodiscard]] Angles angles_of(const Matrix3& axes);
/// The same ellipsoid in the form that `angles_of` gives.
[[nodiscard]] Angles tidy_angles(const Angles& angles);

/// GSLIB's rotation (Deutsch and Journel 1998, p. 27).
struct GslibAngles {
  double ang1_deg = 0.0;  ///< azimuth
  double ang2_deg = 0.0;  ///< minus the dip: negative points down
  double ang3_deg = 0.0;  ///< rake
};
[[nodiscard]] GslibAngles gslib_angles(const Angles& angles);

/// The plane of the major and semi-major axis, and where in it the major axis points: Leapfrog's
/// dip, dip azimuth and pitch. Pitch runs in the plane from its level line at dip azimuth - 90,
/// downwards, 0 to 180 (excluded). A level plane has dip azimuth 0; then pitch 90 is north.
///
/// The same three numbers as (dip azimuth, dip, pitch) are Datamine's angles 1 to 3 about the axes
/// 3, 1, 3 (Z, X, Z), each clockwise seen from the axis's end, where the first distance (X) is the
/// major range, the second (Y) the semi-major and the third (Z) the minor.
struct PlaneAngles {
  double dip_deg = 0.0;
  double dip_azimuth_deg = 0.0;
  double pitch_deg = 0.0;
};
[[nodiscard]] PlaneAngles plane_angles(const Angles& angles);
/// The way back.
[[nodiscard]] Angles from_plane_angles(const PlaneAngles& plane);

}  // namespace lode
