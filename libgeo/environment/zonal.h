// Statistics of rasters over zones, by the exact share of every cell that a zone covers.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/crs/crs.h"
#include "libgeo/geometry/geometry.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/geometry/raster_source.h"

namespace lode {

/// One statistic as it was asked for: its key in the results ("mean", "p90", "weighted_mean") is
/// `name`; `percent` is that of "pNN" (0 to 100).
struct ZonalStatistic {
  std::string name;
  double percent = std::numeric_limits<double>::quiet_NaN();
};
/// "mean,sum,p90": all that exactextract has (count, sum, mean, min, max, range, median, quantile
/// as pNN, mode/majority, minority, variety, variance, stdev, coefficient_of_variation, fraction,
/// weighted_sum, weighted_mean, weighted_fraction, weighted_variance, weighted_stdev,
/// min_center_x, min_center_y, max_center_x, max_center_y, ...). Errors "zonal.statistic" with the
/// known names.
[[nodiscard]] std::vector<ZonalStatistic> parse_zonal_statistics(const std::string& text);

/// What cells are weighted by, beside the share of them that a zone covers.
enum class ZonalWeights {
  none,
  area,   ///< true area of the cell on the ellipsoid, m2
  raster  ///< `ZonalInputs::weights`
};

/// Zones of one CRS over bands of one grid; the zones are brought to the grid's CRS here.
struct ZonalInputs {
  std::vector<Geometry>
      zones;  ///< polygons; points and lines take the cells they lie in, run through
  std::vector<std::string> ids;  ///< for messages; empty = counted from 1
  Crs crs;
  std::vector<const RasterSource*> bands;  ///< all of one grid; at least one
  const RasterSource* weights = nullptr;   ///< any grid in the CRS of the bands
};

struct ZonalOptions {
  std::vector<ZonalStatistic> statistics;  ///< none = count, mean, min, max, sum
  ZonalWeights weights = ZonalWeights::none;
  Edges edges = Edges::geodesic;   ///< of the zones
  bool check_zones = true;         ///< and mend them; readers have done so
  bool include_fractions = false;  ///< fill `ZonalBand::fraction` whatever the statistics
  int jobs = 0;
};

/// What one band has in one zone.
struct ZonalBand {
  double count = 0.0;         ///< covered cells with a value, parts as their share
  std::vector<double> value;  ///< as the statistics; NaN where nothing valid is covered
  /// Value and its share of the covered valid cells, ascending; filled when asked for.
  std::vector<std::pair<double, double>> fraction;
  /// Beside each of `fraction`: its share of the weights (with weights alone), and its true area
  /// (NaN where the CRS of the grid cannot be undone).
  std::vector<double> weighted_fraction, fraction_m2;
  double covered_pct = 0.0;  ///< share of the zone's area on cells with a value
};

struct ZonalRow {
  double area_m2 = 0.0;          ///< of the zone
  std::vector<ZonalBand> bands;  ///< as the inputs
};

struct Zonal {
  std::vector<ZonalRow> zones;  ///< in the inputs' order
  Findings findings;            ///< "zonal.outside", "zonal.partly_outside", "zonal.nodata", ...
};

/// Every block of the grid is read once; zones that meet it take their part. The same bits for any
/// `jobs`. Errors: "zonal.grid" (bands or weights that do not fit together), "zonal.all_outside",
/// "crs.transform".
[[nodiscard]] Zonal zonal_statistics(const ZonalInputs& inputs, const ZonalOptions& options = {},
                                     const Progress& progress = {});

}  // namespace lode
