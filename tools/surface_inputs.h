// Surfaces for volumes: rasters and TINs opened in one CRS and in metres, and zones on them.
#pragma once

#include <memory>
#include <optional>

#include "libgeo/deposit/surface_volume.h"
#include "libgeo/io/raster_blocks.h"
#include "tools/command.h"

namespace lode::tools {

/// TOP and BASE with all that they point into.
struct SurfacePair {
  Surface top;
  SurfaceBase base;
  Crs crs;
  std::unique_ptr<RasterSource> top_raster, base_raster;
  TriangleMesh top_tin, base_tin;
};
/// Takes inputs and findings. A raster that meets a TIN becomes the TIN of its cell centres.
/// Errors "surface.unit", "surface.other_crs", those of the readers.
void read_surfaces(const Arguments& arguments, const Session& session, SurfacePair& pair,
                   Outcome& outcome);

/// The features of --within in the CRS of the surfaces, edges straight there.
struct ZoneLayer {
  bool said = false;
  Layer layer;
  std::vector<std::string> ids, names;
  SurfaceZones zones;  ///< points into `layer`
};
/// Error "surface.not_polygon".
void read_zones(const Arguments& arguments, const Session& session, const Crs& crs,
                ZoneLayer& zones, Outcome& outcome);

}  // namespace lode::tools
