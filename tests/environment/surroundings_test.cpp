// Surroundings: crossings counted by hand, people by closed forms, shares of half-covered sites.
#include "libgeo/environment/surroundings.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "libgeo/core/error.h"
#include "libgeo/crs/geodesic.h"
#include "tests/core/code_of.h"

namespace lode {
namespace {

const Crs& grid() {
  static const Crs crs = parse_crs("local:m");
  return crs;
}

Geometry line(Path path) {
  Geometry g;
  g.kind = GeometryKind::line;
  g.lines.push_back(std::move(path));
  return g;
}
Geometry box(double x0, double y0, double x1, double y1) {
  return polygon_geometry({{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}});
}

/// Numbers of a function of the cell, from memory.
class Cells : public RasterSource {
 public:
  Cells(RasterPlace place, std::vector<double> numbers)
      : place_(std::move(place)), numbers_(std::move(numbers)) {}
  [[nodiscard]] const RasterPlace& place() const override { return place_; }
  [[nodiscard]] std::unique_ptr<RasterReader> reader() const override {
    return std::make_unique<Reader>(*this);
  }

 private:
  class Reader : public RasterReader {
   public:
    explicit Reader(const Cells& cells) : cells_(cells) {}
    void read(const RasterWindow& w, float* out) override { copy(w, out); }
    void read(const RasterWindow& w, double* out) override { copy(w, out); }

   private:
    template <class T>
    void copy(const RasterWindow& w, T* out) {
      for (std::size_t r = 0; r < w.rows; ++r)
        for (std::size_t c = 0; c < w.columns; ++c)
          *out++ = static_cast<T>(
              cells_.numbers_.at((w.row + r) * cells_.place_.columns + w.column + c));
    }
    const Cells& cells_;
  };
  RasterPlace place_;
  std::vector<double> numbers_;
};

Cells world(double people_a_cell, double west = -180.0) {
  RasterPlace place;
  place.name = "world";
  place.columns = 720;
  place.rows = 360;
  place.transform = {west, 0.5, 0.0, 90.0, 0.0, -0.5};
  place.crs = wgs84();
  place.block_rows = 16;
  return {place, std::vector<double>(720 * 360, people_a_cell)};
}

TEST(WaterCrossings, ARiverThatCrossesTheGroundThreeTimes) {
  const Geometry ground = box(0, 0, 100, 100);
  // In and out of the ground at x = 20, 50 and 80; whole, and cut at every vertex.
  const Path river = {{20, -10}, {20, 110}, {50, 110}, {50, -10}, {80, -10}, {80, 110}};
  std::vector<Geometry> pieces;
  for (std::size_t i = 0; i + 1 < river.size(); ++i)
    pieces.push_back(line(
        {river[i], {(river[i].x + river[i + 1].x) / 2.0, (river[i].y + river[i + 1].y) / 2.0}})),
        pieces.push_back(
            line({{(river[i].x + river[i + 1].x) / 2.0, (river[i].y + river[i + 1].y) / 2.0},
                  river[i + 1]}));
  const auto count = [&](const Geometry& site, const std::vector<Geometry>& waters) {
    return water_crossings({site}, waters, grid(), Edges::straight).at(0);
  };
  EXPECT_EQ(count(ground, {line(river)}), 3u);
  EXPECT_EQ(count(ground, pieces), 3u);
  EXPECT_EQ(count(ground, {}), 0u);
  // One that ends on the edge and one that passes a corner do not cross.
  EXPECT_EQ(count(ground, {line({{-10, 50}, {0, 50}}), line({{-10, 10}, {10, -10}})}), 0u);
  // Two that join within the ground are one stretch of water.
  EXPECT_EQ(count(ground, {line({{-10, 50}, {50, 50}, {110, 50}}), line({{50, 110}, {50, 50}})}),
            1u);
  // A lake that the river flows through belongs to it; one that lies apart does not.
  EXPECT_EQ(count(ground, {line({{-10, 50}, {110, 50}}), box(40, 40, 60, 60)}), 1u);
  EXPECT_EQ(count(ground, {line({{-10, 50}, {110, 50}}), box(40, 70, 60, 90)}), 2u);
}

TEST(WaterCrossings, OfLinesAndPoints) {
  const auto count = [&](const Geometry& site, const std::vector<Geometry>& waters) {
    return water_crossings({site}, waters, grid(), Edges::straight).at(0);
  };
  const Geometry road = line({{0, 0}, {100, 0}});
  EXPECT_EQ(count(road, {line({{10, -5}, {20, 5}, {30, -5}, {40, 5}})}), 3u);
  // Two pieces that meet on the road are crossed once; along a stretch it is met once.
  EXPECT_EQ(count(road, {line({{10, -5}, {10, 0}}), line({{10, 0}, {10, 5}})}), 1u);
  EXPECT_EQ(count(road, {line({{10, 5}, {20, 0}, {40, 0}, {50, 5}})}), 1u);
  // A river bed of two polygons side by side is one, in and out of a bend are two.
  EXPECT_EQ(count(road, {box(10, -5, 20, 5), box(20, -5, 30, 5)}), 1u);
  EXPECT_EQ(count(road, {box(10, -5, 20, 5), box(40, -5, 50, 5)}), 2u);
  EXPECT_EQ(count(point_geometry(5, 5), {box(0, 0, 10, 10)}), 1u);
  EXPECT_EQ(count(point_geometry(15, 5), {box(0, 0, 10, 10)}), 0u);
}

TEST(WaterCrossings, SameForAnyThreads) {
  std::vector<Geometry> sites, waters;
  for (int i = 0; i < 60; ++i) sites.push_back(box(i * 3, 0, i * 3 + 10, 50));
  for (int i = 0; i < 40; ++i) waters.push_back(line({{i * 5.0, -5}, {i * 5.0 + 7, 60}}));
  EXPECT_EQ(water_crossings(sites, waters, grid(), Edges::straight, 1),
            water_crossings(sites, waters, grid(), Edges::straight, 4));
}

// A raster of one number a cell over a circle: number x circle area / cell area.
TEST(PeopleWithin, EvenRasterOnAMineGridIsDensityTimesCircle) {
  RasterPlace place;
  place.columns = 300;
  place.rows = 300;
  place.transform = {-15000.0, 100.0, 0.0, 15000.0, 0.0, -100.0};
  place.crs = grid();
  place.block_rows = 7;
  const Cells cells(place, std::vector<double>(90000, 2.5));
  PeopleOptions options;
  options.within_m = {500.0, 5000.0, 12000.0};
  options.edges = Edges::straight;
  const People people = people_within({point_geometry(12.3, -45.6)}, grid(), cells, options);
  for (std::size_t k = 0; k < 3; ++k) {
    const double r = options.within_m[k];
    EXPECT_NEAR(people.people[0][k] / (std::numbers::pi * r * r / 1e4 * 2.5), 1.0, 2e-3) << r;
  }
  EXPECT_TRUE(people.findings.empty());
  // Around a square of ground: the square, four sides and a circle.
  const People ground = people_within({box(-1000, -1000, 1000, 1000)}, grid(), cells, options);
  EXPECT_NEAR(ground.people[0][1] / ((4e6 + 8000.0 * 5000.0 + std::numbers::pi * 25e6) / 1e4 * 2.5),
              1.0, 2e-3);
}

// Near the equator a 50 km circle on a world of half-degree cells: area over cell area.
TEST(PeopleWithin, EvenRasterInDegreesAnywhere) {
  const double radius = 200e3;
  const Geodesic geodesic;
  for (const double west : {-180.0, 0.0}) {
    const Cells cells = world(7.0, west);
    for (const LonLat& centre : {LonLat{10.0, 0.0}, {0.1, 45.0}, {179.9, -30.0}, {-60, 70}}) {
      const double lon = centre.lon_deg, lat = centre.lat_deg;
      std::vector<LonLat> circle;
      for (int k = 0; k < 720; ++k) circle.push_back(geodesic.direct({lon, lat}, k * 0.5, radius));
      double twice = 0.0;  // area in degrees, longitude running on
      for (std::size_t k = 0; k < circle.size(); ++k) {
        const auto near = [&](double x) { return lon + std::remainder(x - lon, 360.0); };
        const LonLat &a = circle[k], &b = circle[(k + 1) % circle.size()];
        twice += near(a.lon_deg) * b.lat_deg - near(b.lon_deg) * a.lat_deg;
      }
      PeopleOptions options;
      options.within_m = {radius};
      const People people = people_within({point_geometry(lon, lat)}, wgs84(), cells, options);
      EXPECT_NEAR(people.people[0][0] / (std::abs(twice) / 2.0 / 0.25 * 7.0), 1.0, 2e-3)
          << west << " " << lon << " " << lat;
      EXPECT_TRUE(people.findings.empty()) << lon;
    }
  }
}

TEST(PeopleWithin, ASiteInAnotherCrsAndBeyondTheRaster) {
  const Crs utm = parse_crs("EPSG:32633");
  RasterPlace place;
  place.name = "small";
  place.columns = place.rows = 100;
  place.transform = {14.0, 0.02, 0.0, 52.0, 0.0, -0.02};  // 14 to 16 E, 50 to 52 N
  place.crs = wgs84();
  std::vector<double> numbers(10000, 3.0);
  const Cells cells(place, numbers);
  PeopleOptions options;
  options.within_m = {20e3};
  options.edges = Edges::straight;
  // 500000 E, 5650000 N of zone 33 is 15 E, 51 N and a bit.
  const People inside = people_within({point_geometry(500000, 5650000)}, utm, cells, options);
  const double cell_km2 = 0.02 * 111.19 * 0.02 * 111.19 * std::cos(51.0 * std::numbers::pi / 180.0);
  EXPECT_NEAR(inside.people[0][0] / (std::numbers::pi * 400.0 / cell_km2 * 3.0), 1.0, 0.01);
  const People edge = people_within({point_geometry(14.0, 51.0)}, wgs84(), cells, options);
  EXPECT_NEAR(edge.people[0][0] / inside.people[0][0], 0.5, 0.01);
  EXPECT_TRUE(edge.findings.has("people.partly_outside"));
  const People away = people_within({point_geometry(24.0, 51.0)}, wgs84(), cells, options);
  EXPECT_TRUE(std::isnan(away.people[0][0]));
  EXPECT_TRUE(away.findings.has("people.outside"));
  numbers[5050] = -5.0;
  const Cells wrong(place, numbers);
  const People said = people_within({point_geometry(15.0, 51.0)}, wgs84(), wrong, options);
  EXPECT_TRUE(said.findings.has("people.negative"));
}

TEST(PeopleWithin, PlacesOnAKnownRing) {
  const Geodesic geodesic;
  const LonLat centre{179.95, -16.5};
  std::vector<Geometry> places;
  std::vector<double> number;
  for (int k = 0; k < 36; ++k) {
    const LonLat at = geodesic.direct(centre, k * 10.0, k % 2 == 0 ? 24900.0 : 25100.0);
    places.push_back(point_geometry(at.lon_deg, at.lat_deg));
    number.push_back(1000.0 + k);
  }
  places.push_back(point_geometry(centre.lon_deg, centre.lat_deg));
  number.push_back(std::nan(""));
  places.push_back(point_geometry(centre.lon_deg, centre.lat_deg));
  number.push_back(-1.0);
  PeopleOptions options;
  options.within_m = {5e3, 25e3, 50e3};
  const People people = people_within({point_geometry(centre.lon_deg, centre.lat_deg), Geometry{}},
                                      wgs84(), places, number, options);
  EXPECT_EQ(people.people[0][0], 0.0);
  EXPECT_EQ(people.people[0][1], 18 * 1000.0 + 2 * (17 * 18 / 2));  // the even ones
  EXPECT_EQ(people.people[0][2], 36 * 1000.0 + 35 * 36 / 2);
  EXPECT_TRUE(std::isnan(people.people[1][0]));
  EXPECT_TRUE(people.findings.has("people.no_number"));
  EXPECT_TRUE(people.findings.has("people.negative"));
}

TEST(PeopleWithin, RefusesDistancesThatDoNotRise) {
  const auto refused = [](std::vector<double> within) {
    PeopleOptions options;
    options.within_m = std::move(within);
    return code_of([&] {
      static_cast<void>(people_within({point_geometry(0, 0)}, wgs84(), {}, {}, options));
    });
  };
  EXPECT_EQ(refused({}), "people.within");
  EXPECT_EQ(refused({2.0, 1.0}), "people.within");
  EXPECT_EQ(refused({0.0}), "people.within");
  EXPECT_EQ(refused({6e6}), "people.within");
  EXPECT_EQ(refused({std::nan("")}), "people.within");
  EXPECT_EQ(
      code_of([] { static_cast<void>(people_within({}, wgs84(), {point_geometry(0, 0)}, {})); }),
      "surroundings.length");
}

TEST(ValuesAt, AHalfCoveredSite) {
  const std::vector<Geometry> polygons = {box(0, 0, 50, 100), box(50, 0, 75, 100),
                                          box(75, 0, 200, 100), box(100, 0, 300, 100)};
  const auto at = values_at({box(0, 0, 100, 100), box(0, 0, 100, 100), point_geometry(60, 50)},
                            polygons, {4.0, 1.0, std::nan(""), 9.0}, grid(), Edges::straight);
  EXPECT_NEAR(at[0].mean, 3.0, 1e-12);  // (4 x 50 + 1 x 25) / 75
  EXPECT_EQ(at[0].largest, 4.0);        // the 9 only touches
  EXPECT_NEAR(at[0].covered_pct, 75.0, 1e-9);
  EXPECT_EQ(at[0].features, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(at[1].mean, at[0].mean);
  EXPECT_EQ(at[2].mean, 1.0);
  EXPECT_EQ(at[2].covered_pct, 100.0);
}

TEST(ValuesAt, OverlappingLandCountsOnce) {
  // Two titles on the same half, one of them in two parts.
  Geometry two = box(0, 0, 25, 100);
  two.polygons.push_back(box(25, 0, 50, 100).polygons.front());
  const auto at = values_at({box(0, 0, 100, 100), line({{0, 50}, {100, 50}})},
                            {box(0, 0, 50, 100), two}, {}, grid(), Edges::straight);
  EXPECT_NEAR(at[0].covered_pct, 50.0, 1e-9);
  EXPECT_EQ(at[0].features.size(), 2u);
  EXPECT_NEAR(at[1].covered_pct, 50.0, 1e-9);
  const auto none = values_at({box(0, 0, 1, 1), Geometry{}}, {}, {}, grid(), Edges::straight);
  EXPECT_EQ(none[0].covered_pct, 0.0);
  EXPECT_TRUE(std::isnan(none[0].mean));
  EXPECT_EQ(code_of([] {
              static_cast<void>(values_at({}, {box(0, 0, 1, 1)}, {1, 2}, grid(), Edges::straight));
            }),
            "surroundings.length");
}

TEST(ValuesAt, SharesAreOfTheEllipsoid) {
  // From 0 to 60 N the southern half of the degrees holds sin 30 / sin 60 of a sphere's area.
  const auto at =
      values_at({box(0, 0, 1, 60)}, {box(-1, 0, 2, 30)}, {5.0}, wgs84(), Edges::straight);
  EXPECT_NEAR(at[0].covered_pct, 100.0 * 0.5 / (std::sqrt(3.0) / 2.0), 0.3);
}

}  // namespace
}  // namespace lode
