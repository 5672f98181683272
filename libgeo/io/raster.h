// Rasters read through GDAL: size, place, NoData converted at the edge.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/provenance.h"
#include "libgeo/crs/crs.h"

class GDALDataset;

namespace lode {

struct RasterInfo {
  Source source;
  std::string driver;
  int width = 0;
  int height = 0;
  int bands = 0;
  std::array<double, 6> transform{};  ///< GDAL's geotransform
  bool has_transform = false;
  Crs crs;
  bool has_crs = false;
  bool has_nodata = false;
  double nodata = 0.0;
  std::string data_type;
  std::string unit;
  double min = 0.0, max = 0.0, mean = 0.0;  ///< of the valid cells, NaN when there are none
  double valid_pct = 0.0;
  Findings findings;
};

struct RasterOptions {
  std::string input_crs;
  bool need_crs = true;  ///< false: a raster without CRS or place passes, with a finding
  int band = 1;          ///< counted from 1
};

/// Reads every cell of one band once.
/// Errors as `open_dataset`, and "raster.no_transform", "raster.bad_transform", "raster.no_band",
/// "raster.bad_number", "raster.all_nodata", "raster.corrupt", "raster.not_finite",
/// "raster.nodata_unset" (-9999 or the like as data), "crs.missing", "crs.mismatch".
[[nodiscard]] RasterInfo inspect_raster(const std::string& path, const RasterOptions& options = {});

/// The part of it that reads no cell, into an info that has its `source.path`; within `guard_gdal`.
void describe_raster(GDALDataset& dataset, const RasterOptions& options, RasterInfo& info);

}  // namespace lode
