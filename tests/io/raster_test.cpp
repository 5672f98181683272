// Rasters: place, NoData and values, from grids written as text.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/crs/crs.h"
#include "libgeo/io/door.h"
#include "libgeo/io/raster.h"
#include "tests/io/scratch.h"

namespace lode {
namespace {

std::string grid(const std::string& cells, const std::string& nodata = "", double x = 500000,
                 const std::string& size = "25") {
  return "ncols 3\nnrows 2\nxllcorner " + std::to_string(static_cast<int>(x)) +
         "\nyllcorner 4000000\ncellsize " + size + "\n" +
         (nodata.empty() ? "" : "NODATA_value " + nodata + "\n") + cells + "\n";
}

std::string code_of(const std::string& path, const RasterOptions& options = {}) {
  return error_code_of([&] { static_cast<void>(inspect_raster(path, options)); });
}

TEST(Rasters, ValuesOfTheValidCells) {
  const Scratch scratch;
  const std::string path = scratch.write("a.asc", grid("1 2 3\n4 -9999 6.5", "-9999"));
  RasterOptions options;
  options.input_crs = "EPSG:32613";
  const RasterInfo info = inspect_raster(path, options);
  EXPECT_EQ(info.width, 3);
  EXPECT_EQ(info.height, 2);
  EXPECT_EQ(info.min, 1);
  EXPECT_EQ(info.max, 6.5);
  EXPECT_EQ(info.mean, 16.5 / 5);
  EXPECT_DOUBLE_EQ(info.valid_pct, 500.0 / 6);
  EXPECT_TRUE(info.has_nodata);
  EXPECT_EQ(info.transform[0], 500000);
  EXPECT_EQ(info.transform[5], -25);
  EXPECT_EQ(info.crs.authority, "EPSG:32613");
}

TEST(Rasters, EachFaultHasItsCode) {
  const Scratch scratch;
  RasterOptions utm;
  utm.input_crs = "EPSG:32613";
  const std::string good = scratch.write("a.asc", grid("1 2 3\n4 5 6"));
  EXPECT_EQ(code_of(good), "crs.missing");
  EXPECT_EQ(code_of(good, utm), "");
  EXPECT_EQ(code_of(scratch.write("b.asc", grid("1 2 3\n4 -9999 6")), utm), "raster.nodata_unset");
  EXPECT_EQ(code_of(scratch.write("c.asc", grid("7 7 7\n7 7 7", "7")), utm), "raster.all_nodata");
  EXPECT_EQ(code_of(scratch.write("d.asc", grid("1 2 3")), utm), "raster.corrupt");
  EXPECT_EQ(code_of(scratch.write("e.asc", grid("1 2 3\n4 5 inf")), utm), "raster.bad_number");
  EXPECT_EQ(code_of(scratch.write("g.asc", grid("1 2 3\n4 1,5 6")), utm), "raster.bad_number");
  EXPECT_EQ(code_of(scratch.write("h.asc", grid("1 2 3\n4 5 6 7")), utm), "raster.corrupt");
  EXPECT_EQ(code_of(scratch.write("i.asc", grid("1 2 3\n4 5 1e999")), utm), "raster.bad_number");
  utm.band = 2;
  EXPECT_EQ(code_of(good, utm), "raster.no_band");
  RasterOptions degrees;
  degrees.input_crs = "EPSG:4326";
  EXPECT_EQ(code_of(good, degrees), "crs.mismatch");
  EXPECT_EQ(code_of(scratch.write("f.csv", "a\n1\n")), "io.unsupported_format");
}

TEST(Rasters, DoubtsAreSaid) {
  const Scratch scratch;
  RasterOptions options;
  options.input_crs = "EPSG:32613";
  const auto info = [&](const std::string& text) {
    return inspect_raster(scratch.write("a.asc", text), options).findings;
  };
  EXPECT_TRUE(info(grid("1 2 3\n0 5 6", "0")).has("raster.nodata_zero"));
  EXPECT_TRUE(info(grid("1 2 3\n4 5 6", "-1")).has("raster.nodata_unused"));
  scratch.write("b.prj",
                R"(PROJCS["WGS_1984_UTM_Zone_13N",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",)"
                R"(SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],)"
                R"(UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],)"
                R"(PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],)"
                R"(PARAMETER["Central_Meridian",-105.0],PARAMETER["Scale_Factor",0.9996],)"
                R"(PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]])");
  options.input_crs = "EPSG:4326";
  const std::string own = scratch.write("b.asc", grid("1 2 3\n4 5 6"));
  EXPECT_TRUE(inspect_raster(own, options).findings.has("crs.declaration_unused"));
}

TEST(Rasters, OnesOfTheRealSet) {
  const std::string data = data_folder();
  if (data.empty()) GTEST_SKIP() << "set LODE_DATA to the folder of real data";
  const std::string folder = data + "/bad_inputs/real/tif/";
  EXPECT_EQ(code_of(folder + "empty_nodata.tif"), "raster.no_transform");
  EXPECT_EQ(code_of(folder + "byte_truncated.tif"), "raster.corrupt");
  const RasterInfo sicily = inspect_raster(data + "/dem_small/SICILY_1000m.tif");
  EXPECT_EQ(sicily.width * sicily.height, 341 * 388);
  EXPECT_EQ(sicily.crs.authority, "EPSG:32632");
}

}  // namespace
}  // namespace lode
