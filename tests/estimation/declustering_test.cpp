// Declustering against GSLIB's own weights, and areas in closed form.
#include "libgeo/estimation/declustering.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "libgeo/core/random.h"
#include "tests/core/code_of.h"

namespace lode {
namespace {

Samples at(const std::vector<std::array<double, 2>>& places, const std::vector<double>& values) {
  Samples samples;
  samples.variables = {"v"};
  samples.values = {values};
  for (const auto& p : places) {
    samples.x.push_back(p[0]);
    samples.y.push_back(p[1]);
    samples.z.push_back(0.0);
  }
  return samples;
}

struct Cluster {
  Samples samples;
  std::vector<double> gslib;
};

// The 140 clustered samples of GSLIB with the weights its authors give (column 5).
Cluster cluster() {
  const char* said = std::getenv("LODE_DATA");
  const std::filesystem::path folder =
      said && *said ? std::filesystem::path(said)
                    : std::filesystem::path(LODE_SOURCE_DIR) / ".." / "shared" / "data";
  Cluster c;
  std::ifstream file(folder / "grade_gslib_cluster_true/cluster.dat");
  std::vector<std::array<double, 2>> places;
  std::vector<double> values;
  std::string line;
  for (int skip = 0; skip < 7; ++skip) std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream in(line);
    double x = 0, y = 0, v = 0, second = 0, weight = 0;
    if (!(in >> x >> y >> v >> second >> weight)) continue;
    places.push_back({x, y});
    values.push_back(v);
    c.gslib.push_back(weight);
  }
  c.samples = at(places, values);
  return c;
}

TEST(Declustering, WeightsOfGslib) {
  const Cluster c = cluster();
  if (c.gslib.empty()) GTEST_SKIP() << "SKIPPED: no real data; set LODE_DATA";
  ASSERT_EQ(c.gslib.size(), 140U);
  CellOptions options;
  options.smallest_m = options.largest_m = 5.5;
  options.origins_alike = false;
  const Declustering d = decluster_cells(c.samples, 0, options);
  EXPECT_NEAR(d.naive_mean, 4.3504, 5e-5);
  for (std::size_t i = 0; i < 140; ++i) EXPECT_NEAR(d.weights[i], c.gslib[i], 7e-4) << i;
  double sum = 0.0, mean = 0.0;
  for (std::size_t i = 0; i < 140; ++i) {
    sum += c.gslib[i];
    mean += c.gslib[i] * c.samples.values[0][i];
  }
  EXPECT_NEAR(d.mean, mean / sum, 1e-4);
}

TEST(Declustering, ScanOfGslibsParameterFile) {
  const Cluster c = cluster();
  if (c.gslib.empty()) GTEST_SKIP() << "SKIPPED: no real data; set LODE_DATA";
  CellOptions options;
  options.smallest_m = 1;
  options.largest_m = 25;
  options.sizes = 25;
  const Declustering d = decluster_cells(c.samples, 0, options);
  // The exhaustive field's mean is 2.580; the naive one 4.350.
  EXPECT_NEAR(d.mean, 2.580, 0.1);
  EXPECT_EQ(d.cell_m, 5.0);
  EXPECT_EQ(d.tried.size(), 25U);
  options.choice = CellChoice::highest_mean;
  const Declustering high = decluster_cells(c.samples, 0, options);
  EXPECT_GE(high.mean, high.naive_mean);
  options.jobs = 3;
  EXPECT_EQ(decluster_cells(c.samples, 0, options).weights, high.weights);
  const Declustering polygons =
      decluster_polygons(c.samples, 0, {{0, 0}, {50, 0}, {50, 50}, {0, 50}});
  // Counted by a script of its own: the mean of the sample nearest to 14,400 points of the square.
  EXPECT_NEAR(polygons.mean, 2.290, 0.01);
}

TEST(Declustering, CellsByHand) {
  // Two in one cell, one alone: weights 3/4, 3/4, 3/2.
  CellOptions options;
  options.smallest_m = options.largest_m = 10;
  options.offsets = 1;
  const Declustering d = decluster_cells(at({{0, 0}, {1, 1}, {25, 0}}, {10, 20, 3}), 0, options);
  EXPECT_DOUBLE_EQ(d.weights[0], 0.75);
  EXPECT_DOUBLE_EQ(d.weights[2], 1.5);
  EXPECT_DOUBLE_EQ(d.mean, 9.0);
  EXPECT_DOUBLE_EQ(d.naive_mean, 11.0);
  EXPECT_EQ(d.cell_m, 10.0);
}

TEST(Declustering, MissingValuesTakeNoPart) {
  CellOptions options;
  options.smallest_m = options.largest_m = 10;
  const Declustering d =
      decluster_cells(at({{0, 0}, {1, 1}, {25, 0}}, {10, std::nan(""), 3}), 0, options);
  EXPECT_TRUE(std::isnan(d.weights[1]));
  EXPECT_EQ(d.n, 2U);
  EXPECT_DOUBLE_EQ(d.weights[0], 1.0);
}

TEST(Declustering, NoSizeBeatsTheNaiveMean) {
  // The cluster is poor: no lower mean is to be found, and none is made up.
  CellOptions options;
  options.smallest_m = 5;
  options.largest_m = 10;
  options.sizes = 3;
  const Declustering d = decluster_cells(at({{0, 0}, {1, 1}, {25, 0}}, {1, 1, 9}), 0, options);
  EXPECT_EQ(d.cell_m, 0.0);
  EXPECT_EQ(d.mean, d.naive_mean);
  EXPECT_EQ(d.weights, (std::vector<double>{1, 1, 1}));
}

TEST(Declustering, Refusals) {
  const Samples two = at({{0, 0}, {1e9, 0}}, {1, 2});
  CellOptions options;
  options.smallest_m = 0;
  EXPECT_EQ(code_of([&] { (void)decluster_cells(two, 0, options); }), "declustering.cell");
  options.smallest_m = options.largest_m = 1;
  EXPECT_EQ(code_of([&] { (void)decluster_cells(two, 0, options); }), "declustering.cells");
  const Samples one = at({{0, 0}, {1, 0}}, {1, std::nan("")});
  EXPECT_EQ(code_of([&] { (void)decluster_cells(one, 0, options); }), "declustering.values");
  const Samples three = at({{0, 0}, {1, 0}, {5, 5}}, {1, 2, 3});
  EXPECT_EQ(code_of([&] {
              (void)decluster_polygons(three, 0, {{-1, -1}, {2, -1}, {2, 2}, {-1, 2}});
            }),
            "declustering.boundary");
  EXPECT_EQ(code_of([&] {
              (void)decluster_polygons(two, 0, {{0, 0}, {1, 1}});
            }),
            "declustering.boundary");
}

TEST(Declustering, PolygonsInClosedForm) {
  // In a square of 10 about a centre point and four at (2, 2) from the corners: the diamond about
  // the centre has its corners 3 off the sides' middles... worked out below by symmetry.
  const Samples samples = at({{5, 5}, {2, 2}, {8, 2}, {8, 8}, {2, 8}}, {1, 2, 2, 2, 2});
  const Declustering d = decluster_polygons(samples, 0, {{0, 0}, {10, 0}, {10, 10}, {0, 10}});
  // Bisector of (5,5) and (2,2): x + y = 7. Within the square it cuts a triangle of legs 7 off the
  // corner; neighbours of a side meet on x = 5. Area of a corner cell: 5 x 5 square minus the
  // triangle beyond x + y = 7 (legs 3): 25 - 4.5 = 20.5. Centre: 100 - 4 x 20.5 = 18.
  EXPECT_NEAR(d.weights[0], 18.0 / 20.0, 1e-12);
  for (std::size_t i = 1; i < 5; ++i) EXPECT_NEAR(d.weights[i], 20.5 / 20.0, 1e-12);
  EXPECT_NEAR(d.mean, (18 + 2 * 82) / 100.0, 1e-12);
}

TEST(Declustering, SamplesAtOnePlaceShareIt) {
  const Declustering d = decluster_polygons(at({{0, 0}, {0, 0}, {10, 0}}, {1, 3, 5}), 0,
                                            rectangle_about(at({{0, 0}, {10, 0}}, {1, 1}), 5.0));
  EXPECT_NEAR(d.weights[0], 0.75, 1e-12);
  EXPECT_NEAR(d.weights[2], 1.5, 1e-12);
}

// Areas against counting which sample is nearest to a hundred thousand points, and in sum exactly.
TEST(Declustering, PolygonsAgreeWithNearestPoints) {
  const Random random{5, 2};
  std::vector<std::array<double, 2>> places;
  for (std::uint64_t i = 0; i < 60; ++i)
    places.push_back(
        {100 * random.uniform(2 * i) * random.uniform(1000 + i), 80 * random.uniform(2 * i + 1)});
  const Samples samples = at(places, std::vector<double>(60, 1.0));
  const Ring boundary{{-5, -5}, {105, -5}, {105, 85}, {-5, 85}};
  const Declustering d = decluster_polygons(samples, 0, boundary);
  std::vector<double> counted(60, 0.0);
  constexpr int n = 400;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) {
      const double x = -5 + 110.0 * (i + 0.5) / n, y = -5 + 90.0 * (j + 0.5) / n;
      std::size_t best = 0;
      double least = 1e300;
      for (std::size_t k = 0; k < 60; ++k) {
        const double far = std::hypot(x - places[k][0], y - places[k][1]);
        if (far < least) {
          least = far;
          best = k;
        }
      }
      counted[best] += 60.0 / n / n;
    }
  double sum = 0.0;
  for (std::size_t k = 0; k < 60; ++k) {
    EXPECT_NEAR(d.weights[k], counted[k], 0.02) << k;
    sum += d.weights[k];
  }
  EXPECT_NEAR(sum, 60.0, 1e-9);
  EXPECT_EQ(decluster_polygons(samples, 0, boundary, 3).weights, d.weights);
}

}  // namespace
}  // namespace lode
