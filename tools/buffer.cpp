#include "libgeo/environment/buffer.h"

#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/sum.h"
#include "libgeo/core/text.h"
#include "tools/command.h"
#include "tools/ground_inputs.h"

namespace lode::tools {

namespace {

std::vector<Parameter> parameters() {
  std::vector<Parameter> list = {
      {.name = "LAYER",
       .kind = Kind::vector_layer,
       .help = "points, lines or polygons",
       .positional = true,
       .required = true},
      {.name = "distance",
       .kind = Kind::field_or_quantity,
       .help = "setback in metres on the ground; negative shrinks polygons",
       .dimension = Dimension::length,
       .parent = "LAYER"},
      {.name = "rings",
       .kind = Kind::quantity,
       .help = "outer distances of rings, from the inside out: '100,200,500 m'",
       .dimension = Dimension::length},
      {.name = "side",
       .kind = Kind::choice,
       .help = "both sides; left or right of lines; out = outside polygons without them, in = "
               "what is left inside them",
       .choices = {"both", "left", "right", "out", "in"},
       .default_text = "both"},
      {.name = "cap",
       .kind = Kind::choice,
       .help = "ends of lines",
       .choices = {"round", "flat", "square"},
       .default_text = "round"},
      {.name = "dissolve",
       .kind = Kind::field,
       .help = "join buffers that overlap, for each value of the field if one is named",
       .parent = "LAYER",
       .bare_text = "*"},
      tolerance_parameter(),
      {.name = "conservative",
       .kind = Kind::flag,
       .help = "the setback line is nowhere nearer than the distance"},
      edges_parameter()};
  for (auto& parameter : list)
    if (!parameter.positional) parameter.group = "Setback";
  append(list, naming_parameters());
  append(list, reading_parameters());
  append(list, output_parameters());
  return list;
}

BufferOptions options_of(const Arguments& arguments, const Session& session, const Crs& crs) {
  BufferOptions options;
  options.side = parse_side(arguments.text("side"));
  const std::string cap = arguments.text("cap");
  options.cap = cap == "flat" ? Cap::flat : cap == "square" ? Cap::square : Cap::round;
  options.edges = edges_of(arguments, crs);
  const Tolerance tolerance = tolerance_of(arguments);
  options.tolerance = tolerance.share;
  options.tolerance_m = tolerance.metres;
  options.conservative = arguments.flag("conservative");
  if (arguments.has("rings"))
    options.rings_m = parse_quantities(arguments.text("rings"), Dimension::length, "--rings");
  options.dissolve = arguments.has("dissolve");
  options.jobs = session.jobs;
  return options;
}

BufferInputs inputs_of(const Arguments& arguments, const Layer& layer,
                       const std::vector<std::string>& ids) {
  BufferInputs inputs;
  inputs.geometry = layer.geometry;
  inputs.ids = ids;
  inputs.crs = layer.crs;
  if (arguments.has("distance")) {
    const std::string text = arguments.text("distance");
    if (looks_like_quantity(text)) {
      inputs.distance_m = {parse_quantity(text, Dimension::length, "--distance")};
    } else {
      inputs.distance_m = quantity_column(layer.table, text, Dimension::length);
    }
  }
  if (arguments.has("dissolve") && arguments.text("dissolve") != "*")
    inputs.groups = layer.table.texts(arguments.text("dissolve"));
  return inputs;
}

OutputLayer output_of(const Arguments& arguments, const Layer& layer, const Buffers& buffers,
                      const std::vector<std::string>& ids) {
  OutputLayer out;
  out.name = "buffers";
  out.crs = layer.crs;
  out.table.name = out.name;
  std::vector<std::string> id, group;
  std::vector<double> distance, inner, area;
  for (const BufferFeature& feature : buffers.features) {
    out.geometry.push_back(feature.geometry);
    id.push_back(ids[feature.source]);
    group.push_back(feature.group);
    distance.push_back(feature.distance_m);
    inner.push_back(feature.inner_m);
    area.push_back(feature.geometry.empty() ? std::nan("") : feature.area_m2);
  }
  const bool dissolved = arguments.has("dissolve");
  if (!dissolved) out.table.add(text_column("id", id));
  if (dissolved && arguments.text("dissolve") != "*")
    out.table.add(text_column(arguments.text("dissolve"), group));
  out.table.add(number_column("distance_m", distance, "m"));
  if (arguments.has("rings")) out.table.add(number_column("inner_m", inner, "m"));
  out.table.add(number_column("area_m2", area, "m2"));
  return out;
}

Outcome run(const Arguments& arguments, const Session& session) {
  const Layer layer = read_layer(arguments.text("LAYER"), read_options(arguments, session),
                                 session.progress.part(0.0, 0.2));
  const auto ids = feature_ids(layer, arguments.text("id"));
  const BufferOptions options = options_of(arguments, session, layer.crs);
  const Buffers buffers =
      geodesic_buffers(inputs_of(arguments, layer, ids), options, session.progress.part(0.2, 0.9));
  Outcome outcome;
  outcome.inputs = {layer.source};
  outcome.findings = layer.findings;
  outcome.findings.add(buffers.findings);
  add_results(session, outcome, buffers.features.size(), [&](std::size_t i) {
    const BufferFeature& feature = buffers.features[i];
    Json row;
    row["id"] = options.dissolve ? Json(feature.group) : Json(ids[feature.source]);
    row["distance_m"] = number_or_null(feature.distance_m);
    if (!options.rings_m.empty()) row["inner_m"] = feature.inner_m;
    row["features"] = feature.members;
    row["area_m2"] = feature.geometry.empty() ? Json() : Json(feature.area_m2);
    row["max_radius_error_m"] = number_or_null(feature.max_radius_error_m);
    return row;
  });
  Sum area;
  std::size_t features = 0;
  for (const BufferFeature& feature : buffers.features) {
    if (feature.geometry.empty()) continue;
    area += feature.area_m2;
    ++features;
  }
  outcome.summary["features"] = features;
  outcome.summary["area_m2"] = area.value();
  outcome.summary["max_radius_error_m"] = number_or_null(buffers.max_radius_error_m);
  outcome.summary["probes"] = buffers.probes;
  outcome.summary["edges"] = options.edges == Edges::geodesic ? "geodesic" : "straight";
  write_output(arguments, session, output_of(arguments, layer, buffers, ids), outcome);
  return outcome;
}

}  // namespace

Command buffer_command() {
  Command command;
  command.name = "buffer";
  command.summary = "setbacks in true metres around features, anywhere on Earth";
  command.group = "Environment";
  command.parameters = parameters();
  command.setup = [](const Arguments& arguments) {
    if (arguments.has("distance") == arguments.has("rings"))
      throw Error("usage.distance",
                  arguments.has("rings") ? "--distance and --rings exclude one another"
                                         : "neither --distance nor --rings was said",
                  "buffer", "Write --distance '200 m', or --rings '100,200 m'.");
    static_cast<void>(tolerance_of(arguments));
  };
  command.run = run;
  return command;
}

}  // namespace lode::tools
