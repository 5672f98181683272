// Where water goes: planes, valleys, hollows and ridges in closed form, turned grids, sums of
// areas.
#include "libgeo/environment/drainage.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "libgeo/geometry/measure.h"
#include "tests/core/code_of.h"
#include "tests/environment/drainage_grids.h"

namespace lode::test {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double degree = std::numbers::pi / 180.0;

double as_double(std::size_t i) {
  return static_cast<double>(i);
}

// Every cell comes to a way out, never in a circle, never uphill.
void expect_drained(const Drainage& d) {
  for (std::size_t first = 0; first < d.direction.size(); ++first) {
    if (d.direction[first] == drainage_none) continue;
    std::size_t cell = first, steps = 0;
    while (d.direction[cell] != drainage_out) {
      ASSERT_LT(d.direction[cell], 8);
      const std::size_t to = next_of(d, cell);
      ASSERT_LE(d.filled.height_m[to], d.filled.height_m[cell]);
      ASSERT_LE(++steps, d.direction.size());
      cell = to;
    }
  }
}

TEST(Drain, ATiltedPlaneSendsEachRowAcross) {
  const Drainage d = drain(grid_of(12, 7, [](auto c, auto) { return 100.0 - as_double(c); }));
  for (std::size_t r = 0; r < 7; ++r)
    for (std::size_t c = 0; c < 12; ++c) {
      EXPECT_EQ(d.direction[r * 12 + c], c == 11 ? drainage_out : 0);
      EXPECT_NEAR(d.upstream_m2[r * 12 + c], 100.0 * as_double(c + 1), 1e-9);
    }
  EXPECT_EQ(d.filled_cells, 0U);
  EXPECT_TRUE(d.findings.empty());
}

TEST(Drain, ASlopeAcrossCornersGoesAcrossCorners) {
  const Drainage d = drain(grid_of(9, 9, [](auto c, auto r) { return 50.0 - as_double(c + r); }));
  // Steepest towards the corner: 2 m on 14.14 m against 1 m on 10 m.
  EXPECT_EQ(d.direction[0], 1);
  EXPECT_NEAR(d.upstream_m2[70], 800.0, 1e-9);
  EXPECT_NEAR(d.upstream_m2[80], 8100.0, 1e-8);
  EXPECT_EQ(d.direction[8], 2);  // on the edge there is no corner to go to
}

// 11 columns, sides of 10 m in 100, a bed that falls 1 m a row to the last one.
Height valley() {
  return [](auto c, auto r) { return std::abs(as_double(c) - 5.0) + 0.1 * (19.0 - as_double(r)); };
}

TEST(Drain, AValleyGathersItsRows) {
  const Drainage d = drain(grid_of(11, 20, valley()));
  for (std::size_t r = 0; r < 20; ++r) {
    EXPECT_NEAR(d.upstream_m2[r * 11 + 5], 1100.0 * as_double(r + 1), 1e-8);
    EXPECT_NEAR(d.upstream_m2[r * 11 + 2], 300.0, 1e-9);
  }
  EXPECT_EQ(d.direction[19 * 11 + 5], drainage_out);
}

TEST(Drain, AHollowIsFilledByItsVolume) {
  // A plane of 1 in 10 falling east, with 3 x 3 cells at 80 m; the way out is at their eastern
  // side.
  const auto height = [](std::size_t c, std::size_t r) {
    const bool hollow = c >= 4 && c <= 6 && r >= 3 && r <= 5;
    return hollow ? 80.0 : 100.0 - as_double(c);
  };
  const Drainage d = drain(grid_of(12, 9, height));
  EXPECT_EQ(d.filled_cells, 9U);
  EXPECT_NEAR(d.filled_m3, 9 * 100.0 * (93.0 - 80.0), 1e-6);
  EXPECT_EQ(d.filled.height_m[4 * 12 + 5], 93.0);
  expect_drained(d);
  EXPECT_NEAR(outlet_sum_m2(d), 12 * 9 * 100.0, 1e-7);
  EXPECT_TRUE(d.findings.has("drainage.filled"));
}

TEST(Drain, ARidgeDividesTwoBasins) {
  // The ridge lies in column 8 of 20 and falls to the south by nothing: cells go east or west.
  const Drainage d =
      drain(grid_of(20, 10, [](auto c, auto) { return 90.0 - std::abs(as_double(c) - 8.0); }));
  double west = 0.0, east = 0.0;
  for (std::size_t r = 0; r < 10; ++r) {
    west += d.upstream_m2[r * 20];
    east += d.upstream_m2[r * 20 + 19];
  }
  EXPECT_NEAR(west, 8 * 10 * 100.0, 1e-8);
  EXPECT_NEAR(east, 12 * 10 * 100.0, 1e-8);  // the crest too: of equal ways the first
}

TEST(Drain, AFlatLakeDrainsThroughItsNotch) {
  // Level ground within a rim; one cell of the rim is cut down to the level.
  const auto height = [](std::size_t c, std::size_t r) {
    const bool rim = c == 0 || r == 0 || c == 30 || r == 24;
    if (c == 30 && r == 7) return 10.0;
    return rim ? 20.0 : 10.0;
  };
  const Drainage d = drain(grid_of(31, 25, height));
  expect_drained(d);
  EXPECT_EQ(d.direction[7 * 31 + 30], drainage_out);
  // All of the lake and the notch; the rim is level along itself and leaves at the edge.
  EXPECT_GE(d.upstream_m2[7 * 31 + 30], (29 * 23 + 1) * 100.0);
  EXPECT_EQ(d.filled_cells, 0U);
}

TEST(Drain, FlatsRunTowardsTheWayOutAndAwayFromTheSides) {
  // A level channel five cells wide between banks: its middle gathers the water (Barnes 2014b).
  const auto height = [](std::size_t c, std::size_t r) {
    if (c == 39) return r >= 1 && r <= 5 ? 9.0 : 30.0;
    if (c == 0) return 30.0;
    return r == 0 || r == 6 ? 30.0 : 10.0;
  };
  const Drainage d = drain(grid_of(40, 7, height));
  expect_drained(d);
  const auto water = [&](std::size_t r) { return d.upstream_m2[r * 40 + 38]; };
  EXPECT_GT(water(3), 10.0 * water(1));
  EXPECT_GT(water(3), 10.0 * water(5));
}

// A bed between walls: out at the left, 10, then hollows of 4 and 1 with 8 between them.
ElevationGrid two_hollows() {
  const std::array<double, 6> bed{0, 10, 4, 8, 1, 60};
  return grid_of(6, 3, [bed](auto c, auto r) { return r == 1 ? bed[c] : 100.0 + as_double(c); });
}

TEST(Drain, HollowsDeeperThanAllowedStay) {
  const auto drained = [&](double most) { return drain(two_hollows(), {.most_fill_m = most}); };
  EXPECT_NEAR(drained(1e9).filled_m3, (6 + 2 + 9) * 100.0, 1e-9);
  EXPECT_NEAR(drained(9.0).filled_m3, (6 + 2 + 9) * 100.0, 1e-9);
  const Drainage one = drained(5.0);  // the deep one stays, 4 m are filled to run over into it
  EXPECT_EQ(one.sinks, 1U);
  EXPECT_NEAR(one.filled_m3, 400.0, 1e-9);
  EXPECT_EQ(one.direction[6 + 4], drainage_out);
  EXPECT_TRUE(one.findings.has("drainage.sinks"));
  expect_drained(one);
  EXPECT_NEAR(outlet_sum_m2(one), 1800.0, 1e-9);
  EXPECT_EQ(drained(4.0).sinks, 1U);
  const Drainage both = drained(3.0);
  EXPECT_EQ(both.sinks, 2U);
  EXPECT_EQ(both.filled_m3, 0.0);
  EXPECT_EQ(drained(0.0).filled_m3, 0.0);
}

TEST(Drain, TheDepthOfAHollowDecidesOnHills) {
  // Against the definition: no limit leaves no sink, a limit below every hollow leaves each local
  // lowest place, and what is filled never exceeds the limit by more than it may.
  const auto height = hills(4);
  const ElevationGrid grid = grid_of(120, 90, height);
  std::size_t before = 1000000;
  for (const double most : {0.0, 0.5, 2.0, 8.0, 1e9}) {
    const Drainage d = drain(grid_of(120, 90, height), {.most_fill_m = most});
    expect_drained(d);
    EXPECT_LE(d.sinks, before);
    before = d.sinks;
    for (std::size_t i = 0; i < grid.size(); ++i)
      ASSERT_LE(d.filled.height_m[i] - grid.height_m[i], most);
    EXPECT_NEAR(outlet_sum_m2(d), 120 * 90 * 100.0, 1e-5);
  }
  EXPECT_EQ(before, 0U);
  std::size_t pits = 0;
  for (std::size_t r = 1; r < 89; ++r)
    for (std::size_t c = 1; c < 119; ++c) {
      bool pit = true;
      for (std::size_t b = r - 1; b <= r + 1; ++b)
        for (std::size_t a = c - 1; a <= c + 1; ++a)
          pit = pit && grid.height_m[b * 120 + a] >= grid.height_m[r * 120 + c];
      pits += pit;
    }
  EXPECT_GT(pits, 10U);
  EXPECT_EQ(drain(grid_of(120, 90, height), {.most_fill_m = 0.0}).sinks, pits);
}

// Relaxation until nothing changes, slow and plain: what priority flood must come to.
TEST(Drain, FillsAsFarAsPlainRelaxation) {
  auto height = hills(9);
  const auto holes = [&](std::size_t c, std::size_t r) {
    return c > 30 && c < 36 && r > 40 && r < 44 ? kNan : height(c, r);
  };
  const ElevationGrid grid = grid_of(70, 60, holes);
  std::vector<double> level(grid.size(), 1e9);
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t r = 0; r < 60; ++r)
      for (std::size_t c = 0; c < 70; ++c) {
        const std::size_t i = r * 70 + c;
        if (std::isnan(grid.height_m[i])) continue;
        double lowest = r == 0 || c == 0 || r == 59 || c == 69 ? -1e9 : 1e9;
        if (lowest > 0)
          for (std::size_t b = r - 1; b <= r + 1; ++b)
            for (std::size_t a = c - 1; a <= c + 1; ++a)
              lowest = std::min(lowest,
                                std::isnan(grid.height_m[b * 70 + a]) ? -1e9 : level[b * 70 + a]);
        const double now = std::max(grid.height_m[i], lowest);
        if (now < level[i]) {
          level[i] = now;
          changed = true;
        }
      }
  }
  const Drainage d = drain(grid_of(70, 60, holes));
  for (std::size_t i = 0; i < grid.size(); ++i) {
    if (!std::isnan(level[i]) && !std::isnan(grid.height_m[i])) {
      ASSERT_EQ(d.filled.height_m[i], level[i]);
    } else {
      ASSERT_EQ(d.direction[i], drainage_none);
    }
  }
  expect_drained(d);
  EXPECT_NEAR(outlet_sum_m2(d), (70 * 60 - 5 * 3) * 100.0, 1e-6);
  EXPECT_TRUE(d.findings.has("drainage.holes"));
}

TEST(Drain, NoDataThatReachesTheEdgeIsNoHole) {
  const auto coast = [](auto c, auto r) { return c + r < 6 ? kNan : as_double(c + r); };
  const Drainage d = drain(grid_of(20, 20, coast));
  EXPECT_FALSE(d.findings.has("drainage.holes"));
  EXPECT_EQ(d.direction[0], drainage_none);
  EXPECT_EQ(d.direction[6], drainage_out);
}

// Grids turned by quarters and mirrored give the turned result: all of it where no flat leaves a
// choice of equal rank, which goes by the order of the directions.
TEST(Drain, TurnedGridsDrainTurned) {
  const std::size_t n = 80;
  const auto height = hills(2);
  const auto turn = [&](std::size_t& c, std::size_t& r, int how) {
    for (int k = 0; k < how % 4; ++k) {
      const std::size_t was = c;
      c = r;
      r = n - 1 - was;
    }
    if (how >= 4) std::swap(c, r);
  };
  for (const double most : {0.0, 1e9}) {
    const Drainage straight = drain(grid_of(n, n, height), {.most_fill_m = most});
    for (int how = 1; how < 8; ++how) {
      const auto other = [&](std::size_t c, std::size_t r) {
        turn(c, r, how);
        return height(c, r);
      };
      const Drainage turned = drain(grid_of(n, n, other), {.most_fill_m = most});
      EXPECT_NEAR(turned.filled_m3, straight.filled_m3, 1e-9 * straight.filled_m3);
      std::size_t same = 0;
      for (std::size_t r = 0; r < n; ++r)
        for (std::size_t c = 0; c < n; ++c) {
          std::size_t a = c, b = r;
          turn(a, b, how);
          ASSERT_EQ(turned.filled.height_m[r * n + c], straight.filled.height_m[b * n + a]);
          const double here = turned.upstream_m2[r * n + c];
          same += std::abs(here - straight.upstream_m2[b * n + a]) < 1e-6;
        }
      EXPECT_GE(same, most == 0.0 ? n * n : n * n * 9 / 10) << how;
    }
  }
}

TEST(Drain, OutletsGetAllTheGroundOfTheEllipsoid) {
  // One degree by half a degree in the Alps, by the area within its parallels and meridians.
  const Drainage d =
      drain(grid_of(100, 50, hills(3), "EPSG:4326", {10.0, 0.01, 0, 47.0, 0, -0.01}));
  const Crs wgs = parse_crs("EPSG:4326");
  const double box =
      area_m2(polygon_geometry({{10, 46.5}, {11, 46.5}, {11, 47}, {10, 47}, {10, 46.5}}), wgs,
              Edges::straight);
  EXPECT_NEAR(outlet_sum_m2(d) / box, 1.0, 1e-9);
  // The same ground in Web Mercator, whose own square metres are more than twice as many.
  const Drainage mercator =
      drain(grid_of(100, 50, hills(3), "EPSG:3857", {1.1e6, 1000, 0, 5.9e6, 0, -1000}));
  const double ground = area_m2(
      polygon_geometry(
          {{1.1e6, 5.85e6}, {1.2e6, 5.85e6}, {1.2e6, 5.9e6}, {1.1e6, 5.9e6}, {1.1e6, 5.85e6}}),
      parse_crs("EPSG:3857"), Edges::straight);
  EXPECT_NEAR(outlet_sum_m2(mercator) / ground, 1.0, 1e-8);
  EXPECT_LT(ground, 0.5 * 5e9);
}

TEST(Drain, CellsInDegreesAreNarrowInTheNorth) {
  // At 60 degrees a cell is half as wide as high: 1 m east is steeper than 1.8 m south.
  const Drainage d =
      drain(grid_of(9, 9, [](auto c, auto r) { return 100.0 - as_double(c) - 1.8 * as_double(r); },
                    "EPSG:4326", {10, 1e-4, 0, 60.0, 0, -1e-4}));
  const auto first = drain(
      grid_of(9, 9, [](auto c, auto r) { return 100.0 - as_double(c) - 1.8 * as_double(r); }));
  EXPECT_EQ(d.direction[40], 1);  // both, across the corner
  EXPECT_EQ(first.direction[40], 1);
  const auto steep = [](auto c, auto r) { return 100.0 - as_double(c) - 0.1 * as_double(r); };
  EXPECT_EQ(drain(grid_of(9, 9, steep, "EPSG:4326", {10, 1e-4, 0, 60.0, 0, -1e-4})).direction[40],
            0);
  // 1 east against 1.3 south: on square cells the corner is steepest (2.3 on 1.414), at 80 degrees,
  // where cells are 5.7 times as high as wide, east (1 on 0.174 against 2.3 on 1.015).
  const auto both = [](auto c, auto r) { return 100.0 - as_double(c) - 1.3 * as_double(r); };
  EXPECT_EQ(drain(grid_of(9, 9, both)).direction[40], 1);
  EXPECT_EQ(drain(grid_of(9, 9, both, "EPSG:4326", {10, 1e-4, 0, 80.0, 0, -1e-4})).direction[40],
            0);
}

TEST(Drain, AnyNumberOfThreadsGivesTheSameBits) {
  const auto with = [](int jobs) {
    DrainageOptions options;
    options.jobs = jobs;
    options.most_fill_m = 3.0;
    return drain(grid_of(300, 200, hills(5), "EPSG:3857", {1.1e6, 30, 0, 5.9e6, 0, -30}), options);
  };
  const Drainage one = with(1);
  for (const int jobs : {2, 7}) {
    const Drainage more = with(jobs);
    EXPECT_EQ(one.direction, more.direction);
    EXPECT_EQ(one.upstream_m2, more.upstream_m2);
    EXPECT_EQ(one.filled.height_m, more.filled.height_m);
  }
}

TEST(ReadElevation, RefusesWhatHasNoDrainage) {
  const auto read = [](const ElevationGrid& grid) {
    return code_of([&] { static_cast<void>(read_elevation(MemoryRaster(grid))); });
  };
  const auto level = [](double z) { return [z](auto, auto) { return z; }; };
  EXPECT_EQ(read(grid_of(2, 9, level(1))), "drainage.too_small");
  EXPECT_EQ(read(grid_of(9, 2, level(1))), "drainage.too_small");
  EXPECT_EQ(read(grid_of(3, 3, level(1))), "no error");
  EXPECT_EQ(read(grid_of(9, 9, level(kNan))), "raster.all_nodata");
  EXPECT_EQ(read(grid_of(9, 9, level(-9999))), "raster.nodata_unset");
  EXPECT_EQ(read(grid_of(9, 9, level(INFINITY))), "raster.not_finite");
  EXPECT_EQ(read(grid_of(9, 9, level(2e6))), "drainage.height");
  ElevationGrid huge = grid_of(3, 3, level(1));
  huge.place.columns = huge.place.rows = 50000;
  EXPECT_EQ(read(huge), "drainage.size");
  huge.place.columns = huge.place.rows = std::size_t{1} << 40;
  EXPECT_EQ(read(huge), "drainage.size");
}

TEST(ReadElevation, TakesScaleAndNoData) {
  ElevationGrid grid = grid_of(3, 3, [](auto c, auto r) { return as_double(3 * r + c); });
  grid.place.nodata = 4.0;
  grid.place.factor = 0.3048;
  grid.place.shift = 10.0;
  const ElevationGrid read = read_elevation(MemoryRaster(grid));
  EXPECT_TRUE(std::isnan(read.height_m[4]));
  EXPECT_NEAR(read.height_m[8], 8 * 0.3048 + 10.0, 1e-12);
}

TEST(Drain, HeightsWhereTheProjectionEndsAreRefused) {
  const auto height = [](auto c, auto r) { return 1000.0 - as_double(c + r); };
  EXPECT_EQ(
      code_of([&] {
        static_cast<void>(drain(grid_of(9, 9, height, "EPSG:3035", {5e7, 1000, 0, 5e7, 0, -1000})));
      }),
      "drainage.no_area");
}

// A surface that rises northwards by the tangent of its dip for each metre on the ground.
ElevationGrid dipping(double dip_deg, const std::string& crs, std::array<double, 6> transform) {
  ElevationGrid grid = grid_of(
      12, 12, [](auto, auto) { return 0.0; }, crs, transform);
  const Geodesic geodesic(grid.place.crs);
  const auto& t = transform;
  const auto at = [&](double u, double v) {
    return to_lon_lat(Point{t[0] + u * t[1] + v * t[2], t[3] + u * t[4] + v * t[5]},
                      grid.place.crs);
  };
  const double south = at(6, 6).lat_deg - 5.0;
  for (std::size_t i = 0; i < grid.size(); ++i) {
    const LonLat place = at(as_double(i % 12) + 0.5, as_double(i / 12) + 0.5);
    grid.height_m[i] =
        std::tan(dip_deg * degree) * geodesic.distance_m({place.lon_deg, south}, place);
  }
  return grid;
}

TEST(Slope, OfAPlaneIsItsDipInAnyCrs) {
  const double turn = 0.5 * std::sqrt(3.0);
  const std::vector<std::pair<std::string, std::array<double, 6>>> grids{
      {"EPSG:4326", {20.0, 3e-4, 0, 61.0, 0, -3e-4}},
      {"EPSG:4326", {20.0, 3e-4, 0, 61.0, 0, 3e-4}},  // south up
      {"EPSG:4326", {20.0, 3e-4, 1e-4, 61.0, 2e-4, -3e-4}},
      {"EPSG:32634", {450000, 30, 0, 6770000, 0, -30}},
      {"EPSG:32634", {450000, 30 * turn, 15, 6770000, 15, -30 * turn}},
      {"EPSG:3857", {2.2e6, 30, 0, 8.6e6, 0, -30}},
      {"EPSG:3035", {4.8e6, 30, 0, 4.2e6, 0, -30}}};
  for (const auto& [crs, transform] : grids)
    for (const double dip : {0.5, 20.0, 70.0}) {
      const ElevationGrid grid = dipping(dip, crs, transform);
      const std::vector<double> slope = slope_deg(grid);
      EXPECT_TRUE(std::isnan(slope[5]));
      for (std::size_t r = 1; r < 11; ++r)
        for (std::size_t c = 1; c < 11; ++c)
          ASSERT_NEAR(slope[r * 12 + c], dip, 2e-4 * dip) << crs << transform[4];
    }
}

TEST(Slope, OfAConeIsThatOfItsSide) {
  const double centre = 100.0;
  const ElevationGrid grid = grid_of(201, 201, [&](auto c, auto r) {
    return 500.0 - 10.0 * std::tan(30.0 * degree) *
                       std::hypot(as_double(c) - centre, as_double(r) - centre);
  });
  const std::vector<double> slope = slope_deg(grid, 2);
  for (std::size_t r = 1; r < 200; ++r)
    for (std::size_t c = 1; c < 200; ++c) {
      const double radius = std::hypot(as_double(c) - centre, as_double(r) - centre);
      if (radius < 20.0) continue;
      ASSERT_NEAR(slope[r * 201 + c], 30.0, 20.0 / (radius * radius));
    }
  EXPECT_NEAR(slope[100 * 201 + 100], 0.0, 1e-9);
}

TEST(Slope, NeedsAllEightNeighbours) {
  ElevationGrid grid = grid_of(7, 7, [](auto c, auto) { return as_double(c); });
  grid.height_m[3 * 7 + 3] = kNan;
  const std::vector<double> slope = slope_deg(grid);
  EXPECT_TRUE(std::isnan(slope[3 * 7 + 3]));
  EXPECT_TRUE(std::isnan(slope[2 * 7 + 2]));
  EXPECT_NEAR(slope[1 * 7 + 1], std::atan(0.1) / degree, 1e-12);
}

}  // namespace
}  // namespace lode::test
