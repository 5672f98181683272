// Habitat connectivity: closed forms of few patches, all pairs the slow way, and refusals.
#include "libgeo/environment/habitat.h"

#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/core/random.h"
#include "libgeo/crs/geodesic.h"
#include "libgeo/environment/habitat_network.h"
#include "libgeo/geometry/overlay.h"
#include "tests/core/code_of.h"

namespace lode {
namespace {

const Crs& grid() {
  static const Crs crs = parse_crs("local:m");
  return crs;
}

Geometry box(double x0, double y0, double x1, double y1) {
  return polygon_geometry({{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}});
}

Habitat loss(std::vector<Geometry> patches, std::vector<Geometry> sites, double half = 1000.0) {
  HabitatOptions options;
  options.half_distance_m = half;
  options.edges = Edges::straight;
  return habitat_loss({std::move(patches), std::move(sites), grid()}, options);
}

constexpr double kArea = 1e4;  // of a square of 100 m

TEST(HabitatLoss, TwoPatchesAtTheHalfDistance) {
  const Habitat out = loss({box(0, 0, 100, 100), box(1100, 0, 1200, 100)},
                           {box(1090, -10, 1210, 110), box(500, 0, 600, 100), Geometry{}});
  // a^2 (1 + 1 + 2 x 0.5)
  EXPECT_NEAR(out.sites[0].connected_area_before_m2, kArea * std::sqrt(3.0), 1e-6);
  EXPECT_NEAR(out.sites[0].connected_area_after_m2, kArea, 1e-6);
  EXPECT_NEAR(out.sites[0].connectivity_loss_pct, 200.0 / 3.0, 1e-9);
  EXPECT_NEAR(out.sites[0].lost_m2, kArea, 1e-6);
  EXPECT_NEAR(out.sites[0].lost_pct, 50.0, 1e-9);
  EXPECT_EQ(out.sites[0].patches, 1u);
  EXPECT_EQ(out.nodes, 2u);
  EXPECT_EQ(out.links, 1u);
  EXPECT_EQ(out.sites[1].connectivity_loss_pct, 0.0);
  EXPECT_EQ(out.sites[1].patches, 0u);
  EXPECT_TRUE(out.findings.has("habitat.no_ground"));
}

TEST(HabitatLoss, AStoneInTheMiddleCarriesMoreThanItsArea) {
  const std::vector<Geometry> row = {box(0, 0, 100, 100), box(1100, 0, 1200, 100),
                                     box(2200, 0, 2300, 100)};
  const Habitat out = loss(row, {box(1050, -50, 1250, 150), box(-50, -50, 150, 150)});
  const double before = 3.0 + 2.0 * (0.5 + 0.5 + 0.25);  // over the stone, not 0.5^2.1
  EXPECT_NEAR(out.sites[0].connected_area_before_m2, kArea * std::sqrt(before), 1e-6);
  const double without = 2.0 + 2.0 * std::pow(0.5, 2.1);
  EXPECT_NEAR(out.sites[0].connectivity_loss_pct, 100.0 * (1.0 - without / before), 1e-9);
  EXPECT_NEAR(out.sites[1].connectivity_loss_pct, 100.0 * (1.0 - 3.0 / before), 1e-9);
}

TEST(HabitatLoss, ARoadCutsAPatchInTwo) {
  // 300 x 100 m, 50 m taken from the middle: two of 125 x 100 m at 50 m.
  const Habitat out = loss({box(0, 0, 300, 100)}, {box(125, -10, 175, 110)}, 50.0);
  const double a = 12500.0, after = 2.0 * a * a + 2.0 * a * a * 0.5;
  EXPECT_NEAR(out.sites[0].connected_area_before_m2, 30000.0, 1e-6);
  EXPECT_NEAR(out.sites[0].connected_area_after_m2, std::sqrt(after), 1e-6);
  EXPECT_NEAR(out.sites[0].connectivity_loss_pct, 100.0 * (1.0 - after / 9e8), 1e-9);
  EXPECT_NEAR(out.sites[0].lost_pct, 100.0 / 6.0, 1e-9);
}

TEST(HabitatLoss, OverlappingPatchesAreOne) {
  const Habitat out = loss({box(0, 0, 100, 100), box(50, 0, 150, 100), box(0, 0, 100, 100)},
                           {box(0, 0, 1000, 1000)});
  EXPECT_EQ(out.nodes, 1u);
  EXPECT_NEAR(out.habitat_m2, 15000.0, 1e-6);
  EXPECT_NEAR(out.sites[0].connectivity_loss_pct, 100.0, 1e-9);
  EXPECT_EQ(out.sites[0].connected_area_after_m2, 0.0);
}

TEST(HabitatLoss, GeodesicAcrossTheAntimeridian) {
  const auto square = [](double lon, double lat) {
    return box(lon, lat, lon + 0.001, lat + 0.001);
  };
  HabitatOptions options;
  const Geodesic geodesic;
  options.half_distance_m = geodesic.distance_m({179.996, -16.0}, {-179.995, -16.0});
  const Geometry west = square(179.995, -16.0), east = square(-179.995, -16.0);
  const Habitat out = habitat_loss({{west, east}, {west}, wgs84()}, options);
  const double a = area_m2(west, wgs84()), b = area_m2(east, wgs84());
  EXPECT_NEAR(out.sites[0].connected_area_before_m2 / std::sqrt(a * a + b * b + a * b), 1.0, 1e-6);
  EXPECT_NEAR(out.sites[0].connected_area_after_m2 / b, 1.0, 1e-9);
}

/// Sum of a a p over all pairs with Floyd and Warshall's best paths.
double slow(const std::vector<Geometry>& pieces, double half, double least) {
  const std::size_t n = pieces.size();
  std::vector<double> p(n * n, 0.0), area(n);
  for (std::size_t i = 0; i < n; ++i) {
    area[i] = area_m2(pieces[i], grid());
    for (std::size_t j = 0; j < n; ++j) {
      const double d = nearest(pieces[i], pieces[j], grid(), Edges::straight).distance_m;
      const double one = std::pow(0.5, d / half);
      p[i * n + j] = i == j ? 1.0 : one >= least ? one : 0.0;
    }
  }
  for (std::size_t k = 0; k < n; ++k)
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        p[i * n + j] = std::max(p[i * n + j], p[i * n + k] * p[k * n + j]);
  double sum = 0.0;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) sum += area[i] * area[j] * p[i * n + j];
  return sum;
}

TEST(HabitatLoss, AsAllPairsTheSlowWay) {
  const Random random{7, 1};
  std::uint64_t next = 0;
  const auto draw = [&](double most) { return most * random.uniform(next++); };
  for (const double half : {150.0, 600.0}) {
    std::vector<Geometry> patches, sites;
    for (int row = 0; row < 7; ++row)
      for (int column = 0; column < 7; ++column) {
        const double x = column * 400.0 + draw(150.0), y = row * 400.0 + draw(150.0);
        patches.push_back(box(x, y, x + 30.0 + draw(200.0), y + 30.0 + draw(200.0)));
      }
    for (int k = 0; k < 12; ++k) {
      const double x = draw(2400.0), y = draw(2400.0);
      // Ground of all sizes, and thin strips that split.
      sites.push_back(k % 3 == 0 ? box(x, y, x + 20.0, y + 900.0)
                                 : box(x, y, x + 50.0 + draw(500.0), y + 50.0 + draw(500.0)));
    }
    HabitatOptions options;
    options.half_distance_m = half;
    options.edges = Edges::straight;
    const Habitat out = habitat_loss({patches, sites, grid()}, options);
    const double before = slow(patches, half, options.least_probability);
    ASSERT_NEAR(out.sites[0].connected_area_before_m2 / std::sqrt(before), 1.0, 1e-7);
    for (std::size_t s = 0; s < sites.size(); ++s) {
      std::vector<Geometry> pieces;
      for (const Geometry& patch : patches)
        for (const Polygon& polygon : difference(patch, sites[s]).polygons) {
          pieces.emplace_back();
          pieces.back().kind = GeometryKind::polygon;
          pieces.back().polygons.push_back(polygon);
        }
      const double after = slow(pieces, half, options.least_probability);
      EXPECT_NEAR(out.sites[s].connected_area_after_m2 / std::sqrt(after), 1.0, 1e-7)
          << half << " " << s;
    }
  }
}

TEST(HabitatLoss, SameBitsForAnyThreads) {
  std::vector<Geometry> patches, sites;
  for (int i = 0; i < 200; ++i)
    patches.push_back(box(i % 20 * 300.0, i / 20 * 300.0 + i, i % 20 * 300.0 + 120.0 + i % 7,
                          i / 20 * 300.0 + 100.0 + i));
  for (int i = 0; i < 30; ++i)
    sites.push_back(box(i * 190.0, i * 90.0, i * 190.0 + 250.0, i * 90.0 + 200.0));
  HabitatOptions options;
  options.half_distance_m = 200.0;
  options.edges = Edges::straight;
  options.jobs = 1;
  const Habitat one = habitat_loss({patches, sites, grid()}, options);
  options.jobs = 4;
  const Habitat four = habitat_loss({patches, sites, grid()}, options);
  for (std::size_t s = 0; s < sites.size(); ++s) {
    EXPECT_EQ(one.sites[s].connected_area_after_m2, four.sites[s].connected_area_after_m2);
    EXPECT_EQ(one.sites[s].lost_m2, four.sites[s].lost_m2);
  }
}

TEST(HabitatNetwork, RefusesMorePairsThanItMayHold) {
  std::vector<HabitatPiece> row;
  for (int i = 0; i < 4; ++i) {
    const double x = i * 200.0;
    row.push_back({NearestReady(box(x, 0, x + 100, 100), grid(), Edges::straight),
                   {x + 50.0, 50.0, 0.0},
                   71.0,
                   kArea});
  }
  HabitatReach reach{0.01, 10.0, 20.0};
  const HabitatNetwork whole(row, reach, 1, {});
  EXPECT_EQ(whole.links(), 3u);  // the others lead over patches between
  // 100 m between neighbours: p = 1/e a link.
  EXPECT_NEAR(whole.connected() / (kArea * kArea),
              4.0 + 6.0 * std::exp(-1.0) + 4.0 * std::exp(-2.0) + 2.0 * std::exp(-3.0), 1e-9);
  reach.most_pairs = 11;  // of 12
  EXPECT_EQ(code_of([&] { static_cast<void>(HabitatNetwork(row, reach, 1, {})); }),
            "habitat.too_many_pairs");
}

TEST(HabitatLoss, SaysAndRefusesWhatItCannotMean) {
  HabitatOptions options;
  options.half_distance_m = 0.0;
  EXPECT_EQ(code_of([&] {
              static_cast<void>(habitat_loss({{}, {}, grid()}, options));
            }),
            "habitat.half_distance");
  options.half_distance_m = 100.0;
  options.least_probability = 0.0;
  EXPECT_EQ(code_of([&] {
              static_cast<void>(habitat_loss({{}, {}, grid()}, options));
            }),
            "habitat.least_probability");
  const Habitat none = loss({point_geometry(0, 0)}, {box(0, 0, 1, 1)});
  EXPECT_TRUE(none.findings.has("habitat.no_patch"));
  EXPECT_EQ(none.sites[0].connectivity_loss_pct, 0.0);
  EXPECT_EQ(none.sites[0].lost_pct, 0.0);
}

}  // namespace
}  // namespace lode
