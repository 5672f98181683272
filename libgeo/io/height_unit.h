// Whether a band holds heights, and their unit, as the file says it.
#pragma once

#include <string>

#include "libgeo/core/finding.h"
#include "libgeo/io/raster.h"

class GDALDataset;

namespace lode {

/// A word for a unit of length in metres. Error "surface.unit".
[[nodiscard]] double height_word_m(const std::string& unit, const std::string& where);

/// The vertical part of a compound CRS: its name and unit; "" where there is none.
void read_vertical_crs(const GDALDataset& dataset, std::string& name, std::string& unit);

/// Refuses a band of colours (error "raster.picture"); says that further bands are not read
/// (warning "raster.bands").
void check_height_band(const GDALDataset& dataset, int band, const std::string& where,
                       Findings& findings);

/// Metres of one unit of height: of the band, else of the vertical CRS, else `otherwise` (said,
/// note "surface.unit_taken", when that is no metre). What differs from it is said (note
/// "surface.unit_said").
[[nodiscard]] double height_unit_m(const GDALDataset& dataset, const RasterInfo& info,
                                   double otherwise, Findings& findings);

}  // namespace lode
