// Rasters written as GeoTIFF, aside, read back, then moved: whole or not at all.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "libgeo/core/progress.h"
#include "libgeo/geometry/raster_source.h"
#include "libgeo/io/writers.h"

namespace lode {

enum class CellType { float64, byte };

/// One band to be written. NaN becomes `place.nodata` (which must then be a number; of bytes 0 to
/// 255); nothing is scaled.
struct OutputRaster {
  RasterPlace place;  ///< size, transform, CRS, NoData
  CellType type = CellType::float64;
  std::string description;  ///< of the band: "upstream area"
  std::string unit;         ///< of its numbers: "m2"
  /// Gives `rows` whole rows from `first_row` on; called in order, twice for each (the second time
  /// to compare with what is read back).
  std::function<void(std::size_t first_row, std::size_t rows, double* numbers)> read;
};

/// Tiled, DEFLATE, BigTIFF where 4 GB could be passed; stages `path` in `outputs`. Mine grids have
/// no CRS in the file. Errors "io.unsupported_format" (a name that does not end in .tif or .tiff),
/// "io.write" (also when what is read back is not what was written), and those of
/// `OutputSet::stage`.
void write_raster(OutputSet& outputs, const std::string& path, const OutputRaster& raster,
                  Findings& findings, const Progress& progress = {});

/// What `write_raster` would refuse by its name alone.
void check_raster_name(const std::string& path);

}  // namespace lode
