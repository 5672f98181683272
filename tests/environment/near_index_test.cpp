// Nearest and within, against brute force with the geodesic inverse problem.
#include "libgeo/environment/near_index.h"

#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/core/random.h"
#include "libgeo/crs/geodesic.h"

namespace lode {
namespace {

Geometry line_geometry(Path path) {
  Geometry g;
  g.kind = GeometryKind::line;
  g.lines.push_back(std::move(path));
  return g;
}

Geometry box(double w, double s, double e, double n) {
  return polygon_geometry({{w, s}, {e, s}, {e, n}, {w, n}, {w, s}});
}

/// Places all over the globe, poles and antimeridian too.
std::vector<Geometry> places(std::size_t count, std::uint64_t stream) {
  const Random random{7, stream};
  std::vector<Geometry> out;
  for (std::size_t i = 0; i < count; ++i)
    out.push_back(point_geometry(
        360.0 * random.uniform(2 * i) - 180.0,
        std::asin(2.0 * random.uniform(2 * i + 1) - 1.0) * 180.0 / 3.14159265358979));
  out.push_back(point_geometry(0, 90));
  out.push_back(point_geometry(180, -90));
  out.push_back(point_geometry(-180, 3));
  return out;
}

TEST(NearIndex, FindsTheNearestPlaceAnywhereOnEarth) {
  const auto features = places(300, 1), probes = places(200, 2);
  const NearIndex index(features, wgs84(), Edges::geodesic);
  const Geodesic geodesic;
  for (const Geometry& probe : probes) {
    double best = 1e18;
    for (const Geometry& feature : features)
      best = std::min(best, geodesic.distance_m({probe.points[0].x, probe.points[0].y},
                                                {feature.points[0].x, feature.points[0].y}));
    EXPECT_NEAR(index.nearest(index.probe(probe)).distance_m, best, 1e-6 * best + 1e-6);
  }
}

TEST(NearIndex, WithinAgreesWithBruteForceInFeatureOrder) {
  const auto features = places(300, 3), probes = places(50, 4);
  const NearIndex index(features, wgs84(), Edges::geodesic);
  const Geodesic geodesic;
  for (const Geometry& probe : probes) {
    std::vector<std::size_t> expected, found;
    for (std::size_t i = 0; i < features.size(); ++i)
      if (geodesic.distance_m({probe.points[0].x, probe.points[0].y},
                              {features[i].points[0].x, features[i].points[0].y}) <= 2e6)
        expected.push_back(i);
    for (const NearHit& hit : index.within(index.probe(probe), 2e6)) found.push_back(hit.feature);
    EXPECT_EQ(found, expected);
  }
}

TEST(NearIndex, DistanceToAGeodesicEdgeIsThatOfItsNearestPlace) {
  const Geodesic geodesic;
  const LonLat a{10, 60}, b{20, 62};
  const NearIndex index({line_geometry({{a.lon_deg, a.lat_deg}, {b.lon_deg, b.lat_deg}})}, wgs84(),
                        Edges::geodesic);
  // A place 5 km to the left of the edge's middle: by construction of the direct problem.
  const Inverse way = geodesic.inverse(a, b);
  const LonLat middle = geodesic.direct(a, way.azimuth1_deg, 0.5 * way.distance_m);
  const double azimuth = geodesic.inverse(a, middle).azimuth2_deg;
  for (const double d : {0.5, 5000.0, 200000.0}) {
    const LonLat place = geodesic.direct(middle, azimuth - 90.0, d);
    EXPECT_NEAR(index.nearest(index.probe(point_geometry(place.lon_deg, place.lat_deg))).distance_m,
                d, 1e-6 * d + 1e-3);
  }
}

/// Least distance to the geodesic between two places, by golden section along it.
double to_geodesic(const Geodesic& geodesic, LonLat place, LonLat a, LonLat b) {
  const Inverse way = geodesic.inverse(a, b);
  const auto at = [&](double s) {
    return geodesic.distance_m(place, geodesic.direct(a, way.azimuth1_deg, s));
  };
  const double golden = 0.6180339887498949;
  double low = 0.0, high = way.distance_m;
  while (high - low > 1e-3) {
    const double u = high - golden * (high - low), v = low + golden * (high - low);
    (at(u) < at(v) ? high : low) = at(u) < at(v) ? v : u;
  }
  return std::min({at(0.5 * (low + high)), at(0.0), at(way.distance_m)});
}

TEST(NearIndex, AgreesWithTheInverseProblemAlongTrueEdges) {
  // Lines of edges from 1 to 100 km all over the globe, over the antimeridian and near the poles.
  const Geodesic geodesic;
  const Random random{7, 12};
  std::vector<Geometry> lines;
  for (std::size_t i = 0; i < 150; ++i) {
    const Geometry start = places(150, 9)[i];
    LonLat at{start.points[0].x, start.points[0].y};
    Path path{{at.lon_deg, at.lat_deg}};
    const double step = 1000.0 * std::pow(10.0, 2.0 * random.uniform(2000 + i));
    for (std::size_t k = 0; k < 5; ++k) {
      at = geodesic.direct(at, 360.0 * random.uniform(10 * i + k), step);
      path.push_back({at.lon_deg, at.lat_deg});
    }
    lines.push_back(line_geometry(path));
  }
  const NearIndex index(lines, wgs84(), Edges::geodesic);
  std::vector<Geometry> probes = places(60, 10);
  for (std::size_t i = 0; i < 60; ++i) {  // and places beside the lines
    const Path& path = lines[i].lines.front();
    const LonLat near = geodesic.direct({path[2].x, path[2].y}, 360.0 * random.uniform(5000 + i),
                                        std::pow(10.0, 5.0 * random.uniform(6000 + i)));
    probes.push_back(point_geometry(near.lon_deg, near.lat_deg));
  }
  for (const Geometry& probe : probes) {
    const LonLat place{probe.points[0].x, probe.points[0].y};
    double best = 1e18;
    for (const Geometry& line : lines)
      for (std::size_t i = 1; i < line.lines[0].size(); ++i) {
        const Point a = line.lines[0][i - 1], b = line.lines[0][i];
        const double from_a = geodesic.distance_m(place, {a.x, a.y});
        if (from_a - 101e3 > best) continue;
        best = std::min(best, to_geodesic(geodesic, place, {a.x, a.y}, {b.x, b.y}));
      }
    EXPECT_NEAR(index.nearest(index.probe(probe)).distance_m, best, 1e-6 * best + 1e-3);
  }
}

TEST(NearIndex, LargeProbesMeetWhatLiesAlongTheirBoundary) {
  // A ring of 4,000 vertices of radius 1,000 m, and places on circles about its centre: the radius
  // says how far each is (the ring's sagitta is 0.3 mm).
  Path ring;
  for (int i = 0; i < 4000; ++i) {
    const double t = 6.283185307179586 * i / 4000.0;
    ring.push_back({1000.0 * std::cos(t), 1000.0 * std::sin(t)});
  }
  ring.push_back(ring.front());
  std::vector<Geometry> features;
  for (int i = 0; i < 100; ++i) {
    const double t = 0.1 + 6.283185307179586 * i / 100.0, r = 1000.5 + i;
    features.push_back(point_geometry(r * std::cos(t), r * std::sin(t)));
  }
  const NearIndex index(features, parse_crs("local:m"), Edges::straight);
  const auto probe = index.probe(polygon_geometry(ring));
  EXPECT_EQ(index.nearest(probe).feature, 0u);
  for (std::size_t i = 0; i < features.size(); ++i)
    EXPECT_NEAR(index.distance_m(probe, i), 0.5 + static_cast<double>(i), 4e-4);
  EXPECT_EQ(index.within(probe, 20.2).size(), 20u);
}

TEST(NearIndex, InsideIsZeroEitherWay) {
  const NearIndex index({box(0, 0, 10, 10), point_geometry(40, 40), box(2, 2, 3, 3)}, wgs84(),
                        Edges::geodesic);
  EXPECT_EQ(index.nearest(index.probe(point_geometry(5, 5))).distance_m, 0.0);
  EXPECT_EQ(index.nearest(index.probe(point_geometry(2.5, 2.5))).feature, 0u);
  EXPECT_EQ(index.nearest(index.probe(box(39, 39, 41, 41))).feature, 1u);
  EXPECT_EQ(index.distance_m(index.probe(box(39, 39, 41, 41)), 1), 0.0);
  EXPECT_EQ(index.within(index.probe(line_geometry({{-1, 2.5}, {5, 2.5}})), 0.0).size(), 2u);
}

TEST(NearIndex, OfNothingFindsNothing) {
  const NearIndex index({}, wgs84(), Edges::geodesic);
  EXPECT_EQ(index.nearest(index.probe(point_geometry(0, 0))).feature, NearIndex::npos);
  const NearIndex one({point_geometry(0, 0), {}}, wgs84(), Edges::geodesic);
  EXPECT_EQ(one.nearest(one.probe({})).feature, NearIndex::npos);
  EXPECT_TRUE(std::isnan(one.distance_m(one.probe(point_geometry(1, 1)), 1)));
}

}  // namespace
}  // namespace lode
