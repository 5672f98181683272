// Rasters: place, NoData and values, from grids written as text.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "libgeo/crs/crs.h"
#include "libgeo/io/door.h"
#include "libgeo/io/raster.h"
#include "tests/io/scratch.h"
#include "tests/io/tiff.h"
#include "tests/io/told.h"

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

RasterInfo info_of(const Tiff& tiff) {
  const Scratch scratch;
  return inspect_raster(scratch.write("a.tif", tiff.bytes()));
}

std::string code_of(const Tiff& tiff) {
  return error_code_of([&] { static_cast<void>(info_of(tiff)); });
}

TEST(Rasters, ATiffOfBytesIsReadAsItWasWritten) {
  const RasterInfo info = info_of({});
  EXPECT_EQ(info.transform, (std::array<double, 6>{500000, 25, 0, 4000050, 0, -25}));
  EXPECT_EQ(info.crs.authority, "EPSG:32613");
  EXPECT_EQ(info.min, 1);
  EXPECT_EQ(info.max, 6);
  EXPECT_EQ(info.mean, 3.5);
  EXPECT_TRUE(info.findings.empty());
}

TEST(Rasters, APlaceThatIsNoneIsRefused) {
  const Scratch scratch;
  RasterOptions utm;
  utm.input_crs = "EPSG:32613";
  for (const char* size : {"0", "nan", "-25"}) {
    const std::string path = scratch.write("a.asc", grid("1 2 3\n4 5 6", "", 500000, size));
    EXPECT_EQ(code_of(path, utm), "raster.bad_transform") << size;
  }
  Tiff tiff;
  tiff.corner[3] = std::nan("");
  EXPECT_EQ(code_of(tiff), "raster.bad_transform");
  tiff.corner[3] = HUGE_VAL;
  EXPECT_EQ(code_of(tiff), "raster.bad_transform");
}

TEST(Rasters, AGridsHeaderMustSayItsPlaceInNumbers) {
  // GDAL reads n.d. as 0, 2,5 as 2.5, and puts a grid without corner at 0, 0.
  const Scratch scratch;
  RasterOptions utm;
  utm.input_crs = "EPSG:32613";
  const std::string cells = "1 2 3\n4 5 6";
  EXPECT_EQ(code_of(scratch.write("a.asc", grid(cells, "n.d.")), utm), "raster.bad_number");
  EXPECT_EQ(code_of(scratch.write("b.asc", grid(cells, "", 500000, "2,5")), utm),
            "raster.bad_number");
  for (const char* line : {"xllcorner", "yllcorner", "cellsize"}) {
    std::string text = grid(cells);
    const auto at = text.find(line);
    text.erase(at, text.find('\n', at) + 1 - at);
    EXPECT_EQ(code_of(scratch.write("c.asc", text), utm), "raster.corrupt") << line;
  }
}

TEST(Rasters, WholeNumbersOfAGridMayBeLargeOrMissing) {
  const Scratch scratch;
  RasterOptions utm;
  utm.input_crs = "EPSG:32613";
  const RasterInfo large =
      inspect_raster(scratch.write("a.asc", grid("1 2 3\n4 5 3000000000")), utm);
  EXPECT_EQ(large.max, 3e9) << "not turned over at 2^31";
  EXPECT_EQ(large.min, 1);
  const RasterInfo missing = inspect_raster(scratch.write("b.asc", grid("1 nan 3\n4 5 6")), utm);
  EXPECT_EQ(missing.min, 1) << "NaN is not 0";
  EXPECT_DOUBLE_EQ(missing.mean, 19.0 / 5);
  EXPECT_DOUBLE_EQ(missing.valid_pct, 500.0 / 6);
}

TEST(Rasters, InfiniteCellsAreRefusedUnlessTheyAreNoData) {
  Tiff tiff;
  tiff.cells[1] = HUGE_VALF;
  tiff.cells[4] = -HUGE_VALF;
  EXPECT_EQ(code_of(tiff), "raster.not_finite");
  tiff.cells[4] = 5;
  tiff.nodata = "inf";
  const RasterInfo info = info_of(tiff);
  EXPECT_EQ(info.max, 6);
  EXPECT_DOUBLE_EQ(info.mean, 19.0 / 5);
  EXPECT_DOUBLE_EQ(info.valid_pct, 500.0 / 6);
}

TEST(Rasters, ScaleAndOffsetAreApplied) {
  const auto metadata = [](const std::string& scale) {
    return "<GDALMetadata><Item name=\"SCALE\" sample=\"0\" role=\"scale\">" + scale +
           "</Item><Item name=\"OFFSET\" sample=\"0\" role=\"offset\">100</Item></GDALMetadata>";
  };
  Tiff tiff;
  tiff.metadata = metadata("0.5");
  tiff.nodata = "6";  // as stored, not as scaled
  const RasterInfo info = info_of(tiff);
  EXPECT_EQ(told(info.findings, "raster.scaled"), "warning 1 a.tif");
  EXPECT_EQ(info.min, 100.5);
  EXPECT_EQ(info.max, 102.5);
  EXPECT_DOUBLE_EQ(info.mean, 101.5);
  tiff.metadata = metadata("-2");
  EXPECT_EQ(info_of(tiff).min, 90);
  EXPECT_EQ(info_of(tiff).max, 98);
}

TEST(Rasters, CellsInDegreesAreSaid) {
  Tiff tiff;
  tiff.geographic = true;
  tiff.code = 4326;
  tiff.size = {0.1, 0.1, 0};
  tiff.corner = {0, 0, 0, 10, 50, 0};
  const RasterInfo info = info_of(tiff);
  EXPECT_EQ(told(info.findings, "raster.geographic"), "warning 1 a.tif");
  EXPECT_EQ(info.crs, wgs84());
  EXPECT_EQ(info.transform[0], 10);
  EXPECT_EQ(info.mean, 3.5);
}

TEST(Rasters, OnesThatBelongToCellCentresLieHalfACellOff) {
  Tiff tiff;
  tiff.pixel_is_point = true;
  const RasterInfo info = info_of(tiff);
  EXPECT_EQ(told(info.findings, "raster.pixel_is_point"), "note 1 a.tif");
  EXPECT_EQ(info.transform, (std::array<double, 6>{499987.5, 25, 0, 4000062.5, 0, -25}));
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
