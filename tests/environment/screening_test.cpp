// Screening against hand-computed rectangles, geodesics, and the McDermitt claims and streams.
#include "libgeo/environment/screening.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "libgeo/core/error.h"
#include "libgeo/crs/geodesic.h"
#include "libgeo/geometry/recorded_area.h"
#include "libgeo/io/layer.h"
#include "tests/tools/run_lode.h"

namespace lode {
namespace {

Geometry box(double w, double s, double e, double n) {
  return polygon_geometry({{w, s}, {e, s}, {e, n}, {w, n}, {w, s}});
}

Geometry line_geometry(Path path) {
  Geometry g;
  g.kind = GeometryKind::line;
  g.lines.push_back(std::move(path));
  return g;
}

ConstraintLayer constraint(std::string name, std::vector<Geometry> geometry, double setback_m,
                           bool hard = true) {
  ConstraintLayer out;
  out.name = std::move(name);
  out.geometry = std::move(geometry);
  for (std::size_t i = 0; i < out.geometry.size(); ++i) out.ids.push_back("c" + std::to_string(i));
  out.setback_m = {setback_m};
  out.hard = hard;
  return out;
}

ScreenInputs mine_grid() {
  ScreenInputs in;
  in.crs = parse_crs("local:m");
  in.sites = {box(0, 0, 1000, 500)};
  in.ids = {"A"};
  return in;
}

ScreenOptions straight() {
  ScreenOptions options;
  options.edges = Edges::straight;
  options.tolerance = 1e-5;
  return options;
}

TEST(Screening, OfRectanglesOnAMineGrid) {
  ScreenInputs in = mine_grid();
  in.recorded_m2 = {400000.0};
  // A line through the middle with 50 m each side: 1000 x 100 m. A block that overlaps it by half.
  in.constraints = {
      constraint("road", {line_geometry({{-500, 250}, {1500, 250}})}, 50.0),
      constraint("reserve", {box(900, 250, 2000, 2000), box(900, 250, 2000, 2000)}, 0.0),
      constraint("view", {box(0, 0, 100, 100)}, 0.0, false)};
  const Screening out = screen_sites(in, straight());
  const SiteScreening& site = out.sites.at(0);
  EXPECT_DOUBLE_EQ(site.area_m2, 500000.0);
  EXPECT_NEAR(site.constraints[0].overlap_m2, 100000.0, 1e-3);
  EXPECT_NEAR(site.constraints[1].overlap_m2, 25000.0, 1e-9);  // once, though stacked twice
  EXPECT_EQ(site.constraints[1].touched.size(), 2u);
  // Shared: 100 x 50 m.
  EXPECT_NEAR(site.excluded_m2, 120000.0, 1e-3);
  EXPECT_NEAR(site.net_m2, 380000.0, 1e-3);
  EXPECT_NEAR(site.excluded_pct, 24.0, 1e-6);
  EXPECT_NEAR(site.review_m2, 10000.0, 1e-9);
  EXPECT_NEAR(area_m2(site.net, in.crs), 380000.0, 1e-3);
  EXPECT_EQ(site.free_parts, 2u);
  EXPECT_NEAR(site.largest_free_m2, 200000.0, 1e-3);
  EXPECT_EQ(out.summary.recorded_m2, 400000.0);
}

TEST(Screening, CountsSharedGroundOnce) {
  ScreenInputs in = mine_grid();
  in.sites.push_back(box(0, 0, 1000, 500));
  in.sites.push_back(box(500, 0, 1500, 500));
  in.constraints = {constraint("reserve", {box(600, 0, 700, 500)}, 0.0)};
  const ScreenSummary s = screen_sites(in, straight()).summary;
  EXPECT_NEAR(s.sites_sum_m2, 1500000.0, 1e-6);
  EXPECT_NEAR(s.sites_dissolved_m2, 750000.0, 1e-6);
  EXPECT_NEAR(s.excluded_sum_m2, 150000.0, 1e-6);
  EXPECT_NEAR(s.excluded_dissolved_m2, 50000.0, 1e-6);
  EXPECT_NEAR(s.net_dissolved_m2, 700000.0, 1e-6);
  EXPECT_TRUE(std::isnan(s.recorded_m2));
}

TEST(Screening, NearestAndTouches) {
  ScreenInputs in = mine_grid();
  in.constraints = {constraint("far", {box(1300, 400, 1400, 500), box(1000, 900, 1100, 950)}, 10.0),
                    constraint("edge", {box(1000, 0, 1100, 100)}, 0.0),
                    constraint("inside", {box(200, 200, 300, 300)}, 0.0),
                    constraint("none", {}, 5.0)};
  const SiteScreening site = screen_sites(in, straight()).sites.at(0);
  EXPECT_NEAR(site.constraints[0].nearest_m, 300.0, 1e-9);
  EXPECT_EQ(site.constraints[0].nearest, 0u);
  EXPECT_TRUE(site.constraints[0].touched.empty());
  EXPECT_EQ(site.constraints[1].nearest_m, 0.0);  // shares an edge
  ASSERT_EQ(site.constraints[1].touched.size(), 1u);
  EXPECT_EQ(site.constraints[1].touched[0].overlap_m2, 0.0);
  EXPECT_EQ(site.constraints[2].nearest_m, 0.0);
  EXPECT_NEAR(site.excluded_m2, 10000.0, 1e-9);
  EXPECT_TRUE(std::isnan(site.constraints[3].nearest_m));
  EXPECT_EQ(site.constraints[3].nearest, SiteConstraint::none);
}

TEST(Screening, OfPointsOnEarth) {
  const Geodesic geodesic;
  const LonLat stream = geodesic.direct({-117.9, 42.0}, 90.0, 91.0);
  ScreenInputs in;
  in.crs = wgs84();
  in.sites = {point_geometry(-117.9, 42.0), point_geometry(179.9999, 10.0)};
  in.constraints = {constraint("stream",
                               {line_geometry({{stream.lon_deg, 41.9}, {stream.lon_deg, 42.1}}),
                                line_geometry({{-179.9999, 9.9}, {-179.9999, 10.1}})},
                               91.44)};
  const Screening out = screen_sites(in);
  EXPECT_NEAR(out.sites[0].constraints[0].nearest_m, 91.0, 1e-4);
  EXPECT_EQ(out.sites[0].constraints[0].touched.size(), 1u);
  EXPECT_EQ(out.sites[0].excluded_pct, 100.0);
  EXPECT_TRUE(out.sites[0].net.empty());
  EXPECT_EQ(out.sites[0].area_m2, 0.0);
  // Across the antimeridian, 0.0002 degrees of longitude at 10 N.
  EXPECT_NEAR(out.sites[1].constraints[0].nearest_m,
              geodesic.distance_m({179.9999, 10.0}, {-179.9999, 10.0}), 1e-4);
  EXPECT_EQ(out.sites[1].constraints[0].nearest, 1u);
}

TEST(Screening, SetbackAroundAPointTakesItsCircle) {
  ScreenInputs in;
  in.crs = wgs84();
  in.sites = {box(20.0, 60.0, 20.2, 60.1), box(179.9, -10.05, 180.1, 10.05)};
  in.constraints = {
      constraint("well", {point_geometry(20.1, 60.05), point_geometry(-180, 5)}, 1000.0)};
  const Screening out = screen_sites(in);
  for (const SiteScreening& site : out.sites)
    EXPECT_NEAR(site.excluded_m2, std::numbers::pi * 1e6, 2e-3 * std::numbers::pi * 1e6);
}

TEST(Screening, TheSameInEveryCrs) {
  // Geodesic edges in longitude and latitude, brought to UTM and to Web Mercator.
  ScreenInputs in;
  in.crs = wgs84();
  in.sites = {box(-117.99, 42.0, -117.9, 42.06)};
  in.constraints = {
      constraint("stream", {line_geometry({{-118.1, 42.03}, {-117.8, 42.035}})}, 91.44)};
  const double geographic = screen_sites(in).sites[0].excluded_m2;
  for (const char* code : {"EPSG:32611", "EPSG:3857", "EPSG:5070"}) {
    const Transform transform(wgs84(), parse_crs(code));
    ScreenInputs there = in;
    there.crs = transform.to();
    there.sites = {reproject(in.sites[0], transform, 0.001)};
    there.constraints[0].geometry = {reproject(in.constraints[0].geometry[0], transform, 0.001)};
    EXPECT_NEAR(screen_sites(there, straight()).sites[0].excluded_m2, geographic, 5e-4 * geographic)
        << code;
  }
}

TEST(Screening, SetbacksByFeatureAndBlankOnes) {
  ScreenInputs in = mine_grid();
  in.constraints = {constraint(
      "wells", {point_geometry(200, 250), point_geometry(500, 250), point_geometry(800, 250)},
      0.0)};
  in.constraints[0].setback_m = {100.0, 50.0, std::nan("")};
  const Screening out = screen_sites(in, straight());
  EXPECT_NEAR(out.sites[0].excluded_m2, std::numbers::pi * 12500.0, 5.0);
  EXPECT_TRUE(out.findings.has("screen.no_setback"));
}

TEST(Screening, IsTheSameForAnyNumberOfThreads) {
  ScreenInputs in;
  in.crs = wgs84();
  for (int i = 0; i < 60; ++i) in.sites.push_back(box(10 + 0.01 * i, 50, 10.015 + 0.01 * i, 50.02));
  in.constraints = {constraint(
      "stream",
      {line_geometry({{9, 50.01}, {11, 50.013}}), line_geometry({{10.2, 49}, {10.3, 51}})}, 120.0)};
  ScreenOptions one, two;
  one.jobs = 1;
  two.jobs = 2;
  const Screening a = screen_sites(in, one), b = screen_sites(in, two);
  EXPECT_EQ(a.summary.excluded_sum_m2, b.summary.excluded_sum_m2);
  EXPECT_EQ(a.summary.net_dissolved_m2, b.summary.net_dissolved_m2);
  for (std::size_t i = 0; i < in.sites.size(); ++i) EXPECT_EQ(a.sites[i].net, b.sites[i].net);
}

TEST(Screening, SaysWhatHasNoPlaceAndWhatIsTakenWhole) {
  ScreenInputs in = mine_grid();
  in.sites.push_back({});
  in.constraints = {constraint("lake", {box(-10, -10, 2000, 2000)}, 0.0)};
  const Screening out = screen_sites(in, straight());
  EXPECT_TRUE(out.findings.has("screen.nothing_left"));
  EXPECT_TRUE(out.findings.has("screen.no_place"));
  EXPECT_EQ(out.sites[0].excluded_pct, 100.0);
  EXPECT_EQ(out.sites[0].net_m2, 0.0);
}

TEST(Screening, FindsTheNearestInAPlaneThatDistorts) {
  // Points of Albers and UTM (its zone's edge): the judge is the inverse problem, pair by pair.
  for (const char* code : {"EPSG:5070", "EPSG:32611"}) {
    ScreenInputs in;
    in.crs = parse_crs(code);
    std::vector<Geometry> features;
    std::uint64_t state = 12345;
    const auto next = [&] {
      state = state * 6364136223846793005ull + 1442695040888963407ull;
      return static_cast<double>(state >> 11) * 0x1p-53;
    };
    const auto place = [&] {
      return from_lon_lat({-119.5 + 5.0 * next(), 38.0 + 6.0 * next()}, in.crs);
    };
    for (int i = 0; i < 40; ++i) {
      const Point p = place();
      features.push_back(point_geometry(p.x, p.y));
    }
    for (int i = 0; i < 60; ++i) {
      const Point p = place();
      in.sites.push_back(point_geometry(p.x, p.y));
    }
    in.constraints = {constraint("wells", features, 0.0)};
    const Geodesic geodesic(in.crs);
    const Screening out = screen_sites(in, straight());
    for (std::size_t s = 0; s < in.sites.size(); ++s) {
      double least = 1e300;
      std::size_t nearest = 0;
      for (std::size_t k = 0; k < features.size(); ++k) {
        const double d = geodesic.distance_m(to_lon_lat(in.sites[s].points[0], in.crs),
                                             to_lon_lat(features[k].points[0], in.crs));
        if (d < least) least = d, nearest = k;
      }
      EXPECT_EQ(out.sites[s].constraints[0].nearest, nearest) << code;
      EXPECT_NEAR(out.sites[s].constraints[0].nearest_m, least, 1e-6 * least) << code;
    }
  }
}

TEST(Screening, KnowsWhoHoldsWhom) {
  // A lake with an island that holds the site; a site that holds a lake; one in the lake's hole.
  ScreenInputs in;
  in.crs = parse_crs("EPSG:32611");
  Geometry ring_lake = box(500000, 4600000, 510000, 4610000);
  ring_lake.polygons[0].holes.push_back({{504000, 4604000},
                                         {504000, 4606000},
                                         {506000, 4606000},
                                         {506000, 4604000},
                                         {504000, 4604000}});
  in.sites = {box(501000, 4601000, 502000, 4602000), box(499000, 4599000, 511000, 4611000),
              box(504500, 4604500, 505500, 4605500), box(503000, 4603000, 507000, 4607000)};
  in.constraints = {constraint("lake", {ring_lake}, 0.0)};
  const Screening out = screen_sites(in, straight());
  EXPECT_NEAR(out.sites[0].excluded_pct, 100.0, 1e-9);
  EXPECT_TRUE(out.sites[0].net.empty());
  EXPECT_NEAR(out.sites[1].excluded_pct, 100.0 * 96.0 / 144.0, 0.05);  // the scale changes a little
  EXPECT_EQ(out.sites[1].free_parts, 2u);
  EXPECT_TRUE(out.sites[2].constraints[0].touched.empty());
  EXPECT_NEAR(out.sites[2].constraints[0].nearest_m, 500.0, 0.5);
  EXPECT_NEAR(out.sites[3].excluded_pct, 75.0, 0.05);
}

TEST(Screening, MendsWhatASiteMayMeetAndNothingElse) {
  ScreenInputs in = mine_grid();
  const Geometry bow_tie =
      polygon_geometry({{100, 100}, {300, 300}, {300, 100}, {100, 300}, {100, 100}});
  Geometry far = bow_tie;
  for_each_vertex(far, [](Point& p) { p.x += 1e5; });
  in.constraints = {constraint("reserve", {far, bow_tie}, 0.0)};
  ScreenOptions options = straight();
  options.check_constraints = true;
  const Screening out = screen_sites(in, options);
  EXPECT_NEAR(out.sites[0].excluded_m2, 20000.0, 1e-6);  // two triangles of 200 x 100 / 2
  ASSERT_TRUE(out.findings.has("geometry.repaired"));
  EXPECT_EQ(out.findings.list().at(0).where, "reserve: c1");
  EXPECT_EQ(out.findings.list().at(0).count, 1u);
}

TEST(Screening, SaysWhyAreasDiffer) {
  ScreenInputs in = mine_grid();
  in.sites.push_back(in.sites[0]);
  in.ids.push_back("B");
  in.recorded_m2 = {100000.0, 400000.0};
  in.constraints = {constraint("reserve", {box(0, 0, 100, 100)}, 0.0)};
  const Screening out = screen_sites(in, straight());
  EXPECT_TRUE(out.findings.has("screen.stacked"));
  EXPECT_TRUE(out.findings.has("screen.recorded_area"));
  EXPECT_EQ(out.summary.stacked_sites, 1u);
  EXPECT_EQ(out.summary.over_twice_recorded, 1u);
  in.sites.pop_back();
  in.recorded_m2 = {500000.0};
  const Screening plain = screen_sites(in, straight());
  EXPECT_FALSE(plain.findings.has("screen.stacked"));
  EXPECT_FALSE(plain.findings.has("screen.recorded_area"));
}

TEST(Screening, RanksFreePartsAndKeepsPairs) {
  ScreenInputs in = mine_grid();
  in.constraints = {constraint("road", {box(700, -10, 800, 600)}, 0.0)};
  ScreenOptions options = straight();
  options.pair_geometry = true;
  const Screening out = screen_sites(in, options);
  const auto parts = free_parts(out, in.crs, Edges::straight);
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].rank, 1u);
  EXPECT_NEAR(parts[0].area_m2, 350000.0, 1e-6);
  EXPECT_NEAR(parts[1].area_m2, 100000.0, 1e-6);
  EXPECT_NEAR(area_m2(out.sites[0].constraints[0].touched[0].overlap, in.crs), 50000.0, 1e-6);
}

std::string code_of(const ScreenInputs& in, ScreenOptions options = {}) {
  try {
    static_cast<void>(screen_sites(in, options));
  } catch (const Error& error) {
    return error.code;
  }
  return "";
}

TEST(Screening, RefusesWhatHasNoMeaning) {
  ScreenInputs in = mine_grid();
  in.constraints = {constraint("a", {box(0, 0, 1, 1)}, 1.0),
                    constraint("a", {box(0, 0, 1, 1)}, 1.0)};
  EXPECT_EQ(code_of(in), "screen.duplicate_name");
  in.constraints.pop_back();
  in.constraints[0].setback_m = {-1.0};
  EXPECT_EQ(code_of(in), "screen.negative_setback");
  in.constraints[0].setback_m = {1e7};
  EXPECT_EQ(code_of(in), "screen.setback_range");
  in.constraints[0].setback_m = {1.0};
  ScreenOptions options;
  options.tolerance = 1.0;
  EXPECT_EQ(code_of(in, options), "buffer.tolerance");
}

TEST(Screening, OfTheMcDermittClaims) {
  const std::string data = test::data_folder();
  if (data.empty()) GTEST_SKIP() << "SKIPPED: no real data; set LODE_DATA";
  Findings findings;
  const Layer claims = read_layer(data + "/environment_mcdermitt/mining_claims_wgs84.geojson");
  const Layer streams = read_layer(data + "/environment_mcdermitt/trout_streams_wgs84.geojson");
  ScreenInputs in;
  in.crs = claims.crs;
  in.sites = claims.geometry;
  in.recorded_m2 = recorded_areas(claims.table, "acres", findings);
  in.constraints = {constraint("trout streams", streams.geometry, 91.44)};  // 300 ft
  const Screening out = screen_sites(in);
  std::size_t hit = 0;
  for (const SiteScreening& site : out.sites) hit += !site.constraints[0].touched.empty();
  EXPECT_EQ(hit, 666u);
  // Independent figures: PostGIS geography and equal-area projections, see the data's README.
  EXPECT_NEAR(out.summary.excluded_sum_m2 / 1e6, 78.6, 0.05);
  EXPECT_NEAR(out.summary.excluded_dissolved_m2 / 1e6, 2.9, 0.05);
  EXPECT_NEAR(out.summary.sites_sum_m2 / 1e6, 10475, 1.0);
  EXPECT_NEAR(out.summary.sites_dissolved_m2 / 1e6, 301, 0.5);
  EXPECT_NEAR(out.summary.recorded_m2 / 1e6, 546, 0.5);
  EXPECT_EQ(out.summary.over_twice_recorded, 6548u);
  EXPECT_TRUE(out.findings.has("screen.stacked"));
}

/// A river of many runs and some wells, near which many sites lie.
ScreenInputs many_near_one_river(const std::string& crs, double x, double y) {
  ScreenInputs in;
  in.crs = parse_crs(crs);
  Path river;
  for (int i = 0; i <= 300; ++i)
    river.push_back({x + 20.0 * i, y + 60.0 * std::sin(0.07 * i) + 15.0 * std::sin(1.3 * i)});
  std::vector<Geometry> wells;
  for (int i = 0; i < 40; ++i) {
    wells.emplace_back();
    wells.back().kind = GeometryKind::point;
    wells.back().points = {{x + 150.0 * i, y + 140.0}};
  }
  for (int i = 0; i < 120; ++i) {
    const double w = x + 50.0 * i, s = y - 120.0 + 37.0 * (i % 7);
    in.sites.push_back(box(w, s, w + 90.0, s + 70.0));
    in.ids.push_back("s" + std::to_string(i));
  }
  in.constraints = {constraint("river", {line_geometry(std::move(river))}, 40.0),
                    constraint("wells", std::move(wells), 55.0)};
  return in;
}

TEST(Screening, SharedSetbacksAreThoseOfASiteAlone) {
  const std::vector<ScreenInputs> cases{many_near_one_river("local:m", 0.0, 0.0),
                                        many_near_one_river("EPSG:32629", 500e3, 1.2e6)};
  for (const ScreenInputs& in : cases) {
    ScreenOptions options;
    if (in.crs.is_local()) options.edges = Edges::straight;
    options.jobs = 1;
    const Screening one = screen_sites(in, options);
    options.jobs = 2;
    const Screening two = screen_sites(in, options);
    options.jobs = 1;
    std::size_t met = 0;
    for (std::size_t i = 0; i < in.sites.size(); ++i) {
      EXPECT_EQ(one.sites[i].excluded_m2, two.sites[i].excluded_m2);
      EXPECT_EQ(one.sites[i].net, two.sites[i].net);
      met += one.sites[i].excluded_m2 > 0.0;
      if (i % 17 != 0) continue;
      ScreenInputs alone = in;  // nothing was built before this site
      alone.sites = {in.sites[i]};
      alone.ids = {in.ids[i]};
      const Screening by_itself = screen_sites(alone, options);
      // Areas of sites that meet others come of kept pieces, by another way.
      EXPECT_NEAR(by_itself.sites[0].excluded_m2, one.sites[i].excluded_m2, 1e-6);
      EXPECT_EQ(by_itself.sites[0].net, one.sites[i].net);
    }
    EXPECT_GT(met, 60u);
    EXPECT_EQ(one.summary.net_dissolved_m2, two.summary.net_dissolved_m2);
  }
}

TEST(Screening, APairThatNoOverlaySolvesIsSaidAndTheOthersGoOn) {
  ScreenInputs in = mine_grid();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Geometry bad =
      polygon_geometry({{0, 0}, {100, 0}, {nan, 50}, {100, 100}, {0, 100}, {0, 0}});
  in.sites.push_back(box(2000, 0, 3000, 500));
  in.ids.push_back("B");
  in.constraints = {constraint("parks", {bad, box(2000, 0, 2100, 500)}, 0.0)};
  ScreenOptions options = straight();
  for (const int jobs : {1, 2}) {
    options.jobs = jobs;
    const Screening out = screen_sites(in, options);
    EXPECT_TRUE(out.findings.has("overlay.failed"));
    EXPECT_EQ(out.findings.list().front().where, "A");
    ASSERT_EQ(out.sites[0].constraints[0].touched.size(), 1u);
    EXPECT_TRUE(std::isnan(out.sites[0].constraints[0].touched[0].overlap_m2));
    EXPECT_NEAR(out.sites[1].excluded_m2, 50000.0, 1e-6);
  }
}

TEST(Screening, SaysWhenAFarConstraintLooksExchanged) {
  ScreenInputs in;
  in.crs = parse_crs("EPSG:4326");
  in.sites = {box(-8.5, 12.0, -8.4, 12.1)};
  const auto said = [&](double lon, double lat) {
    in.constraints = {constraint("wells", {Geometry{}}, 100.0)};
    in.constraints[0].geometry[0].kind = GeometryKind::point;
    in.constraints[0].geometry[0].points = {{lon, lat}};
    const Screening out = screen_sites(in, {});
    for (const Finding& f : out.findings.list())
      if (f.code == "screen.far_constraint") return f.message;
    return std::string();
  };
  EXPECT_NE(said(12.05, -8.6).find("longitudes and latitudes look exchanged"), std::string::npos);
  EXPECT_NE(said(20.0, 30.0).find("check its CRS"), std::string::npos);
  EXPECT_EQ(said(-8.6, 12.05), "");
}

}  // namespace
}  // namespace lode
