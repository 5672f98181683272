// Roads, rail and waterways of an OpenStreetMap extract, as the study names it.
#include <algorithm>

#include "libgeo/core/error.h"
#include "libgeo/io/osm_lines.h"
#include "libgeo/study/freight_inputs.h"

namespace lode {

std::vector<LineLayer> extract_lines(StudyContext& context, const NetworkTable& table,
                                     const Progress& progress) {
  const std::string path = context.resolve(table.layer.path, table.layer.line);
  OsmOptions options;
  if (!table.mode.empty()) options.modes = {table.mode};
  options.highways = table.highways;
  try {
    std::vector<LineLayer> layers;
    for (OsmLayer& read : read_osm_lines(path, options, progress)) {
      context.keep_source(read.lines.source, table.layer.path);
      context.keep_findings(read.lines.findings, path, table.layer.path);
      LineLayer lines;
      lines.name = table.layer.path + ":" + read.mode;
      lines.mode = read.mode;
      lines.crs = read.lines.crs;
      lines.fields = table.fields;
      lines.geometry = std::move(read.lines.geometry);
      lines.table = std::move(read.lines.table);
      layers.push_back(std::move(lines));
    }
    return layers;
  } catch (const Error& error) {
    if (error.code == "run.interrupted" || error.where.starts_with(context.study.path)) throw;
    throw Error(error.code, error.what(), context.where(table.layer.line) + ": " + table.layer.path,
                error.hint);
  }
}

}  // namespace lode
