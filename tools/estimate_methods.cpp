#include "tools/estimate_methods.h"

#include <algorithm>
#include <cmath>

#include "libgeo/core/error.h"
#include "libgeo/core/provenance.h"
#include "libgeo/core/text.h"
#include "libgeo/estimation/cokriging.h"
#include "libgeo/estimation/indicator_kriging.h"
#include "libgeo/estimation/neighbourhood_analysis.h"
#include "tools/estimate_inputs.h"
#include "tools/estimate_rows.h"

namespace lode::tools {

namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
using Columns = std::vector<std::vector<double>>;

template <class T>
std::vector<double> numbers(const std::vector<T>& values) {
  return {values.begin(), values.end()};
}

// One number for one value; an object by value for several.
Json by_value(const std::vector<std::string>& names, const std::vector<double>& figures) {
  if (names.size() == 1) return figures.empty() ? Json() : Json(figures.front());
  Json json = Json::object();
  for (std::size_t v = 0; v < names.size() && v < figures.size(); ++v) json[names[v]] = figures[v];
  return json;
}

// The unit of a variance is not one that columns know.
std::vector<RowColumn> value_columns(const SampleInputs& inputs) {
  std::vector<RowColumn> columns;
  for (std::size_t v = 0; v < inputs.samples.variables.size(); ++v) {
    const std::string& name = inputs.samples.variables[v];
    columns.push_back({name, unit_of_value(inputs, v)});
    columns.push_back({name + "_variance", {}});
  }
  return columns;
}

void add_tail(std::vector<RowColumn>& columns) {
  for (const char* name :
       {"samples", "slope_of_regression", "pass", "efficiency", "nearest_m", "holes"})
    columns.push_back({name, name == std::string("nearest_m") ? "m" : ""});
}

void shown_of(const EstimateJob& job, const Targets& targets, Outcome& outcome) {
  outcome.shown = {"x", "y", "z"};
  if (targets.is_grid || !targets.dx.empty())
    for (const char* name : {"dx", "dy", "dz"}) outcome.shown.emplace_back(name);
  for (const std::string& name : job.inputs.samples.variables) outcome.shown.push_back(name);
  if (job.method != "nn" && job.method != "idw")
    outcome.shown.push_back(job.inputs.samples.variables.front() + "_variance");
  outcome.shown.insert(outcome.shown.end(), {"samples", "pass"});
}

Json counts_of(const std::vector<std::size_t>& counts) {
  Json list = Json::array();
  for (const std::size_t count : counts) list.push_back(Json(count));
  return list;
}

void summarise(const EstimateJob& job, const EstimateSummary& summary, Outcome& outcome) {
  Json& json = outcome.summary;
  json["method"] = job.method;
  json["blocks"] = summary.targets;
  json["estimated"] = summary.estimated;
  json["unestimated"] = summary.unestimated;
  json["mean"] = by_value(job.inputs.samples.variables, summary.mean);
  json["mean_kriging_variance"] = summary.mean_kriging_variance;
  json["ties"] = summary.ties;
  json["negative_weights"] = summary.negative_weights;
  json["not_positive_definite"] = summary.not_positive_definite;
  json["duplicates"] = summary.duplicates;
  json["samples_used"] = summary.samples_used;
  json["samples_dropped"] = summary.samples_dropped;
  json["estimated_by_pass"] = counts_of(summary.by_pass);
  outcome.findings.add(summary.findings);
  // Estimates that are put together from parts leave it to the end to say what befell the targets.
  const auto say = [&](const char* code, std::size_t count, const char* message) {
    if (count > 0 && !summary.findings.has(code))
      outcome.findings.add(code, Severity::warning, "targets", message, count);
  };
  say("estimate.not_positive_definite", summary.not_positive_definite,
      "systems that could not be solved: those targets are not estimated");
  say("estimate.too_few",
      summary.unestimated - std::min(summary.unestimated, summary.not_positive_definite),
      "targets find too few samples in the search and are not estimated");
}

// Rows of a cross-validation: one a sample, with what it is and what the others say.
void report_validation(const Arguments& arguments, const Session& session, const EstimateJob& job,
                       const CrossValidation& result, Outcome& outcome) {
  const Samples& samples = job.inputs.samples;
  Targets places;
  places.x = samples.x;
  places.y = samples.y;
  places.z = samples.z;
  std::vector<RowColumn> columns;
  Columns values;
  for (std::size_t v = 0; v < samples.variables.size(); ++v) {
    const std::string& name = samples.variables[v];
    const std::string unit = unit_of_value(job.inputs, v);
    columns.push_back({name, unit});
    columns.push_back({name + "_estimate", unit});
    columns.push_back({name + "_error", unit});
    values.push_back(samples.values[v]);
    values.push_back(result.estimate[v]);
    std::vector<double> error;
    for (std::size_t i = 0; i < samples.size(); ++i)
      error.push_back(result.estimate[v][i] - samples.values[v][i]);
    values.push_back(std::move(error));
  }
  columns.push_back({samples.variables.front() + "_variance", {}});
  columns.push_back({"samples", {}});
  values.push_back(result.variance);
  values.push_back(numbers(result.samples));
  const auto& names = samples.variables;
  Json& json = outcome.summary;
  summarise(job, result.summary, outcome);
  json["me"] = by_value(names, result.me);
  json["mae"] = by_value(names, result.mae);
  json["rmse"] = by_value(names, result.rmse);
  json["msdr"] = by_value(names, result.msdr);
  json["correlation"] = by_value(names, result.correlation);
  json["left_out"] = arguments.flag("by-hole") ? "hole" : "sample";
  outcome.shown = {
      "x",      "y", "z", names.front(), names.front() + "_estimate", names.front() + "_error",
      "samples"};
  EstimateRows rows(arguments, session, job.inputs, places, columns);
  rows.add(0, values);
  rows.finish(outcome);
}

// The part of a run that the estimates take.
Progress work_part(const Session& session) {
  return session.progress.part(0.1, 0.98);
}

}  // namespace

void run_kriging(const Arguments& arguments, const Session& session, EstimateJob& job,
                 Outcome& outcome) {
  if (arguments.flag("cross-validate")) {
    const CrossValidation result = cross_validate(job.inputs.samples, job.options,
                                                  arguments.flag("by-hole"), work_part(session));
    report_validation(arguments, session, job, result, outcome);
    return;
  }
  TargetInputs where = read_targets(arguments, session, job.inputs, job.drift,
                                    session.progress.part(0.05, 0.1), outcome);
  job.options.local_angles = std::move(where.local_angles);
  auto columns = value_columns(job.inputs);
  add_tail(columns);
  shown_of(job, where.targets, outcome);
  EstimateRows rows(arguments, session, job.inputs, where.targets, columns);
  const EstimateSummary summary = estimate(
      job.inputs.samples, where.targets, job.options,
      [&](const EstimateChunk& chunk) {
        Columns values;
        for (const auto& value : chunk.value) {
          values.push_back(value);
          values.push_back(chunk.variance);
        }
        values.push_back(numbers(chunk.samples));
        values.push_back(chunk.slope);
        values.push_back(numbers(chunk.pass));
        values.push_back(chunk.efficiency);
        values.push_back(chunk.nearest_m);
        values.push_back(numbers(chunk.holes));
        for (auto& column : values) column.resize(chunk.rows(), nothing);
        rows.add(chunk.first, values);
      },
      work_part(session));
  summarise(job, summary, outcome);
  rows.finish(outcome);
}

namespace {

IndicatorOptions indicator_options(const Arguments& arguments, const EstimateJob& job) {
  IndicatorOptions options;
  options.kriging = job.options;
  options.models = job.models;
  const std::string unit = unit_of_value(job.inputs, 0);
  options.cutoffs = amounts_of(arguments.text("cutoffs"), unit, "cutoffs");
  if (arguments.has("tails")) {
    const auto tails = amounts_of(arguments.text("tails"), unit, "tails");
    if (tails.size() != 2)
      throw Error("usage.list", "'" + printable(arguments.text("tails")) + "' is not min,max",
                  "--tails", "Two amounts: below the first cut-off and above the last.");
    options.minimum = tails[0];
    options.maximum = tails[1];
  }
  return options;
}

Json classes_json(const std::vector<IndicatorClass>& classes) {
  Json list = Json::array();
  for (const IndicatorClass& one : classes) {
    Json json;
    json["above"] = one.lower;
    json["up_to"] = one.upper;
    json["mean"] = one.mean;
    json["variance"] = one.variance;
    json["samples"] = one.samples;
    list.push_back(std::move(json));
  }
  return list;
}

Columns indicator_values(const IndicatorChunk& chunk) {
  Columns values{chunk.mean, chunk.variance};
  values.insert(values.end(), chunk.above.begin(), chunk.above.end());
  values.push_back(numbers(chunk.samples));
  values.emplace_back(chunk.rows(), nothing);
  values.push_back(numbers(chunk.pass));
  values.emplace_back(chunk.rows(), nothing);
  values.push_back(chunk.nearest_m);
  values.push_back(numbers(chunk.holes));
  for (auto& column : values) column.resize(chunk.rows(), nothing);
  return values;
}

}  // namespace

void run_indicators(const Arguments& arguments, const Session& session, EstimateJob& job,
                    Outcome& outcome) {
  const IndicatorOptions options = indicator_options(arguments, job);
  if (arguments.flag("cross-validate")) {
    const CrossValidation result = cross_validate_indicators(
        job.inputs.samples, options, arguments.flag("by-hole"), work_part(session));
    report_validation(arguments, session, job, result, outcome);
    return;
  }
  TargetInputs where =
      read_targets(arguments, session, job.inputs, {}, session.progress.part(0.05, 0.1), outcome);
  IndicatorOptions full = options;
  full.kriging.local_angles = std::move(where.local_angles);
  auto columns = value_columns(job.inputs);
  for (const double cutoff : options.cutoffs)
    columns.push_back({job.inputs.samples.variables.front() + "_above_" + number_text(cutoff), {}});
  add_tail(columns);
  shown_of(job, where.targets, outcome);
  EstimateRows rows(arguments, session, job.inputs, where.targets, columns);
  IndicatorSummary result = indicator_kriging(
      job.inputs.samples, where.targets, full,
      [&](const IndicatorChunk& chunk) { rows.add(chunk.first, indicator_values(chunk)); },
      work_part(session));
  result.kriging.mean = {result.mean};
  result.kriging.mean_kriging_variance = nothing;
  summarise(job, result.kriging, outcome);
  Json& json = outcome.summary;
  json["cutoffs"] = Json(options.cutoffs);
  json["classes"] = classes_json(result.classes);
  json["order_corrected"] = result.order.targets;
  json["order_corrected_by_cutoff"] = counts_of(result.order.by_cutoff);
  json["order_mean_change"] = result.order.mean_change;
  json["order_largest_change"] = result.order.largest;
  rows.finish(outcome);
}

namespace {

CokrigingOptions cokriging_options(const Arguments& arguments, const Session& session,
                                   const EstimateJob& job, Outcome& outcome) {
  CokrigingOptions options;
  const std::string path = arguments.text("variogram");
  const std::string text = text_of_file(path, {}, std::size_t{4} << 20);
  Source source;
  source.path = path;
  source.sha256 = sha256(text);
  outcome.inputs.push_back(source);
  options.model = ordered(coregionalisation_from_json(Json::parse(text, path), path),
                          job.inputs.samples.variables, path);
  options.search = job.options.search;
  if (!arguments.has("search-angles") && !options.model.parts.empty())
    options.search.angles = options.model.parts.front().structure.angles;
  options.discretise = job.options.discretise;
  options.standardised = arguments.flag("standardise");
  options.duplicates = job.options.duplicates;
  options.soft_boundaries = job.options.soft_boundaries;
  options.jobs = session.jobs;
  return options;
}

Columns cokriging_values(const CokrigingChunk& chunk) {
  Columns values;
  for (std::size_t v = 0; v < chunk.value.size(); ++v) {
    values.push_back(chunk.value[v]);
    values.push_back(chunk.variance[v]);
  }
  values.push_back(numbers(chunk.samples));
  values.emplace_back(chunk.rows(), nothing);
  values.push_back(numbers(chunk.estimated));
  values.emplace_back(chunk.rows(), nothing);
  values.push_back(chunk.nearest_m);
  values.emplace_back(chunk.rows(), nothing);
  return values;
}

}  // namespace

void run_cokriging(const Arguments& arguments, const Session& session, EstimateJob& job,
                   Outcome& outcome) {
  const CokrigingOptions options = cokriging_options(arguments, session, job, outcome);
  const auto& names = job.inputs.samples.variables;
  if (arguments.flag("cross-validate")) {
    const CrossValidation result = cross_validate_cokriging(
        job.inputs.samples, options, arguments.flag("by-hole"), work_part(session));
    report_validation(arguments, session, job, result, outcome);
    return;
  }
  TargetInputs where =
      read_targets(arguments, session, job.inputs, {}, session.progress.part(0.05, 0.1), outcome);
  auto columns = value_columns(job.inputs);
  add_tail(columns);
  shown_of(job, where.targets, outcome);
  EstimateRows rows(arguments, session, job.inputs, where.targets, columns);
  const CokrigingSummary result = cokriging(
      job.inputs.samples, where.targets, options,
      [&](const CokrigingChunk& chunk) { rows.add(chunk.first, cokriging_values(chunk)); },
      work_part(session));
  EstimateSummary summary;
  summary.targets = result.targets;
  summary.estimated = result.estimated;
  summary.unestimated = result.targets - result.estimated;
  summary.mean = result.mean;
  summary.negative_weights = result.negative_weights;
  summary.not_positive_definite = result.not_positive_definite;
  summary.duplicates = result.duplicates;
  summary.samples_used = job.inputs.samples.size();
  summary.findings = result.findings;
  summarise(job, summary, outcome);
  outcome.summary["mean_kriging_variance"] = by_value(names, result.mean_kriging_variance);
  rows.finish(outcome);
}

void run_analysis(const Arguments& arguments, const Session& session, EstimateJob& job,
                  Outcome& outcome) {
  TargetInputs where = read_targets(arguments, session, job.inputs, job.drift,
                                    session.progress.part(0.05, 0.1), outcome);
  job.options.local_angles = std::move(where.local_angles);
  NeighbourhoodTrials trials;
  for (const std::string& text : list_of(arguments, "try-samples")) {
    const auto number = numbers_of(text, 1, "try-samples").front();
    if (number < 0.0 || number != std::floor(number) || number > 1e6)
      throw Error("usage.list", "'" + printable(text) + "' is no count", "--try-samples",
                  "Whole numbers with commas between, e.g. 8,16,24,32.");
    trials.max_samples.push_back(static_cast<std::size_t>(number));
  }
  for (const std::string& text : arguments.texts("try-block")) {
    const auto size = lengths_of(text, 3, "try-block");
    trials.block_m.push_back({size[0], size[1], size[2]});
  }
  trials.discretise = read_cells(arguments, "try-discretise");
  trials.places = static_cast<std::size_t>(arguments.integer("places"));
  const auto found = neighbourhood_analysis(job.inputs.samples, where.targets, job.options, trials,
                                            work_part(session));
  for (const NeighbourhoodRow& one : found) {
    Json row;
    row["max_samples"] = one.max_samples;
    for (std::size_t axis = 0; axis < 3; ++axis)
      row[std::string("d") + "xyz"[axis] + "_m"] = one.block_m[axis];
    for (std::size_t axis = 0; axis < 3; ++axis)
      row[std::string("n") + "xyz"[axis]] = one.discretise[axis];
    row["targets"] = one.targets;
    row["estimated"] = one.estimated;
    row["samples"] = one.samples;
    row["kriging_variance"] = one.variance;
    row["slope_of_regression"] = one.slope;
    row["efficiency"] = one.efficiency;
    row["negative_weight_sum"] = one.negative_weight_sum;
    row["negative_targets_pct"] = one.negative_targets_pct;
    outcome.results.push_back(std::move(row));
  }
  outcome.summary["method"] = job.method;
  outcome.summary["settings"] = found.size();
  enforce_strict(session, outcome.findings);
}

}  // namespace lode::tools
