#include <algorithm>
#include <cmath>
#include <set>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/inspect.h"
#include "libgeo/io/model_blocks.h"
#include "libgeo/io/model_files.h"
#include "libgeo/io/model_text.h"

namespace lode {

namespace {

std::string capitals(std::string text) {
  for (char& c : text) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return text;
}

std::optional<Box> extent_of(const ModelObject& object) {
  Box box;
  for (const auto& v : object.vertices) box.add(Point{v[0], v[1]});
  const ModelBlocks& blocks = object.blocks;
  if (object.kind == ModelObject::Kind::blocks) {
    std::array<double, 3> reach{};
    for (std::size_t a = 0; a < 3; ++a) reach[a] = model_files::edges_of(blocks.sizes[a]).back();
    for (const double x : {0.0, reach[0]})
      for (const double y : {0.0, reach[1]})
        for (const double z : {0.0, reach[2]}) {
          const auto corner = model_files::in_the_file(blocks, {x, y, z});
          box.add(Point{corner[0], corner[1]});
        }
  }
  return box.empty() ? std::nullopt : std::optional<Box>(box);
}

InspectedLayer described(const ModelObject& object, const ModelFile& model) {
  InspectedLayer seen;
  seen.source = model.source;
  seen.source.layer = object.name;
  seen.driver = capitals(model.format);
  seen.read = true;
  seen.extent = extent_of(object);
  switch (object.kind) {
    case ModelObject::Kind::points:
      seen.kind = "vector";
      seen.geometry = "point";
      seen.features = object.vertices.size();
      break;
    case ModelObject::Kind::lines:
      seen.kind = "vector";
      seen.geometry = "line";
      seen.features = object.segments.size();
      break;
    case ModelObject::Kind::surface:
      seen.kind = "mesh";
      seen.geometry = "surface";
      seen.features = object.triangles.size();
      break;
    case ModelObject::Kind::blocks:
      seen.kind = "block_model";
      seen.geometry = "blocks";
      seen.features = model_files::blocks_of(object.blocks);
      break;
  }
  for (const ModelColumn& column : object.columns) {
    std::size_t missing = 0;
    for (const double value : column.numbers) missing += std::isnan(value) ? 1 : 0;
    const bool text =
        column.kind == ModelColumn::Kind::text || column.kind == ModelColumn::Kind::category;
    seen.fields.push_back({column.name, text ? "text" : "number", column.unit, missing});
  }
  return seen;
}

}  // namespace

bool is_model_file(const std::string& path) {
  static const std::set<std::string> endings{"omf", "vtu", "vti", "str", "dxf",
                                             "ts",  "pl",  "vs",  "gp",  "gslib"};
  return endings.contains(model_files::ending_of(path));
}

void inspect_model_file(const std::string& path, const InspectOptions& options,
                        Inspection& inspection, const Progress& progress) {
  InspectedLayer file;
  file.source.path = path;
  file.kind = options.blocks ? "block_model" : lower(path).ends_with(".omf") ? "omf" : "vector";
  ModelReadOptions reading;
  for (const auto& [name, field] : options.reading.fields) reading.fields.push_back({name, field});
  reading.missing = options.reading.missing;
  try {
    const ModelFile model = read_model(path, reading, progress);
    inspection.findings.add(model.findings);
    for (const ModelLoss& loss : model.lost)
      inspection.findings.add("model.passed_over", Severity::note, path,
                              (loss.object.empty() ? "" : loss.object + ": ") + loss.what);
    if (file.kind == "omf") {
      file.source = model.source;
      file.source.crs = model.crs;
      file.driver = capitals(model.format);
      file.read = true;
      file.features = model.objects.size();
      inspection.layers.push_back(file);
    }
    bool any = false;
    for (const ModelObject& object : model.objects) {
      if (options.blocks && object.kind != ModelObject::Kind::blocks) continue;
      any = true;
      inspection.layers.push_back(described(object, model));
      inspection.layers.back().source.crs = model.crs;
    }
    if (!any)
      throw Error("model.no_blocks", "the file holds no block model", path,
                  "A table needs the sizes of blocks: columns dx, dy, dz, or lode convert "
                  "--block-size.");
  } catch (const Error& error) {
    if (error.code.starts_with("run.")) throw;
    inspection.findings.add(error.code, Severity::error, error.where.empty() ? path : error.where,
                            error.hint.empty() ? error.what() : error.what() + (". " + error.hint));
    inspection.layers.push_back(file);
  }
}

}  // namespace lode
