#include "libgeo/estimation/variogram.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "libgeo/estimation/orientation.h"
#include "libgeo/estimation/variogram_fit.h"
#include "tools/cutoffs.h"
#include "tools/sample_inputs.h"
#include "tools/variogram_figure.h"

namespace lode::tools {

namespace {

bool ends_with(const std::string& path, const std::string& ending) {
  return lower(path).ends_with(ending);
}

bool is_planar(const Samples& samples) {
  return std::all_of(samples.z.begin(), samples.z.end(),
                     [&](double z) { return z == samples.z.front(); });
}

std::vector<double> angles_from(const Arguments& arguments, const std::string& name) {
  std::vector<double> angles;
  for (const std::string& word : list_of(arguments, name)) {
    const auto angle = parse_number(word);
    if (!angle)
      throw Error("usage.list", "'" + printable(word) + "' is no angle", "--" + name,
                  "Write degrees with commas between: 0,45,90.");
    angles.push_back(*angle);
  }
  return angles;
}

// Directions that cover the plane or the half-sphere for an anisotropic fit.
std::vector<VariogramDirection> all_around(bool planar) {
  std::vector<VariogramDirection> directions;
  const auto add = [&](double azimuth, double dip) {
    VariogramDirection one;
    one.omnidirectional = false;
    one.azimuth_deg = azimuth;
    one.dip_deg = dip;
    directions.push_back(one);
  };
  if (planar) {
    for (int i = 0; i < 8; ++i) add(22.5 * i, 0.0);
    return directions;
  }
  for (int i = 0; i < 6; ++i) add(30.0 * i, 0.0);
  for (int i = 0; i < 12; ++i) add(30.0 * i, 30.0);
  for (int i = 0; i < 6; ++i) add(60.0 * i, 60.0);
  add(0.0, 90.0);
  return directions;
}

// As many directions as angles were given; one dip serves all azimuths and the other way round.
std::vector<VariogramDirection> directions_of(const Arguments& arguments, bool planar) {
  auto azimuths = angles_from(arguments, "azimuth");
  auto dips = angles_from(arguments, "dip");
  if (azimuths.empty() && dips.empty()) {
    if (arguments.flag("anisotropic")) return all_around(planar);
    return {VariogramDirection{}};
  }
  const bool upright =
      std::all_of(dips.begin(), dips.end(), [](double dip) { return std::abs(dip) == 90.0; });
  if (azimuths.empty() && !upright)
    throw Error("usage.direction", "a dip needs the azimuth it points to", "--dip",
                "Give --azimuth too; only straight down (90) needs none.");
  if (azimuths.empty()) azimuths = {0.0};
  if (dips.empty()) dips = {0.0};
  if (azimuths.size() != dips.size() && azimuths.size() != 1 && dips.size() != 1)
    throw Error(
        "usage.direction",
        std::to_string(azimuths.size()) + " azimuths and " + std::to_string(dips.size()) + " dips",
        "--azimuth", "Give as many of each, or one of either.");
  std::vector<VariogramDirection> directions;
  for (std::size_t i = 0; i < std::max(azimuths.size(), dips.size()); ++i) {
    VariogramDirection one;
    one.omnidirectional = false;
    one.azimuth_deg = azimuths.size() == 1 ? azimuths[0] : azimuths[i];
    one.dip_deg = dips.size() == 1 ? dips[0] : dips[i];
    directions.push_back(one);
  }
  return directions;
}

// A cut-off in the unit of the column.
double cutoff_of(const Arguments& arguments, const Layer& layer, const std::string& field) {
  const auto cutoffs =
      cutoffs_of(arguments.text("indicator"), unit_of_column(layer.table, field), "indicator");
  if (cutoffs.size() != 1)
    throw Error("usage.cutoff", "an indicator has one cut-off", "--indicator",
                "Run the command once for each.");
  return cutoffs.front();
}

VariogramTransform transform_of(const Arguments& arguments) {
  if (arguments.has("indicator")) {
    if (arguments.text("transform") != "none")
      throw Error("usage.cutoff", "an indicator is a transform of its own", "--indicator",
                  "Leave --transform out.");
    return VariogramTransform::indicator;
  }
  if (arguments.text("transform") == "log") return VariogramTransform::log;
  return arguments.text("transform") == "nscore" ? VariogramTransform::nscore
                                                 : VariogramTransform::none;
}

std::string transform_name(VariogramTransform transform) {
  switch (transform) {
    case VariogramTransform::log:
      return "log";
    case VariogramTransform::nscore:
      return "nscore";
    case VariogramTransform::indicator:
      return "indicator";
    case VariogramTransform::none:
      break;
  }
  return "none";
}

struct Task {
  SampleInputs inputs;
  VariogramOptions options;
  VariogramTransform transform = VariogramTransform::none;
  double cutoff = std::numeric_limits<double>::quiet_NaN();
  bool planar = false, usual = false;
};

void set_lags(const Arguments& arguments, Task& task, Outcome& outcome) {
  VariogramOptions& options = task.options;
  options.lags = static_cast<std::size_t>(arguments.integer("lags"));
  options.lag_tolerance_m = arguments.quantity("lag-tolerance");
  options.lag_m = arguments.quantity("lag");
  if (std::isnan(options.lag_m)) {
    if (options.down_hole)
      throw Error("usage.lag", "a down-hole variogram needs its lag", "--lag",
                  "Usually the length of a composite, e.g. --lag '1 m'.");
    options.lag_m = usual_lag(task.inputs.samples, options.lags);
    task.usual = true;
    outcome.findings.add("variogram.usual_lag", Severity::note, "--lag",
                         "no lag was given: a third of the diagonal of the samples' box by the "
                         "number of lags, " +
                             number_text(options.lag_m) + " m");
  }
  for (VariogramDirection& direction : options.directions) {
    direction.angle_tolerance_deg = arguments.number("angle-tolerance");
    if (arguments.has("bandwidth")) direction.bandwidth_m = arguments.quantity("bandwidth");
    if (arguments.has("vertical-bandwidth"))
      direction.vertical_bandwidth_m = arguments.quantity("vertical-bandwidth");
    if (arguments.has("vertical-lag") && !direction.omnidirectional &&
        std::abs(direction.dip_deg) > 45.0)
      direction.lag_m = arguments.quantity("vertical-lag");
  }
}

Task task_of(const Arguments& arguments, const Session& session, Outcome& outcome) {
  Task task;
  VariogramOptions& options = task.options;
  options.type = parse_variogram_type(arguments.text("type"));
  std::vector<std::string> fields{arguments.text("value")};
  const bool cross = arguments.has("value2");
  if (cross && !arguments.has("type")) options.type = VariogramType::cross;
  if (cross != (options.type == VariogramType::cross))
    throw Error("usage.cross", "a cross variogram, and no other, takes two columns", "--value2",
                "Give --value2 and --type cross together.");
  if (cross) fields.push_back(arguments.text("value2"));
  task.transform = transform_of(arguments);
  task.inputs = read_samples(arguments, session, arguments.text("SAMPLES"), fields,
                             session.progress.part(0.0, 0.2), outcome);
  Samples& samples = task.inputs.samples;
  task.planar = is_planar(samples);
  if (task.transform == VariogramTransform::indicator)
    task.cutoff = cutoff_of(arguments, task.inputs.layer, fields[0]);
  for (std::size_t v = 0; v < fields.size(); ++v)
    samples.values[v] = transformed(samples, v, task.transform, task.cutoff);
  options.variable2 = fields.size() - 1;
  options.down_hole = arguments.flag("down-hole");
  options.directions = directions_of(arguments, task.planar);
  options.jobs = session.jobs;
  set_lags(arguments, task, outcome);
  return task;
}

FitOptions fit_options(const Arguments& arguments, const Task& task, double variance) {
  FitOptions options;
  options.types.clear();
  for (const std::string& word : list_of(arguments, "structure-type"))
    options.types.push_back(parse_structure_type(word, "--structure-type"));
  options.structures = static_cast<std::size_t>(arguments.integer("structures"));
  options.weights = parse_fit_weights(arguments.text("weights"));
  options.anisotropic = arguments.flag("anisotropic") || task.options.directions.size() > 1;
  options.planar = task.planar;
  options.min_pairs = static_cast<std::size_t>(arguments.integer("min-pairs"));
  if (arguments.has("nugget")) options.nugget = arguments.quantity("nugget") * variance;
  return options;
}

Json angles_json(const Structure& structure) {
  const GslibAngles gslib = gslib_angles(structure.angles);
  const PlaneAngles plane = plane_angles(structure.angles);
  Json json;
  json["gslib"]["ang1_deg"] = gslib.ang1_deg;
  json["gslib"]["ang2_deg"] = gslib.ang2_deg;
  json["gslib"]["ang3_deg"] = gslib.ang3_deg;
  json["leapfrog"]["dip_deg"] = plane.dip_deg;
  json["leapfrog"]["dip_azimuth_deg"] = plane.dip_azimuth_deg;
  json["leapfrog"]["pitch_deg"] = plane.pitch_deg;
  json["datamine"]["axes"] = "3,1,3";
  json["datamine"]["angle1_deg"] = plane.dip_azimuth_deg;
  json["datamine"]["angle2_deg"] = plane.dip_deg;
  json["datamine"]["angle3_deg"] = plane.pitch_deg;
  return json;
}

Json rows_of(const ExperimentalVariogram& experimental, const FitResult* fit, bool anisotropic) {
  Json rows = Json::array();
  for (const DirectionalVariogram& one : experimental.directions)
    for (const VariogramLag& lag : one.lags) {
      if (lag.pairs == 0) continue;
      const bool all = one.direction.omnidirectional;
      Json row;
      row["azimuth_deg"] = all ? Json() : Json(one.direction.azimuth_deg);
      row["dip_deg"] = all ? Json() : Json(one.direction.dip_deg);
      row["lag"] = lag.lag;
      row["distance_m"] = lag.distance_m;
      row["pairs"] = lag.pairs;
      row["gamma"] = lag.gamma;
      if (fit != nullptr) {
        std::array<double, 3> way{0.0, lag.distance_m, 0.0};
        if (anisotropic) {
          const auto& mean = lag.separation_m;
          const double length = std::hypot(mean[0], mean[1], mean[2]);
          for (std::size_t a = 0; a < 3 && length > 0.0; ++a)
            way[a] = mean[a] / length * lag.distance_m;
        }
        row["model_gamma"] = gamma_at(fit->model, way[0], way[1], way[2]);
      }
      rows.push_back(row);
    }
  return rows;
}

Json settings_json(const Arguments& arguments, const Task& task,
                   const ExperimentalVariogram& experimental) {
  const VariogramOptions& options = task.options;
  Json summary;
  summary["value"] = arguments.text("value");
  if (arguments.has("value2")) summary["value2"] = arguments.text("value2");
  summary["type"] = to_text(options.type);
  summary["transform"] = transform_name(task.transform);
  if (task.transform == VariogramTransform::indicator) summary["cutoff"] = task.cutoff;
  summary["samples"] = experimental.samples;
  summary["mean"] = experimental.mean;
  summary["variance"] = experimental.variance;
  summary["lag_m"] = options.lag_m;
  summary["lag_from"] = task.usual ? "third_of_diagonal" : "given";
  summary["lag_count"] = options.lags;
  summary["lag_tolerance_m"] = std::isnan(options.lag_tolerance_m) ? Json(options.lag_m / 2.0)
                                                                   : Json(options.lag_tolerance_m);
  const VariogramDirection& first = options.directions.front();
  summary["omnidirectional"] = first.omnidirectional;
  if (!first.omnidirectional) {
    summary["angle_tolerance_deg"] = first.angle_tolerance_deg;
    summary["bandwidth_m"] = number_or_null(first.bandwidth_m);
    summary["vertical_bandwidth_m"] = number_or_null(first.vertical_bandwidth_m);
  }
  summary["down_hole"] = options.down_hole;
  summary["same_place_pairs"] = experimental.same_place_pairs;
  return summary;
}

Json fit_json(const FitResult& fit, const FitOptions& options) {
  Json json;
  json["weights"] = to_text(options.weights);
  json["weighted_residual"] = fit.weighted_residual;
  json["aicc"] = number_or_null(fit.aicc);
  json["lags"] = fit.lags;
  json["min_pairs"] = fit.min_pairs;
  json["parameters"] = fit.parameters;
  json["anisotropic"] = options.anisotropic;
  json["nugget_only"] = fit.nugget_only;
  json["sill"] = fit.model.sill();
  return json;
}

Json map_json(const VariogramMap& map) {
  Json cells = Json::array();
  for (const VariogramMap::Cell& cell : map.cells) {
    Json one;
    one["dx_m"] = cell.dx_m;
    one["dy_m"] = cell.dy_m;
    one["pairs"] = cell.pairs;
    one["gamma"] = number_or_null(cell.gamma);
    cells.push_back(one);
  }
  return cells;
}

void write_files(const Arguments& arguments, const Session& session, const std::string& json,
                 const std::string& csv, const std::string& svg, Outcome& outcome) {
  enforce_strict(session, outcome.findings);
  refuse_unmet_units(arguments, session);
  std::vector<std::string> inputs;
  for (const Source& input : outcome.inputs) inputs.push_back(input.path);
  OutputSet set(session.overwrite);
  for (const char* option : {"output", "svg"}) {
    if (!arguments.has(option)) continue;
    const std::string path = arguments.text(option);
    refuse_input_as_output(path, inputs);
    if (std::string(option) == "svg")
      set.write_text(path, svg);
    else
      set.write_text(path, ends_with(path, ".csv") ? csv : json);
  }
  set.commit();
  outcome.outputs = set.written();
}

std::string lags_csv(const Json& rows) {
  Table table;
  for (const char* name :
       {"azimuth_deg", "dip_deg", "lag", "distance_m", "pairs", "gamma", "model_gamma"}) {
    std::vector<double> values;
    for (const Json& row : rows.items())
      values.push_back(row.at(name).is_null() ? std::numeric_limits<double>::quiet_NaN()
                                              : row.at(name).as_number());
    if (rows.items().front().has(name)) table.add(number_column(name, std::move(values)));
  }
  return csv_text(table);
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const Task task = task_of(arguments, session, outcome);
  const ExperimentalVariogram experimental =
      experimental_variogram(task.inputs.samples, task.options, session.progress.part(0.2, 0.7));
  outcome.findings.add(experimental.findings);
  FitResult fit;
  FitOptions how;
  const bool fitted = arguments.flag("fit");
  if (fitted) {
    how = fit_options(arguments, task, experimental.variance);
    fit = fit_variogram(experimental, how, session.progress.part(0.7, 0.9));
    outcome.findings.add(fit.findings);
  }
  const FitResult* model = fitted ? &fit : nullptr;
  const Json rows = rows_of(experimental, model, how.anisotropic);
  outcome.summary = settings_json(arguments, task, experimental);
  outcome.summary["lags"] = rows;
  outcome.summary["model"] = fitted ? to_json(fit.model) : Json();
  if (fitted) {
    outcome.summary["fit"] = fit_json(fit, how);
    Json angles = Json::array();
    for (const Structure& structure : fit.model.structures)
      angles.push_back(angles_json(structure));
    outcome.summary["angles"] = angles;
  }
  if (arguments.flag("map"))
    outcome.summary["map"] =
        map_json(variogram_map(task.inputs.samples, task.options, session.progress.part(0.9, 1.0)));
  add_results(session, outcome, rows.size(), [&](std::size_t i) { return rows.items()[i]; });
  const std::string svg =
      arguments.has("svg")
          ? variogram_figure(arguments.text("value"), experimental, model, how.anisotropic)
          : std::string();
  write_files(arguments, session, outcome.summary.dump(2) + "\n", lags_csv(rows), svg, outcome);
  return outcome;
}

void setup(const Arguments& arguments) {
  if (arguments.has("output") && !ends_with(arguments.text("output"), ".json") &&
      !ends_with(arguments.text("output"), ".csv"))
    throw Error("usage.variogram_output", "the result is .json (model and lags) or .csv (lags)",
                "--output", "For example -o variogram.json.");
  if (arguments.flag("map") && !list_of(arguments, "azimuth").empty())
    throw Error("usage.direction", "a map shows all directions", "--map",
                "Leave --azimuth and --dip out.");
}

}  // namespace

// Declares the parameters, long because every one is a row of it.
Command variogram_command() {
  const VariogramOptions options;
  const VariogramDirection direction;
  const FitOptions fit;
  Command command;
  command.name = "variogram";
  command.summary =
      "spatial continuity of samples: experimental variogram, and a model fitted to it";
  command.group = "Deposit";
  command.setup = setup;
  command.run = run;
  std::vector<Parameter>& list = command.parameters;
  list = {{.name = "SAMPLES",
           .kind = Kind::table,
           .help = "points with the values, such as composites",
           .positional = true,
           .required = true},
          {.name = "value",
           .kind = Kind::field,
           .help = "column of the values",
           .required = true,
           .parent = "SAMPLES",
           .group = "Samples"},
          {.name = "value2",
           .kind = Kind::field,
           .help = "column of the second values of a cross variogram",
           .parent = "SAMPLES",
           .group = "Samples"},
          {.name = "type",
           .kind = Kind::choice,
           .help = "measure",
           .choices = {"semivariogram", "cross", "covariance", "correlogram", "madogram",
                       "rodogram", "general_relative", "pairwise_relative"},
           .default_text = std::string(to_text(options.type)),
           .group = "Samples"},
          {.name = "transform",
           .kind = Kind::choice,
           .help = "of the values first: natural logarithm, or normal scores",
           .choices = {"none", "log", "nscore"},
           .default_text = "none",
           .group = "Samples"},
          {.name = "indicator",
           .help = "1 up to and with this cut-off ('1.2 %'), else 0, instead of the values",
           .group = "Samples"},
          {.name = "down-hole",
           .kind = Kind::flag,
           .help = "only pairs within one hole (--hole)",
           .group = "Samples"}};
  const std::vector<Parameter> pairs = {
      {.name = "lag",
       .kind = Kind::quantity,
       .help = "step of distance; without it a third of the samples' diagonal by --lags",
       .dimension = Dimension::length},
      {.name = "lags",
       .kind = Kind::integer,
       .help = "number of steps",
       .default_text = std::to_string(options.lags),
       .range = "1 to 10000",
       .minimum = 1,
       .maximum = 10000},
      {.name = "lag-tolerance",
       .kind = Kind::quantity,
       .help = "half the width of a bin, at most half the lag, which it is without this",
       .dimension = Dimension::length},
      {.name = "azimuth",
       .help = "directions in degrees clockwise from grid north: 0,45,90",
       .repeatable = true},
      {.name = "dip", .help = "degrees down from level, one or as many", .repeatable = true},
      {.name = "angle-tolerance",
       .kind = Kind::number,
       .help = "degrees that a pair may deviate from the direction",
       .default_text = number_text(direction.angle_tolerance_deg),
       .range = "above 0 to 90",
       .minimum = 1e-6,
       .maximum = 90.0},
      {.name = "bandwidth",
       .kind = Kind::quantity,
       .help = "farthest to the side of the direction's axis; no limit without it",
       .dimension = Dimension::length},
      {.name = "vertical-bandwidth",
       .kind = Kind::quantity,
       .help = "farthest above or below the axis (--map: in height)",
       .dimension = Dimension::length},
      {.name = "vertical-lag",
       .kind = Kind::quantity,
       .help = "lag of directions steeper than 45 degrees; --lag without it",
       .dimension = Dimension::length},
      {.name = "map",
       .kind = Kind::flag,
       .help = "a map of level separations, --lags cells to each side"}};
  for (Parameter parameter : pairs) {
    parameter.group = "Pairs";
    list.push_back(parameter);
  }
  const std::vector<Parameter> model = {
      {.name = "fit", .kind = Kind::flag, .help = "fit a model by weighted least squares"},
      {.name = "anisotropic",
       .kind = Kind::flag,
       .help = "ranges and angles from directions all around, or those given"},
      {.name = "structures",
       .kind = Kind::integer,
       .help = "nested structures; 0 = up to 3, judged by AICc",
       .default_text = std::to_string(fit.structures),
       .range = "0 to 3",
       .minimum = 0,
       .maximum = 3},
      {.name = "structure-type",
       .help = "spherical, exponential, gaussian, cubic; of several the best is taken",
       .repeatable = true,
       .default_text = "spherical"},
      {.name = "weights",
       .kind = Kind::choice,
       .help = "of a lag in the fit",
       .choices = {"pairs_over_h2", "pairs", "pairs_over_gamma2", "equal"},
       .default_text = std::string(to_text(fit.weights))},
      {.name = "nugget",
       .kind = Kind::quantity,
       .help = "nugget held at this share of the samples' variance, e.g. '10 %'",
       .dimension = Dimension::grade},
      {.name = "min-pairs",
       .kind = Kind::integer,
       .help = "lags with fewer pairs do not count in the fit; 0 = 30 where five lags have them, "
               "else 1",
       .default_text = std::to_string(fit.min_pairs),
       .range = "0 up",
       .minimum = 0}};
  for (Parameter parameter : model) {
    parameter.group = "Model";
    list.push_back(parameter);
  }
  append(list, sample_parameters("SAMPLES"));
  append(list, reading_parameters());
  append(list, {{.name = "output",
                 .kind = Kind::file_out,
                 .help = "model and lags (.json, what --variogram of other commands reads), or the "
                         "lags alone (.csv)",
                 .aliases = {"-o"},
                 .group = "Result"},
                {.name = "svg",
                 .kind = Kind::file_out,
                 .help = "a figure of the variogram",
                 .group = "Result"}});
  return command;
}

}  // namespace lode::tools
