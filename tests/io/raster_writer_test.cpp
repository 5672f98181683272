// GeoTIFF written whole or not at all: what is read back, by type, NoData and CRS.
#include "libgeo/io/raster_writer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "libgeo/io/raster.h"
#include "libgeo/io/raster_blocks.h"
#include "tests/io/scratch.h"

namespace lode {
namespace {

OutputRaster ramp(std::size_t columns, std::size_t rows) {
  OutputRaster out;
  out.place.columns = columns;
  out.place.rows = rows;
  out.place.transform = {500000, 25, 3, 4000000, 2, -25};
  out.place.crs = parse_crs("EPSG:32613");
  out.place.nodata = -9999.0;
  out.description = "ramp";
  out.unit = "m";
  out.read = [columns](std::size_t row, std::size_t count, double* numbers) {
    for (std::size_t i = 0; i < count * columns; ++i) {
      const std::size_t cell = row * columns + i;
      numbers[i] = cell % 7 == 3 ? std::nan("") : std::sqrt(static_cast<double>(cell));
    }
  };
  return out;
}

TEST(WriteRaster, ComesBackAsItWas) {
  const Scratch scratch;
  const std::string path = scratch / "ramp.tif";
  const OutputRaster raster = ramp(700, 600);
  Findings findings;
  OutputSet outputs(false);
  write_raster(outputs, path, raster, findings);
  EXPECT_FALSE(std::filesystem::exists(path));  // not before all is done
  outputs.commit();
  const HeightsFile file = open_heights(path);
  EXPECT_EQ(file.raster->place().transform, raster.place.transform);
  EXPECT_EQ(file.raster->place().crs.label(), "EPSG:32613");
  EXPECT_EQ(file.raster->place().nodata, -9999.0);
  EXPECT_EQ(file.raster->place().block_columns, 256U);
  EXPECT_EQ(file.unit, "m");
  std::vector<double> got(700 * 600), wanted(got.size());
  file.raster->reader()->read({0, 0, 700, 600}, got.data());
  raster.read(0, 600, wanted.data());
  for (std::size_t i = 0; i < got.size(); ++i)
    ASSERT_EQ(got[i], std::isnan(wanted[i]) ? -9999.0 : wanted[i]);
}

TEST(WriteRaster, BytesAndMineGrids) {
  const Scratch scratch;
  OutputRaster raster = ramp(5, 4);
  raster.type = CellType::byte;
  raster.place.nodata = 255.0;
  raster.place.crs = parse_crs("local:m");
  raster.read = [](std::size_t, std::size_t rows, double* numbers) {
    for (std::size_t i = 0; i < rows * 5; ++i)
      numbers[i] = i == 0 ? std::nan("") : static_cast<double>(i);
  };
  Findings findings;
  OutputSet outputs(false);
  write_raster(outputs, scratch / "bytes.tif", raster, findings);
  // A number that a byte cannot hold is not written as another.
  raster.read = [](std::size_t, std::size_t rows, double* numbers) {
    for (std::size_t i = 0; i < rows * 5; ++i) numbers[i] = 1.5;
  };
  EXPECT_EQ(error_code_of([&] { write_raster(outputs, scratch / "half.tif", raster, findings); }),
            "io.write");
  EXPECT_EQ(error_code_of([&] { write_raster(outputs, scratch / "a.png", raster, findings); }),
            "io.unsupported_format");
  EXPECT_EQ(error_code_of([&] { write_raster(outputs, scratch / "no/a.tif", raster, findings); }),
            "io.no_folder");
}

}  // namespace
}  // namespace lode
