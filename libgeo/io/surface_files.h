// Surfaces as triangles: a raster through its cell centres, or a TIN from a mesh file.
#pragma once

#include <cstdint>
#include <string>

#include "libgeo/core/finding.h"
#include "libgeo/core/provenance.h"
#include "libgeo/crs/crs.h"
#include "libgeo/geometry/geometry.h"
#include "libgeo/geometry/mesh.h"

namespace lode {

struct SurfaceFile {
  TriangleMesh mesh;  ///< metres
  Source source;
  Crs crs;
  bool has_crs = false;            ///< mesh files have none
  double metres_per_height = 1.0;  ///< that the heights of a raster were multiplied by
  Findings findings;
};

/// A mesh file (see `read_mesh`), tidied; or a raster, as the TIN of its cell centres within
/// `window` (metres) and one cell around: each four neighbours make two triangles, split from lower
/// left to upper right; where one of them is NoData there is no surface. The outermost half cell
/// has none either. `metres_per_unit` of the blocks' CRS scales mesh
/// coordinates; heights of a raster are in the unit that its band or vertical CRS says, else in
/// that of the blocks' CRS. Errors as `inspect_raster` and `read_mesh`, "surface.too_large" (more
/// than `most_cells` in the window), "surface.no_cells" (none in it).
[[nodiscard]] SurfaceFile read_surface(const std::string& path, const Box& window,
                                       const std::string& input_crs, double metres_per_unit,
                                       std::int64_t most_cells = 40000000);

}  // namespace lode
