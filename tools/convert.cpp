#include <algorithm>
#include <map>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/io/length_unit.h"
#include "libgeo/io/model_files.h"
#include "tools/block_inputs.h"
#include "tools/sample_inputs.h"

namespace lode::tools {

namespace {

using ObjectKind = ModelObject::Kind;

ModelReadOptions model_options(const Arguments& arguments, const Session& session) {
  const BlockCrs crs = block_crs(arguments);
  const BlockReadOptions table = block_options(arguments, session, crs);
  ModelReadOptions options;
  for (const auto& [place, name] : table.fields) options.fields.push_back({place, name});
  options.missing = table.missing;
  if (table.size_m) options.block_m = *table.size_m;
  options.grid = table.grid;
  if (!options.grid && arguments.has("rotation")) {
    options.grid.emplace();
    options.grid->rotation_deg = arguments.number("rotation");
  }
  return options;
}

// Keeps the objects that --object names, in the file's order.
void choose(ModelFile& model, const std::vector<std::string>& names) {
  if (names.empty()) return;
  std::vector<std::string> known;
  for (const ModelObject& object : model.objects) known.push_back(object.name);
  for (const std::string& name : names)
    if (std::find(known.begin(), known.end(), name) == known.end())
      throw Error("convert.no_object", "the file has no object '" + printable(name) + "'",
                  model.source.path, suggestion(name, known));
  std::erase_if(model.objects, [&](const ModelObject& object) {
    return std::find(names.begin(), names.end(), object.name) == names.end();
  });
}

// The numbers stay as they are unless --unit asks for others.
void change_unit(ModelFile& model, const Arguments& arguments, Outcome& outcome) {
  if (arguments.has("input-unit")) {
    const std::string said = arguments.text("input-unit");
    if (!model.unit.empty() &&
        length_unit_m(model.unit) != unit_factor(said, Dimension::length, "--input-unit"))
      throw Error(
          "convert.unit",
          "the file says that it is in '" + printable(model.unit) + "', --input-unit says " + said,
          model.source.path, "Leave --input-unit out.");
    model.unit = said;
  }
  if (!arguments.has("unit")) return;
  const std::string to = arguments.text("unit");
  if (model.unit.empty())
    throw Error("convert.unit", "the file does not say its unit of length", model.source.path,
                "Say it: --input-unit m, ft, ...");
  const auto metres = length_unit_m(model.unit);
  if (!metres)
    throw Error("convert.unit",
                "'" + printable(model.unit) + "' is no unit of length that is known",
                model.source.path, "Convert without --unit: the numbers stay as they are.");
  const std::string from = model.unit;
  model.unit = to;
  const double factor = *metres / unit_factor(to, Dimension::length, "--unit");
  if (factor == 1.0) return;
  for (ModelObject& object : model.objects) {
    for (auto& v : object.vertices)
      for (double& c : v) c *= factor;
    for (double& c : object.blocks.origin) c *= factor;
    for (auto& sizes : object.blocks.sizes)
      for (double& size : sizes) size *= factor;
  }
  outcome.findings.add("convert.unit_changed", Severity::note, model.source.path,
                       "coordinates and sizes of blocks were multiplied by " + number_text(factor) +
                           " (" + printable(from) + " to " + to + "); columns were not");
}

void set_crs(ModelFile& model, const Arguments& arguments, Outcome& outcome) {
  if (!arguments.has("input-crs")) return;
  const std::string said = block_crs(arguments).crs.label();
  if (!model.crs.empty() && model.crs != said)
    outcome.findings.add("convert.crs", Severity::warning, model.source.path,
                         "the file says the CRS '" + printable(model.crs) + "', --input-crs says " +
                             said + ": the latter is taken");
  model.crs = said;
}

void count(const ModelFile& model, Outcome& outcome, const Session& session) {
  std::map<ObjectKind, std::size_t> kinds;
  std::size_t vertices = 0, segments = 0, triangles = 0, blocks = 0, columns = 0;
  for (const ModelObject& object : model.objects) {
    ++kinds[object.kind];
    vertices += object.vertices.size();
    segments += object.segments.size();
    triangles += object.triangles.size();
    blocks += object.kind == ObjectKind::blocks ? parts_of(object) : 0;
    columns += object.columns.size();
  }
  Json& summary = outcome.summary;
  summary["objects"] = model.objects.size();
  summary["points"] = kinds[ObjectKind::points];
  summary["lines"] = kinds[ObjectKind::lines];
  summary["surfaces"] = kinds[ObjectKind::surface];
  summary["block_models"] = kinds[ObjectKind::blocks];
  summary["vertices"] = vertices;
  summary["segments"] = segments;
  summary["triangles"] = triangles;
  summary["blocks"] = blocks;
  summary["columns"] = columns;
  summary["unit"] = model.unit.empty() ? Json() : Json(model.unit);
  summary["crs"] = model.crs.empty() ? Json() : Json(model.crs);
  outcome.shown = {"name", "kind", "vertices", "parts", "columns"};
  add_results(session, outcome, model.objects.size(), [&](std::size_t o) {
    const ModelObject& object = model.objects[o];
    Json row;
    row["name"] = object.name.empty() ? Json() : Json(object.name);
    row["kind"] = std::string(to_text(object.kind));
    row["vertices"] = object.vertices.size();
    row["parts"] = parts_of(object);
    row["columns"] = object.columns.size();
    Json names = Json::array();
    for (const ModelColumn& column : object.columns) names.push_back(Json(column.name));
    row["column_names"] = names;
    return row;
  });
}

void add_losses(const std::vector<ModelLoss>& losses, const std::string& path, Json& lost,
                Outcome& outcome) {
  for (const ModelLoss& loss : losses) {
    Json row;
    row["object"] = loss.object.empty() ? Json() : Json(loss.object);
    row["what"] = loss.what;
    lost.push_back(row);
    outcome.findings.add(
        "convert.lost", Severity::warning,
        loss.object.empty() ? path : path + ", object '" + printable(loss.object) + "'",
        "lost: " + loss.what);
  }
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const std::string path = arguments.text("IN"), output = arguments.text("output");
  ModelFile model =
      read_model(path, model_options(arguments, session), session.progress.part(0.0, 0.6));
  outcome.findings.add(model.findings);
  choose(model, arguments.texts("object"));
  change_unit(model, arguments, outcome);
  set_crs(model, arguments, outcome);
  count(model, outcome, session);
  Source source = model.source;
  source.crs = model.crs;
  outcome.inputs.push_back(source);
  Json lost = Json::array();
  add_losses(model.lost, path, lost, outcome);
  refuse_input_as_output(output, {path});
  OutputSet outputs(session.overwrite);
  const std::string staged = outputs.stage(output);
  const auto losses =
      write_model(staged, output, model, arguments.text("format"), session.progress.part(0.6, 1.0));
  add_losses(losses, output, lost, outcome);
  outcome.summary["lost"] = lost;
  enforce_strict(session, outcome.findings);
  outputs.commit();
  outcome.outputs = outputs.written();
  return outcome;
}

}  // namespace

Command convert_command() {
  Command command;
  command.name = "convert";
  command.summary = "surfaces, lines, points and block models from one format to another";
  command.group = "Data";
  command.parameters = block_parameters("IN");
  std::erase_if(command.parameters, [](const Parameter& parameter) {
    return parameter.name == "field-unit" || parameter.name == "below-detection";
  });
  command.parameters[0].help =
      "omf, vtu, vti, vtp, str, dtm, dxf, obj, stl, ply, off, ts, pl, vs, gp, csv or gslib file";
  const std::vector<std::string> units{"m", "ft", "us-ft", "km", "cm", "mm", "in"};
  append(command.parameters,
         {{.name = "input-unit",
           .kind = Kind::choice,
           .help = "unit of length of the file, which does not say it",
           .choices = units,
           .group = "Reading"},
          {.name = "object",
           .help = "name of an object to be converted; without it all are",
           .repeatable = true,
           .group = "Conversion"},
          {.name = "unit",
           .kind = Kind::choice,
           .help = "unit of length of the result; without it the numbers stay as they are",
           .choices = units,
           .group = "Conversion"},
          {.name = "output",
           .kind = Kind::file_out,
           .help = "result; its ending says the format",
           .required = true,
           .aliases = {"-o"},
           .group = "Result"},
          {.name = "format",
           .kind = Kind::choice,
           .help = "format of the result, whatever its ending; omf is version 2",
           .choices = {"omf", "omf1", "vtu", "vti", "vtp", "str", "dxf", "obj", "stl", "stl-text",
                       "ply", "off", "gocad", "csv", "gslib"},
           .group = "Result"}});
  command.setup = [](const Arguments& arguments) {
    const std::string output = arguments.text("output");
    if (!arguments.has("format") && !can_write_model(output))
      throw Error(
          "usage.output", "the ending of '" + printable(output) + "' names no format", "--output",
          "Give .omf .vtu .vti .vtp .str .dxf .obj .stl .ply .off .ts .csv .gslib, or say "
          "--format. A .dtm is not written: Surpac wants a checksum that is not published.");
  };
  command.run = run;
  return command;
}

}  // namespace lode::tools
