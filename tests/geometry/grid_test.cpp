// Block grids: order, rotation and the way there and back.
#include "libgeo/geometry/grid.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/core/code_of.h"

namespace lode {
namespace {

TEST(Grid, CountsXFirstThenYThenZ) {
  BlockGrid grid;
  grid.origin = {100.0, 200.0, 10.0};
  grid.spacing = {10.0, 20.0, 5.0};
  grid.count = {3, 2, 4};
  EXPECT_EQ(grid.size(), 24u);
  EXPECT_EQ(centre_of(grid, 0), (std::array<double, 3>{105.0, 210.0, 12.5}));
  EXPECT_EQ(centre_of(grid, 1), (std::array<double, 3>{115.0, 210.0, 12.5}));
  EXPECT_EQ(centre_of(grid, 3), (std::array<double, 3>{105.0, 230.0, 12.5}));
  EXPECT_EQ(centre_of(grid, 6), (std::array<double, 3>{105.0, 210.0, 17.5}));
  for (std::size_t block = 0; block < grid.size(); ++block) {
    const auto at = grid.ijk(block);
    EXPECT_EQ(grid.index(at[0], at[1], at[2]), block);
  }
}

TEST(Grid, TurnsClockwiseFromNorth) {
  BlockGrid grid;
  grid.origin = {1000.0, 2000.0, 0.0};
  grid.spacing = {2.0, 10.0, 1.0};
  grid.rotation_deg = 90.0;  // y axis points east, x axis south
  EXPECT_EQ(centre_of(grid, 0), (std::array<double, 3>{1005.0, 1999.0, 0.5}));
  grid.rotation_deg = 30.0;
  // The y axis has azimuth 30: (sin 30, cos 30); the x axis azimuth 120.
  const auto along_y = from_grid(grid, {0.0, 10.0, 0.0});
  EXPECT_NEAR(along_y[0], 1000.0 + 5.0, 1e-9);
  EXPECT_NEAR(along_y[1], 2000.0 + 10.0 * std::sqrt(3.0) / 2.0, 1e-9);
  const auto back = to_grid(grid, from_grid(grid, {3.0, 7.0, -2.0}));
  EXPECT_NEAR(back[0], 3.0, 1e-9);
  EXPECT_NEAR(back[1], 7.0, 1e-9);
  EXPECT_NEAR(back[2], -2.0, 1e-9);
}

TEST(Grid, RefusesWhatIsNone) {
  BlockGrid grid;
  grid.spacing[1] = 0.0;
  EXPECT_EQ(code_of([&] { check_grid(grid, "g"); }), "grid.spacing");
  grid = {};
  grid.origin[0] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(code_of([&] { check_grid(grid, "g"); }), "grid.origin");
  for (const double far : {1e300, -1e300, 1.01e9, -1.01e9}) {
    grid = {};
    grid.origin[2] = far;
    EXPECT_EQ(code_of([&] { check_grid(grid, "g"); }), "grid.origin") << far;
  }
  for (const double size : {1e-300, 9e-7, 1.01e7, 1e300, -10.0}) {
    grid = {};
    grid.spacing[2] = size;
    EXPECT_EQ(code_of([&] { check_grid(grid, "g"); }), "grid.spacing") << size;
  }
  grid = {};
  grid.origin = {1e9, -1e9, 0.0};
  grid.spacing = {1e-6, 1e7, 1.0};
  EXPECT_EQ(code_of([&] { check_grid(grid, "g"); }), "no error");
  grid = {};
  grid.rotation_deg = std::numeric_limits<double>::infinity();
  EXPECT_EQ(code_of([&] { check_grid(grid, "g"); }), "grid.rotation");
  grid = {};
  grid.count = {0, 1, 1};
  EXPECT_EQ(code_of([&] { check_grid(grid, "g"); }), "grid.count");
  grid.count = {1u << 20, 1u << 20, 2};
  EXPECT_EQ(code_of([&] { check_grid(grid, "g"); }), "grid.count");
}

}  // namespace
}  // namespace lode
