#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/text.h"
#include "tools/simulate_inputs.h"
#include "tools/simulate_outputs.h"

namespace lode::tools {

namespace {

double mean_of(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

Json realizations_json(const Simulation& simulation) {
  Json rows = Json::array();
  for (std::size_t v = 0; v < simulation.variables.size(); ++v)
    for (std::size_t r = 0; r < simulation.realizations; ++r) {
      Json row;
      row["realization"] = r + 1;
      row["value"] = simulation.variables[v];
      row["mean"] = simulation.moments[v].mean[r];
      row["variance"] = simulation.moments[v].variance[r];
      rows.push_back(std::move(row));
    }
  return rows;
}

void put(Json& row, const std::string& name, const std::string& unit, const LowMiddleHigh& value,
         double factor = 1.0) {
  row[name + "_p10_" + unit] = value.p10 * factor;
  row[name + "_p50_" + unit] = value.p50 * factor;
  row[name + "_p90_" + unit] = value.p90 * factor;
}

// The tonnes above the cut-offs of every value that is a grade, by zone.
Json curve_json(const Arguments& arguments, const Session& session, const Simulation& simulation,
                const std::vector<std::string>& units,
                const std::vector<std::vector<double>>& cutoffs, const std::vector<Zone>& zones,
                const Progress& progress) {
  Json rows = Json::array();
  for (std::size_t v = 0; v < simulation.variables.size(); ++v) {
    RecoverableOptions options;
    options.cutoffs = cutoffs[v];
    options.density_t_m3 = arguments.quantity("density");
    options.fraction_per_value = unit_factor(units[v], Dimension::grade);
    options.jobs = session.jobs;
    for (const RecoverablePoint& point :
         recoverable_curve(simulation, v, zones, options, progress)) {
      Json row;
      row["value"] = simulation.variables[v];
      row["zone_kind"] = zones[point.zone].kind;
      row["zone"] = zones[point.zone].name;
      row["cutoff"] = point.cutoff;
      row["cutoff_unit"] = units[v];
      put(row, "rock", "t", point.rock_t);
      put(row, "product", "t", point.product_t);
      put(row, "mean_grade", "pct", point.grade, options.fraction_per_value * 100.0);
      row["rock_mean_t"] = point.rock_mean_t;
      row["product_mean_t"] = point.product_mean_t;
      row["none_pct"] = 100.0 * point.chance_of_none;
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

Json grid_json(const BlockGrid& grid) {
  Json json;
  json["origin_m"] = Json(std::vector<double>(grid.origin.begin(), grid.origin.end()));
  json["spacing_m"] = Json(std::vector<double>(grid.spacing.begin(), grid.spacing.end()));
  json["count"] = Json::array();
  for (const std::size_t count : grid.count) json["count"].push_back(Json(count));
  json["rotation_deg"] = grid.rotation_deg;
  return json;
}

void put_summary(const Arguments& arguments, const Session& session,
                 const SimulationOptions& options, const Simulation& simulation,
                 const std::vector<std::string>& units, Json& summary) {
  summary["method"] = arguments.text("method");
  summary["seed"] = static_cast<double>(session.seed);
  summary["realization_count"] = simulation.realizations;
  summary["grid"] = grid_json(simulation.blocks);
  summary["samples"] = simulation.samples;
  summary["conditioning_nodes"] = simulation.conditioning;
  summary["moved_mean_m"] = simulation.mean_move_m;
  summary["moved_max_m"] = simulation.largest_move_m;
  if (options.method == SimulationMethod::fft)
    summary["unconditioned_nodes"] = simulation.unconditioned;
  // People see the figures themselves, a line a value.
  if (session.json) summary["validation"] = Json::array();
  for (std::size_t v = 0; v < simulation.variables.size(); ++v) {
    const SimulatedMoments& moments = simulation.moments[v];
    Json row;
    row["value"] = simulation.variables[v];
    row["unit"] = units[v].empty() ? Json() : Json(units[v]);
    row["sample_mean"] = moments.sample_mean;
    row["mean"] = mean_of(moments.mean);
    row["sample_variance"] = moments.sample_variance;
    row["variance"] = mean_of(moments.variance);
    row["tail_min"] = options.scores[v].min;
    row["tail_max"] = options.scores[v].max;
    if (session.json)
      summary["validation"].push_back(std::move(row));
    else
      summary[simulation.variables[v]] = std::move(row);
  }
  if (session.json) summary["embedding"] = Json::array();
  for (const Embedding& embedding : simulation.embedding) {
    Json row;
    row["count"] = Json::array();
    for (const std::size_t count : embedding.count) row["count"].push_back(Json(count));
    row["clipped_eigenvalues"] = embedding.clipped;
    row["clipped_share"] = embedding.clipped_share;
    row["largest_error"] = embedding.largest_error;
    if (session.json)
      summary["embedding"].push_back(std::move(row));
    else
      summary["embedding"] = std::move(row);
  }
  if (simulation.variables.size() > 1) {
    summary["decorrelate"] = to_text(options.decorrelation);
    summary["factor_measure"] = Json(simulation.factors.measure);
  }
}

Outcome run(const Arguments& arguments, const Session& session) {
  Outcome outcome;
  const auto fields = list_of(arguments, "value");
  const SampleInputs inputs = read_samples(arguments, session, arguments.text("SAMPLES"), fields,
                                           session.progress.part(0.0, 0.05), outcome);
  std::vector<std::string> units;
  std::vector<std::vector<double>> cutoffs;
  for (const std::string& field : fields) {
    units.push_back(unit_of_column(inputs.layer, field));
    cutoffs.emplace_back();
    if (arguments.has("cutoffs"))
      cutoffs.back() = amounts_in(arguments.text("cutoffs"), units.back(), "--cutoffs");
  }
  SimulationOptions options = simulation_options(arguments, inputs, units, outcome);
  options.seed = session.seed;
  options.jobs = session.jobs;
  const BlockGrid grid = read_grid(arguments, inputs.metres_per_unit);
  const Simulation simulation =
      simulate(inputs.samples, grid, options, session.progress.part(0.05, 0.8));
  outcome.findings.add(simulation.findings);
  put_summary(arguments, session, options, simulation, units, outcome.summary);
  const Json realizations = realizations_json(simulation);
  Json curve = Json::array();
  if (arguments.has("cutoffs")) {
    const auto zones = read_zones(arguments, session, inputs, simulation.blocks,
                                  session.progress.part(0.8, 0.82), outcome);
    curve = curve_json(arguments, session, simulation, units, cutoffs, zones,
                       session.progress.part(0.82, 0.85));
  }
  const Json& rows = arguments.has("cutoffs") ? curve : realizations;
  outcome.shown = {"realization", "mean", "variance"};
  if (arguments.has("cutoffs"))
    outcome.shown = {"zone",       "cutoff",        "rock_p10_t",    "rock_p50_t",
                     "rock_p90_t", "product_p10_t", "product_p50_t", "product_p90_t"};
  add_results(session, outcome, rows.size(), [&](std::size_t i) { return rows.items()[i]; });
  if (session.json) {
    outcome.summary["realizations"] = realizations;
    outcome.summary["curve"] = curve;
  }
  write_simulation(arguments, session, inputs, simulation, units, cutoffs, outcome);
  return outcome;
}

Parameter choice(const char* name, const char* help, std::vector<std::string> choices,
                 const char* otherwise) {
  return {.name = name,
          .kind = Kind::choice,
          .help = help,
          .choices = std::move(choices),
          .default_text = otherwise};
}

Parameter whole(const char* name, const char* help, const char* otherwise, double least,
                double most) {
  return {.name = name,
          .kind = Kind::integer,
          .help = help,
          .default_text = otherwise,
          .range = number_text(least) + " to " + number_text(most),
          .minimum = least,
          .maximum = most};
}

void add_group(Command& command, const char* group, std::vector<Parameter> list) {
  for (Parameter& parameter : list) parameter.group = group;
  append(command.parameters, list);
}

void add_method(Command& command) {
  Parameter method = choice("method",
                            "fft: fields by Fourier transform, conditioned by kriged residuals; "
                            "sgs: sequential Gaussian simulation",
                            {"sgs", "fft"}, "");
  method.required = true;
  Parameter count = whole("realizations", "how many realisations", "", 1, 1000000);
  count.required = true;
  count.aliases = {"realisations"};
  Parameter lag;
  lag.name = "maf-lag";
  lag.kind = Kind::quantity;
  lag.help = "distance at which maf's factors are uncorrelated too";
  lag.dimension = Dimension::length;
  add_group(command, "Method",
            {{.name = "variogram",
              .kind = Kind::file,
              .help = "model of the normal scores, as 'lode variogram' gives it; one for all "
                      "values or factors, or one each",
              .required = true,
              .repeatable = true},
             method,
             count,
             {.name = "tails",
              .help = "least and largest value that may come out: '0,30 %'; one for all values, "
                      "or one each",
              .required = true,
              .repeatable = true},
             {.name = "lower-tail",
              .help = "below the least sample: linear or power:W",
              .default_text = "linear"},
             {.name = "upper-tail",
              .help = "above the largest sample: linear, power:W or hyperbolic:W",
              .default_text = "linear"},
             choice("ties", "scores of equal values", {"by-index", "average"}, "by-index"),
             choice("decorrelate",
                    "several values: principal components, min/max "
                    "autocorrelation factors, or each for itself",
                    {"none", "pca", "maf"}, ""),
             lag});
}

void add_search(Command& command) {
  Parameter radius;
  radius.name = "radius";
  radius.kind = Kind::quantity;
  radius.help = "of the search ellipsoid: 'MAJOR,SEMI,MINOR m'; no limit when not said";
  radius.dimension = Dimension::length;
  Parameter octant = whole("max-per-octant", "samples from one octant at most (fft)", "", 1, 1000);
  add_group(
      command, "Search",
      {whole("max-samples", "nearest samples (sgs: and simulated nodes) that count", "20", 1, 256),
       octant,
       radius,
       {.name = "search-angles",
        .help = "azimuth,dip,rake of the ellipsoid; those of the variogram when not said"},
       whole("multigrid", "coarse grids that sgs visits first", "3", 0, 10)});
}

void add_conditioning(Command& command) {
  Parameter weights;
  weights.name = "weights";
  weights.kind = Kind::field;
  weights.help = "column of declustering weights";
  weights.parent = "SAMPLES";
  add_group(command, "Samples",
            {weights,
             choice("in-one-node", "several samples nearest to one node", {"nearest", "average"},
                    "nearest"),
             choice("outside", "samples more than half a block from every node", {"refuse", "drop"},
                    "refuse")});
}

void add_tonnes(Command& command) {
  Parameter density;
  density.name = "density";
  density.kind = Kind::quantity;
  density.help = "dry bulk density of all blocks";
  density.dimension = Dimension::density;
  add_group(
      command, "Tonnes",
      {{.name = "cutoffs",
        .help = "in ascending order: '0.5,1,1.5 %'; a block at one counts",
        .aliases = {"cut-offs"}},
       density,
       {.name = "reblock", .help = "nodes averaged to a block along x, y, z: 5,5,2"},
       {.name = "class-blocks",
        .kind = Kind::table,
        .help = "block model with a class, centres x y z: tonnes a class too"},
       {.name = "class",
        .kind = Kind::field,
        .help = "its column of the class",
        .parent = "class-blocks"},
       {.name = "proportion",
        .kind = Kind::field,
        .help = "its column of the part of a block that counts, 0 to 1",
        .parent = "class-blocks"},
       {.name = "permits", .kind = Kind::vector_layer, .help = "polygons: tonnes a permit too"},
       {.name = "permit-id",
        .kind = Kind::field,
        .help = "field that names a permit",
        .parent = "permits"}});
}

}  // namespace

Command simulate_command() {
  Command command;
  command.name = "simulate";
  command.summary =
      "conditional simulation on a grid: how sure tonnes and grades above cut-offs are";
  command.group = "Deposit";
  command.parameters = {{.name = "SAMPLES",
                         .kind = Kind::vector_layer,
                         .help = "points with values, e.g. composites",
                         .positional = true,
                         .required = true},
                        {.name = "value",
                         .kind = Kind::field,
                         .help = "columns to simulate",
                         .required = true,
                         .repeatable = true,
                         .parent = "SAMPLES"}};
  append(command.parameters, grid_parameters());
  add_method(command);
  add_search(command);
  append(command.parameters, sample_parameters("SAMPLES"));
  std::erase_if(command.parameters,
                [](const Parameter& one) { return one.name == "hole" || one.name == "domain"; });
  add_conditioning(command);
  add_tonnes(command);
  append(command.parameters, reading_parameters());
  append(command.parameters, output_parameters());
  add_group(command, "Result",
            {{.name = "summary-output",
              .kind = Kind::vector_out,
              .help = "mean, spread, percentiles and chances above cut-offs, a row a block"}});
  command.setup = check_simulate;
  command.run = run;
  return command;
}

}  // namespace lode::tools
