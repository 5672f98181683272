#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/estimation/declustering.h"
#include "tools/command.h"
#include "tools/drillhole_inputs.h"
#include "tools/sample_inputs.h"

namespace lode::tools {

namespace {

struct Weighed {
  Samples samples;
  Crs crs;
  double metres_per_unit = 1.0;
  std::vector<std::string> holes;  ///< by sample; "" = not known
};

Weighed from_points(const Arguments& arguments, const Session& session, Outcome& outcome) {
  const auto fields = list_of(arguments, "value");
  SampleInputs inputs = read_samples(arguments, session, arguments.text("samples"), fields,
                                     session.progress.part(0.0, 0.5), outcome);
  Weighed all;
  all.crs = inputs.layer.crs;
  all.metres_per_unit = inputs.metres_per_unit;
  all.samples = std::move(inputs.samples);
  outcome.summary["samples"] = all.samples.size();
  return all;
}

Weighed from_holes(const Arguments& arguments, const Session& session, Outcome& outcome) {
  const DrillholeInputs inputs =
      read_drillhole_inputs(arguments, session, {}, session.progress.part(0.0, 0.5), outcome);
  if (inputs.set.assays.variables.empty())
    throw Error("drillholes.no_value", "no column holds values", outcome.inputs.back().path,
                "Name some with --value.");
  summarise(inputs, outcome);
  const std::vector<double> lengths = interval_weights(inputs.set);
  const auto [low, high] = std::minmax_element(lengths.begin(), lengths.end());
  if (!lengths.empty() && *high > 1.01 * *low)
    outcome.findings.add("decluster.lengths", Severity::warning, outcome.inputs.back().path,
                         "intervals are " + number_text(*low) + " to " + number_text(*high) +
                             " m long and count alike: composite them first");
  Weighed all;
  all.crs = inputs.crs;
  all.metres_per_unit = inputs.metres_per_unit;
  all.samples = samples_of(inputs.set);
  return all;
}

// From a fiftieth to half of the widest extent, when no size is said.
void usual_range(const Samples& samples, CellOptions& options, Outcome& outcome) {
  double widest = 0.0;
  for (const auto* axis : {&samples.x, &samples.y, &samples.z}) {
    const auto [low, high] = std::minmax_element(axis->begin(), axis->end());
    if (axis != &samples.z || widest == 0.0) widest = std::max(widest, *high - *low);
  }
  if (!(widest > 0.0))
    throw Error("declustering.cell", "all samples stand at one place", "--cell",
                "There is nothing to decluster.");
  options.smallest_m = widest / 50.0;
  options.largest_m = widest / 2.0;
  outcome.findings.add("decluster.range", Severity::note, "--cell-range",
                       "cells from " + number_text(options.smallest_m) + " to " +
                           number_text(options.largest_m) +
                           " m were tried, a fiftieth to half of the extent");
}

CellOptions cell_options(const Arguments& arguments, const Session& session, const Samples& samples,
                         Outcome& outcome) {
  CellOptions options;
  options.jobs = session.jobs;
  options.sizes = static_cast<std::size_t>(arguments.integer("cells"));
  options.offsets = static_cast<std::size_t>(arguments.integer("offsets"));
  options.y_ratio = arguments.number("y-ratio");
  options.z_ratio = arguments.number("z-ratio");
  options.choice =
      arguments.text("seek") == "max" ? CellChoice::highest_mean : CellChoice::lowest_mean;
  options.origins_alike = arguments.text("origins") == "alike";
  if (arguments.has("cell")) {
    options.smallest_m = options.largest_m = arguments.quantity("cell");
    options.sizes = 1;
  } else if (arguments.has("cell-range")) {
    const auto range = lengths_of(arguments.text("cell-range"), 2, "cell-range");
    options.smallest_m = range[0];
    options.largest_m = range[1];
  } else {
    usual_range(samples, options, outcome);
  }
  return options;
}

Json row_of(const std::string& value, const Declustering& one) {
  Json row;
  row["value"] = value;
  row["n"] = one.n;
  row["naive_mean"] = one.naive_mean;
  row["declustered_mean"] = one.mean;
  row["cell_m"] = one.cell_m > 0.0 ? Json(one.cell_m) : Json();
  double low = INFINITY, high = -INFINITY;
  for (const double weight : one.weights) {
    if (std::isnan(weight)) continue;
    low = std::min(low, weight);
    high = std::max(high, weight);
  }
  row["weight_min"] = low;
  row["weight_max"] = high;
  Json tried = Json::array();
  for (const auto& [size, mean] : one.tried) {
    Json cell;
    cell["cell_m"] = size;
    cell["mean"] = mean;
    tried.push_back(cell);
  }
  row["cells"] = tried;
  return row;
}

OutputLayer output_of(const Weighed& all, const std::vector<Declustering>& results) {
  OutputLayer out;
  out.name = "declustered";
  out.crs = all.crs;
  out.table.name = out.name;
  std::vector<double> z;
  std::vector<std::string> holes;
  const Samples& samples = all.samples;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    out.geometry.push_back(
        point_geometry(samples.x[i] / all.metres_per_unit, samples.y[i] / all.metres_per_unit));
    z.push_back(samples.z[i] / all.metres_per_unit);
    if (!samples.hole.empty()) holes.push_back(samples.hole_names[samples.hole[i]]);
  }
  out.table.add(number_column("z", std::move(z)));
  if (!holes.empty()) out.table.add(text_column("hole", std::move(holes)));
  for (std::size_t v = 0; v < results.size(); ++v)
    out.table.add(number_column(samples.variables[v], samples.values[v]));
  for (std::size_t v = 0; v < results.size(); ++v)
    out.table.add(number_column(results.size() == 1 ? "weight" : samples.variables[v] + "_weight",
                                results[v].weights));
  return out;
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const Weighed all = arguments.has("samples") ? from_points(arguments, session, outcome)
                                               : from_holes(arguments, session, outcome);
  const bool polygons = arguments.text("by") == "polygon";
  const Progress progress = session.progress.part(0.5, 0.95);
  std::vector<Declustering> results;
  for (std::size_t v = 0; v < all.samples.variables.size(); ++v) {
    if (polygons) {
      const double margin = arguments.quantity("margin");
      results.push_back(decluster_polygons(all.samples, v, rectangle_about(all.samples, margin),
                                           session.jobs, progress));
    } else {
      results.push_back(decluster_cells(
          all.samples, v, cell_options(arguments, session, all.samples, outcome), progress));
      if (results.back().cell_m == 0.0)
        outcome.findings.add("decluster.none_better", Severity::warning,
                             "'" + printable(all.samples.variables[v]) + "'",
                             "no size of cell gave a mean " +
                                 std::string(arguments.text("seek") == "max" ? "above" : "below") +
                                 " that of the samples; all weights are 1");
    }
  }
  outcome.summary["by"] = arguments.text("by");
  outcome.shown = {"value",  "n",          "naive_mean", "declustered_mean",
                   "cell_m", "weight_min", "weight_max"};
  add_results(session, outcome, results.size(),
              [&](std::size_t v) { return row_of(all.samples.variables[v], results[v]); });
  write_output(arguments, session, output_of(all, results), outcome);
  return outcome;
}

std::vector<Parameter> decluster_parameters() {
  std::vector<Parameter> list = {
      {.name = "by",
       .kind = Kind::choice,
       .help = "cells, or the area that is nearer to a sample than to any other",
       .choices = {"cell", "polygon"},
       .default_text = "cell"},
      {.name = "cell",
       .kind = Kind::quantity,
       .help = "side of the cells along x",
       .dimension = Dimension::length},
      {.name = "cell-range", .help = "smallest and largest side to try: '10,250 m'"},
      {.name = "cells",
       .kind = Kind::integer,
       .help = "sizes tried over the range",
       .default_text = "25",
       .range = "1 to 1000",
       .minimum = 1,
       .maximum = 1000},
      {.name = "seek",
       .kind = Kind::choice,
       .help = "the size taken: lowest mean (rich ground was drilled more) or highest",
       .choices = {"min", "max"},
       .default_text = "min"},
      {.name = "offsets",
       .kind = Kind::integer,
       .help = "origins of the cells over which weights are averaged",
       .default_text = "5",
       .range = "1 to 100",
       .minimum = 1,
       .maximum = 100},
      {.name = "origins",
       .kind = Kind::choice,
       .help = "origins count alike, or by the cells they fill (GSLIB of 1992)",
       .choices = {"alike", "pooled"},
       .default_text = "alike"},
      {.name = "y-ratio",
       .kind = Kind::number,
       .help = "side of a cell along y over that along x",
       .default_text = "1",
       .range = "above 0",
       .minimum = 1e-6},
      {.name = "z-ratio",
       .kind = Kind::number,
       .help = "side of a cell along z over that along x",
       .default_text = "1",
       .range = "above 0",
       .minimum = 1e-6},
      {.name = "margin",
       .kind = Kind::quantity,
       .help = "by polygon: how far past the outermost samples the ground reaches",
       .dimension = Dimension::length,
       .default_text = "0 m"}};
  for (Parameter& parameter : list) parameter.group = "Declustering";
  return list;
}

}  // namespace

Command drillholes_decluster_command() {
  Command command;
  command.name = "drillholes decluster";
  command.summary = "weights that undo uneven drilling: by cells or polygons of influence";
  command.group = "Deposit";
  command.parameters = {{.name = "samples",
                         .kind = Kind::vector_layer,
                         .help = "instead of drillholes: points, or a table with x, y and z",
                         .group = "Drillholes"}};
  append(command.parameters, drillhole_parameters());
  append(command.parameters, decluster_parameters());
  append(command.parameters, sample_parameters("samples"));
  for (const Parameter& parameter : reading_parameters())
    for (const char* name : {"layer", "where", "bbox", "x", "y"})
      if (parameter.name == name) command.parameters.push_back(parameter);
  append(command.parameters, output_parameters());
  command.setup = [](const Arguments& arguments) {
    if (!arguments.has("samples")) {
      check_drillhole_options(arguments);
      if (arguments.has("collars") && !arguments.has("assays"))
        throw Error("usage.drillholes", "--assays names no table", "drillholes decluster",
                    "There is nothing to weigh without assays.");
    } else if (arguments.has("collars") || arguments.has("desurveyed")) {
      throw Error("usage.drillholes", "--samples excludes drillholes", "drillholes decluster",
                  "Give one of the two.");
    } else if (!arguments.has("value")) {
      throw Error("usage.decluster", "--value names no column of the samples",
                  "drillholes decluster", "Name one or more with commas between.");
    }
    if (arguments.has("cell") && arguments.has("cell-range"))
      throw Error("usage.decluster", "--cell and --cell-range exclude each other",
                  "drillholes decluster", "One size, or a range to try.");
  };
  command.run = run;
  return command;
}

}  // namespace lode::tools
