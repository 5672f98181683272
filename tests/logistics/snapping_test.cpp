#include <gtest/gtest.h>

#include <GeographicLib/Geodesic.hpp>
#include <GeographicLib/GeodesicLine.hpp>
#include <cmath>

#include "libgeo/core/random.h"
#include "libgeo/logistics/edge_index.h"
#include "libgeo/logistics/freight.h"
#include "libgeo/logistics/snapping.h"
#include "tests/logistics/sketch.h"

namespace {

using namespace lode;
using sketch::layer;

/// Least distance to a geodesic by golden section with GeographicLib's series: slow, another code.
double by_golden_section(LonLat p, LonLat a, LonLat b) {
  const auto& geodesic = GeographicLib::Geodesic::WGS84();
  const auto line = geodesic.InverseLine(a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg);
  const auto distance = [&](double s) {
    double lat = 0, lon = 0, m = 0;
    line.Position(s, lat, lon);
    geodesic.Inverse(p.lat_deg, p.lon_deg, lat, lon, m);
    return m;
  };
  // Coarse first, in case there is more than one valley.
  double best = 0.0;
  const double length = line.Distance();
  for (int i = 0; i <= 200; ++i)
    if (distance(length * i / 200) < distance(best)) best = length * i / 200;
  double low = std::max(0.0, best - length / 200), high = std::min(length, best + length / 200);
  const double golden = (std::sqrt(5.0) - 1.0) / 2.0;
  for (int i = 0; i < 80; ++i) {
    const double x = high - golden * (high - low), y = low + golden * (high - low);
    if (distance(x) < distance(y))
      high = y;
    else
      low = x;
  }
  return std::min({distance((low + high) / 2), distance(0.0), distance(length)});
}

TEST(Foot, AgreesWithGoldenSectionAnywhere) {
  const Geodesic geodesic(wgs84());
  const Random random{3, 1};
  for (std::uint64_t i = 0; i < 400; ++i) {
    const auto u = [&](std::uint64_t k) { return random.uniform(8 * i + k); };
    // Segments from 100 m to 3,000 km, places up to 2,000 km off, over the antimeridian and poles.
    const LonLat a{360.0 * u(0) - 180.0, 178.0 * u(1) - 89.0};
    const LonLat b = geodesic.direct(a, 360.0 * u(2), 100.0 * std::pow(3e4, u(3)));
    const LonLat near = geodesic.direct(a, 360.0 * u(4), 3e6 * u(3) * u(5));
    const LonLat p = geodesic.direct(near, 360.0 * u(6), 2e6 * std::pow(u(7), 3.0));
    const Foot foot = foot_on_geodesic(geodesic, p, a, b);
    const double expected = by_golden_section(p, a, b);
    EXPECT_NEAR(foot.distance_m, expected, 1e-6 + 1e-9 * expected) << i;
    EXPECT_NEAR(geodesic.distance_m(p, foot.at), foot.distance_m, 1e-6);
  }
}

TEST(EdgeIndex, AgreesWithLookingAtEveryEdge) {
  const Random random{5, 2};
  const Geodesic geodesic(wgs84());
  std::vector<Path> paths;
  for (std::uint64_t i = 0; i < 300; ++i) {
    // Half of them about the antimeridian near a pole, some of them very long.
    const auto u = [&](std::uint64_t k) { return random.uniform(8 * i + k); };
    LonLat at = i % 2 == 0 ? LonLat{360.0 * u(0) - 180.0, 170.0 * u(1) - 85.0}
                           : LonLat{175.0 + 10.0 * u(0), 80.0 + 9.0 * u(1)};
    Path path;
    for (int k = 0; k < 4; ++k) {
      const LonLat plain = plain_place(at.lon_deg, at.lat_deg);
      path.push_back({plain.lon_deg, plain.lat_deg});
      at = geodesic.direct(at, 360.0 * u(2) + 40.0 * k, i % 10 == 0 ? 2.5e6 * u(3) : 2e5 * u(3));
    }
    paths.push_back(path);
  }
  NetworkOptions options;
  options.report_crossings = false;
  const Network net = build_network({layer("sea", paths)}, options);
  std::vector<std::uint32_t> edges(net.edges.size());
  for (std::uint32_t e = 0; e < edges.size(); ++e) edges[e] = e;
  const EdgeIndex index(net, edges);
  for (std::uint64_t i = 0; i < 200; ++i) {
    const LonLat p{360.0 * random.uniform(9000 + 2 * i) - 180.0,
                   180.0 * random.uniform(9001 + 2 * i) - 90.0};
    double best = 1e9;
    for (const auto& e : net.edges)
      for (std::uint32_t s = 0; s + 1 < e.vertices; ++s)
        best = std::min(best, foot_on_geodesic(geodesic, p, net.shape[e.first_vertex + s],
                                               net.shape[e.first_vertex + s + 1])
                                  .distance_m);
    const EdgeHit hit = index.nearest(p, 2.1e7);
    ASSERT_TRUE(hit.found);
    EXPECT_EQ(hit.distance_m, best);
    EXPECT_FALSE(index.nearest(p, best * 0.999).found);
    EXPECT_TRUE(index.nearest(p, best * 1.001).found);
  }
}

TEST(NearestEdges, OneLookAndTheIndexGiveTheSameBits) {
  const Random random{6, 2};
  std::vector<Path> paths;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    const auto u = [&](std::uint64_t k) { return random.uniform(8 * i + k); };
    // Short roads in three countries, one about the antimeridian, one at a pole; some lanes.
    const LonLat middle = i % 3 == 0   ? LonLat{20.0, 10.0}
                          : i % 3 == 1 ? LonLat{180.0, -17.0}
                                       : LonLat{0.0, 89.0};
    const LonLat at = Geodesic().direct(middle, 360.0 * u(0), 2e5 * u(1));
    const LonLat to = Geodesic().direct(at, 360.0 * u(2), i % 100 == 0 ? 3e6 * u(3) : 3e3 * u(3));
    const LonLat a = plain_place(at.lon_deg, at.lat_deg), b = plain_place(to.lon_deg, to.lat_deg);
    paths.push_back({{a.lon_deg, a.lat_deg}, {b.lon_deg, b.lat_deg}});
  }
  NetworkOptions options;
  options.report_crossings = false;
  const Network net = build_network({layer("road", paths)}, options);
  std::vector<std::uint32_t> edges;
  std::vector<LonLat> places;
  for (std::uint32_t e = 0; e < net.edges.size(); ++e) edges.push_back(e);
  for (std::uint64_t i = 0; i < 60; ++i)
    places.push_back({360.0 * random.uniform(90000 + 2 * i) - 180.0,
                      180.0 * random.uniform(90001 + 2 * i) - 90.0});
  for (std::size_t i = 0; i < 60; ++i) {
    // Beside a road, and on its end, where several may be equally near.
    const LonLat at = net.nodes[net.edges[i * 40].a];
    places.push_back(plain_place(at.lon_deg, std::min(90.0, at.lat_deg + 1e-3)));
    places.push_back(at);
  }
  for (const double radius_m : {500.0, 5e4, 2.1e7}) {
    const auto look = NearestEdges(net, edges, 2, NearestEdges::By::pass).find(places, radius_m);
    const auto index = NearestEdges(net, edges, 1, NearestEdges::By::index).find(places, radius_m);
    for (std::size_t i = 0; i < places.size(); ++i) {
      ASSERT_EQ(look[i].found, index[i].found) << i;
      EXPECT_EQ(look[i].edge, index[i].edge) << i;
      EXPECT_EQ(look[i].segment, index[i].segment) << i;
      EXPECT_EQ(look[i].fraction, index[i].fraction) << i;
      EXPECT_EQ(look[i].distance_m, index[i].distance_m) << i;
      EXPECT_EQ(look[i].at, index[i].at) << i;
    }
  }
}

TEST(Snapping, ARoadInReachGoesBeforeANearerRail) {
  const Network net =
      build_network({layer("road", {{{0, 0}, {1, 0}}}), layer("rail", {{{0, 0.1}, {1, 0.1}}})});
  SnapOptions options;
  options.radius_km = 20.0;
  const auto snaps = snap_places(net, {{0.5, 0.09}, {0.5, 0.25}, {0.5, 0.5}}, options);
  EXPECT_EQ(net.mode_of(snaps[0].edge), "road");
  EXPECT_EQ(net.mode_of(snaps[1].edge), "rail");
  EXPECT_FALSE(snaps[2].found);
  // GeodSolve -i: "0.1 0.5 0.5 0.5" -> 44229.8 m; the foot on the geodesic lies a little north.
  EXPECT_NEAR(snaps[2].nearest_m, 44229.7, 2.0);
}

TEST(Snapping, SmallPartsArePassedOver) {
  const Network net = build_network(
      {layer("road", {{{0, 0}, {1, 0}}, {{0, 0.2}, {1, 0.2}}, {{1, 0.2}, {2, 0.2}}})});
  SnapOptions options;
  EXPECT_EQ(snap_places(net, {{0.5, 0.05}}, options)[0].edge, 0u);
  options.min_component_edges = 2;
  EXPECT_EQ(snap_places(net, {{0.5, 0.05}}, options)[0].edge, 1u);
}

TEST(Snapping, FractionIsOfTheLength) {
  const Network net = build_network({layer("road", {{{0, 0}, {1, 0}, {4, 0}}})});
  const auto snap = snap_places(net, {{3, 0.001}})[0];
  EXPECT_NEAR(snap.fraction, 0.75, 1e-9);
  EXPECT_EQ(snap_places(net, {{-1, 0}})[0].fraction, 0.0);
  EXPECT_EQ(snap_places(net, {{5, 0}})[0].fraction, 1.0);
}

// Rounding between the feet of places on both sides of a line is no way.
TEST(Snapping, PlacesWithOneFootAreNoWayApart) {
  const Geodesic geodesic;
  const LonLat a{3.1, 47.3}, b{5.9, 48.8};
  const Inverse line = geodesic.inverse(a, b);
  std::vector<Place> from, to;
  for (int i = 1; i < 30; ++i) {
    const double along = line.distance_m * i / 30.0;
    const LonLat foot = geodesic.direct(a, line.azimuth1_deg, along);
    const double forward = geodesic.inverse(foot, b).azimuth1_deg;
    const LonLat left = geodesic.direct(foot, forward - 90.0, 3000.0);
    const LonLat right = geodesic.direct(foot, forward + 90.0, 2000.0);
    from.push_back(sketch::place(std::to_string(i), left.lon_deg, left.lat_deg));
    to.push_back(sketch::place(std::to_string(i), right.lon_deg, right.lat_deg));
  }
  const Network net =
      build_network({sketch::layer("road", {{{a.lon_deg, a.lat_deg}, {b.lon_deg, b.lat_deg}}})});
  RouteOptions options;
  options.pairs = Pairs::pairwise;
  const auto table = route(net, sketch::plain_tariff(), sketch::terminals(), sketch::places(from),
                           sketch::places(to), options);
  ASSERT_EQ(table.rows.size(), from.size());
  for (const auto& row : table.rows) {
    EXPECT_TRUE(row.reachable());
    EXPECT_EQ(row.distance_km, 0.0);
  }
}

}  // namespace
