// Rasters as sources of numbers or heights: streamed block by block, with units and NoData as said.
#pragma once

#include <memory>
#include <string>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/core/provenance.h"
#include "libgeo/geometry/raster_source.h"

namespace lode {

struct HeightsOptions {
  std::string input_crs;  ///< declares the CRS of a raster that has none
  int band = 1;           ///< counted from 1
  /// Unit of the heights, where the file does not say it or is wrong: "m", "ft", ...; "" = as the
  /// file says (band unit, else vertical CRS). Not said at all: see `HeightsFile::unit`.
  std::string unit;
  bool checksum = true;  ///< of the file, for `source`; reads it once more
};

struct HeightsFile {
  std::unique_ptr<RasterSource> raster;
  Source source;
  std::string unit;            ///< of the heights as said by file or option; "" = nobody says it
  double metres_per_unit = 1;  ///< of the heights; metres when nobody says it
  std::string vertical_crs;    ///< name of the vertical part of the CRS; "" = none
  Findings findings;
};

/// Opens the file, reads no cell: values are judged while they are computed with. Heights are
/// NaN-free numbers with scale and offset applied through `RasterPlace::factor` and `shift`.
/// `progress` can stop the checksum.
/// A reader is one dataset for one thread; blocks go around GDAL's cache, which is kept small.
/// Errors as `inspect_raster` for all that concerns place, CRS and band; "surface.unit" (a unit
/// that is no length, or heights in feet or metres left open in a CRS measured in feet).
[[nodiscard]] HeightsFile open_heights(const std::string& path, const HeightsOptions& options = {},
                                       const Progress& progress = {});

struct ValuesOptions {
  std::string input_crs;   ///< declares the CRS of a raster that has none
  std::vector<int> bands;  ///< counted from 1; none = all
  bool checksum = true;    ///< of the file, for `source`; reads it once more
};

struct ValuesFile {
  /// One a band, all of one grid; numbers are value = number x factor + shift.
  std::vector<std::unique_ptr<RasterSource>> bands;
  std::vector<int> band;           ///< its number in the file
  std::vector<std::string> names;  ///< description of the band, else "band 1"
  std::vector<std::string> units;  ///< as the file says; "" = nothing said
  Source source;
  Findings findings;
};

/// As `open_heights`, for numbers of any kind and several bands. A pixel-interleaved file is read
/// once for all its bands.
[[nodiscard]] ValuesFile open_values(const std::string& path, const ValuesOptions& options = {},
                                     const Progress& progress = {});

}  // namespace lode
