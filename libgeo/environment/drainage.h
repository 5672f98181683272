// Where water goes on an elevation model: flow directions, catchments, the way of a release.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/crs/crs.h"
#include "libgeo/geometry/geometry.h"
#include "libgeo/geometry/raster_source.h"

namespace lode {

/// Heights of a grid in memory, with where it lies. Row by row from the first row of the file.
struct ElevationGrid {
  RasterPlace place;             ///< grid, transform, CRS
  std::vector<double> height_m;  ///< NaN = none
  [[nodiscard]] std::size_t size() const { return height_m.size(); }
};
/// Reads all of it. Error "drainage.size" over 2^31 cells.
[[nodiscard]] ElevationGrid read_elevation(const RasterSource& raster,
                                           const Progress& progress = {});

struct DrainageOptions {
  /// Most that a hollow may be filled to let it drain, m; deeper ones stay as sinks. inf = all.
  double most_fill_m = std::numeric_limits<double>::infinity();
  int jobs = 0;
};

/// The eight ways out of a cell: 0 east, then clockwise as seen on the grid (1 = east and one row
/// down, 2 = one row down, ...); `drainage_out` where water leaves the grid (its edge, NoData,
/// a sink), `drainage_none` where there is no height.
inline constexpr std::uint8_t drainage_out = 8, drainage_none = 255;

struct Drainage {
  ElevationGrid filled;                 ///< heights after hollows were filled
  std::vector<std::uint8_t> direction;  ///< of every cell
  std::vector<double> upstream_m2;      ///< true area that drains through a cell, itself with it
  double filled_m3 = 0.0;
  std::size_t filled_cells = 0, sinks = 0;
  Findings findings;
};

/// Priority flood (Barnes, Lehman & Mulla 2014) with flats resolved towards their outlets, steepest
/// descent among eight neighbours by true distance on the ellipsoid, areas likewise.
[[nodiscard]] Drainage drain(ElevationGrid grid, const DrainageOptions& options = {},
                             const Progress& progress = {});

struct CatchmentOptions {
  /// Places are moved to the cell with most water within this distance, m; 0 = their own cell.
  double snap_m = 0.0;
  double most_path_km = std::numeric_limits<double>::infinity();  ///< of the way downstream
  bool polygons = false;                                          ///< outlines of the catchments
  int jobs = 0;
};

/// What lies upstream and downstream of one site.
struct SiteCatchment {
  bool on_grid = false;
  std::size_t cell = 0;  ///< its outlet: of all its cells the one with most water
  double snapped_m = 0.0;
  double upstream_km2 = 0.0;         ///< drains into the site from outside it and through it
  double watershed_km2 = 0.0;        ///< of the whole watershed, at the place where the way ends
  double watershed_share_pct = 0.0;  ///< the site's own area, of the whole watershed
  double upstream_share_pct = 0.0;   ///< upstream, of the whole watershed
  bool reaches_edge = false;         ///< the catchment touches the grid's edge: a lower bound
  double downstream_km = 0.0;        ///< of the path of a release to where it leaves the grid
  double drop_m = 0.0;               ///< height lost on it
  Geometry path;                     ///< line, in the grid's CRS
  Geometry catchment;                ///< polygon, in the grid's CRS, when asked for
};

/// One row a site; points and polygons of the grid's CRS.
[[nodiscard]] std::vector<SiteCatchment> catchments(const Drainage& drainage,
                                                    const std::vector<Geometry>& sites,
                                                    const CatchmentOptions& options,
                                                    Findings& findings,
                                                    const Progress& progress = {});

/// Slope of every cell in degrees after Horn 1981, by true distances; NaN at edges of the data.
[[nodiscard]] std::vector<double> slope_deg(const ElevationGrid& grid, int jobs = 0,
                                            const Progress& progress = {});

}  // namespace lode
