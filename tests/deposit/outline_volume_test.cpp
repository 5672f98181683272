// Outlines against areas of GeographicLib's Planimeter (geodesic edges, WGS 84) and plain products.
#include "libgeo/deposit/outline_volume.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/core/error.h"

namespace lode {
namespace {

std::string code_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_FALSE(error.hint.empty()) << error.code;
    return error.code;
  }
  return "";
}

Geometry box(double west, double south, double east, double north) {
  return polygon_geometry(
      {{west, south}, {east, south}, {east, north}, {west, north}, {west, south}});
}

// Planimeter 2.1.2: 35.47..35.48 N, 115.54..115.53 W, and a hole of 0.004 degrees in it.
constexpr double square_m2 = 1006948.04216;
constexpr double hole_m2 = 161111.68692;

Geometry square() {
  return box(-115.54, 35.47, -115.53, 35.48);
}

OutlineInputs inputs_for(const std::vector<Geometry>& geometry) {
  OutlineInputs inputs;
  inputs.geometry = &geometry;
  inputs.crs = wgs84();
  for (std::size_t i = 0; i < geometry.size(); ++i) inputs.ids.push_back("D" + std::to_string(i));
  inputs.thickness_m = {{}, {30.0}, {}, "30 m"};
  inputs.density_t_m3 = {{}, {2.7}, {}, "2.7 t/m3"};
  inputs.grade = {{}, {0.08}, {}, "8 %"};
  return inputs;
}

TEST(OutlineVolume, AreaThicknessDensityGrade) {
  const std::vector<Geometry> geometry{square()};
  const OutlineResult result = outline_volumes(inputs_for(geometry));
  const OutlineVolume& o = result.outlines.at(0);
  EXPECT_NEAR(o.area_m2, square_m2, 1e-3);
  EXPECT_NEAR(o.volume_m3.base, square_m2 * 30.0, 0.1);
  EXPECT_NEAR(o.tonnage_t.base, square_m2 * 30.0 * 2.7, 0.3);
  EXPECT_NEAR(o.contained_t.base, square_m2 * 30.0 * 2.7 * 0.08, 0.1);
  EXPECT_FALSE(o.volume_m3.ranged());
  EXPECT_THAT(o.basis, testing::HasSubstr("geodesic"));
  EXPECT_NEAR(result.contained_sum_t, o.contained_t.base, 1e-6);
  EXPECT_TRUE(result.findings.empty());
}

TEST(OutlineVolume, HolesAreTakenOff) {
  Geometry holed = square();
  Geometry hole = box(-115.537, 35.473, -115.533, 35.477);
  Path ring = hole.polygons[0].shell;
  std::reverse(ring.begin(), ring.end());
  holed.polygons[0].holes.push_back(ring);
  const std::vector<Geometry> geometry{holed};
  EXPECT_NEAR(outline_volumes(inputs_for(geometry)).outlines[0].area_m2, square_m2 - hole_m2, 1e-3);
}

TEST(OutlineVolume, LowAndHighMultiplyEndByEnd) {
  const std::vector<Geometry> geometry{square()};
  OutlineInputs inputs = inputs_for(geometry);
  inputs.thickness_m = {{20.0}, {30.0}, {50.0}, "field THICK"};
  inputs.grade = {{0.06}, {0.08}, {}, "field GRADE"};
  const OutlineVolume o = outline_volumes(inputs).outlines[0];
  EXPECT_NEAR(o.volume_m3.low, square_m2 * 20.0, 0.1);
  EXPECT_NEAR(o.contained_t.low, square_m2 * 20.0 * 2.7 * 0.06, 0.1);
  EXPECT_NEAR(o.contained_t.high, square_m2 * 50.0 * 2.7 * 0.08, 0.1);
}

TEST(OutlineVolume, AMineGridIsPlanar) {
  const std::vector<Geometry> geometry{box(0, 0, 200, 100)};
  OutlineInputs inputs = inputs_for(geometry);
  inputs.crs = parse_crs("local:m");
  EXPECT_DOUBLE_EQ(outline_volumes(inputs).outlines[0].volume_m3.base, 200.0 * 100.0 * 30.0);
  inputs.crs = parse_crs("local:ft");
  EXPECT_NEAR(outline_volumes(inputs).outlines[0].area_m2, 20000.0 * 0.3048 * 0.3048, 1e-9);
}

TEST(OutlineVolume, WithoutDensityThereIsNoTonnage) {
  const std::vector<Geometry> geometry{square()};
  OutlineInputs inputs = inputs_for(geometry);
  inputs.density_t_m3 = {};
  const OutlineResult result = outline_volumes(inputs);
  EXPECT_TRUE(result.outlines[0].volume_m3.known());
  EXPECT_FALSE(result.outlines[0].tonnage_t.known());
  EXPECT_FALSE(result.outlines[0].contained_t.known());
  EXPECT_TRUE(std::isnan(result.tonnage_sum_t));
}

TEST(OutlineVolume, MissingValuesAreSaidAndNeverZero) {
  const double none = std::nan("");
  const std::vector<Geometry> geometry{square(), box(-115.52, 35.47, -115.51, 35.48),
                                       box(-115.50, 35.47, -115.49, 35.48), point_geometry(0, 0)};
  OutlineInputs inputs = inputs_for(geometry);
  inputs.thickness_m.base = {none, 30.0, 30.0, 30.0};
  inputs.density_t_m3.base = {2.7, none, 2.7, 2.7};
  inputs.grade.base = {0.01, 0.01, none, 0.01};
  const OutlineResult result = outline_volumes(inputs);
  EXPECT_FALSE(result.outlines[0].volume_m3.known());
  EXPECT_FALSE(result.outlines[1].tonnage_t.known());
  EXPECT_FALSE(result.outlines[2].contained_t.known());
  EXPECT_TRUE(std::isnan(result.outlines[3].area_m2));
  for (const char* code :
       {"outline.no_thickness", "outline.no_density", "outline.no_grade", "outline.not_polygon"})
    EXPECT_TRUE(result.findings.has(code)) << code;
}

TEST(OutlineVolume, OverlapIsSaidTouchIsNot) {
  const std::vector<Geometry> touching{square(), box(-115.53, 35.47, -115.52, 35.48)};
  EXPECT_FALSE(outline_volumes(inputs_for(touching)).findings.has("outline.overlap"));
  const std::vector<Geometry> stacked{square(), box(-115.535, 35.47, -115.52, 35.48)};
  EXPECT_TRUE(outline_volumes(inputs_for(stacked)).findings.has("outline.overlap"));
}

TEST(OutlineVolume, StackedOutlinesAreNotAllComparedWithEachOther) {
  // 20,000 on one place make 200 million pairs.
  const std::vector<Geometry> stacked(20000, square());
  OutlineOptions options;
  options.most_overlaps = 50;
  const OutlineResult result = outline_volumes(inputs_for(stacked), options);
  for (const auto& finding : result.findings.list()) {
    EXPECT_TRUE(finding.code != "outline.overlap" || finding.count == 50u);
  }
  EXPECT_TRUE(result.findings.has("outline.overlap"));
}

TEST(OutlineVolume, SameBitsForAnyNumberOfThreads) {
  std::vector<Geometry> geometry;
  for (int i = 0; i < 300; ++i) geometry.push_back(box(i * 0.1, 10.0, i * 0.1 + 0.07, 10.05));
  const OutlineInputs inputs = inputs_for(geometry);
  const OutlineResult one = outline_volumes(inputs, {.jobs = 1});
  const OutlineResult seven = outline_volumes(inputs, {.jobs = 7});
  EXPECT_EQ(one.contained_sum_t, seven.contained_sum_t);
  for (std::size_t i = 0; i < geometry.size(); ++i)
    EXPECT_EQ(one.outlines[i].contained_t.base, seven.outlines[i].contained_t.base);
}

TEST(OutlineVolume, ImpossibleFiguresAreRefused) {
  const std::vector<Geometry> geometry{square()};
  const auto code = [&](auto change) {
    OutlineInputs inputs = inputs_for(geometry);
    change(inputs);
    return code_of([&] { (void)outline_volumes(inputs); });
  };
  EXPECT_EQ(code([](auto& i) { i.thickness_m.base = {-3.0}; }), "deposit.negative");
  EXPECT_EQ(code([](auto& i) { i.thickness_m.low = {40.0}; }), "deposit.range_order");
  EXPECT_EQ(code([](auto& i) { i.density_t_m3.base = {2700.0}; }), "deposit.density");
  EXPECT_EQ(code([](auto& i) { i.grade.base = {8.0}; }), "deposit.grade");
  const std::vector<Geometry> points{point_geometry(0, 0)};
  EXPECT_EQ(code([&](auto& i) { i.geometry = &points; }), "outline.no_polygon");
}

}  // namespace
}  // namespace lode
