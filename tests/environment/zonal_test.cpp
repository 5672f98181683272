// Zonal statistics against closed forms, GEOS cell by cell, and cases worked out by hand.
#include "libgeo/environment/zonal.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <functional>
#include <numbers>

#include "libgeo/core/error.h"
#include "libgeo/geometry/overlay.h"

namespace lode {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// A raster in memory whose cells are computed from column and row.
class MemoryRaster : public RasterSource {
 public:
  using Cell = std::function<double(std::size_t column, std::size_t row)>;
  MemoryRaster(std::size_t columns, std::size_t rows, std::array<double, 6> transform,
               const std::string& crs, Cell cell)
      : cell_(std::move(cell)) {
    place_.name = "memory";
    place_.columns = columns;
    place_.rows = rows;
    place_.transform = transform;
    place_.crs = parse_crs(crs);
    place_.block_columns = columns;
    place_.block_rows = 1;
  }
  [[nodiscard]] const RasterPlace& place() const override { return place_; }
  [[nodiscard]] std::unique_ptr<RasterReader> reader() const override {
    return std::make_unique<Reader>(*this);
  }
  RasterPlace place_;
  mutable std::vector<int> reads = std::vector<int>(1, 0);

 private:
  struct Reader : RasterReader {
    explicit Reader(const MemoryRaster& of) : raster(of) {}
    template <class T>
    void fill(const RasterWindow& w, T* numbers) const {
      for (std::size_t r = 0; r < w.rows; ++r)
        for (std::size_t c = 0; c < w.columns; ++c)
          numbers[r * w.columns + c] = static_cast<T>(raster.cell_(w.column + c, w.row + r));
      if (raster.reads.size() > 1) ++raster.reads[w.row / raster.place_.block_rows];
    }
    void read(const RasterWindow& w, float* numbers) override { fill(w, numbers); }
    void read(const RasterWindow& w, double* numbers) override { fill(w, numbers); }
    const MemoryRaster& raster;
  };
  Cell cell_;
};

Geometry box(double w, double s, double e, double n) {
  return polygon_geometry({{w, s}, {e, s}, {e, n}, {w, n}, {w, s}});
}

// Cells of 1 m, the first one at the upper left, on a mine grid.
MemoryRaster unit_grid(std::size_t columns, std::size_t rows, MemoryRaster::Cell cell) {
  return {columns, rows, {0, 1, 0, static_cast<double>(rows), 0, -1}, "local:m", std::move(cell)};
}

ZonalInputs inputs_of(const MemoryRaster& raster, std::vector<Geometry> zones) {
  ZonalInputs inputs;
  inputs.zones = std::move(zones);
  inputs.crs = raster.place_.crs;
  inputs.bands = {&raster};
  return inputs;
}

ZonalOptions asked(const std::string& statistics, ZonalWeights weights = ZonalWeights::none) {
  ZonalOptions options;
  options.statistics = parse_zonal_statistics(statistics);
  options.weights = weights;
  options.edges = Edges::straight;
  options.jobs = 1;
  return options;
}

std::vector<double> values_of(const ZonalInputs& inputs, const ZonalOptions& options,
                              std::size_t zone = 0) {
  return zonal_statistics(inputs, options).zones.at(zone).bands.at(0).value;
}

template <class Run>
std::string code_of(Run run) {
  try {
    run();
  } catch (const Error& error) {
    return error.code;
  }
  return "none";
}

// Every statistic of 3 x 3 cells 1 to 9 under a box of 1.5 x 1.5 cells at the lower left: shares
//   4: 0.5  5: 0.25 | 7: 1  8: 0.5, worked out by hand.
TEST(Zonal, OfFourCellsByHand) {
  const MemoryRaster grid = unit_grid(
      3, 3, [](std::size_t c, std::size_t r) { return static_cast<double>(3 * r + c + 1); });
  const ZonalInputs in = inputs_of(grid, {box(0, 0, 1.5, 1.5)});
  const auto v = values_of(
      in, asked("count,sum,mean,min,max,range,mode,minority,variety,variance,stdev,"
                "coefficient_of_variation,min_center_x,min_center_y,max_center_x,max_center_y"));
  const double mean = (0.5 * 4 + 0.25 * 5 + 7 + 0.5 * 8) / 2.25;
  const double variance = (0.5 * std::pow(4 - mean, 2) + 0.25 * std::pow(5 - mean, 2) +
                           std::pow(7 - mean, 2) + 0.5 * std::pow(8 - mean, 2)) /
                          2.25;
  const std::vector<double> wanted{2.25,
                                   14.25,
                                   mean,
                                   4,
                                   8,
                                   4,
                                   7,
                                   5,
                                   4,
                                   variance,
                                   std::sqrt(variance),
                                   std::sqrt(variance) / mean,
                                   0.5,
                                   1.5,
                                   1.5,
                                   0.5};
  ASSERT_EQ(v.size(), wanted.size());
  for (std::size_t i = 0; i < v.size(); ++i) EXPECT_NEAR(v[i], wanted[i], 1e-12) << i;
  const Zonal out = zonal_statistics(in, asked("fraction"));
  EXPECT_DOUBLE_EQ(out.zones[0].area_m2, 2.25);
  EXPECT_EQ(out.zones[0].bands[0].covered_pct, 100.0);
  const auto& fraction = out.zones[0].bands[0].fraction;
  ASSERT_EQ(fraction.size(), 4u);
  EXPECT_EQ(fraction[0].first, 4.0);
  EXPECT_NEAR(fraction[0].second, 0.5 / 2.25, 1e-14);
  EXPECT_NEAR(out.zones[0].bands[0].fraction_m2[2], 1.0, 1e-14);
}

// Type 7, as R's quantile and numpy's percentile have it, where all cells are whole.
TEST(Zonal, QuantilesOfWholeCellsAreThoseOfRAndNumpy) {
  const auto grid_of = [](std::vector<double> cells) {
    const std::size_t n = cells.size();
    return unit_grid(n, 1, [cells](std::size_t c, std::size_t) { return cells[c]; });
  };
  // numpy.percentile([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5], [0, 10, 25, 50, 75, 90, 97.5, 100])
  const auto a = grid_of({3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5});
  const std::vector<double> wanted{1, 1, 2.5, 4, 5, 6, 8.25, 9};
  const auto v =
      values_of(inputs_of(a, {box(0, 0, 11, 1)}), asked("p0,p10,p25,median,p75,p90,p97.5,p100"));
  for (std::size_t i = 0; i < v.size(); ++i) EXPECT_NEAR(v[i], wanted[i], 1e-12) << i;
  // A user's case against exactextract (exactextractr issue 113): 0, 0, 0, 10 has the median 0.
  const auto b = grid_of({0, 10, 0, 0});
  const auto q = values_of(inputs_of(b, {box(0, 0, 4, 1)}), asked("median,p75,p90"));
  EXPECT_EQ(q[0], 0.0);
  EXPECT_NEAR(q[1], 2.5, 1e-12);
  EXPECT_NEAR(q[2], 7.0, 1e-12);
  // A sliver of one more cell moves nothing.
  const auto c = grid_of({1, 2, 1000});
  EXPECT_NEAR(values_of(inputs_of(c, {box(0, 0, 2.000001, 1)}), asked("median"))[0], 1.5, 1e-5);
}

// A star with holes and random vertices, each cell clipped by GEOS.
TEST(Zonal, EveryCellAsGeosClipsIt) {
  const MemoryRaster grid = unit_grid(23, 19, [](std::size_t c, std::size_t r) {
    return (c * 7 + r * 5) % 11 == 0 ? -1.0 : static_cast<double>((c * 31 + r * 17) % 13);
  });
  MemoryRaster with_nodata = grid;
  with_nodata.place_.nodata = -1.0;
  for (int turn = 0; turn < 40; ++turn) {
    Path ring, hole;
    for (int k = 0; k < 24; ++k) {
      const double angle = k * std::numbers::pi / 12.0;
      const double radius = 4.0 + 5.0 * std::abs(std::sin(turn * 1.7 + k * k * 2.3));
      ring.push_back(
          {11.3 + 0.1 * turn + radius * std::cos(angle), 9.1 + radius * std::sin(angle)});
      hole.push_back({11.3 + 0.1 * turn + std::cos(angle), 9.1 + 2.0 * std::sin(angle)});
    }
    ring.push_back(ring.front());
    hole.push_back(hole.front());
    std::reverse(hole.begin(), hole.end());
    Geometry zone = polygon_geometry(ring);
    zone.polygons[0].holes.push_back(hole);
    double count = 0.0, sum = 0.0, least = 1e9, most = -1e9;
    for (std::size_t r = 0; r < 19; ++r)
      for (std::size_t c = 0; c < 23; ++c) {
        if ((c * 7 + r * 5) % 11 == 0) continue;
        const auto x = static_cast<double>(c), y = 19.0 - static_cast<double>(r);
        const double share =
            area_m2(intersection(zone, box(x, y - 1, x + 1, y)), grid.place_.crs, Edges::straight);
        if (share < 1e-11) continue;
        const auto value = static_cast<double>((c * 31 + r * 17) % 13);
        count += share;
        sum += share * value;
        least = std::min(least, value);
        most = std::max(most, value);
      }
    const auto v = values_of(inputs_of(with_nodata, {zone}), asked("count,sum,min,max,mean"));
    EXPECT_NEAR(v[0], count, 1e-10);
    EXPECT_NEAR(v[1], sum, 1e-9);
    EXPECT_EQ(v[2], least);
    EXPECT_EQ(v[3], most);
    EXPECT_NEAR(v[4], sum / count, 1e-11);
  }
}

// Quadrilaterals that share their corners and cover the grid add up to all of it; and each jobs
// gives the same bits.
TEST(Zonal, DisjointZonesAddUpToTheRaster) {
  const MemoryRaster grid = unit_grid(300, 200, [](std::size_t c, std::size_t r) {
    return static_cast<double>(c + r) + (c % 3 == 0 ? 0.125 : 0.0);
  });
  const auto corner = [](int i, int j) {
    const bool edge_x = i == 0 || i == 15, edge_y = j == 0 || j == 10;
    return Point{20.0 * i + (edge_x ? 0.0 : 6.0 * std::sin(i * 5.0 + j * 3.0)),
                 20.0 * j + (edge_y ? 0.0 : 6.0 * std::cos(i * 2.0 + j * 7.0))};
  };
  std::vector<Geometry> zones;
  for (int j = 0; j < 10; ++j)
    for (int i = 0; i < 15; ++i)
      zones.push_back(polygon_geometry(
          {corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1), corner(i, j)}));
  const ZonalInputs in = inputs_of(grid, zones);
  ZonalOptions options = asked("count,sum,variance,median,mode,mean");
  const Zonal one = zonal_statistics(in, options);
  double count = 0.0, sum = 0.0, total = 0.0;
  for (const ZonalRow& zone : one.zones) {
    count += zone.bands[0].value[0];
    sum += zone.bands[0].value[1];
  }
  for (std::size_t r = 0; r < 200; ++r)
    for (std::size_t c = 0; c < 300; ++c) total += static_cast<double>(c + r) + (c % 3 ? 0 : 0.125);
  EXPECT_NEAR(count, 60000.0, 1e-7);
  EXPECT_NEAR(sum / total, 1.0, 1e-13);
  for (const int jobs : {2, 5}) {
    options.jobs = jobs;
    const Zonal many = zonal_statistics(in, options);
    for (std::size_t z = 0; z < zones.size(); ++z)
      EXPECT_EQ(many.zones[z].bands[0].value, one.zones[z].bands[0].value) << z;
  }
}

// x + y at the centres of cells: the mean over a rectangle is its centre's, whatever part of cells
// it cuts symmetrically; over half cells along a diagonal it is known too.
TEST(Zonal, MeansOfALinearRaster) {
  const MemoryRaster grid = unit_grid(50, 40, [](std::size_t c, std::size_t r) {
    return static_cast<double>(c) + static_cast<double>(r);
  });
  // Columns 10.25 to 20.75, rows 5.5 to 15.5: centre at column 15.5 and row 10.5, of cells 15 + 10.
  const auto v =
      values_of(inputs_of(grid, {box(10.25, 24.5, 20.75, 34.5)}), asked("mean,sum,count"));
  EXPECT_NEAR(v[2], 10.5 * 10.0, 1e-10);
  EXPECT_NEAR(v[0], 15.0 + 10.0, 1e-12);
  // The right triangle below the diagonal of 0..n: n(n-1)/2 whole cells and n halves.
  const double n = 30.0;
  const auto t =
      values_of(inputs_of(grid, {polygon_geometry({{0, 10}, {n, 10}, {0, 40}, {0, 10}})}),
                asked("count,sum"));
  double count = 0.0, sum = 0.0;
  for (int r = 0; r < 30; ++r)
    for (int c = 0; c <= r; ++c) {
      const double share = c == r ? 0.5 : 1.0;
      count += share;
      sum += share * (c + r);
    }
  EXPECT_NEAR(t[0], count, 1e-9);
  EXPECT_NEAR(t[1], sum, 1e-9);
}

TEST(Zonal, WeightsOfTheSameAFinerAndALargerGrid) {
  const MemoryRaster grid =
      unit_grid(4, 4, [](std::size_t c, std::size_t r) { return static_cast<double>(4 * r + c); });
  const MemoryRaster same = unit_grid(4, 4, [](std::size_t c, std::size_t r) {
    return c == 0 ? 0.0 : 1.0 + static_cast<double>(r);
  });
  ZonalInputs in = inputs_of(grid, {box(0, 1, 2.5, 4)});
  in.weights = &same;
  const std::string names =
      "count,mean,weighted_count,weighted_sum,weighted_mean,weighted_variance,weighted_median,"
      "weighted_mode";
  double w = 0, wx = 0, wxx = 0, c_all = 0, cx = 0;
  for (int r = 0; r < 3; ++r)
    for (int c = 0; c < 3; ++c) {
      const double share = c == 2 ? 0.5 : 1.0, x = 4 * r + c, weight = c == 0 ? 0 : 1 + r;
      c_all += share;
      cx += share * x;
      w += share * weight;
      wx += share * weight * x;
      wxx += share * weight * x * x;
    }
  const auto v = values_of(in, asked(names, ZonalWeights::raster));
  EXPECT_NEAR(v[0], c_all, 1e-12);
  EXPECT_NEAR(v[1], cx / c_all, 1e-12);
  EXPECT_NEAR(v[2], w, 1e-12);
  EXPECT_NEAR(v[3], wx, 1e-12);
  EXPECT_NEAR(v[4], wx / w, 1e-12);
  EXPECT_NEAR(v[5], wxx / w - wx / w * (wx / w), 1e-11);
  EXPECT_EQ(v[7], 9.0);  // column 1 of row 2: weight 3
  // Halves of cells, south up, over more than the grid: weight 2 in the left half of each cell.
  const MemoryRaster fine(12, 12, {-1, 0.5, 0, -1, 0, 0.5}, "local:m",
                          [](std::size_t c, std::size_t) { return c % 2 == 0 ? 2.0 : 0.0; });
  in.weights = &fine;
  const auto f = values_of(in, asked("weighted_count,weighted_mean", ZonalWeights::raster));
  // Column 2 is covered in its left half alone: weight 2 x 0.5 there, as in whole cells.
  EXPECT_NEAR(f[0], 9.0, 1e-12);
  EXPECT_NEAR(f[1], 5.0, 1e-12);
  // Two by two cells in each.
  const MemoryRaster large(3, 2, {-2, 2, 0, 4, 0, -2}, "local:m",
                           [](std::size_t c, std::size_t) { return static_cast<double>(c); });
  in.weights = &large;
  const auto l = values_of(in, asked("weighted_count,weighted_sum", ZonalWeights::raster));
  EXPECT_NEAR(l[0], 3 * 2 * 1.0 + 3 * 0.5 * 2.0, 1e-12);
  EXPECT_NEAR(l[1], (0 + 1 + 4 + 5 + 8 + 9) * 1.0 + (2 + 6 + 10) * 0.5 * 2.0, 1e-12);
  // Thirds of a cell off, or cells of 1.5: refused. So is no raster, and a weight below 0.
  for (const std::array<double, 6>& off : {std::array<double, 6>{1.0 / 3.0, 1, 0, 4, 0, -1},
                                           std::array<double, 6>{0, 1.5, 0, 4, 0, -1.5},
                                           std::array<double, 6>{0, 0.7, 0.7, 4, 0.7, -0.7}}) {
    const MemoryRaster other(9, 9, off, "local:m", [](std::size_t, std::size_t) { return 1.0; });
    in.weights = &other;
    EXPECT_EQ(code_of([&] { values_of(in, asked("weighted_mean", ZonalWeights::raster)); }),
              "zonal.grid");
  }
  const MemoryRaster below = unit_grid(4, 4, [](std::size_t, std::size_t) { return -1.0; });
  in.weights = &below;
  EXPECT_EQ(code_of([&] { values_of(in, asked("weighted_mean", ZonalWeights::raster)); }),
            "zonal.weights");
  EXPECT_EQ(code_of([&] { values_of(in, asked("weighted_mean")); }), "zonal.weights");
}

TEST(Zonal, CellsWithoutAWeightMakeWeightedFiguresMissing) {
  const MemoryRaster grid = unit_grid(4, 4, [](std::size_t, std::size_t) { return 1.0; });
  const MemoryRaster part(2, 4, {0, 1, 0, 4, 0, -1}, "local:m",
                          [](std::size_t, std::size_t) { return 1.0; });
  ZonalInputs in = inputs_of(grid, {box(0, 0, 2, 2), box(1, 0, 3, 2)});
  in.weights = &part;
  const Zonal out = zonal_statistics(in, asked("weighted_mean,mean", ZonalWeights::raster));
  EXPECT_EQ(out.zones[0].bands[0].value[0], 1.0);
  EXPECT_TRUE(std::isnan(out.zones[1].bands[0].value[0]));
  EXPECT_EQ(out.zones[1].bands[0].value[1], 1.0);
  EXPECT_TRUE(out.findings.has("zonal.weight_missing"));
}

// On 1 degree cells the area between parallels is known in closed form (authalic latitude).
TEST(Zonal, AreaWeightsOnAGridInDegrees) {
  const MemoryRaster grid(360, 180, {-180, 1, 0, 90, 0, -1}, "EPSG:4326",
                          [](std::size_t, std::size_t r) { return 89.5 - static_cast<double>(r); });
  const auto cap = [](double degrees) {  // area from the equator, of a radian of longitude
    const double a = 6378137.0, f = 1 / 298.257223563, e2 = f * (2 - f), e = std::sqrt(e2);
    const double s = std::sin(degrees * std::numbers::pi / 180.0);
    return a * a * (1 - e2) / 2.0 *
           (s / (1 - e2 * s * s) + std::log((1 + e * s) / (1 - e * s)) / (2 * e));
  };
  ZonalInputs in = inputs_of(grid, {box(-60, 0, 60, 80)});
  double area = 0.0, valued = 0.0;
  for (int k = 0; k < 80; ++k) {
    const double band = (cap(k + 1) - cap(k)) * 120.0 * std::numbers::pi / 180.0;
    area += band;
    valued += band * (k + 0.5);
  }
  const Zonal out =
      zonal_statistics(in, asked("weighted_count,weighted_mean,mean", ZonalWeights::area));
  const auto& v = out.zones[0].bands[0].value;
  EXPECT_NEAR(v[0] / area, 1.0, 1e-9);
  EXPECT_NEAR(v[1], valued / area, 1e-8);
  EXPECT_NEAR(v[2], 40.0, 1e-9);
  EXPECT_NEAR(out.zones[0].area_m2 / area, 1.0, 1e-8);
}

// One zone over the antimeridian, told in four ways, on grids that begin at -180, 0 and -0.5.
TEST(Zonal, OverTheAntimeridianOnAnyWorldGrid) {
  const auto east = [](double west) {
    return [west](std::size_t c, std::size_t) {
      const double lon = west + static_cast<double>(c) + 0.5;
      return lon >= 180.0 ? lon - 360.0 : lon < -180.0 ? lon + 360.0 : lon;
    };
  };
  Geometry split;  // RFC 7946
  split.kind = GeometryKind::polygon;
  split.polygons = {box(175, -10, 180, 10).polygons[0], box(-180, -10, -170, 10).polygons[0]};
  for (const double west : {-180.0, 0.0, -190.0}) {
    const MemoryRaster grid(360, 180, {west, 1, 0, 90, 0, -1}, "EPSG:4326", east(west));
    for (const Geometry& zone : {box(175, -10, 190, 10), box(-185, -10, -170, 10), split}) {
      const Zonal out = zonal_statistics(inputs_of(grid, {zone}), asked("count,sum"));
      EXPECT_NEAR(out.zones[0].bands[0].value[0], 15.0 * 20.0, 1e-9) << west;
      // 175.5 to 179.5, and 180.5 to 189.5 less a turn.
      const double wanted = 20.0 * (5 * 177.5 + 10 * (185.0 - 360.0));
      EXPECT_NEAR(out.zones[0].bands[0].value[1], wanted, 1e-7) << west;
      EXPECT_NEAR(out.zones[0].bands[0].covered_pct, 100.0, 1e-6) << west;
      EXPECT_FALSE(out.findings.has("zonal.partly_outside")) << west;
    }
    // Edges that go the short way.
    ZonalOptions options = asked("count");
    options.edges = Edges::geodesic;
    const Geometry jump = polygon_geometry({{175, -1}, {-170, -1}, {-170, 1}, {175, 1}, {175, -1}});
    EXPECT_NEAR(values_of(inputs_of(grid, {jump}), options)[0], 30.0, 0.5) << west;
    const auto here = values_of(inputs_of(grid, {point_geometry(-175.5, 3.5)}), asked("count,min"));
    EXPECT_EQ(here[0], 1.0);
    EXPECT_NEAR(here[1], -175.5, 1e-9);
  }
}

TEST(Zonal, RotatedAndSouthUpRastersAreReadAsTheyLie) {
  // The same cells: turned by 30 degrees about the origin, zone and all; and upside down.
  const auto cell = [](std::size_t c, std::size_t r) { return static_cast<double>(c * 10 + r); };
  const double c30 = std::cos(std::numbers::pi / 6), s30 = 0.5;
  const auto turned = [&](double x, double y) {
    return Point{c30 * x - s30 * y + 1000.0, s30 * x + c30 * y + 2000.0};
  };
  const MemoryRaster plain(20, 10, {0, 1, 0, 10, 0, -1}, "local:m", cell);
  const Point corner = turned(0, 10), right = turned(1, 10), down = turned(0, 9);
  const MemoryRaster rotated(20, 10,
                             {corner.x, right.x - corner.x, down.x - corner.x, corner.y,
                              right.y - corner.y, down.y - corner.y},
                             "local:m", cell);
  const MemoryRaster south_up(20, 10, {0, 1, 0, 0, 0, 1}, "local:m",
                              [&](std::size_t c, std::size_t r) { return cell(c, 9 - r); });
  const Path ring{{2.3, 1.1}, {15.7, 2.9}, {11.2, 8.8}, {4.4, 7.7}, {2.3, 1.1}};
  Path other;
  for (const Point& p : ring) other.push_back(turned(p.x, p.y));
  const std::string names = "count,sum,variance,median,max";
  const auto a = values_of(inputs_of(plain, {polygon_geometry(ring)}), asked(names));
  const auto b = values_of(inputs_of(rotated, {polygon_geometry(other)}), asked(names));
  const auto c = values_of(inputs_of(south_up, {polygon_geometry(ring)}), asked(names));
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_NEAR(b[i], a[i], 1e-7) << i;
    EXPECT_NEAR(c[i], a[i], 1e-9) << i;
  }
}

TEST(Zonal, PointsLinesAndCrossedZones) {
  const MemoryRaster grid = unit_grid(
      10, 10, [](std::size_t c, std::size_t r) { return static_cast<double>(10 * r + c); });
  Geometry line;
  line.kind = GeometryKind::line;
  line.lines = {{{0.5, 9.5}, {3.5, 9.5}, {3.5, 7.5}}};  // cells 0 1 2 3, 13, 23
  Geometry points = point_geometry(9.99, 0.01);
  points.points.push_back({10, 10});  // on the last line: the last column of the first row
  const Geometry bow = polygon_geometry({{2, 2}, {4, 4}, {4, 2}, {2, 4}, {2, 2}});
  Geometry none;
  const Zonal out = zonal_statistics(inputs_of(grid, {line, points, bow, none, box(50, 50, 60, 60),
                                                      box(8, 8, 12, 12), box(5.1, 5.1, 5.2, 5.2)}),
                                     asked("count,sum"));
  EXPECT_EQ(out.zones[0].bands[0].value, (std::vector<double>{6, 0 + 1 + 2 + 3 + 13 + 23}));
  EXPECT_EQ(out.zones[1].bands[0].value, (std::vector<double>{2, 99 + 9}));
  EXPECT_NEAR(out.zones[2].bands[0].value[0], 2.0, 1e-12);
  EXPECT_NEAR(out.zones[2].area_m2, 2.0, 1e-12);
  EXPECT_EQ(out.zones[3].bands[0].value[0], 0.0);
  EXPECT_TRUE(std::isnan(out.zones[3].bands[0].value[1]));
  EXPECT_EQ(out.zones[4].bands[0].value[0], 0.0);
  EXPECT_EQ(out.zones[4].bands[0].covered_pct, 0.0);
  EXPECT_NEAR(out.zones[4].area_m2, 100.0, 1e-9);
  EXPECT_NEAR(out.zones[5].bands[0].covered_pct, 25.0, 1e-9);
  EXPECT_NEAR(out.zones[6].bands[0].value[0], 0.01, 1e-12);
  for (const char* code : {"zonal.repaired", "zonal.no_geometry", "zonal.outside",
                           "zonal.partly_outside", "zonal.small", "zonal.not_polygon"})
    EXPECT_TRUE(out.findings.has(code)) << code;
  EXPECT_EQ(code_of([&] { values_of(inputs_of(grid, {box(50, 50, 60, 60)}), asked("count")); }),
            "zonal.all_outside");
}

TEST(Zonal, NoDataAndNumbersThatMeanNothing) {
  MemoryRaster grid = unit_grid(4, 1, [](std::size_t c, std::size_t) {
    return c == 0 ? 0.0 : c == 1 ? kNan : static_cast<double>(c);
  });
  const ZonalInputs in = inputs_of(grid, {box(0, 0, 4, 1), box(0, 0, 1, 1), box(1, 0, 2, 1)});
  EXPECT_EQ(values_of(in, asked("count,sum")), (std::vector<double>{3, 5}));
  grid.place_.nodata = 0.0;
  grid.place_.factor = 2.0;
  grid.place_.shift = 1.0;
  const Zonal out = zonal_statistics(in, asked("count,sum,variety,median"));
  EXPECT_EQ(out.zones[0].bands[0].value, (std::vector<double>{2, 5 + 7, 2, 6}));
  EXPECT_NEAR(out.zones[0].bands[0].covered_pct, 50.0, 1e-12);
  for (const std::size_t z : {1u, 2u}) {
    EXPECT_EQ(out.zones[z].bands[0].value[0], 0.0);
    for (const std::size_t s : {1u, 2u, 3u})
      EXPECT_TRUE(std::isnan(out.zones[z].bands[0].value[s]));
  }
  EXPECT_TRUE(out.findings.has("zonal.empty"));
  EXPECT_TRUE(out.findings.has("zonal.nodata"));
  const MemoryRaster fill =
      unit_grid(4, 1, [](std::size_t c, std::size_t) { return c == 0 ? -9999.0 : 1.0; });
  EXPECT_EQ(code_of([&] { values_of(inputs_of(fill, {box(0, 0, 4, 1)}), asked("sum")); }),
            "raster.nodata_unset");
  EXPECT_EQ(values_of(inputs_of(fill, {box(1, 0, 4, 1)}), asked("sum"))[0], 3.0);
  const MemoryRaster endless = unit_grid(4, 1, [](std::size_t, std::size_t) { return 1.0 / 0.0; });
  EXPECT_EQ(code_of([&] { values_of(inputs_of(endless, {box(0, 0, 4, 1)}), asked("sum")); }),
            "raster.not_finite");
}

TEST(Zonal, ZonesAreBroughtToTheCrsOfTheRaster) {
  // Easting in km at the centres of cells of 100 m: the mean over a box in degrees is that of the
  // box's own points, by supersampling through PROJ.
  const MemoryRaster grid(
      800, 800, {460000, 100, 0, 5040000, 0, -100}, "EPSG:32629",
      [](std::size_t c, std::size_t) { return 460.05 + 0.1 * static_cast<double>(c); });
  ZonalInputs in = inputs_of(grid, {box(-9.2, 45.1, -8.9, 45.3)});
  in.crs = parse_crs("EPSG:4326");
  const Zonal out = zonal_statistics(in, asked("mean,count"));
  const Transform transform(in.crs, grid.place_.crs);
  double sum = 0.0, weight = 0.0;
  for (int i = 0; i < 300; ++i)
    for (int j = 0; j < 200; ++j) {
      double x = -9.2 + (i + 0.5) * 0.001, y = 45.1 + (j + 0.5) * 0.001;
      const double w = std::cos(y * std::numbers::pi / 180.0);
      transform.forward(&x, &y, 1);
      sum += w * x / 1000.0;
      weight += w;
    }
  EXPECT_NEAR(out.zones[0].bands[0].value[0], sum / weight, 2e-3);
  EXPECT_NEAR(out.zones[0].area_m2 / 1e4 / out.zones[0].bands[0].value[1], 1.0, 1e-3);
  EXPECT_EQ(out.zones[0].area_m2, area_m2(in.zones[0], in.crs, Edges::straight));
}

// The corners of a world map in Mollweide's projection are no place on Earth.
TEST(Zonal, CellsWhoseAreaIsNotKnown) {
  const MemoryRaster grid(200, 100, {-18e6, 18e4, 0, 9e6, 0, -18e4}, "+proj=moll +datum=WGS84",
                          [](std::size_t c, std::size_t) { return static_cast<double>(c); });
  ZonalInputs in = inputs_of(grid, {box(-10, -10, 10, 10)});
  in.crs = parse_crs("EPSG:4326");
  const Zonal out = zonal_statistics(in, asked("mean,count,fraction"));
  EXPECT_NEAR(out.zones[0].bands[0].value[0], 99.5, 1e-6);
  EXPECT_EQ(out.zones[0].bands[0].covered_pct, 100.0);
  // Mollweide keeps areas, but for the difference of sphere and ellipsoid.
  EXPECT_NEAR(out.zones[0].bands[0].value[1] * 18e4 * 18e4 / out.zones[0].area_m2, 1.0, 0.01);
  EXPECT_TRUE(std::isnan(out.zones[0].bands[0].fraction_m2.at(0)));
  EXPECT_EQ(code_of([&] { values_of(in, asked("weighted_mean", ZonalWeights::area)); }),
            "zonal.area");
}

TEST(Zonal, BlocksAreReadOnceAndOthersNotAtAll) {
  MemoryRaster grid = unit_grid(70000, 30, [](std::size_t, std::size_t) { return 1.0; });
  grid.reads.assign(30, 0);
  ZonalOptions options = asked("count");
  const Zonal out = zonal_statistics(
      inputs_of(grid, {box(10, 20.5, 20, 25.5), box(0, 24, 69999, 26), box(5, 24.5, 6, 24.6)}),
      options);
  EXPECT_NEAR(out.zones[1].bands[0].count, 139998.0, 1e-6);
  for (std::size_t r = 0; r < 30; ++r) EXPECT_EQ(grid.reads[r], r >= 4 && r <= 9 ? 1 : 0) << r;
}

TEST(Zonal, StatisticsAreNamed) {
  const auto list = parse_zonal_statistics(" Mean, p90 ,median,mean,weighted_p2.5");
  ASSERT_EQ(list.size(), 4u);
  EXPECT_EQ(list[1].name, "p90");
  EXPECT_EQ(list[1].percent, 90.0);
  EXPECT_EQ(list[3].percent, 2.5);
  for (const char* wrong : {"p101", "meen", "", "mean,,sum", "weighted_min", "p", "p-1"})
    EXPECT_EQ(code_of([&] { static_cast<void>(parse_zonal_statistics(wrong)); }), "zonal.statistic")
        << wrong;
  const MemoryRaster a = unit_grid(4, 4, [](std::size_t, std::size_t) { return 1.0; });
  const MemoryRaster b = unit_grid(4, 5, [](std::size_t, std::size_t) { return 1.0; });
  ZonalInputs in = inputs_of(a, {box(0, 0, 4, 4)});
  in.bands.push_back(&b);
  EXPECT_EQ(code_of([&] { values_of(in, asked("mean")); }), "zonal.grid");
}

TEST(Zonal, AsksWhetherToStop) {
  const MemoryRaster grid = unit_grid(1000, 1000, [](std::size_t, std::size_t) { return 1.0; });
  const Progress stop(nullptr, [] { return true; });
  EXPECT_EQ(code_of([&] {
              static_cast<void>(
                  zonal_statistics(inputs_of(grid, {box(0, 0, 900, 900)}), asked("mean"), stop));
            }),
            "run.interrupted");
}

}  // namespace
}  // namespace lode
