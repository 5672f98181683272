// Real heights: slope against numpy and gdaldem, and the basin of a river whose size is published.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "libgeo/core/error.h"
#include "libgeo/environment/drainage.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/io/raster_blocks.h"
#include "tests/environment/drainage_grids.h"
#include "tests/tools/run_lode.h"

namespace lode::test {
namespace {

ElevationGrid real(const std::string& name) {
  HeightsOptions options;
  options.checksum = false;
  return read_elevation(*open_heights(data_folder() + "/dem_small/" + name, options).raster);
}

struct Slopes {
  double count = 0.0, mean = 0.0, most = 0.0, mean_tangent = 0.0;
};
Slopes slopes_of(const ElevationGrid& grid) {
  Slopes s;
  for (const double slope : slope_deg(grid)) {
    if (std::isnan(slope)) continue;
    s.count += 1.0;
    s.mean += slope;
    s.mean_tangent += std::tan(slope * std::numbers::pi / 180.0);
    s.most = std::max(s.most, slope);
  }
  s.mean /= s.count;
  s.mean_tangent /= s.count;
  return s;
}

class RealHeights : public testing::Test {
 protected:
  void SetUp() override {
    if (data_folder().empty()) GTEST_SKIP() << "real data are missing: set LODE_DATA";
  }
};

// By numpy: Horn's differences over the lengths of a degree on the ellipsoid at each row. gdaldem,
// with 111,120 m for every degree, has a mean of 1.324.
TEST_F(RealHeights, SlopeInDegreesAgreesWithNumpy) {
  const Slopes s = slopes_of(real("elev.tif"));
  EXPECT_EQ(s.count, 4173.0);
  EXPECT_NEAR(s.mean, 1.6230784378783412, 1e-9);
  EXPECT_NEAR(s.most, 7.229437884445692, 1e-9);
}

// gdaldem and numpy alike take lengths of the map; the ground is longer or shorter by the scale of
// UTM, 0.9998 in the Vinschgau and up to 1.0035 in Sicily, five degrees off its meridian.
TEST_F(RealHeights, SlopeInUtmAgreesWithGdaldemUpToTheScale) {
  const Slopes alps = slopes_of(real("elev_vinschgau.tif"));
  EXPECT_EQ(alps.count, 47559.0);
  EXPECT_NEAR(alps.mean_tangent / 0.4162180932178096, 0.9998, 1e-4);
  EXPECT_NEAR(alps.mean, 22.01911, 0.005);
  const Slopes sicily = slopes_of(real("SICILY_1000m.tif"));
  EXPECT_EQ(sicily.count, 25822.0);
  EXPECT_NEAR(sicily.mean_tangent / 0.06781599482992762, 1.0023, 2e-4);
}

// The Simeto is Sicily's largest river by basin: 4,186 km2 (Italian Wikipedia, "Simeto").
// Heights of 1 km put it within a few per cent.
TEST_F(RealHeights, TheBasinOfTheSimeto) {
  const Drainage d = drain(real("SICILY_1000m.tif"));
  double largest = 0.0, valid = 0.0;
  for (std::size_t i = 0; i < d.direction.size(); ++i) {
    if (d.direction[i] == drainage_out) largest = std::max(largest, d.upstream_m2[i]);
    valid += d.direction[i] != drainage_none;
  }
  EXPECT_NEAR(largest / 1e6, 4186.0, 0.04 * 4186.0);
  EXPECT_EQ(valid, 27562.0);
  const Crs& crs = d.filled.place.crs;
  Findings findings;
  const auto rows = catchments(
      d, {point_geometry(from_lon_lat({14.5, 37.6}, crs).x, from_lon_lat({14.5, 37.6}, crs).y)},
      {.polygons = true}, findings);
  EXPECT_NEAR(rows[0].watershed_km2, largest / 1e6, 1e-9);
  EXPECT_NEAR(rows[0].downstream_km, 70.4, 3.0);
}

}  // namespace
}  // namespace lode::test
