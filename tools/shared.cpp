// The parts that commands share: parameter groups, reading options, writing the result.
#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/crs/transform.h"
#include "libgeo/geometry/measure.h"
#include "tools/command.h"
#include "tools/params.h"

namespace lode::tools {

Json number_or_null(double value) {
  return std::isfinite(value) ? Json(value) : Json();
}

const std::vector<Parameter>& common_parameters() {
  static const std::vector<Parameter> common = [] {
    std::vector<Parameter> list;
    const auto add = [&](Parameter parameter) {
      parameter.group = "Every command";
      list.push_back(std::move(parameter));
    };
    add({.name = "json",
         .kind = Kind::flag,
         .help = "one JSON object on stdout, nothing else there"});
    add({.name = "jobs",
         .kind = Kind::integer,
         .help = "threads, 0 = all; results do not depend on it",
         .default_text = "0",
         .range = "0 to 4096",
         .minimum = 0,
         .maximum = 4096});
    add({.name = "seed",
         .kind = Kind::integer,
         .help = "of anything random",
         .default_text = "1",
         .range = "0 to 9007199254740991",
         .minimum = 0,
         .maximum = 9007199254740991.0});
    add({.name = "overwrite", .kind = Kind::flag, .help = "replace results that exist"});
    add({.name = "progress",
         .kind = Kind::choice,
         .help = "on stderr: a bar on a terminal, or one JSON line an update",
         .choices = {"auto", "bar", "json", "none"},
         .default_text = "auto"});
    add({.name = "quiet",
         .kind = Kind::flag,
         .help = "no progress, no findings on stderr",
         .aliases = {"-q"}});
    add({.name = "verbose", .kind = Kind::flag, .help = "notes on stderr too", .aliases = {"-v"}});
    add({.name = "strict",
         .kind = Kind::flag,
         .help = "a finding of severity warning or worse ends with exit 1 and no output"});
    add({.name = "dry-run",
         .kind = Kind::flag,
         .help = "say what would be read, computed and written, and do none of it"});
    return list;
  }();
  return common;
}

std::vector<Parameter> reading_parameters() {
  std::vector<Parameter> list = {
      {.name = "layer", .help = "layer of the input (path:layer too)"},
      {.name = "where", .help = "attribute filter in SQL, e.g. \"STATUS = 'Active'\""},
      {.name = "bbox", .help = "xmin,ymin,xmax,ymax in the input's CRS"},
      {.name = "input-crs",
       .kind = Kind::crs,
       .help = "CRS of inputs that have none: EPSG:n, or local:m, local:ft for a mine grid"},
      {.name = "x", .kind = Kind::text, .help = "column of a table that holds x or longitude"},
      {.name = "y", .kind = Kind::text, .help = "column of a table that holds y or latitude"},
      {.name = "fields", .help = "columns under other names: x=XC,hole=BHID"},
      {.name = "field-unit",
       .help = "unit of a column that does not say it: GRADE=%",
       .repeatable = true},
      {.name = "encoding", .help = "of text in shapefiles and CSV, e.g. CP1252"},
      {.name = "missing", .help = "texts that mean 'no value'", .repeatable = true},
      {.name = "below-detection",
       .kind = Kind::choice,
       .help = "what '<0.01' counts as",
       .choices = {"refuse", "half", "zero", "limit", "missing"},
       .default_text = "refuse"}};
  for (auto& parameter : list) parameter.group = "Reading";
  return list;
}

std::vector<Parameter> naming_parameters() {
  return {{.name = "id",
           .kind = Kind::field,
           .help = "field that identifies a feature",
           .default_text = "",
           .group = "Reading"},
          {.name = "name",
           .kind = Kind::field,
           .help = "field that names a feature",
           .default_text = "",
           .group = "Reading"}};
}

std::vector<Parameter> output_parameters() {
  std::vector<Parameter> list = {
      {.name = "output",
       .kind = Kind::vector_out,
       .help = "result; the format follows from the ending (.gpkg .shp .geojson .fgb .csv)",
       .aliases = {"-o"}},
      {.name = "format", .help = "of the result, whatever its ending: GPKG, GeoJSON, ..."},
      {.name = "crs", .kind = Kind::crs, .help = "of the result; the input's when not said"}};
  for (auto& parameter : list) parameter.group = "Result";
  return list;
}

namespace {

std::map<std::string, std::string> parse_pairs(const std::string& text, const std::string& where) {
  std::map<std::string, std::string> pairs;
  for (const auto& part : split(text, ',')) {
    const auto equals = part.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == part.size())
      throw Error("usage.pairs", "'" + printable(part) + "' is not NAME=VALUE", where,
                  "Write pairs such as x=EASTING,y=NORTHING.");
    pairs[std::string(trim(part.substr(0, equals)))] = std::string(trim(part.substr(equals + 1)));
  }
  return pairs;
}

std::array<double, 4> parse_bbox(const std::string& text) {
  const auto parts = split(text, ',');
  std::array<double, 4> box{};
  if (parts.size() == 4) {
    bool good = true;
    for (std::size_t i = 0; i < 4; ++i) {
      const auto value = parse_number(parts[i]);
      good = good && value;
      box[i] = value.value_or(0.0);
    }
    if (good && box[0] <= box[2] && box[1] <= box[3]) return box;
  }
  throw Error("usage.bbox", "'" + printable(text) + "' is no box", "--bbox",
              "Write xmin,ymin,xmax,ymax in the input's CRS.");
}

}  // namespace

ReadOptions read_options(const Arguments& arguments, const Session& session) {
  ReadOptions options = other_read_options(arguments, session);
  options.layer = arguments.text("layer");
  options.where = arguments.text("where");
  if (arguments.has("bbox")) options.bbox = parse_bbox(arguments.text("bbox"));
  options.x = arguments.text("x");
  options.y = arguments.text("y");
  if (arguments.has("fields")) options.fields = parse_pairs(arguments.text("fields"), "--fields");
  return options;
}

ReadOptions other_read_options(const Arguments& arguments, const Session& session) {
  ReadOptions options;
  options.input_crs = arguments.text("input-crs");
  options.encoding = arguments.text("encoding");
  if (arguments.has("missing")) options.missing = arguments.texts("missing");
  if (arguments.has("below-detection"))
    options.below_detection = parse_below_detection(arguments.text("below-detection"));
  for (const auto& pair : arguments.texts("field-unit"))
    for (const auto& [field, unit] : parse_pairs(pair, "--field-unit")) options.units[field] = unit;
  options.units_met = session.units_met;
  options.jobs = session.jobs;
  return options;
}

void refuse_unmet_units(const Arguments& arguments, const Session& session) {
  for (const auto& pair : arguments.texts("field-unit"))
    for (const auto& [field, unit] : parse_pairs(pair, "--field-unit"))
      if (!session.units_met->contains(field))
        throw Error("usage.field_unit", "no input has a field '" + printable(field) + "'",
                    "--field-unit", "'lode inspect FILE' lists the fields.");
}

void enforce_strict(const Session& session, const Findings& findings) {
  if (!session.strict) return;
  for (const auto& finding : findings.list()) {
    if (finding.severity == Severity::note) continue;
    throw Error("strict.finding", finding.message + " [" + finding.code + "]", finding.where,
                "Mend the input, or leave --strict out.");
  }
}

void add_results(const Session& session, Outcome& outcome, std::size_t count,
                 const std::function<Json(std::size_t)>& row) {
  constexpr std::size_t between_checks = 1024;
  for (std::size_t i = 0; i < count; ++i) {
    if (i % between_checks == 0) session.progress.check();
    Json whole = row(i);
    if (session.json || outcome.shown.empty()) {
      outcome.results.push_back(std::move(whole));
      continue;
    }
    Json kept = Json::object();
    for (const auto& name : outcome.shown)
      if (whole.has(name)) kept[name] = whole.at(name);
    outcome.results.push_back(std::move(kept));
  }
}

void stream_results(const Session& session, Outcome& outcome, std::size_t count,
                    const std::function<Json(std::size_t)>& row) {
  if (!session.json) {
    add_results(session, outcome, count, row);
    return;
  }
  outcome.streamed = count;
  constexpr std::size_t between_checks = 1024;
  outcome.streamed_row = [row, progress = session.progress](std::size_t i) {
    if (i % between_checks == 0) progress.check();
    return row(i);
  };
}

void write_beside(const Arguments& arguments, const Session& session, const std::string& option,
                  OutputLayer layer, Outcome& outcome) {
  std::vector<std::string> inputs;
  for (const Source& input : outcome.inputs) inputs.push_back(input.path);
  refuse_input_as_output(arguments.text(option), inputs);
  WriteOptions options;
  options.overwrite = session.overwrite;
  options.progress = session.progress;
  const auto written =
      write_layers(arguments.text(option), {std::move(layer)}, options, outcome.findings);
  outcome.outputs.insert(outcome.outputs.end(), written.begin(), written.end());
}

bool wants_output(const Arguments& arguments, const Session& session) {
  return arguments.has("output") || session.kept != nullptr;
}

void write_output(const Arguments& arguments, const Session& session, OutputLayer layer,
                  Outcome& outcome) {
  std::vector<OutputLayer> layers;
  layers.push_back(std::move(layer));
  write_output(arguments, session, std::move(layers), outcome);
}

void write_output(const Arguments& arguments, const Session& session,
                  std::vector<OutputLayer> layers, Outcome& outcome) {
  enforce_strict(session, outcome.findings);
  refuse_unmet_units(arguments, session);
  if (!wants_output(arguments, session)) return;
  for (auto& layer : layers) {
    if (!arguments.has("crs") || layer.geometry.empty()) continue;
    const Transform transform(layer.crs, parse_crs(arguments.text("crs"), "--crs"));
    for (auto& geometry : layer.geometry) geometry = reproject(geometry, transform);
    layer.crs = transform.to();
  }
  if (session.kept) *session.kept = layers;
  if (!arguments.has("output")) return;
  std::vector<std::string> inputs;
  for (const auto& input : outcome.inputs) inputs.push_back(input.path);
  refuse_input_as_output(arguments.text("output"), inputs);
  WriteOptions options;
  options.overwrite = session.overwrite;
  options.format = arguments.text("format");
  options.progress = session.progress;
  OutputSet outputs(session.overwrite);
  outputs.write_layers(arguments.text("output"), layers, options, outcome.findings);
  // What writing found counts too, before anything appears under its name.
  enforce_strict(session, outcome.findings);
  outputs.commit();
  outcome.outputs = outputs.written();
}

}  // namespace lode::tools
