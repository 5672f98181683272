// Angles of other programs, against rotations written out by hand.
#include "libgeo/estimation/orientation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace lode {
namespace {

using Vector = std::array<double, 3>;

// Turns `v` about the unit axis `k` by an angle, counter-clockwise seen from the axis's end
// (Rodrigues' formula).
Vector turned(const Vector& v, const Vector& k, double degrees) {
  const double a = degrees * std::numbers::pi / 180.0;
  const double s = std::sin(a), c = std::cos(a);
  const double dot = v[0] * k[0] + v[1] * k[1] + v[2] * k[2];
  const Vector cross{k[1] * v[2] - k[2] * v[1], k[2] * v[0] - k[0] * v[2],
                     k[0] * v[1] - k[1] * v[0]};
  Vector out{};
  for (std::size_t i = 0; i < 3; ++i) out[i] = v[i] * c + cross[i] * s + k[i] * dot * (1.0 - c);
  return out;
}

void expect_line(const Vector& a, const Vector& b, const std::string& what) {
  EXPECT_NEAR(std::abs(a[0] * b[0] + a[1] * b[1] + a[2] * b[2]), 1.0, 1e-12) << what;
}

std::vector<Angles> many() {
  std::vector<Angles> list;
  for (double azimuth = 0.0; azimuth < 360.0; azimuth += 24.0)
    for (double dip = -80.0; dip <= 90.0; dip += 17.0)
      for (double rake = -170.0; rake <= 180.0; rake += 35.0) list.push_back({azimuth, dip, rake});
  return list;
}

TEST(Orientation, DatamineTurnsAboutZXZ) {
  for (const Angles& angles : many()) {
    const PlaneAngles plane = plane_angles(angles);
    // Clockwise seen from the end of each axis, carried along: Z, then the new X, then the new Z.
    Vector x{1, 0, 0}, y{0, 1, 0}, z{0, 0, 1};
    x = turned(x, z, -plane.dip_azimuth_deg);
    y = turned(y, z, -plane.dip_azimuth_deg);
    y = turned(y, x, -plane.dip_deg);
    z = turned(z, x, -plane.dip_deg);
    x = turned(x, z, -plane.pitch_deg);
    y = turned(y, z, -plane.pitch_deg);
    const Matrix3 axes = axes_of(angles);
    expect_line(x, axes[0], "major");
    expect_line(y, axes[1], "semi-major");
    expect_line(z, axes[2], "minor");
  }
}

TEST(Orientation, GslibTurnsAsItsMatrixSays) {
  // setrot.for of GSLIB: alpha = 90 - ang1, beta = -ang2, theta = ang3; its first row is the major
  // axis, the second the minor horizontal, the third the vertical one.
  constexpr double degree = std::numbers::pi / 180.0;
  for (const Angles& angles : many()) {
    const GslibAngles gslib = gslib_angles(angles);
    const double alpha = (90.0 - gslib.ang1_deg) * degree, beta = -gslib.ang2_deg * degree,
                 theta = gslib.ang3_deg * degree;
    const double sa = std::sin(alpha), sb = std::sin(beta), st = std::sin(theta);
    const double ca = std::cos(alpha), cb = std::cos(beta), ct = std::cos(theta);
    const Matrix3 axes = axes_of(angles);
    expect_line({cb * ca, cb * sa, -sb}, axes[0], "major");
    expect_line({-ct * sa + st * sb * ca, ct * ca + st * sb * sa, st * cb}, axes[1], "semi-major");
    expect_line({st * sa + ct * sb * ca, -st * ca + ct * sb * sa, ct * cb}, axes[2], "minor");
  }
}

TEST(Orientation, ThereAndBack) {
  for (const Angles& angles : many()) {
    const Matrix3 axes = axes_of(angles);
    const Angles tidy = tidy_angles(angles), back = from_plane_angles(plane_angles(angles));
    EXPECT_GE(tidy.dip_deg, 0.0);
    EXPECT_LE(tidy.dip_deg, 90.0);
    EXPECT_GE(tidy.azimuth_deg, 0.0);
    EXPECT_LT(tidy.azimuth_deg, 360.0);
    EXPECT_GT(tidy.rake_deg, -90.0);
    EXPECT_LE(tidy.rake_deg, 90.0 + 1e-9);
    for (std::size_t i = 0; i < 3; ++i) {
      expect_line(axes_of(tidy)[i], axes[i], "tidy");
      expect_line(axes_of(back)[i], axes[i], "from the plane");
    }
  }
}

// The table of the manual page, worked out with pencil and protractor.
TEST(Orientation, TableOfTheManual) {
  const auto expect = [](Angles angles, double dip, double dip_azimuth, double pitch) {
    const PlaneAngles plane = plane_angles(angles);
    EXPECT_NEAR(plane.dip_deg, dip, 1e-9);
    EXPECT_NEAR(plane.dip_azimuth_deg, dip_azimuth, 1e-9);
    EXPECT_NEAR(plane.pitch_deg, pitch, 1e-9);
  };
  expect({0, 0, 0}, 0, 0, 90);
  expect({90, 0, 0}, 0, 0, 0);
  expect({60, 35, 0}, 35, 60, 90);
  expect({0, 0, 40}, 40, 90, 0);
  EXPECT_EQ(gslib_angles({60, 35, 10}).ang2_deg, -35.0);
}

}  // namespace
}  // namespace lode
