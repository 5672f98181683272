// [[networks]]: lines from layers, from extracts and around land, on the map too.
#include <algorithm>

#include "libgeo/core/error.h"
#include "libgeo/io/osm_lines.h"
#include "libgeo/study/freight_inputs.h"

namespace lode {

namespace {

std::string name_of(const NetworkTable& table) {
  return table.layer.path + (table.layer.layer.empty() ? "" : ":" + table.layer.layer);
}

void show(StudyContext& context, const std::string& mode, const std::vector<Geometry>& geometry) {
  MapLayer on_map;
  on_map.name = mode;
  on_map.role = "network";
  on_map.geometry = geometry;
  on_map.label.assign(geometry.size(), "");
  context.result.layers.push_back(std::move(on_map));
}

bool has_polygons(const std::vector<Geometry>& geometry) {
  return std::any_of(geometry.begin(), geometry.end(),
                     [](const Geometry& one) { return one.kind == GeometryKind::polygon; });
}

}  // namespace

void read_lines(StudyContext& context, const NetworkTable& table,
                const std::function<std::vector<SeaBerth>()>& berths, const CountryBorders& borders,
                std::vector<LineLayer>& layers, const Progress& progress) {
  const auto take = [&](LineLayer lines) {
    if (!borders.empty() && lines.mode != "sea")
      locate_countries(lines, borders, context.options.jobs, context.result.findings);
    // Lanes over open water are no lines to draw: there are a million, and they cover the oceans.
    if (lines.name != kOpenWaterLanes) show(context, lines.mode, lines.geometry);
    layers.push_back(std::move(lines));
  };
  if (is_osm_path(table.layer.path)) {
    for (LineLayer& lines : extract_lines(context, table, progress)) take(std::move(lines));
    return;
  }
  if (table.layer.path == "installed") {
    if (table.mode != "sea")
      throw Error("study.value", "the installed country outlines are land, not " + table.mode,
                  context.where(table.layer.line), "Write mode = \"sea\", or name a layer.");
    const InstalledLand map = installed_land(context.options.jobs);
    return take(lanes_of(context, table, map.land, berths(), progress));
  }
  Layer layer = context.read(table.layer, true);
  if (table.mode == "sea" && has_polygons(layer.geometry))
    return take(lanes_of(context, table, layer.geometry, berths(), progress));
  LineLayer lines;
  lines.name = name_of(table);
  lines.mode = table.mode;
  lines.crs = layer.crs;
  lines.fields = table.fields;
  lines.geometry = std::move(layer.geometry);
  lines.table = std::move(layer.table);
  take(std::move(lines));
}

}  // namespace lode
