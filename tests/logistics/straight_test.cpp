// Straight distances where they are hard, against exact elliptic integrals; the nearest of many.
#include <gtest/gtest.h>

#include <GeographicLib/GeodesicExact.hpp>
#include <cmath>

#include "libgeo/core/random.h"
#include "libgeo/logistics/earth_tree.h"
#include "libgeo/logistics/matrix.h"
#include "tests/logistics/sketch.h"

namespace {

using namespace lode;

double exact_m(LonLat a, LonLat b) {
  double m = 0.0;
  GeographicLib::GeodesicExact::WGS84().Inverse(a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg, m);
  return m;
}

Places places_of(const std::vector<LonLat>& spots) {
  std::vector<Place> list;
  for (std::size_t i = 0; i < spots.size(); ++i)
    list.push_back(sketch::place(std::to_string(i), spots[i].lon_deg, spots[i].lat_deg));
  return sketch::places(list);
}

/// Pairs of every kind that has broken a geodesic program.
std::vector<std::pair<LonLat, LonLat>> hard_pairs() {
  std::vector<std::pair<LonLat, LonLat>> pairs = {
      {{0, 0}, {179.5, 0.5}},  // Vincenty's method does not end here
      {{0, 0}, {180, 0}},      // over either pole
      {{0, 0}, {179.39, 0}},   // leaves the equator
      {{0, 0}, {179.396, 1e-9}},
      {{0, 90}, {123, -90}},   // pole to pole
      {{17, 90}, {-170, 90}},  // one pole, two longitudes
      {{10, 89.9999999}, {-170, 89.9999999}},
      {{180, 10}, {-180, 10}},  // one place
      {{179.9999, -16}, {-179.9999, -16.0001}},
      {{-180, 65}, {179.5, 65}},
      {{0, 30}, {179.9, -29.95}},
      {{0, 5}, {179.99999, -5}},
      {{0, 1e-9}, {1e-9, 0}},  // a tenth of a millimetre
      {{25, -45}, {25, -45}}};
  const Random random{21, 0};
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const auto u = [&](std::uint64_t k) { return random.uniform(8 * i + k); };
    const LonLat a{360.0 * u(0) - 180.0, 180.0 * u(1) - 90.0};
    const double off = std::pow(10.0, -8.0 * u(2));  // about the antipode, down to a millimetre
    const LonLat antipode =
        plain_place(a.lon_deg + 180.0 + off * (u(3) - 0.5), -a.lat_deg * (1.0 - 1e-3 * off * u(4)));
    pairs.emplace_back(plain_place(a.lon_deg, a.lat_deg), antipode);
    pairs.emplace_back(LonLat{180.0 - off * u(5), 170.0 * u(6) - 85.0},
                       LonLat{-180.0 + off * u(7), 170.0 * u(1) - 85.0});
    pairs.emplace_back(LonLat{360.0 * u(0) - 180.0, 90.0 - off * u(3)},
                       LonLat{360.0 * u(4) - 180.0, 90.0 - off * u(5)});
  }
  return pairs;
}

TEST(Straight, HardPairsAreExact) {
  const auto pairs = hard_pairs();
  std::vector<LonLat> from, to;
  for (const auto& [a, b] : pairs) {
    from.push_back(a);
    to.push_back(b);
  }
  RouteOptions options;
  options.pairs = Pairs::pairwise;
  const auto table = straight_distances(places_of(from), places_of(to), options);
  std::vector<double> cells;
  const auto report =
      straight_matrix(places_of(from), places_of(to), options,
                      [&](std::uint32_t, const auto&, const std::vector<MatrixCell>& row) {
                        for (const auto& cell : row) cells.push_back(cell.distance_km);
                      });
  ASSERT_EQ(table.rows.size(), pairs.size());
  ASSERT_EQ(cells.size(), pairs.size());
  EXPECT_EQ(report.pairs, pairs.size());
  EXPECT_EQ(report.unreachable, 0u);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    EXPECT_NEAR(1000.0 * table.rows[i].distance_km, exact_m(from[i], to[i]), 1e-7) << i;
    EXPECT_EQ(table.rows[i].distance_km, cells[i]) << i;
  }
}

TEST(Straight, ChordsBoundGeodesicsOnBothSides) {
  const double least = least_radius_of(wgs84());
  // b^2 / a of WGS 84.
  EXPECT_NEAR(least, 6356752.314245179 * 6356752.314245179 / 6378137.0, 1e-6);
  for (const auto& [a, b] : hard_pairs()) {
    const double straight = straight_distance_m(earth_point(a), earth_point(b));
    const double m = exact_m(a, b);
    EXPECT_LE(geodesic_bound_m(straight), m + 1e-6);
    EXPECT_GE(geodesic_ceiling_m(straight, least), m - 1e-6);
    EXPECT_GE(straight_limit_m(m) + 1e-6, straight);
  }
  const Random random{22, 0};
  for (std::uint64_t i = 0; i < 20000; ++i) {
    const auto u = [&](std::uint64_t k) { return random.uniform(8 * i + k); };
    const LonLat a{360.0 * u(0) - 180.0, 180.0 * u(1) - 90.0};
    const LonLat b = Geodesic().direct(a, 360.0 * u(2), 2e7 * std::pow(u(3), 4.0));
    const double straight = straight_distance_m(earth_point(a), earth_point(b));
    const double m = Geodesic().distance_m(a, b);
    EXPECT_LE(geodesic_bound_m(straight), m + 1e-6) << i;
    EXPECT_GE(geodesic_ceiling_m(straight, least), m - 1e-6) << i;
    EXPECT_GE(straight_limit_m(m) + 1e-6, straight) << i;
  }
}

TEST(Straight, NearestAgreesWithEveryPair) {
  const Random random{23, 0};
  const auto spot = [&](std::uint64_t i) {
    const auto u = [&](std::uint64_t k) { return random.uniform(4 * i + k); };
    // A third anywhere, a third about the antimeridian, a third about the poles.
    if (i % 3 == 0) return LonLat{360.0 * u(0) - 180.0, 180.0 * u(1) - 90.0};
    if (i % 3 == 1) return plain_place(180.0 + 0.5 * (u(0) - 0.5), 10.0 * u(1) - 5.0);
    const double lat = 90.0 - 0.3 * u(1);
    return plain_place(360.0 * u(0) - 180.0, u(2) < 0.5 ? lat : -lat);
  };
  std::vector<LonLat> from, to;
  for (std::uint64_t i = 0; i < 600; ++i) from.push_back(spot(i));
  for (std::uint64_t i = 0; i < 200; ++i) to.push_back(spot(10000 + i));
  to.push_back(to[5]);                         // two at one place
  to.push_back({std::nan(""), std::nan("")});  // and one without
  from.push_back(to[5]);
  for (const std::size_t keep : {std::size_t{1}, std::size_t{7}, std::size_t{500}}) {
    RouteOptions options;
    options.pairs = Pairs::nearest;
    options.nearest = keep;
    std::size_t sites = 0;
    const auto report =
        straight_matrix(places_of(from), places_of(to), options,
                        [&](std::uint32_t site, const std::vector<std::uint32_t>& columns,
                            const std::vector<MatrixCell>& row) {
                          ASSERT_EQ(site, sites++);
                          std::vector<std::pair<double, std::uint32_t>> all;
                          for (std::uint32_t k = 0; k + 1 < to.size(); ++k)
                            all.emplace_back(Geodesic().distance_m(from[site], to[k]), k);
                          std::sort(all.begin(), all.end());
                          ASSERT_EQ(row.size(), std::min(keep, all.size()));
                          for (std::size_t i = 0; i < row.size(); ++i) {
                            EXPECT_EQ(columns[i], all[i].second);
                            EXPECT_EQ(row[i].distance_km, all[i].first / 1000.0);
                          }
                        });
    EXPECT_EQ(sites, from.size());
    const auto table = straight_distances(places_of(from), places_of(to), options);
    EXPECT_EQ(table.rows.size(), report.pairs);
  }
}

TEST(Straight, NothingButTheAntipodeIsStillFound) {
  RouteOptions options;
  options.pairs = Pairs::nearest;
  const LonLat a{12.5, 33.25};
  const LonLat b{-167.4, -33.2};
  const auto table = straight_distances(places_of({a}), places_of({b}), options);
  ASSERT_EQ(table.rows.size(), 1u);
  EXPECT_NEAR(1000.0 * table.rows[0].distance_km, exact_m(a, b), 1e-7);
}

}  // namespace
