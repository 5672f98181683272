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
/// Reads all of it. Errors "drainage.size" (over 2^31 cells, or more memory than the machine has:
/// before any is taken), "drainage.too_small" (less than 3 x 3), "drainage.height" (beyond
/// 1,000,000 m), "raster.all_nodata", "raster.not_finite", "raster.nodata_unset".
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
  std::vector<bool> from_edge;          ///< something upstream, or it, lies at the edge of the data
  double filled_m3 = 0.0;
  std::size_t filled_cells = 0, sinks = 0;
  Findings findings;
};

/// Priority flood (Barnes, Lehman & Mulla 2014) with flats resolved towards their outlets, steepest
/// descent among eight neighbours by true distance on the ellipsoid, areas likewise. Of equally
/// steep ways those across an edge come first, then the order of the directions.
/// Error "drainage.no_area" (heights where the projection cannot be undone).
/// Findings "drainage.filled", "drainage.sinks", "drainage.holes" (NoData that does not reach the
/// edge).
[[nodiscard]] Drainage drain(ElevationGrid grid, const DrainageOptions& options = {},
                             const Progress& progress = {});

struct CatchmentOptions {
  /// Places are moved to the cell with most water within this distance, m; 0 = their own cell.
  double snap_m = 0.0;
  double most_path_km = std::numeric_limits<double>::infinity();  ///< of the way downstream
  bool polygons = false;                                          ///< outlines of the catchments
  bool lowest_outlet = false;    ///< a site's outlet is its lowest cell, not that with most water
  std::vector<std::string> ids;  ///< of the sites, for messages; empty = counted from 1
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
  bool several_ways = false;         ///< some of its water goes another way than the path
  double own_km2 = 0.0;              ///< of the site on cells with heights; points and lines 0
  double covered_pct = 0.0;          ///< of the site, on cells with heights
  double downstream_km = 0.0;        ///< of the path of a release to where it leaves the grid
  double drop_m = 0.0;               ///< height lost on it
  Geometry path;                     ///< line, in the grid's CRS
  Geometry catchment;                ///< polygon, in the grid's CRS, when asked for
};

/// One row a site; points, lines and polygons of the grid's CRS. A polygon's cells are those of
/// which it covers half or more, else the one that it covers most; a line's those that it runs
/// through. Ground upstream of a polygon is without its own cells, that of a point with its cell.
/// Shares are of the watershed that the path drains. Findings "drainage.off_grid",
/// "drainage.partly_outside", "drainage.reaches_edge", "drainage.several_ways".
[[nodiscard]] std::vector<SiteCatchment> catchments(const Drainage& drainage,
                                                    const std::vector<Geometry>& sites,
                                                    const CatchmentOptions& options,
                                                    Findings& findings,
                                                    const Progress& progress = {});

/// Mean by area and greatest slope of the cells of each site, by the exact shares that polygons
/// cover; NaN where it has none.
struct SiteSlope {
  double mean_deg = std::numeric_limits<double>::quiet_NaN();
  double max_deg = std::numeric_limits<double>::quiet_NaN();
};
[[nodiscard]] std::vector<SiteSlope> site_slopes(const RasterPlace& place,
                                                 const std::vector<double>& slope_deg,
                                                 const std::vector<Geometry>& sites, int jobs = 0,
                                                 const Progress& progress = {});

/// Slope of every cell in degrees after Horn 1981, by true distances; NaN at edges of the data.
[[nodiscard]] std::vector<double> slope_deg(const ElevationGrid& grid, int jobs = 0,
                                            const Progress& progress = {});

}  // namespace lode
