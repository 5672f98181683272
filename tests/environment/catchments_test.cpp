// What lies upstream and downstream of sites in a valley of known size, and receptors on the way.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "libgeo/environment/downstream.h"
#include "libgeo/environment/drainage.h"
#include "libgeo/environment/grid_cells.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/geometry/overlay.h"
#include "tests/environment/drainage_grids.h"

namespace lode::test {
namespace {

// 11 columns x 20 rows of 10 m; x from 0 to 110, y from 0 (first row) down to -200. The bed is
// column 5, its middle x = 55, and falls 0.1 m a row.
Drainage valley(const Height& change = {}) {
  return drain(grid_of(11, 20, [&](std::size_t c, std::size_t r) {
    const double extra = change ? change(c, r) : 0.0;
    return std::abs(static_cast<double>(c) - 5.0) + 0.1 * (19.0 - static_cast<double>(r)) + extra;
  }));
}

Geometry box(double x0, double y0, double x1, double y1) {
  return polygon_geometry({{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}});
}

Geometry line_geometry(Path path) {
  Geometry g;
  g.kind = GeometryKind::line;
  g.lines.push_back(std::move(path));
  return g;
}

SiteCatchment one(const Drainage& d, const Geometry& site, const CatchmentOptions& options = {}) {
  Findings findings;
  return catchments(d, {site}, options, findings).at(0);
}

TEST(Catchments, OfAPointInTheBed) {
  const SiteCatchment site =
      one(valley(), point_geometry(52.0, -98.0), {.polygons = true});  // row 9
  EXPECT_TRUE(site.on_grid);
  EXPECT_EQ(site.cell, 9U * 11 + 5);
  EXPECT_NEAR(site.upstream_km2, 10 * 11 * 100e-6, 1e-12);
  EXPECT_NEAR(site.watershed_km2, 20 * 11 * 100e-6, 1e-12);
  EXPECT_NEAR(site.upstream_share_pct, 50.0, 1e-9);
  EXPECT_EQ(site.watershed_share_pct, 0.0);
  EXPECT_NEAR(site.downstream_km, 0.1, 1e-12);
  EXPECT_NEAR(site.drop_m, 1.0, 1e-12);
  EXPECT_EQ(site.snapped_m, 0.0);
  EXPECT_TRUE(site.reaches_edge);
  EXPECT_EQ(site.path, line_geometry({{55, -95}, {55, -195}}));  // straight: two vertices
  ASSERT_EQ(site.catchment.polygons.size(), 1U);
  EXPECT_EQ(site.catchment.polygons[0].shell.size(), 5U);
  EXPECT_NEAR(area_m2(site.catchment, parse_crs("local:m")), 11000.0, 1e-9);
}

TEST(Catchments, OfAPolygonAcrossTheValley) {
  // Rows 5 and 6 whole: above are five rows, and its own ground is a tenth of the watershed.
  const SiteCatchment site = one(valley(), box(0, -70, 110, -50));
  EXPECT_NEAR(site.upstream_km2, 5 * 11 * 100e-6, 1e-12);
  EXPECT_NEAR(site.own_km2, 2 * 11 * 100e-6, 1e-12);
  EXPECT_NEAR(site.watershed_share_pct, 10.0, 1e-9);
  EXPECT_NEAR(site.upstream_share_pct, 25.0, 1e-9);
  EXPECT_NEAR(site.downstream_km, 0.13, 1e-12);
  EXPECT_EQ(site.covered_pct, 100.0);
  EXPECT_FALSE(site.several_ways);
  // Half rows: the exact share counts for its own ground, whole cells for what drains into it.
  const SiteCatchment half = one(valley(), box(0, -67, 110, -50));
  EXPECT_NEAR(half.own_km2, 1.7 * 11 * 100e-6, 1e-12);
  EXPECT_NEAR(half.upstream_km2, 5 * 11 * 100e-6, 1e-12);
}

TEST(Catchments, SmallPolygonsAndLinesTakeTheCellsTheyLieOn) {
  const SiteCatchment small = one(valley(), box(51, -99, 53, -97));
  EXPECT_EQ(small.cell, 9U * 11 + 5);
  EXPECT_NEAR(small.upstream_km2, (10 * 11 - 1) * 100e-6, 1e-12);  // without its own cell
  // A line across the valley in row 9 is a dam: everything above comes through it.
  const SiteCatchment dam = one(valley(), line_geometry({{1, -95}, {109, -95}}));
  EXPECT_NEAR(dam.upstream_km2, 10 * 11 * 100e-6, 1e-12);
  EXPECT_EQ(dam.cell, 9U * 11 + 5);
}

TEST(Catchments, WaterThatComesBackCountsOnce) {
  // A site of two parts on one bed: rows 3 and 12.
  Geometry site = box(50, -40, 60, -30);
  site.polygons.push_back(box(50, -130, 60, -120).polygons[0]);
  const SiteCatchment two = one(valley(), site);
  EXPECT_NEAR(two.upstream_km2, (13 * 11 - 2) * 100e-6, 1e-12);
  EXPECT_EQ(two.cell, 12U * 11 + 5);
  const SiteCatchment low = one(valley(), site, {.lowest_outlet = true});
  EXPECT_EQ(low.cell, 12U * 11 + 5);
}

TEST(Catchments, ASiteOnARidgeDrainsSeveralWays) {
  // Falls east and west of column 10 without end; the site covers columns 8 to 13.
  const Drainage d = drain(
      grid_of(21, 5, [](auto c, auto) { return 50.0 - std::abs(static_cast<double>(c) - 10.0); }));
  Findings findings;
  const auto rows = catchments(d, {box(80, -30, 140, -20)}, {.ids = {"ridge"}}, findings);
  EXPECT_TRUE(rows[0].several_ways);
  EXPECT_TRUE(findings.has("drainage.several_ways"));
  EXPECT_EQ(rows[0].cell, 2U * 21 + 13);  // eastwards, with the crest
  EXPECT_NEAR(rows[0].watershed_km2, 11 * 100e-6, 1e-12);
  EXPECT_NEAR(rows[0].watershed_share_pct, 100.0 * 4 / 11, 1e-9);  // columns 10 to 13
  EXPECT_EQ(rows[0].upstream_km2, 0.0);
}

TEST(Catchments, InnerOnesDoNotReachTheEdge) {
  // A hill in the middle of a plain that falls east: a point on its side has its top upstream.
  const Drainage d = drain(grid_of(41, 41, [](std::size_t c, std::size_t r) {
    const double x = static_cast<double>(c) - 20.0, y = static_cast<double>(r) - 20.0;
    return 100.0 - 0.1 * x + 30.0 * std::exp(-(x * x + y * y) / 50.0);
  }));
  Findings findings;
  const auto rows =
      catchments(d, {point_geometry(245, -205), point_geometry(405, -205)}, {}, findings);
  EXPECT_FALSE(rows[0].reaches_edge);
  EXPECT_TRUE(rows[1].reaches_edge);
  EXPECT_TRUE(findings.has("drainage.reaches_edge"));
  EXPECT_EQ(findings.list().at(0).where, "site 2");
}

TEST(Catchments, SitesOffTheGridHaveNone) {
  Findings findings;
  const Drainage d =
      valley([](std::size_t c, std::size_t r) { return c == 9 && r == 9 ? std::nan("") : 0.0; });
  const auto rows = catchments(
      d, {point_geometry(500, 500), point_geometry(95, -95), box(-110, -200, 55, 0), Geometry{}},
      {}, findings);
  EXPECT_FALSE(rows[0].on_grid);
  EXPECT_FALSE(rows[1].on_grid);
  EXPECT_TRUE(rows[2].on_grid);
  EXPECT_NEAR(rows[2].covered_pct, 100.0 * 55 / 165, 1e-9);
  EXPECT_FALSE(rows[3].on_grid);
  EXPECT_TRUE(findings.has("drainage.off_grid"));
  EXPECT_EQ(findings.list().at(0).count, 3U);  // one finding, with the first of them
  EXPECT_EQ(findings.list().at(0).where, "site 1");
  EXPECT_TRUE(findings.has("drainage.partly_outside"));
}

TEST(Catchments, PointsSnapToTheWater) {
  const Drainage d = valley();
  const SiteCatchment near = one(d, point_geometry(72.0, -95.0), {.snap_m = 18.0});
  EXPECT_EQ(near.cell, 9U * 11 + 5);
  EXPECT_NEAR(near.snapped_m, 17.0, 1e-9);
  // 24 m reach further down the bed: 17 m across, so 16.9 along, one row and a half.
  const SiteCatchment further = one(d, point_geometry(72.0, -95.0), {.snap_m = 24.0});
  EXPECT_EQ(further.cell, 10U * 11 + 5);
  EXPECT_NEAR(further.snapped_m, std::hypot(17.0, 10.0), 1e-9);
  EXPECT_EQ(one(d, point_geometry(72.0, -95.0), {.snap_m = 5.0}).cell, 9U * 11 + 7);
}

TEST(Catchments, ThePathEndsWhereItIsLongEnough) {
  const SiteCatchment site = one(valley(), point_geometry(55, -95), {.most_path_km = 0.037});
  EXPECT_NEAR(site.downstream_km, 0.037, 1e-12);
  EXPECT_NEAR(site.drop_m, 0.37, 1e-9);
  EXPECT_NEAR(site.path.lines[0].back().y, -132.0, 1e-9);
  // Its watershed is that of the cell where it ends.
  EXPECT_NEAR(site.watershed_km2, 13 * 11 * 100e-6, 1e-12);
}

TEST(Catchments, OutlinesAreValidAndHoldTheirArea) {
  const Drainage d = drain(grid_of(150, 150, hills(6)));
  std::vector<Geometry> sites;
  for (double x = 100; x < 1500; x += 150)
    for (double y = -100; y > -1500; y -= 150) sites.push_back(point_geometry(x, y));
  Findings findings;
  const auto rows = catchments(d, sites, {.snap_m = 100.0, .polygons = true, .jobs = 3}, findings);
  for (const SiteCatchment& row : rows) {
    Geometry outline = row.catchment;
    EXPECT_TRUE(check_geometry(outline, parse_crs("local:m")).valid);
    ASSERT_NEAR(area_m2(outline, parse_crs("local:m")) / 1e6, row.upstream_km2, 1e-9);
    for (const Polygon& polygon : outline.polygons) {
      double twice = 0.0;
      for (std::size_t i = 0; i + 1 < polygon.shell.size(); ++i)
        twice += polygon.shell[i].x * polygon.shell[i + 1].y -
                 polygon.shell[i + 1].x * polygon.shell[i].y;
      ASSERT_GT(twice, 0.0);
    }
  }
  const auto again = catchments(d, sites, {.snap_m = 100.0, .polygons = true, .jobs = 1}, findings);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ASSERT_EQ(rows[i].catchment, again[i].catchment);
    ASSERT_EQ(rows[i].upstream_km2, again[i].upstream_km2);
  }
}

TEST(OutlineOfCells, SplitsWhereCellsMeetAtCorners) {
  const ElevationGrid grid = grid_of(8, 8, [](auto, auto) { return 0.0; });
  // A ring of cells about one, closed at a corner only, and one more cell at a corner.
  const std::vector<std::uint32_t> cells{9, 10, 11, 17, 19, 25, 26, 36};
  Geometry outline = outline_of_cells(cells, grid.place);
  EXPECT_TRUE(check_geometry(outline, parse_crs("local:m")).valid);
  EXPECT_NEAR(area_m2(outline, parse_crs("local:m")), 800.0, 1e-9);
  EXPECT_EQ(outline.polygons.size(), 2U);
}

TEST(SiteSlopes, AreMeansOfExactShares) {
  const ElevationGrid grid = grid_of(5, 5, [](auto, auto) { return 0.0; });
  std::vector<double> slope(25, std::nan(""));
  slope[6] = 10.0;
  slope[7] = 20.0;
  // Three quarters of the one cell, a quarter of the other; the rest has no slope.
  const auto rows = site_slopes(grid.place, slope,
                                {box(12.5, -20, 22.5, 0), point_geometry(25, -15),
                                 point_geometry(45, -45), point_geometry(900, 0)});
  EXPECT_NEAR(rows[0].mean_deg, 12.5, 1e-12);
  EXPECT_EQ(rows[0].max_deg, 20.0);
  EXPECT_EQ(rows[1].mean_deg, 20.0);
  EXPECT_TRUE(std::isnan(rows[2].mean_deg));
  EXPECT_TRUE(std::isnan(rows[3].max_deg));
}

TEST(ReceptorsPassed, InTheirOrderAlongTheWay) {
  const Crs crs = parse_crs("local:m");
  Path path;
  for (double x = 0; x <= 1000; x += 5) path.push_back({x, 0});
  const std::vector<Geometry> receptors{
      point_geometry(700, 4),  box(300, -10, 350, 10),
      point_geometry(500, 40), line_geometry({{200, -5}, {200, 5}}),
      point_geometry(-3, 0),   Geometry{}};
  const auto passed = receptors_passed({line_geometry(path), Geometry{}, point_geometry(701, 0)},
                                       receptors, crs, 5.0);
  ASSERT_EQ(passed[0].size(), 4U);
  EXPECT_EQ(passed[0][0].receptor, 4U);
  EXPECT_EQ(passed[0][0].km, 0.0);
  EXPECT_NEAR(passed[0][0].distance_m, 3.0, 1e-9);
  EXPECT_EQ(passed[0][1].receptor, 3U);
  EXPECT_NEAR(passed[0][1].km, 0.2, 0.0051);  // within reach 5 m before
  EXPECT_EQ(passed[0][2].receptor, 1U);
  EXPECT_NEAR(passed[0][2].km, 0.3, 0.0051);
  EXPECT_EQ(passed[0][3].receptor, 0U);
  EXPECT_NEAR(passed[0][3].km, 0.7, 0.0051);
  EXPECT_TRUE(passed[1].empty());
  ASSERT_EQ(passed[2].size(), 1U);  // water that leaves at once has a place for its way
  EXPECT_EQ(passed[2][0].receptor, 0U);
}

TEST(ReceptorsPassed, ByTrueMetresInDegrees) {
  const Geometry path = line_geometry({{10, 60}, {10, 59.9}});
  const Geodesic geodesic;
  const double east = geodesic.direct({10, 59.95}, 90.0, 99.0).lon_deg;
  const auto at = [&](double reach) {
    return receptors_passed({path}, {point_geometry(east, 59.95)}, parse_crs("EPSG:4326"),
                            reach)[0];
  };
  EXPECT_TRUE(at(98.0).empty());
  ASSERT_EQ(at(100.0).size(), 1U);
  EXPECT_NEAR(at(100.0)[0].km, geodesic.distance_m({10, 60}, {10, 59.95}) / 1000.0, 1e-4);
}

}  // namespace
}  // namespace lode::test
