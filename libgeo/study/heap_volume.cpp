#include "libgeo/study/heap_volume.h"

#include <cmath>
#include <functional>

#include "libgeo/core/error.h"
#include "libgeo/crs/transform.h"
#include "libgeo/deposit/surface_volume.h"
#include "libgeo/geometry/measure.h"
#include "libgeo/geometry/overlay.h"
#include "libgeo/io/mesh_files.h"
#include "libgeo/io/raster_blocks.h"
#include "libgeo/study/volume_parts.h"

namespace lode {

namespace {

// A raster or TIN that outlives the reading of the study.
struct HeapSurface {
  std::shared_ptr<const RasterSource> raster;
  std::shared_ptr<const TriangleMesh> tin;
  Surface surface;
};

HeapSurface read_surface_of(StudyContext& context, const VolumesTable& table,
                            const std::string& path, const Crs& crs) {
  HeapSurface heap;
  const std::string resolved = context.resolve(path, table.layer.line);
  heap.surface.name = path;
  if (is_mesh_file(resolved)) {
    MeshFile file = read_mesh(resolved);
    context.keep_source(file.source, path);
    context.result.findings.add(file.findings);
    file.mesh.name = path;
    tidy_mesh(file.mesh, context.result.findings);
    check_mesh_crs(file, crs, context.result.findings);
    for (auto& vertex : file.mesh.vertices) {
      if (!(file.unit_m > 0.0)) {
        vertex[2] *= crs.metres_per_unit;
        continue;
      }
      for (std::size_t axis = 0; axis < 2; ++axis) vertex[axis] /= crs.metres_per_unit;
    }
    heap.tin = std::make_shared<const TriangleMesh>(std::move(file.mesh));
    heap.surface.tin = heap.tin.get();
    heap.surface.crs = crs;
    return heap;
  }
  HeightsOptions options;
  options.input_crs = table.layer.crs;
  HeightsFile file = open_heights(resolved, options);
  context.keep_source(file.source, path);
  context.result.findings.add(file.findings);
  heap.raster = std::move(file.raster);
  if (!(heap.raster->place().crs == crs))
    throw Error(
        "study.volume",
        "the surface is in " + heap.raster->place().crs.label() + ", the table says " + crs.label(),
        path, "Correct crs, or bring the surface to it.");
  heap.surface.raster = heap.raster.get();
  return heap;
}

// Polygons that bound the heap, in its CRS; nothing when the table names none.
Geometry bounds_of_heap(StudyContext& context, const VolumesTable& table, const Crs& crs) {
  if (table.rock.within.empty()) return {};
  LayerRef reference;
  reference.path = table.rock.within;
  reference.line = table.layer.line;
  // Only a table of text cannot say its own.
  if (lower(reference.path).ends_with(".csv")) reference.crs = table.layer.crs;
  const Layer layer = context.read(reference, true);
  std::vector<const Geometry*> polygons;
  for (const Geometry& geometry : layer.geometry)
    if (geometry.kind == GeometryKind::polygon) polygons.push_back(&geometry);
  if (polygons.empty())
    throw Error("study.volume", "no polygon bounds the heap", table.rock.within,
                "within names a layer of polygons.");
  return reproject(unite(polygons), Transform(wgs84(), crs), 0.001);
}

double taken(const SurfaceVolume& row, const std::string& take) {
  if (take == "fill") return row.fill_m3;
  return take == "net" ? row.net_m3 : row.cut_m3;
}

using HeapVolume =
    std::function<SurfaceResult(const std::vector<Geometry>& zones, const Progress& progress)>;

void keep_heap(StudyContext& context, const VolumesTable& table, std::size_t site,
               const SurfaceVolume& row) {
  const double volume_m3 = taken(row, table.rock.take);
  if (!(volume_m3 > 0.0))
    throw Error("study.volume",
                "the surfaces hold " + number_text(volume_m3) + " m3 of " + table.rock.take,
                table.layer.path, "Check base, level and take: cut is what stands above the base.");
  if (row.nodata_pct > 0.0)
    context.result.findings.add(
        "study.heap_nodata", Severity::warning, table.layer.path,
        fixed_text(row.nodata_pct, 2) + " % of the heap's ground has no height and does not count");
  keep_volume(context, table, site, volume_m3,
              table.layer.path + ": " + fixed_text(volume_m3, 0) + " m3 (" + table.rock.take +
                  ") against " +
                  (table.rock.has_level ? "the level " + number_text(table.rock.level_m) + " m"
                                        : table.rock.base));
}

// The heap on what a set of cuts leaves of its ground, a volume for each set.
RockLeft left_of(const HeapVolume& volume, const Geometry& bounds, double unit,
                 const std::string& take) {
  return [=](const std::vector<PlanCut>& cuts, const std::vector<std::uint64_t>& which) {
    std::vector<double> kept;
    for (const std::uint64_t subset : which) {
      Geometry ground = bounds;
      for (std::size_t c = 0; c < cuts.size(); ++c) {
        if ((subset >> c & 1) == 0) continue;
        Geometry cut = cuts[c].ground;
        for_each_vertex(cut, [&](Point& p) {
          p.x /= unit;
          p.y /= unit;
        });
        ground = cuts[c].keeps ? intersection(ground, cut) : difference(ground, cut);
      }
      kept.push_back(ground.empty() ? 0.0 : taken(volume({ground}, {}).rows.front(), take));
    }
    return kept;
  };
}

}  // namespace

void take_heap(StudyContext& context, const VolumesTable& table, std::size_t site, bool checking,
               const Progress& progress) {
  const Crs crs = volume_crs(context, table, "surfaces");
  const HeapSurface top = read_surface_of(context, table, table.layer.path, crs);
  HeapSurface base;
  if (!table.rock.base.empty()) base = read_surface_of(context, table, table.rock.base, crs);
  const Geometry bounds = bounds_of_heap(context, table, crs);
  if (checking) return;
  const int jobs = context.options.jobs;
  const HeapVolume volume = [top, base, rock = table.rock, jobs](const std::vector<Geometry>& zones,
                                                                 const Progress& step) {
    SurfaceBase below;
    below.surface = base.surface;
    if (rock.has_level) below.levels_m = {rock.level_m};
    SurfaceZones parts;
    if (!zones.empty()) parts.polygons = &zones;
    SurfaceOptions options;
    options.jobs = jobs;
    return surface_volume(top.surface, below, parts, options, step);
  };
  std::vector<Geometry> whole;
  if (!bounds.empty()) whole.push_back(bounds);
  const SurfaceResult found = volume(whole, progress);
  context.result.findings.add(found.findings);
  keep_heap(context, table, site, found.rows.front());
  if (bounds.empty()) return;  // without bounds the heap has no plan to be clipped
  keep_rock(context, table, site,
            SiteRock{crs, left_of(volume, bounds, crs.metres_per_unit, table.rock.take)}, bounds);
}

}  // namespace lode
