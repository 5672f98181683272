// Volumes between two surfaces, or a surface and levels: cut, fill and net by zone.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "libgeo/core/finding.h"
#include "libgeo/core/progress.h"
#include "libgeo/crs/crs.h"
#include "libgeo/geometry/geometry.h"
#include "libgeo/geometry/mesh.h"
#include "libgeo/geometry/raster_source.h"

namespace lode {

/// A raster, whose cells are prisms over their areas; or a TIN (vertices in metres times
/// `1 / crs.metres_per_unit`: plan in the units of its CRS, z in metres). One of the two is set.
struct Surface {
  const RasterSource* raster = nullptr;
  const TriangleMesh* tin = nullptr;
  Crs crs;           ///< of a TIN; a raster has its own
  std::string name;  ///< of a TIN, for messages
};

/// What TOP is measured against: a surface, or levels. Each level gives a row for each zone.
struct SurfaceBase {
  Surface surface;
  std::vector<double> levels_m;  ///< rising; used when `surface` has neither raster nor TIN
};

/// Zones as polygons in the CRS of TOP, edges straight there. Each is computed for itself.
struct SurfaceZones {
  const std::vector<Geometry>* polygons = nullptr;  ///< null: one zone, all of TOP
  std::vector<std::string> ids;                     ///< one a zone, for messages
};

/// How a raster BASE that shares no directions with TOP's cells is brought to them.
enum class Resample {
  none,     ///< not at all: refused
  nearest,  ///< the BASE cell that holds the centre of the TOP cell
  bilinear  ///< between the centres of the four BASE cells around it
};

struct SurfaceOptions {
  /// `none`: cells in other places, of other sizes or the other way up are cut at each other's
  /// edges, which is exact; only grids that are turned against one another are refused.
  Resample resample = Resample::none;
  int jobs = 0;  ///< threads, 0 = all; results do not depend on it
};

/// One zone against BASE or one level.
struct SurfaceVolume {
  std::size_t zone = 0;                                       ///< place in `SurfaceZones`
  double level_m = std::numeric_limits<double>::quiet_NaN();  ///< NaN: against a surface
  double area_m2 = 0.0;     ///< where both have a height; true on the ellipsoid
  double above_m2 = 0.0;    ///< of it, where TOP is above BASE
  double zone_m2 = 0.0;     ///< of the zone, with heights or not
  double nodata_pct = 0.0;  ///< of `zone_m2`, without a height in TOP or BASE
  double cut_m3 = 0.0;      ///< TOP above BASE
  double fill_m3 = 0.0;     ///< BASE above TOP
  double net_m3 = 0.0;      ///< cut - fill
  /// The same with the areas of the map plane; NaN in geographic systems.
  double planar_area_m2 = 0.0, planar_cut_m3 = 0.0, planar_fill_m3 = 0.0;
  [[nodiscard]] bool empty() const { return !(area_m2 > 0.0); }
};

struct SurfaceResult {
  std::vector<SurfaceVolume> rows;  ///< zone by zone, within a zone level by level
  std::string method;               ///< in words
  Findings findings;
};

/// Cut, fill and net by zone. Areas are those on the ellipsoid (within 1e-9), planar in local:
/// grids. Raster and raster: sum of area x difference over the cells, or over the pieces into which
/// the cells of both cut each other. TIN and TIN, or level: exact integral over the overlay of the
/// triangles. A raster and a TIN cannot be mixed here: see `read_surface` (io/surface_files.h).
/// Cells or places where either has no height count as NoData, never as 0.
/// Memory: windows of the rasters; TINs whole.
/// Errors "surface.mixed" (raster and TIN), "surface.other_crs", "surface.turned",
/// "surface.too_different" (cell sizes), "surface.no_overlap" (nothing has a height in both),
/// "surface.folded" (two heights at a place, with two faces), "surface.levels", "surface.height", "surface.area"
/// (the projection cannot be undone there), "raster.not_finite", "raster.nodata_unset".
[[nodiscard]] SurfaceResult surface_volume(const Surface& top, const SurfaceBase& base,
                                           const SurfaceZones& zones = {},
                                           const SurfaceOptions& options = {},
                                           const Progress& progress = {});

}  // namespace lode
