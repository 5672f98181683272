#include "libgeo/io/inspect.h"

#include <filesystem>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/study/pipeline.h"
#include "libgeo/study/study_file.h"
#include "tools/command.h"
#include "tools/drillhole_inputs.h"

namespace lode::tools {

namespace {

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

Json extent_of(const std::optional<Box>& box) {
  if (!box) return {};
  return Json(std::vector<double>{box->min_x, box->min_y, box->max_x, box->max_y});
}

Json fields_of(const InspectedLayer& layer) {
  Json fields = Json::array();
  for (const auto& field : layer.fields) {
    Json one;
    one["name"] = field.name;
    one["type"] = field.type;
    one["unit"] = text_or_null(field.unit);
    one["missing"] = field.missing;
    fields.push_back(one);
  }
  return fields;
}

Json file_name(const std::string& path) {
  const std::string name = std::filesystem::path(path).filename().string();
  return name.empty() ? Json(path) : Json(name);
}

Json row_of(const InspectedLayer& layer, const std::string& file) {
  Json row;
  row["file"] = file_name(file);
  row["layer"] = text_or_null(layer.source.layer);
  row["kind"] = layer.kind;
  row["driver"] = text_or_null(layer.driver);
  row["crs"] = text_or_null(layer.source.crs);
  row["features"] = layer.read && !layer.raster ? Json(layer.features) : Json();
  row["geometry"] = text_or_null(layer.geometry);
  row["extent"] = extent_of(layer.extent);
  row["fields"] = fields_of(layer);
  if (layer.mesh) {
    row["closed"] = layer.mesh->closed;
    row["oriented"] = layer.mesh->oriented;
    row["self_intersecting"] = layer.mesh->self_intersecting;
    row["components"] = layer.mesh->components;
    row["area_m2"] = layer.mesh->area_m2;
  }
  if (!layer.raster) return row;
  const RasterInfo& raster = *layer.raster;
  row["width"] = raster.width;
  row["height"] = raster.height;
  row["bands"] = raster.bands;
  row["data_type"] = raster.data_type;
  row["nodata"] = raster.has_nodata ? Json(raster.nodata) : Json();
  row["value_unit"] = text_or_null(raster.unit);
  row["min"] = raster.min;
  row["max"] = raster.max;
  row["mean"] = raster.mean;
  row["valid_pct"] = raster.valid_pct;
  return row;
}

bool is_study(const std::string& path, const std::string& role) {
  return role == "study" || (role.empty() && lower(path).ends_with(".toml"));
}

void inspect_study(const std::string& path, const Session& session, Outcome& outcome) {
  Json row;
  row["file"] = file_name(path);
  row["kind"] = "study";
  row["features"] = Json();
  row["fields"] = Json::array();
  try {
    StudyOptions options;
    options.jobs = session.jobs;
    const StudyResult result = check_study(read_study(path), options, session.progress);
    for (const auto& input : result.inputs) outcome.inputs.push_back(input);
    outcome.findings.add(result.findings);
    row["features"] = result.sites.size();
  } catch (const Error& error) {
    if (error.code.starts_with("run.")) throw;
    outcome.findings.add(error.code, Severity::error, error.where,
                         error.hint.empty() ? error.what() : error.what() + (". " + error.hint));
  }
  outcome.results.push_back(row);
}

void inspect_data(const std::string& path, const Arguments& arguments, const Session& session,
                  Outcome& outcome) {
  InspectOptions options;
  options.reading = read_options(arguments, session);
  options.role = parse_role(arguments.text("as"));
  options.raster = arguments.text("as") == "dem";
  options.mesh = arguments.text("as") == "mesh";
  options.blocks = arguments.text("as") == "blocks";
  options.fields.id = arguments.text("id");
  options.near = arguments.text("near");
  const Inspection seen = inspect_file(path, options, session.progress);
  for (const auto& layer : seen.layers) {
    outcome.inputs.push_back(layer.source);
    outcome.results.push_back(row_of(layer, layer.source.path));
  }
  for (const auto& sidecar : seen.sidecars) outcome.inputs.push_back(sidecar);
  outcome.findings.add(seen.findings);
}

// The files together are one set of drillholes.
void inspect_holes(const std::vector<std::string>& files, const Arguments& arguments,
                   const Session& session, Outcome& outcome) {
  std::vector<std::size_t> rows;
  for (const auto& path : files) {
    rows.push_back(outcome.results.size());
    inspect_data(path, arguments, session, outcome);
  }
  const auto kinds = inspect_drillholes(arguments, session, files, outcome);
  Json told = Json::array();
  for (std::size_t i = 0; i < outcome.results.size(); ++i) {
    Json row = outcome.results.items()[i];
    for (std::size_t f = 0; f < files.size(); ++f)
      if (rows[f] == i) {
        row["kind"] = "drillholes";
        row["table"] = text_or_null(kinds[f]);
      }
    told.push_back(std::move(row));
  }
  outcome.results = std::move(told);
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const auto files = arguments.texts("FILE");
  const bool holes = arguments.text("as") == "drillholes";
  if (holes) inspect_holes(files, arguments, session, outcome);
  for (const auto& path : holes ? std::vector<std::string>{} : files) {
    if (is_study(path, arguments.text("as"))) {
      inspect_study(path, session, outcome);
    } else {
      inspect_data(path, arguments, session, outcome);
    }
  }
  std::size_t errors = 0, warnings = 0;
  for (const auto& finding : outcome.findings.list()) {
    errors += finding.severity == Severity::error ? 1 : 0;
    warnings += finding.severity == Severity::warning ? 1 : 0;
  }
  outcome.summary["files"] = files.size();
  outcome.summary["layers"] = outcome.results.size();
  outcome.summary["errors"] = errors;
  outcome.summary["warnings"] = warnings;
  outcome.shown = {"file", "layer", "kind", "driver", "crs", "features", "geometry"};
  outcome.failed = errors > 0;
  if (!outcome.failed) enforce_strict(session, outcome.findings);
  return outcome;
}

}  // namespace

Command inspect_command() {
  Command command;
  command.name = "inspect";
  command.summary = "what files hold, and everything that is wrong with them";
  command.group = "Data";
  command.parameters = {
      {.name = "FILE",
       .kind = Kind::file,
       .help = "layers, tables, rasters, meshes, models or a study file; FILE:LAYER for one layer",
       .positional = true,
       .required = true,
       .repeatable = true},
      {.name = "as",
       .kind = Kind::choice,
       .help = "also judge what the role needs; without it faults of the format only",
       .choices = {"deposits", "permits", "constraint", "network", "outline", "points", "dem",
                   "study", "drillholes", "mesh", "blocks"}},
      {.name = "near",
       .kind = Kind::vector_layer,
       .help = "say which places lie far from the extent of this layer"},
      {.name = "id",
       .kind = Kind::field,
       .help = "field that identifies a feature",
       .parent = "FILE",
       .group = "Reading"}};
  append(command.parameters, reading_parameters());
  command.run = run;
  return command;
}

}  // namespace lode::tools
