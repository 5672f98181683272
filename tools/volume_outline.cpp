#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/deposit/outline_volume.h"
#include "libgeo/io/role_checks.h"
#include "tools/command.h"

namespace lode::tools {

namespace {

Parameter figure(const std::string& name, const std::string& help, Dimension dimension,
                 bool required = false) {
  Parameter parameter;
  parameter.name = name;
  parameter.kind = Kind::field_or_quantity;
  parameter.help = help;
  parameter.required = required;
  parameter.dimension = dimension;
  parameter.parent = "LAYER";
  parameter.group = "Geology";
  return parameter;
}

// The field or constant that the option and its -low and -high companions name.
LowBaseHighColumn figure_of(const Arguments& arguments, const Layer& layer, const std::string& name,
                            Dimension dimension) {
  LowBaseHighColumn column;
  const auto read = [&](const std::string& option) -> std::vector<double> {
    if (!arguments.has(option)) return {};
    const std::string text = arguments.text(option);
    if (looks_like_quantity(text)) return {parse_quantity(text, dimension, "--" + option)};
    return quantity_column(layer.table, text, dimension);
  };
  column.base = read(name);
  column.low = read(name + "-low");
  column.high = read(name + "-high");
  const std::string text = arguments.text(name);
  column.basis = looks_like_quantity(text) ? text : "field " + text;
  return column;
}

Json row_of(const OutlineVolume& o, const std::string& id, const std::string& name) {
  Json row;
  row["id"] = id;
  row["name"] = name.empty() ? Json() : Json(name);
  row["area_m2"] = o.area_m2;
  row["volume_m3"] = o.volume_m3.base;
  row["tonnage_t"] = o.tonnage_t.base;
  row["contained_t"] = o.contained_t.base;
  row["basis"] = o.basis;
  row["volume_low_m3"] = o.volume_m3.low;
  row["volume_high_m3"] = o.volume_m3.high;
  row["tonnage_low_t"] = o.tonnage_t.low;
  row["tonnage_high_t"] = o.tonnage_t.high;
  row["contained_low_t"] = o.contained_t.low;
  row["contained_high_t"] = o.contained_t.high;
  return row;
}

OutputLayer output_of(const Layer& layer, const OutlineResult& result,
                      const std::vector<std::string>& ids, const std::vector<std::string>& names) {
  OutputLayer out;
  out.name = "outline_volumes";
  out.crs = layer.crs;
  out.geometry = layer.geometry;
  std::vector<double> area, volume, tonnage, contained, low, high;
  for (const OutlineVolume& o : result.outlines) {
    area.push_back(o.area_m2);
    volume.push_back(o.volume_m3.base);
    tonnage.push_back(o.tonnage_t.base);
    contained.push_back(o.contained_t.base);
    low.push_back(o.contained_t.low);
    high.push_back(o.contained_t.high);
  }
  out.table.name = out.name;
  out.table.add(text_column("id", ids));
  out.table.add(text_column("name", names));
  out.table.add(number_column("area_m2", area, "m2"));
  out.table.add(number_column("volume_m3", volume, "m3"));
  out.table.add(number_column("tonnage_t", tonnage, "t"));
  out.table.add(number_column("contnd_t", contained, "t"));
  out.table.add(number_column("contlo_t", low, "t"));
  out.table.add(number_column("conthi_t", high, "t"));
  return out;
}

Outcome run(const Arguments& arguments, const Session& session) {
  const Layer layer = read_layer(arguments.text("LAYER"), read_options(arguments, session),
                                 session.progress.part(0.0, 0.5));
  const auto ids = feature_ids(layer, arguments.text("id"));
  const auto names = feature_names(layer, arguments.text("name"));

  OutlineInputs inputs;
  inputs.geometry = &layer.geometry;
  inputs.crs = layer.crs;
  inputs.ids = ids;
  inputs.thickness_m = figure_of(arguments, layer, "thickness", Dimension::length);
  inputs.density_t_m3 = figure_of(arguments, layer, "density", Dimension::density);
  inputs.grade = figure_of(arguments, layer, "grade", Dimension::grade);
  OutlineOptions options;
  options.jobs = session.jobs;
  const OutlineResult result = outline_volumes(inputs, options, session.progress.part(0.5, 0.9));

  Outcome outcome;
  outcome.inputs = {layer.source};
  outcome.findings = layer.findings;
  outcome.findings.add(doubtful_ids(layer, ids));
  outcome.findings.add(result.findings);
  outcome.summary["features"] = result.outlines.size();
  outcome.summary["area_sum_m2"] = result.area_sum_m2;
  outcome.summary["volume_sum_m3"] = result.volume_sum_m3;
  outcome.summary["tonnage_sum_t"] = result.tonnage_sum_t;
  outcome.summary["contained_sum_t"] = result.contained_sum_t;
  outcome.shown = {"id", "name", "area_m2", "volume_m3", "tonnage_t", "contained_t"};
  add_results(session, outcome, result.outlines.size(),
              [&](std::size_t i) { return row_of(result.outlines[i], ids[i], names[i]); });
  write_output(arguments, session, output_of(layer, result, ids, names), outcome);
  return outcome;
}

}  // namespace

Command volume_outline_command() {
  Command command;
  command.name = "volume outline";
  command.summary =
      "volume, tonnage and contained metal of outlines: area x thickness x density x grade";
  command.group = "Deposit";
  command.parameters = {{.name = "LAYER",
                         .kind = Kind::vector_layer,
                         .help = "polygons of the deposits",
                         .positional = true,
                         .required = true},
                        figure("thickness", "vertical thickness", Dimension::length, true),
                        figure("density", "dry bulk density", Dimension::density),
                        figure("grade", "mass fraction of what is to be counted", Dimension::grade),
                        figure("thickness-low", "low estimate", Dimension::length),
                        figure("thickness-high", "high estimate", Dimension::length),
                        figure("density-low", "low estimate", Dimension::density),
                        figure("density-high", "high estimate", Dimension::density),
                        figure("grade-low", "low estimate", Dimension::grade),
                        figure("grade-high", "high estimate", Dimension::grade)};
  append(command.parameters, naming_parameters());
  append(command.parameters, reading_parameters());
  append(command.parameters, output_parameters());
  command.setup = [](const Arguments& arguments) {
    for (const std::string name : {"thickness", "density", "grade"})
      for (const std::string end : {"-low", "-high"})
        if (arguments.has(name + end) && !arguments.has(name))
          throw Error("usage.range", "--" + name + end + " without --" + name, "volume outline",
                      "Give the best estimate too.");
    if (arguments.has("grade") && !arguments.has("density"))
      throw Error("usage.density", "--grade needs --density", "volume outline",
                  "Contained metal is tonnage x grade; say e.g. --density '2.7 t/m3'.");
  };
  command.run = run;
  return command;
}

}  // namespace lode::tools
