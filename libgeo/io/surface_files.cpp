#include "libgeo/io/surface_files.h"

#include <gdal_priv.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "libgeo/core/error.h"
#include "libgeo/io/door.h"
#include "libgeo/io/height_unit.h"
#include "libgeo/io/mesh_files.h"
#include "libgeo/io/open.h"
#include "libgeo/io/raster.h"

namespace lode {

namespace {

// The columns and rows of a raster that a window meets, one cell more on each side.
struct Cells {
  int x0 = 0, y0 = 0, nx = 0, ny = 0;
};

Cells cells_of(const RasterInfo& info, const Box& window, double metres_per_unit) {
  const auto& t = info.transform;
  const double det = t[1] * t[5] - t[2] * t[4];
  double low_c = 1e300, high_c = -1e300, low_r = 1e300, high_r = -1e300;
  for (const double x : {window.min_x / metres_per_unit, window.max_x / metres_per_unit})
    for (const double y : {window.min_y / metres_per_unit, window.max_y / metres_per_unit}) {
      const double dx = x - t[0], dy = y - t[3];
      const double c = (dx * t[5] - dy * t[2]) / det, r = (dy * t[1] - dx * t[4]) / det;
      low_c = std::min(low_c, c);
      high_c = std::max(high_c, c);
      low_r = std::min(low_r, r);
      high_r = std::max(high_r, r);
    }
  const auto clamp = [](double value, int most) {
    return static_cast<int>(std::clamp(value, 0.0, static_cast<double>(most)));
  };
  Cells cells;
  cells.x0 = clamp(std::floor(low_c) - 1.0, info.width);
  cells.y0 = clamp(std::floor(low_r) - 1.0, info.height);
  cells.nx = clamp(std::ceil(high_c) + 1.0, info.width) - cells.x0;
  cells.ny = clamp(std::ceil(high_r) + 1.0, info.height) - cells.y0;
  return cells;
}

void add_cells(const RasterInfo& info, const Cells& cells, const std::vector<double>& height,
               double metres_per_unit, double metres_per_height, TriangleMesh& mesh) {
  const auto& t = info.transform;
  const auto nx = static_cast<std::size_t>(cells.nx), ny = static_cast<std::size_t>(cells.ny);
  constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> vertex(nx * ny, none);
  for (std::size_t r = 0; r < ny; ++r)
    for (std::size_t c = 0; c < nx; ++c) {
      const double h = height[r * nx + c];
      if (std::isnan(h)) continue;
      const double u = cells.x0 + static_cast<double>(c) + 0.5;
      const double v = cells.y0 + static_cast<double>(r) + 0.5;
      vertex[r * nx + c] = static_cast<std::uint32_t>(mesh.vertices.size());
      mesh.vertices.push_back({(t[0] + u * t[1] + v * t[2]) * metres_per_unit,
                               (t[3] + u * t[4] + v * t[5]) * metres_per_unit,
                               h * metres_per_height});
    }
  // Of a south-up raster the lower row is the first one.
  const bool south_up = t[5] > 0.0;
  for (std::size_t r = 0; r + 1 < ny; ++r)
    for (std::size_t c = 0; c + 1 < nx; ++c) {
      const std::size_t top = south_up ? r + 1 : r, foot = south_up ? r : r + 1;
      const std::uint32_t a = vertex[foot * nx + c], b = vertex[foot * nx + c + 1];
      const std::uint32_t d = vertex[top * nx + c], e = vertex[top * nx + c + 1];
      if (a == none || b == none || d == none || e == none) continue;
      mesh.triangles.push_back({a, b, e});
      mesh.triangles.push_back({a, e, d});
    }
}

}  // namespace

SurfaceFile read_surface(const std::string& path, const Box& window, const std::string& input_crs,
                         double metres_per_unit, std::int64_t most_cells) {
  SurfaceFile surface;
  if (is_mesh_file(path)) {
    MeshFile file = read_mesh(path, metres_per_unit);
    surface.mesh = std::move(file.mesh);
    surface.source = file.source;
    surface.findings = file.findings;
    if (!input_crs.empty())
      check_mesh_crs(file, parse_crs(input_crs, "--input-crs"), surface.findings);
    tidy_mesh(surface.mesh, surface.findings);
    return surface;
  }
  RasterOptions options;
  options.input_crs = input_crs;
  const RasterInfo info = inspect_raster(path, options);
  surface.source = info.source;
  surface.crs = info.crs;
  surface.has_crs = info.has_crs;
  surface.findings = info.findings;
  const Cells cells = cells_of(info, window, metres_per_unit);
  if (cells.nx < 2 || cells.ny < 2)
    throw Error("surface.no_cells", "the raster does not cover the blocks", path,
                "Check that both are in the same place and CRS.");
  if (static_cast<std::int64_t>(cells.nx) * cells.ny > most_cells)
    throw Error("surface.too_large",
                "the raster has more than " + std::to_string(most_cells) + " cells over the blocks",
                path, "Resample it: cells far smaller than a block add nothing.");
  std::vector<double> height(static_cast<std::size_t>(cells.nx) *
                             static_cast<std::size_t>(cells.ny));
  const DatasetHandle dataset = open_dataset(path, OpenKind::raster, surface.findings);
  check_height_band(*dataset, 1, path, surface.findings);
  const double metres_per_height = height_unit_m(*dataset, info, metres_per_unit, surface.findings);
  guard_gdal("raster.corrupt", path, surface.findings, [&] {
    GDALRasterBand& band = *dataset->GetRasterBand(1);
    if (band.RasterIO(GF_Read, cells.x0, cells.y0, cells.nx, cells.ny, height.data(), cells.nx,
                      cells.ny, GDT_Float64, 0, 0, nullptr) != CE_None)
      return;
    const double scale = band.GetScale(), offset = band.GetOffset();
    for (double& h : height)
      h = std::isnan(h) || (info.has_nodata && h == info.nodata)
              ? std::numeric_limits<double>::quiet_NaN()
              : h * scale + offset;
  });
  surface.mesh.name = path;
  surface.metres_per_height = metres_per_height;
  add_cells(info, cells, height, metres_per_unit, metres_per_height, surface.mesh);
  if (surface.mesh.empty())
    throw Error("surface.no_cells", "no cell over the blocks has a height", path,
                "Take a surface with heights there.");
  return surface;
}

}  // namespace lode
