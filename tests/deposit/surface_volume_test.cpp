// Volumes between surfaces against closed forms, plain sums over cells, and the areas of measure.h.
#include "libgeo/deposit/surface_volume.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "libgeo/core/random.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/geometry/overlay.h"
#include "tests/core/code_of.h"
#include "tests/deposit/height_grid.h"

namespace lode {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

SurfaceVolume against(const RasterSource& top, const RasterSource& base,
                      const SurfaceOptions& options = {}) {
  return surface_volume({.raster = &top}, {.surface = {.raster = &base}}, {}, options).rows.at(0);
}

SurfaceVolume over(const RasterSource& top, double level) {
  return surface_volume({.raster = &top}, {.levels_m = {level}}).rows.at(0);
}

Geometry box(double x0, double y0, double x1, double y1) {
  return polygon_geometry({{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}});
}

TEST(SurfaceVolume, PlaneOverPlane) {
  const HeightGrid top(20, 10, {0, 5, 0, 100, 0, -5}, [](double, double) { return 12.5; });
  const HeightGrid base(20, 10, {0, 5, 0, 100, 0, -5}, [](double, double) { return 10.0; });
  const SurfaceVolume v = against(top, base);
  EXPECT_EQ(v.area_m2, 5000.0);
  EXPECT_EQ(v.cut_m3, 12500.0);
  EXPECT_EQ(v.fill_m3, 0.0);
  EXPECT_EQ(v.net_m3, 12500.0);
  EXPECT_EQ(v.nodata_pct, 0.0);
  EXPECT_EQ(v.above_m2, 5000.0);
  EXPECT_EQ(v.planar_cut_m3, 12500.0);
  EXPECT_EQ(against(base, top).fill_m3, 12500.0);
}

TEST(SurfaceVolume, TiltedPlanesCutAsMuchAsTheyFill) {
  // 400 m wide, rising 0.1 a metre either way about the middle: 400 x 300 x 0.2 x 100 / 2 each,
  // short of it by the triangles that no cell crosses (none: cells meet at the middle).
  const HeightGrid top(40, 30, {0, 10, 0, 300, 0, -10},
                       [](double x, double) { return 50.0 + 0.1 * (x - 200.0); });
  const HeightGrid base(40, 30, {0, 10, 0, 300, 0, -10},
                        [](double x, double) { return 50.0 - 0.1 * (x - 200.0); });
  const SurfaceVolume v = against(top, base);
  EXPECT_NEAR(v.cut_m3, 200.0 * 300.0 * 0.2 * 100.0, 1e-7);
  EXPECT_NEAR(v.fill_m3, v.cut_m3, 1e-7);
  EXPECT_NEAR(v.net_m3, 0.0, 1e-7);
}

TEST(SurfaceVolume, ConeAndParaboloidOnFineGrids) {
  const double radius = 90.0, height = 60.0;
  const std::array<double, 6> place{-100, 0.5, 0, 100, 0, -0.5};
  const HeightGrid cone(400, 400, place, [&](double x, double y) {
    return std::max(0.0, height * (1.0 - std::hypot(x, y) / radius));
  });
  EXPECT_NEAR(over(cone, 0.0).cut_m3 / (std::numbers::pi * radius * radius * height / 3.0), 1.0,
              2e-5);
  const auto bowl = [&](double x, double y) {
    return height * (x * x + y * y) / (radius * radius) - height;
  };
  const HeightGrid paraboloid(400, 400, place, bowl);
  const SurfaceVolume v = over(paraboloid, 0.0);
  EXPECT_NEAR(v.fill_m3 / (std::numbers::pi * radius * radius * height / 2.0), 1.0, 2e-5);
  long double cut = 0.0, fill = 0.0;
  for (int i = 0; i < 400; ++i)
    for (int j = 0; j < 400; ++j) {
      const long double d = bowl(-100 + 0.5 * (i + 0.5), 100 - 0.5 * (j + 0.5));
      (d > 0 ? cut : fill) += std::abs(d) * 0.25L;
    }
  EXPECT_NEAR(v.cut_m3, static_cast<double>(cut), 1e-9 * v.cut_m3);
  EXPECT_NEAR(v.fill_m3, static_cast<double>(fill), 1e-9 * v.fill_m3);
}

TEST(SurfaceVolume, LevelsInOnePassAreThoseOneByOne) {
  const HeightGrid top(70, 50, {0, 2, 0, 100, 0, -2}, [](double x, double y) {
    return 100.0 + 9.0 * std::sin(x / 11.0) * std::cos(y / 7.0);
  });
  const std::vector<double> levels{80.0, 95.0, 99.5, 100.0, 103.0, 120.0};
  const SurfaceResult all = surface_volume({.raster = &top}, {.levels_m = levels});
  ASSERT_EQ(all.rows.size(), levels.size());
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const SurfaceVolume one = over(top, levels[i]);
    EXPECT_EQ(all.rows[i].level_m, levels[i]);
    EXPECT_NEAR(all.rows[i].cut_m3, one.cut_m3, 1e-12 * 14000 * 40);
    EXPECT_NEAR(all.rows[i].fill_m3, one.fill_m3, 1e-12 * 14000 * 40);
    EXPECT_NEAR(all.rows[i].planar_fill_m3, one.fill_m3, 1e-12 * 14000 * 40);
    EXPECT_NEAR(all.rows[i].above_m2, one.above_m2, 1e-9);
    EXPECT_NEAR(all.rows[i].area_m2, one.area_m2, 1e-9);
  }
  EXPECT_EQ(all.rows.front().fill_m3, 0.0);
  EXPECT_EQ(all.rows.back().cut_m3, 0.0);
}

TEST(SurfaceVolume, ZonesCutCellsExactly) {
  const HeightGrid top(4, 4, {0, 10, 0, 40, 0, -10}, [](double, double) { return 2.0; });
  // A triangle over half the square, one of half a cell, and one that leaves a hole.
  Geometry ring = box(0, 0, 40, 40);
  ring.polygons[0].holes.push_back({{5, 5}, {5, 20}, {20, 20}, {20, 5}, {5, 5}});
  const std::vector<Geometry> zones{polygon_geometry({{0, 0}, {40, 0}, {0, 40}, {0, 0}}),
                                    polygon_geometry({{10, 10}, {20, 10}, {20, 20}, {10, 10}}),
                                    ring};
  const SurfaceResult r =
      surface_volume({.raster = &top}, {.levels_m = {0.0}}, {&zones, {"a", "b", "c"}});
  ASSERT_EQ(r.rows.size(), 3U);
  EXPECT_NEAR(r.rows[0].cut_m3, 1600.0, 1e-9);
  EXPECT_NEAR(r.rows[1].cut_m3, 100.0, 1e-10);
  EXPECT_NEAR(r.rows[2].cut_m3, 2.0 * (1600.0 - 225.0), 1e-9);
  EXPECT_NEAR(r.rows[2].planar_area_m2, 1375.0, 1e-9);
  for (const auto& row : r.rows) EXPECT_EQ(row.nodata_pct, 0.0);
}

TEST(SurfaceVolume, SharesOfZonesAgreeWithOverlaysByGeos) {
  const HeightGrid top(30, 20, {5, 3, 0, 70, 0, -3}, [](double x, double) { return x; });
  // A star: every edge runs through many cells.
  Path star;
  for (int i = 0; i <= 14; ++i) {
    const double angle = std::numbers::pi * i / 7.0, r = i % 2 == 0 ? 28.0 : 9.0;
    star.push_back({48.0 + r * std::cos(angle), 40.0 + r * std::sin(angle)});
  }
  star.back() = star.front();
  const std::vector<Geometry> zones{polygon_geometry(star)};
  const SurfaceVolume v =
      surface_volume({.raster = &top}, {.levels_m = {0.0}}, {&zones, {"star"}}).rows.at(0);
  double cut = 0.0, area = 0.0;
  for (int c = 0; c < 30; ++c)
    for (int r = 0; r < 20; ++r) {
      const double x = 5.0 + 3.0 * c, y = 70.0 - 3.0 * r;
      const Geometry part = intersection(zones[0], box(x, y - 3.0, x + 3.0, y));
      const double share = area_m2(part, parse_crs("local:m"));
      area += share;
      cut += share * (x + 1.5);
    }
  EXPECT_NEAR(v.area_m2, area, 1e-9);
  EXPECT_NEAR(v.cut_m3, cut, 1e-7);
}

TEST(SurfaceVolume, HolesCountAsMissingAndAreSaid) {
  const auto surface = [](double x, double y) { return x < 30.0 && y > 70.0 ? kNan : 5.0; };
  const HeightGrid top(10, 10, {0, 10, 0, 100, 0, -10}, surface);
  const HeightGrid base(
      10, 10, {0, 10, 0, 100, 0, -10}, [](double x, double) { return x > 90.0 ? -999.0 : 4.0; },
      -999.0);
  const SurfaceResult r = surface_volume({.raster = &top}, {.surface = {.raster = &base}});
  EXPECT_NEAR(r.rows[0].area_m2, 10000.0 - 900.0 - 1000.0, 1e-9);
  EXPECT_NEAR(r.rows[0].cut_m3, 8100.0, 1e-9);
  EXPECT_NEAR(r.rows[0].nodata_pct, 19.0, 1e-9);
  EXPECT_TRUE(r.findings.has("surface.nodata"));
  // A zone that reaches beyond TOP by half.
  const std::vector<Geometry> zones{box(80, 0, 120, 10), box(500, 500, 600, 600)};
  const SurfaceResult far =
      surface_volume({.raster = &top}, {.levels_m = {0.0}}, {&zones, {"a", "b"}});
  EXPECT_NEAR(far.rows[0].nodata_pct, 50.0, 1e-9);
  EXPECT_TRUE(far.rows[1].empty());
  EXPECT_TRUE(far.findings.has("surface.zone_empty"));
}

// The area of a zone of the ellipsoid south of a parallel (Snyder 1987, 3-12), a radian wide.
double zone_area(const Crs& crs, double lat_deg) {
  const double f = 1.0 / crs.inverse_flattening, e2 = f * (2.0 - f), e = std::sqrt(e2);
  const double s = std::sin(lat_deg * std::numbers::pi / 180.0);
  return crs.semi_major_m * crs.semi_major_m * (1.0 - e2) / 2.0 *
         (s / (1.0 - e2 * s * s) + std::log((1.0 + e * s) / (1.0 - e * s)) / (2.0 * e));
}

TEST(SurfaceVolume, CellsInDegreesHaveTheirTrueAreas) {
  const HeightGrid world(
      360, 180, {-180, 1, 0, 90, 0, -1}, [](double, double) { return 1.0; }, kNan, wgs84());
  const double earth = 4.0 * std::numbers::pi * zone_area(wgs84(), 90.0);
  EXPECT_NEAR(over(world, 0.0).cut_m3 / earth, 1.0, 1e-13);
  EXPECT_TRUE(std::isnan(over(world, 0.0).planar_cut_m3));
  const HeightGrid row(
      10, 3, {20, 1, 0, 63, 0, -1}, [](double, double y) { return y; }, kNan, wgs84());
  double expected = 0.0;
  for (const double lat : {60.0, 61.0, 62.0})
    expected += (zone_area(wgs84(), lat + 1.0) - zone_area(wgs84(), lat)) * 10.0 *
                std::numbers::pi / 180.0 * (lat + 0.5);
  EXPECT_NEAR(over(row, 0.0).cut_m3 / expected, 1.0, 1e-12);
}

TEST(SurfaceVolume, AreasOfProjectedCellsAreThoseOnTheEllipsoid) {
  // UTM far from its meridian, Lambert conformal in US feet, polar stereographic over the pole,
  // Albers equal area, a turned UTM grid, and degrees turned.
  struct Case {
    const char* crs;
    std::array<double, 6> place;
  };
  for (const Case& c : {Case{"EPSG:32629", {780000, 30, 0, 7000000, 0, -30}},
                        Case{"EPSG:2225", {6000000, 500, 0, 2200000, 0, -500}},
                        Case{"EPSG:3413", {-40000, 400, 0, 40000, 0, -400}},
                        Case{"EPSG:5070", {-1500000, 900, 0, 2500000, 0, -900}},
                        Case{"EPSG:32629", {500000, 25, 10, 4000000, 10, -25}},
                        Case{"EPSG:4326", {10, 0.01, 0.003, 50, 0.002, -0.01}}}) {
    const Crs crs = parse_crs(c.crs);
    const HeightGrid grid(
        200, 160, c.place, [](double, double) { return 1.0; }, kNan, crs);
    const auto& t = c.place;
    const auto at = [&](double u, double v) {
      return Point{t[0] + u * t[1] + v * t[2], t[3] + u * t[4] + v * t[5]};
    };
    const Geometry outline =
        polygon_geometry({at(0, 160), at(200, 160), at(200, 0), at(0, 0), at(0, 160)});
    const SurfaceVolume v = over(grid, 0.0);
    EXPECT_NEAR(v.cut_m3 / area_m2(outline, crs, Edges::straight), 1.0, 3e-9) << c.crs << t[0];
    EXPECT_EQ(v.nodata_pct, 0.0);
    if (std::string(c.crs) == "EPSG:5070") {
      EXPECT_NEAR(v.cut_m3 / v.planar_cut_m3, 1.0, 2e-9);
    }
  }
}

TEST(SurfaceVolume, GridsThatDifferAreCutAtEachOthersEdges) {
  const auto height = [](double x, double y) { return 0.3 * x - 0.1 * y + std::sin(x * y / 50.0); };
  const auto under = [](double x, double y) { return 0.2 * x + std::cos(x + y); };
  const HeightGrid top(12, 9, {2, 3, 0, 31, 0, -3}, height);
  // Other cells, other place, south up, and not over all of TOP.
  const HeightGrid base(13, 20, {5.5, 2.2, 0, 1.3, 0, 1.7}, under);
  const SurfaceResult r = surface_volume({.raster = &top}, {.surface = {.raster = &base}});
  EXPECT_TRUE(r.findings.has("surface.grids_differ"));
  double cut = 0.0, fill = 0.0, area = 0.0;
  for (int c = 0; c < 12; ++c)
    for (int s = 0; s < 9; ++s)
      for (int k = 0; k < 13; ++k)
        for (int l = 0; l < 20; ++l) {
          const double x0 = std::max(2.0 + 3.0 * c, 5.5 + 2.2 * k);
          const double x1 = std::min(5.0 + 3.0 * c, 7.7 + 2.2 * k);
          const double y0 = std::max(28.0 - 3.0 * s, 1.3 + 1.7 * l);
          const double y1 = std::min(31.0 - 3.0 * s, 3.0 + 1.7 * l);
          if (!(x0 < x1 && y0 < y1)) continue;
          const double d =
              height(3.5 + 3.0 * c, 29.5 - 3.0 * s) - under(6.6 + 2.2 * k, 2.15 + 1.7 * l);
          const double a = (x1 - x0) * (y1 - y0);
          area += a;
          (d > 0.0 ? cut : fill) += a * std::abs(d);
        }
  EXPECT_NEAR(r.rows[0].area_m2, area, 1e-9);
  EXPECT_NEAR(r.rows[0].cut_m3, cut, 1e-9);
  EXPECT_NEAR(r.rows[0].fill_m3, fill, 1e-9);
  EXPECT_NEAR(r.rows[0].planar_cut_m3, cut, 1e-9);
  EXPECT_NEAR(r.rows[0].nodata_pct, 100.0 * (1.0 - area / (36.0 * 27.0)), 1e-9);
  // Seen from BASE the two change places.
  EXPECT_NEAR(against(base, top).fill_m3, cut, 1e-9);
}

TEST(SurfaceVolume, TurnedGridsAreSampledOnlyWhenAskedFor) {
  const auto plane = [](double x, double y) { return 3.0 + 0.2 * x - 0.1 * y; };
  const HeightGrid top(20, 20, {0, 1, 0, 20, 0, -1}, plane);
  const double c = std::cos(0.3), s = std::sin(0.3);
  const HeightGrid base(80, 80, {-15, c, s, 25, s, -c},
                        [&](double x, double y) { return plane(x, y) - 1.0; });
  EXPECT_EQ(code_of([&] { static_cast<void>(against(top, base)); }), "surface.turned");
  const SurfaceResult r = surface_volume({.raster = &top}, {.surface = {.raster = &base}}, {},
                                         {.resample = Resample::bilinear});
  // Bilinear between the centres is right for a plane.
  EXPECT_NEAR(r.rows[0].cut_m3, r.rows[0].area_m2, 1e-9);
  EXPECT_TRUE(r.findings.has("surface.resampled"));
  const SurfaceVolume nearest = against(top, base, {.resample = Resample::nearest});
  EXPECT_NEAR(nearest.net_m3, nearest.area_m2, 0.02 * nearest.area_m2);
  EXPECT_NE(nearest.net_m3, nearest.area_m2);
}

TEST(SurfaceVolume, SameBitsForAnyNumberOfThreadsAndPartsAddUp) {
  const Crs utm = parse_crs("EPSG:32629");
  const Random random{7, 1};
  std::vector<double> noise(600 * 500);
  for (std::size_t i = 0; i < noise.size(); ++i) noise[i] = random.uniform(i);
  const auto rough = [&](double x, double y) {
    const auto i = static_cast<std::size_t>((x - 400000.0) / 5.0);
    const auto j = static_cast<std::size_t>((5000000.0 - y) / 5.0);
    return 100.0 * noise[j * 600 + i];
  };
  const std::array<double, 6> place{400000, 5, 0, 5000000, 0, -5};
  const HeightGrid top(600, 500, place, rough, kNan, utm);
  const HeightGrid base(
      600, 500, place, [](double x, double) { return x - 401450.0; }, kNan, utm);
  const SurfaceVolume one = against(top, base, {.jobs = 1});
  for (const int jobs : {2, 3, 7}) {
    const SurfaceVolume other = against(top, base, {.jobs = jobs});
    EXPECT_EQ(one.cut_m3, other.cut_m3);
    EXPECT_EQ(one.fill_m3, other.fill_m3);
    EXPECT_EQ(one.area_m2, other.area_m2);
    EXPECT_EQ(one.planar_cut_m3, other.planar_cut_m3);
  }
  const std::vector<Geometry> halves{
      polygon_geometry(
          {{400000, 4997500}, {403000, 4997500}, {400000, 5000000}, {400000, 4997500}}),
      polygon_geometry(
          {{403000, 4997500}, {403000, 5000000}, {400000, 5000000}, {403000, 4997500}})};
  const SurfaceResult parts =
      surface_volume({.raster = &top}, {.surface = {.raster = &base}}, {&halves, {"a", "b"}});
  EXPECT_NEAR((parts.rows[0].cut_m3 + parts.rows[1].cut_m3) / one.cut_m3, 1.0, 1e-12);
  EXPECT_NEAR((parts.rows[0].fill_m3 + parts.rows[1].fill_m3) / one.fill_m3, 1.0, 1e-12);
  EXPECT_NEAR((parts.rows[0].area_m2 + parts.rows[1].area_m2) / one.area_m2, 1.0, 1e-12);
}

TEST(SurfaceVolume, RefusesWhatHasNoAnswer) {
  const std::array<double, 6> place{0, 1, 0, 10, 0, -1};
  const auto flat = [](double, double) { return 1.0; };
  const HeightGrid top(10, 10, place, flat);
  const auto code = [&](const RasterSource& base) {
    return code_of([&] { static_cast<void>(against(top, base)); });
  };
  EXPECT_EQ(code(HeightGrid(10, 10, place, flat, kNan, wgs84())), "surface.other_crs");
  EXPECT_EQ(code(HeightGrid(10, 10, {500, 1, 0, 10, 0, -1}, flat)), "surface.no_overlap");
  EXPECT_EQ(code(HeightGrid(10, 10, place, [](double, double) { return kNan; })),
            "surface.no_overlap");
  EXPECT_EQ(
      code(HeightGrid(10, 10, place, [](double x, double) { return x < 1 ? INFINITY : 1.0; })),
      "raster.not_finite");
  for (const double fill : {-9999.0, -32768.0, -3.4e38})
    EXPECT_EQ(code(HeightGrid(10, 10, place, [=](double x, double) { return x < 1 ? fill : 1.0; })),
              "raster.nodata_unset");
  EXPECT_EQ(code_of([&] { static_cast<void>(surface_volume({.raster = &top}, {})); }),
            "surface.levels");
  EXPECT_EQ(code_of([&] {
              static_cast<void>(surface_volume({.raster = &top}, {.levels_m = {2, 1}}));
            }),
            "surface.levels");
  // Mollweide's corners lie on no Earth.
  const HeightGrid moll(40, 20, {-18e6, 9e5, 0, 9e6, 0, -9e5}, flat, kNan, parse_crs("ESRI:54009"));
  EXPECT_EQ(code_of([&] { static_cast<void>(over(moll, 0.0)); }), "surface.area");
  // Large cells of BASE's kind, counted before anything is read.
  const HeightGrid one(1, 1, {0, 1e5, 0, 1e5, 0, -1e5}, flat);
  const HeightGrid fine(100000, 100000, {0, 1, 0, 1e5, 0, -1}, flat);
  EXPECT_EQ(code_of([&] { static_cast<void>(against(one, fine)); }), "surface.too_different");
}

TEST(SurfaceVolume, HeightsAndLevelsThatCannotBeAreRefused) {
  const auto grid = [](double height, bool single) {
    return HeightGrid(
        4, 3, {0, 10, 0, 30, 0, -10}, [height](double x, double) { return x < 10 ? height : 1.0; },
        std::numeric_limits<double>::quiet_NaN(), parse_crs("local:m"), single);
  };
  const HeightGrid good = grid(2.0, true);
  for (const double level : {1e20, -1e20, 1e300, 1.1e6})
    EXPECT_EQ(code_of([&] { (void)surface_volume({.raster = &good}, {.levels_m = {level}}); }),
              "surface.levels");
  EXPECT_NEAR(surface_volume({.raster = &good}, {.levels_m = {1e6}}).rows[0].fill_m3,
              1200.0 * 1e6 - 300.0 * 2.0 - 900.0, 1e-3);
  for (const double height : {1e20, -1e20, 2e6})
    for (const bool single : {true, false}) {
      const HeightGrid bad = grid(height, single);
      EXPECT_EQ(code_of([&] { (void)surface_volume({.raster = &bad}, {.levels_m = {0.0}}); }),
                "surface.height");
      EXPECT_EQ(
          code_of([&] { (void)surface_volume({.raster = &good}, {.surface = {.raster = &bad}}); }),
          "surface.height");
    }
}

}  // namespace
}  // namespace lode
