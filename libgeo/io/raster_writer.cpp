#include "libgeo/io/raster_writer.h"

#include <cpl_string.h>
#include <gdal_priv.h>
#include <ogr_spatialref.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/open.h"

namespace lode {

namespace {

constexpr std::size_t rows_at_once = 256;  // of a tile

using Dataset = std::unique_ptr<GDALDataset, void (*)(GDALDataset*)>;

Dataset closing(GDALDataset* dataset) {
  return {dataset, [](GDALDataset* d) { GDALClose(GDALDataset::ToHandle(d)); }};
}

[[noreturn]] void cannot_write(const std::string& what, const std::string& path) {
  throw Error("io.write", what, path, "Check the free space of the disk.");
}

void fetch(const OutputRaster& raster, std::size_t row, std::size_t rows,
           std::vector<double>& numbers) {
  numbers.resize(rows * raster.place.columns);
  raster.read(row, rows, numbers.data());
  for (double& value : numbers)
    if (std::isnan(value)) value = raster.place.nodata;
}

void place_dataset(GDALDataset& dataset, const OutputRaster& raster, const std::string& path) {
  std::array<double, 6> transform = raster.place.transform;
  dataset.SetGeoTransform(transform.data());
  if (raster.place.crs.is_local()) return;
  OGRSpatialReference reference;
  reference.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  if (reference.importFromWkt(raster.place.crs.wkt.c_str()) != OGRERR_NONE)
    throw Error("io.write", "the CRS " + raster.place.crs.label() + " cannot be written", path);
  reference.AutoIdentifyEPSG();
  dataset.SetSpatialRef(&reference);
}

void write_cells(const std::string& temporary, const std::string& path, const OutputRaster& raster,
                 const Progress& progress) {
  CPLStringList options;
  for (const char* option : {"TILED=YES", "COMPRESS=DEFLATE", "BIGTIFF=IF_SAFER"})
    options.AddString(option);
  if (raster.type == CellType::float64) options.AddString("PREDICTOR=3");
  const RasterPlace& place = raster.place;
  GDALDriver* const driver = GetGDALDriverManager()->GetDriverByName("GTiff");
  const Dataset dataset = closing(driver->Create(
      temporary.c_str(), static_cast<int>(place.columns), static_cast<int>(place.rows), 1,
      raster.type == CellType::byte ? GDT_Byte : GDT_Float64, options.List()));
  if (!dataset) cannot_write("the file cannot be made", path);
  place_dataset(*dataset, raster, path);
  GDALRasterBand& band = *dataset->GetRasterBand(1);
  if (!std::isnan(place.nodata)) band.SetNoDataValue(place.nodata);
  band.SetDescription(raster.description.c_str());
  if (!raster.unit.empty()) band.SetUnitType(raster.unit.c_str());
  std::vector<double> numbers;
  for (std::size_t row = 0; row < place.rows; row += rows_at_once) {
    progress.update(0.7 * static_cast<double>(row) / static_cast<double>(place.rows));
    const std::size_t rows = std::min(rows_at_once, place.rows - row);
    fetch(raster, row, rows, numbers);
    if (band.RasterIO(GF_Write, 0, static_cast<int>(row), static_cast<int>(place.columns),
                      static_cast<int>(rows), numbers.data(), static_cast<int>(place.columns),
                      static_cast<int>(rows), GDT_Float64, 0, 0, nullptr) != CE_None)
      return;  // the error reaches the guard
  }
  dataset->FlushCache(true);
}

void read_back(const std::string& temporary, const std::string& path, const OutputRaster& raster,
               const Progress& progress) {
  const RasterPlace& place = raster.place;
  const char* const drivers[] = {"GTiff", nullptr};
  const Dataset dataset = closing(
      GDALDataset::Open(temporary.c_str(), GDAL_OF_RASTER | GDAL_OF_READONLY, drivers, nullptr));
  const auto differs = [&] { cannot_write("what was read back is not what was written", path); };
  if (!dataset || dataset->GetRasterXSize() != static_cast<int>(place.columns) ||
      dataset->GetRasterYSize() != static_cast<int>(place.rows))
    differs();
  GDALRasterBand& band = *dataset->GetRasterBand(1);
  std::vector<double> numbers, wanted;
  for (std::size_t row = 0; row < place.rows; row += rows_at_once) {
    progress.update(0.7 + 0.3 * static_cast<double>(row) / static_cast<double>(place.rows));
    const std::size_t rows = std::min(rows_at_once, place.rows - row);
    fetch(raster, row, rows, wanted);
    numbers.resize(wanted.size());
    if (band.RasterIO(GF_Read, 0, static_cast<int>(row), static_cast<int>(place.columns),
                      static_cast<int>(rows), numbers.data(), static_cast<int>(place.columns),
                      static_cast<int>(rows), GDT_Float64, 0, 0, nullptr) != CE_None)
      return;
    for (std::size_t i = 0; i < wanted.size(); ++i)
      if (numbers[i] != wanted[i] && !(std::isnan(numbers[i]) && std::isnan(wanted[i]))) differs();
  }
}

}  // namespace

void check_raster_name(const std::string& path) {
  const std::string name = lower(path);
  if (!name.ends_with(".tif") && !name.ends_with(".tiff"))
    throw Error("io.unsupported_format", "rasters are written as GeoTIFF alone", path,
                "Give the result a name that ends in .tif.");
}

void write_raster(OutputSet& outputs, const std::string& path, const OutputRaster& raster,
                  Findings& findings, const Progress& progress) {
  check_raster_name(path);
  const std::string temporary = outputs.stage(path);
  guard_gdal("io.write", path, findings, [&] { write_cells(temporary, path, raster, progress); });
  guard_gdal("io.write", path, findings, [&] { read_back(temporary, path, raster, progress); });
}

}  // namespace lode
