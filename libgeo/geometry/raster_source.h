// Rasters of heights read window by window, so that rooms that compute know no file library.
#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <memory>
#include <string>

#include "libgeo/crs/crs.h"

namespace lode {

/// A rectangle of cells.
struct RasterWindow {
  std::size_t column = 0, row = 0, columns = 0, rows = 0;
  [[nodiscard]] std::size_t size() const { return columns * rows; }
};

/// Where a raster lies and how its numbers are meant.
struct RasterPlace {
  std::string name;  ///< for messages: the file
  std::size_t columns = 0, rows = 0;
  /// Of a place at column u and row v (0 at the outer corner of the first cell):
  /// x = t[0] + u t[1] + v t[2], y = t[3] + u t[4] + v t[5]. As GDAL's geotransform.
  std::array<double, 6> transform{0.0, 1.0, 0.0, 0.0, 0.0, 1.0};
  Crs crs;
  /// Cells that are read together at no further cost.
  std::size_t block_columns = 0, block_rows = 0;
  bool single = false;  ///< every number is one of single precision
  /// Cells with this number have no height; NaN never has one.
  double nodata = std::numeric_limits<double>::quiet_NaN();
  /// Metres = number x factor + shift.
  double factor = 1.0, shift = 0.0;
};

/// Reads for one thread. Numbers stand row by row as the file has them.
class RasterReader {
 public:
  virtual ~RasterReader() = default;
  /// Only where `RasterPlace::single`.
  virtual void read(const RasterWindow& window, float* numbers) = 0;
  virtual void read(const RasterWindow& window, double* numbers) = 0;
};

/// Numbers that programs write for "nothing" when NoData was not declared.
[[nodiscard]] inline bool is_fill_value(double v) {
  return v == -9999 || v == -99999 || v == -32768 || v == -32767 || v <= -1e30 || v == 1e30 ||
         v >= 1e38;
}

class RasterSource {
 public:
  virtual ~RasterSource() = default;
  [[nodiscard]] virtual const RasterPlace& place() const = 0;
  /// One more reader; callable from any thread.
  [[nodiscard]] virtual std::unique_ptr<RasterReader> reader() const = 0;
  /// A reader for the thread that `other` serves: bands of one file share what it has open, so that
  /// blocks which hold several bands are read once.
  [[nodiscard]] virtual std::unique_ptr<RasterReader> reader_beside(
      const RasterReader& /*other*/) const {
    return reader();
  }
};

}  // namespace lode
