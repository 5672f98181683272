// Cells of a grid that a point, line or polygon lies on, and outlines of cells as polygons.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "libgeo/geometry/geometry.h"
#include "libgeo/geometry/raster_source.h"

namespace lode {

struct CellShare {
  std::size_t cell = 0;
  double share = 1.0;  ///< of the cell, covered by the polygon; 1 for points and lines
};

struct GridCells {
  std::vector<CellShare> cells;  ///< ascending by cell, each once
  bool whole = true;             ///< nothing of the geometry lies beyond the grid
};
/// `geometry` is in the CRS of the grid, its edges straight there.
[[nodiscard]] GridCells cells_of(const Geometry& geometry, const RasterPlace& place);

/// Column and row of a place.
[[nodiscard]] Point to_cells(Point place, const RasterPlace& raster);
[[nodiscard]] Point from_cells(double u, double v, const RasterPlace& raster);

/// The ground of cells, each once: valid polygons whose parts are joined across edges, vertices
/// only at corners.
[[nodiscard]] Geometry outline_of_cells(const std::vector<std::uint32_t>& cells,
                                        const RasterPlace& place);

}  // namespace lode
