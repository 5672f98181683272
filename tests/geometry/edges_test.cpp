// Edges followed, rings cut at the antimeridian and closed over poles, ground dissolved, areas
// read.
#include "libgeo/geometry/edges.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/random.h"
#include "libgeo/crs/geodesic.h"
#include "libgeo/geometry/dissolve.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/geometry/recorded_area.h"
#include "libgeo/geometry/wrap.h"

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

/// Largest distance of a quarter place of a straight edge from the geodesic a-b, by its azimuth.
double worst_gap(const Path& path, LonLat a, LonLat b) {
  const Geodesic geodesic;
  const Inverse way = geodesic.inverse(a, b);
  double worst = 0.0;
  for (std::size_t i = 1; i < path.size(); ++i)
    for (const double t : {0.25, 0.5, 0.75}) {
      const LonLat p{path[i - 1].x + t * (path[i].x - path[i - 1].x),
                     path[i - 1].y + t * (path[i].y - path[i - 1].y)};
      const double d = geodesic.distance_m(a, p);
      worst = std::max(worst, geodesic.distance_m(p, geodesic.direct(a, way.azimuth1_deg, d)));
    }
  return worst;
}

TEST(Edges, FollowGeodesicsWithinTheTolerance) {
  struct Pair {
    LonLat a, b;
  };
  for (const auto& [a, b] :
       {Pair{{-120, 60}, {-100, 60}}, Pair{{-10, -20}, {10, 20}}, Pair{{170, -40}, {-170, -45}},
        Pair{{0, 89}, {150, 88}}, Pair{{5, 10}, {5, 60}}}) {
    EdgeOptions options;
    options.tolerance_m = 1.0;
    const Geometry out = to_lonlat(line_geometry({{a.lon_deg, a.lat_deg}, {b.lon_deg, b.lat_deg}}),
                                   wgs84(), Edges::geodesic, options);
    EXPECT_LE(worst_gap(out.lines[0], a, b), 1.0);
  }
}

TEST(Edges, AlongAMeridianNeedNoVertex) {
  EXPECT_EQ(to_lonlat(line_geometry({{5, 10}, {5, 60}}), wgs84(), Edges::geodesic).lines[0].size(),
            2u);
}

TEST(Edges, StraightOnesStayAsTheyAre) {
  const Geometry g = box(-120, 60, -100, 65);
  EXPECT_EQ(follow_edges(g, wgs84(), Edges::straight), g);
  const Crs utm = parse_crs("EPSG:32611");
  const Geometry there = box(500000, 4600000, 600000, 4700000);
  EXPECT_EQ(follow_edges(there, utm, Edges::straight), there);
  EXPECT_EQ(follow_edges(there, parse_crs("local:m"), Edges::geodesic), there);
}

TEST(Edges, NeedDegreesAndAPlaceOnEarth) {
  const auto code_of = [](const char* crs) -> std::string {
    try {
      static_cast<void>(to_lonlat(point_geometry(0, 0), parse_crs(crs), Edges::geodesic));
    } catch (const Error& error) {
      return error.code;
    }
    return "";
  };
  EXPECT_EQ(code_of("local:m"), "crs.local");
  EXPECT_EQ(code_of("EPSG:4807"), "crs.not_degrees");  // NTF (Paris), grads
}

TEST(Wrap, CutsARingAtTheAntimeridian) {
  // 170 E to 170 W, as files have it: with a jump, or with longitudes beyond 180.
  for (const Geometry& g :
       {polygon_geometry({{170, 0}, {-170, 0}, {-170, 10}, {170, 10}, {170, 0}}),
        box(170, 0, 190, 10), box(-190, 0, -170, 10)}) {
    const Geometry cut = cut_at_antimeridian(g);
    ASSERT_EQ(cut.polygons.size(), 2u);
    const Box extent = box_of(cut);
    EXPECT_EQ(extent.min_x, -180.0);
    EXPECT_EQ(extent.max_x, 180.0);
    EXPECT_TRUE(covers(cut, {175, 5}));
    EXPECT_TRUE(covers(cut, {-175, 5}));
    EXPECT_FALSE(covers(cut, {0, 5}));
    EXPECT_NEAR(area_m2(cut, wgs84(), Edges::straight) /
                    area_m2(box(0, 0, 20, 10), wgs84(), Edges::straight),
                1.0, 1e-12);
  }
}

TEST(Wrap, ClosesARingOverThePole) {
  Path ring;
  for (int lon = -170; lon <= 190; lon += 20) ring.push_back({static_cast<double>(lon), 80.0});
  ring.back().x = -170;  // as a file has it: closed
  const Geometry cap = cut_at_antimeridian(polygon_geometry(ring));
  EXPECT_TRUE(covers(cap, {0, 85}));
  EXPECT_TRUE(covers(cap, {179, 89.9}));
  EXPECT_FALSE(covers(cap, {0, 79}));
  // The zone above a parallel, from the box in longitude and latitude.
  EXPECT_NEAR(area_m2(cap, wgs84(), Edges::straight) /
                  (18.0 * area_m2(box(0, 80, 20, 90), wgs84(), Edges::straight)),
              1.0, 1e-9);
}

// A spiral-like ring that goes east over the antimeridian at 60 N, back at 70 N and east again at
// 80 N: closed over the pole from any but the last it would cross itself.
TEST(Wrap, ClosesARingThatCrossesTheSeamSeveralTimes) {
  const Path north = {{0, 60},   {90, 60},  {170, 60},  {-170, 60}, {-170, 70},
                      {170, 70}, {170, 80}, {-170, 80}, {-90, 80},  {0, 60}};
  Path south = north, west(north.rbegin(), north.rend());
  for (Point& p : south) p.y = -p.y;
  const auto planar_area = [](const Geometry& g) {
    double sum = 0.0;
    for (const Polygon& polygon : g.polygons) {
      EXPECT_TRUE(polygon.holes.empty());
      double twice = 0.0;
      for (std::size_t i = 1; i < polygon.shell.size(); ++i)
        twice += polygon.shell[i - 1].x * polygon.shell[i].y -
                 polygon.shell[i].x * polygon.shell[i - 1].y;
      sum += 0.5 * std::abs(twice);
    }
    return sum;
  };
  for (const Path& ring : {north, south, west}) {
    const double sign = ring[1].y < 0 ? -1.0 : 1.0;
    for (std::size_t start = 0; start + 1 < ring.size(); ++start) {
      Path turned(ring.begin(), ring.end() - 1);
      std::rotate(turned.begin(), turned.begin() + static_cast<std::ptrdiff_t>(start),
                  turned.end());
      turned.push_back(turned.front());
      const Geometry cap = cut_at_antimeridian(polygon_geometry(turned));
      // 90 x 360 less the trapezoids under the ring.
      EXPECT_NEAR(planar_area(cap), 8100.0, 1e-6) << start;
      for (const double lon : {-175.0, 175.0}) {
        EXPECT_FALSE(covers(cap, {lon, 59 * sign})) << start;
        EXPECT_TRUE(covers(cap, {lon, 65 * sign})) << start;
        EXPECT_FALSE(covers(cap, {lon, 75 * sign})) << start;
        EXPECT_TRUE(covers(cap, {lon, 85 * sign})) << start;
      }
    }
  }
}

TEST(Wrap, ClosesARingWithAVertexOnTheSeam) {
  // It only touches the seam at 85 N, above where it crosses it.
  const Path ring = {{-170, 70}, {-90, 70}, {0, 70},   {90, 70},  {170, 85},
                     {180, 85},  {170, 80}, {170, 75}, {-170, 70}};
  const Geometry cap = cut_at_antimeridian(polygon_geometry(ring));
  EXPECT_TRUE(covers(cap, {179, 89}));
  EXPECT_TRUE(covers(cap, {-179, 75}));
  EXPECT_TRUE(covers(cap, {-179, 86}));
  EXPECT_FALSE(covers(cap, {172, 82}));
  EXPECT_TRUE(covers(cap, {179, 80}));
}

TEST(Wrap, ReadsWindingWhereItIsKnown) {
  Path east, west;
  for (int i = 0; i <= 36; ++i) {
    east.push_back({-180.0 + 10.0 * i, 10.0});
    west.push_back({180.0 - 10.0 * i, 10.0});
  }
  EXPECT_TRUE(covers(cut_at_antimeridian(polygon_geometry(east), PoleRule::left), {5, 50}));
  EXPECT_FALSE(covers(cut_at_antimeridian(polygon_geometry(east), PoleRule::left), {5, -50}));
  EXPECT_TRUE(covers(cut_at_antimeridian(polygon_geometry(west), PoleRule::left), {5, -50}));
}

TEST(Wrap, CutsLinesAndLeavesWhatIsClosedAlready) {
  const Geometry cut = cut_at_antimeridian(line_geometry({{178, 0}, {-178, 4}, {-176, 4}}));
  ASSERT_EQ(cut.lines.size(), 2u);
  EXPECT_EQ(cut.lines[0].back(), (Point{180, 2}));
  EXPECT_EQ(cut.lines[1].front(), (Point{-180, 2}));
  // As Antarctica is drawn: down the seam, along the pole and up again.
  const Geometry closed =
      polygon_geometry({{-180, -90}, {180, -90}, {180, -80}, {0, -70}, {-180, -80}, {-180, -90}});
  EXPECT_FALSE(crosses_antimeridian(closed));
  EXPECT_EQ(cut_at_antimeridian(closed), closed);
}

TEST(Dissolve, ClustersAreGroundCountedOnce) {
  std::vector<Geometry> all;
  for (int i = 0; i < 10; ++i) all.push_back(box(0, 0, 10, 10));  // a stack
  all.push_back(box(5, 5, 15, 15));
  all.push_back({});
  all.push_back(box(100, 0, 101, 1));
  std::vector<const Geometry*> pointers;
  for (const Geometry& g : all) pointers.push_back(&g);
  const Distinct distinct = distinct_of(all);
  EXPECT_EQ(distinct.first, (std::vector<std::size_t>{0, 10, 11, 12}));
  EXPECT_EQ(distinct.of[9], 0u);
  const auto clusters = clusters_of(pointers);
  ASSERT_EQ(clusters.size(), 2u);
  EXPECT_EQ(clusters[1], std::vector<std::size_t>{12});
  const auto ground = dissolve(pointers, 1);
  ASSERT_EQ(ground.size(), 2u);
  EXPECT_NEAR(area_m2(ground[0], parse_crs("local:m")), 175.0, 1e-9);
  EXPECT_EQ(ground, dissolve(pointers, 2));
}

// Against a search that looks at all pairs.
TEST(Dissolve, ClustersAreThoseOfAllPairs) {
  const Random random{5, 11};
  for (const std::size_t count : {1u, 2u, 3u, 64u, 65u, 400u}) {
    std::vector<Geometry> all;
    for (std::uint64_t i = 0; i < count; ++i) {
      const double x = std::floor(40 * random.uniform(4 * i));
      const double y = std::floor(40 * random.uniform(4 * i + 1));
      // Whole numbers, so that many only touch.
      all.push_back(box(x, y, x + 1 + std::floor(2 * random.uniform(4 * i + 2)),
                        y + 1 + std::floor(2 * random.uniform(4 * i + 3))));
      if (i % 17 == 5) all.back() = Geometry{};
    }
    std::vector<const Geometry*> pointers;
    for (const Geometry& g : all) pointers.push_back(&g);
    std::vector<std::vector<std::size_t>> expected;
    std::vector<bool> seen(all.size(), false);
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (seen[i] || all[i].empty()) continue;
      std::vector<std::size_t> cluster = {i};
      seen[i] = true;
      for (std::size_t k = 0; k < cluster.size(); ++k)
        for (std::size_t j = 0; j < all.size(); ++j)
          if (!seen[j] && !all[j].empty() && box_of(all[j]).meets(box_of(all[cluster[k]]))) {
            seen[j] = true;
            cluster.push_back(j);
          }
      std::sort(cluster.begin(), cluster.end());
      expected.push_back(cluster);
    }
    EXPECT_EQ(clusters_of(pointers), expected) << count;
  }
}

// 100,000 boxes that all meet are 5e9 pairs. Each box is found once: 0.4 s with making them, where
// asking the tree for all that meet each box takes over 45 s.
TEST(Dissolve, AStackIsOneClusterInNoTime) {
  std::vector<Geometry> all;
  for (int i = 0; i < 100000; ++i) all.push_back(box(-i, -i % 7, 10 + i, 10 + i % 5));
  std::vector<const Geometry*> pointers;
  for (const Geometry& g : all) pointers.push_back(&g);
  const auto start = std::chrono::steady_clock::now();
  const auto clusters = clusters_of(pointers);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  ASSERT_EQ(clusters.size(), 1u);
  ASSERT_EQ(clusters[0].size(), all.size());
  EXPECT_TRUE(std::is_sorted(clusters[0].begin(), clusters[0].end()));
}

TEST(RecordedArea, ReadsWhatRegistersWrite) {
  EXPECT_NEAR(parse_recorded_area("1,728.85 hectares"), 17288500.0, 1e-6);
  EXPECT_NEAR(parse_recorded_area("20.66 acres"), 20.66 * 4046.8564224, 1e-6);
  EXPECT_NEAR(parse_recorded_area(" 3 km2 "), 3e6, 1e-6);
  EXPECT_NEAR(parse_recorded_area("12HA"), 12e4, 1e-6);
  EXPECT_TRUE(std::isnan(parse_recorded_area("")));
  const auto code_of = [](const char* text) -> std::string {
    try {
      static_cast<void>(parse_recorded_area(text));
    } catch (const Error& error) {
      return error.code;
    }
    return "";
  };
  EXPECT_EQ(code_of("1728"), "area.no_unit");
  EXPECT_EQ(code_of("17,28 ha"), "area.bad_text");
  EXPECT_EQ(code_of("-3 ha"), "area.bad_text");
  EXPECT_EQ(code_of("3 furlongs"), "area.bad_text");
  EXPECT_EQ(code_of("many ha"), "area.bad_text");
}

TEST(RecordedArea, OfAColumn) {
  Table table;
  table.name = "claims";
  table.add(text_column("AREA_TXT", {"2 ha", "", "unknown"}));
  table.add(number_column("acres", {1.0, 2.0, 3.0}));
  table.add(number_column("size", {1.0, 2.0, 3.0}));
  Findings findings;
  const auto texts = recorded_areas(table, "AREA_TXT", findings);
  EXPECT_NEAR(texts[0], 2e4, 1e-9);
  EXPECT_TRUE(std::isnan(texts[1]) && std::isnan(texts[2]));
  EXPECT_TRUE(findings.has("area.unread"));
  EXPECT_NEAR(recorded_areas(table, "acres", findings)[2], 3 * 4046.8564224, 1e-9);
  EXPECT_NEAR(recorded_areas(table, "size", findings, "ha")[1], 2e4, 1e-9);
  EXPECT_THROW(static_cast<void>(recorded_areas(table, "size", findings)), Error);
}

}  // namespace
}  // namespace lode
